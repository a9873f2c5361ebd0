//! What is made of an event for a function that reads a few of its properties, and nothing else of it.

use std::cell::RefCell;

use rquickjs::object::Property;
use rquickjs::{Atom, Ctx, Object, Value};

use super::engine::Failed;
use super::envelope::{Envelope, null_or, number, raw};
use super::sight::{Fields, Sight};
use crate::event::Payload;
use crate::event::json::scan;

/// The most names of types that are kept ready.
const MAX_TYPES: usize = 64;

/// What is made of an event for one function.
pub(super) enum Shape<'js> {
    /// Everything that the event has.
    Whole,
    /// What the function reads.
    Fields {
        fields: Fields,
        /// The members of the payload that are picked; `None` where it is parsed as a whole, and only
        /// when it is looked at.
        members: Option<Vec<(Box<str>, Atom<'js>)>>,
    },
}

impl<'js> Shape<'js> {
    pub(super) fn of(sight: &Sight, ctx: &Ctx<'js>) -> Result<Self, Failed> {
        let Sight::Fields(fields) = sight else {
            return Ok(Self::Whole);
        };
        let picked = |members: &[Box<str>]| -> Result<Vec<_>, Failed> {
            let picked = members.iter().map(|name| {
                let atom = Atom::from_str(ctx.clone(), name)?;
                Ok((name.clone(), atom))
            });
            picked.collect()
        };
        Ok(Self::Fields {
            members: fields.members().map(picked).transpose()?,
            fields: fields.clone(),
        })
    }
}

/// Makes objects of events.
pub(super) struct Shapes<'js> {
    ctx: Ctx<'js>,
    full: Object<'js>,
    lean: Object<'js>,
    bare: Object<'js>,
    names: Names<'js>,
    /// Names of types as texts of the engine.
    types: RefCell<Vec<(Box<str>, Value<'js>)>>,
}

/// The names of an event's properties in the engine.
struct Names<'js> {
    stream: Atom<'js>,
    number: Atom<'js>,
    event_type: Atom<'js>,
    is_json: Atom<'js>,
    body_raw: Atom<'js>,
    id: Atom<'js>,
    metadata_raw: Atom<'js>,
    link_metadata_raw: Atom<'js>,
    partition: Atom<'js>,
    category: Atom<'js>,
    created: Atom<'js>,
    body: Atom<'js>,
    data: Atom<'js>,
}

