//! Following the sentences of an event type: where values come from, and what is done with them.

use std::borrow::Cow;

use super::edit::{Editor, number};
use super::sentence::{Sentence, Source, Verb, Word};
use crate::event::json::{Json, JsonPath, MAX_DEPTH};
use crate::event::{Payload, Want};
use crate::fold::merge::payload_value;
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
        let reads = |wanted: fn(&Source) -> bool| {
            sentences
                .iter()
                .any(|s| s.source.as_ref().is_some_and(wanted))
        };
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
        let names_time = |s: &Sentence| matches!(s.source, Some(Source::Word(Word::Time)));
        if self.reads_metadata || self.sentences.iter().any(names_time) {
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
            editor.remembers = index < self.safe_from || sentence.verb == Verb::Merge;
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
            let target = &sentence.target.0;
            let covers = path.0.starts_with(target);
            let is_within = target.len() > path.0.len() && target.starts_with(&path.0);
            match sentence.verb {
                _ if is_within => return true,
                Verb::Set | Verb::Delete if covers => return false,
                Verb::Set | Verb::Delete => {}
                _ if *target == path.0 => return true,
                _ => {}
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
        let target = &sentence.target;
        let Some(source) = &sentence.source else {
            editor.delete(target);
            return Ok(());
        };
        let Some(value) = self.value(source, editor.state)? else {
            return Ok(());
        };
        match sentence.verb {
            Verb::Set => {
                let value = value.into_owned();
                editor.put(target, value)
            }
            Verb::Append => {
                let value = value.into_owned();
                editor.append(target, value)
            }
            Verb::Remove => {
                let value = value.into_owned();
                editor.remove(target, &value)
            }
            Verb::Add | Verb::Subtract => {
                let amount = number(&value, source)?;
                editor.add(target, amount, sentence.verb == Verb::Subtract)
            }
            Verb::Merge => match value.into_owned() {
                Json::Object(members) => editor.merge(target, members),
                other => Err(format!(
                    "{source} is {} and no object",
                    crate::fold::merge::kind(&other)
                )),
            },
            Verb::Delete => Ok(()),
        }
    }

    /// The value of a source; `None` where it is missing.
    fn value<'v>(
        &'v self,
        source: &'v Source,
        state: &Json,
    ) -> Result<Option<Cow<'v, Json>>, String> {
        let within = |root: &'v Option<Json>, path: &JsonPath| {
            root.as_ref()
                .and_then(|root| path.get(root))
                .map(Cow::Borrowed)
        };
        Ok(match source {
            Source::Data(path) => within(&self.data, path),
            Source::Metadata(path) => within(&self.metadata, path),
            Source::Literal(value) => Some(Cow::Borrowed(value)),
            Source::Word(word) => self.word(*word).map(Cow::Owned),
            Source::State(path) => match path.get(state) {
                Some(value) if !may_be_copied(value) => {
                    return Err(format!("{source} is too large to be copied"));
                }
                found => found.cloned().map(Cow::Owned),
            },
        })
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
