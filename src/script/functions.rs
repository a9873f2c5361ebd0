//! The functions of a script, ready to be called, and how often they were.

use rquickjs::{Ctx, Function};

use super::engine::Failed;
use super::sandbox::Sandbox;
use super::shape::Shape;
use super::sight::Sight;
use super::tools::KeptFunction;

/// A function that takes an event, ready to be called.
pub(super) struct Handler<'js> {
    pub(super) function: Function<'js>,
    /// What it can see of the event that it is given.
    pub(super) sight: Sight,
    /// What is made of an event for it.
    pub(super) shape: Shape<'js>,
}

/// The functions of a script, ready to be called.
pub(super) struct Functions<'js> {
    pub(super) init: Option<Function<'js>>,
    pub(super) init_shared: Option<Function<'js>>,
    pub(super) created: Option<Handler<'js>>,
    pub(super) deleted: Option<Function<'js>>,
    pub(super) partition_by: Option<Handler<'js>>,
    pub(super) any: Option<Handler<'js>>,
    pub(super) named: Vec<Handler<'js>>,
    pub(super) transforms: Vec<(bool, Function<'js>)>,
}

impl<'js> Functions<'js> {
    pub(super) fn new(sandbox: &Sandbox, ctx: &Ctx<'js>) -> Result<Self, Failed> {
        let handlers = &sandbox.handlers;
        let sights = &handlers.sights;
        let one = |kept: &KeptFunction| kept.clone().restore(ctx);
        let maybe = |kept: &Option<KeptFunction>| kept.as_ref().map(one).transpose();
        let handler = |kept: &KeptFunction, sight: &Sight| -> Result<_, Failed> {
            Ok(Handler {
                function: one(kept)?,
                shape: Shape::of(sight, ctx)?,
                sight: sight.clone(),
            })
        };
        let maybe_handler = |kept: &Option<KeptFunction>, sight: &Option<Sight>| {
            let both = kept.as_ref().zip(sight.as_ref());
            both.map(|(kept, sight)| handler(kept, sight)).transpose()
        };
        let named = handlers.named.iter().zip(&sights.named);
        let named = named.map(|((_, kept), sight)| handler(kept, sight));
        let transforms = handlers.transforms.iter();
        let transforms = transforms.map(|(is_filter, kept)| Ok((*is_filter, one(kept)?)));
        Ok(Self {
            init: maybe(&handlers.init)?,
            init_shared: maybe(&handlers.init_shared)?,
            created: maybe_handler(&handlers.created, &sights.created)?,
            deleted: maybe(&handlers.deleted)?,
            partition_by: maybe_handler(&handlers.partition_by, &sights.partition_by)?,
            any: maybe_handler(&handlers.any, &sights.any)?,
            named: named.collect::<Result<_, _>>()?,
            transforms: transforms.collect::<Result<_, rquickjs::Error>>()?,
        })
    }

    /// Those that take an event.
    pub(super) fn takers(&self) -> impl Iterator<Item = &Sight> {
        let special = [&self.any, &self.created, &self.partition_by];
        let special = special.into_iter().flatten();
        special.chain(&self.named).map(|handler| &handler.sight)
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
