//! What stands in the place of causes while they are not known: why, and what can be done about it.

use egui::Ui;

use crate::history::CauseIndex;
use crate::ui::View;
use crate::ui::theme::{format, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::workbench::Action;

/// The index of causes; where there is none yet, says why in its place.
pub(super) fn index_or_why<'a>(ui: &mut Ui, view: &View<'a>) -> Option<&'a CauseIndex> {
    let bench = view.workbench;
    let Some(history) = &bench.history else {
        Empty::new("No history is open").show(ui);
        return None;
    };
    if !history.is_complete {
        quiet(ui, "Causes can be found once the whole file has been read");
        return None;
    }
    if !bench.finds_causes() {
        let n_events = format::count(history.log.len() as u64);
        let why = format!("Reads all {n_events} events once.");
        let find = button::normal("Find causes").small();
        if Empty::new("Causes are not known yet")
            .why(&why)
            .button(find)
            .show(ui)
            == Some(0)
        {
            view.send(Action::FindCauses);
        }
        return None;
    }
    match bench
        .answers
        .travel
        .index
        .for_key(&bench.generation)
        .fresh()
    {
        Some(Ok(index)) => Some(index),
        Some(Err(why)) => {
            Empty::new("Causes could not be found")
                .why(why)
                .failed()
                .show(ui);
            None
        }
        None => {
            quiet(ui, "Looking for causes…");
            None
        }
    }
}

/// A sentence that leaves again by itself.
pub(super) fn quiet(ui: &mut Ui, words: &str) {
    let color = tokens(ui).text3;
    ui.add_space(16.0);
    ui.vertical_centered(|ui| ui.label(text::row(words).color(color)));
}

/// Says that a column is missing, and offers to name one.
pub(super) fn no_column(ui: &mut Ui, view: &View<'_>, what: &str) {
    let change = button::normal("Change mapping").small();
    if Empty::new(what)
        .why("This store has none.")
        .button(change)
        .show(ui)
        == Some(0)
    {
        view.send(Action::ReadDifferently);
    }
}
