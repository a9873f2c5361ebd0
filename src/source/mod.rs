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
mod format;
mod formats;
mod guess;
mod layout;
mod mapping_toml;
mod outside;
mod payload;
mod progress;
mod recognize;
mod seal;
mod spool;
mod stdin;
mod survey;
mod synonyms;

pub use cell::Cell;
pub use container::{
    Container, Item, Outline, PartAbout, PlaceNames, Shape, SnapshotRow, Turning, open,
};
pub use error::Error;
pub use evidence::{FoundFile, files_of, hash_file};
pub use field::{Field, Piece};
pub use folder::{FolderInput, folder_input};
pub use format::{
    CategoryRule, ContainerKind, Decode, Fields, MappingOverride, Role, Sample, StoreFormat, Unit,
};
pub use formats::{all_formats, format_by_id};
pub use outside::{OutsideTable, outside_tables, read_outside};
pub use progress::Progress;
pub use recognize::{Kind, recognize};
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
}

impl OpenOptions {
    /// The same, with streams of the same name in several files being one stream.
    #[must_use]
    pub fn joined(&self) -> Self {
        Self {
            joins_streams: true,
            ..self.clone()
        }
    }
}
