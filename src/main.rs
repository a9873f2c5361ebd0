//! The program: reads the arguments, opens the window or answers without one.

use std::io::{BufWriter, Write as _, stderr, stdout};
use std::process::ExitCode;
use std::time::Duration;

use annals::cli::{Outcome, Stopping, may_be_ended, run, stop};
use tracing_subscriber::EnvFilter;

/// How long what runs may take to end after Ctrl+C, where it leaves no half of a file.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    log_to_stderr();
    // A second Ctrl+C ends the process as it is; so does the first where nothing looks at it, and where
    // what runs does not come to an end: reading from a pipe that gives nothing.
    ctrlc::set_handler(|| {
        if stop() == Stopping::ByItself {
            std::thread::sleep(PATIENCE);
            if !may_be_ended() {
                return;
            }
        }
        std::process::exit(130);
    })
    .ok();
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
