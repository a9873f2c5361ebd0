//! Two to four choices that exclude each other, side by side. More than four are a menu.

use egui::{
    Align, Color32, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::focus_ring;
use super::tooltip::Tip;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};

/// Space at either side of a label.
const PADDING: f32 = 8.0;
/// Border and gap around the choices.
const EDGE: f32 = 2.0;
/// Gap between two choices.
const GAP: f32 = 1.0;

/// Shows the choices; returns whether another one was chosen. `name` says what is chosen.
pub fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    choices: &[(T, &str)],
) -> bool {
    let labels: Vec<Label<'_>> = choices
        .iter()
        .map(|(_, text)| Label::of(text, None))
        .collect();
    let chosen = choices.iter().position(|(choice, _)| choice == value);
    let clicked = show(ui, name, &labels, chosen);
    take(
        value,
        clicked
            .and_then(|i| choices.get(i))
            .map(|(choice, _)| *choice),
    )
}

/// Like [`segments`], with an icon before each label.
pub fn segments_with_icons<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    choices: &[(T, &str, Icon)],
) -> bool {
    let labels: Vec<Label<'_>> = choices
        .iter()
        .map(|(_, text, icon)| Label::of(text, Some(*icon)))
        .collect();
    let chosen = choices.iter().position(|(choice, ..)| choice == value);
    let clicked = show(ui, name, &labels, chosen);
    take(
        value,
        clicked
            .and_then(|i| choices.get(i))
            .map(|(choice, ..)| *choice),
    )
}

/// A choice with an icon in its own color, with what is read out, or one that cannot be taken.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a, T> {
    /// What is chosen.
    pub value: T,
    /// What stands there.
    pub label: &'a str,
    /// What is before it.
    pub icon: Option<(Icon, Color32)>,
    /// What is read out.
    pub said: &'a str,
    /// Why it cannot be taken; empty where it can.
    pub lacks: &'a str,
}

/// Like [`segments`], with all that a [`Choice`] can say.
pub fn segments_of<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    choices: &[Choice<'_, T>],
) -> bool {
    let labels: Vec<Label<'_>> = choices
        .iter()
        .map(|choice| Label {
            text: choice.label,
            icon: choice.icon.map(|(icon, color)| (icon, Some(color))),
            said: choice.said,
            lacks: choice.lacks,
        })
        .collect();
    let chosen = choices.iter().position(|choice| choice.value == *value);
    let clicked = show(ui, name, &labels, chosen);
    let clicked = clicked.and_then(|i| choices.get(i));
    take(value, clicked.map(|choice| choice.value))
}

/// What stands in a segment, the color of its icon where it has one of its own, and what is read out.
#[derive(Clone, Copy)]
struct Label<'a> {
    text: &'a str,
    icon: Option<(Icon, Option<Color32>)>,
    said: &'a str,
    lacks: &'a str,
}

impl<'a> Label<'a> {
    fn of(text: &'a str, icon: Option<Icon>) -> Self {
        Self {
            text,
            icon: icon.map(|icon| (icon, None)),
            said: text,
            lacks: "",
        }
    }
}

fn take<T: PartialEq>(value: &mut T, chosen: Option<T>) -> bool {
    match chosen {
        Some(chosen) if chosen != *value => {
            *value = chosen;
            true
        }
        _ => false,
    }
}

fn show(ui: &mut Ui, name: &str, labels: &[Label<'_>], chosen: Option<usize>) -> Option<usize> {
    let t = tokens(ui);
    let widths: Vec<f32> = labels.iter().map(|label| width(ui, *label)).collect();
    let gaps = labels.len().saturating_sub(1) as f32 * GAP;
    let whole = vec2(
        widths.iter().sum::<f32>() + gaps + 2.0 * EDGE,
        size::BUTTON_SMALL,
    );
    let (rect, _) = ui.allocate_exact_size(whole, Sense::hover());
    let stroke = Stroke::new(size::STROKE, t.line_strong);
    let corner = CornerRadius::same(size::CORNER);
    ui.painter()
        .rect(rect, corner, t.canvas, stroke, StrokeKind::Inside);

    let group = UiBuilder::new()
        .id_salt(name)
        .max_rect(rect)
        .accessibility_role(Role::RadioGroup)
        .accessibility_label(name);
    let group_ui = ui.new_child(group);
    let mut x = rect.left() + EDGE;
    let mut clicked = None;
    for (i, (label, width)) in labels.iter().zip(widths).enumerate() {
        let size = Vec2::new(width, rect.height() - 2.0 * EDGE);
        let part = Rect::from_min_size(pos2(x, rect.top() + EDGE), size);
        if segment(&group_ui, part, i, *label, chosen == Some(i)) {
            clicked = Some(i);
        }
        x += width + GAP;
    }
    clicked
}

fn segment(ui: &Ui, rect: Rect, i: usize, label: Label<'_>, chosen: bool) -> bool {
    let t = tokens(ui);
    let id = ui.scope_id().with(i);
    let reach = rect.expand2(vec2(0.0, EDGE));
    let enabled = ui.is_enabled() && label.lacks.is_empty();
    let sense = if enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(reach, id, sense).with_new_rect(rect);
    let (fill, color) = match (chosen, response.hovered()) {
        _ if !enabled => (Color32::TRANSPARENT, t.text_dis),
        (true, _) => (t.control_active, t.text),
        (false, true) => (t.control_hover, t.text),
        (false, false) => (Color32::TRANSPARENT, t.text2),
    };
    let corner = CornerRadius::same(size::CORNER_TAG);
    ui.painter().rect_filled(rect, corner, fill);
    let mut inside = rect.shrink2(vec2(PADDING, 0.0));
    if let Some((icon, own)) = label.icon {
        let color = own.filter(|_| enabled).unwrap_or(color);
        icons::paint_left(ui.painter(), inside, icon, size::ICON_SMALL, color);
        inside.min.x += size::ICON_SMALL + 4.0;
    }
    text::line(
        ui.painter(),
        inside.expand(0.5),
        Align::Center,
        Face::Button,
        label.text,
        color,
    );
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, chosen, label.said));
    focus_ring::around(ui, &response, size::CORNER_TAG);
    if label.lacks.is_empty() {
        return response.clicked();
    }
    Tip::new(label.lacks).on(response);
    false
}

fn width(ui: &Ui, label: Label<'_>) -> f32 {
    let icon = label.icon.map_or(0.0, |_| size::ICON_SMALL + 4.0);
    (text::width(ui.painter(), Face::Button, label.text) + icon + 2.0 * PADDING).ceil()
}
