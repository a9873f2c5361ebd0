//! Feeds a script with what arrives, partition by partition, and keeps what comes of it.
//!
//! A state is written as text where that is needed: when another partition is entered, where a result
//! follows from it, where somebody looks on. When an event fails while the state before it was not
//! written, the run begins anew and writes states from that event on: a script has no other input
//! than its events, so it comes to the same point.

use super::answer::{Ended, Run, RunFault, Skipped};
use super::ask::{Ask, OnError};
use super::causes::Cause;
use super::emitting::Written;
use super::keep::Partitions;
use super::links::{Links, owner, text};
use super::read::read_in_order;
use super::route::{Arrival, Route, Stretch, Through, What};
use super::start::{Attempt, Outcome, unrepeatable};
use super::watch::Watch;
use crate::event::{EventDetail, EventReader, Payload, Place, Position, Want};
use crate::history::EventLog;
use crate::script::{Definition, Envelope, Fault, Handling, Key, Phase, Projector, Session};

/// How many arrivals are read at once.
const BATCH: usize = 1 << 10;

/// The most skipped events that are listed.
const MAX_SKIPPED: usize = 1_000;

/// How often a run begins anew at most, before it writes all states.
const MAX_AGAIN: u32 = 3;

/// Why an event was not handled.
pub(super) enum Stop {
    Fault(Fault),
    /// The run is to begin anew, and to write states from here on.
    Again(Position),
    ReadAll,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        if fault == Fault::NeedsMore {
            return Self::ReadAll;
        }
        Self::Fault(fault)
    }
}

/// One pass of a run.
pub(super) struct Drive<'a, 's, 'x, 'js> {
    pub(super) ask: &'a Ask,
    pub(super) log: &'a EventLog,
    pub(super) reader: &'a dyn EventReader,
    pub(super) projector: &'a Projector,
    pub(super) definition: &'a Definition,
    pub(super) session: &'s mut Session<'x, 'js>,
    pub(super) attempt: Attempt,
    pub(super) handling: Vec<Option<Handling>>,
    pub(super) partitions: Partitions,
    pub(super) written: Written,
    /// The partition that is under way.
    pub(super) current: Option<u32>,
    /// Whether the event at hand may have changed its state.
    pub(super) has_touched: bool,
    /// Since when its state was not written.
    pub(super) dirty_since: Option<Position>,
    pub(super) n_dirty: usize,
    /// Whether every change of a state is to be known.
    pub(super) writes_always: bool,
    pub(super) want: Want,
    pub(super) n_shown: u64,
    pub(super) run: Run,
}

impl<'a, 's, 'x, 'js> Drive<'a, 's, 'x, 'js> {
    pub(super) fn new(
        ask: &'a Ask,
        log: &'a EventLog,
        reader: &'a dyn EventReader,
        projector: &'a Projector,
        session: &'s mut Session<'x, 'js>,
        attempt: Attempt,
    ) -> Self {
        let definition = projector.definition();
        let names = log.type_names().iter();
        let handling = names.map(|name| session.handling(name)).collect();
        let reads_all = attempt.reads_all || projector.mentions(&LOOKS_FURTHER);
        Self {
            ask,
            log,
            reader,
            projector,
            definition,
            attempt,
            handling,
            partitions: Partitions::default(),
            written: Written::default(),
            current: None,
            has_touched: false,
            dirty_since: None,
            n_dirty: 0,
            writes_always: definition.produces_results || session.has_transforms(),
            want: if reads_all {
                Want::Presented
            } else {
                Want::Data
            },
            n_shown: 0,
            run: Run {
                definition: Some(definition.clone()),
                ..Run::default()
            },
            session,
        }
    }

    pub(super) fn go(mut self, watch: &mut dyn Watch) -> Outcome {
        let stretch = Stretch {
            from: self.ask.from,
            until: self.ask.until,
        };
        let links = Links::new(self.log, self.reader);
        let has_handler = |name: &str| self.session.handling(name).is_some();
        let mut route = Route::new(self.log, links, self.definition, has_handler, stretch);
        self.writes_always |= watch.looks_at_states();
        let mut stopped = None;
        while stopped.is_none() {
            let (done, total) = route.progress();
            watch.progress(done, total);
            let arrivals = route.next(BATCH, &|| watch.is_cancelled());
            if watch.is_cancelled() {
                self.run.ended = Ended::Cancelled;
                break;
            }
            if arrivals.is_empty() {
                break;
            }
            stopped = self.batch(&arrivals, watch);
        }
        let stopped = match stopped {
            Some(stop) => Some(stop),
            None => self.flush().err(),
        };
        self.finish(stopped, &route)
    }

