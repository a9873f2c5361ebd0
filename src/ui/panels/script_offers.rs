//! What may follow in a script: words of the language of projections, types and fields of this file.

use super::script_words::{self as words, Use, Word};
use crate::event::TypeId;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::widgets::editor::Offer;

/// So many are looked for.
const MOST: usize = 9;

/// What kind of script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// One that makes the states of streams.
    Reducer,
    /// A projection.
    Projection,
}

/// What may stand at a byte of a script.
pub(super) fn complete<'a>(
    view: &'a View<'a>,
    log: &'a EventLog,
    of: Of,
) -> impl Fn(&str, usize) -> Vec<Offer> + 'a {
    move |written, at| offers(view, log, of, (written, at))
}

fn offers(view: &View<'_>, log: &EventLog, of: Of, (written, at): (&str, usize)) -> Vec<Offer> {
    let Some(head) = written.get(..at) else {
        return Vec::new();
    };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let start = head
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_name(*c))
        .last()
        .map_or(at, |(start, _)| start);
    let word = &head[start..];
    let before = &head[..start];
    let mut found = Found {
        word,
        range: start..at,
        offers: Vec::new(),
    };
    if let Some(path) = before.strip_suffix('.') {
        members(view, log, path, &mut found);
    } else if let Some(quoted) = before.strip_suffix(['\'', '"']) {
        categories(log, quoted, &mut found);
    } else if !word.is_empty() {
        let is_key = before.trim_end().ends_with(['{', ',']);
        if is_key {
            // A type is offered by the name it has here.
            let handlers = words::of(Use::Handler).filter(|word| word.name.starts_with('$'));
            found.add_all(handlers);
            types(log, &mut found);
        } else if of == Of::Projection || before.trim().is_empty() {
            found.add_all(words::of(Use::Source).chain(words::of(Use::Call)));
        }
    }
    found.offers
}

/// Offers that begin as what is typed.
struct Found<'a> {
    word: &'a str,
    range: std::ops::Range<usize>,
    offers: Vec<Offer>,
}

impl Found<'_> {
    fn add(&mut self, text: &str, note: impl Into<String>) {
        let head = text.get(..self.word.len());
        let begins = head.is_some_and(|head| head.eq_ignore_ascii_case(self.word));
        let known = self.offers.iter().any(|offer| offer.text == text);
        if begins && text != self.word && !known && self.offers.len() < MOST {
            self.offers.push(Offer {
                range: self.range.clone(),
                text: text.to_owned(),
                note: note.into(),
            });
        }
    }

    fn add_all<'w>(&mut self, words: impl Iterator<Item = &'w Word>) {
        for word in words {
            self.add(word.name, word.short);
        }
    }
}

/// The types by how many events each has; those that are no names in quotes.
fn types(log: &EventLog, found: &mut Found<'_>) {
    let names = log.type_names();
    let counts = log.type_counts();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|nr| std::cmp::Reverse(counts.get(*nr).copied().unwrap_or(0)));
    for nr in order {
        let count = counts.get(nr).copied().unwrap_or(0);
        found.add(&as_key(&names[nr]), format::count(count));
    }
}

/// A name as a member of an object is written.
pub(super) fn as_key(name: &str) -> String {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let plain = name.chars().all(is_name) && !name.starts_with(|c: char| c.is_numeric());
    if plain && !name.is_empty() {
        return name.to_owned();
    }
    let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}'", escaped.replace('\n', "\\n").replace('\r', "\\r"))
}

fn categories(log: &EventLog, quoted: &str, found: &mut Found<'_>) {
    if !quoted.ends_with("fromCategory(") {
        return;
    }
    for (name, count) in log.category_names().iter().zip(log.category_counts()) {
        found.add(name, format::count(*count));
    }
}

/// What follows a dot: steps of a chain after a bracket, what an event has after its name, fields of
/// payloads after `data`.
fn members(view: &View<'_>, log: &EventLog, path: &str, found: &mut Found<'_>) {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let from = path.rfind(|c: char| !is_path(c)).map_or(0, |at| {
        at + path[at..].chars().next().map_or(1, char::len_utf8)
    });
    let path = &path[from..];
    if path.is_empty() {
        found.add_all(words::of(Use::Step));
        return;
    }
    let mut steps: Vec<&str> = path.split('.').collect();
    let is_data = steps.len() >= 2 && matches!(steps[1], "data" | "body");
    if is_data {
        steps.drain(..2);
        for (name, note) in fields(view, log, &steps) {
            found.add(&name, note);
        }
    } else if steps.len() == 1 && matches!(steps[0], "e" | "ev" | "evt" | "event") {
        found.add_all(words::of(Use::Event));
    } else if steps.len() == 1 && matches!(steps[0], "s" | "state") {
        for path in super::query_text::state_paths(view, "") {
            found.add(&path, "");
        }
    }
}

/// The members of payloads under a path, with the type in which each was seen.
fn fields(view: &View<'_>, log: &EventLog, under: &[&str]) -> Vec<(String, String)> {
    use crate::event::json::Step;
    let mut found = Vec::new();
    let answer = view.workbench.answers.rule_facts.latest();
    let known = answer.and_then(|answer| answer.as_ref().ok());
    for (of, fields) in known.iter().flat_map(|facts| &facts.fields) {
        let name = type_name(log, *of);
        for field in fields {
            let steps = &field.path.0;
            let fits = steps.len() > under.len()
                && steps.iter().zip(under).all(
                    |(step, wanted)| matches!(step, Step::Key(key) if key.as_ref() == *wanted),
                );
            if let (true, Some(Step::Key(key))) = (fits, steps.get(under.len())) {
                found.push((key.to_string(), name.clone()));
            }
        }
    }
    found
}

fn type_name(log: &EventLog, of: TypeId) -> String {
    format::visible(log.type_name(of)).into_owned()
}
