//! Filling triangles: which pixels a triangle covers, and what color they get.
//!
//! Corners are rounded to 1/256 of a pixel; a pixel is covered when its middle is inside, and on
//! an edge when that is a top or a left edge. So two triangles with a common edge cover every
//! pixel once. Colors are multiplied and blended in gamma space with premultiplied alpha,
//! as egui's own painters do.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixel coordinates are clamped to the target before they are converted"
)]

use egui::epaint::{Vertex, WHITE_UV};
use egui::{Color32, Rect};
use image::RgbaImage;

use super::texture::Texture;

/// Parts of a pixel.
const PARTS: i64 = 256;
/// No corner is further out than this many pixels, so that products fit in 63 bits.
const FAR: f32 = 2_000_000.0;

/// A rectangle of whole pixels: `left <= x < right`, `top <= y < bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

impl Area {
    pub(super) fn is_empty(self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    /// Do the two have a pixel in common, or lie within one of each other?
    pub(super) fn touches(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }
}

/// The picture while it is painted: premultiplied, row by row.
pub(super) struct Target {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Target {
    pub(super) fn new([width, height]: [u32; 2], background: Color32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            pixels: vec![background.to_array(); width * height],
        }
    }

    /// A clip rectangle in points, rounded to pixels and cut to the picture.
    pub(super) fn clip(&self, rect: Rect, pixels_per_point: f32) -> Area {
        let at = |points: f32, end: usize| {
            ((points * pixels_per_point).round().clamp(0.0, end as f32)) as i64
        };
        Area {
            left: at(rect.min.x, self.width),
            top: at(rect.min.y, self.height),
            right: at(rect.max.x, self.width),
            bottom: at(rect.max.y, self.height),
        }
    }

    /// The finished picture, with straight alpha.
    pub(super) fn into_image(mut self) -> RgbaImage {
        for pixel in &mut self.pixels {
            if pixel[3] != 255 && pixel[3] != 0 {
                let alpha = u32::from(pixel[3]);
                for channel in &mut pixel[..3] {
                    *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
                }
            }
        }
        let bytes = self.pixels.into_flattened();
        RgbaImage::from_raw(self.width as u32, self.height as u32, bytes).unwrap_or_default()
    }

