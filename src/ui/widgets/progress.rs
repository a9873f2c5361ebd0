//! Work that takes a while: what it is, how far it is, and a way to stop it.

use egui::{Align, CornerRadius, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::button;
use crate::ui::theme::{Face, size, text, tokens};

/// Progress that is not yet shown.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "progress is shown by `show`"]
pub struct Progress<'a> {
    /// What is being done: `Reading events`.
    pub what: &'a str,
    /// How far, in numbers: `748,000 of 1,204,417`.
    pub count: &'a str,
    /// How far, from 0 to 1; nothing if that is not known.
    pub share: Option<f32>,
    /// One line more: what can already be used.
    pub caption: &'a str,
    /// Is there a button to stop it?
    pub can_stop: bool,
}

impl Progress<'_> {
    /// Shows it over the whole width; returns whether it should stop.
    pub fn show(self, ui: &mut Ui) -> bool {
        let t = tokens(ui);
        let line = |ui: &mut Ui, height: f32| {
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover())
        };
        let (head, _) = line(ui, 16.0);
        let (left, right) = text_halves(ui.painter(), head, self.count);
        text::line(
            ui.painter(),
            left,
            Align::Min,
            Face::Button,
            self.what,
            t.text,
        );
        text::line(
            ui.painter(),
            right,
            Align::Max,
            Face::Data,
            self.count,
            t.text2,
        );

        let (track, response) = line(ui, size::PROGRESS);
        paint_bar(ui.painter(), track, self.share);
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, self.name()));
        if let Some(share) = self.share {
            let percent = f64::from(share.clamp(0.0, 1.0)) * 100.0;
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_numeric_value(percent.floor());
                node.set_max_numeric_value(100.0);
            });
        }
        self.foot(ui)
    }

    fn foot(self, ui: &mut Ui) -> bool {
        if self.caption.is_empty() && !self.can_stop {
            return false;
        }
        let height = if self.can_stop {
            size::BUTTON_SMALL
        } else {
            16.0
        };
        let (foot, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let stop = button::normal("Stop").small();
        let mut words = foot;
        let mut stopped = false;
        if self.can_stop {
            let place = Rect::from_min_max(
                pos2(foot.right() - stop.size(ui).x, foot.top()),
                foot.right_bottom(),
            );
            stopped = ui.place(place, stop).clicked();
            words.max.x = place.left() - size::CELL;
        }
        let color = tokens(ui).text3;
        text::line(
            ui.painter(),
            words,
            Align::Min,
            Face::Row,
            self.caption,
            color,
        );
        stopped
    }

    fn name(self) -> String {
        match self.share {
            Some(share) => {
                let percent = (share.clamp(0.0, 1.0) * 100.0).floor();
                format!("{}, {percent} percent", self.what)
            }
            None => self.what.to_owned(),
        }
    }
}

/// Paints the bar alone, over the whole of `rect`: at the top of a tile, for instance.
pub fn paint_bar(painter: &Painter, rect: Rect, share: Option<f32>) {
    let t = tokens(painter);
    let corner = CornerRadius::same(size::CORNER_BAR);
    painter.rect_filled(rect, corner, t.control_active);
    if let Some(share) = share {
        let width = rect.width() * share.clamp(0.0, 1.0);
        let done = Rect::from_min_size(rect.min, vec2(width, rect.height()));
        painter.rect_filled(done, corner, t.accent);
    }
}

/// A line with room for `right` at its right.
fn text_halves(painter: &Painter, line: Rect, right: &str) -> (Rect, Rect) {
    let width = text::width(painter, Face::Data, right).min(line.width());
    let middle = line.right() - width - 1.0;
    let left = Rect::from_min_max(line.min, pos2(middle - size::CELL, line.bottom()));
    let right = Rect::from_min_max(pos2(middle, line.top()), line.max);
    (left, right)
}
