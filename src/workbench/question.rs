//! Questions about states ("when did balance become < 0") and the filter of the events table: what is
//! asked, and what has been found so far.

use std::sync::Arc;

use crate::event::{CategoryId, Position, StreamId, Timestamp};
use crate::history::LogSlice;
use crate::query::{Context, Filter, Marks, QueryError};

use super::look::Mark;
use super::workbench::Workbench;

/// The streams over which a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhenScope {
    /// One stream.
    Stream(StreamId),
    /// All streams of a category.
    Category(CategoryId),
    /// All streams.
    Everything,
}

/// A scope as it is chosen: what it means depends on the stream shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The stream shown.
    Stream,
    /// The category of the stream shown.
    Category,
    /// Everything.
    Everything,
}

/// The question bar while it is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// What was asked last, as written; empty while nothing has been asked.
    pub text: String,
    /// Over which streams.
    pub scope: WhenScope,
}

/// Which question is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WhenKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// The question as written.
    pub text: String,
    /// Over which streams.
    pub scope: WhenScope,
}

/// A stretch of a stream during which a condition held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// In which stream.
    pub stream: StreamId,
    /// The event after which it held. No two intervals begin at the same event.
    pub from: Position,
    /// The event after which it held no longer; `None` where it still holds at the stream's end.
    pub to: Option<Position>,
}

/// What a question has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhenAnswer {
    /// All intervals found, by their beginning.
    pub intervals: Vec<Interval>,
    /// Whether everything has been searched.
    pub is_complete: bool,
    /// How many events have been searched.
    pub searched: u32,
    /// Of how many.
    pub of: u32,
    /// What is to be said beside it: that there were more than are listed, or what was unknown.
    pub note: Option<String>,
    /// Where the intervals begin: rows of the events table.
    pub starts: Arc<[u32]>,
}

/// What is found for a filter: the question it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// The filter as written.
    pub text: String,
    /// The playhead, the markers and what else the filter speaks of, and no more.
    pub context: Context,
}

/// Why a filter that could be read has no answer: the history does not have what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterProblem {
    /// Of which filter.
    pub key: FilterKey,
    /// What is wrong with which part of it.
    pub error: QueryError,
}

/// The events that a filter lets through, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct FilterAnswer {
    /// Their positions, rising.
    pub positions: Arc<[u32]>,
    /// Whether everything has been searched.
    pub is_complete: bool,
    /// How many events have been searched.
    pub searched: u32,
    /// Of how many.
    pub of: u32,
    /// What is to be said beside it.
    pub note: Option<String>,
    /// The same events counted for the timeline, once they are all known.
    pub slice: Option<Arc<LogSlice>>,
}

impl Workbench {
    /// The streams that a chosen scope means now; `None` where no stream is shown.
    pub fn scope(&self, scope: Scope) -> Option<WhenScope> {
        if scope == Scope::Everything {
            return Some(WhenScope::Everything);
        }
        let stream = self.stream_shown()?;
        let log = &self.history.as_ref()?.log;
        Some(match scope {
            Scope::Category => WhenScope::Category(log.stream_info(stream).category),
            Scope::Stream | Scope::Everything => WhenScope::Stream(stream),
        })
    }

    /// The key of the filter in force; `None` where all events are shown.
    ///
    /// `now` says which day today is.
    pub fn filter_key(&self, now: Timestamp) -> Option<FilterKey> {
        const DAY: i64 = 86_400_000_000_000;
        let text = &self.look().filter;
        let filter = Filter::parse(text)
            .ok()
            .filter(|_| self.history.is_some())?;
        filter.expr.as_ref()?;
        let (needs, look) = (filter.needs(), self.look());
        let mark = |mark: Option<Mark>| {
            let mark = mark.filter(|_| needs.markers)?;
            Some((mark.from, mark.to))
        };
        let bookmarks = look.bookmarks.iter().map(|bookmark| bookmark.position);
        let marks = Marks {
            playhead: needs.playhead.then_some(look.playhead),
            a: mark(look.marker_a),
            b: mark(look.marker_b),
            bookmarks: bookmarks.filter(|_| needs.bookmarks).collect(),
            findings: if needs.findings {
                self.findings()
            } else {
                Vec::new()
            },
        };
        let today = Timestamp(now.0.div_euclid(DAY) * DAY + DAY / 2);
        let from = marks
            .playhead
            .and_then(|at| self.history.as_ref()?.log.time(at));
        Some(FilterKey {
            generation: self.states,
            text: text.clone(),
            context: Context {
                now: today,
                from: from.unwrap_or(today),
                zone: look.zone,
                marks,
            },
        })
    }

    fn findings(&self) -> Vec<Position> {
        let audit = self
            .answers
            .audit
            .latest()
            .and_then(|audit| audit.as_ref().ok());
        let findings = audit.map_or(&[][..], |audit| &audit.findings);
        findings
            .iter()
            .filter_map(|finding| finding.position.map(Position))
            .collect()
    }

    /// The events that the events table shows, rising; `None` where it shows all. While a new filter is
    /// worked on, those of the last one.
    pub fn rows_shown(&self) -> Option<&Arc<[u32]>> {
        if self.look().only_results
            && let Some(answer) = self.when_answer()
        {
            return Some(&answer.starts);
        }
        if self.look().filter.is_empty() {
            return None;
        }
        let (key, answer) = self.answers.filter.known()?;
        (key.generation == self.states).then_some(&answer.positions)
    }

    /// The events that the filter leaves, counted for the timeline; `None` where nothing is filtered, or
    /// not all of it is known.
    pub fn slice_shown(&self) -> Option<&Arc<LogSlice>> {
        if self.look().filter.is_empty() {
            return None;
        }
        let (key, answer) = self.answers.filter.known()?;
        answer
            .slice
            .as_ref()
            .filter(|_| key.generation == self.states)
    }

    /// The key of the question asked; `None` where there is none.
    pub fn when_key(&self) -> Option<WhenKey> {
        let question = self.look().question.as_ref()?;
        let is_asked = !question.text.is_empty() && self.history.is_some();
        is_asked.then(|| WhenKey {
            generation: self.states,
            text: question.text.clone(),
            scope: question.scope,
        })
    }

    /// What the question asked has found so far; `None` where nothing is asked or nothing is known.
    pub fn when_answer(&self) -> Option<&WhenAnswer> {
        let answer = self.answers.when.for_key(&self.when_key()?).fresh()?;
        answer.as_ref().ok()
    }

    /// The result at which the playhead stands, as its index in [`WhenAnswer::intervals`].
    pub fn current_result(&self) -> Option<usize> {
        let playhead = self.look().playhead;
        let found = &self.when_answer()?.intervals;
        found
            .binary_search_by_key(&playhead, |interval| interval.from)
            .ok()
    }

    /// The result after the playhead (`by` 1) or before it (-1), round the end; `None` where there is
    /// no result at all.
    pub fn result_beside(&self, by: i64) -> Option<usize> {
        let found = &self.when_answer()?.intervals;
        let last = found.len().checked_sub(1)?;
        let playhead = self.look().playhead;
        Some(if by > 0 {
            let next = found.partition_point(|interval| interval.from <= playhead);
            if next > last { 0 } else { next }
        } else {
            let before = found.partition_point(|interval| interval.from < playhead);
            before.checked_sub(1).unwrap_or(last)
        })
    }
}
