//! The same answers on paper: gathered once, laid out once, written in three forms.
//!
//! [`Report::gather`] takes what stands in it from a history, an audit and [`ReportSettings`];
//! [`Paper::of`] lays it out in sections; [`html()`], [`markdown()`] and [`json()`] write it, and the
//! window draws it. Each carries a [`Manifest`], with which [`verify()`] holds it against the files
//! again. No files and no clocks: the time of the run is given in, and but for the line that carries it
//! the same input and settings give the same bytes.

mod as_of;
mod colors;
mod differences;
mod escape;
mod exhibits;
mod html;
mod json;
mod manifest;
mod markdown;
mod mask;
mod paper;
mod period;
mod plots;
mod report;
mod rolled;
mod runs;
mod settings;
mod svg;
mod text;
mod verify;

pub use as_of::{AsOfRow, AsOfTable};
pub use differences::{Explained, ExplainedLine, Told};
pub use exhibits::{Exhibit, Stored};
pub use html::html;
pub use json::json;
pub use manifest::{Carried, FileDigest, Manifest, Opening};
pub use markdown::markdown;
pub use mask::{EventMask, Masked};
pub use paper::{
    Block, Cell, Column, Fact, Figure, Head, Link, Paper, PaperSection, Sheet, SheetRow, Source,
    Tone,
};
pub use plots::{FieldPlot, Plots};
pub use report::{CategoryRow, Method, Population, Report, ReportAsk};
pub use rolled::{RolledRow, RolledTable};
pub use runs::{Ran, RanRow};
pub use settings::{
    AcceptedFinding, FieldWanted, Noted, ReportSection, ReportSettings, RulesForm, RulesUsed,
    SampleWanted, ScriptText, StreamNamed, TableWanted,
};
pub use svg::{field_svg, graph_svg, lines_svg, stacked_svg, svg_file};
pub use verify::{Broken, Form, Verified, verify};
