//! `App`: the workbench, the window over it and the threads below it, turned once a frame.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::event::json::JsonPath;
use crate::event::{Position, Timestamp, Zone};
use crate::fold::{Merge, Reducer};
use crate::job::{Job, Runner};
use crate::settings::{Settings, load};
use crate::source::OpenOptions;
use crate::ui::part::Part;
use crate::ui::shell::keymap::Keymap;
use crate::ui::window::{Facts, Window};
use crate::ui::{Running, View};
use crate::workbench::{
    Action, EventKey, FieldChoice, Gesture, PreviewKey, TableKey, Workbench, capital,
};

use super::check_script::SeenText;
use super::first_frame::FirstFrame;
use super::keep::Keeping;
use super::travel::Toward;

/// What an application is made of, so that tests can give it other parts.
pub struct Setup {
    /// Does the work.
    pub runner: Runner,
    /// Where the settings are kept; nowhere where it is `None`.
    pub settings_path: Option<PathBuf>,
    /// Tells the time of day.
    pub wall_clock: fn() -> Timestamp,
    /// The rules that the user named; the payload merge where there are none.
    pub rules: Option<Arc<dyn Reducer>>,
    /// What the user wants of reading otherwise than what is found.
    pub options: OpenOptions,
    /// Whether nothing that is measured is shown: for tests and pictures, which must be the same each
    /// time.
    pub is_steady: bool,
}

/// The application.
pub struct App {
    pub(super) workbench: Workbench,
    pub(super) settings: Settings,
    pub(super) settings_path: Option<PathBuf>,
    pub(super) runner: Runner,
    pub(super) window: Window,
    pub(super) wall_clock: fn() -> Timestamp,
    pub(super) rules: Option<Arc<dyn Reducer>>,
    pub(super) options: OpenOptions,
    /// The time since the program began, as of this frame.
    pub(super) now: Duration,
    /// Whether the first part of what is being opened has been taken in.
    pub(super) has_first_part: bool,
    /// A field worth a plot, with the generation for which it was asked.
    pub(super) suggestion: Option<(u64, Option<FieldChoice>)>,
    /// The generation of the history whose audit was asked for last.
    pub(super) audited: Option<u64>,
    /// Whether a report waits for the audit.
    pub(super) report_waits: bool,
    /// Where the playhead stood when a question was asked whose first result it is to go to.
    pub(super) question_waits: Option<Position>,
    /// With what the file that is open was opened.
    pub(super) opened_with: OpenOptions,
    /// The number of the mapping dialog opened last.
    pub(super) map_session: u64,
    /// Since when the playhead runs, with the part of an event that is left over.
    pub(super) played: Option<(Duration, f64)>,
    /// The table whose states are being gathered.
    pub(super) gathering: Option<TableKey>,
    /// What is kept of what is open, and where.
    pub(super) keeping: Keeping,
    /// What makes states as the history came, or as the user named it when the program began.
    pub(super) given_reducer: Arc<dyn Reducer>,
    /// What makes states instead, as the user chose or wrote it in the window.
    pub(super) own_reducer: Option<Arc<dyn Reducer>>,
    /// The chain of causes that is waited for, to go along it.
    pub(super) awaited: Option<(EventKey, Toward)>,
    /// A field whose setter is to be gone to once it is known, or the setter before that.
    pub(super) setter_wanted: Option<(JsonPath, bool)>,
    /// The category for which a projection is to be begun, once its types are known.
    pub(super) template_waits: Option<crate::event::CategoryId>,
    /// Which script was checked as it is written.
    pub(super) seen_text: SeenText,
    /// The event id that is to be gone to once it is found.
    pub(super) id_awaited: Option<String>,
    /// The file that is followed.
    pub(super) followed: Option<super::live::Followed>,
    /// The file that is open and not followed, looked at now and then.
    pub(super) watched: Option<super::live::Followed>,
    /// The generation of which it was said that its file has grown.
    pub(super) told_of: Option<u64>,
    /// The number of the following begun last.
    pub(super) live_number: u64,
    /// The windows that were opened from this one.
    pub(super) windows: Vec<std::process::Child>,
    /// Recent files that are gone.
    pub(super) gone: BTreeSet<PathBuf>,
    /// A picture that is to be taken of the next frame: of what, and where it goes; to the clipboard where
    /// it goes nowhere.
    pub(super) picture_wanted: Option<(Part, Option<PathBuf>)>,
    /// Events that are to be put on the clipboard: how many, and as they are written.
    pub(super) clip: Option<(usize, Result<String, String>)>,
    /// The keys in force.
    pub(super) keymap: Keymap,
    actions: RefCell<Vec<Action>>,
    pub(super) previews: RefCell<Option<PreviewKey>>,
    running: Vec<Running>,
    first_frame: FirstFrame,
    pub(super) is_steady: bool,
}

