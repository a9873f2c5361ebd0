//! The timeline panel, driven by label and role: what it says, what it asks for, how it looks.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use annals::event::{
    EventDetail, EventReader, Place, Problems, ReadError, Timestamp, Version, Want,
};
use annals::fold::Merge;
use annals::history::{
    Axis, Grouping, History, HistoryAbout, LogBuilder, NewEvent, PartRules, SnapshotMark,
};
use annals::ui::View;
use annals::ui::panels::timeline::TimelinePanel;
use annals::workbench::{Action, Span, Workbench};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Theme, TouchPhase, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

mod support;

/// Reads nothing: the timeline needs no payload.
struct NoReader;

impl EventReader for NoReader {
    fn read(
        &self,
        _: &[Place],
        _: Want,
        _: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
    }
}

/// The sample history: a shop over eighteen months.
fn shop() -> Arc<History> {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/demo/events.jsonl"
    ))
    .unwrap();
    let events = text.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| event[key].as_str().unwrap().to_owned();
        let time = Timestamp::parse(&word("time")).unwrap();
        (word("stream"), word("type"), Some(time.time))
    });
    history(events)
}

fn history(events: impl Iterator<Item = (String, String, Option<Timestamp>)>) -> Arc<History> {
    let mut builder = LogBuilder::of(PartRules {
        without_versions: true,
        counts_missing: false,
        ..PartRules::default()
    });
    builder.note_digits(3);
    for (stream, event_type, time) in events {
        builder
            .push(&NewEvent {
                stream: stream.as_bytes(),
                category: None,
                version: None,
                event_type: event_type.as_bytes(),
                time,
                place: Place::at(0),
            })
            .unwrap();
    }
    let log = builder.finish();
    let marks = log
        .streams()
        .filter(|stream| log.events_of(*stream).len() > 3);
    let snapshots: Vec<_> = marks
        .map(|stream| SnapshotMark {
            stream,
            version: Version(2),
        })
        .collect();
    Arc::new(History {
        n_snapshots: snapshots.len() as u64,
        consumers: Vec::new(),
        log,
        reader: Arc::new(NoReader),
        problems: Problems::default(),
        about: HistoryAbout::default(),
        snapshots,
        is_complete: true,
    })
}

/// What the panel is shown with, and what it asked for.
struct Desk {
    workbench: Workbench,
    panel: TimelinePanel,
    asked: Vec<Action>,
    now: Duration,
}

impl Desk {
    fn new(history: Option<Arc<History>>) -> Self {
        let mut workbench = Workbench::new(Arc::new(Merge));
        if let Some(history) = history {
            workbench.take_history(history, Arc::new(Merge));
        }
        Self {
            workbench,
            panel: TimelinePanel::default(),
            asked: Vec::new(),
            now: Duration::ZERO,
        }
    }

    /// Shows a frame with the tools above, and does what was asked, as the program does.
    fn frame(&mut self, ui: &mut egui::Ui) {
        let (actions, previews) = (RefCell::default(), RefCell::default());
        self.now += Duration::from_secs(1);
        let clock = (self.now, 1.0);
        let view = View::new(&self.workbench, &[], &[], clock, (&actions, &previews));
        ui.spacing_mut().item_spacing.y = 0.0;
        let tabs = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 32.0), tabs, |ui| {
            let room = ui.available_width();
            TimelinePanel::tools_ui(ui, &view, room);
        });
        self.panel.ui(ui, &view);
        for action in actions.into_inner() {
            self.apply(&action);
            self.asked.push(action);
        }
    }

    fn apply(&mut self, action: &Action) {
        let now = self.now;
        let full = [
            self.workbench.full_time_span(),
            self.workbench.full_sequence_span(),
        ];
        let position = self.workbench.look().playhead;
        match action {
            Action::MovePlayhead(position) | Action::SelectEvent(position) => {
                self.workbench.move_to(*position, now);
            }
            Action::Step(by) => {
                let step = self.workbench.look().step;
                self.workbench.step(step, *by, now);
            }
            Action::StepEvents(by) => {
                let step = annals::workbench::StepKind::Event;
                self.workbench.step(step, *by, now);
            }
            Action::First => self.workbench.move_to(annals::event::Position(0), now),
            Action::GoTo(text) => {
                let digits = text.trim_start_matches('#').replace(',', "");
                let to = digits.parse().map_or(position, annals::event::Position);
                self.workbench.move_to(to, now);
            }
            other => self.workbench.change("test", now, |look| match other {
                Action::SetSpan(span) => *look.span_mut() = *span,
                Action::SelectStream(stream) => look.selection.stream = *stream,
                Action::SelectType(of) => look.selection.event_type = *of,
                Action::SetGrouping(grouping) => look.grouping = *grouping,
                Action::SetHeight(height) => look.height = *height,
                Action::SetAxis(axis) => look.axis = *axis,
                Action::Fit => {
                    look.time_span = full[0].unwrap_or(look.time_span);
                    look.sequence_span = full[1].unwrap_or(look.sequence_span);
                }
                Action::ToggleCategory(category) => {
                    let was_open = look.open_categories.remove(category);
                    look.open_categories
                        .extend((!was_open).then_some(*category));
                }
                _ => {}
            }),
        }
    }
}

