//! What if: the strip above a state that says how a branch stands to the history as recorded, and the
//! row of an event that leaves it out or changes it there.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, vec2};

use super::shared::{place, version};
use crate::event::Position;
use crate::fold::{Branch, Divergence, Edit};
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, StateAnswer, row_of};

/// Says what the branch changes, where its states part from those recorded, and shows the base.
pub(super) fn strip_ui(ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
    let Some(branch) = view.look().branch.as_deref() else {
        return;
    };
    let shows_base = view.look().shows_base;
    row_ui(ui, |ui| {
        let tone = if shows_base {
            Tone::Neutral
        } else {
            Tone::Warn
        };
        tag(
            ui,
            tone,
            &format!("Branch {}", format::visible(branch.name())),
        );
        others_ui(ui, view, branch);
        let right = Layout::right_to_left(Align::Center);
        ui.with_layout(right, |ui| {
            ui.add_space(size::SIDE);
            if ui.add(button::normal("Discard").small()).clicked() {
                view.send(Action::DiscardBranch);
            }
            let other = if shows_base {
                "Show branch"
            } else {
                "Show base"
            };
            if ui.add(button::normal(other).small()).clicked() {
                view.send(Action::ToggleBase);
            }
        });
    });
    row_ui(ui, |ui| {
        let t = tokens(ui);
        ui.label(text::small(changed(view, branch)).color(t.text2));
        if shows_base {
            ui.label(text::small("As recorded").color(t.text3));
            return;
        }
        let first = answer.base.as_ref().map(|base| base.first.as_ref());
        match first {
            None => {}
            Some(None) => {
                ui.label(text::small("This stream is the same").color(t.text3));
            }
            Some(Some(first)) => divergence_ui(ui, view, first),
        }
    });
    ui.add_space(4.0);
}

/// The other branches, and what else can be done with this one.
fn others_ui(ui: &mut Ui, view: &View<'_>, branch: &Branch) {
    let button = button::quiet("").small().caret().name("Branches");
    let asked = menu::menu_button(ui, button, |ui| {
        let mut asked = None;
        for known in view.workbench.branches() {
            let name = format::visible(known.name());
            if menu::choice_item(ui, known.name() == branch.name(), &name).clicked() {
                asked = Some(Action::SwitchBranch(known.name().to_owned()));
            }
        }
        menu::separator(ui);
        for action in [Action::AskNewBranch, Action::AskBranchName] {
            let name = row_of(&action).map_or("", |row| row.name);
            if menu::item(ui, None, &format!("{name}\u{2026}"), "").clicked() {
                asked = Some(action);
            }
        }
        asked
    });
    if let Some(action) = asked.1.flatten() {
        view.send(action);
    }
}

fn divergence_ui(ui: &mut Ui, view: &View<'_>, first: &Divergence) {
    let t = tokens(ui);
    ui.label(text::small("First differs at").color(t.text2));
    let there = match first.version {
        Some(number) => version(Some(number)),
        None => place(first.position),
    };
    let go = button::link(&there).tip(Tip::new("Go to the first event that differs"));
    if ui.add(go).clicked() {
        view.send(Action::MovePlayhead(first.position));
    }
    let path = format::visible(&first.path.to_string()).into_owned();
    ui.add(egui::Label::new(text::data(path).color(t.text)).truncate());
}

/// `1 skipped, 2 edited`
fn changed(view: &View<'_>, branch: &Branch) -> String {
    let (skipped, edited) = branch.counts();
    if let Some(time) = branch.occurred_by() {
        let zone = view.look().zone;
        let until = super::shared::moment(time, zone, 0);
        let known = format!("Of what occurred by {until} {}", zone.label(time));
        return match skipped + edited {
            0 => known,
            _ => format!("{known}, {skipped} skipped, {edited} edited"),
        };
    }
    let count = |n: usize| format::count(u64::try_from(n).unwrap_or(u64::MAX));
    match (skipped, edited) {
        (0, 0) => "Nothing is changed yet".to_owned(),
        (_, 0) => format!("{} skipped", count(skipped)),
        (0, _) => format!("{} edited", count(edited)),
        _ => format!("{} skipped, {} edited", count(skipped), count(edited)),
    }
}

/// What the branch makes of an event, and what it might.
pub(super) fn event_ui(ui: &mut Ui, view: &View<'_>, position: Position) {
    let edit = view.workbench.edit_of(position);
    row_ui(ui, |ui| {
        let is_skipped = edit == Some(&Edit::Skip);
        let skip = button::toggle(is_skipped, "Skip in branch").small();
        let tip = Tip::new("What if this event had not been").sentence("The file stays as it is.");
        if ui.add(skip.tip(tip)).clicked() {
            view.send(Action::SkipHere);
        }
        let change = button::toggle(
            matches!(edit, Some(Edit::Data(_))),
            "Edit in branch\u{2026}",
        )
        .small()
        .name("Edit in branch");
        let tip =
            Tip::new("What if it had said something else").sentence("The file stays as it is.");
        if ui.add(change.tip(tip)).clicked() {
            view.send(Action::AskEdit);
        }
        if matches!(edit, Some(Edit::Data(_))) && ui.add(button::link("Restore")).clicked() {
            view.send(Action::EditEvent(position, None));
        }
    });
}

fn row_ui(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::BUTTON), Sense::hover());
    let inside = Rect::from_min_max(rect.min + vec2(size::SIDE, 0.0), rect.max);
    let layout = Layout::left_to_right(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
    ui.spacing_mut().item_spacing.x = 8.0;
    contents(&mut ui);
}
