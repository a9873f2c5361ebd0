//! What all plots share: zoom and pan, the playhead, and a name for those who do not see them.
//!
//! All plots run over the span that the timeline shows, so zooming one zooms all.

use egui::{
    Align, CursorIcon, PointerButton, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use super::plots_axis::Plane;
use crate::event::{Position, Timestamp, Zone};
use crate::history::{Axis, EventLog};
use crate::ui::View;
use crate::ui::part::{Part, note};
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::focus_ring;
use crate::workbench::{Action, Span};

/// How near the playhead a press must be to take hold of it.
const GRAB: f32 = 7.0;
/// How many points of the wheel double or halve what is seen.
const PER_DOUBLE: f32 = 240.0;

/// What a drag holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// The playhead.
    Playhead,
    /// The whole plane.
    Plane,
}

/// Registers a plot: keys and pointer, and what it is called.
pub(super) fn register(ui: &Ui, area: Rect, name: &str) -> Response {
    note(ui.ctx(), Part::Plot, area);
    let response = ui.interact(area, ui.make_persistent_id("plot"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response
}

/// Zoom, pan, clicks and drags of a plot.
pub(super) fn navigate(
    ui: &Ui,
    response: &Response,
    plane: &Plane,
    view: &View<'_>,
    held: &mut Held,
) {
    let Some(log) = view.log() else { return };
    let head = playhead_x(plane, log, view.look().playhead);
    let is_near = |x: f32| head.is_some_and(|head| (head - x).abs() <= GRAB);
    if let Some(pointer) = response.hover_pos() {
        if is_near(pointer.x) || *held == Held::Playhead {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        wheel(ui, plane, pointer.x, view);
    }
    if response.drag_started() {
        let from = ui.input(|input| input.pointer.press_origin());
        let by_middle = response.drag_started_by(PointerButton::Middle);
        let takes_head = !by_middle && from.is_some_and(|from| is_near(from.x));
        *held = if takes_head {
            Held::Playhead
        } else {
            Held::Plane
        };
    }
    if response.dragged() {
        match (*held, response.interact_pointer_pos()) {
            (Held::Playhead, Some(pointer)) => move_to(plane, pointer.x, log, view),
            (Held::Plane, _) => pan(plane, -response.drag_delta().x, view),
            _ => {}
        }
    }
    if response.drag_stopped() {
        *held = Held::Nothing;
    }
    if response.double_clicked() {
        view.send(Action::Fit);
    } else if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.clicked())
    {
        move_to(plane, pointer.x, log, view);
    }
    if focus_ring::is_shown(response) {
        focus_ring::inside(ui, response.rect);
    }
}

fn wheel(ui: &Ui, plane: &Plane, x: f32, view: &View<'_>) {
    let (scroll, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    if scroll.x != 0.0 {
        pan(plane, -scroll.x, view);
    }
    let factor = f64::from(2_f32.powf(-scroll.y / PER_DOUBLE) / zoom);
    if (factor - 1.0).abs() > 1e-6 {
        let share = f64::from(((x - plane.rect.left()) / plane.rect.width()).clamp(0.0, 1.0));
        view.send(Action::SetSpan(zoomed(plane.span, share, factor)));
    }
    if scroll != egui::Vec2::ZERO {
        ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
    }
}

/// A span longer by `factor` around the place that lies at `share` of it.
fn zoomed(span: Span, share: f64, factor: f64) -> Span {
    let length = (span.len() as f64 * factor).max(1.0);
    let fixed = span.at(share);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, which is what is wanted"
    )]
    let (before, after) = ((length * share) as i64, (length * (1.0 - share)) as i64);
    let from = fixed.saturating_sub(before);
    Span {
        from,
        to: fixed.saturating_add(after).max(from.saturating_add(1)),
    }
}

fn pan(plane: &Plane, by: f32, view: &View<'_>) {
    let share = f64::from(by / plane.rect.width().max(1.0));
    let from = plane.span.at(share);
    let to = from.saturating_add(plane.span.len());
    if from != plane.span.from {
        view.send(Action::SetSpan(Span { from, to }));
    }
}

/// Puts the playhead on the last event at or before a place on the screen.
fn move_to(plane: &Plane, x: f32, log: &EventLog, view: &View<'_>) {
    let at = plane.at(x.clamp(plane.rect.left(), plane.rect.right()));
    let position = match plane.axis {
        Axis::Time => log.last_at_time(Timestamp(at)).unwrap_or_default(),
        Axis::Sequence => {
            let last = log.last().unwrap_or_default();
            u32::try_from(at.max(0)).map_or(last, Position).min(last)
        }
    };
    if position != view.look().playhead {
        view.send(Action::MovePlayhead(position));
    }
}

/// Where the playhead stands on an axis; `None` for an event without a time.
pub(super) fn playhead_at(axis: Axis, log: &EventLog, playhead: Position) -> Option<i64> {
    let position = playhead.min(log.last()?);
    match axis {
        Axis::Time => log.time(position).map(|time| time.0),
        Axis::Sequence => Some(i64::from(position.0)),
    }
}

/// Where the playhead stands on the screen.
pub(super) fn playhead_x(plane: &Plane, log: &EventLog, playhead: Position) -> Option<f32> {
    playhead_at(plane.axis, log, playhead).map(|at| plane.x(at))
}

/// Paints the playhead over everything, with its time in a head where `has_head`.
pub(super) fn paint_playhead(ui: &Ui, plane: &Plane, view: &View<'_>, has_head: bool) {
    let Some(log) = view.log() else { return };
    let Some(at) = playhead_at(plane.axis, log, view.look().playhead) else {
        return;
    };
    let x = plane.x(at).round();
    if !plane.rect.x_range().contains(x) {
        return;
    }
    let t = tokens(ui);
    let line = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
    ui.painter().vline(x, plane.rect.y_range(), line);
    if !has_head {
        return;
    }
    let label = match plane.axis {
        Axis::Time => head_time(Timestamp(at), plane.zone),
        Axis::Sequence => super::shared::place(view.look().playhead),
    };
    let width = text::width(ui.painter(), Face::DataMedium, &label).ceil() + 16.0;
    let left = (x - width / 2.0).clamp(
        plane.rect.left(),
        (plane.rect.right() - width).max(plane.rect.left()),
    );
    let head = Rect::from_min_size(pos2(left, plane.rect.top() - 18.0), vec2(width, 18.0));
    ui.painter()
        .rect_filled(head, f32::from(size::CORNER_TAG), t.accent_fill);
    text::line(
        ui.painter(),
        head.expand2(vec2(1.0, 0.0)),
        Align::Center,
        Face::DataMedium,
        label,
        t.on_accent,
    );
}

/// A time as the head of the playhead shows it: `2024-03-12 14:32`.
fn head_time(time: Timestamp, zone: Zone) -> String {
    let mut text = super::shared::moment(time, zone, 0);
    text.truncate(16);
    text
}

/// How long a span is, for people: `18 months`, `9 d 14 h`, `4,313 events`.
pub(super) fn length(axis: Axis, span: Span) -> String {
    const DAY: i64 = 86_400_000_000_000;
    match (axis, span.len()) {
        (Axis::Sequence, n) => super::shared::counted(n.unsigned_abs(), "position", "positions"),
        (Axis::Time, n) if n >= 60 * DAY => {
            format!("{} months", (n + 15 * DAY) / (30 * DAY + DAY * 44 / 100))
        }
        (Axis::Time, n) => crate::ui::theme::format::duration(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let span = Span {
            from: 1_700_000_000_000_000_000,
            to: 1_700_000_100_000_000_000,
        };
        let near = zoomed(span, 0.25, 0.5);
        assert_eq!(near.len(), 50_000_000_000);
        assert!((near.at(0.25) - span.at(0.25)).abs() < 1_000);
        assert_eq!(zoomed(Span { from: 0, to: 1 }, 0.5, 0.001).len(), 1);
    }
}
