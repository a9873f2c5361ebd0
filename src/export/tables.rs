//! The tables that are on screen, as sheets: states, roll-forwards, findings, facets, projections.
//!
//! The window's buttons and the command line make them here, so that both write the same.

use super::sheet::Sheet;
use super::value::{Column, Kind, Value};
use crate::audit::Audit;
use crate::event::json::{JsonPath, Step};
use crate::event::{Decimal, Severity, Timestamp, TypeId};
use crate::fold::TableRow;
use crate::history::{Axis, EventLog};
use crate::projection::{Plotted, RollForward, Rolled, Table, TableCell};
use crate::query::Facet;

/// A column's name: of one member its key as it is, else the path.
pub fn name_of(column: &JsonPath) -> String {
    match column.0.as_slice() {
        [Step::Key(key)] => key.to_string(),
        _ => column.to_string(),
    }
}

/// States of streams: a row for each stream, a column for each path.
pub fn states_sheet(log: &EventLog, columns: &[JsonPath], rows: &[TableRow<'_>]) -> Sheet {
    let has_files = log.has_several_files();
    let mut sheet = Sheet::new([
        Column::new("stream", Kind::Names),
        Column::new("version", Kind::Whole),
        Column::new("position", Kind::Whole),
    ]);
    let names = columns.iter().map(name_of);
    sheet
        .columns
        .extend(names.map(|name| Column::new(name, Kind::Text)));
    if has_files {
        sheet.columns.push(Column::new("file", Kind::Names));
    }
    for row in rows {
        let mut values = vec![
            Value::Text(log.stream_name(row.stream).to_owned().into()),
            Value::whole(row.version.map(|version| version.0)),
            Value::Whole(i64::from(row.position.0)),
        ];
        let cells = row.cells.iter();
        values.extend(cells.map(|cell| cell.map_or(Value::Missing, Sheet::value_of)));
        if has_files {
            values.push(owned(log.file_of(row.stream)));
        }
        sheet.rows.push(values);
    }
    sheet
}

/// What the rows of a roll-forward are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolledBy {
    /// A row for each stream.
    Stream,
    /// A row for each category.
    Category,
}

/// A roll-forward: opening, a column for each type of events that moved the number, closing. Types have
/// their own names, so that opening and the columns after it add up to closing.
pub fn roll_forward_sheet(log: &EventLog, rolled: &RollForward, by: RolledBy) -> Sheet {
    let mut sheet = Sheet::new([Column::new("category", Kind::Names)]);
    let more = match by {
        RolledBy::Stream => Column::new("stream", Kind::Names),
        RolledBy::Category => Column::new("streams", Kind::Whole),
    };
    sheet
        .columns
        .extend([more, Column::new("opening", Kind::Text)]);
    let types = rolled
        .types
        .iter()
        .map(|kind| log.type_name(*kind).to_owned());
    sheet
        .columns
        .extend(types.map(|name| Column::new(name, Kind::Text)));
    sheet.columns.push(Column::new("closing", Kind::Text));
    match by {
        RolledBy::Stream => sheet.rows.extend(rolled.streams.iter().map(|row| {
            let category = log.category_of(row.stream);
            let stream = owned(Some(log.stream_name(row.stream)));
            rolled_row(category, stream, Some(&row.rolled), &rolled.types)
        })),
        RolledBy::Category => sheet.rows.extend(rolled.categories.iter().map(|group| {
            let known = group
                .category
                .and_then(|id| log.category_names().get(id.index()));
            let streams = Value::whole(i64::try_from(group.n_streams).ok());
            let category = known.map_or("", |name| name);
            rolled_row(category, streams, group.rolled.as_ref(), &rolled.types)
        })),
    }
    sheet
}

fn rolled_row(
    category: &str,
    second: Value<'static>,
    rolled: Option<&Rolled>,
    types: &[TypeId],
) -> Vec<Value<'static>> {
    let number = |number: Option<Decimal>| {
        number.map_or(Value::Missing, |number| {
            Value::Number(number.to_string().into())
        })
    };
    let mut row = vec![owned(Some(category)), second];
    row.push(number(rolled.and_then(|rolled| rolled.opening)));
    let moved = types.iter();
    row.extend(
        moved.map(|kind| number(rolled.and_then(|rolled| rolled.movements.get(kind).copied()))),
    );
    row.push(number(rolled.and_then(|rolled| rolled.closing)));
    row
}

