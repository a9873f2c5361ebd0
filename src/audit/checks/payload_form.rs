//! Payloads have the form of their type (D2): where nearly all of a type are objects, no other is not.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::by_type::{ByType, Exception};
use crate::event::{EventDetail, Payload, Position, Severity, Want};

/// Finds payloads that are no JSON, or no object, among ones that are.
#[derive(Default)]
pub(super) struct PayloadForm(ByType<4>);

const FORMS: [&str; 4] = [
    "a JSON object",
    "JSON but no object",
    "text that is no JSON",
    "bytes",
];

impl Check for PayloadForm {
    fn id(&self) -> &'static str {
        "payload-form"
    }

    fn title(&self) -> &'static str {
        "Payloads have the form of their type"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let form = match &detail.data {
            // What is missing is a matter of `redaction`.
            Payload::Missing => return,
            Payload::Json(text) if text.trim_start().starts_with('{') => 0,
            Payload::Json(_) => 1,
            Payload::Text(text) if text.is_empty() => return,
            Payload::Text(_) => 2,
            Payload::Bytes(_) => 3,
        };
        self.0.note(scene, position, form);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let forms = std::mem::take(&mut self.0);
        found.covered(counted(forms.n_noted(), "payload"));
        for exception in forms.exceptions() {
            tell(scene, exception, found);
        }
    }
}

fn tell(scene: &Scene<'_>, exception: Exception, found: &mut Gather) {
    let form = |at: usize| FORMS.get(at).copied().unwrap_or_default();
    let name = scene.history.log.type_name(exception.event_type);
    let group = format!(
        "{} of {} of {name} hold {}, the others {}",
        count(exception.n),
        counted(exception.n_of_type, "payload"),
        form(exception.form),
        form(exception.usual)
    );
    let before = found.total();
    for position in exception.first {
        found.add(Severity::Warning, |finding| {
            let said = format!("The payload of this {name} is {}", form(exception.form));
            finding
                .at(scene, position)
                .says(said)
                .grouped(group.clone())
        });
    }
    found.add_uncounted(Severity::Warning, exception.n - (found.total() - before));
}
