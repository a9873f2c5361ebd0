//! Finds the events at which fields became others.
//!
//! A field that changes once in a thousand events was never of one kind: what is called a change is
//! either clean (no event goes back) or came after [`ENOUGH`] events of the old shape.

use super::model::{DriftChange, DriftChangeKind, FieldDrift, FieldKind, KindSeen, TypeDrift};
use crate::event::{Position, Timestamp};

/// After how many events without something its coming is one, and the other way round.
pub(super) const ENOUGH: u64 = 20;

/// The changes of the fields of a type, by position.
pub(super) fn changes_of(shape: &TypeDrift) -> Vec<DriftChange> {
    let mut changes = Vec::new();
    for field in &shape.fields {
        let parent = parent_of(shape, field);
        changes.extend(kind_changes(shape, field));
        changes.extend(nullable(shape, field));
        changes.extend(appears(shape, field, parent));
        changes.extend(vanishes(shape, field, parent));
    }
    changes.sort_by_key(|change| change.position);
    changes
}

/// Since and until when the object is there in which a field stands, as numbers among the events of
/// the type.
fn parent_of(shape: &TypeDrift, field: &FieldDrift) -> (u64, u64) {
    let whole = (0, shape.n.saturating_sub(1));
    let path = field.path.as_str();
    let ends_at = path
        .rfind('.')
        .unwrap_or_default()
        .max(path.strip_suffix("[]").map_or(0, str::len));
    let Some(above) = path.get(..ends_at).filter(|above| !above.is_empty()) else {
        return whole;
    };
    let parent = shape.fields.iter().find(|field| field.path == above);
    let holds = |seen: &&KindSeen| matches!(seen.kind, FieldKind::Object | FieldKind::List);
    let seen = parent.and_then(|parent| parent.kinds.iter().find(holds));
    seen.map_or(whole, |seen| (seen.first_nr, seen.last_nr))
}

fn values(field: &FieldDrift) -> impl Iterator<Item = &KindSeen> + Clone {
    field
        .kinds
        .iter()
        .filter(|seen| seen.kind != FieldKind::Null)
}

fn kind_changes<'a>(
    shape: &'a TypeDrift,
    field: &'a FieldDrift,
) -> impl Iterator<Item = DriftChange> + 'a {
    let pairs = values(field).zip(values(field).skip(1));
    pairs.filter_map(|(old, new)| {
        let is_final = old.last_nr < new.first_nr;
        let came_late = new.n_other_before >= ENOUGH;
        let is_change = new.first_nr > old.first_nr && (is_final || came_late);
        is_change.then(|| DriftChange {
            n_before: new.n_other_before,
            n_after: new.n,
            is_final,
            ..change(
                shape,
                field,
                DriftChangeKind::Kind,
                (Some(old.kind), Some(new.kind)),
                (new.first, new.first_time),
            )
        })
    })
}

fn nullable(shape: &TypeDrift, field: &FieldDrift) -> Option<DriftChange> {
    let null = field
        .kinds
        .iter()
        .find(|seen| seen.kind == FieldKind::Null)?;
    let old = values(field).next().map(|seen| seen.kind);
    (null.n_other_before >= ENOUGH).then(|| DriftChange {
        n_before: null.n_other_before,
        n_after: null.n,
        ..change(
            shape,
            field,
            DriftChangeKind::Nullable,
            (old, Some(FieldKind::Null)),
            (null.first, null.first_time),
        )
    })
}

fn appears(shape: &TypeDrift, field: &FieldDrift, parent: (u64, u64)) -> Option<DriftChange> {
    let first = field.kinds.first()?;
    let since = shape.n.saturating_sub(first.first_nr);
    let is_new = first.first_nr >= parent.0.saturating_add(ENOUGH) && field.n * 2 >= since;
    is_new.then(|| DriftChange {
        n_before: first.first_nr,
        n_after: field.n,
        is_final: field.n == since,
        ..change(
            shape,
            field,
            DriftChangeKind::Appears,
            (None, Some(first.kind)),
            (first.first, first.first_time),
        )
    })
}

fn vanishes(shape: &TypeDrift, field: &FieldDrift, parent: (u64, u64)) -> Option<DriftChange> {
    let first = field.kinds.first()?;
    let last = field.kinds.iter().max_by_key(|seen| seen.last_nr)?;
    let until = last.last_nr.saturating_sub(first.first_nr) + 1;
    let was_always = field.n >= ENOUGH && field.n * 100 >= until * 99;
    let is_gone = parent.1 >= last.last_nr.saturating_add(ENOUGH);
    (was_always && is_gone).then(|| DriftChange {
        n_before: field.n,
        n_after: shape.n.saturating_sub(last.last_nr + 1),
        is_final: true,
        ..change(
            shape,
            field,
            DriftChangeKind::Vanishes,
            (Some(last.kind), None),
            (last.last, last.last_time),
        )
    })
}

fn change(
    shape: &TypeDrift,
    field: &FieldDrift,
    what: DriftChangeKind,
    (old, new): (Option<FieldKind>, Option<FieldKind>),
    (position, time): (Position, Option<Timestamp>),
) -> DriftChange {
    let version = shape.versions.iter().skip(1);
    let version = version.into_iter().find(|seen| seen.first == position);
    DriftChange {
        event_type: shape.event_type,
        type_name: shape.name.clone(),
        path: field.path.clone(),
        what,
        old,
        new,
        position,
        time,
        n_before: 0,
        n_after: 0,
        is_final: false,
        version: version.map(|seen| seen.version.clone()),
    }
}
