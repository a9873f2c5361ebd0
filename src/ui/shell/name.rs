//! The name of a bookmark or a branch: one field with a proposed name; Enter keeps it.

use egui::{Align, Context, Key, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};
use crate::workbench::Action;

use super::{dialog, palette};

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 560.0;
const TOP: f32 = 96.0;

/// What is to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    /// A bookmark at the playhead.
    Bookmark,
    /// A branch that is begun.
    NewBranch,
    /// The branch there is.
    Branch,
}

impl NameOf {
    /// What the field is called.
    fn label(self) -> &'static str {
        match self {
            Self::Bookmark => "Name of the bookmark",
            Self::NewBranch => "Name of the new branch",
            Self::Branch => "New name of the branch",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Bookmark => icons::BOOKMARK,
            Self::NewBranch | Self::Branch => icons::LANES,
        }
    }

    fn action(self, name: String) -> Action {
        match self {
            Self::Bookmark => Action::AddBookmark(Some(name)),
            Self::NewBranch => Action::NewBranch(name),
            Self::Branch => Action::RenameBranch(name),
        }
    }
}

/// The dialog while it is open.
pub struct NameDialog {
    of: NameOf,
    name: String,
    proposed: String,
}

impl NameDialog {
    /// A dialog that proposes a name.
    pub fn new(of: NameOf, proposed: String) -> Self {
        Self {
            of,
            name: String::new(),
            proposed,
        }
    }

    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        let (closes, ()) = dialog::show(ctx, "name", (WIDTH, TOP), |ui| self.contents(ui));
        if ctx.input(|input| input.key_pressed(Key::Enter)) {
            let name = self.name.trim();
            let name = if name.is_empty() {
                &self.proposed
            } else {
                name
            };
            view.send(self.of.action(name.to_owned()));
            return true;
        }
        closes
    }

    fn contents(&mut self, ui: &mut Ui) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
        let at = pos2(rect.left() + 24.0, rect.center().y);
        icons::paint(ui.painter(), at, self.of.icon(), 18.0, t.text2);
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
        palette::field(ui, place, self.of.label(), &mut self.name);
        let line = Stroke::new(size::STROKE, t.line);
        let (foot, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        ui.painter().hline(foot.x_range(), foot.top() + 0.5, line);
        palette::hints(ui, foot, &[("Enter", "keep"), ("Esc", "close")]);
    }
}
