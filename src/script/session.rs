//! One run of a script: its partitions are entered one after another, its handlers called.

use std::time::Duration;

use rquickjs::{Array, Ctx, Function, Object, Value};

use super::engine::Failed;
use super::envelope::Envelope;
use super::error::Fault;
use super::functions::{Counts, Functions, Handler};
use super::key::{Key, number_key};
use super::outbox::Emit;
use super::sandbox::{Sandbox, body};
use super::shape::Shapes;
use super::sight::Sight;
use super::value::{self, Writer};

/// How long a state may take to be written, at least: it holds no code of the script but proxies.
const MIN_WRITING: Duration = Duration::from_secs(5);

/// What is called for the events of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// The handler of that name, counted as the script has them.
    Named(usize),
    /// `$any`.
    Any,
    /// There is no handler at all: the body is the state.
    Body,
}

/// What of an event can be seen by anything that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Its number in its stream.
    pub at_number: bool,
    /// What happened, or whether it is JSON.
    pub at_payload: bool,
    /// Its id or its metadata, by their names.
    pub at_rest: bool,
    /// Whether a function may do anything with it, so that it may also look at what it does not name.
    pub anywhere: bool,
}

/// A function of the script, and how often it was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name under which the script has it: a type, `$init`, `partitionBy` and so on.
    pub name: Box<str>,
    /// How often.
    pub count: u64,
    /// Where it stands in the script, counted from 1.
    pub line: Option<u32>,
}

/// One run of a script: the state that is under way, and what is done with it.
///
/// A fault leaves the state as the script left it: [`Self::leave`] it then, and enter again from text.
pub struct Session<'a, 'js> {
    sandbox: &'a Sandbox,
    ctx: Ctx<'js>,
    functions: Functions<'js>,
    shapes: Shapes<'js>,
    writer: Writer<'js>,
    live: Option<Value<'js>>,
    is_shared: bool,
    counts: Counts,
}

/// Why an event could not be shown.
fn unshown(failed: Failed) -> Fault {
    match failed {
        Failed::Ours(fault) => fault,
        Failed::Engine(error) => Fault::thrown(&error.to_string()),
    }
}

impl<'a, 'js> Session<'a, 'js> {
    pub(super) fn new(sandbox: &'a Sandbox, ctx: Ctx<'js>) -> Result<Self, Failed> {
        let functions = Functions::new(sandbox, &ctx)?;
        let tools = &sandbox.tools;
        let prototypes = [
            tools.full.clone().restore(&ctx)?,
            tools.lean.clone().restore(&ctx)?,
            tools.bare.clone().restore(&ctx)?,
        ];
        Ok(Self {
            sandbox,
            shapes: Shapes::new(&ctx, prototypes)?,
            writer: sandbox.tools.writer(&ctx)?,
            live: None,
            is_shared: sandbox.definition.bi_state,
            counts: Counts {
                named: vec![0; functions.named.len()],
                ..Counts::default()
            },
            functions,
            ctx,
        })
    }

    fn timed<T>(
        &self,
        allowed: Duration,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Fault> {
        let engine = &self.sandbox.engine;
        engine.timed(&self.ctx, &self.sandbox.name, allowed, work)
    }

    fn call<T>(
        &self,
        event: &Envelope<'_>,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Fault> {
        let pins = &self.sandbox.engine.pins;
        pins.set(event.milliseconds(), event.seed);
        self.timed(self.sandbox.limits.call, work)
    }

    /// The event as a function sees it.
    fn object(&self, event: &Envelope<'_>, taker: &Handler<'js>) -> Result<Value<'js>, Fault> {
        if !taker.sight.is_some() {
            return Ok(Value::new_undefined(self.ctx.clone()));
        }
        let made = self.shapes.object(event, &taker.shape);
        made.map(Object::into_value).map_err(unshown)
    }

    /// What of an event all that is called can see together.
    pub fn looks(&self) -> Looks {
        let functions = &self.functions;
        let has_handlers = !functions.named.is_empty() || functions.any.is_some();
        let any = |sees: &dyn Fn(&Sight) -> bool| functions.takers().any(sees);
        Looks {
            at_number: any(&|sight| sight.sees("sequenceNumber")),
            at_payload: !has_handlers || any(&Sight::sees_payload),
            at_rest: any(&Sight::names_rest),
            anywhere: any(&|sight| *sight == Sight::Everything),
        }
    }

