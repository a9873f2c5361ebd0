//! The words: plain values that every other folder speaks in, without I/O.
//!
//! Read in this order: [`Position`] and [`Version`] say where an event stands, [`StreamId`] and
//! [`TypeId`] name it, [`Timestamp`] labels it, [`Payload`] is what it says, [`json`] reads that
//! exactly, [`Decimal`] computes with it, [`EventDetail`] is one event read in full,
//! [`Problem`] is what was wrong with the input, [`Consumer`] who reads the history along.

mod consumer;
mod decimal;
mod detail;
mod grouped;
pub mod json;
mod names;
mod payload;
mod position;
mod problem;
mod read_to;
mod seal;
mod time_unit;
mod timestamp;
mod visible;

pub use consumer::{CausationNames, Consumer};
pub use decimal::Decimal;
pub use detail::{EventDetail, EventReader, Glance, Place, ReadError, SavedAt, StreamHeads, Want};
pub use grouped::grouped;
pub use names::{CategoryId, StreamId, TypeId, category_of_name};
pub use payload::{Payload, RawPayload};
pub use position::{Position, Version};
pub use problem::{Problem, Problems, Severity};
pub use read_to::ReadTo;
pub use seal::{Seal, SealRule};
pub use time_unit::TimeUnit;
pub use timestamp::{ReadTime, Timestamp, Zone, zone_names};
pub use visible::{readable, visible};
