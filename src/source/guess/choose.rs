//! Chooses a place for each role so that the sum of weights is large, no place twice.

use std::collections::BTreeMap;

use super::known::Known;
use super::spine::{LEAST, Spine};
use super::weigh::Scale;
use crate::source::format::Role;

/// Index and weight of each role's place.
pub(super) type Chosen = BTreeMap<Role, (usize, f64)>;

/// The roles that are looked for inside JSON when no column has them.
const INSIDE: [Role; 5] = [
    Role::Stream,
    Role::Type,
    Role::Version,
    Role::Time,
    Role::Id,
];
/// A column of less weight gives way to a place inside JSON that has this much more.
const SURE: f64 = 0.5;
const BETTER_BY: f64 = 0.15;

/// Chooses among the columns, and, where they lack something, among the places inside their JSON too,
/// which `inside` gives; the places found are added to `known`.
pub(super) fn choose(
    known: &mut Vec<Known>,
    inside: impl Fn(&[Known]) -> Vec<Known>,
) -> (Chosen, Spine) {
    let spine = Spine::find(known, |_, _| true);
    let chosen = choose_with(known, &spine, |_, _| true);
    if is_settled(&chosen) {
        return (chosen, spine);
    }
    let members = inside(known);
    if members.is_empty() {
        return (chosen, spine);
    }
    known.extend(members);
    let known = known.as_slice();
    // What the columns lack may stand inside the JSON that they hold.
    let is_open = |role: Role| {
        INSIDE.contains(&role) && chosen.get(&role).is_none_or(|(_, weight)| *weight < SURE)
    };
    let may = |role: Role, place: &Known| !place.is_inside() || is_open(role);
    let wider_spine = Spine::find(known, may);
    let mut wider = choose_with(known, &wider_spine, may);
    for role in INSIDE {
        let (Some((at, weight)), Some((_, before))) = (wider.get(&role), chosen.get(&role)) else {
            continue;
        };
        let is_inside = known.get(*at).is_some_and(Known::is_inside);
        if is_inside && *weight < before + BETTER_BY {
            // Not worth leaving a column for: then everything stays as it was, but for what was open.
            return keep(known, chosen, &wider, spine);
        }
    }
    // The stream and version of columns stay where the wider look finds none better.
    if wider_spine.stream.is_none() {
        wider.remove(&Role::Stream);
    }
    (wider, wider_spine)
}

fn keep(known: &[Known], mut chosen: Chosen, wider: &Chosen, spine: Spine) -> (Chosen, Spine) {
    for (role, (at, weight)) in wider {
        if !chosen.contains_key(role) && known.get(*at).is_some_and(Known::is_inside) {
            chosen.insert(*role, (*at, *weight));
        }
    }
    let at = |role| chosen.get(&role).map(|(at, _): &(usize, f64)| *at);
    let spine = if spine.stream.is_none() {
        Spine::given(known, at(Role::Stream), at(Role::Version), spine.category)
    } else {
        spine
    };
    (chosen, spine)
}

fn is_settled(chosen: &Chosen) -> bool {
    let sure = |role| chosen.get(&role).is_some_and(|(_, weight)| *weight >= SURE);
    let has = |role| chosen.contains_key(&role);
    sure(Role::Stream) && sure(Role::Type) && has(Role::Version) && has(Role::Time)
}

fn choose_with(known: &[Known], spine: &Spine, may: impl Fn(Role, &Known) -> bool) -> Chosen {
    let mut chosen = Chosen::new();
    for (role, at, weight) in [
        (Role::Stream, spine.stream, spine.stream_weight),
        (Role::Version, spine.version, spine.version_weight),
    ] {
        if let Some(at) = at {
            chosen.insert(role, (at, weight));
        }
    }
    if let Some(at) = spine.category {
        chosen.insert(Role::Category, (at, 0.9));
    }
    let fixed: Vec<Role> = chosen.keys().copied().collect();
    let weights = weights(known, spine, &fixed, &may);
    take_best(&weights, &mut chosen);
    improve(&weights, &fixed, &mut chosen);
    chosen
}

type Weights = BTreeMap<Role, Vec<f64>>;

fn weights(
    known: &[Known],
    spine: &Spine,
    fixed: &[Role],
    may: impl Fn(Role, &Known) -> bool,
) -> Weights {
    let scale = Scale { known, spine };
    let open = Role::ALL
        .into_iter()
        .filter(|role| !fixed.contains(role) && !matches!(role, Role::Stream | Role::Version));
    let of = |role| {
        let weigh = |known: &Known| {
            let is_frame = known.is_inside() && !INSIDE.contains(&role);
            if is_frame || !may(role, known) {
                return 0.0;
            }
            let weight = scale.weigh(role, known);
            if weight >= LEAST { weight } else { 0.0 }
        };
        known.iter().map(weigh).collect()
    };
    open.map(|role| (role, of(role))).collect()
}

/// Best pair first; of equal ones the role and place that come first.
fn take_best(weights: &Weights, chosen: &mut Chosen) {
    let mut pairs: Vec<(f64, Role, usize)> = weights
        .iter()
        .flat_map(|(role, of)| {
            of.iter()
                .enumerate()
                .map(|(at, weight)| (*weight, *role, at))
        })
        .filter(|(weight, _, _)| *weight > 0.0)
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    for (weight, role, at) in pairs {
        let is_taken = chosen.values().any(|(taken, _)| *taken == at);
        if !chosen.contains_key(&role) && !is_taken {
            chosen.insert(role, (at, weight));
        }
    }
}

/// Moves and swaps places between roles as long as that makes the sum larger.
fn improve(weights: &Weights, fixed: &[Role], chosen: &mut Chosen) {
    let of = |role: Role, at: usize| {
        let weight = weights.get(&role).and_then(|of| of.get(at));
        weight.copied().unwrap_or(0.0)
    };
    for _ in 0..Role::ALL.len() {
        let mut is_better = false;
        for role in weights.keys().copied() {
            for other in weights.keys().copied().filter(|other| *other != role) {
                if fixed.contains(&role) || fixed.contains(&other) {
                    continue;
                }
                let (mine, theirs) = (chosen.get(&role).copied(), chosen.get(&other).copied());
                let Some((at, weight)) = theirs else { continue };
                let before = weight + mine.map_or(0.0, |(_, weight)| weight);
                // `role` takes the place of `other`, which takes that of `role`, or the best that is free.
                let free = (0..weights.get(&other).map_or(0, Vec::len))
                    .filter(|free| chosen.values().all(|(taken, _)| taken != free))
                    .chain(mine.map(|(at, _)| at))
                    .max_by(|a, b| of(other, *a).total_cmp(&of(other, *b)).then(b.cmp(a)));
                let moved = free.map_or(0.0, |free| of(other, free));
                if of(role, at) > 0.0 && of(role, at) + moved > before + 1e-9 {
                    chosen.insert(role, (at, of(role, at)));
                    match free.filter(|_| moved > 0.0) {
                        Some(free) => chosen.insert(other, (free, moved)),
                        None => chosen.remove(&other),
                    };
                    is_better = true;
                }
            }
        }
        if !is_better {
            break;
        }
    }
}
