//! Splits a text into records and fields, without copying them.
//!
//! RFC 4180 with what is met beside it: any delimiter, line ends of either kind, quotes escaped by
//! doubling or by a backslash, and quotes that are not closed as they should be.

use std::borrow::Cow;

/// How fields are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct Dialect {
    /// What stands between two fields.
    pub(super) delimiter: u8,
    /// Whether a backslash in quotes takes the meaning from a quote or backslash after it.
    pub(super) has_backslash: bool,
}

/// How a field was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Without quotes.
    Bare,
    /// In quotes, and what is in them is the field.
    Plain,
    /// In quotes, with escaped quotes in it.
    Escaped,
    /// In quotes, with more behind the closing one.
    Stray,
}

/// Where a field lies in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
    pub(super) quoting: Quoting,
}

/// What is wrong with the quotes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Text stands behind a closing quote.
    Stray,
    /// The same, and the quotes hold line ends: where the quote was to close cannot be told.
    Broken,
    /// The text ends inside quotes.
    Unclosed,
}

/// How far a record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Its length without the line end.
    pub(super) len: usize,
    /// Where the next one begins.
    pub(super) next: usize,
    /// How many line ends it holds, its own included.
    pub(super) n_ends: i64,
    pub(super) flaw: Option<Flaw>,
}

impl Dialect {
    /// Splits the record that `text` begins with into fields; `None` where it may go on behind the
    /// end of `text`, which cannot be where `is_end`. Takes time in proportion to the record.
    pub(super) fn split(&self, text: &[u8], is_end: bool, spans: &mut Vec<Span>) -> Option<Extent> {
        spans.clear();
        let mut splitting = Splitting {
            dialect: *self,
            text,
            is_end,
            n_ends: 0,
            flaw: None,
        };
        let mut at = 0;
        loop {
            let (span, after) = if text.get(at) == Some(&b'"') {
                splitting.quoted(at)?
            } else {
                splitting.bare(at, at, Quoting::Bare)?
            };
            spans.push(span);
            match after {
                After::Field(next) => at = next,
                After::Record { len, next } => {
                    return Some(Extent {
                        len,
                        next,
                        n_ends: splitting.n_ends + i64::from(next > len),
                        flaw: splitting.flaw,
                    });
                }
            }
        }
    }

    /// The field's bytes as they were meant.
    pub(super) fn value<'a>(&self, record: &'a [u8], span: Span) -> Cow<'a, [u8]> {
        let inner = record.get(span.start..span.end).unwrap_or_default();
        match span.quoting {
            Quoting::Bare | Quoting::Plain => Cow::Borrowed(inner),
            Quoting::Escaped | Quoting::Stray => {
                let mut value = Vec::with_capacity(inner.len());
                self.unescape(inner, &mut value);
                Cow::Owned(value)
            }
        }
    }

    /// The field's bytes as they lie in the record; what stands between the quotes.
    #[inline]
    pub(super) fn raw(record: &[u8], span: Span) -> &[u8] {
        record.get(span.start..span.end).unwrap_or_default()
    }

    /// Puts what is meant by the inside of quotes behind `value`. A quote that is not escaped closes
    /// the quotes and is left out; what follows it is taken as it stands.
    pub(super) fn unescape(&self, inner: &[u8], value: &mut Vec<u8>) {
        let mut rest = inner;
        while let Some(at) = self.mark(rest) {
            let (before, after) = rest.split_at(at);
            value.extend_from_slice(before);
            rest = match after {
                [b'"', b'"', rest @ ..] => {
                    value.push(b'"');
                    rest
                }
                [b'\\', escaped @ (b'"' | b'\\'), rest @ ..] => {
                    value.push(*escaped);
                    rest
                }
                [b'\\', rest @ ..] => {
                    value.push(b'\\');
                    rest
                }
                [_, behind @ ..] => {
                    value.extend_from_slice(behind);
                    return;
                }
                [] => &[],
            };
        }
        value.extend_from_slice(rest);
    }

    /// The next quote, or backslash where one means something.
    #[inline]
    fn mark(&self, text: &[u8]) -> Option<usize> {
        if self.has_backslash {
            memchr::memchr2(b'"', b'\\', text)
        } else {
            memchr::memchr(b'"', text)
        }
    }
}

/// What follows a field.
enum After {
    /// Another one, which begins here.
    Field(usize),
    /// The end of the record.
    Record { len: usize, next: usize },
}

/// A record on its way into fields.
struct Splitting<'a> {
    dialect: Dialect,
    text: &'a [u8],
    is_end: bool,
    n_ends: i64,
    flaw: Option<Flaw>,
}

