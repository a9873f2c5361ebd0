//! The file in which invariants stand.

use serde::Deserialize;

use crate::event::Severity;
use crate::query::{Context, RowFilter};

/// The longest file that is read, and the most rules in it.
const MAX_TEXT: usize = 1 << 20;
const MAX_RULES: usize = 1000;

/// Rules that a history must keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invariants {
    /// Those over states.
    #[serde(default, rename = "state")]
    pub states: Vec<StateRule>,
    /// Those over the order of events.
    #[serde(default, rename = "sequence")]
    pub sequences: Vec<SequenceRule>,
}

/// A condition that holds after every event of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRule {
    /// What it is called.
    pub name: String,
    /// For which streams it holds; for all where none is named.
    #[serde(default)]
    pub category: Option<String>,
    /// The condition, in the language of filters.
    pub that: String,
    /// The file that says what events mean; without one payloads are merged.
    #[serde(default)]
    pub rules: Option<String>,
    /// How much it matters.
    #[serde(default)]
    pub severity: RuleSeverity,
}

/// A condition on the order of a stream's events.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceRule {
    /// What it is called.
    pub name: String,
    /// For which streams it holds; for all where none is named.
    #[serde(default)]
    pub category: Option<String>,
    /// How much it matters.
    #[serde(default)]
    pub severity: RuleSeverity,
    /// After an event of this type …
    #[serde(default)]
    pub after: Option<String>,
    /// … none of these types; of no type at all where none is named.
    #[serde(default)]
    pub never: Vec<String>,
    /// An event of this type …
    #[serde(default, rename = "type")]
    pub event_type: Option<String>,
    /// … only after one of this type.
    #[serde(default)]
    pub only_after: Option<String>,
    /// What of an event of that type …
    #[serde(default)]
    pub field: Option<String>,
    /// … is not what another before it has.
    #[serde(default)]
    pub differs_from: Option<FieldOfType>,
}

/// A field of the events of a type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldOfType {
    /// The type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The field: `data.…`, `meta.…` or `user`.
    pub field: String,
}

/// How much a broken rule matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleSeverity {
    /// The answer is "no".
    #[default]
    Error,
    /// It needs an explanation.
    Warning,
    /// It is worth knowing.
    Info,
}

impl From<RuleSeverity> for Severity {
    fn from(severity: RuleSeverity) -> Self {
        match severity {
            RuleSeverity::Error => Self::Error,
            RuleSeverity::Warning => Self::Warning,
            RuleSeverity::Info => Self::Info,
        }
    }
}

impl Invariants {
    /// Reads a file; what cannot be meant is refused in a sentence that names the rule.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_TEXT {
            return Err("the file is longer than 1 MiB".to_owned());
        }
        let read: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let n_rules = read.n_rules();
        if n_rules == 0 {
            return Err("it holds no [[state]] and no [[sequence]]".to_owned());
        }
        if n_rules > MAX_RULES {
            return Err(format!("it holds {n_rules} rules, the most is {MAX_RULES}"));
        }
        for rule in &read.states {
            RowFilter::parse(rule.condition(), &Context::default())
                .map_err(|error| format!("\"{}\": {error}", rule.name))?;
        }
        for rule in &read.sequences {
            rule.check()
                .map_err(|why| format!("\"{}\": {why}", rule.name))?;
        }
        Ok(read)
    }

    /// How many rules there are.
    pub fn n_rules(&self) -> usize {
        self.states.len() + self.sequences.len()
    }
}

impl StateRule {
    /// The condition as the language of filters reads it: of states, without the word before them.
    pub(super) fn condition(&self) -> &str {
        self.that.trim()
    }
}

impl SequenceRule {
    /// Whether it says exactly one thing.
    fn check(&self) -> Result<(), String> {
        let (after, only_after) = (self.after.is_some(), self.only_after.is_some());
        let (typed, field, differs) = (
            self.event_type.is_some(),
            self.field.is_some(),
            self.differs_from.is_some(),
        );
        let never = !self.never.is_empty();
        match (after, typed, only_after, field && differs, field || differs) {
            (true, false, false, false, false) => Ok(()),
            (false, true, true, false, false) | (false, true, false, true, true) if !never => {
                Ok(())
            }
            _ => Err(
                "a sequence says one of: after and never, type and only_after, \
                or type, field and differs_from"
                    .to_owned(),
            ),
        }
    }
}
