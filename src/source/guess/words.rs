//! What words say: names as programs form them, participles of what happened, verbs of what was done
//! to rows.

/// A name of something: short, begins with a letter, at most a few words.
pub(super) fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " _-./:\\$+@#<>,[]`".contains(c);
    text.len() <= 120
        && text
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_' || c == '$')
        && text.chars().all(plain)
        && text.matches(' ').count() <= 3
}

/// A name as programs form it: of several words without spaces.
pub(super) fn is_coined(text: &str) -> bool {
    let humps = text
        .chars()
        .zip(text.chars().skip(1))
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    let joined = text
        .char_indices()
        .any(|(at, c)| "_.:/\\-".contains(c) && at > 0 && at + 1 < text.len());
    !text.contains(' ') && (humps || joined) && !text.contains('@')
}

/// Participles that do not end in `ed`.
const IRREGULAR: &[&str] = &[
    "sent",
    "paid",
    "made",
    "left",
    "won",
    "lost",
    "begun",
    "done",
    "sold",
    "bought",
    "taken",
    "given",
    "gone",
    "met",
    "set",
    "put",
    "known",
    "shown",
    "withdrawn",
    "written",
    "born",
    "built",
    "found",
    "held",
    "chosen",
    "broken",
    "spent",
    "read",
    "cut",
    "split",
    "run",
    "drawn",
    "thrown",
];

/// Whether a name says that something happened: its last word, or one of the last two, is a participle.
pub(super) fn is_past(text: &str) -> bool {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for c in text.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if c.is_alphabetic() {
            if words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| word.len() > 1);
    let is_participle = |word: &String| {
        word.len() > 3 && word.ends_with("ed") || IRREGULAR.contains(&word.as_str())
    };
    words.iter().rev().take(3).any(is_participle)
}

/// What envelopes say of each thing inside.
const GENERIC: &[&str] = &[
    "event", "events", "message", "msg", "record", "document", "doc", "item", "entry", "row", "log",
];

/// What is done to rows, and no event of a domain.
const CRUD: &[&str] = &[
    "insert",
    "inserted",
    "update",
    "updated",
    "delete",
    "deleted",
    "create",
    "created",
    "destroy",
    "destroyed",
    "remove",
    "removed",
    "upsert",
    "truncate",
    "select",
    "add",
    "edit",
    "modify",
    "i",
    "u",
    "d",
    "c",
    "save",
    "login",
    "logout",
    "view",
    "read",
    "restore",
    "restored",
];

pub(super) fn is_crud(text: &str) -> bool {
    CRUD.contains(&text.to_lowercase().as_str())
}

pub(super) fn is_generic(text: &str) -> bool {
    GENERIC.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_from_what_was_done_to_a_row() {
        for text in [
            "MoneyDeposited",
            "order.paid.v2",
            "OwnerRenamed",
            "seat_taken",
        ] {
            assert!(is_past(text) && is_coined(text) && !is_crud(text), "{text}");
        }
        for text in ["INFO", "active", "Concert"] {
            assert!(
                is_word(text) && !is_past(text) && !is_coined(text),
                "{text}"
            );
        }
        assert!(is_crud("UPDATE") && !is_word("a sentence is no name of anything"));
    }
}
