//! What is said of problems in words: what is read out, and what is copied.

use std::fmt::Write as _;

use super::shared::counted;
use crate::event::{Problem, Problems, Severity};
use crate::history::History;
use crate::ui::theme::format;

/// The word for a severity.
pub(super) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Note",
        Severity::Warning => "Warning",
        Severity::Error => "Error",
    }
}

/// How many problems of a kind are kept with their place.
pub(super) fn kept_of(problems: &Problems, kind: &str) -> u64 {
    let items = problems.items().iter();
    let n_kept = items.filter(|problem| problem.kind == kind).count();
    u64::try_from(n_kept).unwrap_or(u64::MAX)
}

/// How many problems of a kind were met.
pub(super) fn met_of(problems: &Problems, kind: &str) -> u64 {
    let mut kinds = problems.kinds().iter();
    kinds
        .find(|(name, _)| name == kind)
        .map_or(0, |(_, n_met)| *n_met)
}

/// What is read out for a problem.
pub(super) fn spoken(problem: &Problem) -> String {
    let mut said = format!(
        "{}, {}, {}, {}",
        severity_word(problem.severity),
        problem.kind,
        problem.place,
        problem.message
    );
    if let Some(excerpt) = &problem.excerpt {
        write!(said, ", begins with {excerpt}").ok();
    }
    said
}

/// A problem as one line of fields between tabs.
pub(super) fn line(problem: &Problem) -> String {
    let fields = [
        severity_word(problem.severity),
        &problem.kind,
        &problem.place,
        &problem.message,
        problem.excerpt.as_deref().unwrap_or_default(),
    ];
    fields.map(format::visible).join("\t")
}

/// All problems kept as text: how many there were, the kinds, and a line for each.
pub(super) fn all(history: &History) -> String {
    let problems = &history.problems;
    let names: Vec<&str> = history
        .about
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    let mut out = format!(
        "{} while reading {}, {} gave no event\n\n",
        counted(problems.total(), "problem", "problems"),
        format::visible(&names.join(", ")),
        counted(problems.records_lost(), "record", "records"),
    );
    for (kind, n_met) in problems.kinds() {
        let n_kept = kept_of(problems, kind);
        write!(out, "{kind}: {}", format::count(*n_met)).ok();
        if n_kept < *n_met {
            write!(out, ", the first {} listed", format::count(n_kept)).ok();
        }
        out.push('\n');
    }
    out.push_str("\nSeverity\tKind\tPlace\tProblem\tBegins with\n");
    for problem in problems.items() {
        out.push_str(&line(problem));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_whatever_the_problem_holds() {
        let problem = Problem {
            kind: "not-json".to_owned(),
            severity: Severity::Warning,
            place: "line 4 of a\tb.jsonl".to_owned(),
            message: "two\nlines".to_owned(),
            excerpt: None,
        };
        assert_eq!(
            line(&problem),
            "Warning\tnot-json\tline 4 of a\\tb.jsonl\ttwo\\nlines\t"
        );
    }
}
