//! How long it is from one event to the next by time: the shape of it, and the longest silences.

use super::run::Watch;
use crate::event::Position;
use crate::history::EventLog;

/// How many silences are kept.
const LONGEST: usize = 20;
/// How many columns there are for each power of ten.
const BY_DECADE: usize = 2;
/// From a millisecond to a thousand days or so.
const DECADES: usize = 11;

/// A time in which nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// How long, in nanoseconds.
    pub nanos: i64,
    /// The last event before it.
    pub from: Position,
    /// The first event after it.
    pub to: Position,
}

/// The times between neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// How many there are by length: two columns for each power of ten from a millisecond on; what is
    /// shorter or longer counts in the first or the last.
    pub counts: Vec<u64>,
    /// The longest, longest first; at most 20.
    pub longest: Vec<Silence>,
    /// From which length on, in nanoseconds, a silence is unusual: ten times the length below which 999
    /// of 1,000 lie; `None` where there are fewer than a hundred.
    pub unusual_from: Option<i64>,
}

impl Gaps {
    /// Where a column begins, in nanoseconds.
    pub fn start_of(column: usize) -> f64 {
        1e6 * 10_f64.powf(column as f64 / BY_DECADE as f64)
    }

    /// Where a length stands among the columns: 2.5 is the middle of the third; below 0 and beyond the last
    /// for what is shorter or longer.
    pub fn column_at(nanos: f64) -> f64 {
        (nanos / 1e6).log10() * BY_DECADE as f64
    }

    /// The first column that holds nothing shorter; `None` where none does.
    pub fn column_from(nanos: i64) -> Option<usize> {
        // Where a column begins is rounded to whole nanoseconds elsewhere.
        let from = nanos as f64 * 0.999;
        (0..DECADES * BY_DECADE).find(|column| Self::start_of(*column) >= from)
    }

    /// Measures them; `None` where fewer than two events have a time, or it was cancelled.
    pub fn of(log: &EventLog, watch: &Watch<'_>) -> Option<Self> {
        let end = u32::try_from(log.len()).ok()?;
        let mut gaps = Self {
            counts: vec![0; DECADES * BY_DECADE],
            ..Self::default()
        };
        let mut last: Option<(i64, Position)> = None;
        for rank in log.n_untimed()..end {
            if rank.is_multiple_of(1 << 16) && watch.is_cancelled() {
                return None;
            }
            let position = log.position_by_time(rank)?;
            let time = log.time(position)?.0;
            if let Some((before, from)) = last.replace((time, position)) {
                gaps.note(time.saturating_sub(before), from, position);
            }
        }
        let n: u64 = gaps.counts.iter().sum();
        gaps.unusual_from = gaps.unusual(n);
        (n > 0).then_some(gaps)
    }

    fn note(&mut self, nanos: i64, from: Position, to: Position) {
        if let Some(count) = self.counts.get_mut(column_of(nanos)) {
            *count += 1;
        }
        let shortest = self.longest.last().map_or(0, |silence| silence.nanos);
        if self.longest.len() >= LONGEST && nanos <= shortest {
            return;
        }
        let at = self
            .longest
            .partition_point(|silence| silence.nanos >= nanos);
        self.longest.insert(at, Silence { nanos, from, to });
        self.longest.truncate(LONGEST);
    }

    fn unusual(&self, n: u64) -> Option<i64> {
        if n < 100 {
            return None;
        }
        let mut below = 0;
        let column = self.counts.iter().position(|count| {
            below += count;
            below * 1000 >= n * 999
        })?;
        // The end of that column, and a power of ten more.
        let from = Self::start_of(column + 1 + BY_DECADE);
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        Some(from as i64)
    }

    /// The silences that are unusual.
    pub fn unusual_ones(&self) -> impl Iterator<Item = &Silence> {
        let from = self.unusual_from.unwrap_or(i64::MAX);
        self.longest
            .iter()
            .take_while(move |silence| silence.nanos >= from)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of a column, held within them"
)]
fn column_of(nanos: i64) -> usize {
    if nanos < 1_000_000 {
        return 0;
    }
    let column = (nanos as f64 / 1e6).log10() * BY_DECADE as f64;
    (column as usize).min(DECADES * BY_DECADE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_fall_into_half_powers_of_ten() {
        assert_eq!([0, 999_999, 1_000_000].map(column_of), [0, 0, 0]);
        assert_eq!(column_of(4_000_000), 1);
        assert_eq!(column_of(1_000_000_000), 6);
        assert_eq!(column_of(i64::MAX), DECADES * BY_DECADE - 1);
        assert!((Gaps::column_at(1e9) - 6.0).abs() < 1e-9);
        assert_eq!(Gaps::column_from(1_000_000_000), Some(6));
        assert_eq!(Gaps::column_from(i64::MAX), None);
    }
}
