//! Real stores and logs are audited: an undamaged one gives no error, and at most one group of warnings.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::audit::{Audit, AuditOptions, Status, grouped};
use annals::event::Severity;
use annals::history::History;
use annals::ingest::open;
use annals::job::{Progress, audit_with};
use annals::source::{OpenOptions, Source};

/// Files that say of themselves that they are not whole.
const DAMAGED: [&str; 1] = ["backup_tampered.ndjson"];

/// All files below a folder, by name.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn opened(path: &Path) -> Option<Arc<History>> {
    let source = Source::File(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).ok()
}

fn audited(history: &History, options: &AuditOptions) -> Audit {
    audit_with(history, options, &Progress::default())
        .unwrap()
        .unwrap()
}

/// What is alarming about an undamaged file; nothing where all is well.
fn alarms(audit: &Audit) -> Vec<String> {
    let groups = grouped(&audit.findings);
    let is_at_least = |severity| {
        groups
            .iter()
            .filter(move |group| group.severity >= severity)
    };
    let said = |group: &annals::audit::FindingGroup<'_>| {
        format!("{}: {}", group.findings[0].check, group.message)
    };
    let errors: Vec<String> = is_at_least(Severity::Error).map(said).collect();
    let warnings: Vec<String> = is_at_least(Severity::Warning).map(said).collect();
    match (errors.is_empty(), warnings.len()) {
        (false, _) => errors,
        (true, 0 | 1) => Vec::new(),
        (true, _) => warnings,
    }
}

#[test]
fn undamaged_stores_and_logs_raise_no_alarm() {
    let mut files = Vec::new();
    for folder in ["stores", "logs", "seals"] {
        files_below(&Path::new("tests/fixtures").join(folder), &mut files);
    }
    // More real files, where somebody keeps them.
    if let Some(more) = std::env::var_os("ANNALS_FIXTURES") {
        for folder in ["stores", "exports"] {
            files_below(&Path::new(&more).join(folder), &mut files);
        }
    }
    let (mut n_audited, mut alarmed) = (0, Vec::new());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_truth = [".truth.json", ".data.json"]
            .iter()
            .any(|end| name.ends_with(end));
        if is_truth || name == "index.json" || DAMAGED.contains(&name.as_str()) {
            continue;
        }
        let Some(history) = opened(&path) else {
            continue;
        };
        let audit = audited(&history, &AuditOptions::default());
        n_audited += 1;
        assert!(audit.evidence.unchanged, "{name}");
        let root = audit.evidence.log_root.as_ref();
        assert_eq!(root.map(String::len), Some(64), "{name}");
        alarmed.extend(
            alarms(&audit)
                .into_iter()
                .map(|said| format!("{name}: {said}")),
        );
    }
    assert!(n_audited >= 15, "only {n_audited} files were audited");
    assert!(alarmed.is_empty(), "{}", alarmed.join("\n"));
}

#[test]
fn the_evidence_says_what_was_read_and_how() {
    let history = opened(Path::new("tests/fixtures/stores/py-eventsourcing-bank.db")).unwrap();
    let audit = audited(&history, &AuditOptions::default());
    let evidence = &audit.evidence;
    assert_eq!(evidence.format, history.about.format);
    let population = evidence.population;
    assert_eq!(population.events + population.skipped, population.records);
    assert_eq!(population.streams, history.log.streams().len() as u64);
    let check = evidence.self_check.as_ref().unwrap();
    assert_eq!(
        (check.what.as_str(), check.faults.len()),
        ("SQLite integrity_check", 0)
    );
    let found = audit
        .checks
        .iter()
        .find(|check| check.id == "file-integrity")
        .unwrap();
    assert_eq!(found.status, Status::Passed);
    assert!(evidence.mapping.iter().any(|(role, _)| role == "stream"));
}

#[test]
fn a_damaged_page_is_the_databases_own_complaint() {
    let history = opened(Path::new("tests/fixtures/nasty/sqlite_corrupt_leaf.db")).unwrap();
    let audit = audited(&history, &AuditOptions::default());
    let found = audit
        .checks
        .iter()
        .find(|check| check.id == "file-integrity")
        .unwrap();
    assert_eq!(found.status, Status::Failed);
    assert!(audit.has_errors());
}

#[test]
fn checks_that_are_often_set_off_run_only_when_asked_for() {
    let history = opened(Path::new(
        "tests/fixtures/stores/emmett-shopping-cart.db.gz",
    ))
    .unwrap();
    let offered = [
        "position-gap",
        "time-order",
        "implausible-time",
        "missing-cause",
        "effect-before-cause",
    ];
    let audit = audited(&history, &AuditOptions::default());
    for id in offered {
        let found = audit.checks.iter().find(|check| check.id == id).unwrap();
        assert_eq!(
            (found.status, found.why.as_str()),
            (Status::Skipped, "not asked for")
        );
    }
    let options = AuditOptions {
        also: offered.map(str::to_owned).to_vec(),
        ..AuditOptions::default()
    };
    let audit = audited(&history, &options);
    for id in offered {
        let found = audit.checks.iter().find(|check| check.id == id).unwrap();
        assert_ne!(found.why, "not asked for", "{id}");
    }
    assert!(!audit.has_errors());
}
