//! What the dialogs have in common: the dimmed ground, the frame, and that Esc closes them.

use egui::{
    Align, Align2, Area, Color32, Context, CornerRadius, Frame, Id, Margin, Modal, Order, Rect,
    Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::theme::{Face, icons, size, text, tokens};
use crate::ui::widgets::button;

/// Height of the head of a dialog.
const HEAD: f32 = 48.0;

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

/// The head of a dialog: its title, and the button that closes it, named `close`; returns whether
/// that was clicked.
pub(super) fn head_ui(ui: &mut Ui, title: &str, close: &str) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    let corner = CornerRadius {
        nw: size::CORNER_DIALOG,
        ne: size::CORNER_DIALOG,
        ..CornerRadius::default()
    };
    ui.painter().rect_filled(rect, corner, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    text::line(
        ui.painter(),
        inside,
        Align::Min,
        Face::Heading,
        title,
        t.text,
    );
    let place = Rect::from_center_size(
        pos2(inside.right() - size::BUTTON / 2.0, rect.center().y),
        vec2(size::BUTTON, size::BUTTON),
    );
    ui.place(place, button::icon_button(icons::CLOSE, close, "Esc"))
        .clicked()
}

/// The ground's own color, so that what lies under the dialog fades into it.
fn backdrop(canvas: Color32) -> Color32 {
    canvas.gamma_multiply(0.66)
}
