//! The swatches of the lanes, at which their colors are chosen.

use egui::{Id, Rect, Ui, UiBuilder};

use super::super::color_choice::Choice;
use super::lanes::{LaneOf, RowOf};
use super::paint;
use super::scene::Scene;
use crate::query::clause;
use crate::ui::widgets::swatch;
use crate::workbench::ColorOf;

/// Shows the swatches of the lanes in view.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>, id: Id, scroll: f32) {
    let part = scene.layout.labels;
    let place = UiBuilder::new()
        .scope_id(id.with("swatches"))
        .max_rect(part);
    let mut inside = ui.new_child(place);
    inside.shrink_clip_rect(part);
    for (row, rect) in paint::visible_rows(scene, scroll) {
        let RowOf::Lane(group) = row.of else { continue };
        let label = Rect::from_x_y_ranges(part.x_range(), rect.y_range());
        let center = paint::swatch_center(scene, label);
        if let Some((of, name, key)) = choice(scene, group) {
            let choice = Choice {
                id: id.with(("lane", group)),
                of,
                name,
                nr: scene.color_nr(group),
                only: clause(key, name),
            };
            choice.swatch_ui(&inside, scene.view, center);
        } else {
            let color = scene.tokens.category(scene.color_nr(group));
            swatch::paint(inside.painter(), center, color);
        }
    }
}

/// Whose color a lane wears, what that is called, and the word of the filter for it; `None` for the lane
/// that several share.
fn choice<'a>(scene: &Scene<'a>, group: usize) -> Option<(ColorOf, &'a str, &'static str)> {
    match paint::lane_of(scene, group)? {
        LaneOf::Category(category) => {
            let name = scene.log.category_names().get(category.index())?;
            Some((ColorOf::Category(category), name, "category"))
        }
        LaneOf::Type(of) => Some((ColorOf::Type(of), scene.log.type_name(of), "type")),
        LaneOf::Others => None,
    }
}
