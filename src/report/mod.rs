//! The same answers on paper: evidence, population, findings and plots, built once, written thrice.
//!
//! [`Report::new`] gathers what stands in it from a history, an audit and [`Plots`]; [`html()`],
//! [`markdown()`] and [`json()`] write it. No files and no clocks: the time of the run is given in, and
//! but for the block that carries it the same input and settings give the same bytes.

mod colors;
mod escape;
mod html;
mod json;
mod markdown;
mod plots;
mod report;
mod svg;
mod text;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use plots::{FieldPlot, Plots};
pub use report::{CategoryRow, Method, Population, Report, ReportAsk};
pub use svg::{field_svg, graph_svg, lines_svg, stacked_svg, svg_file};
