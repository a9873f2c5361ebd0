//! The mapping dialog: when it opens, what it asks for, and what becomes of the mapping made.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::job::{Job, KeptMappings, Kind, MapTask, OpenWhat, mapping_of, mapping_toml};
use crate::settings::KeptMapping;
use crate::source::{MappingOverride, OpenOptions};
use crate::workbench::{MapEdit, MapKey, MapPreview, MapSurvey, Mapping, capital};

use super::app::App;
use super::open::name_of;

/// So long after the last key what is being typed is tried.
const REST: Duration = Duration::from_millis(200);

impl App {
    /// Opens the dialog for the file that is open.
    pub(super) fn read_differently(&mut self) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let about = &history.about;
        let Some(path) = about.files.first().and_then(|file| file.path.clone()) else {
            self.say("The sample history lies in no file that could be mapped");
            return;
        };
        let options = if about.is_mapped {
            self.opened_with.clone()
        } else {
            OpenOptions::default()
        };
        self.open_mapping(path, options, None);
    }

    /// Opens the dialog for a file in which nothing looks like events.
    pub(super) fn not_recognized(&mut self, what: &OpenWhat, why: &str) {
        let OpenWhat::File(path, options, _) = what else {
            self.opening_failed(what, capital(why));
            return;
        };
        self.workbench.opening = None;
        tracing::info!(path = %path.display(), why, "not recognized");
        let options = options.clone();
        self.open_mapping(path.clone(), options, Some(format!("{}.", capital(why))));
    }

    fn open_mapping(&mut self, path: PathBuf, options: OpenOptions, refused: Option<String>) {
        self.map_session += 1;
        self.window.close_overlays();
        let name = name_of(&path);
        let mapping = Mapping::new(self.map_session, path.clone(), name, refused);
        self.workbench.mapping = Some(mapping);
        let job = Job::Survey(self.map_session, path, options);
        self.request(job, "a file is to be mapped");
    }

    /// Closes the dialog, whatever was chosen in it.
    pub(super) fn leave_mapping(&mut self) {
        if self.workbench.mapping.take().is_some() {
            self.runner.stop(Kind::Mapping);
        }
    }

    /// The mappings kept for files with the same tables.
    pub(super) fn kept_mappings(&self) -> KeptMappings {
        let pair = |kept: &KeptMapping| (kept.fingerprint.clone(), kept.toml.clone());
        Arc::new(self.settings.mappings.iter().map(pair).collect())
    }

    /// Takes in what a file can be mapped from.
    pub(super) fn take_survey(&mut self, session: u64, survey: Result<Box<MapSurvey>, String>) {
        if let Some(mapping) = self.mapping_of_session(session) {
            mapping.take_survey(survey.map(|survey| *survey));
        }
    }

    /// Takes in what comes of a mapping.
    pub(super) fn take_map_preview(
        &mut self,
        key: MapKey,
        preview: Result<Box<MapPreview>, String>,
    ) {
        if let Some(mapping) = self.mapping_of_session(key.session) {
            mapping.preview.set(key, preview.map(|preview| *preview));
        }
    }

    fn mapping_of_session(&mut self, session: u64) -> Option<&mut Mapping> {
        let mapping = self.workbench.mapping.as_mut()?;
        (mapping.session == session).then_some(mapping)
    }

    /// Asks what comes of what is chosen now.
    pub(super) fn request_map_preview(&mut self) {
        let (now, waits) = (self.now, !self.is_steady);
        let Some(mapping) = &mut self.workbench.mapping else {
            return;
        };
        let is_typing = |at: Duration| waits && now.saturating_sub(at) < REST;
        if mapping.typed_at.is_some_and(is_typing) {
            return;
        }
        let (Some(key), Some(found)) = (mapping.key(), mapping.found()) else {
            return;
        };
        if !mapping.preview.is_wanted(&key) {
            return;
        }
        let task = MapTask {
            key: key.clone(),
            path: mapping.path.clone(),
            survey: Arc::clone(found),
            known: mapping.preview.known().and_then(|(key, preview)| {
                let judged = preview.as_ref().ok()?.judged.clone();
                Some((key.draft.clone(), judged))
            }),
        };
        mapping.preview.ask(key);
        self.request(Job::Map(Box::new(task)), "something else is chosen");
    }

    /// Sees to it that a frame comes when the typing has come to rest.
    pub(super) fn wait_for_typing(&self, ctx: &egui::Context) {
        let Some(mapping) = &self.workbench.mapping else {
            return;
        };
        if let Some(at) = mapping.typed_at {
            let rest = (at + REST).saturating_sub(self.now);
            if !rest.is_zero() {
                ctx.request_repaint_after(rest);
            }
        }
    }

    /// Does what is asked in the dialog.
    pub(super) fn edit_mapping(&mut self, edit: MapEdit, ctx: &egui::Context) {
        match edit {
            MapEdit::Cancel => self.leave_mapping(),
            MapEdit::Copy => self.copy_mapping(ctx),
            MapEdit::Open => self.open_mapped(),
            edit => {
                let now = self.now;
                if let Some(mapping) = &mut self.workbench.mapping {
                    mapping.edit(edit, now);
                }
            }
        }
    }

    fn copy_mapping(&mut self, ctx: &egui::Context) {
        let Some(mapping) = &self.workbench.mapping else {
            return;
        };
        let Some(found) = mapping.found() else { return };
        match mapping_toml(&mapping.draft, found) {
            Ok(toml) => {
                ctx.copy_text(toml);
                self.say("The mapping is on the clipboard as TOML");
            }
            Err(why) => self.complain(why),
        }
    }

    /// Opens the file with what is chosen, and keeps that where it is wanted.
    fn open_mapped(&mut self) {
        let Some(mapping) = &self.workbench.mapping else {
            return;
        };
        if !mapping.can_open() {
            return;
        }
        let Some(found) = mapping.found().map(Arc::clone) else {
            return;
        };
        let made = match mapping_of(&mapping.draft, &found) {
            Ok(made) => made,
            Err(why) => {
                self.complain(why);
                return;
            }
        };
        let (path, name, keeps) = (mapping.path.clone(), mapping.name.clone(), mapping.keeps);
        self.keep_or_forget(&found.fingerprint, &made, name, keeps);
        let options = OpenOptions {
            mapping: Some(made),
            ..OpenOptions::default()
        };
        self.open_path_with(path, options);
    }

    fn keep_or_forget(
        &mut self,
        fingerprint: &str,
        made: &MappingOverride,
        made_for: String,
        keeps: bool,
    ) {
        if keeps {
            self.settings.keep_mapping(KeptMapping {
                fingerprint: fingerprint.to_owned(),
                toml: made.to_toml(),
                made_for,
            });
        } else if !self.settings.forget_mapping(fingerprint) {
            return;
        }
        self.keep_settings();
    }
}
