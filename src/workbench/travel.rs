//! Where we look in time travel: which timeline is shown, along which axis, which fields run under it
//! as lanes, and which places are bookmarked.

use std::time::Duration;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId};
use crate::history::EventLog;

use super::action::{InspectorTab, ViewKind};
use super::look::{Span, StepKind};
use super::workbench::Workbench;

/// How many fields of a category can be pinned.
pub const MAX_PINNED: usize = 6;

/// Which timeline is shown.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum TimelineMode {
    /// The selected stream with its fields and its related streams.
    Stream,
    /// The whole history, a lane for each category or type.
    #[default]
    AllLanes,
    /// How much there is of what, in place of a timeline.
    Statistics,
}

/// What runs from left to right in the timeline of a stream.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum StreamAxis {
    /// The stream's events, one beside the other: real streams come in bursts.
    #[default]
    Version,
    /// Time.
    Time,
    /// Positions of the whole history.
    Sequence,
}

/// Which fields run under a stream as lanes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum FieldLanes {
    /// Those pinned for its category; where none is, those that its events change most.
    #[default]
    Pinned,
    /// Those that its last three events changed.
    Changed,
    /// None.
    Off,
}

/// What the tile under the timeline shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum CausesTab {
    /// The events that led to the one at the playhead, and those that followed from it.
    #[default]
    Chain,
    /// All events of its undertaking.
    Correlation,
}

/// What the upper half of the sidebar shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum SidebarTab {
    /// All streams.
    #[default]
    Streams,
    /// The places that are bookmarked.
    Bookmarks,
}

/// A place that is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bookmark {
    /// Where the playhead stood.
    pub position: Position,
    /// The stream that was looked at.
    pub stream: Option<StreamId>,
    /// What it is called.
    pub name: String,
}

impl Workbench {
    /// The stream whose own timeline is shown; `None` where all lanes are.
    pub fn travelled(&self) -> Option<StreamId> {
        self.history.as_ref()?;
        match self.look().timeline {
            TimelineMode::Stream => self.look().selection.stream,
            TimelineMode::AllLanes | TimelineMode::Statistics => None,
        }
    }

    /// Shows the timeline of a stream and its state, with the playhead on its last event that is not
    /// after it, or on its first.
    pub fn open_stream(&mut self, stream: StreamId, now: Duration) {
        let Some(log) = self.history.as_ref().map(|history| &history.log) else {
            return;
        };
        let rank = log.rank_at(stream, self.look().playhead).unwrap_or(0);
        let Some(at) = log.events_of(stream).get(rank as usize).copied() else {
            return;
        };
        let category = log.stream_info(stream).category;
        self.change("open", now, |look| {
            look.playhead = Position(at);
            look.selection.stream = Some(stream);
            look.open_categories.insert(category);
            look.inspector = InspectorTab::State;
            look.travel_on();
        });
    }

    /// Goes to an event and shows the timeline of a stream there, with its state where that is asked
    /// for.
    pub fn travel_to(
        &mut self,
        (position, stream): (Position, StreamId),
        shows_state: bool,
        now: Duration,
    ) {
        let category = self.category_of(Some(stream));
        self.change("jump", now, |look| {
            look.playhead = position;
            look.selection.stream = Some(stream);
            look.open_categories.extend(category);
            if shows_state {
                look.inspector = InspectorTab::State;
            }
            look.travel_on();
        });
    }

    /// The stretch of the stream's axis that holds all of it, as [`Look::stream_span`](super::Look)
    /// counts it: ranks on [`StreamAxis::Version`], with a place's width at either end.
    pub fn full_stream_span(&self) -> Option<Span> {
        let log = &self.history.as_ref()?.log;
        full_span(log, self.travelled()?, self.look())
    }

    /// The category of the stream shown.
    pub fn category_shown(&self) -> Option<CategoryId> {
        let log = &self.history.as_ref()?.log;
        Some(log.stream_info(self.stream_shown()?).category)
    }

    /// The fields pinned for the category of the stream shown.
    pub fn pinned_here(&self) -> &[JsonPath] {
        let pinned = self
            .category_shown()
            .and_then(|category| self.look().pinned.get(&category));
        pinned.map_or(&[], Vec::as_slice)
    }

    /// Which fields run under the stream shown: without pinned ones those that change.
    pub fn lanes_shown(&self) -> FieldLanes {
        match self.look().field_lanes {
            FieldLanes::Pinned if self.pinned_here().is_empty() => FieldLanes::Changed,
            lanes => lanes,
        }
    }

    /// Pins a field for the category of the stream shown; why not, where there are enough already.
    pub fn pin(&mut self, path: JsonPath, now: Duration) -> Result<(), String> {
        let Some(category) = self.category_shown() else {
            return Err("No stream is shown".to_owned());
        };
        if self.pinned_here().contains(&path) {
            return Ok(());
        }
        if self.pinned_here().len() >= MAX_PINNED {
            return Err(format!("{MAX_PINNED} fields are pinned: unpin one first"));
        }
        self.change("pin", now, |look| {
            look.pinned.entry(category).or_default().push(path);
            look.field_lanes = FieldLanes::Pinned;
        });
        Ok(())
    }

    /// Takes the pin off a field.
    pub fn unpin(&mut self, path: &JsonPath, now: Duration) {
        let Some(category) = self.category_shown() else {
            return;
        };
        self.change("pin", now, |look| {
            if let Some(paths) = look.pinned.get_mut(&category) {
                paths.retain(|pinned| pinned != path);
            }
        });
    }

