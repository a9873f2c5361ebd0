//! How fields of a state went over the events of a stream, all of them in one walk.

use super::leaves::LeafHistory;
use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath};
use crate::event::{Decimal, Position, StreamId, Timestamp};

/// A lane keeps at most so many changes.
const MAX_CHANGES: usize = 200_000;
/// A text on a lane has at most so many characters.
const MAX_CHARS: usize = 120;

/// What a field holds, as far as a lane shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaneValue {
    /// The state has no such field.
    Absent,
    /// A number, or a text that holds one, with its digits as stored.
    Number(Box<str>, Decimal),
    /// Anything else, as short text; `…` at its end where it was cut.
    Text(Box<str>),
    /// How many elements or members a container has.
    Container(char, usize),
}

/// A value and the event after which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneStep {
    /// That event's index in the stream.
    pub rank: u32,
    /// That event's position.
    pub position: Position,
    /// What the field is from here on.
    pub value: LaneValue,
}

/// A field over the events of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLane {
    /// Where in the state.
    pub path: JsonPath,
    /// Each event after which the value was another one than before, rising; what is absent at first
    /// has no entry.
    pub steps: Vec<LaneStep>,
    /// Whether every value is a number: then it is drawn as steps.
    pub is_number: bool,
    /// The least and the greatest number, the first of equals.
    pub range: Option<(Decimal, Decimal)>,
    /// Whether there are more changes than a lane keeps.
    pub is_cut: bool,
    /// What the field was in the history as recorded, where this is of a branch and it was something
    /// else.
    pub base: Option<Vec<LaneStep>>,
}

impl FieldLane {
    /// The step in force after the event at `rank`.
    pub fn at(&self, rank: u32) -> Option<&LaneStep> {
        in_force(&self.steps, rank)
    }

    /// The step in force there in the history as recorded, where it is another value.
    pub fn base_at(&self, rank: u32) -> Option<&LaneStep> {
        let base = in_force(self.base.as_ref()?, rank)?;
        let own = self.at(rank);
        (own.is_none_or(|own| own.value != base.value)).then_some(base)
    }
}

fn in_force(steps: &[LaneStep], rank: u32) -> Option<&LaneStep> {
    let after = steps.partition_point(|step| step.rank <= rank);
    steps.get(after.checked_sub(1)?)
}

