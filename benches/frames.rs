//! What a frame costs: layout and tessellation of the whole window on the CPU, without a display, for
//! each view at 1.2 and 10 million events, while nothing happens, the playhead is dragged, the
//! timeline is zoomed, a list is scrolled, and the history plays.
//!
//! Work of the threads is not counted: it is done between the frames. `ANNALS_BENCH_EVENTS=300000`
//! measures one size only.

mod support;

use std::sync::Arc;

use annals::app::{App, Setup};
use annals::event::{
    EventDetail, EventReader, Payload, Place, Position, Problems, ReadError, Timestamp, Want,
};
use annals::history::{History, HistoryAbout};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::ui::theme;
use annals::workbench::{Action, Span, ViewKind};
use egui::{Context, Event, Pos2, RawInput, Rect, Theme, Vec2, ViewportId};
use support::columns::log_of;
use support::{Figure, Numbers, percentile, thread_cpu};

/// Frames of each kind.
const FRAMES: u32 = 120;
/// The goals: milliseconds at the median and at the 99th percentile, and vertices.
const GOALS: [f64; 2] = [4.0, 8.0];
const VERTICES: usize = 150_000;
const SIZE: Vec2 = Vec2::new(1600.0, 1000.0);

/// Reads made-up payloads, a different one for each place.
struct MadeUp;

impl EventReader for MadeUp {
    fn read(
        &self,
        places: &[Place],
        _want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (index, place) in places.iter().enumerate() {
            let at = place.at;
            let text = format!(
                "{{\"total\":{at}.50,\"status\":\"paid\",\"lines\":[{{\"sku\":\"A-{at}\",\"qty\":{}}}]}}",
                at % 9
            );
            let detail = EventDetail {
                data: Payload::Json(text.as_str().into()),
                ..EventDetail::default()
            };
            if !each(index, Ok(detail)) {
                return;
            }
        }
    }
}

fn history(n_events: u32) -> Arc<History> {
    Arc::new(History {
        log: log_of(n_events),
        reader: Arc::new(MadeUp),
        problems: Problems::default(),
        about: HistoryAbout::default(),
        n_snapshots: 0,
        snapshots: Vec::new(),
        consumers: Vec::new(),
        is_complete: true,
    })
}

/// What happens in a frame before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Idle,
    Scrub,
    Zoom,
    Scroll,
    Play,
}

struct Bench {
    app: App,
    ctx: Context,
    nr: u32,
    numbers: Numbers,
    n_events: u32,
}

impl Bench {
    fn new(history: &Arc<History>) -> Self {
        let mut app = App::new(Setup {
            runner: Runner::inline(),
            settings_path: None,
            wall_clock: || Timestamp(1_700_000_000_000_000_000),
            rules: None,
            options: OpenOptions::default(),
            is_steady: true,
        });
        app.show_history(history);
        let ctx = Context::default();
        theme::install(&ctx);
        ctx.set_theme(Theme::Dark);
        Self {
            app,
            ctx,
            nr: 0,
            numbers: Numbers(5),
            n_events: u32::try_from(history.log.len()).unwrap_or(u32::MAX),
        }
    }

