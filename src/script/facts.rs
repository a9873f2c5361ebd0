//! What is known of an event, kept for as long as a script holds the event.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::{Atom, Ctx, Exception, Result, Value};

use super::envelope::Envelope;
use crate::event::json::QuickObject;
use crate::event::{Payload, Timestamp};

/// A payload as text.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) written: String,
    pub(super) is_there: bool,
    /// Whether it is known to be JSON.
    pub(super) is_json: bool,
}

impl Text {
    fn fill(&mut self, payload: &Payload) {
        self.written.clear();
        self.is_json = false;
        match payload {
            Payload::Missing => {}
            Payload::Json(text) => {
                self.written.push_str(text);
                self.is_json = true;
            }
            Payload::Text(text) => self.written.push_str(text),
            Payload::Bytes(bytes) => self.written.push_str(&String::from_utf8_lossy(bytes)),
        }
        self.is_there = !self.written.is_empty();
    }

    fn fill_text(&mut self, text: Option<&str>) {
        self.written.clear();
        self.written.push_str(text.unwrap_or(""));
        self.is_there = text.is_some();
        self.is_json = false;
    }

    pub(super) fn raw<'js>(&self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        if self.is_there {
            string(ctx, &self.written)
        } else {
            Ok(Value::new_null(ctx.clone()))
        }
    }
}

/// What is known of an event, for as long as a script holds it.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) stream: String,
    pub(super) number: Option<i64>,
    pub(super) event_type: String,
    pub(super) is_json: bool,
    /// Whether the payload was read.
    pub(super) has_data: bool,
    /// Whether id and metadata were read.
    pub(super) has_rest: bool,
    pub(super) data: Text,
    pub(super) id: Text,
    pub(super) metadata: Text,
    pub(super) link: Text,
    pub(super) partition: String,
    pub(super) category: Text,
    pub(super) time: Option<Timestamp>,
    pub(super) needs_more: Rc<Cell<bool>>,
    pub(super) quick: RefCell<QuickObject>,
}

impl Facts {
    pub(super) fn new(needs_more: &Rc<Cell<bool>>) -> Self {
        Self {
            needs_more: Rc::clone(needs_more),
            ..Self::default()
        }
    }

    /// Takes over what an event shows.
    pub(super) fn fill(&mut self, event: &Envelope<'_>) {
        let set = |text: &mut String, value: &str| {
            text.clear();
            text.push_str(value);
        };
        set(&mut self.stream, event.stream);
        set(&mut self.event_type, event.event_type);
        set(&mut self.partition, event.partition);
        self.number = event.number;
        self.is_json = event.is_json;
        self.has_data = event.data.is_some();
        self.data.fill(event.data.unwrap_or(&Payload::Missing));
        self.has_rest = event.rest.is_some();
        let (id, metadata) = event.rest.unwrap_or((None, &Payload::Missing));
        self.id.fill_text(id);
        self.metadata.fill(metadata);
        self.link.fill_text(event.link_metadata);
        self.category.fill_text(event.category);
        self.time = event.time;
    }

    /// The run begins anew, and reads more of each event.
    pub(super) fn unread(&self, ctx: &Ctx<'_>) -> rquickjs::Error {
        self.needs_more.set(true);
        Exception::throw_message(ctx, "this was not read")
    }

    pub(super) fn of(&self, which: Which) -> &Text {
        match which {
            Which::Data => &self.data,
            Which::Metadata => &self.metadata,
            Which::Link => &self.link,
        }
    }
}

/// Which of an event's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Data,
    Metadata,
    Link,
}

pub(super) fn string<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
    Ok(rquickjs::String::from_str(ctx.clone(), text)?.into_value())
}

/// The name of a property. That of a symbol is its description, which no field and hardly a member has.
pub(super) fn name_of(atom: &Atom<'_>) -> Result<String> {
    atom.to_js_string()?.to_string()
}
