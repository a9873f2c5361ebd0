//! States kept by the way, so that a seek is short; never an input, dropped at any time.
//!
//! A state is kept as JSON text, packed where it is long: a tree takes 20 to 30 times as much as the
//! text, the text three to eight times as much as it does packed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::course::Counts;
use crate::event::StreamId;

/// The most bytes that the checkpoints of one folder hold.
const BUDGET: usize = 64 << 20;

/// The least number of events between two checkpoints.
const NEAREST: usize = 256;

/// The greatest, unless memory is short.
const FARTHEST: usize = 4096;

/// For so many bytes of state one event more between checkpoints.
///
/// Measured 2026-11 on 2 vCPU: a state of 83 KB is read back in about the time in which a thousand
/// events are merged; with a slow reducer that is far less than a seek may take.
const BYTES_PER_EVENT: usize = 160;

/// From so many bytes on a text is packed.
const PACKED_FROM: usize = 1024;

/// A state after so many events of a stream.
#[derive(Debug)]
pub(super) struct Checkpoint {
    /// How many events of the stream are in it.
    pub(super) n_events: u32,
    /// The state.
    pub(super) text: KeptText,
    /// What became of those events.
    pub(super) counts: Counts,
}

/// A state as JSON text, packed where that saves something.
#[derive(Debug)]
pub(super) enum KeptText {
    Plain(Box<str>),
    /// With the length of the text.
    Packed(Box<[u8]>, usize),
}

impl KeptText {
    pub(super) fn new(text: Box<str>) -> Self {
        if text.len() < PACKED_FROM {
            return Self::Plain(text);
        }
        match zstd::bulk::compress(text.as_bytes(), 1) {
            Ok(packed) if packed.len() < text.len() => {
                Self::Packed(packed.into_boxed_slice(), text.len())
            }
            _ => Self::Plain(text),
        }
    }

    /// The text; `None` where it cannot be unpacked.
    pub(super) fn unpacked(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Plain(text) => Some(Cow::Borrowed(text)),
            Self::Packed(packed, len) => {
                let text = zstd::bulk::decompress(packed, *len).ok()?;
                String::from_utf8(text).ok().map(Cow::Owned)
            }
        }
    }

    /// The length of the text.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Plain(text) => text.len(),
            Self::Packed(_, len) => *len,
        }
    }

    /// Bytes held.
    fn bytes(&self) -> usize {
        match self {
            Self::Plain(text) => text.len(),
            Self::Packed(packed, _) => packed.len(),
        }
    }
}

impl Checkpoint {
    fn bytes(&self) -> usize {
        let failures = self.counts.failures.iter();
        let reasons: usize = failures.map(|(_, reason)| reason.len() + 32).sum();
        self.text.bytes() + reasons + 96
    }
}

/// How long a replay between two checkpoints may take, unless they would lie closer than half the
/// distance that their size asks for.
const PATIENCE: Duration = Duration::from_millis(6);

/// After how many events a state of `bytes` settles; a checkpoint may be kept there and nowhere else.
///
/// Depends on the state only, not on time or memory: [`super::LiveState::text`].
pub(super) fn settle_distance(bytes: usize) -> u32 {
    let interval = (bytes / BYTES_PER_EVENT).clamp(NEAREST, FARTHEST);
    u32::try_from(interval / 2).unwrap_or(u32::MAX)
}

/// Whether a checkpoint is due where a state of `bytes` has settled, `n_events` and `spent` after the
/// one before. Memory that is short spreads them out; a slow reducer brings them closer.
pub(super) fn is_due(bytes: usize, n_events: u32, spent: Duration, spread: usize) -> bool {
    let distance = settle_distance(bytes) as usize * spread;
    let n_events = n_events as usize;
    n_events >= 2 * distance || n_events >= distance && spent >= PATIENCE
}

/// The checkpoints of all streams, in bounded memory.
#[derive(Debug)]
pub(super) struct Checkpoints {
    kept: Mutex<Kept>,
    budget: usize,
}

#[derive(Debug, Default)]
struct Kept {
    streams: BTreeMap<StreamId, OfStream>,
    bytes: usize,
    clock: u64,
}

#[derive(Debug, Default)]
struct OfStream {
    /// By number of events, rising.
    list: Vec<Arc<Checkpoint>>,
    bytes: usize,
    used: u64,
    /// How often every second one was dropped because this stream alone filled the memory.
    thinned: u32,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self::with_budget(BUDGET)
    }
}

