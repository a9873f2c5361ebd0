//! Causes: no event is its own cause in the end (K3), every cause is in the file (K1), none comes after
//! its effect (K2).
//!
//! The three share what they gather: 12 bytes an event, and 8 more where some name causes.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::run::read;
use super::super::words::{count, counted};
use super::fingerprints::print_of;
use crate::event::{CausationNames, EventDetail, Position, Severity, Want};

/// Ids and causes of all events, as fingerprints by position; 0 where there is none.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    ids: Vec<u64>,
    /// Empty until the first event names a cause.
    causes: Vec<u64>,
    n_causes: u64,
    /// The positions with an id, sorted by it.
    by_id: Vec<u32>,
    beyond: u64,
}

/// Gathered by whichever check sees an event first.
pub(super) type Shared = Rc<RefCell<Gathered>>;

impl Gathered {
    pub(super) fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let at = position.index();
        // Three checks show each event.
        if at < self.ids.len() {
            return;
        }
        if at >= scene.options.max_fingerprints {
            self.beyond += 1;
            return;
        }
        if self.ids.is_empty() {
            let room = scene.history.log.len().min(scene.options.max_fingerprints);
            self.ids.reserve_exact(room);
        }
        self.ids.resize(at, 0);
        self.ids.push(own_name(scene, detail).map_or(0, print));
        let cause = detail
            .causation
            .as_deref()
            .filter(|cause| !cause.is_empty());
        if let Some(cause) = cause {
            self.causes.resize(at, 0);
            self.causes.push(print(cause));
            self.n_causes += 1;
        }
    }

    pub(super) fn sort(&mut self) {
        if self.by_id.is_empty() {
            let with_id = (0_u32..).zip(&self.ids).filter(|(_, id)| **id != 0);
            self.by_id = with_id.map(|(at, _)| at).collect();
            let Self { ids, by_id, .. } = self;
            by_id.sort_unstable_by_key(|at| (ids.get(*at as usize).copied(), *at));
        }
    }

    /// The first event of that name.
    pub(super) fn find(&self, print: u64) -> Option<Position> {
        let id = |at: &u32| self.ids.get(*at as usize).copied().unwrap_or_default();
        let at = self.by_id.partition_point(|entry| id(entry) < print);
        let found = self.by_id.get(at).filter(|entry| id(entry) == print);
        found.copied().map(Position)
    }

    /// Each event that names a cause, with the fingerprint of that.
    pub(super) fn causes(&self) -> impl Iterator<Item = (u64, Position)> + Clone {
        let all = self.causes.iter().copied().zip((0..).map(Position));
        all.filter(|(print, _)| *print != 0)
    }

    fn cause_of(&self, position: Position) -> Option<Position> {
        let print = self.causes.get(position.index()).copied()?;
        (print != 0).then(|| self.find(print)).flatten()
    }

    pub(super) fn skip(&self, found: &mut Gather) -> bool {
        if self.causes.is_empty() {
            found.skip("no event names what caused it");
        }
        self.causes.is_empty()
    }

    fn covered(&self) -> String {
        let whole = counted(self.n_causes, "cause");
        if self.beyond == 0 {
            return whole;
        }
        let n_ids = counted(self.ids.len() as u64, "event");
        format!(
            "partial: {whole} among the first {n_ids}, {} not looked at",
            count(self.beyond)
        )
    }
}

/// A fingerprint that is never 0.
fn print(text: &str) -> u64 {
    print_of(text).max(1)
}

/// The name by which others call an event their cause.
fn own_name<'d>(scene: &Scene<'_>, detail: &'d EventDetail) -> Option<&'d str> {
    match scene.history.about.causation {
        CausationNames::Position => detail.store_position.as_deref(),
        _ => detail.id.as_deref(),
    }
}

/// Why nothing can be said about causes.
pub(super) fn skip_commands(scene: &Scene<'_>) -> Option<String> {
    let commands = scene.history.about.causation == CausationNames::Command;
    commands.then(|| "causes are commands here, which are no events".to_owned())
}

/// No event is its own cause in the end.
pub(super) struct CauseCycle(pub(super) Shared);

