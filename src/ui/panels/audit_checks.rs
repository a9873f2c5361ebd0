//! The list of checks: each by its good case, with how it ended and how much it found.

use egui::{Align, Color32, Rect, Ui, pos2, vec2};

use super::shared::{counted, walked};
use super::tile;
use crate::audit::{Audit, CheckResult, CheckTime, Section, Status};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, Tokens, format, size, text, tokens};
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};

/// Space between the words of the summary.
const APART: f32 = 10.0;
/// Width of how long a check took.
const TIME: f32 = 56.0;

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
    /// `times` says how long each check took, where that is known.
    pub(super) fn ui(&mut self, ui: &mut Ui, audit: &Audit, times: &[CheckTime]) {
        let n_checks = u64::try_from(audit.checks.len()).unwrap_or(0);
        tile::head(ui, "Checks", &format::count(n_checks), false, |ui| {
            summary_ui(ui, audit);
        });
        let lines = lines(audit);
        let n_lines = u64::try_from(lines.len()).unwrap_or(0);
        let line = |row: u64| lines.get(usize::try_from(row).ok()?).copied();
        let find = |row: u64| match line(row)? {
            Line::Check(check) => Some(check),
            Line::Title(_) => None,
        };
        let time_of = |check: &CheckResult| times.iter().find(|time| time.check == check.id);
        let label = |row: u64, _: RowState| match line(row) {
            Some(Line::Title(section)) => section.title().to_owned(),
            Some(Line::Check(check)) => say(check, time_of(check)),
            None => String::new(),
        };
        let is_chosen = |line: &Line<'_>| match line {
            Line::Check(check) => Some(check.id) == self.chosen,
            Line::Title(_) => false,
        };
        let chosen = lines.iter().position(is_chosen);
        let chosen = chosen.and_then(|row| u64::try_from(row).ok());
        let list = RowList::new("Checks", n_lines)
            .selected(chosen)
            .label(&label);
        ui.add_space(4.0);
        let output = self.rows.show(ui, &list, |row| match line(row.nr) {
            Some(Line::Check(check)) => {
                let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
                let rest = if times.is_empty() {
                    inside
                } else {
                    paint_time(row, inside, time_of(check))
                };
                paint(row, rest, check, time_of(check));
            }
            Some(Line::Title(section)) => paint_title(row, section),
            None => {}
        });
        let has_keyboard = output.response.has_focus();
        let page = self.rows.page();
        let walked_to = has_keyboard
            .then(|| walked(ui, chosen, n_lines, page))
            .flatten()
            .map(|to| beside_title(to, chosen, |row| find(row).is_some()));
        if let Some(to) = walked_to {
            self.rows.scroll_to(to);
        }
        let clicked = output.clicked.map(|click| click.row);
        if let Some(check) = walked_to.or(clicked).and_then(find) {
            self.chosen = (self.chosen != Some(check.id)).then_some(check.id);
        }
    }
}

/// A line of the list.
#[derive(Clone, Copy)]
enum Line<'a> {
    Title(Section),
    Check(&'a CheckResult),
}

/// The checks, each below the title of what it is about; those not run come last in each.
fn lines(audit: &Audit) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(audit.checks.len() + Section::ALL.len());
    for section in Section::ALL {
        let of_section = audit
            .checks
            .iter()
            .filter(|check| Section::of(check.id) == section);
        let is_run = |check: &&CheckResult| check.status != Status::Skipped;
        let before = lines.len();
        lines.extend(of_section.clone().filter(is_run).map(Line::Check));
        lines.extend(of_section.filter(|check| !is_run(check)).map(Line::Check));
        if lines.len() > before {
            lines.insert(before, Line::Title(section));
        }
    }
    lines
}

/// The line itself, or the one after it in the direction of the walk where it is a title.
fn beside_title(to: u64, from: Option<u64>, is_check: impl Fn(u64) -> bool) -> u64 {
    if is_check(to) {
        return to;
    }
    let is_up = from.is_some_and(|from| to < from);
    match to.checked_sub(1).filter(|_| is_up) {
        Some(above) if is_check(above) => above,
        _ => to + 1,
    }
}

fn paint_title(row: &Row<'_>, section: Section) {
    let t = tokens(&*row.ui);
    let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
    let painter = row.ui.painter();
    text::line(
        painter,
        inside,
        Align::Min,
        Face::SmallMedium,
        section.title(),
        t.text3,
    );
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
    ui.spacing_mut().item_spacing.x = APART;
    let quiet = if skipped > 0 {
        format!("{passed} passed, {skipped} skipped")
    } else {
        format!("{passed} passed")
    };
    let warnings = counted(u64::try_from(warned).unwrap_or(0), "warning", "warnings");
    let failures = format!("{failed} failed");
    let wide = |words: &str| text::width(ui.painter(), Face::SmallMedium, words) + APART;
    let has = |n: usize, words: &str| if n > 0 { wide(words) } else { 0.0 };
    // Where there is little room, what asks for nothing gives way first.
    let mut room = ui.available_width() - has(failed, &failures);
    let has_warnings = warned > 0 && has(warned, &warnings) < room;
    room -= if has_warnings { wide(&warnings) } else { 0.0 };
    if wide(&quiet) < room {
        ui.label(text::small(quiet).color(t.text3));
    }
    if has_warnings {
        ui.label(text::rich(warnings, Face::SmallMedium).color(t.warn));
    }
    if failed > 0 {
        ui.label(text::rich(failures, Face::SmallMedium).color(t.err));
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

/// How long a check took, at the right; returns the place of the rest.
fn paint_time(row: &Row<'_>, inside: Rect, time: Option<&CheckTime>) -> Rect {
    let t = tokens(&*row.ui);
    if let Some(time) = time {
        let words = format::duration(nanos(time));
        let painter = row.ui.painter();
        text::line(painter, inside, Align::Max, Face::DataSmall, words, t.text3);
    }
    inside.with_max_x(inside.right() - TIME)
}

/// How long a check took, in nanoseconds.
pub(super) fn nanos(time: &CheckTime) -> i64 {
    i64::try_from(time.nanos).unwrap_or(i64::MAX)
}

/// `took 27 ms`, or about so much where it was measured on some of the records.
fn took(time: &CheckTime) -> String {
    let about = if time.is_about { "about " } else { "" };
    format!("took {about}{}", format::duration(nanos(time)))
}

fn paint(row: &Row<'_>, inside: Rect, check: &CheckResult, time: Option<&CheckTime>) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
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
    if row.response.hovered() && !(check.why.is_empty() && time.is_none()) {
        row.response.clone().on_hover_ui(|ui| {
            if !check.why.is_empty() {
                ui.label(text::row(format::visible(&check.why)).color(t.text2));
            }
            if let Some(time) = time {
                let words = format!("It {}, without reading the file", took(time));
                ui.label(text::small(words).color(t.text3));
            }
        });
    }
}

/// What is read out for a check.
fn say(check: &CheckResult, time: Option<&CheckTime>) -> String {
    let ended = match check.status {
        Status::Passed => "passed",
        Status::Info => "for information",
        Status::Warning => "warning",
        Status::Failed => "failed",
        Status::Skipped => return format!("{}, not run, {}", check.title, check.why),
    };
    let took = time.map_or_else(String::new, |time| format!(", {}", took(time)));
    format!(
        "{}, {ended}, {}{took}",
        check.title,
        counted(check.findings, "finding", "findings")
    )
}
