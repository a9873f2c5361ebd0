//! Tables whose columns lie apart: Parquet, and Arrow as file (Feather) and as stream.
//!
//! Opening reads only the columns that the event log needs. Payloads are read again by the number of
//! their row: some thousand rows around it are decoded once and kept in a temporary file.

mod arrow;
mod delta;
mod guard;
mod kept;
mod pages;
mod parquet;
mod reader;
mod thrift;
mod value;

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::csv::name_columns;
use super::log_format::SampledLog;
use super::{About, Container, Item, Outline, PartAbout, PlaceNames, Sink, SnapshotRow};
use crate::event::{EventReader, Place, Problems, Severity};
use crate::source::OpenOptions;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::bytes::Bytes;
use crate::source::cell::Cell;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::format::{ContainerKind, Decode, Role, Signature, StoreFormat};
use crate::source::formats::Shape;
use crate::source::guess::{Column, Sampled};
use crate::source::progress::Progress;
use crate::source::survey::Looked;
use kept::Kept;
use reader::RowReader;
use value::Row;

/// How many rows are looked at to find the format.
const N_SAMPLES: usize = 200;
/// How many columns are told apart.
const MAX_COLUMNS: usize = 4096;
/// Between how many rows progress is told.
const ROWS_BETWEEN: u64 = 1 << 14;

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

    /// Hands over the rows of a run, with the columns of these numbers, which count up.
    fn scan(&self, run: usize, columns: &[usize], each: &mut BatchSink<'_>) -> Result<(), String>;

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
    names: Arc<[String]>,
    n_bytes: u64,
    about: About,
    format: StoreFormat,
    kept: Arc<Kept>,
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
    let table = form.open(bytes, progress)?;
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
        names: columns.0.into_iter().map(|column| column.name).collect(),
        n_bytes,
        about,
        format,
        kept: Arc::default(),
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
        let sampled = table.scan(run, &all, &mut |batch| {
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

impl ColumnarLog {
    /// Reads a run; what cannot be read of it is lost.
    fn scan_run(
        &self,
        run: usize,
        first: u64,
        reading: &Reading<'_>,
        progress: &Progress,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>, Error> {
        let expected = self.table.runs().get(run).copied().unwrap_or(0);
        let (mut n_read, mut is_over, mut is_cancelled) = (0, false, false);
        let all: u64 = self.table.runs().iter().sum();
        let mut next_told = 0;
        let read = self.table.scan(run, &reading.columns, &mut |batch| {
            let mut row = Row::of(batch);
            for at in 0..batch.num_rows() {
                row.go_to(at);
                let number = first + n_read;
                n_read += 1;
                if reading.hand_over(&row, number, sink).is_break() {
                    is_over = true;
                    return ControlFlow::Break(());
                }
            }
            if n_read >= next_told {
                next_told = n_read + ROWS_BETWEEN;
                let done = u128::from(self.n_bytes) * u128::from(first + n_read);
                let done = done / u128::from(all.max(1));
                progress.set_done(u64::try_from(done).unwrap_or(u64::MAX));
                is_cancelled = progress.is_cancelled();
            }
            if is_cancelled {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if is_cancelled {
            return Err(Error::Cancelled);
        }
        if is_over {
            return Ok(ControlFlow::Break(()));
        }
        let n_lost = expected.saturating_sub(n_read);
        let why = match read {
            Ok(()) if n_lost == 0 => return Ok(ControlFlow::Continue(())),
            Ok(()) => "it has fewer rows than it says".to_owned(),
            Err(why) => why,
        };
        Ok(sink(Item::LostMany {
            n_records: n_lost,
            kind: "damaged-rows",
            place: format!("rows {} to {}", first + n_read + 1, first + expected),
            message: format!("a part of the table cannot be read: {why}"),
        }))
    }
}

/// What is read of each row when the log is made.
struct Reading<'a> {
    bound: &'a Bound,
    /// The columns that are read, by their number in the table, counting up.
    columns: Vec<usize>,
    /// For each column that the roles bind its number among those.
    slots: Vec<Option<usize>>,
}

impl<'a> Reading<'a> {
    fn new(bound: &'a Bound, names: &[String]) -> Self {
        let place = |name: &String| names.iter().position(|known| known == name);
        let places: Vec<Option<usize>> = bound.columns.iter().map(place).collect();
        let mut columns: Vec<usize> = places.iter().copied().flatten().collect();
        columns.sort_unstable();
        columns.dedup();
        let slot = |place: &Option<usize>| columns.binary_search(&(*place)?).ok();
        let slots = places.iter().map(slot).collect();
        Self {
            bound,
            columns,
            slots,
        }
    }

    fn hand_over(&self, row: &Row<'_>, number: u64, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let ordinal = i64::try_from(number).unwrap_or(i64::MAX);
        if row.is_too_long() {
            let message = "a value is longer than 64 MiB; the row was left out";
            return sink(Item::lost("record-too-long", ordinal + 1, message));
        }
        let get = |column: usize| {
            let slot = self.slots.get(column).copied().flatten();
            slot.map_or(Cell::Null, |slot| row.get(slot))
        };
        let mut made: [Vec<u8>; 6] = Default::default();
        let [stream, category, version, event_type, time, occurred] = &mut made;
        let bound = self.bound;
        sink(Item::Record(Outline {
            ordinal: ordinal + 1,
            place: Place::at(ordinal),
            stream: bound.read(Role::Stream, get, stream),
            category: bound.read(Role::Category, get, category),
            version: bound.read(Role::Version, get, version),
            event_type: bound.read(Role::Type, get, event_type),
            time: bound.read(Role::Time, get, time),
            occurred: bound.read(Role::Occurred, get, occurred),
            text: b"",
        }))
    }
}

impl Container for ColumnarLog {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let bound = Bound::new(&self.format, &LOG_ROLES);
        let reading = Reading::new(&bound, &self.names);
        let mut first = 0;
        for (run, n_rows) in self.table.runs().iter().enumerate() {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if self
                .scan_run(run, first, &reading, progress, sink)?
                .is_break()
            {
                return Ok(first + n_rows);
            }
            first += n_rows;
        }
        progress.set_done(self.n_bytes);
        if let Some(why) = self.table.fault() {
            sink(Item::LostMany {
                n_records: 0,
                kind: "cut-off",
                place: "end of the file".to_owned(),
                message: format!("the rest of the file is not read: {why}"),
            })
            .is_break();
        }
        Ok(first)
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let file = self.about.files.first();
        Ok(Arc::new(RowReader {
            table: Arc::clone(&self.table),
            names: Arc::clone(&self.names),
            format: self.format.clone(),
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
