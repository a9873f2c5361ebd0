//! An event log without a file: columns only.

use annals::event::{Place, Timestamp, Version};
use annals::history::{EventLog, LogBuilder, NewEvent};

use super::{Numbers, TYPES};

/// So many events of 12 types in 100,000 streams of very different length.
pub fn log_of(n_events: u32) -> EventLog {
    let mut numbers = Numbers(7);
    let mut builder = LogBuilder::default();
    builder.reserve(n_events as usize);
    let names: Vec<String> = (0..100_000)
        .map(|n| format!("{}-{n}", ["order", "account", "sensor"][n % 3]))
        .collect();
    let mut versions = vec![0; names.len()];
    let mut time = 1_600_000_000_000_000_000;
    for n in 0..n_events {
        let stream = usize::try_from(numbers.skewed(100_000)).unwrap_or(0);
        time += i64::try_from(numbers.below(20_000_000)).unwrap_or(0);
        versions[stream] += 1;
        let event = NewEvent {
            stream: names[stream].as_bytes(),
            category: None,
            version: Some(Version(versions[stream])),
            event_type: TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)].as_bytes(),
            time: Some(Timestamp(time)),
            place: Place::at(i64::from(n) + 1),
        };
        builder.push(&event).expect("fewer events than positions");
    }
    builder.finish()
}
