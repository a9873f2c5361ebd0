//! What a leaf holds, in eight bytes: short numbers as they are, texts as a number in a table.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::event::Decimal;
use crate::event::json::{Json, Object};

/// A leaf's value. The low byte says what it is, the rest is the number itself or a text's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::projection) struct Packed(u64);

const ABSENT: u64 = 0;
const NULL: u64 = 1;
const FALSE: u64 = 2;
const TRUE: u64 = 3;
const NO_MEMBERS: u64 = 4;
const NO_ELEMENTS: u64 = 5;
const TEXT: u64 = 6;
const DIGITS: u64 = 7;
/// From here on a number, so many decimals more.
const NUMBER: u64 = 16;
/// A number of the table is less than this, without its sign.
const MOST: i128 = 1 << 55;

impl Packed {
    /// There is no such leaf.
    pub(in crate::projection) const ABSENT: Self = Self(ABSENT);

    pub(in crate::projection) fn is_absent(self) -> bool {
        self.0 == ABSENT
    }

    fn tag(self) -> u64 {
        self.0 & 0xff
    }

    fn index(self) -> usize {
        usize::try_from(self.0 >> 8).unwrap_or(usize::MAX)
    }

    /// A leaf as it stands; a container counts as an empty one.
    pub(super) fn of(value: &Json, texts: &mut Texts) -> Self {
        match value {
            Json::Null => Self(NULL),
            Json::Bool(false) => Self(FALSE),
            Json::Bool(true) => Self(TRUE),
            Json::Object(_) => Self(NO_MEMBERS),
            Json::Array(_) => Self(NO_ELEMENTS),
            Json::Text(text) => Self(TEXT | texts.place(text) << 8),
            Json::Number(digits) => {
                short(digits).unwrap_or_else(|| Self(DIGITS | texts.place(digits) << 8))
            }
        }
    }

    /// The leaf as it stood; `None` where there is none.
    pub(in crate::projection) fn json(self, texts: &Texts) -> Option<Json> {
        Some(match self.tag() {
            ABSENT => return None,
            NULL => Json::Null,
            FALSE => Json::Bool(false),
            TRUE => Json::Bool(true),
            NO_MEMBERS => Json::Object(Object::default()),
            NO_ELEMENTS => Json::Array(Vec::new()),
            TEXT => Json::Text(texts.get(self.index()).into()),
            DIGITS => Json::Number(texts.get(self.index()).into()),
            _ => Json::Number(self.number()?.to_string().into()),
        })
    }

    fn number(self) -> Option<Decimal> {
        let scale = u32::try_from(self.tag().checked_sub(NUMBER)?).ok()?;
        #[expect(
            clippy::cast_possible_wrap,
            reason = "the sign stands in the highest bit"
        )]
        let mantissa = (self.0 as i64) >> 8;
        Decimal::new(i128::from(mantissa), scale)
    }

    /// The exact number, or that of a text which holds one with a point: a text without may be a name.
    pub(in crate::projection) fn decimal(self, texts: &Texts) -> Option<Decimal> {
        match self.tag() {
            DIGITS => Decimal::parse(texts.get(self.index())),
            TEXT => {
                let text = texts.get(self.index());
                Decimal::parse(text).filter(|_| text.contains('.'))
            }
            tag if tag >= NUMBER => self.number(),
            _ => None,
        }
    }

    /// Whether JavaScript may have rounded it: it has a fraction, an exponent, or over 53 bits.
    pub(super) fn may_be_rounded(self) -> bool {
        match self.tag() {
            DIGITS => true,
            NUMBER => {
                #[expect(
                    clippy::cast_possible_wrap,
                    reason = "the sign stands in the highest bit"
                )]
                let whole = (self.0 as i64) >> 8;
                whole.unsigned_abs() > 1 << 53
            }
            tag => tag > NUMBER,
        }
    }

    /// What a band shows: a text without quotes, all else as JSON.
    pub(in crate::projection) fn shown(self, texts: &Texts) -> Option<String> {
        match self.json(texts)? {
            Json::Text(text) => Some(text.into()),
            other => Some(other.to_string()),
        }
    }
}

