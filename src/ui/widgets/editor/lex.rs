//! JavaScript cut into pieces of one color: enough to read it well, not to run it.

use std::ops::Range;

/// What a piece of a script is, as far as its color goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Names, signs and space.
    Plain,
    /// The name of a member of an object: a handler, a field.
    Key,
    /// A text, a template, a regular expression.
    Text,
    /// A number, `true`, `false`, `null`, `undefined`.
    Number,
    /// A word of the language.
    Keyword,
    /// A name that is called.
    Function,
    /// A comment.
    Comment,
}

const KEYWORDS: [&str; 36] = [
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "extends",
    "finally",
    "for",
    "function",
    "get",
    "if",
    "in",
    "instanceof",
    "let",
    "new",
    "of",
    "return",
    "set",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "try",
    "typeof",
    "var",
    "void",
    "while",
];
/// Words that are also ordinary names: keywords only where a name follows.
const SOFT: [&str; 5] = ["get", "set", "of", "static", "async"];
const VALUES: [&str; 6] = ["true", "false", "null", "undefined", "NaN", "Infinity"];

/// Cuts a script into pieces that cover it from its first byte to its last; neighbors differ.
///
/// Never fails: what is not finished (a text, a comment) ends with its line or the script. Costs
/// one pass.
pub fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let mut lexer = Lexer {
        text,
        at: 0,
        before: Before::Start,
        templates: Vec::new(),
        found: Vec::new(),
    };
    while lexer.at < text.len() {
        let from = lexer.at;
        let piece = lexer.next();
        // Whatever it met, it goes on.
        if lexer.at <= from {
            lexer.at = after(text, from);
        }
        lexer.push(from, piece);
    }
    lexer.found
}

/// What stood before, as far as it decides what follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    /// Something that has a value: a slash after it divides.
    Value,
    /// `{` or `,`: a name before a colon is a key.
    Member,
    Sign,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    before: Before,
    /// How many braces are open inside each `${` that is open.
    templates: Vec<u32>,
    found: Vec<(Range<usize>, Piece)>,
}

