//! Opens the window with the arguments it was given, and says what to install where that fails.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::read_rules;
use crate::event::Timestamp;
use crate::job::Runner;
use crate::source::OpenOptions;
use crate::ui::theme::{self, size};
use crate::workbench::Action;

use super::app::{App, Setup};

/// What the window is opened with.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// The file to be opened, or several as one history.
    pub files: Vec<PathBuf>,
    /// Whether to open the sample history.
    pub demo: bool,
    /// Rules for states, without code.
    pub rules: Option<PathBuf>,
    /// What the user wants of reading otherwise than what is found.
    pub options: OpenOptions,
}

/// Opens the window and returns when it is closed.
pub fn run(args: Args) -> anyhow::Result<()> {
    let rules = args.rules.as_deref().map(read_rules).transpose()?;
    let made = move |creation: &eframe::CreationContext<'_>| {
        let ctx = creation.egui_ctx.clone();
        theme::install(&ctx);
        let waking = ctx.clone();
        let mut app = App::new(Setup {
            runner: Runner::with_threads(Arc::new(move || waking.request_repaint())),
            settings_path: settings_path(),
            wall_clock: system_time,
            rules,
            options: args.options,
            is_steady: false,
        });
        app.show_theme(&ctx);
        app.begin_session(!args.files.is_empty() || args.demo);
        if !args.files.is_empty() {
            app.send(Action::OpenPaths(args.files));
        } else if args.demo {
            app.send(Action::OpenSample);
        }
        Ok(Box::new(app) as Box<dyn eframe::App>)
    };
    let Err(error) = eframe::run_native("annals", options(), Box::new(made)) else {
        return Ok(());
    };
    tracing::debug!(%error, "run_native");
    if ran_with_software(&error) {
        return Ok(());
    }
    Err(anyhow::anyhow!(
        "the window could not be opened: {error}\nIt needs an X11 or Wayland display and OpenGL. On Debian and Ubuntu: apt install libgl1 libgl1-mesa-dri libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0. Without a display, annals --screenshot and the subcommands work"
    ))
}

/// Tells Mesa to draw on the CPU.
const SOFTWARE: &str = "LIBGL_ALWAYS_SOFTWARE";

/// Where the graphics card cannot be used though there is a display, begins once more with Mesa's
/// drawing on the CPU, and says whether that came to a good end.
///
/// An event loop cannot be made twice in a process, so it is another process.
fn ran_with_software(error: &eframe::Error) -> bool {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .map(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let is_of_graphics = matches!(
        error,
        eframe::Error::Glutin(_) | eframe::Error::NoGlutinConfigs(..) | eframe::Error::OpenGL(_)
    );
    let is_of_use = cfg!(target_os = "linux")
        && is_of_graphics
        && has_display.contains(&true)
        && std::env::var_os(SOFTWARE).is_none();
    let Some(program) = std::env::current_exe().ok().filter(|_| is_of_use) else {
        return false;
    };
    tracing::warn!(%error, "the graphics card cannot be used: drawing on the CPU");
    let ended = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(SOFTWARE, "1")
        .status();
    // Where it has not, it has said why.
    ended.is_ok_and(|status| status.success())
}

fn options() -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_app_id("annals")
        .with_title("Annals")
        .with_inner_size(size::REFERENCE_WINDOW)
        .with_min_inner_size(size::MIN_WINDOW)
        .with_icon(icon());
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        centered: true,
        persist_window: false,
        ..eframe::NativeOptions::default()
    }
}

/// The mark, as a picture for the system.
fn icon() -> egui::IconData {
    const PNG: &[u8] = include_bytes!("../../assets/icons/annals-256.png");
    eframe::icon_data::from_png_bytes(PNG).unwrap_or_default()
}

/// Where the settings are kept: the platform's folder for a program's data.
pub fn settings_path() -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = if cfg!(target_os = "windows") {
        set("APPDATA")
    } else if cfg!(target_os = "macos") {
        std::env::home_dir().map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".local/share")))
    };
    Some(folder?.join("annals").join("settings.json"))
}

/// The system's time of day.
pub(super) fn system_time() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
