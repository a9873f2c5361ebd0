//! What a tile shows when it has nothing to show: what is missing, why, and a way on.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Color32, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::button::Button;
use super::kbd;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};

/// Widest line of text.
const MEASURE: f32 = 340.0;
/// Space between the text and the buttons.
const BEFORE_BUTTONS: f32 = 14.0;
/// Space between two buttons.
const BETWEEN_BUTTONS: f32 = 8.0;

/// An empty state that is not yet shown.
#[derive(Clone, Debug, Default)]
#[must_use = "an empty state is shown by `show`"]
pub struct Empty<'a> {
    what: &'a str,
    why: &'a str,
    press: Option<[&'a str; 3]>,
    icon: Option<(Icon, bool)>,
    buttons: Vec<Button<'a>>,
}

impl<'a> Empty<'a> {
    /// One line that says what is missing.
    pub fn new(what: &'a str) -> Self {
        Self {
            what,
            ..Self::default()
        }
    }

    /// Why it is so, or how to change it.
    pub fn why(self, why: &'a str) -> Self {
        Self { why, ..self }
    }

    /// A line with a key cap in it: `press("Press", "G", "to go to one by name")`.
    pub fn press(self, before: &'a str, key: &'a str, after: &'a str) -> Self {
        Self {
            press: Some([before, key, after]),
            ..self
        }
    }

    /// A large icon above.
    pub fn icon(self, icon: Icon) -> Self {
        Self {
            icon: Some((icon, false)),
            ..self
        }
    }

    /// This is not emptiness but a failure: the sign of it stands before the first line.
    pub fn failed(self) -> Self {
        Self {
            icon: Some((icons::FAILED, true)),
            ..self
        }
    }

    /// A way on; at most two or three.
    pub fn button(mut self, button: Button<'a>) -> Self {
        self.buttons.push(button);
        self
    }

    /// Shows it in the middle of all the space there is.
    /// Returns which button was clicked, counted from 0.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Label, true, format!("{}. {}", self.what, self.why))
        });
        let t = tokens(ui);
        let width = MEASURE.min(rect.width() - 2.0 * size::SIDE).max(1.0);
        let what = galley(ui, self.what, Face::BodyMedium, t.text, width);
        let why = galley(ui, self.why, Face::Row, t.text3, width);
        let mut height = what.size().y;
        let large = self.icon.filter(|(_, failed)| !failed);
        height += large.map_or(0.0, |_| size::ICON_EMPTY + 8.0);
        height += if self.why.is_empty() {
            0.0
        } else {
            why.size().y + 4.0
        };
        height += self.press.map_or(0.0, |_| size::ROW);
        height += if self.buttons.is_empty() {
            0.0
        } else {
            BEFORE_BUTTONS + size::BUTTON
        };

        if height > rect.height() {
            return self.in_a_row(ui, rect);
        }
        let center = rect.center().x;
        let mut y = (rect.center().y - height / 2.0).round();
        if let Some((icon, _)) = large {
            let at = pos2(center, y + size::ICON_EMPTY / 2.0);
            icons::paint(ui.painter(), at, icon, size::ICON_EMPTY, t.text3);
            y += size::ICON_EMPTY + 8.0;
        }
        // Centered text stands around the place it is painted at.
        let mut at = pos2(center, y);
        if self.icon.is_some_and(|(_, failed)| failed) {
            at.x += 11.0;
            let sign = at + vec2(-what.size().x / 2.0 - 14.0, what.size().y / 2.0);
            icons::paint(ui.painter(), sign, icons::FAILED, size::ICON, t.err);
        }
        y += what.size().y;
        ui.painter().galley(at, what, t.text);
        if !self.why.is_empty() {
            let at = pos2(center, y + 4.0);
            y += why.size().y + 4.0;
            ui.painter().galley(at, why, t.text3);
        }
        if let Some(parts) = self.press {
            paint_press(ui, pos2(center, y + size::ROW / 2.0), parts);
            y += size::ROW;
        }
        self.buttons(ui, pos2(center, y + BEFORE_BUTTONS))
    }

    /// In a low tile: what is missing, and beside it what can be done.
    fn in_a_row(self, ui: &mut Ui, rect: Rect) -> Option<usize> {
        let color = tokens(ui).text;
        let words = text::width(ui.painter(), Face::BodyMedium, self.what);
        let buttons = self.buttons_width(ui);
        let gap = if self.buttons.is_empty() { 0.0 } else { 12.0 };
        let left = (rect.center().x - (words + gap + buttons) / 2.0).max(rect.left() + size::SIDE);
        let place = Rect::from_min_max(pos2(left, rect.top()), rect.max);
        let painter = ui.painter();
        let taken = text::line(
            painter,
            place,
            Align::Min,
            Face::BodyMedium,
            self.what,
            color,
        );
        let middle = taken.right() + gap + buttons / 2.0;
        let height = self.buttons.first().map_or(0.0, |button| button.size(ui).y);
        self.buttons(ui, pos2(middle, rect.center().y - height / 2.0))
    }

    /// How wide all buttons are together.
    fn buttons_width(&self, ui: &Ui) -> f32 {
        let widths = self.buttons.iter().map(|button| button.size(ui).x);
        widths.sum::<f32>() + self.buttons.len().saturating_sub(1) as f32 * BETWEEN_BUTTONS
    }

    fn buttons(self, ui: &mut Ui, top: egui::Pos2) -> Option<usize> {
        let gap = BETWEEN_BUTTONS;
        let sizes: Vec<_> = self.buttons.iter().map(|button| button.size(ui)).collect();
        let mut x = (top.x - self.buttons_width(ui) / 2.0).round();
        let mut child = ui.new_child(UiBuilder::new());
        let mut clicked = None;
        for (i, (button, size)) in self.buttons.into_iter().zip(sizes).enumerate() {
            let place = Rect::from_min_size(pos2(x, top.y), size);
            if child.place(place, button).clicked() {
                clicked = Some(i);
            }
            x += size.x + gap;
        }
        clicked
    }
}

fn galley(
    ui: &Ui,
    words: &str,
    face: Face,
    color: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob {
        halign: Align::Center,
        wrap: TextWrapping::wrap_at_width(width),
        ..LayoutJob::default()
    };
    job.append(words, 0.0, text::format(face, color));
    ui.painter().layout_job(job)
}

fn paint_press(ui: &Ui, center: egui::Pos2, [before, key, after]: [&str; 3]) {
    let painter = ui.painter();
    let color = tokens(ui).text3;
    let widths = [
        text::width(painter, Face::Row, before),
        kbd::width(painter, key),
        text::width(painter, Face::Row, after),
    ];
    let gap = 6.0;
    let width = widths.iter().sum::<f32>() + 2.0 * gap;
    let mut x = (center.x - width / 2.0).round();
    let line = |x: f32, width: f32| {
        Rect::from_min_size(pos2(x, center.y - 12.0), vec2(width + 1.0, size::ROW))
    };
    text::line(
        painter,
        line(x, widths[0]),
        Align::Min,
        Face::Row,
        before,
        color,
    );
    x += widths[0] + gap;
    kbd::paint(painter, pos2(x, center.y), key, kbd::plain(ui));
    x += widths[1] + gap;
    text::line(
        painter,
        line(x, widths[2]),
        Align::Min,
        Face::Row,
        after,
        color,
    );
}
