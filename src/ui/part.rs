//! Pictures of parts of the window, drawn by our own raster: what a plot's picture is made of.
//!
//! A panel says where its part stands in each frame ([`note`]); [`picture_of`] draws what the frame has
//! put there so far.

use egui::epaint::ImageDelta;
use egui::{Context, Id, LayerId, Rect, TextureId, TexturesDelta};
use image::RgbaImage;

use super::raster::Raster;
use super::theme::tokens;

/// A part of the window that has a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The plot.
    Plot,
    /// The timeline.
    Timeline,
}

fn id(part: Part) -> Id {
    Id::unique(("part of the window", part))
}

/// Says where a part stands in this frame; of several of a kind the first counts, which is the upper one.
pub fn note(ctx: &Context, part: Part, rect: Rect) {
    let frame = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| {
        let known = data.get_temp::<(u64, Rect)>(id(part));
        if known.is_none_or(|(before, _)| before != frame) {
            data.insert_temp(id(part), (frame, rect));
        }
    });
}

/// Where a part stands; `None` where it was not drawn in this frame or the one before.
pub fn place_of(ctx: &Context, part: Part) -> Option<Rect> {
    let (frame, rect): (u64, Rect) = ctx.data(|data| data.get_temp(id(part)))?;
    let age = ctx.cumulative_pass_nr().saturating_sub(frame);
    (age <= 1 && rect.is_positive()).then_some(rect)
}

/// The picture of a part as it was drawn in this frame, in the pixels of the screen; call after drawing.
pub fn picture_of(ctx: &Context, part: Part) -> Option<RgbaImage> {
    let rect = place_of(ctx, part)?;
    let scale = ctx.pixels_per_point();
    let shapes = ctx.graphics(|layers| {
        let list = layers.get(LayerId::background())?;
        let inside = list
            .all_entries()
            .filter(|shape| shape.clip_rect.intersects(rect));
        Some(inside.cloned().collect::<Vec<_>>())
    })?;
    let mut raster = Raster::default();
    let letters = ctx.fonts(|fonts| fonts.image());
    let options = egui::TextureOptions::LINEAR;
    let mut delta = TexturesDelta::default();
    let all = [ImageDelta::full(letters, options)];
    delta
        .set
        .insert(TextureId::default(), all.into_iter().collect());
    raster.apply(&mut delta);
    let primitives = ctx.tessellate(shapes, scale);
    let size = ctx.content_rect().max * scale;
    let window = raster.render(
        &primitives,
        scale,
        [pixels(size.x), pixels(size.y)],
        tokens(ctx).panel,
    );
    let (from, sides) = (rect.min * scale, rect.size() * scale);
    let (left, top) = (pixels(from.x), pixels(from.y));
    let width = pixels(sides.x).min(window.width().saturating_sub(left));
    let height = pixels(sides.y).min(window.height().saturating_sub(top));
    let part = image::imageops::crop_imm(&window, left, top, width.max(1), height.max(1));
    Some(part.to_image())
}

/// A length in pixels that a picture can have.
fn pixels(length: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let whole = length.round().clamp(0.0, 16_384.0) as u32;
    whole
}
