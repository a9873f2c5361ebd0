//! The timeline panel, driven by label and role: what it says, what it asks for, how it looks.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use annals::event::{EventDetail, EventReader, Place, Problems, ReadError, Timestamp, Version, Want};
use annals::fold::Merge;
use annals::history::{Axis, Grouping, History, HistoryAbout, LogBuilder, NewEvent, SnapshotMark};
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
    let mut builder = LogBuilder::default().without_versions(true);
    builder.note_digits(3);
    for (stream, event_type, time) in events {
        builder
            .push(&NewEvent {
                stream: stream.as_bytes(),
                category: None,
                version: None,
                event_type: event_type.as_bytes(),
                time,
                place: Place(0),
            })
            .unwrap();
    }
    let log = builder.finish();
    let marks = log.streams().filter(|stream| log.events_of(*stream).len() > 3);
    let snapshots: Vec<_> = marks
        .map(|stream| SnapshotMark {
            stream,
            version: Version(2),
        })
        .collect();
    Arc::new(History {
        n_snapshots: snapshots.len() as u64,
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
            TimelinePanel::tools_ui(ui, &view);
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
            Action::MovePlayhead(position) => self.workbench.move_to(*position, now),
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
                    if !look.open_categories.remove(category) {
                        look.open_categories.insert(*category);
                    }
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
    let mut harness = support::harness(size, theme, 1.0, desk, |ui, desk: &mut Desk| desk.frame(ui));
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

#[test]
#[ignore = "writes pictures to look at"]
fn pictures_to_look_at() {
    let dir = std::path::PathBuf::from(std::env::var("PICTURES").unwrap());
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
        all.state_mut().workbench.change("test", Duration::ZERO, |look| {
            look.time_span = Span {
                from: time("2024-02-04T12:00:00Z"),
                to: time("2024-04-14T12:00:00Z"),
            };
            look.selection.stream = Some(stream);
            let history = shop();
            look.open_categories.insert(history.log.stream_info(stream).category);
        });
        all.run_steps(2);
        save(&mut all, "weeks");
        all.state_mut().workbench.change("test", Duration::ZERO, |look| {
            look.axis = Axis::Sequence;
            let at = i64::from(look.playhead.0);
            look.sequence_span = Span {
                from: at - 300,
                to: at + 100,
            };
        });
        all.run_steps(2);
        save(&mut all, "sequence");
        all.state_mut().workbench.change("test", Duration::ZERO, |look| {
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
        all.state_mut().workbench.change("test", Duration::ZERO, |look| {
            look.grouping = Grouping::Category;
            look.time_span = Span {
                from: time("2024-03-01T12:00:00Z"),
                to: time("2024-03-21T19:12:00Z"),
            };
        });
        all.hover_at(pos2(420.0, 320.0));
        all.run_steps(60);
        save(&mut all, "hover");
        let mut none = window(theme, Desk::new(None));
        save(&mut none, "none");
        let mut narrow = sized([480.0, 300.0], theme, Desk::new(Some(shop())));
        save(&mut narrow, "narrow");
    }
}
