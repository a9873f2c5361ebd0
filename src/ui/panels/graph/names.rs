//! What the nodes of a graph are called, on their cards and read out.

use crate::history::{CauseGraph, EventLog, Link};
use crate::ui::panels::shared;
use crate::ui::theme::format;

/// The name of what is no event, as it fits a card.
pub(super) fn short_name(id: &str) -> String {
    let shown = format::visible(id);
    if shown.chars().count() > 24 {
        format::id(&shown).into_owned()
    } else {
        shown.into_owned()
    }
}

/// What a node is called: its type, or what is named as a cause.
pub(super) fn name_of(log: &EventLog, graph: &CauseGraph, node: u32) -> String {
    match graph.node(node).map(|node| &node.link) {
        Some(Link::Event(position)) => {
            format::visible(log.type_name(log.event_type(*position))).into_owned()
        }
        Some(Link::Command(id) | Link::Missing(id)) => short_name(id),
        None => String::new(),
    }
}

/// `order-41911 v4`, or what is no event of the file.
pub(super) fn place_of(log: &EventLog, graph: &CauseGraph, node: u32) -> String {
    match graph.node(node).map(|node| &node.link) {
        Some(Link::Event(position)) => format!(
            "{} {}",
            format::visible(log.stream_name(log.stream(*position))),
            shared::version(log.version(*position))
        ),
        Some(Link::Command(_)) => "command".to_owned(),
        Some(Link::Missing(_)) => "not in this file".to_owned(),
        None => String::new(),
    }
}

/// A node as it is read out: `PaymentReceived, order-41911 version 4, 1 cause, 3 effects`.
pub(super) fn spoken(log: &EventLog, graph: &CauseGraph, node: u32) -> String {
    let n_causes = u64::from(graph.cause(node).is_some());
    let n_effects = graph.effects(node).len() as u64;
    let tied = format!(
        "{}, {}",
        shared::counted(n_causes, "cause", "causes"),
        shared::counted(n_effects, "effect", "effects")
    );
    match graph.node(node).map(|node| (&node.link, node.is_member)) {
        Some((Link::Event(position), is_member)) => {
            let stream = format::visible(log.stream_name(log.stream(*position)));
            let version = log
                .version(*position)
                .map_or_else(String::new, |version| format!(" version {}", version.0));
            let other = if is_member {
                ""
            } else {
                ", of another undertaking"
            };
            format!(
                "{}, {stream}{version}{other}, {tied}",
                name_of(log, graph, node)
            )
        }
        Some((Link::Command(id), _)) => format!("command {}, {tied}", format::visible(id)),
        Some((Link::Missing(id), _)) => format!("missing event {}, {tied}", format::visible(id)),
        None => String::new(),
    }
}
