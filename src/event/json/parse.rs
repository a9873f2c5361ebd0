//! Text to [`Json`]: numbers stay text, duplicate members stay, nesting is bounded.

use super::value::{Json, Object};

/// How deep a payload may be nested and still be held as a tree; deeper ones stay raw text.
///
/// Everything that walks a tree, its `drop` included, may therefore recurse.
pub const MAX_DEPTH: usize = 512;

/// Why a text is not JSON that Annals can hold, with the byte at which that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// A byte stands where the grammar has no place for it.
    #[error("unexpected {} at byte {at}", shown(*byte))]
    Unexpected {
        /// Offset of the byte.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// The text ends inside a value.
    #[error("the text ends inside a value at byte {at}")]
    Ends {
        /// Length of the text.
        at: usize,
    },
    /// The text is nested deeper than the limit.
    #[error("nested deeper than the limit at byte {at}")]
    TooDeep {
        /// Offset at which the limit was passed.
        at: usize,
    },
    /// The text is not valid UTF-8.
    #[error("invalid UTF-8 at byte {at}")]
    InvalidUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
}

fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("'{}'", char::from(byte))
    } else {
        format!("byte 0x{byte:02x}")
    }
}

/// Reads one JSON value, with white space around it and nothing else.
pub fn parse(text: &[u8]) -> Result<Json, JsonError> {
    let text = std::str::from_utf8(text).map_err(|error| JsonError::InvalidUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.at < text.len() {
        Err(parser.unexpected())
    } else {
        Ok(value)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
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

    fn unexpected(&self) -> JsonError {
        match self.peek() {
            None => JsonError::Ends { at: self.at },
            Some(byte) => JsonError::Unexpected { at: self.at, byte },
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(JsonError::TooDeep { at: self.at }),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                let raw = self.scalar()?;
                unescape(&raw.as_bytes()[1..raw.len() - 1]).map(|text| Json::Text(text.into()))
            }
            Some(b'-' | b'0'..=b'9') => self.scalar().map(|raw| Json::Number(raw.into())),
            _ => match self.scalar()? {
                "true" => Ok(Json::Bool(true)),
                "false" => Ok(Json::Bool(false)),
                _ => Ok(Json::Null),
            },
        }
    }

    /// The raw text of a scalar, checked by the scanner.
    fn scalar(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        self.at = super::scan::value_end(self.text.as_bytes(), start)?;
        Ok(&self.text[start..self.at])
    }

    fn array(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_space();
        if self.eat(b']') {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.skip_space();
            if !self.eat(b',') {
                return if self.eat(b']') {
                    Ok(Json::Array(elements))
                } else {
                    Err(self.unexpected())
                };
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        let mut object = Object::default();
        self.skip_space();
        if self.eat(b'}') {
            return Ok(Json::Object(object));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let raw = self.scalar()?;
            let key = unescape(&raw.as_bytes()[1..raw.len() - 1])?;
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.unexpected());
            }
            object.push(key.into(), self.value(depth + 1)?);
            self.skip_space();
            if !self.eat(b',') {
                return if self.eat(b'}') {
                    Ok(Json::Object(object))
                } else {
                    Err(self.unexpected())
                };
            }
        }
    }
}

/// The text that the inside of a JSON string stands for.
///
/// A surrogate without its partner stands for no character: its escape stays as it is written.
pub(super) fn unescape(inner: &[u8]) -> Result<String, JsonError> {
    let text = std::str::from_utf8(inner).map_err(|error| JsonError::InvalidUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (character, taken) = escape(&rest[at..]);
        match character {
            Some(character) => out.push(character),
            None => out.push_str(&rest[at..at + taken]),
        }
        rest = &rest[at + taken..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The character that the escape at the start of `text` stands for, and its length in bytes.
fn escape(text: &str) -> (Option<char>, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text),
        Some(c @ (b'"' | b'\\' | b'/')) => char::from(*c),
        _ => return (None, 1),
    };
    (Some(simple), 2)
}

fn unicode_escape(text: &str) -> (Option<char>, usize) {
    let unit = |from: usize| {
        let hex = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(hex, 16).ok()
    };
    let Some(first) = unit(0) else {
        return (None, 1);
    };
    if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, unit(6)) {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(code), 12);
    }
    (char::from_u32(first), 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_back_as_it_stood() {
        for text in [
            r#"{"b":1,"a":12345678901234567890,"b":[1.10,-0.0,1E+2],"":null}"#,
            r#"[true,false,null,"\"\\\n",{}]"#,
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn escapes_and_surrogates_become_characters_or_stay() {
        assert_eq!(
            parse(br#""\u00e9\ud83d\ude00\/""#).unwrap(),
            Json::Text("é😀/".into())
        );
        assert_eq!(
            parse(br#""\ud800x""#).unwrap(),
            Json::Text("\\ud800x".into())
        );
    }

    #[test]
    fn depth_is_bounded() {
        let deep = [vec![b'['; 600], vec![b']'; 600]].concat();
        assert!(matches!(parse(&deep), Err(JsonError::TooDeep { .. })));
    }
}
