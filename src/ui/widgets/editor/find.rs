//! Finding a text in a script: a small bar over its upper right corner.

use egui::{Key, Modifiers, Rect, Ui, UiBuilder, pos2, vec2};

use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::field::Field;

/// So many places are found at most.
const MOST: usize = 10_000;
/// The bar's size.
const BAR: egui::Vec2 = vec2(348.0, 32.0);

/// A place where the text looked for stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its first byte.
    pub at: usize,
    /// Its line, from 0.
    pub line: usize,
    /// Its first character on that line.
    pub column: usize,
}

/// The bar, while it is open.
#[derive(Default)]
pub(super) struct Find {
    wanted: String,
    /// For which text and which wanted text the places are known.
    known: (String, String),
    places: Vec<Place>,
    at: usize,
    is_new: bool,
}

/// What the bar asks for.
pub(super) enum Asks {
    Nothing,
    /// Show and select this.
    Show(Place),
    Close,
}

impl Find {
    /// A bar that takes the keyboard, with this to look for.
    pub fn new(wanted: &str) -> Self {
        Self {
            wanted: wanted.to_owned(),
            is_new: true,
            ..Self::default()
        }
    }

    /// The places found, and how many characters each has.
    pub fn places(&self) -> (&[Place], usize) {
        (&self.places, self.wanted.chars().count())
    }

    /// The place that was shown last.
    pub fn current(&self) -> Option<Place> {
        self.places.get(self.at).copied()
    }

    fn refresh(&mut self, written: &str) -> bool {
        if self.known.0 == self.wanted && self.known.1 == written {
            return false;
        }
        let is_other = self.known.0 != self.wanted;
        self.known = (self.wanted.clone(), written.to_owned());
        self.places = places(written, &self.wanted);
        self.at = self.at.min(self.places.len().saturating_sub(1));
        if is_other {
            self.at = 0;
        }
        is_other && !self.places.is_empty()
    }

    /// Shows the bar at the upper right of `rect`.
    pub fn ui(&mut self, ui: &mut Ui, rect: Rect, written: &str) -> Asks {
        let place = Rect::from_min_size(
            pos2(rect.right() - BAR.x - 12.0, rect.top() + 4.0),
            BAR.min(rect.size()),
        );
        let t = tokens(ui);
        let stroke = egui::Stroke::new(size::STROKE, t.line_strong);
        let corner = egui::CornerRadius::same(size::CORNER_MENU);
        ui.painter()
            .rect(place, corner, t.tip, stroke, egui::StrokeKind::Inside);
        let inside = UiBuilder::new()
            .id_salt("find")
            .max_rect(place.shrink2(vec2(4.0, 4.0)))
            .layout(egui::Layout::left_to_right(egui::Align::Center));
        let mut bar = ui.new_child(inside);
        self.bar_ui(&mut bar, written)
    }

    fn bar_ui(&mut self, ui: &mut Ui, written: &str) -> Asks {
        ui.spacing_mut().item_spacing.x = 4.0;
        let back = ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::Enter));
        let field = Field::search("Find in script").small().width(176.0);
        let output = field.show(ui, &mut self.wanted);
        if std::mem::take(&mut self.is_new) || output.submitted || back {
            output.response.request_focus();
        }
        let is_other = self.refresh(written);
        let n = self.places.len();
        let words = match n {
            0 if self.wanted.is_empty() => String::new(),
            0 => "none".to_owned(),
            _ => format!(
                "{} of {}{}",
                self.at + 1,
                format::count(n as u64),
                if n == MOST { "+" } else { "" }
            ),
        };
        let (rest, _) =
            ui.allocate_exact_size(vec2(72.0, size::BUTTON_SMALL), egui::Sense::hover());
        let color = tokens(ui).text3;
        let face = crate::ui::theme::Face::DataSmall;
        text::line(ui.painter(), rest, egui::Align::Center, face, words, color);
        let up = icon(ui, icons::UP, "Previous place");
        let down = icon(ui, icons::UNFOLDED, "Next place");
        let close = icon(ui, icons::CLOSE, "Close find") || output.escaped;
        if close {
            return Asks::Close;
        }
        if n == 0 {
            return Asks::Nothing;
        }
        if up || back {
            self.at = self.at.checked_sub(1).unwrap_or(n - 1);
        } else if down || output.submitted {
            self.at = (self.at + 1) % n;
        } else if !is_other {
            return Asks::Nothing;
        }
        self.current().map_or(Asks::Nothing, Asks::Show)
    }
}

fn icon(ui: &mut Ui, icon: icons::Icon, name: &str) -> bool {
    let button = button::icon_button(icon, name, "").small();
    ui.add(button.icon_size(size::ICON_SMALL)).clicked()
}

/// Where a text stands in another, whatever the case of ASCII letters.
fn places(written: &str, wanted: &str) -> Vec<Place> {
    if wanted.is_empty() {
        return Vec::new();
    }
    // Neither changes the length: only ASCII letters are made small.
    let (low, wanted) = (written.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    let (mut line, mut start, mut seen) = (0, 0, 0);
    let mut found = Vec::new();
    for (at, _) in low.match_indices(&wanted).take(MOST) {
        for (end, _) in low[seen..at].match_indices('\n') {
            line += 1;
            start = seen + end + 1;
        }
        seen = at;
        let column = low[start..at].chars().count();
        found.push(Place { at, line, column });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_line_and_column() {
        let found = places("ä Total\n\n total", "total");
        let at = |at, line, column| Place { at, line, column };
        assert_eq!(found, [at(3, 0, 2), at(11, 2, 1)]);
        assert!(places("abc", "").is_empty());
    }
}