    /// What is called for events of a type; `None` where they do not arrive at all.
    pub fn handling(&self, event_type: &str) -> Option<Handling> {
        let handlers = &self.sandbox.handlers;
        if handlers.named.is_empty() {
            let any = self.functions.any.as_ref();
            return Some(any.map_or(Handling::Body, |_| Handling::Any));
        }
        handlers
            .by_type
            .get(event_type)
            .copied()
            .map(Handling::Named)
    }

    /// The partition of an event, by `partitionBy`.
    pub fn key(&mut self, event: &Envelope<'_>) -> Result<Key, Fault> {
        let Some(partition_by) = &self.functions.partition_by else {
            return Ok(Key::Partition(String::new()));
        };
        self.counts.partition_by += 1;
        let object = self.object(event, partition_by)?;
        let found: Value<'js> =
            self.call(event, || Ok(partition_by.function.call((object,))?))?;
        if let Some(text) = found.as_string() {
            let text = text.to_string();
            let text = text.map_err(|error| Fault::thrown(&error.to_string()))?;
            return Ok(Key::Partition(text));
        }
        let number = found.as_number();
        Ok(number.map_or(Key::Nowhere, |number| Key::Partition(number_key(number))))
    }

    /// Enters a partition: with its state as text, or with the state of a new one. Then `$created` is
    /// called for `event`, unless it is the end of a stream that brings it about.
    ///
    /// `shared` is the text of the state that all partitions share, where there is one.
    pub fn enter(
        &mut self,
        own: Option<&str>,
        shared: Option<&str>,
        event: &Envelope<'_>,
        is_end: bool,
    ) -> Result<(), Fault> {
        self.live = None;
        self.counts.init += u64::from(own.is_none() && self.functions.init.is_some());
        let makes_shared = self.is_shared && shared.is_none();
        self.counts.init_shared += u64::from(makes_shared && self.functions.init_shared.is_some());
        let state = self.call(event, || {
            let part = |text: Option<&str>, init: &Option<Function<'js>>| -> Result<_, Failed> {
                Ok(match (text, init) {
                    (Some(text), _) => value::read(&self.ctx, text)?,
                    (None, Some(init)) => init.call(())?,
                    (None, None) => Object::new(self.ctx.clone())?.into_value(),
                })
            };
            let own = part(own, &self.functions.init)?;
            if !self.is_shared {
                return Ok(own);
            }
            let pair = Array::new(self.ctx.clone())?;
            pair.set(0, own)?;
            pair.set(1, part(shared, &self.functions.init_shared)?)?;
            Ok(pair.into_value())
        })?;
        self.live = Some(state);
        if own.is_none() && !is_end {
            return self.created(event);
        }
        Ok(())
    }

    fn created(&mut self, event: &Envelope<'_>) -> Result<(), Fault> {
        let Some(created) = &self.functions.created else {
            return Ok(());
        };
        self.counts.created += 1;
        let event = Envelope {
            category: Some(""),
            ..*event
        };
        let object = self.object(&event, created)?;
        self.call(&event, || {
            Ok(created
                .function
                .call::<_, Value<'js>>((self.state(), object))?)
        })?;
        Ok(())
    }

    fn state(&self) -> Value<'js> {
        let nothing = || Value::new_undefined(self.ctx.clone());
        self.live.clone().unwrap_or_else(nothing)
    }

    /// Leaves the partition; the state under way is gone.
    pub fn leave(&mut self) {
        self.live = None;
    }

    /// Calls the handler of an event.
    pub fn handle(&mut self, by: Handling, event: &Envelope<'_>) -> Result<(), Fault> {
        let handler = match by {
            Handling::Named(at) => {
                self.counts.named[at] += 1;
                Some(&self.functions.named[at])
            }
            Handling::Any => {
                self.counts.any += 1;
                self.functions.any.as_ref()
            }
            Handling::Body => None,
        };
        let object = match handler {
            Some(handler) => self.object(event, handler)?,
            None => self.shapes.whole(event).map_err(unshown)?.into_value(),
        };
        let result: Value<'js> = self.call(event, || match (handler, object.as_object()) {
            (Some(handler), _) => Ok(handler.function.call((self.state(), object))?),
            (None, Some(object)) => body(object),
            (None, None) => Ok(object),
        })?;
        if !result.is_undefined() {
            self.live = Some(result);
        }
        if self.is_shared {
            self.check_pair()
        } else {
            Ok(())
        }
    }

    /// Goes on in a partition whose state became null, as if nothing had been between.
    pub fn go_on_with_null(&mut self) {
        self.live = Some(Value::new_null(self.ctx.clone()));
    }

    /// Calls `$deleted`, for the end of the stream that is the partition.
    pub fn deleted(&mut self, event: &Envelope<'_>) -> Result<(), Fault> {
        let Some(deleted) = &self.functions.deleted else {
            return Ok(());
        };
        self.counts.deleted += 1;
        self.call(event, || {
            let null = Value::new_null(self.ctx.clone());
            Ok(deleted.call::<_, Value<'js>>((self.state(), null, event.partition, false))?)
        })?;
        Ok(())
    }

    /// Where a state is shared, what a handler leaves must be the pair.
    fn check_pair(&self) -> Result<(), Fault> {
        let state = self.state();
        let shared = state.as_array().map(|pair| pair.get::<Value<'js>>(1));
        match shared {
            None => Err(Fault::thrown(
                "with a shared state, a handler returns [state of the partition, shared state]",
            )),
            Some(Ok(shared)) if !shared.is_null() && !shared.is_undefined() => Ok(()),
            Some(_) => Err(Fault::thrown("the shared state cannot be null")),
        }
    }

    /// The state of the partition as a text of JSON; `None` where it left none.
    pub fn own_text(&self) -> Result<Option<String>, Fault> {
        let state = self.state();
        match state.as_array().filter(|_| self.is_shared) {
            Some(pair) => self.text(|| Ok(pair.get(0)?)),
            None => self.text(|| Ok(state.clone())),
        }
    }

    /// The shared state as a text of JSON.
    pub fn shared_text(&self) -> Result<Option<String>, Fault> {
        let state = self.state();
        match state.as_array().filter(|_| self.is_shared) {
            Some(pair) => self.text(|| Ok(pair.get(1)?)),
            None => Ok(None),
        }
    }

    fn text(
        &self,
        value: impl FnOnce() -> Result<Value<'js>, Failed>,
    ) -> Result<Option<String>, Fault> {
        let allowed = self.sandbox.limits.call.max(MIN_WRITING);
        self.timed(allowed, || {
            let value = value()?;
            if value.is_null() || value.is_undefined() {
                return Ok(None);
            }
            self.writer.text(&value).map(Some)
        })
    }

    /// The result: what the chain of transforms makes of the state, as a text of JSON.
    pub fn result(&mut self, event: &Envelope<'_>) -> Result<Option<String>, Fault> {
        self.counts.transforms += 1;
        let value = self.call(event, || {
            let mut value = self.state();
            for (n, (is_filter, function)) in self.functions.transforms.iter().enumerate() {
                if n > 0 && (value.is_null() || value.is_undefined()) {
                    break;
                }
                let given: Value<'js> = function.call((value.clone(),))?;
                if !is_filter {
                    value = given;
                } else if given.as_bool() != Some(true) {
                    value = Value::new_null(self.ctx.clone());
                    break;
                }
            }
            Ok(value)
        })?;
        self.text(|| Ok(value))
    }

    /// Whether there is a chain of transforms.
    pub fn has_transforms(&self) -> bool {
        !self.functions.transforms.is_empty()
    }

    /// Takes what the script emitted since this was last asked.
    pub fn take_emitted(&self) -> Vec<Emit> {
        self.sandbox.outbox.take()
    }

    /// Takes the lines that the script logged, and how many more were not kept.
    pub fn take_log(&self) -> (Vec<Box<str>>, u64) {
        let outbox = &self.sandbox.outbox;
        (outbox.lines.take(), outbox.n_more_lines.get())
    }

    /// How often each function of the script was called.
    pub fn calls(&self) -> Vec<Call> {
        let (functions, counts) = (&self.functions, &self.counts);
        let named = self.sandbox.handlers.named.iter().zip(&counts.named);
        let named = named.map(|((name, _), count)| (&**name, *count));
        let special = [
            (
                "partitionBy",
                functions.partition_by.is_some(),
                counts.partition_by,
            ),
            ("$init", functions.init.is_some(), counts.init),
            (
                "$initShared",
                functions.init_shared.is_some(),
                counts.init_shared,
            ),
            ("$created", functions.created.is_some(), counts.created),
            ("$any", functions.any.is_some(), counts.any),
            ("$deleted", functions.deleted.is_some(), counts.deleted),
        ];
        let special = special.into_iter().filter(|(_, is_there, _)| *is_there);
        let special = special.map(|(name, _, count)| (name, count));
        let lines = &self.sandbox.handlers.lines;
        let call = |(name, count): (&str, u64)| Call {
            name: name.into(),
            count,
            line: lines.get(name).copied(),
        };
        special.chain(named).map(call).collect()
    }
}
