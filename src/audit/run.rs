//! Runs the checks: those that need only the log at once, the others in one pass over the records.

use std::collections::HashMap;
use std::sync::Arc;

use super::check::{Check, Scene};
use super::checks::checks;
use super::compare::Comparison;
use super::drift::Drift;
use super::evidence::Evidence;
use super::finding::{CheckResult, Finding, Status};
use super::gaps::Gaps;
use super::gather::Gather;
use super::integrity::{Grown, LastEvent, Receipt, VerifyKey, canonical_bytes, hex, leaf_hash};
use super::invariants::InvariantsHeld;
use super::screening::{ScreeningOptions, screening_checks};
use super::snapshots::SnapshotsHeld;
use super::times::{CheckTime, Measures, Stopwatch};
use super::words::counted;
use crate::event::{EventDetail, Place, Position, Severity, Want};
use crate::history::History;

/// What the user may choose of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditOptions {
    /// Ids of checks not to run.
    pub without: Vec<String>,
    /// Ids of checks to run that do not run unless they are asked for.
    pub also: Vec<String>,
    /// Whether the tree over all events is made, for the evidence and a receipt. Reads and hashes the
    /// stored bytes of every event.
    pub with_tree: bool,
    /// What the history was, to be held against; makes the tree.
    pub receipt: Option<Receipt>,
    /// For how many events ids are compared; beyond that the check is partial and says so.
    pub max_fingerprints: usize,
    /// What holding the history against the user's own rules has found.
    pub invariants: Option<InvariantsHeld>,
    /// What holding the history against another copy has found, with the name of that.
    pub against: Option<(String, Comparison)>,
    /// By how many nanoseconds a time may lie after the last write of the file.
    pub future_tolerance_nanos: i64,
    /// What holding saved states against a replay has found.
    pub snapshots: Option<SnapshotsHeld>,
    /// What a screening takes for usual; none is made without.
    pub screening: Option<ScreeningOptions>,
    /// The public key with which signatures are verified; without one they are only counted.
    pub key: Option<VerifyKey>,
}

/// Lets the caller stop an audit and see how far it is.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Says `true` to stop: the audit then gives nothing rather than half.
    pub cancel: &'a dyn Fn() -> bool,
    /// Told now and then how many records have been read, of as many as the log has events.
    pub records_read: &'a dyn Fn(u64),
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// What was examined.
    pub evidence: Evidence,
    /// The checks in their fixed order, those not run included.
    pub checks: Vec<CheckResult>,
    /// The findings by check, then by position; at most [`super::MAX_KEPT`] of a check.
    pub findings: Vec<Finding>,
    /// What the history is now, to hold it against later; `None` where that was not asked for, or
    /// events could not be read.
    pub receipt: Option<Receipt>,
    /// What the shapes of events were over time; `None` where that check did not run.
    pub drift: Option<Arc<Drift>>,
    /// How long it is from one event to the next; `None` where hardly any have a time.
    pub gaps: Option<Gaps>,
}

impl Default for AuditOptions {
    fn default() -> Self {
        Self {
            without: Vec::new(),
            also: Vec::new(),
            with_tree: true,
            receipt: None,
            invariants: None,
            against: None,
            max_fingerprints: 20_000_000,
            future_tolerance_nanos: 2_000_000_000,
            snapshots: None,
            screening: None,
            key: None,
        }
    }
}

impl Watch<'_> {
    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        (self.cancel)()
    }
}

impl Audit {
    /// Whether a finding is an error, kept or not: the answer is "no".
    pub fn has_errors(&self) -> bool {
        self.checks
            .iter()
            .any(|check| check.status == Status::Failed)
    }
}

/// Holds all checks against a history; `None` where it was cancelled.
///
/// Takes one pass over the records, in batches; what the log alone can answer costs no pass.
pub fn run(
    history: &History,
    evidence: Evidence,
    options: &AuditOptions,
    watch: &Watch<'_>,
) -> Option<Audit> {
    run_timed(history, evidence, options, watch, None).map(|(audit, _)| audit)
}

