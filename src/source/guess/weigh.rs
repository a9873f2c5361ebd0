//! How well a place suits a role: what its name says, what its values say, and what speaks against it.
//!
//! A weight is `gate × (1 − (1 − NAME·name)·(1 − VALUES·values))`: names and values strengthen each
//! other, either can do alone, and the gate is what values make impossible whatever the name.

use std::collections::{HashMap, HashSet};

use super::counting::{determines, tells_shape, tells_start};
use super::facts::Facts;
use super::known::Known;
use super::spine::Spine;
use crate::source::format::Role;
use crate::source::synonyms::normalized;

/// How far a name alone, and values alone, can go.
const NAME: f64 = 0.85;
const VALUES: f64 = 0.85;

/// Keys that stand in what is known about a recording.
const META_KEYS: &[&str] = &[
    "correlationid",
    "causationid",
    "correlation",
    "causation",
    "userid",
    "user",
    "actor",
    "actorid",
    "username",
    "by",
    "ip",
    "ipaddress",
    "useragent",
    "traceid",
    "spanid",
    "trace",
    "requestid",
    "request",
    "source",
    "sessionid",
    "session",
    "tenantid",
    "tenant",
    "host",
    "hostname",
    "channel",
    "timestamp",
    "client",
    "app",
    "origin",
    "commandid",
    "schemaversion",
    "issuer",
    "initiator",
];

/// The weight of a name and of values behind a gate.
pub(super) fn weight(named: f64, values: f64, gate: f64) -> f64 {
    gate * (1.0 - (1.0 - NAME * named) * (1.0 - VALUES * values))
}

/// What a place is weighed against: the other places, and which of them are stream and version.
pub(super) struct Scale<'k> {
    pub(super) known: &'k [Known],
    pub(super) spine: &'k Spine,
}

