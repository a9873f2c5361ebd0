//! Which variables of a script are changed by its functions: a look at the text, not at what it does.

/// What a variable is followed by where it is changed.
const CHANGES: [&str; 17] = [
    "++", "--", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "??=", "||=", "&&=",
    "**=", ">>>=",
];

/// Methods that change what they belong to.
const CHANGING: [&str; 11] = [
    "push", "pop", "shift", "unshift", "splice", "sort", "reverse", "set", "add", "delete", "clear",
];

/// A word or sign of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token<'t> {
    text: &'t str,
    /// How many braces and parentheses are open around it.
    depth: usize,
}

/// The names of variables at the top of a script that something inside of braces or parentheses changes.
/// What hides in other ways is not found.
pub(super) fn changed(script: &str) -> Vec<String> {
    let tokens = tokens(script);
    let mut found: Vec<String> = Vec::new();
    for name in at_top(&tokens) {
        let changes = tokens
            .iter()
            .enumerate()
            .any(|(at, token)| token.text == name && token.depth > 0 && is_change(&tokens, at));
        if changes && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The variables that are declared outside of all braces.
fn at_top<'t>(tokens: &[Token<'t>]) -> Vec<&'t str> {
    let mut names = Vec::new();
    let mut is_declaring = false;
    let mut expects_name = false;
    for token in tokens {
        match token.text {
            "var" | "let" | "const" if token.depth == 0 => {
                (is_declaring, expects_name) = (true, true);
            }
            ";" if token.depth == 0 => is_declaring = false,
            "," if token.depth == 0 && is_declaring => expects_name = true,
            text if expects_name => {
                expects_name = false;
                if is_word(text) {
                    names.push(text);
                }
            }
            _ => {}
        }
    }
    names
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
}

/// Whether the variable at a token is changed there.
fn is_change(tokens: &[Token<'_>], at: usize) -> bool {
    let text = |n: usize| tokens.get(n).map_or("", |token| token.text);
    let before = if at > 0 { text(at - 1) } else { "" };
    if before == "." || before == "var" || before == "let" || before == "const" {
        return false;
    }
    if before == "++" || before == "--" {
        return true;
    }
    let mut n = at + 1;
    loop {
        match text(n) {
            "." => {
                if CHANGING.contains(&text(n + 1)) && text(n + 2) == "(" {
                    return true;
                }
                n += 2;
            }
            "[" => {
                let mut open = 0_usize;
                while n < tokens.len() {
                    match text(n) {
                        "[" => open += 1,
                        "]" => open -= 1,
                        _ => {}
                    }
                    n += 1;
                    if open == 0 {
                        break;
                    }
                }
            }
            "=" => return true,
            other => return CHANGES.contains(&other),
        }
    }
}

/// The words and signs of a script, without what stands in texts and comments.
fn tokens(script: &str) -> Vec<Token<'_>> {
    let bytes = script.as_bytes();
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        let byte = bytes[at];
        let start = at;
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if bytes[at..].starts_with(b"//") {
            at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
            continue;
        }
        if bytes[at..].starts_with(b"/*") {
            let end = memchr::memmem::find(&bytes[at + 2..], b"*/");
            at = end.map_or(bytes.len(), |end| at + 2 + end + 2);
            continue;
        }
        if matches!(byte, b'"' | b'\'' | b'`') || (byte == b'/' && begins_pattern(tokens.last())) {
            at = after_quoted(bytes, at);
            let text = script.get(start..at).unwrap_or("\"\"");
            tokens.push(Token { text, depth });
            continue;
        }
        if matches!(byte, b'}' | b')') {
            depth = depth.saturating_sub(1);
        }
        let is_part =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 128;
        if is_part(byte) {
            while at < bytes.len() && is_part(bytes[at]) {
                at += 1;
            }
        } else {
            at += sign_len(&bytes[at..]);
        }
        let text = script.get(start..at).unwrap_or("");
        tokens.push(Token { text, depth });
        depth += usize::from(matches!(byte, b'{' | b'('));
    }
    tokens
}

/// The length of the sign that a text begins with: the longest that changes a variable, an arrow or a
/// comparison, else one byte.
fn sign_len(text: &[u8]) -> usize {
    const OTHERS: [&str; 9] = ["===", "!==", "=>", "==", "!=", "<=", ">=", "?.", "..."];
    let signs = CHANGES.iter().chain(&OTHERS);
    let known = signs.filter(|sign| text.starts_with(sign.as_bytes()));
    known.map(|sign| sign.len()).max().unwrap_or(1)
}

/// Whether a slash begins a regular expression after this.
fn begins_pattern(before: Option<&Token<'_>>) -> bool {
    let Some(before) = before else {
        return true;
    };
    match before.text {
        ")" | "]" | "}" | "++" | "--" => false,
        "return" | "typeof" | "in" | "of" | "case" => true,
        text => !text
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '\'' | '`')),
    }
}

/// Where a text, a template or a regular expression ends.
fn after_quoted(bytes: &[u8], start: usize) -> usize {
    let end = bytes[start];
    let mut at = start + 1;
    let mut is_class = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' if end == b'/' => is_class = true,
            b']' if end == b'/' => is_class = false,
            b'\n' if end != b'`' => return at,
            byte if byte == end && !is_class => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn variables_that_functions_change_are_named() {
        let script = "var runs = 0, max = 5; const RATE = { a: 1 }; let seen = [];\n\
            // runs2 = 3\n\
            fromStream('s').when({ T: (s, e) => { runs++; s.max = max; if (max == 3) seen.push('max = 2'); } })";
        assert_eq!(changed(script), ["runs", "seen"]);
        assert_eq!(
            changed("let last; fromAll().when({ T(s, e) { last = e.data; } })"),
            ["last"]
        );
        assert_eq!(
            changed("const m = {}; fromAll().when({ T(s, e) { m[e.data.k] = 1; } })"),
            ["m"]
        );
        assert!(
            changed("const WINDOW = 5; fromAll().when({ T: s => { let x = 1; x = 2; } })")
                .is_empty()
        );
    }
}
