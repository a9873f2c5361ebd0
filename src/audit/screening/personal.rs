//! Personal data and secrets in payloads (X1), told by path, with one masked value each.

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::drift::FieldKind;
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::leaves::{each_leaf, plain};
use super::shapes::{Shape, masked};
use crate::event::{EventDetail, Payload, Position, Severity, TypeId, Want};

/// How many places are told apart.
const MAX_PLACES: usize = 5_000;

/// Looks at every text of every payload.
#[derive(Default)]
pub(super) struct PersonalData {
    found: BTreeMap<(Shape, TypeId, String), Place>,
    n_texts: u64,
    n_beyond: u64,
}

/// Where something personal stands.
struct Place {
    n: u64,
    first: Position,
    masked: String,
}

impl Check for PersonalData {
    fn id(&self) -> &'static str {
        "screening-personal-data"
    }

    fn title(&self) -> &'static str {
        "Screening: no personal data and no secrets"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Payloads)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let event_type = scene.history.log.event_type(position);
        for (payload, above) in [(&detail.data, ""), (&detail.metadata, "metadata")] {
            let Payload::Json(text) = payload else {
                continue;
            };
            each_leaf(text, |leaf, kind, written| {
                if kind != FieldKind::Text && kind != FieldKind::Number {
                    return;
                }
                self.n_texts += 1;
                let Some(text) = plain(written) else { return };
                let Some(shape) = Shape::of(&leaf.name(), &text) else {
                    return;
                };
                let path = leaf.path();
                let path = match above {
                    "" => path,
                    above => format!("{above}.{path}"),
                };
                let key = (shape, event_type, path);
                if let Some(place) = self.found.get_mut(&key) {
                    place.n += 1;
                } else if self.found.len() < MAX_PLACES {
                    let place = Place {
                        n: 1,
                        first: position,
                        masked: masked(&text),
                    };
                    self.found.insert(key, place);
                } else {
                    self.n_beyond += 1;
                }
            });
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        for ((shape, event_type, path), place) in std::mem::take(&mut self.found) {
            let severity = match shape {
                Shape::Secret => Severity::Warning,
                _ => Severity::Info,
            };
            let name = scene.history.log.type_name(event_type);
            found.add(severity, |finding| {
                let said = format!(
                    "{} of {name} {path} look like {}, such as {}",
                    count(place.n),
                    shape.name(),
                    place.masked
                );
                let group = format!("Values that look like {}", shape.name());
                finding
                    .at(scene, place.first)
                    .says(said)
                    .counts(place.n)
                    .grouped(group)
            });
        }
        let mut covered = counted(self.n_texts, "value");
        if self.n_beyond > 0 {
            covered = format!(
                "partial: {covered}; {} stand in places beyond the first {MAX_PLACES}",
                counted(self.n_beyond, "value")
            );
        }
        found.covered(covered);
        found.parameter("values", "masked");
    }
}
