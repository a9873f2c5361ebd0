//! A guess as the text of a mapping, for people to correct and to use.

use std::fmt::Write as _;

use super::Guess;
use crate::source::format::Role;

/// The guess as TOML that `--mapping` reads, with what was not found as comments.
pub(in crate::source) fn mapping_to_start_from(guess: &Guess) -> String {
    let mut out = String::from(
        "# The best guess, to start from: correct it, save it and use it with --mapping FILE.toml\n",
    );
    if !guess.format.table.is_empty() {
        writeln!(out, "table = {}", quoted(&guess.format.table)).ok();
    }
    if guess.format.keyed_by_category {
        out.push_str("keyed_by_category = true\n");
    }
    out.push_str("\n[roles]\n");
    for role in Role::ALL {
        let fields = guess.format.fields(role).iter();
        let places: Vec<String> = fields.map(|field| quoted(&field.to_string())).collect();
        let is_needed = matches!(
            role,
            Role::Stream | Role::Version | Role::Type | Role::Time | Role::Data
        );
        match places.as_slice() {
            [] if is_needed => writeln!(out, "# {} = \"…\"", role.name()).ok(),
            [] => None,
            [only] => writeln!(out, "{} = {only}", role.name()).ok(),
            many => writeln!(out, "{} = [{}]", role.name(), many.join(", ")).ok(),
        };
    }
    out
}

/// A text as TOML writes it, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                write!(out, "\\u{:04X}", u32::from(c)).ok();
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
