//! The whole application in a window without a screen, its jobs run between the frames.
//!
//! Include it with `#[path = "support/desk.rs"] mod desk;` beside `mod support;`.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::PathBuf;

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::Action;
use egui::Theme;
use egui_kittest::Harness;

use crate::support;

/// The application in its window.
pub type Window = Harness<'static, App>;

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// What a window of a test is like.
#[derive(Clone)]
pub struct Desk {
    /// Where settings and workspaces are kept; nowhere where it is `None`.
    pub settings: Option<PathBuf>,
    /// The size of the window in pixels.
    pub size: [f32; 2],
    /// Dark or light.
    pub theme: Theme,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            settings: None,
            size: [1600.0, 1000.0],
            theme: Theme::Dark,
        }
    }
}

impl Desk {
    /// A window on its start screen.
    pub fn window(self) -> Window {
        let app = App::new(Setup {
            runner: Runner::inline(),
            settings_path: self.settings,
            wall_clock: noon,
            rules: None,
            options: OpenOptions::default(),
            is_steady: true,
        });
        let mut window = support::harness(self.size, self.theme, 1.0, app, |ui, app| {
            // The fonts of the system, which have every sign, are not there in tests.
            ui.ctx()
                .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
            app.logic(ui.ctx());
            app.ui(ui);
        });
        settle(&mut window);
        window
    }
}

/// Frames until nothing is asked for any more.
pub fn settle(window: &mut Window) {
    for _ in 0..6 {
        window.step();
    }
}

/// What is done without key or pointer.
pub fn send(window: &mut Window, action: Action) {
    window.state().send(action);
    settle(window);
}
