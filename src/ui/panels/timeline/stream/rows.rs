//! What is shown from top to bottom: results, the stream, its fields, and the streams beside it.

use super::stage::Stage;
use crate::fold::FieldLane;
use crate::ui::theme::size;

/// Height of the stream's own row, with names above and below its events.
const EVENTS: f32 = 76.0;
/// Height of the row of results.
const WHEN: f32 = 24.0;
/// No lane is lower than its name.
const LEAST: f32 = 16.0;
/// Height of a sentence in the place of lanes.
const NOTE: f32 = 28.0;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    /// The results of the question bar.
    When,
    /// The stream's events.
    Events,
    /// A field, by its index among the lanes.
    Field(usize),
    /// Why there are no lanes, or what would make some.
    Note,
    /// A related stream, by its index.
    Related(usize),
}

/// A row and where it stands, counted from the top of the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) of: RowOf,
    pub(super) top: f32,
    pub(super) height: f32,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows {
    pub(super) list: Vec<Row>,
    /// Their heights together.
    pub(super) height: f32,
}

impl Rows {
    /// The rows of a frame.
    pub(super) fn of(stage: &Stage<'_>) -> Self {
        let mut rows = Self::default();
        let high = f32::from(stage.look.lane_height) / 100.0;
        let scaled = |height: f32| (height * high).round().max(LEAST);
        if stage.found.is_some() {
            rows.push(RowOf::When, WHEN);
        }
        rows.push(RowOf::Events, EVENTS);
        for (index, lane) in stage.lanes.iter().enumerate() {
            rows.push(
                RowOf::Field(index),
                scaled(lane.lane.map_or(size::BAND_LANE, height)),
            );
        }
        if note(stage).is_some() {
            rows.push(RowOf::Note, NOTE);
        }
        for index in 0..stage.related.len() {
            rows.push(RowOf::Related(index), scaled(size::RELATED_LANE));
        }
        rows
    }

    fn push(&mut self, of: RowOf, height: f32) {
        let top = self.height;
        self.list.push(Row { of, top, height });
        self.height += height;
    }

    /// The row at a height below the top of the first.
    pub(super) fn at(&self, y: f32) -> Option<RowOf> {
        let after = self.list.partition_point(|row| row.top <= y);
        let row = self.list.get(after.checked_sub(1)?)?;
        (y < row.top + row.height).then_some(row.of)
    }
}

/// What is said where there are no lanes.
pub(super) fn note<'a>(stage: &Stage<'a>) -> Option<&'a str> {
    use crate::workbench::FieldLanes;
    if stage.no_lanes.is_some() {
        return stage.no_lanes;
    }
    let is_known = !stage.lanes_wait && stage.lanes.is_empty();
    (stage.look.field_lanes == FieldLanes::Pinned && is_known)
        .then_some("Fields can be pinned here: Add lane, or P on a field of the state")
}

/// Bands need one line, steps room to rise and fall, and more where they cross zero.
fn height(lane: &FieldLane) -> f32 {
    let crosses_zero = lane
        .range
        .is_some_and(|(least, most)| least.is_negative() && !most.is_negative());
    match (lane.is_number, crosses_zero) {
        (false, _) => size::BAND_LANE,
        (true, false) => size::STEP_LANES[0],
        (true, true) => size::STEP_LANES[1],
    }
}
