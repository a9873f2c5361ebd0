//! The Report view: what is chosen of the report at the left, the page itself at the right.
//!
//! `compose` asks, `pieces` lays the page out in pieces of known height, `contents` lists its sections, `page` shows those that are on
//! screen, `ground` draws them, `sheet` its tables, `plots` its plots.

mod compose;
mod contents;
mod ground;
mod page;
mod pieces;
mod plots;
mod sheet;

use egui::{Rect, Stroke, Ui, pos2};

use super::tile;
use crate::ui::View;
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::empty::Empty;

use compose::Compose;
use page::Page;

/// Width of what is chosen.
const CHOICES: f32 = 320.0;

/// The Report view.
#[derive(Default)]
pub struct ReportPanel {
    compose: Compose,
    page: Page,
}

impl ReportPanel {
    /// Gives the keyboard to the name under which the report is saved.
    pub fn ask_name(&mut self) {
        self.compose.ask_name();
    }

    /// Shows the view in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        if view.history().is_none() {
            Empty::new("Nothing to report")
                .why("No history is open.")
                .show(ui);
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let all = ui.available_rect_before_wrap();
        let left = Rect::from_min_max(all.min, pos2(all.left() + CHOICES, all.bottom()));
        let right = Rect::from_min_max(pos2(left.right() + size::TILE_GAP, all.top()), all.max);
        let line = Stroke::new(size::TILE_GAP, tokens(ui).line);
        ui.painter().vline(left.right() + 0.5, all.y_range(), line);
        self.compose
            .ui(&mut tile::part(ui, left, "report choices"), view);
        self.page
            .ui(&mut tile::part(ui, right, "report page"), view);
        ui.advance_cursor_after_rect(all);
    }
}