impl<'js> Shapes<'js> {
    /// `prototypes` are those of events that were read whole, of which only the payload was read, and
    /// of which nothing was.
    pub(super) fn new(ctx: &Ctx<'js>, prototypes: [Object<'js>; 3]) -> Result<Self, Failed> {
        let atom = |name: &str| Atom::from_str(ctx.clone(), name);
        let [full, lean, bare] = prototypes;
        Ok(Self {
            ctx: ctx.clone(),
            full,
            lean,
            bare,
            names: Names {
                stream: atom("streamId")?,
                number: atom("sequenceNumber")?,
                event_type: atom("eventType")?,
                is_json: atom("isJson")?,
                body_raw: atom("bodyRaw")?,
                id: atom("eventId")?,
                metadata_raw: atom("metadataRaw")?,
                link_metadata_raw: atom("linkMetadataRaw")?,
                partition: atom("partition")?,
                category: atom("category")?,
                created: atom("created")?,
                body: atom("body")?,
                data: atom("data")?,
            },
            types: RefCell::default(),
        })
    }

    /// The event as a function with this shape sees it.
    pub(super) fn object(
        &self,
        event: &Envelope<'_>,
        shape: &Shape<'js>,
    ) -> Result<Object<'js>, Failed> {
        match shape {
            Shape::Whole => self.whole(event),
            Shape::Fields { fields, members } => self.fields(event, fields, members.as_deref()),
        }
    }

    /// The event with all that it has.
    pub(super) fn whole(&self, event: &Envelope<'_>) -> Result<Object<'js>, Failed> {
        event.object(&self.ctx, self.prototype(event))
    }

    fn prototype(&self, event: &Envelope<'_>) -> &Object<'js> {
        match (event.rest, event.data) {
            (Some(_), _) => &self.full,
            (None, Some(_)) => &self.lean,
            (None, None) => &self.bare,
        }
    }

    fn fields(
        &self,
        event: &Envelope<'_>,
        fields: &Fields,
        members: Option<&[(Box<str>, Atom<'js>)]>,
    ) -> Result<Object<'js>, Failed> {
        let (ctx, names) = (&self.ctx, &self.names);
        let object = Object::new_proto(ctx.clone(), Some(self.prototype(event)))?;
        let put = |name: &Atom<'js>, value: Value<'js>| {
            object.prop(name.clone(), Property::from(value).enumerable())
        };
        let text = |text: Option<&str>| null_or(ctx, text);
        if fields.has("streamId") {
            put(&names.stream, text(Some(event.stream))?)?;
        }
        if fields.has("sequenceNumber") {
            put(&names.number, number(ctx, event.number.unwrap_or_default()))?;
        }
        if fields.has("eventType") {
            put(&names.event_type, self.event_type(event.event_type)?)?;
        }
        if fields.has("partition") {
            put(&names.partition, text(Some(event.partition))?)?;
        }
        if fields.has("category") {
            put(&names.category, text(event.category)?)?;
        }
        if fields.has("created") {
            let time = event.time.map(|time| time.rfc3339(7));
            put(&names.created, text(time.as_deref())?)?;
        }
        if fields.has("linkMetadataRaw") || fields.has("linkMetadata") {
            put(&names.link_metadata_raw, text(event.link_metadata)?)?;
        }
        if let Some((id, metadata)) = event.rest {
            if fields.has("eventId") {
                put(&names.id, text(id)?)?;
            }
            if fields.has("metadataRaw") || fields.has("metadata") {
                put(&names.metadata_raw, text(raw(metadata).as_deref())?)?;
            }
        }
        self.payload(event, fields, members, &put)?;
        Ok(object)
    }

    /// What is told of the payload.
    fn payload(
        &self,
        event: &Envelope<'_>,
        fields: &Fields,
        members: Option<&[(Box<str>, Atom<'js>)]>,
        put: &impl Fn(&Atom<'js>, Value<'js>) -> rquickjs::Result<()>,
    ) -> Result<(), Failed> {
        let (Some(data), names) = (event.data, &self.names) else {
            return Ok(());
        };
        let is_looked_at = fields.has("data") || fields.has("body");
        let mut is_picked = !is_looked_at;
        if is_looked_at
            && event.is_json
            && let (Some(members), Payload::Json(text)) = (members, data)
            && let Some(picked) = self.picked(text, members)?
        {
            is_picked = true;
            put(&names.body, picked.clone())?;
            put(&names.data, picked)?;
        }
        if !is_picked || fields.has("isJson") {
            put(
                &names.is_json,
                Value::new_bool(self.ctx.clone(), event.is_json),
            )?;
        }
        if !is_picked || fields.has("bodyRaw") {
            put(&names.body_raw, null_or(&self.ctx, raw(data).as_deref())?)?;
        }
        Ok(())
    }

    /// The name of a type as the engine has it.
    fn event_type(&self, name: &str) -> Result<Value<'js>, Failed> {
        let mut types = self.types.borrow_mut();
        if let Some((_, known)) = types.iter().find(|(known, _)| **known == *name) {
            return Ok(known.clone());
        }
        // A name that is known as that of a property is found quickly as one.
        let text = Atom::from_str(self.ctx.clone(), name)?.to_value()?;
        let text = if text.is_string() {
            text
        } else {
            null_or(&self.ctx, Some(name))?
        };
        if types.len() < MAX_TYPES {
            types.push((name.into(), text.clone()));
        }
        Ok(text)
    }

    /// An object of those members of a payload that are there; `None` where it is no object.
    fn picked(
        &self,
        text: &str,
        members: &[(Box<str>, Atom<'js>)],
    ) -> Result<Option<Value<'js>>, Failed> {
        let mut found: Vec<Option<&[u8]>> = vec![None; members.len()];
        let walked = scan::members(text.as_bytes(), |key, value| {
            let at = members
                .iter()
                .position(|(name, _)| scan::same_key(key, name));
            if let Some(place) = at.and_then(|at| found.get_mut(at)) {
                *place = Some(value);
            }
        });
        if walked.is_err() {
            return Ok(None);
        }
        let object = Object::new(self.ctx.clone())?;
        for ((_, name), raw) in members.iter().zip(found) {
            if let Some(raw) = raw {
                let value = Property::from(value(&self.ctx, raw)?);
                let value = value.writable().enumerable().configurable();
                object.prop(name.clone(), value)?;
            }
        }
        Ok(Some(object.into_value()))
    }
}

/// The value that a raw piece of JSON stands for, as the engine reads it.
fn value<'js>(ctx: &Ctx<'js>, raw: &[u8]) -> Result<Value<'js>, Failed> {
    let ctx = ctx.clone();
    let inner = raw
        .strip_prefix(b"\"")
        .and_then(|raw| raw.strip_suffix(b"\""));
    if let Some(text) = inner
        && !text.contains(&b'\\')
        && let Ok(text) = std::str::from_utf8(text)
    {
        return Ok(rquickjs::String::from_str(ctx, text)?.into_value());
    }
    match raw {
        b"true" => return Ok(Value::new_bool(ctx, true)),
        b"false" => return Ok(Value::new_bool(ctx, false)),
        b"null" => return Ok(Value::new_null(ctx)),
        _ => {}
    }
    let is_number = raw
        .first()
        .is_some_and(|byte| *byte == b'-' || byte.is_ascii_digit());
    if let Some(text) = std::str::from_utf8(raw).ok().filter(|_| is_number) {
        if let Some(whole) = text.parse::<i32>().ok().filter(|whole| *whole != 0) {
            return Ok(Value::new_int(ctx, whole));
        }
        if let Ok(number) = text.parse::<f64>() {
            return Ok(Value::new_float(ctx, number));
        }
    }
    Ok(ctx.json_parse(raw)?)
}
