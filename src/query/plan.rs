//! A filter as tests by what they cost: over columns, over one event, over states.

use super::columns::Column;
use super::context::Context;
use super::error::{QueryError, Span};
use super::facts::EventTest;
use super::operand::{Operand, Reach, ranges, whole_ranges};
use super::path::{Path, Root};
use super::syntax::{Clause, Expr, Filter, Flag, Key, Literal, Op, Value};
use super::text::Finder;
use crate::event::{CausationNames, Position, StreamId, TypeId};
use crate::history::History;

/// Tests, joined.
#[derive(Debug)]
pub(super) enum Node {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Leaf(Leaf),
}

/// One test.
#[derive(Debug)]
pub(super) enum Leaf {
    Column(Column),
    /// By its index in [`Plan::events`].
    Event(usize),
    /// By its index in [`Plan::states`].
    State(usize),
}

/// A test on a state.
#[derive(Debug)]
pub(super) struct StateTest {
    /// Whether it is the state before the event.
    pub(super) is_before: bool,
    pub(super) path: Path,
    /// With what the value is compared; `None` asks only whether there is one.
    pub(super) operand: Option<Operand>,
}

/// A filter made ready for one history.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) node: Node,
    pub(super) events: Vec<EventTest>,
    pub(super) states: Vec<StateTest>,
}

impl Plan {
    /// Makes a filter ready. Costs a look at all names, and for versions a walk over all events.
    pub(super) fn new(
        filter: &Filter,
        history: &History,
        context: &Context,
    ) -> Result<Self, QueryError> {
        let mut planner = Planner {
            history,
            context,
            events: Vec::new(),
            states: Vec::new(),
        };
        let node = match &filter.expr {
            Some(expr) => planner.node(expr)?,
            None => Node::And(Vec::new()),
        };
        Ok(Self {
            node,
            events: planner.events,
            states: planner.states,
        })
    }

    /// Whether the columns answer it alone.
    pub(super) fn is_of_columns(&self) -> bool {
        self.events.is_empty() && self.states.is_empty()
    }
}

impl Node {
    /// Whether an event passes, where `leaf` can tell; `None` where it depends on what it cannot.
    pub(super) fn holds(&self, leaf: &mut dyn FnMut(&Leaf) -> Option<bool>) -> Option<bool> {
        match self {
            Self::Leaf(test) => leaf(test),
            Self::Not(inner) => inner.holds(leaf).map(|holds| !holds),
            Self::And(parts) => all(parts, true, leaf),
            Self::Or(parts) => all(parts, false, leaf),
        }
    }
}

/// Whether all parts give `wanted`: and for `true`, or, turned round, for `false`.
fn all(parts: &[Node], wanted: bool, leaf: &mut dyn FnMut(&Leaf) -> Option<bool>) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match part.holds(leaf) {
            Some(holds) if holds != wanted => return Some(!wanted),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(wanted)
}

struct Planner<'a> {
    history: &'a History,
    context: &'a Context,
    events: Vec<EventTest>,
    states: Vec<StateTest>,
}

