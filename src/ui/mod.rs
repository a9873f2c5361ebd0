//! Everything that draws: it reads the workbench and sends actions, and never changes anything itself.
//!
//! `theme` and `widgets` know no events; `panels` show one thing each; `shell` is what stands around
//! them; `raster` draws without a display.

pub mod panels;
pub mod raster;
pub mod theme;
pub mod view;
pub mod widgets;

pub use view::{Running, View};
