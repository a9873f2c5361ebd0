//! What is plotted in Projections, of which results, and the answers to that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Answer;
use super::look::Mark;
use super::projecting::ScriptId;
use super::workbench::Workbench;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, Zone};
use crate::history::{Axis, EventLog};
use crate::projection::{
    Answered, Bucket, BuiltIn, BuiltInAsk, By, Explained, Measure, Of, Overlay, PartitionsAt,
    PartitionsQuestion, PathInfo, Plotted, Results, SeriesAsk, Whose,
};

/// Where the values of a plot come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlotSource {
    /// The last run of a script.
    Script(ScriptId),
    /// The states of all streams of a category.
    States(CategoryId),
    /// A projection that needs no code.
    BuiltIn(BuiltIn),
}

/// At which place partitions are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// At the playhead, wherever it goes.
    #[default]
    Playhead,
    /// At marker A; at the playhead where there is none.
    A,
    /// At marker B.
    B,
    /// After the last event.
    Latest,
}

/// How lines are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PlotStyle {
    /// Each value holds up to the next.
    #[default]
    Step,
    /// A bar for each bucket.
    Bars,
    /// Straight from value to value.
    Line,
    /// Several lines on top of one another.
    Stacked,
}

/// A plot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plot {
    /// Of what.
    pub source: PlotSource,
    /// Of states or results.
    pub of: Of,
    /// Which field; the first number there is where none was chosen.
    pub path: Option<JsonPath>,
    /// What is made of its values.
    pub measure: Measure,
    /// The length of buckets; each change is its own where there is none.
    pub by: Option<Bucket>,
    /// A line for each value of this field.
    pub split: Option<JsonPath>,
    /// Whose values.
    pub whose: Whose,
    /// How it is drawn.
    pub style: PlotStyle,
    /// Whether periods A and B are laid over each other.
    pub overlays: bool,
}

impl Plot {
    /// A plot of the sum of changes of a field a day.
    pub fn new(source: PlotSource, path: Option<JsonPath>) -> Self {
        Self {
            source,
            of: Of::default(),
            path,
            measure: Measure::SumOfChanges,
            by: Some(Bucket::Day),
            split: None,
            whose: Whose::default(),
            style: PlotStyle::default(),
            overlays: false,
        }
    }
}

/// A change of what is plotted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlotEdit {
    /// Show the plot at this place.
    Show(usize),
    /// Show what a source gives, in a plot of its own where there is none.
    Open(PlotSource),
    /// Plot this field of the states of a category.
    Field(CategoryId, JsonPath),
    /// The plot shown is this one instead.
    Change(Box<Plot>),
    /// Take the plot at this place away.
    Remove(usize),
    /// Show partitions at this place.
    AsOf(AsOf),
    /// Sort and filter the partitions so.
    Partitions(Box<PartitionsAsk>),
    /// Show this partition, or none.
    Partition(Option<String>),
    /// Explain the step of the line of this name from here to there, which is not included; none
    /// where it is `None`.
    Explain(Option<(String, i64, i64)>),
}

/// Which lines are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinesKey {
    /// Of which results, by their number.
    pub results: u64,
    /// What is asked of them.
    pub ask: SeriesAsk,
}

/// Which table of partitions is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartitionsAsk {
    /// Of which results, by their number.
    pub results: u64,
    /// At which place, in which order.
    pub question: PartitionsQuestion,
    /// Only those that this filter lets through; empty for all.
    pub filter: String,
}

/// Which lines are laid over each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OverlayKey {
    /// Of which results, by their number.
    pub results: u64,
    /// What is asked of them, for the first period.
    pub ask: SeriesAsk,
    /// The periods, in nanoseconds, both ends included.
    pub periods: [(i64, i64); 2],
}

/// Which step is explained.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExplainKey {
    /// The lines.
    pub lines: LinesKey,
    /// The name of the line.
    pub line: String,
    /// From where to where, in the unit of the axis; the end is not included.
    pub range: (i64, i64),
}

/// Results that are known, by the number that tells them apart.
#[derive(Clone, Debug)]
pub struct KnownResults {
    /// The number.
    pub number: u64,
    /// The results; `Err` says why there are none.
    pub results: Result<Arc<Results>, String>,
    /// The fields that can be plotted, those that most partitions have first.
    pub paths: Arc<[PathInfo]>,
}

