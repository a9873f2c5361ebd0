//! The program: reads the arguments, opens the window or answers without one.

use std::io::{BufWriter, Write as _, stderr, stdout};
use std::process::ExitCode;

use annals::cli::{Outcome, run};

fn main() -> ExitCode {
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    match run(std::env::args_os(), &mut out, &mut stderr()) {
        Outcome::Exit(code) => {
            out.flush().ok();
            ExitCode::from(code)
        }
        Outcome::Window(_) => {
            // Here `annals::app::run(window)` opens the window.
            writeln!(
                stderr(),
                "annals: the window is not part of this build; `annals --help` lists what is"
            )
            .ok();
            ExitCode::from(2)
        }
    }
}