/// As [`run()`], with how long each check took by `clock`, which gives nanoseconds from any beginning; no
/// times without one. The audit itself does not depend on it.
pub fn run_timed(
    history: &History,
    evidence: Evidence,
    options: &AuditOptions,
    watch: &Watch<'_>,
    clock: Option<&dyn Fn() -> u64>,
) -> Option<(Audit, Vec<CheckTime>)> {
    let stopwatch = Stopwatch::new(clock, history.log.len());
    let (mut concluded, tree) = {
        let scene = Scene {
            history,
            evidence: &evidence,
            options,
            watch,
            tree: None,
        };
        let mut running = start(&scene);
        let mut tree = begin_tree(&scene);
        let n_unread = pass(&scene, &mut running, tree.as_mut(), &stopwatch)?;
        tell_unread(n_unread, &mut running);
        let tree = tree.filter(|_| n_unread == 0).map(|(tree, _)| tree);
        let scene = Scene {
            tree: tree.as_ref(),
            ..scene
        };
        let mut concluded = conclude(&scene, running, &stopwatch)?;
        look_up_ids(&scene, &mut concluded.findings)?;
        (concluded, tree)
    };
    let times = std::mem::take(&mut concluded.times);
    let audit = Audit {
        receipt: tree.as_ref().map(|tree| receipt(history, tree)),
        evidence: Evidence {
            log_root: tree.as_ref().map(Grown::root),
            ..evidence
        },
        checks: concluded.results,
        findings: concluded.findings,
        drift: concluded.drift.map(Arc::new),
        gaps: Gaps::of(&history.log, watch),
    };
    Some((audit, times))
}

/// A tree with the bytes of the event at hand.
type Growing = (Grown, Vec<u8>);

fn begin_tree(scene: &Scene<'_>) -> Option<Growing> {
    let options = scene.options;
    let is_wanted = options.with_tree || options.receipt.is_some();
    let n_events = scene.history.log.len() as u64;
    is_wanted.then(|| (Grown::new(n_events, options.receipt.as_ref()), Vec::new()))
}

/// A receipt of the history, with its last event for people.
fn receipt(history: &History, tree: &Grown) -> Receipt {
    let log = &history.log;
    let last = log.last().map(|position| {
        let place = log.place(position);
        let detail = history.reader.read_one(place, Want::Ids);
        LastEvent {
            position: u64::from(position.0),
            stream: log.stream_name(log.stream(position)).to_owned(),
            version: log.version(position).map(|version| version.0),
            event_id: detail.ok().and_then(|detail| detail.id),
        }
    });
    tree.receipt(history.about.name(), last)
}

/// A check with what it gathered, and whether it still runs.
struct Running {
    check: Box<dyn Check>,
    found: Gather,
    runs: bool,
    nanos: u64,
}

fn start(scene: &Scene<'_>) -> Vec<Running> {
    let begin = |check: Box<dyn Check>| {
        let mut found = Gather::new(check.id());
        let named = |ids: &[String]| ids.iter().any(|id| id == check.id());
        let is_wanted = check.is_default() || named(&scene.options.also);
        let why_not = if !is_wanted || named(&scene.options.without) {
            Some("not asked for".to_owned())
        } else {
            check.skip(scene)
        };
        let runs = why_not.is_none();
        if let Some(why) = why_not {
            found.skip(why);
        }
        Running {
            check,
            found,
            runs,
            nanos: 0,
        }
    };
    let screening = scene.options.screening.as_ref();
    let screening = screening.map(screening_checks).unwrap_or_default();
    checks().into_iter().chain(screening).map(begin).collect()
}

/// How many records are asked for at a time: cancelling waits for no more than one batch.
const BATCH: u32 = 4096;

/// Shows every record to the checks that want it; how many could not be read.
fn pass(
    scene: &Scene<'_>,
    running: &mut [Running],
    mut tree: Option<&mut Growing>,
    stopwatch: &Stopwatch<'_>,
) -> Option<u64> {
    let wants = |one: &Running| one.check.wants().filter(|_| one.runs);
    let for_tree = tree.as_ref().map(|_| Want::All);
    let Some(want) = running.iter().filter_map(wants).chain(for_tree).max() else {
        return Some(0);
    };
    let sees = |one: &&mut Running| wants(one).is_some();
    let mut seeing: Vec<&mut Running> = running.iter_mut().filter(sees).collect();
    let end = u32::try_from(scene.history.log.len()).unwrap_or(u32::MAX);
    let mut n_read = 0;
    for from in (0..end).step_by(BATCH as usize) {
        let to = end.min(from.saturating_add(BATCH));
        let positions: Vec<Position> = (from..to).map(Position).collect();
        read(scene, &positions, want, |position, detail| {
            n_read += 1;
            if let Some((tree, bytes)) = tree.as_deref_mut() {
                canonical_bytes(&scene.history.log, position, detail, bytes);
                tree.push(leaf_hash(bytes));
            }
            let measures = stopwatch.measures(position);
            for one in &mut seeing {
                let began = stopwatch.now(measures);
                one.check.see(scene, position, detail);
                one.nanos += stopwatch.since(began, measures);
            }
        })?;
        (scene.watch.records_read)(u64::from(to));
    }
    Some(u64::from(end) - n_read)
}