    fn finish(mut self, stopped: Option<Stop>, route: &Route<'_>) -> Outcome {
        match stopped {
            Some(Stop::Again(from)) => return Outcome::Again(self.again(Some(from))),
            Some(Stop::ReadAll) => return Outcome::Again(self.again(None)),
            Some(Stop::Fault(fault)) => self.note_fault(&fault, self.run.reached),
            None => self.run.reached = route.reached,
        }
        let names = self.log.type_names().iter().cloned();
        let unhandled = names.zip(route.unhandled.iter().copied());
        let mut run = self.run;
        run.unhandled = unhandled.filter(|(_, count)| *count > 0).collect();
        run.n_lost_links = route.n_lost_links;
        run.calls = self.session.calls();
        (run.log, run.n_more_log) = self.session.take_log();
        run.emitted = self.written.emitted;
        run.n_more_emitted = self.written.n_more_emitted;
        run.results = self.written.results;
        run.n_more_results = self.written.n_more_results;
        run.partitions = self.partitions.finish(self.definition.bi_state);
        run.unrepeatable = unrepeatable(self.projector);
        Outcome::Done(Box::new(run))
    }

    fn again(&self, from: Option<Position>) -> Attempt {
        let n_times = self.attempt.n_times + 1;
        let texts_from = if n_times > MAX_AGAIN {
            Some(Position(0))
        } else {
            from.or(self.attempt.texts_from)
        };
        Attempt {
            texts_from,
            reads_all: self.attempt.reads_all || from.is_none(),
            n_shown: self.n_shown.max(self.attempt.n_shown),
            n_times,
        }
    }

    fn note_fault(&mut self, fault: &Fault, position: Option<Position>) {
        self.run.ended = Ended::Faulted;
        self.run.fault = Some(RunFault {
            phase: Phase::Process,
            position,
            message: message(fault),
            line: fault.line(),
        });
    }

    /// Handles a batch; `Some` where the run ends with it.
    fn batch(&mut self, arrivals: &[Arrival], watch: &mut dyn Watch) -> Option<Stop> {
        let place = |arrival: &Arrival| match &arrival.what {
            What::Event { of, .. } => Some(self.log.place(*of)),
            What::Deleted(_) | What::Reference { .. } => None,
        };
        let places: Vec<Option<Place>> = arrivals.iter().map(place).collect();
        let mut stopped = None;
        let (reader, want) = (self.reader, self.want);
        read_in_order(reader, &places, want, |n, read| {
            let Some(arrival) = arrivals.get(n) else {
                return false;
            };
            let detail = match read {
                Some(Err(_)) => {
                    self.run.n_unreadable += 1;
                    return true;
                }
                Some(Ok(detail)) => detail,
                None => EventDetail::default(),
            };
            stopped = self.arrival(arrival, &detail, watch);
            stopped.is_none()
        });
        stopped
    }

    /// Handles what arrives; `Some` where the run ends with it.
    fn arrival(
        &mut self,
        arrival: &Arrival,
        detail: &EventDetail,
        watch: &mut dyn Watch,
    ) -> Option<Stop> {
        self.run.reached = Some(arrival.at);
        if self
            .attempt
            .texts_from
            .is_some_and(|from| arrival.at >= from)
            && let Err(stop) = self.flush()
        {
            return Some(stop);
        }
        self.has_touched = false;
        let was_dirty = self.dirty_since.is_some();
        let under_way = self.current;
        match self.take(arrival, detail) {
            Ok(Some(partition)) => {
                self.run.processed += 1;
                self.partitions.count(partition, arrival.at);
                self.show(arrival, partition, watch);
                None
            }
            Ok(None) => None,
            Err(Stop::Fault(fault)) => {
                // What the script did to a state that was not written cannot be taken back.
                let is_under_way = was_dirty && self.current == under_way;
                if is_under_way && self.has_touched {
                    return Some(Stop::Again(arrival.at));
                }
                if is_under_way && let Err(stop) = self.flush() {
                    return Some(stop);
                }
                self.roll_back();
                self.skip_or_stop(arrival.at, fault)
            }
            Err(stop) => Some(stop),
        }
    }

    fn roll_back(&mut self) {
        self.session.leave();
        self.session.take_emitted();
        self.current = None;
        self.dirty_since = None;
    }

    fn skip_or_stop(&mut self, position: Position, fault: Fault) -> Option<Stop> {
        if self.ask.on_error == OnError::Stop {
            return Some(Stop::Fault(fault));
        }
        self.run.n_skipped += 1;
        if self.run.skipped.len() < MAX_SKIPPED {
            self.run.skipped.push(Skipped {
                position,
                message: message(&fault),
                line: fault.line(),
            });
        }
        None
    }

