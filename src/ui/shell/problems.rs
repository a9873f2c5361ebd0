//! The dialog of problems: a head over the panel that lists them.

use egui::{Context, Ui, UiBuilder, vec2};

use crate::ui::View;
use crate::ui::panels::ProblemsPanel;

use super::dialog;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 1200.0;
const TOP: f32 = 72.0;
/// Height of the list, where the window has room for it.
const HEIGHT: f32 = 660.0;
/// How much of the window's height is kept free of the list.
const FREE: f32 = 176.0;

/// The dialog while it is open.
#[derive(Default)]
pub struct Problems {
    panel: ProblemsPanel,
}

impl Problems {
    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        if view.history().is_none() {
            return true;
        }
        let (closes, is_closed) = dialog::show(ctx, "problems", (WIDTH, TOP), |ui| {
            let is_closed = dialog::head_ui(ui, "Problems while reading", "Close problems");
            self.list_ui(ui, view);
            is_closed
        });
        closes || is_closed
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let room = ui.ctx().content_rect().height() - FREE;
        let size = vec2(ui.available_width(), HEIGHT.min(room).max(240.0));
        let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        // The frame's round corners stay free.
        let rect = rect.with_max_y(rect.bottom() - 8.0);
        let mut inside = ui.new_child(UiBuilder::new().max_rect(rect));
        inside.shrink_clip_rect(rect);
        self.panel.ui(&mut inside, view);
    }
}
