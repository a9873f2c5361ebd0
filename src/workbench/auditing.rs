//! What the Audit view asks beyond the audit itself: another copy, a receipt, types without rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::audit::{
    Audit, CheckResult, CheckTime, Comparison, Finding, Reconciliation, Sample, ScreeningOptions,
};
use crate::event::{CategoryId, Position, Timestamp, TypeId};
use crate::history::{History, Undertakings};
use crate::report::SampleWanted;

use super::answer::Answer;

/// What a user asks of the Audit view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditEdit {
    /// Ask for another copy of the history.
    AskCopy,
    /// Hold the history against the copy that lies there.
    CompareWith(PathBuf),
    /// Forget the other copy.
    ForgetCopy,
    /// Ask where a receipt goes.
    AskReceiptPlace,
    /// Write a receipt there.
    WriteReceipt(PathBuf),
    /// Ask for a receipt to be held against the history.
    AskReceipt,
    /// Hold the history against the receipt that lies there.
    CheckReceipt(PathBuf),
    /// Ask for rules that the history must keep.
    AskInvariants,
    /// Hold the history against the rules that lie there, with the audit.
    TakeInvariants(PathBuf),
    /// Ask for a file of rows to hold states against.
    AskTable,
    /// Offer the file of rows that lies there.
    TakeTable(PathBuf),
    /// Hold states against a table.
    Reconcile(ReconcileAsk),
    /// Screen the history: look for what is often harmless.
    Screen(ScreeningOptions),
    /// Take the screening away.
    ForgetScreening,
    /// Draw so many events at random, by the seed.
    DrawSample(u32, u64),
    /// Tick an event of the sample off, or take the tick back.
    Tick(u32),
    /// Say something of an event of the sample.
    Remark(u32, String),
    /// Ask where a picture of the graph shown goes.
    AskGraphPlace,
    /// Write it there.
    SaveGraph(PathBuf),
    /// Forget that receipt; what remains is the one kept from the last visit.
    ForgetReceipt,
}

/// Which file a dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFile {
    /// Another copy.
    Copy,
    /// A receipt to be held against the history.
    Receipt,
    /// A file of rows.
    Table,
    /// Rules that the history must keep.
    Invariants,
    /// Where a receipt goes, with the name that is proposed.
    NewReceipt(String),
    /// Where a picture of a graph goes, with the name that is proposed.
    NewPicture(String),
}

/// Which file is held against which history.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BesideKey {
    /// The generation of the history.
    pub generation: u64,
    /// Where the file lies.
    pub path: PathBuf,
}

/// A file of the copy as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyFile {
    /// Its name without folders.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written, where known.
    pub modified: Option<Timestamp>,
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sha256: String,
}

/// What holding the history against another copy has found.
#[derive(Clone, Debug)]
pub struct CopyAnswer {
    /// The copy's first file.
    pub file: CopyFile,
    /// The copy.
    pub history: Arc<History>,
    /// What is the same and what is not; the open history is the first.
    pub found: Arc<Comparison>,
}

/// What holding the history against a receipt has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptAnswer {
    /// What the check says.
    pub result: CheckResult,
    /// Where the history is not what it was; at most one.
    pub findings: Vec<Finding>,
}

/// A table that is no events: of a store, or a file of rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TablePlace {
    /// Where its file lies.
    pub path: PathBuf,
    /// Its name in a store; `None` for a file of rows.
    pub table: Option<String>,
}

/// A table with the names of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOffered {
    /// Where it is.
    pub place: TablePlace,
    /// What it is called.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// What states are to be held against.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReconcileAsk {
    /// The states of the streams of this category.
    pub category: CategoryId,
    /// Against this table.
    pub place: TablePlace,
    /// Whose column of that name is the key.
    pub key: String,
}

/// The same at a point.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReconcileKey {
    /// Of which history and branch: [`Workbench::states`](super::Workbench::states).
    pub states: u64,
    /// After which event.
    pub position: Position,
    /// What is held against what.
    pub ask: ReconcileAsk,
}

/// Which screening is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenKey {
    /// The generation of the history.
    pub generation: u64,
    /// What is taken for usual.
    pub options: ScreeningOptions,
}

