//! What cannot be read or is not there: one sentence, and the part of the text that it speaks of.

use std::fmt;
use std::ops::Range;

/// A part of a text, in bytes. Two spans are always equal, so that what is read is compared by what it
/// says and not by where it stood.
#[derive(Clone, Debug, Default)]
pub struct Span(pub Range<usize>);

impl PartialEq for Span {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

impl Span {
    /// From one byte to another.
    pub const fn new(from: usize, to: usize) -> Self {
        Self(from..to)
    }
}

/// Why a filter or a question cannot be read or answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The part of the text to be underlined, in bytes; it may be empty at the text's end.
    pub span: Span,
    /// One sentence without a final period.
    pub sentence: String,
    /// What may have been meant instead of the part.
    pub meant: Option<String>,
}

impl QueryError {
    pub(super) fn new(span: Span, sentence: impl Into<String>) -> Self {
        Self {
            span,
            sentence: sentence.into(),
            meant: None,
        }
    }

    /// A word that is not known, with the known one most like it.
    pub(super) fn no_word<'a>(
        span: Span,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            span,
            sentence: format!("No such word: {word}"),
            meant: nearest(word, known).map(str::to_owned),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        match &self.meant {
            Some(meant) => write!(f, ". Did you mean {meant}?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// The known word nearest to one that is not known, if it is near enough to have been meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    let word: Vec<char> = word.to_lowercase().chars().take(LONGEST).collect();
    let most = (word.len() / 3).clamp(1, 3);
    let distance = |known: &str| {
        let known: Vec<char> = known.to_lowercase().chars().take(LONGEST).collect();
        distance(&word, &known)
    };
    known
        .into_iter()
        .map(|known| (distance(known), known))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How many characters must be put in, left out, changed, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_and_a_far_one_is_not() {
        let known = ["type", "stream", "category", "after"];
        assert_eq!(nearest("typ", known), Some("type"));
        assert_eq!(nearest("steram", known), Some("stream"));
        assert_eq!(nearest("Categry", known), Some("category"));
        assert_eq!(nearest("balance", known), None);
    }
}
