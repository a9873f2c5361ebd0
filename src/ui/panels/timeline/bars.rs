//! Density columns as meshes: one a lane, made anew only when something it shows has changed.

use std::sync::Arc;

use egui::{Color32, Mesh, Pos2, Rect, pos2, vec2};

use super::density::Density;
use super::scale::Scale;
use super::scene::Scene;
use crate::ui::theme::Tokens;
use crate::workbench::{Colors, Height, Span};

/// Meshes of all lanes, and of the minimap.
#[derive(Debug, Default)]
pub(super) struct Bars {
    key: Option<Key>,
    lanes: Vec<Option<(Pos2, Arc<Mesh>)>>,
    overview: Option<(OverviewKey, Arc<Mesh>)>,
}

/// What the lanes' meshes were made of.
#[derive(Clone, Debug)]
struct Key {
    density: Arc<Density>,
    playhead: i64,
    height: Height,
    lane_height: u16,
    /// The colors that the user chose; none where it has only one.
    colors: Option<Arc<Colors>>,
    tokens: &'static Tokens,
}

/// What the minimap's mesh was made of.
#[derive(Clone, Debug)]
struct OverviewKey {
    key: Key,
    span: Span,
    rect: Rect,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.density, &other.density)
            && (self.playhead, self.height) == (other.playhead, other.height)
            && self.lane_height == other.lane_height
            && self.colors == other.colors
            && std::ptr::eq(self.tokens, other.tokens)
    }
}

impl Bars {
    /// The columns of a lane that fill `rect`.
    pub(super) fn lane(&mut self, scene: &Scene<'_>, group: usize, rect: Rect) -> Arc<Mesh> {
        let key = Key {
            density: Arc::clone(&scene.density),
            playhead: scene.density.column_of(scene.playhead_at()),
            height: scene.look.height,
            lane_height: scene.look.lane_height,
            colors: Some(Arc::clone(scene.colors.chosen())),
            tokens: scene.tokens,
        };
        if self.key.as_ref() != Some(&key) {
            self.lanes = vec![None; scene.density.n_groups()];
            self.key = Some(key);
        }
        let origin = rect.left_bottom();
        let Some(kept) = self.lanes.get_mut(group) else {
            return Arc::default();
        };
        if let Some((at, mesh)) = kept {
            if *at != origin {
                // Scrolled: the same columns at another height.
                Arc::make_mut(mesh).translate(origin - *at);
                *at = origin;
            }
            return Arc::clone(mesh);
        }
        let mesh = Arc::new(lane_mesh(scene, group, rect));
        *kept = Some((origin, Arc::clone(&mesh)));
        mesh
    }

    /// The columns of the minimap.
    pub(super) fn overview(&mut self, scene: &Scene<'_>, rect: Rect) -> Arc<Mesh> {
        let key = Key {
            density: Arc::clone(&scene.overview),
            playhead: scene.overview.column_of(scene.playhead_at()),
            height: scene.look.height,
            lane_height: 0,
            colors: None,
            tokens: scene.tokens,
        };
        let span = scene.scale.span;
        match &self.overview {
            Some((known, mesh)) if known.key == key && known.span == span && known.rect == rect => {
                Arc::clone(mesh)
            }
            _ => {
                let mesh = Arc::new(overview_mesh(scene, rect));
                self.overview = Some((OverviewKey { key, span, rect }, Arc::clone(&mesh)));
                mesh
            }
        }
    }
}

fn lane_mesh(scene: &Scene<'_>, group: usize, rect: Rect) -> Mesh {
    let density = &scene.density;
    let playhead = density.column_of(scene.playhead_at());
    let colors = [false, true].map(|future| scene.tokens.density(scene.color_nr(group), future));
    let greatest = density.greatest(group);
    let mut mesh = Mesh::default();
    for column in 0..density.len() {
        let count = density.column(column)[group];
        let color = colors[usize::from(number(column) > playhead)];
        let bar = |count| {
            let share = share(scene.look.height, count, greatest);
            bar(scene, density, &scene.scale, column, (rect, share))
        };
        if density.is_filtered() {
            add(&mut mesh, bar(count), scene.tokens.other_future_bar);
        }
        add(&mut mesh, bar(density.left(column)[group]), color);
    }
    mesh
}

fn overview_mesh(scene: &Scene<'_>, rect: Rect) -> Mesh {
    let density = &scene.overview;
    let playhead = density.column_of(scene.playhead_at());
    let totals = density.totals();
    let greatest = totals.iter().copied().max().unwrap_or(0);
    let n_left = |column: usize| density.left(column).iter().sum::<u32>();
    let t = scene.tokens;
    let span = scene.scale.span;
    let mut mesh = Mesh::default();
    for (column, count) in totals.into_iter().enumerate() {
        let (start, end) = (density.start(column), density.start(column + 1));
        let inside = start < span.to && span.from < end;
        let color = match (inside, number(column) > playhead) {
            (true, false) => t.text2,
            (false, false) | (true, true) => t.other_bar.gamma_multiply(0.66),
            (false, true) => t.other_future_bar,
        };
        let bar = |count| {
            let share = share(scene.look.height, count, greatest);
            bar(scene, density, &scene.full, column, (rect, share))
        };
        if density.is_filtered() {
            add(&mut mesh, bar(count), t.other_future_bar);
        }
        add(&mut mesh, bar(n_left(column)), color);
    }
    mesh
}

/// The height of a column as a part of the highest.
fn share(height: Height, count: u32, greatest: u32) -> f32 {
    let (count, greatest) = (count as f32, greatest.max(1) as f32);
    match height {
        Height::Linear => count / greatest,
        Height::Log => count.ln_1p() / greatest.ln_1p(),
    }
}

/// The rectangle of a column on the grid of pixels; at least one pixel high unless it is empty.
fn bar(
    scene: &Scene<'_>,
    density: &Density,
    scale: &Scale,
    column: usize,
    (rect, share): (Rect, f32),
) -> Option<Rect> {
    if share <= 0.0 {
        return None;
    }
    let x = |column| {
        let x = scale.x(density.start(column));
        scene.snap(x).clamp(rect.left(), rect.right())
    };
    let (left, right) = (x(column), x(column + 1));
    let pixel = 1.0 / scene.pixels_per_point;
    let height = scene.snap(rect.height() * share).max(pixel);
    let bottom = scene.snap(rect.bottom());
    (left < right).then(|| {
        let size = vec2(right - left, height);
        Rect::from_min_size(pos2(left, bottom - height), size)
    })
}

fn add(mesh: &mut Mesh, bar: Option<Rect>, color: Color32) {
    if let Some(bar) = bar {
        mesh.add_colored_rect(bar, color);
    }
}

fn number(column: usize) -> i64 {
    i64::try_from(column).unwrap_or(i64::MAX)
}
