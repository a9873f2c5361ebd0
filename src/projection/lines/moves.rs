//! The changes of a field in all partitions, in order, and the line that each belongs to.

use std::cmp::Reverse;

use hashbrown::HashMap;

use super::super::results::{Packed, PartitionId, Results};
use super::ask::{Measure, SeriesAsk, Whose};
use super::cut::Clock;
use crate::event::{Decimal, Position};
use crate::history::{Axis, EventLog};

/// The most lines for a field that is split, the others together included.
const MAX_GROUPS: usize = 12;
/// The most lines, however many partitions are asked for.
const MAX_LINES: usize = 1000;
/// Between so many changes `cancel` is looked at.
const CANCEL_EVERY: usize = 4096;

/// A leaf became another one: the field itself, or what it is split by.
#[derive(Clone, Copy)]
struct Move {
    at: u32,
    partition: u32,
    is_field: bool,
    /// Which change of the results.
    entry: usize,
}

/// A number of a line changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// Which line.
    pub(super) line: usize,
    pub(super) partition: PartitionId,
    pub(super) position: Position,
    /// Where on the axis it holds from; `i64::MIN` before the first known time.
    pub(super) x: i64,
    /// Where its own event stands.
    pub(super) own_x: i64,
    pub(super) old: Option<Decimal>,
    pub(super) new: Option<Decimal>,
    /// Whether the number is the same and only belongs to another line now.
    pub(super) is_transfer: bool,
}

/// The lines of a plot and all that happens on them.
pub(super) struct Plan<'a> {
    results: &'a Results,
    log: &'a EventLog,
    axis: Axis,
    moves: Vec<Move>,
    /// For each line its name and whether its numbers are exact.
    pub(super) lines: Vec<(String, bool)>,
    /// The line of each partition, where each has its own.
    line_of: Option<HashMap<u32, usize>>,
    /// The line of each value that a field is split by.
    groups: Option<HashMap<Packed, usize>>,
    /// Partitions are counted: each is a 1, on the line of its value.
    counts: bool,
    pub(super) notes: Vec<String>,
}

/// The number and the line of a partition while changes are walked.
#[derive(Clone, Copy, Default)]
struct Standing {
    value: Option<Decimal>,
    line: usize,
}

impl<'a> Plan<'a> {
    /// `None` where no partition has such a leaf.
    pub(super) fn new(results: &'a Results, log: &'a EventLog, ask: &SeriesAsk) -> Option<Self> {
        let root = results.root(ask.of);
        let path = results.paths.resolve(root, &ask.path)?;
        let leaves = results.leaves_at(path, &ask.whose);
        let counts = !results.is_number_at(&leaves);
        let split = if counts {
            Some(path)
        } else {
            let split = ask.split.as_ref();
            split.and_then(|split| results.paths.resolve(root, split))
        };
        // Texts of one partition are bands, and each partition is a line of its own.
        let has_groups = if counts {
            ask.whose == Whose::Summed
        } else {
            !matches!(ask.whose, Whose::Each(_))
        };
        let split = split.filter(|_| has_groups);
        let mut plan = Self {
            results,
            log,
            axis: ask.axis,
            moves: Vec::new(),
            lines: Vec::new(),
            line_of: None,
            groups: None,
            counts,
            notes: Vec::new(),
        };
        plan.gather(&leaves, ask.until, true);
        let split_leaves = split.filter(|_| !counts);
        if let Some(split) = split_leaves {
            let of_split = results.leaves_at(split, &ask.whose);
            plan.gather(&of_split, ask.until, false);
        }
        // At one event a partition first has another group, then another number.
        let order = |one: &Move| (one.at, one.is_field, one.partition);
        plan.moves.sort_by_key(order);
        let is_exact = !leaves.iter().any(|leaf| results.is_rounded(*leaf));
        match (&ask.whose, split) {
            (Whose::Each(most), _) => plan.line_each(&leaves, *most, ask.until),
            (_, Some(_)) => plan.line_groups(is_exact),
            (Whose::One(name), None) => plan.lines.push((name.clone(), is_exact)),
            (Whose::Summed, None) => plan.lines.push((ask.path.to_string(), is_exact)),
        }
        Some(plan)
    }

