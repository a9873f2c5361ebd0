//! Streams end where the store says they do (V5): at the version that its own table of streams notes.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::version_runs::{position_at, skip_without_versions};
use crate::event::{Severity, StreamHeads, Version};

/// Compares the last version of each stream with the one that the store notes.
#[derive(Default)]
pub(super) struct StreamHead;

impl Check for StreamHead {
    fn id(&self) -> &'static str {
        "stream-head"
    }

    fn title(&self) -> &'static str {
        "Streams end where the store says"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_versions(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let reader = &scene.history.reader;
        let heads = reader.stream_heads(&|| scene.watch.is_cancelled());
        let Some(heads) = heads else {
            found.skip("the store keeps no table of streams with their last versions");
            return;
        };
        let log = &scene.history.log;
        let mut n_held = 0;
        let mut gone: Vec<&(String, i64)> = Vec::new();
        for head in &heads.heads {
            let streams = log.streams_named(&head.0);
            match streams.as_slice() {
                [] => gone.push(head),
                [stream] => {
                    n_held += 1;
                    hold(scene, &heads, (*stream, head.1), found);
                }
                // Which of several streams of one name is meant cannot be told.
                _ => {}
            }
        }
        if n_held == 0 {
            found.skip(format!(
                "the names in {} are not those of the streams",
                heads.table
            ));
            return;
        }
        // Where hardly any name is known, names are written otherwise there.
        let is_same_names = gone.len() as u64 <= n_held;
        let base = log.version_base().map_or(0, |base| base.0);
        let gone = gone.into_iter().filter(|(_, head)| *head >= base.max(0));
        for (name, head) in gone.filter(|_| is_same_names && !name_is_of_all(&heads.table)) {
            found.add(Severity::Warning, |finding| {
                let said = format!(
                    "{} notes {name} at version {head}, and no event of it is there",
                    heads.table
                );
                finding.says(said).grouped("Streams without any event")
            });
        }
        found.parameter("table", heads.table.clone());
        found.covered(counted(n_held, "stream"));
    }
}

/// Whether a table holds streams of links too, which have no events of their own.
fn name_is_of_all(table: &str) -> bool {
    table.eq_ignore_ascii_case("streams")
}

fn hold(
    scene: &Scene<'_>,
    heads: &StreamHeads,
    (stream, head): (crate::event::StreamId, i64),
    found: &mut Gather,
) {
    let log = &scene.history.log;
    let Some(last) = log.stream_span(stream).last_version else {
        return;
    };
    if last == Version(head) {
        return;
    }
    let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
    let at = position_at(log, stream, n_events.saturating_sub(1));
    let n_missing = last.0.abs_diff(head);
    found.add(Severity::Error, |finding| {
        let name = log.stream_name(stream);
        let said = if last.0 < head {
            format!(
                "{name} ends at version {}, and {} notes {head}: {} of its end missing",
                last.0,
                heads.table,
                match n_missing {
                    1 => "1 event is".to_owned(),
                    n => format!("{} events are", count(n)),
                }
            )
        } else {
            format!(
                "{name} goes on to version {}, and {} notes {head}",
                last.0, heads.table
            )
        };
        finding.at(scene, at).says(said).counts(n_missing)
    });
}
