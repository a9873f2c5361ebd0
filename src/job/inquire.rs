//! What the Audit view asks beyond the audit itself.

use std::path::Path;
use std::sync::Arc;

use super::job::{Kind, Outcome};
use super::progress::Progress;
use super::save::write_beside;
use crate::audit::{
    AuditOptions, CompareOptions, Drift, Evidence, Receipt, Watch, checks, compare, run,
    unhandled_types,
};
use crate::event::TypeId;
use crate::fold::Folder;
use crate::history::History;
use crate::source::{Error, OpenOptions, Source, hash_file};
use crate::workbench::{BesideKey, CopyAnswer, CopyFile, ReceiptAnswer};

/// A question of the Audit view.
#[derive(Clone)]
pub enum Inquiry {
    /// Hold the history against a copy, opened as said.
    Copy(BesideKey, Arc<History>, OpenOptions),
    /// Hold the history against a receipt in a file.
    Receipt(BesideKey, Arc<History>),
    /// Write a receipt.
    WriteReceipt(std::path::PathBuf, Box<Receipt>),
    /// Find the types that no rule handles; the number is that of the states.
    Unhandled(u64, Arc<Drift>, Arc<Folder>),
}

/// What has come of it.
pub enum Inquired {
    /// What is the same in a copy, or why that cannot be said.
    Copy(BesideKey, Result<CopyAnswer, String>),
    /// What a receipt says, or why it says nothing.
    Receipt(BesideKey, Result<ReceiptAnswer, String>),
    /// A receipt was written, or could not be.
    Wrote(std::path::PathBuf, Result<(), String>),
    /// The types that no rule handles.
    Unhandled(u64, Vec<TypeId>),
}

impl Inquiry {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Copy(..) => Kind::Copy,
            Self::Receipt(..) | Self::WriteReceipt(..) => Kind::Receipt,
            Self::Unhandled(..) => Kind::Unhandled,
        }
    }

    /// What the status bar says while it runs.
    pub fn title(&self) -> String {
        match self {
            Self::Copy(key, ..) => format!("Comparing with {}", super::job::file_name(&key.path)),
            Self::Receipt(..) => "Checking the receipt".to_owned(),
            Self::WriteReceipt(..) | Self::Unhandled(..) => String::new(),
        }
    }

    /// The answer where it broke.
    pub fn broken(&self, what: String) -> Inquired {
        match self {
            Self::Copy(key, ..) => Inquired::Copy(key.clone(), Err(what)),
            Self::Receipt(key, _) => Inquired::Receipt(key.clone(), Err(what)),
            Self::WriteReceipt(path, _) => Inquired::Wrote(path.clone(), Err(what)),
            Self::Unhandled(states, ..) => Inquired::Unhandled(*states, Vec::new()),
        }
    }
}

/// Answers a question.
pub(super) fn inquire(inquiry: &Inquiry, progress: &Progress) -> Outcome {
    let answer = match inquiry {
        Inquiry::Copy(key, history, options) => {
            answered(copy(&key.path, history, options, progress))
                .map(|found| Inquired::Copy(key.clone(), found))
        }
        Inquiry::Receipt(key, history) => answered(receipt(&key.path, history, progress))
            .map(|found| Inquired::Receipt(key.clone(), found)),
        Inquiry::WriteReceipt(path, receipt) => {
            let wrote = write_beside(path, receipt.to_json().as_bytes());
            let wrote = wrote.map_err(|error| error.to_string());
            Some(Inquired::Wrote(path.clone(), wrote))
        }
        Inquiry::Unhandled(states, drift, folder) => {
            let found = unhandled_types(folder, drift, &|| progress.is_cancelled());
            // Where rules fail, nothing is said about types.
            let found = found.unwrap_or_default();
            (!progress.is_cancelled()).then_some(Inquired::Unhandled(*states, found))
        }
    };
    answer.map_or(Outcome::Stopped, |answer| {
        Outcome::Inquired(Box::new(answer))
    })
}

/// Why there is no answer.
enum Without {
    Stopped,
    Because(String),
}

/// The answer, or `None` where it was stopped.
fn answered<T>(answer: Result<T, Without>) -> Option<Result<T, String>> {
    match answer {
        Ok(answer) => Some(Ok(answer)),
        Err(Without::Because(why)) => Some(Err(why)),
        Err(Without::Stopped) => None,
    }
}

fn failed(error: &Error) -> Without {
    match error {
        Error::Cancelled => Without::Stopped,
        error => Without::Because(error.to_string()),
    }
}

/// Opens the copy and holds both against each other.
fn copy(
    path: &Path,
    history: &History,
    options: &OpenOptions,
    progress: &Progress,
) -> Result<CopyAnswer, Without> {
    let source = Source::named(path.to_owned());
    let other = crate::ingest::open(&source, options, progress.reading());
    let other = other.map_err(|error| failed(&error))?;
    let first = other.about.files.first().cloned().unwrap_or_default();
    let sha256 = match &first.path {
        Some(path) => hash_file(path, progress.reading()).map_err(|error| failed(&error))?,
        None => first.sha256.unwrap_or_default(),
    };
    let n_events = history.log.len() + other.log.len();
    progress.expect_records(n_events as u64);
    let watch = Watch {
        cancel: &|| progress.is_cancelled(),
        records_read: &|n| progress.note_records(n),
    };
    let found = compare(history, &other, &CompareOptions::default(), &watch);
    Ok(CopyAnswer {
        file: CopyFile {
            name: first.name,
            bytes: first.bytes,
            modified: first.modified,
            sha256,
        },
        history: other,
        found: Arc::new(found.ok_or(Without::Stopped)?),
    })
}

/// The longest file that is read as a receipt.
const MAX_RECEIPT: u64 = 1 << 20;

/// Holds the history against a receipt.
fn receipt(path: &Path, history: &History, progress: &Progress) -> Result<ReceiptAnswer, Without> {
    let because = |error: std::io::Error| Without::Because(error.to_string());
    let n_bytes = std::fs::metadata(path).map_err(because)?.len();
    if n_bytes > MAX_RECEIPT {
        return Err(Without::Because(
            "it is longer than a receipt can be".to_owned(),
        ));
    }
    let text = std::fs::read_to_string(path).map_err(because)?;
    let read = Receipt::parse(&text).map_err(Without::Because)?;
    let ids = checks().into_iter().map(|check| check.id().to_owned());
    let options = AuditOptions {
        without: ids.filter(|id| id != "receipt").collect(),
        receipt: Some(read),
        ..AuditOptions::default()
    };
    progress.expect_records(history.log.len() as u64);
    let watch = Watch {
        cancel: &|| progress.is_cancelled(),
        records_read: &|n| progress.note_records(n),
    };
    let audit = run(history, Evidence::default(), &options, &watch).ok_or(Without::Stopped)?;
    let result = audit.checks.into_iter().find(|check| check.id == "receipt");
    let result = result.ok_or_else(|| Without::Because("the check did not run".to_owned()))?;
    Ok(ReceiptAnswer {
        result,
        findings: audit.findings,
    })
}
