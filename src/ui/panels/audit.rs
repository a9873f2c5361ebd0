//! The Audit view: evidence first, then the checks, what they found, and the finding that is chosen.

use egui::{Rect, Stroke, Ui, pos2};

use super::audit_checks::ChecksList;
use super::audit_evidence::{Tools, bar_ui};
use super::findings::FindingsTable;
use super::findings_detail::detail_ui;
use super::tile;
use crate::audit::Audit;
use crate::ui::View;
use crate::ui::theme::{icons, size, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::progress::Progress;
use crate::workbench::{Action, Freshness};

/// Width of the list of checks and of the finding, where there is room.
const CHECKS: f32 = 360.0;
const FINDING: f32 = 376.0;
/// Under this width the finding stands below the list.
const NARROW: f32 = 1000.0;

/// The Audit view.
#[derive(Default)]
pub struct AuditPanel {
    checks: ChecksList,
    findings: FindingsTable,
}

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
        self.checks.ui(&mut tile::part(ui, left, "checks"), audit);
        let shown = (audit, self.checks.chosen());
        if self
            .findings
            .ui(&mut tile::part(ui, middle, "findings"), view, log, shown)
        {
            self.checks.clear();
        }
        detail_ui(&mut tile::part(ui, right, "finding"), view, log, audit);
        ui.advance_cursor_after_rect(all);
    }
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
