//! How many bytes payloads have: data and metadata as they are presented.

use super::super::bucket::Bucket;
use super::super::lines::{By, Plotted};
use super::BuiltIn;
use super::answer::{Answered, BuiltInAsk, Table, TableCell};
use super::counts::MAX_LINES;
use super::walk::{Pieces, timeless, whole};
use crate::event::{EventDetail, Position, Timestamp, Zone};
use crate::history::{EventLog, History};

/// Sums by bucket and group.
struct Sums<'a> {
    log: &'a EventLog,
    what: BuiltIn,
    n_groups: usize,
    bytes: Vec<u64>,
    events: Vec<u64>,
    n_unreadable: u64,
}

pub(super) fn answer(
    history: &History,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
    progress: &dyn Fn(u64),
) -> Option<Answered> {
    let log = &history.log;
    let ask = &BuiltInAsk {
        by: match (ask.what, ask.by) {
            (BuiltIn::BytesByMonth, By::Bucket(_, zone) | By::FromStart(_, zone)) => {
                By::Bucket(Bucket::Month, zone)
            }
            (BuiltIn::BytesByMonth, By::Event) => By::Bucket(Bucket::Month, Zone::Utc),
            (_, by) => by,
        },
        ..ask.clone()
    };
    let Some(pieces) = Pieces::new(log, ask) else {
        return Some(timeless());
    };
    let names: Vec<String> = match ask.what {
        BuiltIn::BytesByType => log.type_names().iter().map(|n| n.to_string()).collect(),
        BuiltIn::BytesByCategory => log.category_names().iter().map(|n| n.to_string()).collect(),
        _ => vec!["bytes".to_owned()],
    };
    let n_groups = names.len().max(1);
    if !pieces.has_room(n_groups) {
        return Some(pieces.too_many());
    }
    let mut sums = Sums {
        log,
        what: ask.what,
        n_groups,
        bytes: vec![0; pieces.len() * n_groups],
        events: vec![0; pieces.len() * n_groups],
        n_unreadable: 0,
    };
    pieces.read(history, (cancel, progress), |at, event| {
        sums.take(at, event);
    })?;
    Some(sums.answer(pieces, &names))
}

impl Sums<'_> {
    fn take(&mut self, (bucket, position): (usize, Position), event: Option<&EventDetail>) {
        let Some(event) = event else {
            self.n_unreadable += 1;
            return;
        };
        let group = match self.what {
            BuiltIn::BytesByType => self.log.event_type(position).index(),
            BuiltIn::BytesByCategory => {
                let stream = self.log.stream(position);
                self.log.stream_info(stream).category.index()
            }
            _ => 0,
        };
        let at = bucket * self.n_groups + group;
        if let (Some(bytes), Some(events)) = (self.bytes.get_mut(at), self.events.get_mut(at)) {
            *bytes += (event.data.len() + event.metadata.len()) as u64;
            *events += 1;
        }
    }

    fn answer(self, pieces: Pieces<'_>, names: &[String]) -> Answered {
        let total = |of: &[u64], id: usize| -> u64 {
            of.chunks_exact(self.n_groups).map(|row| row[id]).sum()
        };
        let mut ids: Vec<usize> = (0..names.len())
            .filter(|id| total(&self.events, *id) > 0)
            .collect();
        ids.sort_by_key(|id| std::cmp::Reverse(total(&self.bytes, *id)));
        let table = if self.what == BuiltIn::BytesByMonth {
            self.by_month(&pieces)
        } else {
            self.by_group(names, &ids)
        };
        let own = if ids.len() > MAX_LINES {
            MAX_LINES - 1
        } else {
            ids.len()
        };
        let (shown, others) = ids.split_at(own);
        let line = |ids: &[usize], name: &str| {
            let rows = self.bytes.chunks_exact(self.n_groups);
            let sums = rows.map(|row| ids.iter().map(|id| row[*id]).sum());
            pieces.counted(name.to_owned(), sums)
        };
        let mut lines: Vec<_> = shown.iter().map(|id| line(&[*id], &names[*id])).collect();
        if !others.is_empty() {
            lines.push(line(others, "other"));
        }
        let mut plotted: Plotted = pieces.plotted(lines);
        if self.n_unreadable > 0 {
            let n = crate::event::grouped(self.n_unreadable);
            plotted
                .notes
                .push(format!("{n} events cannot be read and are not counted"));
        }
        Answered { plotted, table }
    }

    fn row(name: TableCell, events: u64, bytes: u64, all: u64) -> Vec<TableCell> {
        let mean = whole(bytes).and_then(|bytes| bytes.checked_divide(events));
        let mean = mean.map_or(TableCell::Missing, |(mean, _)| {
            TableCell::Text(mean.to_string())
        });
        vec![
            name,
            TableCell::Count(events),
            TableCell::Bytes(bytes),
            TableCell::share(bytes, all),
            mean,
        ]
    }

    fn by_group(&self, names: &[String], ids: &[usize]) -> Table {
        let total = |of: &[u64], id: usize| -> u64 {
            of.chunks_exact(self.n_groups).map(|row| row[id]).sum()
        };
        let all = self.bytes.iter().sum();
        let rows = ids.iter().map(|id| {
            let name = TableCell::Text(names[*id].clone());
            Self::row(name, total(&self.events, *id), total(&self.bytes, *id), all)
        });
        let first = match self.what {
            BuiltIn::BytesByType => "Type",
            _ => "Category",
        };
        Table {
            columns: vec![first, "Events", "Bytes", "Share", "Mean"],
            rows: rows.collect(),
        }
    }

    fn by_month(&self, pieces: &Pieces<'_>) -> Table {
        let all = self.bytes.iter().sum();
        let months = pieces
            .edges()
            .iter()
            .zip(self.events.iter().zip(&self.bytes));
        let rows = months.map(|(edge, (events, bytes))| {
            let month = TableCell::Moment(Timestamp(*edge));
            Self::row(month, *events, *bytes, all)
        });
        Table {
            columns: vec!["Month", "Events", "Bytes", "Share", "Mean"],
            rows: rows.collect(),
        }
    }
}
