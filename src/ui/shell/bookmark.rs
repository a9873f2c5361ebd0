//! "Bookmark": one field with a proposed name; Enter keeps it.

use egui::{Align, Context, Key, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, size, text, tokens};
use crate::workbench::Action;

use super::{dialog, palette};

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 560.0;
const TOP: f32 = 96.0;

/// The dialog while it is open.
pub struct BookmarkDialog {
    name: String,
    proposed: String,
}

impl BookmarkDialog {
    /// A dialog that proposes a name.
    pub fn new(proposed: String) -> Self {
        Self {
            name: String::new(),
            proposed,
        }
    }

    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        let (closes, ()) = dialog::show(ctx, "bookmark", (WIDTH, TOP), |ui| self.contents(ui));
        if ctx.input(|input| input.key_pressed(Key::Enter)) {
            let name = self.name.trim();
            let name = if name.is_empty() {
                &self.proposed
            } else {
                name
            };
            view.send(Action::AddBookmark(Some(name.to_owned())));
            return true;
        }
        closes
    }

    fn contents(&mut self, ui: &mut Ui) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
        let at = pos2(rect.left() + 24.0, rect.center().y);
        icons::paint(ui.painter(), at, icons::BOOKMARK, 18.0, t.text2);
        let place = Rect::from_min_max(
            pos2(rect.left() + 46.0, rect.top()),
            pos2(rect.right() - 16.0, rect.bottom()),
        );
        if self.name.is_empty() {
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::Heading,
                self.proposed.as_str(),
                t.text3,
            );
        }
        palette::field(ui, place, "Name of the bookmark", &mut self.name);
        let line = Stroke::new(size::STROKE, t.line);
        let (foot, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        ui.painter().hline(foot.x_range(), foot.top() + 0.5, line);
        palette::hints(ui, foot, &[("Enter", "keep"), ("Esc", "close")]);
    }
}
