//! The projections that are built into the server, as what they would have written.

use super::answer::{Ended, Run, RunFault};
use super::ask::Ask;
use super::causes::Cause;
use super::emitting::Written;
use super::feeds::is_first;
use super::links::{Kind, LINK, METADATA, TOMBSTONE, category, correlation, deletes, owner, text};
use super::read::read_in_order;
use super::watch::Watch;
use crate::event::json::{parse, quote};
use crate::event::{EventDetail, EventReader, Payload, Position, Want};
use crate::history::EventLog;
use crate::script::{Emit, EmitKind, Phase};

/// How many events are read at once.
const BATCH: u32 = 1 << 10;

/// One of them, ready to be run.
enum System {
    ByCategory { separator: String, is_last: bool },
    StreamByCategory { separator: String, is_last: bool },
    ByEventType,
    ByCorrelationId { property: String },
    Streams,
}

impl System {
    fn read(kind: &str, config: Option<&str>) -> Result<Self, String> {
        match kind {
            "$by_category" | "$stream_by_category" => {
                let (separator, is_last) = separator(config)?;
                Ok(if kind == "$by_category" {
                    Self::ByCategory { separator, is_last }
                } else {
                    Self::StreamByCategory { separator, is_last }
                })
            }
            "$by_event_type" => Ok(Self::ByEventType),
            "$by_correlation_id" => Ok(Self::ByCorrelationId {
                property: property(config)?,
            }),
            "$streams" => Ok(Self::Streams),
            _ => Err(format!(
                "no projection is built in under the name {kind}; there are $by_category, \
                 $by_event_type, $by_correlation_id, $stream_by_category and $streams"
            )),
        }
    }
}

/// `first` or `last`, and the separator on the next line; a single character means the last one.
fn separator(config: Option<&str>) -> Result<(String, bool), String> {
    let config = config.map(str::trim).filter(|text| !text.is_empty());
    let Some(config) = config else {
        return Ok(("-".to_owned(), false));
    };
    if config.chars().count() == 1 {
        return Ok((config.to_owned(), true));
    }
    let (which, separator) = config.split_once('\n').unwrap_or((config, ""));
    let separator = separator.trim_end_matches('\r');
    match which.trim().to_ascii_lowercase().as_str() {
        "first" if !separator.is_empty() => Ok((separator.to_owned(), false)),
        "last" if !separator.is_empty() => Ok((separator.to_owned(), true)),
        _ => Err(
            "the source of a projection by category is first or last, and the separator on the next line"
                .to_owned(),
        ),
    }
}

fn property(config: Option<&str>) -> Result<String, String> {
    let config = config.map(str::trim).filter(|text| !text.is_empty());
    let Some(config) = config else {
        return Ok("$correlationId".to_owned());
    };
    let json = parse(config.as_bytes()).ok();
    let named = json.as_ref().and_then(|json| json.as_object());
    let name = named.and_then(|object| object.get("correlationIdProperty")?.as_text());
    name.map(str::to_owned)
        .ok_or_else(|| "the source is {\"correlationIdProperty\":\"…\"}".to_owned())
}

/// Whether there is such a projection with such a source.
pub(super) fn check(kind: &str, config: Option<&str>) -> Result<(), Box<Run>> {
    match System::read(kind, config) {
        Ok(_) => Ok(()),
        Err(message) => Err(Box::new(refused(message))),
    }
}

fn refused(message: String) -> Run {
    let fault = RunFault {
        phase: Phase::Compile,
        position: None,
        message,
        line: None,
    };
    Run::refused(fault, None)
}

/// What the projection would have written. Costs one pass over all events.
pub(super) fn run(
    ask: &Ask,
    kind: &str,
    config: Option<&str>,
    log: &EventLog,
    reader: &dyn EventReader,
    watch: &mut dyn Watch,
) -> Run {
    let system = match System::read(kind, config) {
        Ok(system) => system,
        Err(message) => return refused(message),
    };
    let len = log.last().map_or(0, |last| last.0 + 1);
    let end = ask.until.map_or(len, |until| len.min(until.0 + 1));
    let mut pass = Pass {
        system,
        log,
        written: Written::default(),
        run: Run::default(),
    };
    let mut from = ask.from.0;
    while from < end {
        watch.progress(from as usize, end as usize);
        if watch.is_cancelled() {
            pass.run.ended = Ended::Cancelled;
            break;
        }
        let to = end.min(from + BATCH);
        pass.batch(from..to, reader);
        from = to;
        pass.run.reached = Some(Position(to - 1));
    }
    pass.run.emitted = pass.written.emitted;
    pass.run.n_more_emitted = pass.written.n_more_emitted;
    pass.run
}

