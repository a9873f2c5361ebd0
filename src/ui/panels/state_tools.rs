//! The row of tools above a state: with what it is compared, who set it, and what of it is shown.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, vec2};

use crate::ui::View;
use crate::ui::theme::{icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::segments::segments;
use crate::workbench::{Action, Compare};

/// What the choice of the base is wide.
const BASE: f32 = 72.0;

/// Shows the row over the whole width.
pub(super) fn tools_ui(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.raised);
    let edge = Rect::from_min_size(rect.left_bottom() - vec2(0.0, 1.0), vec2(width, 1.0));
    ui.painter().rect_filled(edge, 0.0, t.line);
    let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
    let ui = &mut ui;
    ui.spacing_mut().item_spacing.x = size::ICON_GAP;
    let look = view.look();
    let has_branch = view.workbench.branch_shown().is_some();
    // One choice more takes its room from the words.
    let room = if has_branch { width - BASE } else { width };
    // In a narrow inspector the words give way to the choices that they explain.
    if room > 420.0 {
        ui.label(text::small("Compare with").color(t.text2));
    }
    let mut compare = look.compare;
    let mut choices = vec![
        (Compare::Previous, "Previous"),
        (Compare::A, "A"),
        (Compare::First, "First"),
        (Compare::Off, "Off"),
    ];
    if has_branch {
        choices.insert(3, (Compare::Base, "Base"));
    }
    if has_branch && room < 380.0 && compare != Compare::First {
        choices.remove(2);
    }
    if segments(ui, "Compare with", &mut compare, &choices) {
        view.send(Action::SetCompare(compare));
    }
    let blame = button::toggle(look.blame, "Blame")
        .small()
        .icon(icons::BLAME);
    if ui.add(blame).clicked() {
        view.send(Action::ToggleBlame);
    }
    let label = if room > 380.0 {
        "Changed only"
    } else {
        "Changed"
    };
    let only = button::toggle(look.changed_only, label)
        .small()
        .name("Changed only");
    if ui.add(only).clicked() {
        view.send(Action::ToggleChangedOnly);
    }
}
