//! The sources of a script: streams of the log, and those that built-in projections would have made.

use std::collections::BTreeSet;

use super::links::{Links, category};
use crate::event::{Position, StreamId, TypeId, Version, category_of_name};
use crate::history::EventLog;
use crate::script::Definition;

/// One of the sources.
pub(super) enum Feed {
    All {
        has_names: bool,
        shows_links: bool,
    },
    /// Streams of the log, by their ids.
    Streams(BTreeSet<StreamId>),
    /// A stream of links to the events of a category.
    Links(BTreeSet<StreamId>),
    Category(String),
    Type(TypeId),
    Positions(Vec<Position>),
    Firsts,
    References(String),
}

/// The sources that a script names.
pub(super) fn feeds(log: &EventLog, links: &Links<'_>, definition: &Definition) -> Vec<Feed> {
    let mut feeds = Vec::new();
    if definition.all_streams {
        feeds.push(Feed::All {
            has_names: !definition.all_events,
            shows_links: definition.include_links,
        });
    }
    for name in &definition.categories {
        let streams = links.named(&format!("$ce-{name}"));
        feeds.push(if streams.is_empty() {
            Feed::Category(name.clone())
        } else {
            Feed::Links(streams.iter().copied().collect())
        });
    }
    for name in &definition.streams {
        let streams = links.named(name);
        if !streams.is_empty() {
            let streams = streams.iter().copied().collect();
            feeds.push(Feed::Streams(streams));
        } else if let Some(feed) = derived(log, links, name) {
            feeds.push(feed);
        }
    }
    feeds
}

/// A stream that a built-in projection would have made.
fn derived(log: &EventLog, links: &Links<'_>, name: &str) -> Option<Feed> {
    if name == "$streams" {
        return Some(Feed::Firsts);
    }
    if let Some(name) = name.strip_prefix("$ce-") {
        return Some(Feed::Category(name.to_owned()));
    }
    if let Some(name) = name.strip_prefix("$category-") {
        return Some(Feed::References(name.to_owned()));
    }
    if let Some(name) = name.strip_prefix("$et-") {
        let names = log.type_names();
        let at = names.iter().position(|known| &**known == name)?;
        return Some(Feed::Type(TypeId(u32::try_from(at).ok()?)));
    }
    let id = name.strip_prefix("$bc-")?;
    Some(Feed::Positions(links.correlated(id)))
}

/// Whether a stream is in a category: the one that its store says, else what stands before the first
/// `-` of its name.
pub(super) fn is_in_category(log: &EventLog, stream: StreamId, name: &str) -> bool {
    let (own, known) = (log.stream_name(stream), log.category_of(stream));
    if known != category_of_name(own) {
        return known == name;
    }
    category(own, "-", false).unwrap_or(known) == name && !name.is_empty()
}

/// Whether an event is the first of its stream, and nothing before it is gone.
pub(super) fn is_first(log: &EventLog, stream: StreamId, at: Position) -> bool {
    if log.events_of(stream).first() != Some(&at.0) {
        return false;
    }
    let base = log.version_base().filter(|base| base.0 == 1);
    let first = base.unwrap_or(Version(0));
    log.version(at).is_none_or(|version| version == first)
}
