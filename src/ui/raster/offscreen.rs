//! Running a user interface without a window.
//!
//! [`Offscreen`] is for whoever must wait for work between the frames; [`render_ui`] for the rest.
//! The clock starts at 0 and advances by a fixed step, so the same input gives the same picture.

use std::time::Duration;

use egui::{Context, FullOutput, Pos2, RawInput, Rect, Theme, Ui, Vec2, ViewportId};
use image::RgbaImage;

use super::Raster;
use crate::ui::theme;

/// Time from one frame to the next, in seconds.
const STEP: f64 = 0.25;
/// So many frames are run at least: sizes are known in the second, popups in the third.
const SETTLE: usize = 3;
/// So many frames are run at most, for an interface that never comes to rest.
const PATIENCE: usize = 12;

/// A window that nobody sees.
pub struct Offscreen {
    ctx: Context,
    raster: Raster,
    size: Vec2,
    pixels_per_point: f32,
    n_frames: u32,
    last: Option<FullOutput>,
}

impl Offscreen {
    /// A window of `size` points with our fonts and the given theme.
    /// `pixels_per_point` is 1 for an ordinary screen, 2 for a sharp one.
    #[must_use]
    pub fn new(size: Vec2, pixels_per_point: f32, theme: Theme) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        ctx.set_theme(theme);
        ctx.all_styles_mut(|style| {
            style.animation_time = 0.0;
            style.visuals.text_cursor.blink = false;
        });
        Self {
            ctx,
            raster: Raster::default(),
            size,
            pixels_per_point,
            n_frames: 0,
            last: None,
        }
    }

    /// The context, for an application that wants to be made with one.
    #[must_use]
    pub fn ctx(&self) -> &Context {
        &self.ctx
    }

    /// Runs one frame. Returns how long the interface is content to wait for the next;
    /// zero while it is still settling.
    pub fn frame(&mut self, mut draw: impl FnMut(&mut Ui)) -> Duration {
        self.forget_last();
        let mut output = self.ctx.run_ui(self.input(), |ui| draw(ui));
        self.n_frames += 1;
        self.raster.apply(&mut output.textures_delta);
        let wait = output
            .viewport_output
            .get(&ViewportId::ROOT)
            .map_or(Duration::MAX, |viewport| viewport.repaint_delay);
        self.last = Some(output);
        wait
    }

    /// Runs frames until the interface has come to rest.
    pub fn settle(&mut self, mut draw: impl FnMut(&mut Ui)) {
        for nr in 1..=PATIENCE {
            let wait = self.frame(&mut draw);
            if nr >= SETTLE && !wait.is_zero() {
                break;
            }
        }
    }

    /// Paints the last frame.
    #[must_use]
    pub fn picture(&self) -> RgbaImage {
        let Some(output) = &self.last else {
            return RgbaImage::default();
        };
        let primitives = self
            .ctx
            .tessellate(output.shapes.clone(), output.pixels_per_point);
        let background = theme::tokens(&self.ctx).panel;
        let size = [self.size.x, self.size.y].map(|side| pixels(side * self.pixels_per_point));
        self.raster
            .render(&primitives, output.pixels_per_point, size, background)
    }

    fn input(&self) -> RawInput {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(f64::from(self.n_frames) * STEP),
            ..RawInput::default()
        };
        let viewport = input.viewports.entry(ViewportId::ROOT).or_default();
        viewport.native_pixels_per_point = Some(self.pixels_per_point);
        input
    }

    /// Drops the textures that were used for the last time in the frame before.
    fn forget_last(&mut self) {
        if let Some(mut output) = self.last.take() {
            self.raster.free(&mut output.textures_delta);
        }
    }
}

impl Drop for Offscreen {
    fn drop(&mut self) {
        self.forget_last();
    }
}

/// The picture of a user interface on `size` points, once it has come to rest.
#[must_use]
pub fn render_ui(
    size: Vec2,
    pixels_per_point: f32,
    theme: Theme,
    draw: impl FnMut(&mut Ui),
) -> RgbaImage {
    let mut offscreen = Offscreen::new(size, pixels_per_point, theme);
    offscreen.settle(draw);
    offscreen.picture()
}

/// A length in pixels, between 1 and what an image can hold.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped before it is converted"
)]
fn pixels(length: f32) -> u32 {
    length.round().clamp(1.0, 32_768.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::text;

    fn sample(theme: Theme) -> RgbaImage {
        render_ui(egui::vec2(120.0, 40.0), 1.5, theme, |ui| {
            ui.label(text::data("861,204"));
            ui.button("Open").clicked();
        })
    }

    #[test]
    fn the_same_interface_gives_the_same_picture() {
        let picture = sample(Theme::Dark);
        assert_eq!(picture.dimensions(), (180, 60));
        assert_eq!(picture, sample(Theme::Dark));
        assert_ne!(picture, sample(Theme::Light));
    }

    #[test]
    fn the_background_is_opaque_and_text_is_on_it() {
        let picture = sample(Theme::Light);
        assert!(picture.pixels().all(|pixel| pixel.0[3] == 255));
        let ground = picture.get_pixel(179, 59);
        let inked = picture.pixels().filter(|pixel| *pixel != ground).count();
        assert!(inked > 200, "{inked}");
    }
}
