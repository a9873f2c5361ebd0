//! Finds out what a table or a log of an unknown store means: names and sampled values are weighed for
//! each role, and the reasons are kept. What has no plausible stream and type, or shows no sign of
//! event sourcing, is refused.
//!
//! [`facts`] says what the values of a column have in common, [`counting`] how columns go together,
//! [`spine`] finds stream and version, [`weigh`] judges the other roles, [`choose`] gives each a place.

mod choose;
mod counting;
mod facts;
mod known;
mod names;
mod payload;
mod sample;
mod signs;
mod spine;
mod start;
mod tables;
mod weigh;
mod why;
mod words;

pub(in crate::source) use names::is_beside_events;
pub(in crate::source) use sample::{Candidate, Column, Sampled};
pub(in crate::source) use start::mapping_to_start_from;
pub(in crate::source) use tables::{group, guess_tables};

use super::field::Field;
use super::format::{ContainerKind, Decode, Fields, Role, StoreFormat};
use super::layout::Rest;
use super::survey::{ReadAs, RoleGuess};
use crate::event::TimeUnit;
use choose::Chosen;
use known::Known;
use spine::Spine;

/// What was found out about a candidate.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    pub(super) format: StoreFormat,
    /// Each role found, in the order of [`Role::ALL`].
    pub(super) roles: Vec<RoleGuess>,
    /// The same as sentences.
    pub(super) reasons: Vec<String>,
    /// How surely it is a store of events, from 0 to 1; 0 where something is missing.
    pub(super) confidence: f64,
    /// How much it looks like one all the same, from 0 to 1.
    pub(super) likeness: f64,
    /// What an event store must have and this has not; empty where it is plausible.
    pub(super) missing: Vec<&'static str>,
}

/// Weighs a table or a log.
pub(super) fn guess(kind: ContainerKind, candidate: &Candidate) -> Guess {
    let mut known = known::columns(candidate);
    let (mut chosen, spine) =
        choose::choose(&mut known, |columns| known::members(candidate, columns));
    // A business time alone is the time.
    if !chosen.contains_key(&Role::Time)
        && let Some(only) = chosen.remove(&Role::Occurred)
    {
        chosen.insert(Role::Time, only);
    }
    take_inner_payload(&known, &mut chosen);
    let likeness = signs::likeness(&candidate.table, &known, &chosen, &spine);
    let missing = signs::missing(kind, &chosen, likeness);
    let roles = role_guesses(candidate, &known, &chosen, &spine);
    Guess {
        format: format(kind, candidate, &known, &chosen, &spine),
        reasons: roles.iter().map(reason).collect(),
        confidence: if missing.is_empty() { likeness } else { 0.0 },
        likeness,
        missing,
        roles,
    }
}

/// Judges one place for one role, `others` being the places of the other roles.
pub(super) fn judge(
    candidate: &Candidate,
    role: Role,
    field: &Field,
    others: &[(Role, Field)],
) -> Option<RoleGuess> {
    let mut known = known::columns(candidate);
    let mut place = |field: &Field| {
        let same = |known: &Known| match (field.plain(), known.is_inside()) {
            (Some(name), false) => known.name.eq_ignore_ascii_case(name),
            _ => known.field == *field,
        };
        known.iter().position(same).or_else(|| {
            known.push(known::at(candidate, field)?);
            Some(known.len() - 1)
        })
    };
    let at = place(field)?;
    let mut at_role = |wanted: Role| {
        let other = others.iter().find(|(other, _)| *other == wanted);
        if wanted == role {
            Some(at)
        } else {
            let (_, field) = other?;
            place(field)
        }
    };
    let (stream, version) = (at_role(Role::Stream), at_role(Role::Version));
    let (category, order) = (at_role(Role::Category), at_role(Role::Position));
    let spine = Spine::judged(&known, stream, version, category);
    let judged = known.get(at)?;
    let weight = match role {
        Role::Stream => spine.stream_weight,
        Role::Version => spine::weigh_version(judged, spine.counting.strength(), &spine.counting),
        _ => weigh::Scale {
            known: &known,
            spine: &spine,
        }
        .weigh(role, judged),
    };
    let order = order.and_then(|at| known.get(at)).map(|k| k.name.clone());
    Some(RoleGuess {
        role,
        field: judged.field.to_string(),
        read_as: read_as(role, candidate, judged),
        confidence: weight.clamp(0.0, 1.0),
        why: why::why(role, judged, &known, &spine, order.as_deref()),
    })
}

/// Where the type lies inside JSON beside a payload of its own, as in `{"type": …, "data": {…}}`,
/// the payload is that.
fn take_inner_payload(known: &[Known], chosen: &mut Chosen) {
    let Some(of_type) = chosen.get(&Role::Type).and_then(|(at, _)| known.get(*at)) else {
        return;
    };
    let Some((_, beside)) = of_type.path.split_last() else {
        return;
    };
    let is_payload = |place: &&Known| {
        let Some((_, parent)) = place.path.split_last() else {
            return false;
        };
        place.column == of_type.column
            && parent == beside
            && place.facts.object >= 0.9
            && place.named(Role::Data) >= 0.9
    };
    let inner = known.iter().position(|place| is_payload(&place));
    let holds = chosen
        .get(&Role::Data)
        .and_then(|(at, _)| known.get(*at))
        .is_none_or(|data| data.column == of_type.column);
    if let (Some(at), true) = (inner, holds) {
        let weight = chosen.get(&Role::Data).map_or(0.5, |(_, weight)| *weight);
        chosen.insert(Role::Data, (at, weight));
    }
}

