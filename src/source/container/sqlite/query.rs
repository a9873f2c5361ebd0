//! The SQL that reads a part: its columns by the names of the format, with the tables joined that they
//! come from. All names are quoted; no text of a user or a file becomes SQL otherwise.

use super::part::{Part, RowKey};
use super::quoted;
use crate::source::layout::Join;

/// For how many rows a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All: joined tables are grouped once.
    All,
    /// One: joined tables are looked into for it.
    One,
}

/// The columns as SQL, in their order; what is no column of a table is NULL.
pub(super) fn columns(part: &Part, names: &[String]) -> Vec<String> {
    names.iter().map(|name| column(part, name)).collect()
}

fn column(part: &Part, name: &str) -> String {
    if let Some(text) = constant(name) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    if part.table.has(name) {
        return format!("e.{}", quoted(name));
    }
    if let Some((join, column)) = joined(part, name) {
        return format!("{}.{}", quoted(join.name()), quoted(column));
    }
    "NULL".to_owned()
}

/// The text that a name in single quotes stands for.
pub(super) fn constant(name: &str) -> Option<&str> {
    name.strip_prefix('\'')?.strip_suffix('\'')
}

/// The join that a name such as `streams.type` belongs to, and its column.
fn joined<'a>(part: &'a Part, name: &'a str) -> Option<(&'a Join, &'a str)> {
    part.format.join.iter().find_map(|join| {
        let column = name.strip_prefix(join.name())?.strip_prefix('.')?;
        Some((join, column))
    })
}

/// `FROM` with all that the columns need; `hint` follows the name of the events' table.
pub(super) fn from(part: &Part, names: &[String], extent: Extent, hint: &str) -> String {
    let mut needed: Vec<&str> = Vec::new();
    for name in names {
        need(part, name, &mut needed);
    }
    let mut sql = format!("FROM main.{} AS e {hint}", quoted(&part.table.name));
    for join in &part.format.join {
        if needed.contains(&join.name()) {
            sql.push_str(&join_sql(part, join, names, extent));
        }
    }
    sql
}

/// Notes the joins that a name needs, those that these depend on included.
fn need<'a>(part: &'a Part, name: &'a str, needed: &mut Vec<&'a str>) {
    let Some((join, _)) = joined(part, name) else {
        return;
    };
    if needed.contains(&join.name()) {
        return;
    }
    needed.push(join.name());
    for other in join.on.values() {
        need(part, other, needed);
    }
}

fn join_sql(part: &Part, join: &Join, names: &[String], extent: Extent) -> String {
    let (table, alias) = (quoted(&join.table), quoted(join.name()));
    let on: Vec<String> = join
        .on
        .iter()
        .map(|(own, other)| format!("{alias}.{} = {}", quoted(own), column(part, other)))
        .collect();
    let on = on.join(" AND ");
    if !part.picks.iter().any(|name| name == join.name()) {
        return format!(" LEFT JOIN main.{table} AS {alias} ON {on}");
    }
    let skipped: Vec<String> = join
        .skip_prefix
        .iter()
        .map(|(name, prefix)| {
            let prefix = prefix.replace('\'', "''");
            let n_chars = prefix.chars().count();
            format!("substr(x.{},1,{n_chars}) IS NOT '{prefix}'", quoted(name))
        })
        .collect();
    let rank = join.prefer.as_ref().map_or_else(
        || "x.rowid".to_owned(),
        |name| format!("((x.{} IS NULL) << 62) + x.rowid", quoted(name)),
    );
    if extent == Extent::One {
        let mut same: Vec<String> = join
            .on
            .iter()
            .map(|(own, other)| format!("x.{} = {}", quoted(own), column(part, other)))
            .collect();
        same.extend(skipped);
        let same = same.join(" AND ");
        return format!(
            " LEFT JOIN main.{table} AS {alias} ON {alias}.rowid = \
             (SELECT x.rowid FROM main.{table} AS x WHERE {same} ORDER BY {rank} LIMIT 1)"
        );
    }
    let filter = if skipped.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", skipped.join(" AND "))
    };
    let keys: Vec<String> = join
        .on
        .keys()
        .map(|name| format!("x.{}", quoted(name)))
        .collect();
    let mut wanted: Vec<String> = keys.clone();
    // What stands beside min() comes from the row that has it.
    for name in names {
        if let Some((owner, column)) = joined(part, name)
            && owner.name() == join.name()
        {
            wanted.push(format!("x.{}", quoted(column)));
        }
    }
    wanted.sort();
    wanted.dedup();
    let (wanted, keys) = (wanted.join(","), keys.join(","));
    format!(
        " LEFT JOIN (SELECT {wanted}, min({rank}) FROM main.{table} AS x{filter} GROUP BY {keys}) AS {alias} ON {on}"
    )
}

/// The condition that makes a row an event, and a further one, as `WHERE …` or nothing.
pub(super) fn filter(part: &Part, further: Option<String>) -> String {
    let conditions: Vec<String> = part
        .format
        .only
        .iter()
        .map(|(name, value)| format!("{} = {}", column(part, name), literal(value)))
        .chain(further)
        .collect();
    if conditions.is_empty() {
        String::new()
    } else {
        format!("WHERE {}", conditions.join(" AND "))
    }
}

fn literal(value: &toml::Value) -> String {
    match value {
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(is) => i32::from(*is).to_string(),
        toml::Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => format!("'{}'", other.to_string().replace('\'', "''")),
    }
}

/// The row's key as SQL, one or more columns.
pub(super) fn key(part: &Part) -> String {
    match &part.key {
        RowKey::RowId(name) => format!("e.{name}"),
        RowKey::Primary(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("e.{key}")).collect();
            keys.join(",")
        }
    }
}
