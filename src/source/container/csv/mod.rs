//! Tables as text: comma-separated values and what goes by that name with other delimiters.
//!
//! Columns are known by the names in the first row, or as `c1`, `c2` … where that is data already.

mod dialect;
mod lines;
pub(super) mod outside;
mod reader;
mod record;
mod split;
mod walk;

use std::ops::ControlFlow;
use std::sync::Arc;

use super::log_format::SampledLog;
use super::{About, Container, PartAbout, PlaceNames, Sink, SnapshotRow};
use crate::event::{EventReader, Problems, Severity, readable};
use crate::source::OpenOptions;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::bytes::Bytes;
use crate::source::cell::Cell;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::format::{ContainerKind, Signature, StoreFormat};
use crate::source::formats::Shape;
use crate::source::guess::{Column, Sampled};
use crate::source::progress::Progress;
use crate::source::survey::Looked;
use dialect::Layout;
pub(in crate::source) use dialect::layout_of;
use lines::Lines;
use reader::RowReader;
use record::{Slots, Taking, bare};
use split::{Dialect, Quoting};
use walk::{At, Met, Row, Walk};

/// How many rows are looked at to find the format.
const N_SAMPLES: usize = 200;
/// How far a text is read to find its first rows.
const MAX_SAMPLED: u64 = 16 << 20;
/// How much of a field is looked at.
const MAX_FIELD: usize = 1 << 16;
/// How many columns are told apart.
const MAX_COLUMNS: usize = 4096;

/// The columns of a table, with samples of their values.
struct Table {
    columns: Vec<Column>,
    has_header: bool,
    /// Where the first row of data begins.
    start: At,
}

impl Table {
    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    fn names(&self) -> Vec<String> {
        let names = self.columns.iter().map(|column| column.name.clone());
        names.collect()
    }
}

impl Shape for Table {
    fn fits(&self, signature: &Signature) -> bool {
        let is_known = |column: &Column| {
            signature
                .only
                .as_ref()
                .is_none_or(|only| only.contains(&column.name))
                || signature.columns.contains(&column.name)
        };
        signature.columns.iter().all(|name| self.has(name)) && self.columns.iter().all(is_known)
    }
}

/// A table in a text.
struct CsvLog {
    bytes: Bytes,
    dialect: Dialect,
    names: Arc<[String]>,
    start: At,
    about: About,
    format: StoreFormat,
    lines: Arc<Lines>,
}

/// Opens a table: finds its delimiter, its columns and its format.
pub(super) fn open_bytes(
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    mut problems: Problems,
    packed: &str,
    progress: &Progress,
) -> Result<Box<dyn Container>, Error> {
    let head = bytes
        .head(super::HEAD)
        .map_err(Error::io("read the file"))?;
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    progress.set_total(len);
    let layout = layout_of(&head, head.len() as u64 == len)
        .ok_or_else(|| Error::NoEvents("the text is not split into columns".to_owned()))?;
    let table = sample(&bytes, layout, progress, &mut problems)?;
    let log = SampledLog {
        kind: ContainerKind::Csv,
        columns: &table.columns,
        shape: &table,
        records: "rows",
        column: "column",
        how: Some(describe(&table, layout.dialect)),
        has_all_columns: true,
    };
    let (format, guess) = log.format(options)?;
    let part = PartAbout {
        format: format.clone(),
        names: PlaceNames::Line,
        needs_names: true,
        file: 0,
    };
    let about = About {
        parts: vec![part],
        guess,
        container: format!("csv{packed}"),
        opened: "read-only".to_owned(),
        files,
        problems,
    };
    Ok(Box::new(CsvLog {
        bytes,
        dialect: layout.dialect,
        names: table.names().into(),
        start: table.start,
        about,
        format,
        lines: Arc::default(),
    }))
}

/// Looks at the first rows of a table, for the survey.
pub(super) fn look_bytes(bytes: &Bytes, progress: &Progress) -> Result<Looked, Error> {
    let head = bytes
        .head(super::HEAD)
        .map_err(Error::io("read the file"))?;
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let layout = layout_of(&head, head.len() as u64 == len)
        .ok_or_else(|| Error::NoEvents("the text is not split into columns".to_owned()))?;
    let table = sample(bytes, layout, progress, &mut Problems::default())?;
    Ok(Looked::log(ContainerKind::Csv, &table, &table.columns))
}

