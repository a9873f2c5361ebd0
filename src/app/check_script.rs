//! A script is checked while it is written, once the keys have rested.

use std::time::Duration;

use super::app::App;
use crate::job::Job;
use crate::workbench::ViewKind;

/// So long after the last key the script is read.
const REST: Duration = Duration::from_millis(300);

/// Which text was seen last, and since when it reads so.
#[derive(Debug, Default)]
pub(super) struct SeenText {
    edits: u64,
    since: Duration,
    /// Of which edit a check was asked for.
    asked: u64,
}

impl App {
    /// Asks what is wrong with the script shown, where it reads otherwise than when it was run or
    /// checked.
    pub(super) fn check_script(&mut self, ctx: &egui::Context) {
        let projecting = &self.workbench.projecting;
        if self.workbench.look().view != ViewKind::Projections
            || projecting.edits == self.seen_text.asked
        {
            return;
        }
        let Some(script) = projecting.script_shown() else {
            return;
        };
        let seen = &mut self.seen_text;
        if projecting.edits != seen.edits {
            (seen.edits, seen.since) = (projecting.edits, self.now);
        }
        let rest = (seen.since + REST).saturating_sub(self.now);
        if !rest.is_zero() {
            ctx.request_repaint_after(rest);
            return;
        }
        seen.asked = seen.edits;
        let is_run = projecting
            .answer(script.id)
            .is_some_and(|(_, is_same)| is_same);
        if is_run || projecting.problems_written(script).is_some() {
            return;
        }
        let job = Job::CheckScript(script.id, script.name.clone(), script.text.clone());
        self.request(job, "a script is written");
    }
}
