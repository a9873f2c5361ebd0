//! Events by bucket: the walk that the built-in projections share.

use super::super::bucket::auto_bucket;
use super::super::lines::{By, Cut, Line, Plotted};
use super::super::series::Step;
use super::answer::{Answered, BuiltInAsk};
use crate::event::{Decimal, EventDetail, Place, Position, Timestamp, Want, Zone};
use crate::history::{EventLog, History};

/// About so many pieces where nobody says how long they are.
const USUAL_PIECES: usize = 120;
/// The most numbers that are kept by piece and group.
const MAX_COUNTS: usize = 16 << 20;
/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: usize = 1024;
/// Between so many events `cancel` is looked at.
const CANCEL_EVERY: u32 = 1 << 16;

/// The buckets of a question, and the events in each.
pub(super) struct Pieces<'a> {
    log: &'a EventLog,
    ask: &'a BuiltInAsk,
    cut: Cut,
    /// For each edge how many events stand before it by time.
    pub(super) bounds: Vec<u32>,
    /// Whether the order by time is that of positions.
    is_steady: bool,
}

impl<'a> Pieces<'a> {
    /// `None` where no event has a time.
    pub(super) fn new(log: &'a EventLog, ask: &'a BuiltInAsk) -> Option<Self> {
        let range = ask.range.or_else(|| {
            let (first, last) = log.time_range()?;
            Some((first.0, last.0))
        })?;
        let by = match ask.by {
            By::Event => {
                let range = (Timestamp(range.0), Timestamp(range.1.max(range.0)));
                By::Bucket(auto_bucket(range, USUAL_PIECES), Zone::Utc)
            }
            by => by,
        };
        let cut = Cut::of(by, range);
        let is_steady = !log.times_go_back() && log.n_untimed() == 0;
        let mut bounds = log.time_bounds(cut.edges.iter().map(|edge| Timestamp(*edge)));
        let first = log
            .n_untimed()
            .max(log.rank_before_time(Timestamp(range.0)));
        let last = log.rank_before_time(Timestamp(range.1.saturating_add(1)));
        for bound in &mut bounds {
            *bound = (*bound).clamp(first, last.max(first));
        }
        if let Some(until) = ask.until.filter(|_| is_steady) {
            for bound in &mut bounds {
                *bound = (*bound).min(until.0.saturating_add(1)).min(last);
            }
        }
        Some(Self {
            log,
            ask,
            cut,
            bounds,
            is_steady,
        })
    }

    /// How many buckets there are.
    pub(super) fn len(&self) -> usize {
        self.cut.len()
    }

    /// Whether so many groups can be counted in each bucket.
    pub(super) fn has_room(&self, n_groups: usize) -> bool {
        self.len().saturating_mul(n_groups) <= MAX_COUNTS
    }

    /// What is said where there is no room.
    pub(super) fn too_many(self) -> Answered {
        let mut plotted = self.plotted(Vec::new());
        let sentence = "There are too many pieces of time for so many groups: choose longer ones";
        plotted.notes.push(sentence.to_owned());
        Answered {
            plotted,
            ..Answered::default()
        }
    }

    /// The bounds of the buckets.
    pub(super) fn edges(&self) -> &[i64] {
        &self.cut.edges
    }

    /// The bucket of a moment.
    pub(super) fn bucket_of(&self, time: Timestamp) -> Option<usize> {
        self.cut.bucket_of(time.0)
    }

    /// Whether the bounds alone say which events count.
    pub(super) fn is_plain(&self) -> bool {
        self.ask.category.is_none() && (self.is_steady || self.ask.until.is_none())
    }

    /// Whether an event counts, apart from its time.
    pub(super) fn counts(&self, position: Position) -> bool {
        let category = |wanted| {
            let stream = self.log.stream(position);
            self.log.stream_info(stream).category == wanted
        };
        self.ask.until.is_none_or(|until| position <= until)
            && self.ask.category.is_none_or(category)
    }

