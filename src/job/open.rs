//! Opening a history: a file, or the sample with its own rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::job::{OpenWhat, file_name};
use super::outcome::Outcome;
use super::progress::Progress;
use crate::fold::{Reducer, Rules};
use crate::history::History;
use crate::ingest;
use crate::source::{Error, MappingOverride, Source};

/// Opens; hands over what has been read so far as it grows.
pub(super) fn open(
    what: &OpenWhat,
    progress: &Progress,
    partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let what = &with_kept(what, progress);
    let reducer = match what {
        OpenWhat::File(..) | OpenWhat::Files(..) => None,
        OpenWhat::Sample => sample_rules(),
    };
    let opened = match what {
        OpenWhat::Sample => ingest::open_sample(progress.reading()),
        OpenWhat::File(path, options, _) => {
            let mut partial = |history: Arc<History>| {
                partly(Outcome::Partial(history, reducer.clone()));
            };
            let source = Source::named(path.clone());
            ingest::open_publishing(&source, options, progress.reading(), &mut partial)
        }
        OpenWhat::Files(paths, options) => {
            let mut partial = |history: Arc<History>| {
                partly(Outcome::Partial(history, reducer.clone()));
            };
            let source = Source::Several(paths.iter().cloned().map(Source::File).collect());
            ingest::open_publishing(&source, options, progress.reading(), &mut partial)
        }
    };
    match opened {
        Ok(history) => Outcome::Opened(what.clone(), history, reducer),
        Err(Error::Cancelled) => Outcome::Stopped,
        Err(error @ (Error::NoEvents(_) | Error::Unrecognized { .. })) => {
            Outcome::NotRecognized(what.clone(), error.to_string())
        }
        Err(error) => Outcome::OpenFailed(what.clone(), sentence(what, &error)),
    }
}

/// The same, with the mapping kept for files with the same tables where nothing else is wanted.
fn with_kept(what: &OpenWhat, progress: &Progress) -> OpenWhat {
    let OpenWhat::File(path, options, kept) = what else {
        return what.clone();
    };
    let mut options = options.clone();
    if kept.is_empty() || options.format.is_some() || options.mapping.is_some() {
        return what.clone();
    }
    // What cannot be surveyed is said when it is opened.
    let source = Source::File(path.clone());
    let survey = crate::source::survey(&source, &options, progress.reading());
    let toml = survey.ok().and_then(|found| kept.get(&found.fingerprint()));
    options.mapping = toml.and_then(|toml| match MappingOverride::parse(toml) {
        Ok(mapping) => Some(mapping),
        Err(why) => {
            tracing::warn!(why, "a mapping that was kept cannot be read");
            None
        }
    });
    OpenWhat::File(path.clone(), options, kept.clone())
}

fn sample_rules() -> Option<Arc<dyn Reducer>> {
    let (name, text) = ingest::SAMPLE_RULES;
    match Rules::parse(name, text) {
        Ok(rules) => Some(Arc::new(rules)),
        Err(error) => {
            tracing::error!(%error, "the rules of the sample history");
            None
        }
    }
}

/// What happened, what it means here, what to do now.
fn sentence(what: &OpenWhat, error: &Error) -> String {
    let (name, path) = match what {
        OpenWhat::File(path, ..) => (file_name(path), Some(path.as_path())),
        OpenWhat::Files(paths, _) => {
            let names: Vec<String> = paths.iter().map(|path| file_name(path)).collect();
            let folder = paths.first().map(PathBuf::as_path);
            return format!(
                "These files cannot be opened together: {error}\nFiles: {}{}",
                names.join(", "),
                folder_of(folder)
            );
        }
        OpenWhat::Sample => ("The sample history".to_owned(), None),
    };
    let why = match error {
        Error::NotFound => "is not there. It may be on a drive that is not connected".to_owned(),
        Error::NoPermission => "may not be read by you. Its owner can allow it".to_owned(),
        Error::Folder => "is a folder. Open the file in it".to_owned(),
        Error::Empty => "is empty: it has 0 bytes".to_owned(),
        other => format!("cannot be opened: {other}"),
    };
    format!("{name} {why}{}", folder_of(path))
}

/// A line that says in which folder a file lies, where its path says so.
fn folder_of(path: Option<&Path>) -> String {
    let folder = path.and_then(Path::parent);
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(String::new, |folder| {
            format!("\nFolder: {}", folder.display())
        })
}
