//! What a run keeps of its states, under the list at the left: how far the playhead folds.

use egui::{Label, Rect, Ui, pos2};

use super::super::tile;
use crate::projection::Results;
use crate::ui::View;
use crate::ui::theme::{Face, size, text, tokens};

/// What the note takes at least of a list, and from which height on there is room for it.
const ROOM: f32 = 420.0;
/// Height of its head with what is around it.
const HEAD: f32 = 40.0;

/// How high the note is; nothing where there is none, or no room.
pub(super) fn height(ui: &Ui, view: &View<'_>) -> f32 {
    let Some(words) = words(view).filter(|_| ui.available_height() > ROOM) else {
        return 0.0;
    };
    let mut job = text::job(&words, Face::Small, tokens(ui).text3);
    job.wrap.max_width = ui.available_width() - 2.0 * size::SIDE;
    let galley = ui.painter().layout_job(job);
    (HEAD + galley.size().y + size::SIDE).ceil()
}

/// Shows it at the end of the space there is.
pub(super) fn note_ui(ui: &mut Ui, view: &View<'_>, height: f32) {
    let all = ui.available_rect_before_wrap();
    let Some(words) = words(view).filter(|_| height > 0.0) else {
        return;
    };
    let rect = Rect::from_min_max(pos2(all.left(), all.bottom() - height), all.max);
    let mut note = tile::part(ui, rect, "kept");
    note.spacing_mut().item_spacing.y = 4.0;
    tile::hairline(&mut note);
    note.add_space(8.0);
    let t = tokens(&note);
    let inside = note.available_rect_before_wrap();
    let inside = inside.shrink2(egui::vec2(size::SIDE, 0.0));
    let mut inside = tile::part(&mut note, inside, "words");
    inside.spacing_mut().item_spacing.y = 4.0;
    inside.label(text::rich("Checkpoints", Face::SmallMedium).color(t.text2));
    inside.add(Label::new(text::small(words).color(t.text3)).wrap());
    ui.advance_cursor_after_rect(all);
}

/// What is kept of the run of the script that is shown; `None` before one.
fn words(view: &View<'_>) -> Option<String> {
    let projecting = &view.workbench.projecting;
    let (answer, _) = projecting.answer(projecting.shown?)?;
    let results: &Results = answer.results.as_ref()?;
    let words = match results.thinned() {
        None => "Every change of every state is kept, so moving the playhead runs nothing again."
            .to_owned(),
        Some(thinned) => format!("{thinned}."),
    };
    Some(words)
}
