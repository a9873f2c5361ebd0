//! `annals project --compare`: two versions of a projection over the same events.

use std::io::Write;
use std::path::Path;

use super::FAILED;
use super::open::CommonArgs;
use super::output::{Table, preview};
use crate::event::json::{Json, Object};
use crate::event::{grouped, visible};
use crate::history::History;
use crate::projection::{
    Ask, Differs, Ended, Limits, Of, Run, VersionsCompared, compare_versions, run_over_time,
};

/// The memory for all changes of one version: a command line has no window beside it.
const MAX_BYTES: usize = 2 << 30;

/// How many partitions are listed for people; --json has all.
const MOST_LISTED: usize = 50;

/// Two scripts and what came of them.
struct Versions<'a> {
    names: [&'a str; 2],
    runs: [Run; 2],
    found: VersionsCompared,
    of: Of,
}

/// The script that the other one is held against; everything else is as for the first.
pub(super) fn other(first: &Ask, script: &Path) -> anyhow::Result<Ask> {
    let given = super::project::script_ask(script)?;
    Ok(Ask {
        what: given.what,
        ..first.clone()
    })
}

/// Runs both and prints where their results part ways; gives 0 where they never do, 1 where they do, 2
/// where one of them faulted.
pub(super) fn print(
    common: &CommonArgs,
    asks: [&Ask; 2],
    history: &History,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let limits = Limits { bytes: MAX_BYTES };
    let (log, reader) = (&history.log, &*history.reader);
    let [(run_a, a), (run_b, b)] =
        asks.map(|ask| run_over_time(ask, log, reader, limits, &mut (), &mut |_| ()));
    let of = if a.has_results() || b.has_results() {
        Of::Result
    } else {
        Of::State
    };
    let found = compare_versions(&a, &b, of, &super::stop::is_stopped).unwrap_or_default();
    let versions = Versions {
        names: asks.map(Ask::file),
        runs: [run_a, run_b],
        found,
        of,
    };
    if common.json {
        writeln!(out, "{}", versions.to_json(history))?;
    } else {
        versions.print(history, out)?;
    }
    let has_faulted = |run: &Run| run.ended == Ended::Faulted;
    Ok(if versions.runs.iter().any(has_faulted) {
        FAILED
    } else {
        u8::from(!versions.found.differing.is_empty())
    })
}

impl Versions<'_> {
    fn to_json(&self, history: &History) -> Json {
        let mut all = Object::default();
        let differing = &self.found.differing;
        all.push("same".into(), Json::Bool(differing.is_empty()));
        let of = if self.of == Of::Result {
            "result"
        } else {
            "state"
        };
        all.push("of".into(), Json::Text(of.into()));
        for (key, (name, run)) in ["a", "b"].iter().zip(self.names.iter().zip(&self.runs)) {
            let mut one = Object::default();
            one.push("script".into(), Json::Text((*name).into()));
            let is_faulted = run.ended == Ended::Faulted;
            let status = if is_faulted { "faulted" } else { "ok" };
            one.push("status".into(), Json::Text(status.into()));
            let error = run.fault.as_ref().map(|fault| fault.message.as_str());
            one.push(
                "error".into(),
                error.map_or(Json::Null, |text| Json::Text(text.into())),
            );
            one.push("processed".into(), number(run.processed));
            one.push("skipped".into(), number(run.n_skipped));
            all.push((*key).into(), Json::Object(one));
        }
        let first = self.found.first();
        let first = first.map_or(Json::Null, |first| differs(first, history));
        all.push("first".into(), first);
        let each = differing.iter().map(|one| differs(one, history));
        all.push("differing".into(), Json::Array(each.collect()));
        all.push("partitions_same".into(), number(self.found.n_same as u64));
        let notes = self.found.notes.iter();
        let notes = notes.map(|note| Json::Text(note.as_str().into()));
        all.push("notes".into(), Json::Array(notes.collect()));
        Json::Object(all)
    }

    fn print(&self, history: &History, out: &mut dyn Write) -> anyhow::Result<()> {
        for (name, run) in self.names.iter().zip(&self.runs) {
            if let Some(fault) = &run.fault {
                let at = fault.position;
                let at = at.map_or_else(String::new, |at| format!(" at {at}"));
                writeln!(
                    out,
                    "{} faulted{at}: {}",
                    visible(name),
                    visible(&fault.message)
                )?;
            }
        }
        let n_same = grouped(self.found.n_same as u64);
        let Some(first) = self.found.first() else {
            writeln!(out, "the same at every event, in {n_same} partitions")?;
            return self.print_notes(out);
        };
        let event_type = history
            .log
            .type_name(history.log.event_type(first.position));
        writeln!(
            out,
            "first different after event {}, {}, in {}",
            first.position,
            visible(event_type),
            shown_name(&first.partition),
        )?;
        let n_differing = grouped(self.found.differing.len() as u64);
        writeln!(
            out,
            "different partitions: {n_differing}; the same: {n_same}\n"
        )?;
        let [a, b] = self.names.map(|name| format!(">{}", preview(name, 32)));
        let mut table = Table::new(&["PARTITION", ">SINCE", "FIELD", &a, &b]);
        for one in self.found.differing.iter().take(MOST_LISTED) {
            let value = |value: &Option<Json>| {
                let text = value.as_ref().map(ToString::to_string);
                text.map_or_else(|| "nothing".to_owned(), |text| preview(&text, 32))
            };
            table.row(&[
                preview(shown_name(&one.partition), 48),
                one.position.to_string(),
                preview(&one.path.to_string(), 48),
                value(&one.a),
                value(&one.b),
            ]);
        }
        table.print(out)?;
        let n_more = self.found.differing.len().saturating_sub(MOST_LISTED);
        if n_more > 0 {
            writeln!(
                out,
                "and {} more; --json lists them",
                grouped(n_more as u64)
            )?;
        }
        self.print_notes(out)
    }

    fn print_notes(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        for note in &self.found.notes {
            writeln!(out, "note: {}", visible(note))?;
        }
        Ok(())
    }
}

fn shown_name(partition: &str) -> &str {
    if partition.is_empty() {
        "all events"
    } else {
        partition
    }
}

fn number(n: u64) -> Json {
    Json::Number(n.to_string().into())
}

/// A difference with the event after which it is there.
fn differs(one: &Differs, history: &History) -> Json {
    let log = &history.log;
    let mut object = Object::default();
    let value = |value: &Option<Json>| value.clone().unwrap_or_default();
    let time = log.time(one.position);
    let time = time.map(|time| time.rfc3339(log.time_digits()));
    object.push(
        "partition".into(),
        Json::Text(one.partition.as_str().into()),
    );
    object.push("position".into(), number(u64::from(one.position.0)));
    object.push(
        "type".into(),
        Json::Text(log.type_name(log.event_type(one.position)).into()),
    );
    object.push(
        "stream".into(),
        Json::Text(log.stream_name(log.stream(one.position)).into()),
    );
    object.push(
        "time".into(),
        time.map_or(Json::Null, |time| Json::Text(time.into())),
    );
    object.push("path".into(), Json::Text(one.path.to_string().into()));
    object.push("a".into(), value(&one.a));
    object.push("b".into(), value(&one.b));
    Json::Object(object)
}
