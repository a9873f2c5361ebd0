//! Opening and closing: what was open stays until the first part of the new history is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fold::Reducer;
use crate::history::History;
use crate::job::{Job, Kind, OpenWhat};
use crate::settings::RecentFile;
use crate::source::OpenOptions;
use crate::ui::theme::format;
use crate::workbench::{Action, Opening};

use super::app::App;
use super::wish::{is_workspace, reference};

/// In how many parts the small picture of a recent file counts its events.
const SHAPE: usize = 16;

/// What is said where the system has nothing to ask with.
const NO_DIALOGS: &str = "This system has no dialog for files: neither a desktop portal nor zenity. \
    Drop the file on the window, or start Annals with its name.";

impl App {
    /// Asks for a file.
    pub(super) fn ask_for_file(&mut self) {
        if !crate::job::has_dialogs() {
            self.complain(NO_DIALOGS);
        } else if !self.runner.is_busy(Kind::Dialog) {
            self.request(Job::AskOpen, "a file is to be chosen");
        }
    }

    /// Opens a file.
    ///
    /// A workspace file is opened with its store; a reference such as `shop-events.db#861204` leads to
    /// that position.
    pub(super) fn open_path(&mut self, path: PathBuf) {
        if is_workspace(&path) {
            self.forget_given();
            self.request(Job::ReadWorkspace(path), "a workspace was asked for");
            return;
        }
        let (path, position) = match reference(&path) {
            Some((path, position)) => (path, Some(position)),
            None => (path, None),
        };
        self.open_path_with(path, self.options.clone());
        self.will_lead_to(position);
    }

    /// Opens a file, to be audited and reported once it has been read.
    pub(super) fn open_for_report(&mut self, path: PathBuf) {
        self.open_path(path);
        self.will_report();
    }

    /// Opens a file, with what is wanted otherwise than what is found.
    pub(super) fn open_path_with(&mut self, path: PathBuf, options: OpenOptions) {
        self.workbench.opening = Some(Opening {
            name: name_of(&path),
            path: Some(path.clone()),
        });
        let kept = self.kept_mappings();
        self.begin(OpenWhat::File(path, options, kept));
    }

    /// Opens several files as one history, or the only one.
    pub(super) fn open_paths(&mut self, mut paths: Vec<PathBuf>) {
        if paths.len() < 2 {
            if let Some(path) = paths.pop() {
                self.open_path(path);
            }
            return;
        }
        self.workbench.opening = Some(Opening {
            name: format!("{} files", paths.len()),
            path: None,
        });
        self.begin(OpenWhat::Files(paths, self.options.clone()));
    }

    /// Opens files in a window of its own: this program once more.
    pub(super) fn open_beside(&mut self, paths: &[PathBuf]) {
        self.windows
            .retain_mut(|window| !matches!(window.try_wait(), Ok(Some(_))));
        let begun = std::env::current_exe()
            .and_then(|program| std::process::Command::new(program).args(paths).spawn());
        match begun {
            Ok(window) => self.windows.push(window),
            Err(why) => self.complain(format!("A second window cannot be opened: {why}")),
        }
    }

    /// Opens the sample history.
    pub(super) fn open_sample(&mut self) {
        self.workbench.opening = Some(Opening {
            name: "sample history".to_owned(),
            path: None,
        });
        self.begin(OpenWhat::Sample);
    }

    fn begin(&mut self, what: OpenWhat) {
        self.has_first_part = false;
        self.forget_given();
        self.leave_mapping();
        self.workbench.messages.retain(|message| !message.is_error);
        self.note_open(false);
        self.request(Job::Open(what), "a history was asked for");
    }

    /// Stops reading and keeps what has been read.
    pub(super) fn cancel_opening(&mut self) {
        let Some(opening) = self.workbench.opening.take() else {
            return;
        };
        self.runner.stop(Kind::Open);
        let kept = self
            .workbench
            .history
            .as_ref()
            .filter(|_| self.has_first_part);
        let text = match kept {
            Some(history) => {
                let n_events = format::count(history.log.len() as u64);
                format!(
                    "Reading {} was stopped after {n_events} events",
                    opening.name
                )
            }
            None => format!("Opening {} was stopped", opening.name),
        };
        self.say(text);
    }

    /// Closes what is open and shows the start screen.
    pub(super) fn close(&mut self) {
        self.end_live();
        self.runner.stop(Kind::Open);
        self.runner.stop(Kind::Audit);
        self.runner.stop(Kind::Project);
        self.report_waits = false;
        self.leave_mapping();
        self.leave_workspace();
        self.workbench.close();
        self.forget_given();
        self.note_open(true);
        self.window.close_overlays();
        self.look_at_recent();
    }

