//! The colors of events: by the category of their stream, by their type, or in the timeline of one stream
//! by the types of that; and those that the user chose.

use std::sync::Arc;

use egui::Color32;

use super::shared::color_nr;
use crate::event::{CategoryId, Position, StreamId, TypeId};
use crate::history::{EventLog, Grouping};
use crate::ui::View;
use crate::ui::theme::{CATEGORIES, Tokens};
use crate::workbench::{ColorBy, ColorOf, Colors};

/// How many events of a stream are looked at for its types.
const LOOKED_AT: usize = 4_000;

/// Which colors events wear in this frame.
#[derive(Clone, Debug, Default)]
pub(super) struct EventColors {
    /// The stream whose timeline is shown, and its types in the order of their first event.
    stream: Option<(StreamId, Vec<TypeId>)>,
    colors: Arc<Colors>,
}

impl EventColors {
    /// The colors that fit what is shown. Costs a look at the first events of the stream shown.
    pub(super) fn of(view: &View<'_>) -> Self {
        let stream = view.workbench.travelled().zip(view.log());
        Self {
            stream: stream.map(|(stream, log)| (stream, types_of(log, stream))),
            ..Self::across(view)
        }
    }

    /// The colors where all streams are shown together.
    pub(super) fn across(view: &View<'_>) -> Self {
        Self {
            stream: None,
            colors: Arc::clone(&view.look().colors),
        }
    }

    /// The color of an event's swatch, faint after the playhead. In the timeline of a stream the events
    /// of other streams carry none of their own.
    pub(super) fn event(
        &self,
        t: &Tokens,
        log: &EventLog,
        position: Position,
        is_future: bool,
    ) -> Color32 {
        t.swatch(self.nr(log, position), is_future)
    }

    /// The number of an event's color.
    pub(super) fn nr(&self, log: &EventLog, position: Position) -> usize {
        let (stream, event_type) = (log.stream(position), log.event_type(position));
        match &self.stream {
            Some((shown, _)) if *shown != stream => usize::MAX,
            _ => self.nr_of(log, event_type).unwrap_or_else(|| {
                let category = log.stream_info(stream).category;
                self.category(log, category)
            }),
        }
    }

    /// The number of a type's color; `None` where its events wear that of their category.
    pub(super) fn nr_of(&self, log: &EventLog, event_type: TypeId) -> Option<usize> {
        let chosen = self.colors.chosen(ColorOf::Type(event_type));
        chosen.or_else(|| match (&self.stream, self.colors.by) {
            (Some((_, types)), _) => {
                let known = types.iter().position(|known| *known == event_type);
                Some(known.unwrap_or(usize::MAX))
            }
            (None, ColorBy::Type) => Some(by_size(log, event_type)),
            (None, ColorBy::Category) => None,
        })
    }

    /// The number of a category's color.
    pub(super) fn category(&self, log: &EventLog, category: CategoryId) -> usize {
        let chosen = self.colors.chosen(ColorOf::Category(category));
        // Where types wear the colors, no category does, so that each color means one thing.
        chosen.unwrap_or_else(|| match self.colors.by {
            ColorBy::Category => color_nr(log, category),
            ColorBy::Type => usize::MAX,
        })
    }

    /// The number of the color of a type's lane.
    pub(super) fn lane_of_type(&self, log: &EventLog, event_type: TypeId) -> usize {
        let chosen = self.colors.chosen(ColorOf::Type(event_type));
        chosen.unwrap_or_else(|| by_size(log, event_type))
    }

    /// Whether the events of a lane may wear other colors than the lane.
    pub(super) fn differ_in_lanes(&self) -> bool {
        self.colors.by == ColorBy::Type || self.colors.has_types()
    }

    /// What the user chose.
    pub(super) fn chosen(&self) -> &Arc<Colors> {
        &self.colors
    }
}

/// The place of a type when they are ordered by size.
fn by_size(log: &EventLog, event_type: TypeId) -> usize {
    let group = log.groups(Grouping::Type).get(event_type.index());
    group.map_or(usize::MAX, |group| usize::from(*group))
}

/// The types of a stream in the order of their first event, as many as there are colors.
fn types_of(log: &EventLog, stream: StreamId) -> Vec<TypeId> {
    let mut types = Vec::new();
    for at in log.events_of(stream).iter().take(LOOKED_AT) {
        let event_type = log.event_type(Position(*at));
        if !types.contains(&event_type) {
            types.push(event_type);
        }
        if types.len() >= CATEGORIES {
            break;
        }
    }
    types
}
