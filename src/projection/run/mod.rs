//! Running a projection over a history: a script in KurrentDB's projection language, or one of the
//! projections that are built into that server.
//!
//! Read in this order: [`Ask`] is what is run over what, [`Run`] what came of it, [`Watch`] looks on
//! while it runs. `start` begins it; `route` says which events arrive and in which order, `links` follows
//! links and finds deletions; `drive` feeds a script, `settle` keeps what follows; `system` are the
//! built-in ones.
//!
//! What differs on purpose from the server, profile 26.2: a message is the script's own, without the
//! frame that the server puts around it; what a projection emits is not read again in the same run; a
//! soft deletion and a tombstone both call `$deleted`, in categories, too; a link to an event that is
//! gone is passed by; the clock is the time of the event, and chance depends on its position; a state
//! is written when it is needed, so that one that can be written again before that does no harm.

mod answer;
mod ask;
mod causes;
mod drive;
mod emitting;
mod event;
mod feeds;
mod handle;
mod json;
mod keep;
mod links;
mod missing;
mod read;
mod route;
mod settle;
mod start;
mod system;
mod watch;

pub use answer::{Emitted, Ended, Partition, Released, Run, RunFault, Skipped};
pub use ask::{Ask, OnError, What};
pub use start::{check, run};
pub use watch::{Step, Watch};
