//! The choice of a color: the swatch that opens it, and what stands in it.

use egui::{CornerRadius, Id, Popup, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui};
use egui::{Vec2, WidgetInfo, vec2};

use crate::ui::View;
use crate::ui::theme::{CATEGORY_NAMES, format, size, text, tokens};
use crate::ui::widgets::{menu, swatch};
use crate::workbench::{Action, ColorOf};

/// Colors that stand side by side.
const IN_A_ROW: usize = 6;

/// A swatch that opens the choice of its color, and with Alt shows only this.
pub(super) struct Choice<'a> {
    /// What tells it from the others, below the row in which it stands.
    pub(super) id: Id,
    /// Whose color it is.
    pub(super) of: ColorOf,
    /// What that is called.
    pub(super) name: &'a str,
    /// The number of the color that it wears.
    pub(super) nr: usize,
    /// The clause that lets through only events of it.
    pub(super) only: String,
}

impl Choice<'_> {
    /// Shows the swatch with its middle at `center`.
    pub(super) fn swatch_ui(&self, ui: &Ui, view: &View<'_>, center: Pos2) {
        let t = tokens(ui);
        let side = size::BUTTON_SMALL.min(ui.clip_rect().width());
        let rect = Rect::from_center_size(center, Vec2::splat(side));
        // A part of its row: the arrow keys do not stop at it, the menu of the row leads here.
        let response = ui.interact(rect, self.id.with("swatch"), Sense::CLICK);
        let painted = swatch::paint(ui.painter(), center, t.category(self.nr));
        if response.hovered() {
            let stroke = Stroke::new(size::STROKE, t.text3);
            let corner = CornerRadius::same(size::CORNER);
            let around = painted.expand(3.0);
            ui.painter()
                .rect_stroke(around, corner, stroke, StrokeKind::Inside);
        }
        let said = format!("Color of {}", format::visible(self.name));
        response.widget_info(|| WidgetInfo::labeled(Role::ColorWell, true, &said));
        let with_alt = ui.input(|input| input.modifiers.alt);
        if response.clicked() && with_alt {
            view.send(Action::ToggleClause(self.only.clone()));
        }
        let popup = if with_alt {
            Popup::from_response(&response).open_memory(None)
        } else {
            Popup::menu(&response)
        };
        popup
            .width(size::MENU)
            .show(|ui| colors_ui(ui, view, self.of, self.name));
    }
}

/// The colors of the theme to choose from, and the one that it has by itself; returns whether one was
/// chosen.
pub(in crate::ui) fn colors_ui(ui: &mut Ui, view: &View<'_>, of: ColorOf, name: &str) -> bool {
    let t = tokens(ui);
    let head = format!("Color of {}", format::visible(name));
    ui.label(text::small(text::fitting(&head, size::MENU)).color(t.text3));
    ui.add_space(4.0);
    let chosen = view.look().colors.chosen(of);
    let mut is_done = false;
    let mut choose = |nr: Option<usize>| {
        let nr = nr.and_then(|nr| u8::try_from(nr).ok());
        view.send(Action::ChooseColor(of, nr));
        is_done = true;
    };
    for (row, names) in CATEGORY_NAMES.chunks(IN_A_ROW).enumerate() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            for (column, name) in names.iter().enumerate() {
                let nr = row * IN_A_ROW + column;
                let response = swatch::swatch_button(ui, t.category(nr), name);
                if chosen == Some(nr) {
                    mark(ui, &response);
                }
                if response.on_hover_text(*name).clicked() {
                    choose(Some(nr));
                }
            }
        });
    }
    ui.add_space(4.0);
    let as_before = |ui: &mut Ui| menu::item(ui, None, "As at first", "");
    let may_go_back = chosen.is_some();
    if ui.add_enabled_ui(may_go_back, as_before).inner.clicked() {
        choose(None);
    }
    if is_done {
        ui.close();
    }
    is_done
}

/// The ring around the color that was chosen.
fn mark(ui: &Ui, response: &Response) {
    let stroke = Stroke::new(size::STROKE_PLOT, tokens(ui).text);
    let around = Rect::from_center_size(response.rect.center(), Vec2::splat(size::SWATCH + 8.0));
    let corner = CornerRadius::same(size::CORNER);
    ui.painter()
        .rect_stroke(around, corner, stroke, StrokeKind::Inside);
}
