//! Draws the window without a display: the same application, its jobs run between the frames.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use egui::{Theme, Vec2};
use image::RgbaImage;

use crate::cli::read_rules;
use crate::event::Timestamp;
use crate::history::Point;
use crate::job::Runner;
use crate::source::OpenOptions;
use crate::ui::raster::Offscreen;
use crate::workbench::{Action, InspectorTab, ViewKind};

use super::app::{App, Setup};

/// Frames are drawn until nothing is asked for any more, but not more than this.
const PATIENCE: usize = 40;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct PictureAsk {
    /// The size of the window in points.
    pub size: [f32; 2],
    /// Pixels a point.
    pub scale: f32,
    /// Dark or light.
    pub theme: Theme,
    /// Which view; Explore where none is named.
    pub view: Option<ViewKind>,
    /// A stream whose timeline is shown; one that only `as_of` names is chosen among all lanes.
    pub stream: Option<String>,
    /// The point at which the playhead stands.
    pub as_of: Option<String>,
    /// The file, or several as one history; with neither file nor sample the start screen is drawn.
    pub files: Vec<PathBuf>,
    /// Whether to draw the sample history.
    pub demo: bool,
    /// Rules for states, without code.
    pub rules: Option<PathBuf>,
    /// What the user wants of reading otherwise than what is found.
    pub options: OpenOptions,
    /// The moment from which words such as `yesterday` count.
    pub now: Option<Timestamp>,
}

impl Default for PictureAsk {
    fn default() -> Self {
        Self {
            size: crate::ui::theme::size::REFERENCE_WINDOW,
            scale: 1.0,
            theme: Theme::Dark,
            view: None,
            stream: None,
            as_of: None,
            files: Vec::new(),
            demo: false,
            rules: None,
            options: OpenOptions::default(),
            now: None,
        }
    }
}

/// Reads `1600x1000`: a size in points.
pub fn parse_size(text: &str) -> Result<[f32; 2], String> {
    let sides = text.split_once('x').and_then(|(width, height)| {
        Some([width.parse::<u16>().ok()?, height.parse::<u16>().ok()?])
    });
    match sides {
        Some([width, height])
            if (320..=16_000).contains(&width) && (240..=16_000).contains(&height) =>
        {
            Ok([f32::from(width), f32::from(height)])
        }
        _ => Err(format!(
            "\"{text}\" is no size: write 1600x1000, at least 320x240"
        )),
    }
}

/// Reads the name of a view.
pub fn parse_view(text: &str) -> Result<ViewKind, String> {
    match text {
        "explore" => Ok(ViewKind::Explore),
        "projections" => Ok(ViewKind::Projections),
        "audit" => Ok(ViewKind::Audit),
        "graph" => Ok(ViewKind::Graph),
        "report" => Ok(ViewKind::Report),
        _ => Err(format!(
            "there is no view \"{text}\": choose explore, projections, audit, graph or report"
        )),
    }
}

/// Draws the window.
pub fn screenshot(ask: &PictureAsk) -> anyhow::Result<RgbaImage> {
    let rules = ask.rules.as_deref().map(read_rules).transpose()?;
    let mut app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: super::run::system_time,
        rules,
        options: ask.options.clone(),
        is_steady: true,
    });
    let mut offscreen = Offscreen::new(Vec2::from(ask.size), ask.scale, ask.theme);
    let opens = match (ask.files.as_slice(), ask.demo) {
        ([], true) => Some(Action::OpenSample),
        ([], false) => None,
        (files, _) => Some(Action::OpenPaths(files.to_vec())),
    };
    if let Some(action) = opens {
        app.send(action);
        draw(&mut app, &mut offscreen);
        if app.workbench().history.is_none() {
            let said = app
                .workbench()
                .messages
                .last()
                .map(|message| message.text.clone());
            bail!(said.unwrap_or_else(|| "the file could not be opened".to_owned()));
        }
        place(&app, ask)?;
    }
    draw(&mut app, &mut offscreen);
    Ok(offscreen.picture())
}

/// Sends what leads to the view, the stream and the point that were asked for.
fn place(app: &App, ask: &PictureAsk) -> anyhow::Result<()> {
    let log = &app
        .workbench()
        .history
        .as_ref()
        .context("nothing is open")?
        .log;
    let stream = match &ask.stream {
        Some(name) => Some(log.find_stream(name, None)?),
        None => None,
    };
    if let Some(text) = &ask.as_of {
        let now = ask.now.unwrap_or_else(super::run::system_time);
        let point = Point::parse(text, now, app.workbench().look().zone)?;
        let found = point.resolve_as_of(log, None)?;
        app.send(Action::MovePlayhead(found.position));
        if found.occurred.is_some() {
            // Goes to the same place, and shows what was known of the time before the other.
            app.send(Action::GoTo(text.clone()));
        }
        if let (None, Some(name)) = (stream, point.stream_name()) {
            app.send(Action::SelectStream(log.find_stream(name, None).ok()));
            app.send(Action::ShowInspector(InspectorTab::State));
        }
    }
    if let Some(stream) = stream {
        app.send(Action::OpenStream(stream));
    }
    if let Some(view) = ask.view {
        app.send(Action::ShowView(view));
        if view == ViewKind::Projections && ask.demo {
            app.send(Action::RunProjection);
        }
    }
    Ok(())
}

/// Draws frames until the application has come to rest.
fn draw(app: &mut App, offscreen: &mut Offscreen) {
    for nr in 0..PATIENCE {
        let ctx = offscreen.ctx().clone();
        let wait = offscreen.frame(|ui| {
            app.logic(&ctx);
            app.ui(ui);
        });
        if nr >= 4 && !wait.is_zero() {
            break;
        }
    }
}
