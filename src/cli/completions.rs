//! What a shell needs to complete the arguments, made of their grammar.

use std::io::Write;

use clap::{Args, ValueEnum};
use clap_complete::{Shell, generate};

/// For which shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Known,
}

/// The shells that are known.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Known {
    Bash,
    Zsh,
    Fish,
}

pub(super) fn run(
    args: &CompletionsArgs,
    grammar: &mut clap::Command,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let shell = match args.shell {
        Known::Bash => Shell::Bash,
        Known::Zsh => Shell::Zsh,
        Known::Fish => Shell::Fish,
    };
    let mut text = Vec::new();
    generate(shell, grammar, "annals", &mut text);
    out.write_all(&text)?;
    Ok(0)
}
