//! The language in which `assets/formats/*.toml` says how a store is laid out.
//!
//! A role (stream, type, time …) is read from a [`Field`]: a column or key, a place inside the JSON
//! that one holds (`"state/timestamp"`), or several put together. Where a list is given, the first
//! that is there counts. What is guessed, and what a user maps by hand, has the same form, so that
//! there is one way to read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use super::field::Field;
use super::layout::{ConsumerTable, Items, Join, Qualifier, Rest};
use super::schemas::Schemas;
use super::seal::SealPlan;
use crate::event::{CausationNames, TimeUnit};

pub use super::role::Role;

/// Which kind of container a format is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContainerKind {
    /// A SQLite database.
    #[default]
    Sqlite,
    /// JSON Lines, or a JSON document with an array of objects.
    Json,
    /// A table as text: comma-separated values or the like.
    Csv,
}

/// Where a role is read: the first place that holds something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "FieldsText")]
pub struct Fields(
    /// In the order in which they are tried.
    pub Vec<Field>,
);

#[derive(Deserialize)]
#[serde(untagged)]
enum FieldsText {
    One(Field),
    Many(Vec<Field>),
}

impl From<FieldsText> for Fields {
    fn from(text: FieldsText) -> Self {
        match text {
            FieldsText::One(field) => Self(vec![field]),
            FieldsText::Many(fields) => Self(fields),
        }
    }
}

/// A step from stored bytes to readable ones; each is left out where it does not fit the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decode {
    /// Whatever the content is found to be: JSON as it is; what zlib, gzip or Zstandard packed, up to
    /// three times; JSONB, MessagePack and CBOR where all of the bytes are an object or array that
    /// says something; YAML that begins with `---`; else text, or bytes.
    Auto,
    /// Inflate, where the bytes begin as zlib does.
    Zlib,
    /// Unpack, where the bytes begin as gzip does.
    Gzip,
    /// Unpack, where the bytes begin as Zstandard does.
    Zstd,
    /// SQLite's binary JSON: its JSON.
    Jsonb,
    /// MessagePack: its values as JSON, bytes as `{"$binary":"base64"}`.
    Msgpack,
    /// CBOR: its values as JSON, bytes as `{"$binary":"base64"}`.
    Cbor,
    /// A YAML document, as Ruby writes it: its values as JSON, symbols as texts.
    Yaml,
    /// An XML document, as `XStream` and .NET write objects: elements as members, all values as texts.
    Xml,
    /// A text, plain or JSON, that holds base64: its bytes.
    Base64,
    /// A text, plain or JSON, that holds pairs of hexadecimal digits: its bytes.
    Hex,
    /// `{"$binary":"base64"}`, as binary inputs are turned into JSON: its bytes.
    Binary,
    /// Text in small letters: UUIDs as SQL Server prints them, in capitals.
    Lower,
    /// A JSON text that is meant as text, even if that is JSON again.
    Text,
    /// Text, whatever it looks like.
    Plain,
    /// A text with a `'` in front that keeps spreadsheets from running it: the text without.
    Unguarded,
    /// A JSON text that holds JSON: that JSON.
    JsonText,
    /// Sixteen bytes: a UUID as text, with dashes.
    Uuid,
    /// Sixteen bytes as .NET keeps a GUID, its first three groups reversed: as text, with dashes.
    Guid,
}

/// How a payload is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presentation {
    /// `{"_type_": …, "_data_": x}` is shown as `x`, at any depth.
    TypedValues,
    /// `{"Type": {…}}` is shown as the inner value, a bare `"Type"` as `{}`.
    Tagged,
}

/// How the category follows from what the role `category` reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CategoryRule {
    /// As it stands.
    #[default]
    Plain,
    /// The class of a topic such as `module:Class.Event`.
    ClassOfTopic,
}

impl CategoryRule {
    /// The category that it makes of what stands in the column.
    pub fn apply(self, text: &[u8]) -> &[u8] {
        match self {
            Self::Plain => text,
            Self::ClassOfTopic => {
                let start = memchr::memrchr(b':', text).map_or(0, |at| at + 1);
                let path = text.get(start..).unwrap_or_default();
                memchr::memrchr(b'.', path)
                    .and_then(|end| path.get(..end))
                    .unwrap_or_default()
            }
        }
    }
}

/// A table that must be there with these columns, or the keys of each JSON object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The table; not used for logs. A `*` in it fits any text, the same in all names of the format.
    #[serde(default)]
    pub table: String,
    /// Columns or keys that must be there; in logs of JSON also places inside them, as `key/inner`.
    pub columns: Vec<String>,
    /// Further columns or keys that may be there; where given, no others may.
    #[serde(default)]
    pub only: Option<Vec<String>>,
}

