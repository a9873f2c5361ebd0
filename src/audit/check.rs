//! What a check is: it may look at each record once, then says what it found.

use super::evidence::Evidence;
use super::gather::Gather;
use super::integrity::Grown;
use super::run::{AuditOptions, Watch};
use crate::event::{EventDetail, Position, Want};
use crate::history::History;

/// What a check may look at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The history.
    pub history: &'a History,
    /// What is known of its files.
    pub evidence: &'a Evidence,
    /// What the user chose.
    pub options: &'a AuditOptions,
    /// The tree over all events, once all have been read; `None` before, and where one could not be.
    pub tree: Option<&'a Grown>,
    /// Whether to go on.
    pub watch: &'a Watch<'a>,
}

/// One check of the audit, with the state of its one run.
///
/// [`Check::conclude`] is called once, after [`Check::see`] has been called for every record if
/// [`Check::wants`] said so.
pub trait Check {
    /// A stable word, such as `version-gap`.
    fn id(&self) -> &'static str;

    /// The good case, such as "Versions have no gaps".
    fn title(&self) -> &'static str;

    /// Whether it runs without being asked for; what is often set off by nothing does not.
    fn is_default(&self) -> bool {
        true
    }

    /// Why it cannot run on this history; asked before anything else.
    fn skip(&self, _scene: &Scene<'_>) -> Option<String> {
        None
    }

    /// How much of each record it must see; `None` where the log alone answers it. What any check
    /// wants is read in one pass over the file.
    fn wants(&self) -> Option<Want> {
        None
    }

    /// Looks at a record; called in the order of positions.
    fn see(&mut self, _scene: &Scene<'_>, _position: Position, _detail: &EventDetail) {}

    /// Hands over what was found, and what was covered in doing so.
    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather);
}
