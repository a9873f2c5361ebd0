//! Fields keep their kind (S1): no number becomes text, no field comes or goes unnoticed.

use std::collections::HashMap;

use super::super::check::{Check, Scene};
use super::super::drift::{DriftChange, DriftChangeKind, Drifting};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use crate::event::{EventDetail, Position, Severity, TypeId, Want};

/// After how many events of one shape another one needs an explanation.
const EXPLAIN_AFTER: u64 = 100;

/// Follows the fields of all types.
#[derive(Default)]
pub(super) struct SchemaDrift(Option<Drifting>);

impl Check for SchemaDrift {
    fn id(&self) -> &'static str {
        "schema-drift"
    }

    fn title(&self) -> &'static str {
        "Fields keep their kind"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let log = &scene.history.log;
        let drifting = self.0.get_or_insert_with(|| Drifting::new(log));
        drifting.see(log, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let drift = self.0.take().map(|drifting| drifting.finish(log));
        let drift = drift.filter(|drift| drift.n_payloads > 0);
        let Some(drift) = drift else {
            found.skip("no event carries JSON");
            return;
        };
        let mut n_of_type: HashMap<TypeId, u64> = HashMap::new();
        for change in &drift.changes {
            *n_of_type.entry(change.event_type).or_default() += 1;
        }
        for change in &drift.changes {
            let n_of_type = n_of_type.get(&change.event_type).copied();
            tell(scene, change, n_of_type.unwrap_or_default(), found);
        }
        let n_fields: usize = drift.types.iter().map(|shape| shape.fields.len()).sum();
        let mut covered = format!(
            "{} of {} in {}",
            counted(n_fields as u64, "field"),
            counted(drift.types.len() as u64, "type"),
            counted(drift.n_payloads, "payload")
        );
        for said in &drift.partial {
            covered = format!("partial: {covered}; {said}");
        }
        found.covered(covered);
        found.parameter("a new shape after", "20 events of the old one");
        found.keep_drift(drift);
    }
}

fn tell(scene: &Scene<'_>, change: &DriftChange, n_of_type: u64, found: &mut Gather) {
    let is_harmful = change.what == DriftChangeKind::Kind && change.n_before >= EXPLAIN_AFTER;
    let severity = if is_harmful && change.version.is_none() {
        Severity::Warning
    } else {
        Severity::Info
    };
    found.add(severity, |finding| {
        let mut said = change.sentence();
        if let Some(version) = &change.version {
            said = format!("{said}, with schema version {version}");
        }
        let finding = finding.at(scene, change.position).says(said);
        let finding = finding.counts(change.n_after);
        if n_of_type < 2 {
            return finding;
        }
        finding.grouped(format!(
            "Events of type {} changed their shape {} times",
            change.type_name,
            count(n_of_type)
        ))
    });
}
