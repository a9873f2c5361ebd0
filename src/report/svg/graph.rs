//! The graph of an undertaking as a picture: lanes, cards, steps with the time they took.

use std::fmt::Write as _;

use super::super::colors;
use super::super::escape::esc;
use crate::event::{Position, Zone};
use crate::history::{CauseGraph, EventLog, GraphEdge, GraphLayout, GraphSpacing, Grouping, Link};

const SPACING: GraphSpacing = GraphSpacing {
    gap: 14.0,
    label: 66.0,
    step: 20.0,
    natural: 56.0,
    fold: 44.0,
    stretch: 200.0,
};
/// Width of the names of streams, height of the ruler and of a lane, size of a card.
const LEFT: f64 = 180.0;
const TOP: f64 = 64.0;
const LANE: f64 = 72.0;
const CARD: f64 = 40.0;
/// How wide a character of a name is, about.
const CHAR: f64 = 7.0;
/// The most characters of a name.
const MOST: usize = 26;

/// The whole graph, with its times in a zone; quiet times are folded. The same graph gives the same
/// text.
pub fn graph_svg(log: &EventLog, graph: &CauseGraph, zone: Zone) -> String {
    let names: Vec<String> = graph
        .nodes
        .iter()
        .map(|node| name(log, &node.link))
        .collect();
    let length = |node: u32| {
        let n = names
            .get(node as usize)
            .map_or(0, |name| name.chars().count());
        (n as f64 * CHAR + 26.0).clamp(64.0, MOST as f64 * CHAR + 26.0)
    };
    let layout = GraphLayout::new(graph, SPACING, true, &length);
    let (width, height) = (
        LEFT + layout.length + 24.0,
        TOP + LANE * graph.lanes.len() as f64 + 12.0,
    );
    let title = graph.correlation.as_deref().map_or_else(
        || "Events tied by their causes".to_owned(),
        |id| format!("Correlation {id}"),
    );
    let title = esc(&title);
    let mut out = String::new();
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"Inter, sans-serif\" font-size=\"12\"><title>{title}</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\
         <text x=\"12\" y=\"24\" font-weight=\"600\" fill=\"{}\">{title}</text>",
        colors::CANVAS,
        colors::TEXT
    )
    .ok();
    let drawing = Drawing {
        log,
        graph,
        layout,
        names,
        zone,
    };
    drawing.ruler(&mut out);
    drawing.lanes(&mut out, width);
    for edge in &graph.edges {
        drawing.edge(&mut out, edge);
    }
    for node in 0..u32::try_from(graph.nodes.len()).unwrap_or(u32::MAX) {
        drawing.card(&mut out, node);
    }
    out.push_str("</svg>\n");
    out
}

fn name(log: &EventLog, link: &Link) -> String {
    let name = match link {
        Link::Event(position) => log.type_name(log.event_type(*position)),
        Link::Command(id) | Link::Missing(id) => id,
    };
    let mut shown: String = name.chars().take(MOST).collect();
    if shown.len() < name.len() {
        shown.pop();
        shown.push('…');
    }
    shown
}

struct Drawing<'a> {
    log: &'a EventLog,
    graph: &'a CauseGraph,
    layout: GraphLayout,
    names: Vec<String>,
    zone: Zone,
}

