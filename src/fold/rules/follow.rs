//! Following the sentences of an event type: where values come from, and what is done with them.

use std::borrow::Cow;

use super::condition::{Condition, Test};
use super::edit::{Editor, number};
use super::sentence::{Sentence, Source, Verb, Word};
use super::target::{Part, Relation, Target};
use crate::event::json::{Json, JsonPath, MAX_DEPTH, Object, Step};
use crate::event::{Payload, Want};
use crate::fold::merge::{kind, payload_value};
use crate::fold::reducer::{Applied, FoldEvent};

/// The most that one sentence copies from one place of the state to another, in bytes as a rough
/// count: two places that copy from each other would double the state with every event.
const MAX_COPY: usize = 64 << 10;

/// The sentences of an event type, with what they need.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) sentences: Vec<Sentence>,
    reads_data: bool,
    reads_metadata: bool,
    /// Before this sentence a failure may still come, so changes must be remembered.
    safe_from: usize,
}

impl Plan {
    pub(super) fn new(sentences: Vec<Sentence>) -> Self {
        let reads =
            |wanted: fn(&Source) -> bool| sentences.iter().flat_map(Sentence::sources).any(wanted);
        let last_risk = sentences.iter().rposition(Sentence::may_fail);
        Self {
            reads_data: reads(|source| matches!(source, Source::Data(_))),
            reads_metadata: reads(|source| matches!(source, Source::Metadata(_))),
            safe_from: last_risk.unwrap_or(0),
            sentences,
        }
    }

    /// How much of an event must be read.
    pub(super) fn wants(&self) -> Want {
        let mut sources = self.sentences.iter().flat_map(Sentence::sources);
        if self.reads_metadata || sources.any(|source| *source == Source::Word(Word::Time)) {
            Want::Presented
        } else {
            Want::Data
        }
    }

    /// Follows all sentences, or none.
    pub(super) fn follow(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        let values = match Values::read(self, event) {
            Ok(values) => values,
            Err(reason) => return Applied::NotApplied(reason),
        };
        let mut editor = Editor::new(state);
        for (index, sentence) in self.sentences.iter().enumerate() {
            let is_last_risk = index == self.safe_from && sentence.may_fail();
            editor.remembers = index < self.safe_from || is_last_risk;
            if let Err(reason) = values.follow(sentence, &mut editor) {
                editor.roll_back();
                return Applied::NotApplied(format!("{sentence}: {reason}"));
            }
        }
        Applied::Yes
    }

    /// Whether following it makes the value at `path` out of the one that is there.
    pub(super) fn builds_on(&self, path: &JsonPath) -> bool {
        for sentence in &self.sentences {
            let is_conditional = !sentence.conditions.is_empty();
            let replaces = matches!(sentence.verb, Verb::Set | Verb::Delete | Verb::Count);
            match sentence.target.relation(path) {
                Relation::Around => return true,
                // What was there does not count any more, unless this is left out for some events.
                Relation::In {
                    is_certain: true, ..
                } if replaces && !is_conditional => return false,
                Relation::In { is_same: true, .. } if !replaces => return true,
                // Elements that are taken out make others move up.
                Relation::In { is_same: false, .. } if sentence.verb == Verb::Remove => {
                    return true;
                }
                Relation::Beside if sentence.verb == Verb::Delete => return true,
                Relation::In { .. } | Relation::Beside | Relation::Apart => {}
            }
        }
        false
    }
}

/// What sentences about one event can mention.
struct Values<'a> {
    event: &'a FoldEvent<'a>,
    data: Option<Json>,
    metadata: Option<Json>,
}

