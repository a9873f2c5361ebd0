//! Rules that are written in the window: made into a reducer, and what they can be about.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::outcome::Outcome;
use crate::event::json::{self, Json, JsonPath, Step};
use crate::event::{CategoryId, Place, Position, TypeId, Want};
use crate::fold::rules::Source;
use crate::fold::{LastPayload, Merge, MergePatch, Reducer, Rules};
use crate::history::{EventLog, History};
use crate::script::ScriptRules;
use crate::workbench::{
    ReducerKind, ReducerProblem, ReducerText, RuleFacts, RuleFactsKey, SeenField,
};

/// What rules and scripts are called that were written in the window.
const RULES: &str = "own rules";
const SCRIPT: &str = "own script";

/// Of so many events of a type the payload is looked at.
const SAMPLES: usize = 3;
/// Of so many types.
const MAX_TYPES: usize = 400;
/// So many fields of a type are kept.
const MAX_FIELDS: usize = 60;
/// How deep objects in payloads are looked into.
const MAX_DEPTH: usize = 3;

/// Makes a reducer of what was chosen or written.
pub(super) fn made(text: &ReducerText) -> Result<Arc<dyn Reducer>, ReducerProblem> {
    Ok(match text.kind {
        ReducerKind::Merge => Arc::new(Merge),
        ReducerKind::MergePatch => Arc::new(MergePatch),
        ReducerKind::LastPayload => Arc::new(LastPayload),
        ReducerKind::Rules if text.rules.trim().is_empty() => Arc::new(Rules::none(RULES)),
        ReducerKind::Rules => {
            let rules = Rules::parse(RULES, &text.rules).map_err(|error| ReducerProblem {
                line: Some(error.line),
                message: error.message,
            })?;
            Arc::new(rules)
        }
        ReducerKind::Script => {
            let rules = ScriptRules::parse(SCRIPT, &text.script).map_err(|error| {
                let line = error.line.and_then(|line| usize::try_from(line).ok());
                ReducerProblem {
                    line,
                    message: error.message,
                }
            })?;
            Arc::new(rules)
        }
    })
}

/// The rules in a file: a script where its name ends so, else rules without code.
pub(super) fn in_file(path: &Path) -> Result<Arc<dyn Reducer>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path).map_err(|why| format!("{name}: {why}"))?;
    let failed = |why: &dyn std::fmt::Display| format!("{name}: {why}");
    Ok(if path.extension().is_some_and(|ending| ending == "js") {
        Arc::new(ScriptRules::parse(&name, &text).map_err(|why| failed(&why))?)
    } else {
        Arc::new(Rules::parse(&name, &text).map_err(|why| failed(&why))?)
    })
}

/// The types and fields of a category. Costs a walk over its events and a few reads for each type.
pub(super) fn facts(key: RuleFactsKey, history: &History, cancel: &dyn Fn() -> bool) -> Outcome {
    let Some(counted) = count(&history.log, key.category, cancel) else {
        return Outcome::Stopped;
    };
    let mut types: Vec<(TypeId, u64)> = counted.iter().map(|(id, seen)| (*id, seen.0)).collect();
    types.sort_by_key(|(id, n)| (std::cmp::Reverse(*n), *id));
    let mut fields = BTreeMap::new();
    for (event_type, _) in types.iter().take(MAX_TYPES) {
        if cancel() {
            return Outcome::Stopped;
        }
        let sample = counted.get(event_type).map(|seen| seen.1.as_slice());
        fields.insert(*event_type, seen_in(history, sample.unwrap_or_default()));
    }
    Outcome::RuleFacts(key, Ok(RuleFacts { types, fields }))
}

/// How many events of each type there are, with a few of them; `None` where it was stopped.
fn count(
    log: &EventLog,
    category: CategoryId,
    cancel: &dyn Fn() -> bool,
) -> Option<BTreeMap<TypeId, (u64, Vec<Position>)>> {
    let mut counted: BTreeMap<TypeId, (u64, Vec<Position>)> = BTreeMap::new();
    let of_category = |stream| log.stream_info(stream).category == category;
    let streams = log.streams().filter(|stream| of_category(*stream));
    for (nr, stream) in streams.enumerate() {
        if nr % 256 == 0 && cancel() {
            return None;
        }
        for position in log.events_of(stream) {
            let position = Position(*position);
            let seen = counted.entry(log.event_type(position)).or_default();
            seen.0 += 1;
            // The first ones and the last: payloads change their shape in the course of years.
            if seen.1.len() == SAMPLES {
                seen.1.pop();
            }
            seen.1.push(position);
        }
    }
    Some(counted)
}

/// The fields of these events' payloads.
fn seen_in(history: &History, sample: &[Position]) -> Vec<SeenField> {
    let places = sample.iter().map(|position| history.log.place(*position));
    let places: Vec<Place> = places.collect();
    let mut fields = Vec::new();
    let mut each = |_: usize, event: Result<crate::event::EventDetail, _>| {
        let event: Option<crate::event::EventDetail> = event.ok();
        let payload = event.as_ref().and_then(|event| event.data.json());
        if let Some(Ok(payload)) = payload.map(|text| json::parse(text.as_bytes())) {
            walk(&payload, &mut Vec::new(), &mut fields);
        }
        true
    };
    history.reader.read(&places, Want::Data, &mut each);
    fields
}

fn walk(value: &Json, steps: &mut Vec<Step>, fields: &mut Vec<SeenField>) {
    if let Some(object) = value.as_object().filter(|_| steps.len() < MAX_DEPTH) {
        for (name, member) in object.iter() {
            steps.push(Step::Key(name.into()));
            note(member, steps, fields);
            walk(member, steps, fields);
            steps.pop();
        }
    }
}

fn note(value: &Json, steps: &[Step], fields: &mut Vec<SeenField>) {
    let path = JsonPath(steps.to_vec());
    if fields.len() < MAX_FIELDS && fields.iter().all(|field| field.path != path) {
        fields.push(SeenField {
            source: Source::Data(path.clone()),
            path,
            is_number: matches!(value, Json::Number(_)),
            is_list: matches!(value, Json::Array(_)),
        });
    }
}
