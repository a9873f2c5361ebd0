//! The bar above the audit: which bytes were examined, how they were opened, and whether they stayed.

use egui::{Align, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::audit_checks::nanos;
use super::shared::{counted, moment};
use crate::audit::{Audit, Evidence, EvidenceFile};
use crate::history::History;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::workbench::{Action, AuditEdit, Export, capital};

/// Height of the bar.
const HEIGHT: f32 = 72.0;
/// Space between two facts.
const APART: f32 = 28.0;

/// What can be asked for from the bar.
pub(super) struct Tools {
    /// The audit runs now.
    pub(super) is_running: bool,
    /// It has run before.
    pub(super) has_run: bool,
}

/// Shows the bar over the whole width.
pub(super) fn bar_ui(
    ui: &mut Ui,
    view: &View<'_>,
    history: &History,
    audit: Option<&Audit>,
    tools: &Tools,
) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.panel);
    ui.painter().rect_filled(
        Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max),
        0.0,
        t.line,
    );
    let right = buttons_ui(ui, view, rect, tools);
    let evidence = audit.map(|audit| &audit.evidence);
    let (words, color) = match evidence {
        Some(evidence) if evidence.unchanged => ("Same bytes before and after the audit", t.ok),
        Some(_) => ("The files changed during the audit", t.err),
        None => ("Not examined yet", t.text3),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, format!("Evidence. {words}")));
    let icon = pos2(rect.left() + 32.0, rect.center().y);
    let sign = if evidence.is_some_and(|evidence| !evidence.unchanged) {
        icons::WARNING
    } else {
        icons::EVIDENCE
    };
    icons::paint(ui.painter(), icon, sign, 28.0, color);
    let mut x = rect.left() + 60.0;
    x = pair(
        ui,
        x,
        rect,
        right,
        ("Evidence", Face::BodyStrong),
        (words, Face::Row),
    );
    ui.painter().vline(
        x + APART / 2.0,
        rect.shrink2(vec2(0.0, 16.0)).y_range(),
        egui::Stroke::new(size::STROKE, t.line),
    );
    facts_ui(ui, view, (history, evidence), (x + APART, right), rect);
}

/// Hash, size, last write and how it was opened.
fn facts_ui(
    ui: &mut Ui,
    view: &View<'_>,
    (history, evidence): (&History, Option<&Evidence>),
    (left, right): (f32, f32),
    rect: Rect,
) {
    let zone = view.look().zone;
    let about = &history.about;
    let mut x = left;
    let file = evidence.and_then(|evidence| evidence.files.first());
    if let Some(file) = file {
        let shown = format::hash(&file.sha256).into_owned();
        let files = evidence.map_or(&[][..], |evidence| &evidence.files);
        let (title, whole) = hashes(files);
        let end = fact(ui, x, rect, right - 28.0, &title, &shown, &whole);
        if end > x {
            let place =
                Rect::from_center_size(pos2(end + 14.0, rect.center().y + 9.0), vec2(24.0, 24.0));
            let copy = button::icon_button(icons::COPY, "Copy SHA-256", "")
                .small()
                .icon_size(size::ICON_SMALL);
            if ui.place(place, copy).clicked() {
                view.send(Action::CopyText(whole));
            }
            x = end + 28.0 + APART - 8.0;
        }
    }
    let n_bytes: u64 = match evidence {
        Some(evidence) => evidence.files.iter().map(|file| file.bytes).sum(),
        None => about.files.iter().map(|file| file.bytes).sum(),
    };
    let n_files = about.files.len();
    let size_name = if n_files > 1 {
        format!(
            "Size of {}",
            counted(u64::try_from(n_files).unwrap_or(0), "file", "files")
        )
    } else {
        "Size".to_owned()
    };
    let bytes = format::bytes_exact(n_bytes);
    x = next(fact(ui, x, rect, right, &size_name, &bytes, &bytes), x);
    let written = evidence.map_or_else(
        || {
            let file = about.files.first()?;
            file.modified
        },
        Evidence::last_write,
    );
    if let Some(time) = written {
        let title = format!("Last write, {}", zone.label(time));
        let shown = moment(time, zone, 0);
        x = next(fact(ui, x, rect, right, &title, &shown, &shown), x);
    }
    let opened = evidence.map_or(&about.opened, |evidence| &evidence.opened);
    if !opened.is_empty() {
        let lock = (icons::READ_ONLY, tokens(ui).ok);
        let shown = capital(opened);
        let words = Words {
            title: "Opened",
            shown: &shown,
            sign: Some(lock),
            note: "",
        };
        x = next(words.ui(ui, (x, right), rect), x);
    }
    if let Some(check) = evidence.and_then(|evidence| evidence.self_check.as_ref()) {
        let n_faults = u64::try_from(check.faults.len()).unwrap_or(0);
        let t = tokens(ui);
        let (shown, sign) = match n_faults {
            0 => ("ok".to_owned(), (icons::PASSED, t.ok)),
            n => (counted(n, "fault", "faults"), (icons::FAILED, t.err)),
        };
        let mut times = view.workbench.auditing.times.iter();
        let took = times.find(|time| time.check == "file-integrity").map(nanos);
        let took = took.map(format::duration).unwrap_or_default();
        let words = Words {
            title: &check.what,
            shown: &shown,
            sign: Some(sign),
            note: &took,
        };
        x = next(words.ui(ui, (x, right), rect), x);
    }
    if let Some(root) = evidence.and_then(|evidence| evidence.log_root.as_ref()) {
        let shown = format::hash(root);
        fact(ui, x, rect, right, "Tree over all events", &shown, root);
    }
}

