//! Receipts: the head of the tree over all events at some moment, to hold the file against later.
//!
//! A receipt keeps the number of events, the head, the heads of the complete subtrees, and those of
//! equal parts of the history, so that it can be told where it was changed: exactly in a history of up
//! to 4,096 events, to one part in 4,096 in a longer one.

use serde::{Deserialize, Serialize};

use super::hex::{from_hex, hex};
use super::tree::{Digest, Peak, Peaks};

/// The most parts of which a receipt keeps the heads.
const MAX_PARTS: u64 = 4096;
/// The longest text that is read as a receipt.
const MAX_TEXT: usize = 1 << 20;
/// What a receipt of this form says of itself.
const FORM: u32 = 1;

/// What was there at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The name of the history, for people.
    pub name: String,
    /// When it was made, for people; empty where nobody said.
    pub made: String,
    /// The last event, for people.
    pub last: Option<LastEvent>,
    /// The complete subtrees.
    peaks: Peaks,
    /// 2 to this power is how many events a part has.
    part_level: u8,
    parts: Vec<Digest>,
}

/// The last event that a receipt covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEvent {
    /// Its position.
    pub position: u64,
    /// Its stream.
    pub stream: String,
    /// Its version.
    pub version: Option<i64>,
    /// Its id.
    pub event_id: Option<String>,
}

/// What has become of a history since its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// All events are as they were, and there are no others.
    Unchanged,
    /// All events are as they were, and so many follow them.
    Appended(u64),
    /// What stood from `from` on is not what stands there now; the first change is at most at `to`.
    Rewritten {
        /// The first position that may differ.
        from: u64,
        /// The last position at which the first difference may be.
        to: u64,
    },
    /// Events are missing at the end.
    Truncated {
        /// How many events are left.
        left: u64,
        /// How many of the last of these cannot be held against the receipt.
        unproved: u64,
    },
}

/// The tree of a history as it is now, with what a receipt must be held against.
#[derive(Clone, Debug, Default)]
pub struct Grown {
    now: Peaks,
    /// The subtrees when the history was as long as the receipt's.
    then: Option<Peaks>,
    n_then: Option<u64>,
    /// Heads of parts, by their level: the receipt's, and those of a receipt made now.
    parts: Vec<(u8, Vec<Digest>)>,
}

impl Grown {
    /// The tree of a history of `n_events`, still empty.
    pub fn new(n_events: u64, receipt: Option<&Receipt>) -> Self {
        let mut grown = Self {
            n_then: receipt.map(Receipt::n_events),
            ..Self::default()
        };
        let levels = [
            Some(part_level(n_events)),
            receipt.map(|one| one.part_level),
        ];
        for level in levels.into_iter().flatten() {
            if !grown.parts.iter().any(|part| part.0 == level) {
                grown.parts.push((level, Vec::new()));
            }
        }
        grown.look_back();
        grown
    }

    /// Adds the next event by the hash of its leaf.
    pub fn push(&mut self, leaf: Digest) {
        let Self { now, parts, .. } = self;
        now.push(
            Peak {
                level: 0,
                head: leaf,
            },
            &mut |peak| {
                let of_level = parts.iter_mut().filter(|part| part.0 == peak.level);
                of_level.for_each(|part| part.1.push(peak.head));
            },
        );
        self.look_back();
    }

    fn look_back(&mut self) {
        if self.n_then == Some(self.now.n_leaves()) {
            self.then = Some(self.now.clone());
        }
    }

    /// The head of the tree in hexadecimal digits.
    pub fn root(&self) -> String {
        hex(&self.now.root())
    }

    fn parts_of(&self, level: u8) -> &[Digest] {
        let found = self.parts.iter().find(|part| part.0 == level);
        found.map_or(&[], |part| &part.1)
    }

    /// A receipt of the history as it is now.
    pub fn receipt(&self, name: &str, last: Option<LastEvent>) -> Receipt {
        let level = part_level(self.now.n_leaves());
        Receipt {
            name: name.to_owned(),
            made: String::new(),
            last,
            peaks: self.now.clone(),
            part_level: level,
            parts: self.parts_of(level).to_vec(),
        }
    }

    /// What has become of the history since the receipt for which this was grown.
    pub fn since(&self, receipt: &Receipt) -> Since {
        let (then, now) = (receipt.n_events(), self.now.n_leaves());
        if then == 0 && now == 0 {
            return Since::Unchanged;
        }
        let is_prefix = self
            .then
            .as_ref()
            .is_some_and(|peaks| peaks.root() == receipt.peaks.root());
        if is_prefix {
            return match now - then {
                0 => Since::Unchanged,
                more => Since::Appended(more),
            };
        }
        let size = 1_u64 << receipt.part_level.min(63);
        let pairs = self.parts_of(receipt.part_level).iter().zip(&receipt.parts);
        let differs = (0_u64..)
            .zip(pairs)
            .find(|(_, (ours, theirs))| ours != theirs);
        if let Some((nr, _)) = differs {
            let from = nr * size;
            let to = (from + size).min(then) - 1;
            return Since::Rewritten { from, to };
        }
        match &self.then {
            // The difference lies behind the last whole part.
            Some(peaks) => in_tail(peaks, &receipt.peaks),
            None => Since::Truncated {
                left: now,
                unproved: now % size,
            },
        }
    }
}

