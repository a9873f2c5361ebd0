//! Playing: the playhead goes on by itself, so many events a second.

use std::time::Duration;

use crate::workbench::{Action, Speed};

use super::app::App;

impl App {
    /// Plays or pauses; at the end it begins again.
    pub(super) fn toggle_play(&mut self) {
        if self.workbench.history.is_none() {
            return;
        }
        self.workbench.is_playing = !self.workbench.is_playing;
        self.played = None;
        let kind = self.workbench.look().step;
        if self.workbench.is_playing && self.workbench.after_step(kind, 1).is_none() {
            self.send(Action::First);
        }
    }

    /// Chooses the next speed up or down.
    pub(super) fn change_speed(&mut self, by: isize) {
        let now = self.workbench.speed;
        let at = Speed::ALL
            .iter()
            .position(|speed| speed.0 >= now.0)
            .unwrap_or(Speed::ALL.len() - 1);
        let next = at.saturating_add_signed(by).min(Speed::ALL.len() - 1);
        self.workbench.speed = Speed::ALL[next];
    }

    /// Moves the playhead on by as many events as the time since the last frame is worth.
    pub(super) fn play(&mut self, ctx: &egui::Context) {
        if !self.workbench.is_playing {
            self.played = None;
            return;
        }
        let (since, rest) = self.played.unwrap_or((self.now, 0.0));
        let speed = f64::from(self.workbench.speed.0);
        let worth = (self.now.saturating_sub(since)).as_secs_f64() * speed + rest;
        let events = worth.floor();
        self.played = Some((self.now, worth - events));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most some thousands a frame"
        )]
        let by = events.min(100_000.0) as i64;
        if by > 0 {
            self.step_playing(by);
        }
        ctx.request_repaint_after(
            Duration::from_millis(16)
                .max(Duration::from_secs(1) / (2 * self.workbench.speed.0.max(1))),
        );
    }

    /// Steps, and pauses at the end.
    fn step_playing(&mut self, by: i64) {
        let kind = self.workbench.look().step;
        let whole = self.workbench.after_step(kind, by);
        let Some(position) = whole.or_else(|| self.workbench.after_step(kind, 1)) else {
            self.workbench.is_playing = false;
            return;
        };
        self.workbench.move_to(position, self.now);
    }
}
