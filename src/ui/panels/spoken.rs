//! A sentence that is read out, politely, when it has rested for a while: while the playhead moves
//! nothing is said.

use std::time::Duration;

use egui::{Role, Sense, Ui, WidgetInfo, vec2};

/// So long a sentence must stand before it is said.
const REST: Duration = Duration::from_millis(400);

/// What was said, and what waits to be.
#[derive(Default)]
pub(super) struct Spoken {
    said: String,
    waiting: String,
    since: Duration,
}

impl Spoken {
    /// Says `sentence` once it has rested. Takes no space on the screen.
    pub(super) fn ui(&mut self, ui: &mut Ui, sentence: &str, now: Duration) {
        if self.waiting != sentence {
            sentence.clone_into(&mut self.waiting);
            self.since = now;
        }
        if self.said != self.waiting {
            let rested = now.saturating_sub(self.since);
            if rested >= REST {
                self.said.clone_from(&self.waiting);
            } else {
                ui.ctx().request_repaint_after(REST.saturating_sub(rested));
            }
        }
        let (_, response) = ui.allocate_exact_size(vec2(0.0, 0.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, self.said.as_str()));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
    }
}
