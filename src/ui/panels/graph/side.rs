//! The side of the graph: what led to the event at the playhead, what it caused, and where the time of
//! the whole undertaking went; the event and its state in further tabs.

use egui::{Align, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::names::{name_of, place_of};
use super::waits::waits_ui;
use crate::event::Position;
use crate::history::{CauseGraph, EventLog, GraphNode};
use crate::query::clause;
use crate::ui::View;
use crate::ui::panels::event_facts::line_ui;
use crate::ui::panels::side_tabs::SideTabs;
use crate::ui::panels::{shared, tile};
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::section::section;
use crate::ui::widgets::{focus_ring, swatch};
use crate::workbench::{Action, InspectorTab, ViewKind};

/// Height of a step of the path, and of an effect.
const STEP: f32 = 32.0;
const EFFECT: f32 = 28.0;
/// So many steps and effects are listed.
const MOST: usize = 60;
/// The tabs after that of the path.
const TABS: [(InspectorTab, &str); 3] = [
    (InspectorTab::Event, "Event"),
    (InspectorTab::State, "State"),
    (InspectorTab::Diff, "Diff A\u{2013}B"),
];

/// The side, with the tab that is shown.
#[derive(Default)]
pub(super) struct Side {
    tabs: SideTabs,
}

impl Side {
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, graph: &CauseGraph) {
        let Some(log) = view.log() else { return };
        self.tabs.ui(ui, view, ("Path", &TABS), |ui| {
            path_ui(ui, view, log, graph);
        });
    }
}

fn path_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, graph: &CauseGraph) {
    ScrollArea::vertical().id_salt("graph path").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let at = view.look().playhead.min(log.last().unwrap_or_default());
        head_ui(ui, view, log, at);
        tile::hairline(ui);
        match graph.node_of(at) {
            Some(node) => {
                causes_ui(ui, view, log, (graph, node));
                effects_ui(ui, view, log, (graph, node));
            }
            None => elsewhere_ui(ui, view),
        }
        waits_ui(ui, view, log, graph);
        foot_ui(ui, view, graph);
    });
}

/// Type, stream, version and position of the event at the playhead.
fn head_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, at: Position) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 66.0), Sense::hover());
    let inside = rect.shrink2(vec2(size::SIDE, 10.0));
    let (upper, lower) = inside.split_top_bottom_at_y(inside.top() + 26.0);
    let name = format::visible(log.type_name(log.event_type(at))).into_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &name));
    let color = shared::event_color(t, (view, log), at, false);
    swatch::paint(
        ui.painter(),
        pos2(upper.left() + 5.0, upper.center().y),
        color,
    );
    let words = upper.with_min_x(upper.left() + 20.0);
    text::line(ui.painter(), words, Align::Min, Face::Heading, name, t.text);
    let stream = log.stream(at);
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("graph event")
            .max_rect(lower)
            .layout(egui::Layout::left_to_right(Align::Center)),
    );
    row.shrink_clip_rect(lower);
    row.spacing_mut().item_spacing.x = 6.0;
    let stream_name = format::visible(log.stream_name(stream)).into_owned();
    let shown = text::shortened(row.painter(), Face::Row, &stream_name, lower.width() * 0.5);
    let shown = shown.into_owned();
    let spoken = format!("Open {stream_name}");
    if row
        .add(button::link(&shown).small().name(&spoken))
        .clicked()
    {
        view.send(Action::OpenStream(stream));
    }
    let version = log.version(at);
    let version = version.map_or_else(String::new, |version| format!("version {} ", version.0));
    row.label(text::row(format!("{version}position {}", shared::place(at))).color(t.text2));
}

fn elsewhere_ui(ui: &mut Ui, view: &View<'_>) {
    line_ui(
        ui,
        "The event at the playhead is not in this graph",
        tokens(ui).text2,
    );
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        if ui
            .add(button::normal("Show its graph").small().key_cap("C"))
            .clicked()
        {
            view.send(Action::ShowGraph);
        }
    });
    ui.add_space(8.0);
    tile::hairline(ui);
}

fn causes_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (graph, node): (&CauseGraph, u32)) {
    let path = graph.path_to(node);
    let n_back = path.len().saturating_sub(1) as u64;
    let back = shared::counted(n_back, "step", "steps");
    section(ui, &format!("Why it happened, {back} back"));
    let left_out = path.len().saturating_sub(MOST);
    if left_out > 0 {
        let words = format!("{} earlier steps", format::count(left_out as u64));
        line_ui(ui, &words, tokens(ui).text3);
    }
    let shown = path.get(left_out..).unwrap_or_default();
    for (nr, step) in shown.iter().enumerate() {
        let ends = (nr == 0, nr + 1 == shown.len());
        step_ui(ui, view, log, (graph, *step), ends);
    }
    ui.add_space(8.0);
    tile::hairline(ui);
}

/// A row that leads to the event of a node; returns its place, and whether it is an event.
pub(super) fn node_button(
    ui: &mut Ui,
    view: &View<'_>,
    log: &EventLog,
    (graph, node): (&CauseGraph, u32),
    (height, what): (f32, &str),
) -> (Rect, bool) {
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let position = graph.node(node).and_then(GraphNode::position);
    let sense = if position.is_some() {
        Sense::CLICK
    } else {
        Sense::HOVER
    };
    let response = ui.interact(rect, ui.scope_id().with((what, node)), sense);
    let name = format!(
        "{what} {}, {}",
        name_of(log, graph, node),
        place_of(log, graph, node)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, position.is_some(), &name));
    if response.hovered() && position.is_some() {
        ui.painter().rect_filled(rect, 0.0, tokens(ui).raised);
    }
    if focus_ring::is_shown(&response) {
        focus_ring::inside(ui, rect);
    }
    if let Some(position) = position.filter(|_| response.clicked()) {
        let is_member = graph.node(node).is_some_and(|node| node.is_member);
        view.send(if is_member {
            Action::SelectEvent(position)
        } else {
            Action::ShowGraphOf(position)
        });
    }
    (rect, position.is_some())
}