impl<'a> Values<'a> {
    /// Reads the payloads that the plan mentions; one that is there and no JSON is refused.
    fn read(plan: &Plan, event: &'a FoldEvent<'a>) -> Result<Self, String> {
        let read = |is_read: bool, payload: &Payload, name: &str| {
            if !is_read || matches!(payload, Payload::Missing) {
                return Ok(None);
            }
            let value = payload_value(payload).map_err(|reason| format!("{name} {reason}"))?;
            Ok::<_, String>(Some(value))
        };
        Ok(Self {
            event,
            data: read(plan.reads_data, event.data, "data")?,
            metadata: read(plan.reads_metadata, event.metadata, "metadata")?,
        })
    }

    fn follow(&self, sentence: &Sentence, editor: &mut Editor<'_>) -> Result<(), String> {
        for condition in &sentence.conditions {
            if !self.holds(condition, editor.state)? {
                return Ok(());
            }
        }
        let Some(source) = &sentence.source else {
            if let Some(target) = self.find(&sentence.target, editor, false)? {
                editor.delete(&target);
            }
            return Ok(());
        };
        if sentence.verb == Verb::Count {
            let Some(count) = self.count(source, editor.state)? else {
                return Ok(());
            };
            let target = self.find(&sentence.target, editor, true)?;
            return target.map_or(Ok(()), |target| editor.put(&target, count));
        }
        let Some(value) = self.value(source, editor.state)? else {
            return Ok(());
        };
        let makes = sentence.verb != Verb::Remove;
        let Some(target) = self.find(&sentence.target, editor, makes)? else {
            return Ok(());
        };
        match sentence.verb {
            Verb::Set => editor.put(&target, value.into_owned()),
            Verb::Append => editor.append(&target, value.into_owned()),
            Verb::Remove => editor.remove(&target, &value),
            Verb::Add | Verb::Subtract => {
                let amount = number(&value, source)?;
                editor.add(&target, amount, sentence.verb == Verb::Subtract)
            }
            Verb::Merge => match value.into_owned() {
                Json::Object(members) => editor.merge(&target, members),
                other => Err(format!("{source} is {} and no object", kind(&other))),
            },
            Verb::Delete | Verb::Count => Ok(()),
        }
    }

    fn holds(&self, condition: &Condition, state: &Json) -> Result<bool, String> {
        let left = self.look(&condition.left, state);
        let (comparison, right) = match &condition.test {
            Test::Exists => return Ok(left.is_some()),
            Test::Missing => return Ok(left.is_none()),
            Test::Compare(comparison, right) => (comparison, self.look(right, state)),
        };
        match (left, right) {
            (Some(left), Some(right)) => comparison.holds(&left, &right),
            _ => Ok(false),
        }
    }

    /// How many elements or members a source has; `None` where it is missing.
    fn count(&self, source: &Source, state: &Json) -> Result<Option<Json>, String> {
        let Some(value) = self.look(source, state) else {
            return Ok(None);
        };
        let count = match &*value {
            Json::Array(elements) => elements.len(),
            Json::Object(object) => object.len(),
            other => {
                let kind = kind(other);
                return Err(format!("{source} is {kind} and has nothing to be counted"));
            }
        };
        Ok(Some(Json::Number(count.to_string().into())))
    }

    /// The path for which a target stands with this event; `None` where it depends on something that
    /// is missing. `makes` an element that is not there yet.
    fn find(
        &self,
        target: &Target,
        editor: &mut Editor<'_>,
        makes: bool,
    ) -> Result<Option<JsonPath>, String> {
        let mut path = JsonPath::default();
        for part in target.parts() {
            let step = match part {
                Part::Step(step) => step.clone(),
                Part::Named(source) => match self.look(source, editor.state).as_deref() {
                    None => return Ok(None),
                    Some(Json::Text(name) | Json::Number(name)) => Step::Key(name.clone()),
                    Some(other) => return Err(format!("{source} is {} and no name", kind(other))),
                },
                Part::Where(key, source) => {
                    let Some(value) = self.value(source, editor.state)?.map(Cow::into_owned) else {
                        return Ok(None);
                    };
                    match element(&path, key, value, editor, makes)? {
                        Some(index) => Step::Index(index),
                        None => return Ok(None),
                    }
                }
            };
            path.0.push(step);
        }
        Ok(Some(path))
    }

