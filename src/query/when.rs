//! Answers a question: all stretches during which something held, however short.

use std::ops::Range;

use super::context::Context;
use super::error::QueryError;
use super::intervals::{Found, Stretch};
use super::number::Number;
use super::operand::Operand;
use super::path::{At, Path, PathStep};
use super::question::{Extreme, Question, Verb, Where};
use super::syntax::Op;
use crate::event::json::Json;
use crate::event::{CategoryId, Decimal, Position, StreamId};
use crate::fold::{FoldError, Folder};
use crate::history::EventLog;

/// The most stretches that an answer lists; the others are only counted.
pub const MAX_FOUND: usize = super::intervals::MAX_FOUND;

/// Over which streams a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// One stream.
    Stream(StreamId),
    /// All streams of a category.
    Category(CategoryId),
    /// All streams.
    Everything,
}

/// How a long question is watched.
pub struct Watch<'a> {
    /// Whether the answer is no longer wanted.
    pub cancel: &'a dyn Fn() -> bool,
    /// Takes what has been found so far, and how many events have been searched.
    pub partly: &'a mut dyn FnMut(&Found, u32),
}

impl Question {
    /// The streams that it names in words; `None` where it names none. A name is a stream's, or else a
    /// category's.
    pub fn named(&self, log: &EventLog) -> Result<Option<Over>, QueryError> {
        let (name, span) = match &self.within {
            None => return Ok(None),
            Some((Where::Everything, _)) => return Ok(Some(Over::Everything)),
            Some((Where::Named(name), span)) => (name, span),
        };
        if let [stream] = log.streams_named(name).as_slice() {
            return Ok(Some(Over::Stream(*stream)));
        }
        let categories = log.category_names();
        let category = categories.iter().position(|known| **known == **name);
        let found = category.and_then(|at| u32::try_from(at).ok());
        found.map_or_else(
            || {
                let sentence = format!("No stream and no category is named {name}");
                let mut error = QueryError::new(span.clone(), sentence);
                let known = categories.iter().map(AsRef::as_ref);
                error.meant = super::error::nearest(name, known).map(str::to_owned);
                Err(error)
            },
            |id| Ok(Some(Over::Category(CategoryId(id)))),
        )
    }
}

impl Over {
    /// How many events it has.
    pub fn n_events(self, log: &EventLog) -> u32 {
        let n_events = match self {
            Self::Stream(stream) => log.events_of(stream).len() as u64,
            Self::Category(category) => log
                .category_counts()
                .get(category.index())
                .copied()
                .unwrap_or(0),
            Self::Everything => log.len() as u64,
        };
        u32::try_from(n_events).unwrap_or(u32::MAX)
    }

    /// Its streams.
    pub(super) fn streams(self, log: &EventLog) -> Vec<StreamId> {
        match self {
            Self::Stream(stream) => vec![stream],
            Self::Everything => log.streams().collect(),
            Self::Category(category) => log
                .streams()
                .filter(|stream| log.stream_info(*stream).category == category)
                .collect(),
        }
    }
}

/// All stretches during which what the question asks was so, by their beginning.
///
/// `changes` is so at one event, until the next one of the stream. Costs one read of all events asked
/// about; with rules each stream is replayed. A field that an event may have set whose payload cannot
/// be read is neither so nor not so until it is set again.
pub fn ask_when(
    question: &Question,
    folder: &Folder,
    over: Over,
    context: &Context,
    watch: &mut Watch<'_>,
) -> Result<Result<Found, FoldError>, QueryError> {
    let asked = Asked::new(question, context)?;
    let mut tally = Tally::default();
    let done = if folder.reducer().merges_at_top() && asked.path.first_name().is_some() {
        super::when_merge::scan(&asked, folder, over, &mut tally, watch)
    } else {
        replay(&asked, folder, over, &mut tally, watch)
    };
    Ok(done.map(|()| {
        tally.found.sort();
        tally.found
    }))
}

