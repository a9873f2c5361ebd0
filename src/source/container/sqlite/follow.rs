//! Follows a table to whose end another program writes: rows with greater row ids are new ones.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use super::live::{Live, Stamp};
use super::part::{Part, RowKey};
use super::query;
use super::reader::RowReader;
use super::scan::{Plan, Scratch};
use super::schema::Schema;
use super::store::{find_parts, lock};
use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, Problems, ReadError, ReadTime, SavedAt,
    StreamHeads, Want,
};
use crate::source::OpenOptions;
use crate::source::cell::Cell;
use crate::source::container::{Item, Outline, PartAbout, Sink};
use crate::source::error::Error;
use crate::source::follow::{Seen, Tail};
use crate::source::progress::Progress;

/// How many rows are read at once where nothing is written meanwhile.
const MOST_AT_ONCE: usize = 4096;
/// How many are read at once at the least, however often a read is made again.
const LEAST_AT_ONCE: usize = 16;
/// How many events are read in full at once.
const EVENTS_AT_ONCE: usize = 64;

/// A table that grows.
pub(super) struct TableTail {
    live: Arc<Live>,
    part: Part,
    about: PartAbout,
    /// The row id of the last row that was read.
    last: Option<i64>,
    /// What that row was.
    last_row: Option<Vec<OwnedCell>>,
    names: Option<(String, String)>,
    stamp: Option<Stamp>,
    /// Whether more may be there though nothing has changed since.
    looks_again: bool,
    n_at_once: usize,
    reader: Arc<LiveReader>,
}

/// Begins to follow the table of a database.
pub(in crate::source::container) fn follow(
    path: &Path,
    options: &OpenOptions,
    seen: &Seen,
) -> Result<Box<dyn Tail>, Error> {
    let live = Arc::new(Live::new(path)?);
    let mut parts = live.read(true, &mut |connection| {
        let connection = lock(connection);
        let schema = Schema::read(&connection)?;
        Ok(find_parts(&connection, &schema, options, &mut Problems::default())?.0)
    })?;
    let (Some(part), None) = (parts.pop(), parts.pop()) else {
        return Err(Error::NotFollowed(
            "its events stand in several tables, and what comes would have to be put between them"
                .to_owned(),
        ));
    };
    if !matches!(part.key, RowKey::RowId(_)) || part.format.order_by_time {
        return Err(Error::NotFollowed(
            "its rows do not tell in which order they were written".to_owned(),
        ));
    }
    let reader = LiveReader {
        live: Arc::clone(&live),
        part: part.clone(),
    };
    Ok(Box::new(TableTail {
        about: super::store::about_part(&part),
        live,
        part,
        last: seen.last.as_ref().map(|(place, ..)| place.at),
        last_row: None,
        names: seen
            .last
            .as_ref()
            .map(|(_, stream, event_type)| (stream.clone(), event_type.clone())),
        stamp: None,
        looks_again: true,
        n_at_once: MOST_AT_ONCE,
        reader: Arc::new(reader),
    }))
}

/// A value that was read before it is known whether it holds.
#[derive(Clone, Debug, PartialEq)]
enum OwnedCell {
    Null,
    Int(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
    Json(Vec<u8>),
    Time(ReadTime),
}

impl OwnedCell {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Real(number) => Self::Real(number),
            Cell::Text(bytes) => Self::Text(bytes.to_vec()),
            Cell::Blob(bytes) => Self::Blob(bytes.to_vec()),
            Cell::Json(bytes) => Self::Json(bytes.to_vec()),
            Cell::Time(read) => Self::Time(read),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(number) => Cell::Int(*number),
            Self::Real(number) => Cell::Real(*number),
            Self::Text(bytes) => Cell::Text(bytes),
            Self::Blob(bytes) => Cell::Blob(bytes),
            Self::Json(bytes) => Cell::Json(bytes),
            Self::Time(read) => Cell::Time(*read),
        }
    }
}

