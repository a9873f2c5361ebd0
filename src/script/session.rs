//! One run of a script: its partitions are entered one after another, its handlers called.

use std::rc::Rc;
use std::time::Duration;

use rquickjs::{Array, Ctx, Function, Object, Value};

use super::engine::Failed;
use super::envelope::Envelope;
use super::error::Fault;
use super::facts::Facts;
use super::functions::{Counts, Functions};
use super::key::{Key, number_key};
use super::outbox::Emit;
use super::sandbox::{Sandbox, body};
use super::seen::Seen;
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

/// How a script's text is written, as far as that matters for what it is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// Its functions may see arguments that they do not name.
    pub(super) looks_around: bool,
    /// It has strict code. What writes to an event is to fail there and nowhere else: only an object of
    /// plain properties does that.
    pub(super) is_strict: bool,
}

/// One run of a script: the state that is under way, and what is done with it.
///
/// A fault leaves the state as the script left it: [`Self::leave`] it then, and enter again from text.
pub struct Session<'a, 'js> {
    sandbox: &'a Sandbox,
    ctx: Ctx<'js>,
    functions: Functions<'js>,
    full: Object<'js>,
    lean: Object<'js>,
    /// What plain objects inherit from.
    plain: Object<'js>,
    /// What the last event showed; used again where the script does not hold it.
    facts: Rc<Facts>,
    is_strict: bool,
    writer: Writer<'js>,
    live: Option<Value<'js>>,
    is_shared: bool,
    counts: Counts,
}

impl<'a, 'js> Session<'a, 'js> {
    pub(super) fn new(
        sandbox: &'a Sandbox,
        ctx: Ctx<'js>,
        manners: Manners,
    ) -> Result<Self, Failed> {
        let functions = Functions::new(sandbox, &ctx, manners.looks_around)?;
        let plain = Object::new(ctx.clone())?;
        Ok(Self {
            sandbox,
            full: sandbox.tools.full.clone().restore(&ctx)?,
            lean: sandbox.tools.lean.clone().restore(&ctx)?,
            plain: plain.get_prototype().unwrap_or(plain),
            facts: Rc::new(Facts::new(&sandbox.engine.needs_more)),
            is_strict: manners.is_strict,
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

    /// The event as an object of the engine.
    fn object(&mut self, event: &Envelope<'_>) -> Result<Value<'js>, Fault> {
        if Rc::get_mut(&mut self.facts).is_none() {
            self.facts = Rc::new(Facts::new(&self.sandbox.engine.needs_more));
        }
        let made = if self.is_strict {
            let proto = if event.rest.is_some() {
                &self.full
            } else {
                &self.lean
            };
            event.object(&self.ctx, proto).map(Object::into_value)
        } else {
            if let Some(facts) = Rc::get_mut(&mut self.facts) {
                facts.fill(event);
            }
            Seen::object(&self.facts, &self.full, &self.plain).map_err(Failed::Engine)
        };
        made.map_err(|failed| match failed {
            Failed::Ours(fault) => fault,
            Failed::Engine(error) => Fault::thrown(&error.to_string()),
        })
    }

    /// Whether the script writes to events in ways that only plain objects answer to: then all of an
    /// event must be read.
    pub fn needs_whole_events(&self) -> bool {
        self.is_strict
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
        let Some(partition_by) = self.functions.partition_by.clone() else {
            return Ok(Key::Partition(String::new()));
        };
        self.counts.partition_by += 1;
        let object = self.object(event)?;
        let found: Value<'js> = self.call(event, || Ok(partition_by.call((object,))?))?;
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
        match self.functions.created.clone() {
            Some(created) if own.is_none() && !is_end => self.created(&created, event),
            _ => Ok(()),
        }
    }

    fn created(&mut self, created: &Function<'js>, event: &Envelope<'_>) -> Result<(), Fault> {
        self.counts.created += 1;
        let event = Envelope {
            category: Some(""),
            ..*event
        };
        let object = self.object(&event)?;
        self.call(&event, || {
            Ok(created.call::<_, Value<'js>>((self.state(), object))?)
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

    /// Whether what is called for an event can see anything of it.
    pub fn sees_event(&self, by: Handling) -> bool {
        match by {
            Handling::Named(at) => self.functions.named[at].sees_event,
            Handling::Any => self.functions.any.as_ref().is_none_or(|any| any.sees_event),
            Handling::Body => true,
        }
    }

    /// Calls the handler of an event.
    pub fn handle(&mut self, by: Handling, event: &Envelope<'_>) -> Result<(), Fault> {
        let object = if self.sees_event(by) {
            self.object(event)?
        } else {
            Value::new_undefined(self.ctx.clone())
        };
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
