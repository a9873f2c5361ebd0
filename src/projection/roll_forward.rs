//! Roll-forward: what a number of the states was at one point, what moved it, and what it was at another.
//!
//! The opening value is the one after the first point, the closing value the one after the second; each
//! event between them that changed the number moved it by the difference. So opening, movements and
//! closing add up, in exact decimals, for each stream and for each category.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::json::{Json, JsonPath, parse};
use crate::event::{CategoryId, Decimal, Position, StreamId, TypeId};
use crate::fold::{FoldError, Folder, StateTable, TableQuestion};
use crate::history::EventLog;

/// Between which points which number is rolled forward; also the key of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RollForwardAsk {
    /// Where the number stands in the states.
    pub path: JsonPath,
    /// The opening value is the one after this event; before all events where there is none.
    pub from: Option<Position>,
    /// The closing value is the one after this event; the last where there is none.
    pub to: Option<Position>,
    /// Only streams of this category.
    pub category: Option<CategoryId>,
}

/// A number between two points. Nothing is no number, and stays nothing: only sums take it for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rolled {
    /// What it was at first; `None` where there was none yet.
    pub opening: Option<Decimal>,
    /// By how much each type of events moved it, types by name; only those that did.
    pub movements: BTreeMap<TypeId, Decimal>,
    /// What it was in the end; `None` where there is none any more.
    pub closing: Option<Decimal>,
    /// How many events moved it.
    pub n_changes: u64,
}

/// A stream with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolledStream {
    /// The stream.
    pub stream: StreamId,
    /// Its number.
    pub rolled: Rolled,
}

/// The streams of a category, or all, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolledGroup {
    /// The category; `None` for all.
    pub category: Option<CategoryId>,
    /// How many streams are in it.
    pub n_streams: usize,
    /// The sum of their numbers; `None` where one has over 38 digits.
    pub rolled: Option<Rolled>,
}

/// What is known of a number between two points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollForward {
    /// The types of events that moved it anywhere, by name.
    pub types: Vec<TypeId>,
    /// The streams that have the number, by category and name.
    pub streams: Vec<RolledStream>,
    /// The categories of those streams, by name.
    pub categories: Vec<RolledGroup>,
    /// All of them; `None` where there is no stream.
    pub total: Option<RolledGroup>,
    /// Streams that are in no sum, and why: what stood there was no number of at most 38 digits.
    pub left_out: Vec<(StreamId, String)>,
}

