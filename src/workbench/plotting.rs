//! What is plotted in Projections, of which results, and the answers to that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Answer;
use super::projecting::ScriptId;
use crate::event::CategoryId;
use crate::event::json::JsonPath;
use crate::projection::{
    Answered, Bucket, BuiltIn, BuiltInAsk, Explained, Measure, Of, Overlay, PartitionsAt,
    PartitionsQuestion, PathInfo, Plotted, Results, SeriesAsk, VersionsCompared, Whose,
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
    /// What the payloads of a category say, each event counted once.
    Payloads(CategoryId),
}

impl PlotSource {
    /// Whether it counts events as they stand, and keeps no states.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::BuiltIn(_) | Self::Payloads(_))
    }
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
    /// A line for each type of events, where the values are those of payloads.
    pub by_type: bool,
    /// Whose values.
    pub whose: Whose,
    /// How it is drawn.
    pub style: PlotStyle,
    /// Whether periods A and B are laid over each other.
    pub overlays: bool,
    /// Whether it says how many are in each value of a field, and how long they stay there.
    pub stays: bool,
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
            by_type: false,
            whose: Whose::default(),
            style: PlotStyle::default(),
            overlays: false,
            stays: false,
        }
    }

    /// A plot of what the values of a field of payloads add up to.
    pub fn of_payloads(category: CategoryId, path: JsonPath) -> Self {
        Self {
            measure: Measure::Sum,
            style: PlotStyle::Bars,
            ..Self::new(PlotSource::Payloads(category), Some(path))
        }
    }

    /// A plot of how many are in each value of a field that names a state.
    pub fn of_stays(source: PlotSource) -> Self {
        Self {
            measure: Measure::Value,
            style: PlotStyle::Stacked,
            stays: true,
            ..Self::new(source, None)
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
    /// Hold this script against the one that is plotted, as another version of it; or no longer.
    Versus(Option<ScriptId>),
}

/// Which lines are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinesKey {
    /// Of which results, by their number.
    pub results: u64,
    /// What is asked of them.
    pub ask: SeriesAsk,
    /// The other version whose lines stand beside them.
    pub against: Option<Against>,
}

/// Two versions whose lines stand beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Against {
    /// The results of the other one, by their number.
    pub results: u64,
    /// What both are called: the one that is plotted, then the other.
    pub names: [String; 2],
}

impl Against {
    /// What a line of one of the versions is called: 0 for the one that is plotted, 1 for the other.
    pub fn name_of(&self, line: &str, version: usize) -> String {
        let script = self.names.get(version).map_or("", String::as_str);
        if line.is_empty() {
            return script.to_owned();
        }
        format!("{line}, {script}")
    }

    /// Which version a line is of, and what it is called there.
    pub fn line_of<'l>(&self, name: &'l str) -> (usize, &'l str) {
        let of = |script: &String| {
            let line = name.strip_suffix(script.as_str())?;
            line.strip_suffix(", ")
                .or_else(|| line.is_empty().then_some(""))
        };
        let mut found = self.names.iter().enumerate();
        let found = found.find_map(|(version, script)| Some((version, of(script)?)));
        found.unwrap_or((0, name))
    }
}

/// Which versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionsKey {
    /// The results of both, by their numbers.
    pub results: [u64; 2],
    /// Whether states or results are compared.
    pub of: Of,
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
    /// What the piece of time that holds the playhead comes to by then.
    pub partial: Answer<LinesKey, Result<Plotted, String>>,
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
    /// How long partitions stay in each value of a field.
    pub stays: Answer<LinesKey, Result<Answered, String>>,
    /// What a step consists of.
    pub explained: Answer<ExplainKey, Result<Explained, String>>,
    /// The script that is held against the one plotted.
    pub versus: Option<ScriptId>,
    /// Where the two part ways.
    pub versions: Answer<VersionsKey, Result<VersionsCompared, String>>,
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
        let is_same = |known: &Plot| {
            let same_field = known.source == plot.source && known.path == plot.path;
            same_field && known.stays == plot.stays
        };
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
        if let Some(at) = self
            .plots
            .iter()
            .position(|plot| plot.source == source && !plot.stays)
        {
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
        self.versus = self.versus.filter(|versus| *versus != id);
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