/// Replays stream after stream.
fn replay(
    asked: &Asked,
    folder: &Folder,
    over: Over,
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<(), FoldError> {
    let log = &folder.history().log;
    let mut searched = 0_u32;
    for stream in over.streams(log) {
        let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
        let Some(last) = n_events.checked_sub(1) else {
            continue;
        };
        // An extreme makes void what was found before, so that it cannot merely be cut off again.
        let before = matches!(asked.test, Test::Reaches(_)).then(|| tally.clone());
        let (n_found, n_more) = (tally.found.stretches.len(), tally.found.n_more);
        let ranks = (0, last);
        if replay_stream(asked, folder, (stream, ranks), (tally, watch.cancel), &[])? > 0 {
            let path = asked.path.leading();
            let unknown = match folder.unknown_between(stream, &path, watch.cancel) {
                Err(FoldError::TooManyFields) => Vec::new(),
                unknown => unknown?,
            };
            if !unknown.is_empty() {
                if let Some(before) = before {
                    *tally = before;
                } else {
                    tally.found.stretches.truncate(n_found);
                    tally.found.n_more = n_more;
                }
                replay_stream(
                    asked,
                    folder,
                    (stream, ranks),
                    (tally, watch.cancel),
                    &unknown,
                )?;
            }
        }
        searched = searched.saturating_add(n_events);
        (watch.partly)(&tally.found, searched);
    }
    Ok(())
}

/// Replays a stream, except between events where what is asked about is unknown; says how many of its
/// events could not be applied.
fn replay_stream(
    asked: &Asked,
    folder: &Folder,
    (stream, ranks): (StreamId, (u32, u32)),
    (tally, cancel): (&mut Tally, &dyn Fn() -> bool),
    unknown: &[Range<u32>],
) -> Result<u32, FoldError> {
    let mut track = Track::default();
    let not_applied =
        folder.walk_counted(stream, ranks, cancel, &mut |rank, position, state| {
            let is_unknown = unknown.iter().any(|between| between.contains(&rank));
            let sight = if is_unknown {
                Sight::Unknown
            } else {
                Sight::State(state)
            };
            asked.step(&mut track, tally, (stream, position), sight);
            true
        })?;
    track.finish(tally, stream);
    Ok(not_applied)
}

/// A question made ready.
pub(super) struct Asked {
    pub(super) path: Path,
    test: Test,
    gathers: bool,
}

enum Test {
    Holds(Operand),
    Changes,
    Appears,
    Disappears,
    Reaches(Extreme),
    ChangesBy(Op, Decimal),
}

/// What is seen of a stream's state after one of its events.
#[derive(Clone, Copy)]
pub(super) enum Sight<'a> {
    /// The state.
    State(&'a Json),
    /// The member of the state with which the path begins.
    Member(&'a Json),
    /// That nothing of it changed.
    Same,
    /// That it may have changed, and nobody knows to what.
    Unknown,
}

/// Where a stream stands, while its events are walked.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// Since which event it holds, and which reckoning of the extreme that was.
    held: Option<(Position, u32)>,
    /// The value at the path, where the question compares with it.
    last: Option<Box<Json>>,
    was_there: bool,
}

/// What has been found, and the extreme so far.
#[derive(Clone, Default)]
pub(super) struct Tally {
    pub(super) found: Found,
    best: Option<Number>,
    /// Grows with every new extreme: what was found before is void.
    reckoning: u32,
}

impl Asked {
    fn new(question: &Question, context: &Context) -> Result<Self, QueryError> {
        let test = match &question.verb {
            Verb::Becomes(op, values) => Test::Holds(Operand::new(*op, values, context)?),
            Verb::Changes => Test::Changes,
            Verb::Appears => Test::Appears,
            Verb::Disappears => Test::Disappears,
            Verb::Reaches(extreme) => Test::Reaches(*extreme),
            Verb::ChangesBy(op, number) => {
                let limit = Decimal::parse(&number.text).ok_or_else(|| {
                    let sentence = format!("{} is no number", number.text);
                    QueryError::new(number.span.clone(), sentence)
                })?;
                Test::ChangesBy(*op, limit)
            }
        };
        let gathers = question.path.steps.contains(&PathStep::Each);
        Ok(Self {
            path: question.path.clone(),
            test,
            gathers,
        })
    }

    /// Takes one event of a stream in.
    pub(super) fn step(
        &self,
        track: &mut Track,
        tally: &mut Tally,
        (stream, position): (StreamId, Position),
        sight: Sight<'_>,
    ) {
        let is_moment = matches!(self.test, Test::Changes | Test::ChangesBy(..));
        let holds = match sight {
            Sight::Same if is_moment => false,
            Sight::Same => return,
            // Neither so nor not so, until it is set again.
            Sight::Unknown => {
                (track.last, track.was_there) = (None, false);
                false
            }
            Sight::State(state) => self.holds(track, tally, (state, 0)),
            Sight::Member(member) => self.holds(track, tally, (member, 1)),
        };
        let is_void = |(_, reckoning): (Position, u32)| reckoning != tally.reckoning;
        let held = track.held.filter(|held| !is_void(*held));
        track.held = match (held, holds) {
            (Some((from, _)), false) => {
                tally.found.push(Stretch {
                    stream,
                    from,
                    to: Some(position),
                });
                None
            }
            // Each change is a result by itself.
            (Some((from, reckoning)), true) if is_moment => {
                tally.found.push(Stretch {
                    stream,
                    from,
                    to: Some(position),
                });
                Some((position, reckoning))
            }
            (None, true) => Some((position, tally.reckoning)),
            (held, _) => held,
        };
    }

    /// Whether it holds for a value, of which so many steps of the path have been walked.
    fn holds(&self, track: &mut Track, tally: &mut Tally, (value, n): (&Json, usize)) -> bool {
        match &self.test {
            Test::Holds(operand) => self.path.any_within(n, value, &mut |at| operand.holds(&at)),
            Test::Appears => self.path.any_within(n, value, &mut |_| true),
            Test::Disappears => {
                let is_there = self.path.any_within(n, value, &mut |_| true);
                track.was_there |= is_there;
                track.was_there && !is_there
            }
            Test::Reaches(extreme) => {
                let number = self.path.first_within(n, value).and_then(|at| at.number());
                number.is_some_and(|number| tally.is_extreme(*extreme, number))
            }
            Test::Changes => {
                let now = self.seen(value, n);
                let changed = matches!((&track.last, &now), (Some(last), Some(now)) if last != now);
                track.last = now;
                changed
            }
            Test::ChangesBy(op, limit) => {
                let now = self.seen(value, n);
                let number = |value: &Option<Box<Json>>| value.as_ref()?.as_decimal();
                let by = number(&track.last)
                    .zip(number(&now))
                    .filter(|(before, now)| before != now)
                    .and_then(|(before, now)| difference(before, now));
                track.last = now;
                by.is_some_and(|by| op.holds(by.cmp(limit)))
            }
        }
    }

    /// The value at the path, or all values where it leads to several.
    fn seen(&self, value: &Json, n: usize) -> Option<Box<Json>> {
        if !self.gathers {
            return self
                .path
                .first_within(n, value)
                .map(|at| Box::new(at.to_json()));
        }
        let mut all = Vec::new();
        self.path.any_within(n, value, &mut |at: At<'_>| {
            all.push(at.to_json());
            false
        });
        (!all.is_empty()).then(|| Box::new(Json::Array(all)))
    }
}

/// How far two numbers are apart; `None` where that has too many digits.
fn difference(a: Decimal, b: Decimal) -> Option<Decimal> {
    if a > b {
        a.checked_sub(b)
    } else {
        b.checked_sub(a)
    }
}

impl Tally {
    /// Whether a number is the extreme so far; a new one makes void what was found before.
    fn is_extreme(&mut self, extreme: Extreme, number: Number) -> bool {
        let order = self.best.as_ref().map(|best| match extreme {
            Extreme::Max => number.cmp(best),
            Extreme::Min => best.cmp(&number),
        });
        match order {
            Some(std::cmp::Ordering::Less) => return false,
            Some(std::cmp::Ordering::Equal) => {}
            Some(std::cmp::Ordering::Greater) | None => {
                self.best = Some(number);
                self.reckoning += 1;
                self.found.clear();
            }
        }
        true
    }
}

impl Track {
    /// Ends a stream: what holds now holds at its end.
    pub(super) fn finish(&self, tally: &mut Tally, stream: StreamId) {
        if let Some((from, reckoning)) = self.held
            && reckoning == tally.reckoning
        {
            tally.found.push(Stretch {
                stream,
                from,
                to: None,
            });
        }
    }
}
