//! One script in an engine of its own: read once, then called event by event.

use std::rc::Rc;

use rquickjs::{Ctx, Function, Object, Persistent, Value};

use super::definition::Definition;
use super::engine::{Engine, Failed, Limits, as_script};
use super::envelope::Envelope;
use super::error::Fault;
use super::outbox::{Outbox, natives};
use super::ready::Script;
use super::tools::{Handlers, Kept, Tools};
use super::value::{self, Writer};
use crate::event::json::{self, Json};

/// The words that stand there while a script is read.
const WORDS: &str = include_str!("../../assets/script/words.js");

/// What a script gave for an event type.
pub(super) enum Handler {
    /// A function of state and event.
    Function(Kept<Function<'static>>),
    /// `$deleted`, for the end of a stream.
    Deleted(Kept<Function<'static>>),
    /// No function at all: the body is the state.
    Body,
}

/// What `upcast` gave: what is left out stays as it stands.
pub(super) struct Given {
    pub(super) event_type: Option<String>,
    pub(super) data: Option<String>,
}

/// A state between two calls.
pub(super) enum Held<'a> {
    /// There is none yet, or it became null.
    Nothing,
    /// As the script left it.
    Live(Kept<Value<'static>>),
    /// As text of JSON.
    Text(&'a str),
}

/// A script in its engine.
pub(super) struct Sandbox {
    // What is kept of an engine must be gone before the engine: fields are dropped in this order.
    pub(super) handlers: Handlers,
    pub(super) tools: Tools,
    pub(super) definition: Definition,
    pub(super) name: String,
    pub(super) limits: Limits,
    pub(super) outbox: Rc<Outbox>,
    pub(super) engine: Engine,
}

impl Sandbox {
    /// Reads a script. Costs about a millisecond.
    pub(super) fn new(script: &Script) -> Result<Self, Fault> {
        let engine = Engine::new()?;
        let outbox = Rc::new(Outbox::default());
        let has_accessors = script.mentions(&[
            "get ",
            "set ",
            "defineProperty",
            "defineProperties",
            "__define",
        ]);
        let (tools, handlers, definition) =
            engine.run(&script.name, script.limits.compile, |ctx| {
                let tools = Tools::new(ctx, &engine, has_accessors)?;
                let words: Function<'_> = ctx.eval_with_options(WORDS, as_script("words.js"))?;
                let natives = natives(ctx, &engine, &outbox)?;
                let words: Object<'_> = words.call((natives, tools.all.clone().restore(ctx)?))?;
                let options = as_script(&script.name);
                ctx.eval_with_options::<Value<'_>, _>(script.text.as_str(), options)?;
                words.get::<_, Function<'_>>("close")?.call::<_, ()>(())?;
                let text: String = words.get::<_, Function<'_>>("definition")?.call(())?;
                let definition = serde_json::from_str(&text)
                    .map_err(|error| Fault::thrown(&error.to_string()))?;
                let mut handlers = Handlers::new(ctx, &words)?;
                let upcast = ctx.eval_with_options::<Option<Function<'_>>, _>(
                    "typeof upcast === 'function' ? upcast : undefined",
                    as_script("words.js"),
                )?;
                handlers.upcast = upcast.map(|upcast| Persistent::save(ctx, upcast));
                Ok((tools, handlers, definition))
            })?;
        Ok(Self {
            handlers,
            tools,
            definition,
            name: script.name.clone(),
            limits: script.limits,
            outbox,
            engine,
        })
    }

    /// What is called for events of a type.
    pub(super) fn handler(&self, event_type: &str) -> Option<Handler> {
        let handlers = &self.handlers;
        if event_type == "$streamDeleted"
            && let Some(deleted) = &handlers.deleted
        {
            return Some(Handler::Deleted(deleted.clone()));
        }
        if let Some(named) = handlers.of_type(event_type).or(handlers.any.as_ref()) {
            return Some(Handler::Function(named.clone()));
        }
        handlers.named.is_empty().then_some(Handler::Body)
    }

    fn run<T>(&self, work: impl FnOnce(&Ctx<'_>) -> Result<T, Failed>) -> Result<T, Fault> {
        self.engine.run(&self.name, self.limits.call, work)
    }

    /// What `$init` gives before any event; an empty object where there is no `$init`.
    pub(super) fn start(&self) -> Result<Json, Fault> {
        self.engine.pins.set(f64::NAN, 0);
        let text = self.run(|ctx| {
            let state = self.init(ctx)?;
            self.writer(ctx)?.text(&state)
        })?;
        Ok(json::parse(text.as_bytes()).unwrap_or_default())
    }

    fn init<'js>(&self, ctx: &Ctx<'js>) -> Result<Value<'js>, Failed> {
        match &self.handlers.init {
            Some(init) => Ok(init.clone().restore(ctx)?.call(())?),
            None => Ok(Object::new(ctx.clone())?.into_value()),
        }
    }

    /// Calls a handler; `None` where it left no state.
    pub(super) fn apply(
        &self,
        handler: Handler,
        held: Held<'_>,
        event: &Envelope<'_>,
    ) -> Result<Option<Kept<Value<'static>>>, Fault> {
        self.engine.pins.set(event.milliseconds(), event.seed);
        self.run(|ctx| {
            let state = match held {
                Held::Live(value) => value.restore(ctx)?,
                Held::Text(text) => value::read(ctx, text)?,
                Held::Nothing => self.begin(ctx, &handler, event)?,
            };
            let object = |event: &Envelope<'_>| event.object(ctx, &self.prototype(ctx, event)?);
            let result: Value<'_> = match handler {
                Handler::Function(function) => {
                    let function = function.restore(ctx)?;
                    function.call((state.clone(), object(event)?))?
                }
                Handler::Deleted(function) => {
                    let function = function.restore(ctx)?;
                    let null = Value::new_null(ctx.clone());
                    function.call::<_, Value<'_>>((state.clone(), null, event.partition, false))?;
                    Value::new_undefined(ctx.clone())
                }
                Handler::Body => body(&object(event)?)?,
            };
            let state = if result.is_undefined() { state } else { result };
            let is_none = state.is_null() || state.is_undefined();
            Ok((!is_none).then(|| Persistent::save(ctx, state)))
        })
    }

    /// Whether the script has a function `upcast`.
    pub(super) fn has_upcast(&self) -> bool {
        self.handlers.upcast.is_some()
    }

    /// What `upcast(event, schemaVersion)` gives: `{ data, eventType }`, or nothing.
    pub(super) fn upcast(
        &self,
        event: &Envelope<'_>,
        schema_version: Option<&str>,
    ) -> Result<Option<Given>, Fault> {
        let Some(upcast) = self.handlers.upcast.clone() else {
            return Ok(None);
        };
        self.engine.pins.set(event.milliseconds(), event.seed);
        self.run(|ctx| {
            let object = event.object(ctx, &self.prototype(ctx, event)?)?;
            let upcast = upcast.restore(ctx)?;
            let given: Value<'_> = upcast.call((object, schema_version))?;
            if given.is_undefined() || given.is_null() {
                return Ok(None);
            }
            let Some(given) = given.as_object() else {
                let message = "upcast(event) gives { data, eventType } or nothing";
                return Err(Fault::thrown(message).into());
            };
            let data: Value<'_> = given.get("data")?;
            let data = if data.is_undefined() {
                None
            } else {
                Some(self.writer(ctx)?.text(&data)?)
            };
            Ok(Some(Given {
                event_type: given.get("eventType")?,
                data,
            }))
        })
    }

    /// The state of a new partition: `$init`, then `$created`.
    fn begin<'js>(
        &self,
        ctx: &Ctx<'js>,
        handler: &Handler,
        event: &Envelope<'_>,
    ) -> Result<Value<'js>, Failed> {
        let state = self.init(ctx)?;
        // A stream that ends before anything else was handled was never created.
        let is_end = matches!(handler, Handler::Deleted(_));
        if let Some(created) = self.handlers.created.as_ref().filter(|_| !is_end) {
            let event = Envelope {
                category: Some(""),
                ..*event
            };
            let object = event.object(ctx, &self.prototype(ctx, &event)?)?;
            let created = created.clone().restore(ctx)?;
            created.call::<_, Value<'js>>((state.clone(), object))?;
        }
        Ok(state)
    }

    fn prototype<'js>(&self, ctx: &Ctx<'js>, event: &Envelope<'_>) -> Result<Object<'js>, Failed> {
        let kind = match event.rest {
            Some(_) => &self.tools.full,
            None => &self.tools.lean,
        };
        Ok(kind.clone().restore(ctx)?)
    }

    /// A state as a text of JSON.
    pub(super) fn text(&self, value: &Kept<Value<'static>>) -> Result<String, Fault> {
        self.run(|ctx| {
            let value = value.clone().restore(ctx)?;
            self.writer(ctx)?.text(&value)
        })
    }

    fn writer<'js>(&self, ctx: &Ctx<'js>) -> Result<Writer<'js>, Failed> {
        self.tools.writer(ctx)
    }
}

/// The body of an event as a state: what its JSON holds, or its text.
pub(super) fn body<'js>(event: &Object<'js>) -> Result<Value<'js>, Failed> {
    let body: Value<'js> = event.get("body")?;
    if body.is_undefined() {
        return Ok(event.get("bodyRaw")?);
    }
    Ok(body)
}