impl Checkpoints {
    /// Checkpoints that hold at most so many bytes.
    pub(super) fn with_budget(budget: usize) -> Self {
        Self {
            kept: Mutex::default(),
            budget,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A checkpoint is whole or absent, so a thread that died while holding the lock did no harm.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last checkpoint of a stream with at most `n_events` events in it.
    pub(super) fn nearest(&self, stream: StreamId, n_events: u32) -> Option<Arc<Checkpoint>> {
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let of_stream = kept.streams.get_mut(&stream)?;
        of_stream.used = now;
        let after = of_stream
            .list
            .partition_point(|found| found.n_events <= n_events);
        of_stream.list.get(after.checked_sub(1)?).cloned()
    }

    /// How many times the usual distance a stream's checkpoints are to keep.
    pub(super) fn spread(&self, stream: StreamId) -> usize {
        let kept = self.lock();
        let thinned = kept.streams.get(&stream).map_or(0, |found| found.thinned);
        1 << thinned.min(16)
    }

    /// Keeps a checkpoint, and drops others where memory is short.
    pub(super) fn keep(&self, stream: StreamId, checkpoint: Checkpoint) {
        let size = checkpoint.bytes();
        if size > self.budget / 4 {
            return;
        }
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let of_stream = kept.streams.entry(stream).or_default();
        of_stream.used = now;
        let found = of_stream
            .list
            .binary_search_by_key(&checkpoint.n_events, |known| known.n_events);
        let Err(at) = found else { return };
        of_stream.list.insert(at, Arc::new(checkpoint));
        of_stream.bytes += size;
        kept.bytes += size;
        kept.make_room(self.budget, stream);
    }

    /// Forgets a checkpoint that cannot be read back.
    pub(super) fn forget(&self, stream: StreamId, n_events: u32) {
        self.lock()
            .retain(stream, |_, found| found.n_events != n_events);
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.lock().bytes
    }
}

impl Kept {
    /// Drops the streams that were not used for the longest time; the current one is thinned out.
    fn make_room(&mut self, budget: usize, current: StreamId) {
        if self.bytes <= budget {
            return;
        }
        let mut by_use: Vec<(u64, StreamId)> = self
            .streams
            .iter()
            .map(|(stream, found)| (found.used, *stream))
            .filter(|(_, stream)| *stream != current)
            .collect();
        by_use.sort_unstable();
        for (_, stream) in by_use {
            // A quarter at once, so that the next ones need not look again.
            if self.bytes <= budget / 4 * 3 {
                return;
            }
            self.bytes -= self.streams.remove(&stream).map_or(0, |found| found.bytes);
        }
        if self.bytes > budget {
            self.retain(current, |index, _| index % 2 == 1);
            if let Some(found) = self.streams.get_mut(&current) {
                found.thinned += 1;
            }
        }
    }

    fn retain(&mut self, stream: StreamId, stays: impl Fn(usize, &Checkpoint) -> bool) {
        let Some(of_stream) = self.streams.get_mut(&stream) else {
            return;
        };
        let list = std::mem::take(&mut of_stream.list);
        let stay = list.into_iter().enumerate();
        let stay = stay.filter(|(index, found)| stays(*index, found));
        of_stream.list = stay.map(|(_, found)| found).collect();
        self.bytes -= of_stream.bytes;
        of_stream.bytes = of_stream.list.iter().map(|found| found.bytes()).sum();
        self.bytes += of_stream.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(n_events: u32, bytes: usize) -> Checkpoint {
        Checkpoint {
            n_events,
            text: KeptText::Plain("x".repeat(bytes).into()),
            counts: Counts::default(),
        }
    }

    #[test]
    fn memory_stays_within_its_bound_and_the_oldest_stream_goes_first() {
        let kept = Checkpoints::with_budget(10_000);
        for stream in 0..5 {
            kept.keep(StreamId(stream), checkpoint(256, 1_900));
            kept.nearest(StreamId(stream), 256);
        }
        assert!(kept.nearest(StreamId(0), 300).is_some() && kept.bytes() <= 10_000);
        kept.keep(StreamId(9), checkpoint(256, 1_900));
        assert!(kept.bytes() <= 10_000);
        assert!(kept.nearest(StreamId(1), 300).is_none(), "the oldest went");
        assert!(
            kept.nearest(StreamId(0), 300).is_some(),
            "the one just used stayed"
        );
    }

    #[test]
    fn one_large_stream_is_thinned_out() {
        let kept = Checkpoints::with_budget(10_000);
        for n in 1..100 {
            kept.keep(StreamId(0), checkpoint(n * 256, 900));
        }
        assert!(kept.bytes() <= 10_000 && kept.spread(StreamId(0)) > 1);
        assert!(kept.nearest(StreamId(0), 256 * 99).is_some());
        assert!(kept.nearest(StreamId(0), 255).is_none());
    }

    #[test]
    fn a_long_text_is_packed_and_comes_back_as_it_was() {
        let member = |n: usize| format!("\"field {n}\":{{\"amount\":{}.50,\"by\":\"Zoë\"}}", n * 7);
        let members: Vec<String> = (0..900).map(member).collect();
        let text = format!("{{{}}}", members.join(","));
        let kept = KeptText::new(text.as_str().into());
        assert!(kept.bytes() * 3 < text.len() && kept.len() == text.len());
        assert_eq!(kept.unpacked().unwrap(), text);
        let short = KeptText::new("{}".into());
        assert_eq!(
            (short.unpacked().unwrap().as_ref(), short.bytes()),
            ("{}", 2)
        );
    }

    #[test]
    fn the_larger_the_state_the_rarer_its_checkpoints() {
        let first_due = |bytes: usize, spent| {
            let settle = settle_distance(bytes);
            (1..9)
                .map(|n| n * settle)
                .find(|n| is_due(bytes, *n, spent, 1))
        };
        assert_eq!(first_due(3_000, Duration::ZERO), Some(256));
        assert_eq!(first_due(83_000, Duration::ZERO), Some(518));
        assert_eq!(first_due(10_000_000, Duration::ZERO), Some(4096));
        assert_eq!(
            first_due(3_000, Duration::from_millis(9)),
            Some(128),
            "a slow reducer"
        );
        assert!(!is_due(3_000, 256, Duration::ZERO, 4), "memory is short");
    }
}
