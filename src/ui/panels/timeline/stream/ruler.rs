//! The ruler over a stream: its versions with the time between them, or time, or positions.

use egui::{Align, CornerRadius, Id, Painter, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::super::super::period_label::{Named, label};
use super::super::markers::Flag;
use super::super::minimap::paint_two_lines;
use super::super::paint_ruler::{self, Band};
use super::super::periods::{self, Label};
use super::super::{ruler, when};
use super::stage::Stage;
use crate::event::Position;
use crate::history::{Axis, Clock};
use crate::ui::theme::{Face, format, size, text};
use crate::workbench::{Mark, Span, StreamAxis};

/// Height of the upper row, in which the playhead's head stands.
const UPPER: f32 = 22.0;
/// Space between two labels.
const BETWEEN: f32 = 8.0;
/// Side of the flags A and B.
const FLAG: f32 = 14.0;
/// Under this length of what is shown, the head carries a fraction of seconds.
const FRACTION_BELOW: i64 = 30_000_000_000;

/// What the head of the playhead carries.
fn head_text(stage: &Stage<'_>) -> String {
    let time = stage.log.by(stage.look.clock).time(stage.playhead);
    match (stage.track.axis, time) {
        (StreamAxis::Version, _) => stage
            .now
            .map_or_else(|| "before".to_owned(), |rank| stage.version(rank)),
        (StreamAxis::Time, Some(time)) => {
            let fine = stage.track.scale.span.len() < FRACTION_BELOW;
            let digits = if fine { stage.log.time_digits() } else { 0 };
            when::short(time, stage.look.zone, usize::from(digits))
        }
        _ => format::position(u64::from(stage.playhead.0)),
    }
}

/// What time the axis of time is.
fn time_name(stage: &Stage<'_>) -> &'static str {
    match stage.look.clock {
        Clock::Occurred if stage.log.has_occurred() => "Occurred",
        Clock::Recorded if stage.log.has_occurred() => "Recorded",
        _ => "Time",
    }
}

/// Where the head stands: over the playhead, but never over the edge of the ruler.
pub(super) fn head(painter: &Painter, stage: &Stage<'_>) -> Option<Rect> {
    if !stage.shows_playhead() {
        return None;
    }
    let part = stage.parts.ruler;
    let width = text::width(painter, Face::DataMedium, &head_text(stage)) + 20.0;
    let width = width.ceil().min(part.width());
    let right_end = stage.parts.whole.right() - 1.0 - width;
    let left = (stage.playhead_x() - width / 2.0).clamp(part.left(), right_end.max(part.left()));
    let min = pos2(stage.snap(left), part.top() + 3.0);
    Some(Rect::from_min_size(min, vec2(width, UPPER - 4.0)))
}

/// Paints the ruler; returns the places at which a line runs down through the rows, and where labels
/// stand, each with the stretch of the axis that it names.
pub(super) fn paint(
    painter: &Painter,
    stage: &Stage<'_>,
    head: Option<Rect>,
) -> (Vec<f32>, Vec<Label>) {
    let (t, parts) = (stage.tokens, stage.parts);
    let across = Rect::from_x_y_ranges(parts.whole.x_range(), parts.ruler.y_range());
    let lines = match stage.track.axis {
        StreamAxis::Version => {
            painter.rect_filled(across, CornerRadius::ZERO, t.panel);
            versions(painter, stage, head)
        }
        axis => {
            let scale = stage.track.scale;
            let marks = match axis {
                StreamAxis::Time => ruler::time_marks(&scale, stage.look.zone),
                _ => ruler::sequence_marks(stage.log, scale),
            };
            let band = Band {
                tokens: t,
                part: parts.ruler,
                across,
                is_sequence: axis == StreamAxis::Sequence,
                playhead: head.map(|_| stage.playhead_x()),
                flags: flags(stage)
                    .into_iter()
                    .map(|(_, place, _)| place)
                    .collect(),
                pixels_per_point: stage.pixels_per_point,
            };
            let labels = band.paint(painter, &marks, head);
            (marks.lower.iter().map(|mark| mark.x).collect(), labels)
        }
    };
    let label = match stage.track.axis {
        StreamAxis::Version => ["Version".to_owned(), "Since previous".to_owned()],
        StreamAxis::Time => [
            time_name(stage).to_owned(),
            ruler::length(stage.track.scale.span.len()),
        ],
        StreamAxis::Sequence => [
            "Position".to_owned(),
            format!(
                "{} events",
                format::count(stage.track.scale.span.len().unsigned_abs())
            ),
        ],
    };
    paint_two_lines(painter, parts.ruler_label, [&label[0], &label[1]], t);
    lines
}

/// The versions, as many as have room, and the time between them where all of them have.
fn versions(painter: &Painter, stage: &Stage<'_>, head: Option<Rect>) -> (Vec<f32>, Vec<Label>) {
    let mut labels = Vec::new();
    let (t, track, part) = (stage.tokens, &stage.track, stage.parts.ruler);
    let inside = painter.with_clip_rect(part.expand2(vec2(8.0, 0.0)));
    let wide = track.place_width();
    let longest = stage.version(track.events.len().saturating_sub(1));
    let room = text::width(painter, Face::Data, &longest) + BETWEEN;
    let step = step(room / wide.max(f32::MIN_POSITIVE));
    let (from, to) = (track.after(part.left() - wide), track.after(part.right()));
    let mut lines = Vec::new();
    for rank in (from.div_ceil(step) * step..to).step_by(step) {
        let x = track.x(rank);
        lines.push(x);
        let label = stage.version(rank);
        let width = text::width(painter, Face::Data, &label);
        let upper = Rect::from_center_size(
            pos2(x, part.top() + UPPER / 2.0 + 1.0),
            vec2(width + 2.0, UPPER),
        );
        let is_hidden = head.is_some_and(|head| head.expand(3.0).intersects(upper))
            || flags(stage).iter().any(|flag| flag.1.intersects(upper));
        if !is_hidden {
            let is_past = stage.now.is_some_and(|now| rank <= now);
            let color = if is_past { t.text } else { t.text2 };
            text::line(&inside, upper, Align::Center, Face::Data, label, color);
            let from = i64::try_from(rank).unwrap_or(i64::MAX);
            let to = from.saturating_add(1);
            labels.push((upper, Span { from, to }));
        }
        if step == 1 {
            since(&inside, stage, rank, wide);
        }
    }
    (lines, labels)
}

/// The time between an event and the one before it, in the middle between them.
fn since(painter: &Painter, stage: &Stage<'_>, rank: usize, wide: f32) {
    let events = stage.track.events;
    let time = |rank: usize| stage.log.time(Position(*events.get(rank)?));
    let Some((before, now)) = rank
        .checked_sub(1)
        .and_then(|before| time(before).zip(time(rank)))
    else {
        return;
    };
    let label = format::duration_short(now.0.saturating_sub(before.0));
    let width = text::width(painter, Face::DataSmall, &label);
    let part = stage.parts.ruler;
    let x = stage.track.x(rank) - wide / 2.0;
    if width + 4.0 > wide || x - width / 2.0 < part.left() {
        return;
    }
    let place = Rect::from_center_size(
        pos2(x, part.bottom() - 11.0),
        vec2(width + 2.0, UPPER - 4.0),
    );
    // The playhead's line runs through here.
    let playhead = stage.playhead_x();
    if stage.shows_playhead() && place.expand(2.0).x_range().contains(playhead) {
        return;
    }
    let color = stage.tokens.text3;
    text::line(painter, place, Align::Center, Face::DataSmall, label, color);
}

/// Every which version gets a label, where one needs the room of so many.
fn step(needed: f32) -> usize {
    let mut step = 1_usize;
    loop {
        for factor in [1, 2, 5] {
            if (step * factor) as f32 >= needed || step >= 100_000_000 {
                return step * factor;
            }
        }
        step *= 10;
    }
}

/// The flags A and B that are in view: letter, place, and where their lines run.
pub(super) fn flags(stage: &Stage<'_>) -> Vec<(&'static str, Rect, f32)> {
    let part = stage.parts.ruler;
    let marks = [("A", stage.look.marker_a), ("B", stage.look.marker_b)];
    let flag = |(letter, mark): (&'static str, Option<Mark>)| {
        let mark = mark?;
        // A stands at the beginning of its period, B at the end.
        let at = if letter == "A" { mark.from } else { mark.to };
        let x = stage.snap(stage.track.x_of(at));
        let is_seen = part.left() - 1.0 <= x && x <= part.right() + 1.0;
        // Beside its line, so that the version there can be read.
        let left = if letter == "A" {
            x - FLAG - 8.0
        } else {
            x + 22.0
        };
        let left = left.clamp(part.left(), part.right() - FLAG);
        let place = Rect::from_min_size(
            pos2(left, part.top() + (UPPER - FLAG) / 2.0 + 1.0),
            vec2(FLAG, FLAG),
        );
        is_seen.then_some((letter, place, x))
    };
    marks.into_iter().filter_map(flag).collect()
}

/// The flags, and the dashed lines under them.
pub(super) fn paint_flags(painter: &Painter, stage: &Stage<'_>) {
    let (t, parts) = (stage.tokens, stage.parts);
    for (letter, place, x) in flags(stage) {
        let ends = [
            pos2(x, parts.ruler.top() + UPPER),
            pos2(x, parts.body.bottom()),
        ];
        let [dash, gap] = size::DASH_MARKER;
        let line = Stroke::new(size::STROKE, t.text2);
        painter.extend(Shape::dashed_line(&ends, line, dash, gap));
        painter.rect_filled(place, CornerRadius::same(size::CORNER_BAR), t.text2);
        let face = Face::SmallMedium;
        text::line(painter, place, Align::Center, face, letter, t.canvas);
    }
}

/// The playhead over everything.
pub(super) fn paint_playhead(painter: &Painter, stage: &Stage<'_>, head: Option<Rect>) {
    let Some(head) = head else { return };
    let x = stage.snap(stage.playhead_x());
    let bottom = stage.parts.body.bottom();
    paint_ruler::paint_head(painter, stage.tokens, head, (x, bottom), &head_text(stage));
}

/// A click on a version, a day or a position sets it as A, with Ctrl as B; the flags are dragged, clicked
/// and taken away.
pub(super) fn listen(ui: &Ui, stage: &Stage<'_>, id: Id, labels: &[Label]) {
    for (place, span) in labels {
        let (name, named) = match stage.track.axis {
            StreamAxis::Version => {
                let rank = usize::try_from(span.from).unwrap_or(0);
                let name = format!("Version {}", stage.version(rank));
                let at = stage.track.events.get(rank).copied();
                (name, Named::event(at.map(Position)))
            }
            axis => {
                let is_time = axis == StreamAxis::Time;
                let axis = if is_time { Axis::Time } else { Axis::Sequence };
                let name = periods::name(axis, stage.look.zone, *span);
                (name, periods::named(&stage.track.places(), *span))
            }
        };
        let id = id.with(("period", place.top().to_bits(), span.from));
        label(ui, stage.view, id, (*place, &name, named));
    }
    let marks = [("A", stage.look.marker_a), ("B", stage.look.marker_b)];
    for (letter, place, _) in flags(stage) {
        let mark = marks.iter().find(|(known, _)| *known == letter);
        let Some(mark) = mark.and_then(|(_, mark)| *mark) else {
            continue;
        };
        let reach = stage.track.place_width() / 2.0;
        let flag = Flag {
            view: stage.view,
            letter,
            mark,
            place,
            to: &|x| Some(stage.track.meant(x, reach.max(FLAG))),
        };
        flag.listen(ui, id.with(("marker", letter)));
    }
}
