//! The row of marks under the ruler: bookmarks, warnings and failed checks, each a way to its event.

use egui::{
    Align, CornerRadius, Id, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::scene::Scene;
use crate::audit::Finding;
use crate::event::{Position, Severity};
use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, format, size, text};
use crate::ui::widgets::focus_ring;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::Action;

/// Marks nearer to each other than this are one.
const APART: f32 = 14.0;
/// So many findings are looked at in a frame.
const MOST: usize = 4_000;

/// What a mark stands for; the later matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bookmark,
    Warning,
    Failed,
}

/// A bookmark or a finding by its number, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Mark {
    x: f32,
    at: Position,
    kind: Kind,
    nr: usize,
}

/// All that the last audit found.
fn found<'a>(view: &'a View<'_>) -> &'a [Finding] {
    let audit = view.workbench.answers.audit.latest();
    let audit = audit.and_then(|audit| audit.as_ref().ok());
    audit.map_or(&[], |audit| audit.findings.as_slice())
}

/// What was found and is not accepted, with its number.
fn findings<'a>(view: &'a View<'_>) -> impl Iterator<Item = (usize, Kind, &'a Finding)> {
    let found = found(view);
    found.iter().take(MOST).enumerate().filter_map(|(nr, one)| {
        let kind = match one.severity {
            Severity::Info => return None,
            Severity::Warning => Kind::Warning,
            Severity::Error => Kind::Failed,
        };
        one.position?;
        view.workbench
            .accepted(one)
            .is_none()
            .then_some((nr, kind, one))
    })
}

/// Whether there is anything to mark.
pub(super) fn is_needed(view: &View<'_>) -> bool {
    !view.look().bookmarks.is_empty() || findings(view).next().is_some()
}

/// All marks in their order along the axis.
fn marks(scene: &Scene<'_>) -> Vec<Mark> {
    let places = scene.places();
    let bookmarks = scene.look.bookmarks.iter().enumerate();
    let bookmarks = bookmarks.map(|(nr, bookmark)| (nr, Kind::Bookmark, bookmark.position));
    let found = findings(scene.view).filter_map(|(nr, kind, one)| {
        let position = Position(one.position?);
        (position.index() < scene.log.len()).then_some((nr, kind, position))
    });
    let mut marks: Vec<Mark> = bookmarks
        .chain(found)
        .map(|(nr, kind, at)| Mark {
            x: places.x(at),
            at,
            kind,
            nr,
        })
        .collect();
    marks.sort_by(|a, b| a.x.total_cmp(&b.x));
    marks
}

/// The row: its name, and the marks in view.
pub(super) fn show(ui: &Ui, scene: &Scene<'_>, id: Id) {
    let part = scene.layout.marks;
    if part.height() <= 0.0 {
        return;
    }
    let marks = marks(scene);
    ground(ui.painter(), scene, marks.len());
    let inside = |mark: &&Mark| part.left() <= mark.x && mark.x <= part.right();
    let seen: Vec<Mark> = marks.iter().filter(inside).copied().collect();
    let groups = seen.chunk_by(|a, b| b.x - a.x < APART);
    let groups: Vec<&[Mark]> = groups.collect();
    for (nr, group) in groups.iter().enumerate() {
        let next = groups.get(nr + 1).and_then(|group| group.first());
        let right = next.map_or_else(|| part.right(), |next| next.x - APART / 2.0);
        group_ui(ui, scene, id.with(("mark", nr)), (group, right));
    }
}

fn ground(painter: &Painter, scene: &Scene<'_>, n_marks: usize) {
    let (t, part) = (scene.tokens, scene.layout.marks);
    let across = scene.layout.across(part);
    painter.rect_filled(across, CornerRadius::ZERO, t.canvas);
    let line = Stroke::new(size::STROKE, t.line);
    painter.hline(across.x_range(), across.bottom() - 0.5, line);
    let label = Rect::from_min_max(
        pos2(across.left() + size::SIDE, across.top()),
        pos2(part.left() - size::SIDE, across.bottom()),
    );
    // What is beyond the first findings is said, not counted.
    let more = if found(scene.view).len() > MOST {
        "+"
    } else {
        ""
    };
    let count = format!("{}{more}", format::count(n_marks as u64));
    text::line(painter, label, Align::Min, Face::Row, "Marks", t.text2);
    text::line(painter, label, Align::Max, Face::DataSmall, count, t.text3);
}

/// Marks that are one; how many they are is said where there is room up to `right`.
fn group_ui(ui: &Ui, scene: &Scene<'_>, id: Id, (group, right): (&[Mark], f32)) {
    let Some(shown) = group.iter().max_by_key(|mark| mark.kind) else {
        return;
    };
    let part = scene.layout.marks;
    let place = Rect::from_center_size(pos2(shown.x, part.center().y), vec2(20.0, 24.0));
    let response = ui.interact(place, id, Sense::CLICK);
    let is_future = shown.at > scene.playhead();
    let (icon, color) = sign(scene, shown.kind, is_future);
    let painter = ui.painter().with_clip_rect(part);
    let drawn = icons::paint(&painter, place.center(), icon, size::ICON, color);
    if group.len() > 1 {
        let left = pos2(drawn.right() + 2.0, part.top());
        let beside = Rect::from_min_max(left, pos2(right, part.bottom()));
        let count = format::compact(group.len() as u64);
        let (face, color) = (Face::DataSmall, scene.tokens.text2);
        if text::width(&painter, face, &count) <= beside.width() {
            text::line(&painter, beside, Align::Min, face, count, color);
        }
    }
    let (title, sentence) = words(scene, group, shown);
    response
        .widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title}, {sentence}")));
    focus_ring::around(ui, &response, size::CORNER_TAG);
    let clicked = response.clicked();
    Tip::new(&title).sentence(&sentence).on(response);
    if clicked {
        // Again and again through those that are one here.
        let after = group.iter().find(|mark| mark.at > scene.playhead());
        let to = after.or_else(|| group.first()).unwrap_or(shown);
        scene.view.send(match to.kind {
            Kind::Bookmark => Action::GoToBookmark(to.nr),
            Kind::Warning | Kind::Failed => Action::GoToFinding(to.nr),
        });
    }
}

fn sign(scene: &Scene<'_>, kind: Kind, is_future: bool) -> (Icon, egui::Color32) {
    let t = scene.tokens;
    match kind {
        Kind::Bookmark if is_future => (icons::BOOKMARK.outline(), t.code_key),
        Kind::Bookmark => (icons::BOOKMARK, t.code_key),
        Kind::Warning => (icons::WARNING, t.warn),
        Kind::Failed => (icons::WARNING, t.err),
    }
}

/// What a mark is, and what it says.
fn words(scene: &Scene<'_>, group: &[Mark], shown: &Mark) -> (String, String) {
    let (what, says) = match shown.kind {
        Kind::Bookmark => {
            let name = scene.look.bookmarks.get(shown.nr);
            let name = name.map(|bookmark| format::visible(&bookmark.name).into_owned());
            ("Bookmark", name.unwrap_or_default())
        }
        kind => {
            let found = findings(scene.view).find(|(nr, ..)| *nr == shown.nr);
            let said = found.map(|(.., one)| format::visible(&one.message).into_owned());
            let what = if kind == Kind::Failed {
                "Failed check"
            } else {
                "Warning"
            };
            (what, said.unwrap_or_default())
        }
    };
    match group.len() {
        1 => (what.to_owned(), says),
        n => (format!("{what} and {} more", n - 1), says),
    }
}
