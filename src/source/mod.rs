//! Inputs: finds out what a file is, opens it without changing it, and hands over its records.
//!
//! The only folder that opens inputs and knows SQLite. [`recognize()`] tells what a file is by its
//! content, a [`Container`] reads records out of it, a [`StoreFormat`] (data, `assets/formats`) says
//! which column or key means what, and `guess` finds that out where no format fits.
//! Whether a record becomes an event is not decided here but in `ingest`.

mod bound;
mod bytes;
mod cell;
mod container;
mod detail;
mod error;
mod evidence;
mod field;
mod fingerprint;
mod folder;
mod follow;
mod format;
mod formats;
mod guess;
mod layout;
mod mapping_toml;
mod md5;
mod outside;
mod payload;
mod private;
mod progress;
mod recognize;
mod role;
mod schemas;
mod seal;
mod spool;
mod stdin;
mod survey;
mod synonyms;
mod varint;

pub use cell::Cell;
pub use container::{
    Columnar, Container, Item, Later, Outline, PartAbout, PlaceNames, Shape, Sink, SnapshotRow,
    Turning, WORTH_HALVING, Walked, follow, open,
};
pub use error::Error;
pub use evidence::{FoundFile, files_of, hash_file};
pub use field::{Field, Piece};
pub use folder::{FolderInput, ListedFile, folder_input};
pub use follow::{Seen, Tail};
pub use format::{
    CategoryRule, ContainerKind, Decode, Fields, MappingOverride, Role, Sample, StoreFormat, Unit,
};
pub use formats::{all_formats, format_by_id};
pub use outside::{OutsideTable, outside_tables, read_outside};
pub use progress::Progress;
pub use recognize::{Kind, recognize};
pub use schemas::Schemas;
pub use seal::SealPlan;
pub use survey::{
    ReadAs, RoleGuess, Survey, SurveyColumn, SurveyTable, TableKind, TableRole, Tried, TriedFormat,
    judge, survey,
};

use std::path::PathBuf;

/// Where a history comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file; never written to.
    File(PathBuf),
    /// Standard input, read to its end once.
    Stdin,
    /// A log in memory, under a name.
    Text {
        /// Its name, as that of a file.
        name: String,
        /// Its bytes.
        bytes: std::sync::Arc<[u8]>,
    },
    /// Several inputs as one history, merged by time.
    Several(Vec<Self>),
    /// The tables of one store, each in a file of its own that holds it as text.
    Tables(Vec<PathBuf>),
    /// A SQLite store made in memory by a script of our own; never of a user's.
    Script {
        /// Its name, as that of a file.
        name: String,
        /// The statements that make it.
        sql: String,
    },
}

impl Source {
    /// What a path on the command line names: `-` is standard input.
    pub fn named(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            return Self::Stdin;
        }
        Self::File(path)
    }

    /// The name under which people know it.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            Self::Several(sources) => {
                let names: Vec<String> = sources.iter().map(Self::name).collect();
                names.join(", ")
            }
            Self::Tables(paths) => {
                let named = |path: &PathBuf| Self::File(path.clone()).name();
                let names: Vec<String> = paths.iter().map(named).collect();
                names.join(", ")
            }
            Self::Stdin => stdin::NAME.to_owned(),
            Self::Text { name, .. } | Self::Script { name, .. } => name.clone(),
        }
    }
}

/// What the user wants otherwise than what is found.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// The id of the format; detection is left out.
    pub format: Option<String>,
    /// Roles that the user names; they replace those found.
    pub mapping: Option<MappingOverride>,
    /// Whether streams of the same name in several files are one stream.
    pub joins_streams: bool,
    /// Files of schemas that payloads are read by, beside those that the mapping names.
    pub schemas: Vec<PathBuf>,
    /// How many threads read.
    pub threads: Threads,
}

/// How many threads read an input; what they read is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// Two, where the input is large and the machine has two processors.
    #[default]
    AsWorth,
    /// One.
    One,
    /// Two wherever the input can be split, however small it is.
    Two,
}

impl OpenOptions {
    /// Reads the schemas that are asked for.
    pub(in crate::source) fn load_schemas(&self) -> Result<Option<std::sync::Arc<Schemas>>, Error> {
        let mapping = self.mapping.as_ref();
        let mapped = mapping.map_or(&[][..], |mapping| mapping.schemas.as_slice());
        let files: Vec<PathBuf> = self.schemas.iter().chain(mapped).cloned().collect();
        if files.is_empty() {
            return Ok(None);
        }
        let named = mapping.map(|mapping| mapping.messages.clone());
        Schemas::load(&files, named.unwrap_or_default()).map(|read| Some(read.into()))
    }

    /// The same, with streams of the same name in several files being one stream.
    #[must_use]
    pub fn joined(&self) -> Self {
        Self {
            joins_streams: true,
            ..self.clone()
        }
    }
}