    /// Hands over every event that counts with its bucket, by time. `None` where `cancel` said so.
    pub(super) fn walk(
        &self,
        cancel: &dyn Fn() -> bool,
        mut each: impl FnMut(usize, Position),
    ) -> Option<()> {
        let is_plain = self.is_plain();
        for (bucket, pair) in self.bounds.windows(2).enumerate() {
            let mut from = pair[0];
            while from < pair[1] {
                if cancel() {
                    return None;
                }
                let to = from.saturating_add(CANCEL_EVERY).min(pair[1]);
                for rank in from..to {
                    let position = self.log.position_by_time(rank);
                    let counted = position.filter(|at| is_plain || self.counts(*at));
                    if let Some(position) = counted {
                        each(bucket, position);
                    }
                }
                from = to;
            }
        }
        Some(())
    }

    /// Reads every event that counts, and hands it over with its bucket; `None` of it where it cannot
    /// be read. In the order of the file, so that it is read from front to back. `progress` is told how
    /// many events are done with. `None` where `cancel` said so.
    pub(super) fn read(
        &self,
        history: &History,
        (cancel, progress): (&dyn Fn() -> bool, &dyn Fn(u64)),
        mut each: impl FnMut((usize, Position), Option<&EventDetail>),
    ) -> Option<()> {
        let range = self.ask.range.unwrap_or((i64::MIN, i64::MAX));
        let mut batch: Vec<(Position, usize)> = Vec::with_capacity(BATCH);
        let end = u32::try_from(self.log.len()).unwrap_or(u32::MAX);
        for position in (0..end).map(Position) {
            let time = self
                .log
                .time(position)
                .filter(|time| self.counts(position) && (range.0..=range.1).contains(&time.0));
            let bucket = time.and_then(|time| self.bucket_of(time));
            batch.extend(bucket.map(|bucket| (position, bucket)));
            if batch.len() < BATCH && position.0 + 1 < end {
                continue;
            }
            if cancel() {
                return None;
            }
            let places = batch.iter().map(|(position, _)| self.log.place(*position));
            let places: Vec<Place> = places.collect();
            history
                .reader
                .read(&places, Want::Payloads, &mut |nr, read| {
                    if let Some((position, bucket)) = batch.get(nr) {
                        each((*bucket, *position), read.ok().as_ref());
                    }
                    true
                });
            batch.clear();
            progress(u64::from(position.0) + 1);
        }
        Some(())
    }

    /// The last event of each bucket by time; of an empty one the last before it.
    fn position(&self, bucket: usize) -> Position {
        let end = self.bounds.get(bucket + 1).copied().unwrap_or(0);
        let last = end.checked_sub(1);
        last.and_then(|rank| self.log.position_by_time(rank))
            .unwrap_or_default()
    }

    /// A line of one value a bucket.
    pub(super) fn line(&self, name: String, values: impl Iterator<Item = Option<Decimal>>) -> Line {
        let edges = self.cut.edges.iter().take(self.len()).enumerate();
        let points = edges.zip(values).map(|((bucket, edge), value)| Step {
            x: *edge,
            position: self.position(bucket),
            value,
        });
        Line {
            name,
            points: points.collect(),
            bands: Vec::new(),
            exact: true,
        }
    }

    /// As [`Self::line`], of counts.
    pub(super) fn counted(&self, name: String, counts: impl Iterator<Item = u64>) -> Line {
        self.line(name, counts.map(whole))
    }

    pub(super) fn plotted(self, lines: Vec<Line>) -> Plotted {
        Plotted {
            lines,
            bucket: self.cut.bucket,
            notes: self.cut.note.into_iter().collect(),
            edges: self.cut.edges,
            ..Plotted::default()
        }
    }
}

/// A count as a number of a line.
pub(super) fn whole(count: u64) -> Option<Decimal> {
    i64::try_from(count).ok().map(Decimal::whole)
}

/// What is said where no event has a time.
pub(super) fn timeless() -> Answered {
    Answered::noted("No event has a time")
}
