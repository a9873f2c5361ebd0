//! Stream and version, found together: numbers that count up within the values of another column show
//! both at once. Where streams are known by category and name together, the category too.

use super::counting::{Counting, paired};
use super::facts::Facts;
use super::known::Known;
use super::weigh::weight;
use crate::source::format::Role;

/// A role is left open below this weight.
pub(super) const LEAST: f64 = 0.25;
/// From this strength on, counting settles what stream and version are.
const STRONG: f64 = 0.7;
/// How many columns are tried as the second half of a key.
const MAX_HALVES: usize = 8;

/// What a history hangs on.
#[derive(Clone, Debug, Default)]
pub(super) struct Spine {
    /// Index of the stream's place.
    pub(super) stream: Option<usize>,
    /// Index of the version's place.
    pub(super) version: Option<usize>,
    /// Index of the category, where only both together are a stream.
    pub(super) category: Option<usize>,
    /// The weights of stream and version.
    pub(super) stream_weight: f64,
    pub(super) version_weight: f64,
    /// How versions count within streams.
    pub(super) counting: Counting,
    /// The stream of each row; 0 for none.
    pub(super) keys: Vec<u32>,
}

impl Spine {
    /// Finds stream and version among places; `may` says which a role may take.
    pub(super) fn find(known: &[Known], may: impl Fn(Role, &Known) -> bool) -> Self {
        let of = |role| {
            let places = known.iter().enumerate();
            places.filter(move |(_, known)| could_be(role, known))
        };
        let streams: Vec<usize> = of(Role::Stream)
            .filter(|(_, known)| may(Role::Stream, known))
            .map(|(at, _)| at)
            .collect();
        let versions: Vec<usize> = of(Role::Version)
            .filter(|(_, known)| may(Role::Version, known))
            .map(|(at, _)| at)
            .collect();
        let mut best = Self::default();
        for stream in &streams {
            best.take_better(Self::alone(known, *stream));
            for version in versions.iter().filter(|version| *version != stream) {
                best.take_better(Self::pair(known, *stream, *version, None));
            }
        }
        if best.counting.strength() < STRONG || best.counting.n_back > 0 {
            best.try_categories(known, &streams, &versions);
        }
        best.complete(known);
        best
    }

    /// The spine that places named by a user make; the category counts where without it streams do not
    /// count up.
    pub(super) fn judged(
        known: &[Known],
        stream: Option<usize>,
        version: Option<usize>,
        category: Option<usize>,
    ) -> Self {
        let single = Self::given(known, stream, version, None);
        let both = Self::given(known, stream, version, category);
        if both.counting.strength() > single.counting.strength() + 0.1 {
            both
        } else {
            single
        }
    }

    /// The spine that given places make.
    pub(super) fn given(
        known: &[Known],
        stream: Option<usize>,
        version: Option<usize>,
        category: Option<usize>,
    ) -> Self {
        let mut spine = match (stream, version) {
            (Some(stream), Some(version)) => Self::pair(known, stream, version, category),
            (Some(stream), None) => Self::alone(known, stream),
            (None, version) => Self {
                version,
                ..Self::default()
            },
        };
        spine.complete(known);
        spine
    }

    fn take_better(&mut self, other: Self) {
        let total = |spine: &Self| spine.stream_weight + spine.version_weight;
        if other.stream_weight >= LEAST && total(&other) > total(self) + 1e-9 {
            *self = other;
        }
    }

    fn alone(known: &[Known], stream: usize) -> Self {
        let stream_weight = known
            .get(stream)
            .map_or(0.0, |known| weigh_stream(known, 0.0));
        Self {
            stream: Some(stream),
            stream_weight,
            ..Self::default()
        }
    }

    fn pair(known: &[Known], stream: usize, version: usize, category: Option<usize>) -> Self {
        let (Some(s), Some(v)) = (known.get(stream), known.get(version)) else {
            return Self::default();
        };
        let counting = match category.and_then(|at| known.get(at)) {
            Some(category) => Counting::of(&paired(&category.facts, &s.facts), &v.facts.numbers),
            None => Counting::of(&s.facts.symbols, &v.facts.numbers),
        };
        let strength = counting.strength();
        let version_weight = weigh_version(v, strength, &counting);
        let mut spine = Self::alone(known, stream);
        if version_weight >= LEAST {
            spine.stream_weight = weigh_stream(s, strength);
            (spine.version, spine.version_weight) = (Some(version), version_weight);
            (spine.category, spine.counting) = (category, counting);
        }
        spine
    }

