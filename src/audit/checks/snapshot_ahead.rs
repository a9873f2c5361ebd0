//! Saved states are not ahead of their streams (N2): none was saved after a version that is not there.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::counted;
use super::version_runs::{position_at, skip_without_versions};
use crate::event::Severity;

/// Compares the version of each saved state with the greatest of its stream; costs no walk.
pub(super) struct SnapshotAhead;

impl Check for SnapshotAhead {
    fn id(&self) -> &'static str {
        "snapshot-ahead"
    }

    fn title(&self) -> &'static str {
        "Saved states are not ahead of their streams"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.history.snapshots.is_empty();
        skip_without_versions(scene)
            .or_else(|| without.then(|| "the store keeps no saved states".to_owned()))
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        for mark in &scene.history.snapshots {
            let n_events = u32::try_from(log.events_of(mark.stream).len()).unwrap_or(u32::MAX);
            let Some(last_rank) = n_events.checked_sub(1) else {
                continue;
            };
            let head = log.stream_span(mark.stream).last_version;
            if head.is_some_and(|head| mark.version > head) {
                found.add(Severity::Error, |finding| {
                    let name = log.stream_name(mark.stream);
                    let head = head.unwrap_or_default();
                    let at = position_at(log, mark.stream, last_rank);
                    let said = format!(
                        "{name} ends at version {head}, a state of it was saved at version {}: its last events are gone",
                        mark.version
                    );
                    finding.at(scene, at).says(said)
                });
            }
        }
        found.group_all(|n| format!("{} are ahead of their streams", counted(n, "saved state")));
        let n_marks = scene.history.snapshots.len() as u64;
        let all = scene.history.n_snapshots;
        let partial = if all > n_marks {
            format!("partial: of {all}, ")
        } else {
            String::new()
        };
        found.covered(format!("{partial}{}", counted(n_marks, "saved state")));
    }
}
