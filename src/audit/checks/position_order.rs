//! Positions rise (P2): the store's own numbers go up along the history and none comes twice; each table
//! and each file counts for itself.

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::words::{count, counted};
use crate::event::{EventDetail, Position, Severity, Want};

/// Compares each event's store position with the one before it; only whole numbers are compared.
#[derive(Default)]
pub(super) struct PositionOrder {
    /// The last number of each part of the source.
    last: BTreeMap<u16, i128>,
    compared: u64,
    /// Those kept: the event, its number and the one before it.
    falls: Vec<(Position, i128, i128)>,
    n_falls: u64,
}

/// From how many numbers on, and from which share of falls on, they are taken for no order at all.
const ENOUGH: u64 = 100;
const SHARE_OF_NO_ORDER: u64 = 4;

impl Check for PositionOrder {
    fn id(&self) -> &'static str {
        "position-order"
    }

    fn title(&self) -> &'static str {
        "Store positions rise"
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
        if let Some(last) = self.last.insert(part, number)
            && number <= last
        {
            self.n_falls += 1;
            if self.falls.len() < MAX_KEPT {
                self.falls.push((position, number, last));
            }
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        if self.compared == 0 {
            found.skip("the source gives events no numbers of its own");
            return;
        }
        let no_order = self.compared >= ENOUGH && self.n_falls > self.compared / SHARE_OF_NO_ORDER;
        let severity = if no_order {
            Severity::Warning
        } else {
            Severity::Error
        };
        for (position, number, last) in std::mem::take(&mut self.falls) {
            found.add(severity, |finding| {
                finding.at(scene, position).says(said(number, last))
            });
        }
        found.add_uncounted(severity, self.n_falls - found.total());
        let compared = self.compared;
        found.group_all(|n_falls| {
            let ending = if no_order {
                ": they may count something else"
            } else {
                ""
            };
            format!(
                "{} of {} store positions do not rise{ending}",
                count(n_falls),
                count(compared)
            )
        });
        found.covered(format!(
            "{}, each against the one before it",
            counted(compared, "store position")
        ));
    }
}

fn said(number: i128, last: i128) -> String {
    if number == last {
        return format!("Store position {number} is used twice");
    }
    format!("Store position {number} stands after {last}")
}
