//! What a store keeps beside its events: who reads them along, and what causation ids stand for.

use serde::Deserialize;

/// Somebody who reads the history along: a subscription, a projection, a processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// The table that says so.
    pub table: String,
    /// Its name.
    pub name: String,
    /// How far it has come, as it stands there.
    pub position: String,
    /// How many events it has not handled yet; `None` where that cannot be told.
    pub behind: Option<u64>,
    /// How it is doing, where the store notes that.
    pub status: Option<String>,
    /// When that was noted, as it stands there.
    pub updated: Option<String>,
}

/// What the causation ids of a history name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CausationNames {
    /// An event, or a command that left no event of its own; which of them the id does not say.
    #[default]
    EventOrCommand,
    /// A command, which is no event.
    Command,
    /// An event, by the number that the store itself gives it.
    Position,
}
