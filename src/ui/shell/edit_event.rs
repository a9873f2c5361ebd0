//! "Edit in branch": what an event might have said, as JSON that is checked while it is typed.

use egui::{Align, Context, Key, Layout, Modifiers, ScrollArea, TextEdit, Ui, vec2};

use crate::event::Position;
use crate::event::json::{indent, parse};
use crate::fold::Edit;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::button;
use crate::workbench::Action;

use super::dialog;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 620.0;
const TOP: f32 = 96.0;
/// Height of the text.
const TEXT: f32 = 320.0;

/// The dialog while it is open.
pub struct EditDialog {
    position: Position,
    text: String,
    /// What is wrong with the text.
    problem: Option<String>,
    has_focus: bool,
}

/// What was done in the dialog.
enum Done {
    Nothing,
    Close,
    Keep,
    Restore,
}

impl EditDialog {
    /// A dialog about the event there, with what it says so far.
    pub fn new(position: Position, text: String) -> Self {
        let problem = problem(&text);
        Self {
            position,
            text,
            problem,
            has_focus: false,
        }
    }

    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        let is_keep = ctx.input_mut(|input| input.consume_key(Modifiers::CTRL, Key::Enter));
        let (closes, done) = dialog::show(ctx, "edit event", (WIDTH, TOP), |ui| {
            self.contents(ui, view)
        });
        match done {
            Done::Keep => self.keep(view),
            Done::Nothing if is_keep => self.keep(view),
            Done::Restore => {
                view.send(Action::EditEvent(self.position, None));
                true
            }
            Done::Close => true,
            Done::Nothing => closes,
        }
    }

    fn keep(&self, view: &View<'_>) -> bool {
        if self.problem.is_some() {
            return false;
        }
        let edit = Edit::Data(self.text.as_str().into());
        view.send(Action::EditEvent(self.position, Some(edit)));
        true
    }

    fn contents(&mut self, ui: &mut Ui, view: &View<'_>) -> Done {
        let position = format::position(u64::from(self.position.0));
        let name = format::visible(&view.workbench.branch_name()).into_owned();
        let title = format!("Edit {position} in {name}");
        if dialog::head_ui(ui, &title, "Close") {
            return Done::Close;
        }
        egui::Frame::new()
            .inner_margin(egui::Margin::same(16))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
                self.text_ui(ui);
                self.foot_ui(ui, view)
            })
            .inner
    }

    fn text_ui(&mut self, ui: &mut Ui) {
        let color = tokens(ui).text;
        let area = ScrollArea::vertical()
            .max_height(TEXT)
            .min_scrolled_height(TEXT);
        area.show(ui, |ui| {
            let edit = TextEdit::multiline(&mut self.text)
                .font(Face::Data.font())
                .text_color(color)
                .desired_rows(12)
                .desired_width(f32::INFINITY)
                .lock_focus(true);
            let response = ui.add(edit).accessible_name("Data of the event");
            if response.changed() {
                self.problem = problem(&self.text);
            }
            if !self.has_focus {
                self.has_focus = true;
                response.request_focus();
            }
        });
    }

    fn foot_ui(&mut self, ui: &mut Ui, view: &View<'_>) -> Done {
        let t = tokens(ui);
        let mut done = Done::Nothing;
        if let Some(problem) = &self.problem {
            let words = format::visible(problem).into_owned();
            ui.add(egui::Label::new(text::small(words).color(t.err)).wrap());
        } else {
            let words = "It is kept beside the file. The file stays as it is.";
            ui.label(text::small(words).color(t.text3));
        }
        let row = vec2(ui.available_width(), size::BUTTON);
        ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
            let why = "The text is no JSON";
            let keep = button::primary("Keep").key_cap("Ctrl Enter");
            if ui.add(keep.enabled(self.problem.is_none(), why)).clicked() {
                done = Done::Keep;
            }
            if matches!(view.workbench.edit_of(self.position), Some(Edit::Data(_)))
                && ui.add(button::normal("Restore")).clicked()
            {
                done = Done::Restore;
            }
            if ui.add(button::quiet("Indent")).clicked() && self.problem.is_none() {
                self.text = indent(&self.text);
            }
        });
        done
    }
}

/// Why a text is no JSON, in one sentence.
fn problem(text: &str) -> Option<String> {
    let error = parse(text.as_bytes()).err()?;
    Some(format!("This is no JSON yet: {error}"))
}
