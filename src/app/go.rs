//! Going places: by what was typed, by findings, by zooming; and copying where we are.

use crate::audit::Audit;
use crate::event::{Payload, Position, StreamId};
use crate::history::{Axis, Clock};
use crate::ui::part::{Part, place_of};
use crate::ui::widgets::columns::pointed;
use crate::workbench::{FieldChoice, InspectorTab, Span, StreamAxis, ViewKind};

use super::app::App;

impl App {
    /// Goes where the text leads, or says why nowhere.
    pub(super) fn go_to(&mut self, text: &str) {
        match self.workbench.find(text, (self.wall_clock)()) {
            Ok(target) => {
                match target.stream {
                    Some(stream) => {
                        let place = (target.position, stream);
                        self.workbench.travel_to(place, true, self.now);
                        self.window.open_inspector();
                    }
                    None => self.workbench.jump_to(target.position, None, self.now),
                }
                if let Some(time) = target.occurred {
                    self.workbench.show_known_of(time, self.now);
                }
            }
            Err(_) if self.workbench.may_be_id(text) => {
                self.workbench.wants_id = Some(text.trim().to_owned());
                self.id_awaited = Some(text.trim().to_owned());
            }
            Err(why) => self.complain(why),
        }
    }

    fn audit(&self) -> Option<&Audit> {
        self.workbench.answers.audit.latest()?.as_ref().ok()
    }

    /// Chooses a finding and goes to its first event.
    pub(super) fn go_to_finding(&mut self, index: usize) {
        let Some(finding) = self.audit().and_then(|audit| audit.findings.get(index)) else {
            return;
        };
        let (position, stream) = (finding.position, finding.stream_id);
        self.workbench.change("jump", self.now, |look| {
            look.playhead = position.map_or(look.playhead, crate::event::Position);
            look.selection.finding = Some(index);
            look.selection.stream = stream.or(look.selection.stream);
        });
    }

