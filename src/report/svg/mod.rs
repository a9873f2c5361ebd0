//! The plots as SVG: drawn here from the projections, with no library, the same bytes each time.
//!
//! [`axis`] places values and writes ticks; colors are those of [`super::colors`].

mod axis;
mod field;
mod frame;
mod graph;
mod lines;
mod stacked;

pub use field::field_svg;
pub use graph::graph_svg;
pub use lines::{lines_svg, svg_file};
pub(super) use stacked::group_color;
pub use stacked::stacked_svg;
