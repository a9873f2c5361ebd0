//! An event as a script sees it: what its store says of it, and the link through which it came.

use super::causes::Cause;
use super::drive::Drive;
use super::links::text;
use super::route::Through;
use crate::event::json::{quote, scan};
use crate::event::{EventDetail, Payload, Position, Want};
use crate::script::Envelope;

/// How deep JSON may be nested to count as such on the server.
const MAX_DEPTH: usize = 64;

/// An event that arrived, with what is told of it besides its record.
pub(super) struct Arrived<'d> {
    pub(super) detail: &'d EventDetail,
    pub(super) is_json: bool,
    id: Option<std::borrow::Cow<'d, str>>,
    link: Option<Box<str>>,
    /// The stream that holds the link.
    pub(super) origin: Option<Box<str>>,
}

impl<'a> Drive<'a, '_, '_, '_> {
    /// What is told of an event; `None` where it is marked as JSON and is none.
    pub(super) fn arrived<'d>(
        &mut self,
        of: Position,
        through: Option<Through>,
        detail: &'d EventDetail,
    ) -> Option<Arrived<'d>> {
        let is_link = self.link == Some(self.log.event_type(of));
        let is_json = !is_link
            && detail
                .marked_json
                .unwrap_or_else(|| detail.data.json().is_some());
        let is_checked = detail.marked_json == Some(true) && self.ask.checks_content;
        if is_checked && !is_server_json(&detail.data) {
            self.run.n_not_json += 1;
            return None;
        }
        let is_link_seen = self.wants_links || matches!(through, Some(Through::Log(_)));
        let link = through.filter(|_| is_link_seen);
        let link = link.map(|through| self.link_metadata(through, detail));
        let origin = match through {
            Some(Through::Made(stream)) => Some(self.log.stream_name(stream).into()),
            Some(Through::Log(_)) => link.as_deref().and_then(origin),
            _ => None,
        };
        Some(Arrived {
            detail,
            is_json,
            id: detail.id.as_deref().map(lower),
            link,
            origin,
        })
    }

    /// The event as the script sees it, at a position of its own or that of the link.
    pub(super) fn envelope<'e>(
        &self,
        at: Position,
        of: Position,
        arrived: &'e Arrived<'_>,
    ) -> Envelope<'e>
    where
        'a: 'e,
    {
        let log = self.log;
        let (stream, event_type) = (log.stream(of), log.event_type(of));
        let rank = || log.rank_at(stream, of).map_or(0, i64::from);
        let number = || log.version(of).map_or_else(rank, |version| version.0);
        let detail = arrived.detail;
        let rest = (arrived.id.as_deref(), &detail.metadata);
        Envelope {
            stream: log.stream_name(stream),
            number: self.wants_number.then(number),
            event_type: log.type_name(event_type),
            is_json: arrived.is_json,
            data: self.want.is_some().then_some(&detail.data),
            rest: self.reads_all().then_some(rest),
            link_metadata: arrived.link.as_deref(),
            partition: "",
            category: self.definition.categories.first().map(String::as_str),
            time: log.time(at),
            seed: at.0,
        }
    }

    /// The metadata of a link as text.
    fn link_metadata(&self, through: Through, event: &EventDetail) -> Box<str> {
        let made = match through {
            Through::Log(at) => {
                let read = self.reader.read_one(self.log.place(at), Want::Payloads);
                return text(&read.unwrap_or_default().metadata).into();
            }
            Through::Made(stream) => {
                let mut made = String::from("{\"$o\":");
                quote(self.log.stream_name(stream), &mut made);
                made.push('}');
                Some(made)
            }
            Through::Plain => None,
        };
        Cause::of(event, false).metadata(made.as_deref())
    }
}

/// Whether the server takes a payload for JSON.
fn is_server_json(payload: &Payload) -> bool {
    let Payload::Json(text) = payload else {
        return false;
    };
    depth(text) <= MAX_DEPTH
}

/// How deep a text of JSON is nested.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut is_inside, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_inside => is_escaped = true,
            b'"' => is_inside = !is_inside,
            b'{' | b'[' if !is_inside => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !is_inside => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The stream that holds a link, as its metadata says.
fn origin(metadata: &str) -> Option<Box<str>> {
    let raw = scan::find(metadata.as_bytes(), &["$o"])?;
    Some(scan::string_text(raw)?.into())
}

/// An id as the server shows it: one that is a UUID in small letters.
fn lower(id: &str) -> std::borrow::Cow<'_, str> {
    let is_uuid = id.len() == 36
        && id
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    if is_uuid && id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return id.to_ascii_lowercase().into();
    }
    id.into()
}