/// The title of the hash that is shown, and the hashes of all files as text: as `sha256sum` writes
/// them where there are several.
fn hashes(files: &[EvidenceFile]) -> (String, String) {
    match files {
        [file] => ("SHA-256".to_owned(), file.sha256.clone()),
        files => {
            let lines = files
                .iter()
                .map(|file| format!("{}  {}\n", file.sha256, format::visible(&file.name)));
            let title = format!("SHA-256, first of {}", files.len());
            (title, lines.collect())
        }
    }
}

fn next(end: f32, x: f32) -> f32 {
    if end > x { end + APART } else { x }
}

/// A fact where there is room for it; returns where it ends.
fn fact(ui: &Ui, x: f32, rect: Rect, right: f32, title: &str, shown: &str, whole: &str) -> f32 {
    let width = text::width(ui.painter(), Face::Data, shown)
        .max(text::width(ui.painter(), Face::Small, title))
        .ceil();
    if x + width > right - 8.0 {
        return x;
    }
    let place = Rect::from_min_size(pos2(x, rect.top()), vec2(width, rect.height()));
    let response = ui.interact(
        place,
        ui.make_persistent_id(("evidence", title)),
        Sense::hover(),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title}: {whole}")));
    pair(
        ui,
        x,
        rect,
        right,
        (title, Face::Small),
        (shown, Face::Data),
    )
}

/// A fact in words, with a sign of how good it is.
struct Words<'a> {
    title: &'a str,
    shown: &'a str,
    sign: Option<(icons::Icon, Color32)>,
    /// What stands faint after it.
    note: &'a str,
}

