//! The program: reads the arguments, opens the window or answers without one.

use std::io::{BufWriter, Write as _, stderr, stdout};
use std::process::ExitCode;

use annals::cli::{Outcome, run};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    log_to_stderr();
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    match run(std::env::args_os(), &mut out, &mut stderr()) {
        Outcome::Exit(code) => {
            out.flush().ok();
            ExitCode::from(code)
        }
        Outcome::Window(args) => match annals::app::start(*args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                writeln!(stderr(), "annals: {error:#}").ok();
                ExitCode::from(2)
            }
        },
    }
}

/// `ANNALS_LOG=info` shows what the program does; without it only what went wrong.
fn log_to_stderr() {
    let filter =
        EnvFilter::try_from_env("ANNALS_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .init();
}
