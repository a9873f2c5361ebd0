//! What may follow in a sentence of a rule that is being written, and sentences to begin with.

use crate::query::Completion;
use crate::workbench::SeenField;

/// The most that are offered.
const MOST: usize = 8;

/// How a sentence begins.
const VERBS: [&str; 9] = [
    "set ",
    "merge ",
    "add ",
    "subtract ",
    "append ",
    "remove ",
    "count ",
    "delete ",
    "when ",
];

/// What may stand at `cursor`, a place between two characters: `fields` are the fields of payloads and
/// states as sentences name them.
pub(super) fn offered(written: &str, cursor: usize, fields: &[String]) -> Vec<Completion> {
    let Some(head) = written.get(..cursor) else {
        return Vec::new();
    };
    let start = head.rfind(char::is_whitespace).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &head[start..];
    let begins = |name: &str| {
        let same = name.get(..word.len());
        same.is_some_and(|same| same.eq_ignore_ascii_case(word)) && name.trim_end() != word
    };
    let before = head[..start].trim();
    let is_first = before.is_empty() || before.ends_with(" then");
    let verbs = VERBS.iter().map(|verb| (*verb).to_owned());
    let known: Vec<String> = if is_first {
        verbs.filter(|name| begins(name)).collect()
    } else {
        let names = fields.iter().filter(|name| begins(name));
        names.take(MOST).cloned().collect()
    };
    let offer = |text: String| Completion {
        range: start..cursor,
        text,
        count: None,
    };
    known.into_iter().map(offer).collect()
}

/// Sentences to begin with, for a type whose payloads have these fields.
pub(super) fn templates(fields: &[SeenField]) -> Vec<String> {
    let first = |fits: fn(&SeenField) -> bool| fields.iter().find(|field| fits(field));
    let named = |field: Option<&SeenField>, other: &str| match field {
        Some(field) => (field.source.to_string(), field.path.to_string()),
        None => (format!("data.{other}"), other.to_owned()),
    };
    let (from, to) = named(fields.first(), "status");
    let (amount, sum) = named(first(|field| field.is_number), "amount");
    let (list, count) = named(first(|field| field.is_list), "lines");
    vec![
        "merge data".to_owned(),
        format!("set {to} to {from}"),
        format!("add {amount} to {sum}"),
        "append data to items".to_owned(),
        format!("count {list} into {count}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::rules::Sentence;

    #[test]
    fn a_sentence_begins_with_a_verb_and_goes_on_with_fields() {
        let fields = ["data.amount".to_owned(), "balance".to_owned()];
        let texts = |written: &str| -> Vec<String> {
            let offers = offered(written, written.len(), &fields);
            offers.into_iter().map(|offer| offer.text).collect()
        };
        assert_eq!(texts("a"), ["add ", "append "]);
        assert_eq!(texts("add data."), ["data.amount"]);
        assert_eq!(texts("add data.amount to b"), ["balance"]);
        assert_eq!(texts("when data.amount > 0 then s"), ["set ", "subtract "]);
        assert!(texts("add data.amount").is_empty());
        assert!(offered("\u{e9}", 1, &fields).is_empty());
    }

    #[test]
    fn every_template_is_a_sentence() {
        for template in templates(&[]) {
            assert!(Sentence::parse(&template).is_ok(), "{template}");
        }
    }
}
