//! Finds an event by its id, or by the beginning of it.
//!
//! As with causes, ids stay in the file: the index keeps hashes with positions, and what it finds is
//! read and compared.

use super::causes::{NoCauses, Table};
use super::history::History;
use crate::event::{EventDetail, Place, Position, Want};

/// The least characters of an id by which events are found.
pub const MIN_ID: usize = 8;
/// How many events are read at a time.
const BATCH: usize = 4_096;
/// Where no more ids than this begin alike, their beginnings are enough.
const MAX_ALIKE: usize = 64;

/// Finds events by their ids: 8 bytes for each event that has one, 16 where many ids begin alike.
#[derive(Debug, Default)]
pub struct IdIndex {
    /// Empty where beginnings alone tell ids apart.
    whole: Table,
    /// By the first [`MIN_ID`] characters, in lower case.
    beginnings: Table,
}

/// What was found for an id or its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFound {
    /// One event has this id, or is the only one whose id begins so.
    One(Position),
    /// No event has it.
    None,
    /// The ids of so many events begin so.
    Several(usize),
}

impl IdIndex {
    /// Reads every event once. `done` is told how many have been read, and says whether to go on.
    pub fn read(history: &History, done: &mut dyn FnMut(usize) -> bool) -> Result<Self, NoCauses> {
        let mut index = Self::default();
        let all: Vec<u32> = (0..u32::try_from(history.log.len()).unwrap_or(u32::MAX)).collect();
        let mut n_read = 0;
        for page in all.chunks(BATCH) {
            let mut fits = true;
            each(history, page, &mut |position, event| {
                if let Some(id) = &event.id {
                    fits = index.add(id, position).is_some();
                }
                fits
            });
            if !fits {
                return Err(NoCauses::TooLarge);
            }
            n_read += page.len();
            if !done(n_read) {
                return Err(NoCauses::Cancelled);
            }
        }
        index.beginnings.finish();
        let all_begin = index.beginnings.len() == index.whole.len();
        if all_begin && index.beginnings.longest() <= MAX_ALIKE {
            index.whole = Table::default();
        }
        index.whole.finish();
        Ok(index)
    }

    fn add(&mut self, id: &str, position: Position) -> Option<()> {
        self.whole.push(id, position)?;
        if let Some(beginning) = beginning(id) {
            self.beginnings.push(&beginning, position)?;
        }
        Some(())
    }

    /// Finds the event with an id, or the only one whose id begins with `text`, of which there must be
    /// [`MIN_ID`] characters; upper and lower case are the same in a beginning. Reads all events whose
    /// ids share those first characters.
    pub fn find(
        &self,
        history: &History,
        text: &str,
        cancel: &dyn Fn() -> bool,
    ) -> Result<IdFound, NoCauses> {
        let start = beginning(text);
        let whole: Vec<u32> = match &start {
            Some(start) if self.whole.is_empty() => self.beginnings.find(start),
            _ => self.whole.find(text),
        }
        .map(|at| at.0)
        .collect();
        let exact = matching(history, &whole, cancel, &|id| id == text)?;
        if let [first, ..] = exact.as_slice() {
            return Ok(match exact.len() {
                1 => IdFound::One(*first),
                n => IdFound::Several(n),
            });
        }
        let Some(start) = start else {
            return Ok(IdFound::None);
        };
        let alike: Vec<u32> = self.beginnings.find(&start).map(|at| at.0).collect();
        let begins = |id: &str| {
            let head = id.get(..text.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(text))
        };
        let found = matching(history, &alike, cancel, &begins)?;
        Ok(match found.as_slice() {
            [] => IdFound::None,
            [only] => IdFound::One(*only),
            several => IdFound::Several(several.len()),
        })
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.whole.bytes() + self.beginnings.bytes()
    }
}

/// The first characters of an id in lower case; `None` where it has not so many.
fn beginning(id: &str) -> Option<String> {
    let start: String = id.chars().take(MIN_ID).collect();
    (start.chars().count() == MIN_ID).then(|| start.to_ascii_lowercase())
}

/// Of some events those whose ids fit.
fn matching(
    history: &History,
    positions: &[u32],
    cancel: &dyn Fn() -> bool,
    fits: &dyn Fn(&str) -> bool,
) -> Result<Vec<Position>, NoCauses> {
    let mut found = Vec::new();
    for page in positions.chunks(BATCH) {
        if cancel() {
            return Err(NoCauses::Cancelled);
        }
        each(history, page, &mut |position, event| {
            if event.id.as_deref().is_some_and(fits) {
                found.push(position);
            }
            true
        });
    }
    Ok(found)
}

/// Reads some events; those that cannot be read have no id.
fn each(history: &History, page: &[u32], take: &mut dyn FnMut(Position, &EventDetail) -> bool) {
    let place = |at: &u32| history.log.place(Position(*at));
    let places: Vec<Place> = page.iter().map(place).collect();
    history.reader.read(
        &places,
        Want::Presented,
        &mut |nr, event| match (page.get(nr), event) {
            (Some(at), Ok(event)) => take(Position(*at), &event),
            _ => true,
        },
    );
}
