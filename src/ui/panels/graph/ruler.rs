//! The ruler with its stretches of time, the lanes with their names, and the playhead.

use egui::{Align, Color32, CornerRadius, Painter, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::scene::Scene;
use crate::history::{Link, Stretch};
use crate::ui::panels::event_colors::EventColors;
use crate::ui::panels::shared;
use crate::ui::theme::{Face, format, size, text};
use crate::ui::widgets::swatch;

/// Height of the bar of a stretch.
const BAR: f32 = 18.0;
/// Where it begins below the top of the ruler.
const BAR_TOP: f32 = 8.0;
/// How far ticks are apart.
const TICKS: f32 = 60.0;
/// Under this length a stretch does not say how long it lasts.
const WITH_LENGTH: f32 = 215.0;
/// Room of the moment at the playhead.
const NOW: f32 = 138.0;

/// The grounds of the lanes, and where time is folded.
pub(super) fn lanes(ui: &Ui, scene: &Scene<'_>) {
    let t = scene.tokens;
    let painter = ui.painter().with_clip_rect(scene.lanes);
    if let Some(x) = scene.playhead_x() {
        let corner = pos2(x.max(scene.lanes.left()), scene.lanes.top());
        let future = Rect::from_min_max(corner, scene.lanes.max);
        painter.rect_filled(future, 0.0, t.panel.gamma_multiply(0.45));
    }
    for lane in scene.lanes_in_view() {
        let rect = scene.lane(lane);
        painter.hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(size::STROKE, t.grid),
        );
    }
    for pair in scene.laid.layout.stretches.windows(2) {
        let x = fold_x(scene, &pair[0], &pair[1]);
        if scene.lanes.x_range().contains(x) {
            let ends = [pos2(x, scene.lanes.top()), pos2(x, scene.lanes.bottom())];
            let [dash, gap] = size::DASH_MARKER;
            let line = Stroke::new(size::STROKE, t.line_strong);
            painter.extend(Shape::dashed_line(&ends, line, dash, gap));
        }
    }
}

/// Where the time between two stretches is folded: in the middle of what is left between the bars.
fn fold_x(scene: &Scene<'_>, before: &Stretch, after: &Stretch) -> f32 {
    scene
        .on_screen(f64::midpoint(before.x[1], after.x[0]))
        .round()
        + 0.5
}

/// The playhead through all lanes.
pub(super) fn playhead(ui: &Ui, scene: &Scene<'_>) {
    let Some(x) = scene.playhead_x() else { return };
    let painter = ui.painter().with_clip_rect(scene.lanes);
    let line = Stroke::new(size::STROKE_PLAYHEAD, scene.tokens.accent);
    painter.vline(x, scene.lanes.y_range(), line);
}

/// The ruler.
pub(super) fn head(ui: &Ui, scene: &Scene<'_>) {
    let t = scene.tokens;
    let whole = Rect::from_min_max(scene.area.min, scene.head.max);
    ui.painter().rect_filled(whole, 0.0, t.panel);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(whole.x_range(), whole.bottom() - 0.5, line);
    let painter = ui.painter().with_clip_rect(scene.head);
    let stretches = &scene.laid.layout.stretches;
    for (nr, stretch) in stretches.iter().enumerate() {
        let next = stretches.get(nr + 1);
        bar(&painter, scene, stretch, next);
        if let Some(next) = next {
            fold(&painter, scene, stretch, next);
        }
    }
    steps(&painter, scene);
    moment(&painter, scene);
    corner(ui, scene, whole);
}

fn corner(ui: &Ui, scene: &Scene<'_>, whole: Rect) {
    let t = scene.tokens;
    let corner = Rect::from_min_max(whole.min, pos2(scene.head.left(), whole.bottom()));
    let inside = corner.shrink2(vec2(size::SIDE, 0.0));
    let line_at =
        |y: f32| Rect::from_center_size(pos2(inside.center().x, y), vec2(inside.width(), 16.0));
    let zone = scene
        .log
        .time_range()
        .map(|(first, _)| scene.view.look().zone.label(first));
    let words = match zone {
        _ if scene.laid.is_in_layers() => "Steps".to_owned(),
        Some(zone) => format!("Time, {zone}"),
        None => "Order of events".to_owned(),
    };
    let painter = ui.painter();
    let y = corner.top() + BAR_TOP + BAR / 2.0;
    text::line(
        painter,
        line_at(y),
        Align::Min,
        Face::SmallMedium,
        words,
        t.text2,
    );
    if scene.laid.layout.stretches.len() > 1 {
        let words = "Quiet time folded";
        text::line(
            painter,
            line_at(y + 22.0),
            Align::Min,
            Face::Small,
            words,
            t.text3,
        );
    }
    painter.vline(
        corner.right() - 0.5,
        scene.area.y_range(),
        Stroke::new(size::STROKE, t.line),
    );
}

