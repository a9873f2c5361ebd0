//! What is noted with everything that a projection writes: which event caused it, and to what it
//! belongs.

use crate::event::json::{parse, quote, scan};
use crate::event::{EventDetail, Payload};

/// The event that causes something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause<'a> {
    /// Its id.
    id: Option<&'a str>,
    /// The raw JSON of its correlation id.
    correlation: Option<&'a str>,
}

impl<'a> Cause<'a> {
    /// The cause that an event is; only one that is JSON passes its correlation id on.
    pub(super) fn of(event: &'a EventDetail, is_json: bool) -> Self {
        let metadata = match &event.metadata {
            Payload::Json(text) | Payload::Text(text) if is_json => text.as_bytes(),
            _ => b"",
        };
        let correlation = scan::find(metadata, &["$correlationId"]);
        Self {
            id: event.id.as_deref(),
            correlation: correlation.and_then(|raw| std::str::from_utf8(raw).ok()),
        }
    }

    /// The metadata of what it causes: what is given, then the cause.
    pub(super) fn metadata(self, given: Option<&str>) -> Box<str> {
        let mut out = given.unwrap_or("{}").trim_end().to_owned();
        out.pop();
        let mut is_first = out.len() <= 1;
        let mut begin = |name: &str, out: &mut String| {
            if !is_first {
                out.push(',');
            }
            is_first = false;
            quote(name, out);
            out.push(':');
        };
        if let Some(id) = self.id {
            begin("$causedBy", &mut out);
            quote(id, &mut out);
        }
        let has_own = || {
            let given = given.and_then(|text| parse(text.as_bytes()).ok());
            given.is_some_and(|given| {
                let object = given.as_object();
                object.is_some_and(|object| object.get("$correlationId").is_some())
            })
        };
        if let Some(raw) = self.correlation.filter(|_| !has_own()) {
            begin("$correlationId", &mut out);
            out.push_str(raw);
        }
        out.push('}');
        out.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_noted_and_an_own_correlation_wins() {
        let event = EventDetail {
            id: Some("i".to_owned()),
            metadata: Payload::Json(r#"{"$correlationId":"c"}"#.into()),
            ..EventDetail::default()
        };
        let cause = Cause::of(&event, true);
        let all = r#"{"$causedBy":"i","$correlationId":"c"}"#;
        assert_eq!(&*cause.metadata(None), all);
        let own = r#"{"$correlationId":"d","$causedBy":"i"}"#;
        assert_eq!(&*cause.metadata(Some(r#"{"$correlationId":"d"}"#)), own);
        let plain = Cause::of(&event, false);
        assert_eq!(
            &*plain.metadata(Some(r#"{"m":1}"#)),
            r#"{"m":1,"$causedBy":"i"}"#
        );
    }
}
