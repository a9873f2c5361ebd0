//! Signatures are those of the key's owner: over each event's hash, verified with a key from the user.

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::integrity::{SignatureVerdict, judge_signature};
use super::super::words::{count, counted};
use super::hash_chain::skip_without_seals;
use crate::event::{EventDetail, Position, Severity, Want};

/// Verifies every signature, where a key was given.
#[derive(Default)]
pub(super) struct Signatures {
    n_sealed: u64,
    n_signed: u64,
    n_held: u64,
    /// Those kept: the event, its id, and its version where that is not known.
    faults: Vec<(Position, String, Option<String>)>,
    n_faults: u64,
    first_unsigned: Option<Position>,
}

impl Check for Signatures {
    fn id(&self) -> &'static str {
        "signatures"
    }

    fn title(&self) -> &'static str {
        "Signatures are genuine"
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
        if seal.signature.is_none() {
            self.first_unsigned = self.first_unsigned.or(Some(position));
            return;
        }
        self.n_signed += 1;
        let Some(key) = &scene.options.key else {
            return;
        };
        let unknown = match judge_signature(seal, key) {
            SignatureVerdict::Holds | SignatureVerdict::Unsigned => {
                self.n_held += 1;
                return;
            }
            SignatureVerdict::Invalid => None,
            SignatureVerdict::UnknownVersion(version) => Some(version),
        };
        self.n_faults += 1;
        if self.faults.len() < MAX_KEPT {
            let id = detail.id.clone().unwrap_or_default();
            self.faults.push((position, id, unknown));
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        if self.n_signed == 0 {
            found.skip(format!(
                "unsigned: none of {} carries a signature",
                counted(self.n_sealed, "event")
            ));
            return;
        }
        let Some(key) = &scene.options.key else {
            found.skip(format!(
                "{} of {} are signed; give the public key with --key to verify them",
                count(self.n_signed),
                counted(self.n_sealed, "event")
            ));
            return;
        };
        for (position, id, unknown) in std::mem::take(&mut self.faults) {
            let (severity, said) = match unknown {
                None => (
                    Severity::Error,
                    format!("The signature of event {id} is not that of this key over its hash"),
                ),
                Some(version) => (
                    Severity::Warning,
                    format!(
                        "The signature of event {id} cannot be verified: {version} is not known"
                    ),
                ),
            };
            found.add(severity, |finding| finding.at(scene, position).says(said));
        }
        found.add_uncounted(Severity::Error, self.n_faults.saturating_sub(found.total()));
        found.group_all(|n| {
            format!(
                "{} of {} do not verify",
                count(n),
                counted(self.n_signed, "signature")
            )
        });
        let n_unsigned = self.n_sealed - self.n_signed;
        if let Some(first) = self.first_unsigned {
            found.add(Severity::Warning, |finding| {
                let said = format!("{} not signed, others are", is_or_are(n_unsigned));
                finding.at(scene, first).says(said).counts(n_unsigned)
            });
        }
        found.parameter("key", key.fingerprint());
        found.covered(format!(
            "{} of {} verified with the key {}",
            count(self.n_held),
            counted(self.n_signed, "signature"),
            key.fingerprint()
        ));
    }
}

fn is_or_are(n_events: u64) -> String {
    let verb = if n_events == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(n_events, "event"))
}
