//! Personal data made unreadable: the same value has the same mask wherever it stands.
//!
//! A mask is the name of the field with a number, such as `[email 2]`, counted in the order of the
//! report: unlike a hash it cannot be found out by trying values.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;

use crate::event::json::{Json, JsonPath, Step, parse};
use crate::event::{EventDetail, Payload};

/// Shorter texts are masked where they stand and not looked for elsewhere: they might mean something
/// else there.
const LEAST_FOUND_ELSEWHERE: usize = 4;
/// So many values are told apart; beyond that all have the same mask.
const MAX_VALUES: usize = 20_000;

/// What was masked by one of the patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Masked {
    /// The pattern as it was given.
    pub pattern: String,
    /// The fields that it fits, with how often each was masked.
    pub fields: BTreeMap<String, u64>,
    /// How many different values there were.
    pub values: u64,
}

/// Masks values, and remembers them.
#[derive(Debug, Default)]
pub(super) struct Mask {
    rules: Vec<Rule>,
    /// Masks by value as JSON text.
    masks: BTreeMap<String, String>,
    /// How many values each name has.
    counts: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Rule {
    /// The parts of the pattern between its dots, in lower case.
    parts: Vec<String>,
    masked: Masked,
}

impl Mask {
    /// A mask of fields whose names fit these patterns; `*` stands for any characters. A pattern with
    /// dots fits the end of a path.
    pub(super) fn new(patterns: &[String]) -> Self {
        let rule = |pattern: &String| Rule {
            parts: pattern
                .to_lowercase()
                .split('.')
                .map(str::to_owned)
                .collect(),
            masked: Masked {
                pattern: pattern.clone(),
                ..Masked::default()
            },
        };
        let given = patterns.iter().filter(|pattern| !pattern.trim().is_empty());
        Self {
            rules: given.map(rule).collect(),
            ..Self::default()
        }
    }

    /// Whether anything is to be masked.
    pub(super) fn is_on(&self) -> bool {
        !self.rules.is_empty()
    }

    /// What was masked so far.
    pub(super) fn manifest(&self) -> Vec<Masked> {
        self.rules.iter().map(|rule| rule.masked.clone()).collect()
    }

    /// JSON text with the values of fields masked that a pattern fits, and whether there were any; the
    /// text itself, digit for digit, where there were none. `root` is the name of what it stands in.
    pub(super) fn json(&mut self, root: &str, text: &str) -> (String, bool) {
        if !self.is_on() {
            return (text.to_owned(), false);
        }
        let Ok(mut value) = parse(text.as_bytes()) else {
            return ("[not shown: it cannot be read as JSON]".to_owned(), true);
        };
        let mut path = vec![root.to_lowercase()];
        if self.walk(&mut value, &mut path, None) {
            (value.to_string(), true)
        } else {
            (text.to_owned(), false)
        }
    }

    /// A value of a state that stands at a path.
    pub(super) fn at_path(&mut self, path: &JsonPath, text: &str) -> String {
        if !self.is_on() {
            return text.to_owned();
        }
        let Ok(mut value) = parse(text.as_bytes()) else {
            return text.to_owned();
        };
        let mut names = vec!["state".to_owned()];
        names.extend(path.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.to_lowercase()),
            Step::Index(_) => None,
        }));
        let fits = (1..names.len()).find_map(|end| self.fitting(&names[..=end]));
        self.walk(&mut value, &mut names, fits);
        value.to_string()
    }

    /// A text that stands in a field of that name.
    pub(super) fn text(&mut self, name: &str, text: &str) -> String {
        match self.fitting(&[name.to_lowercase()]) {
            Some(rule) => self.put(rule, name, &Json::Text(text.into())),
            None => text.to_owned(),
        }
    }

    /// Masks below a value; `fits` is the rule that fits something around it.
    fn walk(&mut self, value: &mut Json, path: &mut Vec<String>, fits: Option<usize>) -> bool {
        match value {
            Json::Object(object) if !object.is_empty() => {
                let members: Vec<(Box<str>, Json)> = object
                    .iter()
                    .map(|(key, value)| (key.into(), value.clone()))
                    .collect();
                let mut masked = crate::event::json::Object::default();
                let mut any = false;
                for (key, mut member) in members {
                    path.push(key.to_lowercase());
                    let rule = fits.or_else(|| self.fitting(path));
                    any |= self.walk(&mut member, path, rule);
                    path.pop();
                    masked.push(key, member);
                }
                *object = masked;
                any
            }
            Json::Array(elements) => {
                let mut any = false;
                for element in elements {
                    any |= self.walk(element, path, fits);
                }
                any
            }
            Json::Null => false,
            leaf => {
                let Some(rule) = fits else { return false };
                let name = path.last().cloned().unwrap_or_default();
                let mask = self.put(rule, &name, leaf);
                *leaf = Json::Text(mask.into());
                true
            }
        }
    }

    /// The first rule that fits a path in lower case.
    fn fitting(&self, path: &[String]) -> Option<usize> {
        let fits = |rule: &Rule| {
            let n_parts = rule.parts.len();
            let end = path.len().checked_sub(n_parts).map(|from| &path[from..]);
            end.is_some_and(|end| {
                rule.parts
                    .iter()
                    .zip(end)
                    .all(|(part, name)| glob(part, name))
            })
        };
        self.rules.iter().position(fits)
    }

    fn put(&mut self, rule: usize, name: &str, value: &Json) -> String {
        let key = value.to_string();
        let known = self.masks.get(&key).cloned();
        let is_new = known.is_none();
        let mask = known.unwrap_or_else(|| {
            if self.masks.len() >= MAX_VALUES {
                return format!("[{name}]");
            }
            let count = self.counts.entry(name.to_owned()).or_default();
            *count += 1;
            let mask = format!("[{name} {count}]");
            self.masks.insert(key, mask.clone());
            mask
        });
        if let Some(rule) = self.rules.get_mut(rule) {
            *rule.masked.fields.entry(name.to_owned()).or_default() += 1;
            rule.masked.values += u64::from(is_new);
        }
        mask
    }

    /// Finds the values that were masked wherever else they stand.
    pub(super) fn elsewhere(&self) -> Elsewhere {
        let mut known: Vec<(String, &str)> = self
            .masks
            .iter()
            .filter_map(|(value, mask)| match parse(value.as_bytes()) {
                Ok(Json::Text(text)) if is_telling(&text) => Some((text.into(), mask.as_str())),
                _ => None,
            })
            .collect();
        // The longest first, so that no part of one is taken for another.
        known.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        let words: Vec<String> = known.iter().map(|(text, _)| regex::escape(text)).collect();
        let pattern = if words.is_empty() {
            None
        } else {
            regex::RegexBuilder::new(&words.join("|"))
                .size_limit(1 << 28)
                .build()
                .ok()
        };
        let masks = known
            .into_iter()
            .map(|(text, mask)| (text, mask.to_owned()))
            .collect();
        Elsewhere { pattern, masks }
    }
}