    /// One frame: the milliseconds that it took, and its vertices.
    fn frame(&mut self, what: What) -> (f64, usize) {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(f64::from(self.nr) / 60.0),
            ..RawInput::default()
        };
        input.viewports.entry(ViewportId::ROOT).or_default();
        self.nr += 1;
        self.ask(what, &mut input);
        let app = &mut self.app;
        let mut logic = 0.0;
        let start = thread_cpu();
        let ctx = self.ctx.clone();
        let mut output = self.ctx.run_ui(input, |ui| {
            let start = thread_cpu();
            app.logic(&ctx);
            logic += thread_cpu() - start;
            app.ui(ui);
        });
        // Nobody draws.
        output.textures_delta.clear();
        let shapes = output.shapes;
        let primitives = self.ctx.tessellate(shapes, output.pixels_per_point);
        let took = (thread_cpu() - start - logic) * 1000.0;
        let vertices = primitives
            .iter()
            .map(|primitive| match &primitive.primitive {
                egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
                egui::epaint::Primitive::Callback(_) => 0,
            });
        (took, vertices.sum())
    }

    fn ask(&mut self, what: What, input: &mut RawInput) {
        let events = u64::from(self.n_events);
        let any = |numbers: &mut Numbers| u32::try_from(numbers.below(events)).unwrap_or(0);
        match what {
            What::Idle | What::Play => {}
            What::Scrub => {
                let position = Position(any(&mut self.numbers));
                self.app.send(Action::MovePlayhead(position));
            }
            What::Zoom => {
                let Some(full) = self.app.workbench().full_time_span() else {
                    return;
                };
                let length = full.len() >> (self.nr % 20);
                let room = u64::try_from(full.len() - length).unwrap_or(0).max(1);
                let from = full.from + i64::try_from(self.numbers.below(room)).unwrap_or(0);
                let to = from + length.max(1);
                self.app.send(Action::SetSpan(Span { from, to }));
            }
            What::Scroll => {
                let over = Pos2::new(SIZE.x * 0.5, SIZE.y * 0.8);
                input.events.push(Event::PointerMoved(over));
                input.events.push(Event::MouseWheel {
                    unit: egui::MouseWheelUnit::Point,
                    delta: Vec2::new(0.0, -240.0),
                    phase: egui::TouchPhase::Move,
                    modifiers: egui::Modifiers::NONE,
                    source: egui::MouseWheelSource::Wheel,
                });
            }
        }
    }

    fn measure(&mut self, what: What) -> ([f64; 2], usize) {
        for _ in 0..10 {
            self.frame(What::Idle);
        }
        if what == What::Play {
            self.app.send(Action::First);
            self.app.send(Action::TogglePlay);
        }
        let frames: Vec<(f64, usize)> = (0..FRAMES).map(|_| self.frame(what)).collect();
        if what == What::Play {
            self.app.send(Action::TogglePlay);
        }
        let mut times: Vec<f64> = frames.iter().map(|(time, _)| *time).collect();
        let most = frames.iter().map(|(_, vertices)| *vertices).max();
        let figures = [0.5, 0.99].map(|share| percentile(&mut times, share));
        (figures, most.unwrap_or(0))
    }
}

const VIEWS: [(ViewKind, &str); 5] = [
    (ViewKind::Explore, "Explore"),
    (ViewKind::Projections, "Projections"),
    (ViewKind::Audit, "Audit"),
    (ViewKind::Graph, "Graph"),
    (ViewKind::Report, "Report"),
];
const WHATS: [What; 5] = [
    What::Idle,
    What::Scrub,
    What::Zoom,
    What::Scroll,
    What::Play,
];

fn main() {
    let asked = std::env::var("ANNALS_BENCH_EVENTS").ok();
    let asked = asked.and_then(|text| text.parse::<u32>().ok());
    let sizes = asked.map_or_else(|| vec![1_200_000, 10_000_000], |n_events| vec![n_events]);
    let mut figures = Vec::new();
    for n_events in sizes {
        let history = history(n_events);
        for (view, name) in VIEWS {
            let mut bench = Bench::new(&history);
            bench.app.send(Action::ShowView(view));
            for what in WHATS {
                let (times, vertices) = bench.measure(what);
                for ((time, goal), which) in times.into_iter().zip(GOALS).zip(["median", "p99"]) {
                    figures.push(Figure {
                        name: String::leak(format!("{name}, {what:?}, {n_events} events, {which}")),
                        ours: time,
                        floor: goal,
                        unit: "ms",
                    });
                }
                assert!(
                    vertices <= VERTICES,
                    "{name}, {what:?}: {vertices} vertices"
                );
            }
        }
    }
    support::write("frames", &figures);
}
