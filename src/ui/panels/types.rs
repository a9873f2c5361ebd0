//! The sidebar below: all event types with their counts; a click brings a type out.

use egui::{Align, Key, Rect, Ui, pos2, vec2};

use super::shared::{categories_of_types, color_nr, counted, pressed, walked};
use crate::event::{CategoryId, TypeId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::{meter, swatch};
use crate::workbench::Action;

/// The list of types.
#[derive(Default)]
pub struct TypesPanel {
    rows: VirtualRows,
    known: Option<u64>,
    /// The types by count, each with the category whose color it wears.
    types: Vec<(TypeId, Option<CategoryId>)>,
    /// The row that the keys start from.
    at: Option<u64>,
}

impl TypesPanel {
    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log().filter(|log| !log.is_empty()) else {
            Empty::new("No event types").show(ui);
            return;
        };
        if self.known != Some(view.workbench.generation) {
            self.types = by_count(log);
            self.known = Some(view.workbench.generation);
        }
        let chosen = view.look().selection.event_type;
        let chosen_row = self.types.iter().position(|(id, _)| Some(*id) == chosen);
        let chosen_row = chosen_row.and_then(|row| u64::try_from(row).ok());
        let at = self.at.or(chosen_row);
        let types = &self.types;
        let find = |row: u64| {
            usize::try_from(row)
                .ok()
                .and_then(|row| types.get(row))
                .copied()
        };
        let label =
            |row: u64, _: RowState| find(row).map_or_else(String::new, |(id, _)| say(log, id));
        let is_selected = |row: u64| Some(row) == chosen_row;
        let n_rows = u64::try_from(types.len()).unwrap_or(0);
        let greatest = log.type_counts().iter().copied().max().unwrap_or(0);
        let list = RowList::new("Types", n_rows)
            .selected_where(&is_selected)
            .focused(at)
            .label(&label);
        ui.add_space(4.0);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(found) = find(row.nr) {
                paint(row, log, found, greatest);
            }
        });
        let toggle = |row: u64| {
            if let Some((id, _)) = find(row) {
                view.send(Action::SelectType((chosen != Some(id)).then_some(id)));
            }
        };
        let clicked = output.clicked.map(|click| click.row);
        clicked.into_iter().for_each(toggle);
        self.at = clicked.or(self.at);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, at, n_rows, self.rows.page()) {
                self.at = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                at.into_iter().for_each(toggle);
            }
        }
    }
}

fn by_count(log: &EventLog) -> Vec<(TypeId, Option<CategoryId>)> {
    let categories = categories_of_types(log);
    let mut types: Vec<_> = (0..).map(TypeId).zip(categories).collect();
    types.sort_by(|(a, _), (b, _)| {
        let count = |id: &TypeId| log.type_counts()[id.index()];
        count(b)
            .cmp(&count(a))
            .then_with(|| log.type_name(*a).cmp(log.type_name(*b)))
    });
    types
}

fn paint(
    row: &Row<'_>,
    log: &EventLog,
    (id, category): (TypeId, Option<CategoryId>),
    greatest: u64,
) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let rect = row.rect;
    let [width, height] = size::SPARKLINE;
    let bar = Rect::from_center_size(
        pos2(
            rect.right() - size::TOOL_SIDE - width / 2.0,
            rect.center().y,
        ),
        vec2(width, height),
    );
    let n_events = log.type_counts()[id.index()];
    let count = Rect::from_min_max(rect.min, pos2(bar.left() - 8.0, rect.bottom()));
    let taken = text::line(
        painter,
        count,
        Align::Max,
        Face::DataSmall,
        format::count(n_events),
        t.text3,
    );
    let color = t.category(category.map_or(usize::MAX, |category| color_nr(log, category)));
    swatch::paint(
        painter,
        pos2(
            rect.left() + size::SIDE + size::SWATCH / 2.0,
            rect.center().y,
        ),
        color,
    );
    let words = Rect::from_min_max(
        pos2(
            rect.left() + size::SIDE + size::SWATCH + size::ICON_GAP,
            rect.top(),
        ),
        pos2(taken.left() - 8.0, rect.bottom()),
    );
    text::line(
        painter,
        words,
        Align::Min,
        Face::Row,
        text::shortened(
            painter,
            Face::Row,
            &format::visible(log.type_name(id)),
            words.width(),
        ),
        t.text,
    );
    meter::paint(
        painter,
        bar,
        n_events as f32 / greatest.max(1) as f32,
        t.text3,
    );
}

fn say(log: &EventLog, id: TypeId) -> String {
    format!(
        "{}, {}",
        log.type_name(id),
        counted(log.type_counts()[id.index()], "event", "events")
    )
}
