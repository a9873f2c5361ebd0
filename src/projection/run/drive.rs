//! Feeds a script with what arrives, partition by partition, and keeps what comes of it.
//!
//! A state is written as text where that is needed: when another partition is entered, where a result
//! follows from it, where somebody looks on. When an event fails while the state before it was not
//! written, the run begins anew and writes states from that event on: a script has no other input
//! than its events, so it comes to the same point.

use super::answer::{Ended, Released, Run, RunFault, Skipped};
use super::ask::{Ask, OnError, What as Asked};
use super::causes::Cause;
use super::emitting::{Written, result_stream};
use super::keep::{MAX_STATES, Partitions};
use super::links::{LINK, Links, owner, text};
use super::read::read_in_order;
use super::route::{Arrival, Route, Stretch, Through, What};
use super::system;
use crate::event::json::{quote, scan};
use crate::event::{EventDetail, EventReader, Payload, Place, Position, Timestamp, Want};
use crate::history::EventLog;
use crate::script::{
    Definition, Envelope, Fault, Handling, Key, NoJson, Phase, Projector, ScriptError, Session,
};

/// How many arrivals are read at once.
const BATCH: usize = 1 << 10;

/// The most skipped events that are listed.
const MAX_SKIPPED: usize = 1_000;

/// How deep JSON may be nested to count as such on the server.
const MAX_DEPTH: usize = 64;

/// How often a run begins anew at most, before it writes all states.
const MAX_AGAIN: u32 = 3;

