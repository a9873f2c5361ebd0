//! What an event did to its stream's state, as one plain sentence.

use super::diff::{Change, ChangeKind};
use crate::event::json::{Json, JsonPath, Step};

/// How many changes are told one by one; the others are counted.
const MOST_TOLD: usize = 3;
/// The most characters of a text that are told.
const MOST_CHARS: usize = 40;

/// `DiscountApplied v7 lowered balance from 0.00 to −50.00 and added a second discount`.
///
/// `subject` is the event, as its type and version. Numbers that changed are told first, then what was
/// added to lists, then the rest.
pub fn narrate(subject: &str, changes: &[Change]) -> String {
    if changes.is_empty() {
        return format!("{subject} changed nothing");
    }
    let mut ordered: Vec<&Change> = changes.iter().collect();
    ordered.sort_by_key(|change| weight(change));
    let told = if ordered.len() <= MOST_TOLD + 1 {
        ordered.len()
    } else {
        MOST_TOLD
    };
    let mut parts: Vec<String> = ordered
        .iter()
        .take(told)
        .map(|change| tell(change))
        .collect();
    let n_more = ordered.len() - told;
    if n_more > 0 {
        parts.push(format!("made {n_more} more changes"));
    }
    format!("{subject} {}", listed(&parts))
}

fn weight(change: &Change) -> u8 {
    let is_element = matches!(change.path.0.last(), Some(Step::Index(_)));
    match (change.kind, amounts(change)) {
        (ChangeKind::Changed, Some(_)) => 0,
        (ChangeKind::Added | ChangeKind::Removed, _) if is_element => 1,
        (ChangeKind::Changed, None) => 2,
        (ChangeKind::Added, _) => 3,
        (ChangeKind::Removed, _) => 4,
    }
}

/// The two numbers of a change of a number.
fn amounts(change: &Change) -> Option<(&Json, &Json)> {
    match (&change.old, &change.new) {
        (Some(old @ Json::Number(_)), Some(new @ Json::Number(_))) => Some((old, new)),
        _ => None,
    }
}

fn tell(change: &Change) -> String {
    let name = change.path.to_string();
    let name = if name.is_empty() { "the state" } else { &name };
    if let Some((old, new)) = amounts(change) {
        let verb = match (old.as_decimal(), new.as_decimal()) {
            (Some(old), Some(new)) if new < old => "lowered",
            (Some(_), Some(_)) => "raised",
            _ => "changed",
        };
        return format!("{verb} {name} from {} to {}", said(old), said(new));
    }
    if let Some(element) = element(change) {
        return element;
    }
    match (change.kind, &change.old, &change.new) {
        (ChangeKind::Changed, Some(old), Some(new)) if old.is_leaf() && new.is_leaf() => {
            format!("changed {name} from {} to {}", said(old), said(new))
        }
        (ChangeKind::Added, _, Some(new)) if new.is_leaf() => {
            format!("set {name} to {}", said(new))
        }
        (ChangeKind::Added, ..) => format!("added {name}"),
        (ChangeKind::Removed, ..) => format!("removed {name}"),
        (ChangeKind::Changed, ..) => format!("changed {name}"),
    }
}

/// `added a second discount`, of what came to a list or went.
fn element(change: &Change) -> Option<String> {
    let (Step::Index(index), list) = change.path.0.split_last()? else {
        return None;
    };
    let Some(Step::Key(name)) = list.last() else {
        return None;
    };
    let one = singular(name);
    match change.kind {
        ChangeKind::Added => Some(format!("added {} {one}", ordinal(*index))),
        ChangeKind::Removed => Some(format!(
            "removed {one} {} of {}",
            index + 1,
            JsonPath(list.to_vec())
        )),
        ChangeKind::Changed => None,
    }
}

fn ordinal(index: usize) -> String {
    const WORDS: [&str; 6] = [
        "a first", "a second", "a third", "a fourth", "a fifth", "a sixth",
    ];
    match WORDS.get(index) {
        Some(word) => (*word).to_owned(),
        None => format!("number {} of", index + 1),
    }
}

/// A word for one of several; the name itself where it is no plural.
fn singular(name: &str) -> &str {
    match name.strip_suffix('s') {
        Some(one) if one.len() >= 3 && !one.ends_with(['s', 'u', 'i']) => one,
        _ => name,
    }
}

fn said(value: &Json) -> String {
    match value {
        Json::Number(digits) => digits.replacen('-', "\u{2212}", 1),
        Json::Text(text) => {
            let mut shown: String = text.chars().take(MOST_CHARS).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            shown
        }
        Json::Array(_) => "an empty list".to_owned(),
        Json::Object(_) => "an empty object".to_owned(),
        other => other.to_string(),
    }
}

fn listed(parts: &[String]) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;
    use crate::fold::diff_by_element;

    fn told(old: &str, new: &str) -> String {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        narrate(
            "DiscountApplied v7",
            &diff_by_element(&read(old), &read(new)),
        )
    }

    #[test]
    fn amounts_come_first_and_elements_are_counted_in_words() {
        assert_eq!(
            told(
                r#"{"discounts":[{"code":"A"}],"balance":0.00}"#,
                r#"{"discounts":[{"code":"A"},{"code":"B"}],"balance":-50.00}"#
            ),
            "DiscountApplied v7 lowered balance from 0.00 to \u{2212}50.00 and added a second discount"
        );
    }

    #[test]
    fn many_changes_are_counted_and_none_is_said() {
        assert_eq!(told("{}", "{}"), "DiscountApplied v7 changed nothing");
        assert_eq!(
            told(
                r#"{"x":1}"#,
                r#"{"a":1,"b":2,"c":{"d":1},"status":"Paid","e":null}"#
            ),
            "DiscountApplied v7 set a to 1, set b to 2, added c and made 3 more changes"
        );
        assert_eq!(
            told(r#"{"status":"Placed"}"#, r#"{"status":"Paid"}"#),
            "DiscountApplied v7 changed status from Placed to Paid"
        );
    }
}
