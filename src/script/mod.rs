//! Scripts in the projection language of KurrentDB: read once for what they say they are about, then
//! called event by event, in a sandbox.
//!
//! Read in this order: [`Definition`] is what a script says while it is read; `sandbox` holds one
//! script in an engine of its own, with limits on memory, stack and time; `envelope` is an event as
//! handlers see it, `sight` tells what a function looks at of it and `shape` makes no more than that;
//! `value` turns what they leave behind into exact JSON, `outbox` holds what they send out.
//! [`ScriptRules`] is a reducer made of it, [`Projector`] a whole projection. No files, no threads: an
//! engine belongs to the thread that made it.

mod definition;
mod engine;
mod envelope;
mod error;
mod functions;
mod key;
mod outbox;
mod projector;
mod ready;
mod rules;
mod sandbox;
mod session;
mod shape;
mod sight;
mod tools;
mod value;
mod variables;

pub use definition::Definition;
pub use engine::Limits;
pub use envelope::Envelope;
pub use error::{Fault, NoJson, Phase, ScriptError};
pub use key::Key;
pub use outbox::{Emit, EmitKind};
pub use projector::Projector;
pub use rules::ScriptRules;
pub use session::{Call, Handling, Looks, Session};
