//! One script in an engine of its own: read once, then called event by event.

use rquickjs::{Ctx, Function, Object, Persistent, Value};

use super::definition::Definition;
use super::engine::{Engine, Failed, Limits, as_script};
use super::envelope::Envelope;
use super::error::Fault;
use super::ready::Script;
use super::tools::{Handlers, Kept, Tools};
use super::value::{self, MAX_BYTES, Writer};
use crate::event::Timestamp;
use crate::event::json::Json;

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
    pub(super) data: Option<Json>,
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
    handlers: Handlers,
    tools: Tools,
    pub(super) definition: Definition,
    name: String,
    limits: Limits,
    engine: Engine,
}

impl Sandbox {
    /// Reads a script. Costs about a millisecond.
    pub(super) fn new(script: &Script) -> Result<Self, Fault> {
        let engine = Engine::new()?;
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
                let words: Object<'_> = words.call(())?;
                let options = as_script(&script.name);
                ctx.eval_with_options::<Value<'_>, _>(script.text.as_str(), options)?;
                words.get::<_, Function<'_>>("close")?.call::<_, ()>(())?;
                let text: String = words.get::<_, Function<'_>>("definition")?.call(())?;
                let definition = serde_json::from_str(&text)
                    .map_err(|error| Fault::thrown(&error.to_string()))?;
                let mut handlers = Handlers::new(ctx, &words.get("handlers")?)?;
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
        if let Some(named) = handlers.named.get(event_type).or(handlers.any.as_ref()) {
            return Some(Handler::Function(named.clone()));
        }
        handlers.named.is_empty().then_some(Handler::Body)
    }

    fn run<T>(&self, work: impl FnOnce(&Ctx<'_>) -> Result<T, Failed>) -> Result<T, Fault> {
        self.engine.run(&self.name, self.limits.call, work)
    }

    /// What `$init` gives before any event; an empty object where there is no `$init`.
    pub(super) fn start(&self) -> Result<Json, Fault> {
        self.run(|ctx| {
            let state = self.init(ctx, f64::NAN, 0)?;
            self.writer(ctx)?.json(&state)
        })
    }

    fn init<'js>(&self, ctx: &Ctx<'js>, time: f64, seed: u32) -> Result<Value<'js>, Failed> {
        match &self.handlers.init {
            Some(init) => {
                let init = init.clone().restore(ctx)?;
                let call = self.tools.init.clone().restore(ctx)?;
                Ok(call.call((init, time, seed))?)
            }
            None => Ok(Object::new(ctx.clone())?.into_value()),
        }
    }

    /// Calls a handler; `None` where it left no state. `seed` stands for chance.
    pub(super) fn apply(
        &self,
        handler: Handler,
        held: Held<'_>,
        event: &Envelope<'_>,
        seed: u32,
    ) -> Result<Option<Kept<Value<'static>>>, Fault> {
        let time = event.time.map_or(f64::NAN, milliseconds);
        self.run(|ctx| {
            let state = match held {
                Held::Live(value) => value.restore(ctx)?,
                Held::Text(text) => value::read(ctx, text)?,
                Held::Nothing => self.begin(ctx, &handler, event, time, seed)?,
            };
            let object = |event: &Envelope<'_>| event.object(ctx, &self.prototype(ctx, event)?);
            let result = match handler {
                Handler::Function(function) => {
                    let call = self.tools.handle.clone().restore(ctx)?;
                    let function = function.restore(ctx)?;
                    call.call((function, state.clone(), object(event)?, time, seed))?
                }
                Handler::Deleted(function) => {
                    let call = self.tools.remove.clone().restore(ctx)?;
                    let function = function.restore(ctx)?;
                    call.call::<_, Value<'_>>((
                        function,
                        state.clone(),
                        event.partition,
                        time,
                        seed,
                    ))?
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
        seed: u32,
    ) -> Result<Option<Given>, Fault> {
        let Some(upcast) = self.handlers.upcast.clone() else {
            return Ok(None);
        };
        let time = event.time.map_or(f64::NAN, milliseconds);
        self.run(|ctx| {
            let call = self.tools.handle.clone().restore(ctx)?;
            let object = event.object(ctx, &self.prototype(ctx, event)?)?;
            let upcast = upcast.restore(ctx)?;
            let given: Value<'_> = call.call((upcast, object, schema_version, time, seed))?;
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
                Some(self.writer(ctx)?.json(&data)?)
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
        time: f64,
        seed: u32,
    ) -> Result<Value<'js>, Failed> {
        let state = self.init(ctx, time, seed)?;
        // A stream that ends before anything else was handled was never created.
        let is_end = matches!(handler, Handler::Deleted(_));
        if let Some(created) = self.handlers.created.as_ref().filter(|_| !is_end) {
            let event = Envelope {
                category: Some(""),
                ..*event
            };
            let object = event.object(ctx, &self.prototype(ctx, &event)?)?;
            let created = created.clone().restore(ctx)?;
            let call = self.tools.handle.clone().restore(ctx)?;
            call.call::<_, Value<'js>>((created, state.clone(), object, time, seed))?;
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

    /// A state as JSON.
    pub(super) fn json(&self, value: &Kept<Value<'static>>) -> Result<Json, Fault> {
        self.run(|ctx| {
            let value = value.clone().restore(ctx)?;
            self.writer(ctx)?.json(&value)
        })
    }

    fn writer<'js>(&self, ctx: &Ctx<'js>) -> Result<Writer<'js>, Failed> {
        let has_accessor = self.tools.has_accessor.clone();
        Ok(Writer {
            events: [
                self.tools.full.clone().restore(ctx)?,
                self.tools.lean.clone().restore(ctx)?,
            ],
            show: self.tools.show.clone().restore(ctx)?,
            has_accessor: has_accessor.map(|kept| kept.restore(ctx)).transpose()?,
            room: MAX_BYTES,
        })
    }
}

/// The body of an event as a state: what its JSON holds, or its text.
fn body<'js>(event: &Object<'js>) -> Result<Value<'js>, Failed> {
    let body: Value<'js> = event.get("body")?;
    if body.is_undefined() {
        return Ok(event.get("bodyRaw")?);
    }
    Ok(body)
}

/// What a JavaScript date is made of.
fn milliseconds(time: Timestamp) -> f64 {
    time.0.div_euclid(1_000_000) as f64
}
