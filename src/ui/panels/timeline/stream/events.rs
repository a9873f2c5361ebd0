//! The stream's own row: its life line, its events with their types' names, saved states, bookmarks.

use egui::{Align, Painter, Rect, Shape, Stroke, pos2, vec2};

use super::super::dots;
use super::stage::Stage;
use crate::event::Position;
use crate::fold::Edit;
use crate::ui::theme::{Face, format, icons, size, text};

/// Dots nearer than this to one another are drawn as one.
const MERGE: f32 = 1.5;
/// From here on names are tried.
const NAMES_FROM: f32 = 22.0;
/// How far above and below the line names stand.
const NAME: f32 = 26.0;
/// Space between two names.
const BETWEEN: f32 = 8.0;
/// No name is longer than this.
const LONGEST: f32 = 220.0;

/// Paints the row.
pub(super) fn paint(painter: &Painter, stage: &Stage<'_>, row: Rect) {
    let y = stage.snap(row.center().y);
    let track = &stage.track;
    let seen = track.visible(MERGE);
    let apart = track.apart(&seen);
    life_line(painter, stage, y);
    if apart >= NAMES_FROM {
        names(painter, stage, &seen, y);
    }
    let radius = dots::radius(apart);
    for rank in &seen {
        dot(painter, stage, *rank, (y, radius));
    }
    snapshots(painter, stage, y);
    bookmarks(painter, stage, y);
    idle(painter, stage, y);
}

/// The event at the playhead once more, over the playhead's line.
pub(super) fn paint_here(painter: &Painter, stage: &Stage<'_>, row: Rect) {
    let events = stage.track.events;
    let here = stage
        .now
        .filter(|now| events.get(*now) == Some(&stage.playhead.0));
    if let Some(rank) = here {
        let apart = stage.track.apart(&stage.track.visible(MERGE));
        let y = stage.snap(row.center().y);
        dot(painter, stage, rank, (y, dots::radius(apart)));
    }
}

fn life_line(painter: &Painter, stage: &Stage<'_>, y: f32) {
    let (t, body) = (stage.tokens, stage.parts.body);
    let clamp = |x: f32| x.clamp(body.left() - 8.0, body.right() + 8.0);
    let last = stage.track.events.len().saturating_sub(1);
    let (first, last) = (clamp(stage.track.x(0)), clamp(stage.track.x(last)));
    let now = clamp(stage.playhead_x()).clamp(first, last);
    if first < now {
        let line = Stroke::new(size::STROKE_PLAYHEAD, t.text3);
        painter.hline(first..=now, y, line);
    }
    if now < last {
        let line = Stroke::new(size::STROKE_PLOT, t.line_strong);
        let [dash, gap] = size::DASH;
        let ends = [pos2(now, y), pos2(last, y)];
        painter.extend(Shape::dashed_line(&ends, line, dash, gap));
    }
}

fn dot(painter: &Painter, stage: &Stage<'_>, rank: usize, (y, radius): (f32, f32)) {
    let t = stage.tokens;
    let center = pos2(stage.track.x(rank), y);
    let is_past = stage.now.is_some_and(|now| rank <= now);
    let color = |is_future| {
        if stage.leaves_out(rank) {
            t.other_future_bar
        } else {
            stage.color(rank, is_future)
        }
    };
    if is_past {
        painter.circle_filled(center, radius, color(false));
    } else {
        let line = Stroke::new(size::STROKE_PLOT, color(true));
        painter.circle(center, radius - 0.5, t.canvas, line);
    }
    if let Some(position) = stage.track.events.get(rank).copied().map(Position) {
        what_if(painter, stage, position, (center, radius));
    }
    let position = stage.track.events.get(rank).copied().map(Position);
    if position.is_some_and(|position| stage.view.workbench.is_chosen(position)) {
        let ring = Stroke::new(size::STROKE_PLOT, t.text);
        painter.circle_stroke(center, radius + 1.5, ring);
    }
    if stage.track.events.get(rank) == Some(&stage.playhead.0) {
        let ring = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
        painter.circle_stroke(center, radius + 3.0, ring);
    }
}

/// What the branch shown makes of an event: hollow and struck where it is left out, a core where it
/// says something else.
fn what_if(
    painter: &Painter,
    stage: &Stage<'_>,
    position: Position,
    (center, radius): (egui::Pos2, f32),
) {
    let t = stage.tokens;
    let branch = stage.view.workbench.branch_shown();
    match branch.and_then(|branch| branch.edit(stage.log, position)) {
        None => {}
        Some(Edit::Skip) => {
            let line = Stroke::new(size::STROKE_PLOT, t.text2);
            painter.circle(center, radius - 0.5, t.canvas, line);
            let end = vec2(radius + 1.5, -radius - 1.5);
            painter.line_segment([center - end, center + end], line);
        }
        Some(Edit::Data(_)) => {
            painter.circle_filled(center, (radius * 0.5).max(1.0), t.canvas);
        }
    }
}