const SIZE: [f32; 2] = [840.0, 430.0];

fn window(theme: Theme, desk: Desk) -> Harness<'static, Desk> {
    sized(SIZE, theme, desk)
}

fn sized(size: [f32; 2], theme: Theme, desk: Desk) -> Harness<'static, Desk> {
    let mut harness =
        support::harness(size, theme, 1.0, desk, |ui, desk: &mut Desk| desk.frame(ui));
    harness.run_steps(3);
    harness
}

fn open(theme: Theme) -> Harness<'static, Desk> {
    window(theme, Desk::new(Some(shop())))
}

fn time(text: &str) -> i64 {
    Timestamp::parse(text).unwrap().time.0
}

fn wheel(harness: &mut Harness<'_, Desk>, at: Pos2, delta: Vec2, modifiers: Modifiers) {
    harness.hover_at(at);
    harness.step();
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers,
    });
    harness.run_steps(12);
}

/// Pictures to look at, where `PICTURES` names a folder for them.
#[test]
fn pictures_are_written_on_request() {
    let Some(dir) = std::env::var_os("PICTURES").map(std::path::PathBuf::from) else {
        return;
    };
    for theme in [Theme::Dark, Theme::Light] {
        let save = |harness: &mut Harness<'_, Desk>, name: &str| {
            let path = dir.join(format!("{name}_{theme:?}.png"));
            harness.render().unwrap().save(path).unwrap();
        };
        let mut desk = Desk::new(Some(shop()));
        let log = &desk.workbench.history.as_ref().unwrap().log;
        let at = log
            .last_at_time(Timestamp(time("2024-03-12T14:32:07Z")))
            .unwrap();
        let stream = log.stream(at);
        desk.workbench.move_to(at, Duration::ZERO);
        let mut all = window(theme, desk);
        save(&mut all, "all");
        all.state_mut()
            .workbench
            .change("test", Duration::ZERO, |look| {
                look.time_span = Span {
                    from: time("2024-02-04T12:00:00Z"),
                    to: time("2024-04-14T12:00:00Z"),
                };
                look.selection.stream = Some(stream);
                let history = shop();
                look.open_categories
                    .insert(history.log.stream_info(stream).category);
            });
        all.run_steps(2);
        save(&mut all, "weeks");
        all.state_mut()
            .workbench
            .change("test", Duration::ZERO, |look| {
                look.axis = Axis::Sequence;
                let at = i64::from(look.playhead.0);
                look.sequence_span = Span {
                    from: at - 300,
                    to: at + 100,
                };
            });
        all.run_steps(2);
        save(&mut all, "sequence");
        all.state_mut()
            .workbench
            .change("test", Duration::ZERO, |look| {
                look.axis = Axis::Time;
                look.grouping = Grouping::Type;
                look.height = annals::workbench::Height::Log;
                look.time_span = Span {
                    from: time("2024-03-12T12:00:00Z"),
                    to: time("2024-03-12T19:12:00Z"),
                };
            });
        all.run_steps(2);
        save(&mut all, "hours");
        all.state_mut()
            .workbench
            .change("test", Duration::ZERO, |look| {
                look.grouping = Grouping::Category;
                look.time_span = Span {
                    from: time("2024-03-01T12:00:00Z"),
                    to: time("2024-03-21T19:12:00Z"),
                };
            });
        all.hover_at(pos2(420.0, 320.0));
        all.run_steps(60);
        save(&mut all, "hover");
        all.state_mut()
            .workbench
            .change("test", Duration::ZERO, |look| {
                look.open_categories.clear();
                let history = shop();
                let order = history.log.streams_named("order-1226");
                look.selection.stream = order.first().copied();
                let near = history.log.events_of(order[0]);
                look.playhead = annals::event::Position(near[near.len() / 2]);
                let category = history.log.stream_info(order[0]).category;
                look.open_categories.insert(category);
                look.axis = Axis::Sequence;
                let at = i64::from(look.playhead.0);
                look.sequence_span = Span {
                    from: at - 60,
                    to: at + 40,
                };
            });
        all.run_steps(2);
        save(&mut all, "order");
        let mut none = window(theme, Desk::new(None));
        save(&mut none, "none");
        let mut narrow = sized([480.0, 300.0], theme, Desk::new(Some(shop())));
        save(&mut narrow, "narrow");
    }
}

