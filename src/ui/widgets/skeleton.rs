//! Standing placeholders for rows that are not loaded yet.

use egui::{CornerRadius, Painter, Rect, pos2};

use crate::ui::theme::{size, tokens};

/// Height of a block.
const BLOCK: f32 = 8.0;

/// Paints a block in the middle of the height of `rect`, over `share` of its width.
pub fn paint(painter: &Painter, rect: Rect, share: f32) {
    let right = rect.left() + rect.width() * share.clamp(0.0, 1.0);
    let block = Rect::from_min_max(
        pos2(rect.left(), rect.center().y - BLOCK / 2.0),
        pos2(right, rect.center().y + BLOCK / 2.0),
    );
    let corner = CornerRadius::same(size::CORNER_BAR);
    painter.rect_filled(block, corner, tokens(painter).skel);
}
