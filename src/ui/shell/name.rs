//! The name of a bookmark or a branch, a note, or a reason: one field; Enter keeps what stands in it.

use egui::{Align, Context, Key, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::event::Position;
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
    /// A note on an event.
    Note(Position),
    /// Why a finding is accepted.
    Accept(usize),
}

impl NameOf {
    /// What the field is called.
    fn label(self) -> &'static str {
        match self {
            Self::Bookmark => "Name of the bookmark",
            Self::NewBranch => "Name of the new branch",
            Self::Branch => "New name of the branch",
            Self::Note(_) => "Note on the event",
            Self::Accept(_) => "Why the finding is accepted",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Bookmark => icons::BOOKMARK,
            Self::NewBranch | Self::Branch => icons::LANES,
            Self::Note(_) => icons::NOTE,
            Self::Accept(_) => icons::PASSED,
        }
    }

    fn action(self, name: String) -> Action {
        match self {
            Self::Bookmark => Action::AddBookmark(Some(name)),
            Self::NewBranch => Action::NewBranch(name),
            Self::Branch => Action::RenameBranch(name),
            Self::Note(position) => Action::WriteNote(position, name),
            Self::Accept(finding) => Action::AcceptFinding(finding, name),
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

    /// With the text written into the field instead of proposed, so that it can be changed or emptied.
    #[must_use]
    pub fn written(self) -> Self {
        Self {
            name: self.proposed,
            proposed: String::new(),
            ..self
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
            let proposed = if self.proposed.is_empty() {
                self.of.label()
            } else {
                self.proposed.as_str()
            };
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::Heading,
                proposed,
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
