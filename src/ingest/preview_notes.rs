//! What is to be known of a mapping before a file is opened by it, in sentences.

use super::preview::{LookedAt, Payloads, PreviewNote};
use crate::event::{Problems, grouped};

impl LookedAt<'_> {
    /// The sentences, what is worst first.
    pub(super) fn notes(
        &self,
        problems: &Problems,
        payloads: &Payloads,
        is_whole: bool,
    ) -> Vec<PreviewNote> {
        let mut notes = Vec::new();
        let mut note = |is_warning, text: String| notes.push(PreviewNote { is_warning, text });
        let n_broken = payloads.broken.len() as u64;
        if n_broken > 0 {
            let text = rows_have(n_broken, "a payload that cannot be read");
            note(true, format!("{text} {}", marked(n_broken)));
        }
        for (kind, count) in problems.kinds() {
            if let Some((is_warning, text)) = said(kind, *count, problems) {
                note(is_warning, text);
            }
        }
        if payloads.n_text > 0 {
            let text = rows_have(payloads.n_text, "a payload that is text and no JSON");
            note(false, format!("{text} States cannot be made of it."));
        }
        if let Some(base) = self.log.version_base().filter(|_| self.has.version) {
            note(
                false,
                format!(
                    "Versions start at {0}. State @ v{0} is the state after the first event.",
                    base.0
                ),
            );
        }
        if !is_whole {
            let looked = grouped(self.log.len() as u64);
            note(false, format!("Counted in the first {looked} rows."));
        } else if self.has.data && payloads.n_read < self.log.len() as u64 {
            let looked = grouped(payloads.n_read);
            note(
                false,
                format!("Payloads were read in the first {looked} rows."),
            );
        }
        notes
    }
}

/// What is said about a kind of problem; `None` where the rows show it themselves.
fn said(kind: &str, count: u64, problems: &Problems) -> Option<(bool, String)> {
    let text = match kind {
        "unreadable-time" => format!(
            "{} {}",
            rows_have(count, "a time that cannot be read"),
            marked(count)
        ),
        "unreadable-version" => format!(
            "{} {}",
            rows_have(count, "a version that cannot be read"),
            marked(count)
        ),
        "not-an-event" => format!(
            "{} They are counted and not opened.",
            rows_have(count, "no stream or no type")
        ),
        "no-version" => return None,
        _ => {
            let first = problems.items().iter().find(|item| item.kind == kind)?;
            let sentence = capital(&first.message);
            let is_warning = first.severity != crate::event::Severity::Info;
            return Some((is_warning, times(&sentence, count)));
        }
    };
    Some((true, text))
}

fn times(sentence: &str, count: u64) -> String {
    if count > 1 {
        format!("{sentence}, {} times.", grouped(count))
    } else {
        format!("{sentence}.")
    }
}

fn rows_have(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 row has {what}.")
    } else {
        format!("{} rows have {what}.", grouped(count))
    }
}

fn marked(count: u64) -> &'static str {
    if count == 1 {
        "It will open as an event with an error mark."
    } else {
        "They will open as events with an error mark."
    }
}

fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
