//! The functions that belong to a sandbox: those of the script, and those that show it events.

use std::collections::HashMap;
use std::rc::Rc;

use rquickjs::{Array, Ctx, Function, Object, Persistent, Value};

use super::engine::{Engine, Failed, as_script};
use super::sight::Sight;
use super::value::Writer;

/// What every script finds around it.
const SANDBOX: &str = include_str!("../../assets/script/sandbox.js");

/// What is kept of an engine between two calls; it must be gone before the engine.
pub(super) type Kept<T> = Persistent<T>;

/// A function that is kept.
pub(super) type KeptFunction = Kept<Function<'static>>;

/// The functions of a script.
#[derive(Default)]
pub(super) struct Handlers {
    pub(super) init: Option<KeptFunction>,
    pub(super) init_shared: Option<KeptFunction>,
    pub(super) created: Option<KeptFunction>,
    pub(super) deleted: Option<KeptFunction>,
    pub(super) partition_by: Option<KeptFunction>,
    /// A function of that name, which brings old events into today's shape.
    pub(super) upcast: Option<KeptFunction>,
    pub(super) any: Option<KeptFunction>,
    /// In the order of the script.
    pub(super) named: Vec<(Box<str>, KeptFunction)>,
    /// Where the handler of a type stands in `named`.
    pub(super) by_type: HashMap<Box<str>, usize>,
    /// The chain of transforms, and which of them are filters.
    pub(super) transforms: Vec<(bool, KeptFunction)>,
    /// The line of each function of the script, by its name there.
    pub(super) lines: HashMap<Box<str>, u32>,
    pub(super) sights: Sights,
}

/// What the functions of a script can see of the event that they are given.
#[derive(Default)]
pub(super) struct Sights {
    pub(super) any: Option<Sight>,
    pub(super) created: Option<Sight>,
    pub(super) partition_by: Option<Sight>,
    /// In the order of the script.
    pub(super) named: Vec<Sight>,
}

impl Sights {
    fn new<'js>(handlers: &Handlers, ctx: &Ctx<'js>, words: &Object<'js>) -> Result<Self, Failed> {
        let source_of: Function<'js> = words.get("sourceOf")?;
        let sight = |kept: &KeptFunction, parameter: usize| -> Result<Sight, Failed> {
            let source: Value<'js> = source_of.call((kept.clone().restore(ctx)?,))?;
            // Text with a surrogate by itself is none of ours.
            let source = source.as_string().and_then(|text| text.to_string().ok());
            Ok(source.map_or(Sight::Everything, |text| Sight::of(&text, parameter)))
        };
        let maybe = |kept: &Option<KeptFunction>, parameter: usize| {
            kept.as_ref().map(|kept| sight(kept, parameter)).transpose()
        };
        let named = handlers.named.iter().map(|(_, kept)| sight(kept, 1));
        Ok(Self {
            any: maybe(&handlers.any, 1)?,
            created: maybe(&handlers.created, 1)?,
            partition_by: maybe(&handlers.partition_by, 0)?,
            named: named.collect::<Result<_, _>>()?,
        })
    }
}

/// What shows events to the functions of a script.
pub(super) struct Tools {
    pub(super) all: Kept<Object<'static>>,
    pub(super) full: Kept<Object<'static>>,
    pub(super) lean: Kept<Object<'static>>,
    pub(super) bare: Kept<Object<'static>>,
}

impl Tools {
    /// Prepares the context, and gives what belongs to the engine alone.
    pub(super) fn new(ctx: &Ctx<'_>, engine: &Engine, has_accessors: bool) -> Result<Self, Failed> {
        let needs_more = Rc::clone(&engine.needs_more);
        let need = Function::new(ctx.clone(), move |ctx: Ctx<'_>| -> rquickjs::Result<()> {
            needs_more.set(true);
            Err(rquickjs::Exception::throw_message(
                &ctx,
                "this was not read",
            ))
        })?;
        let sandbox: Function<'_> = ctx.eval_with_options(SANDBOX, as_script("sandbox.js"))?;
        let (time, chance) = (Rc::clone(&engine.pins), Rc::clone(&engine.pins));
        let clock = Function::new(ctx.clone(), move || time.now())?;
        let chance = Function::new(ctx.clone(), move || chance.draw())?;
        let tools: Object<'_> = sandbox.call((need, clock, chance))?;
        if !has_accessors {
            tools.remove("hasAccessor")?;
        }
        let object = |name: &str| -> Result<Kept<Object<'static>>, Failed> {
            Ok(Persistent::save(ctx, tools.get::<_, Object<'_>>(name)?))
        };
        Ok(Self {
            full: object("full")?,
            lean: object("lean")?,
            bare: object("bare")?,
            all: Persistent::save(ctx, tools),
        })
    }

    /// What writes values as JSON.
    pub(super) fn writer<'js>(&self, ctx: &Ctx<'js>) -> Result<Writer<'js>, Failed> {
        Writer::of(&self.all.clone().restore(ctx)?)
    }
}

impl Handlers {
    /// The functions that the words of the language found; `words` knows their lines.
    pub(super) fn new<'js>(ctx: &Ctx<'js>, words: &Object<'js>) -> Result<Self, Failed> {
        let found: Object<'js> = words.get("handlers")?;
        let line_of: Function<'js> = words.get("lineOf")?;
        let mut handlers = Self::default();
        let mut lines = HashMap::new();
        let mut note = |name: &str, function: &Function<'js>| -> Result<(), Failed> {
            let line: Value<'js> = line_of.call((function.clone(),))?;
            let line = line.as_int().and_then(|line| u32::try_from(line).ok());
            lines.extend(line.map(|line| (name.into(), line)));
            Ok(())
        };
        for (field, name, into) in [
            ("init", "$init", &mut handlers.init),
            ("initShared", "$initShared", &mut handlers.init_shared),
            ("created", "$created", &mut handlers.created),
            ("deleted", "$deleted", &mut handlers.deleted),
            ("partitionBy", "partitionBy", &mut handlers.partition_by),
            ("any", "$any", &mut handlers.any),
        ] {
            let function = found.get::<_, Option<Function<'js>>>(field)?;
            if let Some(function) = function {
                note(name, &function)?;
                *into = Some(Persistent::save(ctx, function));
            }
        }
        for pair in found.get::<_, Array<'js>>("named")?.iter::<Array<'js>>() {
            let pair = pair?;
            let (name, function): (String, Function<'js>) = (pair.get(0)?, pair.get(1)?);
            note(&name, &function)?;
            let function = Persistent::save(ctx, function);
            let name: Box<str> = name.into();
            handlers.by_type.insert(name.clone(), handlers.named.len());
            handlers.named.push((name, function));
        }
        let transforms: Array<'js> = found.get("transforms")?;
        for pair in transforms.iter::<Array<'js>>() {
            let pair = pair?;
            let (kind, function): (String, Function<'js>) = (pair.get(0)?, pair.get(1)?);
            note(&kind, &function)?;
            let kept = Persistent::save(ctx, function);
            handlers.transforms.push((kind == "filterBy", kept));
        }
        // Named handlers that come after `$any` switch it off.
        if !handlers.named.is_empty() {
            handlers.any = None;
        }
        handlers.lines = lines;
        handlers.sights = Sights::new(&handlers, ctx, words)?;
        Ok(handlers)
    }

    /// The handler that has the name of a type.
    pub(super) fn of_type(&self, event_type: &str) -> Option<&KeptFunction> {
        let at = self.by_type.get(event_type)?;
        self.named.get(*at).map(|(_, function)| function)
    }
}
