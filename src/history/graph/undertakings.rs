//! All undertakings of a history: one line for each correlation.

use super::super::causes::{CauseIndex, NoCauses};
use super::super::history::History;
use crate::event::{Place, Position, StreamId, Timestamp, Want};

/// How many undertakings are listed: those of the most events.
const MOST: usize = 200_000;
/// How many events of one are looked at for its streams.
const LOOKED_AT: usize = 2_000;
/// How many records are asked for at a time.
const BATCH: usize = 4_096;

/// One undertaking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndertakingLine {
    /// The correlation by which its events belong together.
    pub correlation: Box<str>,
    /// Its first event.
    pub first: Position,
    /// How many events it has.
    pub n_events: u32,
    /// How many streams they are of, among its first 2,000.
    pub n_streams: u32,
    /// The stream of most of these.
    pub main: StreamId,
    /// Its least and its greatest time.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Where its events stand in the index.
    group: (usize, usize),
}

impl UndertakingLine {
    /// How long it took in nanoseconds, where its events have times.
    pub fn lasts(&self) -> Option<i64> {
        let (first, last) = self.times?;
        Some(last.0.saturating_sub(first.0))
    }
}

/// All of them, those of the most events first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undertakings {
    /// The lines; at most 200,000.
    pub lines: Vec<UndertakingLine>,
    /// How many there are.
    pub n_all: u64,
}

impl Undertakings {
    /// Gathers them from the index, and reads the first event of each for its name. Events are told
    /// apart by the hash of their correlation: among a million undertakings one in some thousands may
    /// count for another; the graph of one is exact.
    pub fn of(
        history: &History,
        index: &CauseIndex,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Self, NoCauses> {
        let mut groups = index.groups_of_correlations();
        let n_all = groups.len() as u64;
        // Of equal ones the first, so that the answer is always the same.
        groups.sort_by_key(|(from, to)| (std::cmp::Reverse(to - from), *from));
        groups.truncate(MOST);
        let mut lines = Vec::new();
        lines
            .try_reserve_exact(groups.len())
            .map_err(|_error| NoCauses::TooLarge)?;
        for (nr, group) in groups.into_iter().enumerate() {
            if nr.is_multiple_of(1 << 10) && cancel() {
                return Err(NoCauses::Cancelled);
            }
            lines.extend(line(history, index, group));
        }
        name(history, &mut lines, cancel)?;
        lines.retain(|line| !line.correlation.is_empty());
        Ok(Self { lines, n_all })
    }
}

impl CauseIndex {
    /// The events of an undertaking that was gathered from this very index, rising; candidates.
    pub fn events_of(
        &self,
        line: &UndertakingLine,
    ) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.correlations_in(line.group)
    }
}

fn line(history: &History, index: &CauseIndex, group: (usize, usize)) -> Option<UndertakingLine> {
    let log = &history.log;
    let events = index.correlations_in(group);
    let n_events = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let (mut first, mut times) = (None, None::<(Timestamp, Timestamp)>);
    let mut streams: Vec<StreamId> = Vec::new();
    for position in events {
        first.get_or_insert(position);
        if streams.len() < LOOKED_AT {
            streams.push(log.stream(position));
        }
        if let Some(time) = log.time(position) {
            times = Some(times.map_or((time, time), |(least, most)| {
                (least.min(time), most.max(time))
            }));
        }
    }
    streams.sort_unstable();
    let runs = streams.chunk_by(|a, b| a == b);
    let n_streams = u32::try_from(runs.clone().count()).unwrap_or(u32::MAX);
    let main = runs.max_by_key(|run| run.len())?.first().copied()?;
    Some(UndertakingLine {
        correlation: Box::default(),
        first: first?,
        n_events,
        n_streams,
        main,
        times,
        group,
    })
}

/// Reads the correlation of each from its first event.
fn name(
    history: &History,
    lines: &mut [UndertakingLine],
    cancel: &dyn Fn() -> bool,
) -> Result<(), NoCauses> {
    // In the order of the file, which is read fastest so.
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|nr| lines.get(*nr).map(|line| line.first));
    for batch in order.chunks(BATCH) {
        if cancel() {
            return Err(NoCauses::Cancelled);
        }
        let places: Vec<Place> = batch
            .iter()
            .filter_map(|nr| Some(history.log.place(lines.get(*nr)?.first)))
            .collect();
        history
            .reader
            .read(&places, Want::Presented, &mut |at, detail| {
                let line = batch.get(at).and_then(|nr| lines.get_mut(*nr));
                let name = detail.ok().and_then(|detail| detail.correlation);
                if let (Some(line), Some(name)) = (line, name) {
                    line.correlation = name.into();
                }
                true
            });
    }
    Ok(())
}
