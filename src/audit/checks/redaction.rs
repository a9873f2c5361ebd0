//! Payloads are there (R2): where nearly all events of a type say something, none was emptied.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::by_type::{ByType, Exception};
use crate::event::{EventDetail, Payload, Position, Severity, Want};

/// Finds events without a payload among events of their type that have one.
#[derive(Default)]
pub(super) struct Redaction(ByType<2>);

const FULL: usize = 0;
const EMPTY: usize = 1;

impl Check for Redaction {
    fn id(&self) -> &'static str {
        "redaction"
    }

    fn title(&self) -> &'static str {
        "No payload was emptied"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let is_empty = match &detail.data {
            Payload::Missing => true,
            Payload::Json(text) => matches!(text.trim(), "null" | "{}" | "\"\"" | "[]"),
            Payload::Text(text) => text.is_empty(),
            Payload::Bytes(bytes) => bytes.is_empty(),
        };
        self.0
            .note(scene, position, if is_empty { EMPTY } else { FULL });
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let forms = std::mem::take(&mut self.0);
        found.covered(counted(forms.n_noted(), "event"));
        let emptied = forms
            .exceptions()
            .into_iter()
            .filter(|one| one.form == EMPTY);
        for exception in emptied {
            tell(scene, exception, found);
        }
    }
}

fn tell(scene: &Scene<'_>, exception: Exception, found: &mut Gather) {
    let name = scene.history.log.type_name(exception.event_type);
    let group = format!(
        "{} of {} of {name} say nothing, the others do: they may have been redacted",
        count(exception.n),
        counted(exception.n_of_type, "event")
    );
    let before = found.total();
    for position in exception.first {
        found.add(Severity::Warning, |finding| {
            let said = format!("This {name} has no payload");
            finding
                .at(scene, position)
                .says(said)
                .grouped(group.clone())
        });
    }
    found.add_uncounted(Severity::Warning, exception.n - (found.total() - before));
}