/// Records that were read while opening and not again: the file changed, or is damaged there.
fn tell_unread(n_unread: u64, running: &mut [Running]) {
    let completeness = running
        .iter_mut()
        .find(|one| one.found.check() == "completeness");
    if let Some(one) = completeness.filter(|one| n_unread > 0 && one.runs) {
        one.found.add(Severity::Warning, |finding| {
            let message = format!(
                "{} could not be read in full by the checks",
                counted(n_unread, "record")
            );
            finding.says(message).counts(n_unread)
        });
    }
}

/// Reads the records at `positions`; those that cannot be read are left out.
pub(super) fn read(
    scene: &Scene<'_>,
    positions: &[Position],
    want: Want,
    mut each: impl FnMut(Position, &EventDetail),
) -> Option<()> {
    if scene.watch.is_cancelled() {
        return None;
    }
    let log = &scene.history.log;
    let places: Vec<Place> = positions.iter().map(|at| log.place(*at)).collect();
    let reader = &scene.history.reader;
    reader.read(&places, want, &mut |index, detail| {
        if let (Some(position), Ok(detail)) = (positions.get(index), &detail) {
            each(*position, detail);
        }
        !scene.watch.is_cancelled()
    });
    (!scene.watch.is_cancelled()).then_some(())
}

/// What all checks say.
#[derive(Default)]
struct Concluded {
    results: Vec<CheckResult>,
    findings: Vec<Finding>,
    drift: Option<Drift>,
    times: Vec<CheckTime>,
}

fn conclude(
    scene: &Scene<'_>,
    running: Vec<Running>,
    stopwatch: &Stopwatch<'_>,
) -> Option<Concluded> {
    let mut concluded = Concluded::default();
    for mut one in running {
        if one.runs {
            let began = stopwatch.now(Measures::Whole);
            one.check.conclude(scene, &mut one.found);
            one.nanos += stopwatch.since(began, Measures::Whole);
        }
        if scene.watch.is_cancelled() {
            return None;
        }
        concluded.drift = concluded.drift.or_else(|| one.found.take_drift());
        let (result, kept) = one.found.finish(one.check.title());
        if result.status != Status::Skipped {
            let time = stopwatch.time_of(one.check.id(), one.nanos, one.check.wants());
            concluded.times.extend(time);
        }
        concluded.results.push(result);
        concluded.findings.extend(kept);
    }
    Some(concluded)
}

/// Fills in the ids, places and digests of the events that findings are about.
fn look_up_ids(scene: &Scene<'_>, findings: &mut [Finding]) -> Option<()> {
    let mut positions: Vec<u32> = findings.iter().filter_map(|found| found.position).collect();
    positions.sort_unstable();
    positions.dedup();
    let mut known = HashMap::new();
    for batch in positions.chunks(BATCH as usize) {
        let batch: Vec<Position> = batch.iter().copied().map(Position).collect();
        let mut bytes = Vec::new();
        read(scene, &batch, Want::All, |position, detail| {
            canonical_bytes(&scene.history.log, position, detail, &mut bytes);
            let digest = hex(&leaf_hash(&bytes));
            known.insert(
                position.0,
                (detail.id.clone(), detail.source.clone(), digest),
            );
        })?;
    }
    for found in findings {
        let Some((id, place, digest)) = found.position.and_then(|at| known.get(&at)) else {
            continue;
        };
        found.event_id.clone_from(id);
        found.place = (!place.is_empty()).then(|| place.clone());
        found.digest = Some(digest.clone());
    }
    Some(())
}