    /// Whether values are counted instead of added up.
    pub(super) fn counts(&self) -> bool {
        self.counts
    }

    fn gather(&mut self, leaves: &[usize], until: Option<Position>, is_field: bool) {
        for leaf in leaves {
            let Some(of) = self.results.leaves.get(*leaf) else {
                continue;
            };
            for entry in self.results.changes_of(*leaf) {
                let at = self.results.ats.get(entry).copied().unwrap_or(u32::MAX);
                if until.is_some_and(|until| at > until.0) {
                    break;
                }
                self.moves.push(Move {
                    at,
                    partition: of.partition,
                    is_field,
                    entry,
                });
            }
        }
    }

    /// A line for each of the partitions with the greatest values at the end.
    fn line_each(&mut self, leaves: &[usize], most: usize, until: Option<Position>) {
        let results = self.results;
        let end = until.unwrap_or(Position(u32::MAX));
        // Texts have no greatest: there those that changed most stand first.
        let mut ranked: Vec<(Option<Decimal>, u32, usize)> = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let value = if self.counts {
                let n_changes = i64::try_from(results.changes_of(*leaf).len());
                n_changes.ok().map(Decimal::whole)
            } else {
                results.leaf_at(*leaf, end).decimal(&results.texts)
            };
            let of = results.leaves.get(*leaf).map_or(0, |of| of.partition);
            ranked.push((value.map(Decimal::abs), of, *leaf));
        }
        let name = |of: u32| results.partition_name(PartitionId(of));
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| name(a.1).cmp(name(b.1))));
        let kept = most.clamp(1, MAX_LINES).min(ranked.len());
        if kept < ranked.len() {
            let others = crate::event::grouped((ranked.len() - kept) as u64);
            self.notes
                .push(format!("{others} more partitions are not shown"));
        }
        ranked.truncate(kept);
        self.line_of = Some((0..).zip(&ranked).map(|(nr, of)| (of.1, nr)).collect());
        let lines = ranked.iter();
        self.lines = lines
            .map(|(_, of, leaf)| (name(*of).to_owned(), !results.is_rounded(*leaf)))
            .collect();
    }

    /// A line for each of the values with most changes, one for all others.
    fn line_groups(&mut self, is_exact: bool) {
        let mut weights: HashMap<Packed, usize> = HashMap::new();
        let mut current: HashMap<u32, Packed> = HashMap::new();
        for one in &self.moves {
            let value = self.value(one);
            if !one.is_field {
                current.insert(one.partition, value);
                weights.entry(value).or_default();
                continue;
            }
            let group = if self.counts {
                value
            } else {
                let known = current.get(&one.partition);
                known.copied().unwrap_or(Packed::ABSENT)
            };
            if !(self.counts && group.is_absent()) {
                *weights.entry(group).or_default() += 1;
            }
        }
        let texts = &self.results.texts;
        let shown = |group: Packed| group.shown(texts).unwrap_or_else(|| "none".to_owned());
        let mut ranked: Vec<(Reverse<usize>, String, Packed)> = weights
            .into_iter()
            .map(|(group, weight)| (Reverse(weight), shown(group), group))
            .collect();
        ranked.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let own = if ranked.len() > MAX_GROUPS {
            MAX_GROUPS - 1
        } else {
            ranked.len()
        };
        self.groups = Some(
            (0..)
                .zip(&ranked)
                .map(|(nr, group)| (group.2, own.min(nr)))
                .collect(),
        );
        let has_others = own < ranked.len();
        ranked.truncate(own);
        self.lines = ranked
            .into_iter()
            .map(|group| (group.1, is_exact))
            .collect();
        if has_others || self.lines.is_empty() {
            self.lines.push(("other".to_owned(), is_exact));
        }
    }

    fn value(&self, one: &Move) -> Packed {
        let value = self.results.values.get(one.entry);
        value.copied().unwrap_or(Packed::ABSENT)
    }

    /// The line of what a partition has now.
    fn group(&self, value: Packed) -> usize {
        let groups = self.groups.as_ref();
        groups
            .and_then(|groups| groups.get(&value))
            .copied()
            .unwrap_or_else(|| {
                // A value that no number was ever under, or none at all.
                self.lines.len().saturating_sub(1)
            })
    }

    /// Hands over every change of every line, in the order of positions. `None` where `cancel` said so.
    pub(super) fn walk(
        &self,
        cancel: &dyn Fn() -> bool,
        each: &mut dyn FnMut(&Change),
    ) -> Option<()> {
        let mut clock = Clock::new(self.log, self.axis);
        let mut standings: HashMap<u32, Standing> = HashMap::new();
        for (nr, one) in self.moves.iter().enumerate() {
            if nr % CANCEL_EVERY == 0 && cancel() {
                return None;
            }
            let fresh = self.line_of.as_ref().map_or_else(
                || Some(self.group(Packed::ABSENT)),
                |line_of| line_of.get(&one.partition).copied(),
            );
            let Some(line) = fresh else { continue };
            let value = self.value(one);
            let standing = standings
                .entry(one.partition)
                .or_insert(Standing { value: None, line });
            let before = *standing;
            *standing = self.after(before, *one, value);
            if standing.value == before.value && standing.line == before.line {
                continue;
            }
            let x = clock.place(Position(one.at)).unwrap_or(i64::MIN);
            let own_x = match self.axis {
                Axis::Time => self.log.time(Position(one.at)).map_or(x, |time| time.0),
                Axis::Sequence => x,
            };
            let change = Change {
                line: standing.line,
                partition: PartitionId(one.partition),
                position: Position(one.at),
                x,
                own_x,
                old: before.value,
                new: standing.value,
                is_transfer: false,
            };
            report(&change, before.line, self.counts, each);
        }
        Some(())
    }

    fn after(&self, before: Standing, one: Move, value: Packed) -> Standing {
        let mut standing = before;
        if self.counts && self.groups.is_some() {
            let is_there = !value.is_absent();
            standing.value = is_there.then(|| Decimal::whole(1));
            if is_there {
                standing.line = self.group(value);
            }
        } else if one.is_field {
            standing.value = value.decimal(&self.results.texts);
        } else {
            standing.line = self.group(value);
        }
        standing
    }
}

