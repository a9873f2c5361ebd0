//! The transport bar: moving the playhead by steps, playing, and saying where it stands.

use egui::{Align, CornerRadius, Id, Layout, Stroke, Ui, UiBuilder, vec2};

use super::timeline::when;
use crate::history::{Axis, Clock, EventLog};
use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::menu::dropdown;
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, Speed, StepKind, StreamAxis};

/// Widths of the parts with the gaps around them: what has no room is left out.
const MOVES: f32 = 184.0;
const STEPS: f32 = 170.0;
const CAPTION: f32 = 34.0;
const SPEED: f32 = 88.0;
const AXIS: f32 = 128.0;
const STREAM_AXIS: f32 = 92.0;
const STREAM_AXIS_WIDE: f32 = 190.0;
/// Width of a digit of the fields' face, and of the space beside their text.
const DIGIT: f32 = 7.2;
const BESIDE: f32 = 18.0;
const NO_TIMES: &str = "No event of this history has a time";
const NO_EVENTS: &str = "There are no events yet";

/// Shows the bar in all the space there is; 40 points are meant.
pub fn transport_ui(ui: &mut Ui, view: &View<'_>) {
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let t = tokens(ui);
    ui.painter().rect_filled(rect, CornerRadius::ZERO, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    let half = 0.5 / ui.ctx().pixels_per_point();
    ui.painter().hline(rect.x_range(), rect.top() + half, line);
    let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
    let row = UiBuilder::new()
        .max_rect(inside)
        .layout(Layout::left_to_right(Align::Center));
    let mut row = ui.new_child(row);
    row.shrink_clip_rect(rect);
    row.spacing_mut().item_spacing.x = 4.0;
    match view.log().filter(|log| !log.is_empty()) {
        Some(log) => contents(&mut row, view, log),
        None => {
            row.add_enabled_ui(false, |ui| moves(ui, view, None));
        }
    }
}

fn contents(ui: &mut Ui, view: &View<'_>, log: &EventLog) {
    let shown = Shown::new(view, log);
    let travels = view.workbench.travelled().is_some();
    let axis_width = if travels { STREAM_AXIS } else { AXIS };
    let mut room = ui.available_width() - MOVES - axis_width - field_width(&shown.position);
    let mut has_room = |width: f32| {
        let fits = width <= room;
        room -= width;
        fits
    };
    let with_steps = has_room(STEPS + if steps_by_field(view) { 42.0 } else { 0.0 });
    let time = shown.time.as_ref();
    let with_time = time.is_some_and(|(time, _)| has_room(field_width(time) + 4.0));
    let with_speed = has_room(SPEED);
    let with_segments = has_room(STREAM_AXIS_WIDE - STREAM_AXIS);
    let with_caption = has_room(CAPTION);

    moves(ui, view, Some(log));
    divider(ui);
    if with_caption {
        let color = tokens(ui).text3;
        ui.label(text::small("Step").color(color));
    }
    if with_steps {
        steps(ui, view);
        ui.add_space(4.0);
    }
    if with_speed {
        speed(ui, view);
        ui.add_space(4.0);
    }
    fields(ui, view, log, &shown, with_time);
    ui.add_space(4.0);
    if travels {
        stream_axis(ui, view, with_segments);
    } else {
        axis(ui, view);
    }
}

fn steps(ui: &mut Ui, view: &View<'_>) {
    let mut step = view.look().step;
    let kinds = [
        (StepKind::Event, "Event"),
        (StepKind::Stream, "Stream"),
        (StepKind::Type, "Type"),
        (StepKind::Field, "Field"),
    ];
    let n_kinds = if steps_by_field(view) { 4 } else { 3 };
    if segments(ui, "Step by", &mut step, &kinds[..n_kinds]) {
        view.send(Action::SetStep(step));
    }
}

/// Whether there is a field by whose changes one could step.
fn steps_by_field(view: &View<'_>) -> bool {
    view.look().step == StepKind::Field || view.look().selection.field.is_some()
}

fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(9.0, 16.0), egui::Sense::hover());
    let line = Stroke::new(size::STROKE, tokens(ui).line_strong);
    ui.painter()
        .vline(rect.center().x.round() + 0.5, rect.y_range(), line);
}

