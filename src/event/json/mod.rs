//! JSON read exactly: digits as written, keys in order, duplicates kept, depth bounded.
//!
//! Ready-made parsers change something on the way (exponents, digits beyond 2^53, key order,
//! duplicate keys), and what a file says is evidence. [`scan`] walks raw text without building
//! anything, [`parse()`] builds a [`Json`] tree, [`JsonPath`] points into it.

mod masks;
mod object;
mod parse;
mod path;
mod rules;
mod scalar;
pub mod scan;
mod value;
mod write;

pub use object::QuickObject;
pub use parse::{JsonError, MAX_DEPTH, parse};
pub use path::{JsonPath, Step};
pub use scalar::{plain_number_end, plain_string_end};
pub use value::{Json, Object};
pub use write::{indent, minify, quote};
