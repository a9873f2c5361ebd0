//! Holds the states against the table.

use hashbrown::HashMap;
use serde::Serialize;

use super::equal::says_the_same;
use crate::event::json::{JsonPath, Step};
use crate::event::{CategoryId, Position, StreamId};
use crate::fold::{FoldError, Folder, StateTable, TableQuestion, TableRow};
use crate::history::EventLog;

/// How many rows that are not equal are kept; all are counted.
const MAX_ITEMS: usize = 10_000;

/// What is held against what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReconcileQuestion {
    /// The streams of this category.
    pub category: CategoryId,
    /// Their states after this event.
    pub position: Position,
    /// The column of the table that names the stream.
    pub key: String,
    /// Fields of the state, each with its column; none for all columns that are named as a field at the
    /// top of the states.
    pub columns: Vec<(JsonPath, String)>,
}

/// How a row of one side stands to the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKind {
    /// Both have it, and it says something else.
    Different,
    /// Only the history has such a stream.
    OnlyHistory,
    /// Only the table has such a row.
    OnlyTable,
    /// The table has several rows with the key; the first was held against the state.
    Several,
}

/// A field that says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnDifference {
    /// The column of the table.
    pub column: String,
    /// The field of the state.
    pub field: String,
    /// What the state says, as JSON text; `None` where it lacks the field.
    pub history: Option<String>,
    /// What the table says.
    pub table: Option<String>,
}

/// A stream or a row that is not equal on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReconcileItem {
    /// How it differs.
    pub kind: MatchKind,
    /// Its key: that of the row, or the stream's name.
    pub key: String,
    /// The stream's name.
    pub stream: Option<String>,
    /// The version of its last event by then.
    pub version: Option<i64>,
    /// Where that event stands.
    pub position: Option<u32>,
    /// What says something else.
    pub columns: Vec<ColumnDifference>,
    /// The stream to go to.
    #[serde(skip)]
    pub stream_id: Option<StreamId>,
}

/// How many rows of a column are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ColumnCount {
    /// The column of the table.
    pub column: String,
    /// The field of the state.
    pub field: String,
    /// In how many rows both say the same.
    pub equal: u64,
    /// In how many they do not.
    pub different: u64,
}

/// What holding states against a table has found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// The category.
    pub category: String,
    /// The table.
    pub table: String,
    /// The column that names streams, and whether it does so by their whole names.
    pub key: String,
    /// Whether keys are whole names of streams, and not what stands behind their category.
    pub by_whole_names: bool,
    /// What the states are made by.
    pub rules: String,
    /// The last event that counts.
    pub position: u32,
    /// In how many rows all columns say the same.
    pub equal: u64,
    /// In how many one does not.
    pub different: u64,
    /// How many streams the table lacks.
    pub only_history: u64,
    /// How many rows the history lacks.
    pub only_table: u64,
    /// How many rows repeat the key of another.
    pub several: u64,
    /// The columns.
    pub columns: Vec<ColumnCount>,
    /// What is not equal, by key; at most 10,000.
    pub items: Vec<ReconcileItem>,
}

impl Reconciliation {
    /// Whether both sides say the same.
    pub fn is_same(&self) -> bool {
        self.n_differences() == 0
    }

    /// How many streams and rows are not equal.
    pub fn n_differences(&self) -> u64 {
        self.different + self.only_history + self.only_table + self.several
    }
}

/// The table from elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Outside<'a> {
    /// Its name.
    pub name: &'a str,
    /// The names of its columns.
    pub columns: &'a [String],
    /// Its rows, each as long as the columns.
    pub rows: &'a [Vec<Option<Box<str>>>],
}

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReconcileError {
    /// It was stopped.
    #[error("it was stopped")]
    Cancelled,
    /// The question does not fit the table or the states; the sentence says how.
    #[error("{0}")]
    Unfit(String),
}

impl From<FoldError> for ReconcileError {
    fn from(error: FoldError) -> Self {
        match error {
            FoldError::Cancelled => Self::Cancelled,
            error => Self::Unfit(error.to_string()),
        }
    }
}

/// Holds the states of a category at a point against a table. Gathers the states, then takes one pass
/// over both.
pub fn reconcile(
    folder: &Folder,
    question: &ReconcileQuestion,
    outside: Outside<'_>,
    cancel: &dyn Fn() -> bool,
    progress: &dyn Fn(u64),
) -> Result<Reconciliation, ReconcileError> {
    let log = &folder.history().log;
    let key = column(outside, &question.key)?;
    for (_, name) in &question.columns {
        column(outside, name)?;
    }
    let fields = question.columns.iter().map(|(path, _)| path.clone());
    let asked = TableQuestion {
        category: question.category,
        columns: (!question.columns.is_empty()).then(|| fields.collect()),
        until: Some(question.position),
    };
    let table = StateTable::of(folder, &asked, cancel, progress)?;
    let pairs = pairs(&table, question, outside, key);
    if pairs.is_empty() {
        return Err(ReconcileError::Unfit(format!(
            "no column of {} is named as a field of the states; name some with --columns field=column",
            outside.name
        )));
    }
    let states = table.as_of(log, question.position);
    let category = log.category_names().get(question.category.index());
    let mut holding = Holding {
        log,
        outside,
        key,
        category: category.map_or("", |name| name),
        pairs: &pairs,
        found: Reconciliation {
            category: category.map_or_else(String::new, |name| name.to_string()),
            table: outside.name.to_owned(),
            key: question.key.clone(),
            rules: folder.reducer().label().to_owned(),
            position: question.position.0,
            ..Reconciliation::default()
        },
    };
    holding.name_columns(table.columns());
    holding.hold(&states, cancel)?;
    Ok(holding.found)
}

