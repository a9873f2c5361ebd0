//! Where each event's record lies, in little memory: row ids and byte offsets mostly rise in order.

use super::column::Column;
use crate::event::{Place, Position};

/// How many places share one full-width base.
const BLOCK: usize = 16;
/// Stands for "see `wide`" among the small differences.
const WIDE: u16 = u16::MAX;

/// The places of all events by position.
///
/// Which part of the source and which event of a record cost nothing where there is only one.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    at: Offsets,
    parts: Small,
    items: Small,
}

impl Places {
    /// The place of the event at `position`, which must exist.
    pub(super) fn get(&self, position: Position) -> Place {
        Place {
            at: self.at.get(position),
            part: self.parts.get(position),
            item: self.items.get(position),
        }
    }

    /// Adds the place of the next event; `index` is how many there are already.
    pub(super) fn push(&mut self, index: usize, place: Place) {
        self.at.push(index, place.at);
        self.parts.push(index, place.part);
        self.items.push(index, place.item);
    }

    /// Adds the places of `n_more` events behind those of `n_before`.
    pub(super) fn append(&mut self, n_before: usize, more: &Self, n_more: usize) {
        if self.append_runs(n_before, more, n_more) {
            return;
        }
        for (at, index) in (0..).zip(n_before..n_before + n_more) {
            self.push(index, more.get(Position(at)));
        }
    }

    /// Adds places that count up in few runs, as row ids do, without looking at each.
    fn append_runs(&mut self, n_before: usize, more: &Self, n_more: usize) -> bool {
        let (Offsets::Runs(runs), Offsets::Runs(further)) = (&mut self.at, &more.at) else {
            return false;
        };
        let is_plain = more.parts.0.is_empty() && more.items.0.is_empty();
        if !is_plain || (runs.len() + further.len()) * 8 > n_before + n_more {
            return false;
        }
        for (from, start) in further.iter() {
            push_run(runs, n_before + *from as usize, *start);
        }
        true
    }

    /// Makes everything shared.
    pub(super) fn settle(&mut self) {
        match &mut self.at {
            Offsets::Runs(runs) => {
                runs.settle();
            }
            Offsets::Blocks { bases, small, wide } => {
                bases.settle();
                small.settle();
                wide.settle();
            }
            Offsets::Explicit(places) => {
                places.settle();
            }
        }
        self.parts.0.settle();
        self.items.0.settle();
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.at.bytes() + self.parts.0.len() * 2 + self.items.0.len() * 2
    }
}

/// A column of small numbers that costs nothing while all are 0.
#[derive(Clone, Debug, Default)]
struct Small(Column<u16>);

impl Small {
    fn get(&self, position: Position) -> u16 {
        self.0.get(position.index()).copied().unwrap_or(0)
    }

    fn push(&mut self, index: usize, number: u16) {
        if number != 0 || !self.0.is_empty() {
            self.0.resize(index, 0);
            self.0.push(number);
        }
    }
}

/// The row ids, ranks or byte offsets of all events.
///
/// Row ids that count up without gaps cost nothing (`Runs`); other rising numbers 2.5 bytes an
/// event (`Blocks`); anything else 8 (`Explicit`).
#[derive(Clone, Debug)]
enum Offsets {
    /// From each listed position on, places count up by one from the listed start.
    Runs(Column<(u32, i64)>),
    /// A base for each 16 events and the difference to it; what differs by more stands in `wide`.
    Blocks {
        bases: Column<i64>,
        small: Column<u16>,
        wide: Column<(u32, i64)>,
    },
    /// One place an event.
    Explicit(Column<i64>),
}

impl Default for Offsets {
    fn default() -> Self {
        Self::Runs(Column::default())
    }
}

impl Offsets {
    fn get(&self, position: Position) -> i64 {
        let index = position.index();
        match self {
            Self::Runs(runs) => {
                let run = runs.partition_point(|(from, _)| *from <= position.0);
                let (from, start) = runs[run - 1];
                start + i64::from(position.0 - from)
            }
            Self::Blocks { bases, small, wide } => match small[index] {
                WIDE => wide[wide.partition_point(|(at, _)| *at < position.0)].1,
                difference => bases[index / BLOCK] + i64::from(difference),
            },
            Self::Explicit(places) => places[index],
        }
    }

