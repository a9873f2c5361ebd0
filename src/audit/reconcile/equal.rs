//! When a value of a state and one of a table say the same.

use crate::event::json::{Json, parse};
use crate::event::{Decimal, Timestamp};

/// Whether the value of a state, as JSON text, is what a table says; both may be absent.
pub(super) fn says_the_same(state: Option<&str>, table: Option<&str>) -> bool {
    let state = state.map(|text| parse(text.as_bytes()));
    match (state, table) {
        (None | Some(Ok(Json::Null)), table) => table.is_none_or(str::is_empty),
        // An empty text and nothing at all are one in most tables.
        (Some(Ok(Json::Text(text))), None) => text.is_empty(),
        (Some(Ok(value)), Some(table)) => is(&value, table),
        (Some(Ok(_) | Err(_)), _) => false,
    }
}

fn is(value: &Json, table: &str) -> bool {
    match value {
        Json::Null => table.is_empty(),
        Json::Bool(is_true) => {
            let words = if *is_true {
                ["true", "1", "t", "yes"]
            } else {
                ["false", "0", "f", "no"]
            };
            words.iter().any(|word| table.eq_ignore_ascii_case(word))
        }
        Json::Number(digits) => **digits == *table || same_number(digits, table),
        Json::Text(text) => {
            **text == *table || same_number(text, table) || same_moment(text, table)
        }
        Json::Array(_) | Json::Object(_) => {
            parse(table.as_bytes()).is_ok_and(|other| other == *value)
        }
    }
}

fn same_number(a: &str, b: &str) -> bool {
    let number = |text: &str| Decimal::parse(text.trim().trim_start_matches('+'));
    matches!((number(a), number(b)), (Some(a), Some(b)) if a == b)
}

fn same_moment(a: &str, b: &str) -> bool {
    let moment = |text: &str| {
        let is_time = text.len() >= 16 && text.contains(':') && text.contains('-');
        is_time.then(|| Timestamp::parse(text)).flatten()
    };
    matches!((moment(a), moment(b)), (Some(a), Some(b)) if a.time == b.time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_held_against_each_other_by_meaning() {
        let same = |state, table| says_the_same(Some(state), Some(table));
        assert!(same("12.50", "12.5") && same("\"12.50\"", "12.5") && !same("12.50", "12.51"));
        assert!(same("12345678901234567890.10", "12345678901234567890.1"));
        assert!(!same("12345678901234567890.10", "12345678901234567891"));
        assert!(same("true", "1") && same("false", "F") && !same("true", "0"));
        assert!(same("\"Paid\"", "Paid") && !same("\"Paid\"", "paid"));
        assert!(same("\"2024-03-01T08:00:00Z\"", "2024-03-01 08:00:00"));
        assert!(same("{\"a\":1.0,\"b\":2}", "{\"b\":2,\"a\":1}"));
        assert!(says_the_same(None, None) && says_the_same(Some("null"), None));
        assert!(says_the_same(None, Some("")) && !says_the_same(None, Some("0")));
        assert!(!says_the_same(Some("0"), None));
    }
}
