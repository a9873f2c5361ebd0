//! What may follow in a sentence of a rule that is being written, and sentences to begin with.

use crate::query::Completion;
use crate::workbench::SeenField;

/// The most that are offered.
const MOST: usize = 9;

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

/// The fields that a sentence can name.
pub(super) struct Names {
    /// Where values come from: `data.amount`, `state.total`.
    pub(super) sources: Vec<String>,
    /// Where in the state they go: `total`.
    pub(super) targets: Vec<String>,
}

/// What may stand at `cursor`, in bytes.
pub(super) fn offered(written: &str, cursor: usize, names: &Names) -> Vec<Completion> {
    let Some(head) = written.get(..cursor) else {
        return Vec::new();
    };
    let start = head.rfind(char::is_whitespace).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &head[start..];
    let begins = |name: &&str| {
        let same = name.get(..word.len());
        same.is_some_and(|same| same.eq_ignore_ascii_case(word)) && name.trim_end() != word
    };
    let before = words_of_clause(&head[..start]);
    let known: Vec<&str> = match before.split_first() {
        None => VERBS.to_vec(),
        Some((verb, rest)) => {
            let is_past_joint = rest
                .iter()
                .any(|word| matches!(*word, "to" | "from" | "into"));
            let begins_with_target = matches!(*verb, "set" | "delete");
            let goes_to_target = *verb != "when" && begins_with_target != is_past_joint;
            let fields = if goes_to_target {
                &names.targets
            } else {
                &names.sources
            };
            fields.iter().map(String::as_str).collect()
        }
    };
    let fitting = known.into_iter().filter(begins).take(MOST);
    let offer = |text: &str| Completion {
        range: start..cursor,
        text: text.to_owned(),
        count: None,
    };
    fitting.map(offer).collect()
}

/// The words before the cursor that belong to what is to be done, or to the conditions.
fn words_of_clause(before: &str) -> Vec<&str> {
    let clause = before.rsplit(" then ").next().unwrap_or_default();
    clause.split_whitespace().collect()
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
        let names = Names {
            sources: vec!["data.amount".to_owned(), "state.balance".to_owned()],
            targets: vec!["balance".to_owned()],
        };
        let texts = |written: &str| -> Vec<String> {
            let offers = offered(written, written.len(), &names);
            offers.into_iter().map(|offer| offer.text).collect()
        };
        assert_eq!(texts("a"), ["add ", "append "]);
        assert_eq!(texts("add data."), ["data.amount"]);
        assert_eq!(texts("add data.amount to b"), ["balance"]);
        assert_eq!(texts("when data.amount > 0 then s"), ["set ", "subtract "]);
        assert_eq!(texts("set b"), ["balance"]);
        assert_eq!(texts("set total to s"), ["state.balance"]);
        assert!(texts("add data.amount").is_empty());
        assert!(offered("\u{e9}", 1, &names).is_empty());
    }

    #[test]
    fn every_template_is_a_sentence() {
        for template in templates(&[]) {
            assert!(Sentence::parse(&template).is_ok(), "{template}");
        }
    }
}
