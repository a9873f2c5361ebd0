//! Playing: the playhead goes on by itself, so many events or so much time a second.

use std::time::Duration;

use crate::event::Position;
use crate::workbench::{Action, Speed};

use super::app::App;

/// While playing by time, a stretch without events is shown for so many seconds at most.
const IDLE_SHOWN: f64 = 2.0;
/// So many events are played a frame at most, so that a burst cannot hold the frame up.
const BURST: i64 = 100_000;

impl App {
    /// Plays or pauses; at the end it begins again.
    pub(super) fn toggle_play(&mut self) {
        if self.workbench.history.is_none() {
            return;
        }
        self.workbench.is_playing = !self.workbench.is_playing;
        self.workbench.idle_skipped = None;
        self.played = None;
        let kind = self.workbench.look().step;
        if self.workbench.is_playing && self.workbench.after_step(kind, 1).is_none() {
            self.play_from_start();
        }
    }

    /// Begins again: at the first event of the stream where its events are stepped through.
    fn play_from_start(&self) {
        let first = self.workbench.first_of_step();
        self.send(first.map_or(Action::First, Action::MovePlayhead));
    }

    /// Chooses the next speed up or down.
    pub(super) fn change_speed(&mut self, by: isize) {
        self.workbench.speed = self.workbench.speed.next(by);
        self.played = None;
    }

    /// Moves the playhead on by as much as the time since the last frame is worth.
    pub(super) fn play(&mut self, ctx: &egui::Context) {
        if !self.workbench.is_playing {
            self.played = None;
            self.workbench.idle_skipped = None;
            return;
        }
        let (since, rest) = self.played.unwrap_or((self.now, 0.0));
        let passed = self.now.saturating_sub(since).as_secs_f64();
        let pause = match self.workbench.speed {
            Speed::Events(rate) => {
                self.play_events(passed * f64::from(rate) + rest);
                Duration::from_secs(1) / (2 * rate.max(1))
            }
            Speed::Time(rate) => {
                self.play_time(passed, f64::from(rate), rest);
                Duration::from_millis(33)
            }
        };
        ctx.request_repaint_after(Duration::from_millis(16).max(pause));
    }

    fn play_events(&mut self, worth: f64) {
        let events = worth.floor();
        self.played = Some((self.now, worth - events));
        #[expect(clippy::cast_possible_truncation, reason = "bounded, or saturating")]
        let by = (events as i64).min(BURST);
        if by > 0 {
            self.step_playing(by);
        }
    }

    /// Plays by time: `rest` is how many seconds of the history have passed since the event at the
    /// playhead. A long time without events is cut short.
    fn play_time(&mut self, passed: f64, rate: f64, rest: f64) {
        let mut left = rest + passed * rate;
        let kind = self.workbench.look().step;
        let mut moved: Option<Position> = None;
        for _ in 0..BURST {
            let from = moved.unwrap_or_else(|| self.workbench.look().playhead);
            let Some(next) = self.workbench.step_from(kind, from, 1) else {
                self.workbench.is_playing = moved.is_some();
                break;
            };
            let gap = self.workbench.seconds_between(from, next);
            let shown = gap.min(IDLE_SHOWN * rate);
            self.workbench.idle_skipped = (shown < gap).then_some((from, next));
            if left < shown {
                break;
            }
            left -= shown;
            moved = Some(next);
        }
        self.played = Some((self.now, left));
        if let Some(position) = moved {
            self.workbench.move_to(position, self.now);
        }
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