/// A number in eight bytes, where its digits come back as they were written.
fn short(digits: &str) -> Option<Packed> {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let is_plain = unsigned.bytes().all(|c| c.is_ascii_digit() || c == b'.');
    let scale = match unsigned.split_once('.') {
        Some((_, decimals)) => decimals.len(),
        None => 0,
    };
    if !is_plain || scale > 38 || unsigned.len() > 20 {
        return None;
    }
    let mut mantissa: i128 = 0;
    for digit in unsigned.bytes().filter(u8::is_ascii_digit) {
        mantissa = mantissa * 10 + i128::from(digit - b'0');
    }
    let is_negative = unsigned.len() < digits.len();
    if mantissa >= MOST || is_negative && mantissa == 0 {
        return None;
    }
    let mantissa = i64::try_from(if is_negative { -mantissa } else { mantissa }).ok()?;
    let tag = NUMBER + u64::try_from(scale).ok()?;
    #[expect(clippy::cast_sign_loss, reason = "the sign stands in the highest bit")]
    let high = (mantissa << 8) as u64;
    Some(Packed(high | tag))
}

/// Every text once, by number.
#[derive(Clone, Debug, Default)]
pub(in crate::projection) struct Texts {
    arena: String,
    ends: Vec<usize>,
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    pub(in crate::projection) fn get(&self, index: usize) -> &str {
        slice(&self.arena, &self.ends, index)
    }

    /// The number of a text, given where it is new.
    fn place(&mut self, text: &str) -> u64 {
        let (arena, ends, hasher) = (&self.arena, &self.ends, &self.hasher);
        let hash = hasher.hash_one(text);
        let is_it = |at: &u32| slice(arena, ends, *at as usize) == text;
        if let Some(at) = self.places.find(hash, is_it) {
            return u64::from(*at);
        }
        let at = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        let (arena, ends) = (&self.arena, &self.ends);
        self.places.insert_unique(hash, at, |at| {
            hasher.hash_one(slice(arena, ends, *at as usize))
        });
        u64::from(at)
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.arena.len() + self.ends.len() * 16
    }
}

fn slice<'a>(arena: &'a str, ends: &[usize], index: usize) -> &'a str {
    let from = index
        .checked_sub(1)
        .and_then(|at| ends.get(at))
        .copied()
        .unwrap_or(0);
    let to = ends.get(index).copied().unwrap_or(from);
    arena.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_comes_back_with_its_digits() {
        let mut texts = Texts::default();
        for text in [
            "null",
            "true",
            "false",
            "{}",
            "[]",
            "0",
            "-0",
            "-0.00",
            "1.10",
            "-12.5",
            "1e21",
            "1E+2",
            "36028797018963967",
            "36028797018963968",
            "-36028797018963967",
            "12345678901234567890.10",
            "0.0000000000000000001",
            "\"\"",
            "\"a\"",
            "\"1.5\"",
            "9007199254740993",
        ] {
            let value = crate::event::json::parse(text.as_bytes()).unwrap();
            let packed = Packed::of(&value, &mut texts);
            assert_eq!(packed.json(&texts).unwrap().to_string(), text);
            let is_amount = matches!(&value, Json::Number(_)) || text.contains('.');
            assert_eq!(
                packed.decimal(&texts),
                value.as_decimal().filter(|_| is_amount),
                "{text}"
            );
        }
        assert_eq!(Packed::ABSENT.json(&texts), None);
    }

    #[test]
    fn whole_numbers_of_53_bits_are_not_rounded() {
        let mut texts = Texts::default();
        let mut rounded =
            |text: &str| Packed::of(&Json::Number(text.into()), &mut texts).may_be_rounded();
        assert!(!rounded("-9007199254740992") && !rounded("0"));
        assert!(rounded("0.1") && rounded("9007199254740994") && rounded("1e21"));
    }
}