/// Which sample is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SampleKey {
    /// The generation of the history.
    pub generation: u64,
    /// How many events.
    pub n: u32,
    /// The number from which chance is made.
    pub seed: u64,
}

/// What the Audit view works on.
#[derive(Debug, Default)]
pub struct Auditing {
    /// How long each check of the last audit took; none of those whose time is not known.
    pub times: Vec<CheckTime>,
    /// The copy to be held against the history.
    pub copy: Option<PathBuf>,
    /// What that has found.
    pub compared: Answer<BesideKey, Result<CopyAnswer, String>>,
    /// Rules that the history must keep, held against it with the audit.
    pub invariants: Option<PathBuf>,
    /// The receipt chosen.
    pub receipt: Option<PathBuf>,
    /// What that has found.
    pub held: Answer<BesideKey, Result<ReceiptAnswer, String>>,
    /// All undertakings, by generation.
    pub undertakings: Answer<u64, Result<Arc<Undertakings>, String>>,
    /// The tables of the store that is open, by generation.
    pub tables: Answer<u64, Vec<TableOffered>>,
    /// The file of rows that was chosen, or why it cannot be read.
    pub table: Answer<BesideKey, Result<TableOffered, String>>,
    /// Where it lies.
    pub table_chosen: Option<PathBuf>,
    /// What states are to be held against, and after which event.
    pub reconcile: Option<ReconcileKey>,
    /// What that has found.
    pub reconciled: Answer<ReconcileKey, Result<Arc<Reconciliation>, String>>,
    /// What a screening takes for usual, once one was asked for.
    pub screening: Option<ScreeningOptions>,
    /// What it has found.
    pub screened: Answer<ScreenKey, Result<Arc<Audit>, String>>,
    /// Which events are to be drawn at random.
    pub drawing: Option<SampleKey>,
    /// Those that were.
    pub sample: Answer<SampleKey, Arc<Sample>>,
    /// Which of them were looked at, by position.
    pub ticks: BTreeSet<u32>,
    /// What was said of them, by position.
    pub remarks: BTreeMap<u32, String>,
    /// The types that no rule handles, by [`Workbench::states`](super::Workbench::states).
    pub unhandled: Answer<u64, Vec<TypeId>>,
}

impl Auditing {
    /// Forgets what is being worked on: it was stopped. What was not answered is not asked again.
    pub fn stop(&mut self) {
        if self.compared.is_asked() {
            self.copy = None;
        }
        if self.held.is_asked() {
            self.receipt = None;
        }
        self.compared.forget_question();
        self.held.forget_question();
        if self.screened.is_asked() {
            self.screening = None;
        }
        self.screened.forget_question();
    }

    /// The sample that was drawn, with what was said of it; `None` where none was.
    pub fn sample_wanted(&self) -> Option<SampleWanted> {
        self.drawing.map(|drawn| SampleWanted {
            n: drawn.n,
            seed: drawn.seed,
            looked_at: self.ticks.clone(),
            remarks: self.remarks.clone(),
        })
    }

    /// Ticks an event of the sample off, or takes the tick back.
    pub fn tick(&mut self, position: u32) {
        if !self.ticks.remove(&position) {
            self.ticks.insert(position);
        }
    }

    /// Says something of an event of the sample; nothing takes it back.
    pub fn remark(&mut self, position: u32, text: String) {
        if text.trim().is_empty() {
            self.remarks.remove(&position);
        } else {
            self.remarks.insert(position, text);
        }
    }

    /// Which copy is asked for.
    pub fn copy_key(&self, generation: u64) -> Option<BesideKey> {
        let path = self.copy.clone()?;
        Some(BesideKey { generation, path })
    }

    /// Which file of rows is asked for.
    pub fn table_key(&self, generation: u64) -> Option<BesideKey> {
        let path = self.table_chosen.clone()?;
        Some(BesideKey { generation, path })
    }

    /// Which screening is asked for.
    pub fn screen_key(&self, generation: u64) -> Option<ScreenKey> {
        let options = self.screening.clone()?;
        Some(ScreenKey {
            generation,
            options,
        })
    }

    /// Which receipt is asked for.
    pub fn receipt_key(&self, generation: u64) -> Option<BesideKey> {
        let path = self.receipt.clone()?;
        Some(BesideKey { generation, path })
    }
}