    /// To the next finding after the playhead, or the one before it; round the end. Findings at one
    /// event are gone through one after the other.
    pub(super) fn step_finding(&mut self, by: isize) {
        let look = self.workbench.look();
        let (playhead, chosen) = (look.playhead.0, look.selection.finding);
        let Some(audit) = self.audit() else {
            self.say("The audit has not run");
            return;
        };
        let mut places: Vec<(u32, usize)> = audit
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| self.workbench.accepted(finding).is_none())
            .map(|(index, finding)| (finding.position.unwrap_or(0), index))
            .collect();
        places.sort_unstable();
        let Some(last) = places.len().checked_sub(1) else {
            self.say("The audit has no findings that are not accepted");
            return;
        };
        let is_here = |place: &&(u32, usize)| chosen == Some(place.1);
        let here = places.iter().find(is_here).copied();
        // A finding without an event of its own leaves the playhead where it is.
        let here = here.filter(|(_, index)| {
            let position = audit.findings.get(*index).and_then(|one| one.position);
            position.is_none_or(|position| position == playhead)
        });
        let next = match (here, by > 0) {
            (Some(here), true) => places.partition_point(|place| *place <= here),
            (Some(here), false) => places
                .partition_point(|place| *place < here)
                .wrapping_sub(1),
            (None, true) => places.partition_point(|place| place.0 <= playhead),
            (None, false) => places
                .partition_point(|place| place.0 < playhead)
                .wrapping_sub(1),
        };
        let round = if by > 0 { 0 } else { last };
        let (_, index) = places.get(next).copied().unwrap_or(places[round]);
        self.go_to_finding(index);
    }

    /// Shows the other axis, if there is one.
    pub(super) fn toggle_axis(&mut self) {
        if self.workbench.travelled().is_some() {
            self.toggle_stream_axis();
            return;
        }
        let look = self.workbench.look();
        if look.axis == Axis::Time && self.go_on_to_occurred() {
            return;
        }
        let to = match self.workbench.look().axis {
            Axis::Time => Axis::Sequence,
            Axis::Sequence => Axis::Time,
        };
        if to == Axis::Time && self.workbench.full_time_span().is_none() {
            self.say("This history has no times");
            return;
        }
        self.workbench
            .change("axis", self.now, |look| look.axis = to);
        self.workbench.show_clock(Clock::Recorded, self.now);
    }

    /// From recorded times to those at which events occurred; `false` where the history has no such
    /// times, or they are shown.
    fn go_on_to_occurred(&mut self) -> bool {
        let is_next =
            self.workbench.look().clock == Clock::Recorded && self.workbench.has_occurred();
        if is_next {
            self.workbench.show_clock(Clock::Occurred, self.now);
        }
        is_next
    }

    /// Lets time mean one of an event's two times, on an axis of time.
    pub(super) fn set_clock(&mut self, clock: Clock) {
        if clock == Clock::Occurred && !self.workbench.has_occurred() {
            self.say("No event here says when it occurred beside when it was recorded");
            return;
        }
        let is_of_stream = self.workbench.travelled().is_some();
        self.workbench.show_clock(clock, self.now);
        self.workbench.change("axis", self.now, |look| {
            if is_of_stream {
                look.stream_axis = StreamAxis::Time;
            } else {
                look.axis = Axis::Time;
            }
        });
    }

    /// The next axis of a stream's own timeline, of those that it has.
    fn toggle_stream_axis(&mut self) {
        let has_times = self.workbench.full_time_span().is_some();
        if self.workbench.look().stream_axis == StreamAxis::Time && self.go_on_to_occurred() {
            return;
        }
        let to = match self.workbench.look().stream_axis {
            StreamAxis::Version if has_times => StreamAxis::Time,
            StreamAxis::Version | StreamAxis::Time => StreamAxis::Sequence,
            StreamAxis::Sequence => StreamAxis::Version,
        };
        self.workbench
            .change("axis", self.now, |look| look.stream_axis = to);
        self.workbench.show_clock(Clock::Recorded, self.now);
    }

    /// Shows everything.
    pub(super) fn fit(&mut self) {
        if self.workbench.shows_graph() {
            self.fit_graph();
            return;
        }
        if self.workbench.travelled().is_some() {
            self.workbench
                .change("zoom", self.now, |look| look.stream_span = None);
            return;
        }
        let span = match self.workbench.look().axis {
            Axis::Time => self.workbench.full_time_span(),
            Axis::Sequence => self.workbench.full_sequence_span(),
        };
        if let Some(span) = span {
            self.workbench
                .change("zoom", self.now, |look| *look.span_mut() = span);
        }
    }

    /// Shows what lies between markers A and B where both are set, else the selected stream whole, with a
    /// little room at the sides.
    pub(super) fn fit_selection(&mut self) {
        if let Some(stream) = self.workbench.travelled() {
            match self.marked_of_stream(stream) {
                Some(span) => self.show_span(span),
                None => self.fit(),
            }
            return;
        }
        let Some(span) = self.marked_span().or_else(|| self.stream_span()) else {
            return;
        };
        let room = (span.len() / 20).max(1);
        let wide = Span {
            from: span.from.saturating_sub(room),
            to: span.to.saturating_add(room),
        };
        self.workbench
            .change("zoom", self.now, |look| *look.span_mut() = wide);
    }

    /// The stretch from marker A to B on the axis of a stream's own timeline, where both are set.
    fn marked_of_stream(&self, stream: StreamId) -> Option<Span> {
        let look = self.workbench.look();
        let (from, to) = self.workbench.report_period()?;
        let (from, to) = (Position(from), Position(to));
        let log = &self.workbench.history.as_ref()?.log;
        let rank = |at| log.rank_at(stream, at).map_or(0, i64::from);
        let (from, to) = match look.stream_axis {
            StreamAxis::Version => (rank(from), rank(to) + 1),
            StreamAxis::Sequence => (i64::from(from.0), i64::from(to.0) + 1),
            StreamAxis::Time => {
                let clock = log.by(look.clock);
                let (from, to) = (clock.time(from)?.0, clock.time(to)?.0);
                (from.min(to), from.max(to))
            }
        };
        Some(Span { from, to })
    }

    /// The stretch from marker A to B, where both are set.
    fn marked_span(&self) -> Option<Span> {
        let look = self.workbench.look();
        let (a, b) = look.marker_a.zip(look.marker_b)?;
        let (from, to) = (a.from.min(b.from), a.to.max(b.to));
        let log = &self.workbench.history.as_ref()?.log;
        match look.axis {
            Axis::Sequence => Some(Span {
                from: i64::from(from.0),
                to: i64::from(to.0) + 1,
            }),
            Axis::Time => {
                let clock = log.by(look.clock);
                let (from, to) = (clock.time(from)?.0, clock.time(to)?.0);
                Some(Span {
                    from: from.min(to),
                    to: to.max(from),
                })
            }
        }
    }

    fn stream_span(&self) -> Option<Span> {
        let stream = self.workbench.stream_shown()?;
        let log = &self.workbench.history.as_ref()?.log;
        match self.workbench.look().axis {
            Axis::Time => {
                let clock = log.by(self.workbench.look().clock);
                let events = log.events_of(stream).iter();
                let times = || events.clone().filter_map(|at| clock.time(Position(*at)));
                Some(Span {
                    from: times().min()?.0,
                    to: times().max()?.0,
                })
            }
            Axis::Sequence => {
                let events = log.events_of(stream);
                Some(Span {
                    from: i64::from(*events.first()?),
                    to: i64::from(*events.last()?) + 1,
                })
            }
        }
    }

    /// Makes the visible stretch so many times as long, with the playhead where it is.
    pub(super) fn zoom(&mut self, factor: f64) {
        if self.workbench.shows_graph() {
            self.window.zoom_graph(factor);
            return;
        }
        let Some((span, at)) = self.zoomed_at() else {
            return;
        };
        let around = at
            .filter(|at| span.contains(*at))
            .unwrap_or_else(|| span.at(0.5));
        let left = span.fraction(around);
        let zoomed = Span {
            from: Span {
                from: around,
                to: around.saturating_add(span.len()),
            }
            .at(-left * factor),
            to: Span {
                from: around,
                to: around.saturating_add(span.len()),
            }
            .at((1.0 - left) * factor),
        };
        self.show_span(zoomed);
    }

    /// What is visible, and where the playhead stands on that axis.
    fn zoomed_at(&self) -> Option<(Span, Option<i64>)> {
        let look = self.workbench.look();
        let log = &self.workbench.history.as_ref()?.log;
        let time = log.by(look.clock).time(look.playhead);
        let (at, time) = (look.playhead, time.map(|time| time.0));
        let position = Some(i64::from(at.0));
        let Some(stream) = self.workbench.travelled() else {
            let at = match look.axis {
                Axis::Sequence => position,
                Axis::Time => time,
            };
            return Some((look.span(), at));
        };
        let whole = self.workbench.full_stream_span()?;
        let at = match look.stream_axis {
            StreamAxis::Version => log.rank_at(stream, at).map(i64::from),
            StreamAxis::Time => time,
            StreamAxis::Sequence => position,
        };
        Some((look.stream_span.unwrap_or(whole), at))
    }

    /// Shows this stretch of the axis in use.
    pub(super) fn show_span(&mut self, span: Span) {
        if self.workbench.travelled().is_none() {
            self.workbench
                .change("zoom", self.now, |look| *look.span_mut() = span);
            return;
        }
        let Some(whole) = self.workbench.full_stream_span() else {
            return;
        };
        let span = span.within(whole, 1);
        self.workbench.change("zoom", self.now, |look| {
            look.stream_span = (span != whole).then_some(span);
        });
    }

    /// Shows a tab of the inspector, and the inspector if it is hidden.
    pub(super) fn show_inspector(&mut self, tab: InspectorTab) {
        self.workbench
            .change("inspector", self.now, |look| look.inspector = tab);
        self.window.open_inspector();
    }

    /// Plots a field.
    pub(super) fn plot(&mut self, field: FieldChoice) {
        self.workbench.change("plot", self.now, |look| {
            look.field = Some(field);
            look.view = ViewKind::Projections;
        });
        self.workbench.projecting.plotting.shown = None;
    }

    /// Puts the event at the playhead on the clipboard, as it is stored; over a plot a picture of that.
    pub(super) fn copy_event(&mut self, ctx: &egui::Context) {
        let over = ctx.pointer_hover_pos();
        if place_of(ctx, Part::Plot).is_some_and(|plot| over.is_some_and(|at| plot.contains(at))) {
            self.picture_wanted = Some((Part::Plot, None));
            return;
        }
        if self.copy_chosen() {
            return;
        }
        if let Some(cell) = pointed(ctx).filter(|cell| !cell.is_empty()) {
            ctx.copy_text(cell);
            self.say("The cell under the pointer is on the clipboard");
            return;
        }
        let Some(key) = self.workbench.event_key() else {
            return;
        };
        let Some(Ok(detail)) = self.workbench.answers.event.for_key(&key).fresh() else {
            return;
        };
        match &detail.data {
            Payload::Json(text) | Payload::Text(text) => ctx.copy_text(text.to_string()),
            Payload::Missing | Payload::Bytes(_) => return,
        }
        self.say("The event's data is on the clipboard");
    }

    /// Puts a reference such as `shop-events.db#861204` on the clipboard.
    pub(super) fn copy_reference(&mut self, ctx: &egui::Context) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let reference = format!(
            "{}#{}",
            history.about.name(),
            self.workbench.look().playhead.0
        );
        ctx.copy_text(reference.clone());
        self.say(format!("{reference} is on the clipboard"));
    }
}
