//! What is known of the shapes of events over time.

use super::columns::DriftColumns;
use crate::event::{Position, Timestamp, TypeId};

/// What a value is, in the words of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl FieldKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Null,
        Self::Bool,
        Self::Number,
        Self::Text,
        Self::List,
        Self::Object,
    ];

    /// Its name, such as `number`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::Text => "text",
            Self::List => "list",
            Self::Object => "object",
        }
    }
}

/// A kind of value as it occurs in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindSeen {
    /// The kind.
    pub kind: FieldKind,
    /// In how many events.
    pub n: u64,
    /// The first and the last of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
    /// When the first was recorded, where known.
    pub first_time: Option<Timestamp>,
    /// When the last was recorded, where known.
    pub last_time: Option<Timestamp>,
    /// How many events of the type stand before the first.
    pub first_nr: u64,
    /// How many events of the type stand before the last.
    pub last_nr: u64,
    /// In how many events the field had held other kinds but null before the first.
    pub n_other_before: u64,
    /// The first value as written, shortened to some forty characters; empty for lists and objects.
    pub example: String,
    /// In how many events, by column of [`Drift::columns`]; empty where there are no columns.
    pub by_column: Vec<u32>,
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDrift {
    /// Where it stands: `total`, `lines[].price`, `rates.{*}`; keys with other signs are in quotes, and
    /// `(data)` is the payload itself where it is no object.
    pub path: String,
    /// In how many events it stands.
    pub n: u64,
    /// What it held, by first occurrence; never empty.
    pub kinds: Vec<KindSeen>,
    /// In how many events, by column.
    pub by_column: Vec<u32>,
}

/// A version that events say they have the shape of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaVersionSeen {
    /// As the store writes it.
    pub version: String,
    /// In how many events.
    pub n: u64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
}

/// A type of event and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDrift {
    /// The type.
    pub event_type: TypeId,
    /// Its name.
    pub name: String,
    /// How many of its events carry JSON.
    pub n: u64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
    /// How many, by column.
    pub by_column: Vec<u32>,
    /// The versions that they name, by first occurrence; at most 64.
    pub versions: Vec<SchemaVersionSeen>,
    /// The fields, as they stand in the data.
    pub fields: Vec<FieldDrift>,
}

/// How a field became another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftChangeKind {
    /// It holds another kind of value: a number became text.
    Kind,
    /// It may be null now.
    Nullable,
    /// It is there from some event on.
    Appears,
    /// It is not there any more after some event.
    Vanishes,
}

/// A field that became another one, with the event at which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftChange {
    /// The type.
    pub event_type: TypeId,
    /// Its name.
    pub type_name: String,
    /// The field.
    pub path: String,
    /// How it became another one.
    pub what: DriftChangeKind,
    /// What it held before, where it was there.
    pub old: Option<FieldKind>,
    /// What it holds since, where it is there.
    pub new: Option<FieldKind>,
    /// The first event of the new shape; for a field that vanishes, the last that has it.
    pub position: Position,
    /// When that was recorded, where known.
    pub time: Option<Timestamp>,
    /// How many events had the old shape before it.
    pub n_before: u64,
    /// How many have the new one from it on; for a field that vanishes, how many lack it.
    pub n_after: u64,
    /// Whether no event went back to the old shape.
    pub is_final: bool,
    /// The version of its schema that this event is the first to name, where it does.
    pub version: Option<String>,
}

/// What the shapes of events were over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// The columns by which events are counted: months, days, hours.
    pub columns: DriftColumns,
    /// The types in the order in which they first occur.
    pub types: Vec<TypeDrift>,
    /// The changes by type, then by position.
    pub changes: Vec<DriftChange>,
    /// How many payloads were looked at.
    pub n_payloads: u64,
    /// How many events carry no JSON.
    pub n_other: u64,
    /// What was not followed to its end, in sentences; none where all of it was.
    pub partial: Vec<String>,
}

impl FieldDrift {
    /// The kind that most events have, null aside where there is another.
    pub fn usual(&self) -> FieldKind {
        let values = self
            .kinds
            .iter()
            .filter(|seen| seen.kind != FieldKind::Null);
        let usual = values.max_by_key(|seen| seen.n);
        usual.map_or(FieldKind::Null, |seen| seen.kind)
    }

    /// The kind that most events of a column have; `None` where no event of it has the field.
    pub fn kind_in(&self, column: usize) -> Option<FieldKind> {
        let in_column = |seen: &&KindSeen| seen.by_column.get(column).copied().unwrap_or_default();
        let most = self.kinds.iter().max_by_key(in_column)?;
        (in_column(&most) > 0).then_some(most.kind)
    }
}

impl DriftChange {
    /// What happened, in one sentence without a final period.
    pub fn sentence(&self) -> String {
        let (name, path) = (&self.type_name, &self.path);
        let kind = |kind: Option<FieldKind>| kind.map_or("nothing", FieldKind::name);
        match self.what {
            DriftChangeKind::Kind => {
                format!("{name} {path}: {}", self.short())
            }
            DriftChangeKind::Nullable => {
                format!("{name} {path} is null from here on in some events")
            }
            DriftChangeKind::Appears => {
                format!("{name} {path} is new, {}", kind(self.new))
            }
            DriftChangeKind::Vanishes => {
                format!("{name} {path} is not there any more after this")
            }
        }
    }

    /// The same beside the name of the field: `number to text`, `new`.
    pub fn short(&self) -> String {
        let kind = |kind: Option<FieldKind>| kind.map_or("nothing", FieldKind::name);
        match self.what {
            DriftChangeKind::Kind if self.is_final => {
                format!("{} to {}", kind(self.old), kind(self.new))
            }
            DriftChangeKind::Kind => {
                format!("{} to {} in some", kind(self.old), kind(self.new))
            }
            DriftChangeKind::Nullable => "null in some".to_owned(),
            DriftChangeKind::Appears => "new".to_owned(),
            DriftChangeKind::Vanishes => "gone".to_owned(),
        }
    }
}
