//! Saved states are what the events make (N1). Held against a replay before the audit began.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::counted;
use crate::event::Severity;

/// Says what the replay has found.
pub(super) struct SnapshotReplay;

impl Check for SnapshotReplay {
    fn id(&self) -> &'static str {
        "snapshot-replay"
    }

    fn title(&self) -> &'static str {
        "Saved states match the replay"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        if scene.history.n_snapshots == 0 {
            return Some("the store keeps no saved states".to_owned());
        }
        let without = scene.options.snapshots.is_none();
        without.then(|| "no rules were given to replay by".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let Some(held) = &scene.options.snapshots else {
            return;
        };
        if held.n_held == 0 {
            found.skip("no saved state belongs to an event that is there");
            return;
        }
        // What a mere merge of payloads makes need not be what the application saves.
        let severity = if held.is_application_state {
            Severity::Error
        } else {
            Severity::Info
        };
        for one in &held.differ {
            found.add(severity, |finding| {
                let name = scene.history.log.stream_name(one.stream);
                let said = match &one.at {
                    Ok(path) if one.n_fields > 1 => format!(
                        "The saved state of {name} at version {} differs at {path} and {}",
                        one.version.0,
                        counted(one.n_fields - 1, "other field")
                    ),
                    Ok(path) => format!(
                        "The saved state of {name} at version {} differs at {path}",
                        one.version.0
                    ),
                    Err(why) => format!(
                        "The saved state of {name} at version {} cannot be read: {why}",
                        one.version.0
                    ),
                };
                finding.at(scene, one.position).says(said)
            });
        }
        found.add_uncounted(severity, held.n_differ - held.differ.len() as u64);
        found.group_all(|n| {
            format!(
                "{} are not what {} makes of the events",
                counted(n, "saved state"),
                held.rules
            )
        });
        found.parameter("rules", held.rules.clone());
        found.covered(held.covered());
    }
}
