//! A table that is known as a whole: of states, of a series, of facets, of findings.

use std::collections::BTreeSet;
use std::path::Path;

use super::csv::CsvRows;
use super::error::Error;
use super::events::Form;
use super::lines::LineRows;
use super::parquet::ParquetRows;
use super::value::{Column, Kind, Value};
use super::whole::written;
use crate::event::{Decimal, Zone};

/// A table with its columns and rows; each row has as many values as there are columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Value<'static>>>,
}

impl Sheet {
    /// An empty table with these columns.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a value of JSON as it suits a table: numbers with their digits, texts without quotes, all
    /// else as JSON.
    pub fn value_of(json: &str) -> Value<'static> {
        use crate::event::json::{Json, parse};
        match parse(json.as_bytes()) {
            Ok(Json::Null) => Value::Missing,
            Ok(Json::Number(digits)) => Value::Number(digits.into_string().into()),
            Ok(Json::Text(text)) => Value::Text(text.into_string().into()),
            Ok(Json::Bool(is_so)) => Value::Flag(is_so),
            _ => Value::Text(json.to_owned().into()),
        }
    }

    /// The table with each column of texts that holds only numbers, moments or flags made one of these:
    /// what a typed form keeps. Costs a look at each value.
    #[must_use]
    pub fn typed(mut self) -> Self {
        for (n, column) in self.columns.iter_mut().enumerate() {
            if column.kind == Kind::Text {
                column.kind = kind_of(self.rows.iter().filter_map(|row| row.get(n)));
            }
        }
        self.name_apart();
        self
    }

    /// Numbers names that occur twice: a typed form knows columns by their names.
    fn name_apart(&mut self) {
        let mut known = BTreeSet::new();
        for column in &mut self.columns {
            let mut name = column.name.to_string();
            let mut nth = 2;
            while known.contains(&name) {
                name = format!("{}_{nth}", column.name);
                nth += 1;
            }
            known.insert(name.clone());
            column.name = name.into();
        }
    }

    /// Writes the table: as CSV, Parquet or JSON Lines, with times in `zone` where they are text.
    pub fn write(
        &self,
        form: Form,
        zone: Zone,
        out: impl std::io::Write + Send,
    ) -> Result<(), Error> {
        match form {
            Form::Csv => {
                let mut rows = CsvRows::begin(out, &self.columns, zone)?;
                self.rows.iter().try_for_each(|row| rows.row(row))?;
                rows.finish()
            }
            Form::Parquet => {
                let mut rows = ParquetRows::begin(out, &self.columns, &[])?;
                self.rows.iter().try_for_each(|row| rows.row(row))?;
                rows.finish()
            }
            Form::JsonLines => {
                let mut rows = LineRows::begin(out, &self.columns);
                self.rows.iter().try_for_each(|row| rows.row(row))?;
                rows.finish()
            }
            Form::Sqlite => Err(Error::Form(
                "a table is written as CSV, Parquet or JSON Lines; choose another ending"
                    .to_owned(),
            )),
        }
    }
}

/// Writes a table as a whole file in the form that the name's ending says: `.csv`, `.parquet` or
/// `.jsonl`; CSV without one.
pub fn write_sheet(sheet: Sheet, zone: Zone, path: &Path) -> Result<(), Error> {
    let form = Form::of(path).unwrap_or(Form::Csv);
    let sheet = if form == Form::Parquet {
        sheet.typed()
    } else {
        sheet
    };
    written(path, |out| sheet.write(form, zone, out))
}

/// The narrowest kind that all values have.
fn kind_of<'v>(values: impl Iterator<Item = &'v Value<'static>>) -> Kind {
    let mut found: Option<Kind> = None;
    for value in values {
        let kind = match value {
            Value::Missing => continue,
            Value::Whole(_) => Kind::Whole,
            Value::Time(..) => Kind::Time,
            Value::Flag(_) => Kind::Flag,
            Value::Text(_) => return Kind::Text,
            Value::Number(text) => match number_kind(text) {
                Some(kind) => kind,
                None => return Kind::Text,
            },
        };
        found = match (found, kind) {
            (None, kind) => Some(kind),
            (Some(known), kind) if known == kind => Some(kind),
            (Some(Kind::Decimal(a)), Kind::Decimal(b)) => Some(Kind::Decimal(a.max(b))),
            (Some(Kind::Decimal(a)), Kind::Whole) | (Some(Kind::Whole), Kind::Decimal(a)) => {
                Some(Kind::Decimal(a))
            }
            _ => return Kind::Text,
        };
    }
    // A decimal has 38 digits in all: more behind the point than half of them leave too few before it.
    match found {
        Some(Kind::Decimal(scale)) if scale > 18 => Kind::Text,
        found => found.unwrap_or(Kind::Text),
    }
}

/// The kind of a number by its digits; `None` where no kind holds it exactly.
fn number_kind(text: &str) -> Option<Kind> {
    if text.parse::<i64>().is_ok() {
        return Some(Kind::Whole);
    }
    let exact = Decimal::parse(text)?;
    let scale = i8::try_from(exact.decimals()).ok()?;
    // With the decimals of others beside it, it must still fit.
    exact.units(18.max(exact.decimals()))?;
    Some(Kind::Decimal(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[&str]) -> Kind {
        let values: Vec<_> = values.iter().map(|json| Sheet::value_of(json)).collect();
        kind_of(values.iter())
    }

    #[test]
    fn columns_are_as_narrow_as_their_values_allow() {
        assert_eq!(kind(&["1", "null", "-7"]), Kind::Whole);
        assert_eq!(kind(&["1", "0.10", "150.005"]), Kind::Decimal(3));
        assert_eq!(kind(&["1", "\"a\""]), Kind::Text);
        assert_eq!(kind(&["true", "null"]), Kind::Flag);
        assert_eq!(kind(&["true", "1"]), Kind::Text);
        assert_eq!(kind(&["{}", "1"]), Kind::Text);
        assert_eq!(kind(&[]), Kind::Text);
        // What no column of numbers holds keeps its digits as text.
        assert_eq!(kind(&["1e-30"]), Kind::Text);
        assert_eq!(
            kind(&["12345678901234567890123456789012345678901"]),
            Kind::Text
        );
        assert_eq!(kind(&["123456789012345678901.10", "1"]), Kind::Text);
        assert_eq!(kind(&["12345678901234567890.10", "1"]), Kind::Decimal(2));
    }

    #[test]
    fn a_table_is_written_with_its_digits() {
        let mut sheet = Sheet::new([
            Column::new("who", Kind::Text),
            Column::new("balance", Kind::Text),
        ]);
        sheet
            .rows
            .push(vec![Value::Text("=1+1".into()), Sheet::value_of("-50.00")]);
        sheet
            .rows
            .push(vec![Value::Text("".into()), Value::Missing]);
        let mut out = Vec::new();
        sheet.write(Form::Csv, Zone::Utc, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "who,balance\r\n'=1+1,-50.00\r\n\"\",\r\n"
        );
        let mut out = Vec::new();
        sheet.write(Form::JsonLines, Zone::Utc, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"who\":\"=1+1\",\"balance\":-50.00}\n{\"who\":\"\"}\n"
        );
    }
}
