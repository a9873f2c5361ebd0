//! An event in the engine: its fields become values when they are read.

#![expect(
    elided_lifetimes_in_paths,
    reason = "what the derive for objects of the engine writes"
)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::class::{
    ClassKind, JsCell, JsClass, PropertyDescriptor, PropertyName, Readable, Trace, Tracer,
};
use rquickjs::{Atom, Class, Constructor, Ctx, JsLifetime, Object, Result, Value};

use super::envelope::number;
use super::facts::{Facts, Which, name_of, string};
use super::lazy::Lazy;

/// The fields that every event has, in order.
const FIELDS: [&str; 11] = [
    "streamId",
    "sequenceNumber",
    "eventType",
    "isJson",
    "bodyRaw",
    "eventId",
    "metadataRaw",
    "linkMetadataRaw",
    "partition",
    "category",
    "created",
];

/// The fields that come up when they are read.
const PARSED: [&str; 4] = ["body", "data", "metadata", "linkMetadata"];

/// An event as a script holds it.
#[derive(JsLifetime)]
pub(super) struct Seen<'js> {
    facts: Rc<Facts>,
    /// What it has besides its fields.
    proto: Object<'js>,
    /// What plain objects inherit from.
    plain: Object<'js>,
    body: RefCell<Option<Value<'js>>>,
    metadata: RefCell<Option<Value<'js>>>,
    link: RefCell<Option<Value<'js>>>,
    /// Which of the fields that come up when they are read have done so.
    shown: Cell<u8>,
}

impl<'js> Seen<'js> {
    /// A new object for an event; `proto` knows that it is one.
    pub(super) fn object(
        facts: &Rc<Facts>,
        proto: &Object<'js>,
        plain: &Object<'js>,
    ) -> Result<Value<'js>> {
        let seen = Self {
            facts: Rc::clone(facts),
            proto: proto.clone(),
            plain: plain.clone(),
            body: RefCell::default(),
            metadata: RefCell::default(),
            link: RefCell::default(),
            shown: Cell::new(0),
        };
        Ok(Class::instance_proto(seen, proto.clone())?.into_value())
    }

    fn field(&self, ctx: &Ctx<'js>, name: &str) -> Result<Option<Value<'js>>> {
        let facts = &self.facts;
        let (needs_data, needs_rest) = match name {
            "isJson" | "bodyRaw" | "body" | "data" => (true, false),
            "eventId" | "metadataRaw" | "metadata" => (false, true),
            _ => (false, false),
        };
        if (needs_data && !facts.has_data) || (needs_rest && !facts.has_rest) {
            return Err(facts.unread(ctx));
        }
        let value = match name {
            "streamId" => string(ctx, &facts.stream)?,
            "sequenceNumber" => match facts.number {
                Some(at) => number(ctx, at),
                None => return Err(facts.unread(ctx)),
            },
            "eventType" => string(ctx, &facts.event_type)?,
            "isJson" => Value::new_bool(ctx.clone(), facts.is_json),
            "bodyRaw" => facts.data.raw(ctx)?,
            "eventId" => facts.id.raw(ctx)?,
            "metadataRaw" => facts.metadata.raw(ctx)?,
            "linkMetadataRaw" => facts.link.raw(ctx)?,
            "partition" => string(ctx, &facts.partition)?,
            "category" => facts.category.raw(ctx)?,
            "created" => match facts.time {
                Some(time) => string(ctx, &time.rfc3339(7))?,
                None => Value::new_null(ctx.clone()),
            },
            "body" if !facts.is_json || !facts.data.is_there => {
                self.show(0);
                Value::new_undefined(ctx.clone())
            }
            "data" if !facts.is_json || !facts.data.is_there => {
                self.show(1);
                Value::new_undefined(ctx.clone())
            }
            "body" => self.parsed(ctx, 0, Which::Data)?,
            "data" => self.parsed(ctx, 1, Which::Data)?,
            "metadata" => self.parsed(ctx, 2, Which::Metadata)?,
            "linkMetadata" => self.parsed(ctx, 3, Which::Link)?,
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    fn show(&self, field: u8) {
        self.shown.set(self.shown.get() | (1 << field));
    }

    fn parsed(&self, ctx: &Ctx<'js>, field: u8, which: Which) -> Result<Value<'js>> {
        let made = match which {
            Which::Data => &self.body,
            Which::Metadata => &self.metadata,
            Which::Link => &self.link,
        };
        let known = made.borrow().clone();
        if let Some(known) = known {
            self.show(field);
            return Ok(known);
        }
        let text = self.facts.of(which);
        let value = if !text.is_there {
            Value::new_null(ctx.clone())
        } else if text.is_json && text.written.starts_with('{') {
            let range = 0..text.written.len();
            Lazy::object(&self.facts, which, range, &self.plain)?
        } else {
            ctx.json_parse(text.written.as_str())?
        };
        self.show(field);
        made.replace(Some(value.clone()));
        Ok(value)
    }
}

impl<'js> Trace<'js> for Seen<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        self.proto.trace(tracer);
        self.plain.trace(tracer);
        for made in [&self.body, &self.metadata, &self.link] {
            if let Ok(made) = made.try_borrow() {
                made.trace(tracer);
            }
        }
    }
}

impl<'js> JsClass<'js> for Seen<'js> {
    const NAME: &'static str = "Event";
    const KIND: ClassKind = ClassKind::Exotic;
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }

    fn exotic_get_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
        _receiver: Value<'js>,
    ) -> Result<Value<'js>> {
        let this = this.borrow();
        match this.field(ctx, &name_of(&atom)?)? {
            Some(value) => Ok(value),
            None => this.proto.get(atom),
        }
    }

    fn exotic_has_property(
        this: &JsCell<'js, Self>,
        _ctx: &Ctx<'js>,
        atom: Atom<'js>,
    ) -> Result<bool> {
        let name = name_of(&atom)?;
        if FIELDS.contains(&name.as_str()) || PARSED.contains(&name.as_str()) {
            return Ok(true);
        }
        this.borrow().proto.contains_key(atom)
    }

    fn exotic_get_own_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
    ) -> Result<Option<PropertyDescriptor<'js>>> {
        let this = this.borrow();
        let name = name_of(&atom)?;
        let parsed = PARSED.iter().position(|known| *known == name);
        if parsed.is_some_and(|at| this.shown.get() & (1 << at) == 0) {
            return Ok(None);
        }
        let value = this.field(ctx, &name)?;
        Ok(value.map(|value| PropertyDescriptor::new_value(value, false, true, false)))
    }

    fn exotic_get_own_property_names(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
    ) -> Result<Vec<PropertyName<'js>>> {
        let this = this.borrow();
        let shown = this.shown.get();
        let parsed = PARSED.iter().enumerate();
        let parsed = parsed.filter(|(at, _)| shown & (1 << at) != 0);
        let names = FIELDS.iter().chain(parsed.map(|(_, name)| name));
        names.map(|name| property_name(ctx, name)).collect()
    }
}

fn property_name<'js>(ctx: &Ctx<'js>, name: &str) -> Result<PropertyName<'js>> {
    Ok(PropertyName {
        atom: Atom::from_str(ctx.clone(), name)?,
        is_enumerable: true,
    })
}
