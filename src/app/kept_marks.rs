//! What was marked in a history, to and from a workspace: bookmarks, pinned fields, notes, accepted
//! findings and branches.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId, Timestamp};
use crate::history::EventLog;
use crate::settings::{KeptAccepted, KeptBookmark, KeptBranch, KeptNote, Workspace};
use crate::workbench::{Accepted, Bookmark, Look, MAX_BOOKMARKS, MAX_NOTES, MAX_PINNED, Note};

use super::branch::{from_kept, to_keep};

/// How many branches are taken from a workspace.
const MAX_BRANCHES: usize = 32;
const SECOND: i64 = 1_000_000_000;

/// Writes what is marked into a workspace.
pub(super) fn keep_marks(workspace: &mut Workspace, look: &Look, log: &EventLog) {
    let bookmarks = look.bookmarks.iter().map(|one| KeptBookmark {
        position: one.position.0,
        stream: one.stream.map(|stream| stream_to_keep(log, stream)),
        name: one.name.clone(),
    });
    workspace.bookmarks = bookmarks.collect();
    let pinned = look.pinned.iter().filter_map(|(category, paths)| {
        let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        let name = category_name(log, *category)?;
        (!paths.is_empty()).then_some((name, paths))
    });
    workspace.pinned = pinned.collect();
    let notes = look.notes.iter().map(|note| KeptNote {
        position: note.position.0,
        text: note.text.clone(),
        event: String::new(),
    });
    workspace.notes = notes.collect();
    workspace.accepted = look.accepted.iter().map(accepted_to_keep).collect();
    workspace.branch = look.branch.as_deref().map(to_keep);
    let others = look.other_branches.iter();
    workspace.other_branches = others.map(|branch| to_keep(branch)).collect();
}

/// Brings back what a workspace marks; what has been marked since the file was opened stays.
pub(super) fn take_marks(look: &mut Look, workspace: &Workspace, log: &EventLog) {
    let is_there = |position: u32| Position(position).index() < log.len();
    let bookmarks = workspace.bookmarks.iter();
    let bookmarks = bookmarks.filter(|one| is_there(one.position));
    look.bookmarks
        .extend(bookmarks.take(MAX_BOOKMARKS).map(|one| bookmark(log, one)));
    look.bookmarks.sort_by_key(|one| one.position);
    for (category, mut paths) in pinned(log, &workspace.pinned) {
        paths.truncate(MAX_PINNED);
        look.pinned.entry(category).or_insert(paths);
    }
    let notes = workspace.notes.iter();
    let notes = notes.filter(|note| is_there(note.position)).take(MAX_NOTES);
    look.notes.extend(notes.map(|note| Note {
        position: Position(note.position),
        text: note.text.clone(),
    }));
    look.notes.sort_by_key(|note| note.position);
    look.notes.dedup_by_key(|note| note.position);
    let accepted = workspace.accepted.iter().take(MAX_NOTES);
    look.accepted.extend(accepted.map(accepted_from_kept));
    if look.branch.is_none() && look.other_branches.is_empty() {
        let restored = |kept: &KeptBranch| {
            let branch = from_kept(kept, log.len());
            (!branch.is_empty()).then(|| Arc::new(branch))
        };
        look.branch = workspace.branch.as_ref().and_then(restored);
        let others = workspace.other_branches.iter();
        look.other_branches = others.filter_map(restored).take(MAX_BRANCHES).collect();
    }
}

fn accepted_to_keep(accepted: &Accepted) -> KeptAccepted {
    KeptAccepted {
        check: accepted.check.clone(),
        stream: accepted.stream.clone(),
        position: accepted.position.map(|at| at.0),
        finding: accepted.finding.clone(),
        reason: accepted.reason.clone(),
        by: accepted.by.clone(),
        at_secs: accepted.at.0.div_euclid(SECOND),
        event: String::new(),
    }
}

fn accepted_from_kept(kept: &KeptAccepted) -> Accepted {
    Accepted {
        check: kept.check.clone(),
        stream: kept.stream.clone(),
        position: kept.position.map(Position),
        finding: kept.finding.clone(),
        reason: kept.reason.clone(),
        by: kept.by.clone(),
        at: Timestamp(kept.at_secs.saturating_mul(SECOND)),
    }
}

/// A stream by its name and category, as it is kept.
pub(super) fn stream_to_keep(log: &EventLog, stream: StreamId) -> (String, String) {
    let name = log.stream_name(stream).to_owned();
    (name, log.category_of(stream).to_owned())
}

/// The stream of that name and category.
pub(super) fn stream_kept(log: &EventLog, kept: &(String, String)) -> Option<StreamId> {
    let (name, category) = kept;
    log.find_stream(name, Some(category.as_str())).ok()
}

/// The name of a category.
pub(super) fn category_name(log: &EventLog, category: CategoryId) -> Option<String> {
    let name = log.category_names().get(category.index())?;
    Some(name.to_string())
}

/// The category of that name.
pub(super) fn category_named(log: &EventLog, name: &str) -> Option<CategoryId> {
    let mut names = log.category_names().iter();
    let category = names.position(|known| **known == *name)?;
    Some(CategoryId(u32::try_from(category).ok()?))
}

fn bookmark(log: &EventLog, kept: &KeptBookmark) -> Bookmark {
    let stream = kept.stream.as_ref();
    Bookmark {
        position: Position(kept.position),
        stream: stream.and_then(|stream| stream_kept(log, stream)),
        name: kept.name.clone(),
    }
}

fn pinned(
    log: &EventLog,
    kept: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<CategoryId, Vec<JsonPath>> {
    let of_category = |(name, paths): (&String, &Vec<String>)| {
        let paths = paths.iter().filter_map(|path| JsonPath::parse(path));
        Some((category_named(log, name)?, paths.collect()))
    };
    kept.iter().filter_map(of_category).collect()
}
