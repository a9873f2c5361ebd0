//! Shared by the benchmarks: CPU time of the process or thread, medians, and the figures written.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each benchmark uses its part"
)]

pub mod columns;
pub mod log;
pub mod opening;
pub mod store;

use std::fmt::Write as _;
use std::path::Path;

/// Prints how large a state is.
pub fn say_size(state: &str) {
    println!("the state has {} bytes", state.len());
}

/// CPU time (user and system) that this process has used, in seconds.
pub fn process_cpu() -> f64 {
    seconds(rustix::time::clock_gettime(
        rustix::time::ClockId::ProcessCPUTime,
    ))
}

/// CPU time that this thread has used, in seconds.
pub fn thread_cpu() -> f64 {
    seconds(rustix::time::clock_gettime(
        rustix::time::ClockId::ThreadCPUTime,
    ))
}

fn seconds(time: rustix::time::Timespec) -> f64 {
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The CPU time that `work` uses, on this thread and all it starts, and what it gives.
pub fn measured<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = process_cpu();
    let value = work();
    (process_cpu() - start, value)
}

/// CPU time (user and system) of the processes that this one started and that have ended, in seconds;
/// 0 where the system does not say.
pub fn children_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before the last bracket may hold spaces; then come state (3) to cutime (16), cstime (17).
    let fields = text.rsplit(')').next().unwrap_or_default().split(' ');
    let ticks: f64 = fields
        .skip(14)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// The value below which a share (0 to 1) of all lies.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let index = (last as f64 * share).round() as usize;
    values[index.min(last)]
}

/// One figure: ours against a floor measured in the same run.
pub struct Figure {
    pub name: &'static str,
    pub ours: f64,
    pub floor: f64,
    pub unit: &'static str,
}

/// Prints the figures and writes them to `target/figures/NAME.json`.
pub fn write(name: &str, figures: &[Figure]) {
    let mut json = String::from("[");
    for (n, figure) in figures.iter().enumerate() {
        let Figure {
            name,
            ours,
            floor,
            unit,
        } = figure;
        let ratio = ours / floor;
        println!("{name:<58} {ours:>12.4} {unit:<6} floor {floor:>12.4}  ratio {ratio:>8.3}");
        let comma = if n > 0 { "," } else { "" };
        write!(
            json,
            "{comma}\n  {{\"name\": \"{name}\", \"ours\": {ours}, \"floor\": {floor}, \"ratio\": {ratio}, \"unit\": \"{unit}\"}}"
        )
        .ok();
    }
    json.push_str("\n]\n");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/figures");
    std::fs::create_dir_all(&folder).ok();
    if let Err(error) = std::fs::write(folder.join(format!("{name}.json")), json) {
        println!("the figures could not be written: {error}");
    }
}

/// A small deterministic generator of numbers (`SplitMix64`).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number below `end`, small ones far more often, as stream lengths are.
    pub fn skewed(&mut self, end: u64) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below end"
        )]
        let value = ((end as f64).powf(self.below(1 << 32) as f64 / (1_u64 << 32) as f64)) as u64;
        value.min(end - 1)
    }
}

/// The event types of the made-up histories.
pub const TYPES: [&str; 12] = [
    "OrderPlaced",
    "OrderPaid",
    "OrderShipped",
    "OrderDelivered",
    "OrderCancelled",
    "AccountOpened",
    "MoneyDeposited",
    "MoneyWithdrawn",
    "FeeCharged",
    "SensorInstalled",
    "ReadingTaken",
    "SensorMoved",
];