    /// What a bookmark at the playhead is called where nobody says otherwise.
    pub fn proposed_name(&self) -> Option<String> {
        let log = &self.history.as_ref()?.log;
        let at = self.look().playhead.min(log.last()?);
        let stream = self.bookmarked_stream().unwrap_or_else(|| log.stream(at));
        let version = log
            .rank_at(stream, at)
            .and_then(|rank| log.version_at_rank(stream, rank))
            .map_or_else(String::new, |version| format!(" {version}"));
        let name = log.stream_name(stream);
        let event_type = log.type_name(log.event_type(at));
        if log.stream(at) == stream {
            Some(format!("{name}{version} {event_type}"))
        } else {
            Some(format!("{name}{version} at {at}"))
        }
    }

    fn bookmarked_stream(&self) -> Option<StreamId> {
        self.look().selection.stream
    }

    /// Bookmarks the place of the playhead; a bookmark that is there already gets the new name.
    pub fn add_bookmark(&mut self, name: Option<String>, now: Duration) {
        let (Some(proposed), Some(history)) = (self.proposed_name(), &self.history) else {
            return;
        };
        let position = self
            .look()
            .playhead
            .min(history.log.last().unwrap_or_default());
        let stream = self.bookmarked_stream();
        let name = name
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(proposed);
        self.change("bookmark", now, |look| {
            look.bookmarks
                .retain(|known| (known.position, known.stream) != (position, stream));
            look.put_bookmark(Bookmark {
                position,
                stream,
                name,
            });
        });
    }

    /// Puts a pinned field of the stream shown before the one that stands `to` places from the top.
    pub fn move_pin(&mut self, path: &JsonPath, to: usize, now: Duration) {
        let Some(category) = self.category_shown() else {
            return;
        };
        self.change("fields", now, |look| {
            let Some(pinned) = look.pinned.get_mut(&category) else {
                return;
            };
            let Some(from) = pinned.iter().position(|known| known == path) else {
                return;
            };
            let path = pinned.remove(from);
            let to = if to > from { to - 1 } else { to };
            pinned.insert(to.min(pinned.len()), path);
        });
    }

    /// Bookmarks an event, which makes it an exhibit of the report; the playhead stays where it is.
    pub fn add_exhibit(&mut self, position: Position, now: Duration) {
        let Some(history) = &self.history else { return };
        let stream = history.log.stream(position);
        let event_type = history.log.type_name(history.log.event_type(position));
        let name = format!("{event_type} in {}", history.log.stream_name(stream));
        self.change("bookmark", now, |look| {
            let mut known = look.bookmarks.iter();
            if !known.any(|known| known.position == position) {
                look.put_bookmark(Bookmark {
                    position,
                    stream: Some(stream),
                    name,
                });
            }
        });
    }

    /// Takes a bookmark away, by its place in the list.
    pub fn remove_bookmark(&mut self, index: usize, now: Duration) {
        self.change("bookmark", now, |look| {
            if index < look.bookmarks.len() {
                look.bookmarks.remove(index);
            }
        });
    }

    /// Gives a bookmark another name.
    pub fn rename_bookmark(&mut self, index: usize, name: String, now: Duration) {
        self.change("bookmark", now, |look| {
            if let Some(bookmark) = look.bookmarks.get_mut(index)
                && !name.trim().is_empty()
            {
                bookmark.name = name;
            }
        });
    }

    /// The bookmark at the playhead, of the stream that is looked at or of none.
    pub fn bookmark_here(&self) -> Option<&Bookmark> {
        let (at, stream) = (self.look().playhead, self.look().selection.stream);
        let mut bookmarks = self.look().bookmarks.iter();
        bookmarks.find(|bookmark| bookmark.position == at && bookmark.stream == stream)
    }

    /// The bookmark after the playhead, or before it; round the end.
    pub fn next_bookmark(&self, by: isize) -> Option<usize> {
        let bookmarks = &self.look().bookmarks;
        let at = self.look().playhead;
        let found = if by > 0 {
            bookmarks.iter().position(|one| one.position > at)
        } else {
            bookmarks.iter().rposition(|one| one.position < at)
        };
        let round = if by > 0 {
            0
        } else {
            bookmarks.len().checked_sub(1)?
        };
        found.or_else(|| (!bookmarks.is_empty()).then_some(round))
    }
}

impl super::Look {
    /// Shows the timeline of the selected stream, with what led to its events under it.
    fn travel_on(&mut self) {
        self.view = ViewKind::Explore;
        self.timeline = TimelineMode::Stream;
        self.step = StepKind::Stream;
        self.causes.get_or_insert(CausesTab::Chain);
    }
}

/// All of a stream along an axis.
pub(super) fn full_span(log: &EventLog, stream: StreamId, look: &super::Look) -> Option<Span> {
    let events = log.events_of(stream);
    match look.stream_axis {
        StreamAxis::Version => Some(Span {
            from: 0,
            to: i64::try_from(events.len()).ok()?.max(1),
        }),
        StreamAxis::Sequence => {
            let (first, last) = (i64::from(*events.first()?), i64::from(*events.last()?));
            let room = ((last - first) / 20).max(1);
            Some(Span {
                from: first - room,
                to: last + 1 + room,
            })
        }
        StreamAxis::Time => {
            let clock = log.by(look.clock);
            let times = || events.iter().filter_map(|at| clock.time(Position(*at)));
            let (first, last) = (times().min()?.0, times().max()?.0);
            let room = (last.saturating_sub(first) / 20).max(1_000_000);
            Some(Span {
                from: first.saturating_sub(room),
                to: last.saturating_add(room),
            })
        }
    }
}
