//! The hash chain holds (H1): each event's hash is that of its content, and names the event before it.
//!
//! Told apart: content that does not fit its hash, a link that does not fit the event before it, a
//! chain whose beginning is not in the file, an export that leaves events out, and hashes of a
//! version that is not known. A chain proves what stands in it; only a receipt shows that its end was
//! cut off.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::integrity::{SealVerdict, is_first_of_all, judge_seal};
use super::super::words::{count, counted};
use crate::event::{EventDetail, Position, Seal, Severity, Want};

/// Makes every hash again and follows the chain of each file.
#[derive(Default)]
pub(super) struct HashChain {
    /// The last event of each part of the source.
    last: BTreeMap<u16, Link>,
    n_sealed: u64,
    n_held: u64,
    n_links: u64,
    /// Links over events that are not in the file.
    n_over_a_gap: u64,
    n_unknown: u64,
    n_missing: u64,
    faults: Vec<(Position, Fault)>,
    n_faults: u64,
    /// Where a chain begins without its beginning.
    unanchored: Vec<(u16, Position, String)>,
}

/// An event as the next one must name it.
struct Link {
    id: String,
    hash: Option<String>,
    previous: Option<String>,
}

/// What is wrong at an event.
enum Fault {
    /// Its content has another hash.
    Content { id: String },
    /// It names another event before it, though none is missing between them by number.
    Link { id: String, before: String },
    /// It follows an event that is not there.
    Gap {
        id: String,
        before: String,
        n_missing: u64,
    },
    /// Its hash is of a version that is not known.
    Version { id: String, version: String },
    /// It has no hash.
    Missing { id: String },
}

/// From which share of links over missing events on, of how many, it is an export that leaves out.
const SHARE_OF_SELECTION: u64 = 10;
const ENOUGH_OF_SELECTION: u64 = 3;

impl Check for HashChain {
    fn id(&self) -> &'static str {
        "hash-chain"
    }

    fn title(&self) -> &'static str {
        "The hash chain holds"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_seals(scene)
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::All)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let Some(seal) = detail.seal.as_deref() else {
            return;
        };
        self.n_sealed += 1;
        let id = detail.id.clone().unwrap_or_default();
        let data = detail.raw_data.bytes.as_deref().unwrap_or_default();
        match judge_seal(seal, data) {
            SealVerdict::Holds => self.n_held += 1,
            SealVerdict::Differs => self.fault(position, Fault::Content { id: id.clone() }),
            SealVerdict::UnknownVersion(version) => {
                self.n_unknown += 1;
                let id = id.clone();
                self.fault(position, Fault::Version { id, version });
            }
            SealVerdict::Missing => {
                self.n_missing += 1;
                self.fault(position, Fault::Missing { id: id.clone() });
            }
        }
        let part = scene.history.log.place(position).part;
        self.follow(part, position, &id, seal);
        let link = Link {
            id,
            hash: seal.hash.clone(),
            previous: seal.previous.clone(),
        };
        self.last.insert(part, link);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let is_selection = self.is_selection();
        for (position, fault) in std::mem::take(&mut self.faults) {
            if is_selection && matches!(fault, Fault::Gap { .. }) {
                continue;
            }
            found.add(fault.severity(), |finding| {
                let finding = finding.at(scene, position).says(fault.said());
                let n_missing = match fault {
                    Fault::Gap { n_missing, .. } => n_missing,
                    _ => 1,
                };
                finding.counts(n_missing)
            });
        }
        let kept = found.total() + u64::from(is_selection) * self.n_over_a_gap;
        found.add_uncounted(Severity::Error, self.n_faults.saturating_sub(kept));
        for (part, position, id) in std::mem::take(&mut self.unanchored) {
            if self.ends_at_the_first(part) {
                continue;
            }
            found.add(Severity::Info, |finding| {
                finding.at(scene, position).says(format!(
                    "Unanchored: event {id} follows one that is not in the file, so nothing vouches for what came before it"
                ))
            });
        }
        if is_selection {
            let n_gaps = self.n_over_a_gap;
            found.add(Severity::Warning, |finding| {
                finding.counts(n_gaps).says(format!(
                    "Unanchored: {} of {} lead over events that are not in the file, as where only some were exported, or many were removed",
                    count(n_gaps),
                    counted(self.n_links, "link")
                ))
            });
        }
        found.covered(self.covered());
    }
}

