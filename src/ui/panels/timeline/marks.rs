//! The row of marks under the ruler: bookmarks, warnings and failed checks, each a way to its event.

use std::cmp::Reverse;
use std::collections::HashMap;

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
use crate::workbench::{Accepted, Action};

/// Marks nearer to each other than this are one.
const APART: f32 = 14.0;
/// So many findings are marked, failed checks before warnings.
const MOST: usize = 4_000;

/// What a mark stands for; the later matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bookmark,
    Warning,
    Failed,
}

/// A bookmark or a finding by its number, and its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    at: Position,
    kind: Kind,
    nr: usize,
}

/// A mark, and where it stands on the screen.
type Placed = (f32, Mark);

/// What of an audit is marked: what was found at an event and is not accepted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    marks: Vec<Mark>,
    /// Whether there is more than is marked.
    has_more: bool,
}

impl Found {
    /// Costs a walk over all findings.
    fn of(findings: &[Finding], accepted: &[Accepted]) -> Self {
        // By event, so that what is accepted is not looked through for each finding.
        let mut by_event: HashMap<Option<Position>, Vec<&Accepted>> = HashMap::new();
        for one in accepted {
            by_event.entry(one.position).or_default().push(one);
        }
        let mark = |(nr, one): (usize, &Finding)| {
            let kind = match one.severity {
                Severity::Info => return None,
                Severity::Warning => Kind::Warning,
                Severity::Error => Kind::Failed,
            };
            let at = Position(one.position?);
            let accepted = by_event.get(&Some(at));
            let is_accepted = accepted.is_some_and(|some| some.iter().any(|it| it.is_of(one)));
            (!is_accepted).then_some(Mark { at, kind, nr })
        };
        let mut marks: Vec<Mark> = findings.iter().enumerate().filter_map(mark).collect();
        marks.sort_by_key(|mark| Reverse(mark.kind));
        let has_more = marks.len() > MOST;
        marks.truncate(MOST);
        Self { marks, has_more }
    }
}

/// What the row keeps from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Of which audit, and with which findings accepted, `found` is what is marked.
    of: (Option<(u64, u64)>, Vec<Accepted>),
    found: Found,
    /// The mark that a click went to last.
    gone_to: Option<Mark>,
}

impl Marks {
    /// Looks at the findings where they are others than in the last frame; returns whether there is
    /// anything to mark.
    pub(super) fn refresh(&mut self, view: &View<'_>) -> bool {
        let (answer, accepted) = (&view.workbench.answers.audit, &view.look().accepted);
        let audit = answer.known().map(|(key, _)| (*key, answer.n_taken()));
        if self.of.0 != audit || self.of.1 != *accepted {
            self.found = Found::of(found(view), accepted);
            self.of = (audit, accepted.clone());
        }
        !view.look().bookmarks.is_empty() || !self.found.marks.is_empty()
    }

    /// All marks in their order along the axis.
    fn placed(&self, scene: &Scene<'_>) -> Vec<Placed> {
        let places = scene.places();
        let bookmarks = scene.look.bookmarks.iter().enumerate();
        let bookmarks = bookmarks.map(|(nr, bookmark)| Mark {
            at: bookmark.position,
            kind: Kind::Bookmark,
            nr,
        });
        let found = self.found.marks.iter().copied();
        let found = found.filter(|mark| mark.at.index() < scene.log.len());
        let mut placed: Vec<Placed> = bookmarks
            .chain(found)
            .map(|mark| (places.x(mark.at), mark))
            .collect();
        placed.sort_by(|a, b| a.0.total_cmp(&b.0));
        placed
    }

    /// The row: its name, and the marks in view.
    pub(super) fn show(&mut self, ui: &Ui, scene: &Scene<'_>, id: Id) {
        let part = scene.layout.marks;
        if part.height() <= 0.0 {
            return;
        }
        let placed = self.placed(scene);
        ground(ui.painter(), scene, (placed.len(), self.found.has_more));
        let inside = |mark: &&Placed| part.left() <= mark.0 && mark.0 <= part.right();
        let seen: Vec<Placed> = placed.iter().filter(inside).copied().collect();
        let groups = groups(&seen);
        for (nr, group) in groups.iter().enumerate() {
            let next = groups.get(nr + 1);
            let right = next.map_or_else(|| part.right(), |next| next.x - APART / 2.0);
            self.group_ui(ui, scene, id.with(("mark", nr)), (group, right));
        }
    }
}

/// Marks that are one on the screen.
#[derive(Debug)]
struct Group {
    /// Where the first of them stands.
    x: f32,
    /// By event; at least one.
    marks: Vec<Mark>,
}

