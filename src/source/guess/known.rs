//! The places of a candidate from which roles can be read: its columns, and the members of the JSON
//! that they hold.

use super::facts::Facts;
use super::names;
use super::sample::{Candidate, Column, Sampled};
use crate::event::json::scan;
use crate::source::cell::Cell;
use crate::source::field::{Field, Piece};
use crate::source::format::Role;
use crate::source::synonyms::normalized;

/// The most columns that are weighed.
const MAX_COLUMNS: usize = 64;
/// The most members of one column's JSON that are weighed, and in how many rows they are looked for.
const MAX_MEMBERS: usize = 48;
const MAX_ROWS_INSIDE: usize = 600;

/// Names that say nothing of what they hold: how programs and databases write typed values.
const WRAPPERS: &[&str] = &[
    "data",
    "value",
    "date",
    "s",
    "n",
    "m",
    "b",
    "numberlong",
    "numberint",
    "numberdecimal",
    "binary",
    "base64",
    "oid",
    "uuid",
];

/// A place from which a role can be read, with what stands there.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) field: Field,
    /// The column's name, and the names of members on the way inside; the first column where several
    /// are put together.
    pub(super) name: String,
    pub(super) path: Vec<String>,
    /// Its index among the columns, and that of the column for a member.
    pub(super) column: usize,
    pub(super) facts: Facts,
    /// How surely its name means each role, in the order of [`Role::ALL`].
    named: [f64; Role::ALL.len()],
}

impl Known {
    fn new(field: Field, column: usize, sampled: &Column, table: &str) -> Self {
        let (name, path) = first_place(&field);
        let names: Vec<String> = match path.as_slice() {
            [] => vec![normalized(&name)],
            path => {
                let steps: Vec<&String> = std::iter::once(&name).chain(path).collect();
                let last_two = steps.iter().rev().take(2).rev();
                let together: String = last_two.map(|step| normalized(step)).collect();
                let mut last = steps.iter().rev().map(|step| normalized(step));
                // `timestamp/_data_` is a timestamp.
                let wrapped = |name: &String| WRAPPERS.contains(&name.as_str());
                let named = last.find(|name| !wrapped(name)).unwrap_or_default();
                vec![named, together]
            }
        };
        let sure = |role| {
            let sure = names.iter().map(|name| names::sureness(role, name, table));
            sure.fold(0.0, f64::max)
        };
        Self {
            column,
            facts: Facts::of(sampled),
            named: Role::ALL.map(sure),
            field,
            name,
            path,
        }
    }

    /// How surely its name means a role, of 1.
    pub(super) fn named(&self, role: Role) -> f64 {
        self.named.get(role as usize).copied().unwrap_or(0.0)
    }

    /// How surely its name means some other role.
    pub(super) fn named_otherwise(&self, role: Role) -> f64 {
        let others = Role::ALL.into_iter().filter(|other| *other != role);
        others.map(|other| self.named(other)).fold(0.0, f64::max)
    }

    /// Whether it lies inside a column's JSON.
    pub(super) fn is_inside(&self) -> bool {
        !self.path.is_empty()
    }
}

/// The columns of a candidate.
pub(super) fn columns(candidate: &Candidate) -> Vec<Known> {
    let columns = candidate.columns.iter().take(MAX_COLUMNS).enumerate();
    columns
        .map(|(at, column)| Known::new(Field::column(&column.name), at, column, &candidate.table))
        .collect()
}

/// The members of the JSON objects in the columns that hold such, down to the second level.
pub(super) fn members(candidate: &Candidate, columns: &[Known]) -> Vec<Known> {
    let mut found = Vec::new();
    for known in columns.iter().filter(|known| known.facts.object >= 0.5) {
        let Some(column) = candidate.columns.get(known.column) else {
            continue;
        };
        let texts: Vec<Option<Vec<u8>>> = column
            .samples
            .iter()
            .enumerate()
            .map(|(row, sample)| {
                (row < MAX_ROWS_INSIDE).then(|| Some(sample.json()?.into_owned()))?
            })
            .collect();
        for path in paths(&texts) {
            if let Some(field) = field_at(candidate, known, &texts, &path) {
                found.push(field);
            }
        }
    }
    found
}