impl RollForward {
    /// Rolls a number forward. Costs the states of the categories, as an as-of table does; `progress` is
    /// told how many events have been taken in.
    pub fn of(
        folder: &Folder,
        ask: &RollForwardAsk,
        cancel: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Result<Self, FoldError> {
        let log = &folder.history().log;
        let mut found = Self::default();
        for (n, _) in log.category_names().iter().enumerate() {
            let category = CategoryId(u32::try_from(n).unwrap_or(u32::MAX));
            if ask.category.is_some_and(|wanted| wanted != category) {
                continue;
            }
            let question = TableQuestion {
                category,
                columns: Some(vec![ask.path.clone()]),
                until: None,
            };
            let table = StateTable::of(folder, &question, cancel, progress)?;
            found.add(log, ask, &table, 0);
        }
        found.finish(log);
        Ok(found)
    }

    /// As [`Self::of`], of one category whose states are gathered already, the number being one of their
    /// columns.
    pub fn of_table(log: &EventLog, ask: &RollForwardAsk, table: &StateTable) -> Option<Self> {
        let column = table.columns().iter().position(|path| *path == ask.path)?;
        let mut found = Self::default();
        found.add(log, ask, table, column);
        found.finish(log);
        Some(found)
    }

    fn add(&mut self, log: &EventLog, ask: &RollForwardAsk, table: &StateTable, column: usize) {
        for (stream, changes) in table.changes(column) {
            match roll(log, ask, &changes) {
                Ok(Some(rolled)) => self.streams.push(RolledStream { stream, rolled }),
                Ok(None) => {}
                Err(why) => self.left_out.push((stream, why)),
            }
        }
    }

    /// Puts streams in order and sums them.
    fn finish(&mut self, log: &EventLog) {
        let named = |stream: StreamId| (log.category_of(stream), log.stream_name(stream));
        self.streams
            .sort_by(|a, b| named(a.stream).cmp(&named(b.stream)));
        let used: BTreeSet<TypeId> = self
            .streams
            .iter()
            .flat_map(|row| row.rolled.movements.keys().copied())
            .collect();
        self.types = used.into_iter().collect();
        self.types
            .sort_by_key(|event_type| log.type_name(*event_type));
        let mut of_category: Vec<(CategoryId, Vec<&Rolled>)> = Vec::new();
        for row in &self.streams {
            let category = log.stream_info(row.stream).category;
            match of_category.last_mut() {
                Some((known, rows)) if *known == category => rows.push(&row.rolled),
                _ => of_category.push((category, vec![&row.rolled])),
            }
        }
        let group = |category, rows: &[&Rolled]| RolledGroup {
            category,
            n_streams: rows.len(),
            rolled: sum(rows.iter().copied()),
        };
        self.categories = of_category
            .iter()
            .map(|(category, rows)| group(Some(*category), rows))
            .collect();
        let all: Vec<&Rolled> = self.streams.iter().map(|row| &row.rolled).collect();
        self.total = (!all.is_empty()).then(|| group(None, &all));
    }
}

/// A stream's number; `None` where it had none in all that time.
fn roll(
    log: &EventLog,
    ask: &RollForwardAsk,
    changes: &[(Position, Option<&str>)],
) -> Result<Option<Rolled>, String> {
    let end = ask.to.map_or(changes.len(), |to| {
        changes.partition_point(|(at, _)| *at <= to)
    });
    let begin = ask
        .from
        .map_or(0, |from| changes.partition_point(|(at, _)| *at <= from));
    let number_of = |change: &(Position, Option<&str>)| number(change.1, change.0);
    let (before, after) = changes.split_at(begin.min(end));
    let between = after.get(..end - begin.min(end)).unwrap_or_default();
    // Of what stood there before the opening only the last counts.
    let opening = before.last().map_or(Ok(None), number_of)?;
    let mut rolled = Rolled {
        opening,
        closing: opening,
        ..Rolled::default()
    };
    for change in between {
        let next = number_of(change)?;
        let moved = difference(rolled.closing, next).ok_or_else(|| too_long(change.0))?;
        let event_type = log.event_type(change.0);
        let so_far = rolled.movements.entry(event_type).or_insert(Decimal::ZERO);
        *so_far = so_far
            .checked_add(moved)
            .ok_or_else(|| too_long(change.0))?;
        rolled.n_changes += 1;
        rolled.closing = next;
    }
    Ok((rolled.n_changes > 0 || opening.is_some()).then_some(rolled))
}

fn difference(before: Option<Decimal>, after: Option<Decimal>) -> Option<Decimal> {
    match (before, after) {
        (None, after) => Some(after.unwrap_or(Decimal::ZERO)),
        (Some(before), after) => after.unwrap_or(Decimal::ZERO).checked_sub(before),
    }
}

/// The number that stands there; `None` for nothing and for null.
fn number(value: Option<&str>, position: Position) -> Result<Option<Decimal>, String> {
    let Some(text) = value else {
        return Ok(None);
    };
    match parse(text.as_bytes()) {
        Ok(Json::Null) => Ok(None),
        Ok(json @ (Json::Number(_) | Json::Text(_))) => match json.as_decimal() {
            Some(number) => Ok(Some(number)),
            None => Err(format!(
                "after {position} it is no number of at most 38 digits"
            )),
        },
        _ => Err(format!("after {position} it is no number")),
    }
}

fn too_long(position: Position) -> String {
    format!("at {position} a sum has over 38 digits")
}

/// The sum of numbers, nothing counting for none; `None` where it has over 38 digits.
fn sum<'r>(rows: impl Iterator<Item = &'r Rolled>) -> Option<Rolled> {
    let add = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b).map(Some),
        (a, b) => Some(a.or(b)),
    };
    let mut all = Rolled::default();
    for row in rows {
        all.opening = add(all.opening, row.opening)?;
        all.closing = add(all.closing, row.closing)?;
        for (event_type, moved) in &row.movements {
            let so_far = all.movements.entry(*event_type).or_insert(Decimal::ZERO);
            *so_far = so_far.checked_add(*moved)?;
        }
        all.n_changes += row.n_changes;
    }
    Some(all)
}
