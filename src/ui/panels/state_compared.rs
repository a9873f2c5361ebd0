//! What the State tab shows of a state: the changes that the comparison found, and the rows of it;
//! made again only where a question changed.

use std::ops::Range;
use std::sync::Arc;

use egui::Ui;

use super::event_colors::EventColors;
use super::json_rows::{Flat, Folds};
use super::shared::version;
use super::state_rows::{Ask, rows};
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::fold::{Change, LeafHistory, narrate};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Tokens, tokens};
use crate::ui::widgets::json_tree::Note;
use crate::ui::widgets::tag::Sign;
use crate::workbench::{Compare, DiffKey, StateAnswer, StateKey};

/// What a state was shown for.
#[derive(Clone, PartialEq)]
struct ShownFor {
    state: StateKey,
    compare: Compare,
    diff: Option<DiffKey>,
    has_leaves: bool,
    changed_only: bool,
    is_dark: bool,
    travelled: Option<StreamId>,
    pinned: Vec<JsonPath>,
    folds: Folds,
}

/// A state as it is shown.
#[derive(Default)]
pub(super) struct Shown {
    for_what: Option<ShownFor>,
    /// What the comparison tells apart.
    pub(super) changes: Vec<Change>,
    /// The rows.
    pub(super) flat: Flat,
    /// For each row whether it says who set it, where that is known.
    noted: Vec<bool>,
    /// What the last event did, as one sentence.
    pub(super) sentence: String,
}

impl Shown {
    /// Brings it up to date.
    pub(super) fn refresh(
        &mut self,
        ui: &Ui,
        view: &View<'_>,
        log: &EventLog,
        answer: &StateAnswer,
        folds: &Folds,
    ) {
        let look = view.look();
        let state = &answer.state;
        let leaves = leaves(view).filter(|_| look.blame);
        let category = log.stream_info(state.stream).category;
        let diff = view.workbench.diff_key();
        let known = diff.filter(|key| view.workbench.answers.diff.for_key(key).is_fresh());
        let for_what = ShownFor {
            state: StateKey {
                generation: view.workbench.generation,
                stream: state.stream,
                rank: state.rank,
            },
            compare: look.compare,
            diff: known,
            has_leaves: leaves.is_some(),
            changed_only: look.changed_only,
            is_dark: ui.visuals().dark_mode,
            travelled: view.workbench.travelled(),
            pinned: look.pinned.get(&category).cloned().unwrap_or_default(),
            folds: folds.clone(),
        };
        if self.for_what.as_ref() == Some(&for_what) {
            return;
        }
        self.changes = changes(view, answer);
        self.sentence = sentence(log, answer);
        self.flat = rows(&Ask {
            state: &state.value,
            changes: &self.changes,
            folds,
            changed_only: look.changed_only,
            pinned: &for_what.pinned,
            unknown: &answer.unknown,
        });
        self.noted = vec![leaves.is_none(); self.flat.rows.len()];
        self.for_what = Some(for_what);
    }

    /// Whether one of these rows does not say yet who set it.
    pub(super) fn lacks_notes(&self, rows: &Range<u64>) -> bool {
        let bound = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
        let end = bound(rows.end).min(self.noted.len());
        let seen = self.noted.get(bound(rows.start)..end);
        seen.is_some_and(|seen| seen.contains(&false))
    }

    /// Says for these rows who set them: only for what is seen, for there may be very many.
    pub(super) fn note_rows(
        &mut self,
        ui: &Ui,
        view: &View<'_>,
        (log, answer): (&EventLog, &StateAnswer),
        rows: Range<u64>,
    ) {
        let leaves = leaves(view).filter(|_| view.look().blame);
        let colors = EventColors::of(view);
        let by = Setters {
            t: tokens(ui),
            colors: &colors,
            log,
            answer,
            leaves: leaves.map(AsRef::as_ref),
            compare: view.look().compare,
        };
        let bound = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
        for nr in bound(rows.start)..bound(rows.end).min(self.noted.len()) {
            let (Some(row), Some(path)) = (self.flat.rows.get_mut(nr), self.flat.paths.get(nr))
            else {
                break;
            };
            if !std::mem::replace(&mut self.noted[nr], true) {
                row.note = by.note(path, row.sign == Sign::Removed);
            }
        }
    }
}

/// Who set the fields of the stream, where the state shown is of that stream.
fn leaves<'a>(view: &View<'a>) -> Option<&'a Arc<LeafHistory>> {
    view.workbench.leaves()
}

/// The changes that the look asks for; none while they are not known.
fn changes(view: &View<'_>, answer: &StateAnswer) -> Vec<Change> {
    match view.look().compare {
        Compare::Previous => answer.changes.clone(),
        Compare::Off => Vec::new(),
        Compare::Saved => match &answer.saved {
            Some(saved) => saved.changes.clone(),
            None => answer.changes.clone(),
        },
        Compare::A | Compare::First => {
            let Some(key) = view.workbench.diff_key() else {
                return Vec::new();
            };
            let known = view.workbench.answers.diff.for_key(&key).fresh();
            let Some(Ok(diff)) = known.filter(|_| key.new == answer.state.rank) else {
                return Vec::new();
            };
            diff.changes.iter().map(|one| one.change.clone()).collect()
        }
    }
}

/// What the last event of a state did.
fn sentence(log: &EventLog, answer: &StateAnswer) -> String {
    let state = &answer.state;
    let Some(position) = log.last().map(|last| state.position.min(last)) else {
        return String::new();
    };
    let name = log.type_name(log.event_type(position));
    let subject = format!("{name} {}", version(state.version));
    narrate(&subject, &answer.changes)
}

/// Who set a field, as a row says it.
struct Setters<'a> {
    t: &'a Tokens,
    colors: &'a EventColors,
    log: &'a EventLog,
    answer: &'a StateAnswer,
    leaves: Option<&'a LeafHistory>,
    compare: Compare,
}

impl Setters<'_> {
    fn note(&self, path: &JsonPath, is_removed: bool) -> Option<Note> {
        let leaves = self.leaves?;
        let state = &self.answer.state;
        let rank = if is_removed && self.compare == Compare::Previous {
            state.rank
        } else {
            let leaf = leaves.setter(path, state.rank);
            leaf.or_else(|| leaves.last_change_within(path, state.rank))?
        };
        Some(note_of(self.t, self.colors, self.log, (state.stream, rank)))
    }
}

/// An event of a stream as a note: its color, its version and its type.
pub(super) fn note_of(
    t: &Tokens,
    colors: &EventColors,
    log: &EventLog,
    (stream, rank): (StreamId, u32),
) -> Note {
    let events = log.events_of(stream);
    let position = Position(events.get(rank as usize).copied().unwrap_or_default());
    let number = log.version_at_rank(stream, rank);
    Note {
        color: colors.event(t, log, position, false),
        lead: number.map_or_else(|| super::shared::place(position), |v| version(Some(v))),
        text: log.type_name(log.event_type(position)).to_owned(),
    }
}

/// Brings out the fields that were set by the event that set the one under the pointer.
pub(super) fn mark_rows(flat: &mut Flat, hovered: Option<u64>) {
    let note = hovered
        .and_then(|row| flat.rows.get(usize::try_from(row).ok()?))
        .and_then(|row| row.note.clone());
    for row in &mut flat.rows {
        row.marked = note.is_some() && row.note == note;
    }
}
