//! The question of `annals state`, and its answer as JSON.

use super::beside::{Against, explain_beside};
use super::blame::{Blame, blame};
use super::diff::diff;
use super::leaves::LeafHistory;
use super::replay::Folder;
use super::responsible::ExplainedChange;
use super::state::{FoldError, State};
use super::unknown::Unknown;
use crate::event::json::{Json, Object};
use crate::event::{Position, StreamId, Timestamp, Version};

/// Where in a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum At {
    /// After its last event.
    #[default]
    End,
    /// After the last event that carries this version.
    Version(Version),
    /// After its last event at or before a position of the whole history.
    AsOf(Position),
}

/// What `annals state` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateQuestion {
    /// Of which stream.
    pub stream: StreamId,
    /// Where in it.
    pub at: At,
    /// The point whose state is to be compared with it. A position before the stream's first event is
    /// compared with nothing.
    pub diff: Option<At>,
    /// Whether the event that set each leaf is asked for.
    pub blame: bool,
}

/// What `annals state` answers.
#[derive(Clone, Debug, PartialEq)]
pub struct StateAnswer {
    /// The stream's name.
    pub stream: String,
    /// The reducer's name.
    pub rules: String,
    /// The name of the branch of which it is; `None` for the history as recorded.
    pub branch: Option<String>,
    /// The state.
    pub state: State,
    /// The time of its last event with exactly the fraction digits of the source.
    pub time: Option<(Timestamp, u8)>,
    /// The changes since the point that was asked about.
    pub diff: Option<Vec<ExplainedChange>>,
    /// The state that they are from, where that is none of the same stream and history.
    pub against: Option<AgainstAnswer>,
    /// What is not known of the state.
    pub unknown: Vec<Unknown>,
    /// Who set each leaf, by JSON Pointer in the order of the state.
    pub blame: Option<Vec<(String, Blame)>>,
}

/// The older state of a comparison with another stream, or with what was known at another point.
#[derive(Clone, Debug, PartialEq)]
pub struct AgainstAnswer {
    /// Its stream.
    pub stream: String,
    /// The name of its branch; `None` for the history as recorded.
    pub branch: Option<String>,
    /// The state.
    pub state: State,
    /// The time of its last event with exactly the fraction digits of the source.
    pub time: Option<(Timestamp, u8)>,
}

impl StateQuestion {
    /// Answers it with what differs from a state that may be of another stream, or of what was known at
    /// another point; [`Self::diff`] is not looked at.
    pub fn ask_against(
        &self,
        folder: &Folder,
        against: Against<'_>,
        cancel: &dyn Fn() -> bool,
    ) -> Result<StateAnswer, FoldError> {
        let alone = Self {
            diff: None,
            ..*self
        };
        let mut answer = alone.ask(folder, cancel)?;
        let other = Self {
            stream: against.stream,
            ..alone
        };
        let old = other.state(against.folder, against.at, cancel)?;
        let changes = diff(&old.value, &answer.state.value);
        let (before, after) = ((against.folder, &old), (folder, &answer.state));
        answer.diff = Some(explain_beside(before, after, changes, cancel)?);
        let branch = against.folder.branch();
        answer.against = Some(AgainstAnswer {
            stream: folder.history().log.stream_name(against.stream).to_owned(),
            branch: branch.map(|branch| branch.name().to_owned()),
            time: folder.exact_time(old.position),
            state: old,
        });
        Ok(answer)
    }

    /// Answers it; reads events, so never while drawing a frame.
    pub fn ask(
        &self,
        folder: &Folder,
        cancel: &dyn Fn() -> bool,
    ) -> Result<StateAnswer, FoldError> {
        let state = self.state(folder, self.at, cancel)?;
        let diff = match self.diff {
            None => None,
            Some(point) => {
                let old = match self.state(folder, point, cancel) {
                    Err(FoldError::NotBegun { .. }) => None,
                    other => Some(other?),
                };
                Some(folder.explain(old.as_ref(), &state, cancel)?)
            }
        };
        let blame = if self.blame {
            let leaves = LeafHistory::of(folder, self.stream, state.rank, cancel)?;
            Some(blame(folder, &state, &leaves))
        } else {
            None
        };
        Ok(StateAnswer {
            unknown: folder.unknown(&state, cancel)?,
            blame,
            stream: folder.history().log.stream_name(self.stream).to_owned(),
            rules: folder.reducer().name().to_owned(),
            branch: folder.branch().map(|branch| branch.name().to_owned()),
            time: folder.exact_time(state.position),
            state,
            diff,
            against: None,
        })
    }