/// A record that was read before it is known whether it holds.
enum Kept {
    Event(Place, Vec<OwnedCell>),
    Lost(&'static str, i64, String),
}

impl Kept {
    fn of(item: Item<'_>) -> Option<Self> {
        match item {
            Item::Record(record) => {
                let Outline {
                    stream,
                    category,
                    version,
                    event_type,
                    time,
                    occurred,
                    ..
                } = record;
                let cells = [stream, category, version, event_type, time, occurred];
                Some(Self::Event(
                    record.place,
                    cells.into_iter().map(OwnedCell::of).collect(),
                ))
            }
            Item::Lost {
                kind,
                ordinal,
                message,
                ..
            } => Some(Self::Lost(kind, ordinal, message)),
            Item::Part(_) | Item::Later { .. } | Item::LostMany { .. } | Item::Flawed { .. } => {
                None
            }
        }
    }

    fn row(&self) -> i64 {
        match self {
            Self::Event(place, _) => place.at,
            Self::Lost(_, ordinal, _) => *ordinal,
        }
    }

    fn hand_over(&self, sink: &mut Sink<'_>) -> bool {
        let (place, cells) = match self {
            Self::Event(place, cells) => (*place, cells),
            Self::Lost(kind, ordinal, message) => {
                return sink(Item::lost(kind, *ordinal, message.clone())).is_continue();
            }
        };
        let cell = |at: usize| cells.get(at).map_or(Cell::Null, OwnedCell::cell);
        sink(Item::Record(Outline {
            ordinal: place.at,
            place,
            stream: cell(0),
            category: cell(1),
            version: cell(2),
            event_type: cell(3),
            time: cell(4),
            occurred: cell(5),
            text: b"",
        }))
        .is_continue()
    }
}

impl TableTail {
    /// The rows from the last one on, that one included, as they stand.
    fn rows(&mut self, most: usize) -> Result<VecDeque<Kept>, Error> {
        let key = query::key(&self.part);
        let from = self.last;
        let plan = Plan::new(&self.part, 0);
        let condition = from.map(|_| format!("{key} >= ?1"));
        let sql = format!("{} LIMIT ?2", plan.select(condition, &key));
        let mut at_once = self.n_at_once.min(most.max(LEAST_AT_ONCE));
        let mut is_again = false;
        let found = self.live.read(true, &mut |connection| {
            if std::mem::replace(&mut is_again, true) {
                // Less is read in less time, in which less is written.
                at_once = (at_once / 2).max(LEAST_AT_ONCE);
            }
            rows_of(&lock(connection), &plan, &sql, from, at_once + 1)
        });
        self.n_at_once = (at_once * 2).min(MOST_AT_ONCE);
        found
    }

    /// Takes the last row out of those found, and says where it is not as it was.
    fn check_last(&mut self, rows: &mut VecDeque<Kept>) -> Result<(), Error> {
        let Some(last) = self.last else {
            return Ok(());
        };
        let place = self.about.names.name(last);
        let gone = |what: &str| Error::Gone(format!("{place} was read before and {what}"));
        let mut n_items = 0;
        // A row may hold several events.
        while rows.front().is_some_and(|row| row.row() == last) {
            let Some(Kept::Event(_, cells)) = rows.pop_front() else {
                n_items += 1;
                continue;
            };
            n_items += 1;
            let text = |at: usize, scratch: &mut Vec<u8>| {
                let name = cells
                    .get(at)
                    .map_or(Cell::Null, OwnedCell::cell)
                    .name(scratch);
                name.map(crate::event::readable).unwrap_or_default()
            };
            let is_last = rows.front().is_none_or(|row| row.row() != last);
            if let Some((stream, event_type)) = self.names.take_if(|_| is_last)
                && (text(0, &mut Vec::new()) != stream.as_str()
                    || text(3, &mut Vec::new()) != event_type.as_str())
            {
                return Err(gone("says something else now"));
            }
            let is_other = self.last_row.as_ref().is_some_and(|known| *known != cells);
            if is_last && is_other {
                return Err(gone("says something else now"));
            }
            if is_last {
                self.last_row = Some(cells);
            }
        }
        if n_items == 0 {
            return Err(gone("is gone"));
        }
        Ok(())
    }
}

/// Some rows in order.
fn rows_of(
    connection: &Connection,
    plan: &Plan<'_>,
    sql: &str,
    from: Option<i64>,
    most: usize,
) -> Result<VecDeque<Kept>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = statement.query(rusqlite::params![from, most])?;
    let (mut scratch, mut found) = (Scratch::default(), VecDeque::new());
    while let Some(row) = rows.next()? {
        let id = super::scan::rowid(row).unwrap_or_default();
        let (_, _) = plan.hand_over(row, id, &mut scratch, &mut |item| {
            found.extend(Kept::of(item));
            std::ops::ControlFlow::Continue(())
        });
    }
    Ok(found)
}