/// Masks the personal data of events one after another, for what is exported of them.
///
/// Fields are named as for a report. Names of streams stay, because events belong together by them; a
/// payload that is no JSON is left out whole, because nobody knows what it holds.
#[derive(Debug)]
pub struct EventMask {
    mask: RefCell<Mask>,
    patterns: String,
}

impl EventMask {
    /// A mask of fields whose names fit these patterns; `None` where there are none.
    pub fn new(patterns: &[String]) -> Option<Self> {
        let mask = Mask::new(patterns);
        mask.is_on().then(|| Self {
            mask: RefCell::new(mask),
            patterns: patterns.join(", "),
        })
    }

    /// What an export says of having been masked: a name and the patterns.
    pub fn said(&self) -> (String, String) {
        ("annals.masked".to_owned(), self.patterns.clone())
    }

    /// As [`Self::hide`], for those who do it to one event after another.
    pub fn hides(&self) -> impl Fn(&mut EventDetail) + '_ {
        |event| self.hide(event)
    }

    /// Makes what the patterns fit unreadable in an event, each value by the mask that it had before.
    pub fn hide(&self, event: &mut EventDetail) {
        let mut mask = self.mask.borrow_mut();
        hide(&mut mask, "data", &mut event.data);
        hide(&mut mask, "metadata", &mut event.metadata);
        event.user = event.user.take().map(|user| mask.text("user", &user));
        for (name, value) in &mut event.extra {
            match value {
                Payload::Text(text) => *text = mask.text(name, text).into(),
                value => hide(&mut mask, name, value),
            }
        }
    }
}

fn hide(mask: &mut Mask, root: &str, payload: &mut Payload) {
    *payload = match &*payload {
        Payload::Missing => return,
        Payload::Json(text) => match mask.json(root, text) {
            (_, false) => return,
            (masked, true) => Payload::Json(masked.into()),
        },
        Payload::Text(_) | Payload::Bytes(_) => {
            Payload::Text("[not shown: it is no JSON, and values are masked]".into())
        }
    };
}

/// Whether a text is long enough to mean one thing only.
fn is_telling(text: &str) -> bool {
    text.chars().count() >= LEAST_FOUND_ELSEWHERE && text.chars().any(char::is_alphabetic)
}

/// Replaces masked values in other texts, such as the sentence of a finding.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    pattern: Option<Regex>,
    masks: BTreeMap<String, String>,
}

impl Elsewhere {
    /// The text with every masked value replaced.
    pub(super) fn text(&self, text: &mut String) {
        let Some(pattern) = &self.pattern else { return };
        if !pattern.is_match(text) {
            return;
        }
        let masked = pattern.replace_all(text, |found: &regex::Captures<'_>| {
            self.masks.get(&found[0]).cloned().unwrap_or_default()
        });
        *text = masked.into_owned();
    }
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(before) = last.replace(part) {
            match rest.find(before) {
                Some(at) => rest = &rest[at + before.len()..],
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(patterns: &[&str]) -> Mask {
        let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
        Mask::new(&patterns)
    }

    #[test]
    fn the_same_value_has_the_same_mask_and_others_keep_their_digits() {
        let mut mask = mask(&["email", "*name", "data.customer"]);
        let text =
            r#"{"email":"a@b.example","total":1.50,"lastName":"Moreau","customer":{"id":7}}"#;
        assert_eq!(
            mask.json("data", text).0,
            r#"{"email":"[email 1]","total":1.50,"lastName":"[lastname 1]","customer":{"id":"[id 1]"}}"#
        );
        let other = r#"[{"Email":"c@d.example"},{"email":"a@b.example"}]"#;
        assert_eq!(
            mask.json("data", other).0,
            r#"[{"Email":"[email 2]"},{"email":"[email 1]"}]"#
        );
        let mut said = "Moreau wrote to a@b.example".to_owned();
        mask.elsewhere().text(&mut said);
        assert_eq!(said, "[lastname 1] wrote to [email 1]");
        let manifest = mask.manifest();
        assert_eq!((manifest[0].values, manifest[0].fields["email"]), (2, 3));
    }

    #[test]
    fn without_patterns_every_text_stays_as_it_is() {
        let text = r#"{ "a" : 1.0e2 }"#;
        assert_eq!(mask(&[]).json("data", text), (text.to_owned(), false));
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(glob("*name*", "lastname") && glob("a*c", "abbc") && glob("x", "x"));
        assert!(!glob("a*c", "abcd") && !glob("name", "names") && !glob("a*b*c", "acb"));
    }
}