/// The first subtree that differs, of two lists of the same length.
fn in_tail(ours: &Peaks, theirs: &Peaks) -> Since {
    let mut from = 0;
    for (a, b) in ours.peaks().iter().zip(theirs.peaks()) {
        let size = 1_u64 << a.level.min(63);
        if a != b {
            let to = from + size - 1;
            return Since::Rewritten { from, to };
        }
        from += size;
    }
    Since::Rewritten {
        from: 0,
        to: from.saturating_sub(1),
    }
}

/// How large the parts of a history are, so that there are not too many.
fn part_level(n_events: u64) -> u8 {
    let mut level = 0;
    while n_events >> level > MAX_PARTS {
        level += 1;
    }
    level
}

/// A receipt as it is written.
#[derive(Serialize, Deserialize)]
struct ReceiptText {
    annals_receipt: u32,
    name: String,
    #[serde(default)]
    made: String,
    events: u64,
    last: Option<LastEvent>,
    root: String,
    heads: Vec<String>,
    events_in_part: u64,
    parts: Vec<String>,
}

impl Receipt {
    /// How many events it covers.
    pub fn n_events(&self) -> u64 {
        self.peaks.n_leaves()
    }

    /// The head of the tree in hexadecimal digits.
    pub fn root(&self) -> String {
        hex(&self.peaks.root())
    }

    /// The receipt as JSON text with an end of line.
    pub fn to_json(&self) -> String {
        let text = ReceiptText {
            annals_receipt: FORM,
            name: self.name.clone(),
            made: self.made.clone(),
            events: self.n_events(),
            last: self.last.clone(),
            root: self.root(),
            heads: self
                .peaks
                .peaks()
                .iter()
                .map(|peak| hex(&peak.head))
                .collect(),
            events_in_part: 1 << self.part_level.min(63),
            parts: self.parts.iter().map(|head| hex(head)).collect(),
        };
        // Plain data with text keys: there is nothing that could not be written.
        let mut json = serde_json::to_string_pretty(&text).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads a receipt, and sees that its parts are those of its head; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_TEXT {
            return Err("it is longer than a receipt can be".to_owned());
        }
        let read: ReceiptText =
            serde_json::from_str(text).map_err(|error| format!("it is no receipt: {error}"))?;
        if read.annals_receipt != FORM {
            return Err(format!(
                "it is a receipt of form {}, which is not known here",
                read.annals_receipt
            ));
        }
        let peaks = peaks_of(read.events, &read.heads).ok_or_else(contradicts)?;
        let parts: Option<Vec<Digest>> = read.parts.iter().map(|text| digest(text)).collect();
        let receipt = Self {
            name: read.name,
            made: read.made,
            last: read.last,
            part_level: part_level(read.events),
            parts: parts.ok_or_else(contradicts)?,
            peaks,
        };
        let fits = receipt.root() == read.root
            && read.events_in_part == 1 << receipt.part_level
            && receipt.parts_fit();
        fits.then_some(receipt).ok_or_else(contradicts)
    }

    /// Whether the heads of the parts make those of the larger subtrees.
    fn parts_fit(&self) -> bool {
        let level = self.part_level;
        let mut made = Peaks::default();
        let whole = self.parts.iter().all(|head| {
            let part = Peak { level, head: *head };
            made.push(part, &mut |_| ())
        });
        let large = self.peaks.peaks().iter().filter(|peak| peak.level >= level);
        whole && made.peaks().iter().eq(large)
    }
}

fn contradicts() -> String {
    "its parts do not make its head; it was altered or cut off".to_owned()
}

/// The subtrees of a list of that length: one for each bit of it, the largest first.
fn peaks_of(n_events: u64, heads: &[String]) -> Option<Peaks> {
    let levels = (0..63_u8).rev().filter(|level| n_events >> level & 1 == 1);
    let mut peaks = Peaks::default();
    let mut heads = heads.iter();
    for level in levels {
        let head = digest(heads.next()?)?;
        peaks.push(Peak { level, head }, &mut |_| ());
    }
    (heads.next().is_none() && peaks.n_leaves() == n_events).then_some(peaks)
}

fn digest(text: &str) -> Option<Digest> {
    from_hex(text)?.try_into().ok()
}

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
