//! Begins a run, and begins it anew where more has to be known of it.

use super::answer::{Run, RunFault};
use super::ask::{Ask, What};
use super::drive::Drive;
use super::watch::Watch;
use super::{missing, system};
use crate::event::{EventReader, Position};
use crate::history::EventLog;
use crate::script::{Phase, Projector, ScriptError};

/// Whether a projection can be run at all, whatever the log is; the answer is the run that faulted.
pub fn check(ask: &Ask) -> Result<(), Box<Run>> {
    match &ask.what {
        What::System { kind, config } => system::check(kind, config.as_deref()),
        What::Script { file, text } => read(ask, file, text).map(|_| ()),
    }
}

fn read(ask: &Ask, file: &str, text: &str) -> Result<Projector, Box<Run>> {
    let refused = |error: ScriptError, definition| {
        let fault = RunFault {
            phase: error.phase,
            position: None,
            message: error.message,
            line: error.line,
        };
        Box::new(Run::refused(fault, definition))
    };
    let projector =
        Projector::read(file, text, ask.limits).map_err(|error| refused(error, None))?;
    match projector.check() {
        Ok(()) => Ok(projector),
        Err(error) => Err(refused(error, Some(projector.definition().clone()))),
    }
}

/// Runs a projection over a log.
///
/// Costs one pass over the events of its sources, a second one up to an event that failed. Reads files:
/// never call it while drawing a frame.
pub fn run(ask: &Ask, log: &EventLog, reader: &dyn EventReader, watch: &mut dyn Watch) -> Run {
    let (file, text) = match &ask.what {
        What::System { kind, config } => {
            return system::run(ask, kind, config.as_deref(), log, reader, watch);
        }
        What::Script { file, text } => (file, text),
    };
    let mut attempt = Attempt::default();
    loop {
        let projector = match read(ask, file, text) {
            Ok(projector) => projector,
            Err(refused) => return *refused,
        };
        let again = projector.session(|session| {
            let drive = Drive::new(ask, log, reader, &projector, session, attempt);
            Ok(drive.go(watch))
        });
        match again {
            Ok(Outcome::Done(mut run)) => {
                explain(&mut run, text, log, reader, &|| watch.is_cancelled());
                return *run;
            }
            Ok(Outcome::Again(next)) => attempt = next,
            Err(fault) => {
                let fault = RunFault {
                    phase: Phase::Compile,
                    position: None,
                    message: fault.to_string(),
                    line: fault.line(),
                };
                return Run::refused(fault, Some(projector.definition().clone()));
            }
        }
    }
}

/// Adds to a fault what was read of the event and is not there.
fn explain(
    run: &mut Run,
    script: &str,
    log: &EventLog,
    reader: &dyn EventReader,
    cancel: &dyn Fn() -> bool,
) {
    let Some(fault) = &mut run.fault else {
        return;
    };
    let (Some(at), Some(line)) = (fault.position, fault.line) else {
        return;
    };
    let index = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let text = script.lines().nth(index).unwrap_or("");
    let said = missing::explain(text, &fault.message, at, log, reader, cancel);
    if let Some(said) = said {
        fault.message = format!("{}: {said}", fault.message);
    }
}

/// What is known from runs before this one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attempt {
    /// States are written from this position on.
    pub(super) texts_from: Option<Position>,
    /// Everything of an event is read.
    pub(super) reads_all: bool,
    /// How many steps were already shown to whoever looks on.
    pub(super) n_shown: u64,
    pub(super) n_times: u32,
}

/// What came of one pass.
pub(super) enum Outcome {
    Done(Box<Run>),
    Again(Attempt),
}

/// What makes the result of a script depend on more than its events.
pub(super) fn unrepeatable(projector: &Projector) -> Vec<String> {
    let (clock, chance) = projector.looked_at_clock_and_chance();
    let mut found = Vec::new();
    if clock {
        found.push("the script looks at the clock; here it shows the time of the event".to_owned());
    }
    if chance {
        found.push("the script asks for chance; here it depends on the position alone".to_owned());
    }
    let kept = projector.mutable_variables();
    if !kept.is_empty() {
        found.push(format!(
            "the script changes variables of its own, which belong to no state: {}",
            kept.join(", ")
        ));
    }
    found
}