fn playhead(harness: &Harness<'_, Desk>) -> u32 {
    harness.state().workbench.look().playhead.0
}

fn span(harness: &Harness<'_, Desk>) -> Span {
    harness.state().workbench.look().span()
}

/// Presses at `from`, moves to `to` in some steps, and lets go.
fn drag(harness: &mut Harness<'_, Desk>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for nr in 1_u8..=4 {
        harness.hover_at(from + (to - from) * f32::from(nr) / 4.0);
        harness.step();
    }
    harness.drop_at(to);
    harness.run_steps(2);
}

fn click(harness: &mut Harness<'_, Desk>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
    harness.drop_at(at);
    harness.run_steps(2);
}

fn ruler(harness: &Harness<'_, Desk>) -> egui::Rect {
    harness
        .get_by_role_and_label(Role::Slider, "Playhead")
        .rect()
}

#[test]
fn lanes_are_named_with_their_counts_largest_first() {
    let harness = open(Theme::Dark);
    let order = "order, 1,740 events, 1,740 in view, closed, 1 of 12";
    let first = harness.get_by_role_and_label(Role::ListItem, order).rect();
    let sensor = "sensor, 842 events, 842 in view, closed, 2 of 12";
    let second = harness.get_by_role_and_label(Role::ListItem, sensor).rect();
    assert_eq!(first.bottom(), second.top());
    assert_eq!(first.height(), 32.0);
}

#[test]
fn a_click_on_a_lane_opens_it_and_another_one_closes_it() {
    let mut harness = open(Theme::Dark);
    let closed = "order, 1,740 events, 1,740 in view, closed, 1 of 12";
    harness
        .get_by_role_and_label(Role::ListItem, closed)
        .click();
    harness.run_steps(2);
    let opened = "order, 1,740 events, 1,740 in view, open, 1 of 12";
    let lane = harness.get_by_role_and_label(Role::ListItem, opened);
    assert_eq!(lane.accesskit_node().data().is_expanded(), Some(true));
    assert!(harness.query_by_label_contains("more streams").is_some());
    lane.click();
    harness.run_steps(2);
    assert!(
        harness
            .query_by_role_and_label(Role::ListItem, closed)
            .is_some()
    );
}

#[test]
fn a_click_on_a_stream_chooses_it() {
    let mut harness = open(Theme::Dark);
    let lane = harness.get_by_label_contains("customer, ");
    lane.click();
    harness.run_steps(2);
    let streams: Vec<_> = harness
        .get_all_by_role(Role::ListItem)
        .filter(|node| {
            node.accesskit_node()
                .label()
                .is_some_and(|name| name.contains(", at v"))
        })
        .map(|node| node.rect())
        .collect();
    assert!(!streams.is_empty() && streams.len() <= 4);
    click(&mut harness, streams[0].center());
    let selected = harness.state().workbench.look().selection.stream;
    assert!(selected.is_some());
    click(&mut harness, streams[0].center());
    assert_eq!(harness.state().workbench.look().selection.stream, None);
}