/// What is plotted, and the answers to that.
#[derive(Clone, Debug, Default)]
pub struct Plotting {
    /// The plots.
    pub plots: Vec<Plot>,
    /// The one that is shown.
    pub shown: Option<usize>,
    /// The states of categories over time, with the number of what states were made of.
    pub states: BTreeMap<CategoryId, (u64, KnownResults)>,
    /// The category whose states are being gathered.
    pub gathering: Option<(u64, CategoryId)>,
    /// The lines of the plot shown.
    pub lines: Answer<LinesKey, Result<Plotted, String>>,
    /// What a projection without code says, by generation.
    pub built_in: Answer<(u64, BuiltInAsk), Result<Answered, String>>,
    /// Two periods laid over each other.
    pub overlay: Answer<OverlayKey, Result<Vec<Overlay>, String>>,
    /// Partitions at the playhead.
    pub partitions: Answer<PartitionsAsk, Result<PartitionsAt, String>>,
    /// At which place they are shown.
    pub as_of: AsOf,
    /// How partitions are sorted and filtered.
    pub partitions_look: PartitionsAsk,
    /// The partition that is shown in full.
    pub partition: Option<String>,
    /// What a step consists of.
    pub explained: Answer<ExplainKey, Result<Explained, String>>,
    /// Which step is explained: of the line of this name, from here to there.
    pub explains: Option<(String, i64, i64)>,
    last_number: u64,
}

impl Plotting {
    /// The plot that is shown.
    pub fn plot(&self) -> Option<&Plot> {
        self.plots.get(self.shown?)
    }

    /// A number that no results had before.
    pub fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Shows a plot, in the place of an equal one where there is one.
    pub fn show(&mut self, plot: Plot) {
        let is_same = |known: &Plot| known.source == plot.source && known.path == plot.path;
        let at = self.plots.iter().position(is_same);
        let at = at.unwrap_or_else(|| {
            self.plots.push(plot);
            self.plots.len() - 1
        });
        self.shown = Some(at);
        self.explains = None;
    }

    /// Shows what a source gives.
    pub fn open(&mut self, source: PlotSource) {
        if let Some(at) = self.plots.iter().position(|plot| plot.source == source) {
            self.shown = Some(at);
            self.explains = None;
            return;
        }
        let mut plot = Plot::new(source, None);
        if matches!(source, PlotSource::BuiltIn(_)) {
            plot.by = None;
        }
        self.show(plot);
    }

    /// Takes the plot at a place away.
    pub fn remove(&mut self, at: usize) {
        if at < self.plots.len() {
            self.plots.remove(at);
        }
        self.shown = match self.shown {
            Some(shown) if shown > at => Some(shown - 1),
            Some(shown) if shown == at => self.plots.len().checked_sub(1).map(|last| last.min(at)),
            shown => shown,
        };
        self.explains = None;
    }

    /// Takes the plots of a script away.
    pub(super) fn forget_script(&mut self, id: ScriptId) {
        while let Some(at) = self
            .plots
            .iter()
            .position(|plot| plot.source == PlotSource::Script(id))
        {
            self.remove(at);
        }
    }

    /// Forgets everything that was made of the history.
    pub(super) fn forget_answers(&mut self) {
        *self = Self {
            last_number: self.last_number,
            ..Self::default()
        };
    }
}

impl Workbench {
    /// The results that a plot is made of, where they are known and of what is shown.
    pub fn results_of(&self, source: PlotSource) -> Option<KnownResults> {
        match source {
            PlotSource::Script(id) => {
                let (_, answer) = self.projecting.answers.get(&id)?;
                let results = answer.results.as_ref()?;
                Some(KnownResults {
                    number: answer.number,
                    results: Ok(Arc::clone(results)),
                    paths: Arc::clone(&answer.paths),
                })
            }
            PlotSource::States(category) => {
                let (_, known) = self.projecting.plotting.states.get(&category)?;
                Some(known.clone())
            }
            PlotSource::BuiltIn(_) => None,
        }
    }

    /// The lines that the plot shown needs, with the results that they are made of.
    pub fn lines_key(&self) -> Option<(LinesKey, Arc<Results>)> {
        let plot = self.projecting.plotting.plot()?;
        let known = self.results_of(plot.source)?;
        let results = known.results.ok()?;
        let path = plot.path.clone().or_else(|| first_number(&known.paths))?;
        let look = self.look();
        let key = LinesKey {
            results: known.number,
            ask: series_ask(plot, path, look.zone, look.axis),
        };
        Some((key, results))
    }

    /// What is asked of the projection without code that is plotted.
    pub fn built_in_key(&self) -> Option<(u64, BuiltInAsk)> {
        let plot = self.projecting.plotting.plot()?;
        let PlotSource::BuiltIn(what) = plot.source else {
            return None;
        };
        let zone = self.look().zone;
        let ask = BuiltInAsk {
            by: plot.by.map_or(By::Event, |bucket| By::Bucket(bucket, zone)),
            ..BuiltInAsk::of(what)
        };
        Some((self.generation, ask))
    }