    fn state(
        &self,
        folder: &Folder,
        at: At,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        match at {
            At::End => folder.state_at_end(self.stream, cancel),
            At::Version(version) => folder.state_at_version(self.stream, version, cancel),
            At::AsOf(position) => folder.state_as_of(self.stream, position, cancel),
        }
    }
}

impl StateAnswer {
    /// The document that `annals state --json` prints; `unknown` and `failures` stand at its end where
    /// there are any.
    pub fn to_json(&self) -> Json {
        let state = &self.state;
        let time = self
            .time
            .map_or(Json::Null, |(time, digits)| text(&time.rfc3339(digits)));
        let mut answer = object([
            ("stream", text(&self.stream)),
            ("version", state.version.map_or(Json::Null, |v| number(v.0))),
            ("position", number(state.position.0)),
            ("time", time),
            ("state", state.value.clone()),
            ("events_applied", number(state.events_applied)),
            ("not_applied", number(state.not_applied)),
            ("rules", text(&self.rules)),
        ]);
        if let Some(branch) = &self.branch {
            answer.push("branch".into(), text(branch));
        }
        if let Some(blame) = &self.blame {
            let mut by_path = Object::default();
            for (pointer, setter) in blame {
                by_path.insert(pointer, setter.to_json());
            }
            answer.push("blame".into(), Json::Object(by_path));
        }
        if let Some(changes) = &self.diff {
            let changes = changes.iter().map(change_json).collect();
            answer.push("diff".into(), Json::Array(changes));
        }
        if let Some(against) = &self.against {
            answer.push("against".into(), against.to_json());
        }
        if !self.unknown.is_empty() {
            let mut by_path = Object::default();
            for unknown in &self.unknown {
                let since = object([
                    ("position", number(unknown.since.0)),
                    ("reason", text(&unknown.reason)),
                ]);
                by_path.insert(&unknown.path.pointer(), Json::Object(since));
            }
            answer.push("unknown".into(), Json::Object(by_path));
        }
        if !state.failures.is_empty() {
            let failures = state.failures.iter().map(failure_json).collect();
            answer.push("failures".into(), Json::Array(failures));
        }
        Json::Object(answer)
    }
}

impl AgainstAnswer {
    fn to_json(&self) -> Json {
        let state = &self.state;
        let time = self
            .time
            .map_or(Json::Null, |(time, digits)| text(&time.rfc3339(digits)));
        let mut json = object([
            ("stream", text(&self.stream)),
            ("version", state.version.map_or(Json::Null, |v| number(v.0))),
            ("position", number(state.position.0)),
            ("time", time),
        ]);
        if let Some(branch) = &self.branch {
            json.push("branch".into(), text(branch));
        }
        Json::Object(json)
    }
}

fn change_json(explained: &ExplainedChange) -> Json {
    let change = &explained.change;
    let mut json = object([
        ("path", text(&change.path.pointer())),
        ("change", text(change.kind.name())),
    ]);
    for (key, value) in [("old", &change.old), ("new", &change.new)] {
        if let Some(value) = value {
            json.push(key.into(), value.clone());
        }
    }
    let by = explained.by.iter().map(|position| number(position.0));
    json.push("by".into(), Json::Array(by.collect()));
    if !explained.old_by.is_empty() {
        let by = explained.old_by.iter().map(|position| number(position.0));
        json.push("old_by".into(), Json::Array(by.collect()));
    }
    Json::Object(json)
}

fn failure_json((position, reason): &(Position, String)) -> Json {
    Json::Object(object([
        ("position", number(position.0)),
        ("reason", text(reason)),
    ]))
}

pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Object {
    let mut object = Object::default();
    for (key, value) in members {
        object.push(key.into(), value);
    }
    object
}

pub(super) fn text(text: &str) -> Json {
    Json::Text(text.into())
}

pub(super) fn number(number: impl std::fmt::Display) -> Json {
    Json::Number(number.to_string().into())
}
