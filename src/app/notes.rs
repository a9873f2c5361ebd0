//! Bookmarks, pinned fields and the branch are kept with the settings, by store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::event::CategoryId;
use crate::event::json::JsonPath;
use crate::fold::Branch;
use crate::history::{EventLog, History};
use crate::settings::{KeptBookmark, KeptNotes};
use crate::workbench::{Bookmark, Look};

use super::app::App;
use super::branch::{from_kept, to_keep};

impl App {
    /// Brings back what was noted on the store that has been opened.
    pub(super) fn restore_notes(&mut self) {
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        let n_events = history.log.len() as u64;
        let kept = store_of(&history).and_then(|path| self.settings.notes_of(&path, n_events));
        let kept: Noted = kept.map_or_else(Noted::default, |kept| {
            let bookmarks = kept.bookmarks.iter();
            let bookmarks = bookmarks.map(|one| bookmark(&history.log, one)).collect();
            let restored = |kept| {
                let branch = from_kept(kept, history.log.len());
                (!branch.is_empty()).then(|| Arc::new(branch))
            };
            Noted {
                bookmarks,
                pinned: pinned(&history.log, &kept.pinned),
                branch: kept.branch.as_ref().and_then(restored),
                others: kept.other_branches.iter().filter_map(restored).collect(),
            }
        });
        self.noted = Some(kept.clone());
        if !kept.bookmarks.is_empty() || !kept.pinned.is_empty() {
            self.workbench.restore_notes(kept.bookmarks, kept.pinned);
        }
        self.workbench.restore_branches(kept.branch, kept.others);
    }

    /// Keeps what was noted, where it is another than before.
    pub(super) fn keep_notes(&mut self) {
        let now = self.workbench.look();
        let is_same = self.noted.as_ref().is_none_or(|noted| noted.is_of(now));
        let Some(history) = self.workbench.history.clone().filter(|_| !is_same) else {
            return;
        };
        self.noted = Some(notes_of(now));
        let Some(path) = store_of(&history) else {
            return;
        };
        let log = &history.log;
        let kept_bookmarks = now.bookmarks.iter().map(|one| KeptBookmark {
            position: one.position.0,
            stream: one.stream.map(|stream| {
                let name = log.stream_name(stream).to_owned();
                (name, log.category_of(stream).to_owned())
            }),
            name: one.name.clone(),
        });
        let pinned = now.pinned.iter().filter_map(|(category, paths)| {
            let name = log.category_names().get(category.index())?;
            let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
            (!paths.is_empty()).then(|| (name.to_string(), paths))
        });
        let notes = KeptNotes {
            path,
            events: log.len() as u64,
            bookmarks: kept_bookmarks.collect(),
            pinned: pinned.collect(),
            branch: now.branch.as_deref().map(to_keep),
            other_branches: now
                .other_branches
                .iter()
                .map(|branch| to_keep(branch))
                .collect(),
        };
        self.settings.keep_notes(notes);
        self.keep_settings();
    }
}

/// What is noted in a look: bookmarks, pinned fields and branches.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted {
    bookmarks: Vec<Bookmark>,
    pinned: BTreeMap<CategoryId, Vec<JsonPath>>,
    branch: Option<Arc<Branch>>,
    others: Vec<Arc<Branch>>,
}

impl Noted {
    fn is_of(&self, look: &Look) -> bool {
        self.bookmarks == look.bookmarks
            && self.pinned == look.pinned
            && self.branch == look.branch
            && self.others == look.other_branches
    }
}

fn notes_of(look: &Look) -> Noted {
    Noted {
        bookmarks: look.bookmarks.clone(),
        pinned: look.pinned.clone(),
        branch: look.branch.clone(),
        others: look.other_branches.clone(),
    }
}

/// Where the store lies by which notes are kept; nowhere for the sample, and for several files.
pub(super) fn store_of(history: &History) -> Option<PathBuf> {
    match history.about.inputs.as_slice() {
        [path] => std::path::absolute(path).ok(),
        _ => None,
    }
}

fn bookmark(log: &EventLog, kept: &KeptBookmark) -> Bookmark {
    let stream = kept.stream.as_ref();
    Bookmark {
        position: crate::event::Position(kept.position),
        stream: stream
            .and_then(|(name, category)| log.find_stream(name, Some(category.as_str())).ok()),
        name: kept.name.clone(),
    }
}

fn pinned(
    log: &EventLog,
    kept: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<CategoryId, Vec<JsonPath>> {
    let of_category = |(name, paths): (&String, &Vec<String>)| {
        let mut names = log.category_names().iter();
        let category = names.position(|known| **known == **name)?;
        let category = CategoryId(u32::try_from(category).ok()?);
        let paths = paths.iter().filter_map(|path| JsonPath::parse(path));
        Some((category, paths.collect()))
    };
    kept.iter().filter_map(of_category).collect()
}
