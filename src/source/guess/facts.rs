//! What the values of a column have in common, found once and asked often.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher as _};

use hashbrown::HashMap;

use super::sample::{Column, Sampled};
use super::words::{is_coined, is_crud, is_generic, is_past, is_word};
use crate::event::json::scan;
use crate::event::{TimeUnit, Timestamp};
use crate::source::cell::Cell;

/// Rows whose JSON is looked into; the first ones.
const MAX_SHAPED: usize = 600;
/// The moments between which the times of events are believed: 1990 and 2100.
const BELIEVED: std::ops::Range<i64> = 631_152_000_000_000_000..4_102_444_800_000_000_000;

/// What the values of a column have in common. Parts are of the values that are there, from 0 to 1,
/// and 0 where there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) n_rows: usize,
    pub(super) n_present: usize,
    pub(super) n_distinct: usize,
    /// Whether the table says that each value stands once.
    pub(super) is_unique: bool,
    /// For each row which value stands there, from 1 in the order of their first coming; 0 for none.
    pub(super) symbols: Vec<u32>,
    /// A hash of each row's value, to find it in other columns; 0 for none.
    pub(super) hashes: Vec<u64>,
    /// The whole number of each row.
    pub(super) numbers: Vec<Option<i64>>,
    /// For each row which keys its JSON object has, likewise; 0 where it holds none.
    pub(super) shapes: Vec<u32>,
    /// How many sets of keys there are.
    pub(super) n_shapes: usize,
    /// The keys of all objects looked at.
    pub(super) keys: BTreeSet<String>,
    pub(super) whole: f64,
    /// Integers as the container stores them, which alone sort as numbers.
    pub(super) integer: f64,
    pub(super) text: f64,
    pub(super) real: f64,
    pub(super) object: f64,
    pub(super) array: f64,
    /// JSON texts by themselves, such as `"Frozen"`.
    pub(super) json_text: f64,
    /// Bytes that are no text.
    pub(super) binary: f64,
    /// Short texts such as names of things have, without sentences.
    pub(super) word: f64,
    /// Texts that look like a name in a program: `MoneyDeposited`, `order.placed`.
    pub(super) coined: f64,
    /// Texts that end in a participle: `deposited`.
    pub(super) past: f64,
    /// Texts that only say what was done to a row: `INSERT`, `update`.
    pub(super) crud: f64,
    /// Texts that only say that there is an event: `event`, `message`.
    pub(super) generic: f64,
    /// UUIDs and the like.
    pub(super) uuid: f64,
    /// Texts with a digit in them.
    pub(super) numbered: f64,
    pub(super) mean_len: f64,
    /// Whether whole numbers only rise, row by row.
    pub(super) rises: bool,
    pub(super) time: TimeFacts,
    /// The first values there, as text.
    pub(super) examples: Vec<String>,
}

/// What the values are as times.
#[derive(Clone, Debug, Default)]
pub(super) struct TimeFacts {
    /// The part that can be read as a believable time.
    pub(super) part: f64,
    /// The part of the steps from row to row that do not go back.
    pub(super) rising: f64,
    /// The earliest and the latest.
    pub(super) range: Option<(Timestamp, Timestamp)>,
    /// What numbers count; `None` where texts stand.
    pub(super) unit: Option<TimeUnit>,
    /// The moment of each row.
    pub(super) moments: Vec<Option<Timestamp>>,
}

impl Facts {
    pub(super) fn of(column: &Column) -> Self {
        let samples = &column.samples;
        let mut facts = Self {
            n_rows: samples.len(),
            is_unique: column.is_unique,
            ..Self::default()
        };
        facts.intern(samples);
        facts.count_kinds(samples);
        facts.count_words();
        facts.look_at_times(samples);
        facts.look_inside(samples);
        facts
    }

