//! A label of an axis that names some of the events: a click sets them as A, with Ctrl as B.
//!
//! The ruler of the timeline, that of a stream and the axis of a plot all have such labels.

use egui::{CursorIcon, Id, Rect, Response, Role, Sense, Ui, WidgetInfo};

use super::shared::counted;
use crate::event::{Position, Timestamp};
use crate::history::{Period, Timed};
use crate::ui::View;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, Mark, Span};

/// The events that a label names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'a> {
    /// Those of a stretch of one of both times.
    Time(Timed<'a>, Span),
    /// Those from one to another; `None` where there are none.
    Events(Option<Mark>),
}

impl Named<'_> {
    /// The event at a position, where there is one.
    pub(super) fn event(at: Option<Position>) -> Self {
        Self::Events(at.map(Mark::moment))
    }

    fn are_there(&self) -> bool {
        match self {
            Self::Time(timed, span) => timed.has_any(Timestamp(span.from), Timestamp(span.to)),
            Self::Events(mark) => mark.is_some(),
        }
    }

    fn period(&self) -> Option<Period> {
        match self {
            Self::Time(timed, span) => timed.period(Timestamp(span.from), Timestamp(span.to)),
            Self::Events(mark) => mark.map(|mark| Period {
                first: mark.from,
                last: mark.to,
                n_others: 0,
            }),
        }
    }

    /// The same, found once for the label under the pointer: where times go back it takes a while.
    fn period_under_pointer(&self, ui: &Ui, key: (u64, Id)) -> Option<Period> {
        let place = Id::unique("period under the pointer");
        let known = ui.data(|data| data.get_temp::<((u64, Id), Option<Period>)>(place));
        if let Some((_, period)) = known.filter(|(known, _)| *known == key) {
            return period;
        }
        let period = self.period();
        ui.data_mut(|data| data.insert_temp(place, (key, period)));
        period
    }
}

/// Listens at a label, which is painted by the caller; `id` is another one where it names other events.
pub(super) fn label(
    ui: &Ui,
    view: &View<'_>,
    id: Id,
    (place, name, named): (Rect, &str, Named<'_>),
) -> Response {
    let response = ui.interact(place, id, Sense::CLICK);
    let are_there = named.are_there();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, are_there, name));
    if !are_there || !(response.hovered() || response.clicked()) {
        return response;
    }
    ui.set_cursor_icon(CursorIcon::PointingHand);
    let key = (view.workbench.generation, id.with(view.look().clock));
    let Some(period) = named.period_under_pointer(ui, key) else {
        return response;
    };
    if response.clicked() {
        let mark = Some(Mark {
            from: period.first,
            to: period.last,
        });
        let is_b = ui.input(|input| input.modifiers.command);
        view.send(if is_b {
            Action::MarkB(mark)
        } else {
            Action::MarkA(mark)
        });
    }
    let mut sentence = "Click sets it as A, Ctrl and a click as B".to_owned();
    if period.n_others > 0 {
        let others = u64::from(period.n_others);
        let others = counted(others, "event of another time", "events of other times");
        sentence = format!("{sentence}, with {others} that lie between");
    }
    Tip::new(name).sentence(&sentence).on(response)
}
