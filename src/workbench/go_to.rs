//! What somebody means by what they typed: a position, a version, a stream, a time.

use crate::event::{Position, StreamId, Timestamp, Version};
use crate::history::{EventLog, IdFound, Point};

use super::workbench::Workbench;

/// Where a text leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The event.
    pub position: Position,
    /// The stream that was named, to be chosen.
    pub stream: Option<StreamId>,
    /// By when what is to be known had occurred, where that was named.
    pub occurred: Option<Timestamp>,
}

impl Workbench {
    /// Where `text` leads, or a sentence that says why nowhere.
    ///
    /// Knows `#861204` and bare numbers, `v7` in the stream shown, names of streams and unique
    /// beginnings of them, `order-1220 v7`, references such as `shop-events.db#861204`, ids of events that were looked for, and everything that a [`Point`] is, in both times too. Words such as
    /// `yesterday` count from `now`, `-2h` and `+2h` from the playhead.
    pub fn find(&self, text: &str, now: Timestamp) -> Result<Target, String> {
        let Some(history) = &self.history else {
            return Err("Nothing is open".to_owned());
        };
        let (log, text) = (&history.log, text.trim());
        if text.is_empty() {
            return Err(String::new());
        }
        if log.is_empty() {
            return Err("There is no event to go to".to_owned());
        }
        let zone = self.look().zone;
        if let Ok(both @ Point::Both { .. }) = Point::parse(text, now, zone) {
            return target_of(log, &both);
        }
        if let Some(found) = self
            .version_here(log, text)
            .or_else(|| named_version(log, text))
        {
            return found;
        }
        if let Some(stream) = stream_named(log, text)? {
            return Ok(self.at_stream(log, stream));
        }
        // A reference to this file leads where its position does.
        let name = history.about.name();
        let referred = text.rsplit_once('#').filter(|(file, _)| *file == name);
        let text = referred.map_or(text, |(_, position)| position);
        let bare = text.replace([',', ' '], "");
        let point = if !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit()) {
            bare.parse()
                .map(Point::Position)
                .map_err(|_too_large| format!("{text} is beyond the end"))?
        } else {
            self.point(log, text, now)?
        };
        target_of(log, &point)
    }

    fn point(&self, log: &EventLog, text: &str, now: Timestamp) -> Result<Point, String> {
        let zone = self.look().zone;
        let from = if text.starts_with(['-', '+']) {
            log.time(self.look().playhead)
        } else {
            None
        };
        Point::parse(text, from.unwrap_or(now), zone).or_else(|_no_point| self.event_with_id(text))
    }

    /// The event whose id this is, or the only one whose id begins so; why not, where that is not known
    /// yet or there is none.
    fn event_with_id(&self, text: &str) -> Result<Point, String> {
        let nothing = || format!("No stream, position, time or event id is \"{text}\"");
        let key = self.id_key(text).ok_or_else(nothing)?;
        let known = self.answers.travel.id.for_key(&key).fresh();
        match known {
            None => Err(format!("Is there an event {text}?")),
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(IdFound::One(position))) => Ok(Point::Position(position.0)),
            Some(Ok(IdFound::None)) => Err(nothing()),
            Some(Ok(IdFound::Several(n))) => {
                Err(format!("The ids of {n} events begin so: write more of it"))
            }
        }
    }

    /// Whether a text that leads nowhere may be an event's id that has not been looked for yet.
    pub fn may_be_id(&self, text: &str) -> bool {
        let key = self.id_key(text.trim());
        key.is_some_and(|key| !self.answers.travel.id.for_key(&key).is_fresh())
    }

    /// `v7` means a version of the stream shown.
    fn version_here(&self, log: &EventLog, text: &str) -> Option<Result<Target, String>> {
        let version = version(text)?;
        Some(at_version(log, self.stream_shown()?, version))
    }

    /// A stream is entered where the playhead stands, or at its first event.
    fn at_stream(&self, log: &EventLog, stream: StreamId) -> Target {
        let rank = log.rank_at(stream, self.look().playhead).unwrap_or(0);
        let position = log
            .events_of(stream)
            .get(rank as usize)
            .map_or_else(|| self.look().playhead, |at| Position(*at));
        Target {
            position,
            stream: Some(stream),
            occurred: None,
        }
    }
}

/// Where a point leads.
fn target_of(log: &EventLog, point: &Point) -> Result<Target, String> {
    let found = point.resolve_as_of(log, None);
    let found = found.map_err(|error| capital(&error.to_string()))?;
    let name = point.stream_name();
    Ok(Target {
        position: found.position,
        stream: name.and_then(|name| log.find_stream(name, None).ok()),
        occurred: found.occurred,
    })
}

fn version(text: &str) -> Option<Version> {
    text.strip_prefix(['v', 'V'])?.parse().ok().map(Version)
}

/// `order-1220 v7`
fn named_version(log: &EventLog, text: &str) -> Option<Result<Target, String>> {
    let (name, version_text) = text.rsplit_once(' ')?;
    let version = version(version_text)?;
    let stream = stream_named(log, name.trim()).ok()??;
    Some(at_version(log, stream, version))
}

fn at_version(log: &EventLog, stream: StreamId, version: Version) -> Result<Target, String> {
    let position = log
        .position_of_version(stream, version)
        .map_err(|error| capital(&error.to_string()))?;
    Ok(Target {
        position,
        stream: Some(stream),
        occurred: None,
    })
}

/// The stream of that name, or the only one whose name begins so.
fn stream_named(log: &EventLog, name: &str) -> Result<Option<StreamId>, String> {
    match log.streams_named(name).as_slice() {
        [stream] => return Ok(Some(*stream)),
        [] => {}
        _ => {
            return Err(format!(
                "There are several streams {name}: choose one from the list"
            ));
        }
    }
    let mut beginning = log
        .streams()
        .filter(|stream| log.stream_name(*stream).starts_with(name));
    match (beginning.next(), beginning.next()) {
        (Some(stream), None) => Ok(Some(stream)),
        _ => Ok(None),
    }
}

/// The sentence with a capital at its head.
pub fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