/// The findings of an audit, in its order.
pub fn findings_sheet(audit: &Audit) -> Sheet {
    let mut sheet = Sheet::new([
        Column::new("check", Kind::Names),
        Column::new("severity", Kind::Names),
        Column::new("message", Kind::Text),
        Column::new("stream", Kind::Names),
        Column::new("version", Kind::Whole),
        Column::new("position", Kind::Whole),
        Column::new("event_id", Kind::Text),
        Column::new("time", Kind::Time),
        Column::new("count", Kind::Whole),
        Column::new("group", Kind::Names),
        Column::new("place", Kind::Text),
    ]);
    for finding in &audit.findings {
        sheet.rows.push(vec![
            Value::Text(finding.check.into()),
            Value::Text(severity(finding.severity).into()),
            owned(Some(&finding.message)),
            owned(finding.stream.as_deref()),
            Value::whole(finding.version),
            Value::whole(finding.position.map(i64::from)),
            owned(finding.event_id.as_deref()),
            finding
                .time
                .map_or(Value::Missing, |time| Value::Time(time, 9)),
            Value::whole(i64::try_from(finding.count).ok()),
            owned(finding.group.as_deref()),
            owned(finding.place.as_deref()),
        ]);
    }
    sheet
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// Counts of what is said alike: keys, values, events.
pub fn facets_sheet(facets: &[Facet]) -> Sheet {
    let mut sheet = Sheet::new([
        Column::new("key", Kind::Names),
        Column::new("value", Kind::Text),
        Column::new("events", Kind::Whole),
    ]);
    for facet in facets {
        for (value, n_events) in &facet.values {
            sheet.rows.push(vec![
                owned(Some(&facet.key)),
                owned(Some(value)),
                Value::whole(i64::try_from(*n_events).ok()),
            ]);
        }
    }
    sheet
}

/// The table of a projection without code.
pub fn built_in_sheet(table: &Table) -> Sheet {
    let columns = table.columns.iter();
    let mut sheet = Sheet::new(columns.map(|name| Column::new(*name, Kind::Text)));
    for row in &table.rows {
        sheet.rows.push(row.iter().map(cell).collect());
    }
    sheet
}

/// The lines of a plot: a row for each value that a line has, and where it begins to have it.
pub fn plotted_sheet(plotted: &Plotted, axis: Axis) -> Sheet {
    let (name, kind) = match axis {
        Axis::Time => ("time", Kind::Time),
        Axis::Sequence => ("place", Kind::Whole),
    };
    let mut sheet = Sheet::new([
        Column::new("line", Kind::Names),
        Column::new(name, kind),
        Column::new("position", Kind::Whole),
        Column::new("value", Kind::Text),
    ]);
    let place = |x: i64| match axis {
        Axis::Time => Value::Time(Timestamp(x), digits(x)),
        Axis::Sequence => Value::Whole(x),
    };
    for line in &plotted.lines {
        for step in &line.points {
            let value = step
                .value
                .map(|value| Value::Number(value.to_string().into()));
            sheet.rows.push(vec![
                owned(Some(&line.name)),
                place(step.x),
                Value::Whole(i64::from(step.position.0)),
                value.unwrap_or(Value::Missing),
            ]);
        }
        for band in &line.bands {
            sheet.rows.push(vec![
                owned(Some(&line.name)),
                place(band.from),
                Value::Whole(i64::from(band.position.0)),
                owned(Some(&band.value)),
            ]);
        }
    }
    sheet
}

/// As many fraction digits as it takes to say a moment: none, or three, six or nine.
fn digits(nanos: i64) -> u8 {
    match nanos {
        whole if whole % 1_000_000_000 == 0 => 0,
        whole if whole % 1_000_000 == 0 => 3,
        whole if whole % 1_000 == 0 => 6,
        _ => 9,
    }
}

fn cell(cell: &TableCell) -> Value<'static> {
    match cell {
        TableCell::Text(text) => owned(Some(text)),
        TableCell::Count(number) | TableCell::Bytes(number) => {
            Value::Number(number.to_string().into())
        }
        TableCell::Percent(share) => Value::Number(share.to_string().into()),
        // Seconds, as they are in other tables; exact to the nanosecond.
        TableCell::Nanos(nanos) => Decimal::new(i128::from(*nanos), 9)
            .map_or(Value::Missing, |secs| {
                Value::Number(secs.to_string().into())
            }),
        TableCell::Moment(time) => Value::Time(*time, digits(time.0)),
        TableCell::Missing => Value::Missing,
    }
}

fn owned(text: Option<&str>) -> Value<'static> {
    text.map_or(Value::Missing, |text| Value::Text(text.to_owned().into()))
}
