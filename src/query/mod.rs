//! The filter language and the questions: read, checked, and answered over a history.
//!
//! Read in this order: `syntax` is what a filter says ([`Filter`]), `read` and `parse` make it of text,
//! [`Question`] is "when did … become …". `operand` compares one value exactly, [`Path`] finds it.
//! `plan` turns a filter into tests by what they cost: those over the log's columns (`columns`), those
//! that read the event (`facts`), those that need states. [`Search`] runs a filter, [`ask_when`] a
//! question, [`RowFilter`] holds a condition against one state. [`check_names`] says what the history
//! does not know; `clauses` adds a term to a filter and takes one out. No files, no clock, no threads.

mod check;
mod clauses;
mod columns;
mod complete;
mod context;
mod error;
mod facets;
mod facts;
mod glob;
mod intervals;
mod number;
mod operand;
mod parse;
mod path;
mod plan;
mod question;
mod read;
mod row;
mod search;
mod syntax;
mod text;
mod when;
mod when_merge;

pub use check::check_names;
pub use clauses::{clause, has_clause, only_clause, with_clause, without_clause};
pub use complete::{Completion, complete};
pub use context::{Context, Marks};
pub use error::{QueryError, Span};
pub use facets::{Facet, facets};
pub use intervals::{Found, Stretch};
pub use operand::Operand;
pub use parse::MAX_LENGTH;
pub use path::{Path, PathStep, Root};
pub use question::{Question, Verb, Where};
pub use read::{Colored, Word, words};
pub use row::RowFilter;
pub use search::{Matches, Search, SearchError};
pub use syntax::{Clause, Expr, Filter, Flag, Key, Literal, Needs, Op, Value};
pub use when::{MAX_FOUND, Over, Watch, ask_when};