/// A table in which the store saved states.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotTable {
    /// The table.
    pub table: String,
    /// The column of the stream, or another [`Field`]; the first that holds something. Columns of
    /// tables that the format joins may be named where this table has what they are joined by.
    pub stream: Fields,
    /// The column of the stream's category, where streams are keyed by it.
    #[serde(default)]
    pub category: Option<Field>,
    /// The column of the version after which the state was saved.
    pub version: Field,
    /// Whether that column holds the version of the event that follows instead.
    #[serde(default)]
    pub version_is_next: bool,
    /// The column of the state itself.
    #[serde(default)]
    pub state: Option<Field>,
}

/// Rows as text with the events expected of them; a test reads them all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// SQL that makes the store.
    #[serde(default)]
    pub sql: String,
    /// The log itself.
    #[serde(default)]
    pub text: String,
    /// The events in the exchange format, one a line; only the fields given are compared.
    pub events: String,
    /// How many saved states there are.
    #[serde(default)]
    pub snapshots: u64,
    /// Who reads along, each as `name at position`, with `, n behind` where that can be said; not
    /// compared where none is given.
    #[serde(default)]
    pub consumers: Vec<String>,
}

/// How a store is laid out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreFormat {
    /// A stable id such as `emmett/sqlite`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Which container it is for.
    pub container: ContainerKind,
    /// What tells it from others: all must be there.
    #[serde(default)]
    pub signature: Vec<Signature>,
    /// The table with the events; not used for logs. One `*` stands for what the application chose:
    /// all tables that fit are read as one history.
    #[serde(default)]
    pub table: String,
    /// Which rows of the table are events, where not all are: columns with what they hold.
    #[serde(default)]
    pub only: BTreeMap<String, toml::Value>,
    /// Tables that hold a part of what is known of an event.
    #[serde(default)]
    pub join: Vec<Join>,
    /// Where one row holds several events.
    #[serde(default)]
    pub items: Option<Items>,
    /// Where each role is read.
    pub roles: BTreeMap<Role, Fields>,
    /// What the category follows by.
    #[serde(default)]
    pub category_rule: CategoryRule,
    /// Whether a stream is known by category and name together.
    #[serde(default)]
    pub keyed_by_category: bool,
    /// The column or key that says whether the store takes the payload for JSON.
    #[serde(default)]
    pub json_flag: Option<String>,
    /// The column or key that holds an object of all that the record has beyond the roles, as in the
    /// forms that Annals writes itself; where it is given, no other column is shown as such.
    #[serde(default)]
    pub extra: Option<String>,
    /// What is put behind a stream's name so that it is unique: branches, tenants.
    #[serde(default)]
    pub qualify: Vec<Qualifier>,
    /// Whether the category is the table's name, without `Events` at its end.
    #[serde(default)]
    pub category_is_table: bool,
    /// Whether streams of equal names in different tables are different streams, such as those of
    /// two applications.
    #[serde(default)]
    pub streams_per_table: bool,
    /// Whether an event without a version is counted on in its stream, from 0, as where a store numbers
    /// only the streams that its application asks it to.
    #[serde(default)]
    pub counts_missing_versions: bool,
    /// Whether rows are ordered by the column of `position` and not as they lie in the table.
    #[serde(default)]
    pub order_by_position: bool,
    /// Whether the rows lie in no order of the whole history: then time orders streams among each other.
    #[serde(default)]
    pub order_by_time: bool,
    /// What numbers in `time` and `occurred` count; by magnitude where it is not said.
    #[serde(default = "auto")]
    pub time_unit: Unit,
    /// Whether times without a zone are known to be UTC.
    #[serde(default)]
    pub times_are_utc: bool,
    /// Steps from stored to readable bytes, by column or key.
    #[serde(default)]
    pub decode: BTreeMap<String, Vec<Decode>>,
    /// How payloads are shown.
    #[serde(default)]
    pub present: Vec<Presentation>,
    /// Members of the payload that are not shown: what the store repeats or adds there.
    #[serde(default)]
    pub without: Vec<String>,
    /// What becomes the payload, or the metadata, where no column holds it.
    #[serde(default)]
    pub rest: Option<Rest>,
    /// Tables with saved states.
    #[serde(default)]
    pub snapshots: Vec<SnapshotTable>,
    /// Types of events that are saved states.
    #[serde(default)]
    pub snapshot_types: Vec<String>,
    /// Tables with the positions of those who read the history.
    #[serde(default)]
    pub consumers: Vec<ConsumerTable>,
    /// What a causation id names.
    #[serde(default)]
    pub causation_names: CausationNames,
    /// How events are bound to one another by hashes, where the store does that.
    #[serde(default)]
    pub seal: Option<SealPlan>,
    /// Samples that the format is tested with.
    #[serde(default)]
    pub sample: Vec<Sample>,
    /// The schemas that payloads are read by; given by the user.
    #[serde(skip)]
    pub schemas: Option<Arc<Schemas>>,
}

