//! Texts came through unharmed (D3): no replacement characters, no text decoded twice, no characters
//! that hide or reorder others.

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::words::counted;
use crate::event::{EventDetail, Payload, Position, Severity, Want};

/// Looks through the text of every payload; plain ASCII costs one walk.
#[derive(Default)]
pub(super) struct Encoding {
    n_seen: u64,
    kinds: [Tally; 4],
}

#[derive(Default)]
struct Tally {
    n: u64,
    first: Vec<Position>,
}

/// What is found, one bit each, and how it is said of a payload and of several.
const REPLACED: usize = 0;
const DOUBLED: usize = 1;
const NUL: usize = 2;
const REORDERING: usize = 3;
const SAID: [&str; 4] = [
    "the replacement character U+FFFD: something could not be decoded before it was stored",
    "text that was decoded with the wrong encoding, such as Ã©",
    "the character NUL",
    "characters that change the direction of the text around them",
];

impl Check for Encoding {
    fn id(&self) -> &'static str {
        "encoding"
    }

    fn title(&self) -> &'static str {
        "Texts came through unharmed"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Payloads)
    }

    fn see(&mut self, _: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.n_seen += 1;
        let mut kinds = 0;
        for payload in [&detail.data, &detail.metadata] {
            if let Payload::Json(text) | Payload::Text(text) = payload {
                kinds |= look(text);
            }
        }
        if kinds == 0 {
            return;
        }
        for (at, tally) in self.kinds.iter_mut().enumerate() {
            if kinds & 1 << at != 0 {
                tally.n += 1;
                if tally.first.len() < MAX_KEPT {
                    tally.first.push(position);
                }
            }
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        found.covered(counted(self.n_seen, "event"));
        for (tally, said) in self.kinds.iter_mut().zip(SAID) {
            let group = format!("{} hold {said}", counted(tally.n, "event"));
            let before = found.total();
            for position in std::mem::take(&mut tally.first) {
                found.add(Severity::Warning, |finding| {
                    let finding = finding.at(scene, position);
                    let finding = finding.says(format!("The event holds {said}"));
                    if tally.n > 1 {
                        finding.grouped(group.clone())
                    } else {
                        finding
                    }
                });
            }
            found.add_uncounted(Severity::Warning, tally.n - (found.total() - before));
        }
    }
}

/// Which of the kinds a text holds.
fn look(text: &str) -> u8 {
    let bytes = text.as_bytes();
    let mut kinds = look_at_escapes(bytes);
    if bytes.is_ascii() {
        return kinds | u8::from(memchr::memchr(0, bytes).is_some()) << NUL;
    }
    let mut before = '\0';
    for c in text.chars() {
        kinds |= kind_of(before, c);
        before = c;
    }
    kinds
}

fn kind_of(before: char, c: char) -> u8 {
    match c {
        '\u{fffd}' => 1 << REPLACED,
        '\0' => 1 << NUL,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => 1 << REORDERING,
        // UTF-8 taken for Latin-1 or Windows-1252.
        '\u{80}'..='\u{bf}' if matches!(before, 'Ã' | 'Â') => 1 << DOUBLED,
        '€' if before == 'â' => 1 << DOUBLED,
        _ => 0,
    }
}

/// The same as escapes of JSON: `\u0000`, `\ufffd`, `\u202e`.
fn look_at_escapes(bytes: &[u8]) -> u8 {
    let mut kinds = 0;
    for at in memchr::memchr_iter(b'\\', bytes) {
        let Some([b'\\', b'u', digits @ ..]) = bytes.get(at..at + 6) else {
            continue;
        };
        let escaped = std::str::from_utf8(digits).ok();
        let escaped = escaped.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        // An escaped backslash before it makes this plain text; what follows is then no escape.
        let n_before = bytes.get(..at).unwrap_or_default().iter().rev();
        let is_escaped = n_before.take_while(|byte| **byte == b'\\').count() % 2 == 1;
        if let Some(c) = escaped.and_then(char::from_u32).filter(|_| !is_escaped) {
            kinds |= kind_of('\0', c);
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmed_texts_are_told_from_sound_ones() {
        for sound in [
            "{}",
            "Zoë Åkerström, 王小明",
            "Ãlvaro fez um pão",
            "a\\\\u0000",
            "à la carte — “ok” € 5",
            "\\u00e9",
        ] {
            assert_eq!(look(sound), 0, "{sound}");
        }
        for (harmed, kind) in [
            ("ol\u{fffd}", REPLACED),
            ("caf\u{c3}\u{a9}", DOUBLED),
            ("itâ€™s", DOUBLED),
            ("a\\u0000b", NUL),
            ("a\0b", NUL),
            ("\u{202e}gpj", REORDERING),
            ("\\u202Egpj", REORDERING),
        ] {
            assert_eq!(look(harmed), 1 << kind, "{harmed:?}");
        }
    }
}
