//! The parts of a format that say how rows lie in a store: joined tables, several events in a row,
//! what tells equal names apart, what becomes the payload, who reads along.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::field::Field;

/// A table that holds a part of what is known of an event; its columns are named `name.column`.
///
/// An event without a row there is an event all the same; of several rows one is taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The table.
    pub table: String,
    /// What its columns are named by; the table's name where it is not given.
    #[serde(default)]
    pub name: Option<String>,
    /// Its columns, each with the column of the events (or of a table joined before) that it equals,
    /// or a text in single quotes, in which a `*` stands for the same as in the events' table.
    /// Columns that are not there are left out.
    pub on: BTreeMap<String, String>,
    /// Columns of which rows that begin so are left out, such as links beside the stream itself.
    #[serde(default)]
    pub skip_prefix: BTreeMap<String, String>,
    /// Where there are several rows, one in which this column holds something is taken; of several of
    /// those, and without it, the first.
    #[serde(default)]
    pub prefer: Option<String>,
}

impl Join {
    /// What its columns are named by.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.table)
    }
}

/// Where one row holds several events. Their fields are read from `item`, their number from
/// `item_index`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The column that holds a JSON array of them; elements that are JSON in a text are unpacked.
    pub column: String,
    /// Whether the row's version is that of its last event; else that of its first.
    #[serde(default)]
    pub version_is_last: bool,
}

/// What is put behind a stream's name, after an `@`, so that it is unique.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualifier {
    /// The column, such as a branch or a tenant.
    pub column: String,
    /// What it holds where the name stands alone; so does NULL.
    #[serde(default)]
    pub plain: Vec<String>,
    /// Whether names stand alone as long as each of them occurs under one value only, as with
    /// tenants that have ids of their own. Costs a walk over the table where it holds several values.
    #[serde(default)]
    pub if_shared: bool,
}

/// What becomes the payload, or the metadata, where no column holds it: an object of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// Columns that make the payload.
    #[serde(default)]
    pub data: Vec<String>,
    /// Columns that make the metadata.
    #[serde(default)]
    pub metadata: Vec<String>,
}

/// A table with the positions of those who read the history: subscriptions, projections, processors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerTable {
    /// The table.
    pub table: String,
    /// The column of the reader's name, or another [`Field`].
    pub name: Field,
    /// The column that says how far it has come.
    pub position: Field,
    /// What that column holds.
    #[serde(default)]
    pub counts: Counts,
    /// Columns with what they hold where that is a place in the whole history; elsewhere it is one in
    /// a single stream, and only shown.
    #[serde(default)]
    pub global_if: BTreeMap<String, String>,
    /// The column that says how it is doing.
    #[serde(default)]
    pub status: Option<Field>,
    /// The column of when that was noted.
    #[serde(default)]
    pub updated: Option<Field>,
}

/// What a consumer's position counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// The store's own positions; it is the last one handled.
    #[default]
    Position,
    /// The store's own positions; it is the next one to be handled.
    Next,
    /// Ids of events.
    Id,
    /// Something else, shown as it stands.
    Opaque,
}

/// A table's name that may hold one `*`.
#[derive(Clone, Copy, Debug)]
pub(super) struct NamePattern<'a>(pub(super) &'a str);

impl NamePattern<'_> {
    /// What the `*` stands for in a name that fits; nothing where the pattern has none.
    pub(super) fn captured<'n>(&self, name: &'n str) -> Option<&'n str> {
        let Some((before, after)) = self.0.split_once('*') else {
            return name.eq_ignore_ascii_case(self.0).then_some("");
        };
        let head = name.get(..before.len())?;
        let rest = name.get(before.len()..)?;
        let (inner, tail) = rest.split_at_checked(rest.len().checked_sub(after.len())?)?;
        (head.eq_ignore_ascii_case(before) && tail.eq_ignore_ascii_case(after)).then_some(inner)
    }

    /// The name with the `*` filled in.
    pub(super) fn filled(&self, captured: &str) -> String {
        self.0.replacen('*', captured, 1)
    }
}

/// The category that a table's name stands for: the name without `Events` or `_events` at its end.
pub(super) fn category_of_table(name: &str) -> &str {
    let ends = ["_events", "Events", "_event", "Event"];
    ends.iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_what_the_application_chose() {
        let pattern = NamePattern("*_events");
        assert_eq!(pattern.captured("dogschool_events"), Some("dogschool"));
        assert_eq!(pattern.captured("events"), None);
        assert_eq!(
            NamePattern("*_snapshots").filled("dogschool"),
            "dogschool_snapshots"
        );
        assert_eq!(NamePattern("Events").captured("events"), Some(""));
        assert_eq!(NamePattern("*").captured("anything"), Some("anything"));
    }

    #[test]
    fn the_category_of_a_table_is_its_name_without_events() {
        for (table, category) in [
            ("roomEvents", "room"),
            ("order_events", "order"),
            ("events", "events"),
            ("ledger", "ledger"),
        ] {
            assert_eq!(category_of_table(table), category);
        }
    }
}
