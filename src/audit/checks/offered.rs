//! Checks that are often set off by nothing at all, and so only run when they are asked for: gaps in
//! the store's positions (P1), time across streams (T1), times that nobody can have meant (T5).

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::words::{count, counted, duration};
use super::time_in_stream::skip_without_times;
use crate::event::{EventDetail, Position, Severity, Timestamp, Want};

/// No number of the store's own is left out.
#[derive(Default)]
pub(super) struct PositionGap {
    last: BTreeMap<u16, i128>,
    compared: u64,
    gaps: Vec<(Position, i128, i128)>,
    n_gaps: u64,
    n_missing: u64,
}

impl Check for PositionGap {
    fn id(&self) -> &'static str {
        "position-gap"
    }

    fn title(&self) -> &'static str {
        "Store positions have no gaps"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Ids)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let text = detail.store_position.as_deref().unwrap_or_default();
        let Ok(number) = text.parse::<i128>() else {
            return;
        };
        self.compared += 1;
        let part = scene.history.log.place(position).part;
        let Some(last) = self.last.insert(part, number) else {
            return;
        };
        let n_missing = number.saturating_sub(last).saturating_sub(1);
        if n_missing > 0 {
            self.n_gaps += 1;
            self.n_missing = self
                .n_missing
                .saturating_add(u64::try_from(n_missing).unwrap_or(u64::MAX));
            if self.gaps.len() < MAX_KEPT {
                self.gaps.push((position, last + 1, number - 1));
            }
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        if self.compared == 0 {
            found.skip("the source gives events no numbers of its own");
            return;
        }
        for (position, from, to) in std::mem::take(&mut self.gaps) {
            found.add(Severity::Info, |finding| {
                let said = if from == to {
                    format!("Store position {from} is not there")
                } else {
                    format!("Store positions {from} to {to} are not there")
                };
                let n_missing = u64::try_from(to - from + 1).unwrap_or(u64::MAX);
                finding.at(scene, position).says(said).counts(n_missing)
            });
        }
        found.add_uncounted(Severity::Info, self.n_gaps - found.total());
        let n_missing = self.n_missing;
        found.group_all(|n| {
            format!(
                "{} with {} in them: sequences and rollbacks leave such",
                counted(n, "gap"),
                counted(n_missing, "number")
            )
        });
        found.covered(counted(self.compared, "store position"));
    }
}

/// Time never goes back along the whole history.
pub(super) struct TimeOrder;

impl Check for TimeOrder {
    fn id(&self) -> &'static str {
        "time-order"
    }

    fn title(&self) -> &'static str {
        "Time never goes back"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_times(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let (mut greatest, mut largest) = (i64::MIN, 0);
        let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
        for position in (0..end).map(Position) {
            if position.0.is_multiple_of(1 << 16) && scene.watch.is_cancelled() {
                return;
            }
            let Some(Timestamp(time)) = log.time(position) else {
                continue;
            };
            if time < greatest {
                let back = greatest.saturating_sub(time);
                largest = back.max(largest);
                found.add(Severity::Warning, |finding| {
                    finding
                        .at(scene, position)
                        .says(format!("Time goes back by {}", duration(back)))
                });
            }
            greatest = time.max(greatest);
        }
        found.group_all(|n| {
            format!(
                "{} carry an earlier time than one before them, by {} at most",
                counted(n, "event"),
                duration(largest)
            )
        });
        found.covered(counted(
            log.len() as u64 - u64::from(log.n_untimed()),
            "time",
        ));
    }
}

/// Times that nobody can have meant.
pub(super) struct ImplausibleTime;

/// The beginning of 1990, and that of 2200, in seconds since 1970.
const FROM: i64 = 631_152_000;
const UNTIL: i64 = 7_258_118_400;

impl Check for ImplausibleTime {
    fn id(&self) -> &'static str {
        "implausible-time"
    }

    fn title(&self) -> &'static str {
        "Times can have been meant"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_times(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let mut n_untimed = 0;
        for position in (0..end).map(Position) {
            if position.0.is_multiple_of(1 << 16) && scene.watch.is_cancelled() {
                return;
            }
            let Some(time) = log.time(position) else {
                n_untimed += 1;
                continue;
            };
            let seconds = time.0.div_euclid(1_000_000_000);
            if seconds < FROM || seconds >= UNTIL {
                found.add(Severity::Warning, |finding| {
                    let said = format!("The event's time is {}", time.rfc3339(0));
                    finding.at(scene, position).says(said)
                });
            }
        }
        found.group_all(|n| {
            format!(
                "{} carry a time before 1990 or far ahead",
                counted(n, "event")
            )
        });
        if n_untimed > 0 {
            found.add(Severity::Info, |finding| {
                finding
                    .says(format!(
                        "{} without a time that could be read",
                        count(n_untimed)
                    ))
                    .counts(n_untimed)
            });
        }
        found.covered(counted(u64::from(end) - n_untimed, "time"));
    }
}