#[test]
fn dragging_on_the_ruler_moves_the_playhead() {
    let mut harness = open(Theme::Dark);
    assert_eq!(playhead(&harness), 4_312);
    let ruler = ruler(&harness);
    drag(
        &mut harness,
        pos2(300.0, ruler.center().y),
        pos2(500.0, ruler.center().y),
    );
    let desk = harness.state();
    let at = desk.workbench.look().playhead;
    let time = desk
        .workbench
        .history
        .as_ref()
        .unwrap()
        .log
        .time(at)
        .unwrap();
    let share = f64::from((500.0 - ruler.left()) / ruler.width());
    let pointed = span(&harness).at(share);
    let per_point = span(&harness).len() / 672;
    assert!(
        (time.0 - pointed).abs() < 8 * per_point,
        "{}",
        time.rfc3339(0)
    );
    let moves = desk
        .asked
        .iter()
        .filter(|action| matches!(action, Action::MovePlayhead(_)));
    assert!(
        moves.count() >= 3,
        "the playhead follows while the button is down"
    );
}

#[test]
fn the_wheel_zooms_and_keeps_the_moment_under_the_pointer() {
    let mut harness = open(Theme::Dark);
    let full = span(&harness);
    let part = ruler(&harness);
    let at = pos2(412.0, 240.0);
    let moment = |harness: &Harness<'_, Desk>| {
        let share = f64::from((at.x - part.left()) / part.width());
        span(harness).at(share)
    };
    let before = moment(&harness);
    for _ in 0..6 {
        wheel(&mut harness, at, vec2(0.0, 120.0), Modifiers::NONE);
    }
    assert!(span(&harness).len() < full.len() / 8, "zoomed in");
    let per_point = full.len() / 672;
    assert!((moment(&harness) - before).abs() < per_point / 4);
    for _ in 0..12 {
        wheel(&mut harness, at, vec2(0.0, -120.0), Modifiers::NONE);
    }
    assert_eq!(span(&harness), full, "nothing is shown beyond the history");
}

#[test]
fn the_wheel_pans_sideways() {
    let mut harness = open(Theme::Dark);
    let at = pos2(412.0, 240.0);
    wheel(&mut harness, at, vec2(0.0, 400.0), Modifiers::NONE);
    let before = span(&harness);
    wheel(&mut harness, at, vec2(-60.0, 0.0), Modifiers::NONE);
    let after = span(&harness);
    assert_eq!(after.len(), before.len());
    assert!(after.from > before.from);
}

#[test]
fn the_wheel_over_labels_scrolls_the_lanes() {
    let mut harness = open(Theme::Dark);
    let before = span(&harness);
    assert!(harness.query_by_label_contains("order, 1,740").is_some());
    wheel(
        &mut harness,
        pos2(60.0, 240.0),
        vec2(0.0, -300.0),
        Modifiers::NONE,
    );
    assert!(harness.query_by_label_contains("order, 1,740").is_none());
    assert!(harness.query_by_label_contains(", 12 of 12").is_some());
    assert_eq!(span(&harness), before);
}

#[test]
fn a_click_on_lanes_puts_the_playhead_at_the_last_event_not_after_that_moment() {
    let mut harness = open(Theme::Dark);
    let part = ruler(&harness);
    // A column of the first lane, whose dots are too many to be told apart.
    click(&mut harness, pos2(400.0, 132.0));
    let share = f64::from((400.0 - part.left()) / part.width());
    let moment = span(&harness).at(share);
    let log = &harness.state().workbench.history.as_ref().unwrap().log;
    let rank = log.rank_before_time(Timestamp(moment + 1));
    assert_eq!(
        Some(playhead(&harness)),
        log.position_by_time(rank - 1).map(|at| at.0)
    );
}