    /// Streams that only category and name together tell apart.
    fn try_categories(&mut self, known: &[Known], streams: &[usize], versions: &[usize]) {
        let single = self.counting;
        let is_better = |both: &Counting| {
            both.strength() > (single.strength() + 0.1).max(STRONG)
                || both.n_back * 5 < single.n_back && both.part() > single.part() + 0.01
        };
        let mut halves: Vec<usize> = (0..known.len())
            .filter(|at| {
                known
                    .get(*at)
                    .is_some_and(|k| is_half_key(k) && !is_named_as_payload(k))
            })
            .collect();
        halves.sort_by(|a, b| {
            let sure = |at: &usize| known.get(*at).map_or(0.0, |k| k.named(Role::Category));
            sure(b).total_cmp(&sure(a)).then(a.cmp(b))
        });
        halves.truncate(MAX_HALVES);
        for category in halves {
            for stream in streams.iter().filter(|stream| **stream != category) {
                for version in versions {
                    if version == stream || *version == category {
                        continue;
                    }
                    let found = Self::pair(known, *stream, *version, Some(category));
                    if is_better(&found.counting) {
                        self.take_better(found);
                    }
                }
            }
        }
    }

    fn complete(&mut self, known: &[Known]) {
        let facts = |at: Option<usize>| Some(&known.get(at?)?.facts);
        self.keys = match (facts(self.category), facts(self.stream)) {
            (Some(category), Some(stream)) => paired(category, stream),
            (None, Some(stream)) => stream.symbols.clone(),
            _ => Vec::new(),
        };
    }
}

/// Whether a name says that a column holds what happened, whatever stands in it.
fn is_named_as_payload(known: &Known) -> bool {
    let roles = [Role::Data, Role::Metadata];
    roles.iter().any(|role| known.named(*role) >= 0.5)
}

/// A column of few values, of which each may be half of a key.
fn is_half_key(known: &Known) -> bool {
    let facts = &known.facts;
    !facts.is_unique
        && !facts.is_structured()
        && !facts.is_time()
        && (2..=50).contains(&facts.n_distinct)
        && facts.fill() > 0.95
        && known.named(Role::Type) < 1.0
}

/// Whether a place may be a stream or a version at all.
fn could_be(role: Role, known: &Known) -> bool {
    let facts = &known.facts;
    match role {
        Role::Stream => stream_gate(facts) > 0.0,
        // A name that is sure counts for damaged values too: what cannot be read is then told.
        _ => facts.n_present == 0 || facts.whole >= 0.95 || is_damaged_version(known),
    }
}

fn is_damaged_version(known: &Known) -> bool {
    let facts = &known.facts;
    // A few values are too few to speak against a name.
    let some = facts.whole >= 0.3 || facts.n_present <= 3;
    known.named(Role::Version) >= 0.7 && some && !facts.is_unique && !facts.is_time()
}

fn stream_gate(facts: &Facts) -> f64 {
    if facts.is_unique {
        return 0.0;
    }
    if facts.n_present == 0 {
        return 1.0;
    }
    let plain = (1.0 - facts.object - facts.array - facts.real).max(0.0);
    let short = if facts.mean_len > 200.0 { 0.2 } else { 1.0 };
    let many = facts.n_present >= 20;
    let single = match facts.n_distinct {
        1 if many => 0.7,
        distinct if many && distinct == facts.n_present => 0.5,
        _ => 1.0,
    };
    let time = if facts.is_time() && facts.uuid < 0.5 {
        0.1
    } else {
        1.0
    };
    plain * short * single * time * facts.fill().max(0.3)
}

pub(super) fn weigh_stream(known: &Known, strength: f64) -> f64 {
    let facts = &known.facts;
    let (named, other) = (
        known.named(Role::Stream),
        known.named_otherwise(Role::Stream),
    );
    let doubt = (other - named).max(0.0);
    let repeats = facts.n_present >= 2 && facts.n_distinct * 10 < facts.n_present * 9;
    let is_id = if facts.whole > 0.9 {
        0.12
    } else {
        (0.4 * facts.uuid).max(0.3 * facts.numbered)
    };
    let alone = if repeats && facts.n_distinct > 1 {
        is_id * (1.0 - 0.6 * doubt)
    } else {
        0.0
    };
    let counted = strength * (1.0 - 0.2 * doubt);
    // Counting is shown by some other column, whatever this one looks like; a UUID is a stream's
    // rather than a number of the same reach.
    let values = alone.max(counted + 0.05 * facts.uuid).min(1.0);
    let inside = if known.is_inside() { 0.8 } else { 1.0 };
    weight(named, values, stream_gate(facts) * inside)
}

pub(super) fn weigh_version(known: &Known, strength: f64, counting: &Counting) -> f64 {
    let facts = &known.facts;
    let named = known.named(Role::Version);
    if facts.n_present == 0 {
        return weight(named, 0.0, if facts.is_unique { 0.25 } else { 1.0 });
    }
    // A number over all rows counts up within a single stream as well.
    let is_global = facts.is_unique || facts.n_present > 5 && facts.rises;
    let global = if is_global { 0.25 } else { 1.0 };
    let contradicted = counting.n_steps >= 6 && counting.part() < 0.3 && !counting.is_constant;
    let doubt = if contradicted { 0.5 } else { 1.0 };
    let time = if facts.is_time() { 0.1 } else { 1.0 };
    let inside = if known.is_inside() { 0.8 } else { 1.0 };
    let sure = if is_damaged_version(known) && !is_global {
        0.4
    } else {
        0.0
    };
    let gate = (facts.whole * global * doubt * time * inside).max(sure);
    weight(named, strength, gate)
}
