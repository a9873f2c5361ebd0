//! How well what is chosen for each field fits, and what is lacking before anything can be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::MapTask;
use super::draft::{read_field, role_of, table_name};
use super::survey::judgment;
use crate::source::{Error, Progress, Source};
use crate::workbench::{EventField, Judgment, MapDraft, MapTable};

/// Why the draft makes no events, before anything is read.
pub(super) fn refusal(draft: &MapDraft, judged: &[Judgment]) -> Option<String> {
    let problem = EventField::ALL.into_iter().find_map(|field| {
        let problem = judged.get(field.index())?.problem.as_ref()?;
        Some(format!("{}: {problem}", field.label()))
    });
    if problem.is_some() {
        return problem;
    }
    for (field, what) in [(EventField::Stream, "stream"), (EventField::Type, "type")] {
        if draft.lacks(field) {
            return Some(format!("Choose a column for the {what} to open this file."));
        }
    }
    let more = "Choose a column for the data, the version or the time to open this file.";
    (!draft.is_enough()).then(|| more.to_owned())
}

/// Judges each field that is not as it was guessed.
pub(super) fn judge_all(
    task: &MapTask,
    source: &Source,
    progress: &Arc<Progress>,
) -> Result<[Judgment; EventField::ALL.len()], Error> {
    let draft = &task.key.draft;
    let mut judged: [Judgment; EventField::ALL.len()] = Default::default();
    let Some(table) = task.survey.tables.get(draft.table) else {
        return Ok(judged);
    };
    let mut fields = BTreeMap::new();
    for field in EventField::ALL {
        let text = draft.field(field).text.trim();
        if text.is_empty() {
            continue;
        }
        match read_field(text, table, task.survey.is_database) {
            Ok(read) => {
                fields.insert(role_of(field), read);
            }
            Err(why) => judged[field.index()].problem = Some(why),
        }
    }
    let table_name = source_name(task);
    for field in EventField::ALL {
        let Some(read) = fields.get(&role_of(field)) else {
            continue;
        };
        judged[field.index()] = if let Some(known) = known_judgment(task, table, field) {
            known.clone()
        } else {
            let role = role_of(field);
            let mut others = fields.clone();
            others.remove(&role);
            crate::source::judge(source, table_name, role, read, &others, progress)?
                .map_or_else(Judgment::default, |guess| judgment(&guess))
        };
    }
    Ok(judged)
}

/// What is known of a field as it is now, from the guess or from an earlier draft.
///
/// What a field is worth may hang on the stream: with another stream it is judged again.
fn known_judgment<'a>(
    task: &'a MapTask,
    table: &'a MapTable,
    field: EventField,
) -> Option<&'a Judgment> {
    let (draft, at) = (&task.key.draft, field.index());
    if draft.fields[at].text == table.guessed[at].text {
        return Some(&table.judged[at]);
    }
    let (before, judged) = task.known.as_ref()?;
    let stream = EventField::Stream.index();
    let is_same = before.table == draft.table
        && before.fields[at].text == draft.fields[at].text
        && before.fields[stream].text == draft.fields[stream].text;
    is_same.then(|| &judged[at])
}

/// The name by which `source` knows the table of a draft; empty for a log.
fn source_name(task: &MapTask) -> &str {
    table_name(&task.key.draft, &task.survey).unwrap_or_default()
}
