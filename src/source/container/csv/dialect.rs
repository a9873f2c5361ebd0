//! Finds out how a text is split into fields, and whether its first row names them.

use std::collections::HashSet;

use super::split::{Dialect, Extent, Flaw, Span};
use crate::event::TimeUnit;
use crate::event::json::scan;
use crate::source::cell::Cell;
use crate::source::format::Role;
use crate::source::synonyms::{normalized, sureness};

/// What may stand between two fields, the usual first.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', 0x1f, 0x01];
/// How many records are looked at.
const N_LOOKED_AT: usize = 100;
/// Of how many records one may have another number of fields than the first has.
const CONSISTENT: f64 = 0.8;
/// The longest name of a column.
const MAX_NAME: usize = 128;

/// Where the records of a text begin, and how they are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct Layout {
    pub(super) dialect: Dialect,
    /// Where the first record begins, the one with the names included.
    pub(super) start: usize,
    /// The number of its line.
    pub(super) line: i64,
}

/// How a text that begins with `head` is split; `None` where it does not look like a table at all.
///
/// It does where its records have the same number of fields by one of the usual delimiters, or where
/// the first of them names what an event needs.
pub(in crate::source) fn layout_of(head: &[u8], is_whole: bool) -> Option<Layout> {
    let mut start = if head.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let mut line = 1;
    let text = head.get(start..).unwrap_or_default();
    let (said, skipped) = said_delimiter(text);
    start += skipped;
    line += i64::from(skipped > 0);
    let mut text = head.get(start..).unwrap_or_default();
    while let Some(len) = blank_line(text) {
        start += len;
        line += 1;
        text = head.get(start..).unwrap_or_default();
    }
    if has_control_bytes(text) {
        return None;
    }
    let is_escaping = memchr::memmem::find(text, b"\\\"").is_some();
    let backslashes: &[bool] = if is_escaping {
        &[false, true]
    } else {
        &[false]
    };
    let mut best: Option<(f64, Dialect)> = None;
    for delimiter in DELIMITERS {
        for has_backslash in backslashes {
            let dialect = Dialect {
                delimiter,
                has_backslash: *has_backslash,
            };
            let bonus = if said == Some(delimiter) { 1.0 } else { 0.0 };
            if let Some(score) = score(dialect, text, is_whole)
                && best.is_none_or(|(least, _)| score + bonus > least)
            {
                best = Some((score + bonus, dialect));
            }
        }
    }
    best.map(|(_, dialect)| Layout {
        dialect,
        start,
        line,
    })
}

/// The delimiter that a first line such as `sep=;` names, which spreadsheets write, and its length.
fn said_delimiter(text: &[u8]) -> (Option<u8>, usize) {
    match text {
        [b's', b'e', b'p', b'=', delimiter, b'\r', b'\n', ..] => (Some(*delimiter), 7),
        [b's', b'e', b'p', b'=', delimiter, b'\n', ..] => (Some(*delimiter), 6),
        _ => (None, 0),
    }
}