    /// The value of a source that is not in the state; `None` where it is missing.
    fn outside<'v>(&'v self, source: &'v Source) -> Option<Cow<'v, Json>> {
        match source {
            Source::Data(path) => path.get(self.data.as_ref()?).map(Cow::Borrowed),
            Source::Metadata(path) => path.get(self.metadata.as_ref()?).map(Cow::Borrowed),
            Source::Literal(value) => Some(Cow::Borrowed(value)),
            Source::Word(word) => self.word(*word).map(Cow::Owned),
            Source::State(_) => None,
        }
    }

    /// The value of a source, only to be looked at; `None` where it is missing.
    fn look<'v>(&'v self, source: &'v Source, state: &'v Json) -> Option<Cow<'v, Json>> {
        match source {
            Source::State(path) => path.get(state).map(Cow::Borrowed),
            other => self.outside(other),
        }
    }

    /// The value of a source, to be put into the state; `None` where it is missing.
    fn value<'v>(
        &'v self,
        source: &'v Source,
        state: &Json,
    ) -> Result<Option<Cow<'v, Json>>, String> {
        let Source::State(path) = source else {
            return Ok(self.outside(source));
        };
        match path.get(state) {
            Some(value) if !may_be_copied(value) => {
                Err(format!("{source} is too large to be copied"))
            }
            found => Ok(found.cloned().map(Cow::Owned)),
        }
    }

    fn word(&self, word: Word) -> Option<Json> {
        let text = |text: &str| Json::Text(text.into());
        let number = |number: String| Json::Number(number.into());
        let event = self.event;
        match word {
            Word::Stream => Some(text(event.stream)),
            Word::Type => Some(text(event.event_type)),
            Word::Version => event.version.map(|version| number(version.0.to_string())),
            Word::Time => event.time.map(|(time, digits)| text(&time.rfc3339(digits))),
            Word::Position => Some(number(event.position.0.to_string())),
        }
    }
}

/// The index of the first element with that value in the field `key` of the array at `path`. Where there
/// is none, one that has nothing but that field is made at its end, if it is to be.
fn element(
    path: &JsonPath,
    key: &JsonPath,
    value: Json,
    editor: &mut Editor<'_>,
    makes: bool,
) -> Result<Option<usize>, String> {
    let elements = match path.get(editor.state) {
        Some(Json::Array(elements)) => &**elements,
        None => &[],
        Some(_) if !makes => return Ok(None),
        Some(other) => return Err(format!("{path} is {} and no array", kind(other))),
    };
    let found = elements.iter().position(|one| key.get(one) == Some(&value));
    let n_elements = elements.len();
    if found.is_some() || !makes {
        return Ok(found);
    }
    let mut new = Json::Object(Object::default());
    if let Some(place) = key.get_or_make(&mut new) {
        *place = value;
    }
    editor.append(path, new)?;
    Ok(Some(n_elements))
}

/// Whether a value of the state is small and flat enough to stand in it once more.
fn may_be_copied(value: &Json) -> bool {
    let mut room = MAX_COPY;
    fits(value, MAX_DEPTH / 2, &mut room)
}

fn fits(value: &Json, depth: usize, room: &mut usize) -> bool {
    let own = 16
        + match value {
            Json::Number(text) | Json::Text(text) => text.len(),
            _ => 0,
        };
    let Some(left) = room.checked_sub(own) else {
        return false;
    };
    *room = left;
    match value {
        Json::Array(elements) => depth > 0 && elements.iter().all(|e| fits(e, depth - 1, room)),
        Json::Object(object) => {
            let keys: usize = object.iter().map(|(key, _)| key.len()).sum();
            *room = room.saturating_sub(keys);
            depth > 0
                && object
                    .iter()
                    .all(|(_, member)| fits(member, depth - 1, room))
        }
        _ => true,
    }
}