    /// Handles what arrives; gives the partition that handled it.
    fn take(&mut self, arrival: &Arrival, detail: &EventDetail) -> Result<Option<u32>, Stop> {
        match &arrival.what {
            What::Deleted(stream) => self.take_deletion(arrival.at, stream).map(Some),
            What::Event { of, through } => self.take_event(arrival.at, *of, *through, detail),
            What::Reference { stream, number, to } => {
                let name = self.log.stream_name(*to);
                let data = Payload::Text(name.into());
                let event = Envelope {
                    stream,
                    number: *number,
                    event_type: "$@",
                    is_json: false,
                    data: &data,
                    rest: Some((None, &Payload::Missing)),
                    link_metadata: None,
                    partition: "",
                    category: None,
                    time: self.log.time(arrival.at),
                    seed: arrival.at.0,
                };
                let by = self.session.handling("$@");
                self.handle(&event, None, by, detail)
            }
        }
    }

    fn take_event(
        &mut self,
        at: Position,
        of: Position,
        through: Option<Through>,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
        let Some(arrived) = self.arrived(of, through, detail) else {
            return Ok(None);
        };
        let event = self.envelope(at, of, &arrived);
        let by = self.handling[self.log.event_type(of).index()];
        self.handle(&event, arrived.origin.as_deref(), by, detail)
    }

    fn handle(
        &mut self,
        event: &Envelope<'_>,
        origin: Option<&str>,
        by: Option<Handling>,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
        let at = Position(event.seed);
        let Some(by) = by else {
            return Ok(None);
        };
        let Some(name) = self.partition_name(event, origin)? else {
            self.run.processed += 1;
            return Ok(None);
        };
        let event = Envelope {
            partition: &name,
            ..*event
        };
        let partition = self.enter(&name, &event, false)?;
        // Without the check of contents, what should be JSON and is none only begins a partition.
        let is_blank = !self.ask.checks_content
            && if event.is_json {
                text(&detail.data).trim().is_empty()
            } else {
                detail.data.is_empty() && detail.marked_json == Some(false)
            };
        if !is_blank {
            self.session.handle(by, &event)?;
        }
        let emitted = self.session.take_emitted();
        if !emitted.is_empty() && !self.ask.emits {
            let message = "'emit' is not allowed by the projection/configuration/mode";
            return Err(Fault::thrown(message).into());
        }
        self.after(partition, &event, at)?;
        let cause = Cause::of(detail, event.is_json);
        for emit in emitted {
            self.written.emit(emit, at, cause);
        }
        Ok(Some(partition))
    }

    fn take_deletion(&mut self, at: Position, stream: &str) -> Result<u32, Stop> {
        let event = Envelope {
            stream,
            number: 0,
            event_type: "",
            is_json: false,
            data: &Payload::Missing,
            rest: None,
            link_metadata: None,
            partition: stream,
            category: None,
            time: self.log.time(at),
            seed: at.0,
        };
        let partition = self.enter(stream, &event, true)?;
        self.session.deleted(&event)?;
        self.after(partition, &event, at)?;
        Ok(partition)
    }

    /// The name of an event's partition; `None` where it belongs to none.
    fn partition_name(
        &mut self,
        event: &Envelope<'_>,
        origin: Option<&str>,
    ) -> Result<Option<Box<str>>, Stop> {
        if self.definition.by_streams {
            return Ok(Some(origin.unwrap_or_else(|| owner(event.stream)).into()));
        }
        if !self.definition.by_custom_partitions {
            return Ok(Some("".into()));
        }
        match self.session.key(event)? {
            Key::Nowhere => Ok(None),
            Key::Partition(name) if name.is_empty() => Err(Fault::thrown(
                "Partition '' state was requested as locked but it is missing in the cache.",
            )
            .into()),
            Key::Partition(name) => Ok(Some(name.into())),
        }
    }

    /// Enters a partition, and leaves the one that is under way.
    fn enter(&mut self, name: &str, event: &Envelope<'_>, is_end: bool) -> Result<u32, Stop> {
        let partition = self.partitions.of(name);
        if self.current == Some(partition) {
            self.has_touched = true;
            return Ok(partition);
        }
        self.flush()?;
        self.has_touched = true;
        self.current = Some(partition);
        let own = self.partitions.get(partition).state.as_deref();
        let shared = self.partitions.shared.as_deref();
        self.session.enter(own, shared, event, is_end)?;
        Ok(partition)
    }
}

/// What a script mentions that can look at more of an event than its payload, or make it a cause.
const LOOKS_FURTHER: [&str; 9] = [
    "etadata",
    "eventId",
    "...",
    "Object.",
    "Reflect",
    "stringify",
    " in ",
    "emit",
    "link",
];

/// What a fault says, in the words of the server where they are known.
fn message(fault: &Fault) -> String {
    match fault {
        Fault::Thrown { message, .. } => message.clone(),
        Fault::TimedOut(allowed) => format!(
            "Projection script took too long to execute (allowed: {} ms)",
            allowed.as_millis()
        ),
        other => other.to_string(),
    }
}
