//! What is not known of a state, because payloads on the way to it could not be taken in.
//!
//! An event whose payload is missing, sealed or unreadable may have set the fields that other events
//! of its type set; where none of them was ever readable, any field. These are unknown from there until
//! they are set again. A type whose events never carry anything sets nothing, and leaves nothing unknown.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::diff::members;
use super::leaves::{LeafHistory, read_events, readable};
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::json::{Json, JsonPath, Step};
use crate::event::{CategoryId, Payload, Position, StreamId, TypeId, Want};

/// So many events of a type are looked at to learn which fields it sets.
const LOOKED_AT: usize = 32;

/// A field of a state that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where; everything below it is unknown too. It need not be there.
    pub path: JsonPath,
    /// The event that may have set it.
    pub since: Position,
    /// Why that is not known, as a sentence without its period.
    pub reason: String,
}

/// Since which event a field is unknown, and why.
type Since = (Position, String);

impl Folder {
    /// What is not known of a state, by path. Costs nothing where all payloads could be taken in, else a
    /// walk over the stream and a look at other events of the types concerned.
    pub fn unknown(
        &self,
        state: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Unknown>, FoldError> {
        if state.failures.is_empty() {
            return Ok(Vec::new());
        }
        let found = if self.reducer().merges_at_top() {
            self.unknown_members(state, cancel)?
        } else {
            self.unknown_leaves(state, cancel)?
        };
        let unknown = found.into_iter().map(|(path, (since, reason))| Unknown {
            path,
            since,
            reason,
        });
        Ok(unknown.collect())
    }

    /// With the payload merge: members of the state, set again by every payload that names them.
    fn unknown_members(
        &self,
        state: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<BTreeMap<JsonPath, Since>, FoldError> {
        let log = &self.history().log;
        let events = log.events_of(state.stream);
        let mut unknown: BTreeMap<JsonPath, Since> = BTreeMap::new();
        let mut seen: BTreeSet<JsonPath> = BTreeSet::new();
        let types = self.types_concerned(state, cancel)?;
        read_events(self, state.stream, state.rank, cancel, &mut |rank, read| {
            let position = Position(events.get(rank as usize).copied().unwrap_or_default());
            match readable(read) {
                Ok(None) => {}
                Ok(Some(payload)) => {
                    for (key, _) in members(&payload) {
                        let path = JsonPath(vec![Step::Key(key.into())]);
                        unknown.remove(&path);
                        seen.insert(path);
                    }
                }
                Err(reason) => {
                    let is_missing = reason == "is missing";
                    let concerned = match types.known(self, state.stream, log.event_type(position))
                    {
                        Some(TypeFields::These(fields)) => fields,
                        _ if is_missing => return true,
                        _ => &seen,
                    };
                    for path in concerned {
                        let since = (position, format!("its payload {reason}"));
                        unknown.entry(path.clone()).or_insert(since);
                    }
                }
            }
            true
        })?;
        Ok(unknown)
    }

    /// What the types set of which an event could not be taken in. It is looked up before the walk, for
    /// no event may be read while events are handed over.
    fn types_concerned(
        &self,
        state: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<FieldsByType, FoldError> {
        let log = &self.history().log;
        let events = log.events_of(state.stream);
        let mut concerned: BTreeSet<TypeId> = BTreeSet::new();
        read_events(self, state.stream, state.rank, cancel, &mut |rank, read| {
            if readable(read).is_err() {
                let position = events.get(rank as usize).copied().unwrap_or_default();
                concerned.insert(log.event_type(Position(position)));
            }
            true
        })?;
        let mut types = FieldsByType::default();
        for event_type in concerned {
            types.of(self, state.stream, event_type);
        }
        Ok(types)
    }

    /// With other reducers: leaves, set again by events that do not build on what was there.
    fn unknown_leaves(
        &self,
        state: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<BTreeMap<JsonPath, Since>, FoldError> {
        let log = &self.history().log;
        let leaves = LeafHistory::of(self, state.stream, state.rank, cancel)?;
        let events = log.events_of(state.stream);
        let at = |rank: u32| Position(events.get(rank as usize).copied().unwrap_or_default());
        let mut unknown = BTreeMap::new();
        for gap in leaves.gaps().iter().filter(|gap| gap.rank <= state.rank) {
            let event_type = log.event_type(at(gap.rank));
            let alike: BTreeSet<u32> = (0..=state.rank)
                .filter(|rank| *rank != gap.rank && log.event_type(at(*rank)) == event_type)
                .collect();
            let mut concerned = leaves.changed_at(&alike);
            if concerned.is_empty() {
                if gap.reason == "is missing" {
                    continue;
                }
                concerned = leaves.changed_at(&(0..gap.rank).collect());
            }
            for path in concerned {
                if !self.is_set_again(&leaves, state, &path, gap.rank) {
                    let since = (at(gap.rank), format!("its payload {}", gap.reason));
                    unknown.entry(path).or_insert(since);
                }
            }
        }
        Ok(unknown)
    }

    /// Between which events of a stream a field is unknown, with reducers that do not merge: from the rank
    /// of one whose payload could not be taken in and which may have set it, or something in it or
    /// around it, up to the one that sets it again. Costs a walk over the stream.
    pub fn unknown_between(
        &self,
        stream: StreamId,
        path: &JsonPath,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Range<u32>>, FoldError> {
        let log = &self.history().log;
        let events = log.events_of(stream);
        let n_events = u32::try_from(events.len()).unwrap_or(u32::MAX);
        let last = n_events.saturating_sub(1);
        let leaves = LeafHistory::of(self, stream, last, cancel)?;
        let type_at = |rank: u32| log.event_type(self.position_at(stream, rank));
        let mut found = Vec::new();
        for gap in leaves.gaps() {
            let alike: BTreeSet<u32> = (0..n_events)
                .filter(|rank| *rank != gap.rank && type_at(*rank) == type_at(gap.rank))
                .collect();
            let mut concerned = leaves.changed_at(&alike);
            if concerned.is_empty() && gap.reason != "is missing" {
                concerned = leaves.changed_at(&(0..gap.rank).collect());
            }
            let meets = |other: &JsonPath| {
                let n_steps = other.0.len().min(path.0.len());
                other.0[..n_steps] == path.0[..n_steps]
            };
            let ends = concerned.iter().filter(|other| meets(other)).map(|leaf| {
                let sets = |rank: u32| {
                    let event_type = log.type_name(type_at(rank));
                    let category = log.category_of(stream);
                    rank > gap.rank && !self.reducer().builds_on(category, event_type, leaf)
                };
                let mut changes = leaves.changes(leaf).map(|(rank, _)| rank);
                changes.find(|rank| sets(*rank)).unwrap_or(n_events)
            });
            if let Some(end) = ends.max() {
                found.push(gap.rank..end);
            }
        }
        Ok(found)
    }

    /// Whether an event after `rank` set a leaf without building on what was there.
    fn is_set_again(
        &self,
        leaves: &LeafHistory,
        state: &State,
        path: &JsonPath,
        rank: u32,
    ) -> bool {
        let log = &self.history().log;
        let category = log.category_of(state.stream);
        let events = log.events_of(state.stream);
        let builds = |at: u32| {
            let position = Position(events.get(at as usize).copied().unwrap_or_default());
            let event_type = log.type_name(log.event_type(position));
            self.reducer().builds_on(category, event_type, path)
        };
        let mut changes = leaves.changes(path);
        changes.any(|(at, _)| rank < at && at <= state.rank && !builds(at))
    }
}

/// Which members events of a type set.
enum TypeFields {
    /// None: none of those looked at carried any.
    Nothing,
    /// These.
    These(BTreeSet<JsonPath>),
}

/// Which members the events of each type set, looked up once.
#[derive(Default)]
pub struct FieldsByType(HashMap<(CategoryId, TypeId), TypeFields>);

impl FieldsByType {
    /// Whether an event whose payload cannot be taken in may have set the member of this name in a
    /// state that is merged of payloads; `is_missing` says that there is no payload at all. Reads some
    /// events the first time it is asked about a type: not to be called while events are handed over.
    pub fn may_set(
        &mut self,
        folder: &Folder,
        position: Position,
        name: &str,
        is_missing: bool,
    ) -> bool {
        let log = &folder.history().log;
        match self.of(folder, log.stream(position), log.event_type(position)) {
            TypeFields::Nothing => !is_missing,
            TypeFields::These(fields) => fields.contains(&JsonPath(vec![Step::Key(name.into())])),
        }
    }

    /// What is known of a type already.
    fn known(&self, folder: &Folder, stream: StreamId, event_type: TypeId) -> Option<&TypeFields> {
        let category = folder.history().log.stream_info(stream).category;
        self.0.get(&(category, event_type))
    }

    fn of(&mut self, folder: &Folder, stream: StreamId, event_type: TypeId) -> &TypeFields {
        let category = folder.history().log.stream_info(stream).category;
        self.0
            .entry((category, event_type))
            .or_insert_with(|| fields_of(folder, stream, event_type))
    }
}

/// The members that readable events of a type name: of this stream's category, the first ones.
fn fields_of(folder: &Folder, stream: StreamId, event_type: TypeId) -> TypeFields {
    let history = folder.history();
    let log = &history.log;
    let category = log.stream_info(stream).category;
    let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
    let alike = (0..n_events).map(Position).filter(|at| {
        log.event_type(*at) == event_type && log.stream_info(log.stream(*at)).category == category
    });
    let mut fields = BTreeSet::new();
    for position in alike.take(LOOKED_AT) {
        let read = folder.reader().read_one(log.place(position), Want::Data);
        let payload = read.map(|detail| detail.data).unwrap_or(Payload::Missing);
        if let Ok(Json::Object(object)) = super::merge::payload_value(&payload) {
            let keys = members(&object).map(|(key, _)| JsonPath(vec![Step::Key(key.into())]));
            fields.extend(keys);
        }
    }
    if fields.is_empty() {
        TypeFields::Nothing
    } else {
        TypeFields::These(fields)
    }
}