    /// Fills one triangle.
    pub(super) fn triangle(
        &mut self,
        texture: &Texture,
        corners: [&Vertex; 3],
        pixels_per_point: f32,
        clip: Area,
    ) {
        let Some(shape) = Shape::new(corners, pixels_per_point) else {
            return;
        };
        let paint = Paint::new(&shape, texture);
        if matches!(paint, Paint::Nothing) {
            return;
        }
        let (top, bottom) = shape.rows();
        for y in top.max(clip.top)..bottom.min(clip.bottom) {
            let (left, right) = shape.span(y, clip.left, clip.right);
            if left < right {
                let start = y as usize * self.width;
                let row = &mut self.pixels[start + left as usize..start + right as usize];
                paint.fill(row, left, y);
            }
        }
    }
}

/// A triangle with its corners in 1/256 pixels, turned clockwise.
struct Shape<'a> {
    vertices: [&'a Vertex; 3],
    x: [i64; 3],
    y: [i64; 3],
    /// Twice the area.
    area: i64,
}

impl<'a> Shape<'a> {
    /// `None` for a triangle without area.
    fn new(vertices: [&'a Vertex; 3], pixels_per_point: f32) -> Option<Self> {
        let fixed = |points: f32| {
            ((points * pixels_per_point).clamp(-FAR, FAR) * PARTS as f32).round() as i64
        };
        let x = vertices.map(|v| fixed(v.pos.x));
        let y = vertices.map(|v| fixed(v.pos.y));
        let area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
        match area.signum() {
            0 => None,
            1 => Some(Self {
                vertices,
                x,
                y,
                area,
            }),
            _ => Some(Self {
                vertices: [vertices[0], vertices[2], vertices[1]],
                x: [x[0], x[2], x[1]],
                y: [y[0], y[2], y[1]],
                area: -area,
            }),
        }
    }

    /// The rows whose middle may be inside.
    fn rows(&self) -> (i64, i64) {
        let top = self.y[0].min(self.y[1]).min(self.y[2]);
        let bottom = self.y[0].max(self.y[1]).max(self.y[2]);
        (top.div_euclid(PARTS), bottom.div_euclid(PARTS) + 1)
    }

    /// The pixels of a row that are inside and within `left..right`.
    fn span(&self, row: i64, left: i64, right: i64) -> (i64, i64) {
        let middle = row * PARTS + PARTS / 2;
        let (mut first, mut end) = (left, right);
        for i in 0..3 {
            let (a, b) = (i, (i + 1) % 3);
            let (dx, dy) = (self.x[b] - self.x[a], self.y[b] - self.y[a]);
            let is_top_or_left = dy < 0 || (dy == 0 && dx > 0);
            // Inside is where  dx * (y - ay) - dy * (x - ax)  is at least this:
            let least = i64::from(!is_top_or_left);
            let at_row = dx * (middle - self.y[a]) - least;
            if dy > 0 {
                let last = self.x[a] + at_row.div_euclid(dy);
                end = end.min((last - PARTS / 2).div_euclid(PARTS) + 1);
            } else if dy < 0 {
                let start = self.x[a] - at_row.div_euclid(-dy);
                first = first.max((start + PARTS / 2 - 1).div_euclid(PARTS));
            } else if at_row < 0 {
                return (0, 0);
            }
        }
        (first, end)
    }

    /// A quantity known at the corners, as a plane over the picture.
    fn plane(&self, corners: [f32; 3]) -> Plane {
        let [v0, v1, v2] = corners;
        let parts = PARTS as f32;
        let (dx1, dx2) = (
            (self.x[1] - self.x[0]) as f32,
            (self.x[2] - self.x[0]) as f32,
        );
        let (dy1, dy2) = (
            (self.y[1] - self.y[0]) as f32,
            (self.y[2] - self.y[0]) as f32,
        );
        let area = self.area as f32;
        Plane {
            x0: self.x[0] as f32 / parts,
            y0: self.y[0] as f32 / parts,
            at_origin: v0,
            per_x: ((v1 - v0) * dy2 - (v2 - v0) * dy1) * parts / area,
            per_y: ((v2 - v0) * dx1 - (v1 - v0) * dx2) * parts / area,
        }
    }
}

/// A value that changes evenly over the picture.
#[derive(Clone, Copy)]
struct Plane {
    x0: f32,
    y0: f32,
    at_origin: f32,
    per_x: f32,
    per_y: f32,
}

impl Plane {
    /// The value in the middle of a pixel.
    fn at(&self, x: i64, y: i64) -> f32 {
        let (x, y) = (x as f32 + 0.5 - self.x0, y as f32 + 0.5 - self.y0);
        self.at_origin + self.per_x * x + self.per_y * y
    }
}

/// Where a triangle's color comes from; the common cases have a short way.
enum Paint<'a> {
    /// Wholly transparent.
    Nothing,
    /// One opaque color.
    Opaque([u8; 4]),
    /// One color with alpha.
    Flat([f32; 4]),
    /// Colors of the corners.
    Shaded([Plane; 4]),
    /// One color times a texture: text.
    Tinted([f32; 4], &'a Texture, [Plane; 2]),
    /// Colors of the corners times a texture.
    Textured([Plane; 4], &'a Texture, [Plane; 2]),
}

impl<'a> Paint<'a> {
    fn new(shape: &Shape<'_>, texture: &'a Texture) -> Self {
        let colors = shape.vertices.map(|v| v.color);
        let is_flat = colors[0] == colors[1] && colors[1] == colors[2];
        let is_white = shape.vertices.iter().all(|v| v.uv == WHITE_UV);
        if is_flat && colors[0] == Color32::TRANSPARENT {
            return Self::Nothing;
        }
        let flat = colors[0].to_array();
        let planes = || {
            let channels = colors.map(|color| color.to_array().map(f32::from));
            std::array::from_fn(|i| shape.plane(channels.map(|channel| channel[i])))
        };
        let texels = || {
            let [width, height] = texture.size();
            [
                shape.plane(shape.vertices.map(|v| v.uv.x * width)),
                shape.plane(shape.vertices.map(|v| v.uv.y * height)),
            ]
        };
        match (is_white, is_flat) {
            (true, true) if flat[3] == 255 => Self::Opaque(flat),
            (true, true) => Self::Flat(flat.map(f32::from)),
            (true, false) => Self::Shaded(planes()),
            (false, true) => Self::Tinted(flat.map(f32::from), texture, texels()),
            (false, false) => Self::Textured(planes(), texture, texels()),
        }
    }

    /// Paints the pixels of a row, the first of which is at `left`.
    fn fill(&self, row: &mut [[u8; 4]], left: i64, y: i64) {
        match self {
            Self::Nothing => {}
            Self::Opaque(color) => row.fill(*color),
            Self::Flat(color) => each(row, left, |_| *color),
            Self::Shaded(planes) => each(row, left, |x| color_at(planes, x, y)),
            Self::Tinted(color, texture, [u, v]) => each(row, left, |x| {
                tint(*color, texture.sample(u.at(x, y), v.at(x, y)))
            }),
            Self::Textured(planes, texture, [u, v]) => each(row, left, |x| {
                let texel = texture.sample(u.at(x, y), v.at(x, y));
                tint(color_at(planes, x, y), texel)
            }),
        }
    }
}

fn each(row: &mut [[u8; 4]], left: i64, color: impl Fn(i64) -> [f32; 4]) {
    for (pixel, x) in row.iter_mut().zip(left..) {
        blend(pixel, color(x));
    }
}

fn color_at(planes: &[Plane; 4], x: i64, y: i64) -> [f32; 4] {
    std::array::from_fn(|i| planes[i].at(x, y).clamp(0.0, 255.0))
}

fn tint(color: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| color[i] * texel[i] * (1.0 / 255.0))
}

/// Puts a premultiplied color over a pixel.
fn blend(pixel: &mut [u8; 4], color: [f32; 4]) {
    if color == [0.0; 4] {
        return;
    }
    let keep = 1.0 - color[3] * (1.0 / 255.0);
    for (channel, color) in pixel.iter_mut().zip(color) {
        *channel = (color + f32::from(*channel) * keep + 0.5).min(255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Pos2, pos2};

    fn corner(x: f32, y: f32, color: Color32) -> Vertex {
        Vertex {
            pos: pos2(x, y),
            uv: WHITE_UV,
            color,
        }
    }

    fn paint(target: &mut Target, points: [(f32, f32); 3], color: Color32) {
        let whole = target.clip(Rect::EVERYTHING, 1.0);
        let [a, b, c] = points.map(|(x, y)| corner(x, y, color));
        target.triangle(&Texture::default(), [&a, &b, &c], 1.0, whole);
    }

    fn covered(target: &Target) -> Vec<String> {
        let sign = |pixel: &[u8; 4]| if pixel[3] == 0 { '.' } else { '#' };
        let rows = target.pixels.chunks(target.width);
        rows.map(|row| row.iter().map(sign).collect()).collect()
    }

    #[test]
    fn a_pixel_on_an_edge_belongs_to_the_top_and_the_left() {
        let mut target = Target::new([4, 4], Color32::TRANSPARENT);
        // All edges go through the middles of pixels.
        paint(
            &mut target,
            [(0.5, 0.5), (3.5, 0.5), (0.5, 3.5)],
            Color32::WHITE,
        );
        assert_eq!(covered(&target), ["###.", "##..", "#...", "...."]);
        let mut target = Target::new([4, 4], Color32::TRANSPARENT);
        paint(
            &mut target,
            [(3.5, 0.5), (3.5, 3.5), (0.5, 3.5)],
            Color32::WHITE,
        );
        assert_eq!(covered(&target), ["....", "..#.", ".##.", "...."]);
    }

    #[test]
    fn two_triangles_cover_a_rectangle_once() {
        let half = Color32::WHITE.gamma_multiply(0.5);
        for offset in [0.0, 0.25, 0.5, 0.77] {
            let mut target = Target::new([12, 12], Color32::TRANSPARENT);
            let (a, b) = (1.0 + offset, 10.0 + offset);
            paint(&mut target, [(a, a), (b, a), (b, b)], half);
            paint(&mut target, [(a, a), (b, b), (a, b)], half);
            let count = |color: Color32| {
                let pixels = target.pixels.iter();
                pixels.filter(|pixel| **pixel == color.to_array()).count()
            };
            let painted_and_not = (count(half), count(Color32::TRANSPARENT));
            assert_eq!(painted_and_not, (81, 63), "offset {offset}");
        }
    }

    #[test]
    fn the_turn_of_a_triangle_does_not_matter() {
        let points = [(0.3, 0.2), (7.8, 3.1), (2.2, 7.9)];
        let mut one = Target::new([8, 8], Color32::TRANSPARENT);
        paint(&mut one, points, Color32::WHITE);
        let mut other = Target::new([8, 8], Color32::TRANSPARENT);
        paint(
            &mut other,
            [points[2], points[1], points[0]],
            Color32::WHITE,
        );
        assert_eq!(covered(&one), covered(&other));
    }

    #[test]
    fn nothing_is_painted_outside_the_clip() {
        let mut target = Target::new([6, 4], Color32::TRANSPARENT);
        let clip = target.clip(Rect::from_min_max(pos2(1.4, 0.6), pos2(4.5, 2.4)), 1.0);
        let [a, b, c] = [(-50.0, -50.0), (90.0, -50.0), (-50.0, 90.0)]
            .map(|(x, y)| corner(x, y, Color32::WHITE));
        target.triangle(&Texture::default(), [&a, &b, &c], 1.0, clip);
        assert_eq!(covered(&target), ["......", ".####.", "......", "......"]);
    }

    #[test]
    fn colors_are_blended_in_gamma_space_and_rounded() {
        let mut pixel = [10, 20, 30, 255];
        blend(&mut pixel, [100.0, 50.0, 0.0, 128.0]);
        // 10 * 127/255 = 4.98, 20 * 127/255 = 9.96, 30 * 127/255 = 14.94
        assert_eq!(pixel, [105, 60, 15, 255]);
        blend(&mut pixel, [0.0; 4]);
        assert_eq!(pixel, [105, 60, 15, 255]);
    }

    #[test]
    fn colors_of_the_corners_run_into_each_other() {
        let mut target = Target::new([100, 2], Color32::BLACK);
        let whole = target.clip(Rect::EVERYTHING, 1.0);
        let a = corner(0.0, 0.0, Color32::BLACK);
        let b = corner(100.0, 0.0, Color32::WHITE);
        let c = corner(0.0, 200.0, Color32::BLACK);
        target.triangle(&Texture::default(), [&a, &b, &c], 1.0, whole);
        let reds: Vec<u8> = target.pixels[..100].iter().map(|pixel| pixel[0]).collect();
        assert!(reds.is_sorted());
        assert_eq!((reds[0], reds[50]), (1, 129));
    }

    #[test]
    fn corners_out_of_this_world_do_no_harm() {
        let mut target = Target::new([3, 3], Color32::TRANSPARENT);
        for far in [1e9, f32::INFINITY, f32::NAN] {
            paint(
                &mut target,
                [(-far, -far), (far, 0.0), (0.0, far)],
                Color32::WHITE,
            );
        }
        assert!(!Area::is_empty(target.clip(Rect::EVERYTHING, 1.0)));
        let nothing = Rect::from_min_max(Pos2::new(f32::NAN, 0.0), Pos2::ZERO);
        assert!(target.clip(nothing, 1.0).is_empty());
    }

    #[test]
    fn the_picture_has_straight_alpha() {
        let half = Color32::WHITE.gamma_multiply(0.5);
        let image = Target::new([1, 1], half).into_image();
        assert_eq!(image.get_pixel(0, 0).0, [255, 255, 255, half.a()]);
    }
}