/// Looks on while a run goes on.
pub trait Watch {
    /// An event was handled. Each position comes up at most once for each time that it arrives.
    fn handled(&mut self, step: &mut Step<'_>);

    /// So many positions of so many are done. Comes up every thousand events or so.
    fn progress(&mut self, done: usize, total: usize) {
        let _ = (done, total);
    }

    /// Whether the run is to be stopped.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// Whether [`Step::state`] or [`Step::result`] will be asked for; then a state that is no JSON is
    /// found at once.
    fn looks_at_states(&self) -> bool {
        false
    }
}

/// Nobody looks on.
impl Watch for () {
    fn handled(&mut self, _step: &mut Step<'_>) {}
}

/// An event that was handled.
pub struct Step<'a> {
    /// Where it stands, or the link through which it came.
    pub position: Position,
    /// Its time, or that of the link.
    pub time: Option<Timestamp>,
    /// The partition, counted in the order in which they come up.
    pub partition: u32,
    /// Its name.
    pub name: &'a str,
    state: StateNow<'a>,
    transformed: Option<Option<&'a str>>,
}

/// The state after a step.
enum StateNow<'a> {
    Written(Option<&'a str>),
    Live(&'a dyn Fn() -> Option<String>, Option<Option<String>>),
}

impl Step<'_> {
    /// The state of the partition as a text of JSON; `None` where it has none. Written when it is
    /// first asked for.
    pub fn state(&mut self) -> Option<&str> {
        match &mut self.state {
            StateNow::Written(text) => *text,
            StateNow::Live(write, made) => made.get_or_insert_with(write).as_deref(),
        }
    }

    /// The result of the partition as a text of JSON.
    pub fn result(&mut self) -> Option<&str> {
        match self.transformed {
            Some(result) => result,
            None => self.state(),
        }
    }
}

impl std::fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step")
            .field("position", &self.position)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whether a projection can be run at all, whatever the log is; the answer is the run that faulted.
pub fn check(ask: &Ask) -> Result<(), Box<Run>> {
    match &ask.what {
        Asked::System { kind, config } => system::check(kind, config.as_deref()),
        Asked::Script { file, text } => read(ask, file, text).map(|_| ()),
    }
}

fn read(ask: &Ask, file: &str, text: &str) -> Result<Projector, Box<Run>> {
    let refused = |error: ScriptError, definition| {
        let fault = RunFault {
            phase: error.phase,
            position: None,
            message: error.message,
            line: error.line,
        };
        Box::new(Run::refused(fault, definition))
    };
    let projector =
        Projector::read(file, text, ask.limits).map_err(|error| refused(error, None))?;
    match projector.check() {
        Ok(()) => Ok(projector),
        Err(error) => Err(refused(error, Some(projector.definition().clone()))),
    }
}

/// Runs a projection over a log.
///
/// Costs one pass over the events of its sources, a second one up to an event that failed. Reads files:
/// never call it while drawing a frame.
pub fn run(ask: &Ask, log: &EventLog, reader: &dyn EventReader, watch: &mut dyn Watch) -> Run {
    let (file, text) = match &ask.what {
        Asked::System { kind, config } => {
            return system::run(ask, kind, config.as_deref(), log, reader, watch);
        }
        Asked::Script { file, text } => (file, text),
    };
    let mut attempt = Attempt::default();
    loop {
        let projector = match read(ask, file, text) {
            Ok(projector) => projector,
            Err(refused) => return *refused,
        };
        let again = projector.session(|session| {
            let drive = Drive::new(ask, log, reader, &projector, session, attempt);
            Ok(drive.go(watch))
        });
        match again {
            Ok(Outcome::Done(run)) => return *run,
            Ok(Outcome::Again(next)) => attempt = next,
            Err(fault) => {
                let fault = RunFault {
                    phase: Phase::Compile,
                    position: None,
                    message: fault.to_string(),
                    line: fault.line(),
                };
                return Run::refused(fault, Some(projector.definition().clone()));
            }
        }
    }
}

/// What is known from runs before this one.
#[derive(Clone, Copy, Debug, Default)]
struct Attempt {
    /// States are written from this position on.
    texts_from: Option<Position>,
    /// Everything of an event is read.
    reads_all: bool,
    /// How many steps were already shown to whoever looks on.
    n_shown: u64,
    n_times: u32,
}

enum Outcome {
    Done(Box<Run>),
    Again(Attempt),
}

/// Why an event was not handled.
enum Stop {
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
struct Drive<'a, 's, 'x, 'js> {
    ask: &'a Ask,
    log: &'a EventLog,
    reader: &'a dyn EventReader,
    projector: &'a Projector,
    definition: &'a Definition,
    session: &'s mut Session<'x, 'js>,
    attempt: Attempt,
    handling: Vec<Option<Handling>>,
    partitions: Partitions,
    written: Written,
    /// The partition that is under way.
    current: Option<u32>,
    /// Whether the event at hand may have changed its state.
    has_touched: bool,
    /// Since when its state was not written.
    dirty_since: Option<Position>,
    n_dirty: usize,
    /// Whether every change of a state is to be known.
    writes_always: bool,
    want: Want,
    n_shown: u64,
    run: Run,
}

impl<'a, 's, 'x, 'js> Drive<'a, 's, 'x, 'js> {
    fn new(
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

    fn go(mut self, watch: &mut dyn Watch) -> Outcome {
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
                self.show(arrival, partition, watch)
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
                self.handle(&event, None, by, arrival.at, detail)
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
        let log = self.log;
        let (stream, event_type) = (log.stream(of), log.event_type(of));
        let type_name = log.type_name(event_type);
        let is_link = type_name == LINK;
        let is_json = !is_link
            && detail
                .marked_json
                .unwrap_or_else(|| detail.data.json().is_some());
        if detail.marked_json == Some(true)
            && self.ask.checks_content
            && !is_server_json(&detail.data)
        {
            self.run.n_not_json += 1;
            return Ok(None);
        }
        let link = through.map(|through| self.link_metadata(through, detail));
        let rank = || log.rank_at(stream, of).map_or(0, i64::from);
        let id = detail.id.as_deref().map(lower);
        let event = Envelope {
            stream: log.stream_name(stream),
            number: log.version(of).map_or_else(rank, |version| version.0),
            event_type: type_name,
            is_json,
            data: &detail.data,
            rest: self
                .want
                .is_whole()
                .then_some((id.as_deref(), &detail.metadata)),
            link_metadata: link.as_deref(),
            partition: "",
            category: self.definition.categories.first().map(String::as_str),
            time: log.time(at),
            seed: at.0,
        };
        let origin = match through {
            Some(Through::Made(stream)) => Some(log.stream_name(stream).into()),
            Some(Through::Log(_)) => link.as_deref().and_then(origin),
            _ => None,
        };
        let by = self.handling[event_type.index()];
        self.handle(&event, origin.as_deref(), by, at, detail)
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

    fn handle(
        &mut self,
        event: &Envelope<'_>,
        origin: Option<&str>,
        by: Option<Handling>,
        at: Position,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
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

    /// Writes the state that is under way, where it was not written.
    fn flush(&mut self) -> Result<(), Stop> {
        let (Some(since), Some(partition)) = (self.dirty_since, self.current) else {
            return Ok(());
        };
        let is_short = self.n_dirty <= 256;
        let texts = self
            .session
            .own_text()
            .and_then(|own| Ok((own, self.session.shared_text()?)));
        let (own, shared) = match texts {
            Ok(texts) => texts,
            // Which event made it so is found by writing from the first on.
            Err(Fault::NoJson(NoJson::TooLarge)) if !is_short => {
                return Err(Stop::Fault(Fault::NoJson(NoJson::TooLarge)));
            }
            Err(_) => return Err(Stop::Again(since)),
        };
        self.partitions.set_state(partition, own);
        if self.definition.bi_state {
            self.partitions.shared = shared.map(Into::into);
        }
        self.dirty_since = None;
        self.n_dirty = 0;
        Ok(())
    }

    /// What follows from a state that may have changed.
    fn after(&mut self, partition: u32, event: &Envelope<'_>, at: Position) -> Result<(), Stop> {
        let writes = self.writes_always || self.attempt.texts_from.is_some_and(|from| at >= from);
        if !writes {
            self.dirty_since.get_or_insert(at);
            self.n_dirty += 1;
            let written = self.partitions.get(partition).state.as_ref();
            // Now and then, so that a state that grows without end is noticed.
            if self.n_dirty > written.map_or(0, |text| text.len() / 4).max(1 << 12) {
                self.flush()?;
            }
            return Ok(());
        }
        let own = self.session.own_text()?;
        let shared = self.session.shared_text()?;
        let has_changed = self.partitions.get(partition).state.as_deref() != own.as_deref();
        let has_transforms = self.session.has_transforms();
        let result = if has_changed && has_transforms {
            Some(self.session.result(event)?)
        } else {
            None
        };
        self.commit(partition, at, own, result, has_changed);
        if self.definition.bi_state {
            self.partitions.shared = shared.map(Into::into);
        }
        if self.partitions.n_bytes > MAX_STATES {
            let most = MAX_STATES >> 20;
            let message = format!("the states of all partitions take over {most} MiB");
            return Err(Fault::thrown(&message).into());
        }
        Ok(())
    }

    fn commit(
        &mut self,
        partition: u32,
        at: Position,
        own: Option<String>,
        result: Option<Option<String>>,
        has_changed: bool,
    ) {
        if !has_changed {
            return;
        }
        self.partitions.set_state(partition, own);
        let is_new_result = match result {
            Some(result) => self.partitions.set_result(partition, result),
            None => true,
        };
        if !self.definition.produces_results || !is_new_result {
            return;
        }
        let found = self.partitions.get(partition);
        let data = found.result().map(Into::into);
        let stream = result_stream(self.definition, &self.ask.name, &found.name);
        self.written.release(Released {
            at,
            stream,
            is_removal: data.is_none() && found.transformed.is_some(),
            data,
        });
    }

    /// Shows a step to whoever looks on.
    fn show(&mut self, arrival: &Arrival, partition: u32, watch: &mut dyn Watch) -> Option<Stop> {
        self.n_shown += 1;
        if self.n_shown <= self.attempt.n_shown {
            return None;
        }
        let found = self.partitions.get(partition);
        let write = || self.session.own_text().ok().flatten();
        let state = match self.dirty_since {
            Some(_) => StateNow::Live(&write, None),
            None => StateNow::Written(found.state.as_deref()),
        };
        let transformed = found.transformed.as_ref();
        watch.handled(&mut Step {
            position: arrival.at,
            time: self.log.time(arrival.at),
            partition,
            name: &found.name,
            state,
            transformed: transformed.map(|result| result.as_deref()),
        });
        None
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

/// What makes the result of a script depend on more than its events.
fn unrepeatable(projector: &Projector) -> Vec<String> {
    let (clock, chance) = projector.looked_at_clock_and_chance();
    let mut found = Vec::new();
    if clock {
        found.push("the script looks at the clock; here it shows the time of the event".to_owned());
    }
    if chance {
        found.push("the script asks for chance; here it depends on the position alone".to_owned());
    }
    let kept = projector.mutable_variables();
    if !kept.is_empty() {
        found.push(format!(
            "the script changes variables of its own, which belong to no state: {}",
            kept.join(", ")
        ));
    }
    found
}
