//! Scripts in the projection language of KurrentDB: read once for what they say they are about, then
//! called event by event, in a sandbox.
//!
//! Read in this order: [`Definition`] is what a script says while it is read; `sandbox` holds one
//! script in an engine of its own, with limits on memory, stack and time; `envelope` is an event as
//! handlers see it, `value` turns what they leave behind into exact JSON. [`ScriptRules`] is a reducer
//! made of it. No files, no threads: an engine belongs to the thread that made it.

mod definition;
mod engine;
mod envelope;
mod error;
mod ready;
mod rules;
mod sandbox;
mod tools;
mod value;

pub use definition::Definition;
pub use engine::Limits;
pub use error::{Fault, Phase, ScriptError};
pub use rules::ScriptRules;
