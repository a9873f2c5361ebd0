//! The colors of events: by the category of their stream, or in the timeline of one stream by type.

use egui::Color32;

use super::shared;
use crate::event::{Position, StreamId, TypeId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{CATEGORIES, Tokens};

/// How many events of a stream are looked at for its types.
const LOOKED_AT: usize = 4_000;

/// Which colors events wear in this frame.
#[derive(Clone, Debug, Default)]
pub(super) struct EventColors {
    /// The stream whose timeline is shown, and its types in the order of their first event.
    stream: Option<(StreamId, Vec<TypeId>)>,
}

impl EventColors {
    /// The colors that fit what is shown. Costs a look at the first events of the stream shown.
    pub(super) fn of(view: &View<'_>) -> Self {
        let stream = view.workbench.travelled().zip(view.log());
        Self {
            stream: stream.map(|(stream, log)| (stream, types_of(log, stream))),
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
        match &self.stream {
            None => shared::event_color(t, log, position, is_future),
            Some((stream, types)) if log.stream(position) == *stream => {
                t.swatch(nr(types, log.event_type(position)), is_future)
            }
            Some(_) => t.swatch(usize::MAX, is_future),
        }
    }

    /// The number of a type's color in the stream shown.
    pub(super) fn nr_of(&self, event_type: TypeId) -> usize {
        self.stream
            .as_ref()
            .map_or(usize::MAX, |(_, types)| nr(types, event_type))
    }
}

fn nr(types: &[TypeId], event_type: TypeId) -> usize {
    let known = types.iter().position(|known| *known == event_type);
    known.unwrap_or(usize::MAX)
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
