//! What all tests of the interface share: a window without a screen, drawn by our own raster.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::ui::raster::Raster;
use annals::ui::theme;
use egui::{Context, FullOutput, TexturesDelta, Theme, Ui, UiBuilder, Vec2};
use egui_kittest::{Harness, HarnessBuilder, TestRenderer};
use image::RgbaImage;

/// Lets `egui_kittest` draw with our own raster: no display, no graphics card, the same everywhere.
#[derive(Default)]
pub struct Soft(Raster);

impl TestRenderer for Soft {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.apply(delta);
        self.0.free(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let pixels_per_point = output.pixels_per_point;
        let primitives = ctx.tessellate(output.shapes.clone(), pixels_per_point);
        let size = ctx.content_rect().size() * pixels_per_point;
        let background = theme::tokens(ctx).panel;
        let size = [size.x, size.y].map(|side| format!("{side:.0}").parse().unwrap());
        Ok(self
            .0
            .render(&primitives, pixels_per_point, size, background))
    }
}

/// A harness with our fonts, our theme and our raster, that is not yet built.
pub fn builder<State>(
    size: impl Into<Vec2>,
    theme: Theme,
    pixels_per_point: f32,
) -> HarnessBuilder<State> {
    Harness::<State>::builder()
        .with_size(size)
        .with_theme(theme)
        .with_pixels_per_point(pixels_per_point)
        .with_context_setup(theme::install)
        .with_render_cursor(false)
        .renderer(Soft::default())
}

/// A window that shows one interface over its whole size, with the state it works on.
pub fn harness<'a, State: 'a>(
    size: impl Into<Vec2>,
    theme: Theme,
    pixels_per_point: f32,
    state: State,
    mut draw: impl FnMut(&mut Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    builder(size, theme, pixels_per_point).build_ui_state(
        move |ui, state| {
            // The harness leaves a margin; we do not.
            let whole = UiBuilder::new().max_rect(ui.ctx().content_rect());
            let mut whole = ui.new_child(whole);
            whole.shrink_clip_rect(ui.ctx().content_rect());
            draw(&mut whole, state);
        },
        state,
    )
}
