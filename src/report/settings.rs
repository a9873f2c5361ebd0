//! What the user may choose of a report. It is written into it, so that the report can be made again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::audit::Finding;
use crate::fold::{Reducer, Written};

/// A section of a report, in the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportSection {
    /// Which files were examined.
    Evidence,
    /// How each check ended.
    Result,
    /// What the checks found.
    Findings,
    /// Events over time.
    Activity,
    /// Fields that became other ones over time.
    Drift,
    /// Projections that were run, with plot and table.
    Projections,
    /// A number of a stream's state over time.
    State,
    /// States of a category at the end of the period.
    AsOf,
    /// What numbers were before the period, what moved them, and what they were after.
    RollForward,
    /// Places and notes kept by hand.
    Bookmarks,
    /// Events drawn at random, with what was said of them.
    Sample,
    /// What changed between the ends of the period, and which events made it so.
    Differences,
    /// What there is in numbers.
    Population,
    /// How the numbers were made.
    Method,
    /// The raw records of the events named.
    Records,
    /// Where each number comes from.
    Sources,
}

impl ReportSection {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Evidence,
        Self::Result,
        Self::Findings,
        Self::Activity,
        Self::Drift,
        Self::Projections,
        Self::State,
        Self::AsOf,
        Self::RollForward,
        Self::Bookmarks,
        Self::Sample,
        Self::Differences,
        Self::Population,
        Self::Method,
        Self::Records,
        Self::Sources,
    ];

    /// The word for it on the command line, and its anchor on the page.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Result => "result",
            Self::Findings => "findings",
            Self::Activity => "activity",
            Self::Drift => "drift",
            Self::Projections => "projections",
            Self::State => "state",
            Self::AsOf => "as-of",
            Self::RollForward => "roll-forward",
            Self::Bookmarks => "bookmarks",
            Self::Sample => "sample",
            Self::Differences => "differences",
            Self::Population => "population",
            Self::Method => "method",
            Self::Records => "records",
            Self::Sources => "sources",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Evidence => "Evidence",
            Self::Result => "Result",
            Self::Findings => "Findings",
            Self::Activity => "Activity",
            Self::Drift => "Schema drift",
            Self::Projections => "Projections",
            Self::State => "State over time",
            Self::AsOf => "As of",
            Self::RollForward => "Roll-forward",
            Self::Bookmarks => "Bookmarks and notes",
            Self::Sample => "Sample",
            Self::Differences => "Explained differences",
            Self::Population => "Population",
            Self::Method => "Method",
            Self::Records => "Records",
            Self::Sources => "Sources",
        }
    }

    /// The one of that word.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.id() == id)
    }

    /// Whether a report without it would be none: it cannot be left out.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::Evidence | Self::Method)
    }
}

/// A table of the states of a category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TableWanted {
    /// The category.
    pub category: String,
    /// Paths of its states, such as `shipment.carrier`; empty for all members at the top.
    pub columns: Vec<String>,
}

/// A stream by its name, and its category where a name alone does not say which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamNamed {
    /// The name.
    pub name: String,
    /// The category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// A number of a stream's state that is plotted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldWanted {
    /// The stream.
    pub stream: StreamNamed,
    /// The path in its state.
    pub path: String,
}

/// A place that somebody kept, with what they noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Noted {
    /// The event.
    pub position: u32,
    /// What the place is called.
    pub name: String,
    /// What was noted; empty where nothing was.
    pub note: String,
}

/// A finding that somebody looked into and accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptedFinding {
    /// The id of the check.
    pub check: String,
    /// The stream that it is about, where it is about one.
    pub stream: Option<String>,
    /// The event that it is about, where it is about one.
    pub position: Option<u32>,
    /// What it says.
    pub finding: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
}

impl AcceptedFinding {
    /// Whether this is about a finding: the same check, stream and event; without an event, the same
    /// words.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        self.check == finding.check
            && self.stream == finding.stream
            && self.position == finding.position
            && (self.position.is_some() || self.finding == finding.message)
    }
}

/// A sample that was drawn, and what somebody who went through it said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleWanted {
    /// How many events are drawn.
    pub n: u32,
    /// From which number chance is made.
    pub seed: u64,
    /// The positions of those that were looked at.
    pub looked_at: BTreeSet<u32>,
    /// What was said of them, by position.
    pub remarks: BTreeMap<u32, String>,
}

/// A script with the text that was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ScriptText {
    /// Its file name.
    pub name: String,
    /// The whole of it.
    pub text: String,
    /// Whether events that it fails on are passed by; else it ends there.
    pub skips_errors: bool,
    /// The number that is plotted, such as `total`; the first one there is where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<String>,
}

/// What made states of events, so that it can be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesUsed {
    /// What they are called where they are chosen: `merge`, or the name of a file.
    pub name: String,
    /// What states made by them are labelled with.
    pub label: String,
    /// What the text is: rules without code, or a script; `None` of those that are built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<RulesForm>,
    /// Their text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// In what rules are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RulesForm {
    /// Rules without code, as TOML.
    Rules,
    /// A script.
    Script,
}

impl RulesUsed {
    /// Those of a reducer.
    pub fn of(reducer: &dyn Reducer) -> Self {
        let (form, text) = match reducer.written() {
            None => (None, String::new()),
            Some(Written::Rules(text)) => (Some(RulesForm::Rules), text),
            Some(Written::Script(text)) => (Some(RulesForm::Script), text),
        };
        Self {
            name: reducer.name().to_owned(),
            label: reducer.label().to_owned(),
            form,
            text,
        }
    }
}

/// What a report says, and how: with the same files and settings it is the same, byte for byte, but for
/// the line that says who prepared it and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportSettings {
    /// The title; the file's name where it is empty.
    pub title: String,
    /// The number or name of the case; empty where there is none.
    pub case: String,
    /// A note at its head; empty where there is none.
    pub note: String,
    /// The first position of the period; the beginning where it is not said.
    pub from: Option<u32>,
    /// The last position of the period, and where tables of states stand; the end where it is not said.
    pub until: Option<u32>,
    /// Sections that are left out.
    pub without: BTreeSet<ReportSection>,
    /// Names of fields whose values are masked, such as `email`, `*name*` or `data.customer.phone`.
    pub mask: Vec<String>,
    /// Tables of states.
    pub tables: Vec<TableWanted>,
    /// Numbers of states that are rolled forward over the period, by category.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rolled: Vec<TableWanted>,
    /// Streams whose differences between the ends of the period are explained.
    pub explained: Vec<StreamNamed>,
    /// Places and notes.
    pub bookmarks: Vec<Noted>,
    /// Findings that are accepted.
    pub accepted: Vec<AcceptedFinding>,
    /// A sample of all events of the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleWanted>,
    /// The number of a stream's state that is plotted; a suggested one where none is named.
    pub field: Option<FieldWanted>,
    /// Projections that are run.
    pub projections: Vec<ScriptText>,
}

impl ReportSettings {
    /// Whether a section is in the report.
    pub fn has(&self, section: ReportSection) -> bool {
        section.is_fixed() || !self.without.contains(&section)
    }

    /// The same with nothing that stands at its head only: two settings that are equal so have the same
    /// contents.
    #[must_use]
    pub fn without_head(&self) -> Self {
        Self {
            title: String::new(),
            case: String::new(),
            note: String::new(),
            ..self.clone()
        }
    }
}
