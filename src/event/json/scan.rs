//! Walks raw JSON text without building a tree: validates, finds the end of a value, finds a member.
//!
//! Iterative, so that depth costs memory and not the stack.

use std::borrow::Cow;

use super::parse::{JsonError, unescape};

/// How deep a text may be nested before it is refused altogether.
pub const MAX_SCAN_DEPTH: usize = 10_000;

/// The end of the JSON value that begins at `at` (after white space), checked against the grammar.
///
/// Costs one pass over the value; the text may go on after it.
pub fn value_end(text: &[u8], at: usize) -> Result<usize, JsonError> {
    let mut scanner = Scanner { text, at };
    scanner.skip_space();
    scanner.value()?;
    Ok(scanner.at)
}

/// Whether `text` is exactly one JSON value in valid UTF-8, with white space around it.
pub fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
        && value_end(text, 0).is_ok_and(|end| text[end..].trim_ascii().is_empty())
}

/// Hands over each member of the object in `text`: its key as written between the quotes, and its
/// value as raw text.
///
/// Returns where the object ends. Duplicate keys are handed over as often as they stand there.
pub fn members<'a>(
    text: &'a [u8],
    mut each: impl FnMut(&'a [u8], &'a [u8]),
) -> Result<usize, JsonError> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_space();
    scanner.expect(b'{')?;
    scanner.skip_space();
    if scanner.eat(b'}') {
        return Ok(scanner.at);
    }
    loop {
        scanner.skip_space();
        let key_start = scanner.at + 1;
        scanner.string()?;
        let key = &text[key_start..scanner.at - 1];
        scanner.skip_space();
        scanner.expect(b':')?;
        scanner.skip_space();
        let start = scanner.at;
        scanner.value()?;
        each(key, &text[start..scanner.at]);
        scanner.skip_space();
        if !scanner.eat(b',') {
            scanner.expect(b'}')?;
            return Ok(scanner.at);
        }
    }
}

/// The raw text of the value at `path`, a list of member names; the last of duplicate keys counts.
pub fn find<'a>(text: &'a [u8], path: &[&str]) -> Option<&'a [u8]> {
    let mut value = text;
    for name in path {
        let mut found = None;
        members(value, |key, member| {
            if same_key(key, name) {
                found = Some(member);
            }
        })
        .ok()?;
        value = found?;
    }
    Some(value)
}

/// Whether a key as written, escapes and all, means `name`.
pub fn same_key(written: &[u8], name: &str) -> bool {
    written == name.as_bytes()
        || (written.contains(&b'\\') && unescape(written).is_ok_and(|key| key == name))
}

/// The text of a raw JSON string, without quotes and escapes; `None` where it is no string.
pub fn string_text(raw: &[u8]) -> Option<Cow<'_, str>> {
    key_text(raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?)
}

/// A key as written, without its escapes; `None` where it is no text.
pub fn key_text(written: &[u8]) -> Option<Cow<'_, str>> {
    if written.contains(&b'\\') {
        return unescape(written).ok().map(Cow::Owned);
    }
    std::str::from_utf8(written).ok().map(Cow::Borrowed)
}

/// A walk over raw JSON text.
struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn unexpected(&self) -> JsonError {
        match self.peek() {
            None => JsonError::Ends { at: self.at },
            Some(byte) => JsonError::Unexpected { at: self.at, byte },
        }
    }

    /// One value; containers are kept on a list, `true` for an object.
    fn value(&mut self) -> Result<(), JsonError> {
        let mut open: Vec<bool> = Vec::new();
        loop {
            self.skip_space();
            let opened = match self.peek() {
                Some(b'{') => Some(true),
                Some(b'[') => Some(false),
                _ => None,
            };
            let mut complete = true;
            if let Some(is_object) = opened {
                self.at += 1;
                self.skip_space();
                if !self.eat(if is_object { b'}' } else { b']' }) {
                    if open.len() >= MAX_SCAN_DEPTH {
                        return Err(JsonError::TooDeep { at: self.at });
                    }
                    open.push(is_object);
                    complete = false;
                }
            } else {
                self.scalar()?;
            }
            if complete && self.close(&mut open)? {
                return Ok(());
            }
            if open.last() == Some(&true) {
                self.key()?;
            }
        }
    }

    /// After a complete value: goes on to the next one, or closes containers; `true` at the end.
    fn close(&mut self, open: &mut Vec<bool>) -> Result<bool, JsonError> {
        while let Some(is_object) = open.last() {
            self.skip_space();
            if self.eat(b',') {
                return Ok(false);
            }
            self.expect(if *is_object { b'}' } else { b']' })?;
            open.pop();
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<(), JsonError> {
        self.skip_space();
        self.string()?;
        self.skip_space();
        self.expect(b':')
    }

    fn scalar(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), JsonError> {
        for byte in word {
            self.expect(*byte)?;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), JsonError> {
        self.expect(b'"')?;
        loop {
            let rest = &self.text[self.at..];
            let stop = rest
                .iter()
                .position(|c| *c == b'"' || *c == b'\\' || *c < 0x20);
            let Some(stop) = stop else {
                return Err(JsonError::Ends {
                    at: self.text.len(),
                });
            };
            self.at += stop;
            match self.text[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        match self.peek() {
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
                        return Err(self.unexpected());
                    }
                    self.at += 1;
                }
                Ok(())
            }
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn number(&mut self) -> Result<(), JsonError> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.unexpected())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_value_is_found_and_the_grammar_checked() {
        assert_eq!(value_end(b" {\"a\":[1,{\"b\":\"}\\\"\"}]} x", 0), Ok(22));
        for bad in [
            "{\"a\":NaN}",
            "[1,]",
            "{\"a\" 1}",
            "01x",
            "\"a",
            "{",
            "-",
            "1.",
            "\"\\x\"",
            "\"\n\"",
            "[1}",
        ] {
            let whole = value_end(bad.as_bytes(), 0).is_ok_and(|end| end == bad.len());
            assert!(!whole, "{bad}");
        }
    }

    #[test]
    fn depth_costs_no_stack_and_is_bounded() {
        let deep = |n: usize| [vec![b'['; n], vec![b']'; n]].concat();
        assert_eq!(value_end(&deep(5000), 0), Ok(10_000));
        assert!(matches!(
            value_end(&deep(100_000), 0),
            Err(JsonError::TooDeep { .. })
        ));
    }

    #[test]
    fn a_member_is_found_by_path_and_the_last_duplicate_counts() {
        let text = br#"{"a":{"x":1},"b":2,"a":{"x":[3]}}"#;
        assert_eq!(find(text, &["a", "x"]), Some(&b"[3]"[..]));
        assert_eq!(find(text, &["a", "y"]), None);
        assert_eq!(find(br#"{"\u0061":7}"#, &["a"]), Some(&b"7"[..]));
    }
}
