//! `annals project --series`: fields of states or results over time, one JSON object a line.

use std::io::Write;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::open::CommonArgs;
use super::table::paths;
use crate::event::json::{Json, JsonPath, Object};
use crate::event::{Position, Timestamp, Want};
use crate::export::{Column, Kind, Sheet, Value};
use crate::history::History;
use crate::projection::{
    Ask, Bucket, Ended, Limits, Listed, ListingAsk, Measure, Of, PartitionId, Results, Run,
    run_over_time,
};

/// The memory for all changes: a command line has no window beside it.
const MAX_BYTES: usize = 4 << 30;

/// What is listed over time.
#[derive(Debug, Args)]
pub(super) struct SeriesArgs {
    /// These fields over time, such as total,shipment.cost: one JSON object a line for each change, or
    /// for each piece of time in which there was one
    #[arg(long, value_name = "PATH,PATH")]
    series: Option<String>,
    /// Only of this partition; * for all, which is the rule
    #[arg(long, value_name = "P", requires = "series")]
    partition: Option<String>,
    /// By pieces of time of this length, on the clock of --tz: 15m, 1h, 1d, 1w, 1mo, 1q or 1y
    #[arg(long, value_name = "LENGTH", requires = "series", value_parser = bucket)]
    bucket: Option<Bucket>,
    /// What is said of the changes: the value that holds in the end, their number, the sum, the
    /// least, the greatest or the mean of the values, or by how much they changed it in all
    #[arg(
        long,
        value_name = "WHAT",
        requires = "series",
        default_value = "last",
        hide_default_value = true
    )]
    agg: Agg,
    /// Fields of the state, or of the result; otherwise of the result where the state lacks them
    #[arg(long, value_name = "WHICH", requires = "series")]
    of: Option<Which>,
    #[command(flatten)]
    sheet: super::sheet::SheetArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Agg {
    Last,
    Sum,
    Count,
    Min,
    Max,
    Mean,
    Delta,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    State,
    Result,
}

impl Agg {
    fn measure(self) -> Measure {
        match self {
            Self::Last => Measure::Value,
            Self::Sum => Measure::Sum,
            Self::Count => Measure::Count,
            Self::Min => Measure::Min,
            Self::Max => Measure::Max,
            Self::Mean => Measure::Mean,
            Self::Delta => Measure::SumOfChanges,
        }
    }
}

/// `15m`, `1h`, `1d`, `1w`, `1mo`, `1q`, `1y`: of minutes and hours so many, else one.
fn bucket(text: &str) -> Result<Bucket, String> {
    let refused = || format!("{text:?} is no length such as 15m, 1h, 1d, 1w, 1mo, 1q or 1y");
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or_else(refused)?;
    let (count, unit) = text.split_at(unit_at);
    let count: u32 = count.parse().map_err(|_not_a_number| refused())?;
    let seconds = |length: u32| {
        let all = count.checked_mul(length).filter(|all| *all > 0)?;
        (all <= 86_400 && 86_400 % all == 0).then_some(Bucket::Seconds(all))
    };
    let found = match (count, unit) {
        (_, "s") => seconds(1),
        (_, "m" | "min") => seconds(60),
        (24, "h") | (1, "d") => Some(Bucket::Day),
        (_, "h") => seconds(3600),
        (7, "d") | (1, "w") => Some(Bucket::Week),
        (1, "mo") => Some(Bucket::Month),
        (1, "q") => Some(Bucket::Quarter),
        (1, "y") => Some(Bucket::Year),
        _ => None,
    };
    found.ok_or_else(refused)
}

/// A line of the answer: where it stands among the others, and what it says.
struct Line<'a> {
    listed: Listed,
    path: &'a str,
    nth: usize,
}

impl SeriesArgs {
    pub(super) fn is_wanted(&self) -> bool {
        self.series.is_some()
    }

    /// Whether a sheet is asked for, which there is of a series.
    pub(super) fn wants_sheet(&self) -> bool {
        self.sheet.is_wanted()
    }

    /// Runs the projection and prints its fields over time. A projection that faulted prints what came
    /// before, and the error says so.
    pub(super) fn print(
        &self,
        ask: &Ask,
        history: &Arc<History>,
        common: &CommonArgs,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let wanted = fields(self.series.as_deref().unwrap_or_default())?;
        let limits = Limits { bytes: MAX_BYTES };
        let (log, reader) = (&history.log, &*history.reader);
        let (run, results) = run_over_time(
            ask,
            log,
            reader,
            limits,
            &mut super::stop::Looking,
            &mut |_| (),
        );
        let partition = self.partition(&results)?;
        let mut lines: Vec<Line<'_>> = Vec::new();
        for (nth, (name, path)) in wanted.iter().enumerate() {
            let of = self.which(&results, path);
            if !results.has_field(of, path) && run.ended != Ended::Faulted {
                bail!("{}", unknown(&results, name));
            }
            let ask = ListingAsk {
                of,
                path: path.clone(),
                partition,
                measure: self.agg.measure(),
                bucket: self.bucket.map(|bucket| (bucket, common.tz)),
            };
            let listed = results.listing(log, &ask).into_iter();
            lines.extend(listed.map(|listed| Line {
                listed,
                path: name,
                nth,
            }));
        }
        lines.sort_by(|a, b| {
            let place = |line: &Line<'_>| (line.listed.begin, line.listed.position, line.nth);
            let name = |line: &Line<'_>| results.partition_name(line.listed.partition).to_owned();
            match self.bucket {
                Some(_) => (a.listed.begin, name(a), a.nth).cmp(&(b.listed.begin, name(b), b.nth)),
                None => place(a).cmp(&place(b)),
            }
        });
        let sheet = || sheet_of(&lines, &results, history);
        if !self.sheet.take(sheet, common, history, out)? {
            print(&lines, &results, history, out)?;
        }
        complain(&run, &results)
    }

