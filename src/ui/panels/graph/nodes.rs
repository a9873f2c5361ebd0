//! The nodes: cards with the name of their type, dots where there is no room, each with a name of its
//! own for those who do not see it.

use egui::{
    Align, CornerRadius, Id, Painter, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::names::{place_of, spoken};
use super::scene::{Form, Scene};
use crate::event::Position;
use crate::history::Link;
use crate::ui::panels::shared;
use crate::ui::theme::{Face, format, icons, size, text};
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::Action;

/// Width of the band in the color of the category.
const BAND: f32 = 4.0;
/// At most so many nodes have a place of their own for pointer and screen reader.
const MOST: usize = 400;

/// Shows the nodes in view.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>, id: Id) {
    let inside = tree(ui, scene, id);
    let mut shown: Vec<(u32, Rect)> = Vec::new();
    for lane in scene.lanes_in_view() {
        let mut painted = f32::NEG_INFINITY;
        for node in scene.nodes_in_view(lane) {
            let (rect, form) = scene.rect(*node);
            let is_chosen = scene.chosen == Some(*node);
            match form {
                Form::Card => paint_card(inside.painter(), scene, *node, rect),
                // Of dots on the same pixel one is enough.
                Form::Dot if rect.left() - painted >= 1.0 || is_chosen => {
                    painted = rect.left();
                    paint_dot(inside.painter(), scene, *node, rect);
                }
                Form::Dot => continue,
            }
            if shown.len() < MOST && rect.intersects(scene.lanes) {
                shown.push((*node, rect));
            }
        }
    }
    shown.sort_by_key(|(node, _)| scene.laid.order.get(*node as usize).copied());
    for (node, rect) in shown {
        listen(&inside, scene, id, node, rect);
    }
}

/// The nodes as one tree, with one clipped place to paint in.
fn tree(ui: &mut Ui, scene: &Scene<'_>, id: Id) -> Ui {
    let builder = UiBuilder::new()
        .scope_id(id.with("nodes"))
        .max_rect(scene.lanes)
        .accessibility_role(Role::Tree)
        .accessibility_label("Causation graph");
    let mut inside = ui.new_child(builder);
    inside.shrink_clip_rect(scene.lanes);
    inside
}

fn listen(ui: &Ui, scene: &Scene<'_>, id: Id, node: u32, rect: Rect) {
    let position = scene.position(node);
    let sense = if position.is_some() {
        Sense::CLICK
    } else {
        Sense::HOVER
    };
    let place = rect.expand(if rect.width() < 12.0 { 4.0 } else { 0.0 });
    let response = ui.interact(place, id.with(("node", node)), sense);
    let is_chosen = scene.chosen == Some(node);
    response.widget_info(|| {
        let name = spoken(scene.log, scene.graph(), node);
        WidgetInfo::selected(Role::TreeItem, true, is_chosen, name)
    });
    if response.hovered() && !is_chosen {
        let line = Stroke::new(size::STROKE, scene.tokens.text3);
        let corner = CornerRadius::same(size::CORNER);
        ui.painter()
            .rect_stroke(rect, corner, line, StrokeKind::Inside);
    }
    if let Some(position) = position {
        if response.double_clicked() {
            scene
                .view
                .send(Action::OpenStream(scene.log.stream(position)));
        } else if response.clicked() {
            ui.memory_mut(|memory| memory.request_focus(id));
            scene.view.send(choose(scene, node, position));
        }
    }
    let (name, sentence) = (scene.name(node), told(scene, node, position));
    Tip::new(&name).sentence(&sentence).on(response);
}

/// What a click on a node asks for: an event of another undertaking opens the graph of that one.
fn choose(scene: &Scene<'_>, node: u32, position: Position) -> Action {
    let is_member = scene.graph().node(node).is_some_and(|node| node.is_member);
    if is_member {
        Action::SelectEvent(position)
    } else {
        Action::ShowGraphOf(position)
    }
}

/// The sentence under a node's name.
fn told(scene: &Scene<'_>, node: u32, position: Option<Position>) -> String {
    let place = place_of(scene.log, scene.graph(), node);
    match scene.graph().node(node).map(|node| &node.link) {
        Some(Link::Command(_)) => {
            "Named as a cause; no event of this file carries this id".to_owned()
        }
        Some(Link::Missing(_)) => "This event is not in this file".to_owned(),
        _ => {
            let time = position.map_or_else(String::new, |position| {
                shared::moment_of(scene.log, position, scene.view.look().zone)
            });
            let since = scene.graph().edge_into(node).and_then(|edge| edge.latency);
            let since = since.map_or_else(String::new, |latency| {
                format!(", {} after its cause", format::duration(latency))
            });
            format!("{place}, {time}{since}")
        }
    }
}

