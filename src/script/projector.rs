//! A whole projection: one script, entered partition by partition and fed event by event.
//!
//! A [`Projector`] is a script that was read, in an engine of its own; a [`Session`] is one run of it.
//! Which events there are, in which order, and what becomes of states and results is for whoever runs
//! it: the session holds the one state that is under way.

use super::definition::Definition;
use super::engine::{Failed, Limits};
use super::error::{Fault, Phase, ScriptError};
use super::ready::Script;
use super::sandbox::Sandbox;
use super::session::Session;
use super::variables;

/// A script that was read and is ready to be run, in an engine of its own.
///
/// Variables of the script live as long as this: for a run from the start, read the script anew. An
/// engine belongs to the thread that made it.
///
/// ```
/// use annals::script::{Limits, Projector};
/// let text = "fromAll().when({ $init: () => ({ n: 0 }), Paid: s => { s.n++ } })";
/// let projector = Projector::read("paid.js", text, Limits::default()).unwrap();
/// assert!(projector.definition().all_streams);
/// assert!(Projector::read("paid.js", "fromNowhere()", Limits::default()).is_err());
/// ```
pub struct Projector {
    sandbox: Sandbox,
    script: Script,
}

impl std::fmt::Debug for Projector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projector")
            .field("name", &self.script.name)
            .finish_non_exhaustive()
    }
}

impl Projector {
    /// Reads a script; `name` is the file's name. Costs about a millisecond.
    ///
    /// What it says may still not go together: see [`Self::check`].
    pub fn read(name: &str, text: &str, limits: Limits) -> Result<Self, ScriptError> {
        let mut script = Script::new(name, text);
        script.limits = limits;
        let failed = |fault: Fault| script.error(Phase::Compile, &fault);
        script.check_length().map_err(failed)?;
        let sandbox = Sandbox::new(&script).map_err(failed)?;
        Ok(Self { sandbox, script })
    }

    /// What the script says it is about.
    pub fn definition(&self) -> &Definition {
        &self.sandbox.definition
    }

    /// Whether what it says goes together; the sentence is the server's.
    pub fn check(&self) -> Result<(), ScriptError> {
        let wrong = |message| {
            self.script
                .error(Phase::Definition, &Fault::thrown(message))
        };
        self.definition().check().map_err(wrong)
    }

    /// Whether the text says any of these words.
    pub fn mentions(&self, words: &[&str]) -> bool {
        self.script.mentions(words)
    }

    /// Whether the script looked at the clock, and whether it asked for chance. Both are pinned to the
    /// event, so that a run can be repeated here, but not on a server.
    pub fn looked_at_clock_and_chance(&self) -> (bool, bool) {
        let pins = &self.sandbox.engine.pins;
        (pins.told_time.get(), pins.drew.get())
    }

    /// Variables of the script's own that its functions change: they belong to no state.
    pub fn mutable_variables(&self) -> Vec<String> {
        variables::changed(&self.script.text)
    }

    /// Enters the engine for a run. The functions of the script are looked up once.
    pub fn session<R>(
        &self,
        work: impl FnOnce(&mut Session<'_, '_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.sandbox.engine.enter(|ctx| {
            let session = Session::new(&self.sandbox, ctx);
            let mut session = session.map_err(|failed| match failed {
                Failed::Ours(fault) => fault,
                Failed::Engine(error) => Fault::thrown(&error.to_string()),
            })?;
            work(&mut session)
        })
    }
}
