//! No time lies in the future (T4): no event carries a later time than the file's last write.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{counted, duration};
use super::time_in_stream::skip_without_times;
use crate::event::{Position, Severity, Timestamp};

/// Compares with the last write of the files, as the evidence has it; costs no walk.
pub(super) struct FutureTime;

impl Check for FutureTime {
    fn id(&self) -> &'static str {
        "future-time"
    }

    fn title(&self) -> &'static str {
        "No time lies in the future"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let unknown = || "it is not known when the file was last written".to_owned();
        let known = scene.evidence.last_write().is_some();
        skip_without_times(scene).or_else(|| (!known).then(unknown))
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let Some(written) = scene.evidence.last_write() else {
            return;
        };
        let tolerance = scene.options.future_tolerance_nanos;
        let limit = Timestamp(written.0.saturating_add(tolerance).saturating_add(1));
        let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let from = log.rank_before_time(limit).max(log.n_untimed());
        let mut late: Vec<Position> = (from..end)
            .filter_map(|rank| log.position_by_time(rank))
            .collect();
        late.sort_unstable();
        for position in late {
            found.add(Severity::Warning, |finding| {
                let ahead = log
                    .time(position)
                    .map_or(0, |time| time.0.saturating_sub(written.0));
                let ahead = duration(ahead);
                finding.at(scene, position).says(format!(
                    "The event's time is {ahead} after the file's last write"
                ))
            });
        }
        found.group_all(|n| {
            format!(
                "{} carry a time after the file's last write",
                counted(n, "event")
            )
        });
        found.parameter("last write", written.rfc3339(0));
        found.parameter("tolerance", duration(tolerance));
        let n_timed = end - log.n_untimed();
        found.covered(format!(
            "{} against the last write {}",
            counted(u64::from(n_timed), "time"),
            written.rfc3339(0)
        ));
    }
}