    fn partition(&self, results: &Results) -> anyhow::Result<Option<PartitionId>> {
        let Some(name) = self.partition.as_deref().filter(|name| *name != "*") else {
            return Ok(None);
        };
        match results.find_partition(name) {
            Some(found) => Ok(Some(found)),
            None => bail!("no event came to a partition {name:?}"),
        }
    }

    fn which(&self, results: &Results, path: &JsonPath) -> Of {
        let has_state = || results.has_field(Of::State, path);
        match self.of {
            Some(Which::State) => Of::State,
            None if has_state() => Of::State,
            Some(Which::Result) | None => Of::Result,
        }
    }
}

/// Each field as it was written, and where it is.
fn fields(text: &str) -> anyhow::Result<Vec<(String, JsonPath)>> {
    let plain = text.strip_prefix("$.").unwrap_or(text);
    let plain = plain.replace(",$.", ",");
    let paths = paths(&plain)?;
    Ok(paths
        .into_iter()
        .map(|path| (path.to_string(), path))
        .collect())
}

fn unknown(results: &Results, name: &str) -> String {
    let known = results.paths(Of::State).into_iter();
    let known: Vec<String> = known.take(12).map(|info| info.path.to_string()).collect();
    format!(
        "no state or result has a field {name} that is no object; there are {}",
        known.join(", ")
    )
}

fn print(
    lines: &[Line<'_>],
    results: &Results,
    history: &History,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut known: Option<(Position, Json)> = None;
    for line in lines {
        let listed = &line.listed;
        let time = match (listed.begin, &known) {
            (Some(begin), _) => Json::Text(Timestamp(begin).rfc3339(0).into()),
            (None, Some((position, time))) if *position == listed.position => time.clone(),
            (None, _) => time_of(history, listed.position),
        };
        if listed.begin.is_none() {
            known = Some((listed.position, time.clone()));
        }
        let mut object = Object::default();
        let position = listed.position.0.to_string();
        let partition = results.partition_name(listed.partition);
        object.push("time".into(), time);
        object.push("position".into(), Json::Number(position.into()));
        object.push("partition".into(), Json::Text(partition.into()));
        object.push("path".into(), Json::Text(line.path.into()));
        object.push("value".into(), listed.value.clone());
        writeln!(out, "{}", Json::Object(object))?;
    }
    Ok(())
}

/// The same as a table.
fn sheet_of(lines: &[Line<'_>], results: &Results, history: &History) -> Sheet {
    let mut sheet = Sheet::new([
        Column::new("time", Kind::Time),
        Column::new("position", Kind::Whole),
        Column::new("partition", Kind::Names),
        Column::new("path", Kind::Names),
        Column::new("value", Kind::Text),
    ]);
    for line in lines {
        let listed = &line.listed;
        let time = match listed.begin {
            Some(begin) => Some((Timestamp(begin), 0)),
            None => exact_time(history, listed.position),
        };
        sheet.rows.push(vec![
            Value::time(time),
            Value::Whole(i64::from(listed.position.0)),
            Value::Text(results.partition_name(listed.partition).to_owned().into()),
            Value::Text(line.path.to_owned().into()),
            Sheet::value_of(&listed.value.to_string()),
        ]);
    }
    sheet
}

/// An event's time with the digits of its source, as JSON.
fn time_of(history: &History, position: Position) -> Json {
    let time = exact_time(history, position);
    time.map_or(Json::Null, |(time, digits)| {
        Json::Text(time.rfc3339(digits).into())
    })
}

/// An event's time with the digits of its source.
fn exact_time(history: &History, position: Position) -> Option<(Timestamp, u8)> {
    let log = &history.log;
    let read = history.reader.read_one(log.place(position), Want::Ids);
    let as_kept = || log.time(position).map(|time| (time, log.time_digits()));
    read.ok().and_then(|detail| detail.time).or_else(as_kept)
}

/// What makes the lines less than all there is.
fn complain(run: &Run, results: &Results) -> anyhow::Result<()> {
    if let Some(fault) = &run.fault {
        let at = fault
            .position
            .map_or_else(String::new, |at| format!(" at {at}"));
        let line = fault
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        bail!("the projection faulted{at}{line}: {}", fault.message);
    }
    if let Some(thinned) = results.thinned() {
        bail!("{thinned}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(bucket("1h"), Ok(Bucket::Seconds(3600)));
        assert_eq!(bucket("15m"), Ok(Bucket::Seconds(900)));
        assert_eq!(bucket("24h"), Ok(Bucket::Day));
        assert_eq!(bucket("1mo"), Ok(Bucket::Month));
        for wrong in ["", "h", "0m", "7m", "2mo", "1x", "5000000000h", "h1"] {
            assert!(bucket(wrong).is_err(), "{wrong}");
        }
    }
}