/// The color of a node's swatch.
pub(super) fn color_of(
    ui: &Ui,
    of: (&View<'_>, &EventLog),
    graph: &CauseGraph,
    node: u32,
) -> egui::Color32 {
    let t = tokens(ui);
    let position = graph.node(node).and_then(GraphNode::position);
    position.map_or(t.text3, |at| shared::event_color(t, of, at, false))
}

/// A step of the path: a point on a line, its type, where it lies, and how long it took.
fn step_ui(
    ui: &mut Ui,
    view: &View<'_>,
    log: &EventLog,
    (graph, node): (&CauseGraph, u32),
    (is_first, is_last): (bool, bool),
) {
    let t = tokens(ui);
    let (rect, is_event) = node_button(ui, view, log, (graph, node), (STEP, "Step"));
    let painter = ui.painter();
    if is_last {
        painter.rect_filled(rect, 0.0, t.accent_soft);
    }
    let center = pos2(rect.left() + 20.0, rect.center().y);
    let top = if is_first { center.y } else { rect.top() };
    let bottom = if is_last { center.y } else { rect.bottom() };
    painter.vline(
        center.x,
        top..=bottom,
        Stroke::new(size::STROKE_PLOT, t.accent_mid),
    );
    if is_event {
        painter.circle_filled(center, 5.0, color_of(ui, (view, log), graph, node));
    } else {
        painter.circle(
            center,
            4.5,
            t.panel,
            Stroke::new(size::STROKE_PLOT, t.text3),
        );
    }
    let inside = Rect::from_min_max(
        pos2(rect.left() + 36.0, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    let since = graph.edge_into(node).and_then(|edge| edge.latency);
    let since = since.filter(|_| !is_first).map_or_else(String::new, signed);
    let face = if is_last { Face::BodyStrong } else { Face::Row };
    row_words(ui, (log, graph, node), inside, (face, &since));
}

/// `+41 ms`, with the screen's minus sign where clocks go back.
fn signed(nanos: i64) -> String {
    let words = format::duration_short(nanos);
    if nanos < 0 {
        words
    } else {
        format!("+{words}")
    }
}

/// A type, where it lies, and at the right how long it took.
fn row_words(
    ui: &Ui,
    (log, graph, node): (&EventLog, &CauseGraph, u32),
    inside: Rect,
    (face, right): (Face, &str),
) {
    let t = tokens(ui);
    let painter = ui.painter();
    let taken = text::line(painter, inside, Align::Max, Face::DataSmall, right, t.text2);
    let end = if right.is_empty() {
        inside.right()
    } else {
        taken.left() - 8.0
    };
    let rest = inside.with_max_x(end.max(inside.left()));
    let name = name_of(log, graph, node);
    let name = text::shortened(painter, face, &name, rest.width());
    let taken = text::line(painter, rest, Align::Min, face, name, t.text);
    let rest = rest.with_min_x((taken.right() + 8.0).min(rest.right()));
    let place = place_of(log, graph, node);
    let place = text::shortened(painter, Face::DataSmall, &place, rest.width());
    text::line(painter, rest, Align::Min, Face::DataSmall, place, t.text3);
}

fn effects_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (graph, node): (&CauseGraph, u32)) {
    let effects = graph.effects(node);
    let n_effects = effects.len() as u64;
    let words = shared::counted(n_effects, "event", "events");
    section(ui, &format!("What it caused, {words}"));
    for effect in effects.iter().take(MOST) {
        let (rect, _) = node_button(ui, view, log, (graph, *effect), (EFFECT, "Effect"));
        let color = color_of(ui, (view, log), graph, *effect);
        swatch::paint(
            ui.painter(),
            pos2(rect.left() + 17.0, rect.center().y),
            color,
        );
        let inside = Rect::from_min_max(
            pos2(rect.left() + 30.0, rect.top()),
            pos2(rect.right() - size::SIDE, rect.bottom()),
        );
        let since = graph.edge_into(*effect).and_then(|edge| edge.latency);
        let since = since.map_or_else(String::new, format::duration_short);
        row_words(ui, (log, graph, *effect), inside, (Face::Row, &since));
    }
    if effects.len() > MOST {
        let more = format!("and {} more", format::count((effects.len() - MOST) as u64));
        line_ui(ui, &more, tokens(ui).text3);
    }
    ui.add_space(8.0);
    tile::hairline(ui);
}

/// The events of an undertaking, and no others, on the lanes of their streams.
fn show_as_lanes(view: &View<'_>, correlation: &str) {
    view.send(Action::SetFilter(clause("corr", correlation)));
    view.send(Action::ShowAllLanes);
    view.send(Action::ShowView(ViewKind::Explore));
    view.send(Action::FitSelection);
}

fn foot_ui(ui: &mut Ui, view: &View<'_>, graph: &CauseGraph) {
    ui.add_space(size::SIDE);
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        let travel = button::normal("Time travel")
            .icon(icons::TIME_TRAVEL)
            .key_cap("T");
        if ui.add(travel).clicked() {
            view.send(Action::OpenSelected);
        }
        if let Some(correlation) = &graph.correlation {
            let lanes = button::normal("Show as lanes").icon(icons::LANES);
            if ui.add(lanes).clicked() {
                show_as_lanes(view, correlation);
            }
        }
    });
    ui.add_space(size::SIDE);
}
