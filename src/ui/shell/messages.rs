//! Messages at the bottom right: what was done, and what could not be.
//!
//! The messages are the workbench's; this only shows those that are new and sends what is clicked.

use egui::Context;

use crate::ui::View;
use crate::ui::widgets::toast::{Kind, Toasts};
use crate::workbench::Action;

/// The messages on the screen.
#[derive(Default)]
pub struct Messages {
    toasts: Toasts<Action>,
    last_shown: u64,
}

impl Messages {
    /// Shows the messages.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) {
        let now = view.now.as_secs_f64();
        for message in &view.workbench.messages {
            if message.id > self.last_shown {
                self.last_shown = message.id;
                let kind = if message.is_error {
                    Kind::Error
                } else {
                    Kind::Note
                };
                match &message.offer {
                    Some((label, action)) => {
                        self.toasts
                            .add_with(kind, &message.text, (label, action.clone()), now);
                    }
                    None => self.toasts.add(kind, &message.text, now),
                }
            }
        }
        if let Some(action) = self.toasts.show(ctx, now) {
            view.send(action);
        }
    }
}
