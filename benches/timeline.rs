//! How long the timeline's question takes: counts of 12 types in 2,000 columns over 10 million
//! events, at every zoom, against a walk over the events of the same range.

mod support;

use annals::event::{Position, Timestamp};
use annals::history::{Axis, EventLog, Grouping};
use std::hint::black_box;
use support::columns::log_of;
use support::{Figure, Numbers, TYPES, percentile, thread_cpu};

const COLUMNS: u32 = 2000;

fn events() -> u32 {
    std::env::var("ANNALS_BENCH_EVENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10_000_000)
}

/// The moments between `COLUMNS` columns over a stretch of the history.
fn edges(from: i64, to: i64) -> impl Iterator<Item = Timestamp> {
    let width = to - from;
    (0..=COLUMNS).map(move |n| Timestamp(from + width / i64::from(COLUMNS) * i64::from(n)))
}

fn main() {
    let n_events = events();
    let log = log_of(n_events);
    let (first, last) = log.time_range().expect("a history with times");
    let mut numbers = Numbers(11);
    let mut figures = Vec::new();
    for (zoom, median_name, p99_name) in [
        (
            1,
            "whole range: median, against a walk",
            "whole range: p99, against a walk",
        ),
        (
            10,
            "a tenth: median, against a walk",
            "a tenth: p99, against a walk",
        ),
        (
            100,
            "a hundredth: median, against a walk",
            "a hundredth: p99, against a walk",
        ),
        (
            1000,
            "a thousandth: median, against a walk",
            "a thousandth: p99, against a walk",
        ),
    ] {
        let length = (last.0 - first.0) / zoom;
        let (mut ours, mut walks) = (Vec::new(), Vec::new());
        for round in 0..200 {
            let room = u64::try_from(last.0 - first.0 - length).unwrap_or(0).max(1);
            let from = first.0 + i64::try_from(numbers.below(room)).unwrap_or(0);
            let start = thread_cpu();
            let bounds = log.time_bounds(edges(from, from + length));
            let counts = log.count_columns(Axis::Time, Grouping::Type, &bounds);
            ours.push((thread_cpu() - start) * 1000.0);
            if round < 5 {
                let start = thread_cpu();
                let walked = walk(&log, &bounds);
                walks.push((thread_cpu() - start) * 1000.0);
                assert_eq!(
                    walked,
                    counts.counts.iter().map(|n| u64::from(*n)).sum::<u64>(),
                    "counts are exact"
                );
            }
            black_box(counts);
        }
        let floor = percentile(&mut walks, 0.5);
        figures.push(Figure {
            name: median_name,
            ours: percentile(&mut ours, 0.5),
            floor,
            unit: "ms",
        });
        figures.push(Figure {
            name: p99_name,
            ours: percentile(&mut ours, 0.99),
            floor,
            unit: "ms",
        });
    }
    let (held, names) = log.memory();
    let per_event = held as f64 / f64::from(n_events);
    figures.push(Figure {
        name: "bytes an event beside names, against 24",
        ours: per_event,
        floor: 24.0,
        unit: "B",
    });
    figures.push(Figure {
        name: "bytes of names and streams",
        ours: names as f64,
        floor: names as f64,
        unit: "B",
    });
    support::write("timeline", &figures);
}

/// What a frame would cost that walks all events of the range.
fn walk(log: &EventLog, bounds: &[u32]) -> u64 {
    let mut counts = vec![0_u32; TYPES.len()];
    for at in bounds[0]..bounds[bounds.len() - 1] {
        counts[log.event_type(Position(at)).index()] += 1;
    }
    counts.iter().map(|n| u64::from(*n)).sum()
}
