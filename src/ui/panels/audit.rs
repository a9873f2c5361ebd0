//! The Audit view: evidence first, then the checks, what they found, and the finding that is chosen.

use egui::{Rect, Stroke, Ui, pos2};

use super::audit_checks::ChecksList;
use super::audit_copy::CopyPanel;
use super::audit_drift::DriftPanel;
use super::audit_evidence::{Tools, bar_ui};
use super::audit_gaps::GapsPanel;
use super::audit_reconcile::ReconcilePanel;
use super::audit_sample::SamplePanel;
use super::audit_screening::ScreeningPanel;
use super::findings::FindingsTable;
use super::findings_detail::detail_ui;
use super::side_tabs::SideTabs;
use super::tile;
use crate::audit::Audit;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{icons, size, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::progress::Progress;
use crate::workbench::{Action, Freshness, InspectorTab};

/// Width of the list of checks and of the finding, where there is room.
const CHECKS: f32 = 360.0;
const FINDING: f32 = 376.0;
/// How much of the height the upper tiles have, and from which height on there are lower ones.
const UPPER_LEFT: f32 = 0.62;
const UPPER_MIDDLE: f32 = 0.55;
const UPPER_RIGHT: f32 = 0.62;
const BOTH_FROM: f32 = 420.0;
/// What a lower tile wants at least.
const LOWER: f32 = 312.0;
/// Under this width the finding stands below the list.
const NARROW: f32 = 1000.0;

/// The Audit view.
#[derive(Default)]
pub struct AuditPanel {
    checks: ChecksList,
    findings: FindingsTable,
    drift: DriftPanel,
    screening: ScreeningPanel,
    reconcile: ReconcilePanel,
    sample: SamplePanel,
    /// Which tab stands below the findings.
    lower: usize,
    copy: CopyPanel,
    gaps: GapsPanel,
    side: SideTabs,
    /// The finding that was chosen in the last frame.
    seen: Option<usize>,
}

/// The tabs beside that of the finding.
const TABS: [(InspectorTab, &str); 2] = [
    (InspectorTab::Event, "Event"),
    (InspectorTab::State, "State"),
];

impl AuditPanel {
    /// Shows the view in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(history) = view.history() else {
            Empty::new("Nothing to audit")
                .why("No history is open.")
                .show(ui);
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        let answers = &view.workbench.answers.audit;
        let is_running = answers.is_asked();
        let answer = answers.for_key(&view.workbench.generation);
        let audit = match answer {
            Freshness::Fresh(Ok(audit)) => Some(audit),
            _ => None,
        };
        bar_ui(
            ui,
            view,
            history,
            audit,
            &Tools {
                is_running,
                has_run: audit.is_some(),
            },
        );
        match answer {
            _ if is_running && audit.is_none() => running_ui(ui, view),
            Freshness::Fresh(Ok(audit)) => self.audit_ui(ui, view, audit),
            Freshness::Fresh(Err(why)) => {
                let again = button::normal("Run again").small().icon(icons::RUN_AGAIN);
                if Empty::new("The audit could not be made")
                    .why(why)
                    .failed()
                    .button(again)
                    .show(ui)
                    == Some(0)
                {
                    view.send(Action::RunAudit);
                }
            }
            Freshness::Stale(_) | Freshness::Missing => not_run_ui(ui, view),
        }
    }

    fn audit_ui(&mut self, ui: &mut Ui, view: &View<'_>, audit: &Audit) {
        let Some(log) = view.log() else { return };
        let all = ui.available_rect_before_wrap();
        let is_narrow = all.width() < NARROW;
        let checks = CHECKS.min(all.width() * 0.3).max(size::SIDEBAR_RANGE[0]);
        let left = Rect::from_min_max(all.min, pos2(all.left() + checks, all.bottom()));
        let rest = Rect::from_min_max(pos2(left.right() + size::TILE_GAP, all.top()), all.max);
        let (middle, right) = if is_narrow {
            let y = rest.top() + (rest.height() * 0.5).round();
            (
                Rect::from_min_max(rest.min, pos2(rest.right(), y)),
                Rect::from_min_max(pos2(rest.left(), y), rest.max),
            )
        } else {
            let x = rest.right() - FINDING.min(rest.width() * 0.4);
            (
                Rect::from_min_max(rest.min, pos2(x, rest.bottom())),
                Rect::from_min_max(pos2(x + size::TILE_GAP, rest.top()), rest.max),
            )
        };
        let line = Stroke::new(size::TILE_GAP, tokens(ui).line);
        ui.painter().vline(left.right() + 0.5, all.y_range(), line);
        ui.painter()
            .vline(middle.right() + 0.5, middle.y_range(), line);
        let [checks, gaps] = split(left, UPPER_LEFT);
        let [findings, drift] = split(middle, UPPER_MIDDLE);
        let [finding, copy] = split(right, UPPER_RIGHT);
        for lower in [gaps, drift, copy] {
            let y = lower.top() - size::TILE_GAP / 2.0;
            ui.painter().hline(lower.x_range(), y, line);
        }
        let times = &view.workbench.auditing.times;
        let mut part = tile::part(ui, checks, "checks");
        self.checks.ui(&mut part, audit, times);
        let shown = (audit, self.checks.chosen());
        let mut part = tile::part(ui, findings, "findings");
        if self.findings.ui(&mut part, view, log, shown) {
            self.checks.clear();
        }
        let chosen = view.look().selection.finding;
        if chosen.is_some() && chosen != self.seen {
            self.side.show_own();
        }
        self.seen = chosen;
        let mut part = tile::part(ui, finding, "finding");
        self.side.ui(&mut part, view, ("Finding", &TABS), |ui| {
            detail_ui(ui, view, log, audit);
        });
        if gaps.height() > 0.0 {
            let mut part = tile::part(ui, gaps, "gaps");
            self.gaps.ui(&mut part, view, log, audit);
        }
        if drift.height() > 0.0 {
            self.lower_ui(&mut tile::part(ui, drift, "drift"), view, log, audit);
        }
        if copy.height() > 0.0 {
            let mut part = tile::part(ui, copy, "copy");
            self.copy.ui(&mut part, view, audit);
        }
        ui.advance_cursor_after_rect(all);
    }

    /// What stands below the findings.
    fn lower_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, audit: &Audit) {
        let drift = audit.drift.as_deref();
        let shown = self.lower;
        let titles = ["Schema drift", "Reconcile", "Screening", "Sample"];
        let (clicked, ()) = tile::tabs_with(ui, &titles, shown, false, |ui| {
            if let Some(drift) = drift.filter(|_| shown == 0) {
                self.drift.tools_ui(ui, drift);
            }
        });
        self.lower = clicked.unwrap_or(shown);
        match (self.lower, drift) {
            (1, _) => self.reconcile.ui(ui, view, log),
            (2, _) => self.screening.ui(ui, view),
            (3, _) => self.sample.ui(ui, view),
            (_, Some(drift)) => {
                let unhandled = &view.workbench.auditing.unhandled;
                let unhandled = unhandled.for_key(&view.workbench.states()).fresh();
                let unhandled = unhandled.map_or(&[][..], Vec::as_slice);
                self.drift.ui(ui, view, log, (drift, unhandled));
            }
            (_, None) => {
                Empty::new("No fields")
                    .why("No event carries JSON, or the check was left out.")
                    .show(ui);
            }
        }
    }
}

