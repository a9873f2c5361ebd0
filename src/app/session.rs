//! What is open is noted while the window lives, so that it is opened again after a crash.

use std::path::Path;

use crate::settings::{LeftOpen, Session};
use crate::workbench::Action;

use super::app::App;
use super::open::name_of;

impl App {
    /// Notes from now on what is open, so that it is opened again after a crash; opens what a window
    /// that did not end well had open, where nothing else is to be opened.
    pub fn begin_session(&mut self, opens_other: bool) {
        let folder = self.settings_path.as_deref().and_then(Path::parent);
        let Some(folder) = folder.map(|folder| folder.join("sessions")) else {
            return;
        };
        let left = crate::settings::left_open(&folder).into_iter().next();
        match Session::begin(&folder) {
            Ok(session) => self.keeping.session = Some(session),
            Err(error) => tracing::warn!(%error, "a crash will not be noticed"),
        }
        if let Some(left) = left.filter(|_| !opens_other) {
            self.open_left(left);
        }
    }

    fn open_left(&mut self, left: LeftOpen) {
        let names: Vec<String> = left.inputs.iter().map(|path| name_of(path)).collect();
        let names = names.join(", ");
        let again = Action::OpenPaths(left.inputs);
        if left.is_whole {
            self.say(format!(
                "Annals did not end well the last time. {names} is opened again where it was"
            ));
            self.send(again);
        } else {
            let text = format!("Annals did not end well while it was opening {names}");
            let offer = ("Open again".to_owned(), again);
            self.workbench.say(text, true, self.now, Some(offer));
        }
    }

    /// Notes what is open or being opened.
    pub(super) fn note_open(&mut self, is_whole: bool) {
        let history = self.workbench.history.as_ref();
        let opened = history.map(|history| history.about.inputs.clone());
        let opening = self.workbench.opening.as_ref();
        let opening = opening.and_then(|opening| Some(vec![opening.path.clone()?]));
        let inputs = if is_whole { opened } else { opening };
        let inputs = inputs.unwrap_or_default().into_iter();
        let inputs = inputs.map(|path| std::path::absolute(&path).unwrap_or(path));
        let open = LeftOpen {
            inputs: inputs.collect(),
            is_whole,
        };
        if let Some(session) = &mut self.keeping.session
            && let Err(error) = session.note(open)
        {
            tracing::warn!(%error, "a crash will not be noticed");
            self.keeping.session = None;
        }
    }
}
