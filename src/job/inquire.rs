//! What the Audit view asks beyond the audit itself.

use std::path::Path;
use std::sync::Arc;

use super::kind::Kind;
use super::outcome::Outcome;
use super::progress::Progress;
use super::save::write_beside;
use crate::audit::{
    Audit, AuditOptions, CompareOptions, Drift, Evidence, Outside, Receipt, ReconcileError,
    ReconcileQuestion, Reconciliation, Sample, Watch, checks, compare, reconcile, run, sample,
    unhandled_types,
};
use crate::event::{TypeId, Zone};
use crate::fold::Folder;
use crate::history::{CauseGraph, CauseIndex, History, NoCauses, Undertakings};
use crate::report::graph_svg;
use crate::source::{Error, OpenOptions, Source, hash_file, outside_tables, read_outside};
use crate::workbench::{
    AuditFile, BesideKey, CopyAnswer, CopyFile, ReceiptAnswer, ReconcileKey, SampleKey, ScreenKey,
    TableOffered, TablePlace,
};

/// A question of the Audit view.
#[derive(Clone)]
pub enum Inquiry {
    /// Hold the history against a copy, opened as said.
    Copy(BesideKey, Arc<History>, OpenOptions),
    /// Hold the history against a receipt in a file.
    Receipt(BesideKey, Arc<History>),
    /// Write a receipt.
    WriteReceipt(std::path::PathBuf, Box<Receipt>),
    /// List all undertakings of the history of this generation.
    Undertakings(u64, Arc<History>, Arc<CauseIndex>),
    /// Write a picture of a graph, with its times in a zone.
    Picture(std::path::PathBuf, Arc<History>, Arc<CauseGraph>, Zone),
    /// List the tables of the store of this generation.
    Tables(u64, std::path::PathBuf),
    /// Look into a file of rows.
    Table(BesideKey),
    /// Hold states against a table.
    Reconcile(ReconcileKey, Arc<Folder>),
    /// Screen the history.
    Screen(ScreenKey, Arc<History>),
    /// Draw events at random.
    Sample(SampleKey, Arc<History>),
    /// Find the types that no rule handles; the number is that of the states.
    Unhandled(u64, Arc<Drift>, Arc<Folder>),
}

/// What has come of it.
pub enum Inquired {
    /// What is the same in a copy, or why that cannot be said.
    Copy(BesideKey, Result<CopyAnswer, String>),
    /// What a receipt says, or why it says nothing.
    Receipt(BesideKey, Result<ReceiptAnswer, String>),
    /// The user chose this file, or none.
    Chosen(AuditFile, Option<std::path::PathBuf>),
    /// A file was written, or could not be.
    Wrote(std::path::PathBuf, Result<(), String>),
    /// All undertakings, or why there is no list of them.
    Undertakings(u64, Result<Arc<Undertakings>, String>),
    /// The tables of a store.
    Tables(u64, Vec<TableOffered>),
    /// A file of rows, or why it is none.
    Table(BesideKey, Result<TableOffered, String>),
    /// What holding states against a table has found.
    Reconciled(ReconcileKey, Result<Arc<Reconciliation>, String>),
    /// What a screening has found.
    Screened(ScreenKey, Result<Arc<Audit>, String>),
    /// Events drawn at random.
    Sampled(SampleKey, Arc<Sample>),
    /// The types that no rule handles.
    Unhandled(u64, Vec<TypeId>),
}