/// A change on one line, or a move from one to another: there it is taken off and here it is added.
fn report(change: &Change, line_before: usize, counts: bool, each: &mut dyn FnMut(&Change)) {
    if change.line == line_before {
        return each(change);
    }
    if change.old.is_some() {
        each(&Change {
            line: line_before,
            new: None,
            is_transfer: !counts,
            ..*change
        });
    }
    if change.new.is_some() {
        each(&Change {
            old: None,
            is_transfer: !counts && change.old.is_some(),
            ..*change
        });
    }
}

impl Results {
    /// The leaves at a path of the partitions that are asked for.
    pub(in crate::projection) fn leaves_at(&self, path: u32, whose: &Whose) -> Vec<usize> {
        if let Whose::One(name) = whose {
            let partition = self.find_partition(name);
            let leaf = partition.and_then(|partition| self.leaf_of(partition, path));
            return leaf.into_iter().collect();
        }
        let leaves = self.leaves.iter().enumerate();
        leaves
            .filter(|(_, leaf)| leaf.path == path)
            .map(|(nr, _)| nr)
            .collect()
    }

    /// Whether the values of leaves are numbers: of the first thousand any is.
    pub(super) fn is_number_at(&self, leaves: &[usize]) -> bool {
        let mut looked_at = leaves.iter().take(1000);
        looked_at.any(|leaf| self.is_number(self.changes_of(*leaf)))
    }

    fn is_rounded(&self, leaf: usize) -> bool {
        self.leaves.get(leaf).is_some_and(|leaf| leaf.is_rounded)
    }
}

/// Whether a measure counts a change at the time of its event, or at which the line has come to.
pub(super) fn is_at_own_time(measure: Measure) -> bool {
    !matches!(measure, Measure::Value | Measure::MeanOverTime)
}
