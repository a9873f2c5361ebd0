//! Which events arrive at a projection, and in which order: the sources of a script over a log.
//!
//! Streams that the server keeps with its built-in projections (`$ce-`, `$et-`, `$bc-`, `$category-`,
//! `$streams`) are read where the log has them, and made on the way where it has none of that name.

use std::collections::HashMap;

use super::feeds::{Feed, feeds, is_first, is_in_category};
use super::links::{
    Kind, LINK, Links, METADATA, TOMBSTONE, category, deletes, owner, target, text, type_of,
};
use crate::event::json::scan;
use crate::event::{Position, StreamId, TypeId, Want};
use crate::history::EventLog;
use crate::script::Definition;

/// Something that arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// Where it stands in the log: its own place, or that of the link.
    pub(super) at: Position,
    pub(super) what: What,
}

/// What arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// An event, perhaps through a link.
    Event {
        of: Position,
        through: Option<Through>,
    },
    /// The end of a stream.
    Deleted(Box<str>),
    /// A reference to a stream, of a stream of such that the log does not have.
    Reference {
        stream: Box<str>,
        number: i64,
        to: StreamId,
    },
}

/// The link through which an event came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// One of the log.
    Log(Position),
    /// One that the server's projection would have made, for an event of this stream.
    Made(StreamId),
    /// One that says nothing about streams.
    Plain,
}

/// The types that mean something by themselves.
#[derive(Clone, Copy, Default)]
struct Special {
    link: Option<TypeId>,
    tombstone: Option<TypeId>,
    metadata: Option<TypeId>,
}

/// What arrives, position by position.
pub(super) struct Route<'a> {
    log: &'a EventLog,
    links: Links<'a>,
    feeds: Vec<Feed>,
    kinds: Vec<Kind>,
    special: Special,
    /// For each type whether it has a handler.
    wanted: Vec<bool>,
    wants_references: bool,
    hears_deletions: bool,
    /// The positions that are looked at, where they are few.
    few: Option<Vec<u32>>,
    /// The next position, or the next of the few.
    next: usize,
    end: usize,
    deleted: HashMap<Box<str>, bool>,
    n_references: i64,
    /// For each type how many events no handler is there for.
    pub(super) unhandled: Vec<u64>,
    pub(super) n_lost_links: u64,
    /// The last position that was looked at.
    pub(super) reached: Option<Position>,
}

/// The stretch of the log that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) from: Position,
    pub(super) until: Option<Position>,
}

impl<'a> Route<'a> {
    /// The route of a script: `has_handler` says of a type whether one is there for it.
    pub(super) fn new(
        log: &'a EventLog,
        links: Links<'a>,
        definition: &Definition,
        has_handler: impl Fn(&str) -> bool,
        stretch: Stretch,
    ) -> Self {
        let names = log.type_names();
        let id = |name: &str| type_of(log, name);
        let special = Special {
            link: id(LINK),
            tombstone: id(TOMBSTONE),
            metadata: id(METADATA),
        };
        let kinds = log
            .streams()
            .map(|stream| Kind::of(log.stream_name(stream)));
        let mut route = Self {
            log,
            feeds: feeds(log, &links, definition),
            kinds: kinds.collect(),
            special,
            wanted: names.iter().map(|name| has_handler(name)).collect(),
            wants_references: has_handler("$@"),
            hears_deletions: definition.handles_deleted_notifications && definition.by_streams,
            few: None,
            next: 0,
            end: 0,
            deleted: HashMap::new(),
            n_references: 0,
            unhandled: vec![0; names.len()],
            n_lost_links: 0,
            reached: None,
            links,
        };
        route.set_stretch(stretch);
        route
    }

    fn set_stretch(&mut self, stretch: Stretch) {
        let len = self.log.len();
        self.end = stretch
            .until
            .map_or(len, |until| len.min(until.index() + 1));
        self.next = stretch.from.index();
        let mut few: Vec<u32> = Vec::new();
        for feed in &self.feeds {
            let (Feed::Streams(streams) | Feed::Links(streams)) = feed else {
                return;
            };
            for stream in streams {
                few.extend(self.log.events_of(*stream));
            }
            if few.len() > len / 8 {
                return;
            }
        }
        few.retain(|at| (stretch.from.0 as usize..self.end).contains(&(*at as usize)));
        few.sort_unstable();
        few.dedup();
        self.next = 0;
        self.end = few.len();
        self.few = Some(few);
    }

