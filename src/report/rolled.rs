//! Roll-forwards: what a number was before the period, what moved it in it, and what it was after.

use super::mask::Mask;
use super::period::Period;
use super::settings::{ReportSettings, TableWanted};
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Decimal, Position};
use crate::fold::Folder;
use crate::history::EventLog;
use crate::projection::{RollForward, RollForwardAsk, Rolled};

/// So many streams are shown; the sum is that of all.
const MAX_ROWS: usize = 60;

/// A number of the states of a category between the ends of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RolledTable {
    /// The category.
    pub category: String,
    /// Where the number stands in the states.
    pub field: String,
    /// The types of events that moved it anywhere, by name.
    pub types: Vec<String>,
    /// The streams, by name.
    pub rows: Vec<RolledRow>,
    /// How many streams there are that are not shown.
    pub more_rows: u64,
    /// All of them; `None` where there is no stream, or a sum has over 38 digits.
    pub total: Option<RolledRow>,
    /// How many streams are in no sum, for what stood there was no number.
    pub left_out: u64,
    /// What made the states.
    pub rules: String,
    /// Why there is none.
    pub problem: Option<String>,
}

/// A stream in it, or their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RolledRow {
    /// Its name.
    pub name: String,
    /// What the number was; `None` where there was none yet.
    pub opening: Option<String>,
    /// By how much each of the table's types moved it.
    pub moved: Vec<Option<String>>,
    /// What it was in the end.
    pub closing: Option<String>,
}

/// Gathers the roll-forwards; what cannot be is said in them. Costs the states of each category.
pub(super) fn rolled_tables(
    folder: &Folder,
    settings: &ReportSettings,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Vec<RolledTable> {
    let wanted = settings.rolled.iter();
    let wanted = wanted.flat_map(|one| one.columns.iter().map(move |field| (one, field)));
    wanted
        .map(|(one, field)| {
            let made = rolled(folder, (one, field), period, mask, cancel);
            let (table, problem) = match made {
                Ok(table) => (table, None),
                Err(why) => (RolledTable::default(), Some(why)),
            };
            RolledTable {
                category: one.category.clone(),
                field: field.clone(),
                rules: folder.reducer().label().to_owned(),
                problem,
                ..table
            }
        })
        .collect()
}

fn rolled(
    folder: &Folder,
    (wanted, field): (&TableWanted, &str),
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Result<RolledTable, String> {
    let log = &folder.history().log;
    let names = log.category_names().iter();
    let category = names
        .zip(0_u32..)
        .find_map(|(name, nr)| (**name == *wanted.category).then_some(CategoryId(nr)))
        .ok_or_else(|| format!("no stream is of category {}", wanted.category))?;
    let path = JsonPath::parse(field).ok_or_else(|| format!("{field} is no field of a state"))?;
    if mask.at_path(&path, "0") != "0" {
        return Err(format!("{field} is masked"));
    }
    let ask = RollForwardAsk {
        path,
        from: period.from.0.checked_sub(1).map(Position),
        to: Some(period.until),
        category: Some(category),
    };
    let found =
        RollForward::of(folder, &ask, cancel, &|_| {}).map_err(|error| error.to_string())?;
    let row = |name: &str, rolled: &Rolled| RolledRow {
        name: name.to_owned(),
        opening: text(rolled.opening),
        moved: found
            .types
            .iter()
            .map(|moved_by| text(rolled.movements.get(moved_by).copied()))
            .collect(),
        closing: text(rolled.closing),
    };
    let shown = found.streams.iter().take(MAX_ROWS);
    let total = found.total.as_ref();
    Ok(RolledTable {
        types: type_names(log, &found),
        rows: shown
            .map(|one| row(log.stream_name(one.stream), &one.rolled))
            .collect(),
        more_rows: found.streams.len().saturating_sub(MAX_ROWS) as u64,
        total: total.and_then(|all| Some(row("All", all.rolled.as_ref()?))),
        left_out: found.left_out.len() as u64,
        ..RolledTable::default()
    })
}

fn text(number: Option<Decimal>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn type_names(log: &EventLog, found: &RollForward) -> Vec<String> {
    let types = found.types.iter();
    types.map(|one| log.type_name(*one).to_owned()).collect()
}
