//! What the dialogs have in common: the dimmed ground, the frame, and that Esc closes them.

use egui::{
    Align2, Area, Color32, Context, CornerRadius, Frame, Id, Margin, Modal, Order, Stroke, Ui, vec2,
};

use crate::ui::theme::{size, tokens};

/// Shows a dialog from `top` points below the upper edge; returns whether it was closed, and what
/// its contents answered.
pub(super) fn show<R>(
    ctx: &Context,
    name: &str,
    (width, top): (f32, f32),
    contents: impl FnOnce(&mut Ui) -> R,
) -> (bool, R) {
    let t = tokens(ctx);
    let id = Id::unique(("annals_dialog", name));
    let frame = Frame::new()
        .fill(t.panel)
        .stroke(Stroke::new(size::STROKE, t.line_strong))
        .corner_radius(CornerRadius::same(size::CORNER_DIALOG))
        .shadow(ctx.global_style().visuals.window_shadow)
        .inner_margin(Margin::ZERO);
    let area = Area::new(id)
        .kind(egui::UiKind::Modal)
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, vec2(0.0, top))
        .interactable(true);
    let shown = Modal::new(id)
        .area(area)
        .frame(frame)
        .backdrop_color(backdrop(t.canvas))
        .show(ctx, |ui| {
            ui.set_width(width.min(ctx.content_rect().width() - 32.0));
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            contents(ui)
        });
    (shown.should_close(), shown.inner)
}

/// The ground's own color, so that what lies under the dialog fades into it.
fn backdrop(canvas: Color32) -> Color32 {
    canvas.gamma_multiply(0.66)
}