#[test]
fn a_double_click_on_a_column_zooms_in_until_events_are_single() {
    let mut harness = open(Theme::Dark);
    let full = span(&harness);
    let at = pos2(400.0, 132.0);
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false, true, false] {
        harness.input_mut().events.push(Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    harness.run_steps(3);
    let zoomed = span(&harness);
    assert!(
        zoomed.len() < full.len() / 8,
        "{}",
        full.len() / zoomed.len()
    );
    assert!(zoomed.len() > full.len() / 100_000);
}

#[test]
fn the_brush_is_moved_resized_and_drawn_anew() {
    let mut harness = open(Theme::Dark);
    let full = span(&harness);
    let minimap = ruler(&harness).center().y - 42.0;
    // A new range: the brush covers all, so its edges are taken first.
    let right = ruler(&harness).right();
    drag(
        &mut harness,
        pos2(right - 1.0, minimap),
        pos2(500.0, minimap),
    );
    let cut = span(&harness);
    assert_eq!(cut.from, full.from);
    assert!(cut.to < full.to);
    drag(&mut harness, pos2(300.0, minimap), pos2(400.0, minimap));
    let moved = span(&harness);
    assert_eq!(moved.len(), cut.len());
    assert!(moved.from > cut.from);
    drag(&mut harness, pos2(700.0, minimap), pos2(760.0, minimap));
    let drawn = span(&harness);
    assert!(drawn.from > moved.to && drawn.len() < full.len() / 8);
}

#[test]
fn keys_move_the_playhead_and_the_edges_of_the_range() {
    let mut harness = open(Theme::Dark);
    harness
        .get_by_role_and_label(Role::Slider, "Playhead")
        .focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert_eq!(playhead(&harness), 4_311);
    let before = span(&harness);
    harness.get_by_label("Visible range start").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert!(span(&harness).from > before.from && span(&harness).to == before.to);
}

#[test]
fn the_playhead_says_where_it_stands() {
    let mut harness = open(Theme::Dark);
    harness.get_by_label("First event").click();
    harness.run_steps(2);
    let node = harness.get_by_role_and_label(Role::Slider, "Playhead");
    assert_eq!(
        node.accesskit_node().value().unwrap(),
        "2 January 2023 07:20:00 UTC, position 0 of 4,313. StockReceived, inventory-2208 version 0"
    );
    let node = harness.get_by_label("Visible range end");
    let value = node.accesskit_node().value().unwrap();
    assert!(value.ends_with("July 2024"), "{value}");
}

#[test]
fn a_position_written_into_its_field_is_gone_to() {
    let mut harness = open(Theme::Dark);
    harness.get_by_label("Position").click();
    harness.run_steps(2);
    harness.get_by_label("Position").type_text("#1,234");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let asked = &harness.state().asked;
    assert!(
        asked.contains(&Action::GoTo("#1,234".to_owned())),
        "{asked:?}"
    );
    assert_eq!(playhead(&harness), 1_234);
}

#[test]
fn lanes_can_be_types_and_the_axis_positions() {
    let mut harness = open(Theme::Dark);
    let node = harness.get_all_by_role(Role::RadioButton);
    let types: Vec<_> = node
        .filter(|node| node.accesskit_node().label().as_deref() == Some("Type"))
        .map(|node| node.rect())
        .collect();
    click(&mut harness, types[0].center());
    let first = "ReadingTaken, 804 events, 804 in view, 1 of ";
    harness.get_by_label_contains(first).click();
    harness.get_by_label("Sequence").click();
    harness.run_steps(2);
    let look = harness.state().workbench.look();
    assert_eq!((look.grouping, look.axis), (Grouping::Type, Axis::Sequence));
    assert!(look.selection.event_type.is_some());
}

#[test]
fn without_times_the_sequence_is_shown_and_says_why() {
    let events = (0..40).map(|nr| (format!("order-{}", nr % 3), "Placed".to_owned(), None));
    let mut harness = window(Theme::Dark, Desk::new(Some(history(events))));
    let time = harness
        .get_by_role_and_label(Role::RadioButton, "Time")
        .rect();
    assert!(
        harness
            .get_by_role_and_label(Role::RadioButton, "Time")
            .accesskit_node()
            .is_disabled()
    );
    assert!(
        harness
            .query_by_label("order, 40 events, 40 in view, closed, 1 of 1")
            .is_some()
    );
    harness.hover_at(time.center());
    harness.run_steps(60);
    assert!(
        harness
            .query_by_label_contains("No event of this history has a time")
            .is_some()
    );
}

#[test]
fn shift_on_the_lane_of_all_small_categories_selects_only_their_events() {
    let events = (0..140_u32).map(|nr| {
        let name = if nr % 20 == 7 {
            format!("small{nr}-1")
        } else {
            format!("large{}-1", nr % 63)
        };
        (name, "Placed".to_owned(), None)
    });
    let mut harness = sized(
        [900.0, 2600.0],
        Theme::Dark,
        Desk::new(Some(history(events))),
    );
    let rect_of = |harness: &Harness<'_, Desk>, role: Role, begins: &str| {
        let mut nodes = harness.get_all_by_role(role);
        let found = nodes.find(|node| {
            let label = node.accesskit_node().label();
            label.is_some_and(|label| label.starts_with(begins))
        });
        found.unwrap().rect()
    };
    let y = rect_of(&harness, Role::ListItem, "7 others, ").center().y;
    let ruler = rect_of(&harness, Role::Slider, "Playhead");
    let span = harness.state().workbench.look().sequence_span;
    let x = |at: f32| {
        let per_event = ruler.width() / span.len() as f32;
        ruler.left() + (at + 0.5 - span.from as f32) * per_event
    };
    for (at, modifiers) in [(27.0, Modifiers::NONE), (87.0, Modifiers::SHIFT)] {
        let pos = pos2(x(at), y);
        harness.hover_at(pos);
        harness.event(Event::ModifiersChanged(modifiers));
        harness.step();
        for pressed in [true, false] {
            harness.input_mut().events.push(Event::PointerButton {
                pos,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers,
            });
            harness.step();
        }
        harness.event(Event::ModifiersChanged(Modifiers::NONE));
        harness.run_steps(20);
    }
    let asked = harness.state().asked.last().cloned();
    let Some(Action::ChooseUntil(until, among)) = asked else {
        panic!("{asked:?}");
    };
    assert_eq!((playhead(&harness), until.0), (27, 87));
    let bench = &mut harness.state_mut().workbench;
    assert!(bench.choose_until(until, among, Duration::from_mins(15)));
    let chosen = bench.look().selection.chosen.as_ref().unwrap();
    assert_eq!(&*chosen.events, [27, 47, 67, 87]);
}

