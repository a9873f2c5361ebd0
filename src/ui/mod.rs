//! Everything that draws: it reads the workbench and sends actions, and never changes anything itself.
//!
//! `theme` and `widgets` know no events; `panels` show one thing each; `shell` is what stands around
//! them; `layout` says where the panels stand, `tiles` how they look, `keyboard` which of them has
//! it, `in_front` how one is opened in a tile of its own, and `window` puts all of it together (`asks` is what the program asks of it); `carried` and `dropping` are what is dragged and let go; `raster` draws without a display, and `part` pictures of
//! plots.

mod asks;
pub mod carried;
mod dropping;
mod in_front;
mod keyboard;
pub mod layout;
pub mod panels;
pub mod part;
pub mod raster;
pub mod shell;
pub mod theme;
pub mod tiles;
pub mod view;
pub mod widgets;
pub mod window;

pub use view::{Running, View};
