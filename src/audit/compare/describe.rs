//! What was found, in the words of the answer: which events differ, and in what.

use super::super::words::duration;
use super::columns::Columns;
use super::differences::{Comparison, Difference, DifferenceKind};
use super::streams::{MAX_ITEMS, Pairing, Tally};
use crate::event::json::parse;
use crate::event::{EventDetail, Position, Want};
use crate::fold::diff;
use crate::history::EventLog;

/// The most differences that are described by field, and the most streams that are listed.
const MAX_DESCRIBED: usize = 1_000;
const MAX_STREAMS: usize = 1_000;
/// The most fields that a difference names.
const MAX_FIELDS: usize = 20;

impl Pairing<'_> {
    /// The answer, its first differences described.
    pub(super) fn finish(&self, tally: Tally) -> Comparison {
        let Tally {
            mut found,
            mut streams,
            items,
            ..
        } = tally;
        let mut items: Vec<Difference> = items
            .into_iter()
            .map(|(kind, a, b)| self.difference(kind, a, b))
            .collect();
        items.sort_by_key(Difference::place);
        items.truncate(MAX_ITEMS);
        for item in items.iter_mut().take(MAX_DESCRIBED) {
            self.describe(item);
        }
        streams.sort_by(|x, y| x.stream.cmp(&y.stream));
        streams.truncate(MAX_STREAMS);
        found.first_divergence = items.first().cloned();
        found.items = items;
        found.streams = streams;
        found.unread = self.a.n_unread + self.b.n_unread;
        found.compared = self.compared();
        found
    }

    fn compared(&self) -> Vec<String> {
        let place = if self.by_rank {
            "place in the stream"
        } else {
            "version"
        };
        let mut compared = vec![place.to_owned(), "type".to_owned(), "data".to_owned()];
        let unit = self.coarser;
        let is_timed = |columns: &Columns<'_>| {
            (columns.history.log.n_untimed() as usize) < columns.history.log.len()
        };
        if is_timed(self.a) && is_timed(self.b) {
            compared.push(format!("time to {}", duration(unit)));
        }
        let has_ids = |columns: &Columns<'_>| columns.ids.iter().any(|id| *id != 0);
        if has_ids(self.a) && has_ids(self.b) {
            compared.push("id".to_owned());
        }
        if self.same_format {
            compared.extend(["metadata".to_owned(), "order across streams".to_owned()]);
        }
        compared
    }

    fn difference(
        &self,
        kind: DifferenceKind,
        a: Option<Position>,
        b: Option<Position>,
    ) -> Difference {
        let (log_a, log_b) = (&self.a.history.log, &self.b.history.log);
        let stream = match (a, b) {
            (Some(a), _) => log_a.stream_name(log_a.stream(a)),
            (None, Some(b)) => log_b.stream_name(log_b.stream(b)),
            (None, None) => "",
        };
        let version = |log: &EventLog, at: Option<Position>| {
            at.and_then(|at| log.version(at)).map(|version| version.0)
        };
        Difference {
            kind,
            stream: stream.to_owned(),
            version_a: version(log_a, a),
            version_b: version(log_b, b),
            position_a: a.map(|a| a.0),
            position_b: b.map(|b| b.0),
            event_id: None,
            fields: Vec::new(),
        }
    }

    /// Reads both events again, to say what differs.
    fn describe(&self, item: &mut Difference) {
        let read = |columns: &Columns<'_>, at: Option<u32>| -> Option<EventDetail> {
            let place = columns.history.log.place(Position(at?));
            columns.history.reader.read_one(place, Want::Presented).ok()
        };
        let (a, b) = (read(self.a, item.position_a), read(self.b, item.position_b));
        let id = |detail: &Option<EventDetail>| {
            let detail = detail.as_ref()?;
            detail.id.clone()
        };
        item.event_id = id(&a).or_else(|| id(&b));
        let (Some(at_a), Some(at_b), Some(a), Some(b)) = (item.position_a, item.position_b, a, b)
        else {
            return;
        };
        if item.kind == DifferenceKind::Different {
            let columns = self.unequal_columns(Position(at_a), Position(at_b));
            item.fields = columns.map(str::to_owned).collect();
            item.fields.extend(data_fields(&a, &b));
            if self.same_format && a.metadata != b.metadata {
                item.fields.push("metadata".to_owned());
            }
        }
    }
}

/// The paths at which the data of two events differ; `data` where it is no JSON.
fn data_fields(a: &EventDetail, b: &EventDetail) -> Vec<String> {
    let json = |detail: &EventDetail| {
        let text = detail.data.json()?;
        parse(text.as_bytes()).ok()
    };
    match (json(a), json(b)) {
        (Some(a), Some(b)) => {
            let changes = diff(&a, &b).into_iter().take(MAX_FIELDS);
            changes.map(|change| change.path.pointer()).collect()
        }
        _ if a.data != b.data => vec!["data".to_owned()],
        _ => Vec::new(),
    }
}
