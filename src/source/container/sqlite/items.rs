//! Rows that hold several events each: a commit with an array of them.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::scan::{Plan, Scratch};
use crate::event::Place;
use crate::event::json::scan;
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::container::{Item, Sink};
use crate::source::format::{Decode, StoreFormat};
use crate::source::payload::decoded;

/// The name of the column that stands for one of a row's events.
pub(super) const ITEM: &str = "item";
/// The name of the column that stands for its number in the row, from 0.
pub(super) const ITEM_INDEX: &str = "item_index";

/// Where the events of a row are found, and where they are put.
#[derive(Clone, Debug)]
pub(super) struct ItemPlan {
    column: usize,
    item: Option<usize>,
    index: Option<usize>,
    decode: Vec<Decode>,
    version_is_last: bool,
}

impl ItemPlan {
    /// The plan for a format whose rows hold several events; binds the column that they are in.
    pub(super) fn new(format: &StoreFormat, bound: &mut Bound) -> Option<Self> {
        let items = format.items.as_ref()?;
        let column = bound.column(&items.column);
        let find = |name: &str| bound.columns.iter().position(|known| known == name);
        Some(Self {
            column,
            item: find(ITEM),
            index: find(ITEM_INDEX),
            decode: format
                .decode
                .get(&items.column)
                .cloned()
                .unwrap_or_default(),
            version_is_last: items.version_is_last,
        })
    }

    /// What the columns hold for one of the row's events.
    fn cell<'r>(&self, column: usize, own: Cell<'r>, item: &'r [u8], index: u16) -> Cell<'r> {
        if Some(column) == self.item {
            Cell::Json(item)
        } else if Some(column) == self.index {
            Cell::Int(i64::from(index))
        } else {
            own
        }
    }

    /// Reads one event of a row; `None` where the row has not so many.
    pub(super) fn with_item<'r, T>(
        &self,
        get: impl Fn(usize) -> Cell<'r>,
        index: u16,
        read: impl for<'x> FnOnce(&'x dyn Fn(usize) -> Cell<'x>) -> T,
    ) -> Option<T> {
        let cell = get(self.column);
        let inner = decoded(cell, &self.decode, false);
        let items = elements(inner.as_deref().or_else(|| cell.bytes())?)?;
        let item = json_of(items.get(usize::from(index))?);
        Some(read(&|column| self.cell(column, get(column), &item, index)))
    }

    /// Hands over all events of a row; the count is of those and of what was lost.
    pub(super) fn hand_over<'r>(
        &self,
        plan: &Plan<'_>,
        get: impl Fn(usize) -> Cell<'r>,
        id: i64,
        scratch: &mut Scratch,
        sink: &mut Sink<'_>,
    ) -> (u64, ControlFlow<()>) {
        let cell = get(self.column);
        let inner = decoded(cell, &self.decode, false);
        let items = inner.as_deref().or_else(|| cell.bytes()).and_then(elements);
        let Some(items) = items else {
            let message = "the row holds no JSON array of events";
            let text = inner
                .as_deref()
                .or_else(|| cell.bytes())
                .unwrap_or_default();
            let lost = Item::lost("unreadable-commit", id, message).with_excerpt(text);
            return (1, sink(lost));
        };
        let first_version = self.first_version(plan, &get, items.len());
        for (n, item) in items.iter().enumerate() {
            let Ok(index) = u16::try_from(n) else {
                let n_lost = (items.len() - n) as u64;
                let message = format!("a row may hold 65,536 events; {n_lost} more were left out");
                let lost = Item::LostMany {
                    n_records: n_lost,
                    kind: "too-many-in-a-row",
                    place: plan.part.names().name(id),
                    message,
                };
                return (items.len() as u64, sink(lost));
            };
            let place = Place {
                at: id,
                part: plan.number,
                item: index,
            };
            let item = json_of(item);
            let version = first_version.and_then(|first| first.checked_add(i64::from(index)));
            let get = |column| self.cell(column, get(column), &item, index);
            if plan.one(&get, id, place, version, scratch, sink).is_break() {
                return (n as u64, ControlFlow::Break(()));
            }
        }
        (items.len() as u64, ControlFlow::Continue(()))
    }

    fn first_version<'r>(
        &self,
        plan: &Plan<'_>,
        get: &impl Fn(usize) -> Cell<'r>,
        n_items: usize,
    ) -> Option<i64> {
        let mut scratch = Vec::new();
        let version = plan.read(2, get, &mut scratch).version().ok()??.0;
        if self.version_is_last {
            version
                .checked_sub(i64::try_from(n_items).ok()?)?
                .checked_add(1)
        } else {
            Some(version)
        }
    }
}

/// The raw elements of a JSON array; `None` where the text is none.
fn elements(text: &[u8]) -> Option<Vec<&[u8]>> {
    // .NET's writers put a mark of byte order before their JSON.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if !scan::is_json(text) {
        return None;
    }
    let mut rest = text
        .trim_ascii_start()
        .strip_prefix(b"[")?
        .trim_ascii_start();
    let mut found = Vec::new();
    while !rest.starts_with(b"]") {
        let end = scan::value_end(rest, 0).ok()?;
        found.push(rest.get(..end)?.trim_ascii());
        rest = rest.get(end..)?.trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    }
    Some(found)
}

/// An element as JSON: what stands in a text is unpacked.
fn json_of(element: &[u8]) -> Cow<'_, [u8]> {
    match scan::string_text(element) {
        Some(text) if scan::is_json(text.as_bytes()) => Cow::Owned(text.into_owned().into_bytes()),
        _ => Cow::Borrowed(element),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_of_an_array_are_found_and_texts_in_it_unpacked() {
        let found = elements(br#" [ {"a":[1,2]} , "{\"b\":3}",4]"#).expect("an array");
        let texts: Vec<Cow<'_, [u8]>> = found.into_iter().map(json_of).collect();
        assert_eq!(texts, [&b"{\"a\":[1,2]}"[..], b"{\"b\":3}", b"4"]);
        assert_eq!(elements(b"[]"), Some(Vec::new()));
        assert_eq!(elements(b"\xef\xbb\xbf[1]"), Some(vec![&b"1"[..]]));
        assert_eq!(elements(b"{}"), None);
        assert_eq!(elements(b"[1,"), None);
    }
}
