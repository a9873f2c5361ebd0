//! The loop: answers in, actions applied, what is stale asked for, then the window drawn.
//!
//! [`App`] holds everything; `apply` has one arm for each action, `absorb` one for each outcome,
//! `refresh` compares keys and asks for what is stale, `open` opens and closes, `report` saves. [`start`]
//! opens the window that the arguments ask for, [`screenshot`] draws it without a display.

mod absorb;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod app;
mod apply;
mod ask;
mod audit;
mod branch;
mod check_script;
mod chosen;
mod compare;
mod export;
mod first_frame;
mod from_args;
mod go;
mod graph;
mod keep;
mod kept_look;
mod kept_marks;
mod kept_sample;
mod live;
mod map;
mod notes;
mod open;
mod picture;
mod play;
mod plot;
mod project;
mod reducer;
mod refresh;
mod report;
mod run;
mod session;
mod settings;
mod template;
mod travel;
mod wish;

pub use app::{App, Setup};
pub use from_args::start;
pub use picture::{PictureAsk, parse_size, parse_view, screenshot};
pub use run::{Args, run, settings_path};
