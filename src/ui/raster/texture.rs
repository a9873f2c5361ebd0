//! A texture in memory, and looking it up as a graphics card would.

use egui::epaint::{ImageData, ImageDelta};
use egui::{Color32, TextureFilter, TextureOptions, TextureWrapMode};

/// Pixels with premultiplied alpha, row by row.
#[derive(Default)]
pub(super) struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    /// Replaces the whole texture or a part of it.
    pub(super) fn change(&mut self, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        self.options = delta.options;
        let Some([left, top]) = delta.pos else {
            [self.width, self.height] = image.size;
            self.pixels.clone_from(&image.pixels);
            return;
        };
        for (row, pixels) in image.pixels.chunks(image.width().max(1)).enumerate() {
            let start = (top + row) * self.width + left;
            if let Some(part) = self.pixels.get_mut(start..start + pixels.len()) {
                part.copy_from_slice(pixels);
            }
        }
    }

    /// Width and height in texels.
    pub(super) fn size(&self) -> [f32; 2] {
        [self.width as f32, self.height as f32]
    }

    /// The color at a place given in texels, each channel 0 to 255, premultiplied.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a texture is far smaller than 2^31; what lies outside is clamped or wrapped"
    )]
    pub(super) fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        if self.options.magnification == TextureFilter::Nearest {
            return self.texel(x.floor() as i32, y.floor() as i32);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_part, below_part) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        // Glyphs stand on whole pixels: then one texel is the answer.
        const NEGLIGIBLE: f32 = 1.0 / 512.0;
        if right_part < NEGLIGIBLE && below_part < NEGLIGIBLE {
            return self.texel(left, top);
        }
        let above = mix(self.texel(left, top), self.texel(left + 1, top), right_part);
        let below = mix(
            self.texel(left, top + 1),
            self.texel(left + 1, top + 1),
            right_part,
        );
        mix(above, below, below_part)
    }

    fn texel(&self, x: i32, y: i32) -> [f32; 4] {
        let wrap = self.options.wrap_mode;
        let at = wrapped(y, self.height, wrap) * self.width + wrapped(x, self.width, wrap);
        let color = self.pixels.get(at).copied().unwrap_or_default();
        color.to_array().map(f32::from)
    }
}

/// The index inside `0..len` that a texel outside of it stands for.
fn wrapped(i: i32, len: usize, mode: TextureWrapMode) -> usize {
    let len = i32::try_from(len).unwrap_or(i32::MAX).max(1);
    let inside = match mode {
        TextureWrapMode::ClampToEdge => i.clamp(0, len - 1),
        TextureWrapMode::Repeat => i.rem_euclid(len),
        TextureWrapMode::MirroredRepeat => {
            let twice = i.rem_euclid(2 * len);
            twice.min(2 * len - 1 - twice)
        }
    };
    usize::try_from(inside).unwrap_or(0)
}

fn mix(a: [f32; 4], b: [f32; 4], part: f32) -> [f32; 4] {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_clamped_or_wrapped() {
        use TextureWrapMode::{ClampToEdge, MirroredRepeat, Repeat};
        assert_eq!(
            [-1, 0, 3, 9].map(|i| wrapped(i, 4, ClampToEdge)),
            [0, 0, 3, 3]
        );
        assert_eq!([-1, 0, 3, 4].map(|i| wrapped(i, 4, Repeat)), [3, 0, 3, 0]);
        assert_eq!(
            [-1, 3, 4, 7, 8].map(|i| wrapped(i, 4, MirroredRepeat)),
            [0, 3, 3, 0, 0]
        );
    }
}