    fn intern(&mut self, samples: &[Sampled]) {
        let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
        let mut scratch = Vec::new();
        let mut len = 0;
        for sample in samples {
            let cell = sample.cell();
            self.numbers
                .push(cell.version().ok().flatten().map(|v| v.0));
            let Some(name) = cell.name(&mut scratch) else {
                self.symbols.push(0);
                self.hashes.push(0);
                continue;
            };
            self.n_present += 1;
            len += name.len();
            let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
            let symbol = if let Some(symbol) = known.get(name) {
                *symbol
            } else {
                known.insert(name.to_vec(), next);
                if name.len() <= 200 {
                    self.examples.push(crate::event::readable(name));
                }
                next
            };
            self.symbols.push(symbol);
            self.hashes.push(hash(name));
        }
        self.n_distinct = known.len();
        self.mean_len = len as f64 / self.n_present.max(1) as f64;
        let numbers: Vec<i64> = self.numbers.iter().flatten().copied().collect();
        self.rises = !numbers.is_empty()
            && numbers.len() == self.n_present
            && numbers
                .iter()
                .zip(numbers.iter().skip(1))
                .all(|(a, b)| a < b);
    }

    fn count_kinds(&mut self, samples: &[Sampled]) {
        let n_present = self.n_present.max(1) as f64;
        let part = |test: &dyn Fn(&Sampled) -> bool| {
            samples.iter().filter(|sample| test(sample)).count() as f64 / n_present
        };
        self.whole = self.numbers.iter().flatten().count() as f64 / n_present;
        self.integer = part(&|sample| matches!(sample, Sampled::Int(_)));
        self.real =
            part(&|sample| matches!(sample, Sampled::Real(number) if number.fract() != 0.0));
        self.text = part(&|sample| sample_text(sample).is_some());
        self.binary = part(&|sample| {
            let Sampled::Blob(bytes) = sample else {
                return false;
            };
            bytes.len() != 16 && std::str::from_utf8(bytes).is_err()
        });
        self.uuid = part(&is_uuid_like);
        let begins = |sample: &Sampled, with: u8| {
            let json = sample.json();
            json.is_some_and(|json| json.trim_ascii_start().first() == Some(&with))
        };
        self.object = part(&|sample| begins(sample, b'{'));
        self.array = part(&|sample| begins(sample, b'['));
        self.json_text = part(&|sample| {
            let is_json = matches!(sample, Sampled::Json(_));
            let bytes = sample.cell().bytes().filter(|_| !is_json);
            bytes.is_some_and(|bytes| bytes.starts_with(b"\"") && scan::is_json(bytes))
        });
    }

    /// Words are judged by value, not by row: a thousand `Opened` are one word.
    fn count_words(&mut self) {
        let n_distinct = self.n_distinct.max(1) as f64;
        let part = |test: &dyn Fn(&str) -> bool| {
            self.examples.iter().filter(|text| test(text)).count() as f64 / n_distinct
        };
        let (word, coined) = (part(&is_word), part(&is_coined));
        let (past, crud) = (part(&is_past), part(&is_crud));
        let numbered = part(&|text| text.bytes().any(|c| c.is_ascii_digit()));
        self.generic = part(&is_generic);
        (self.word, self.coined, self.past) = (word, coined, past);
        (self.crud, self.numbered) = (crud, numbered);
        self.examples.truncate(8);
    }

    fn look_at_times(&mut self, samples: &[Sampled]) {
        let moment = |sample: &Sampled| {
            let read = sample.cell().time(TimeUnit::Auto).ok().flatten()?;
            BELIEVED.contains(&read.time.0).then_some(read.time)
        };
        let moments: Vec<Option<Timestamp>> = samples.iter().map(moment).collect();
        let there: Vec<Timestamp> = moments.iter().flatten().copied().collect();
        let n_kept = there
            .iter()
            .zip(there.iter().skip(1))
            .filter(|(a, b)| a <= b);
        let rising = if there.len() < 2 {
            0.0
        } else {
            n_kept.count() as f64 / (there.len() - 1) as f64
        };
        self.time = TimeFacts {
            part: there.len() as f64 / self.n_present.max(1) as f64,
            rising,
            range: there.iter().min().copied().zip(there.iter().max().copied()),
            unit: unit_of(samples, &moments),
            moments,
        };
    }