impl Splitting<'_> {
    /// A field from `start` to the next delimiter or line end at or behind `from`.
    #[inline]
    fn bare(&self, start: usize, from: usize, quoting: Quoting) -> Option<(Span, After)> {
        let rest = self.text.get(from..).unwrap_or_default();
        let span = |end| Span {
            start,
            end,
            quoting,
        };
        match memchr::memchr2(self.dialect.delimiter, b'\n', rest) {
            Some(at) if rest.get(at) == Some(&b'\n') => {
                let end = from + at;
                let has_return = at > 0 && rest.get(at - 1) == Some(&b'\r');
                let len = end - usize::from(has_return);
                Some((span(len), After::Record { len, next: end + 1 }))
            }
            Some(at) => Some((span(from + at), After::Field(from + at + 1))),
            None if self.is_end => {
                let end = self.text.len();
                Some((
                    span(end),
                    After::Record {
                        len: end,
                        next: end,
                    },
                ))
            }
            None => None,
        }
    }

    /// A field whose opening quote stands at `open`.
    fn quoted(&mut self, open: usize) -> Option<(Span, After)> {
        let start = open + 1;
        let n_ends_before = self.n_ends;
        let (Some(close), is_escaped) = self.close(start)? else {
            return Some(self.unclosed(start));
        };
        let has_ends = self.n_ends > n_ends_before;
        let quoting = if is_escaped {
            Quoting::Escaped
        } else {
            Quoting::Plain
        };
        let span = Span {
            start,
            end: close,
            quoting,
        };
        let behind = self.text.get(close + 1..).unwrap_or_default();
        let ends = |len: usize| {
            Some((
                span,
                After::Record {
                    len: close + 1,
                    next: close + 1 + len,
                },
            ))
        };
        match behind {
            [delimiter, ..] if *delimiter == self.dialect.delimiter => {
                Some((span, After::Field(close + 2)))
            }
            [b'\n', ..] => ends(1),
            [b'\r', b'\n', ..] => ends(2),
            [] | [b'\r'] if !self.is_end => None,
            // At the very end, a carriage return alone ends the line too.
            [] | [b'\r'] => ends(behind.len()),
            _ if has_ends => self.broken(start, close),
            _ => {
                self.flaw = self.flaw.or(Some(Flaw::Stray));
                self.bare(start, close + 1, Quoting::Stray)
            }
        }
    }

    /// Where the quotes close, `None` in the pair where they do not; and whether something is escaped.
    /// Line ends in the quotes are counted on the way.
    #[inline]
    fn close(&mut self, start: usize) -> Option<(Option<usize>, bool)> {
        let (mut at, mut is_escaped) = (start, false);
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let found = if self.dialect.has_backslash {
                memchr::memchr3(b'"', b'\\', b'\n', rest)
            } else {
                memchr::memchr2(b'"', b'\n', rest)
            };
            let Some(found) = found else {
                return self.is_end.then_some((None, is_escaped));
            };
            let mark = rest.get(found).copied();
            if mark == Some(b'\n') {
                self.n_ends += 1;
                at += found + 1;
                continue;
            }
            match rest.get(found + 1) {
                None if !self.is_end => return None,
                Some(b'"') if mark == Some(b'"') => is_escaped = true,
                _ if mark == Some(b'"') => return Some((Some(at + found), is_escaped)),
                // What a backslash escapes is not looked at; a line end is still one.
                Some(b'\n') => self.n_ends += 1,
                _ => is_escaped = true,
            }
            at += found + 2;
        }
    }

    fn unclosed(&mut self, start: usize) -> (Span, After) {
        let end = self.text.len();
        self.flaw = Some(Flaw::Unclosed);
        let span = Span {
            start,
            end,
            quoting: Quoting::Stray,
        };
        (
            span,
            After::Record {
                len: end,
                next: end,
            },
        )
    }

    /// A record whose quotes hold line ends and close where no field ends: it ends with the line.
    fn broken(&mut self, start: usize, close: usize) -> Option<(Span, After)> {
        self.flaw = Some(Flaw::Broken);
        let rest = self.text.get(close..).unwrap_or_default();
        let (len, next) = match memchr::memchr(b'\n', rest) {
            Some(at) => (close + at, close + at + 1),
            None if self.is_end => (self.text.len(), self.text.len()),
            None => return None,
        };
        let span = Span {
            start,
            end: len,
            quoting: Quoting::Stray,
        };
        Some((span, After::Record { len, next }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMAS: Dialect = Dialect {
        delimiter: b',',
        has_backslash: false,
    };

    fn records(dialect: Dialect, text: &str) -> Vec<(Vec<String>, Option<Flaw>, i64)> {
        let (mut rest, mut spans, mut found) = (text.as_bytes(), Vec::new(), Vec::new());
        while !rest.is_empty() {
            let extent = dialect.split(rest, true, &mut spans).unwrap();
            let fields = spans
                .iter()
                .map(|span| String::from_utf8(dialect.value(rest, *span).into_owned()).unwrap())
                .collect();
            found.push((fields, extent.flaw, extent.n_ends));
            rest = &rest[extent.next..];
        }
        found
    }

    #[track_caller]
    fn splits(dialect: Dialect, text: &str, expected: &[(&[&str], Option<Flaw>, i64)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(fields, flaw, n_ends)| {
                (
                    fields.iter().map(|&field| field.to_owned()).collect(),
                    *flaw,
                    *n_ends,
                )
            })
            .collect();
        assert_eq!(records(dialect, text), expected, "{text:?}");
    }

    #[test]
    fn quotes_line_ends_and_empty_fields_are_read_as_rfc_4180_has_them() {
        splits(
            COMMAS,
            "a,b\r\nc,\n",
            &[(&["a", "b"], None, 1), (&["c", ""], None, 1)],
        );
        splits(
            COMMAS,
            "\"a\"\"b\",\"x,\ny\"\r\n",
            &[(&["a\"b", "x,\ny"], None, 2)],
        );
        splits(COMMAS, "\"\",", &[(&["", ""], None, 0)]);
        splits(
            COMMAS,
            "a,5\" pipe\n\n",
            &[(&["a", "5\" pipe"], None, 1), (&[""], None, 1)],
        );
        splits(COMMAS, "\"a\"\r", &[(&["a"], None, 1)]);
    }

    #[test]
    fn a_backslash_escapes_where_that_is_the_habit() {
        let slashes = Dialect {
            has_backslash: true,
            ..COMMAS
        };
        splits(
            slashes,
            r#""{\"a\":\"x\\ny\"}","\t","""#,
            &[(&[r#"{"a":"x\ny"}"#, r"\t", ""], None, 0)],
        );
        splits(COMMAS, r#""a\",b"#, &[(&[r"a\", "b"], None, 0)]);
    }

    #[test]
    fn quotes_that_are_not_closed_as_they_should_be_spoil_no_more_than_their_lines() {
        splits(
            COMMAS,
            "\"a\" b,c\n",
            &[(&["a b", "c"], Some(Flaw::Stray), 1)],
        );
        splits(
            COMMAS,
            "1,\"a\n2,\"b\",c\n3,d\n",
            &[
                (&["1", "a\n2,b\",c"], Some(Flaw::Broken), 2),
                (&["3", "d"], None, 1),
            ],
        );
        splits(
            COMMAS,
            "1,\"a\n2,b\n",
            &[(&["1", "a\n2,b\n"], Some(Flaw::Unclosed), 2)],
        );
    }

    #[test]
    fn a_record_is_only_split_when_it_is_there_as_a_whole() {
        let text = b"\"a\"\"\nb\",\"c\"\r\n";
        let mut spans = Vec::new();
        for len in 0..text.len() {
            assert_eq!(COMMAS.split(&text[..len], false, &mut spans), None, "{len}");
        }
        let extent = COMMAS.split(text, false, &mut spans).unwrap();
        assert_eq!((extent.len, extent.next, extent.n_ends), (11, 13, 2));
    }

    /// A field in quotes, as a dialect has it.
    fn quoted(dialect: Dialect, field: &str) -> String {
        let escaped = if dialect.has_backslash {
            field.replace('\\', r"\\").replace('"', "\\\"")
        } else {
            field.replace('"', "\"\"")
        };
        format!("\"{escaped}\"")
    }

    proptest! {
        #[test]
        fn a_table_is_read_back_cell_for_cell(
            rows in proptest::collection::vec(proptest::collection::vec(("[a\",;\t|\n\r\\\\é]{0,8}", any::<bool>()), 2..5), 1..8),
            delimiter in proptest::sample::select(b",;\t|\x1f".as_slice()),
            has_backslash in any::<bool>(),
            end in proptest::sample::select(["\n", "\r\n"].as_slice()),
        ) {
            let dialect = Dialect { delimiter, has_backslash };
            let written = |(field, is_quoted): &(String, bool)| {
                let must = field.contains(['"', '\n', '\r', char::from(delimiter)]);
                if must || *is_quoted { quoted(dialect, field) } else { field.clone() }
            };
            let between = char::from(delimiter).to_string();
            let lines = rows.iter().map(|row| row.iter().map(written).collect::<Vec<_>>().join(&between));
            let text = lines.flat_map(|line| [line, end.to_owned()]).collect::<String>();
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().map(|(field, _)| field.clone()).collect())
                .collect();
            let found: Vec<Vec<String>> = records(dialect, &text)
                .into_iter()
                .map(|(fields, flaw, _)| {
                    assert_eq!(flaw, None);
                    fields
                })
                .collect();
            prop_assert_eq!(found, expected, "{:?}", text);
        }
    }
}