/// A unit of time with a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Unit(pub TimeUnit);

impl Default for Unit {
    fn default() -> Self {
        auto()
    }
}

fn auto() -> Unit {
    Unit(TimeUnit::Auto)
}

impl StoreFormat {
    /// Which column or key plays which role, as shown.
    pub fn mapping(&self) -> Vec<(String, String)> {
        let shown = |role: &Role| {
            let fields = self.roles.get(role)?;
            let texts: Vec<String> = fields.0.iter().map(Field::to_string).collect();
            Some((role.name().to_owned(), texts.join(" or ")))
        };
        Role::ALL.iter().filter_map(shown).collect()
    }

    /// The mapping on one line, as `stream = "a", type = "b"`, or `nothing`.
    pub fn mapping_line(&self) -> String {
        let roles = self.mapping().into_iter();
        let said: Vec<String> = roles
            .map(|(role, field)| format!("{role} = \"{field}\""))
            .collect();
        if said.is_empty() {
            "nothing".to_owned()
        } else {
            said.join(", ")
        }
    }

    /// The fields of a role; none where it is not read.
    pub fn fields(&self, role: Role) -> &[Field] {
        self.roles.get(&role).map_or(&[], |fields| &fields.0)
    }

    /// Whether anything of an event is read from a column or key.
    pub fn reads(&self, name: &str) -> bool {
        let same = |column: &str| column.eq_ignore_ascii_case(name);
        let rest = self
            .rest
            .iter()
            .flat_map(|rest| rest.data.iter().chain(&rest.metadata));
        let fields = self.roles.values().flat_map(|fields| &fields.0);
        fields.flat_map(Field::columns).any(same)
            || rest.map(String::as_str).any(same)
            || self.qualify.iter().any(|one| same(&one.column))
            || self.items.as_ref().is_some_and(|items| same(&items.column))
            || self.json_flag.as_deref().is_some_and(same)
            || self.extra.as_deref().is_some_and(same)
    }

    /// Replaces what the user maps by hand.
    pub fn apply(&mut self, mapping: &MappingOverride) {
        if let Some(table) = &mapping.table {
            self.table.clone_from(table);
        }
        for (role, fields) in &mapping.roles {
            let before = self.roles.insert(*role, fields.clone());
            // A position chosen by hand orders the rows.
            if *role == Role::Position && before.as_ref() != Some(fields) {
                self.order_by_position = !fields.0.is_empty();
            }
            // The rule was for the column that the schema names.
            if *role == Role::Category && before.as_ref() != Some(fields) {
                self.category_rule = CategoryRule::Plain;
            }
        }
        self.roles.retain(|_, fields| !fields.0.is_empty());
        self.decode.extend(mapping.decode.clone());
        if let Some(keyed) = mapping.keyed_by_category {
            self.keyed_by_category = keyed;
        }
        if let Some(unit) = mapping.time_unit {
            self.time_unit = unit;
        }
    }
}

/// A user's own mapping; what it names replaces what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingOverride {
    /// The table with the events.
    #[serde(default)]
    pub table: Option<String>,
    /// Where roles are read.
    #[serde(default)]
    pub roles: BTreeMap<Role, Fields>,
    /// Steps from stored to readable bytes, by column or key.
    #[serde(default)]
    pub decode: BTreeMap<String, Vec<Decode>>,
    /// Whether a stream is known by category and name together.
    #[serde(default)]
    pub keyed_by_category: Option<bool>,
    /// What numbers in `time` count.
    #[serde(default)]
    pub time_unit: Option<Unit>,
    /// Files of schemas that payloads are read by: descriptor sets of Protobuf, schemas of Avro.
    #[serde(default)]
    pub schemas: Vec<PathBuf>,
    /// For event types the message or record that they carry, where its name is another.
    #[serde(default)]
    pub messages: BTreeMap<String, String>,
}

impl MappingOverride {
    /// Reads a mapping from TOML; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_of_a_topic_is_its_category() {
        let class = |topic: &'static str| CategoryRule::ClassOfTopic.apply(topic.as_bytes());
        assert_eq!(class("domain.bank:BankAccount.Opened"), b"BankAccount");
        assert_eq!(class("m:Outer.Inner.Done"), b"Outer.Inner");
        assert_eq!(class("m:Done"), b"");
    }
}
