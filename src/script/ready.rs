//! A script's text, and the sandboxes in which it is ready: one on each thread that uses it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::engine::Limits;
use super::error::{Fault, Phase, ScriptError};
use super::sandbox::Sandbox;

/// The longest script that is read, in bytes.
const MAX_SCRIPT: usize = 4 << 20;

/// How many scripts stay ready on a thread.
const MAX_READY: usize = 4;

/// A script's text, and how it is run.
#[derive(Debug)]
pub(super) struct Script {
    /// Tells it from all others of this run of the program.
    id: u64,
    /// The file's name.
    pub(super) name: String,
    pub(super) text: String,
    /// How long it may take.
    pub(super) limits: Limits,
}

impl Script {
    pub(super) fn new(name: &str, text: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            name: name.to_owned(),
            text: text.to_owned(),
            limits: Limits::default(),
        }
    }

    /// Whether any of these stands in the text.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// A script that is too long is not read.
    pub(super) fn check_length(&self) -> Result<(), Fault> {
        if self.text.len() > MAX_SCRIPT {
            let message = format!("a script has at most {} MiB", MAX_SCRIPT >> 20);
            return Err(Fault::thrown(&message));
        }
        Ok(())
    }

    /// Why it cannot be used.
    pub(super) fn error(&self, phase: Phase, fault: &Fault) -> ScriptError {
        let message = match fault {
            Fault::Thrown { message, .. } => message.clone(),
            other => other.to_string(),
        };
        ScriptError {
            name: self.name.clone(),
            phase,
            line: fault.line(),
            message,
        }
    }

    /// The script, read and ready on this thread; costs nothing where it is ready already.
    pub(super) fn sandbox(&self) -> Result<Rc<Sandbox>, Fault> {
        thread_local! {
            /// The scripts that were used last, the latest at the end.
            static READY: RefCell<Vec<(u64, Rc<Sandbox>)>> = const { RefCell::new(Vec::new()) };
        }
        let found = READY.with_borrow_mut(|ready| {
            let at = ready.iter().position(|(id, _)| *id == self.id)?;
            let found = ready.remove(at);
            let sandbox = Rc::clone(&found.1);
            ready.push(found);
            Some(sandbox)
        });
        if let Some(sandbox) = found {
            return Ok(sandbox);
        }
        self.check_length()?;
        let sandbox = Rc::new(Sandbox::new(self)?);
        let dropped = READY.with_borrow_mut(|ready| {
            ready.push((self.id, Rc::clone(&sandbox)));
            (ready.len() > MAX_READY).then(|| ready.remove(0))
        });
        drop(dropped);
        Ok(sandbox)
    }
}