impl Inquiry {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Copy(..) => Kind::Copy,
            Self::Receipt(..) | Self::WriteReceipt(..) | Self::Picture(..) => Kind::Receipt,
            Self::Undertakings(..) => Kind::Undertakings,
            Self::Screen(..) | Self::Sample(..) => Kind::Screening,
            Self::Tables(..) | Self::Table(_) | Self::Reconcile(..) => Kind::Reconcile,
            Self::Unhandled(..) => Kind::Unhandled,
        }
    }

    /// What the status bar says while it runs.
    pub fn title(&self) -> String {
        match self {
            Self::Copy(key, ..) => format!("Comparing with {}", super::job::file_name(&key.path)),
            Self::Receipt(..) => "Checking the receipt".to_owned(),
            Self::Screen(..) => "Screening".to_owned(),
            Self::Sample(..) => "Drawing a sample".to_owned(),
            Self::Undertakings(..) => "Gathering undertakings".to_owned(),
            Self::Reconcile(..) => "Reconciling".to_owned(),
            Self::WriteReceipt(..)
            | Self::Picture(..)
            | Self::Unhandled(..)
            | Self::Tables(..)
            | Self::Table(_) => String::new(),
        }
    }

    /// The answer where it broke.
    pub fn broken(&self, what: String) -> Inquired {
        match self {
            Self::Copy(key, ..) => Inquired::Copy(key.clone(), Err(what)),
            Self::Receipt(key, _) => Inquired::Receipt(key.clone(), Err(what)),
            Self::WriteReceipt(path, _) | Self::Picture(path, ..) => {
                Inquired::Wrote(path.clone(), Err(what))
            }
            Self::Undertakings(generation, ..) => Inquired::Undertakings(*generation, Err(what)),
            Self::Tables(generation, _) => Inquired::Tables(*generation, Vec::new()),
            Self::Table(key) => Inquired::Table(key.clone(), Err(what)),
            Self::Reconcile(key, _) => Inquired::Reconciled(key.clone(), Err(what)),
            Self::Screen(key, _) => Inquired::Screened(key.clone(), Err(what)),
            Self::Sample(key, _) => Inquired::Sampled(*key, Arc::default()),
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
        Inquiry::Undertakings(generation, history, index) => {
            match Undertakings::of(history, index, &|| progress.is_cancelled()) {
                Err(NoCauses::Cancelled) => None,
                found => Some(Inquired::Undertakings(
                    *generation,
                    found.map(Arc::new).map_err(|error| error.to_string()),
                )),
            }
        }
        Inquiry::Tables(generation, path) => {
            let found = tables(path, progress);
            Some(Inquired::Tables(*generation, found))
        }
        Inquiry::Table(key) => {
            answered(table(&key.path, progress)).map(|found| Inquired::Table(key.clone(), found))
        }
        Inquiry::Reconcile(key, folder) => answered(held(key, folder, progress))
            .map(|found| Inquired::Reconciled(key.clone(), found)),
        Inquiry::Screen(key, history) => screen(key, history, progress)
            .map(|found| Inquired::Screened(key.clone(), Ok(Arc::new(found)))),
        Inquiry::Sample(key, history) => {
            let drawn = sample(history, key.n, key.seed);
            Some(Inquired::Sampled(*key, Arc::new(drawn)))
        }
        Inquiry::Picture(path, history, graph, zone) => {
            let svg = graph_svg(&history.log, graph, *zone);
            let wrote = write_beside(path, svg.as_bytes()).map_err(|error| error.to_string());
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

/// Asks the user for a file.
pub(super) fn ask_file(file: &AuditFile) -> Outcome {
    let chosen = Inquired::Chosen(file.clone(), super::dialog::ask_audit(file));
    Outcome::Inquired(Box::new(chosen))
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

/// The tables of a store; where they cannot be listed, files of rows are still left.
fn tables(path: &Path, progress: &Progress) -> Vec<TableOffered> {
    let found = outside_tables(path, progress.reading()).unwrap_or_default();
    let offered = found.into_iter().map(|(name, columns)| TableOffered {
        place: TablePlace {
            path: path.to_owned(),
            table: Some(name.clone()),
        },
        name,
        columns,
    });
    offered.collect()
}

/// Looks into a file of rows.
fn table(path: &Path, progress: &Progress) -> Result<TableOffered, Without> {
    let read = read_outside(path, None, progress.reading()).map_err(|error| failed(&error))?;
    Ok(TableOffered {
        place: TablePlace {
            path: path.to_owned(),
            table: None,
        },
        name: read.name,
        columns: read.columns,
    })
}

/// Reads the table and holds the states against it.
fn held(
    key: &ReconcileKey,
    folder: &Folder,
    progress: &Progress,
) -> Result<Arc<Reconciliation>, Without> {
    let place = &key.ask.place;
    let read = read_outside(&place.path, place.table.as_deref(), progress.reading());
    let read = read.map_err(|error| failed(&error))?;
    progress.expect_records(folder.history().log.len() as u64);
    let question = ReconcileQuestion {
        category: key.ask.category,
        position: key.position,
        key: key.ask.key.clone(),
        columns: Vec::new(),
    };
    let outside = Outside {
        name: &read.name,
        columns: &read.columns,
        rows: &read.rows,
    };
    let cancel = || progress.is_cancelled();
    match reconcile(folder, &question, outside, &cancel, &|n| {
        progress.note_records(n);
    }) {
        Ok(found) => Ok(Arc::new(found)),
        Err(ReconcileError::Cancelled) => Err(Without::Stopped),
        Err(error) => Err(Without::Because(error.to_string())),
    }
}

/// Runs the checks of a screening and no others.
fn screen(key: &ScreenKey, history: &History, progress: &Progress) -> Option<Audit> {
    let ids = checks().into_iter().map(|check| check.id().to_owned());
    let options = AuditOptions {
        without: ids.collect(),
        with_tree: false,
        screening: Some(key.options.clone()),
        ..AuditOptions::default()
    };
    progress.expect_records(history.log.len() as u64);
    let watch = Watch {
        cancel: &|| progress.is_cancelled(),
        records_read: &|n| progress.note_records(n),
    };
    let mut audit = run(history, Evidence::default(), &options, &watch)?;
    audit
        .checks
        .retain(|check| check.id.starts_with("screening-"));
    Some(audit)
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
