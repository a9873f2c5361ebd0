//! What leaves the program as values: events as JSON Lines, CSV, Parquet or SQLite, and tables.
//!
//! A [`Sheet`] is a table that is known as a whole; events are written as they are read, so that memory
//! does not grow with their number. `columns` says what columns an event has, in each form alike;
//! `value` what stands in them. [`WholeFile`] is how anything is written: beside its name first, and
//! renamed when it is whole. Nothing here is a picture or a page: those are drawn elsewhere and are
//! written through [`WholeFile`] all the same.

mod cells;
mod columns;
mod csv;
mod error;
mod events;
mod lines;
mod parquet;
mod partition;
mod sheet;
mod sqlite;
mod tables;
mod value;
mod whole;

pub use cells::{guarded, unguarded};
pub use columns::event_columns;
pub use error::Error;
pub use events::{EventsAsk, Form, Watch, export_events, fill_sqlite, write_events};
pub use partition::PartitionBy;
pub use sheet::{Sheet, write_sheet};
pub use sqlite::{StateExpected, add_expected, read_expected};
pub use tables::{
    RolledBy, built_in_sheet, facets_sheet, findings_sheet, name_of, plotted_sheet,
    roll_forward_sheet, states_sheet,
};
pub use value::{Column, Kind, Value};
pub use whole::{WholeFile, refuse_evidence, write_whole};
