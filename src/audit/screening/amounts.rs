//! Amounts: how many are round (A3), just under a limit (A3), and with which digit they begin (A4).
//!
//! An amount is a number, or a text that holds one, under a key that says so. The three checks share
//! what they gather, for each type and path.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::check::{Check, Scene};
use super::super::drift::FieldKind;
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::leaves::{each_leaf, plain};
use crate::event::{Decimal, EventDetail, Position, Severity, TypeId, Want};

/// How many paths are told apart.
const MAX_PATHS: usize = 2_000;
/// From how many amounts on something is said of their whole.
const ENOUGH: u64 = 100;
/// From how many on, and over how many powers of ten, first digits say something.
const ENOUGH_FOR_DIGITS: u64 = 500;
const POWERS: i32 = 3;
/// Which share of round amounts is unusual, in hundredths.
const MANY_ROUND: u64 = 25;
/// How many amounts under a limit are kept by place.
const KEPT: usize = 1_000;
/// Benford's law: how many of 1,000,000 numbers begin with each digit.
const BENFORD: [u64; 9] = [
    301_030, 176_091, 124_939, 96_910, 79_181, 66_947, 57_992, 51_153, 45_757,
];
/// Words of which the names of amounts are made.
const NAMES: [&str; 12] = [
    "amount", "total", "price", "sum", "value", "cost", "fee", "balance", "paid", "refund",
    "payment", "salary",
];

/// Whether a key, in lower case, is that of an amount.
pub(super) fn is_amount(key: &str) -> bool {
    NAMES
        .iter()
        .any(|name| key.starts_with(name) || key.ends_with(name))
}

/// What is known of the amounts of one path.
#[derive(Debug)]
struct Path {
    n: u64,
    first: Position,
    n_hundreds: u64,
    first_round: Option<Position>,
    digits: [u64; 9],
    powers: (i32, i32),
}

/// Gathered by whichever check sees an event first.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    paths: BTreeMap<(TypeId, String), Path>,
    seen: Option<Position>,
    n: u64,
    n_beyond: u64,
    limit: Option<Decimal>,
    near_limit: Vec<(Position, String, Decimal)>,
    n_near: u64,
}

pub(super) type Shared = Rc<RefCell<Gathered>>;

impl Gathered {
    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        // Three checks show each event.
        if self.seen == Some(position) {
            return;
        }
        self.seen = Some(position);
        let Some(text) = detail.data.json() else {
            return;
        };
        let event_type = scene.history.log.event_type(position);
        each_leaf(text, |leaf, kind, written| {
            let is_number = matches!(kind, FieldKind::Number | FieldKind::Text);
            if !is_number || !is_amount(&leaf.name()) {
                return;
            }
            let amount = plain(written).and_then(|text| Decimal::parse(&text));
            let amount = amount.map(Decimal::abs).filter(|it| *it != Decimal::ZERO);
            if let Some(amount) = amount {
                self.note(event_type, leaf.path(), position, amount);
            }
        });
    }

    fn note(&mut self, event_type: TypeId, path: String, position: Position, amount: Decimal) {
        self.n += 1;
        if self.limit.is_some_and(|limit| is_just_under(amount, limit)) {
            self.n_near += 1;
            if self.near_limit.len() < KEPT {
                self.near_limit.push((position, path.clone(), amount));
            }
        }
        let key = (event_type, path);
        if !self.paths.contains_key(&key) {
            if self.paths.len() >= MAX_PATHS {
                self.n_beyond += 1;
                return;
            }
            let path = Path {
                n: 0,
                first: position,
                n_hundreds: 0,
                first_round: None,
                digits: [0; 9],
                powers: (i32::MAX, i32::MIN),
            };
            self.paths.insert(key.clone(), path);
        }
        let Some(path) = self.paths.get_mut(&key) else {
            return;
        };
        path.n += 1;
        if is_hundreds(amount) {
            path.n_hundreds += 1;
            path.first_round.get_or_insert(position);
        }
        if let Some((digit, power)) = first_digit(amount) {
            if let Some(n) = path.digits.get_mut(digit - 1) {
                *n += 1;
            }
            path.powers = (path.powers.0.min(power), path.powers.1.max(power));
        }
    }

    fn covered(&self) -> String {
        let whole = counted(self.n, "amount");
        match self.n_beyond {
            0 => whole,
            n => format!(
                "partial: {whole}; {} beyond the first {MAX_PATHS} paths",
                count(n)
            ),
        }
    }

    fn skip(&self, found: &mut Gather) -> bool {
        if self.n == 0 {
            found.skip("no field is named as an amount and holds a number");
        }
        self.n == 0
    }
}

