//! The words of one statement.

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword in small letters, or a name in quotes as it stands.
    Name { text: String, is_quoted: bool },
    /// A text, its escapes taken off.
    Text(Vec<u8>),
    /// Bytes written in hexadecimal digits.
    Bytes(Vec<u8>),
    /// A number as written.
    Number(String),
    /// Any other character.
    Sign(u8),
}

/// Reads words one after another.
pub(super) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    /// Whether a backslash escapes in every text, as MySQL has it.
    escapes: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8], escapes: bool) -> Self {
        Self {
            text,
            at: 0,
            escapes,
        }
    }

    /// The next word without taking it.
    pub(super) fn peek(&mut self) -> Option<Token> {
        let before = self.at;
        let token = self.next();
        self.at = before;
        token
    }

    /// Takes the next word if it is this name, not in quotes.
    pub(super) fn eat(&mut self, name: &str) -> bool {
        let before = self.at;
        match self.next() {
            Some(Token::Name {
                text,
                is_quoted: false,
            }) if text == name => true,
            _ => {
                self.at = before;
                false
            }
        }
    }

    /// Takes the next word if it is this character.
    pub(super) fn eat_sign(&mut self, sign: u8) -> bool {
        let before = self.at;
        if self.next() == Some(Token::Sign(sign)) {
            return true;
        }
        self.at = before;
        false
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            if rest.first().is_some_and(u8::is_ascii_whitespace) {
                self.at += 1;
            } else if rest.starts_with(b"--") {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                self.at += end;
            } else if rest.starts_with(b"/*") && !rest.starts_with(b"/*!") {
                let end = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                self.at += end;
            } else {
                return;
            }
        }
    }

    /// The next word; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let first = *self.text.get(self.at)?;
        match first {
            b'\'' => Some(Token::Text(self.quoted(b'\'', self.escapes))),
            b'"' | b'`' => {
                let text = self.quoted(first, false);
                let text = String::from_utf8_lossy(&text).into_owned();
                Some(Token::Name {
                    text,
                    is_quoted: true,
                })
            }
            b'E' | b'e' if self.byte(1) == b'\'' => {
                self.at += 1;
                Some(Token::Text(self.quoted(b'\'', true)))
            }
            b'X' | b'x' if self.byte(1) == b'\'' => {
                self.at += 1;
                let digits = self.quoted(b'\'', false);
                Some(hex(&digits).map_or(Token::Text(digits), Token::Bytes))
            }
            b'0' if matches!(self.byte(1), b'x' | b'X') => {
                let digits = self.run(2, |byte| byte.is_ascii_hexdigit());
                let digits = digits.get(2..).unwrap_or_default();
                Some(hex(digits).map_or(Token::Sign(b'0'), Token::Bytes))
            }
            b'0'..=b'9' | b'.' if first != b'.' || self.byte(1).is_ascii_digit() => {
                let mut last = 0;
                let text = self.run(0, |byte| {
                    let is_sign = matches!(byte, b'+' | b'-') && matches!(last, b'e' | b'E');
                    last = byte;
                    is_sign || byte.is_ascii_alphanumeric() || byte == b'.'
                });
                Some(Token::Number(String::from_utf8_lossy(text).into_owned()))
            }
            _ if is_name(first) => {
                let text = self.run(0, is_name);
                let text = String::from_utf8_lossy(text).to_lowercase();
                Some(Token::Name {
                    text,
                    is_quoted: false,
                })
            }
            other => {
                self.at += 1;
                Some(Token::Sign(other))
            }
        }
    }

    fn run(&mut self, skip: usize, mut goes_on: impl FnMut(u8) -> bool) -> &'a [u8] {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let tail = rest.get(skip..).unwrap_or_default();
        let len = tail.iter().position(|byte| !goes_on(*byte));
        let end = skip + len.unwrap_or(tail.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// What stands in quotes, doubled ones standing for one.
    fn quoted(&mut self, quote: u8, escapes: bool) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let stop = if escapes {
                memchr::memchr2(quote, b'\\', rest)
            } else {
                memchr::memchr(quote, rest)
            };
            let Some(stop) = stop else {
                out.extend_from_slice(rest);
                self.at = self.text.len();
                return out;
            };
            out.extend_from_slice(rest.get(..stop).unwrap_or_default());
            self.at += stop + 1;
            if rest.get(stop) == Some(&b'\\') {
                out.push(unescaped(self.byte(0)));
                self.at += 1;
            } else if self.byte(0) == quote {
                out.push(quote);
                self.at += 1;
            } else {
                return out;
            }
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// What a character stands for behind a backslash.
fn unescaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'0' => 0,
        b'Z' => 26,
        other => other,
    }
}

/// The bytes of pairs of hexadecimal digits.
pub(super) fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(value(*high)? << 4 | value(*low)?).ok(),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whatever_stands_in_quotes() {
        let mut tokens = Tokens::new(
            b"INSERT -- no\n \"A\"\"b\" 'it''s; /*' E'a\\nb' X'0aFF' -1.5e-3 /* x */ nULL`c`",
            false,
        );
        let mut found = Vec::new();
        while let Some(token) = tokens.next() {
            found.push(token);
        }
        let name = |text: &str, is_quoted| Token::Name {
            text: text.to_owned(),
            is_quoted,
        };
        assert_eq!(
            found,
            [
                name("insert", false),
                name("A\"b", true),
                Token::Text(b"it's; /*".to_vec()),
                Token::Text(b"a\nb".to_vec()),
                Token::Bytes(vec![10, 255]),
                Token::Sign(b'-'),
                Token::Number("1.5e-3".to_owned()),
                name("null", false),
                name("c", true),
            ]
        );
    }
}