/// The number of a column by its name, in whatever case.
fn column(outside: Outside<'_>, name: &str) -> Result<usize, ReconcileError> {
    let exact = outside.columns.iter().position(|column| column == name);
    let any = || {
        let mut columns = outside.columns.iter();
        columns.position(|column| column.eq_ignore_ascii_case(name))
    };
    exact.or_else(any).ok_or_else(|| {
        ReconcileError::Unfit(format!(
            "{} has no column {name}; there are {}",
            outside.name,
            outside.columns.join(", ")
        ))
    })
}

/// Which column of the states is held against which column of the table.
fn pairs(
    table: &StateTable,
    question: &ReconcileQuestion,
    outside: Outside<'_>,
    key: usize,
) -> Vec<(usize, usize)> {
    if !question.columns.is_empty() {
        let named = question.columns.iter().enumerate();
        return named
            .filter_map(|(at, (_, name))| Some((at, column(outside, name).ok()?)))
            .collect();
    }
    let plain = |name: &str| -> String {
        let kept = name.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let columns: Vec<String> = outside.columns.iter().map(|name| plain(name)).collect();
    let fields = table.columns().iter().enumerate();
    let found = fields.filter_map(|(at, path)| {
        let [Step::Key(name)] = path.0.as_slice() else {
            return None;
        };
        let name = plain(name);
        let column = columns.iter().position(|column| *column == name)?;
        (column != key).then_some((at, column))
    });
    found.collect()
}

struct Holding<'a> {
    log: &'a EventLog,
    outside: Outside<'a>,
    key: usize,
    category: &'a str,
    pairs: &'a [(usize, usize)],
    found: Reconciliation,
}

impl<'a> Holding<'a> {
    fn name_columns(&mut self, fields: &[JsonPath]) {
        let named = self.pairs.iter().map(|(field, column)| ColumnCount {
            column: self
                .outside
                .columns
                .get(*column)
                .cloned()
                .unwrap_or_default(),
            field: fields
                .get(*field)
                .map_or_else(String::new, ToString::to_string),
            ..ColumnCount::default()
        });
        self.found.columns = named.collect();
    }

    fn hold(
        &mut self,
        states: &[TableRow<'_>],
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), ReconcileError> {
        let mut by_key: HashMap<&'a str, (usize, u64)> = HashMap::new();
        let outside = self.outside;
        for (nr, row) in outside.rows.iter().enumerate() {
            if let Some(Some(key)) = row.get(self.key) {
                by_key.entry(key).or_insert((nr, 0)).1 += 1;
            }
        }
        let fits = |short: bool| {
            let names = states.iter().map(|row| self.log.stream_name(row.stream));
            let names = names.map(|name| if short { self.short(name) } else { name });
            names.filter(|name| by_key.contains_key(name)).count()
        };
        let is_short = fits(true) > fits(false);
        self.found.by_whole_names = !is_short;
        for (nr, row) in states.iter().enumerate() {
            if nr.is_multiple_of(1 << 12) && cancel() {
                return Err(ReconcileError::Cancelled);
            }
            let name = self.log.stream_name(row.stream);
            let key = if is_short { self.short(name) } else { name };
            match by_key.remove(key) {
                None => {
                    self.found.only_history += 1;
                    self.keep(MatchKind::OnlyHistory, key, Some(row), Vec::new());
                }
                Some((at, n)) => self.hold_row(key, row, (at, n)),
            }
        }
        // In the order of the table, so that the answer is always the same.
        let mut left: Vec<(usize, &str)> =
            by_key.iter().map(|(key, (nr, _))| (*nr, *key)).collect();
        left.sort_unstable();
        for (_, key) in left {
            self.found.only_table += 1;
            self.keep(MatchKind::OnlyTable, key, None, Vec::new());
        }
        self.found
            .items
            .sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
        Ok(())
    }

    /// What of a stream's name stands behind its category.
    fn short<'n>(&self, name: &'n str) -> &'n str {
        let rest = name.strip_prefix(self.category);
        let rest = rest.and_then(|rest| rest.strip_prefix(['-', '$', '_', ':', '/', '.']));
        rest.filter(|rest| !rest.is_empty()).unwrap_or(name)
    }

    fn hold_row(&mut self, key: &str, row: &TableRow<'_>, (at, n): (usize, u64)) {
        let Some(other) = self.outside.rows.get(at) else {
            return;
        };
        let mut columns = Vec::new();
        for ((field, column), count) in self.pairs.iter().zip(&mut self.found.columns) {
            let state = row.cells.get(*field).copied().flatten();
            let table = other.get(*column).and_then(|value| value.as_deref());
            if says_the_same(state, table) {
                count.equal += 1;
                continue;
            }
            count.different += 1;
            columns.push(ColumnDifference {
                column: count.column.clone(),
                field: count.field.clone(),
                history: state.map(str::to_owned),
                table: table.map(str::to_owned),
            });
        }
        if n > 1 {
            self.found.several += n - 1;
            self.keep(MatchKind::Several, key, Some(row), Vec::new());
        }
        if columns.is_empty() {
            self.found.equal += 1;
        } else {
            self.found.different += 1;
            self.keep(MatchKind::Different, key, Some(row), columns);
        }
    }

    fn keep(
        &mut self,
        kind: MatchKind,
        key: &str,
        row: Option<&TableRow<'_>>,
        columns: Vec<ColumnDifference>,
    ) {
        if self.found.items.len() >= MAX_ITEMS {
            return;
        }
        self.found.items.push(ReconcileItem {
            kind,
            key: key.to_owned(),
            stream: row.map(|row| self.log.stream_name(row.stream).to_owned()),
            version: row.and_then(|row| row.version).map(|version| version.0),
            position: row.map(|row| row.position.0),
            columns,
            stream_id: row.map(|row| row.stream),
        });
    }
}