impl Check for CauseCycle {
    fn id(&self) -> &'static str {
        "cause-cycle"
    }

    fn title(&self) -> &'static str {
        "No event causes itself"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_commands(scene)
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let mut gathered = self.0.borrow_mut();
        if gathered.skip(found) {
            return;
        }
        gathered.sort();
        for (start, n_events) in cycles(&gathered) {
            // Equal fingerprints are no proof; the events themselves are.
            if n_events == 1 && !names_itself(scene, start) {
                continue;
            }
            found.add(Severity::Error, |finding| {
                let said = match n_events {
                    1 => "The event names itself as its cause".to_owned(),
                    n => format!("{n} events name each other as their causes, in a circle"),
                };
                finding.at(scene, start).says(said).counts(n_events)
            });
        }
        found.group_all(|n| format!("{} of causes", counted(n, "circle")));
        found.covered(gathered.covered());
    }
}

/// Whether an event really states its own id as its cause.
fn names_itself(scene: &Scene<'_>, position: Position) -> bool {
    let mut does = false;
    read(scene, &[position], Want::Presented, |_, detail| {
        does = own_name(scene, detail) == detail.causation.as_deref();
    });
    does
}

/// The circles: the first event of each, and how many events it has. Only a cause that does not stand
/// before its effect can close one, so that an ordinary history is one look at each cause.
fn cycles(gathered: &Gathered) -> Vec<(Position, u64)> {
    let mut found: Vec<(Position, u64)> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (print, position) in gathered.causes() {
        let Some(cause) = gathered.find(print).filter(|cause| *cause >= position) else {
            continue;
        };
        let (mut at, mut way) = (cause, vec![position]);
        while at != position && !way.contains(&at) && seen.insert(at) && way.len() < LONGEST {
            way.push(at);
            match gathered.cause_of(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        if at == position && found.len() < MAX_KEPT {
            found.push((position, way.len() as u64));
        }
    }
    found
}

/// The longest circle that is followed.
const LONGEST: usize = 1000;

/// Every cause is an event of the file.
pub(super) struct MissingCause(pub(super) Shared);

impl Check for MissingCause {
    fn id(&self) -> &'static str {
        "missing-cause"
    }

    fn title(&self) -> &'static str {
        "Every cause is in the file"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_commands(scene)
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let mut gathered = self.0.borrow_mut();
        if gathered.skip(found) {
            return;
        }
        gathered.sort();
        let lost = gathered
            .causes()
            .filter(|entry| gathered.find(entry.0).is_none());
        let n_lost = lost.clone().count() as u64;
        let n_causes = gathered.n_causes;
        // Where nearly all are missing, ids of commands are meant.
        let severity = if n_lost * 10 > n_causes * 9 {
            Severity::Info
        } else {
            Severity::Warning
        };
        for (_, position) in lost.take(MAX_KEPT) {
            found.add(severity, |finding| {
                finding
                    .at(scene, position)
                    .says("The event that caused this one is not in the file")
            });
        }
        found.add_uncounted(severity, n_lost - found.total());
        found.group_all(|n| {
            format!(
                "{} of {} are not in the file: commands, or events of another one",
                count(n),
                counted(n_causes, "cause")
            )
        });
        found.covered(gathered.covered());
    }
}

/// No effect stands before its cause.
pub(super) struct EffectBeforeCause(pub(super) Shared);

impl Check for EffectBeforeCause {
    fn id(&self) -> &'static str {
        "effect-before-cause"
    }

    fn title(&self) -> &'static str {
        "No effect stands before its cause"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_commands(scene)
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let mut gathered = self.0.borrow_mut();
        if gathered.skip(found) {
            return;
        }
        gathered.sort();
        for (print, position) in gathered.causes() {
            let cause = gathered.find(print).filter(|cause| *cause > position);
            if let Some(cause) = cause {
                found.add(Severity::Warning, |finding| {
                    let said = format!("The event stands before {cause}, which caused it");
                    finding.at(scene, position).says(said)
                });
            }
        }
        found.group_all(|n| format!("{} stand before their causes", counted(n, "event")));
        found.covered(gathered.covered());
    }
}
