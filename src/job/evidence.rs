//! An audit with its evidence: the files hashed before and after, the container's own check in between.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use super::job::AuditTask;
use super::progress::Progress;
use super::save::write_beside;
use crate::audit::integrity::hex;
use crate::audit::invariants::{Invariants, InvariantsHeld, hold_invariants};
use crate::audit::{
    Audit, AuditOptions, CheckTime, Evidence, EvidenceFile, Population, Receipt, SelfCheck,
    SnapshotsHeld, Status, Watch, hold_snapshots, run_timed,
};
use crate::event::Timestamp;
use crate::fold::{FoldError, Folder};
use crate::history::{FileAbout, History};
use crate::source::{Error, hash_file};

/// Hashes the files, lets the container check itself, runs the checks, and hashes again: the evidence
/// must not change meanwhile. `None` where it was stopped.
pub fn audit_with(
    history: &History,
    options: &AuditOptions,
    progress: &Progress,
) -> Result<Option<Audit>, String> {
    let audited = audit_timed(history, options, progress)?;
    Ok(audited.map(|(audit, _)| audit))
}

/// As [`audit_with`], with how long each check took.
fn audit_timed(
    history: &History,
    options: &AuditOptions,
    progress: &Progress,
) -> Result<Option<(Audit, Vec<CheckTime>)>, String> {
    let Some(files) = hashes(history, progress)? else {
        return Ok(None);
    };
    let (cancel, read) = (
        || progress.is_cancelled(),
        |n_read| progress.note_records(n_read),
    );
    let clock = Clock::new();
    let checked = history.reader.self_check(&cancel);
    let self_check = clock.nanos();
    progress.expect_records(history.log.len() as u64);
    let evidence = Evidence {
        files,
        log_root: None,
        events: history.log.len() as u64,
        population: Population::of(history),
        format: history.about.format.clone(),
        container: history.about.container.clone(),
        mapping: history.about.mapping.clone(),
        self_check: checked.map(|(what, faults)| SelfCheck { what, faults }),
        opened: history.about.opened.clone(),
        unchanged: true,
    };
    let watch = Watch {
        cancel: &cancel,
        records_read: &read,
    };
    let read_clock = || clock.nanos();
    let audited = run_timed(history, evidence, options, &watch, Some(&read_clock));
    let Some((mut audit, mut times)) = audited else {
        return Ok(None);
    };
    add_time(&mut times, "file-integrity", Some(self_check));
    // Its work is the tree over all events, which the evidence shows as well.
    add_time(&mut times, "receipt", None);
    for (file, about) in audit.evidence.files.iter_mut().zip(&history.about.files) {
        match hash(about, progress) {
            Ok(after) if after == file.sha256 => {}
            Ok(after) => file.sha256_after = Some(after),
            Err(Error::Cancelled) => return Ok(None),
            Err(_) => file.sha256_after = Some("gone".to_owned()),
        }
    }
    let mut files = audit.evidence.files.iter();
    audit.evidence.unchanged = files.all(|file| file.sha256_after.is_none());
    Ok(Some((audit, times)))
}

/// Nanoseconds since it was made.
struct Clock(Instant);

impl Clock {
    fn new() -> Self {
        Self(Instant::now())
    }

