//! What makes states: the choice of a reducer, the sentences of rules, the text of a script.

use egui::{Frame, Id, Margin, Rect, Sense, Stroke, Ui, vec2};

use super::rule_lines::RuleLines;
use super::script_offers;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::editor::{Editor, Mark, Script, Tone};
use crate::ui::widgets::select::Select;
use crate::workbench::{Action, ReducerEdit, ReducerKind, ReducerProblem};

/// Width of the choice of a reducer.
const CHOICE: f32 = 140.0;

/// The tab, with what is being written.
#[derive(Default)]
pub(super) struct ReducerView {
    lines: RuleLines,
    /// The script, and of which text that was not typed here it began.
    script: (u64, String),
    editor: Editor,
}

impl ReducerView {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        ui.spacing_mut().item_spacing.y = 2.0;
        tools_ui(ui, view);
        problem_ui(ui, view);
        match view.workbench.reducing.text.kind {
            ReducerKind::Rules => self.lines.ui(ui, view, log),
            ReducerKind::Script => self.script_ui(ui, view, log),
            ReducerKind::Merge => {
                sentence_ui(
                    ui,
                    "Each payload is laid over the state at its top: the last value of a field counts. Choose Rules to say what the application does.",
                );
            }
            ReducerKind::MergePatch => {
                sentence_ui(
                    ui,
                    "Each payload is a merge patch (RFC 7396): objects are laid over one another at every depth, null takes a field out.",
                );
            }
            ReducerKind::LastPayload => {
                sentence_ui(ui, "The state is the payload of the last event.");
            }
        }
    }

    fn script_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let reducing = &view.workbench.reducing;
        if self.script.0 != reducing.revision {
            self.script = (reducing.revision, reducing.text.script.clone());
        }
        let mark = reducing.problem.as_ref().and_then(mark_of);
        let complete = script_offers::complete(view, log, script_offers::Of::Reducer);
        let script = Script {
            name: "Script",
            marks: mark.as_slice(),
            notes: &[],
            complete: &complete,
        };
        let id = Id::unique("annals_script");
        let output = self.editor.ui(ui, id, &mut self.script.1, &script);
        let is_changed = output.changed;
        if is_changed {
            let edit = ReducerEdit::Script(self.script.1.clone());
            view.send(Action::EditReducer(Box::new(edit)));
        }
    }
}

/// Which reducer, and what can be done with it.
fn tools_ui(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
    let reducing = &view.workbench.reducing;
    let kind = reducing.text.kind;
    let place = Rect::from_center_size(
        inside.left_center() + vec2(CHOICE / 2.0, 0.0),
        vec2(CHOICE, size::BUTTON_SMALL),
    );
    let labels = ReducerKind::ALL.map(|(_, label)| label);
    let now = ReducerKind::ALL.iter().position(|(one, _)| *one == kind);
    let chosen = Select::new("Reducer", &labels).show(ui, place, now.unwrap_or(0));
    if let Some((kind, _)) = chosen.and_then(|nr| ReducerKind::ALL.get(nr)) {
        edit(view, ReducerEdit::Choose(*kind));
    }
    let rest = Rect::from_min_max(inside.min + vec2(CHOICE + 8.0, 0.0), inside.max);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut tools = ui.new_child(egui::UiBuilder::new().max_rect(rest).layout(layout));
    let reset = button::quiet("Reset")
        .small()
        .enabled(reducing.is_own, "Nothing was changed");
    if tools.add(reset).clicked() {
        edit(view, ReducerEdit::Reset);
    }
    copy_ui(&mut tools, view, kind);
    // A file's name says where rules come from.
    let label = format::visible(view.workbench.reducer.label()).into_owned();
    tools.add(egui::Label::new(text::small(label).color(t.text3)).truncate());
}

fn copy_ui(ui: &mut Ui, view: &View<'_>, kind: ReducerKind) {
    let written = &view.workbench.reducing.text;
    let (label, copied) = match kind {
        ReducerKind::Rules => ("Copy as TOML", &written.rules),
        ReducerKind::Script => ("Copy script", &written.script),
        _ => return,
    };
    if ui.add(button::quiet(label).small()).clicked() {
        view.send(Action::CopyText(copied.clone()));
    }
}

/// Where in the script a problem is, if that is known.
fn mark_of(problem: &ReducerProblem) -> Option<Mark> {
    Some(Mark {
        line: problem.line?,
        columns: None,
        tone: Tone::Error,
        words: problem.message.clone(),
    })
}

fn edit(view: &View<'_>, edit: ReducerEdit) {
    view.send(Action::EditReducer(Box::new(edit)));
}

/// Why what is written is not in force.
fn problem_ui(ui: &mut Ui, view: &View<'_>) {
    let Some(problem) = &view.workbench.reducing.problem else {
        return;
    };
    let words = match problem.line {
        Some(line) => format!("Line {line}: {}", problem.message),
        None => problem.message.clone(),
    };
    let words = format::visible(&words).into_owned();
    Frame::new()
        .inner_margin(Margin::symmetric(12, 4))
        .show(ui, |ui| {
            let words = text::small(words).color(tokens(ui).err);
            ui.add(egui::Label::new(words).wrap());
        });
}

fn sentence_ui(ui: &mut Ui, words: &str) {
    Frame::new()
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            let words = text::row(words).color(tokens(ui).text2);
            ui.add(egui::Label::new(words).wrap());
        });
}
