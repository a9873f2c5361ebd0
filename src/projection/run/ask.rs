//! What is run, over what, and how.

use crate::event::Position;
use crate::script::Limits;

/// A projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A script in the projection language.
    Script {
        /// The file's name.
        file: String,
        /// All of it.
        text: String,
    },
    /// One that is built into the server.
    System {
        /// Its name there, such as `$by_category`.
        kind: String,
        /// Its source text, such as `first\r\n-`; none for the default.
        config: Option<String>,
    },
}

/// What happens after an event that a script could not handle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// The run ends there, as on the server.
    #[default]
    Stop,
    /// The event is passed by and noted; partition and result are as if it had not been.
    Skip,
}

/// A run that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is run.
    pub what: What,
    /// The projection's name; it is part of the names of result streams.
    pub name: String,
    /// The first position that is looked at.
    pub from: Position,
    /// The last one; `None` for all.
    pub until: Option<Position>,
    /// What happens after an event that could not be handled.
    pub on_error: OnError,
    /// Whether the script may emit; if not, doing so is an error.
    pub emits: bool,
    /// How long the script may take for each call.
    pub limits: Limits,
    /// Whether events that are marked as JSON and are none are passed by, as on all servers of today.
    pub checks_content: bool,
}

impl Ask {
    /// A run of a script from the start to the end, with the server's defaults.
    pub fn script(file: &str, text: &str) -> Self {
        Self::new(What::Script {
            file: file.to_owned(),
            text: text.to_owned(),
        })
    }

    /// A run of a built-in projection from the start to the end.
    pub fn system(kind: &str, config: Option<&str>) -> Self {
        Self::new(What::System {
            kind: kind.to_owned(),
            config: config.map(str::to_owned),
        })
    }

    /// What is run, by the name of its file or of what is built in.
    pub fn file(&self) -> &str {
        match &self.what {
            What::Script { file, .. } => file,
            What::System { kind, .. } => kind,
        }
    }

    fn new(what: What) -> Self {
        Self {
            what,
            name: "projection".to_owned(),
            from: Position(0),
            until: None,
            on_error: OnError::Stop,
            emits: true,
            limits: Limits::default(),
            checks_content: true,
        }
    }
}