/// The names of types by turns above and below the line, where they have room; that of the event at
/// the playhead always.
fn names(painter: &Painter, stage: &Stage<'_>, seen: &[usize], y: f32) {
    let body = stage.parts.body;
    // What is taken above and below, as stretches of the screen.
    let mut taken: [Vec<[f32; 2]>; 2] = Default::default();
    let here = stage
        .now
        .filter(|now| stage.track.events.get(*now) == Some(&stage.playhead.0));
    let order = here.into_iter().chain(seen.iter().copied());
    for (nr, rank) in order.enumerate() {
        let is_here = nr == 0 && here.is_some();
        if !is_here && here == Some(rank) {
            continue;
        }
        let x = stage.track.x(rank);
        let position = Position(stage.track.events.get(rank).copied().unwrap_or_default());
        let name = stage.log.type_name(stage.log.event_type(position));
        let name = format::visible(name);
        let face = if is_here { Face::Section } else { Face::Small };
        let name = text::shortened(painter, face, &name, LONGEST.min(body.width() - 8.0));
        let width = text::width(painter, face, &name);
        let is_cut = x < body.left() || x > body.right();
        // At an edge a name stands beside its event, so that it can be read.
        let most = (body.right() - width / 2.0 - 2.0).max(body.left() + width / 2.0 + 2.0);
        let x = x.clamp(body.left() + width / 2.0 + 2.0, most);
        let ends = [x - width / 2.0, x + width / 2.0];
        let sides = if rank % 2 == 0 { [0, 1] } else { [1, 0] };
        let free = |side: &usize| {
            taken[*side]
                .iter()
                .all(|[from, to]| ends[1] + BETWEEN < *from || *to + BETWEEN < ends[0])
        };
        let Some(side) = sides.into_iter().find(free).filter(|_| !is_cut) else {
            continue;
        };
        taken[side].push(ends);
        name_at(
            painter,
            stage,
            (rank, is_here),
            (x, y, side),
            (&name, width),
        );
    }
}

fn name_at(
    painter: &Painter,
    stage: &Stage<'_>,
    (rank, is_here): (usize, bool),
    (x, y, side): (f32, f32, usize),
    (name, width): (&str, f32),
) {
    let t = stage.tokens;
    let away = if side == 0 { -1.0 } else { 1.0 };
    let place = Rect::from_center_size(pos2(x, y + away * NAME), vec2(width + 2.0, 16.0));
    let stem = Stroke::new(size::STROKE, t.line_strong);
    let (near, far) = (y + away * 7.0, y + away * (NAME - 8.0));
    let event = stage.snap(stage.track.x(rank));
    painter.vline(event, near.min(far)..=near.max(far), stem);
    let is_past = stage.now.is_some_and(|now| rank <= now);
    let (face, color) = match (is_here, is_past) {
        (false, _) if stage.leaves_out(rank) => (Face::Small, t.text_dis),
        (true, _) => (Face::Section, t.text),
        (false, true) => (Face::Small, t.text2),
        (false, false) => (Face::Small, t.text3),
    };
    text::line(painter, place, Align::Center, face, name, color);
}

/// Saved states as diamonds, at the event after which they were saved.
fn snapshots(painter: &Painter, stage: &Stage<'_>, y: f32) {
    let mut last = f32::NEG_INFINITY;
    for rank in snapshot_ranks(stage) {
        let x = snapshot_x(stage, rank);
        if x - last < 4.0 || !stage.parts.body.expand(6.0).x_range().contains(x) {
            continue;
        }
        last = x;
        let is_future = stage.now.is_none_or(|now| now < rank);
        dots::diamond(painter, stage.tokens, pos2(x, y), is_future);
    }
}

/// A saved state stands half way to the next event, so that it does not hide the one it was saved
/// after.
pub(super) fn snapshot_x(stage: &Stage<'_>, rank: usize) -> f32 {
    let x = stage.track.x(rank);
    if rank + 1 < stage.track.events.len() {
        let next = stage.track.x(rank + 1);
        (x + (next - x) / 2.0).min(x + 40.0)
    } else {
        x + 14.0
    }
}

/// The indices of the events after which states were saved.
pub(super) fn snapshot_ranks<'a>(stage: &'a Stage<'_>) -> impl Iterator<Item = usize> + 'a {
    let marks = stage
        .view
        .history()
        .map_or(&[] as &[_], |history| history.snapshots.as_slice());
    marks
        .iter()
        .filter(|mark| mark.stream == stage.stream)
        .filter_map(|mark| stage.log.rank_of_version(stage.stream, mark.version))
        .map(|rank| rank as usize)
}

/// Bookmarks of this stream as ribbons at their place.
fn bookmarks(painter: &Painter, stage: &Stage<'_>, y: f32) {
    for bookmark in &stage.look.bookmarks {
        if bookmark.stream != Some(stage.stream) {
            continue;
        }
        let is_future = bookmark.position > stage.playhead;
        let icon = if is_future {
            icons::BOOKMARK.outline()
        } else {
            icons::BOOKMARK
        };
        let at = pos2(stage.track.x_of(bookmark.position) + 11.0, y - 9.0);
        let color = stage.tokens.code_key;
        icons::paint(painter, at, icon, size::ICON_TEXT, color);
    }
}

/// While playing by time: how long a stretch without events is passed over.
fn idle(painter: &Painter, stage: &Stage<'_>, y: f32) {
    let Some((from, to)) = stage.view.workbench.idle_skipped else {
        return;
    };
    let seconds = stage.view.workbench.seconds_between(from, to);
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let nanos = (seconds * 1e9) as i64;
    let label = format!("{} without events", format::duration_short(nanos));
    let x = f32::midpoint(stage.track.x_of(from), stage.track.x_of(to));
    let width = text::width(painter, Face::Small, &label);
    let place = Rect::from_center_size(pos2(x, y - 10.0), vec2(width + 2.0, 14.0));
    let color = stage.tokens.text3;
    text::line(painter, place, Align::Center, Face::Small, label, color);
}
