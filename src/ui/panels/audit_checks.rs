//! The list of checks: each by its good case, with how it ended and how much it found.

use egui::{Align, Color32, Rect, Ui, pos2, vec2};

use super::shared::{counted, walked};
use super::tile;
use crate::audit::{Audit, CheckResult, Status};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, Tokens, format, size, text, tokens};
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};

/// The list, and which check is chosen.
#[derive(Default)]
pub(super) struct ChecksList {
    rows: VirtualRows,
    chosen: Option<&'static str>,
}

impl ChecksList {
    /// The check whose findings alone are shown; `None` for all.
    pub(super) fn chosen(&self) -> Option<&'static str> {
        self.chosen
    }

    /// Shows all checks again.
    pub(super) fn clear(&mut self) {
        self.chosen = None;
    }

    /// Shows the list in all the space there is; a click on a check shows only what it found.
    pub(super) fn ui(&mut self, ui: &mut Ui, audit: &Audit) {
        let n_checks = u64::try_from(audit.checks.len()).unwrap_or(0);
        tile::head(ui, "Checks", &format::count(n_checks), false, |ui| {
            summary_ui(ui, audit);
        });
        let find = |row: u64| {
            let row = usize::try_from(row).ok()?;
            audit.checks.get(row)
        };
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, say);
        let chosen = audit
            .checks
            .iter()
            .position(|check| Some(check.id) == self.chosen);
        let chosen = chosen.and_then(|row| u64::try_from(row).ok());
        let list = RowList::new("Checks", n_checks)
            .selected(chosen)
            .label(&label);
        ui.add_space(4.0);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(check) = find(row.nr) {
                paint(row, check);
            }
        });
        let has_keyboard = output.response.has_focus();
        let page = self.rows.page();
        let walked_to = has_keyboard
            .then(|| walked(ui, chosen, n_checks, page))
            .flatten();
        if let Some(to) = walked_to {
            self.rows.scroll_to(to);
        }
        let clicked = output.clicked.map(|click| click.row);
        if let Some(check) = walked_to.or(clicked).and_then(find) {
            self.chosen = (self.chosen != Some(check.id)).then_some(check.id);
        }
    }
}

/// How many checks ended how.
fn summary_ui(ui: &mut Ui, audit: &Audit) {
    let t = tokens(ui);
    let count = |status: Status| {
        audit
            .checks
            .iter()
            .filter(|check| check.status == status)
            .count()
    };
    let failed = count(Status::Failed);
    let warned = count(Status::Warning);
    let passed = count(Status::Passed) + count(Status::Info);
    let skipped = count(Status::Skipped);
    ui.spacing_mut().item_spacing.x = 10.0;
    let quiet = if skipped > 0 {
        format!("{passed} passed, {skipped} skipped")
    } else {
        format!("{passed} passed")
    };
    ui.label(text::small(quiet).color(t.text3));
    if warned > 0 {
        let words = counted(u64::try_from(warned).unwrap_or(0), "warning", "warnings");
        ui.label(text::rich(words, Face::SmallMedium).color(t.warn));
    }
    if failed > 0 {
        ui.label(text::rich(format!("{failed} failed"), Face::SmallMedium).color(t.err));
    }
}

/// The icon and the color of a status.
pub(super) fn icon_of(t: &Tokens, status: Status) -> (Icon, Color32) {
    match status {
        Status::Passed => (icons::PASSED, t.ok),
        Status::Info => (icons::NOTE, t.accent),
        Status::Warning => (icons::WARNING, t.warn),
        Status::Failed => (icons::FAILED, t.err),
        Status::Skipped => (icons::SKIPPED, t.text3),
    }
}

fn paint(row: &Row<'_>, check: &CheckResult) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
    let (icon, color) = icon_of(t, check.status);
    icons::paint_left(painter, inside, icon, size::ICON, color);
    let count_color = if check.status == Status::Passed {
        t.text3
    } else {
        color
    };
    let shown = match check.status {
        Status::Skipped => "not run".to_owned(),
        _ => format::count(check.findings),
    };
    let count_color = if check.status == Status::Skipped {
        t.text3
    } else {
        count_color
    };
    let taken = text::line(painter, inside, Align::Max, Face::Row, shown, count_color);
    let words = Rect::from_min_max(
        pos2(inside.left() + 24.0, inside.top()),
        pos2(taken.left() - 8.0, inside.bottom()),
    );
    let name_color = if check.status == Status::Skipped {
        t.text3
    } else {
        t.text
    };
    text::line(
        painter,
        words,
        Align::Min,
        Face::Row,
        check.title,
        name_color,
    );
    if row.response.hovered() && !check.why.is_empty() {
        row.response.clone().on_hover_ui(|ui| {
            ui.label(text::row(format::visible(&check.why)).color(t.text2));
        });
    }
}

/// What is read out for a check.
fn say(check: &CheckResult) -> String {
    let ended = match check.status {
        Status::Passed => "passed",
        Status::Info => "for information",
        Status::Warning => "warning",
        Status::Failed => "failed",
        Status::Skipped => return format!("{}, not run, {}", check.title, check.why),
    };
    format!(
        "{}, {ended}, {}",
        check.title,
        counted(check.findings, "finding", "findings")
    )
}