    fn look_inside(&mut self, samples: &[Sampled]) {
        if self.object < 0.5 {
            return;
        }
        let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
        for sample in samples.iter().take(MAX_SHAPED) {
            let shape = sample.json().and_then(|json| {
                let mut keys: Vec<Vec<u8>> = Vec::new();
                scan::members(&json, |key, _| keys.push(key.to_vec())).ok()?;
                keys.sort_unstable();
                self.keys
                    .extend(keys.iter().map(|key| crate::event::readable(key)));
                Some(keys.join(&0))
            });
            let symbol = shape.map_or(0, |shape| {
                let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
                *known.entry(shape).or_insert(next)
            });
            self.shapes.push(symbol);
        }
        self.n_shapes = known.len();
    }

    /// The part of the rows in which something stands; 1 where there are no rows.
    pub(super) fn fill(&self) -> f64 {
        if self.n_rows == 0 {
            return 1.0;
        }
        self.n_present as f64 / self.n_rows as f64
    }

    /// Whether no value stands twice, among some rows at least.
    pub(super) fn is_all_different(&self) -> bool {
        self.is_unique || self.n_present >= 2 && self.n_distinct == self.n_present
    }

    /// Whether all values are times.
    pub(super) fn is_time(&self) -> bool {
        self.time.part >= 0.9
    }

    /// Whether it holds JSON objects or arrays.
    pub(super) fn is_structured(&self) -> bool {
        self.object + self.array >= 0.5
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish().max(1)
}

fn sample_text(sample: &Sampled) -> Option<String> {
    match sample {
        Sampled::Text(_) => sample.cell().text(),
        Sampled::Blob(bytes) if bytes.len() != 16 && std::str::from_utf8(bytes).is_ok() => {
            sample.cell().text()
        }
        Sampled::Json(raw) if raw.starts_with(b"\"") => sample.cell().text(),
        _ => None,
    }
}

/// What numbers were read as; `None` where texts stand, `Auto` where they differ.
fn unit_of(samples: &[Sampled], moments: &[Option<Timestamp>]) -> Option<TimeUnit> {
    let mut found = None;
    for (sample, moment) in samples.iter().zip(moments) {
        if moment.is_none() {
            continue;
        }
        let number = match sample.cell() {
            Cell::Int(number) => number as f64,
            Cell::Real(number) => number,
            cell => cell.text()?.parse().ok()?,
        };
        let unit = magnitude(number.abs());
        match found {
            None => found = Some(unit),
            Some(known) if known == unit => {}
            Some(_) => return Some(TimeUnit::Auto),
        }
    }
    found
}

/// The unit that `TimeUnit::Auto` takes for a believable time.
fn magnitude(number: f64) -> TimeUnit {
    match number {
        ..1e7 => TimeUnit::Julian,
        ..1e11 => TimeUnit::S,
        ..1e14 => TimeUnit::Ms,
        ..1e17 => TimeUnit::Us,
        6.308e17..6.624e17 => TimeUnit::Ticks,
        _ => TimeUnit::Ns,
    }
}

/// A UUID as text or bytes, a ULID, or a hash in hex.
fn is_uuid_like(sample: &Sampled) -> bool {
    if let Sampled::Blob(bytes) = sample
        && bytes.len() == 16
    {
        return true;
    }
    let Some(text) = sample_text(sample) else {
        return false;
    };
    let bytes = text.as_bytes();
    let is_hex = |part: &[u8]| part.iter().all(u8::is_ascii_hexdigit);
    match bytes.len() {
        36 => {
            bytes.split(|c| *c == b'-').count() == 5
                && text.split('-').all(|p| is_hex(p.as_bytes()))
        }
        32 | 40 | 64 => is_hex(bytes),
        26 => bytes
            .iter()
            .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()),
        _ => false,
    }
}