impl Scale<'_> {
    /// How well a place suits a role, from 0 to 1. Stream and version are weighed in [`Spine`].
    pub(super) fn weigh(&self, role: Role, known: &Known) -> f64 {
        let facts = &known.facts;
        let gate = self.gate(role, known);
        let named = known.named(role);
        if facts.n_present == 0 {
            return weight(named, 0.0, gate);
        }
        let other = (known.named_otherwise(role) - named).max(0.0);
        let values = self.values(role, known) * (1.0 - 0.5 * other);
        let inside = if known.is_inside() { 0.8 } else { 1.0 };
        weight(named, values, gate * inside)
    }

    /// What the values alone say for a role, from 0 to 1.
    pub(super) fn values(&self, role: Role, known: &Known) -> f64 {
        let facts = &known.facts;
        match role {
            Role::Type => self.type_values(known),
            Role::Category => self.category_values(facts),
            Role::Time => time_values(facts),
            Role::Data => self.data_values(known),
            Role::Metadata if self.n_structured() > 1 => {
                facts.object * (0.25 + 0.5 * meta_part(facts))
            }
            Role::Id => id_values(facts) * if is_chained(known) { 0.2 } else { 1.0 },
            Role::Position => position_values(facts),
            Role::Correlation => self.correlation_values(facts),
            Role::Causation => self.causation_values(known),
            _ => 0.0,
        }
    }

    /// What values make of a role, whatever the name: 0 where it cannot be.
    fn gate(&self, role: Role, known: &Known) -> f64 {
        let facts = &known.facts;
        if facts.n_present == 0 {
            let must_repeat = matches!(role, Role::Type | Role::Category);
            return if must_repeat && facts.is_unique {
                0.0
            } else {
                1.0
            };
        }
        match role {
            Role::Stream | Role::Version => 0.0,
            Role::Type => type_gate(facts) * self.not_of_stream(facts),
            Role::Category => {
                // `item` is a category where the column's name says so.
                let is_named = known.named(role) >= 0.6;
                let generic = if is_named { 0.0 } else { facts.generic };
                plain(facts) * word_gate(facts) * self.of_stream(facts) * (1.0 - generic)
            }
            Role::Position => match facts.whole >= 0.99 {
                true if facts.n_present < 2 || facts.rises => 1.0,
                true => 0.3,
                false => 0.0,
            },
            Role::Time | Role::Occurred => match facts.time.part {
                part if part >= 0.5 => part * facts.fill().max(0.5),
                part if part > 0.25 => 0.3,
                // A name that is sure counts for damaged values too: what cannot be read is then told.
                part if part > 0.0 && known.named(role) >= 0.95 => 0.3,
                _ => 0.0,
            },
            Role::Data | Role::Metadata => {
                let held = facts.object + facts.array + facts.binary;
                held.clamp(0.5, 1.0) * if facts.is_time() { 0.2 } else { 1.0 }
            }
            Role::Id => match (facts.is_all_different() || facts.n_present < 2, facts.rises) {
                (false, _) => 0.2,
                (true, true) if facts.n_present > 1 => 0.4,
                _ => plain(facts) * facts.fill(),
            },
            Role::Correlation | Role::Causation | Role::SchemaVersion | Role::User => plain(facts),
        }
    }

    fn type_values(&self, known: &Known) -> f64 {
        let facts = &known.facts;
        if facts.n_present < 2 {
            return 0.0;
        }
        let shape = self
            .structured()
            .map(|json| tells_shape(facts, &json.facts))
            .fold(0.0, f64::max);
        let start = tells_start(facts, &self.spine.keys);
        let coined = 0.25 * facts.coined + 0.25 * facts.past;
        let said = 0.15 + coined + 0.35 * shape + 0.2 * start;
        (said * facts.word * few(facts) * (1.0 - 0.7 * facts.crud)).min(0.95)
    }

    fn category_values(&self, facts: &Facts) -> f64 {
        let Some(stream) = self.spine.stream.and_then(|at| self.known.get(at)) else {
            return 0.0;
        };
        if facts.n_distinct < 2 || facts.n_distinct * 2 > stream.facts.n_distinct {
            return 0.0;
        }
        let (is_determined, n_tried) = determines(&stream.facts, facts);
        if is_determined && n_tried >= 4 && facts.n_distinct <= 50 {
            0.45 * facts.word
        } else {
            0.0
        }
    }

    /// A type varies within a stream.
    fn not_of_stream(&self, facts: &Facts) -> f64 {
        match self.by_stream(facts) {
            Some((true, n_tried)) if n_tried >= 4 && facts.n_distinct > 1 => 0.3,
            _ => 1.0,
        }
    }

    /// A category does not.
    fn of_stream(&self, facts: &Facts) -> f64 {
        match self.by_stream(facts) {
            Some((false, _)) if self.spine.category.is_none() => 0.3,
            _ => 1.0,
        }
    }

    fn by_stream(&self, facts: &Facts) -> Option<(bool, usize)> {
        let stream = self.known.get(self.spine.stream?)?;
        Some(determines(&stream.facts, facts))
    }

    fn data_values(&self, known: &Known) -> f64 {
        let facts = &known.facts;
        let varied = if facts.n_shapes > 1 { 0.2 } else { 0.0 };
        let longest = self
            .structured()
            .all(|other| other.column == known.column || other.facts.mean_len <= facts.mean_len);
        let held = facts.object * (0.55 + varied + if longest { 0.1 } else { 0.0 });
        let packed = 0.4 * facts.binary + 0.3 * facts.array;
        let rivals = self.n_structured() > 1;
        let meta = if rivals { 0.6 * meta_part(facts) } else { 0.0 };
        (held + packed).min(1.0) * (1.0 - meta)
    }

    /// An undertaking is shared by a cause and its effects.
    fn correlation_values(&self, facts: &Facts) -> f64 {
        let is_shared = facts.n_distinct < facts.n_present && facts.n_distinct > 1;
        if !is_shared || facts.uuid < 0.8 || !matches!(self.by_stream(facts), Some((false, _))) {
            return 0.0;
        }
        let caused = self.known.iter().filter(|known| known.facts.uuid >= 0.5);
        let parts = caused.flat_map(|causes| {
            let ids = self.ids_beside(causes);
            ids.map(|ids| part_shared(facts, &causes.facts, &ids.facts))
        });
        0.25 + 0.5 * parts.fold(0.0, f64::max)
    }

    /// Causes are the ids of other rows.
    fn causation_values(&self, known: &Known) -> f64 {
        if known.facts.uuid < 0.5 || known.facts.n_present < 3 || is_chained(known) {
            return 0.0;
        }
        let ids = self.ids_beside(known);
        let parts = ids.map(|ids| part_among(&known.facts, &ids.facts));
        let best = parts.fold(0.0, f64::max);
        if best >= 0.5 { 0.5 + 0.4 * best } else { 0.0 }
    }

    fn ids_beside(&self, known: &Known) -> impl Iterator<Item = &Known> {
        let own = known.column;
        self.known
            .iter()
            .filter(move |other| other.column != own && other.facts.is_all_different())
    }

    fn structured(&self) -> impl Iterator<Item = &Known> {
        self.known
            .iter()
            .filter(|known| !known.is_inside() && known.facts.is_structured())
    }

    fn n_structured(&self) -> usize {
        self.structured().count()
    }
}

