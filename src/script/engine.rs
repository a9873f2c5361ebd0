//! The JavaScript engine: one runtime with limits on memory, stack and time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use rquickjs::context::EvalOptions;
use rquickjs::context::intrinsic::{
    Date, Eval, Json, MapSet, Promise, Proxy, RegExp, RegExpCompiler, TypedArrays,
};
use rquickjs::convert::Coerced;
use rquickjs::{Context, Ctx, Error, Runtime, Value};

use super::error::Fault;

/// What the language offers; a sandbox takes some of it away again.
type Language = (
    Date,
    Eval,
    RegExpCompiler,
    RegExp,
    Json,
    Proxy,
    MapSet,
    TypedArrays,
    Promise,
);

/// The most bytes that all values of one engine take.
const MAX_MEMORY: usize = 256 << 20;

/// The most bytes of stack that a script takes; the threads that call it have at least four times that.
const MAX_STACK: usize = 512 << 10;

/// How long a script may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To be read for the first time.
    pub compile: Duration,
    /// For each call: a handler, `$init`, `partitionBy` and so on.
    pub call: Duration,
}

/// As the server has them.
impl Default for Limits {
    fn default() -> Self {
        Self {
            compile: Duration::from_millis(500),
            call: Duration::from_millis(250),
        }
    }
}

/// How long the call that runs now may take, and what became of that.
#[derive(Debug, Default)]
struct Watch {
    /// `None` while no script runs.
    allowed: Cell<Option<Duration>>,
    /// When it was looked at for the first time in this call: calls that are over before that cost
    /// no look at the clock.
    since: Cell<Option<Instant>>,
    timed_out: Cell<bool>,
}

impl Watch {
    /// Whether the script is to be stopped.
    fn is_over(&self) -> bool {
        let (Some(allowed), Some(since)) = (self.allowed.get(), self.since.get()) else {
            self.since.set(Some(Instant::now()));
            return false;
        };
        let is_over = since.elapsed() > allowed;
        self.timed_out.set(self.timed_out.get() || is_over);
        is_over
    }
}

/// What stands for the clock and for chance, so that a script gives the same answer each time.
#[derive(Debug)]
pub(super) struct Pins {
    /// The time of the event, in milliseconds.
    time: Cell<f64>,
    seed: Cell<u32>,
    draws: Cell<u32>,
    /// Whether a script looked at the clock.
    pub(super) told_time: Cell<bool>,
    /// Whether a script asked for chance.
    pub(super) drew: Cell<bool>,
}

impl Pins {
    /// The time and the seed for all that is called from now on.
    pub(super) fn set(&self, time: f64, seed: u32) {
        self.time.set(time);
        self.seed.set(seed);
        self.draws.set(0);
    }

    /// The time of the event, which stands for the clock.
    pub(super) fn now(&self) -> f64 {
        self.told_time.set(true);
        self.time.get()
    }

