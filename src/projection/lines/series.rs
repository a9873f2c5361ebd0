//! The lines of a plot of results.

use super::super::results::{PartitionId, Results};
use super::ask::{Band, By, Line, Plotted, SeriesAsk, Whose};
use super::cut::{Clock, Cut};
use super::moves::Plan;
use super::tally::Tally;
use crate::event::Position;
use crate::history::{Axis, EventLog};

/// The most points of all lines together, where there are buckets.
const MAX_POINTS: usize = 4 << 20;

impl Results {
    /// The lines that a plot asks for; `None` where `cancel` said so.
    ///
    /// Costs a walk over all changes of the field, and a sort of them; of [`Whose::One`] only over
    /// those of one partition. Without any such field the answer is a note that says so.
    pub fn series(
        &self,
        log: &EventLog,
        ask: &SeriesAsk,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Plotted> {
        let ask = &on_axis(ask);
        let mut found = match Plan::new(self, log, ask) {
            None => Plotted {
                notes: vec![format!("There is no field {} here", ask.path)],
                ..Plotted::default()
            },
            Some(plan) if plan.counts() && ask.whose != Whose::Summed => {
                self.bands(log, ask, &plan)
            }
            Some(plan) => lines(&plan, ask, cancel)?,
        };
        found.notes.extend(self.notes());
        Some(found)
    }

    /// The stretches in which a text or a boolean was the same, partition by partition.
    fn bands(&self, log: &EventLog, ask: &SeriesAsk, plan: &Plan<'_>) -> Plotted {
        let lines = plan.lines.iter().filter_map(|(name, exact)| {
            let partition = self.find_partition(name)?;
            Some(Line {
                name: name.clone(),
                points: Vec::new(),
                bands: self.bands_of(log, ask, partition)?,
                exact: *exact,
            })
        });
        Plotted {
            lines: lines.collect(),
            notes: plan.notes.clone(),
            ..Plotted::default()
        }
    }

    fn bands_of(
        &self,
        log: &EventLog,
        ask: &SeriesAsk,
        partition: PartitionId,
    ) -> Option<Vec<Band>> {
        let path = self.paths.resolve(self.root(ask.of), &ask.path)?;
        let leaf = self.leaf_of(partition, path)?;
        let mut clock = Clock::new(log, ask.axis);
        let mut bands: Vec<Band> = Vec::new();
        for entry in self.changes_of(leaf) {
            let position = Position(self.ats.get(entry).copied()?);
            if ask.until.is_some_and(|until| position > until) {
                break;
            }
            let from = clock.place(position).unwrap_or(i64::MIN);
            if let Some(last) = bands.last_mut() {
                last.to.get_or_insert(from);
            }
            let value = self.values.get(entry)?.shown(&self.texts);
            bands.extend(value.map(|value| Band {
                value,
                from,
                to: None,
                position,
            }));
        }
        if let Some((from, to)) = ask.range {
            bands.retain(|band| band.from <= to && band.to.is_none_or(|end| end > from));
        }
        Some(bands)
    }
}

/// Pieces of time are by time, whatever the axis.
fn on_axis(ask: &SeriesAsk) -> SeriesAsk {
    let mut ask = ask.clone();
    if ask.by != By::Event {
        ask.axis = Axis::Time;
    }
    ask
}

fn lines(plan: &Plan<'_>, ask: &SeriesAsk, cancel: &dyn Fn() -> bool) -> Option<Plotted> {
    let cut = cut(plan, ask, cancel)?;
    let mut notes = plan.notes.clone();
    notes.extend(cut.note.clone());
    let room = MAX_POINTS / cut.len().max(1);
    let n_lines = plan.lines.len().min(room.max(1));
    if n_lines < plan.lines.len() {
        let more = plan.lines.len() - n_lines;
        notes.push(format!(
            "{more} lines are left out, as there are so many points"
        ));
    }
    let mut tallies: Vec<Tally<'_>> = (0..n_lines).map(|_| Tally::new(ask, &cut)).collect();
    plan.walk(cancel, &mut |change| {
        if let Some(tally) = tallies.get_mut(change.line) {
            tally.take(change);
        }
    })?;
    let lines = plan
        .lines
        .iter()
        .zip(tallies)
        .map(|((name, exact), tally)| {
            let (points, is_exact) = tally.finish();
            Line {
                name: name.clone(),
                points,
                bands: Vec::new(),
                exact: *exact && is_exact,
            }
        });
    Some(Plotted {
        lines: lines.collect(),
        bucket: cut.bucket,
        edges: cut.edges.clone(),
        notes,
        ..Plotted::default()
    })
}

/// The buckets: over the range, or from the first change to the last.
fn cut(plan: &Plan<'_>, ask: &SeriesAsk, cancel: &dyn Fn() -> bool) -> Option<Cut> {
    if ask.by == By::Event {
        return Some(Cut::default());
    }
    if let Some(range) = ask.range {
        return Some(Cut::of(ask.by, range));
    }
    let mut extent: Option<(i64, i64)> = None;
    plan.walk(cancel, &mut |change| {
        for x in [change.x, change.own_x] {
            if x > i64::MIN {
                let (from, to) = extent.unwrap_or((x, x));
                extent = Some((from.min(x), to.max(x)));
            }
        }
    })?;
    Some(extent.map_or_else(Cut::default, |range| Cut::of(ask.by, range)))
}
