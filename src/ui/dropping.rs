//! Letting go: what is dragged inside of the window, and files that are dragged over it.

use egui::{Align, Id, LayerId, Order, Rect, Stroke, StrokeKind, Ui};

use super::carried::{self, Carried, Offer};
use super::layout::Pane;
use super::shell::top_bar;
use super::theme::{Face, size, text, tokens};
use super::view::View;
use super::window::Window;
use crate::workbench::{Dropped, ViewKind};

impl Window {
    /// Shows where something that is dragged can be let go, and does what is said where it is.
    pub(super) fn carried_ui(&self, ui: &Ui, view: &View<'_>) {
        let ctx = ui.ctx();
        let Some(carried) = carried::carried(ctx) else {
            return;
        };
        let Some((place, offer)) = self.target(ui, view, &carried) else {
            return;
        };
        carried::hint(ctx, place, &offer.words);
        if ctx.input(|input| input.pointer.any_released()) {
            offer.accept(view);
        }
    }

    /// The button of a view or the pane under the pointer, if something happens there.
    fn target(&self, ui: &Ui, view: &View<'_>, carried: &Carried) -> Option<(Rect, Offer)> {
        let pointer = ui.ctx().pointer_interact_pos()?;
        let views = [ViewKind::Projections, ViewKind::Graph, ViewKind::Report];
        for kind in views {
            let place = top_bar::place_of(ui.ctx(), kind);
            if let Some(place) = place.filter(|place| place.contains(pointer)) {
                return Some((place, carried::offer_of_view(view, carried, kind)?));
            }
        }
        let panes = self.places.iter().rev();
        let mut under = panes.filter(|(_, place)| place.contains(pointer));
        let (pane, place) = under.next()?;
        let place = match pane {
            // The border goes around what is added to, and not around tabs that may not be seen.
            Pane::Projections | Pane::Graph | Pane::Report => place.shrink(1.0),
            _ => *place,
        };
        Some((place, carried::offer(view, carried, *pane)?))
    }
}

/// Says what will happen to files that are dragged over the window.
pub(super) fn files_ui(ui: &Ui, view: &View<'_>) {
    let (paths, n_files, with_shift) = ui.input(|input| {
        let files = &input.raw.hovered_files;
        let paths: Vec<_> = files.iter().filter_map(|file| file.path.clone()).collect();
        (paths, files.len(), input.modifiers.shift)
    });
    if n_files == 0 {
        return;
    }
    let dropped = match view.workbench.dropped(&paths, with_shift) {
        // Some systems say only how many there are.
        Dropped::Copy if n_files > 1 => Dropped::Open,
        dropped => dropped,
    };
    let t = tokens(ui);
    let whole = ui.ctx().content_rect();
    let layer = LayerId::new(Order::Foreground, Id::unique("annals_drop_hint"));
    let painter = ui.ctx().layer_painter(layer);
    let stroke = Stroke::new(size::STROKE_PLOT, t.accent);
    let ground = t.canvas.gamma_multiply(0.66);
    painter.rect(whole.shrink(1.0), 0.0, ground, stroke, StrokeKind::Inside);
    let words = view.workbench.drop_words(dropped, n_files);
    text::line(&painter, whole, Align::Center, Face::Heading, words, t.text);
}
