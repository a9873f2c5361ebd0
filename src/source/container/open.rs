//! Opening an input: what lies under its packing and encoding says which container it is.

use std::path::PathBuf;
use std::sync::Arc;

use super::layers::Layers;
use super::packed::Packing;
use super::{
    Columnar, Container, PlaceNames, Shape, Turning, columnar, csv, dump, encoding, json, merged,
    sqlite,
};
use crate::event::Problems;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::evidence::{FoundFile, files_of};
use crate::source::follow::{Seen, Tail};
use crate::source::format::StoreFormat;
use crate::source::progress::Progress;
use crate::source::recognize::{Kind, recognize};
use crate::source::survey::Looked;
use crate::source::{OpenOptions, Source};

/// How much of a file is looked at to tell what it is.
pub(super) const HEAD: usize = 1 << 16;

/// Opens an input, finds its format, and reads nothing yet but samples.
pub fn open(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    match source {
        Source::Several(sources) => {
            let open_one = |source| {
                open(source, options, progress)
                    .map_err(|error| Error::OneOf(source.name(), Box::new(error)))
            };
            let opened = sources.iter().map(open_one).collect::<Result<_, _>>()?;
            Ok(Box::new(merged::merge(opened)?))
        }
        Source::Tables(paths) => dump::open_tables(paths, options, progress),
        Source::Script { sql, .. } => sqlite::open_script(&source.name(), sql, options),
        Source::Text { bytes, .. } => {
            let file = FoundFile::in_memory(&source.name(), bytes);
            open_bytes(
                Bytes::Memory(Arc::clone(bytes)),
                vec![file],
                options,
                progress,
            )
        }
        Source::File(path) => {
            let files = files_of(path)?;
            let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
            let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
            if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
                return sqlite::open_file(path, &head, files, options, progress);
            }
            let alone = files.into_iter().take(1).collect();
            open_bytes(bytes, alone, options, progress)
        }
        Source::Stdin => {
            let (bytes, file) = crate::source::stdin::read(progress)?;
            open_bytes(bytes, vec![file], options, progress)
        }
    }
}