/// Reads the names and the first rows.
fn sample(
    bytes: &Bytes,
    layout: Layout,
    progress: &Progress,
    problems: &mut Problems,
) -> Result<Table, Error> {
    let dialect = layout.dialect;
    let start = At {
        offset: layout.start as u64,
        line: layout.line,
    };
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    let walk = Walk::new(bytes, dialect, progress);
    walk.run(start, &mut |met| {
        let Met::Row(row) = met else {
            return ControlFlow::Continue(());
        };
        starts.push(row.at);
        rows.push(fields(dialect, &row));
        if rows.len() > N_SAMPLES || row.at.offset > MAX_SAMPLED {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    // Below the names sqlcmd draws a line of dashes.
    let is_drawn = rows.get(1).is_some_and(|row| is_line(row));
    if is_drawn {
        rows.remove(1);
        starts.remove(1);
    }
    let has_header = is_drawn || dialect::is_header(&rows);
    let second = starts.get(1).copied();
    let width = rows
        .iter()
        .take(1)
        .chain(rows.iter().filter(|_| !has_header));
    let width = width.map(Vec::len).max().unwrap_or(0).min(MAX_COLUMNS);
    let mut rows = rows.into_iter();
    let names = has_header
        .then(|| rows.next())
        .flatten()
        .unwrap_or_default();
    let mut columns = name_columns(&names, width, problems);
    for row in rows.take(N_SAMPLES) {
        for (at, column) in columns.iter_mut().enumerate() {
            let field = row.get(at).and_then(Option::as_deref);
            let cell = field.map_or(Cell::Null, Cell::Text);
            column.samples.push(Sampled::of(cell));
        }
    }
    let end = || bytes.len().map_err(Error::io("look at the file"));
    let start = match (has_header, second) {
        (false, _) => start,
        (true, Some(second)) => second,
        // There is nothing but the names.
        (true, None) => At {
            offset: end()?,
            line: start.line + 1,
        },
    };
    Ok(Table {
        columns,
        has_header,
        start,
    })
}

/// Whether a row is nothing but dashes.
fn is_line(row: &[Option<Vec<u8>>]) -> bool {
    let is_dashes = |field: &Option<Vec<u8>>| {
        field
            .as_ref()
            .is_some_and(|field| !field.is_empty() && field.iter().all(|byte| *byte == b'-'))
    };
    row.len() > 1 && row.iter().all(is_dashes)
}

/// The fields of a row; `None` for NULL.
fn fields(dialect: Dialect, row: &Row<'_>) -> Vec<Option<Vec<u8>>> {
    let field = |span: &split::Span| {
        let value = dialect.value(row.text, *span);
        let is_null = span.quoting == Quoting::Bare && bare(&value).is_null();
        (!is_null).then(|| value.get(..MAX_FIELD).unwrap_or(&value).to_vec())
    };
    row.spans.iter().map(field).collect()
}

/// Gives each column a name of its own.
pub(super) fn name_columns(
    names: &[Option<Vec<u8>>],
    width: usize,
    problems: &mut Problems,
) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(width);
    for at in 0..width {
        let said = names.get(at).and_then(Option::as_deref);
        let said = said.map(|name| readable(name.trim_ascii()));
        let name = said.unwrap_or_else(|| format!("c{}", at + 1));
        let is_taken = |name: &str| columns.iter().any(|column| column.name == name);
        let mut own = name.clone();
        let mut n = 2;
        while is_taken(&own) {
            own = format!("{name}_{n}");
            n += 1;
        }
        if own != name {
            let message = format!(
                "the name \"{name}\" stands more than once; this column is called \"{own}\""
            );
            problems.add(
                "duplicate-column",
                Severity::Warning,
                format!("column {}", at + 1),
                message,
            );
        }
        columns.push(Column {
            name: own,
            ..Column::default()
        });
    }
    columns
}

/// What is met when a table is loaded elsewhere.
pub(super) enum Loaded<'a> {
    /// The names of its columns, before any row.
    Names(&'a [String]),
    /// A row; `None` for NULL.
    Row(Vec<Option<Vec<u8>>>),
    /// A row that cannot be read.
    Lost,
}

/// Hands over a whole table until `each` breaks.
pub(super) fn each_row(
    bytes: &Bytes,
    problems: &mut Problems,
    progress: &Progress,
    each: &mut dyn FnMut(Loaded<'_>) -> ControlFlow<()>,
) -> Result<(), Error> {
    let head = bytes
        .head(super::HEAD)
        .map_err(Error::io("read the file"))?;
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let layout = layout_of(&head, head.len() as u64 == len)
        .ok_or_else(|| Error::NoEvents("the text is not split into columns".to_owned()))?;
    let table = sample(bytes, layout, progress, problems)?;
    if each(Loaded::Names(&table.names())).is_break() {
        return Ok(());
    }
    let dialect = layout.dialect;
    Walk::new(bytes, dialect, progress).run(table.start, &mut |met| match met {
        Met::Row(row) => {
            let field = |span: &split::Span| {
                let value = dialect.value(row.text, *span);
                let is_null = span.quoting == Quoting::Bare && bare(&value).is_null();
                (!is_null).then(|| value.into_owned())
            };
            each(Loaded::Row(row.spans.iter().map(field).collect()))
        }
        Met::Lost(..) => each(Loaded::Lost),
    })
}

/// How the text was taken.
fn describe(table: &Table, dialect: Dialect) -> String {
    let delimiter = match dialect.delimiter {
        b'\t' => "tabs".to_owned(),
        byte if byte.is_ascii_graphic() => format!("\"{}\"", char::from(byte)),
        byte => format!("bytes {byte:#04x}"),
    };
    let escapes = if dialect.has_backslash {
        ", quotes are escaped by backslashes"
    } else {
        ""
    };
    let names = if table.has_header {
        "the first row names the columns".to_owned()
    } else {
        format!(
            "no row names the columns, so they are c1 to c{}",
            table.columns.len()
        )
    };
    format!("fields are split by {delimiter}{escapes}, and {names}")
}

impl Container for CsvLog {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let bound = Bound::new(&self.format, &LOG_ROLES);
        let mut taking = Taking {
            slots: Slots::new(self.dialect, &bound, &self.names),
            bound: &bound,
            n_columns: self.names.len(),
            n_records: 0,
        };
        let mut next_note = 0;
        let lines = Arc::clone(&self.lines);
        Walk::new(&self.bytes, self.dialect, progress).run(self.start, &mut |met| {
            if let Met::Row(row) = &met
                && row.at.offset >= next_note
            {
                next_note = lines.note(row.at);
            }
            taking.take(&met, sink)
        })?;
        Ok(taking.n_records)
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let file = self.about.files.first();
        Ok(Arc::new(RowReader {
            bytes: self.bytes.clone(),
            dialect: self.dialect,
            names: Arc::clone(&self.names),
            format: self.format.clone(),
            lines: Arc::clone(&self.lines),
            file: file.map_or_else(String::new, |file| file.name.clone()),
        }))
    }

    fn snapshots(&mut self, _: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        Ok(0)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        super::note_changes(&self.about.files, problems);
    }
}
