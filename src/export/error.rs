//! Why something could not be written.

use std::io;

/// Why an export was not written; what stood under its name stands there as before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk, or the user's share of it, is full.
    #[error("the disk is full; nothing was written, and what stood there is as it was")]
    Full,
    /// The user stopped it.
    #[error("it was stopped; nothing was written")]
    Stopped,
    /// The name is that of a file that is being read, or of one that belongs to it.
    #[error("the export would overwrite what is exported; choose another name")]
    Evidence,
    /// A folder was to be written where something stands already.
    #[error(
        "something stands there already, and a folder of parts replaces nothing; choose another name"
    )]
    Exists,
    /// There are more parts than a folder should have.
    #[error("there would be {0} parts, over {1}; export without parts, or fewer events")]
    ManyParts(usize, usize),
    /// The form cannot be written in parts.
    #[error("a SQLite file is not written in parts; choose jsonl, csv or parquet")]
    OneFile,
    /// The system refused to write.
    #[error("{0}")]
    Io(io::Error),
    /// The writer of a form refused.
    #[error("{0}")]
    Form(String),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Form(error.to_string()),
        }
    }
}

impl From<::parquet::errors::ParquetError> for Error {
    fn from(error: ::parquet::errors::ParquetError) -> Self {
        match error {
            ::parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>()
            {
                Ok(error) => (*error).into(),
                Err(other) => Self::Form(other.to_string()),
            },
            other => Self::Form(other.to_string()),
        }
    }
}

impl From<arrow_schema::ArrowError> for Error {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::Form(error.to_string())
    }
}