/// Whether an amount is a multiple of 100.
fn is_hundreds(amount: Decimal) -> bool {
    let hundredth = amount.checked_divide(100);
    let text = hundredth
        .filter(|(_, exact)| *exact)
        .map(|(it, _)| it.to_string());
    text.is_some_and(|text| {
        let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
        decimals.bytes().all(|digit| digit == b'0')
    })
}

/// Whether an amount lies less than a twentieth under a limit.
fn is_just_under(amount: Decimal, limit: Decimal) -> bool {
    let from = limit.checked_times(19).and_then(|it| it.checked_divide(20));
    amount < limit && from.is_some_and(|(from, _)| amount >= from)
}

/// The first digit that is not 0, and the power of ten that it stands for.
fn first_digit(amount: Decimal) -> Option<(usize, i32)> {
    let text = amount.to_string();
    let point = text.find('.').unwrap_or(text.len());
    let at = text.find(|c: char| ('1'..='9').contains(&c))?;
    let digit = text.get(at..=at)?.parse().ok()?;
    let (point, at) = (i32::try_from(point).ok()?, i32::try_from(at).ok()?);
    let power = if at < point {
        point - at - 1
    } else {
        point - at
    };
    Some((digit, power))
}

/// How many amounts are multiples of 100.
pub(super) struct RoundAmounts(pub(super) Shared);

impl Check for RoundAmounts {
    fn id(&self) -> &'static str {
        "screening-round-amounts"
    }

    fn title(&self) -> &'static str {
        "Screening: few amounts are round"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let gathered = self.0.borrow();
        if gathered.skip(found) {
            return;
        }
        for ((event_type, path), of) in &gathered.paths {
            if of.n < ENOUGH || of.n_hundreds * 100 < of.n * MANY_ROUND {
                continue;
            }
            let name = scene.history.log.type_name(*event_type);
            found.add(Severity::Info, |finding| {
                let said = format!(
                    "{} of {} in {name} {path} are multiples of 100",
                    count(of.n_hundreds),
                    counted(of.n, "amount")
                );
                let at = of.first_round.unwrap_or(of.first);
                finding.at(scene, at).says(said).counts(of.n_hundreds)
            });
        }
        found.parameter(
            "unusual from",
            format!("{MANY_ROUND} % of at least {ENOUGH}"),
        );
        found.covered(gathered.covered());
    }
}

/// How many amounts lie just under the limit.
pub(super) struct UnderLimit(pub(super) Shared, pub(super) Option<Decimal>);

impl Check for UnderLimit {
    fn id(&self) -> &'static str {
        "screening-under-limit"
    }

    fn title(&self) -> &'static str {
        "Screening: no amount lies just under the limit"
    }

    fn skip(&self, _scene: &Scene<'_>) -> Option<String> {
        if self.1.is_none() {
            return Some("no limit was given".to_owned());
        }
        self.0.borrow_mut().limit = self.1;
        None
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let gathered = self.0.borrow();
        let Some(limit) = self.1.filter(|_| !gathered.skip(found)) else {
            return;
        };
        for (position, path, amount) in &gathered.near_limit {
            found.add(Severity::Info, |finding| {
                let said = format!("{path} is {amount}, less than 5 % under {limit}");
                finding.at(scene, *position).says(said)
            });
        }
        found.add_uncounted(
            Severity::Info,
            gathered.n_near - gathered.near_limit.len() as u64,
        );
        found.group_all(|n| format!("{} less than 5 % under {limit}", counted(n, "amount")));
        found.parameter("limit", limit.to_string());
        found.covered(gathered.covered());
    }
}

