//! Cells of CSV that no spreadsheet takes for a formula, and back.
//!
//! A spreadsheet runs what begins with `=`, `+`, `-` or `@`, also behind a tab or a line's end. A text
//! that begins so gets one `'` in front, and so does a text that begins with `'`: whoever reads takes
//! one `'` off, and has the text as it was. Numbers such as `-50.00` are no formulas and stay.

use std::borrow::Cow;

/// The characters that a formula may begin with, and the guard itself.
const RISKY: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '\''];

/// The text as it stands in a cell, before quotes.
///
/// ```
/// use annals::export::{guarded, unguarded};
/// assert_eq!(guarded("=1+1"), "'=1+1");
/// assert_eq!(guarded("'tis"), "''tis");
/// assert_eq!(guarded("-50.00"), "-50.00");
/// assert_eq!(unguarded("'=1+1"), "=1+1");
/// ```
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(RISKY) && !is_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that a cell stands for, quotes taken off: one `'` in front is the guard.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// A number as JSON writes it: digits with at most a minus, a fraction and an exponent.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && crate::event::json::scan::is_json(text.as_bytes())
}

/// Writes a cell: guarded, and in quotes where it must be or where an empty text is meant and not
/// nothing.
pub(super) fn write_cell(text: Option<&str>, out: &mut String) {
    let Some(text) = text else {
        return;
    };
    let cell = guarded(text);
    // Two words mean nothing to databases, and to us where they stand without quotes.
    let needs_quotes = ["", "NULL", "\\N"].contains(&cell.as_ref())
        || cell.contains([',', '"', '\n', '\r'])
        || cell.starts_with(' ')
        || cell.ends_with(' ');
    if !needs_quotes {
        out.push_str(&cell);
        return;
    }
    out.push('"');
    for (n, part) in cell.split('"').enumerate() {
        if n > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_run_stays_text() {
        for text in [
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "-",
            "-01",
            "'",
        ] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["-50.00", "-1e5", "0", "plain", "a=b", "{\"a\":-1}"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "(?s)[-=+@'\\t\\r\\n\"0-9a,. ]{0,6}") {
            let safe = guarded(&text);
            prop_assert_eq!(unguarded(&safe), text.as_str());
            let mut line = String::from("x,");
            write_cell(Some(&text), &mut line);
            line.push_str(",y\r\n");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(unguarded(&record[1]), text.as_str());
        }
    }
}
