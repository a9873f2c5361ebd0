//! The filter of the table of undertakings: `events>20 span>1h streams<3 order`.

use crate::history::{EventLog, UndertakingLine};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Events,
    Streams,
    Span,
}

/// Which of the two is to be larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Than {
    More,
    Less,
}

/// What is let through: all that is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sieve {
    bounds: Vec<(What, Than, i64)>,
    /// Parts of the correlation, of the main stream's name or of the first event's type, in lower case.
    words: Vec<String>,
}

impl Sieve {
    /// Reads a filter; the error says what cannot be read.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut sieve = Self::default();
        for word in text.split_whitespace() {
            let Some(at) = word.find(['>', '<']) else {
                sieve.words.push(word.to_lowercase());
                continue;
            };
            let (name, rest) = word.split_at(at);
            let what = match name {
                "events" => What::Events,
                "streams" => What::Streams,
                "span" | "lasts" => What::Span,
                _ => return Err(format!("{name} is neither events, streams nor span")),
            };
            let than = if rest.starts_with('>') {
                Than::More
            } else {
                Than::Less
            };
            let value = rest.get(1..).unwrap_or_default();
            let number = match what {
                What::Span => nanos(value),
                What::Events | What::Streams => value.parse().ok(),
            };
            let number = number.ok_or_else(|| match what {
                What::Span => format!("{value} is no length of time such as 1h or 30 m"),
                _ => format!("{value} is no number"),
            })?;
            sieve.bounds.push((what, than, number));
        }
        Ok(sieve)
    }

    /// Whether an undertaking is let through.
    pub(super) fn fits(&self, log: &EventLog, line: &UndertakingLine) -> bool {
        let is_within = |(what, than, bound): &(What, Than, i64)| {
            let value = match what {
                What::Events => Some(i64::from(line.n_events)),
                What::Streams => Some(i64::from(line.n_streams)),
                What::Span => line.lasts(),
            };
            value.is_some_and(|value| match than {
                Than::More => value > *bound,
                Than::Less => value < *bound,
            })
        };
        let has = |word: &String| {
            let names = [
                &*line.correlation,
                log.stream_name(line.main),
                log.type_name(log.event_type(line.first)),
            ];
            names.iter().any(|name| name.to_lowercase().contains(word))
        };
        self.bounds.iter().all(is_within) && self.words.iter().all(has)
    }
}

/// A length of time such as `250ms`, `41s`, `5m`, `1h` or `2d`, in nanoseconds.
fn nanos(text: &str) -> Option<i64> {
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let unit: i64 = match unit {
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    };
    number.trim().parse::<i64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_words_are_read_and_what_is_neither_is_said() {
        let sieve = Sieve::read("events>20 span<1h Order").unwrap();
        assert_eq!(
            sieve.bounds,
            [
                (What::Events, Than::More, 20),
                (What::Span, Than::Less, 3_600_000_000_000)
            ]
        );
        assert_eq!(sieve.words, ["order"]);
        assert!(Sieve::read("events>x").unwrap_err().contains("no number"));
        assert!(Sieve::read("span>1").unwrap_err().contains("length"));
        assert!(Sieve::read("size>1").unwrap_err().contains("neither"));
    }
}
