//! Tables whose columns lie apart: Parquet, and Arrow as file (Feather) and as stream.
//!
//! Opening reads only the columns that the event log needs. Payloads are read again by the number of
//! their row: some thousand rows around it are decoded once and kept in a temporary file.

mod arrow;
mod delta;
mod guard;
mod kept;
mod nested;
mod pages;
mod parquet;
mod reader;
mod row;
mod scan;
mod thrift;
mod value;

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{FieldRef, SchemaRef};

use super::csv::name_columns;
use super::log_format::SampledLog;
use super::{About, Container, Item, Later, PartAbout, PlaceNames, Sink, SnapshotRow};
use crate::event::{EventReader, Problems, Severity};
use crate::source::OpenOptions;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::format::{ContainerKind, Decode, Signature};
use crate::source::formats::Shape;
use crate::source::guess::{Column, Sampled};
use crate::source::progress::Progress;
use crate::source::survey::Looked;
use kept::Kept;
use reader::RowReader;
use row::Row;
use scan::What;

/// How many rows are looked at to find the format.
const N_SAMPLES: usize = 200;
/// How many columns are told apart.
const MAX_COLUMNS: usize = 4096;

/// In which form a table lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columnar {
    /// Parquet.
    Parquet,
    /// Arrow's file, which is also Feather's second version.
    ArrowFile,
    /// Arrow's stream.
    ArrowStream,
}

impl Columnar {
    /// The form of a file that begins so.
    pub(in crate::source) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"PAR1") {
            return Some(Self::Parquet);
        }
        if head.starts_with(arrow::MAGIC) {
            return Some(Self::ArrowFile);
        }
        arrow::is_stream(head).then_some(Self::ArrowStream)
    }

    /// The word for the container.
    fn word(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::ArrowFile => "arrow",
            Self::ArrowStream => "arrow-stream",
        }
    }

    fn open(self, bytes: Bytes, progress: &Progress) -> Result<Arc<dyn Table>, Error> {
        Ok(match self {
            Self::Parquet => Arc::new(parquet::Parquet::open(bytes, progress)?),
            Self::ArrowFile | Self::ArrowStream => Arc::new(arrow::Arrow::open(bytes, progress)?),
        })
    }
}

/// Rows that are decoded together for those who read single ones.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// The number of its first row.
    first: u64,
    n_rows: u64,
}

/// Takes batches of rows; ends the walk with `Break`.
type BatchSink<'s> = dyn FnMut(&RecordBatch) -> ControlFlow<()> + 's;

/// A table in one form or the other. What cannot be read is told in a sentence.
trait Table: Send + Sync {
    /// The columns.
    fn schema(&self) -> &SchemaRef;

    /// How many rows each of the runs has in which the file is written, in order.
    fn runs(&self) -> &[u64];

    /// Hands over the rows of a run from one of them on, with the columns of these numbers, which count
    /// up.
    fn scan(
        &self,
        run: usize,
        from: u64,
        columns: &[usize],
        each: &mut BatchSink<'_>,
    ) -> Result<(), String>;

    /// The blocks, in order.
    fn blocks(&self) -> &[Block];

    /// Hands over the rows of a block, with all columns.
    fn read_block(&self, number: usize, each: &mut BatchSink<'_>) -> Result<(), String>;

    /// What is wrong with the end of the file.
    fn fault(&self) -> Option<&str> {
        None
    }
}

/// The columns of a table, with samples of their values.
struct Columns(Vec<Column>);

impl Columns {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|column| column.name == name)
    }
}

impl Shape for Columns {
    fn fits(&self, signature: &Signature) -> bool {
        let is_known = |column: &Column| {
            let only = signature.only.as_ref();
            only.is_none_or(|only| only.contains(&column.name))
                || signature.columns.contains(&column.name)
        };
        signature.columns.iter().all(|name| self.has(name)) && self.0.iter().all(is_known)
    }
}

/// A table of columns.
struct ColumnarLog {
    table: Arc<dyn Table>,
    form: Columnar,
    bytes: Bytes,
    about: About,
    what: What,
    kept: Arc<Kept>,
    /// The row from which on somebody else may read.
    later: Option<u64>,
}

/// Opens a table: reads what it says of itself, and finds its format.
pub(super) fn open_bytes(
    form: Columnar,
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    mut problems: Problems,
    packed: &str,
    progress: &Progress,
) -> Result<Box<dyn Container>, Error> {
    let n_bytes = bytes.len().map_err(Error::io("look at the file"))?;
    let table = form.open(bytes.clone(), progress)?;
    progress.set_total(n_bytes);
    let columns = sample(table.as_ref(), &mut problems)?;
    note_nested(table.as_ref(), &mut problems);
    let log = SampledLog {
        kind: ContainerKind::Csv,
        columns: &columns.0,
        shape: &columns,
        records: "rows",
        column: "column",
        how: None,
        has_all_columns: true,
    };
    let (mut format, guess) = log.format(options)?;
    // What guards texts against spreadsheets stands in tables of text only.
    for steps in format.decode.values_mut() {
        steps.retain(|step| *step != Decode::Unguarded);
    }
    let part = PartAbout {
        format: format.clone(),
        names: PlaceNames::Row("table".to_owned(), "row"),
        needs_names: true,
        file: 0,
    };
    let about = About {
        parts: vec![part],
        guess,
        container: format!("{}{packed}", form.word()),
        opened: "read-only".to_owned(),
        files,
        problems,
    };
    Ok(Box::new(ColumnarLog {
        table,
        form,
        bytes,
        about,
        what: What {
            names: columns.0.into_iter().map(|column| column.name).collect(),
            format,
            n_bytes,
        },
        kept: Arc::default(),
        later: None,
    }))
}

