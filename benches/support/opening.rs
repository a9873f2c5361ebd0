//! Opening as the benchmarks of opening measure it.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use annals::event::{Position, Want};
use annals::history::History;
use annals::ingest::{open, open_publishing};
use annals::source::{OpenOptions, Progress, Source};

use super::measured;

/// How many events are opened: a million, or `ANNALS_BENCH_EVENTS`.
pub fn events() -> u64 {
    let asked = std::env::var("ANNALS_BENCH_EVENTS").ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000)
}

/// The whole history of a file.
pub fn opened(path: &Path) -> Arc<History> {
    let source = Source::File(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).expect("the file opens")
}

/// Milliseconds until the first page, payloads included, can be shown.
pub fn first_page(path: &Path) -> f64 {
    let progress = Arc::new(Progress::default());
    let stop = Arc::clone(&progress);
    let (start, mut took) = (Instant::now(), None);
    let mut publish = |history: Arc<History>| {
        if took.is_none() {
            let places: Vec<_> = (0..50).map(|at| history.log.place(Position(at))).collect();
            history.reader.read(&places, Want::Data, &mut |_, detail| {
                black_box(detail).is_ok()
            });
            took = Some(start.elapsed().as_secs_f64() * 1000.0);
            stop.cancel();
        }
    };
    let source = Source::File(path.to_owned());
    open_publishing(&source, &OpenOptions::default(), &progress, &mut publish).ok();
    took.unwrap_or(f64::NAN)
}

/// CPU seconds of opening and of a floor that counts the same records, in the round of the median
/// ratio: both run side by side, so that a busy machine slows both.
pub fn against(rounds: usize, path: &Path, n_events: u64, floor: impl Fn() -> u64) -> (f64, f64) {
    let mut all = Vec::new();
    for _ in 0..rounds {
        let (bare, n_records) = measured(&floor);
        assert_eq!(n_records, n_events);
        let (opened, history) = measured(|| opened(path));
        assert_eq!(history.log.len() as u64, n_events);
        all.push((opened, bare));
    }
    all.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    all[rounds / 2]
}