impl HashChain {
    fn fault(&mut self, position: Position, fault: Fault) {
        self.n_faults += 1;
        if self.faults.len() < MAX_KEPT {
            self.faults.push((position, fault));
        }
    }

    /// Compares what an event says of the one before it with that one.
    fn follow(&mut self, part: u16, position: Position, id: &str, seal: &Seal) {
        let Some(last) = self.last.get(&part) else {
            if !seal.previous.as_deref().is_some_and(is_first_of_all) {
                self.unanchored.push((part, position, id.to_owned()));
            }
            return;
        };
        self.n_links += 1;
        let follows = seal.previous.is_some() && seal.previous == last.hash;
        // A file may list the newest event first.
        let precedes = seal.hash.is_some() && seal.hash == last.previous;
        if follows || precedes {
            return;
        }
        let before = last.id.clone();
        let id = id.to_owned();
        let n_missing = numbers_between(&before, &id);
        if n_missing == 0 {
            self.fault(position, Fault::Link { id, before });
            return;
        }
        self.n_over_a_gap += 1;
        let gap = Fault::Gap {
            id,
            before,
            n_missing,
        };
        self.fault(position, gap);
    }

    /// Whether the last event listed is the first of all, as where the newest is listed first.
    fn ends_at_the_first(&self, part: u16) -> bool {
        let last = self.last.get(&part);
        let previous = last.and_then(|last| last.previous.as_deref());
        previous.is_some_and(is_first_of_all)
    }

    /// Whether so many links lead over missing events that the file was meant to leave events out.
    fn is_selection(&self) -> bool {
        self.n_over_a_gap >= ENOUGH_OF_SELECTION
            && self.n_over_a_gap * SHARE_OF_SELECTION >= self.n_links
    }

    fn covered(&self) -> String {
        let mut covered = format!(
            "{} of {} fit their content, {} followed",
            count(self.n_held),
            counted(self.n_sealed, "hash"),
            counted(self.n_links, "link")
        );
        for (n, what) in [
            (self.n_unknown, "of an unknown version cannot be verified"),
            (self.n_missing, "without a hash"),
        ] {
            if n > 0 {
                write!(covered, "; {} {what}", count(n)).ok();
            }
        }
        covered
    }
}

impl Fault {
    fn severity(&self) -> Severity {
        match self {
            Self::Version { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Content { id } => {
                format!("Event {id} does not fit its hash: its content was changed")
            }
            Self::Link { id, before } => format!(
                "Event {id} does not follow event {before}: it names another hash before it"
            ),
            Self::Gap {
                id,
                before,
                n_missing,
            } => format!(
                "Event {id} does not follow event {before}: {} missing between them",
                match n_missing {
                    1 => "1 event is".to_owned(),
                    n => format!("{} events are", count(*n)),
                }
            ),
            Self::Version { id, version } => {
                format!("The hash of event {id} cannot be verified: {version} is not known")
            }
            Self::Missing { id } => format!("Event {id} has no hash"),
        }
    }
}

/// How many numbers lie between two ids, where both are numbers.
fn numbers_between(before: &str, after: &str) -> u64 {
    match (before.parse::<i64>(), after.parse::<i64>()) {
        (Ok(before), Ok(after)) => before.abs_diff(after).saturating_sub(1),
        _ => 0,
    }
}

/// Why nothing can be said about seals.
pub(super) fn skip_without_seals(scene: &Scene<'_>) -> Option<String> {
    let without = scene.history.about.seal.is_none();
    without.then(|| "the source does not bind events by hashes".to_owned())
}