/// The number of each column, where nodes stand by their steps.
fn steps(painter: &Painter, scene: &Scene<'_>) {
    let t = scene.tokens;
    let columns = &scene.laid.columns;
    for (nr, left) in columns.iter().enumerate() {
        let next = columns.get(nr + 1).copied();
        let end = next.map_or(scene.laid.layout.length, |next| next - 24.0);
        let left = scene.on_screen(*left);
        let right = scene.on_screen(end).max(left + 2.0);
        let top = scene.head.top() + BAR_TOP;
        let rect = Rect::from_min_max(pos2(left, top), pos2(right, top + BAR));
        if !rect.intersects(scene.head) {
            continue;
        }
        let corner = CornerRadius::same(size::CORNER_TAG);
        painter.rect_filled(rect, corner, t.control_hover.gamma_multiply(0.6));
        let inside = rect.intersect(scene.head).shrink2(vec2(6.0, 0.0));
        let words = match nr {
            0 => "Beginning".to_owned(),
            nr => format!("Step {}", format::count(nr as u64)),
        };
        if inside.width() > text::width(painter, Face::DataSmall, &words) {
            text::line(painter, inside, Align::Min, Face::DataSmall, words, t.text);
        }
    }
}

/// The bar of a stretch: when it begins and how long it lasts.
fn bar(painter: &Painter, scene: &Scene<'_>, stretch: &Stretch, next: Option<&Stretch>) {
    let t = scene.tokens;
    let left = scene.on_screen(stretch.x[0]);
    let right = scene.on_screen(stretch.x[1]).max(left + 24.0);
    let right = next.map_or(right, |next| right.min(fold_x(scene, stretch, next) - 10.0));
    let rect = Rect::from_min_max(
        pos2(left, scene.head.top() + BAR_TOP),
        pos2(right.max(left + 2.0), scene.head.top() + BAR_TOP + BAR),
    );
    if !rect.intersects(scene.head) {
        return;
    }
    painter.rect_filled(
        rect,
        CornerRadius::same(size::CORNER_TAG),
        t.control_hover.gamma_multiply(0.6),
    );
    let ticks = scene.head.top() + BAR_TOP + BAR + 6.0;
    let n_before = ((scene.head.left() - rect.left()) / TICKS).ceil().max(0.0);
    let mut x = rect.left() + n_before * TICKS;
    while x <= rect.right() && x < scene.head.right() {
        painter.vline(
            x,
            ticks..=ticks + 4.0,
            Stroke::new(size::STROKE, t.line_strong),
        );
        x += TICKS;
    }
    let time = |node: u32| scene.graph().node(node).and_then(|node| node.time);
    let inside = rect.intersect(scene.head).shrink2(vec2(6.0, 0.0));
    if inside.width() < 40.0 {
        return;
    }
    let Some(first) = time(stretch.nodes[0]) else {
        return;
    };
    let mut rest = inside;
    let last = times_of(scene, stretch).max();
    if let Some(last) = last.filter(|_| inside.width() >= WITH_LENGTH) {
        let lasts = format::duration(last.0.saturating_sub(first.0).max(0));
        let taken = text::line(painter, inside, Align::Max, Face::DataSmall, lasts, t.text2);
        rest.max.x = taken.left() - 6.0;
    }
    // The moment at the playhead may stand on it.
    let begins = Rect::from_min_size(rest.min, vec2(NOW - 12.0, rest.height()));
    if moment_place(scene).is_some_and(|place| place.intersects(begins)) {
        return;
    }
    let words = shared::moment(first, scene.view.look().zone, 0);
    text::line(painter, rest, Align::Min, Face::DataSmall, words, t.text);
}

fn times_of<'a>(
    scene: &'a Scene<'_>,
    stretch: &Stretch,
) -> impl Iterator<Item = crate::event::Timestamp> + 'a {
    // The latest time stands near the end: clocks go back by little.
    let last = stretch.nodes[1];
    let nodes = last.saturating_sub(64).max(stretch.nodes[0])..=last;
    nodes.filter_map(|node| scene.graph().node(node)?.time)
}

