//! What came of a run: how it ended, its partitions, what it wrote, what it left out.

use crate::event::Position;
use crate::script::{Call, Definition, EmitKind, Phase};

/// Why a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// It came to the end, or to the position that was asked for.
    #[default]
    Done,
    /// The projection could not go on: [`Run::fault`].
    Faulted,
    /// It was stopped; what it holds is as of [`Run::reached`].
    Cancelled,
}

/// Why a projection could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFault {
    /// When that showed.
    pub phase: Phase,
    /// The event that was handled.
    pub position: Option<Position>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The line of the script, counted from 1, where it is known.
    pub line: Option<u32>,
}

/// A partition as it stands at the end; the name of the root, and of the shared state, is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: Box<str>,
    /// Its state as a text of JSON; `None` where it has none.
    pub state: Option<Box<str>>,
    /// Whether its result is `transformed`, and not its state.
    pub(super) is_transformed: bool,
    pub(super) transformed: Option<Box<str>>,
    /// How many events it has handled.
    pub n_events: u64,
    /// The last of them.
    pub last: Option<Position>,
}

impl Partition {
    /// Its result as a text of JSON: the state, or what the transforms made of it.
    pub fn result(&self) -> Option<&str> {
        if self.is_transformed {
            self.transformed.as_deref()
        } else {
            self.state.as_deref()
        }
    }
}

/// An event that a projection emitted, or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    /// The stream that it went into.
    pub stream: Box<str>,
    /// Its number there, counted from 0 in this run.
    pub number: u32,
    /// Its type; `$>` for a link.
    pub event_type: Box<str>,
    /// JSON text, or the text of a link.
    pub data: Box<str>,
    /// A text of JSON: an object with what the script gave and with the cause.
    pub metadata: Box<str>,
    /// The event that caused it.
    pub at: Position,
    /// Event, link or reference.
    pub kind: EmitKind,
}

/// A change of a result, where a projection announces its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The event that caused it.
    pub at: Position,
    /// The stream for it.
    pub stream: Box<str>,
    /// Whether the result is gone: `ResultRemoved`.
    pub is_removal: bool,
    /// The result as a text of JSON.
    pub data: Option<Box<str>>,
}

/// An event that was passed by because the script failed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub position: Position,
    /// Why.
    pub message: String,
    /// The line of the script, counted from 1, where it is known.
    pub line: Option<u32>,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Why it ended.
    pub ended: Ended,
    /// What stopped it.
    pub fault: Option<RunFault>,
    /// What the script says it is about; `None` where it could not be read, and for built-in ones.
    pub definition: Option<Definition>,
    /// All partitions, in the order in which they came up.
    pub partitions: Vec<Partition>,
    /// What was emitted, in order.
    pub emitted: Vec<Emitted>,
    /// How much more was emitted than is kept.
    pub n_more_emitted: u64,
    /// All changes of results, where the projection announces them.
    pub results: Vec<Released>,
    /// How many more there were than are kept.
    pub n_more_results: u64,
    /// The lines that the script logged.
    pub log: Vec<Box<str>>,
    /// How many more there were than are kept.
    pub n_more_log: u64,
    /// How many events and deletions reached the projection without a fault.
    pub processed: u64,
    /// How often each function of the script was called.
    pub calls: Vec<Call>,
    /// Types of events in the sources that no handler is there for, and how many there were.
    pub unhandled: Vec<(Box<str>, u64)>,
    /// Events that the script failed on and that were passed by; at most 1,000.
    pub skipped: Vec<Skipped>,
    /// How many there were in all.
    pub n_skipped: u64,
    /// Events that are marked as JSON and are none, which are passed by.
    pub n_not_json: u64,
    /// Links whose event is not there.
    pub n_lost_links: u64,
    /// Events that could not be read from the file.
    pub n_unreadable: u64,
    /// The last position that was looked at.
    pub reached: Option<Position>,
    /// What makes the result depend on more than the events: sentences, none where it does not.
    pub unrepeatable: Vec<String>,
}

impl Run {
    /// A run that could not begin.
    pub(super) fn refused(fault: RunFault, definition: Option<Definition>) -> Self {
        Self {
            ended: Ended::Faulted,
            fault: Some(fault),
            definition,
            ..Self::default()
        }
    }

    /// A partition by its name. Costs a walk over all partitions.
    pub fn partition(&self, name: &str) -> Option<&Partition> {
        self.partitions.iter().find(|found| &*found.name == name)
    }
}
