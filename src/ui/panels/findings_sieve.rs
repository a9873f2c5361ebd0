//! Which findings are listed: all or those accepted, of one severity, of one check, and with words in them.

use egui::Ui;

use super::audit_checks::icon_of;
use super::findings::{category_of, status_of};
use super::shared::{place, typed_slash};
use super::tile;
use crate::audit::{Audit, Finding};
use crate::event::{Position, Severity};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{format, size, tokens};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::segments::{Choice, segments_of};

/// Width of the filter, and the least that it is any good with.
const FILTER: f32 = 176.0;
const LEAST: f32 = 96.0;
/// What the choice of a severity takes.
const SEVERITIES: f32 = 200.0;

/// What is chosen, and the findings that are left.
#[derive(Default)]
pub(super) struct Sieve {
    /// The indexes of those findings, the worst first.
    pub(super) shown: Vec<usize>,
    shown_of: Option<Key>,
    severity: Option<Severity>,
    is_accepted: bool,
    words: String,
}

/// What the findings shown are of.
#[derive(PartialEq)]
struct Key {
    generation: u64,
    n_findings: usize,
    n_accepted: usize,
    severity: Option<Severity>,
    check: Option<&'static str>,
    is_accepted: bool,
    words: String,
}

impl Sieve {
    /// Shows everything again.
    pub(super) fn clear(&mut self) {
        self.severity = None;
        self.words.clear();
    }

    /// Shows the tabs with what limits the list.
    pub(super) fn head_ui(&mut self, ui: &mut Ui, view: &View<'_>, audit: &Audit) {
        let n_accepted = n_accepted(view, audit);
        if n_accepted == 0 {
            self.is_accepted = false;
        }
        let words = |n: usize| format::count(u64::try_from(n).unwrap_or(0));
        let open = format!("Findings\t{}", words(audit.findings.len() - n_accepted));
        let accepted = format!("Accepted\t{}", words(n_accepted));
        let titles = [open.as_str(), accepted.as_str()];
        let titles = &titles[..=usize::from(n_accepted > 0)];
        let (clicked, ()) =
            tile::tabs_with(ui, titles, usize::from(self.is_accepted), true, |ui| {
                self.filter_ui(ui);
                self.severities_ui(ui, audit);
            });
        if let Some(tab) = clicked {
            self.is_accepted = tab == 1;
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui) {
        let wants_filter = typed_slash(ui.ctx());
        let width = (ui.available_width() - SEVERITIES).clamp(LEAST, FILTER);
        let field = Field::filter("Filter findings")
            .key_cap("/")
            .small()
            .width(width)
            .show(ui, &mut self.words);
        if wants_filter {
            field.response.request_focus();
        }
    }

    fn severities_ui(&mut self, ui: &mut Ui, audit: &Audit) {
        let t = tokens(ui);
        let words = |severity: Severity| {
            let all = audit.findings.iter();
            let n = all.filter(|found| found.severity == severity).count();
            format::count(u64::try_from(n).unwrap_or(0))
        };
        let counts = [Severity::Error, Severity::Warning, Severity::Info].map(words);
        let said = ["errors", "warnings", "notes"];
        let said: Vec<String> = counts
            .iter()
            .zip(said)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        let choice = |nr: usize, severity: Severity| Choice {
            value: Some(severity),
            label: counts.get(nr).map_or("", String::as_str),
            icon: Some(icon_of(t, status_of(severity))),
            said: said.get(nr).map_or("", String::as_str),
            lacks: "",
        };
        let all = Choice {
            value: None,
            label: "All",
            icon: None,
            said: "All",
            lacks: "",
        };
        let choices = [
            all,
            choice(0, Severity::Error),
            choice(1, Severity::Warning),
            choice(2, Severity::Info),
        ];
        ui.spacing_mut().item_spacing.x = size::TOOL_SIDE;
        segments_of(ui, "Severity", &mut self.severity, &choices);
    }

    /// Finds out what is left, where that may be something else than before.
    pub(super) fn refresh(
        &mut self,
        view: &View<'_>,
        log: &EventLog,
        audit: &Audit,
        check: Option<&'static str>,
    ) {
        let key = Key {
            generation: view.workbench.generation,
            n_findings: audit.findings.len(),
            n_accepted: n_accepted(view, audit),
            severity: self.severity,
            check,
            is_accepted: self.is_accepted,
            words: self.words.trim().to_lowercase(),
        };
        if self.shown_of.as_ref() == Some(&key) {
            return;
        }
        let fits = |found: &Finding| {
            key.severity
                .is_none_or(|severity| found.severity == severity)
                && key.check.is_none_or(|check| found.check == check)
                && (!key.is_accepted || view.workbench.accepted(found).is_some())
                && says(found, log, &key.words)
        };
        let mut shown: Vec<usize> = (0..audit.findings.len())
            .filter(|nr| audit.findings.get(*nr).is_some_and(fits))
            .collect();
        // The worst first; within one severity as the audit has them.
        let severity = |nr: &usize| audit.findings.get(*nr).map(|found| found.severity);
        shown.sort_by_key(|nr| std::cmp::Reverse(severity(nr)));
        self.shown = shown;
        self.shown_of = Some(key);
    }
}

fn n_accepted(view: &View<'_>, audit: &Audit) -> usize {
    let all = audit.findings.iter();
    all.filter(|found| view.workbench.accepted(found).is_some())
        .count()
}

/// Whether each of the words, in lower case, stands in what a row says of the finding.
fn says(found: &Finding, log: &EventLog, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let at = found.position.map(|at| place(Position(at)));
    let stream = found.stream.as_deref().unwrap_or_default();
    let parts = [
        found.message.as_str(),
        found.group.as_deref().unwrap_or_default(),
        stream,
        category_of(log, found),
        found.check,
        at.as_deref().unwrap_or_default(),
    ];
    let text = parts.join(" ").to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}