impl Planner<'_> {
    fn node(&mut self, expr: &Expr) -> Result<Node, QueryError> {
        let mut nodes = |parts: &[Expr]| {
            let mut nodes = parts
                .iter()
                .map(|part| self.node(part))
                .collect::<Result<Vec<_>, _>>()?;
            // Cheap tests first; each answer stays the same.
            nodes.sort_by_key(cost);
            Ok(nodes)
        };
        match expr {
            Expr::And(parts) => nodes(parts).map(Node::And),
            Expr::Or(parts) => nodes(parts).map(Node::Or),
            Expr::Not(inner) => Ok(Node::Not(Box::new(self.node(inner)?))),
            Expr::Clause(clause) => self.clause(clause),
            Expr::Has(path, _) => Ok(self.path(path, None)),
            Expr::Is(flag, _) => Ok(self.flag(*flag)),
            Expr::Text(literal) => self.text(literal),
        }
    }

    fn column(column: Column) -> Node {
        Node::Leaf(Leaf::Column(column))
    }

    fn event(&mut self, test: EventTest) -> Node {
        self.events.push(test);
        Node::Leaf(Leaf::Event(self.events.len() - 1))
    }

    fn path(&mut self, path: &Path, operand: Option<Operand>) -> Node {
        let path = path.clone();
        match path.root {
            Some(Root::Data) => self.event(EventTest::Data(path, operand)),
            Some(Root::Meta) => self.event(EventTest::Meta(path, operand)),
            Some(Root::State | Root::Prev) | None => {
                self.states.push(StateTest {
                    is_before: path.root == Some(Root::Prev),
                    path,
                    operand,
                });
                Node::Leaf(Leaf::State(self.states.len() - 1))
            }
        }
    }

    fn clause(&mut self, clause: &Clause) -> Result<Node, QueryError> {
        match &clause.key {
            Key::Path(path) => {
                let operand = Operand::new(clause.op, &clause.values, self.context)?;
                Ok(self.path(path, Some(operand)))
            }
            Key::Type | Key::Stream | Key::Category => self.names(clause).map(Self::column),
            Key::Corr => self.words(clause, Reach::Beginning, EventTest::Corr),
            Key::Cause => self.words(clause, Reach::Beginning, EventTest::Cause),
            Key::Id => self.words(clause, Reach::Beginning, EventTest::Id),
            Key::User => self.words(clause, Reach::Whole, EventTest::User),
            Key::Pos => self.positions(clause).map(Self::column),
            Key::V => {
                let (ranges, negated) =
                    whole_ranges("v", clause.op, &clause.values, &|_| None).map_err(at(clause))?;
                let log = &self.history.log;
                Ok(Self::column(Column::of_versions(log, &ranges, negated)))
            }
            Key::Size => {
                let (ranges, negated) = whole_ranges("size", clause.op, &clause.values, &|_| None)
                    .map_err(at(clause))?;
                Ok(self.event(EventTest::Size(ranges, negated)))
            }
            Key::At | Key::After | Key::Before => self.times(clause).map(Self::column),
        }
    }

    fn words(
        &mut self,
        clause: &Clause,
        reach: Reach,
        test: impl Fn(Operand) -> EventTest,
    ) -> Result<Node, QueryError> {
        Ok(self.event(test(self.text_operand(clause, reach)?)))
    }

    fn text_operand(&self, clause: &Clause, reach: Reach) -> Result<Operand, QueryError> {
        let has_range = clause
            .values
            .iter()
            .any(|value| matches!(value, Value::Range(..)));
        if clause.op.is_order() || has_range {
            let sentence = format!("{} holds names, and names have no order", clause.key);
            return Err(QueryError::new(clause.key_span.clone(), sentence));
        }
        Operand::reaching(clause.op, &clause.values, self.context, reach)
    }

    fn names(&self, clause: &Clause) -> Result<Column, QueryError> {
        let log = &self.history.log;
        if clause.key == Key::Type {
            let operand = self.text_operand(clause, Reach::Whole)?;
            return Ok(types(self.history, |name| operand.holds_text(name)));
        }
        if clause.key == Key::Category {
            let operand = self.text_operand(clause, Reach::Whole)?;
            let fits: Vec<bool> = log
                .category_names()
                .iter()
                .map(|name| operand.holds_text(name))
                .collect();
            return Ok(streams(self.history, |stream| {
                fits[log.stream_info(stream).category.index()]
            }));
        }
        let operand = self.text_operand(clause, Reach::Beginning)?;
        Ok(streams(self.history, |stream| {
            operand.holds_text(log.stream_name(stream))
        }))
    }

    fn positions(&self, clause: &Clause) -> Result<Column, QueryError> {
        let mark = |literal: &Literal| {
            let (from, to) = self.mark(literal)?;
            Some((i64::from(from.0), i64::from(to.0)))
        };
        let (ranges, negated) =
            whole_ranges("pos", clause.op, &clause.values, &mark).map_err(at(clause))?;
        let n_events = i64::try_from(self.history.log.len()).unwrap_or(i64::MAX);
        let within = |(from, to): &(i64, i64)| {
            let (from, to) = ((*from).max(0), (*to).min(n_events - 1));
            let narrow = |at: i64| u32::try_from(at).unwrap_or(u32::MAX);
            (from <= to).then(|| (narrow(from), narrow(to)))
        };
        let ranges: Vec<(u32, u32)> = ranges.iter().filter_map(within).collect();
        if !negated {
            return Ok(Column::Positions(ranges));
        }
        let log = &self.history.log;
        let column = Column::Positions(ranges);
        let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let others = (0..n_events).filter(|at| !column.holds(log, Position(*at)));
        Ok(Column::of_positions(log, others))
    }

    /// The events of a mark that has a name: the playhead, A, B.
    fn mark(&self, literal: &Literal) -> Option<(Position, Position)> {
        let marks = &self.context.marks;
        match literal.text.as_str() {
            _ if literal.quoted => None,
            "A" => marks.a,
            "B" => marks.b,
            "playhead" => {
                let at = marks.playhead.or_else(|| self.history.log.last())?;
                Some((at, at))
            }
            _ => None,
        }
    }

    fn times(&self, clause: &Clause) -> Result<Column, QueryError> {
        let log = &self.history.log;
        let key = clause.key.to_string();
        if clause.key != Key::At && !matches!(clause.op, Op::Is | Op::Equal) {
            let sentence = format!("{key} goes with :, as in {key}:2024-03-01");
            return Err(QueryError::new(clause.key_span.clone(), sentence));
        }
        let read = |literal: &Literal| self.moment(&key, literal);
        let (ranges, negated) =
            ranges(&key, clause.op, &clause.values, &read).map_err(at(clause))?;
        let ranges: Vec<(i64, i64)> = ranges
            .into_iter()
            .map(|(from, to)| match clause.key {
                Key::After => (from, i64::MAX),
                Key::Before => (i64::MIN + 1, from.saturating_sub(1)),
                _ => (from, to),
            })
            .collect();
        Ok(Column::of_times(log, &ranges, negated))
    }

    fn moment(&self, key: &str, literal: &Literal) -> Result<(i64, i64), QueryError> {
        let wrong = |sentence: String| QueryError::new(literal.span.clone(), sentence);
        if matches!(literal.text.as_str(), "A" | "B" | "playhead") && !literal.quoted {
            let (from, to) = self
                .mark(literal)
                .ok_or_else(|| wrong(format!("Marker {} is not set", literal.text)))?;
            let log = &self.history.log;
            return match (log.time(from), log.time(to)) {
                (Some(from), Some(to)) => Ok((from.0, to.0.max(from.0))),
                _ => Err(wrong(format!("The event at {} has no time", literal.text))),
            };
        }
        self.context
            .stretch(&literal.text)
            .ok_or_else(|| wrong(format!("{key} holds times, {} is none", literal.text)))
    }

    fn flag(&mut self, flag: Flag) -> Node {
        let log = &self.history.log;
        let marks = &self.context.marks;
        let last = log.last().map_or(0, |last| last.0);
        let playhead = marks.playhead.map_or(last, |at| at.0);
        let listed = |positions: &[Position]| {
            Column::of_positions(log, positions.iter().map(|position| position.0))
        };
        let end = |pick: fn(&[u32]) -> Option<&u32>| {
            let of = |stream: StreamId| pick(log.events_of(stream)).copied();
            Column::of_positions(log, log.streams().filter_map(of))
        };
        let column = match flag {
            Flag::Past => Column::Positions(vec![(0, playhead)]),
            Flag::Future if playhead < last => Column::Positions(vec![(playhead + 1, last)]),
            Flag::Future => Column::none(),
            Flag::Bookmarked => listed(&marks.bookmarks),
            Flag::Finding => listed(&marks.findings),
            Flag::First => end(|events| events.first()),
            Flag::Last => end(|events| events.last()),
            Flag::Snapshot => {
                let saved = self.history.snapshots.iter().filter_map(|mark| {
                    let rank = log.rank_of_version(mark.stream, mark.version)?;
                    log.events_of(mark.stream).get(rank as usize).copied()
                });
                Column::of_positions(log, saved)
            }
            Flag::Unreadable => return self.event(EventTest::Unreadable),
            Flag::Root => return self.event(EventTest::Root),
            // A command is no event, and its absence says nothing.
            Flag::Orphan if self.history.about.causation == CausationNames::Command => {
                Column::none()
            }
            Flag::Orphan => return self.event(EventTest::Orphan),
        };
        Self::column(column)
    }

    fn text(&mut self, literal: &Literal) -> Result<Node, QueryError> {
        let finder = Finder::new(literal)?;
        let log = &self.history.log;
        let types = types(self.history, |name| finder.is_in(name));
        let streams = streams(self.history, |stream| finder.is_in(log.stream_name(stream)));
        let names = [types, streams].map(Self::column);
        let data = self.event(EventTest::Text(finder));
        Ok(Node::Or(names.into_iter().chain([data]).collect()))
    }
}

/// Says where a wrong sign stands, where the error does not know it.
fn at(clause: &Clause) -> impl Fn(QueryError) -> QueryError {
    let key = clause.key_span.clone();
    move |mut error| {
        if error.span.0 == (0..0) {
            error.span = Span(key.0.clone());
        }
        error
    }
}

fn types(history: &History, fits: impl Fn(&str) -> bool) -> Column {
    let names = history.log.type_names();
    let n_types = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let wanted = (0..n_types).map(|id| fits(history.log.type_name(TypeId(id))));
    Column::Types(wanted.collect())
}

fn streams(history: &History, fits: impl Fn(StreamId) -> bool) -> Column {
    let wanted: Vec<bool> = history.log.streams().map(fits).collect();
    Column::of_streams(&history.log, &wanted)
}

fn cost(node: &Node) -> u8 {
    match node {
        Node::Leaf(Leaf::Column(_)) => 0,
        Node::Leaf(Leaf::Event(_)) => 1,
        Node::Leaf(Leaf::State(_)) => 2,
        Node::Not(inner) => cost(inner),
        Node::And(parts) | Node::Or(parts) => parts.iter().map(cost).max().unwrap_or(0),
    }
}