fn paint_dot(painter: &Painter, scene: &Scene<'_>, node: u32, rect: Rect) {
    let t = scene.tokens;
    let color = color(scene, node);
    if scene.chosen == Some(node) {
        let marker =
            Rect::from_center_size(rect.center(), vec2(14.0, 14.0)).union(rect.expand(3.0));
        painter.rect_filled(marker, CornerRadius::same(size::CORNER), t.accent);
    } else if scene.is_on_path(node) {
        painter.rect_filled(
            rect.expand(1.5),
            CornerRadius::same(size::CORNER_BAR),
            t.accent_mid,
        );
    }
    painter.rect_filled(rect, CornerRadius::same(size::CORNER_BAR), color);
}

fn color(scene: &Scene<'_>, node: u32) -> egui::Color32 {
    let t = scene.tokens;
    match scene.position(node) {
        Some(position) => {
            let of = (scene.view, scene.log);
            shared::event_color(t, of, position, scene.is_future(node))
        }
        None => t.text3,
    }
}

fn paint_card(painter: &Painter, scene: &Scene<'_>, node: u32, rect: Rect) {
    let t = scene.tokens;
    let corner = CornerRadius::same(size::CORNER);
    let (is_chosen, is_future) = (scene.chosen == Some(node), scene.is_future(node));
    let is_event = scene.position(node).is_some();
    let is_member = scene.graph().node(node).is_some_and(|node| node.is_member);
    // What is beside the way to the chosen event steps back a little.
    let aside = if t.dark { t.control } else { t.raised };
    let fill = match (is_chosen, is_future || !is_member, scene.is_on_path(node)) {
        (true, ..) => t.accent_soft,
        (false, true, _) => t.canvas,
        (false, false, true) => t.control,
        (false, false, false) => aside,
    };
    painter.rect_filled(rect, corner, fill);
    if is_event {
        let band = Rect::from_min_size(rect.min, vec2(BAND, rect.height()));
        let left = CornerRadius {
            nw: size::CORNER,
            sw: size::CORNER,
            ne: 0,
            se: 0,
        };
        painter.rect_filled(band, left, color(scene, node));
    }
    border(painter, scene, node, rect);
    words(painter, scene, node, rect);
}

fn border(painter: &Painter, scene: &Scene<'_>, node: u32, rect: Rect) {
    let t = scene.tokens;
    let corner = CornerRadius::same(size::CORNER);
    if scene.chosen == Some(node) {
        let ring = Stroke::new(size::STROKE_PLOT, t.accent);
        painter.rect_stroke(rect, corner, ring, StrokeKind::Inside);
        painter.rect_stroke(
            rect.expand(3.0),
            CornerRadius::same(size::CORNER_MENU),
            ring,
            StrokeKind::Inside,
        );
        return;
    }
    let is_missing = matches!(
        scene.graph().node(node).map(|node| &node.link),
        Some(Link::Missing(_))
    );
    let color = match (scene.is_on_path(node), is_missing, scene.is_critical(node)) {
        (true, ..) => t.accent_mid,
        (false, true, _) => t.warn,
        (false, false, true) => t.text3,
        (false, false, false) => t.line_strong,
    };
    let line = Stroke::new(size::STROKE, color);
    let is_member = scene.graph().node(node).is_some_and(|node| node.is_member);
    if is_member && !scene.is_future(node) {
        painter.rect_stroke(rect, corner, line, StrokeKind::Inside);
        return;
    }
    let inner = rect.shrink(0.5);
    let corners = [
        inner.left_top(),
        inner.right_top(),
        inner.right_bottom(),
        inner.left_bottom(),
        inner.left_top(),
    ];
    let [dash, gap] = size::DASH_LINK;
    painter.extend(Shape::dashed_line(&corners, line, dash, gap));
}

fn words(painter: &Painter, scene: &Scene<'_>, node: u32, rect: Rect) {
    let t = scene.tokens;
    let is_future = scene.is_future(node);
    let inside = Rect::from_min_max(
        pos2(rect.left() + BAND + 6.0, rect.top() + 4.0),
        pos2(rect.right() - 5.0, rect.bottom() - 4.0),
    );
    if inside.width() < 12.0 {
        return;
    }
    let (upper, lower) = inside.split_top_bottom_at_y(inside.center().y);
    let (strong, weak) = if is_future {
        (t.text2, t.text3)
    } else {
        (t.text, t.text2)
    };
    let name = scene.name(node);
    let name = text::shortened(painter, Face::Button, &name, inside.width());
    text::line(painter, upper, Align::Min, Face::Button, name, strong);
    let mut lower = lower;
    let said = match scene
        .graph()
        .node(node)
        .map(|node| (&node.link, node.is_member))
    {
        Some((Link::Event(position), true)) => shared::version(scene.log.version(*position)),
        Some((Link::Missing(_), _)) => {
            let at = icons::paint_left(painter, lower, icons::WARNING, size::ICON_TEXT, t.warn);
            lower.min.x = at.right() + 4.0;
            "not in this file".to_owned()
        }
        _ => place_of(scene.log, scene.graph(), node),
    };
    let said = text::shortened(painter, Face::DataSmall, &said, lower.width());
    text::line(painter, lower, Align::Min, Face::DataSmall, said, weak);
}
