//! Looks at the stored bytes of data and metadata of neighbouring rows, without making events of them.
//!
//! Only where a format presents a column as it stands; everything else is left to be read.

use super::part::RowKey;
use super::query::{self, Extent};
use super::reader::{RowReader, is_dense};
use super::store::lock;
use crate::event::{Glance, Place};
use crate::source::bound::Bound;
use crate::source::format::Role;
use rusqlite::types::ValueRef;

/// Hands over what is stored in rows that lie close to each other; `false` where that cannot be done.
pub(super) fn glance(
    reader: &RowReader,
    places: &[Place],
    each: &mut dyn FnMut(usize, Glance<'_>),
) -> bool {
    let format = &reader.part.format;
    let RowKey::RowId(key) = &reader.part.key else {
        return false;
    };
    let bound = Bound::new(format, &[Role::Data, Role::Metadata]);
    let is_plain = |role: &Role| !bound.has(*role) || bound.plain_column(*role).is_some();
    let is_as_stored =
        format.present.is_empty() && format.without.is_empty() && format.schemas.is_none();
    let is_whole = format.items.is_none() && format.rest.is_none() && format.join.is_empty();
    let are_plain = [Role::Data, Role::Metadata].iter().all(is_plain);
    is_dense(places)
        && is_as_stored
        && is_whole
        && are_plain
        && walk(reader, key, (&bound, places), each).unwrap_or(false)
}

fn walk(
    reader: &RowReader,
    key: &str,
    (bound, places): (&Bound, &[Place]),
    each: &mut dyn FnMut(usize, Glance<'_>),
) -> Option<bool> {
    let (first, last) = (places.first()?, places.last()?);
    let mut selected = vec![format!("e.{key}")];
    selected.extend(query::columns(&reader.part, &bound.columns));
    let from = query::from(&reader.part, &bound.columns, Extent::One, "");
    let sql = format!(
        "SELECT {} {from} WHERE e.{key} BETWEEN ?1 AND ?2 ORDER BY e.{key}",
        selected.join(",")
    );
    let columns = [Role::Data, Role::Metadata].map(|role| bound.plain_column(role));
    let connection = lock(&reader.connection);
    let mut statement = connection.prepare_cached(&sql).ok()?;
    let mut rows = statement.query([first.at, last.at]).ok()?;
    let mut waiting = places.iter().enumerate().peekable();
    while waiting.peek().is_some() {
        let Some(row) = rows.next().ok()? else {
            break;
        };
        let at: i64 = row.get(0).ok()?;
        // What is not there any more must be read to be told so.
        while let Some((n, _)) = waiting.next_if(|(_, place)| place.at < at) {
            each(n, Glance::Unknown);
        }
        let mut texts: [&[u8]; 2] = [&[], &[]];
        let mut is_known = true;
        for (text, column) in texts.iter_mut().zip(columns) {
            let value = column.map_or(Some(ValueRef::Null), |column| row.get_ref(column + 1).ok());
            match value {
                Some(ValueRef::Null) => {}
                Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => *text = bytes,
                _ => is_known = false,
            }
        }
        while let Some((n, _)) = waiting.next_if(|(_, place)| place.at == at) {
            let known = Glance::Texts(texts);
            each(n, if is_known { known } else { Glance::Unknown });
        }
    }
    waiting.for_each(|(n, _)| each(n, Glance::Unknown));
    Some(true)
}
