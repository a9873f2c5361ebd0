//! What a script sends out: events and links that it emits, lines that it logs.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::convert::Coerced;
use rquickjs::function::Rest;
use rquickjs::object::Filter;
use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::engine::{Engine, Failed};
use super::error::Fault;
use super::value::Writer;
use crate::event::json::quote;

/// The most lines of a log that are kept; further ones are counted.
const MAX_LINES: usize = 10_000;

/// The most bytes of one line of a log.
const MAX_LINE: usize = 64 << 10;

/// The most bytes that one call emits.
const MAX_EMITTED: usize = 64 << 20;

/// What kind of event a script emits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmitKind {
    /// An event with a body of JSON.
    Event,
    /// A link to an event: type `$>`, the text `number@stream`.
    Link,
    /// A reference to a stream: type `$@`, the text is its name.
    Reference,
}

/// An event that a script emits, or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emit {
    /// What it is.
    pub kind: EmitKind,
    /// The stream into which it goes.
    pub stream: Box<str>,
    /// Its type.
    pub event_type: Box<str>,
    /// JSON text of an event, the text of a link or reference.
    pub data: Box<str>,
    /// JSON text of an object, where the script gave any.
    pub metadata: Option<Box<str>>,
}

impl Emit {
    fn bytes(&self) -> usize {
        let metadata = self.metadata.as_ref().map_or(0, |text| text.len());
        self.stream.len() + self.event_type.len() + self.data.len() + metadata + 64
    }
}

/// What was sent out and not yet taken.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) emitted: RefCell<Vec<Emit>>,
    n_bytes: Cell<usize>,
    pub(super) lines: RefCell<Vec<Box<str>>>,
    pub(super) n_more_lines: Cell<u64>,
}

impl Outbox {
    /// Takes what was emitted since it was last taken.
    pub(super) fn take(&self) -> Vec<Emit> {
        self.n_bytes.set(0);
        self.emitted.take()
    }

    fn put(&self, emit: Emit) -> Result<(), Fault> {
        let n_bytes = self.n_bytes.get() + emit.bytes();
        if n_bytes > MAX_EMITTED {
            let most = MAX_EMITTED >> 20;
            let message = format!("the script emits over {most} MiB for one event");
            return Err(Fault::thrown(&message));
        }
        self.n_bytes.set(n_bytes);
        self.emitted.borrow_mut().push(emit);
        Ok(())
    }

    fn line(&self, line: &str) {
        let mut lines = self.lines.borrow_mut();
        if lines.len() >= MAX_LINES {
            self.n_more_lines.set(self.n_more_lines.get() + 1);
            return;
        }
        let mut end = line.len().min(MAX_LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        lines.push(line[..end].into());
    }
}

/// The functions that send something out, for the words of the language: each is given the tools of
/// the sandbox before its arguments, as a function of ours must not keep values of the engine.
pub(super) fn natives<'js>(
    ctx: &Ctx<'js>,
    engine: &Engine,
    outbox: &Rc<Outbox>,
) -> Result<Object<'js>, Failed> {
    let natives = Object::new(ctx.clone())?;
    let sends: [(&str, Send); 4] = [
        ("emit", emit),
        ("linkTo", link_to),
        ("linkStreamTo", link_stream_to),
        ("log", log),
    ];
    for (name, send) in sends {
        let (outbox, refused) = (Rc::clone(outbox), Rc::clone(&engine.refused));
        let function = Function::new(
            ctx.clone(),
            move |ctx: Ctx<'js>, tools: Object<'js>, args: Rest<Value<'js>>| {
                let sent = send_with(&tools, &args, &outbox, send);
                sent.map_err(|failed| match failed {
                    Failed::Engine(error) => error,
                    Failed::Ours(fault) => {
                        let message = fault.to_string();
                        refused.replace(Some(fault));
                        Exception::throw_message(&ctx, &message)
                    }
                })
            },
        )?;
        natives.set(name, function)?;
    }
    Ok(natives)
}

/// Sends out what the arguments say.
type Send = for<'a, 'js> fn(&'a Writer<'js>, &'a [Value<'js>], &'a Outbox) -> Result<(), Failed>;

fn send_with<'js>(
    tools: &Object<'js>,
    args: &[Value<'js>],
    outbox: &Outbox,
    send: Send,
) -> Result<(), Failed> {
    send(&Writer::of(tools)?, args, outbox)
}

fn emit<'js>(writer: &Writer<'js>, args: &[Value<'js>], outbox: &Outbox) -> Result<(), Failed> {
    let (stream, event_type, body, metadata) = match args {
        [stream, event_type, body] => (stream, event_type, body, None),
        [stream, event_type, body, metadata, ..] => (stream, event_type, body, Some(metadata)),
        _ => return Err(Fault::thrown("invalid number of parameters").into()),
    };
    let stream = text(stream, "streamId")?;
    let event_type = text(event_type, "eventName")?;
    let body = object(body, "eventBody")?;
    let metadata = metadata.filter(|given| !given.is_undefined());
    let metadata = metadata
        .map(|given| object(given, "metadata"))
        .transpose()?;
    outbox.put(Emit {
        kind: EmitKind::Event,
        stream,
        event_type,
        data: writer.text(body.as_value())?.into(),
        metadata: metadata.map(|given| entries(writer, given)).transpose()?,
    })?;
    Ok(())
}