fn role_guesses(
    candidate: &Candidate,
    known: &[Known],
    chosen: &Chosen,
    spine: &Spine,
) -> Vec<RoleGuess> {
    let order = chosen
        .get(&Role::Position)
        .and_then(|(at, _)| known.get(*at));
    let order = order.map(|place| place.name.as_str());
    let guessed = |role: &Role| {
        let (at, weight) = chosen.get(role)?;
        let place = known.get(*at)?;
        Some(RoleGuess {
            role: *role,
            field: place.field.to_string(),
            read_as: read_as(*role, candidate, place),
            confidence: weight.clamp(0.0, 1.0),
            why: why::why(*role, place, known, spine, order),
        })
    };
    Role::ALL.iter().filter_map(guessed).collect()
}

fn read_as(role: Role, candidate: &Candidate, known: &Known) -> ReadAs {
    let facts = &known.facts;
    let samples = candidate.columns.get(known.column);
    match role {
        Role::Time | Role::Occurred => ReadAs::Time(facts.time.unit.unwrap_or(TimeUnit::Auto)),
        Role::Data | Role::Metadata => match samples {
            Some(column) => payload::read_as(&column.samples, facts),
            None => ReadAs::Json,
        },
        Role::Version | Role::Position => ReadAs::Integer,
        _ if samples.is_some_and(|column| {
            matches!(column.samples.iter().find(|s| **s != Sampled::Null), Some(Sampled::Blob(b)) if b.len() == 16)
        }) =>
        {
            ReadAs::Uuid
        }
        _ => ReadAs::Text,
    }
}

fn reason(guess: &RoleGuess) -> String {
    format!(
        "{} is \"{}\": {} ({:.0} %)",
        guess.role.name(),
        guess.field,
        guess.why,
        guess.confidence * 100.0
    )
}

fn format(
    kind: ContainerKind,
    candidate: &Candidate,
    known: &[Known],
    chosen: &Chosen,
    spine: &Spine,
) -> StoreFormat {
    let word = if kind == ContainerKind::Sqlite {
        "sqlite"
    } else if kind == ContainerKind::Json {
        "json"
    } else {
        "csv"
    };
    let mut format = StoreFormat {
        id: format!("guessed/{word}"),
        name: "Guessed from names and values".to_owned(),
        container: kind,
        table: candidate.table.clone(),
        ..StoreFormat::default()
    };
    for (role, (at, _)) in chosen {
        let Some(place) = known.get(*at) else {
            continue;
        };
        format
            .roles
            .insert(*role, Fields(vec![place.field.clone()]));
        let holds_json = matches!(role, Role::Data | Role::Metadata) || place.is_inside();
        if let (true, Some(column)) = (holds_json, candidate.columns.get(place.column)) {
            let steps = payload::steps(&column.samples, &place.facts);
            format.decode.entry(column.name.clone()).or_insert(steps);
        } else if kind != ContainerKind::Sqlite
            && matches!(role, Role::Id | Role::Correlation | Role::Causation)
            && let Some(column) = candidate.columns.get(place.column)
            && column.samples.iter().any(is_capital_uuid)
        {
            let steps = vec![Decode::Lower];
            format.decode.entry(column.name.clone()).or_insert(steps);
        }
    }
    let position = chosen
        .get(&Role::Position)
        .and_then(|(at, _)| known.get(*at));
    format.order_by_position = kind == ContainerKind::Sqlite
        && position
            .is_some_and(|place| place.facts.n_present == 0 || place.facts.integer > 0.999_999);
    format.keyed_by_category = spine.category.is_some() || shares_names(known, chosen);
    format.rest = rest(&format, candidate);
    format
}

/// A UUID in capitals, as SQL Server prints them; the same ids stand in small letters elsewhere.
fn is_capital_uuid(sample: &Sampled) -> bool {
    let Some(bytes) = sample.cell().bytes() else {
        return false;
    };
    let bytes = bytes.strip_prefix(b"\"").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\"").unwrap_or(bytes);
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
    };
    bytes.len() == 36
        && bytes.iter().enumerate().all(fits)
        && bytes.iter().any(u8::is_ascii_uppercase)
}

/// What becomes the payload or the metadata where no column is that: the columns that are left.
fn rest(format: &StoreFormat, candidate: &Candidate) -> Option<Rest> {
    let has = |role| !format.fields(role).is_empty();
    let is_user = |name: &str| {
        let user = format.fields(Role::User).first().and_then(Field::plain);
        user.is_some_and(|user| user == name)
    };
    let left = || {
        let names = candidate.columns.iter().map(|column| column.name.as_str());
        names
            .filter(|name| !format.reads(name) || is_user(name))
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let rest = match (has(Role::Data), has(Role::Metadata)) {
        (false, _) => Rest {
            data: left(),
            ..Rest::default()
        },
        // A log may have further keys in any record, so that its metadata would change its shape:
        // there only who did it is known about the recording.
        (true, false) => Rest {
            metadata: left()
                .into_iter()
                .filter(|name| format.container != ContainerKind::Json || is_user(name))
                .collect(),
            ..Rest::default()
        },
        _ => return None,
    };
    (!rest.data.is_empty() || !rest.metadata.is_empty()).then_some(rest)
}

/// Whether one stream's name stands under two categories: then a stream is the pair.
fn shares_names(known: &[Known], chosen: &Chosen) -> bool {
    let place = |role| known.get(chosen.get(&role)?.0);
    let (Some(stream), Some(category)) = (place(Role::Stream), place(Role::Category)) else {
        return false;
    };
    !counting::determines(&stream.facts, &category.facts).0
}

#[cfg(test)]
mod tests;
