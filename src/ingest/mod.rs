//! From records to events: the one loop that makes an event log of any input.
//!
//! A record that cannot be read is a problem and never the end; every record becomes an event or is
//! counted as lost. [`open()`] does it all, [`Follower`] takes what comes later, [`preview()`] shows what a mapping would give, [`write_exchange`] prints events so that they read back.

mod exchange;
mod follow;
mod open;
mod preview;
mod preview_notes;
mod publish;
mod sample;
mod snapshots;
mod take;
mod two;

pub use exchange::{Shown, extra_json, write_exchange, write_exchange_line};
pub use follow::Follower;
pub use open::{open, open_publishing};
pub use preview::{Preview, PreviewNote, PreviewRow, preview};
pub use sample::{
    SAMPLE_BOOKMARKS, SAMPLE_NAME, SAMPLE_PROJECTION, SAMPLE_RULES, open_sample, sample_source,
};
