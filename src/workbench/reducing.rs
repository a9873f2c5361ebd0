//! What makes states, as it is chosen or written in the window.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::workbench::Workbench;
use crate::event::{CategoryId, TypeId};
use crate::fold::rules::Source;
use crate::fold::{Folder, Reducer, Written};

/// With these begins who writes rules for the first time: states as a payload merge makes them, until
/// a type has sentences of its own.
const FIRST_RULES: &str = "[category.'*'.on]\n'*' = ['merge data']\n";
/// With this begins who writes a script for the first time.
const FIRST_SCRIPT: &str = "fromAll().foreachStream().when({
  $init: () => ({}),
  $any: (state, event) => Object.assign(state, event.data),
})
";

/// The reducers that can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReducerKind {
    /// Payloads laid over one another at the top.
    #[default]
    Merge,
    /// Payloads as merge patches (RFC 7396).
    MergePatch,
    /// The payload of the last event.
    LastPayload,
    /// Rules without code.
    Rules,
    /// A script.
    Script,
}

impl ReducerKind {
    /// All of them, with what they are called on screen.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Merge, "Payload merge"),
        (Self::MergePatch, "Merge patch"),
        (Self::LastPayload, "Last payload"),
        (Self::Rules, "Rules"),
        (Self::Script, "Script"),
    ];

    /// What it is called where it is kept.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::MergePatch => "merge-patch",
            Self::LastPayload => "last-payload",
            Self::Rules => "rules",
            Self::Script => "script",
        }
    }

    /// The one that is called so where it is kept.
    pub fn of_key(key: &str) -> Option<Self> {
        let mut kinds = Self::ALL.into_iter().map(|(kind, _)| kind);
        kinds.find(|kind| kind.key() == key)
    }
}

/// A reducer as it is chosen or written; the texts of those not chosen are kept beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReducerText {
    /// Which one.
    pub kind: ReducerKind,
    /// Rules without code, as TOML; empty where none were written.
    pub rules: String,
    /// A script; empty where none was written.
    pub script: String,
}

/// A change of what makes states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReducerEdit {
    /// Use this one.
    Choose(ReducerKind),
    /// Rules without code are these, as TOML.
    Rules(String),
    /// The script is this.
    Script(String),
    /// Back to what the history came with.
    Reset,
}

/// Why what is written cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReducerProblem {
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

/// What makes states, while it is chosen and written.
#[derive(Clone, Debug, Default)]
pub struct Reducing {
    /// As it stands in the window; what is in force may be older.
    pub text: ReducerText,
    /// Since when it waits to come into force.
    pub typed_at: Option<Duration>,
    /// Why it cannot come into force; the last one that could stays.
    pub problem: Option<ReducerProblem>,
    /// Whether it was chosen or written by the user and did not come with the history.
    pub is_own: bool,
    /// Grows with every text that was not typed: what shows the text begins anew.
    pub revision: u64,
}

impl Reducing {
    /// Takes in a text that was not typed.
    pub fn show(&mut self, text: ReducerText, is_own: bool) {
        *self = Self {
            text,
            is_own,
            typed_at: None,
            problem: None,
            revision: self.revision + 1,
        };
    }

    /// Changes the text; one that is chosen comes into force at once, one that is typed after a rest.
    pub fn edit(&mut self, edit: ReducerEdit, now: Duration) {
        match edit {
            ReducerEdit::Choose(kind) => {
                self.text.kind = kind;
                if kind == ReducerKind::Rules && self.text.rules.trim().is_empty() {
                    FIRST_RULES.clone_into(&mut self.text.rules);
                    self.revision += 1;
                }
                if kind == ReducerKind::Script && self.text.script.trim().is_empty() {
                    FIRST_SCRIPT.clone_into(&mut self.text.script);
                    self.revision += 1;
                }
                self.typed_at = Some(Duration::ZERO);
            }
            ReducerEdit::Rules(rules) => {
                self.text.rules = rules;
                self.typed_at = Some(now);
            }
            ReducerEdit::Script(script) => {
                self.text.script = script;
                self.typed_at = Some(now);
            }
            ReducerEdit::Reset => {}
        }
    }
}

impl ReducerText {
    /// The text of a reducer that came with a history or was named by the user.
    pub fn of(reducer: &dyn Reducer) -> Self {
        let mut text = Self::default();
        match reducer.written() {
            Some(Written::Rules(rules)) => {
                text.kind = ReducerKind::Rules;
                text.rules = rules;
            }
            Some(Written::Script(script)) => {
                text.kind = ReducerKind::Script;
                text.script = script;
            }
            None => text.kind = ReducerKind::of_key(reducer.name()).unwrap_or_default(),
        }
        text
    }
}

/// Of which category the types and fields are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleFactsKey {
    /// Of which history.
    pub generation: u64,
    /// Which category.
    pub category: CategoryId,
}

/// A field that some payload of a type has.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenField {
    /// As a sentence names it.
    pub source: Source,
    /// Where it stands in the payload.
    pub path: crate::event::json::JsonPath,
    /// Whether it was a number.
    pub is_number: bool,
    /// Whether it was an array.
    pub is_list: bool,
}

/// What rules for a category can be about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleFacts {
    /// The types of its events with how many there are, the most frequent first.
    pub types: Vec<(TypeId, u64)>,
    /// The fields of a few payloads of each type.
    pub fields: BTreeMap<TypeId, Vec<SeenField>>,
}

/// What rules can be about, with the question.
pub type RuleFactsAnswer = Answer<RuleFactsKey, Result<RuleFacts, String>>;

impl Workbench {
    /// What is asked about the category of the stream shown, while its rules are.
    pub fn rule_facts_key(&self) -> Option<RuleFactsKey> {
        let history = self.history.as_ref()?;
        let stream = self.stream_shown()?;
        Some(RuleFactsKey {
            generation: self.generation,
            category: history.log.stream_info(stream).category,
        })
    }

    /// Takes another reducer for the history that is open. All that was made of states is stale with
    /// it; what was found in the events alone stays.
    pub fn use_reducer(&mut self, reducer: Arc<dyn Reducer>) {
        if let Some(history) = &self.history {
            let folder = Folder::new(Arc::clone(history), Arc::clone(&reducer));
            self.folder = Some(Arc::new(folder));
        }
        self.reducer = reducer;
        let before = self.generation;
        self.generation = self.next_number();
        self.states = self.generation;
        let now = self.generation;
        let next = |generation: &mut u64| *generation = now;
        let answers = &mut self.answers;
        answers.audit.ask_again(next);
        answers.facets.ask_again(next);
        answers.event.ask_again(|key| key.generation = now);
        answers.previews.ask_again(|key| key.generation = now);
        answers.rule_facts.ask_again(|key| key.generation = now);
        let travel = &mut answers.travel;
        travel.index.ask_again(next);
        travel.chain.ask_again(|key| key.generation = now);
        travel.undertaking.ask_again(|key| key.generation = now);
        travel.related.ask_again(|key| key.generation = now);
        if self.wants_causes == Some(before) {
            self.wants_causes = Some(now);
        }
        self.follow_branch();
    }
}
