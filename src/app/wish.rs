//! Workspace files: saved on wish, opened with their store; and references to a place in a store.

use std::path::{Path, PathBuf};

use crate::job::{Job, Kind, has_dialogs};
use crate::settings::Workspace;
use crate::source::{MappingOverride, OpenOptions};

use super::app::App;

impl App {
    /// Saves the workspace in its file; asks for one where there is none.
    pub(super) fn wish_workspace(&mut self) {
        if self.workbench.history.is_none() {
            self.say("Open a file first: a workspace belongs to one");
        } else if let Some(path) = self.keeping.wished.clone() {
            self.save_workspace_as(path);
        } else if !self.runner.is_busy(Kind::Dialog) {
            let name = self.workspace_name();
            self.request(Job::AskWorkspace(name), "a workspace is to be saved");
        }
    }

    /// Saves where the user said, or in the home folder where there is no dialog to ask with.
    pub(super) fn workspace_place_was_chosen(&mut self, path: Option<PathBuf>) {
        if let Some(mut path) = path {
            if !is_workspace(&path) {
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(".annals");
                path.set_file_name(name);
            }
            self.save_workspace_as(path);
        } else if !has_dialogs() {
            let folder = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
            self.save_workspace_as(folder.join(self.workspace_name()));
        }
    }

    /// Saves the workspace under this name.
    pub(super) fn save_workspace_as(&mut self, path: PathBuf) {
        if let Some(task) = self.saving(path, true) {
            self.request(
                Job::SaveWorkspace(Box::new(task)),
                "a workspace was asked for",
            );
        }
    }

    /// `shop-events.annals`
    fn workspace_name(&self) -> String {
        let history = self.workbench.history.as_ref();
        let name = history.map_or("history", |history| history.about.name());
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let stem = stem.replace(['/', '\\'], "-");
        format!("{stem}.annals")
    }

    /// Opens the store of a workspace file that has been read, and that workspace with it.
    pub(super) fn open_given(&mut self, path: PathBuf, read: Result<Box<Workspace>, String>) {
        self.workbench.opening = None;
        let workspace = match read {
            Ok(workspace) => *workspace,
            Err(why) => {
                self.complain(format!(
                    "The workspace cannot be opened: {why}\nFile: {}",
                    path.display()
                ));
                return;
            }
        };
        let mapping = workspace.store.mapping.as_deref();
        let options = OpenOptions {
            mapping: mapping.and_then(|toml| MappingOverride::parse(toml).ok()),
            ..self.options.clone()
        };
        match workspace.store.inputs.as_slice() {
            [] => self.open_sample(),
            [input] => self.open_path_with(input.clone(), options),
            inputs => self.open_paths(inputs.to_vec()),
        }
        self.keeping.given = Some((path, workspace));
    }
}

/// Whether a file is a workspace, by its name.
pub(super) fn is_workspace(path: &Path) -> bool {
    let ends = path.extension().and_then(|ends| ends.to_str());
    ends.is_some_and(|ends| ends.eq_ignore_ascii_case("annals"))
}

/// A file and the position in it, where a path is a reference such as `shop-events.db#861204`.
pub(super) fn reference(path: &Path) -> Option<(PathBuf, u32)> {
    let name = path.file_name()?.to_str()?;
    let (name, position) = name.rsplit_once('#')?;
    // Without an ending before it, it is more likely to be a name.
    let (stem, ending) = name.rsplit_once('.')?;
    let position = position.replace(',', "").parse().ok()?;
    (!stem.is_empty() && !ending.is_empty()).then(|| (path.with_file_name(name), position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_a_file_and_a_position() {
        let read = |text: &str| reference(Path::new(text));
        let shop = PathBuf::from("a/shop-events.db");
        assert_eq!(
            read("a/shop-events.db#861204"),
            Some((shop.clone(), 861_204))
        );
        assert_eq!(read("a/shop-events.db#861,204"), Some((shop, 861_204)));
        for text in [
            "shop.db",
            "shop#7",
            "shop.db#x",
            ".#7",
            "shop.db#99999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
