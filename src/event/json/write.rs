//! [`Json`] to text, and raw text to one line.

use super::value::Json;

/// Writes a value compactly; numbers and the order of members stay as they are.
pub(super) fn write(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(digits) => out.push_str(digits),
        Json::Text(text) => quote(text, out),
        Json::Array(elements) => {
            out.push('[');
            for (n, element) in elements.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(element, out);
            }
            out.push(']');
        }
        Json::Object(object) => {
            out.push('{');
            for (n, (key, member)) in object.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// Writes a text as a JSON string; only what JSON requires is escaped.
pub fn quote(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[start..at]);
        start = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => write!(out, "\\u{byte:04x}").unwrap_or_default(),
        }
    }
    out.push_str(&text[start..]);
    out.push('"');
}

/// Raw JSON text without the white space between its tokens; every token stays as written.
pub fn minify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if matches!(character, ' ' | '\t' | '\n' | '\r') {
            continue;
        } else {
            in_string = character == '"';
        }
        out.push(character);
    }
    out
}

/// The longest text that is indented, in bytes: longer ones stay as they are.
const MAX_INDENTED: usize = 16 << 10;
/// From here on it goes no further to the right.
const MAX_LEVEL: usize = 32;

/// JSON text with each member and element on a line of its own; every token stays as written. Texts
/// of more than 16 KiB are given back as they are.
pub fn indent(text: &str) -> String {
    if text.len() > MAX_INDENTED {
        return text.to_owned();
    }
    let text = minify(text);
    let mut out = String::with_capacity(2 * text.len());
    let (mut in_string, mut escaped, mut level) = (false, false, 0_usize);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            out.push(character);
            continue;
        }
        in_string = character == '"';
        match character {
            '{' | '[' => {
                out.push(character);
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    level += 1;
                    line(&mut out, level);
                }
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                line(&mut out, level);
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, level);
            }
            ':' => out.push_str(": "),
            _ => out.push(character),
        }
    }
    out
}

fn line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level.min(MAX_LEVEL)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_tokens_goes() {
        let text = "{ \"a b\" : [ 1.10 ,\n \"x \\\" y\" ] }";
        assert_eq!(minify(text), r#"{"a b":[1.10,"x \" y"]}"#);
    }

    #[test]
    fn what_is_indented_says_the_same() {
        let text = r#"{"a b":[1.10,"x \" {y"],"e":{},"f":[]}"#;
        let shown = indent(text);
        assert_eq!(minify(&shown), text);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines[1..4],
            ["  \"a b\": [", "    1.10,", "    \"x \\\" {y\""]
        );
    }
}