    /// The two periods that are laid over each other by the plot shown, where both are marked.
    pub fn overlay_key(&self) -> Option<(OverlayKey, Arc<Results>)> {
        let plot = self
            .projecting
            .plotting
            .plot()
            .filter(|plot| plot.overlays)?;
        let (lines, results) = self.lines_key()?;
        let periods = self.periods()?;
        plot.by?;
        let key = OverlayKey {
            results: lines.results,
            ask: lines.ask,
            periods,
        };
        Some((key, results))
    }

    /// The periods that markers A and B stand for, in nanoseconds, both ends included.
    pub fn periods(&self) -> Option<[(i64, i64); 2]> {
        let look = self.look();
        let log = &self.history.as_ref()?.log;
        let a = period_of(log, look.marker_a?, look.zone)?;
        let b = period_of(log, look.marker_b?, look.zone)?;
        Some([a, b])
    }

    /// The partitions of the plot shown at the playhead.
    pub fn partitions_ask(&self) -> Option<(PartitionsAsk, Arc<Results>)> {
        let plotting = &self.projecting.plotting;
        let plot = plotting.plot()?;
        let known = self.results_of(plot.source)?;
        let results = known.results.ok()?;
        let mut ask = plotting.partitions_look.clone();
        ask.results = known.number;
        ask.question.of = plot.of;
        ask.question.position = self.as_of()?;
        Some((ask, results))
    }

    /// The position at which partitions are shown.
    pub fn as_of(&self) -> Option<Position> {
        let look = self.look();
        let last = self.history.as_ref()?.log.last()?;
        let marked = match self.projecting.plotting.as_of {
            AsOf::Playhead => None,
            AsOf::A => look.marker_a.map(|mark| mark.to),
            AsOf::B => look.marker_b.map(|mark| mark.to),
            AsOf::Latest => Some(last),
        };
        Some(marked.unwrap_or(look.playhead).min(last))
    }

    /// The step that is explained.
    pub fn explain_key(&self) -> Option<(ExplainKey, Arc<Results>)> {
        let (line, from, to) = self.projecting.plotting.explains.clone()?;
        let (lines, results) = self.lines_key()?;
        let key = ExplainKey {
            lines,
            line,
            range: (from, to),
        };
        Some((key, results))
    }
}

/// The first field that holds numbers, one named like an amount before all others.
pub fn first_number(paths: &[PathInfo]) -> Option<JsonPath> {
    const AMOUNTS: [&str; 7] = [
        "paid", "revenue", "total", "amount", "balance", "count", "price",
    ];
    let numbers = || {
        paths
            .iter()
            .filter(|info| info.is_number && info.path.0.len() < 4)
    };
    let amount = AMOUNTS.iter().find_map(|word| {
        let mut numbers = numbers();
        numbers.find(|info| info.path.to_string().to_ascii_lowercase().contains(word))
    });
    let found = amount
        .or_else(|| numbers().next())
        .or_else(|| paths.first());
    found.map(|info| info.path.clone())
}

/// The stretch of time that a marked period stands for: the calendar's year, quarter, month, week,
/// day or hour that has exactly these events, otherwise from the first event to the last.
pub fn period_of(log: &EventLog, mark: Mark, zone: Zone) -> Option<(i64, i64)> {
    let (first, last) = (log.time(mark.from)?, log.time(mark.to)?);
    let units = [
        Bucket::Year,
        Bucket::Quarter,
        Bucket::Month,
        Bucket::Week,
        Bucket::Day,
        Bucket::Seconds(3600),
    ];
    let calendar = units.into_iter().find_map(|unit| {
        let edges = unit.edges((first, first), zone, 1);
        let (from, to) = (*edges.first()?, *edges.get(1)?);
        let holds = |position: Position| {
            let time = log.time(position);
            time.is_some_and(|time| from <= time && time < to)
        };
        let before = mark.from.0.checked_sub(1).map(Position);
        let after = Position(mark.to.0.saturating_add(1));
        let is_within = from <= last && last < to;
        let holds_after = after.index() < log.len() && holds(after);
        let is_whole = !(before.is_some_and(holds) || holds_after);
        (is_within && is_whole).then_some((from.0, to.0.saturating_sub(1)))
    });
    let from_first = || (first.0.min(last.0), first.0.max(last.0));
    Some(calendar.unwrap_or_else(from_first))
}

/// What is asked of results for a plot: the whole time, up to the playhead and behind it.
pub fn series_ask(plot: &Plot, path: JsonPath, zone: Zone, axis: Axis) -> SeriesAsk {
    SeriesAsk {
        of: plot.of,
        path,
        whose: plot.whose.clone(),
        measure: plot.measure,
        by: plot.by.map_or(By::Event, |bucket| By::Bucket(bucket, zone)),
        split: plot.split.clone(),
        axis: if plot.by.is_some() { Axis::Time } else { axis },
        range: None,
        until: None::<Position>,
    }
}
