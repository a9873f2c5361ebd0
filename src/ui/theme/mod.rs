//! How everything looks: colors, sizes, fonts, icons, and the egui style made of them.
//!
//! Every number here comes from the design's pages; nothing outside this folder names a color.
//! Call [`install`] once on a fresh context, then ask [`tokens()`] wherever something is painted.
//!
//! Reading order: `tokens` (colors), `size`, `fonts`, `text` (the type scale), `icons`,
//! `format` (numbers), `style` (what egui is told), `last_input` (was it a key or the mouse).

pub mod fonts;
pub mod format;
pub mod icons;
mod last_input;
pub mod size;
mod style;
pub mod text;
mod tokens;

pub use fonts::Face;
pub use last_input::by_keyboard;
pub use style::{Choices, install, install_with};
pub use tokens::{CATEGORIES, CATEGORY_NAMES, Themed, Tokens, tokens};
