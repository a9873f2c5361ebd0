//! Feeds a script with what arrives, partition by partition, and keeps what comes of it.
//!
//! A state is written as text where that is needed: when another partition is entered, where a result
//! follows from it, where somebody looks on. When an event fails while the state before it was not
//! written, the run begins anew and writes states from that event on: a script has no other input
//! than its events, so it comes to the same point.

use super::answer::{Ended, Run, RunFault, Skipped};
use super::ask::{Ask, OnError};
use super::emitting::Written;
use super::keep::Partitions;
use super::links::{LINK, Links, type_of};
use super::read::read_in_order;
use super::route::{Arrival, Route, Stretch, What};
use super::start::{Attempt, Outcome, unrepeatable};
use super::watch::Watch;
use crate::event::{EventDetail, EventReader, Place, Position, TypeId, Want};
use crate::history::EventLog;
use crate::script::{Definition, Fault, Handling, Phase, Projector, Session};

/// How many arrivals are read at once.
const BATCH: usize = 1 << 12;

/// After how many events it is asked whether the run is to be stopped.
const CANCEL_EVERY: usize = 1 << 6;

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
    /// What is read of each event; `None` for nothing at all.
    pub(super) want: Option<Want>,
    pub(super) wants_number: bool,
    /// Whether the metadata of links can be seen.
    pub(super) wants_links: bool,
    /// The type of links.
    pub(super) link: Option<TypeId>,
    /// The partition that an event was taken back from, while its state was null.
    pub(super) was_null: Option<u32>,
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
        let looks = session.looks();
        let reads_all = attempt.reads_all
            || looks.at_rest
            || projector.mentions(&CAUSES)
            || (looks.anywhere && projector.mentions(&LOOKS_FURTHER));
        let reads_data = looks.at_payload || reader.marks_json();
        let want = match (reads_all, reads_data) {
            (true, _) => Some(Want::Presented),
            (false, true) => Some(Want::Data),
            (false, false) => None,
        };
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
            want,
            wants_number: looks.at_number,
            wants_links: looks.at_rest || looks.anywhere,
            link: type_of(log, LINK),
            was_null: None,
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
            if watch.is_cancelled() {
                self.run.ended = Ended::Cancelled;
                break;
            }
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
            None if self.run.ended == Ended::Cancelled => {}
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
            What::Event { of, .. } => self.want.map(|_| self.log.place(*of)),
            What::Deleted(_) | What::Reference { .. } => None,
        };
        let places: Vec<Option<Place>> = arrivals.iter().map(place).collect();
        let mut stopped = None;
        let (reader, want) = (self.reader, self.want.unwrap_or(Want::Data));
        let nothing = EventDetail::default();
        read_in_order(reader, &places, want, |n, read| {
            let Some(arrival) = arrivals.get(n) else {
                return false;
            };
            let detail = match read {
                Some(Err(_)) => {
                    self.run.n_unreadable += 1;
                    return true;
                }
                Some(Ok(detail)) => Some(detail),
                None => None,
            };
            let detail = detail.as_ref().unwrap_or(&nothing);
            // A script may take its time with each event.
            if n.is_multiple_of(CANCEL_EVERY) && watch.is_cancelled() {
                return false;
            }
            stopped = self.arrival(arrival, detail, watch);
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
        let was_null = self.was_null;
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
                self.roll_back(under_way, was_null);
                self.skip_or_stop(arrival.at, fault)
            }
            Err(stop) => Some(stop),
        }
    }

    /// Whether everything of an event is read.
    pub(super) fn reads_all(&self) -> bool {
        self.want.is_some_and(Want::is_whole)
    }

    /// Leaves all as it was before an event that failed; `under_way` is the partition in which that
    /// found the run, `was_null` the one that would have gone on with null.
    fn roll_back(&mut self, under_way: Option<u32>, was_null: Option<u32>) {
        let is_null = |at: &u32| {
            let found = self.partitions.get(*at);
            found.state.is_none() && found.n_events > 0
        };
        self.was_null = match under_way {
            Some(_) => under_way.filter(is_null),
            None => was_null,
        };
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
}

/// What a script mentions that makes an event a cause, which is told by its id and metadata.
const CAUSES: [&str; 2] = ["emit", "link"];

/// What a function that may do anything with an event mentions when it looks at more of it than its
/// payload. One that finds another way is run again with everything.
const LOOKS_FURTHER: [&str; 8] = [
    "etadata",
    "eventId",
    "...",
    "Object.",
    "Reflect",
    "stringify",
    " in ",
    "hasOwn",
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
