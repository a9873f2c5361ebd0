//! Names with wildcards, without regard to case.

/// A pattern in which `*` stands for anything and `?` for one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    /// The pattern in bytes, where it is ASCII and without wildcards.
    plain: Option<Box<[u8]>>,
    /// Whether anything may follow.
    is_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Char(char),
    One,
    Any,
}

impl Glob {
    /// Matches a whole text.
    pub fn whole(pattern: &str) -> Self {
        Self::new(pattern, part, false)
    }

    /// Matches the beginning of a text.
    pub fn beginning(pattern: &str) -> Self {
        Self::new(pattern, part, true)
    }

    /// Matches a text that is written so, `*` and `?` included.
    pub fn literal(text: &str, is_open: bool) -> Self {
        Self::new(text, |c| Part::Char(lower(c)), is_open)
    }

    fn new(pattern: &str, part: fn(char) -> Part, is_open: bool) -> Self {
        let mut parts: Vec<Part> = pattern.chars().map(part).collect();
        parts.dedup_by(|a, b| *a == Part::Any && *b == Part::Any);
        let is_plain = pattern.is_ascii() && parts.iter().all(|part| matches!(part, Part::Char(_)));
        Self {
            parts,
            plain: is_plain.then(|| pattern.as_bytes().into()),
            is_open,
        }
    }

    /// Whether it matches. Costs at most pattern times text.
    pub fn matches(&self, text: &str) -> bool {
        if let Some(plain) = &self.plain
            && let Some(head) = text.as_bytes().get(..plain.len())
        {
            let is_same = head.eq_ignore_ascii_case(plain);
            if is_same || text.is_ascii() {
                return is_same && (self.is_open || text.len() == plain.len());
            }
        }
        self.walk(text)
    }

    fn walk(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text.chars());
        // Where to go on after the last `*`, should what follows it not fit.
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            if at == self.parts.len() && self.is_open {
                return true;
            }
            let mut ahead = rest.clone();
            let next = ahead.next();
            match (self.parts.get(at), next) {
                (Some(Part::Any), _) => {
                    retry = Some((at + 1, rest.clone()));
                    at += 1;
                    continue;
                }
                (Some(Part::One), Some(_)) => {
                    at += 1;
                    rest = ahead;
                    continue;
                }
                (Some(Part::Char(wanted)), Some(c)) if lower(c) == *wanted => {
                    at += 1;
                    rest = ahead;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((after, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            at = *after;
            rest = from.clone();
        }
    }
}

/// What a character of a pattern stands for.
fn part(c: char) -> Part {
    match c {
        '*' => Part::Any,
        '?' => Part::One,
        c => Part::Char(lower(c)),
    }
}

fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_anything_and_case_does_not_matter() {
        let fits = |pattern: &str, text: &str| Glob::whole(pattern).matches(text);
        assert!(fits("order*", "OrderPlaced") && fits("*placed", "OrderPlaced"));
        assert!(fits("o*r*d", "OrderPlaced") && fits("?rder*", "OrderPlaced"));
        assert!(fits("*", "") && fits("", "") && fits("ÄB?", "äbc") && fits("a*a", "aba"));
        assert!(!fits("order", "OrderPlaced") && !fits("a?", "a") && !fits("a*b", "abc"));
        assert!(Glob::beginning("order-12").matches("Order-1220"));
        assert!(!Glob::beginning("order-12").matches("order-1"));
        assert!(
            Glob::literal("a*", false).matches("A*") && !Glob::literal("a*", false).matches("ab")
        );
        assert!(Glob::beginning("*-12").matches("order-1220"));
    }
}
