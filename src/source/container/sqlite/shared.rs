//! Whether what stands behind a stream's name is needed to tell names apart.

use rusqlite::Connection;

use super::part::Part;
use super::query::{self, Extent};
use crate::source::field::Field;
use crate::source::format::Role;
use crate::source::layout::Qualifier;

/// Drops what need not stand behind the names of a part's streams, where its format asks for that.
///
/// What cannot be found out stays.
pub(super) fn drop_needless_qualifiers(connection: &Connection, part: &mut Part) {
    let qualifiers = part.format.qualify.clone();
    let needed = qualifiers
        .into_iter()
        .filter(|one| !one.if_shared || is_shared(connection, part, one).unwrap_or(true))
        .collect();
    part.format.qualify = needed;
}

/// Whether a name occurs under several values; `None` where it cannot be told.
fn is_shared(connection: &Connection, part: &Part, qualifier: &Qualifier) -> Option<bool> {
    let stream = part.format.fields(Role::Stream).first();
    let names = [
        qualifier.column.clone(),
        stream.and_then(Field::plain)?.to_owned(),
    ];
    let columns = query::columns(part, &names);
    let [value, stream] = columns.as_slice() else {
        return None;
    };
    let ask = |sql: &str| -> Option<bool> { connection.query_row(sql, [], |row| row.get(0)).ok() };
    let own = query::from(part, &names[..1], Extent::All, "");
    if ask(&format!(
        "SELECT min({value}) IS max({value}) AND count({value}) IN (0, count(*)) {own}"
    ))? {
        return Some(false);
    }
    let both = query::from(part, &names, Extent::All, "");
    ask(&format!(
        "SELECT EXISTS (SELECT 1 FROM (SELECT DISTINCT {stream} AS s, {value} AS v {both}) \
         GROUP BY s HAVING count(*) > 1)"
    ))
}