/// Looks at the first rows of a table, for the survey.
pub(super) fn look_bytes(
    form: Columnar,
    bytes: &Bytes,
    progress: &Progress,
) -> Result<Looked, Error> {
    let table = form.open(bytes.clone(), progress)?;
    let columns = sample(table.as_ref(), &mut Problems::default())?;
    Ok(Looked::log(ContainerKind::Csv, &columns, &columns.0))
}

/// The columns' names, and the first rows.
fn sample(table: &dyn Table, problems: &mut Problems) -> Result<Columns, Error> {
    let fields = table.schema().fields();
    let names: Vec<Option<Vec<u8>>> = fields
        .iter()
        .take(MAX_COLUMNS)
        .map(|field| Some(field.name().clone().into_bytes()))
        .collect();
    let mut columns = name_columns(&names, names.len(), problems);
    let all: Vec<usize> = (0..columns.len()).collect();
    let mut n_rows = 0;
    for run in 0..table.runs().len() {
        let sampled = table.scan(run, 0, &all, &mut |batch| {
            let mut row = Row::of(batch);
            for at in 0..batch.num_rows().min(N_SAMPLES - n_rows) {
                row.go_to(at);
                for (number, column) in columns.iter_mut().enumerate() {
                    column.samples.push(Sampled::of(row.get(number)));
                }
                n_rows += 1;
            }
            if n_rows < N_SAMPLES {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        // What cannot be read is counted when everything is.
        if n_rows >= N_SAMPLES || (sampled.is_ok() && n_rows > 0) {
            break;
        }
    }
    if columns.is_empty() {
        return Err(Error::NoEvents("the table has no columns".to_owned()));
    }
    Ok(Columns(columns))
}

/// Says what cannot be known of nested columns.
fn note_nested(table: &dyn Table, problems: &mut Problems) {
    let fields = table.schema().fields();
    let nested = fields.iter().filter(|field| has_members(field.data_type()));
    let names: Vec<&str> = nested.map(|field| field.name().as_str()).collect();
    if !names.is_empty() {
        let message = format!(
            "members that are null are left out of \"{}\", for the table cannot say whether the events had them",
            names.join("\", \"")
        );
        problems.add("null-members", Severity::Info, "the whole input", message);
    }
}

fn has_members(kind: &arrow_schema::DataType) -> bool {
    use arrow_schema::DataType;
    match kind {
        DataType::Struct(_) => true,
        DataType::List(item) | DataType::LargeList(item) => has_members(item.data_type()),
        _ => false,
    }
}

impl Container for ColumnarLog {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let later = self.later.take();
        let n_records = scan::scan(self.table.as_ref(), &self.what, later, progress, sink)?;
        progress.set_done(self.what.n_bytes);
        if let Some(why) = self.table.fault() {
            sink(Item::LostMany {
                n_records: 0,
                kind: "cut-off",
                place: "end of the file".to_owned(),
                message: format!("the rest of the file is not read: {why}"),
            })
            .is_break();
        }
        Ok(n_records)
    }

    fn later(&mut self, at_least: u64) -> Option<Later> {
        // Lists are counted as they are read, and the walk of one thread counts them otherwise.
        let has_members = |field: &FieldRef| field.data_type().is_nested();
        if self.what.n_bytes < at_least || self.table.schema().fields().iter().any(has_members) {
            return None;
        }
        let middle = scan::middle(self.table.runs())?;
        self.later = Some(middle);
        let (form, bytes, what) = (self.form, self.bytes.clone(), self.what.clone());
        Some(Later::new(move |progress: &Arc<Progress>, sink| {
            let table = form.open(bytes, progress).ok()?;
            scan::walk_later(table.as_ref(), &what, middle, progress, sink)
        }))
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let file = self.about.files.first();
        Ok(Arc::new(RowReader {
            table: Arc::clone(&self.table),
            names: Arc::clone(&self.what.names),
            format: self.what.format.clone(),
            kept: Arc::clone(&self.kept),
            file: file.map_or_else(String::new, |file| file.name.clone()),
            counts_rows: self.form == Columnar::Parquet,
        }))
    }

    fn snapshots(&mut self, _: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        Ok(0)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        super::note_changes(&self.about.files, problems);
    }
}
