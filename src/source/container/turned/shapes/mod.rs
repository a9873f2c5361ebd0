//! JSON whose events do not lie an object each: told by its keys, and written as an object each.

mod aws;
mod debezium;
mod eventstore;
mod kcat;
mod keys;
pub(super) mod mongo;
mod ocel;
mod otlp;
mod redux;
mod sstable;
mod temporal;

use std::io;

use super::lines::Lines;
use super::units::Units;
use super::{Turner, units::elements};
use crate::event::json::scan;
use crate::source::container::input::Input;
use keys::Keys;

/// How events lie in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A feed of EventStoreDB over HTTP: entries, the newest first.
    Atom,
    /// What .NET's client of EventStoreDB gives, data in base64.
    DotNet,
    /// What `kcat -J` prints.
    Kcat,
    /// Changes of rows as Debezium tells them.
    Debezium,
    /// Items of DynamoDB, each value with its type.
    Dynamo,
    /// Documents of MongoDB in Extended JSON.
    Mongo,
    /// Log records of OpenTelemetry.
    Otlp,
    /// Actions of Redux, as its development tools keep them.
    Redux,
    /// The history of a workflow of Temporal.
    Temporal,
    /// Object-centric events, OCEL 2.0.
    Ocel,
    /// Object-centric events, OCEL 1.0.
    Ocel1,
    /// CloudTrail's log files.
    CloudTrail,
    /// What CloudTrail answers when it is asked for events.
    CloudTrailLookup,
    /// A list of audit events of Kubernetes.
    KubernetesList,
    /// Rows of Cassandra as `sstabledump` prints them.
    Sstable,
}

impl Shape {
    /// The shape of a text that begins so; `None` where its objects are records as they are.
    pub(in crate::source::container) fn of(head: &[u8]) -> Option<Self> {
        let keys = Keys::of(head);
        let has = |key: &str| keys.has(key);
        let is_change = |of: &str| {
            let has = |key: &str| keys.has(&format!("{of}{key}"));
            has("op") && has("source") && (has("after") || has("before"))
        };
        let of_many = [
            (Self::Atom, has("entries") && has("links") && has("author")),
            (Self::Otlp, has("resourceLogs")),
            (Self::Redux, has("actionsById") && has("nextActionId")),
            (Self::Redux, has("preloadedState") && has("payload")),
            (
                Self::Temporal,
                has("events[].eventId") && has("events[].eventType") && has("events[].eventTime"),
            ),
            (Self::Ocel, has("objectTypes") && has("eventTypes")),
            (
                Self::Ocel1,
                has("ocel:events") || has("ocel:global-log") || has("ocel:objects"),
            ),
            (
                Self::CloudTrail,
                has("Records[].eventVersion") && has("Records[].eventSource"),
            ),
            (Self::CloudTrailLookup, has("Events[].CloudTrailEvent")),
            (Self::KubernetesList, has("items[].auditID")),
            (
                Self::Sstable,
                has("partition.key") && (has("rows[].cells") || has("rows[].clustering")),
            ),
            (
                Self::DotNet,
                has("Event.EventStreamId") || has("OriginalEvent.EventStreamId"),
            ),
            (Self::Debezium, is_change("") || is_change("payload.")),
            (
                Self::Kcat,
                has("topic") && has("partition") && has("offset") && has("payload"),
            ),
            (Self::Dynamo, keys.are_dynamo()),
            (Self::Mongo, keys.are_extended()),
            (Self::Mongo, has("streamName") && has("messages[].type")),
        ];
        of_many
            .into_iter()
            .find_map(|(shape, fits)| fits.then_some(shape))
    }

    /// The word for the container.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Atom => "eventstoredb-atom-json",
            Self::DotNet => "eventstoredb-client-json",
            Self::Kcat => "kcat-json",
            Self::Debezium => "debezium-json",
            Self::Dynamo => "dynamodb-json",
            Self::Mongo => "mongodb-extended-json",
            Self::Otlp => "otlp-json",
            Self::Redux => "redux-devtools-json",
            Self::Temporal => "temporal-json",
            Self::Ocel | Self::Ocel1 => "ocel-json",
            Self::CloudTrail | Self::CloudTrailLookup => "cloudtrail-json",
            Self::KubernetesList => "kubernetes-audit-json",
            Self::Sstable => "sstabledump",
        }
    }

    /// The key of the array whose elements are taken one by one.
    fn key(self) -> Option<&'static str> {
        match self {
            Self::Otlp => Some("resourceLogs"),
            Self::Temporal | Self::Ocel => Some("events"),
            Self::CloudTrail => Some("Records"),
            Self::CloudTrailLookup => Some("Events"),
            Self::KubernetesList => Some("items"),
            _ => None,
        }
    }

    pub(super) fn turner(self, input: Input) -> Box<dyn Turner> {
        Box::new(Shaping {
            units: Units::new(input, self.key()),
            shape: self,
            run: temporal::Run::default(),
        })
    }
}

/// Writes objects as the shape says.
struct Shaping {
    units: Units,
    shape: Shape,
    /// The run whose events are read.
    run: temporal::Run,
}

impl Turner for Shaping {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let Self { units, shape, run } = self;
        units.next(lines, &mut |unit, lines| match shape {
            Shape::Atom => eventstore::feed(unit, lines),
            Shape::DotNet => eventstore::of_dot_net(unit, lines),
            Shape::Kcat => kcat::message(unit, lines),
            Shape::Debezium => debezium::change(unit, lines),
            Shape::Dynamo => aws::item(unit, lines),
            Shape::Mongo => mongo::document(unit, lines),
            Shape::Otlp => otlp::resource(unit, lines),
            Shape::Redux => redux::recording(unit, lines),
            Shape::Temporal => run.event(unit, lines),
            Shape::Ocel => ocel::event(unit, lines),
            Shape::Ocel1 => ocel::document(unit, lines),
            Shape::Sstable => sstable::partition(unit, lines),
            Shape::CloudTrail => aws::trail(unit, lines),
            Shape::CloudTrailLookup => aws::looked_up(unit, lines),
            Shape::KubernetesList => {
                lines.json(unit);
                lines.end();
            }
        })
    }
}

/// The members of a raw object, their keys as text.
fn members(object: &[u8]) -> Vec<(String, &[u8])> {
    let mut found = Vec::new();
    let walked = scan::members(object, |key, value| {
        let text = scan::key_text(key).map(std::borrow::Cow::into_owned);
        found.push((
            text.unwrap_or_else(|| String::from_utf8_lossy(key).into_owned()),
            value,
        ));
    });
    if walked.is_err() {
        found.clear();
    }
    found
}

/// The value of a member of a raw object, where it is there and not null.
fn member<'a>(object: &'a [u8], path: &[&str]) -> Option<&'a [u8]> {
    scan::find(object, path).filter(|value| *value != b"null")
}

/// The text of a member, a number as its digits.
fn text_of(object: &[u8], path: &[&str]) -> Option<String> {
    let raw = member(object, path)?;
    match scan::string_text(raw) {
        Some(text) => Some(text.into_owned()),
        None => String::from_utf8(raw.to_vec()).ok(),
    }
}
