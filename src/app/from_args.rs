//! The arguments of the program to what opens the window, or draws it into a picture.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::cli::WindowArgs;

use super::picture::{PictureAsk, parse_size, parse_view, screenshot};
use super::run::{Args, run};

/// Opens the window that the arguments ask for, or draws it.
pub fn start(args: WindowArgs) -> anyhow::Result<()> {
    let options = args.options()?;
    if let Some(out) = &args.screenshot {
        return draw(&args, out);
    }
    run(Args {
        files: args.files,
        demo: args.demo,
        rules: args.rules,
        options,
    })
}

fn draw(args: &WindowArgs, out: &Path) -> anyhow::Result<()> {
    let size = args
        .size
        .as_deref()
        .map(parse_size)
        .transpose()
        .map_err(anyhow::Error::msg)?;
    let view = args
        .view
        .as_deref()
        .map(parse_view)
        .transpose()
        .map_err(anyhow::Error::msg)?;
    let scale = args.scale.unwrap_or(1.0);
    if !(0.5..=4.0).contains(&scale) {
        bail!("a scale is a number from 0.5 to 4");
    }
    let plain = PictureAsk::default();
    let picture = screenshot(&PictureAsk {
        size: size.unwrap_or(plain.size),
        scale,
        theme: match args.theme.as_deref() {
            Some("light") => egui::Theme::Light,
            _ => egui::Theme::Dark,
        },
        view,
        stream: args.stream.clone(),
        as_of: args.as_of.clone(),
        files: args.files.clone(),
        demo: args.demo,
        rules: args.rules.clone(),
        options: args.options()?,
        ..plain
    })?;
    picture
        .save(out)
        .with_context(|| format!("the picture could not be written\nFile: {}", out.display()))
}
