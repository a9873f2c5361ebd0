//! A whole projection: one script, entered partition by partition and fed event by event.
//!
//! A [`Projector`] is a script that was read, in an engine of its own; a [`Session`] is one run of it.
//! Which events there are, in which order, and what becomes of states and results is for whoever runs
//! it: the session holds the one state that is under way.

use std::fmt::Write as _;
use std::time::Duration;

use rquickjs::{Array, Ctx, Function, Object, Value};

use super::definition::Definition;
use super::engine::{Failed, Limits};
use super::envelope::Envelope;
use super::error::{Fault, Phase, ScriptError};
use super::outbox::Emit;
use super::ready::Script;
use super::sandbox::{Sandbox, body};
use super::tools::KeptFunction;
use super::value::{self, Writer};
use super::variables;

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

/// What `partitionBy` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The event belongs to this partition.
    Partition(String),
    /// The event belongs to none and is passed by.
    Nowhere,
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

/// A script that was read and is ready to be run, in an engine of its own.
///
/// Variables of the script live as long as this: for a run from the start, read the script anew. An
/// engine belongs to the thread that made it.
///
/// ```
/// use annals::script::{Limits, Projector};
/// let text = "fromAll().when({ $init: () => ({ n: 0 }), Paid: s => { s.n++ } })";
/// let projector = Projector::read("paid.js", text, Limits::default()).unwrap();
/// assert!(projector.definition().all_streams);
/// assert!(Projector::read("paid.js", "fromNowhere()", Limits::default()).is_err());
/// ```
pub struct Projector {
    sandbox: Sandbox,
    script: Script,
}

impl std::fmt::Debug for Projector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projector")
            .field("name", &self.script.name)
            .finish_non_exhaustive()
    }
}

impl Projector {
    /// Reads a script; `name` is the file's name. Costs about a millisecond.
    ///
    /// What it says may still not go together: see [`Self::check`].
    pub fn read(name: &str, text: &str, limits: Limits) -> Result<Self, ScriptError> {
        let mut script = Script::new(name, text);
        script.limits = limits;
        let failed = |fault: Fault| script.error(Phase::Compile, &fault);
        script.check_length().map_err(failed)?;
        let sandbox = Sandbox::new(&script).map_err(failed)?;
        Ok(Self { sandbox, script })
    }

    /// What the script says it is about.
    pub fn definition(&self) -> &Definition {
        &self.sandbox.definition
    }

    /// Whether what it says goes together; the sentence is the server's.
    pub fn check(&self) -> Result<(), ScriptError> {
        let wrong = |message| {
            self.script
                .error(Phase::Definition, &Fault::thrown(message))
        };
        self.definition().check().map_err(wrong)
    }

    /// Whether the text says any of these words.
    pub fn mentions(&self, words: &[&str]) -> bool {
        self.script.mentions(words)
    }

    /// Whether the script looked at the clock, and whether it asked for chance. Both are pinned to the
    /// event, so that a run can be repeated here, but not on a server.
    pub fn looked_at_clock_and_chance(&self) -> (bool, bool) {
        let pins = &self.sandbox.engine.pins;
        (pins.told_time.get(), pins.drew.get())
    }

    /// Variables of the script's own that its functions change: they belong to no state.
    pub fn mutable_variables(&self) -> Vec<String> {
        variables::changed(&self.script.text)
    }

