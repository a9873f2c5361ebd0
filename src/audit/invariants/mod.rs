//! Rules of the user's own that a history must keep: over states, and over the order of events.
//!
//! They stand in a TOML file. Each has a `name` and may have a `category` (else it holds for all streams)
//! and a `severity` (`error`, `warning` or `info`; else it is an error).
//!
//! ```toml
//! [[state]]                                # holds after every event
//! name = "No account is overdrawn"
//! category = "account"
//! that = "balance >= 0"                    # a condition on a state
//! rules = "bank.toml"                      # what events mean; else payloads are merged
//!
//! [[sequence]]                             # no event of these types after another
//! name = "Nothing follows a closed order"
//! after = "OrderClosed"
//! never = ["*"]
//!
//! [[sequence]]                             # an event only after another
//! name = "Shipped only when paid"
//! type = "OrderShipped"
//! only_after = "OrderPaid"
//!
//! [[sequence]]                             # four eyes
//! name = "Nobody approves their own payment"
//! type = "PaymentApproved"
//! field = "data.by"
//! differs_from = { type = "PaymentRequested", field = "data.by" }
//! ```
//!
//! A condition on a state is judged where all fields that it compares are there: a field that is not
//! known yet breaks nothing. Types may hold `*`. Fields are `data.…`, `meta.…` or `user`.

mod file;
mod hold;
mod sequence;
mod states;

pub use file::{Invariants, SequenceRule, StateRule};
pub use hold::{Broken, InvariantsHeld, ReducerOf, hold_invariants};
