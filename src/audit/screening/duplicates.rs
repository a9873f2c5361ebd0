//! Nothing is there twice in the words of the business (A5): the same type, amount and party within a
//! day.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use hashbrown::HashMap;

use super::super::check::{Check, Scene};
use super::super::drift::FieldKind;
use super::super::gather::{Gather, MAX_KEPT};
use super::super::words::{counted, duration};
use super::amounts::is_amount;
use super::leaves::{each_leaf, plain};
use crate::event::{Decimal, EventDetail, Position, Severity, Want};

/// Within which time two are alike.
const DAY: i64 = 86_400_000_000_000;
/// How many events of a day are held against each other.
const MAX_HELD: usize = 1_000_000;
/// Words of which the names of parties are made.
const PARTIES: [&str; 14] = [
    "customer",
    "account",
    "iban",
    "payee",
    "payer",
    "party",
    "supplier",
    "vendor",
    "user",
    "client",
    "owner",
    "recipient",
    "debtor",
    "creditor",
];

/// Holds events against those of the day before.
#[derive(Default)]
pub(super) struct Duplicates {
    last: HashMap<u64, (i64, Position)>,
    /// The same by time, so that what is older than a day goes.
    order: VecDeque<(i64, u64)>,
    found: Vec<(Position, Position, i64)>,
    n_found: u64,
    n_judged: u64,
    n_beyond: u64,
}

impl Duplicates {
    fn forget_before(&mut self, time: i64) {
        while let Some((at, print)) = self.order.front().copied() {
            let is_full = self.order.len() > MAX_HELD;
            if at >= time.saturating_sub(DAY) && !is_full {
                return;
            }
            if is_full && at >= time.saturating_sub(DAY) {
                self.n_beyond += 1;
            }
            self.order.pop_front();
            if self.last.get(&print).is_some_and(|(last, _)| *last == at) {
                self.last.remove(&print);
            }
        }
    }
}

impl Check for Duplicates {
    fn id(&self) -> &'static str {
        "screening-duplicates"
    }

    fn title(&self) -> &'static str {
        "Screening: no amount occurs twice for one party"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.history.log.time_range().is_none();
        without.then(|| "no event has a time".to_owned())
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Data)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let log = &scene.history.log;
        let (Some(text), Some(time)) = (detail.data.json(), log.time(position)) else {
            return;
        };
        let mut hasher = DefaultHasher::new();
        log.event_type(position).hash(&mut hasher);
        let (mut has_amount, mut has_party) = (false, false);
        each_leaf(text, |leaf, kind, written| {
            let Some(said) = plain(written) else { return };
            let name = leaf.name();
            let is_party = PARTIES.iter().any(|party| name.starts_with(party));
            if is_amount(&name) && matches!(kind, FieldKind::Number | FieldKind::Text) {
                if let Some(amount) = Decimal::parse(&said) {
                    has_amount = true;
                    (name, amount.to_string().trim_end_matches(['0', '.'])).hash(&mut hasher);
                }
            } else if is_party && kind == FieldKind::Text && !said.is_empty() {
                has_party = true;
                (name, &*said).hash(&mut hasher);
            }
        });
        if !has_amount || !has_party {
            return;
        }
        self.n_judged += 1;
        self.forget_before(time.0);
        let print = hasher.finish();
        if let Some((before, first)) = self.last.insert(print, (time.0, position)) {
            let apart = time.0.abs_diff(before);
            if apart <= DAY.unsigned_abs() {
                self.n_found += 1;
                if self.found.len() < MAX_KEPT {
                    let apart = i64::try_from(apart).unwrap_or(DAY);
                    self.found.push((position, first, apart));
                }
            }
        }
        self.order.push_back((time.0, print));
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        if self.n_judged == 0 {
            found.skip("no event names an amount and a party");
            return;
        }
        for (position, first, apart) in std::mem::take(&mut self.found) {
            found.add(Severity::Info, |finding| {
                let said = format!(
                    "Type, amounts and party are those of #{}, {} before",
                    first.0,
                    duration(apart)
                );
                finding.at(scene, position).says(said)
            });
        }
        found.add_uncounted(
            Severity::Info,
            self.n_found - found.total().min(self.n_found),
        );
        found.group_all(|n| {
            format!(
                "{} with the type, the amounts and the party of another within a day",
                counted(n, "event")
            )
        });
        found.parameter("within", "24 h");
        let covered = counted(self.n_judged, "event");
        found.covered(match self.n_beyond {
            0 => covered,
            _ => format!("partial: {covered}; more than {MAX_HELD} on one day"),
        });
    }
}