fn link_to<'js>(writer: &Writer<'js>, args: &[Value<'js>], outbox: &Outbox) -> Result<(), Failed> {
    let (stream, event, metadata) = match args {
        [stream, event] => (stream, event, None),
        [stream, event, metadata] => (stream, event, Some(metadata)),
        _ => return Err(Fault::thrown("wrong number of parameters").into()),
    };
    let stream = text(stream, "streamId")?;
    let event = object(event, "event")?;
    let number: Value<'_> = event.get("sequenceNumber")?;
    let target: Value<'_> = event.get("streamId")?;
    let (Some(at), Some(name)) = (number.as_number(), target.as_string()) else {
        let message = format!(
            "Invalid link to event {}@{}",
            shown(&number),
            shown(&target)
        );
        return Err(Fault::thrown(&message).into());
    };
    let metadata = metadata.filter(|given| !given.is_undefined());
    let metadata = metadata
        .map(|given| object(given, "metadata"))
        .transpose()?;
    outbox.put(Emit {
        kind: EmitKind::Link,
        stream,
        event_type: "$>".into(),
        data: format!("{at}@{}", name.to_string()?).into(),
        metadata: metadata.map(|given| entries(writer, given)).transpose()?,
    })?;
    Ok(())
}

fn link_stream_to<'js>(
    _: &Writer<'js>,
    args: &[Value<'js>],
    outbox: &Outbox,
) -> Result<(), Failed> {
    let (stream, target) = match args {
        [stream, target] => (stream, target),
        [_, _, _] => {
            let message = "linkStreamTo takes no metadata (the server fails here, too)";
            return Err(Fault::thrown(message).into());
        }
        _ => return Err(Fault::thrown("wrong number of parameters").into()),
    };
    outbox.put(Emit {
        kind: EmitKind::Reference,
        stream: text(stream, "streamId")?,
        event_type: "$@".into(),
        data: text(target, "linkedStreamId")?,
        metadata: None,
    })?;
    Ok(())
}

/// Each value that is no object is a line of its own; the objects share one, after them.
fn log<'js>(writer: &Writer<'js>, args: &[Value<'js>], outbox: &Outbox) -> Result<(), Failed> {
    let mut objects = String::new();
    for value in args {
        if value.is_object() {
            if !objects.is_empty() {
                objects.push_str(", ");
            }
            objects.push_str(&writer.text(value)?);
        } else {
            outbox.line(&shown(value));
        }
    }
    if !objects.is_empty() {
        outbox.line(&objects);
    }
    Ok(())
}

/// A text that is not blank.
fn text(value: &Value<'_>, name: &str) -> Result<Box<str>, Failed> {
    let refused = |message: String| Fault::thrown(&message).into();
    let is_nothing = value.is_null() || value.is_undefined();
    let Some(text) = value.as_string().filter(|_| !is_nothing) else {
        return Err(refused(if is_nothing {
            format!("Value cannot be null. (Parameter '{name}')")
        } else {
            format!("string expected (Parameter '{name}')")
        }));
    };
    let text = text.to_string()?;
    if text.trim().is_empty() {
        return Err(refused(format!(
            "Value cannot be null. (Parameter '{name}')"
        )));
    }
    Ok(text.into())
}

fn object<'a, 'js>(value: &'a Value<'js>, name: &str) -> Result<&'a Object<'js>, Failed> {
    if value.is_null() || value.is_undefined() {
        let message = format!("Value cannot be null. (Parameter '{name}')");
        return Err(Fault::thrown(&message).into());
    }
    let message = format!("object expected (Parameter '{name}')");
    Ok(value.as_object().ok_or_else(|| Fault::thrown(&message))?)
}

/// The entries of metadata as a text of JSON; what is undefined is left out.
fn entries<'js>(writer: &Writer<'js>, given: &Object<'js>) -> Result<Box<str>, Failed> {
    let mut out = String::from("{");
    for property in given.own_props::<String, Value<'js>>(Filter::new().string().enum_only()) {
        let (key, value) = property?;
        if value.is_undefined() {
            continue;
        }
        if out.len() > 1 {
            out.push(',');
        }
        quote(&key, &mut out);
        out.push(':');
        out.push_str(&writer.text(&value)?);
    }
    out.push('}');
    Ok(out.into())
}

/// A value as a script would put it into a text.
fn shown(value: &Value<'_>) -> String {
    let text = value.get::<Coerced<String>>();
    if text.is_err() {
        value.ctx().catch();
    }
    text.map_or_else(|_| "a symbol".to_owned(), |text| text.0)
}
