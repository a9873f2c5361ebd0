//! The history of a workflow of Temporal: a file is one run, whose first event names it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Lines, members, text_of};
use crate::event::json::{Json, Object, parse};

/// The run whose events are being read.
#[derive(Default)]
pub(super) struct Run {
    workflow: Option<String>,
    run: Option<String>,
}

impl Run {
    /// One event, with the name of its workflow; what it holds becomes `attributes`.
    pub(super) fn event(&mut self, event: &[u8], lines: &mut Lines) {
        let found = members(event);
        let attributes = found
            .iter()
            .find(|(key, _)| key.ends_with("EventAttributes"));
        if text_of(event, &["eventId"]).as_deref() == Some("1") {
            let of_start = |key| text_of(attributes?.1, &[key]);
            self.workflow = of_start("workflowId");
            self.run =
                of_start("originalExecutionRunId").or_else(|| of_start("firstExecutionRunId"));
        }
        let unnamed = "(workflow)".to_owned();
        let workflow = self
            .workflow
            .as_ref()
            .or(self.run.as_ref())
            .unwrap_or(&unnamed);
        lines.raw(b"{");
        lines.text_member("workflowId", workflow);
        if let Some(run) = &self.run {
            lines.text_member("runId", run);
        }
        for (key, value) in &found {
            if key.ends_with("EventAttributes") {
                let decoded = parse(value)
                    .map(|value| decoded(&value))
                    .unwrap_or_default();
                lines.member("attributes", decoded.to_string().as_bytes());
            } else {
                lines.member(key, value);
            }
        }
        lines.raw(b"}");
        lines.end();
    }
}

/// A value whose payloads are shown as what they hold.
fn decoded(value: &Json) -> Json {
    match value {
        Json::Array(elements) => Json::Array(elements.iter().map(decoded).collect()),
        Json::Object(object) => payload(object).unwrap_or_else(|| {
            let mut plain = Object::default();
            for (key, value) in object.iter() {
                plain.push(key.into(), decoded(value));
            }
            Json::Object(plain)
        }),
        other => other.clone(),
    }
}

/// What a payload holds: JSON where its encoding says so; anything else stays as it is.
fn payload(object: &Object) -> Option<Json> {
    let metadata = object.get("metadata")?.as_object()?;
    let encoding = STANDARD.decode(metadata.get("encoding")?.as_text()?).ok()?;
    if encoding == b"binary/null" {
        return Some(Json::Null);
    }
    if !encoding.starts_with(b"json/") {
        return None;
    }
    let data = STANDARD.decode(object.get("data")?.as_text()?).ok()?;
    parse(&data).ok()
}
