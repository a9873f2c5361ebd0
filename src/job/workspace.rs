//! Workspaces: found again by what a history begins with, read, checked and written.
//!
//! A history is known by its first events, at most 64, each as receipts see it (see
//! [`crate::audit::integrity`]): a copy, a backup and a store that has grown have the same workspace,
//! wherever they lie, and one that begins otherwise has another. Notes and accepted findings carry the
//! digest of their event, and are only shown on that event.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::audit::integrity::{canonical_bytes, hex, leaf_hash};
use crate::event::{EventDetail, Place, Position, Want};
use crate::history::History;
use crate::settings::{
    KeptAccepted, KeptNote, Workspace, WorkspaceError, read_workspace, set_aside, write_workspace,
};

/// By so many events a history is known.
const FIRST: usize = 64;
/// So many bytes of the digest are in a file's name.
const NAME: usize = 16;

/// Whose workspace is wanted.
#[derive(Clone)]
pub struct LoadWorkspace {
    /// The number of the opening.
    pub ticket: u64,
    /// The history.
    pub history: Arc<History>,
    /// Where workspaces are kept by themselves; nowhere where nothing is kept.
    pub folder: Option<PathBuf>,
    /// A workspace that the user opened, instead of the one that is kept.
    pub given: Option<Workspace>,
}

/// A workspace, or that there is none yet.
#[derive(Clone, Debug, Default)]
pub struct LoadedWorkspace {
    /// Where it is kept by itself; nowhere where nothing is kept.
    pub place: Option<PathBuf>,
    /// The workspace, with those notes and accepted findings whose events are there.
    pub workspace: Option<Workspace>,
    /// The notes and accepted findings whose events are not.
    pub astray: Astray,
    /// What the user has to be told, in sentences.
    pub said: Vec<String>,
}

/// What is noted on events that are not in the file: kept, and not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Astray {
    /// Notes.
    pub notes: Vec<KeptNote>,
    /// Accepted findings.
    pub accepted: Vec<KeptAccepted>,
}

/// A workspace to be written.
#[derive(Clone)]
pub struct SaveWorkspace {
    /// Where it goes.
    pub place: PathBuf,
    /// The workspace; the digests of its events are filled in.
    pub workspace: Workspace,
    /// What else is kept.
    pub astray: Astray,
    /// The history that it is of.
    pub history: Arc<History>,
    /// Whether the user asked for it.
    pub is_wished: bool,
}

/// Finds the workspace of a history and checks what is noted on events.
pub(super) fn load(task: &LoadWorkspace) -> LoadedWorkspace {
    let mut loaded = LoadedWorkspace::default();
    if let Some(folder) = &task.folder {
        let names = names_of(&task.history);
        loaded.place = names.last().map(|name| folder.join(name));
        if task.given.is_none() {
            loaded.workspace = find(folder, &names, &task.history, &mut loaded.said);
        }
    }
    if let Some(given) = &task.given {
        loaded.workspace = Some(given.clone());
    }
    if let Some(workspace) = &mut loaded.workspace {
        loaded.astray = take_astray(workspace, &task.history);
        let n_astray = loaded.astray.notes.len() + loaded.astray.accepted.len();
        if n_astray > 0 {
            loaded.said.push(format!(
                "{n_astray} of the notes and accepted findings are about events that are not in this file, or say something else here. They are kept and not shown"
            ));
        }
    }
    loaded
}

/// The workspace kept under the longest of these names; one that cannot be read is set aside.
fn find(
    folder: &Path,
    names: &[String],
    history: &History,
    said: &mut Vec<String>,
) -> Option<Workspace> {
    for name in names.iter().rev() {
        let path = folder.join(name);
        match read_workspace(&path) {
            Ok(workspace) => return Some(workspace),
            Err(WorkspaceError::Missing) => {}
            Err(error) => {
                let kept = match set_aside(&path) {
                    Ok(aside) => format!("It is kept as {}", aside.display()),
                    Err(why) => format!("It could not be set aside: {why}"),
                };
                let of = history.about.name();
                said.push(format!(
                    "The workspace of {of} cannot be used: {error}. {kept}"
                ));
            }
        }
    }
    None
}