/// The part of values that stand in another column in another row.
pub(super) fn part_among(values: &Facts, ids: &Facts) -> f64 {
    let known: HashSet<u64> = ids
        .hashes
        .iter()
        .copied()
        .filter(|hash| *hash != 0)
        .collect();
    let rows = values.hashes.iter().zip(&ids.hashes);
    let found = rows
        .filter(|(value, own)| **value != 0 && value != own && known.contains(*value))
        .count();
    found as f64 / values.n_present.max(1) as f64
}

/// The part of rows with a known cause that have the same value as the cause.
fn part_shared(values: &Facts, causes: &Facts, ids: &Facts) -> f64 {
    let rows = ids.hashes.iter().enumerate().filter(|(_, id)| **id != 0);
    let row_of: HashMap<u64, usize> = rows.map(|(row, id)| (*id, row)).collect();
    let (mut n_known, mut n_same) = (0_usize, 0_usize);
    for (row, cause) in causes.hashes.iter().enumerate() {
        let Some(of_cause) = row_of.get(cause).filter(|of_cause| **of_cause != row) else {
            continue;
        };
        n_known += 1;
        let value = values.hashes.get(row).filter(|hash| **hash != 0);
        n_same += usize::from(value.is_some() && value == values.hashes.get(*of_cause));
    }
    if n_known < 3 {
        return 0.0;
    }
    n_same as f64 / n_known as f64
}

/// A chain of hashes goes from row to row, and says nothing of ids and causes.
fn is_chained(known: &Known) -> bool {
    let name = normalized(&known.name);
    name.contains("hash") || name.contains("signature")
}

fn meta_part(facts: &Facts) -> f64 {
    let known = facts
        .keys
        .iter()
        .filter(|key| META_KEYS.contains(&normalized(key).as_str()));
    known.count() as f64 / facts.keys.len().max(1) as f64
}

/// Neither JSON nor a time.
fn plain(facts: &Facts) -> f64 {
    (1.0 - facts.object - facts.array).max(0.0) * if facts.is_time() { 0.1 } else { 1.0 }
}

/// Texts, not too long.
fn word_gate(facts: &Facts) -> f64 {
    let short = if facts.mean_len > 160.0 { 0.1 } else { 1.0 };
    facts.text * short
}

fn type_gate(facts: &Facts) -> f64 {
    if facts.is_unique {
        return 0.0;
    }
    // Numbers may be codes of types, if there are few of them.
    let codes = if facts.whole > 0.9 && facts.n_distinct <= 50 {
        0.35
    } else {
        0.0
    };
    let texts = plain(facts) * word_gate(facts) * (1.0 - 0.9 * facts.uuid);
    let numbers = if facts.whole > 0.9 { 0.0 } else { 1.0 };
    let varied = facts.n_present >= 20 && facts.n_distinct * 2 > facts.n_present;
    let generic = 1.0 - 0.6 * facts.generic;
    (texts * numbers).max(codes) * generic * if varied { 0.4 } else { 1.0 }
}

/// Few values for many rows.
fn few(facts: &Facts) -> f64 {
    match (facts.n_distinct, facts.n_present) {
        (1, 3..) => 0.4,
        (distinct, present) if distinct * 2 <= present.max(6) => 1.0,
        (distinct, present) => 1.0 - distinct as f64 / present as f64 * 0.9,
    }
}

fn time_values(facts: &Facts) -> f64 {
    if !facts.is_time() {
        return 0.0;
    }
    let written = if facts.time.unit.is_none() { 0.5 } else { 0.4 };
    (written + 0.35 * facts.time.rising.powi(2)) * facts.fill()
}

fn id_values(facts: &Facts) -> f64 {
    if !facts.is_all_different() {
        return 0.0;
    }
    (0.75 * facts.uuid).max(if facts.whole > 0.5 { 0.1 } else { 0.35 }) * facts.fill()
}

fn position_values(facts: &Facts) -> f64 {
    if !facts.rises || facts.n_present < 2 || facts.fill() < 1.0 {
        return 0.0;
    }
    let keyed = if facts.is_unique { 0.75 } else { 0.6 };
    if facts.is_time() { 0.1 } else { keyed }
}