fn after(text: &str, at: usize) -> usize {
    let step = text.get(at..).and_then(|rest| rest.chars().next());
    at + step.map_or(1, char::len_utf8)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

impl Lexer<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn push(&mut self, from: usize, piece: Piece) {
        match self.found.last_mut() {
            Some((range, last)) if *last == piece => range.end = self.at,
            _ => self.found.push((from..self.at, piece)),
        }
    }

    fn next(&mut self) -> Piece {
        let byte = self.byte(self.at);
        match byte {
            b'/' if matches!(self.byte(self.at + 1), b'/' | b'*') => self.comment(),
            b'/' if self.before != Before::Value => self.regex(),
            b'"' | b'\'' => self.quoted(byte),
            b'`' => {
                self.at += 1;
                self.template()
            }
            b'}' if self.templates.last() == Some(&0) => {
                self.templates.pop();
                self.at += 1;
                self.template()
            }
            b'0'..=b'9' => self.number(),
            _ if is_name(byte) => self.word(),
            _ => self.sign(byte),
        }
    }

    fn comment(&mut self) -> Piece {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("//") {
            rest.find('\n')
        } else {
            rest.get(2..)
                .and_then(|inside| inside.find("*/"))
                .map(|end| end + 4)
        };
        self.at += length.unwrap_or(rest.len());
        Piece::Comment
    }

    fn regex(&mut self) -> Piece {
        let mut at = self.at + 1;
        let mut in_class = false;
        loop {
            match self.byte(at) {
                b'\n' | 0 => {
                    // No regular expression: a slash on its own.
                    self.at += 1;
                    self.before = Before::Sign;
                    return Piece::Plain;
                }
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                _ => {}
            }
            at += 1;
        }
        at += 1;
        while self.byte(at).is_ascii_alphabetic() {
            at += 1;
        }
        self.end_at(at);
        self.before = Before::Value;
        Piece::Text
    }

    /// Goes on at the next place that is the beginning of a character.
    fn end_at(&mut self, at: usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        self.at = at;
    }

    fn quoted(&mut self, quote: u8) -> Piece {
        let mut at = self.at + 1;
        while at < self.text.len() {
            match self.byte(at) {
                b'\n' => break,
                b'\\' => at += 1,
                byte if byte == quote => {
                    at += 1;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        self.end_at(at);
        let is_key = self.before == Before::Member && self.meets(b':');
        self.before = Before::Value;
        if is_key { Piece::Key } else { Piece::Text }
    }

    /// The text of a template, up to its end or to the next `${`.
    fn template(&mut self) -> Piece {
        let mut at = self.at;
        self.before = Before::Value;
        while at < self.text.len() {
            match self.byte(at) {
                b'\\' => at += 1,
                b'`' => {
                    at += 1;
                    break;
                }
                b'$' if self.byte(at + 1) == b'{' => {
                    at += 2;
                    self.templates.push(0);
                    self.before = Before::Sign;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        self.end_at(at);
        Piece::Text
    }

    fn number(&mut self) -> Piece {
        let mut at = self.at;
        while is_name(self.byte(at)) || self.byte(at) == b'.' {
            let is_exponent = matches!(self.byte(at), b'e' | b'E');
            at += 1;
            if is_exponent && matches!(self.byte(at), b'+' | b'-') {
                at += 1;
            }
        }
        self.end_at(at);
        self.before = Before::Value;
        Piece::Number
    }

    /// Whether the next sign after spaces is this one.
    fn meets(&self, sign: u8) -> bool {
        let rest = self.text[self.at..].bytes();
        let mut rest = rest.skip_while(u8::is_ascii_whitespace);
        rest.next() == Some(sign)
    }

    fn word(&mut self) -> Piece {
        let mut at = self.at;
        let after_dot = at > 0 && self.byte(at - 1) == b'.';
        while is_name(self.byte(at)) {
            at += 1;
        }
        let word = self.text.get(self.at..at).unwrap_or_default();
        self.end_at(at);
        let before = std::mem::replace(&mut self.before, Before::Value);
        if before == Before::Member && self.meets(b':') {
            return Piece::Key;
        }
        if VALUES.contains(&word) && !after_dot {
            return Piece::Number;
        }
        let is_soft = SOFT.contains(&word);
        let names_follow = || {
            let mut rest = self.text[self.at..].bytes();
            rest.next() == Some(b' ') && rest.find(|byte| *byte != b' ').is_some_and(is_name)
        };
        if KEYWORDS.contains(&word) && !after_dot && (!is_soft || names_follow()) {
            self.before = if word == "this" || word == "super" {
                Before::Value
            } else {
                Before::Sign
            };
            return Piece::Keyword;
        }
        if self.meets(b'(') {
            return Piece::Function;
        }
        Piece::Plain
    }

    fn sign(&mut self, byte: u8) -> Piece {
        let is_arrow = self.text[self.at..].starts_with("=>");
        let end = if is_arrow {
            self.at + 2
        } else {
            after(self.text, self.at)
        };
        self.at = end;
        if byte.is_ascii_whitespace() {
            return Piece::Plain;
        }
        match byte {
            b'{' => {
                if let Some(open) = self.templates.last_mut() {
                    *open += 1;
                }
            }
            b'}' => {
                if let Some(open) = self.templates.last_mut() {
                    *open = open.saturating_sub(1);
                }
            }
            _ => {}
        }
        self.before = match byte {
            b'{' | b',' => Before::Member,
            b')' | b']' | b'}' => Before::Value,
            _ => Before::Sign,
        };
        if is_arrow {
            Piece::Keyword
        } else {
            Piece::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(&str, Piece)> {
        let found = pieces(text);
        let shown = found
            .into_iter()
            .map(|(range, piece)| (&text[range], piece));
        shown.filter(|(_, piece)| *piece != Piece::Plain).collect()
    }

    #[test]
    fn handlers_calls_words_texts_and_numbers_have_their_colors() {
        let found = of("fromCategory('order').when({ $init: function () { return { n: 0 } },");
        let wanted = [
            ("fromCategory", Piece::Function),
            ("'order'", Piece::Text),
            ("when", Piece::Function),
            ("$init", Piece::Key),
            ("function", Piece::Keyword),
            ("return", Piece::Keyword),
            ("n", Piece::Key),
            ("0", Piece::Number),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_slash_divides_after_a_value_and_begins_an_expression_elsewhere() {
        let regexes = |text| {
            let found = of(text);
            let texts = found.into_iter().filter(|(_, piece)| *piece == Piece::Text);
            texts.map(|(text, _)| text).collect::<Vec<_>>()
        };
        assert!(regexes("a / b / c").is_empty());
        assert_eq!(regexes("x = /[/]a\\//gi.test(y)"), ["/[/]a\\//gi"]);
        assert_eq!(regexes("return /a/"), ["/a/"]);
    }

    #[test]
    fn names_after_a_dot_or_in_a_choice_are_no_keys_and_no_words() {
        assert_eq!(of("e.data.default = a ? b : c").len(), 0);
        assert_eq!(of("s.get").len(), 0);
        assert_eq!(of("(s) => s"), [("=>", Piece::Keyword)]);
    }

    #[test]
    fn templates_hold_scripts_that_hold_templates() {
        let found = of("`a ${ f(`b ${1}`) } c` + 2");
        let wanted = [
            ("`a ${", Piece::Text),
            ("f", Piece::Function),
            ("`b ${", Piece::Text),
            ("1", Piece::Number),
            ("}`", Piece::Text),
            ("} c`", Piece::Text),
            ("2", Piece::Number),
        ];
        assert_eq!(found, wanted);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_is_covered_once(text in "[a-z\"'`/*${}()\\\\.,:0-9 ä\n]{0,60}") {
            let found = pieces(&text);
            let mut at = 0;
            for (range, _) in &found {
                proptest::prop_assert_eq!(range.start, at);
                proptest::prop_assert!(range.end > range.start);
                at = range.end;
            }
            proptest::prop_assert_eq!(at, text.len());
        }
    }
}