impl Words<'_> {
    /// Shows it from `x` on where there is room; returns where it ends.
    fn ui(&self, ui: &Ui, (x, right): (f32, f32), rect: Rect) -> f32 {
        let t = tokens(ui);
        let painter = ui.painter();
        let aside = if self.sign.is_some() { 20.0 } else { 0.0 };
        let shown = text::width(painter, Face::Row, self.shown);
        let note = match self.note {
            "" => 0.0,
            note => text::width(painter, Face::Data, note) + 8.0,
        };
        let title = text::width(painter, Face::Small, self.title);
        let width = (aside + shown + note).max(title).ceil();
        if x + width > right - 8.0 {
            return x;
        }
        let place = Rect::from_min_size(pos2(x, rect.top()), vec2(width, rect.height()));
        let id = ui.make_persistent_id(("evidence", self.title));
        let response = ui.interact(place, id, Sense::hover());
        response.widget_info(|| {
            let said = format!("{}: {} {}", self.title, self.shown, self.note);
            WidgetInfo::labeled(Role::Label, true, said.trim_end())
        });
        let middle = rect.center().y;
        let line = |from: f32, top: f32| {
            Rect::from_min_max(pos2(from, top), pos2(place.right() + 1.0, top + 20.0))
        };
        text::line(
            painter,
            line(x, middle - 19.0),
            Align::Min,
            Face::Small,
            self.title,
            t.text3,
        );
        let below = line(x, middle - 1.0);
        if let Some((icon, color)) = self.sign {
            icons::paint_left(painter, below, icon, size::ICON_SMALL, color);
        }
        let below = below.with_min_x(x + aside);
        let taken = text::line(painter, below, Align::Min, Face::Row, self.shown, t.text);
        let rest = below.with_min_x(taken.right() + 8.0);
        text::line(painter, rest, Align::Min, Face::Data, self.note, t.text3);
        place.right()
    }
}

/// Two lines of words, one above the other; returns where the longer one ends.
fn pair(ui: &Ui, x: f32, rect: Rect, right: f32, above: (&str, Face), below: (&str, Face)) -> f32 {
    let t = tokens(ui);
    let middle = rect.center().y;
    let line = |top: f32| Rect::from_min_max(pos2(x, top), pos2(right, top + 20.0));
    let is_title = above.1 == Face::BodyStrong;
    let (first, second) = if is_title {
        (t.text, t.text3)
    } else {
        (t.text3, t.text)
    };
    let a = text::line(
        ui.painter(),
        line(middle - 19.0),
        Align::Min,
        above.1,
        above.0,
        first,
    );
    let b = text::line(
        ui.painter(),
        line(middle - 1.0),
        Align::Min,
        below.1,
        format::visible(below.0),
        second,
    );
    a.right().max(b.right())
}

/// The buttons at the right; returns where they begin.
fn buttons_ui(ui: &mut Ui, view: &View<'_>, rect: Rect, tools: &Tools) -> f32 {
    let save = button::primary("Save report")
        .icon(icons::REPORT)
        .key_cap("Ctrl E");
    let save = save.enabled(!tools.is_running, "The audit is running.");
    let run = button::normal(if tools.has_run {
        "Run again"
    } else {
        "Run audit"
    })
    .icon(icons::RUN_AGAIN);
    let run = run.enabled(!tools.is_running, "The audit is running.");
    let mut right = rect.right() - 16.0;
    for (button, action) in [(save, Action::SaveReport), (run, Action::RunAudit)] {
        let size = button.size(ui);
        let place = Rect::from_min_size(pos2(right - size.x, rect.center().y - size.y / 2.0), size);
        if ui.place(place, button).clicked() {
            view.send(action);
        }
        right = place.left() - 8.0;
    }
    let rules = button::icon_button(icons::ADD, "Rules to be kept", "").small();
    let size = rules.size(ui);
    let place = Rect::from_min_size(pos2(right - size.x, rect.center().y - size.y / 2.0), size);
    if ui.place(place, rules).clicked() {
        view.send(Action::Audit(Box::new(AuditEdit::AskInvariants)));
    }
    right = place.left() - 8.0;
    if tools.has_run {
        let export = button::icon_button(icons::EXPORT, "Export findings", "").small();
        let size = export.size(ui);
        let place = Rect::from_min_size(pos2(right - size.x, rect.center().y - size.y / 2.0), size);
        if ui.place(place, export).clicked() {
            view.send(Action::Export(Export::Findings));
        }
        right = place.left() - 8.0;
    }
    right
}
