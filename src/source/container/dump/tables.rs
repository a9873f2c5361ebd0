//! The tables of a store, each in a text of its own: put into a private database as a dump's are, so that
//! stores whose events lie in several tables are put together again.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::load::{Column, Loader, Value};
use super::parse::TableName;
use super::tokens::hex;
use super::{FILE, sqlite};
use crate::event::{Problems, Severity};
use crate::source::OpenOptions;
use crate::source::bytes::Bytes;
use crate::source::container::{Container, Core, csv, peel};
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::private::PrivateFolder;
use crate::source::progress::Progress;
use crate::source::survey::Looked;

/// Opens the tables of these files: reads all of them into a private database first.
pub(in crate::source::container) fn open_tables(
    paths: &[PathBuf],
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let mut problems = Problems::default();
    let (folder, files) = filled(paths, &mut problems, progress)?;
    let mut store = sqlite::open_made(folder, FILE, files, options, problems, progress)?;
    store.about().container = "csv-tables".to_owned();
    Ok(store)
}

/// Looks into the tables of these files, for the survey.
pub(in crate::source::container) fn look_tables(
    paths: &[PathBuf],
    progress: &Arc<Progress>,
) -> Result<Looked, Error> {
    let (folder, _) = filled(paths, &mut Problems::default(), progress)?;
    sqlite::look_made(folder, FILE, progress)
}

/// A private folder with the database that the tables make, and the files.
fn filled(
    paths: &[PathBuf],
    problems: &mut Problems,
    progress: &Arc<Progress>,
) -> Result<(PrivateFolder, Vec<FoundFile>), Error> {
    let folder = PrivateFolder::new().map_err(Error::io("make a private folder"))?;
    let files = paths.iter().map(|path| FoundFile::look_at(path));
    let files: Vec<FoundFile> = files.collect::<Result<_, _>>()?;
    let mut loader = Loader::new(&folder.path().join(FILE), problems)?;
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match load(path, &mut loader, progress) {
            Ok(()) => {}
            // Others of the store are read: a table may be empty.
            Err(error @ (Error::Unsupported(_) | Error::NoEvents(_) | Error::Empty)) => {
                let message = format!("the file is passed over: {error}");
                let problems = loader.problems();
                problems.add("file-passed-over", Severity::Info, name, message);
            }
            Err(error) => return Err(Error::OneOf(name.into_owned(), Box::new(error))),
        }
    }
    loader.finish()?;
    Ok((folder, files))
}

/// Puts the rows of a text into a table that is called as the file.
fn load(path: &PathBuf, loader: &mut Loader<'_>, progress: &Arc<Progress>) -> Result<(), Error> {
    let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
    let (layers, core) = peel(bytes, Some(path.clone()), loader.problems())?;
    if !matches!(core, Core::Csv) {
        return Err(Error::Unsupported("this is no table as text".to_owned()));
    }
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = TableName {
        schema: String::new(),
        name: table_name(&file).to_owned(),
    };
    let mut failure = None;
    let mut names: Vec<String> = Vec::new();
    let mut own = Problems::default();
    csv::each_row(&layers.bytes, &mut own, progress, &mut |met| match met {
        csv::Loaded::Names(found) => {
            names = found.to_vec();
            let column = |name: &String| Column {
                name: name.clone(),
                kind: String::new(),
            };
            let columns = names.iter().map(column).collect();
            flow(loader.table(&name, columns, None, Vec::new()), &mut failure)
        }
        csv::Loaded::Row(values) => {
            let values = values.into_iter().map(value).collect();
            flow(loader.row(&name, Some(&names), values), &mut failure)
        }
        csv::Loaded::Lost => {
            let why = "the quotes of a row are beyond mending, or it is longer than 64 MiB";
            loader.lost("not-a-row", &name, why);
            ControlFlow::Continue(())
        }
    })?;
    failure.map_or(Ok(()), Err)
}

/// Goes on, or ends with the failure kept.
fn flow(result: Result<(), Error>, failure: &mut Option<Error>) -> ControlFlow<()> {
    match result {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            *failure = Some(error);
            ControlFlow::Break(())
        }
    }
}

/// The table that a file holds: `public.streams.csv.gz` holds `streams`.
pub(in crate::source) fn table_name(file: &str) -> &str {
    let stem = file.strip_suffix(".gz").unwrap_or(file);
    let stem = stem.strip_suffix(".zst").unwrap_or(stem);
    let stem = stem
        .strip_suffix(".csv")
        .or_else(|| stem.strip_suffix(".tsv"))
        .unwrap_or(stem);
    stem.rsplit('.').next().unwrap_or(stem)
}

/// A field as a value; bytes as PostgreSQL prints them are bytes again.
fn value(field: Option<Vec<u8>>) -> Value {
    let Some(text) = field else {
        return Value::Null;
    };
    match text.strip_prefix(b"\\x").and_then(hex) {
        Some(bytes) => Value::Blob(bytes),
        None => Value::Text(text),
    }
}
