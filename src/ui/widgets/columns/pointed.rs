//! The cell under the pointer, for who copies it.

use egui::{Context, Id};

fn id() -> Id {
    Id::unique("annals_cell_under_pointer")
}

/// Says what stands in the cell under the pointer in this frame; what is said last counts.
pub fn note(ctx: &Context, text: String) {
    let frame = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| data.insert_temp(id(), (frame, text)));
}

/// What stands in the cell under the pointer; `None` where it was over none in this frame and the one
/// before.
pub fn pointed(ctx: &Context) -> Option<String> {
    let (frame, text): (u64, String) = ctx.data(|data| data.get_temp(id()))?;
    let age = ctx.cumulative_pass_nr().saturating_sub(frame);
    (age <= 1).then_some(text)
}