impl App {
    /// An application that shows its start screen.
    pub fn new(setup: Setup) -> Self {
        let loaded = setup.settings_path.as_deref().map(load);
        let (settings, problem) = match loaded {
            None => (Settings::default(), None),
            Some(Ok(settings)) => (settings, None),
            Some(Err(error)) => (Settings::default(), Some(error)),
        };
        let mut app = Self {
            workbench: Workbench::new(Arc::new(Merge)),
            settings,
            settings_path: setup.settings_path,
            runner: setup.runner,
            window: Window::default(),
            wall_clock: setup.wall_clock,
            rules: setup.rules,
            options: setup.options,
            now: Duration::ZERO,
            has_first_part: false,
            suggestion: None,
            audited: None,
            report_waits: false,
            question_waits: None,
            opened_with: OpenOptions::default(),
            map_session: 0,
            played: None,
            gathering: None,
            given_reducer: Arc::new(Merge),
            own_reducer: None,
            awaited: None,
            keeping: Keeping::default(),
            setter_wanted: None,
            template_waits: None,
            seen_text: SeenText::default(),
            id_awaited: None,
            followed: None,
            watched: None,
            told_of: None,
            live_number: 0,
            windows: Vec::new(),
            gone: BTreeSet::new(),
            picture_wanted: None,
            clip: None,
            keymap: Keymap::default(),
            actions: RefCell::default(),
            previews: RefCell::default(),
            running: Vec::new(),
            first_frame: FirstFrame::default(),
            is_steady: setup.is_steady,
        };
        app.keymap = Keymap::of(&app.settings.keys);
        let zone = Zone::parse(&app.settings.zone);
        app.workbench.start_in(zone.unwrap_or_default());
        if let Some(error) = problem {
            let sentence = capital(&error.to_string());
            app.workbench.say(sentence, true, Duration::ZERO, None);
        }
        app.look_at_recent();
        app
    }

    /// Asks for something, as a panel would.
    pub fn send(&self, action: Action) {
        self.actions.borrow_mut().push(action);
    }

