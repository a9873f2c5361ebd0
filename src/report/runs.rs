//! Projections that are run for a report: what they say at the end of the period, and a number of them
//! over time.

use std::sync::Arc;

use super::mask::Mask;
use super::period::Period;
use super::plots::{FieldPlot, line_of};
use super::settings::{ReportSettings, ScriptText};
use crate::event::Position;
use crate::event::json::JsonPath;
use crate::history::{Axis, History};
use crate::projection::{
    Ask, Ended, Limits, Of, OnError, Results, Run, RunStep, SeriesAsk, Watch, Whose, run_over_time,
};

/// So many partitions and fields are shown.
const MAX_ROWS: usize = 60;
const MAX_COLUMNS: usize = 6;

/// What a projection said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// The script's name.
    pub name: String,
    /// How many events it handled.
    pub processed: u64,
    /// Why it ended early, where it did.
    pub fault: Option<String>,
    /// What must be said beside its results.
    pub notes: Vec<String>,
    /// The fields in the table.
    pub columns: Vec<String>,
    /// Partitions by name.
    pub rows: Vec<RanRow>,
    /// How many more partitions there are.
    pub more_rows: u64,
    /// A number over time, the sum over all partitions.
    pub plot: Option<FieldPlot>,
    /// Up to which position it ran.
    pub at: u32,
}

/// A partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RanRow {
    /// Its name; empty for the one without a name.
    pub name: String,
    /// How many events it has handled.
    pub events: u64,
    /// The last of them.
    pub last: Option<u32>,
    /// The values of the fields.
    pub cells: Vec<Option<String>>,
}

/// Lets a run be stopped.
struct Stop<'a>(&'a dyn Fn() -> bool);

impl Watch for Stop<'_> {
    fn handled(&mut self, _step: &mut RunStep<'_>) {}

    fn is_cancelled(&self) -> bool {
        (self.0)()
    }
}

/// Runs the projections asked for, over the period.
pub(super) fn runs(
    history: &Arc<History>,
    settings: &ReportSettings,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Vec<Ran> {
    let scripts = settings.projections.iter();
    scripts
        .map(|script| one(history, script, period, mask, cancel))
        .collect()
}

fn one(
    history: &Arc<History>,
    script: &ScriptText,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Ran {
    let mut ask = Ask::script(&script.name, &script.text);
    let stem = script.name.strip_suffix(".js");
    stem.unwrap_or(&script.name).clone_into(&mut ask.name);
    (ask.from, ask.until) = (period.from, Some(period.until));
    if script.skips_errors {
        ask.on_error = OnError::Skip;
    }
    let log = &history.log;
    let (run, results) = run_over_time(
        &ask,
        log,
        &*history.reader,
        Limits::default(),
        &mut Stop(cancel),
        &mut |_| (),
    );
    let of = if results.has_results() {
        Of::Result
    } else {
        Of::State
    };
    let mut ran = Ran {
        name: script.name.clone(),
        processed: run.processed,
        fault: fault(&run),
        notes: [results.notes(), run.unrepeatable.clone()].concat(),
        at: period.until.0,
        plot: plot(history, script, &results, of, cancel),
        ..Ran::default()
    };
    add_rows(&mut ran, &results, of, period.until, mask);
    ran
}

fn fault(run: &Run) -> Option<String> {
    let fault = run.fault.as_ref().filter(|_| run.ended == Ended::Faulted)?;
    let at = fault
        .position
        .map_or_else(String::new, |at| format!(" at {at}"));
    let line = fault
        .line
        .map_or_else(String::new, |line| format!(", line {line}"));
    Some(format!("It failed{at}{line}: {}", fault.message))
}

fn add_rows(ran: &mut Ran, results: &Results, of: Of, at: Position, mask: &mut Mask) {
    let paths: Vec<JsonPath> = results
        .paths(of)
        .into_iter()
        .take(MAX_COLUMNS)
        .map(|info| info.path)
        .collect();
    let mut partitions: Vec<_> = results.partitions().collect();
    partitions.sort_by_key(|partition| results.partition_name(*partition));
    ran.more_rows = partitions.len().saturating_sub(MAX_ROWS) as u64;
    for partition in partitions.into_iter().take(MAX_ROWS) {
        let state = results.value_at(of, partition, at);
        let events = results.events_of(partition);
        let cells = paths.iter().map(|path| {
            let value = path.get(state.as_ref()?)?;
            Some(super::as_of::plain(&mask.at_path(path, &value.to_string())))
        });
        ran.rows.push(RanRow {
            name: results.partition_name(partition).to_owned(),
            events: events.len() as u64,
            last: events.last().copied(),
            cells: cells.collect(),
        });
    }
    ran.columns = paths.iter().map(|path| path.to_string()).collect();
}

/// The number over time, of all partitions together.
fn plot(
    history: &History,
    script: &ScriptText,
    results: &Results,
    of: Of,
    cancel: &dyn Fn() -> bool,
) -> Option<FieldPlot> {
    let wanted = script.plot.as_deref().and_then(JsonPath::parse);
    let first = || {
        let mut paths = results.paths(of).into_iter();
        paths.find(|info| info.is_number).map(|info| info.path)
    };
    let path = wanted.or_else(first)?;
    let axis = if history.log.time_range().is_some() {
        Axis::Time
    } else {
        Axis::Sequence
    };
    let ask = SeriesAsk {
        of,
        path: path.clone(),
        whose: Whose::Summed,
        axis,
        ..SeriesAsk::default()
    };
    let plotted = results.series(&history.log, &ask, cancel)?;
    let line = plotted.lines.into_iter().next()?;
    line_of(&history.log, axis, line.points, None).map(|(series, range, n_changes)| FieldPlot {
        stream: script.name.clone(),
        path: path.to_string(),
        label: script.name.clone(),
        is_application_state: true,
        series,
        n_changes,
        range,
    })
}
