//! What can go wrong with a script, in sentences for whoever wrote it.

use std::fmt;
use std::time::Duration;

/// When it went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// While the script was read.
    Compile,
    /// What it says it is about does not go together.
    Definition,
    /// While it handled an event.
    Process,
}

impl Phase {
    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Definition => "definition",
            Self::Process => "process",
        }
    }
}

/// Why a script cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ScriptError {
    /// The file's name.
    pub name: String,
    /// When that showed.
    pub phase: Phase,
    /// The line, counted from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.name, self.message),
            None => write!(f, "{}: {}", self.name, self.message),
        }
    }
}

/// Why a call into a script gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The script threw: its message, and the line of the script where it is known.
    Thrown {
        /// The error's message, or what was thrown as text.
        message: String,
        /// Counted from 1.
        line: Option<u32>,
    },
    /// It took longer than this.
    TimedOut(Duration),
    /// It looked at something of the event that was not read, and will be read from now on.
    NeedsMore,
    /// What it left as state is no JSON.
    NoJson(NoJson),
}

/// Why a value cannot be written as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoJson {
    /// Something in it holds itself, or it is nested too deep.
    #[error(
        "it holds itself, or is nested deeper than {} levels",
        super::value::MAX_DEPTH
    )]
    TooDeep,
    /// It holds a symbol.
    #[error("it holds a symbol")]
    Symbol,
    /// It holds a getter or a setter.
    #[error("it holds a getter or a setter")]
    Accessor,
    /// It would take too many bytes.
    #[error("it has over {} MiB", super::value::MAX_BYTES >> 20)]
    TooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thrown {
                message,
                line: Some(line),
            } => write!(f, "{message} (line {line})"),
            Self::Thrown {
                message,
                line: None,
            } => f.write_str(message),
            Self::TimedOut(allowed) => {
                write!(f, "the script took longer than {} ms", allowed.as_millis())
            }
            Self::NeedsMore => f.write_str("the event's metadata was not read"),
            Self::NoJson(why) => write!(f, "the state cannot be written as JSON: {why}"),
        }
    }
}

impl Fault {
    /// The line of the script at which it happened, counted from 1.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::Thrown { line, .. } => *line,
            _ => None,
        }
    }

    /// A fault that says this, with no line.
    pub fn thrown(message: &str) -> Self {
        Self::Thrown {
            message: message.to_owned(),
            line: None,
        }
    }
}