fn blank_line(text: &[u8]) -> Option<usize> {
    match text {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// More control bytes than a damaged text has.
fn has_control_bytes(text: &[u8]) -> bool {
    let is_control = |byte: &&u8| {
        **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r') && !DELIMITERS.contains(byte)
    };
    text.iter().filter(is_control).count() > text.len() / 50
}

/// How well a text is split by a dialect; `None` where it is not.
fn score(dialect: Dialect, text: &[u8], is_whole: bool) -> Option<f64> {
    let (mut n_records, mut n_agreeing, mut n_broken) = (0_u32, 0_u32, 0_u32);
    let (mut n_columns, mut is_named) = (0, false);
    each_record(dialect, text, is_whole, &mut |record, spans, extent| {
        if n_records == 0 {
            n_columns = spans.len();
            is_named = names_an_event(dialect, record, spans);
        }
        n_records += 1;
        n_agreeing += u32::from(spans.len() == n_columns);
        n_broken += u32::from(extent.flaw.is_some());
    });
    if n_columns < 2 {
        return None;
    }
    let part = |count: u32| f64::from(count) / f64::from(n_records.max(1));
    let is_consistent = n_records >= 2 && part(n_agreeing) >= CONSISTENT;
    let width = n_columns.min(50) as f64 * 0.001;
    let named = if is_named { 0.5 } else { 0.0 };
    (is_named || is_consistent).then(|| part(n_agreeing) - part(n_broken) * 0.5 + width + named)
}

/// Takes a record, its fields and how far it goes.
type Each<'e> = dyn FnMut(&[u8], &[Span], Extent) + 'e;

/// Hands over the first records that are not blank; the last one only where it is there as a whole.
fn each_record(dialect: Dialect, text: &[u8], is_whole: bool, each: &mut Each<'_>) {
    let (mut rest, mut spans, mut n_records) = (text, Vec::new(), 0);
    while !rest.is_empty() && n_records < N_LOOKED_AT {
        let Some(extent) = dialect.split(rest, is_whole, &mut spans) else {
            // Quotes that are open up to the end of the head spoil no more than their record.
            return;
        };
        if extent.len > 0 {
            each(rest, &spans, extent);
            n_records += 1;
        }
        rest = rest.get(extent.next..).unwrap_or_default();
    }
}

/// Whether a record names columns for what an event must have: a stream and a type.
fn names_an_event(dialect: Dialect, record: &[u8], spans: &[Span]) -> bool {
    let names: Vec<String> = spans
        .iter()
        .map(|span| normalized(&String::from_utf8_lossy(&dialect.value(record, *span))))
        .collect();
    let at = |role| names.iter().position(|name| sureness(role, name) > 0.3);
    matches!((at(Role::Stream), at(Role::Type)), (Some(stream), Some(kind)) if stream != kind)
}

/// Whether the first of these rows names the columns and is no record itself.
pub(super) fn is_header(rows: &[Vec<Option<Vec<u8>>>]) -> bool {
    let Some((first, others)) = rows.split_first() else {
        return false;
    };
    let names: Vec<&[u8]> = first.iter().flatten().map(Vec::as_slice).collect();
    let is_known = |name: &[u8]| {
        let name = normalized(&String::from_utf8_lossy(name));
        Role::ALL.iter().any(|role| sureness(*role, &name) > 0.5)
    };
    // One name may be missing, as that of a row number is.
    let is_plausible = names.iter().all(|name| is_name(name)) && names.len() + 1 >= first.len();
    let distinct: HashSet<&[u8]> = names.iter().copied().collect();
    let repeats = |at: usize, name: &Option<Vec<u8>>| {
        name.is_some() && others.iter().any(|row| row.get(at) == Some(name))
    };
    let is_repeated = || {
        let mut fields = first.iter().enumerate();
        distinct.len() < names.len() || fields.any(|(at, name)| repeats(at, name))
    };
    let n_known = names.iter().filter(|name| is_known(name)).count();
    is_plausible && (n_known >= 2 || !is_repeated())
}

/// Whether a text may be a column's name: no number, no time, no JSON, nothing long.
fn is_name(text: &[u8]) -> bool {
    let cell = Cell::Text(text);
    let is_number =
        || std::str::from_utf8(text).is_ok_and(|text| text.trim().parse::<f64>().is_ok());
    !text.is_empty()
        && text.len() <= MAX_NAME
        && !matches!(text.first(), Some(b'{' | b'['))
        && cell.time(TimeUnit::Auto).is_err()
        && !is_number()
        && !scan::is_json(text)
        && !text.contains(&b'\n')
}

/// Whether the quotes of a record are beyond mending.
pub(super) fn is_lost(extent: Extent) -> bool {
    matches!(extent.flaw, Some(Flaw::Broken | Flaw::Unclosed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_split_by(text: &str, delimiter: u8, has_backslash: bool) {
        let layout = layout_of(text.as_bytes(), true).unwrap();
        let found = (layout.dialect.delimiter, layout.dialect.has_backslash);
        assert_eq!(found, (delimiter, has_backslash), "{text}");
    }

    #[test]
    fn the_delimiter_is_the_one_by_which_all_records_have_as_many_fields() {
        is_split_by("a,b\n1,2\n", b',', false);
        is_split_by("a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n", b';', false);
        is_split_by("a\tb\n\"x,\ty\"\t1\n", b'\t', false);
        is_split_by("a|b\n{\"x\":1,\"y\":2}|3\n", b'|', false);
        is_split_by("sep=;\r\na;b,c\r\n1;2,3\r\n", b';', false);
        is_split_by("stream;type\nonly one\n", b';', false);
    }

    #[test]
    fn quotes_are_escaped_by_a_backslash_only_where_that_leaves_fewer_broken() {
        is_split_by("a,b\n1,\"{\\\"x\\\":1,\\\"y\\\":2}\"\n", b',', true);
        is_split_by("a,b\n1,\"say \\\"hi\\\"\"\n", b',', true);
        is_split_by(
            "a,b\n1,\"{\"\"x\"\":\"\"say \\\"\"hi\\\"\" , now\"\"}\"\n",
            b',',
            false,
        );
    }

    #[test]
    fn what_is_no_table_is_left_alone() {
        for text in [
            "INFO started\nWARN, well, this\nINFO done\n",
            "one line, and no more",
            "-- a dump\nINSERT INTO t VALUES (1,2);\nINSERT INTO t VALUES (1,2,3);\n",
            "a\u{0},\u{0}b\n\u{0}\u{0},\u{0}\n",
            "",
        ] {
            assert_eq!(layout_of(text.as_bytes(), true), None, "{text}");
        }
    }

    #[test]
    fn a_first_row_of_data_names_nothing() {
        let row = |text: &str| -> Vec<Option<Vec<u8>>> {
            text.split(',')
                .map(|field| (!field.is_empty()).then(|| field.as_bytes().to_vec()))
                .collect()
        };
        for (first, second, expected) in [
            ("stream,type,time", "order-1,Placed,2024-01-01", true),
            (",name,sum", "0,x,1.5", true),
            (
                "order-1,Placed,2024-01-01",
                "order-2,Paid,2024-01-02",
                false,
            ),
            ("order-1,Placed,x", "order-1,Paid,y", false),
            ("1,2,3", "4,5,6", false),
        ] {
            assert_eq!(is_header(&[row(first), row(second)]), expected, "{first}");
        }
    }
}