/// The names under which the workspace of this history may be kept: by its first event, by its first
/// two, and so on. A history has the last of them; when it was shorter it had one before.
fn names_of(history: &History) -> Vec<String> {
    let n_events = history.log.len().min(FIRST);
    let positions: Vec<u32> = (0..u32::try_from(n_events).unwrap_or(0)).collect();
    let digests = digests_of(history, &positions);
    let mut names = Vec::with_capacity(n_events);
    let mut chain = [0_u8; 32];
    for position in &positions {
        let mut hasher = Sha256::new();
        hasher.update(chain);
        hasher.update(digests.get(position).map_or("", String::as_str));
        chain = hasher.finalize().into();
        names.push(format!("{}.json", hex(&chain[..NAME])));
    }
    names
}

/// The digests of events, by position; those that cannot be read are left out.
fn digests_of(history: &History, positions: &[u32]) -> BTreeMap<u32, String> {
    let log = &history.log;
    let positions: Vec<Position> = positions
        .iter()
        .map(|at| Position(*at))
        .filter(|at| at.index() < log.len())
        .collect();
    let places: Vec<Place> = positions.iter().map(|at| log.place(*at)).collect();
    let (mut found, mut bytes) = (BTreeMap::new(), Vec::new());
    let mut take = |index: usize, detail: &EventDetail| {
        if let Some(position) = positions.get(index) {
            canonical_bytes(log, *position, detail, &mut bytes);
            found.insert(position.0, hex(&leaf_hash(&bytes)));
        }
    };
    history
        .reader
        .read(&places, Want::All, &mut |index, detail| {
            if let Ok(detail) = detail {
                take(index, &detail);
            }
            true
        });
    found
}

/// Takes out of a workspace what is noted on events that are not there.
fn take_astray(workspace: &mut Workspace, history: &History) -> Astray {
    let digests = digests_of(history, &positions_of(workspace));
    let is_there = |position: u32, digest: &str| {
        let found = digests.get(&position);
        found.is_some_and(|found| digest.is_empty() || found == digest)
    };
    let (notes, stray_notes) = std::mem::take(&mut workspace.notes)
        .into_iter()
        .partition(|note| is_there(note.position, &note.event));
    let (accepted, stray_accepted) = std::mem::take(&mut workspace.accepted)
        .into_iter()
        .partition(|one| one.position.is_none_or(|at| is_there(at, &one.event)));
    workspace.notes = notes;
    workspace.accepted = accepted;
    Astray {
        notes: stray_notes,
        accepted: stray_accepted,
    }
}

/// The positions of events on which something is noted, rising, each once.
fn positions_of(workspace: &Workspace) -> Vec<u32> {
    let noted = workspace.notes.iter().map(|note| note.position);
    let accepted = workspace.accepted.iter().filter_map(|one| one.position);
    let mut positions: Vec<u32> = noted.chain(accepted).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

/// Writes a workspace with the digests of the events on which something is noted.
pub fn save_workspace(task: &SaveWorkspace) -> Result<(), String> {
    let mut workspace = task.workspace.clone();
    let digests = digests_of(&task.history, &positions_of(&workspace));
    let digest = |position: u32| digests.get(&position).cloned().unwrap_or_default();
    for note in &mut workspace.notes {
        note.event = digest(note.position);
    }
    for accepted in &mut workspace.accepted {
        accepted.event = accepted.position.map(digest).unwrap_or_default();
    }
    workspace.notes.extend(task.astray.notes.iter().cloned());
    workspace
        .accepted
        .extend(task.astray.accepted.iter().cloned());
    write_workspace(&task.place, &workspace).map_err(|error| error.to_string())
}

/// Reads a workspace that the user opens. Its files are looked for where they were, then beside it.
pub(super) fn read_given(path: &Path) -> Result<Workspace, String> {
    let mut workspace = read_workspace(path).map_err(|error| error.to_string())?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    for input in &mut workspace.store.inputs {
        let beside = input.file_name().map(|name| folder.join(name));
        if !input.exists()
            && let Some(beside) = beside.filter(|beside| beside.exists())
        {
            *input = beside;
        }
    }
    Ok(workspace)
}