/// Whether first digits are spread as they mostly are.
pub(super) struct FirstDigits(pub(super) Shared);

impl Check for FirstDigits {
    fn id(&self) -> &'static str {
        "screening-benford"
    }

    fn title(&self) -> &'static str {
        "Screening: amounts begin with usual digits"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let gathered = self.0.borrow();
        if gathered.skip(found) {
            return;
        }
        let mut n_judged = 0;
        for ((event_type, path), of) in &gathered.paths {
            let n_powers = of.powers.1.saturating_sub(of.powers.0) + 1;
            if of.n < ENOUGH_FOR_DIGITS || n_powers < POWERS {
                continue;
            }
            n_judged += 1;
            let deviation = deviation(&of.digits);
            let Some(verdict) = verdict(deviation) else {
                continue;
            };
            let name = scene.history.log.type_name(*event_type);
            found.add(Severity::Info, |finding| {
                let said = format!(
                    "First digits of {} in {name} {path} are {verdict} by Benford's law: \
                     mean deviation 0.{deviation:06}",
                    counted(of.n, "amount")
                );
                finding.at(scene, of.first).says(said).counts(of.n)
            });
        }
        found.parameter(
            "least",
            format!("{ENOUGH_FOR_DIGITS} amounts over {POWERS} powers of ten"),
        );
        found.parameter("marginal from, nonconforming from", "0.012, 0.015");
        if n_judged == 0 {
            found.skip(format!(
                "no path has {ENOUGH_FOR_DIGITS} amounts over {POWERS} powers of ten"
            ));
            return;
        }
        found.covered(format!(
            "{}, {}",
            counted(n_judged, "path"),
            gathered.covered()
        ));
    }
}

/// The mean absolute deviation from Benford's law, in millionths.
fn deviation(digits: &[u64; 9]) -> u64 {
    let n: u64 = digits.iter().sum();
    let pairs = digits.iter().zip(BENFORD);
    let sum: u64 = pairs
        .map(|(seen, expected)| {
            let share = u128::from(*seen) * 1_000_000 / u128::from(n.max(1));
            u64::try_from(share).unwrap_or(u64::MAX).abs_diff(expected)
        })
        .sum();
    sum / 9
}

/// What Nigrini calls a deviation; `None` where it is close or acceptable.
fn verdict(deviation: u64) -> Option<&'static str> {
    match deviation {
        0..=12_000 => None,
        12_001..=15_000 => Some("marginal"),
        _ => Some("nonconforming"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn digits_powers_and_hundreds_are_exact() {
        assert_eq!(first_digit(amount("0.0450")), Some((4, -2)));
        assert_eq!(first_digit(amount("7")), Some((7, 0)));
        assert_eq!(first_digit(amount("1234.5")), Some((1, 3)));
        assert!(is_hundreds(amount("1200.00")));
        assert!(!is_hundreds(amount("1250")) && !is_hundreds(amount("100.01")));
        assert!(is_just_under(amount("9999.99"), amount("10000")));
        assert!(!is_just_under(amount("10000"), amount("10000")));
        assert!(!is_just_under(amount("9499.99"), amount("10000")));
    }

    #[test]
    fn a_law_is_only_broken_far_from_it() {
        let lawful = BENFORD.map(|share| share / 100);
        assert_eq!(verdict(deviation(&lawful)), None);
        assert_eq!(verdict(deviation(&[1000; 9])), Some("nonconforming"));
    }
}
