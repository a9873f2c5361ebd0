//! A field of the payloads over time: what the events themselves say, each counted once.

use super::super::lines::{Line, Measure, Plotted};
use super::answer::{Answered, BuiltInAsk, FieldAsk, Table, TableCell};
use super::counts::MAX_LINES;
use super::walk::{Pieces, timeless, whole};
use crate::event::json::{self, Json};
use crate::event::{Decimal, EventDetail, Payload, Position, grouped};
use crate::history::{EventLog, History};

/// What the values of one piece of time and one group come to.
#[derive(Clone, Copy, Default)]
struct Piece {
    /// How many events have the field.
    n: u64,
    /// How many of these have a number there.
    n_numbers: u64,
    sum: Decimal,
    /// The sum has over 38 digits.
    is_lost: bool,
    least: Option<Decimal>,
    greatest: Option<Decimal>,
}

impl Piece {
    fn take(&mut self, value: Option<Decimal>) {
        self.n += 1;
        let Some(value) = value else { return };
        self.n_numbers += 1;
        let sum = self.sum.checked_add(value);
        self.is_lost |= sum.is_none();
        self.sum = sum.unwrap_or(self.sum);
        self.least = Some(self.least.map_or(value, |least| least.min(value)));
        self.greatest = self.greatest.max(Some(value));
    }

    fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.n_numbers += other.n_numbers;
        let sum = self.sum.checked_add(other.sum);
        self.is_lost |= other.is_lost || sum.is_none();
        self.sum = sum.unwrap_or(self.sum);
        self.least = match (self.least, other.least) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.greatest = self.greatest.max(other.greatest);
    }

    /// The sum, where it can be said.
    fn sum(&self) -> Option<Decimal> {
        (!self.is_lost).then_some(self.sum)
    }

    /// The mean of the numbers, and whether it is exact.
    fn mean(&self) -> Option<(Decimal, bool)> {
        self.sum()?.checked_divide(self.n_numbers)
    }

    fn measured(&self, measure: Measure) -> Option<Decimal> {
        match measure {
            Measure::Count => whole(self.n),
            Measure::Min => self.least,
            Measure::Max => self.greatest,
            Measure::Mean => self.mean().map(|(mean, _)| mean),
            _ => self.sum(),
        }
    }

    /// Whether the figure of that measure is what the values say to the last digit.
    fn is_exact(&self, measure: Measure) -> bool {
        match measure {
            Measure::Count | Measure::Min | Measure::Max => true,
            Measure::Mean => self.mean().is_none_or(|(_, is_exact)| is_exact),
            _ => !self.is_lost,
        }
    }
}

/// The pieces by bucket and type of event, and what could not be taken in.
struct Sums<'a> {
    log: &'a EventLog,
    field: &'a FieldAsk,
    pieces: Vec<Piece>,
    n_types: usize,
    n_unreadable: u64,
    n_no_numbers: u64,
}

pub(super) fn answer(
    history: &History,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
    progress: &dyn Fn(u64),
) -> Option<Answered> {
    let log = &history.log;
    let (Some(field), Some(pieces)) = (&ask.field, Pieces::new(log, ask)) else {
        return Some(timeless());
    };
    let n_types = log.type_names().len().max(1);
    if !pieces.has_room(n_types * size_of::<Piece>() / size_of::<u64>()) {
        return Some(pieces.too_many());
    }
    let mut sums = Sums {
        log,
        field,
        pieces: vec![Piece::default(); pieces.len() * n_types],
        n_types,
        n_unreadable: 0,
        n_no_numbers: 0,
    };
    pieces.read(history, (cancel, progress), |at, event| {
        sums.take(at, event);
    })?;
    Some(sums.answer(pieces))
}

