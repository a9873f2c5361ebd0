//! What two histories do not have in common.

use serde::Serialize;

/// How an event differs between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Only the first has it.
    OnlyA,
    /// Only the second has it.
    OnlyB,
    /// Both have it, and it says something else.
    Different,
    /// Both have it, in another place.
    Reordered,
}

/// One event that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How it differs.
    pub kind: DifferenceKind,
    /// Its stream, as the side names it that has it.
    pub stream: String,
    /// Its version in the first history.
    pub version_a: Option<i64>,
    /// Its version in the second history.
    pub version_b: Option<i64>,
    /// Its position in the first history.
    pub position_a: Option<u32>,
    /// Its position in the second history.
    pub position_b: Option<u32>,
    /// Its id, where one is known.
    pub event_id: Option<String>,
    /// What of it differs: `type`, `time`, `id`, `metadata`, or a path into its data such as `/total`.
    pub fields: Vec<String>,
}

/// A stream in which something differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StreamDifferences {
    /// Its name.
    pub stream: String,
    /// How many events are equal.
    pub same: u64,
    /// How many only the first history has.
    pub only_a: u64,
    /// How many only the second history has.
    pub only_b: u64,
    /// How many say something else.
    pub different: u64,
    /// How many stand in another place.
    pub reordered: u64,
}

/// What holding two histories against each other has found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// How many events are equal.
    pub same: u64,
    /// How many only the first has.
    pub only_a: u64,
    /// How many only the second has.
    pub only_b: u64,
    /// How many say something else.
    pub different: u64,
    /// How many stand in another place: in their stream, or among all where both are of one format.
    pub reordered: u64,
    /// The first difference along the first history.
    pub first_divergence: Option<Difference>,
    /// From which position of the first history on the order across streams is another one, whether
    /// or not that counts.
    pub order_differs_from: Option<u32>,
    /// What was compared, in words.
    pub compared: Vec<String>,
    /// How many events of either side could not be read; they count as different.
    pub unread: u64,
    /// The streams in which something differs, at most 1,000, by name.
    pub streams: Vec<StreamDifferences>,
    /// The differences by position, at most 10,000.
    pub items: Vec<Difference>,
}

impl Comparison {
    /// Whether both have the same events.
    pub fn is_same(&self) -> bool {
        self.n_differences() == 0
    }

    /// How many events differ in any way.
    pub fn n_differences(&self) -> u64 {
        self.only_a + self.only_b + self.different + self.reordered
    }
}

impl Difference {
    /// Where it stands along either history, to order differences by.
    pub(super) fn place(&self) -> (u32, u32) {
        let (a, b) = (self.position_a, self.position_b);
        let first = a.or(b).unwrap_or(u32::MAX);
        (first, b.unwrap_or(u32::MAX))
    }

    /// The fields between commas; the path of the data as a whole is empty.
    fn fields_named(&self) -> String {
        if self.fields.is_empty() {
            return "its content".to_owned();
        }
        let name = |field: &String| match field.as_str() {
            "" => "data".to_owned(),
            field => field.to_owned(),
        };
        self.fields.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// The difference in one sentence without a final period.
    pub fn sentence(&self) -> String {
        let version = |version: Option<i64>| version.map_or(String::new(), |v| format!("@{v}"));
        let stream = &self.stream;
        match self.kind {
            DifferenceKind::OnlyA => {
                format!("{stream}{} is only in the first", version(self.version_a))
            }
            DifferenceKind::OnlyB => {
                format!("{stream}{} is only in the second", version(self.version_b))
            }
            DifferenceKind::Different => format!(
                "{stream}{} differs in {}",
                version(self.version_a),
                self.fields_named()
            ),
            DifferenceKind::Reordered => format!(
                "{stream}{} stands elsewhere: #{} in the first, #{} in the second",
                version(self.version_a),
                self.position_a.unwrap_or_default(),
                self.position_b.unwrap_or_default()
            ),
        }
    }
}
