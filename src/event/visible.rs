//! Makes visible what would change how the text around it reads, and what is no text at all.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with control, bidi and zero-width characters written as `\u202e`.
///
/// A backslash of the text itself stays as it is: this is for reading, not for reading back.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            write!(shown, "\\u{:04x}", u32::from(c)).ok();
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// A name as text: valid UTF-8 as it is, bad bytes as `\xff`.
pub fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").ok();
        }
    }
    text
}

/// The most characters of an excerpt.
const EXCERPT: usize = 120;

/// How a text begins, in at most 120 characters: bad bytes and hidden characters made visible, blanks
/// at its head left out; `None` where there is nothing to show. Costs the same however long it is.
pub(super) fn excerpt(text: &[u8]) -> Option<String> {
    let text = text.trim_ascii_start();
    // A character has four bytes at most, and one that is cut in two must not look like bad bytes.
    let head = text.get(..4 * (EXCERPT + 1)).unwrap_or(text);
    let readable = readable(head);
    let mut shown = visible(readable.trim_ascii_end()).into_owned();
    if let Some((end, _)) = shown.char_indices().nth(EXCERPT) {
        let (last, _) = shown.char_indices().nth(EXCERPT - 1).unwrap_or((end, ' '));
        shown.truncate(last);
        shown.push('\u{2026}');
    }
    (!shown.is_empty()).then_some(shown)
}

/// Control characters, bidi marks and overrides, zero-width characters, line separators.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_hides_nothing() {
        assert_eq!(excerpt(b""), None);
        assert_eq!(excerpt(b" \n "), None);
        assert_eq!(
            excerpt(b" {\"a\":\x1b \xff\r\n").as_deref(),
            Some("{\"a\":\\u001b \\xff")
        );
        for unit in ["a", "\u{e4}", "\u{1f600}", "\u{1b}"] {
            let long = excerpt(unit.repeat(1000).as_bytes()).unwrap_or_default();
            assert_eq!(long.chars().count(), EXCERPT, "{unit}");
            assert!(long.ends_with('\u{2026}'), "{long}");
            assert!(!long.contains("\\x"), "no character is cut in two: {long}");
        }
        let fits = "b".repeat(EXCERPT);
        assert_eq!(excerpt(fits.as_bytes()), Some(fits));
    }
}