/// Begins to follow an input that has been read so far, from there on.
///
/// [`Error::NotFollowed`] says why that cannot be done; nothing is read yet but what tells the format.
pub fn follow(
    source: &Source,
    options: &OpenOptions,
    seen: &Seen,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Tail>, Error> {
    let Source::File(path) = source else {
        let why = "only a single file can be followed";
        return Err(Error::NotFollowed(why.to_owned()));
    };
    let files = files_of(path)?;
    let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    match recognize(&head, files.first().map_or(0, |file| file.bytes)) {
        Kind::Sqlite => sqlite::follow(path, options, seen),
        Kind::Json if Shape::of(&head).is_none() => {
            json::follow((path, bytes), options, seen, progress)
        }
        _ => {
            let why = "only SQLite stores and JSON Lines can be followed";
            Err(Error::NotFollowed(why.to_owned()))
        }
    }
}

/// What lies under all packing and encoding.
pub(super) enum Core {
    Sqlite(Vec<u8>),
    Dump(Vec<u8>),
    Json,
    Csv,
    Columnar(Columnar),
}

/// Takes off packing and encodings.
pub(super) fn peel(
    bytes: Bytes,
    path: Option<PathBuf>,
    problems: &mut Problems,
) -> Result<(Layers, Core), Error> {
    let mut layers = Layers::over(bytes).found_at(path);
    loop {
        let head = layers.head()?;
        let len = layers.bytes.len().map_err(Error::io("look at the file"))?;
        let packing = match recognize(&head, len) {
            Kind::Gzip => Packing::Gzip,
            Kind::Zstd => Packing::Zstd,
            Kind::Utf16(encoding) => {
                layers.turn(encoding, problems)?;
                continue;
            }
            Kind::Sqlite => return Ok((layers, Core::Sqlite(head))),
            Kind::Dump => return Ok((layers, Core::Dump(head))),
            Kind::Columnar(form) => return Ok((layers, Core::Columnar(form))),
            Kind::Turned(turning) => {
                layers.turn_to_lines(turning)?;
                continue;
            }
            Kind::Json => match Shape::of(&head).filter(|_| !layers.is_lines()) {
                Some(shape) => {
                    layers.turn_to_lines(Turning::Json(shape))?;
                    continue;
                }
                None => return Ok((layers, Core::Json)),
            },
            Kind::Csv => {
                if let Some(encoding) = encoding::suspected(&head).filter(|_| !layers.is_turned()) {
                    layers.turn(encoding, problems)?;
                }
                return Ok((layers, Core::Csv));
            }
            Kind::Unsupported(what) => return Err(layers.refusal(&what)),
        };
        layers.unpack(packing)?;
    }
}

/// Opens what lies under all packing and encoding.
fn open_bytes(
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let mut problems = Problems::default();
    let path = files.first().and_then(|file| file.path.clone());
    let (layers, core) = peel(bytes, path, &mut problems)?;
    let (bytes, word) = (layers.bytes.clone(), layers.word());
    let mut log = match core {
        Core::Sqlite(head) => return layers.open_sqlite(&head, files, options, progress),
        Core::Dump(head) => dump::open(bytes, &head, files, options, problems, &word, progress)?,
        Core::Json => json::open_bytes(bytes, files, options, problems, &word, progress)?,
        Core::Csv => csv::open_bytes(bytes, files, options, problems, &word, progress)?,
        Core::Columnar(form) => {
            columnar::open_bytes(form, bytes, files, options, problems, &word, progress)?
        }
    };
    if let Some(word) = layers.turned_from() {
        let about = log.about();
        about.container = word;
        for part in &mut about.parts {
            part.names = PlaceNames::Record;
        }
    }
    Ok(layers.around(log))
}

/// Looks into an input without looking for events: its tables and samples of them.
pub(in crate::source) fn look(source: &Source, progress: &Arc<Progress>) -> Result<Looked, Error> {
    match source {
        // Those that are opened together are of one kind: the first tells what they have.
        Source::Several(sources) => match sources.first() {
            Some(first) => look(first, progress),
            None => Err(Error::Empty),
        },
        Source::Tables(paths) => dump::look_tables(paths, progress),
        Source::Script { sql, .. } => sqlite::look_script(sql),
        Source::Text { bytes, .. } => look_bytes(Bytes::Memory(Arc::clone(bytes)), progress),
        Source::Stdin => Err(Error::Unsupported(
            "standard input can be read once only; keep it in a file to look into it".to_owned(),
        )),
        Source::File(path) => {
            let files = files_of(path)?;
            let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
            let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
            if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
                return sqlite::look_file(path, &head, &files, progress);
            }
            look_bytes(bytes, progress)
        }
    }
}

fn look_bytes(bytes: Bytes, progress: &Arc<Progress>) -> Result<Looked, Error> {
    let (layers, core) = peel(bytes, None, &mut Problems::default())?;
    match core {
        Core::Json => json::look_bytes(&layers.bytes, progress),
        Core::Csv => csv::look_bytes(&layers.bytes, progress),
        Core::Columnar(form) => columnar::look_bytes(form, &layers.bytes, progress),
        Core::Dump(head) => dump::look(layers.bytes, &head, progress),
        Core::Sqlite(_) => Err(Error::Unsupported(
            "the tables of a packed SQLite database are not listed; unpack it first".to_owned(),
        )),
    }
}

/// The format asked for by id, where one was.
pub(super) fn asked_format(options: &OpenOptions) -> Result<Option<&'static StoreFormat>, Error> {
    let Some(id) = &options.format else {
        return Ok(None);
    };
    let known = || {
        let ids: Vec<&str> = crate::source::all_formats()
            .iter()
            .map(|format| format.id.as_str())
            .collect();
        ids.join(", ")
    };
    crate::source::format_by_id(id)
        .map(Some)
        .ok_or_else(|| Error::UnknownFormat(id.clone(), known()))
}