/// Marks, given from left to right, that are nearer than [`APART`] to the first one of a group are in
/// it, so that no group is wider than that, however many marks there are.
fn groups(marks: &[Placed]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (x, mark) in marks {
        match groups.last_mut() {
            Some(group) if x - group.x < APART => group.marks.push(*mark),
            _ => groups.push(Group {
                x: *x,
                marks: vec![*mark],
            }),
        }
    }
    for group in &mut groups {
        let by_event = |mark: &Mark| (mark.at, Reverse(mark.kind), mark.nr);
        group.marks.sort_by_key(by_event);
    }
    groups
}

impl Group {
    /// The first of the gravest, which is what the group looks like.
    fn shown(&self) -> Option<Mark> {
        let gravest = self.marks.iter().map(|mark| mark.kind).max()?;
        let mut marks = self.marks.iter();
        marks.find(|mark| mark.kind == gravest).copied()
    }

    /// To which mark a click goes: to the one that is shown, and from one of the group to the next.
    fn after(&self, now: Option<Mark>) -> Option<Mark> {
        let now = self.marks.iter().position(|mark| Some(*mark) == now);
        match now {
            Some(nr) => self.marks.get((nr + 1) % self.marks.len()).copied(),
            None => self.shown(),
        }
    }
}

/// All that the last audit found.
fn found<'a>(view: &'a View<'_>) -> &'a [Finding] {
    let audit = view.workbench.answers.audit.latest();
    let audit = audit.and_then(|audit| audit.as_ref().ok());
    audit.map_or(&[], |audit| audit.findings.as_slice())
}

fn ground(painter: &Painter, scene: &Scene<'_>, (n_marks, has_more): (usize, bool)) {
    let (t, part) = (scene.tokens, scene.layout.marks);
    let across = scene.layout.across(part);
    painter.rect_filled(across, CornerRadius::ZERO, t.canvas);
    let line = Stroke::new(size::STROKE, t.line);
    painter.hline(across.x_range(), across.bottom() - 0.5, line);
    let label = Rect::from_min_max(
        pos2(across.left() + size::SIDE, across.top()),
        pos2(part.left() - size::SIDE, across.bottom()),
    );
    // What is beyond the most that is marked is said, not counted.
    let more = if has_more { "+" } else { "" };
    let count = format!("{}{more}", format::count(n_marks as u64));
    text::line(painter, label, Align::Min, Face::Row, "Marks", t.text2);
    text::line(painter, label, Align::Max, Face::DataSmall, count, t.text3);
}