    /// Enters the engine for a run. The functions of the script are looked up once.
    pub fn session<R>(
        &self,
        work: impl FnOnce(&mut Session<'_, '_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.sandbox.engine.enter(|ctx| {
            let session = Session::new(&self.sandbox, ctx);
            let mut session = session.map_err(|failed| match failed {
                Failed::Ours(fault) => fault,
                Failed::Engine(error) => Fault::thrown(&error.to_string()),
            })?;
            work(&mut session)
        })
    }
}

/// The functions of a script, ready to be called.
struct Functions<'js> {
    init: Option<Function<'js>>,
    init_shared: Option<Function<'js>>,
    created: Option<Function<'js>>,
    deleted: Option<Function<'js>>,
    partition_by: Option<Function<'js>>,
    any: Option<Function<'js>>,
    named: Vec<Function<'js>>,
    transforms: Vec<(bool, Function<'js>)>,
}

impl<'js> Functions<'js> {
    fn new(sandbox: &Sandbox, ctx: &Ctx<'js>) -> Result<Self, Failed> {
        let handlers = &sandbox.handlers;
        let one = |kept: &KeptFunction| kept.clone().restore(ctx);
        let maybe = |kept: &Option<KeptFunction>| kept.as_ref().map(one).transpose();
        let named = handlers.named.iter().map(|(_, kept)| one(kept));
        let transforms = handlers.transforms.iter();
        let transforms = transforms.map(|(is_filter, kept)| Ok((*is_filter, one(kept)?)));
        Ok(Self {
            init: maybe(&handlers.init)?,
            init_shared: maybe(&handlers.init_shared)?,
            created: maybe(&handlers.created)?,
            deleted: maybe(&handlers.deleted)?,
            partition_by: maybe(&handlers.partition_by)?,
            any: maybe(&handlers.any)?,
            named: named.collect::<Result<_, _>>()?,
            transforms: transforms.collect::<Result<_, rquickjs::Error>>()?,
        })
    }
}

/// How often functions were called, but for the named handlers.
#[derive(Default)]
struct Counts {
    init: u64,
    init_shared: u64,
    created: u64,
    deleted: u64,
    partition_by: u64,
    any: u64,
    transforms: u64,
    named: Vec<u64>,
}

/// One run of a script: the state that is under way, and what is done with it.
///
/// A fault leaves the state as the script left it: [`Self::leave`] it then, and enter again from text.
pub struct Session<'a, 'js> {
    sandbox: &'a Sandbox,
    ctx: Ctx<'js>,
    functions: Functions<'js>,
    full: Object<'js>,
    writer: Writer<'js>,
    live: Option<Value<'js>>,
    is_shared: bool,
    counts: Counts,
}

impl<'a, 'js> Session<'a, 'js> {
    fn new(sandbox: &'a Sandbox, ctx: Ctx<'js>) -> Result<Self, Failed> {
        let functions = Functions::new(sandbox, &ctx)?;
        Ok(Self {
            sandbox,
            full: sandbox.tools.full.clone().restore(&ctx)?,
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
        let found: Value<'js> = self.call(event, || {
            let object = event.object(&self.ctx, &self.full)?;
            Ok(partition_by.call((object,))?)
        })?;
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
        self.call(&event, || {
            let object = event.object(&self.ctx, &self.full)?;
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

    /// Calls the handler of an event.
    pub fn handle(&mut self, by: Handling, event: &Envelope<'_>) -> Result<(), Fault> {
        let function = match by {
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
        let result: Value<'js> = self.call(event, || {
            let object = event.object(&self.ctx, &self.full)?;
            Ok(match function {
                Some(function) => function.call((self.state(), object))?,
                None => body(&object)?,
            })
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

/// A number as the name of a partition, as .NET writes it: fifteen digits before the point, then with
/// an exponent of at least two digits.
fn number_key(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5 < exponent && exponent < 15) || number == 0.0 {
        return number.to_string();
    }
    let mut out = digits.to_owned();
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "E{sign}{:02}", exponent.abs()).ok();
    out
}

#[cfg(test)]
mod tests {
    use super::number_key;

    #[test]
    fn numbers_name_partitions_as_dotnet_writes_them() {
        for (number, name) in [
            (42.0, "42"),
            (1.5, "1.5"),
            (-7.0, "-7"),
            (0.0, "0"),
            (-0.0, "-0"),
            (f64::NAN, "NaN"),
            (1e-5, "1E-05"),
            (0.000_12, "0.00012"),
            (1e20, "1E+20"),
            (1.25e-7, "1.25E-07"),
            (123_456_789_012_345.0, "123456789012345"),
        ] {
            assert_eq!(number_key(number), name);
        }
    }
}