impl Drawing<'_> {
    fn x(&self, node: u32) -> f64 {
        LEFT + self.layout.x.get(node as usize).copied().unwrap_or(0.0)
    }

    fn length(&self, node: u32) -> f64 {
        let length = self.layout.lengths.get(node as usize).copied();
        length.unwrap_or(64.0)
    }

    /// The middle of the lane of a node.
    fn y(&self, node: u32) -> f64 {
        let lane = self.graph.node(node).map_or(0, |node| node.lane);
        TOP + LANE * (f64::from(lane) + 0.5)
    }

    fn color(&self, position: Position) -> &'static str {
        let category = self.log.stream_info(self.log.stream(position)).category;
        let group = self.log.groups(Grouping::Category).get(category.index());
        let color = group.and_then(|nr| colors::CATEGORIES.get(usize::from(*nr)));
        color.copied().unwrap_or(colors::TEXT3)
    }

    /// When each stretch begins, and how long nothing happened before it.
    fn ruler(&self, out: &mut String) {
        for stretch in &self.layout.stretches {
            let time = self.graph.node(stretch.nodes[0]).and_then(|node| node.time);
            let [from, to] = stretch.x.map(|x| LEFT + x);
            let words = time.map_or_else(String::new, |time| {
                let shown = self.zone.wall(time).date_time(' ', 0);
                format!("{shown} {}", self.zone.label(time))
            });
            write!(
                out,
                "<path d=\"M{from:.1} 56H{to:.1}\" stroke=\"{}\" stroke-width=\"3\"/>\
                 <text x=\"{from:.1}\" y=\"46\" fill=\"{}\">{}</text>",
                colors::LINE_STRONG,
                colors::TEXT2,
                esc(&words)
            )
            .ok();
            if let Some(quiet) = stretch.quiet {
                write!(
                    out,
                    "<text x=\"{:.1}\" y=\"62\" text-anchor=\"end\" font-size=\"10\" fill=\"{}\">{}</text>",
                    from - 6.0,
                    colors::TEXT3,
                    length_of(quiet)
                )
                .ok();
            }
        }
    }

    fn lanes(&self, out: &mut String, width: f64) {
        for (nr, lane) in self.graph.lanes.iter().enumerate() {
            let top = TOP + LANE * nr as f64;
            let name = lane.stream.map_or("only named as causes", |stream| {
                self.log.stream_name(stream)
            });
            let mut shown: String = name.chars().take(MOST).collect();
            if shown.len() < name.len() {
                shown.push('…');
            }
            write!(
                out,
                "<path d=\"M0 {top:.1}H{width:.0}\" stroke=\"{}\"/>\
                 <text x=\"12\" y=\"{:.1}\" fill=\"{}\">{}</text>",
                colors::LINE,
                top + LANE / 2.0 + 4.0,
                colors::TEXT,
                esc(&shown)
            )
            .ok();
        }
    }

    /// A step: out of its cause, down or up, into its effect; with the time it took.
    fn edge(&self, out: &mut String, edge: &GraphEdge) {
        let from = (
            self.x(edge.cause) + self.length(edge.cause),
            self.y(edge.cause),
        );
        let to = (self.x(edge.effect), self.y(edge.effect));
        let is_on = |node: u32| self.graph.critical.contains(&node);
        // The longest chain has at most some thousands of steps; a large graph has no color for it.
        let is_critical = self.graph.critical.len() < 64 && is_on(edge.cause) && is_on(edge.effect);
        let color = if is_critical {
            colors::ACCENT
        } else {
            colors::TEXT3
        };
        let middle = if to.0 - from.0 > 16.0 {
            to.0 - 8.0
        } else {
            from.0 + 8.0
        };
        write!(
            out,
            "<path d=\"M{:.1} {:.1}H{middle:.1}V{:.1}H{:.1}\" stroke=\"{color}\" fill=\"none\" \
             stroke-width=\"1.5\"/><path d=\"M{:.1} {:.1}l-7 -4v8z\" fill=\"{color}\"/>",
            from.0, from.1, to.1, to.0, to.0, to.1
        )
        .ok();
        let Some(latency) = edge.latency else { return };
        let y = if (to.1 - from.1).abs() < 1.0 {
            from.1 - 5.0
        } else {
            f64::midpoint(from.1, to.1)
        };
        write!(
            out,
            "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"10\" text-anchor=\"end\" fill=\"{color}\">{}</text>",
            middle - 3.0,
            length_of(latency)
        )
        .ok();
    }

    fn card(&self, out: &mut String, node: u32) {
        let Some(found) = self.graph.node(node) else {
            return;
        };
        let (x, y) = (self.x(node), self.y(node) - CARD / 2.0);
        let name = self.names.get(node as usize).map_or("", String::as_str);
        let dash = if found.is_member {
            ""
        } else {
            " stroke-dasharray=\"4 3\""
        };
        write!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{CARD}\" rx=\"4\" fill=\"{}\" \
             stroke=\"{}\"{dash}/>",
            self.length(node),
            colors::PANEL,
            colors::LINE_STRONG
        )
        .ok();
        let version = found.position().map_or_else(String::new, |position| {
            let color = self.color(position);
            write!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"4\" height=\"{CARD}\" fill=\"{color}\"/>"
            )
            .ok();
            let version = self.log.version(position);
            version.map_or_else(String::new, |version| format!("v{version}"))
        });
        write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\" font-weight=\"500\">{}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\" font-size=\"11\">{version}</text>",
            x + 12.0,
            y + 17.0,
            colors::TEXT,
            esc(name),
            x + 12.0,
            y + 32.0,
            colors::TEXT3
        )
        .ok();
    }
}

/// A length of time in one or two units.
fn length_of(nanos: i64) -> String {
    let sign = if nanos < 0 { "\u{2212}" } else { "" };
    let nanos = nanos.unsigned_abs();
    let secs = nanos / 1_000_000_000;
    let words = match secs {
        0 if nanos < 1_000_000 => format!("{} µs", nanos / 1000),
        0 => format!("{} ms", nanos / 1_000_000),
        1..10 => format!("{secs}.{} s", nanos / 100_000_000 % 10),
        10..60 => format!("{secs} s"),
        60..3600 => format!("{} m {} s", secs / 60, secs % 60),
        3600..86_400 => format!("{} h {} m", secs / 3600, secs / 60 % 60),
        _ => format!("{} d {} h", secs / 86_400, secs / 3600 % 24),
    };
    format!("{sign}{words}")
}
