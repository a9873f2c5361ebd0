//! The functions that belong to a sandbox: those of the script, and those that call them.

use std::collections::HashMap;
use std::rc::Rc;

use rquickjs::{Array, Ctx, Function, Object, Persistent};

use super::engine::{Engine, Failed, as_script};

/// What every script finds around it.
const SANDBOX: &str = include_str!("../../assets/script/sandbox.js");

/// What is kept of an engine between two calls; it must be gone before the engine.
pub(super) type Kept<T> = Persistent<T>;

/// The functions of a script.
#[derive(Default)]
pub(super) struct Handlers {
    pub(super) init: Option<Kept<Function<'static>>>,
    pub(super) created: Option<Kept<Function<'static>>>,
    pub(super) deleted: Option<Kept<Function<'static>>>,
    /// A function of that name, which brings old events into today's shape.
    pub(super) upcast: Option<Kept<Function<'static>>>,
    pub(super) any: Option<Kept<Function<'static>>>,
    pub(super) named: HashMap<Box<str>, Kept<Function<'static>>>,
}

/// What calls the functions of a script, and shows events to them.
pub(super) struct Tools {
    pub(super) init: Kept<Function<'static>>,
    pub(super) handle: Kept<Function<'static>>,
    pub(super) remove: Kept<Function<'static>>,
    pub(super) show: Kept<Function<'static>>,
    pub(super) has_accessor: Option<Kept<Function<'static>>>,
    pub(super) full: Kept<Object<'static>>,
    pub(super) lean: Kept<Object<'static>>,
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
        let tools: Object<'_> = sandbox.call((need,))?;
        let function = |name: &str| -> Result<Kept<Function<'static>>, Failed> {
            Ok(Persistent::save(ctx, tools.get::<_, Function<'_>>(name)?))
        };
        let object = |name: &str| -> Result<Kept<Object<'static>>, Failed> {
            Ok(Persistent::save(ctx, tools.get::<_, Object<'_>>(name)?))
        };
        Ok(Self {
            init: function("init")?,
            handle: function("handle")?,
            remove: function("remove")?,
            show: function("show")?,
            has_accessor: has_accessors.then(|| function("hasAccessor")).transpose()?,
            full: object("full")?,
            lean: object("lean")?,
        })
    }
}

impl Handlers {
    pub(super) fn new<'js>(ctx: &Ctx<'js>, found: &Object<'js>) -> Result<Self, Failed> {
        let one = |name: &str| -> Result<Option<Kept<Function<'static>>>, Failed> {
            let function = found.get::<_, Option<Function<'_>>>(name)?;
            Ok(function.map(|function| Persistent::save(ctx, function)))
        };
        let mut handlers = Self {
            init: one("init")?,
            created: one("created")?,
            deleted: one("deleted")?,
            upcast: None,
            any: one("any")?,
            named: HashMap::new(),
        };
        for pair in found.get::<_, Array<'_>>("named")?.iter::<Array<'_>>() {
            let pair = pair?;
            let (name, function): (String, Function<'_>) = (pair.get(0)?, pair.get(1)?);
            let function = Persistent::save(ctx, function);
            handlers.named.insert(name.into(), function);
        }
        // Named handlers that come after `$any` switch it off.
        if !handlers.named.is_empty() {
            handlers.any = None;
        }
        Ok(handlers)
    }
}