    /// The next number that stands for chance: at least 0, below 1.
    pub(super) fn draw(&self) -> f64 {
        self.drew.set(true);
        let (high, low) = (self.mixed(), self.mixed() >> 11);
        (f64::from(high) * 2_097_152.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    fn mixed(&self) -> u32 {
        let draws = self.draws.get().wrapping_add(1);
        self.draws.set(draws);
        let x = self.seed.get() ^ draws.wrapping_mul(0x9e37_79b9);
        let x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
        let x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
        x ^ (x >> 16)
    }
}

/// A runtime and its one context.
pub(super) struct Engine {
    context: Context,
    watch: Rc<Watch>,
    pub(super) pins: Rc<Pins>,
    /// What a function of ours refused: a script cannot catch that.
    pub(super) refused: Rc<RefCell<Option<Fault>>>,
    /// Set by a script that looked at something of an event that was not read.
    pub(super) needs_more: Rc<Cell<bool>>,
}

impl Engine {
    pub(super) fn new() -> Result<Self, Fault> {
        let failed = |error: Error| Fault::thrown(&format!("the engine does not start: {error}"));
        let runtime = Runtime::new().map_err(failed)?;
        runtime.set_memory_limit(MAX_MEMORY);
        runtime.set_max_stack_size(MAX_STACK);
        let watch = Rc::new(Watch::default());
        let watched = Rc::clone(&watch);
        runtime.set_interrupt_handler(Some(Box::new(move || watched.is_over())));
        Ok(Self {
            context: Context::custom::<Language>(&runtime).map_err(failed)?,
            watch,
            pins: Rc::new(Pins {
                time: Cell::new(f64::NAN),
                seed: Cell::new(0),
                draws: Cell::new(0),
                told_time: Cell::new(false),
                drew: Cell::new(false),
            }),
            refused: Rc::default(),
            needs_more: Rc::default(),
        })
    }

    /// Runs `work` for at most `allowed`.
    ///
    /// `name` is the script's name: lines are those of the script.
    pub(super) fn run<T>(
        &self,
        name: &str,
        allowed: Duration,
        work: impl FnOnce(&Ctx<'_>) -> Result<T, Failed>,
    ) -> Result<T, Fault> {
        self.enter(|ctx| self.timed(&ctx, name, allowed, || work(&ctx)))
    }

    /// Enters the engine without a limit: for what calls [`Self::timed`].
    pub(super) fn enter<R>(&self, work: impl FnOnce(Ctx<'_>) -> R) -> R {
        self.context.with(work)
    }

    /// As [`Self::run`], inside of [`Self::enter`].
    pub(super) fn timed<T>(
        &self,
        ctx: &Ctx<'_>,
        name: &str,
        allowed: Duration,
        work: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Fault> {
        self.watch.since.set(None);
        self.watch.timed_out.set(false);
        self.watch.allowed.set(Some(allowed));
        self.needs_more.set(false);
        let done = work().map_err(|failed| failed.fault(ctx, name));
        self.watch.allowed.set(None);
        // A script may have caught what stopped it.
        if self.watch.timed_out.get() {
            return Err(Fault::TimedOut(allowed));
        }
        if self.needs_more.get() {
            return Err(Fault::NeedsMore);
        }
        match self.refused.take() {
            Some(refused) => Err(refused),
            None => done,
        }
    }
}

/// Why work in an engine failed, while the engine still knows more about it.
pub(super) enum Failed {
    /// As the engine says.
    Engine(Error),
    /// As we say.
    Ours(Fault),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Ours(fault)
    }
}

impl Failed {
    fn fault(self, ctx: &Ctx<'_>, name: &str) -> Fault {
        match self {
            Self::Ours(fault) => fault,
            Self::Engine(Error::Exception) => thrown(&ctx.catch(), name),
            Self::Engine(error) => Fault::thrown(&error.to_string()),
        }
    }
}

/// What was thrown: the message of an error, anything else as text.
fn thrown(value: &Value<'_>, name: &str) -> Fault {
    let as_text = |value: &Value<'_>| {
        let text = value.get::<Coerced<String>>();
        // What cannot be turned into text has thrown again: that is to be forgotten.
        value.ctx().catch();
        text.map_or_else(|_| "something that is no text".to_owned(), |text| text.0)
    };
    let Some(error) = value.as_object().filter(|_| value.is_error()) else {
        return Fault::thrown(&as_text(value));
    };
    let field = |field: &str| error.get::<_, Value<'_>>(field).ok();
    let message = field("message").map(|message| as_text(&message));
    let stack = field("stack").and_then(|stack| stack.as_string()?.to_string().ok());
    let kind = field("name").map(|kind| as_text(&kind)).unwrap_or_default();
    let mut message = message.unwrap_or_default();
    if message.is_empty() {
        message = kind;
    } else if kind == "SyntaxError" {
        message = format!("{kind}: {message}");
    }
    Fault::Thrown {
        message,
        line: stack.and_then(|stack| line_of(&stack, name)),
    }
}

/// The line of the script in the first frame of a stack that lies in it.
fn line_of(stack: &str, name: &str) -> Option<u32> {
    let frame = format!("{}:", file_name(name));
    stack.lines().find_map(|line| {
        let (_, at) = line.split_once(&frame)?;
        let digits = at.find(|c: char| !c.is_ascii_digit()).unwrap_or(at.len());
        at[..digits].parse().ok()
    })
}

/// The name under which the engine knows a script; it takes no NUL.
pub(super) fn file_name(name: &str) -> String {
    name.replace('\0', " ")
}

/// How a text is run as a script: as the server does, not as a module and not strict by itself.
pub(super) fn as_script(name: &str) -> EvalOptions {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(file_name(name));
    options
}
