//! Every record was read (F1): events and records lost add up to the records of the file.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use crate::event::Severity;

/// Reconciles what was read with what the file holds; what was wrong with records are its details.
pub(super) struct Completeness;

impl Check for Completeness {
    fn id(&self) -> &'static str {
        "completeness"
    }

    fn title(&self) -> &'static str {
        "Every record was read"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let open = !scene.history.is_complete;
        open.then(|| "the file is still being opened".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let history = scene.history;
        let events = history.log.len() as u64;
        let lost = history.problems.records_lost();
        // The source's own count, where it keeps one: what was read cannot vouch for itself.
        let records = history.reader.recount().unwrap_or(history.about.n_records);
        found.covered(format!(
            "{} and {} skipped of {}",
            counted(events, "event"),
            count(lost),
            counted(records, "record")
        ));
        let seen = events + lost;
        if seen != records {
            let difference = seen.abs_diff(records);
            let message = format!(
                "The file counts {}, {} and {} skipped are {}",
                counted(records, "record"),
                counted(events, "event"),
                count(lost),
                count(seen)
            );
            found.add(Severity::Error, |finding| {
                finding.says(message).counts(difference)
            });
        }
        problems(scene, found);
    }
}

/// Kinds of problems that say what is left out on purpose, such as a server's own events.
const LEFT_OUT: [&str; 1] = ["system-events"];

/// Each problem kept as a detail, grouped by its kind; those not kept are counted.
fn problems(scene: &Scene<'_>, found: &mut Gather) {
    let problems = &scene.history.problems;
    for (kind, total) in problems.kinds() {
        let items = problems
            .items()
            .iter()
            .filter(|problem| problem.kind == *kind);
        let mut kept = 0;
        let mut worst = Severity::Info;
        for problem in items {
            let severity = if LEFT_OUT.contains(&kind.as_str()) {
                Severity::Info
            } else {
                problem.severity
            };
            let group =
                (*total > 1).then(|| format!("{} of the kind {kind}", counted(*total, "problem")));
            found.add(severity, |finding| {
                let said = finding.says(format!("{}: {}", problem.place, problem.message));
                let mut said = match group {
                    Some(group) => said.grouped(group),
                    None => said,
                };
                said.place = Some(problem.place.clone());
                said
            });
            kept += 1;
            worst = worst.max(severity);
        }
        found.add_uncounted(worst, total.saturating_sub(kept));
    }
}
