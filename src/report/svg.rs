//! The plots as SVG.

use super::plots::FieldPlot;
use crate::event::Zone;
use crate::projection::Stacked;

/// Events over time by type, stacked.
pub fn stacked_svg(_plot: &Stacked) -> String {
    String::new()
}

/// A number over time as a step line.
pub fn field_svg(_plot: &FieldPlot, _zone: Zone) -> String {
    String::new()
}
