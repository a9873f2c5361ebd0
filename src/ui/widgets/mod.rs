//! Reusable parts of the interface, which know nothing about events.
//!
//! Reading order: small signs (`mark`, `tag`, `kbd`, `swatch`, `sparkline`, `meter`, `skeleton`), controls
//! (`button`, `segments`, `field`, `combo`, `select`, `menu`), blocks (`section`, `kv`, `empty`, `progress`, `toast`,
//! `tooltip`), `editor` for scripts, and the long lists: `rows` (one virtual list), `columns` (a table over it) and
//! `json_tree` (a tree over it). `focus_ring` is what all of them show to someone who uses keys.
//!
//! A widget with its own state is a struct that the caller keeps; everything else is a function
//! or a builder that is given to `ui.add`.

pub mod button;
pub mod columns;
pub mod combo;
pub mod editor;
pub mod empty;
pub mod field;
pub mod focus_ring;
pub mod json_tree;
pub mod kbd;
pub mod kv;
pub mod mark;
pub mod menu;
pub mod meter;
pub mod progress;
pub mod rows;
pub mod section;
pub mod segments;
pub mod select;
pub mod skeleton;
pub mod sparkline;
pub mod swatch;
pub mod tag;
pub mod toast;
pub mod tooltip;

use egui::{Rect, Response, Sense, Ui, vec2};

/// A row over the whole width that leaves no gap to the next one.
fn whole_row(ui: &mut Ui, height: f32, sense: Sense) -> (Rect, Response) {
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let row = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    ui.spacing_mut().item_spacing.y = gap;
    row
}
