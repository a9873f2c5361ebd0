//! What the plot that is shown needs: the keys of its answers, with the results they are made of.

use std::sync::Arc;

use super::look::Mark;
use super::plotting::{
    Against, AsOf, ExplainKey, KnownResults, LinesKey, OverlayKey, PartitionsAsk, Plot, PlotSource,
    VersionsKey,
};
use super::projecting::ScriptId;
use super::workbench::Workbench;
use crate::event::json::JsonPath;
use crate::event::{Position, Zone};
use crate::history::{Axis, EventLog};
use crate::projection::{Bucket, BuiltIn, BuiltInAsk, By, FieldAsk, PathInfo, Results, SeriesAsk};

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
            PlotSource::BuiltIn(_) | PlotSource::Payloads(_) => None,
        }
    }

    /// The lines that the plot shown needs, with the results that they are made of.
    pub fn lines_key(&self) -> Option<(LinesKey, Arc<Results>)> {
        let plot = self.projecting.plotting.plot()?;
        let known = self.results_of(plot.source)?;
        let results = known.results.ok()?;
        let path = plot
            .path
            .clone()
            .or_else(|| first_path(plot, &known.paths))?;
        let look = self.look();
        let key = LinesKey {
            results: known.number,
            ask: series_ask(plot, path, look.zone, look.axis),
            against: self.versus().map(|(against, _)| against),
        };
        Some((key, results))
    }

    /// What the piece of time in which the playhead stands comes to by then; `None` where the lines are
    /// not known, or not by pieces of time.
    pub fn partial_key(&self) -> Option<(LinesKey, Arc<Results>)> {
        let (key, results) = self.lines_key()?;
        let known = self.projecting.plotting.lines.for_key(&key);
        let lines = known.fresh()?.as_ref().ok()?;
        let log = &self.history.as_ref()?.log;
        let until = self.look().playhead.min(log.last()?);
        let now = log.time(until)?.0;
        let nr = lines.edges.partition_point(|edge| *edge <= now);
        let from = *lines.edges.get(nr.checked_sub(1)?)?;
        let to = *lines.edges.get(nr)?;
        let ask = SeriesAsk {
            range: Some((from, to.saturating_sub(1))),
            until: Some(until),
            ..key.ask
        };
        let key = LinesKey {
            ask,
            against: None,
            ..key
        };
        Some((key, results))
    }

    /// The script that is held against the one plotted, and the latter.
    pub fn scripts_compared(&self) -> Option<[ScriptId; 2]> {
        let plotting = &self.projecting.plotting;
        let PlotSource::Script(shown) = plotting.plot()?.source else {
            return None;
        };
        let other = plotting.versus.filter(|other| *other != shown)?;
        self.projecting.script(other)?;
        Some([shown, other])
    }

    /// The version that is held against the one plotted, where it was run.
    pub fn versus(&self) -> Option<(Against, Arc<Results>)> {
        let both = self.scripts_compared()?;
        let known = self.results_of(PlotSource::Script(both[1]))?;
        let name = |id: ScriptId| {
            let script = self.projecting.script(id);
            script.map_or_else(String::new, |script| script.name.clone())
        };
        let against = Against {
            results: known.number,
            names: both.map(name),
        };
        Some((against, known.results.ok()?))
    }

    /// The two versions that are compared, with their results.
    pub fn versions_key(&self) -> Option<(VersionsKey, [Arc<Results>; 2])> {
        let plot = self.projecting.plotting.plot()?;
        let known = self.results_of(plot.source)?;
        let (against, other) = self.versus()?;
        let key = VersionsKey {
            results: [known.number, against.results],
            of: plot.of,
        };
        Some((key, [known.results.ok()?, other]))
    }

    /// What is asked of the projection without code, or of the payloads, that is plotted.
    pub fn built_in_key(&self) -> Option<(u64, BuiltInAsk)> {
        let plot = self.projecting.plotting.plot()?;
        let zone = self.look().zone;
        let by = plot.by.map_or(By::Event, |bucket| By::Bucket(bucket, zone));
        let ask = match plot.source {
            PlotSource::BuiltIn(what) => BuiltInAsk {
                by,
                ..BuiltInAsk::of(what)
            },
            PlotSource::Payloads(category) => BuiltInAsk {
                by,
                category: Some(category),
                field: Some(FieldAsk {
                    path: plot.path.clone()?,
                    measure: plot.measure,
                    by_type: plot.by_type,
                }),
                ..BuiltInAsk::of(BuiltIn::PayloadField)
            },
            PlotSource::Script(_) | PlotSource::States(_) => return None,
        };
        Some((self.generation, ask))
    }

    /// How long partitions stay in each value of the field plotted, by the place at which they are shown.
    pub fn stays_key(&self) -> Option<(LinesKey, Arc<Results>)> {
        self.projecting.plotting.plot().filter(|plot| plot.stays)?;
        let (key, results) = self.lines_key()?;
        let ask = SeriesAsk {
            until: self.as_of(),
            ..key.ask
        };
        let key = LinesKey {
            ask,
            against: None,
            ..key
        };
        Some((key, results))
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
        let (mut lines, mut results) = self.lines_key()?;
        let mut line = line;
        if let Some((against, other)) = self.versus() {
            let (version, name) = against.line_of(&line);
            line = name.to_owned();
            if version == 1 {
                lines.results = against.results;
                results = other;
            }
        }
        let key = ExplainKey {
            lines,
            line,
            range: (from, to),
        };
        Some((key, results))
    }
}

/// The field that a plot is of where none was chosen.
pub fn first_path(plot: &Plot, paths: &[PathInfo]) -> Option<JsonPath> {
    const STATES: [&str; 5] = ["status", "state", "phase", "stage", "kind"];
    if !plot.stays {
        return first_number(paths);
    }
    let words = || {
        let words = paths.iter();
        words.filter(|info| !info.is_number && info.path.0.len() < 4)
    };
    let state = STATES.iter().find_map(|word| {
        let mut words = words();
        words.find(|info| info.path.to_string().to_ascii_lowercase().contains(word))
    });
    let found = state.or_else(|| words().next())?;
    Some(found.path.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_two_versions_is_found_by_its_name() {
        let against = Against {
            results: 2,
            names: ["a.js".to_owned(), "b.js".to_owned()],
        };
        for (line, version) in [
            ("", 0),
            ("", 1),
            ("order-1", 0),
            ("order-1", 1),
            ("x, y", 1),
        ] {
            let name = against.name_of(line, version);
            assert_eq!(against.line_of(&name), (version, line), "{name}");
        }
    }
}
