//! Walks the text of a JSON value and says what stands where, without building anything.
//!
//! The text has been found to be JSON when it was read; where it is none after all, the walk ends early.

use super::model::FieldKind;
use crate::event::json::scan;

/// Down to which depth fields are followed; what lies deeper belongs to the value above it.
pub const MAX_DEPTH: usize = 32;

/// Is told what stands in a value, in the order of its text.
pub(in crate::audit) trait Visit {
    /// The value that comes is that of this key, as written between its quotes.
    fn key(&mut self, key: &[u8]);
    /// A value; `text` is what is written, and empty for lists and objects.
    fn value(&mut self, kind: FieldKind, text: &[u8]);
    /// What comes is inside the list or object that was said last.
    fn enter(&mut self, is_list: bool);
    /// The innermost list or object ends.
    fn leave(&mut self);
}

/// Walks a value; returns whether it came to its end.
pub(in crate::audit) fn walk(text: &[u8], visit: &mut impl Visit) -> bool {
    let mut open: Vec<u8> = Vec::new();
    let (mut at, mut is_key) = (0, false);
    loop {
        let Some(byte) = text.get(at).copied() else {
            return false;
        };
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b':' => at += 1,
            b',' => {
                is_key = open.last() == Some(&b'{');
                at += 1;
            }
            b'{' | b'[' => {
                let is_list = byte == b'[';
                let kind = if is_list {
                    FieldKind::List
                } else {
                    FieldKind::Object
                };
                visit.value(kind, &[]);
                if open.len() < MAX_DEPTH {
                    visit.enter(is_list);
                    open.push(byte);
                    is_key = !is_list;
                    at += 1;
                } else if let Ok(end) = scan::value_end(text, at) {
                    at = end;
                } else {
                    return false;
                }
            }
            b'}' | b']' => {
                open.pop();
                visit.leave();
                is_key = false;
                at += 1;
            }
            b'"' => {
                let Some(end) = string_end(text, at) else {
                    return false;
                };
                if is_key {
                    visit.key(text.get(at + 1..end - 1).unwrap_or_default());
                    is_key = false;
                } else {
                    visit.value(FieldKind::Text, text.get(at..end).unwrap_or_default());
                }
                at = end;
            }
            _ => {
                let end = scalar_end(text, at);
                let kind = match byte {
                    b'n' => FieldKind::Null,
                    b't' | b'f' => FieldKind::Bool,
                    _ => FieldKind::Number,
                };
                visit.value(kind, text.get(at..end).unwrap_or_default());
                at = end;
            }
        }
        if open.is_empty() && !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return true;
        }
    }
}

/// Where the string that begins at `at` ends, its closing quote counted.
fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let found = memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        let found = from + found;
        if text.get(found) == Some(&b'"') {
            return Some(found + 1);
        }
        from = found + 2;
    }
}

/// Where a number or a word ends; always after its first byte.
fn scalar_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at + 1..).unwrap_or_default();
    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
    at + 1 + rest.iter().position(is_end).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Said(String);

    impl Visit for Said {
        fn key(&mut self, key: &[u8]) {
            self.0 += std::str::from_utf8(key).unwrap();
            self.0 += "=";
        }

        fn value(&mut self, kind: FieldKind, text: &[u8]) {
            self.0 += kind.name();
            self.0 += std::str::from_utf8(text).unwrap();
            self.0 += " ";
        }

        fn enter(&mut self, is_list: bool) {
            self.0 += if is_list { "[ " } else { "{ " };
        }

        fn leave(&mut self) {
            self.0 += "} ";
        }
    }

    #[test]
    fn every_value_is_said_with_its_key() {
        let mut said = Said::default();
        let text = br#" {"a" : [1.50, {"b\"":null}, "x\\"], "c":{ } ,"d":true}"#;
        assert!(walk(text, &mut said));
        assert_eq!(
            said.0,
            "object { a=list [ number1.50 object { b\\\"=nullnull } text\"x\\\\\" } \
             c=object { } d=booleantrue } "
        );
        for n in 0..text.len() {
            walk(&text[..n], &mut Said::default());
        }
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert!(walk(deep.as_bytes(), &mut Said::default()));
    }
}