impl Marks {
    /// A group; how many marks it has is said where there is room up to `right`.
    fn group_ui(&mut self, ui: &Ui, scene: &Scene<'_>, id: Id, (group, right): (&Group, f32)) {
        let Some(shown) = group.shown() else {
            return;
        };
        let part = scene.layout.marks;
        let place = Rect::from_center_size(pos2(group.x, part.center().y), vec2(20.0, 24.0));
        let response = ui.interact(place, id, Sense::CLICK);
        let is_future = shown.at > scene.playhead();
        let (icon, color) = sign(scene, shown.kind, is_future);
        let painter = ui.painter().with_clip_rect(part);
        let drawn = icons::paint(&painter, place.center(), icon, size::ICON, color);
        let n_marks = group.marks.len();
        if n_marks > 1 {
            let left = pos2(drawn.right() + 2.0, part.top());
            let beside = Rect::from_min_max(left, pos2(right, part.bottom()));
            let count = format::compact(n_marks as u64);
            let (face, color) = (Face::DataSmall, scene.tokens.text2);
            if text::width(&painter, face, &count) <= beside.width() {
                text::line(&painter, beside, Align::Min, face, count, color);
            }
        }
        let (title, sentence) = words(scene, n_marks, shown);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("{title}, {sentence}"))
        });
        focus_ring::around(ui, &response, size::CORNER_TAG);
        let is_clicked = response.clicked();
        Tip::new(&title).sentence(&sentence).on(response);
        if is_clicked {
            self.gone_to = group.after(self.now(scene, group));
            if let Some(to) = self.gone_to {
                scene.view.send(match to.kind {
                    Kind::Bookmark => Action::GoToBookmark(to.nr),
                    Kind::Warning | Kind::Failed => Action::GoToFinding(to.nr),
                });
            }
        }
    }

    /// The mark that was gone to last, or the finding that is selected, while the playhead is there.
    fn now(&self, scene: &Scene<'_>, group: &Group) -> Option<Mark> {
        let selected = scene.look.selection.finding;
        let is_selected = |mark: &&Mark| mark.kind != Kind::Bookmark && Some(mark.nr) == selected;
        let selected = group.marks.iter().find(is_selected).copied();
        let known = self.gone_to.filter(|mark| group.marks.contains(mark));
        let is_here = |mark: &Mark| mark.at == scene.playhead();
        known.filter(is_here).or_else(|| selected.filter(is_here))
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
fn words(scene: &Scene<'_>, n_marks: usize, shown: Mark) -> (String, String) {
    let (what, says) = match shown.kind {
        Kind::Bookmark => {
            let name = scene.look.bookmarks.get(shown.nr);
            let name = name.map(|bookmark| format::visible(&bookmark.name).into_owned());
            ("Bookmark", name.unwrap_or_default())
        }
        kind => {
            let found = found(scene.view).get(shown.nr);
            let said = found.map(|one| format::visible(&one.message).into_owned());
            let what = if kind == Kind::Failed {
                "Failed check"
            } else {
                "Warning"
            };
            (what, said.unwrap_or_default())
        }
    };
    match n_marks {
        1 => (what.to_owned(), says),
        n => (format!("{what} and {} more", n - 1), says),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(check: &'static str, severity: Severity, at: u32) -> Finding {
        Finding {
            check,
            severity,
            message: format!("{check} at {at}"),
            stream: Some("a-1".to_owned()),
            version: None,
            position: Some(at),
            event_id: None,
            count: 1,
            group: None,
            stream_id: None,
            time: None,
            place: None,
            digest: None,
        }
    }

    fn accepted(finding: &Finding) -> Accepted {
        Accepted {
            check: finding.check.to_owned(),
            stream: finding.stream.clone(),
            position: finding.position.map(Position),
            finding: finding.message.clone(),
            reason: String::new(),
            by: String::new(),
            at: crate::event::Timestamp(0),
        }
    }

    fn mark(kind: Kind, at: u32, nr: usize) -> Mark {
        let at = Position(at);
        Mark { at, kind, nr }
    }

    #[test]
    fn a_failed_check_is_marked_however_much_else_was_found_before_it() {
        let notes = (0..5_000).map(|at| finding("note", Severity::Info, at));
        let gaps = (0..5_000).map(|at| finding("version-gap", Severity::Warning, at));
        let chain = [finding("hash-chain", Severity::Error, 7)];
        let findings: Vec<Finding> = notes.chain(gaps).chain(chain).collect();
        let found = Found::of(&findings, &[]);
        assert_eq!(found.marks[0], mark(Kind::Failed, 7, 10_000));
        assert!(found.marks.len() == MOST && found.has_more);
        assert_eq!(found.marks[1], mark(Kind::Warning, 0, 5_000));
        // What is accepted makes room for what is not.
        let known: Vec<Accepted> = findings[5_000..7_000].iter().map(accepted).collect();
        let found = Found::of(&findings, &known);
        assert!(found.marks.len() == 3_001 && !found.has_more);
        assert_eq!(found.marks[1], mark(Kind::Warning, 2_000, 7_000));
    }

    #[test]
    fn marks_do_not_chain_into_one() {
        let marks: Vec<Placed> = (0_u8..60)
            .map(|nr| {
                let at = usize::from(nr);
                (
                    f32::from(nr) * 13.0,
                    mark(Kind::Bookmark, u32::from(nr), at),
                )
            })
            .collect();
        let groups = groups(&marks);
        assert_eq!(groups.len(), 30);
        for pair in groups.windows(2) {
            assert!(pair[1].x - pair[0].x >= APART, "{pair:?}");
        }
        assert_eq!(
            groups.iter().map(|group| group.marks.len()).sum::<usize>(),
            60
        );
    }

    #[test]
    fn clicks_begin_with_what_is_shown_and_come_by_every_mark_of_a_group() {
        let marks = [
            (5.0, mark(Kind::Warning, 10, 4)),
            (6.0, mark(Kind::Bookmark, 5, 0)),
            (7.0, mark(Kind::Failed, 5, 1)),
            (8.0, mark(Kind::Failed, 5, 2)),
            (9.0, mark(Kind::Failed, 5, 3)),
        ];
        let groups = groups(&marks);
        assert_eq!(groups.len(), 1);
        let mut gone = Vec::new();
        let mut now = None;
        for _ in 0..6 {
            now = groups[0].after(now);
            gone.extend(now.map(|mark| (mark.kind, mark.nr)));
        }
        let expected = [
            (Kind::Failed, 1),
            (Kind::Failed, 2),
            (Kind::Failed, 3),
            (Kind::Bookmark, 0),
            (Kind::Warning, 4),
            (Kind::Failed, 1),
        ];
        assert_eq!(gone, expected);
    }
}