impl Sums<'_> {
    fn take(&mut self, (bucket, position): (usize, Position), event: Option<&EventDetail>) {
        let text = match event.map(|event| &event.data) {
            Some(Payload::Json(text)) => text,
            Some(_) => return,
            None => {
                self.n_unreadable += 1;
                return;
            }
        };
        let Ok(payload) = json::parse(text.as_bytes()) else {
            self.n_unreadable += 1;
            return;
        };
        let value = self.field.path.get(&payload);
        let Some(value) = value.filter(|value| **value != Json::Null) else {
            return;
        };
        let number = value.as_decimal();
        self.n_no_numbers += u64::from(number.is_none());
        let group = self.log.event_type(position).index();
        if let Some(piece) = self.pieces.get_mut(bucket * self.n_types + group) {
            piece.take(number);
        }
    }

    /// A piece for each of the buckets: of some types together.
    fn joined(&self, types: &[usize]) -> Vec<Piece> {
        let rows = self.pieces.chunks_exact(self.n_types);
        rows.map(|row| {
            let mut all = Piece::default();
            for id in types {
                if let Some(piece) = row.get(*id) {
                    all.join(piece);
                }
            }
            all
        })
        .collect()
    }

    fn answer(self, pieces: Pieces<'_>) -> Answered {
        let by_type = self.by_type();
        let name = |id: usize| {
            let names = self.log.type_names();
            names.get(id).map_or_else(String::new, ToString::to_string)
        };
        let measure = self.field.measure;
        let line = |types: &[usize], name: String| -> Line {
            let joined = self.joined(types);
            let values = joined.iter().map(|piece| piece.measured(measure));
            let is_exact = joined.iter().all(|piece| piece.is_exact(measure));
            Line {
                exact: is_exact,
                ..pieces.line(name, values)
            }
        };
        let types: Vec<usize> = by_type.iter().map(|(id, _)| *id).collect();
        let lines = if types.is_empty() {
            Vec::new()
        } else if self.field.by_type {
            let own = if types.len() > MAX_LINES {
                MAX_LINES - 1
            } else {
                types.len()
            };
            let (shown, others) = types.split_at(own);
            let mut lines: Vec<Line> = shown.iter().map(|id| line(&[*id], name(*id))).collect();
            if !others.is_empty() {
                lines.push(line(others, "other".to_owned()));
            }
            lines
        } else {
            vec![line(&types, format!("data.{}", self.field.path))]
        };
        let rows = by_type.iter().map(|(id, all)| row(name(*id), all));
        let table = Table {
            columns: vec!["Type", "Events", "Sum", "Mean", "Least", "Greatest"],
            rows: rows.collect(),
        };
        let notes = self.notes(types.is_empty());
        let mut plotted: Plotted = pieces.plotted(lines);
        plotted.notes.extend(notes);
        Answered { plotted, table }
    }

    /// The types whose events have the field, with all of their values; those with the largest sum first.
    fn by_type(&self) -> Vec<(usize, Piece)> {
        let mut found: Vec<(usize, Piece)> = (0..self.n_types)
            .map(|id| {
                let mut all = Piece::default();
                for row in self.pieces.chunks_exact(self.n_types) {
                    if let Some(piece) = row.get(id) {
                        all.join(piece);
                    }
                }
                (id, all)
            })
            .filter(|(_, all)| all.n > 0)
            .collect();
        found.sort_by_key(|(_, all)| std::cmp::Reverse((all.sum.abs(), all.n)));
        found
    }

    fn notes(&self, is_nowhere: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if is_nowhere {
            notes.push(format!("No payload has the field {}", self.field.path));
        }
        if self.n_no_numbers > 0 {
            let n = grouped(self.n_no_numbers);
            notes.push(format!("{n} values are no numbers: counted, and in no sum"));
        }
        if self.n_unreadable > 0 {
            let n = grouped(self.n_unreadable);
            notes.push(format!("{n} events cannot be read and are not counted"));
        }
        notes
    }
}

fn row(name: String, all: &Piece) -> Vec<TableCell> {
    let number = |value: Option<Decimal>| {
        value.map_or(TableCell::Missing, |value| {
            TableCell::Text(value.to_string())
        })
    };
    vec![
        TableCell::Text(name),
        TableCell::Count(all.n),
        number(all.sum().filter(|_| all.n_numbers > 0)),
        number(all.mean().map(|(mean, _)| mean)),
        number(all.least),
        number(all.greatest),
    ]
}
