//! The functions of a script, ready to be called, and how often they were.

use rquickjs::{Ctx, Function, Value};

use super::engine::Failed;
use super::sandbox::Sandbox;
use super::tools::KeptFunction;

/// A handler, ready to be called.
pub(super) struct Handler<'js> {
    pub(super) function: Function<'js>,
    /// Whether it can see the event that it is given.
    pub(super) sees_event: bool,
}

/// The functions of a script, ready to be called.
pub(super) struct Functions<'js> {
    pub(super) init: Option<Function<'js>>,
    pub(super) init_shared: Option<Function<'js>>,
    pub(super) created: Option<Function<'js>>,
    pub(super) deleted: Option<Function<'js>>,
    pub(super) partition_by: Option<Function<'js>>,
    pub(super) any: Option<Handler<'js>>,
    pub(super) named: Vec<Handler<'js>>,
    pub(super) transforms: Vec<(bool, Function<'js>)>,
}

impl<'js> Functions<'js> {
    pub(super) fn new(
        sandbox: &Sandbox,
        ctx: &Ctx<'js>,
        looks_around: bool,
    ) -> Result<Self, Failed> {
        let handlers = &sandbox.handlers;
        let one = |kept: &KeptFunction| kept.clone().restore(ctx);
        let maybe = |kept: &Option<KeptFunction>| kept.as_ref().map(one).transpose();
        let handler = |kept: &KeptFunction| -> Result<_, rquickjs::Error> {
            let function = one(kept)?;
            let n_arguments: Value<'js> = function.get("length")?;
            Ok(Handler {
                sees_event: looks_around || n_arguments.as_int().is_none_or(|n| n >= 2),
                function,
            })
        };
        let named = handlers.named.iter().map(|(_, kept)| handler(kept));
        let transforms = handlers.transforms.iter();
        let transforms = transforms.map(|(is_filter, kept)| Ok((*is_filter, one(kept)?)));
        Ok(Self {
            init: maybe(&handlers.init)?,
            init_shared: maybe(&handlers.init_shared)?,
            created: maybe(&handlers.created)?,
            deleted: maybe(&handlers.deleted)?,
            partition_by: maybe(&handlers.partition_by)?,
            any: handlers.any.as_ref().map(handler).transpose()?,
            named: named.collect::<Result<_, _>>()?,
            transforms: transforms.collect::<Result<_, rquickjs::Error>>()?,
        })
    }
}

/// How often functions were called, but for the named handlers.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) init: u64,
    pub(super) init_shared: u64,
    pub(super) created: u64,
    pub(super) deleted: u64,
    pub(super) partition_by: u64,
    pub(super) any: u64,
    pub(super) transforms: u64,
    pub(super) named: Vec<u64>,
}
