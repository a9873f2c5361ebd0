//! What the Audit view asks beyond the audit itself: another copy, a receipt, types without rules.

use std::path::PathBuf;
use std::sync::Arc;

use crate::audit::{CheckResult, Comparison, Finding};
use crate::event::{Timestamp, TypeId};
use crate::history::History;

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
    /// Where a receipt goes, with the name that is proposed.
    NewReceipt(String),
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

/// What the Audit view works on.
#[derive(Debug, Default)]
pub struct Auditing {
    /// The copy to be held against the history.
    pub copy: Option<PathBuf>,
    /// What that has found.
    pub compared: Answer<BesideKey, Result<CopyAnswer, String>>,
    /// The receipt chosen.
    pub receipt: Option<PathBuf>,
    /// What that has found.
    pub held: Answer<BesideKey, Result<ReceiptAnswer, String>>,
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
    }

    /// Which copy is asked for.
    pub fn copy_key(&self, generation: u64) -> Option<BesideKey> {
        let path = self.copy.clone()?;
        Some(BesideKey { generation, path })
    }

    /// Which receipt is asked for.
    pub fn receipt_key(&self, generation: u64) -> Option<BesideKey> {
        let path = self.receipt.clone()?;
        Some(BesideKey { generation, path })
    }
}