    fn nanos(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Adds what was done for a check before the audit began; without a number its time is not known.
fn add_time(times: &mut Vec<CheckTime>, check: &str, nanos: Option<u64>) {
    match nanos {
        None => times.retain(|time| time.check != check),
        Some(more) => {
            let time = times.iter_mut().find(|time| time.check == check);
            if let Some(time) = time {
                time.nanos = time.nanos.saturating_add(more);
            }
        }
    }
}

/// As [`audit_with`] with the default checks, held against the receipt that was kept when these files
/// were audited before; what they are now is kept for the next time.
///
/// Receipts lie with the user's data, one for each set of files. Where one does not hold any more, that
/// is a finding, and the old one stays beside the new. With it comes how long each check took.
pub(super) fn audit_kept(
    task: &AuditTask,
    progress: &Progress,
) -> Result<Option<(Audit, Vec<CheckTime>)>, String> {
    let place = task.receipts.as_deref().and_then(|folder| {
        let inputs = &task.history.about.inputs;
        (!inputs.is_empty()).then(|| folder.join(name_of(inputs)))
    });
    let kept = place
        .as_deref()
        .and_then(|place| std::fs::read_to_string(place).ok());
    let clock = Clock::new();
    let snapshots = match task
        .folder
        .as_ref()
        .map(|folder| snapshots_held(folder, progress))
    {
        Some(Err(FoldError::Cancelled)) => return Ok(None),
        // Rules that fail say so where they are written.
        held => held.and_then(Result::ok).flatten(),
    };
    let for_snapshots = clock.nanos();
    let clock = Clock::new();
    let invariants = match &task.invariants {
        None => None,
        Some(path) => match invariants_held(&task.history, path, progress)? {
            None => return Ok(None),
            held => held,
        },
    };
    let for_invariants = clock.nanos();
    let options = AuditOptions {
        snapshots,
        invariants,
        // One that cannot be read is as none.
        receipt: kept.as_deref().and_then(|text| Receipt::parse(text).ok()),
        ..AuditOptions::default()
    };
    let Some((audit, mut times)) = audit_timed(&task.history, &options, progress)? else {
        return Ok(None);
    };
    add_time(&mut times, "snapshot-replay", Some(for_snapshots));
    add_time(&mut times, "invariants", Some(for_invariants));
    if let Some(place) = place
        && let Err(error) = keep(&audit, &place, task.now)
    {
        tracing::warn!(%error, "the receipt could not be kept");
    }
    Ok(Some((audit, times)))
}

/// Holds the history against the rules in a file; files that these name lie beside it. `None` where it
/// was stopped.
fn invariants_held(
    history: &Arc<History>,
    path: &Path,
    progress: &Progress,
) -> Result<Option<InvariantsHeld>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path)
        .map_err(|why| format!("The rules {name} cannot be read: {why}"))?;
    let rules = Invariants::parse(&text)
        .map_err(|why| format!("The rules {name} cannot be used: {why}"))?;
    let beside = path.parent().unwrap_or_else(|| Path::new("."));
    let reducer = |name: &str| super::rules::in_file(&beside.join(name));
    let (cancel, read) = (|| progress.is_cancelled(), |_: u64| ());
    let watch = Watch {
        cancel: &cancel,
        records_read: &read,
    };
    hold_invariants(history, &rules, &reducer, &watch)
        .map_err(|why| format!("The rules {name} cannot be held against this: {why}"))
}

/// What the store saved, held against what the application's own rules make of its events; `None` where
/// nothing was saved, and for a merge of payloads, which would prove nothing.
pub fn snapshots_held(
    folder: &Folder,
    progress: &Progress,
) -> Result<Option<SnapshotsHeld>, FoldError> {
    if folder.history().n_snapshots == 0 || !folder.reducer().is_application_state() {
        return Ok(None);
    }
    hold_snapshots(folder, &|| progress.is_cancelled(), &|_| ()).map(Some)
}

/// Runs the default checks with what the files and the rules of `folder` give.
pub fn audit_history(folder: &Folder, progress: &Progress) -> Result<Option<Audit>, String> {
    let snapshots = match snapshots_held(folder, progress) {
        Err(FoldError::Cancelled) => return Ok(None),
        held => held.ok().flatten(),
    };
    let options = AuditOptions {
        snapshots,
        ..AuditOptions::default()
    };
    audit_with(folder.history(), &options, progress)
}

/// The name under which the receipt of these files is kept.
fn name_of(inputs: &[PathBuf]) -> String {
    let mut hasher = Sha256::new();
    for path in inputs {
        let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        hasher.update(whole.to_string_lossy().as_bytes());
        hasher.update([0]);
    }
    format!("{}.json", hex(&hasher.finalize()))
}

fn keep(audit: &Audit, place: &Path, now: Timestamp) -> std::io::Result<()> {
    let Some(receipt) = &audit.receipt else {
        return Ok(());
    };
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let held = audit.checks.iter().find(|check| check.id == "receipt");
    if held.is_some_and(|check| check.status == Status::Failed) {
        // A copy: the old one stays in its place until the new one stands there.
        let before = place.with_extension("before.json");
        write_beside(&before, &std::fs::read(place)?)?;
    }
    let mut receipt = receipt.clone();
    receipt.made = now.rfc3339(0);
    write_beside(place, receipt.to_json().as_bytes())
}

