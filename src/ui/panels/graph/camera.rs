//! What is shown of the graph: how large, and from where on.

/// The least and the most that is shown of a graph: points of the screen for one of the layout.
pub(super) const MOST_ZOOM: f64 = 6.0;

/// What is shown of the graph.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Camera {
    /// Points of the screen for one of the layout.
    pub(super) zoom: f64,
    /// What of the layout stands at the left edge.
    pub(super) left: f64,
    /// How far the lanes are scrolled.
    pub(super) scroll: f32,
    /// Whether all is shown, whatever the size of the window.
    pub(super) is_fit: bool,
    /// What a key asked for, until the next frame.
    pub(super) asked: Option<f64>,
    /// Where the scroll handle stood and was taken hold of, while it is dragged.
    pub(super) held: Option<(f32, f32)>,
    /// What of the wheel was not yet a whole step of the lanes' height.
    pub(super) scaled: f32,
}

impl Camera {
    /// Shows everything.
    pub(super) fn fit(&mut self) {
        self.is_fit = true;
        self.scroll = 0.0;
    }

    pub(super) fn ask_zoom(&mut self, factor: f64) {
        self.asked = Some(factor);
    }

    /// Moves so that what is at `x`, points from the left edge, stays there.
    pub(super) fn zoom_at(&mut self, factor: f64, x: f64, least: f64) {
        self.is_fit = false;
        let at = self.left + x / self.zoom;
        self.zoom = (self.zoom / factor).clamp(least.min(MOST_ZOOM), MOST_ZOOM);
        self.left = at - x / self.zoom;
    }

    pub(super) fn pan(&mut self, by: f32) {
        self.is_fit = false;
        self.left -= f64::from(by) / self.zoom;
    }
}
