//! Parts of an export: which events go into which file of a folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::error::Error;
use crate::event::{Position, Zone};
use crate::history::EventLog;

/// The most parts that a folder has.
const MAX_PARTS: usize = 4096;

/// What the parts of an export are made by. A part is a folder named as Hive names it, such as
/// `month=2024-03`, which DuckDB, Spark and pandas know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartitionBy {
    /// The month in which events were recorded, on the clock of the zone.
    Month,
    /// The category of their streams.
    Category,
}

/// The name under which Hive keeps what has no value.
const NONE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The events of each part, by the name of its folder.
pub(super) fn parts(
    log: &EventLog,
    positions: &[u32],
    by: PartitionBy,
    zone: Zone,
) -> Result<BTreeMap<String, Vec<u32>>, Error> {
    let mut parts: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for at in positions {
        let name = name_of(log, Position(*at), by, zone);
        if let Some(part) = parts.get_mut(&name) {
            part.push(*at);
        } else {
            parts.insert(name, vec![*at]);
        }
    }
    if parts.len() > MAX_PARTS {
        return Err(Error::ManyParts(parts.len(), MAX_PARTS));
    }
    Ok(parts)
}

fn name_of(log: &EventLog, position: Position, by: PartitionBy, zone: Zone) -> String {
    match by {
        PartitionBy::Month => match log.time(position) {
            Some(time) => {
                let (year, month, _, _) = zone.wall(time).civil();
                format!("month={year:04}-{month:02}")
            }
            None => format!("month={NONE}"),
        },
        PartitionBy::Category => {
            let category = log.category_of(log.stream(position));
            let shown = if category.is_empty() { NONE } else { category };
            format!("category={}", escaped(shown))
        }
    }
}

/// A name that every file system takes: what is no letter, digit or `-_.` as `%XX`, and of very long
/// ones the beginning with a number that tells them apart.
fn escaped(name: &str) -> String {
    const MOST: usize = 180;
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").ok();
        }
    }
    if text.len() > MOST {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(name.as_bytes());
        text.truncate(MOST);
        for byte in hash.iter().take(8) {
            write!(text, "{byte:02X}").ok();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_category_leaves_its_folder() {
        assert_eq!(escaped("order"), "order");
        assert_eq!(escaped("../etc"), "..%2Fetc");
        assert_eq!(escaped("a b/ü"), "a%20b%2F%C3%BC");
        let long = escaped(&"x".repeat(500));
        assert_eq!(long.len(), 196);
        assert_ne!(long, escaped(&"x".repeat(501)));
    }
}
