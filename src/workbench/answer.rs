//! A result together with the question it answers, so that staleness is a comparison and not a flag.

/// An answer, its question, and the question being worked on now.
#[derive(Clone, Debug)]
pub struct Answer<K, V> {
    known: Option<(K, V)>,
    asked: Option<K>,
    n_taken: u64,
}

/// How an answer stands to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness<'a, V> {
    /// It answers exactly this question.
    Fresh(&'a V),
    /// It answers an earlier question: to be drawn faint.
    Stale(&'a V),
    /// There is none.
    Missing,
}

impl<K, V> Default for Answer<K, V> {
    fn default() -> Self {
        Self {
            known: None,
            asked: None,
            n_taken: 0,
        }
    }
}

impl<K: PartialEq, V> Answer<K, V> {
    /// The answer as it stands to `key`.
    pub fn for_key(&self, key: &K) -> Freshness<'_, V> {
        match &self.known {
            Some((known, value)) if known == key => Freshness::Fresh(value),
            Some((_, value)) => Freshness::Stale(value),
            None => Freshness::Missing,
        }
    }

    /// Whether `key` is neither answered nor being worked on.
    pub fn is_wanted(&self, key: &K) -> bool {
        self.asked.as_ref() != Some(key)
            && self.known.as_ref().is_none_or(|(known, _)| known != key)
    }

    /// Notes that `key` is being worked on.
    pub fn ask(&mut self, key: K) {
        self.asked = Some(key);
    }

    /// Takes an answer in; one that nobody asked for any more is still the newest there is.
    pub fn set(&mut self, key: K, value: V) {
        if self.asked.as_ref() == Some(&key) {
            self.asked = None;
        }
        self.known = Some((key, value));
        self.n_taken += 1;
    }

    /// How many answers were taken in: what was made of one is made anew when this is another.
    pub fn n_taken(&self) -> u64 {
        self.n_taken
    }

    /// The last answer, whatever its question.
    pub fn latest(&self) -> Option<&V> {
        self.known.as_ref().map(|(_, value)| value)
    }

    /// The last answer with its question.
    pub fn known(&self) -> Option<(&K, &V)> {
        self.known.as_ref().map(|(key, value)| (key, value))
    }

    /// Whether a question is being worked on.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Forgets what is being worked on: the work was stopped.
    pub fn forget_question(&mut self) {
        self.asked = None;
    }

    /// Makes what is known the answer to another question, for which it holds as well; what is being
    /// worked on is asked anew.
    pub fn ask_again(&mut self, change: impl FnOnce(&mut K)) {
        self.asked = None;
        if let Some((key, _)) = &mut self.known {
            change(key);
        }
    }

    /// Forgets question and answer.
    pub fn clear(&mut self) {
        self.known = None;
        self.asked = None;
    }
}

impl<'a, V> Freshness<'a, V> {
    /// The value, fresh or stale.
    pub fn value(self) -> Option<&'a V> {
        match self {
            Self::Fresh(value) | Self::Stale(value) => Some(value),
            Self::Missing => None,
        }
    }

    /// The value, where it answers the question asked.
    pub fn fresh(self) -> Option<&'a V> {
        match self {
            Self::Fresh(value) => Some(value),
            Self::Stale(_) | Self::Missing => None,
        }
    }

    /// Whether it answers the question asked.
    pub fn is_fresh(&self) -> bool {
        matches!(self, Self::Fresh(_))
    }
}