    /// Takes in what has been read so far.
    pub(super) fn take_part(&mut self, history: Arc<History>, reducer: Option<Arc<dyn Reducer>>) {
        let is_first = !self.has_first_part;
        if is_first {
            self.drop_previous();
        }
        self.runner.stop(Kind::Project);
        self.workbench.projecting.forget_answers();
        self.take_given(reducer);
        let reducer = self.reducer();
        self.workbench.take_history(history, reducer);
        if is_first {
            self.show_given();
        }
    }

    /// Takes in the whole.
    pub(super) fn take_whole(
        &mut self,
        what: &OpenWhat,
        history: &Arc<History>,
        reducer: Option<Arc<dyn Reducer>>,
    ) {
        self.take_part(Arc::clone(history), reducer);
        self.workbench.opening = None;
        // What came through standard input cannot be opened again another day.
        let is_on_disk = history.about.files.iter().any(|file| file.path.is_some());
        if let OpenWhat::File(path, options, _) = what
            && is_on_disk
        {
            self.opened_with = options.clone();
            self.remember(path, history);
        }
        self.note_open(true);
        self.load_workspace();
        let n_problems = history.problems.total();
        if n_problems > 0 {
            self.tell_problems(n_problems, history);
        }
    }

    /// Shows a history that was made elsewhere, as if it had been opened: for measurements.
    pub fn show_history(&mut self, history: &Arc<History>) {
        self.has_first_part = false;
        self.take_whole(&OpenWhat::Sample, history, None);
    }

    /// What was open makes room for what is being opened.
    fn drop_previous(&mut self) {
        self.end_live();
        let opening = self.workbench.opening.take();
        self.leave_workspace();
        self.workbench.close();
        self.workbench.opening = opening;
        self.window.close_overlays();
        self.has_first_part = true;
        self.suggestion = None;
        self.audited = None;
        self.own_reducer = None;
        self.awaited = None;
        self.report_waits = false;
    }

    fn tell_problems(&mut self, n_problems: u64, history: &History) {
        let noun = if n_problems == 1 {
            "problem"
        } else {
            "problems"
        };
        let first = history
            .problems
            .items()
            .first()
            .map_or_else(String::new, |problem| format!(": {}", problem.message));
        let text = format!("{} {noun} while reading{first}", format::count(n_problems));
        let offer = ("Show problems".to_owned(), Action::ShowProblems);
        self.workbench.say(text, false, self.now, Some(offer));
    }

    /// Says why a history could not be opened; what was open stays.
    pub(super) fn opening_failed(&mut self, what: &OpenWhat, why: String) {
        self.workbench.opening = None;
        self.forget_given();
        self.note_open(true);
        if let OpenWhat::File(path, ..) = what {
            tracing::info!(path = %path.display(), why, "not opened");
        }
        let offer = match what {
            OpenWhat::File(..) => ("Open another".to_owned(), Action::OpenDialog),
            OpenWhat::Files(..) => ("Open others".to_owned(), Action::OpenDialog),
            OpenWhat::Sample => ("Open file".to_owned(), Action::OpenDialog),
        };
        self.workbench.say(why, true, self.now, Some(offer));
        self.look_at_recent();
    }

    fn remember(&mut self, path: &Path, history: &History) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.settings.remember(RecentFile {
            path,
            format: if history.about.is_mapped {
                "Mapped by you".to_owned()
            } else {
                history.about.format_name.clone()
            },
            events: history.log.len() as u64,
            opened_secs: (self.wall_clock)().0.div_euclid(1_000_000_000),
            shape: shape(history),
        });
        self.keep_settings();
    }

    /// Takes a file off the recent ones.
    pub(super) fn forget_recent(&mut self, path: &Path) {
        self.settings.forget(path);
        self.keep_settings();
    }

    /// Finds out which recent files are gone; off the frame, as a drive may be slow to answer.
    pub(super) fn look_at_recent(&mut self) {
        if !self.settings.recent.is_empty() {
            let paths = self
                .settings
                .recent
                .iter()
                .map(|file| file.path.clone())
                .collect();
            self.request(Job::LookAt(paths), "the start screen shows them");
        }
    }
}

/// A path's last part, for people.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The events over time in a few parts; over positions where there are no times.
fn shape(history: &History) -> Vec<u32> {
    use crate::event::Timestamp;
    use crate::history::{Axis, Grouping};
    let log = &history.log;
    let Some((first, last)) = log.time_range().filter(|(first, last)| first < last) else {
        return Vec::new();
    };
    let span = i128::from(last.0) - i128::from(first.0);
    let edge = |part: usize| {
        let nanos = i128::from(first.0) + span * part as i128 / SHAPE as i128;
        Timestamp(i64::try_from(nanos).unwrap_or(i64::MAX))
    };
    let end = Timestamp(last.0.saturating_add(1));
    let moments = (0..SHAPE).map(edge).chain([end]);
    let bounds = log.time_bounds(moments);
    let counts = log.count_columns(Axis::Time, Grouping::Category, &bounds);
    (0..counts.n_columns())
        .map(|column| counts.column(column).iter().sum())
        .collect()
}