struct Pass<'a> {
    system: System,
    log: &'a EventLog,
    written: Written,
    run: Run,
}

impl Pass<'_> {
    fn batch(&mut self, range: std::ops::Range<u32>, reader: &dyn EventReader) {
        let kind = |at: Position| Kind::of(self.log.stream_name(self.log.stream(at)));
        let positions: Vec<Position> = range
            .map(Position)
            .filter(|at| kind(*at) != Kind::System)
            .collect();
        let places: Vec<_> = positions
            .iter()
            .map(|at| Some(self.log.place(*at)))
            .collect();
        read_in_order(reader, &places, Want::Presented, |n, read| {
            if let (Some(at), Some(Ok(event))) = (positions.get(n), &read) {
                self.event(*at, event);
                self.run.processed += 1;
            } else {
                self.run.n_unreadable += 1;
            }
            true
        });
    }

    fn event(&mut self, at: Position, event: &EventDetail) {
        let log = self.log;
        let stream = log.stream(at);
        let name = log.stream_name(stream);
        let type_name = log.type_name(log.event_type(at));
        let kind = Kind::of(name);
        let ends = match (type_name, kind) {
            (TOMBSTONE, Kind::Ordinary) => true,
            (METADATA, Kind::Metadata) => deletes(&event.data),
            _ => false,
        };
        let is_link = type_name == LINK;
        let is_begin = is_first(log, stream, at);
        let own = self.own_link(at);
        let written = match &self.system {
            System::ByCategory { separator, is_last } => {
                let origin = if kind == Kind::Metadata && ends {
                    owner(name)
                } else {
                    name
                };
                category(origin, separator, *is_last).map(|found| {
                    let data = if is_link {
                        text(&event.data).into()
                    } else {
                        own
                    };
                    (format!("$ce-{found}"), data, origin_metadata(origin, ends))
                })
            }
            System::StreamByCategory { separator, is_last } => {
                let found = category(name, separator, *is_last).filter(|_| is_begin);
                found.map(|found| (format!("$category-{found}"), name.into(), "{}".to_owned()))
            }
            System::ByEventType | System::ByCorrelationId { .. } if is_link => None,
            System::ByEventType if ends => {
                let metadata = "{\"$deleted\":-1}".to_owned();
                Some(("$et-$deleted".to_owned(), own, metadata))
            }
            System::ByEventType => Some((format!("$et-{type_name}"), own, "{}".to_owned())),
            System::ByCorrelationId { property } => {
                correlation(&event.metadata, property).map(|id| {
                    let time = log.time(at).map(|time| time.rfc3339(6));
                    let metadata = time.map(|time| format!("{{\"$eventTimestamp\":\"{time}\"}}"));
                    (
                        format!("$bc-{id}"),
                        own,
                        metadata.unwrap_or_else(|| "{}".to_owned()),
                    )
                })
            }
            System::Streams => is_begin.then(|| ("$streams".to_owned(), own, "{}".to_owned())),
        };
        let Some((stream, data, metadata)) = written else {
            return;
        };
        let is_reference = matches!(self.system, System::StreamByCategory { .. });
        let is_json = event
            .marked_json
            .unwrap_or(matches!(event.data, Payload::Json(_)));
        let emit = Emit {
            kind: if is_reference {
                EmitKind::Reference
            } else {
                EmitKind::Link
            },
            stream: stream.into(),
            event_type: if is_reference { "$@" } else { LINK }.into(),
            data,
            metadata: Some(metadata.into()),
        };
        self.written.emit(emit, at, Cause::of(event, is_json));
    }

    /// The text of a link to an event.
    fn own_link(&self, at: Position) -> Box<str> {
        let stream = self.log.stream(at);
        let rank = || self.log.rank_at(stream, at).map_or(0, i64::from);
        let version = self.log.version(at);
        let number = version.map_or_else(rank, |version| version.0);
        format!("{number}@{}", self.log.stream_name(stream)).into()
    }
}

/// What a link of a category says of the stream that it came from.
fn origin_metadata(origin: &str, ends: bool) -> String {
    let mut out = String::from("{\"$o\":");
    quote(origin, &mut out);
    out.push_str(if ends { ",\"$deleted\":-1}" } else { "}" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_projection_by_category_is_read() {
        let read = |text| separator(Some(text)).unwrap();
        assert_eq!(read("first\r\n-"), ("-".to_owned(), false));
        assert_eq!(read("last\n_"), ("_".to_owned(), true));
        assert_eq!(read("."), (".".to_owned(), true));
        assert_eq!(separator(None).unwrap(), ("-".to_owned(), false));
        assert!(separator(Some("middle\n-")).is_err());
        assert_eq!(property(None).unwrap(), "$correlationId");
        assert!(property(Some("{}")).is_err());
    }
}
