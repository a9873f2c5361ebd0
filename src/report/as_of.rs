//! Tables of the states of a category at the end of the period.

use super::mask::Mask;
use super::period::Period;
use super::settings::{ReportSettings, TableWanted};
use crate::event::json::{Json, JsonPath, parse};
use crate::event::{CategoryId, Position};
use crate::fold::{Folder, StateTable, TableQuestion};

/// So many rows and columns are shown.
const MAX_ROWS: usize = 60;
const MAX_COLUMNS: usize = 8;

/// The states of a category's streams.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AsOfTable {
    /// The category.
    pub category: String,
    /// At which position.
    pub at: u32,
    /// The paths.
    pub columns: Vec<String>,
    /// How many columns there are that are not shown.
    pub more_columns: u64,
    /// The streams, by name.
    pub rows: Vec<AsOfRow>,
    /// How many streams there are that are not shown.
    pub more_rows: u64,
    /// What made the states.
    pub rules: String,
    /// Why there is none.
    pub problem: Option<String>,
}

/// A stream in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AsOfRow {
    /// Its name.
    pub stream: String,
    /// The version of its last event by then.
    pub version: Option<i64>,
    /// Where that event stands.
    pub position: u32,
    /// The values: texts without quotes, all else as JSON; `None` where the state has none.
    pub cells: Vec<Option<String>>,
}

/// Gathers the tables; what cannot be is said in them. Costs a fold of each category.
pub(super) fn as_of_tables(
    folder: &Folder,
    settings: &ReportSettings,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Vec<AsOfTable> {
    let make = |wanted: &TableWanted| {
        let label = folder.reducer().label().to_owned();
        let empty = AsOfTable {
            category: wanted.category.clone(),
            at: period.until.0,
            rules: label,
            ..AsOfTable::default()
        };
        match table(folder, wanted, period.until, mask, cancel) {
            Ok(table) => AsOfTable {
                rules: empty.rules,
                category: empty.category,
                ..table
            },
            Err(why) => AsOfTable {
                problem: Some(why),
                ..empty
            },
        }
    };
    settings.tables.iter().map(make).collect()
}

fn table(
    folder: &Folder,
    wanted: &TableWanted,
    at: Position,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Result<AsOfTable, String> {
    let log = &folder.history().log;
    let category = log
        .category_names()
        .iter()
        .position(|name| **name == *wanted.category)
        .and_then(|at| u32::try_from(at).ok())
        .ok_or_else(|| format!("no stream is of category {}", wanted.category))?;
    let read = |text: &String| {
        JsonPath::parse(text).ok_or_else(|| format!("{text} is no field of a state"))
    };
    let columns: Result<Vec<JsonPath>, String> = wanted.columns.iter().map(read).collect();
    let columns = Some(columns?).filter(|columns| !columns.is_empty());
    let question = TableQuestion {
        category: CategoryId(category),
        columns,
        until: Some(at),
    };
    let table =
        StateTable::of(folder, &question, cancel, &|_| {}).map_err(|error| error.to_string())?;
    let rows = table.as_of(log, at);
    let paths: Vec<&JsonPath> = table.columns().iter().take(MAX_COLUMNS).collect();
    let mut shown = Vec::new();
    for row in rows.iter().take(MAX_ROWS) {
        let cells = paths.iter().zip(&row.cells);
        let cells = cells
            .map(|(path, cell)| cell.map(|text| plain(&mask.at_path(path, text))))
            .collect();
        shown.push(AsOfRow {
            stream: log.stream_name(row.stream).to_owned(),
            version: row.version.map(|version| version.0),
            position: row.position.0,
            cells,
        });
    }
    Ok(AsOfTable {
        at: at.0,
        more_columns: table.columns().len().saturating_sub(MAX_COLUMNS) as u64,
        more_rows: rows.len().saturating_sub(MAX_ROWS) as u64,
        columns: paths.iter().map(|path| path.to_string()).collect(),
        rows: shown,
        ..AsOfTable::default()
    })
}

/// A value for people: a text without quotes, all else as JSON.
pub(super) fn plain(text: &str) -> String {
    match parse(text.as_bytes()) {
        Ok(Json::Text(text)) => text.into(),
        _ => text.to_owned(),
    }
}