/// The first column that a field reads, with the way inside.
fn first_place(field: &Field) -> (String, Vec<String>) {
    let mut columns = field.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(_) => None,
        Piece::Column { column, path, .. }
        | Piece::Before { column, path, .. }
        | Piece::After { column, path, .. } => Some((column.clone(), path.clone())),
    });
    columns.next().unwrap_or_default()
}

/// A single place, as a user may name it; `None` where one of its columns is not there.
pub(super) fn at(candidate: &Candidate, field: &Field) -> Option<Known> {
    let find = |name: &str| {
        let is_it = |column: &Column| column.name.eq_ignore_ascii_case(name);
        candidate.columns.iter().position(is_it)
    };
    let at = find(&first_place(field).0)?;
    if field.plain().is_some() {
        let column = candidate.columns.get(at)?;
        return Some(Known::new(field.clone(), at, column, &candidate.table));
    }
    if !field.columns().all(|name| find(name).is_some()) {
        return None;
    }
    let n_rows = candidate.columns.get(at)?.samples.len();
    let sample = |row: usize| {
        let mut parts = field.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Sampled::Text(text.clone().into_bytes()),
            Piece::Column { column, path, .. }
            | Piece::Before { column, path, .. }
            | Piece::After { column, path, .. } => {
                let column = find(column).and_then(|at| candidate.columns.get(at));
                let sample = column.and_then(|column| column.samples.get(row));
                sample.map_or(Sampled::Null, |sample| inside(sample, path))
            }
        });
        match field.pieces.len() {
            1 => parts.next().unwrap_or(Sampled::Null),
            // Nothing where one of the columns holds nothing.
            _ => parts
                .map(|part| part.cell().text())
                .collect::<Option<String>>()
                .map_or(Sampled::Null, |text| Sampled::Text(text.into_bytes())),
        }
    };
    let column = Column {
        name: String::new(),
        is_unique: false,
        samples: (0..n_rows).map(sample).collect(),
    };
    Some(Known::new(field.clone(), at, &column, &candidate.table))
}

/// What stands at a path inside a sample's JSON; the sample itself where the path is empty.
fn inside(sample: &Sampled, path: &[String]) -> Sampled {
    if path.is_empty() {
        return sample.clone();
    }
    let json = sample.json();
    json.map_or(Sampled::Null, |json| {
        Sampled::of(Cell::Json(&json).at(path))
    })
}

fn field_at(
    candidate: &Candidate,
    known: &Known,
    texts: &[Option<Vec<u8>>],
    path: &[String],
) -> Option<Known> {
    // Rows in which nothing was looked for are not empty ones.
    let samples: Vec<Sampled> = texts
        .iter()
        .take(MAX_ROWS_INSIDE)
        .map(|text| {
            let found = text.as_deref().map(|json| Cell::Json(json).at(path));
            found.map_or(Sampled::Null, Sampled::of)
        })
        .collect();
    let inner = Column {
        name: String::new(),
        is_unique: false,
        samples,
    };
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let field = Field::inside(&known.name, &steps);
    let found = Known::new(field, known.column, &inner, &candidate.table);
    // What stands in some rows only belongs to some types of events, and is none of their frame.
    let n_looked = texts.iter().flatten().count();
    (found.facts.n_present * 10 >= n_looked * 8).then_some(found)
}

/// The paths of members that stand in the first objects.
fn paths(texts: &[Option<Vec<u8>>]) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    let mut add = |path: Vec<String>| {
        if paths.len() < MAX_MEMBERS && !paths.contains(&path) {
            paths.push(path);
        }
    };
    for text in texts.iter().flatten().take(8) {
        let mut inner: Vec<(String, Vec<u8>)> = Vec::new();
        let walked = scan::members(text, |key, value| {
            let key = crate::event::readable(key);
            add(vec![key.clone()]);
            if value.starts_with(b"{") {
                inner.push((key, value.to_vec()));
            }
        });
        if walked.is_err() {
            continue;
        }
        for (outer, object) in inner {
            scan::members(&object, |key, _| {
                add(vec![outer.clone(), crate::event::readable(key)]);
            })
            .ok();
        }
    }
    paths
}