/// The zigzag between two stretches, with how long nothing happened.
fn fold(painter: &Painter, scene: &Scene<'_>, before: &Stretch, after: &Stretch) {
    let t = scene.tokens;
    let x = fold_x(scene, before, after);
    if x < scene.head.left() - 40.0 || x > scene.head.right() + 40.0 {
        return;
    }
    let top = scene.head.top() + BAR_TOP - 3.0;
    let points: Vec<_> = (0_u8..5)
        .map(|nr| {
            let aside = if nr % 2 == 0 { -2.5 } else { 2.5 };
            pos2(x + aside, top + f32::from(nr) * 6.0)
        })
        .collect();
    painter.add(Shape::line(points, Stroke::new(size::STROKE_PLOT, t.text3)));
    if let Some(quiet) = after.quiet {
        let place = Rect::from_center_size(pos2(x, scene.head.bottom() - 12.0), vec2(88.0, 14.0));
        text::line(
            painter,
            place,
            Align::Center,
            Face::DataSmall,
            format::duration(quiet),
            t.text2,
        );
    }
}

/// Where the moment at the playhead stands, while that is in view.
fn moment_place(scene: &Scene<'_>) -> Option<Rect> {
    let head = scene.head;
    let x = scene.playhead_x()?;
    if !head.x_range().contains(x) {
        return None;
    }
    let half = NOW / 2.0;
    let center = x.min(head.right() - half).max(head.left() + half);
    Some(Rect::from_center_size(
        pos2(center, head.top() + BAR_TOP + BAR / 2.0),
        vec2(NOW, BAR + 2.0),
    ))
}

/// The moment at the playhead, in a box of its own.
fn moment(painter: &Painter, scene: &Scene<'_>) {
    let t = scene.tokens;
    let Some((x, rect)) = scene.playhead_x().zip(moment_place(scene)) else {
        return;
    };
    let look = scene.view.look();
    let at = look.playhead.min(scene.log.last().unwrap_or_default());
    let words = match scene.log.time(at) {
        Some(time) => shared::moment(time, look.zone, 0),
        None => shared::place(at),
    };
    painter.rect_filled(rect, CornerRadius::same(size::CORNER_TAG), t.accent_fill);
    text::line(
        painter,
        rect,
        Align::Center,
        Face::DataSmall,
        words,
        t.on_accent,
    );
    let line = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
    painter.vline(x, rect.bottom()..=scene.head.bottom(), line);
}

/// The names of the lanes; they never scroll sideways.
pub(super) fn lane_labels(ui: &Ui, scene: &Scene<'_>) {
    let t = scene.tokens;
    let painter = ui.painter().with_clip_rect(scene.labels);
    painter.rect_filled(scene.labels, 0.0, t.panel);
    for lane in scene.lanes_in_view() {
        let row = Rect::from_x_y_ranges(scene.labels.x_range(), scene.lane(lane).y_range());
        painter.hline(
            row.x_range(),
            row.bottom() - 0.5,
            Stroke::new(size::STROKE, t.line),
        );
        let (name, color) = lane_name(scene, lane);
        let inside = row.shrink2(vec2(size::TOOL_SIDE, 0.0));
        swatch::paint(
            &painter,
            pos2(inside.left() + 5.0, inside.center().y),
            color,
        );
        let place = inside.with_min_x(inside.left() + 16.0);
        let shown = text::shortened(&painter, Face::DataSmall, &name, place.width());
        text::line(&painter, place, Align::Min, Face::DataSmall, shown, t.text);
    }
    let edge = scene.labels.right() - 0.5;
    ui.painter().vline(
        edge,
        scene.labels.y_range(),
        Stroke::new(size::STROKE, t.line),
    );
}

/// What the lane is called of what is only named as a cause.
fn outside_name(scene: &Scene<'_>) -> &'static str {
    let graph = scene.graph();
    let all = |is_it: fn(&Link) -> bool| {
        let mut links = graph.outside().filter_map(|node| graph.node(node));
        links.all(|node| is_it(&node.link))
    };
    if all(|link| matches!(link, Link::Command(_))) {
        "Commands"
    } else if all(|link| matches!(link, Link::Missing(_))) {
        "Lost causes"
    } else {
        "Other causes"
    }
}

fn lane_name(scene: &Scene<'_>, lane: u32) -> (String, Color32) {
    let t = scene.tokens;
    let stream = scene
        .graph()
        .lanes
        .get(lane as usize)
        .and_then(|lane| lane.stream);
    match stream {
        Some(stream) => {
            let name = format::visible(scene.log.stream_name(stream)).into_owned();
            let category = scene.log.stream_info(stream).category;
            let colors = EventColors::across(scene.view);
            (name, t.swatch(colors.category(scene.log, category), false))
        }
        None => (outside_name(scene).to_owned(), t.control_active),
    }
}
