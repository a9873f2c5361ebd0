//! How fields of a state went over the events of a stream, all of them in one walk.

use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath};
use crate::event::{Decimal, Position, StreamId};

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
}

impl FieldLane {
    /// The step in force after the event at `rank`.
    pub fn at(&self, rank: u32) -> Option<&LaneStep> {
        let after = self.steps.partition_point(|step| step.rank <= rank);
        self.steps.get(after.checked_sub(1)?)
    }
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
    Ok(lanes.into_iter().map(Growing::finish).collect())
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
