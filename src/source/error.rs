//! Why an input could not be opened: one sentence each, without the path, which stands last.

/// Why an input could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there.
    #[error("there is no such file")]
    NotFound,
    /// The file may not be read by this user.
    #[error("no permission to read the file")]
    NoPermission,
    /// The path names a folder.
    #[error("this is a folder, not a file")]
    Folder,
    /// The path names a pipe, a socket or a device.
    #[error("this is {0}, not a file; copy its content to a file and open that")]
    Special(&'static str),
    /// The file has no bytes.
    #[error("the file is empty (0 bytes)")]
    Empty,
    /// The file ends before its own header or first page does.
    #[error("the file is cut off: {0}")]
    CutOff(String),
    /// The file is something else than an event store or a log.
    #[error("{0}")]
    Unsupported(String),
    /// The file could be read, but nothing in it looks like events.
    #[error("{0}")]
    NoEvents(String),
    /// The file could be read, but nothing in it looks enough like events.
    #[error("{why}")]
    Unrecognized {
        /// What was looked for and not found.
        why: String,
        /// The best guess as a mapping in TOML, to start from; shown after the sentence and the path.
        start: String,
    },
    /// There is no format of that id.
    #[error("there is no format \"{0}\"; known are {1}")]
    UnknownFormat(String, String),
    /// The format asked for does not fit the file.
    #[error("the file does not fit the format \"{0}\": {1}")]
    FormatMismatch(String, String),
    /// JSON nested beyond what can be walked.
    #[error("the JSON is nested deeper than {limit} levels, at byte {at}")]
    TooDeep {
        /// Offset at which the limit was passed.
        at: u64,
        /// The limit.
        limit: usize,
    },
    /// The file is a SQLite database that SQLite cannot read.
    #[error("SQLite cannot read the file: {0}")]
    Sqlite(String),
    /// The system could not read or write.
    #[error("{doing}: {error}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
    /// One of several inputs could not be opened.
    #[error("{0}: {1}")]
    OneOf(String, Box<Self>),
    /// More events than can be counted.
    #[error("{0}")]
    TooMany(String),
    /// What comes at the end of this input cannot be followed.
    #[error("it cannot be followed: {0}")]
    NotFollowed(String),
    /// What was read is not in the file any more.
    #[error("{0}; open it again to see it as it is now")]
    Gone(String),
    /// Somebody writes without a pause in which it could be read; it passes.
    #[error("it is being written without a pause in which it could be read{0}")]
    Busy(String),
    /// The user stopped it.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    /// Wraps what the system said, with what was being done.
    pub fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound,
            std::io::ErrorKind::PermissionDenied => Self::NoPermission,
            _ => Self::Io { doing, error },
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
            return Self::Cancelled;
        }
        Self::Sqlite(error.to_string())
    }
}