/// First, previous, play or pause, next, last.
fn moves(ui: &mut Ui, view: &View<'_>, log: Option<&EventLog>) {
    let at = view.look().playhead;
    let is_first = at.0 == 0;
    let is_last = log.and_then(EventLog::last).is_none_or(|last| last <= at);
    let before = (!is_first, "This is the first event");
    let after = (!is_last, "This is the last event");
    let (before, after) = match log {
        Some(_) => (before, after),
        None => ((false, NO_EVENTS), (false, NO_EVENTS)),
    };
    // Steps in a stream may lead on from anywhere; by event they end with the history.
    let by_event = view.look().step == StepKind::Event;
    let (back, on) = if by_event || log.is_none() {
        (before, after)
    } else {
        ((true, ""), (true, ""))
    };
    let names = match view.look().step {
        StepKind::Event => ["Previous event", "Next event"],
        StepKind::Stream => ["Previous in stream", "Next in stream"],
        StepKind::Type => ["Previous of type", "Next of type"],
        StepKind::Field => ["Previous change of the field", "Next change of the field"],
    };
    let keys = match view.look().step {
        StepKind::Event => [Action::StepEvents(-1), Action::StepEvents(1)],
        StepKind::Stream => [Action::StepInStream(-1), Action::StepInStream(1)],
        StepKind::Type => [Action::StepInType(-1), Action::StepInType(1)],
        StepKind::Field => [Action::Step(-1), Action::Step(1)],
    };
    let [key_back, key_on] = keys.map(|action| view.key_of(&action));
    let first = (icons::FIRST, "First event", view.key_of(&Action::First));
    press(ui, view, first, Action::First, before);
    press(
        ui,
        view,
        (icons::PREVIOUS, names[0], key_back),
        Action::Step(-1),
        back,
    );
    play(ui, view, log.is_some());
    press(
        ui,
        view,
        (icons::NEXT, names[1], key_on),
        Action::Step(1),
        on,
    );
    let last = (icons::LAST, "Last event", view.key_of(&Action::Last));
    press(ui, view, last, Action::Last, after);
}

fn press(
    ui: &mut Ui,
    view: &View<'_>,
    (icon, name, key): (Icon, &str, &str),
    action: Action,
    (possible, why_not): (bool, &str),
) {
    let button = button::icon_button(icon, name, key).enabled(possible, why_not);
    if ui.add(button).clicked() {
        view.send(action);
    }
}

fn play(ui: &mut Ui, view: &View<'_>, possible: bool) {
    let (icon, name) = if view.workbench.is_playing {
        (icons::PAUSE, "Pause")
    } else {
        (icons::PLAY, "Play")
    };
    let button = button::icon_button(icon, name, view.key_of(&Action::TogglePlay))
        .as_primary()
        .min_width(32.0)
        .enabled(possible, NO_EVENTS);
    if ui.add(button).clicked() {
        view.send(Action::TogglePlay);
    }
}

fn speed(ui: &mut Ui, view: &View<'_>) {
    let labels = Speed::ALL.map(|speed| (speed, speed_label(speed)));
    let choices: Vec<_> = labels
        .iter()
        .map(|(speed, label)| (*speed, label.as_str()))
        .collect();
    let mut chosen = view.workbench.speed;
    if dropdown(ui, "Speed", &mut chosen, &choices) {
        view.send(Action::SetSpeed(chosen));
    }
}

/// `2 ev / s`, `1 h / s`
fn speed_label(speed: Speed) -> String {
    match speed {
        Speed::Events(rate) => format!("{} ev / s", format::count(u64::from(rate))),
        Speed::Time(seconds) => {
            let units = [
                (604_800, "w"),
                (86_400, "d"),
                (3_600, "h"),
                (60, "m"),
                (1, "s"),
            ];
            let unit = units.into_iter().find(|(unit, _)| seconds >= *unit);
            let (unit, name) = unit.unwrap_or((1, "s"));
            format!("{} {name} / s", format::count(u64::from(seconds / unit)))
        }
    }
}

/// Where the playhead stands, as written in the fields.
struct Shown {
    /// The time, and its zone.
    time: Option<(String, String)>,
    position: String,
}

impl Shown {
    fn new(view: &View<'_>, log: &EventLog) -> Self {
        let at = view.look().playhead.min(log.last().unwrap_or_default());
        let (zone, digits) = (view.look().zone, log.time_digits().min(6));
        let write = |time| (when::full(time, zone, digits), zone.label(time));
        Self {
            time: log.time(at).map(write),
            position: format::position(u64::from(at.0)),
        }
    }
}

/// The playhead's time and position; both can be written over.
fn fields(ui: &mut Ui, view: &View<'_>, log: &EventLog, shown: &Shown, with_time: bool) {
    if let Some((time, zone)) = shown.time.as_ref().filter(|_| with_time) {
        let sentence = format!("In {zone}. Write a time to go there");
        let tip = Tip::new("Time of the playhead").sentence(&sentence);
        go_to(ui, view, ("Time", time, tip));
    }
    let n_events = u64::try_from(log.len()).unwrap_or(u64::MAX);
    let sentence = format!(
        "Of {} events, counted from 0. Write a position, a stream or a version to go there",
        format::count(n_events)
    );
    let tip = Tip::new("Position of the playhead").sentence(&sentence);
    go_to(ui, view, ("Position", &shown.position, tip));
}

