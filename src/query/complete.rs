//! What may follow in a filter or a question that is being typed.

use std::ops::Range;

use super::path::Root;
use super::syntax::{Flag, Key};
use crate::history::EventLog;

/// The most that are offered.
const MOST: usize = 8;

/// Something that may stand where the cursor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The part of the text that it takes the place of, in bytes.
    pub range: Range<usize>,
    /// What is put there.
    pub text: String,
    /// How many events (or streams of a category) have it, where that is known.
    pub count: Option<u64>,
}

/// What may stand at `cursor`, best first.
///
/// `paths` are the fields seen, as a path would name them: of states for a question, with a root for a
/// filter. Costs a look at all types, and at streams until eight are found.
pub fn complete(
    text: &str,
    cursor: usize,
    log: &EventLog,
    paths: &[String],
    is_question: bool,
) -> Vec<Completion> {
    let cursor = floor(text, cursor);
    let head = &text[..cursor];
    let start = head
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | ')'))
        .map_or(0, |at| {
            at + head[at..].chars().next().map_or(1, char::len_utf8)
        });
    let start = start + usize::from(!is_question && head[start..].starts_with('-'));
    let word = &head[start..];
    let sign = word.find([':', '=', '~', '<', '>']);
    let mut found = match sign {
        Some(at) if !is_question => {
            let from = start + at + 1;
            values(&word[..at], &word[at + 1..], log, from..cursor)
        }
        Some(_) => Vec::new(),
        None if is_question => question_words(head, start, word, (log, paths), start..cursor),
        None => keys(word, paths, start..cursor),
    };
    found.retain(|completion| completion.text != text[completion.range.clone()]);
    found.truncate(MOST);
    found
}

fn floor(text: &str, cursor: usize) -> usize {
    let mut at = cursor.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn begins(name: &str, with: &str) -> bool {
    name.get(..with.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(with))
}

fn keys(word: &str, paths: &[String], range: Range<usize>) -> Vec<Completion> {
    if word.is_empty() {
        return Vec::new();
    }
    let plain = |text: String| Completion {
        range: range.clone(),
        text,
        count: None,
    };
    let keys = Key::WORDS.iter().map(|(word, _)| format!("{word}:"));
    let roots = Root::WORDS.iter().map(|(word, _)| format!("{word}."));
    let others = ["has:", "is:"].into_iter().map(str::to_owned);
    keys.chain(others)
        .chain(roots)
        .chain(paths.iter().cloned())
        .filter(|known| begins(known, word))
        .map(plain)
        .collect()
}

fn values(key: &str, word: &str, log: &EventLog, range: Range<usize>) -> Vec<Completion> {
    let offer = |text: &str, count: Option<u64>| {
        let needs_quotes =
            |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')' | ',' | '*' | '?');
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        Completion {
            range: range.clone(),
            text: if text.contains(needs_quotes) {
                quoted
            } else {
                text.to_owned()
            },
            count,
        }
    };
    let counted = |names: &[Box<str>], counts: &[u64]| {
        let mut fitting: Vec<(&str, u64)> = names
            .iter()
            .map(AsRef::as_ref)
            .zip(counts.iter().copied())
            .filter(|(name, _)| begins(name, word))
            .collect();
        fitting.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        fitting
            .into_iter()
            .take(MOST)
            .map(|(name, count)| offer(name, Some(count)))
            .collect()
    };
    match key {
        "type" => counted(log.type_names(), log.type_counts()),
        "category" => counted(log.category_names(), log.category_counts()),
        "stream" if !word.is_empty() => log
            .streams()
            .filter(|stream| begins(log.stream_name(*stream), word))
            .take(MOST)
            .map(|stream| {
                let count = log.events_of(stream).len() as u64;
                offer(log.stream_name(stream), Some(count))
            })
            .collect(),
        "is" => Flag::WORDS
            .iter()
            .filter(|(flag, _)| begins(flag, word))
            .map(|(flag, _)| offer(flag, None))
            .collect(),
        _ => Vec::new(),
    }
}

fn question_words(
    head: &str,
    start: usize,
    word: &str,
    (log, paths): (&EventLog, &[String]),
    range: Range<usize>,
) -> Vec<Completion> {
    const VERBS: [&str; 8] = [
        "become",
        "changes",
        "changes by >",
        "appears",
        "disappears",
        "reaches max",
        "reaches min",
        "in everything",
    ];
    let plain = |text: &str, count: Option<u64>| Completion {
        range: range.clone(),
        text: text.to_owned(),
        count,
    };
    if start == 0 {
        let fits = |path: &&String| begins(path, word);
        return paths
            .iter()
            .filter(fits)
            .map(|path| plain(path, None))
            .collect();
    }
    let before = head[..start].trim_end();
    if before.ends_with(" in") {
        let named = log.category_names().iter().zip(log.category_counts());
        let fits = named.filter(|(name, _)| begins(name, word) && !name.is_empty());
        return fits
            .map(|(name, count)| plain(name, Some(*count)))
            .collect();
    }
    let is_second = !before.contains(char::is_whitespace);
    let verbs = VERBS.iter().filter(|verb| begins(verb, word) && is_second);
    verbs.map(|verb| plain(verb, None)).collect()
}
