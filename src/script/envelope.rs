//! An event as handlers see it.

use std::borrow::Cow;

use rquickjs::object::Property;
use rquickjs::{Ctx, Object, Value};

use super::engine::Failed;
use crate::event::{Payload, Timestamp};

/// What an event shows to a script; what was not read shows nothing yet, and says so when it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The stream of the event itself.
    pub stream: &'a str,
    /// Its number there; `None` where it was not looked up.
    pub number: Option<i64>,
    /// Its type.
    pub event_type: &'a str,
    /// Whether its store calls it JSON.
    pub is_json: bool,
    /// What happened; `None` where it was not read.
    pub data: Option<&'a Payload>,
    /// Id and metadata; `None` where they were not read.
    pub rest: Option<(Option<&'a str>, &'a Payload)>,
    /// The metadata of the link through which it came.
    pub link_metadata: Option<&'a str>,
    /// The name of the partition.
    pub partition: &'a str,
    /// The category, where the script asked for one.
    pub category: Option<&'a str>,
    /// When it was written, or the link.
    pub time: Option<Timestamp>,
    /// What chance depends on: the position.
    pub seed: u32,
}

impl Envelope<'_> {
    /// The object; its fields can be read and not written. `prototype` knows what else it has.
    pub(super) fn object<'js>(
        &self,
        ctx: &Ctx<'js>,
        prototype: &Object<'js>,
    ) -> Result<Object<'js>, Failed> {
        let object = Object::new_proto(ctx.clone(), Some(prototype))?;
        object.prop("streamId", Property::from(self.stream).enumerable())?;
        let number = number(ctx, self.number.unwrap_or_default());
        object.prop("sequenceNumber", Property::from(number).enumerable())?;
        object.prop("eventType", Property::from(self.event_type).enumerable())?;
        object.prop("isJson", Property::from(self.is_json).enumerable())?;
        let body = null_or(ctx, self.data.and_then(raw).as_deref())?;
        object.prop("bodyRaw", Property::from(body).enumerable())?;
        if let Some((id, metadata)) = self.rest {
            object.prop("eventId", Property::from(null_or(ctx, id)?).enumerable())?;
            let metadata = null_or(ctx, raw(metadata).as_deref())?;
            object.prop("metadataRaw", Property::from(metadata).enumerable())?;
        }
        let link = null_or(ctx, self.link_metadata)?;
        object.prop("linkMetadataRaw", Property::from(link).enumerable())?;
        object.prop("partition", Property::from(self.partition).enumerable())?;
        let category = null_or(ctx, self.category)?;
        object.prop("category", Property::from(category).enumerable())?;
        let created = null_or(ctx, self.time.map(|time| time.rfc3339(7)).as_deref())?;
        object.prop("created", Property::from(created).enumerable())?;
        Ok(object)
    }

    /// What a JavaScript date is made of; no number where the event has no time.
    pub(super) fn milliseconds(&self) -> f64 {
        let time = self.time.map(|time| time.0.div_euclid(1_000_000) as f64);
        time.unwrap_or(f64::NAN)
    }
}

/// A payload as text; `None` where it is empty.
pub(super) fn raw(payload: &Payload) -> Option<Cow<'_, str>> {
    match payload {
        Payload::Missing => None,
        Payload::Json(text) | Payload::Text(text) => Some(Cow::Borrowed(&**text)),
        Payload::Bytes(bytes) => Some(String::from_utf8_lossy(bytes)),
    }
    .filter(|text| !text.is_empty())
}

/// A number as the engine has it.
pub(super) fn number<'js>(ctx: &Ctx<'js>, number: i64) -> Value<'js> {
    match i32::try_from(number) {
        Ok(small) => Value::new_int(ctx.clone(), small),
        Err(_) => Value::new_number(ctx.clone(), number as f64),
    }
}

/// A text as the engine has it.
pub(super) fn null_or<'js>(ctx: &Ctx<'js>, text: Option<&str>) -> Result<Value<'js>, Failed> {
    Ok(match text {
        Some(text) => rquickjs::String::from_str(ctx.clone(), text)?.into_value(),
        None => Value::new_null(ctx.clone()),
    })
}
