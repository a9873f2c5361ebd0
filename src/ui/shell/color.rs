//! Asks for the color of what is selected: for those who do not point at its swatch.

use egui::{Context, Frame, Margin};

use super::dialog;
use crate::ui::View;
use crate::ui::panels::colors_ui;
use crate::workbench::ColorOf;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 260.0;
const TOP: f32 = 160.0;
/// Space around the colors.
const MARGIN: i8 = 10;

/// The dialog while it is open.
pub struct ColorDialog {
    of: ColorOf,
    name: String,
}

impl ColorDialog {
    /// The choice of the color of something.
    pub fn new(of: ColorOf, name: String) -> Self {
        Self { of, name }
    }

    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&self, ctx: &Context, view: &View<'_>) -> bool {
        let (closes, is_done) = dialog::show(ctx, "color", (WIDTH, TOP), |ui| {
            let frame = Frame::new().inner_margin(Margin::same(MARGIN));
            frame
                .show(ui, |ui| colors_ui(ui, view, self.of, &self.name))
                .inner
        });
        closes || is_done
    }
}
