//! What is shown from top to bottom: results, the stream, its fields, and the streams beside it.

use super::super::rows;
use super::stage::Stage;
use crate::fold::FieldLane;
use crate::ui::theme::size;

/// Height of the stream's own row, with names above and below its events.
const EVENTS: f32 = 76.0;
/// Height of the row of results.
const WHEN: f32 = 24.0;
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

/// A row of the stream's timeline.
pub(super) type Row = rows::Row<RowOf>;
/// All of them.
pub(super) type Rows = rows::Rows<RowOf>;

/// The rows of a frame.
pub(super) fn of(stage: &Stage<'_>) -> Rows {
    let mut rows = Rows::default();
    let scaled = |height: f32| rows::scaled(stage.look, height);
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