impl Tail for TableTail {
    fn part(&self) -> &PartAbout {
        &self.about
    }

    fn poll(
        &mut self,
        most: usize,
        progress: &Progress,
        sink: &mut Sink<'_>,
    ) -> Result<u64, Error> {
        let now = self.live.stamp()?;
        if !self.looks_again && self.stamp.as_ref() == Some(&now) {
            return Ok(0);
        }
        // Times of files have steps: what comes in the same one is found the next time.
        self.looks_again = self
            .stamp
            .replace(now)
            .is_none_or(|before| Some(&before) != self.stamp.as_ref());
        let mut n_records = 0;
        loop {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let rest = most.saturating_sub(usize::try_from(n_records).unwrap_or(usize::MAX));
            let mut rows = self.rows(rest)?;
            let n_found = rows.len();
            self.check_last(&mut rows)?;
            for row in &rows {
                n_records += 1;
                self.last = Some(row.row());
                if !row.hand_over(sink) {
                    return Ok(n_records);
                }
                if let Kept::Event(_, cells) = row {
                    self.last_row = Some(cells.clone());
                    self.names = None;
                }
            }
            if rows.is_empty() || n_found <= LEAST_AT_ONCE {
                return Ok(n_records);
            }
            if n_records >= most as u64 {
                self.looks_again = true;
                return Ok(n_records);
            }
        }
    }

    fn reader(&self) -> Arc<dyn EventReader> {
        Arc::clone(&self.reader) as Arc<dyn EventReader>
    }
}

/// Reads rows of a table that is being written.
struct LiveReader {
    live: Arc<Live>,
    part: Part,
}

impl LiveReader {
    fn with<R>(
        &self,
        work: &mut dyn FnMut(&RowReader) -> Result<R, Error>,
    ) -> Result<R, ReadError> {
        let read = self
            .live
            .read(false, &mut |connection| work(&self.rows(connection)));
        read.map_err(|error| ReadError(error.to_string()))
    }

    fn rows(&self, connection: &Arc<Mutex<Connection>>) -> RowReader {
        RowReader {
            connection: Arc::clone(connection),
            part: self.part.clone(),
            names: self.part.names(),
            is_first: false,
            place: None,
        }
    }
}

impl EventReader for LiveReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let mut done = 0;
        for places in places.chunks(EVENTS_AT_ONCE) {
            let mut is_again = false;
            let found = self.with(&mut |rows| {
                let mut events = Vec::with_capacity(places.len());
                rows.read(places, want, &mut |_, event| {
                    events.push(event);
                    true
                });
                // What came after a log was read into memory is not in it.
                let is_lacking = events.iter().any(Result::is_err);
                if is_lacking && !std::mem::replace(&mut is_again, true) {
                    return Err(Error::Busy(String::new()));
                }
                Ok(events)
            });
            let found =
                found.unwrap_or_else(|why| places.iter().map(|_| Err(why.clone())).collect());
            for event in found {
                if !each(done, event) {
                    return;
                }
                done += 1;
            }
        }
    }

    fn glance(&self, _: &[Place], _: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        // What is looked at could not be taken back where something was written meanwhile.
        false
    }

    fn recount(&self) -> Option<u64> {
        // There are more rows every moment than the history has events.
        None
    }

    fn self_check(&self, _: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        // A pass over the whole file takes longer than it stays as it is.
        None
    }

    fn marks_json(&self) -> bool {
        self.with(&mut |rows| Ok(rows.marks_json()))
            .unwrap_or_default()
    }

    fn stream_heads(&self, _: &dyn Fn() -> bool) -> Option<StreamHeads> {
        // The store's streams may have gone on since its events were read.
        None
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        let found = self.with(&mut |rows| Ok(rows.saved_state(saved)));
        found.unwrap_or_else(|why| Some(Err(why)))
    }
}