    /// How many positions are looked at in all, and how many of them are done.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.next, self.end)
    }

    /// The next arrivals, about `n` of them; none at the end.
    pub(super) fn next(&mut self, n: usize, cancel: &dyn Fn() -> bool) -> Vec<Arrival> {
        let mut found = Vec::new();
        while self.next < self.end && found.len() < n {
            if self.next.is_multiple_of(1 << 14) && cancel() {
                break;
            }
            let at = match &self.few {
                Some(few) => few[self.next],
                None => u32::try_from(self.next).unwrap_or(u32::MAX),
            };
            self.next += 1;
            self.at(Position(at), &mut found);
            self.reached = Some(Position(at));
        }
        found
    }

    fn at(&mut self, at: Position, found: &mut Vec<Arrival>) {
        let log = self.log;
        let (stream, event_type) = (log.stream(at), log.event_type(at));
        let is_special = [
            self.special.link,
            self.special.tombstone,
            self.special.metadata,
        ]
        .contains(&Some(event_type));
        for n in 0..self.feeds.len() {
            let kind = self.kinds[stream.index()];
            let what = if is_special {
                self.special_at(n, at, stream, kind, event_type)
            } else {
                self.plain_at(n, at, stream, kind, event_type)
            };
            if let Some(what) = what {
                found.push(Arrival { at, what });
            }
        }
    }

    /// An event that is no more than that.
    fn plain_at(
        &mut self,
        feed: usize,
        at: Position,
        stream: StreamId,
        kind: Kind,
        event_type: TypeId,
    ) -> Option<What> {
        let log = self.log;
        let through = match &self.feeds[feed] {
            Feed::All { has_names, .. } => match kind {
                Kind::Ordinary => None,
                Kind::Metadata if !has_names => None,
                Kind::Metadata | Kind::System => return None,
            },
            Feed::Streams(streams) => streams.contains(&stream).then_some(None)?,
            Feed::Links(_) => return None,
            Feed::Category(name) => {
                let is_in = kind == Kind::Ordinary && is_in_category(log, stream, name);
                is_in.then_some(Some(Through::Made(stream)))?
            }
            Feed::Type(wanted) => {
                let is_it = *wanted == event_type && kind != Kind::System;
                is_it.then_some(Some(Through::Plain))?
            }
            Feed::Positions(positions) => {
                positions.binary_search(&at).ok()?;
                Some(Through::Plain)
            }
            Feed::Firsts => {
                let is_first = kind != Kind::System && is_first(log, stream, at);
                is_first.then_some(Some(Through::Plain))?
            }
            Feed::References(_) => return self.reference(feed, at, stream, kind),
        };
        self.wanted_event(at, event_type, through)
    }

    /// An event, where a handler is there for its type; others are counted.
    fn wanted_event(
        &mut self,
        of: Position,
        event_type: TypeId,
        through: Option<Through>,
    ) -> Option<What> {
        if self.wanted[event_type.index()] {
            return Some(What::Event { of, through });
        }
        self.unhandled[event_type.index()] += 1;
        None
    }

    fn reference(
        &mut self,
        feed: usize,
        at: Position,
        stream: StreamId,
        kind: Kind,
    ) -> Option<What> {
        let Feed::References(name) = &self.feeds[feed] else {
            return None;
        };
        let is_it = kind == Kind::Ordinary
            && self.wants_references
            && is_first(self.log, stream, at)
            && is_in_category(self.log, stream, name);
        if !is_it {
            return None;
        }
        let number = self.n_references;
        let what = What::Reference {
            stream: format!("$category-{name}").into(),
            number,
            to: stream,
        };
        self.n_references += 1;
        Some(what)
    }

    /// A link, a tombstone, or the metadata of a stream.
    fn special_at(
        &mut self,
        feed: usize,
        at: Position,
        stream: StreamId,
        kind: Kind,
        event_type: TypeId,
    ) -> Option<What> {
        let log = self.log;
        let is_link = self.special.link == Some(event_type);
        match &self.feeds[feed] {
            Feed::All {
                has_names,
                shows_links,
            } if is_link => {
                let is_shown = *shows_links && !has_names && kind != Kind::System;
                return is_shown.then_some(What::Event {
                    of: at,
                    through: None,
                });
            }
            Feed::All { has_names, .. } => {
                let has_names = *has_names;
                if kind == Kind::System {
                    return None;
                }
                if let Some(ended) = self.ended(
                    at,
                    stream,
                    kind,
                    event_type,
                    self.hears_deletions || has_names,
                ) {
                    if self.hears_deletions {
                        return Some(What::Deleted(ended));
                    }
                    if has_names {
                        return None;
                    }
                }
            }
            Feed::Streams(streams) => {
                if !streams.contains(&stream) {
                    return None;
                }
                if is_link {
                    return self.follow(at, Through::Log(at));
                }
                if self.ended(at, stream, kind, event_type, true).is_some() {
                    return None;
                }
            }
            Feed::Links(streams) => {
                let is_there = is_link && streams.contains(&stream);
                return is_there
                    .then(|| self.follow(at, Through::Log(at)))
                    .flatten();
            }
            Feed::Category(name) => {
                let is_in = match kind {
                    Kind::Ordinary => is_in_category(log, stream, name),
                    Kind::Metadata => {
                        let owner = owner(log.stream_name(stream));
                        category(owner, "-", false) == Some(name.as_str())
                    }
                    Kind::System => false,
                };
                if !is_in {
                    return None;
                }
                if is_link {
                    return self.follow(at, Through::Made(stream));
                }
                if let Some(ended) = self.ended(at, stream, kind, event_type, true) {
                    return self.hears_deletions.then_some(What::Deleted(ended));
                }
                if kind == Kind::Metadata {
                    return None;
                }
            }
            Feed::Type(_) | Feed::Positions(_) | Feed::References(_) if is_link => return None,
            Feed::Firsts if is_link => {}
            Feed::Type(_) | Feed::Positions(_) | Feed::References(_) | Feed::Firsts => {
                self.ended(at, stream, kind, event_type, true)
                    .is_none()
                    .then_some(())?;
            }
        }
        self.plain_at(feed, at, stream, kind, event_type)
    }

    /// The stream that ends with this event. Reads the event where `looks` and it may do so.
    fn ended(
        &self,
        at: Position,
        stream: StreamId,
        kind: Kind,
        event_type: TypeId,
        looks: bool,
    ) -> Option<Box<str>> {
        let name = self.log.stream_name(stream);
        if self.special.tombstone == Some(event_type) && kind == Kind::Ordinary {
            return Some(name.into());
        }
        let may = looks && self.special.metadata == Some(event_type) && kind == Kind::Metadata;
        let does = may && deletes(&self.links.read(at, Want::Data).data);
        does.then(|| owner(name).into())
    }

    /// The event to which a link leads.
    fn follow(&mut self, at: Position, through: Through) -> Option<What> {
        let link = self.links.read(at, Want::Payloads);
        let metadata = text(&link.metadata).as_bytes();
        if scan::find(metadata, &["$deleted"]).is_some() {
            let origin = scan::find(metadata, &["$o"]).and_then(scan::string_text)?;
            return self
                .hears_deletions
                .then(|| What::Deleted(origin.as_ref().into()));
        }
        let found = target(text(&link.data)).and_then(|(number, stream)| {
            let of = self.links.event(stream, number)?;
            Some((of, stream))
        });
        let Some((of, stream)) = found else {
            self.n_lost_links += 1;
            return None;
        };
        let (id, event_type) = (self.log.stream(of), self.log.event_type(of));
        let kind = self.kinds[id.index()];
        if let Some(ended) = self.ended(of, id, kind, event_type, true) {
            return self.hears_deletions.then_some(What::Deleted(ended));
        }
        if self.is_deleted(stream) {
            self.n_lost_links += 1;
            return None;
        }
        self.wanted_event(of, event_type, Some(through))
    }

    fn is_deleted(&mut self, stream: &str) -> bool {
        if let Some(known) = self.deleted.get(stream) {
            return *known;
        }
        let is_deleted = self.links.is_deleted(stream);
        self.deleted.insert(stream.into(), is_deleted);
        is_deleted
    }
}
