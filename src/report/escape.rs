//! Text from the file made harmless: for HTML, for SVG, for Markdown.
//!
//! What would be invisible, or would turn the text around it, is shown first (`\u202e`).

use crate::event::visible;

/// For HTML and XML, in text and in attributes within double or single quotes.
pub(super) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Neither is allowed in XML, whatever the escape.
            '\u{fffe}' => out.push_str("\\ufffe"),
            '\u{ffff}' => out.push_str("\\uffff"),
            _ => out.push(c),
        }
    }
    out
}

/// For Markdown: what could begin markup, a link, HTML or a table cell has a backslash before it.
pub(super) fn md(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        if c == '<' {
            out.push_str("&lt;");
            continue;
        }
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '>'
                | '('
                | ')'
                | '#'
                | '|'
                | '!'
                | '~'
                | '&'
                | ':'
                | '@'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_hidden_characters_are_shown() {
        assert_eq!(
            esc("<b a='\"'>&\u{202e}\0"),
            "&lt;b a=&#39;&quot;&#39;&gt;&amp;\\u202e\\u0000"
        );
        assert_eq!(
            md("[a](javascript:x)|\n"),
            r"\[a\]\(javascript\:x\)\|\\u000a"
        );
    }
}