/// A tile and the one below it; where there is no room for two, the upper one has it all.
fn split(rect: Rect, share: f32) -> [Rect; 2] {
    if rect.height() < BOTH_FROM {
        let none = Rect::from_min_max(rect.left_bottom(), rect.max);
        return [rect, none];
    }
    let upper = (rect.height() * share).min((rect.height() - LOWER).max(rect.height() * 0.5));
    let y = rect.top() + upper.round();
    [rect.with_max_y(y), rect.with_min_y(y + size::TILE_GAP)]
}

fn not_run_ui(ui: &mut Ui, view: &View<'_>) {
    let run = button::normal("Run audit").small().icon(icons::AUDIT);
    let shown = Empty::new("The audit has not been run")
        .why("It hashes the file and holds every check against the whole history. The file is not changed.")
        .icon(icons::AUDIT)
        .button(run);
    if shown.show(ui) == Some(0) {
        view.send(Action::RunAudit);
    }
}

fn running_ui(ui: &mut Ui, view: &View<'_>) {
    let running = view
        .running
        .iter()
        .find(|running| running.what.contains("udit") || running.what.contains("heck"));
    let what = running.map_or("Running the checks", |running| running.what.as_str());
    let (count, share) =
        running.map_or(("", None), |running| (running.done.as_str(), running.share));
    let area = ui.available_rect_before_wrap();
    let width = 420.0_f32.min(area.width() - 2.0 * size::SIDE);
    let place = Rect::from_center_size(area.center(), egui::vec2(width, 60.0));
    let mut inside = tile::part(ui, place, "progress");
    Progress {
        what,
        count,
        share,
        caption: "Everything else can be used meanwhile.",
        can_stop: false,
    }
    .show(&mut inside);
    ui.advance_cursor_after_rect(area);
}
