//! The words of the language of projections, from the one text that says them all: they are offered while a
//! script is written, and listed as its reference.

use std::sync::LazyLock;

/// The text: `= section`, then lines of a word with what it takes, a few words and a sentence.
const TEXT: &str = include_str!("../../../assets/script/reference.txt");

/// What a word is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Where events come from.
    Source,
    /// A step of the chain.
    Step,
    /// A name in `when`.
    Handler,
    /// What an event has.
    Event,
    /// A call in a handler.
    Call,
    /// A name in `options`.
    Option,
}

/// The sections in the order of the text.
const USES: [Use; 6] = [
    Use::Source,
    Use::Step,
    Use::Handler,
    Use::Event,
    Use::Call,
    Use::Option,
];

/// A word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// What it is for.
    pub(super) used: Use,
    /// The word itself, as it is typed.
    pub(super) name: &'static str,
    /// The same with what it takes.
    pub(super) written: &'static str,
    /// What it is, in a few words.
    pub(super) short: &'static str,
    /// What it is, in a sentence.
    pub(super) sentence: &'static str,
}

/// All words, with the titles of their sections.
pub(super) struct Words {
    /// The words in the order of the text.
    pub(super) all: Vec<Word>,
    /// What each section is called.
    pub(super) titles: Vec<(Use, &'static str)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| read(TEXT));

/// All words.
pub(super) fn words() -> &'static Words {
    &WORDS
}

/// Those of one use.
pub(super) fn of(used: Use) -> impl Iterator<Item = &'static Word> {
    words().all.iter().filter(move |word| word.used == used)
}

fn read(text: &'static str) -> Words {
    let mut words = Words {
        all: Vec::new(),
        titles: Vec::new(),
    };
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("= ") {
            if let Some(used) = USES.get(words.titles.len()) {
                words.titles.push((*used, title));
            }
            continue;
        }
        let mut parts = line.splitn(3, " | ");
        let (Some(written), Some(short), Some(sentence)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Some((used, _)) = words.titles.last() else {
            continue;
        };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = written.find(|c| !is_name(c)).unwrap_or(written.len());
        words.all.push(Word {
            used: *used,
            name: &written[..end],
            written,
            short,
            sentence,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that a script can say stand in the program that reads it.
    const READER: &str = include_str!("../../../assets/script/words.js");

    #[test]
    fn every_line_is_a_word_of_its_section() {
        let n_lines = TEXT.lines().filter(|line| line.contains(" | ")).count();
        assert_eq!(words().all.len(), n_lines);
        assert_eq!(words().titles.len(), USES.len());
        for word in &words().all {
            assert!(!word.name.is_empty(), "{word:?}");
            assert!(word.sentence.ends_with('.'), "{word:?}");
        }
    }

    #[test]
    fn what_the_reference_says_is_what_the_reader_of_scripts_knows() {
        let lower = READER.to_lowercase();
        let known = [Use::Source, Use::Step, Use::Handler, Use::Call, Use::Option];
        for word in known.into_iter().flat_map(of) {
            // A type is no word of the language.
            if word.name != "OrderPlaced" {
                assert!(lower.contains(&word.name.to_lowercase()), "{}", word.name);
            }
        }
        let list = READER.split("for (const name of ['when'").nth(1).unwrap();
        let steps = list.split(']').next().unwrap().split(['\'', ',', ' ']);
        for step in steps.filter(|step| !step.is_empty() && !step.starts_with('$')) {
            assert!(of(Use::Step).any(|word| word.name == step), "{step}");
        }
    }
}
