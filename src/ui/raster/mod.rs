//! Draws egui's triangles on the processor, without a window, a display or a graphics card.
//!
//! Used by `--screenshot`, for pictures of plots in reports and by the tests, so that the same
//! program gives the same picture on every machine. The window itself is drawn by OpenGL;
//! the two differ by a rounding step at most.
//!
//! [`Raster`] holds the textures and paints one frame. [`Offscreen`] runs a user interface
//! through it; [`render_ui`] does that in one call.

mod offscreen;
mod texture;
mod triangle;

use std::collections::HashMap;

use egui::epaint::Primitive;
use egui::{ClippedPrimitive, Color32, Mesh, TextureId, TexturesDelta};
use image::RgbaImage;

pub use offscreen::{Offscreen, render_ui};
use texture::Texture;
use triangle::{Area, Target};

/// The textures of one egui context, and the painter that uses them.
#[derive(Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

impl Raster {
    /// Takes over new and changed textures; call before [`Self::render`].
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        #[expect(
            clippy::iter_over_hash_type,
            reason = "the order between textures does not matter; within one it is kept"
        )]
        for (id, changes) in delta.set.drain() {
            let texture = self.textures.entry(id).or_default();
            for change in &changes {
                texture.change(change);
            }
        }
    }

    /// Drops the textures that are no longer used; call after [`Self::render`].
    pub fn free(&mut self, delta: &mut TexturesDelta) {
        self.textures.retain(|id, _| !delta.free.contains(id));
        delta.free.clear();
    }

    /// Paints the primitives of one frame over `background`, on `size` pixels (width, height).
    /// Paint callbacks are left out: they ask for a graphics card.
    #[must_use]
    pub fn render(
        &self,
        primitives: &[ClippedPrimitive],
        pixels_per_point: f32,
        size: [u32; 2],
        background: Color32,
    ) -> RgbaImage {
        let mut target = Target::new(size, background);
        for primitive in primitives {
            if let Primitive::Mesh(mesh) = &primitive.primitive {
                let clip = target.clip(primitive.clip_rect, pixels_per_point);
                self.mesh(&mut target, mesh, clip, pixels_per_point);
            }
        }
        target.into_image()
    }

    fn mesh(&self, target: &mut Target, mesh: &Mesh, clip: Area, pixels_per_point: f32) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else {
            return;
        };
        let bounds = mesh.calc_bounds();
        if clip.is_empty() || !target.clip(bounds, pixels_per_point).touches(clip) {
            return;
        }
        for corners in mesh.indices.as_chunks::<3>().0 {
            let corner = |i: u32| mesh.vertices.get(usize::try_from(i).ok()?);
            if let (Some(a), Some(b), Some(c)) =
                (corner(corners[0]), corner(corners[1]), corner(corners[2]))
            {
                target.triangle(texture, [a, b, c], pixels_per_point, clip);
            }
        }
    }
}