/// The width of a field that shows this.
fn field_width(shown: &str) -> f32 {
    (shown.chars().count().max(8) as f32 * DIGIT + BESIDE).ceil()
}

/// A field that shows where the playhead is until someone writes into it; Enter goes there.
fn go_to(ui: &mut Ui, view: &View<'_>, (name, shown, tip): (&str, &str, Tip<'_>)) {
    let id = Id::unique(("transport", name));
    let written = ui.data(|data| data.get_temp::<String>(id));
    let mut text = written.clone().unwrap_or_else(|| shown.to_owned());
    let output = Field::new(name)
        .data()
        .small()
        .width(field_width(shown))
        .id(id)
        .show(ui, &mut text);
    if output.response.gained_focus() {
        select_all(ui, id, &text);
    }
    if output.submitted && text.trim() != shown {
        view.send(Action::GoTo(text.trim().to_owned()));
    }
    let is_editing = output.response.has_focus() && !output.submitted && !output.escaped;
    ui.data_mut(|data| {
        if is_editing {
            data.insert_temp(id, text);
        } else {
            data.remove::<String>(id);
        }
    });
    if output.escaped || output.submitted {
        output.response.surrender_focus();
    }
    if !is_editing {
        tip.on(output.response);
    }
}

/// Selects all of the text that a field holds.
pub(in crate::ui) fn select_all(ui: &Ui, id: Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), id);
}

/// Version, time or sequence, in the timeline of a stream; a menu where there is little room.
fn stream_axis(ui: &mut Ui, view: &View<'_>, with_segments: bool) {
    let clock = view.look().clock;
    let mut axis = OfStream::of(view.look().stream_axis, clock);
    let mut choices = vec![(OfStream::Other(StreamAxis::Version), "Version")];
    if view.workbench.full_time_span().is_some() {
        choices.extend(clocks(view).map(|(clock, name)| (OfStream::Time(clock), name)));
    }
    choices.push((OfStream::Other(StreamAxis::Sequence), "Sequence"));
    let is_changed = if with_segments {
        segments(ui, "Axis", &mut axis, &choices)
    } else {
        dropdown(ui, "Axis", &mut axis, &choices)
    };
    if is_changed {
        view.send(match axis {
            OfStream::Time(clock) if view.workbench.has_occurred() => Action::SetClock(clock),
            OfStream::Time(_) => Action::SetStreamAxis(StreamAxis::Time),
            OfStream::Other(axis) => Action::SetStreamAxis(axis),
        });
    }
}

/// The axis of a stream's timeline, with the time that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OfStream {
    Time(Clock),
    Other(StreamAxis),
}

impl OfStream {
    fn of(axis: StreamAxis, clock: Clock) -> Self {
        match axis {
            StreamAxis::Time => Self::Time(clock),
            other => Self::Other(other),
        }
    }
}

/// The times that events have, each with its name.
fn clocks(view: &View<'_>) -> impl Iterator<Item = (Clock, &'static str)> {
    let both = [(Clock::Recorded, "Recorded"), (Clock::Occurred, "Occurred")];
    let (n_shown, only) = if view.workbench.has_occurred() {
        (2, None)
    } else {
        (0, Some((view.look().clock, "Time")))
    };
    both.into_iter().take(n_shown).chain(only)
}

/// Time or sequence; where there is no time, why not.
fn axis(ui: &mut Ui, view: &View<'_>) {
    let has_times = view.workbench.full_time_span().is_some();
    let axis = if has_times {
        view.look().axis
    } else {
        Axis::Sequence
    };
    let mut choices: Vec<_> = clocks(view)
        .map(|(clock, name)| (Some(clock), name))
        .collect();
    choices.push((None, "Sequence"));
    let mut axis = (axis == Axis::Time).then_some(view.look().clock);
    let shown = ui.add_enabled_ui(has_times, |ui| segments(ui, "Axis", &mut axis, &choices));
    if shown.inner {
        view.send(match axis {
            Some(clock) if view.workbench.has_occurred() => Action::SetClock(clock),
            Some(_) => Action::SetAxis(Axis::Time),
            None => Action::SetAxis(Axis::Sequence),
        });
    }
    if !has_times {
        let id = ui.scope_id().with("why there is no time");
        let over = ui.interact(shown.response.rect, id, egui::Sense::hover());
        Tip::new("").sentence(NO_TIMES).on(over);
    }
}
