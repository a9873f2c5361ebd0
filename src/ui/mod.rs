//! Everything that draws: it reads the workbench and sends actions, and never changes anything itself.

pub mod raster;
pub mod theme;
pub mod widgets;
