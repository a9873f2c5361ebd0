//! Whether the person last used a key or the mouse.
//!
//! The focus ring is shown only to someone who moves by keys.
//! egui does not keep this, so a small plugin notes it at the start of every pass.

use egui::{Context, Event, Id, Plugin, Ui};

/// Notes the kind of the last input; installed with the theme.
pub(super) struct LastInput;

impl Plugin for LastInput {
    fn debug_name(&self) -> &'static str {
        "annals last input"
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx();
        let last = ctx.input(|input| input.raw.events.iter().rev().find_map(is_key));
        if let Some(by_key) = last {
            ctx.data_mut(|data| data.insert_temp(id(), by_key));
        }
    }
}

/// Was a key the last thing the person used?
#[must_use]
pub fn by_keyboard(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(id())).unwrap_or(false)
}

fn id() -> Id {
    Id::unique("annals_last_input_was_a_key")
}

/// Decides on key presses and mouse buttons; text, movement and the wheel decide nothing.
fn is_key(event: &Event) -> Option<bool> {
    match event {
        Event::Key { pressed: true, .. } => Some(true),
        Event::PointerButton { pressed: true, .. } | Event::Touch { .. } => Some(false),
        _ => None,
    }
}