    fn push(&mut self, index: usize, place: i64) {
        match self {
            Self::Runs(runs) => push_run(runs, index, place),
            Self::Blocks { bases, small, wide } => push_block(bases, small, wide, index, place),
            Self::Explicit(places) => places.push(place),
        }
        self.widen(index);
    }

    /// Changes the form once it is clear that it costs more than the next one.
    fn widen(&mut self, index: usize) {
        if !index.is_multiple_of(4096) {
            return;
        }
        let events = index + 1;
        let next = match self {
            // A run costs 16 bytes, a block 2.5 an event.
            Self::Runs(runs) if runs.len() > 64 && runs.len() * 8 > events => Self::Blocks {
                bases: Column::default(),
                small: Column::default(),
                wide: Column::default(),
            },
            // A wide entry costs 16 bytes more.
            Self::Blocks { wide, .. } if wide.len() > 64 && wide.len() * 3 > events => {
                Self::Explicit(Column::default())
            }
            _ => return,
        };
        let old = std::mem::replace(self, next);
        for at in 0..events {
            #[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
            let place = old.get(Position(at as u32));
            match self {
                Self::Runs(_) => {}
                Self::Blocks { bases, small, wide } => push_block(bases, small, wide, at, place),
                Self::Explicit(places) => places.push(place),
            }
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Runs(runs) => runs.len() * 16,
            Self::Blocks { bases, small, wide } => {
                bases.len() * 8 + small.len() * 2 + wide.len() * 16
            }
            Self::Explicit(places) => places.len() * 8,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
fn push_run(runs: &mut Column<(u32, i64)>, index: usize, place: i64) {
    let position = index as u32;
    let expected = runs
        .last()
        .map(|(from, start)| start + i64::from(position - from));
    if expected != Some(place) {
        runs.push((position, place));
    }
}

fn push_block(
    bases: &mut Column<i64>,
    small: &mut Column<u16>,
    wide: &mut Column<(u32, i64)>,
    index: usize,
    place: i64,
) {
    if index.is_multiple_of(BLOCK) {
        bases.push(place);
    }
    let difference = bases.last().and_then(|base| place.checked_sub(*base));
    if let Some(difference) = difference
        .and_then(|d| u16::try_from(d).ok())
        .filter(|d| *d != WIDE)
    {
        small.push(difference);
    } else {
        small.push(WIDE);
        #[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
        wide.push((index as u32, place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(places: &[i64]) -> Offsets {
        let mut column = Offsets::default();
        for (index, place) in places.iter().enumerate() {
            column.push(index, *place);
        }
        for (index, place) in places.iter().enumerate() {
            assert_eq!(column.get(Position(u32::try_from(index).unwrap())), *place);
        }
        column
    }

    #[test]
    fn dense_row_ids_cost_nothing() {
        let column = holds(&(1..20_000).collect::<Vec<_>>());
        assert_eq!(column.bytes(), 16);
    }

    #[test]
    fn offsets_cost_two_and_a_half_bytes_and_jumps_are_kept() {
        let offsets: Vec<i64> = (0..20_000)
            .map(|n| n * 543 + n % 7 + if n > 9000 { 1 << 40 } else { 0 })
            .collect();
        assert!(holds(&offsets).bytes() < 20_000 * 3);
    }

    #[test]
    fn any_order_is_kept() {
        let places: Vec<i64> = (0..20_000)
            .map(|n: i64| (n * 7_919_999) % 1_000_003 - 500_000)
            .collect();
        assert!(matches!(holds(&places), Offsets::Explicit(_)));
    }

    #[test]
    fn parts_and_items_cost_nothing_until_there_is_a_second_one() {
        let mut places = Places::default();
        for index in 0..10 {
            places.push(index, Place::at(i64::try_from(index).unwrap()));
        }
        assert_eq!(places.bytes(), 16);
        let place = Place {
            at: 3,
            part: 1,
            item: 2,
        };
        places.push(10, place);
        assert_eq!(places.get(Position(10)), place);
        assert_eq!(places.get(Position(9)), Place::at(9));
    }
}
