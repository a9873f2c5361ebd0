//! Time never goes back within a stream (T2).
//!
//! Across streams it may: writers that work at the same time finish in any order.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{counted, duration};
use super::version_runs::lists_newest_first;
use crate::event::{Position, Severity, Timestamp};

/// Compares each event's recorded time with the greatest before it in its stream.
pub(super) struct TimeInStream;

impl Check for TimeInStream {
    fn id(&self) -> &'static str {
        "time-in-stream"
    }

    fn title(&self) -> &'static str {
        "Time never goes back within a stream"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let reversed = || {
            lists_newest_first(&scene.history.log)
                .then(|| "the file lists the newest event first".to_owned())
        };
        skip_without_times(scene).or_else(reversed)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        if log.times_go_back() {
            look(scene, found);
        }
        found.group_all(|n_events| {
            format!(
                "{} carry an earlier time than one before them in their stream",
                counted(n_events, "event")
            )
        });
        let n_timed = log.len() as u64 - u64::from(log.n_untimed());
        let streams = counted(log.streams().len() as u64, "stream");
        found.covered(format!("{} in {streams}", counted(n_timed, "time")));
    }
}

fn look(scene: &Scene<'_>, found: &mut Gather) {
    let log = &scene.history.log;
    let mut greatest = vec![i64::MIN; log.streams().len()];
    let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
    for position in (0..end).map(Position) {
        if position.0.is_multiple_of(1 << 16) && scene.watch.is_cancelled() {
            return;
        }
        let Some(Timestamp(time)) = log.time(position) else {
            continue;
        };
        let stream = log.stream(position);
        let before = &mut greatest[stream.index()];
        if time < *before {
            let back = duration(before.saturating_sub(time));
            found.add(Severity::Warning, |finding| {
                let name = log.stream_name(stream);
                finding
                    .at(scene, position)
                    .says(format!("Time goes back by {back} in {name}"))
            });
        }
        *before = time.max(*before);
    }
}

/// Why nothing can be said about times.
pub(super) fn skip_without_times(scene: &Scene<'_>) -> Option<String> {
    let log = &scene.history.log;
    let without = !log.is_empty() && log.n_untimed() as usize == log.len();
    without.then(|| "events have no times that could be read".to_owned())
}