    /// What is open and where it is looked.
    pub fn workbench(&self) -> &Workbench {
        &self.workbench
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes answers in, applies what was asked, and asks for what is stale.
    pub fn logic(&mut self, ctx: &egui::Context) {
        self.now = ctx.input(|input| Duration::try_from_secs_f64(input.time).unwrap_or(self.now));
        for outcome in self.runner.take_outcomes() {
            self.absorb(outcome, ctx);
        }
        self.take_clip(ctx);
        self.workbench.gesture = gesture(ctx, self.workbench.gesture);
        self.workbench.apart = self.window.inspected();
        let mut asked = self.actions.take();
        asked.extend(self.window.keys(ctx, &self.workbench, &self.keymap));
        asked.extend(self.dropped(ctx));
        for action in asked {
            self.apply(action, ctx);
        }
        self.keep_workspace(ctx);
        self.check_script(ctx);
        self.play(ctx);
        self.request_stale();
        self.look_at_live(ctx);
        self.wait_for_typing(ctx);
        self.wait_for_rules(ctx);
        self.note_running();
        self.workbench
            .messages
            .retain(|message| !is_over(message, self.now));
        if self.runner.needs_call() {
            ctx.request_repaint();
        } else if !self.running.is_empty() {
            ctx.request_repaint_after(Duration::from_millis(100));
        }
    }

    /// Draws the window.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let facts = Facts {
            settings: &self.settings,
            keymap: &self.keymap,
            gone: &self.gone,
            wall: (self.wall_clock)(),
        };
        let start = std::time::Instant::now();
        let view = View::new(
            &self.workbench,
            &self.running,
            &self.settings.recent,
            (self.now, self.window.frame_ms()),
            (&self.actions, &self.previews),
        )
        .with_keys(&self.keymap);
        self.window.ui(ui, &view, &facts);
        if !self.is_steady {
            self.window.note_frame(start.elapsed());
        }
        self.take_picture(ui.ctx());
        self.first_frame.drawn(ui.ctx());
        if !self.actions.borrow().is_empty() {
            ui.ctx().request_repaint();
        }
    }

    /// Asks for work.
    pub(super) fn request(&mut self, job: Job, cause: &'static str) {
        self.runner.request(job, cause);
    }

    /// Shows a message that leaves by itself.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.workbench.say(text, false, self.now, None);
    }

    /// Shows what could not be done; it stays until it is closed.
    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.workbench.say(text, true, self.now, None);
    }

    /// Writes the settings; a failure is told once and not fatal.
    pub(super) fn keep_settings(&mut self) {
        let Some(path) = &self.settings_path else {
            return;
        };
        if let Err(error) = crate::settings::save(path, &self.settings) {
            tracing::warn!(%error, "settings");
            let sentence = capital(&error.to_string());
            self.settings_path = None;
            self.complain(sentence);
        }
    }

    /// What the files ask for that were dropped on the window.
    fn dropped(&self, ctx: &egui::Context) -> Option<Action> {
        let (paths, with_shift) = ctx.input(|input| {
            let files = input.raw.dropped_files.iter();
            let paths: Vec<PathBuf> = files.map(|file| file.path().to_owned()).collect();
            (paths, input.modifiers.shift)
        });
        let is_file = |path: &PathBuf| !path.as_os_str().is_empty();
        let paths: Vec<PathBuf> = paths.into_iter().filter(is_file).collect();
        let dropped = self.workbench.dropped(&paths, with_shift);
        dropped.action(paths)
    }

    fn note_running(&mut self) {
        self.running = self
            .runner
            .running()
            .filter(|(_, what, _)| !what.is_empty())
            .map(|(_, what, progress)| running(what, progress))
            .collect();
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.end();
    }
}

/// Which press of the pointer this frame belongs to.
fn gesture(ctx: &egui::Context, before: Gesture) -> Gesture {
    ctx.input(|input| Gesture {
        nr: before.nr + u64::from(input.pointer.any_pressed()),
        is_held: input.pointer.any_down(),
    })
}

fn running(what: &str, progress: &crate::job::Progress) -> Running {
    use crate::job::Counted;
    use crate::ui::theme::format;
    let (done, total, counted) = progress.counts();
    let done = match counted {
        _ if progress.events_read() > 0 => {
            format!("{} events", format::count(progress.events_read()))
        }
        Counted::Events => format!("{} of {}", format::count(done), format::count(total)),
        Counted::Bytes => format!("{} of {}", format::bytes(done), format::bytes(total)),
        Counted::Nothing => String::new(),
    };
    Running {
        what: what.to_owned(),
        share: progress.share(),
        done,
    }
}

/// A message without an error leaves after six seconds.
fn is_over(message: &crate::workbench::Message, now: Duration) -> bool {
    const STAY: Duration = Duration::from_secs(6);
    !message.is_error && now.saturating_sub(message.since) > STAY
}