/// Follows fields over a whole stream: one replay for all of them.
pub fn field_lanes(
    folder: &Folder,
    stream: StreamId,
    paths: &[JsonPath],
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<FieldLane>, FoldError> {
    let mut lanes: Vec<Growing> = paths.iter().map(Growing::new).collect();
    let n_events = folder.history().log.events_of(stream).len();
    let last = u32::try_from(n_events).unwrap_or(u32::MAX).checked_sub(1);
    if let Some(last) = last.filter(|_| !lanes.is_empty()) {
        folder.walk(stream, 0, last, cancel, &mut |rank, position, state| {
            for lane in &mut lanes {
                lane.take(rank, position, state);
            }
            true
        })?;
    }
    let mut lanes: Vec<FieldLane> = lanes.into_iter().map(Growing::finish).collect();
    if let Some(base) = folder.base() {
        let recorded = field_lanes(base, stream, paths, cancel)?;
        for (lane, recorded) in lanes.iter_mut().zip(recorded) {
            lane.stand_beside(recorded);
        }
    }
    Ok(lanes)
}

impl FieldLane {
    /// Keeps what the field was in the history as recorded, where that is something else.
    fn stand_beside(&mut self, recorded: Self) {
        if recorded.steps == self.steps {
            return;
        }
        self.range = match (self.range, recorded.range) {
            (Some(own), Some(other)) => Some((own.0.min(other.0), own.1.max(other.1))),
            (own, other) => own.or(other),
        };
        self.base = Some(recorded.steps);
    }
}

/// So many fields that change are looked at to find those that make good lanes.
const CANDIDATES: usize = 24;
/// A text on a lane has at most so many different values; more are names or sentences.
const DISCRETE: usize = 12;
/// And at most so many characters.
const SHORT: usize = 32;

/// The fields that change most over a stream: numbers, and texts of few values that are no times. At
/// most `most` of them, most often changed first. Costs two walks over the stream.
pub fn changing_lanes(
    folder: &Folder,
    stream: StreamId,
    most: usize,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<FieldLane>, FoldError> {
    let n_events = folder.history().log.events_of(stream).len();
    let Some(last) = u32::try_from(n_events).unwrap_or(u32::MAX).checked_sub(1) else {
        return Ok(Vec::new());
    };
    let leaves = match LeafHistory::of(folder, stream, last, cancel) {
        Err(FoldError::TooManyFields) => return Ok(Vec::new()),
        leaves => leaves?,
    };
    let paths = leaves.most_changed(2, CANDIDATES);
    let mut lanes = field_lanes(folder, stream, &paths, cancel)?;
    lanes.retain(is_worth_a_lane);
    lanes.truncate(most);
    Ok(lanes)
}

fn is_worth_a_lane(lane: &FieldLane) -> bool {
    if lane.is_number {
        return true;
    }
    let mut seen: Vec<&str> = Vec::new();
    for step in &lane.steps {
        let text = match &step.value {
            LaneValue::Absent => continue,
            LaneValue::Text(text) => &**text,
            LaneValue::Number(..) | LaneValue::Container(..) => return false,
        };
        if text.chars().count() > SHORT || Timestamp::parse(text).is_some() {
            return false;
        }
        if !seen.contains(&text) {
            seen.push(text);
        }
        if seen.len() > DISCRETE {
            return false;
        }
    }
    seen.len() > 1
}

/// A lane while the events are walked.
struct Growing {
    lane: FieldLane,
    /// The value after the last event, in full.
    last: Option<Json>,
}

impl Growing {
    fn new(path: &JsonPath) -> Self {
        Self {
            lane: FieldLane {
                path: path.clone(),
                steps: Vec::new(),
                is_number: true,
                range: None,
                is_cut: false,
                base: None,
            },
            last: None,
        }
    }

    fn take(&mut self, rank: u32, position: Position, state: &Json) {
        let value = self.lane.path.get(state);
        if value == self.last.as_ref() {
            return;
        }
        self.last = value.cloned();
        if self.lane.steps.len() >= MAX_CHANGES {
            self.lane.is_cut = true;
            return;
        }
        let value = value.map_or(LaneValue::Absent, shown);
        if let LaneValue::Number(_, number) = &value {
            let (least, most) = self.lane.range.unwrap_or((*number, *number));
            self.lane.range = Some((least.min(*number), most.max(*number)));
        }
        self.lane.is_number &= matches!(value, LaneValue::Number(..) | LaneValue::Absent);
        self.lane.steps.push(LaneStep {
            rank,
            position,
            value,
        });
    }

    fn finish(mut self) -> FieldLane {
        self.lane.is_number &= self.lane.range.is_some();
        self.lane
    }
}

fn shown(value: &Json) -> LaneValue {
    match value {
        Json::Number(text) => number(text),
        // A name may be all digits; with a point it is an amount.
        Json::Text(text) if text.contains('.') => number(text),
        Json::Text(text) => LaneValue::Text(short(text)),
        Json::Null => LaneValue::Text("null".into()),
        Json::Bool(value) => LaneValue::Text(value.to_string().into()),
        Json::Array(elements) => LaneValue::Container('[', elements.len()),
        Json::Object(object) => LaneValue::Container('{', object.len()),
    }
}

fn number(text: &str) -> LaneValue {
    match Decimal::parse(text) {
        Some(number) => LaneValue::Number(text.into(), number),
        None => LaneValue::Text(short(text)),
    }
}

fn short(text: &str) -> Box<str> {
    match text.char_indices().nth(MAX_CHARS) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}
