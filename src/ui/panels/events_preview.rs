//! One line of a payload as the events table shows it: keys faint and bare, values a little stronger.
//!
//! The line may be cut off anywhere, so this reads tokens and never needs the whole.

use egui::Color32;
use egui::text::LayoutJob;

use crate::ui::theme::{Face, format, text};

/// The colors of a line.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Colors {
    /// Keys and punctuation.
    pub(in crate::ui) key: Color32,
    /// Values.
    pub(in crate::ui) value: Color32,
}

/// Lays out the first `most` characters of a payload.
pub(in crate::ui) fn line(payload: &str, colors: Colors, most: usize) -> LayoutJob {
    let cut = payload
        .char_indices()
        .nth(most)
        .map_or(payload, |(end, _)| &payload[..end]);
    let mut job = LayoutJob::default();
    let mut add = |words: &str, color| {
        job.append(
            &format::visible(words),
            0.0,
            text::format(Face::Data, color),
        );
    };
    let mut rest = cut.trim_start();
    if !rest.starts_with(['{', '[']) {
        add(rest, colors.value);
        rest = "";
    }
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token_end(rest));
        let after_space = after.trim_start();
        match first {
            '{' | '[' if after_space.starts_with(['}', ']']) => {
                add(if first == '{' { "{ }" } else { "[ ]" }, colors.key);
                rest = after_space.get(1..).unwrap_or_default().trim_start();
                continue;
            }
            '{' => add("{ ", colors.key),
            '}' => add(" }", colors.key),
            ',' | ':' => add(if first == ',' { ", " } else { ": " }, colors.key),
            '[' | ']' => add(token, colors.key),
            _ if after_space.starts_with(':') => add(bare(token), colors.key),
            _ => add(token, colors.value),
        }
        rest = after_space;
    }
    if cut.len() < payload.len() {
        add("…", colors.key);
    }
    job
}

/// A key without its quotes, if it can be read without them.
fn bare(key: &str) -> &str {
    let inside = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
    let is_plain = |name: &&str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_-$@".contains(c))
    };
    inside.filter(is_plain).unwrap_or(key)
}

/// Where the token at the beginning of `rest` ends.
fn token_end(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else {
        return 0;
    };
    if first == '"' {
        let mut is_escaped = false;
        for (at, c) in chars {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => return at + 1,
                _ => {}
            }
        }
        return rest.len();
    }
    if "{}[],:".contains(first) {
        return first.len_utf8();
    }
    let is_end = |c: char| c.is_whitespace() || "{}[],:\"".contains(c);
    chars
        .find(|(_, c)| is_end(*c))
        .map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(payload: &str, most: usize) -> String {
        let colors = Colors {
            key: Color32::BLACK,
            value: Color32::WHITE,
        };
        line(payload, colors, most).text
    }

    #[test]
    fn keys_stand_without_quotes_and_values_as_written() {
        assert_eq!(
            shown(r#"{"sku":"S-1","qty": 1.50}"#, 100),
            r#"{ sku: "S-1", qty: 1.50 }"#
        );
        assert_eq!(
            shown(r#"{"a b":[1,2],"c":{}}"#, 100),
            r#"{ "a b": [1, 2], c: { } }"#
        );
        assert_eq!(shown("{ amount: 149.00 }", 100), "{ amount: 149.00 }");
    }

    #[test]
    fn a_line_cut_off_anywhere_is_still_shown() {
        assert_eq!(shown(r#"{"sku":"S-1","qty":1}"#, 10), r#"{ sku: "S-…"#);
        assert_eq!(shown(r#"{"sku":"a\"b"#, 100), r#"{ sku: "a\"b"#);
        assert_eq!(shown("no JSON at all", 100), "no JSON at all");
    }
}