#[test]
fn nothing_open_is_said_in_two_lines() {
    let harness = window(Theme::Dark, Desk::new(None));
    let label = "No history is open. Open a store or a log to see its events over time";
    assert!(harness.query_by_label(label).is_some());
    let empty = history(std::iter::empty());
    let harness = window(Theme::Dark, Desk::new(Some(empty)));
    let label = "No events. Nothing in the file could be read as an event";
    assert!(harness.query_by_label(label).is_some());
}

#[test]
fn a_playhead_moved_out_of_view_is_brought_back() {
    let mut harness = open(Theme::Dark);
    let at = pos2(300.0, 240.0);
    wheel(&mut harness, at, vec2(0.0, 500.0), Modifiers::NONE);
    let away = span(&harness);
    harness.get_by_label("First event").click();
    harness.run_steps(3);
    assert_ne!(span(&harness), away);
    assert!(span(&harness).contains(time("2023-01-02T07:20:00Z")));
}

fn small_picture(theme: Theme, name: &str) {
    let mut desk = Desk::new(Some(shop()));
    desk.workbench.change("test", Duration::ZERO, |look| {
        look.playhead = annals::event::Position(3_398);
        look.time_span = Span {
            from: time("2024-02-04T12:00:00Z"),
            to: time("2024-04-14T12:00:00Z"),
        };
        let history = shop();
        let stream = history.log.stream(look.playhead);
        look.selection.stream = Some(stream);
        let category = history.log.stream_info(stream).category;
        look.open_categories.insert(category);
    });
    let mut harness = sized([560.0, 320.0], theme, desk);
    harness.snapshot(name);
}

#[test]
fn the_timeline_looks_as_drawn_in_the_dark() {
    small_picture(Theme::Dark, "timeline_dark");
}

#[test]
fn the_timeline_looks_as_drawn_in_the_light() {
    small_picture(Theme::Light, "timeline_light");
}