/// The files as they are now; `None` where it was stopped.
fn hashes(history: &History, progress: &Progress) -> Result<Option<Vec<EvidenceFile>>, String> {
    let mut files = Vec::new();
    for file in &history.about.files {
        let sha256 = match hash(file, progress) {
            Ok(sha256) => sha256,
            Err(Error::Cancelled) => return Ok(None),
            Err(error) => return Err(format!("{} could not be hashed: {error}", file.name)),
        };
        files.push(EvidenceFile {
            name: file.name.clone(),
            bytes: file.bytes,
            sha256,
            sha256_after: None,
            modified: file.modified,
        });
    }
    Ok(Some(files))
}

/// The SHA-256 of a file as it is now, or of what was only in memory.
fn hash(file: &FileAbout, progress: &Progress) -> Result<String, Error> {
    match &file.path {
        None => Ok(file.sha256.clone().unwrap_or_default()),
        Some(path) => hash_file(path, progress.reading()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{OpenOptions, Source};

    fn task(file: &Path, receipts: &Path) -> AuditTask {
        let source = Source::File(file.to_owned());
        let opened = crate::ingest::open(&source, &OpenOptions::default(), &Arc::default());
        AuditTask {
            generation: 1,
            history: opened.unwrap(),
            folder: None,
            receipts: Some(receipts.to_owned()),
            invariants: None,
            now: Timestamp(0),
        }
    }

    #[test]
    fn what_was_audited_before_is_held_against_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (file, receipts) = (folder.path().join("a.ndjson"), folder.path().join("kept"));
        let line = |n: usize| {
            format!(
                "{{\"stream\":\"a-1\",\"version\":{n},\"type\":\"T\",\"data\":{{\"n\":{n}}}}}\n"
            )
        };
        let mut verdicts = Vec::new();
        let lines: Vec<String> = (0..9).map(line).collect();
        let changed = lines.concat().replace("{\"n\":3}", "{\"n\":30}");
        for text in [
            lines[..7].concat(),
            lines.concat(),
            lines.concat(),
            changed.clone(),
            changed,
        ] {
            std::fs::write(&file, text).unwrap();
            let audit = audit_kept(&task(&file, &receipts), &Progress::default());
            let (audit, _) = audit.unwrap().unwrap();
            let check = audit.checks.iter().find(|check| check.id == "receipt");
            let why = check.unwrap().why.split(';').next().unwrap().to_owned();
            verdicts.push(why);
        }
        assert_eq!(
            verdicts,
            [
                "no receipt was given",
                "appended 2",
                "unchanged",
                "rewritten from #3",
                "unchanged"
            ]
        );
        // The one that did not hold stays beside the new one, and nothing lies beside the file.
        assert_eq!(std::fs::read_dir(&receipts).unwrap().count(), 2);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn each_check_that_ran_says_how_long_it_took_but_that_of_the_receipt() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.ndjson");
        std::fs::write(&file, "{\"stream\":\"a-1\",\"type\":\"T\",\"data\":{}}\n").unwrap();
        let task = task(&file, &folder.path().join("kept"));
        let audited = || audit_kept(&task, &Progress::default()).unwrap().unwrap();
        let (first, _) = audited();
        let (audit, times) = audited();
        let ran = |audit: &Audit| -> Vec<&'static str> {
            let checks = audit.checks.iter();
            let ran = checks.filter(|check| check.status != Status::Skipped);
            ran.map(|check| check.id).collect()
        };
        assert!(ran(&audit).contains(&"receipt"));
        let timed: Vec<&str> = times.iter().map(|time| time.check).collect();
        let mut expected = ran(&audit);
        expected.retain(|id| *id != "receipt");
        assert_eq!(timed, expected);
        assert!(times.iter().all(|time| !time.is_about));
        // What is found does not depend on any clock.
        assert_eq!(first.findings, audit.findings);
    }
}
