//! The script that is shown: tabs, the row that runs it, how far it is, the editor.

use egui::{Align, Id, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::script_offers::{self, Of};
use super::super::{shared, tile};
use super::reference::Reference;
use super::side::{project, running_share, tabs_of, took};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::editor::{Editor, EditorOutput, LineNote, Mark, Script, Tone};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, menu, progress};
use crate::workbench::{
    Action, OnError, PlotEdit, ProjectEdit, RunAnswer, RunProblem, RunState, ScriptId, ScriptText,
};

/// Height of the strip that says how far a run is.
const STRIP: f32 = 28.0;

/// So many other scripts are offered as versions.
const MOST_VERSIONS: usize = 20;

/// The editor of the script shown, with what is typed.
#[derive(Default)]
pub(super) struct ScriptPart {
    editor: Editor,
    /// The text, and of which script and revision it began.
    text: Option<(ScriptId, u64, String)>,
    /// The name that is being changed.
    name: Option<(ScriptId, String)>,
    reference: Reference,
    /// The script in whose place the words of the language are shown.
    refers: Option<ScriptId>,
}

impl ScriptPart {
    /// Shows a line of the script.
    pub(super) fn go_to(&mut self, line: usize, column: usize) {
        self.refers = None;
        self.editor.go_to(line, column);
    }

    /// Shows the script in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let Some(script) = view.workbench.projecting.script_shown() else {
            return;
        };
        self.tabs_ui(ui, view, script);
        if self.refers == Some(script.id) {
            self.reference.ui(ui);
            return;
        }
        tools_ui(ui, view, script);
        strip_ui(ui, view, log, script);
        let area = ui.available_rect_before_wrap();
        let output = self.editor_ui(ui, view, log, script);
        if output.changed
            && let Some((_, _, text)) = &self.text
        {
            project(view, ProjectEdit::Text(script.id, text.clone()));
        }
        ui.advance_cursor_after_rect(area);
    }

    fn tabs_ui(&mut self, ui: &mut Ui, view: &View<'_>, script: &ScriptText) {
        let tabs = tabs_of(view);
        let mut titles: Vec<&str> = tabs.iter().map(|(_, name)| name.as_str()).collect();
        titles.push("Reference");
        let shown = if self.refers == Some(script.id) {
            Some(tabs.len())
        } else {
            tabs.iter().position(|(id, _)| *id == script.id)
        };
        let is_edited = view
            .workbench
            .projecting
            .answer(script.id)
            .is_some_and(|(_, is_same)| !is_same);
        let (clicked, ()) = tile::tabs_with(ui, &titles, shown.unwrap_or(0), false, |ui| {
            self.menu_ui(ui, view, script);
            if is_edited {
                edited_ui(ui);
            }
        });
        match clicked.map(|nr| tabs.get(nr)) {
            Some(Some((id, _))) => {
                self.refers = None;
                project(view, ProjectEdit::Show(*id));
            }
            Some(None) => self.refers = Some(script.id),
            None => {}
        }
    }

    /// What can be done with a script: the button that opens the menu.
    fn menu_ui(&mut self, ui: &mut Ui, view: &View<'_>, script: &ScriptText) {
        let button = button::icon_button(icons::MORE, "Script menu", "").small();
        let response = ui.add(button);
        let name = &mut self.name;
        egui::Popup::menu(&response)
            .width(size::MENU)
            .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| {
                let written = match name {
                    Some((id, written)) if *id == script.id => written,
                    other => &mut other.insert((script.id, script.name.clone())).1,
                };
                let output = Field::new("Name of the script").small().show(ui, written);
                if output.submitted {
                    project(view, ProjectEdit::Rename(script.id, written.clone()));
                    ui.close();
                }
                menu::separator(ui);
                if versions_ui(ui, view, script) {
                    ui.close();
                }
                let mut asked = None;
                if menu::item(ui, Some(icons::COPY), "Copy script", "").clicked() {
                    view.send(Action::CopyText(script.text.clone()));
                    ui.close();
                }
                if menu::item(ui, Some(icons::CLOSE), "Close tab", "").clicked() {
                    asked = Some(ProjectEdit::CloseTab(script.id));
                }
                if menu::item(ui, None, "Forget this script", "").clicked() {
                    asked = Some(ProjectEdit::Remove(script.id));
                }
                if let Some(edit) = asked {
                    project(view, edit);
                    ui.close();
                }
            });
        if !egui::Popup::is_id_open(ui.ctx(), egui::Popup::default_response_id(&response)) {
            self.name = None;
        }
    }

    fn editor_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        script: &ScriptText,
    ) -> EditorOutput {
        let (id, revision) = (script.id, script.revision);
        let is_known = matches!(&self.text, Some((of, nr, _)) if *of == id && *nr == revision);
        if !is_known {
            self.text = Some((id, revision, script.text.clone()));
        }
        let answer = view.workbench.projecting.answer(id);
        let fresh = answer.filter(|(_, is_same)| *is_same);
        let written = view.workbench.projecting.problems_written(script);
        let problems = fresh.map_or(written, |(answer, _)| Some(&answer.problems));
        let marks = marks_of(problems.unwrap_or_default());
        let notes = fresh.map_or_else(Vec::new, |(answer, _)| notes_of(answer));
        let complete = script_offers::complete(view, log, Of::Projection);
        let shown = Script {
            name: &format!("Script {}", script.name),
            marks: &marks,
            notes: &notes,
            complete: &complete,
        };
        let (_, _, text) = self
            .text
            .get_or_insert_with(|| (id, revision, String::new()));
        let id = Id::unique(("annals_projection", id.0, revision));
        self.editor.ui(ui, id, text, &shown)
    }
}

/// The other scripts, of which one can be held against this one as another version of it; returns
/// whether one was chosen.
fn versions_ui(ui: &mut Ui, view: &View<'_>, script: &ScriptText) -> bool {
    let projecting = &view.workbench.projecting;
    let versus = projecting.plotting.versus;
    let others = projecting.scripts.iter();
    let others = others.filter(|other| other.id != script.id);
    let mut wanted = None;
    let mut n_shown = 0;
    for other in others.take(MOST_VERSIONS) {
        let is_it = versus == Some(other.id);
        let words = format!("Compare with {}", format::visible(&other.name));
        if menu::choice_item(ui, is_it, &words).clicked() {
            wanted = Some((!is_it).then_some(other.id));
        }
        n_shown += 1;
    }
    if n_shown > 0 {
        menu::separator(ui);
    }
    let Some(wanted) = wanted else {
        return false;
    };
    view.send(Action::Plot(Box::new(PlotEdit::Versus(wanted))));
    true
}

/// What is marked in the script.
fn marks_of(problems: &[RunProblem]) -> Vec<Mark> {
    let marks = problems.iter().filter_map(|problem| {
        Some(Mark {
            line: problem.line?,
            columns: problem.columns.clone(),
            tone: if problem.is_fatal {
                Tone::Error
            } else {
                Tone::Warning
            },
            words: problem.what.clone(),
        })
    });
    let mut marks: Vec<Mark> = marks.collect();
    marks.sort_by_key(|mark| mark.line);
    marks
}

/// How often each handler was called, at its line.
fn notes_of(answer: &RunAnswer) -> Vec<LineNote> {
    let notes = answer.handlers.iter().filter_map(|handler| {
        let is_made = handler.name.starts_with('$') && handler.name != "$any";
        (!is_made).then_some(LineNote {
            line: handler.line?,
            words: shared::counted(handler.calls, "call", "calls"),
        })
    });
    notes.collect()
}

/// That results are older than the script.
fn edited_ui(ui: &mut Ui) {
    let t = tokens(ui);
    let width = text::width(ui.painter(), Face::Small, "Edited") + 14.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width.ceil(), size::ROW), Sense::hover());
    let center = pos2(rect.left() + 4.0, rect.center().y);
    ui.painter().circle_filled(center, 3.0, t.warn);
    let words = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), rect.max);
    text::line(
        ui.painter(),
        words.expand2(vec2(2.0, 0.0)),
        Align::Min,
        Face::Small,
        "Edited",
        t.text2,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "Edited"));
    Tip::new("Results are older than the script").on(response);
}

/// Run or Stop, what is run, what becomes of errors.
fn tools_ui(ui: &mut Ui, view: &View<'_>, script: &ScriptText) {
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[2]), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut left = ui.new_child(
        UiBuilder::new()
            .id_salt("left")
            .max_rect(inside)
            .layout(layout),
    );
    left.spacing_mut().item_spacing.x = 8.0;
    if view.workbench.projecting.is_running(script.id) {
        let stop = button::primary("Stop").icon(icons::STOP).key_cap("Ctrl .");
        if left.add(stop).clicked() {
            project(view, ProjectEdit::Stop);
        }
    } else {
        let run = button::primary("Run")
            .icon(icons::PLAY)
            .key_cap("Ctrl Enter");
        if left.add(run).clicked() {
            project(view, ProjectEdit::Run(false));
        }
        let look = view.look();
        let (label, sentence) = match (look.marker_a, look.marker_b) {
            (Some(_), Some(_)) => ("Run A to B", "Only the events from marker A to marker B"),
            _ => ("Run in view", "Only the events that the plots show"),
        };
        let part = button::normal(label).tip(Tip::new("").sentence(sentence));
        if left.add(part).clicked() {
            project(view, ProjectEdit::Run(true));
        }
    }
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("right")
            .max_rect(inside)
            .layout(layout),
    );
    right.spacing_mut().item_spacing.x = 8.0;
    let choices = [(OnError::Stop, "Stop"), (OnError::Skip, "Skip and report")];
    let mut on_error = script.on_error;
    if menu::dropdown(&mut right, "On error", &mut on_error, &choices) {
        project(view, ProjectEdit::OnError(script.id, on_error));
    }
    right.label(text::row("On error").color(t.text3));
}

/// How far a run is, or what came of the last one.
fn strip_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, script: &ScriptText) {
    let projecting = &view.workbench.projecting;
    let is_running = projecting.is_running(script.id);
    let answer = projecting.answer(script.id);
    if !is_running && answer.is_none() {
        return;
    }
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, STRIP), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let total = log.len() as u64;
    let (words, numbers, rest) = if is_running {
        let share = running_share(view, &script.name);
        let bar = Rect::from_min_size(rect.min, vec2(width, size::PROGRESS));
        progress::paint_bar(ui.painter(), bar, share);
        running_words(share, answer.map(|(answer, _)| answer), total)
    } else {
        answer.map_or_else(Default::default, |(answer, is_same)| {
            done_words(answer, is_same)
        })
    };
    let said = format!("{words} {numbers} {rest}");
    let role = if is_running {
        Role::ProgressIndicator
    } else {
        Role::Status
    };
    let name = script.name.as_str();
    response.widget_info(|| WidgetInfo::labeled(role, true, format!("{name}: {}", said.trim())));
    let painter = ui.painter();
    let color = match answer.map(|(answer, _)| answer.state) {
        Some(RunState::Failed) if !is_running => t.err,
        _ => t.text,
    };
    let taken = text::line(painter, inside, Align::Min, Face::Button, words, color);
    let place = Rect::from_min_max(pos2(taken.right() + 12.0, inside.top()), inside.max);
    text::line(painter, place, Align::Min, Face::Data, numbers, t.text2);
    text::line(painter, inside, Align::Max, Face::DataSmall, rest, t.text3);
}

/// `Running, 63%`, `758,114 of 1,204,417`, `412,300 events/s, 1.1 s left`.
fn running_words(
    share: Option<f32>,
    answer: Option<&RunAnswer>,
    total: u64,
) -> (String, String, String) {
    let words = share.map_or_else(
        || "Running".to_owned(),
        |share| format!("Running, {:.0}%", (share * 100.0).floor()),
    );
    let Some(answer) = answer.filter(|answer| answer.state == RunState::Running) else {
        return (words, String::new(), String::new());
    };
    let (done, of) = answer.done;
    let of = if of == 0 { total } else { of };
    let numbers = format!("{} of {}", format::count(done), format::count(of));
    let secs = answer.took.as_secs_f64();
    if secs < 0.2 || done == 0 {
        return (words, numbers, String::new());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a speed for people"
    )]
    let rate = (done as f64 / secs).max(1.0) as u64;
    let left = of.saturating_sub(done) / rate.max(1);
    let left = std::time::Duration::from_secs(left);
    let rest = format!("{} events/s, {} left", format::count(rate), took(left));
    (words, numbers, rest)
}

/// What came of the last run.
fn done_words(answer: &RunAnswer, is_same: bool) -> (String, String, String) {
    let words = match answer.state {
        RunState::Running | RunState::Stopped => "Stopped".to_owned(),
        RunState::Failed => "Failed".to_owned(),
        RunState::Done if answer.took.is_zero() => "Done".to_owned(),
        RunState::Done => format!("Done in {}", took(answer.took)),
    };
    let mut numbers = shared::counted(answer.done.0, "event", "events");
    if answer.n_skipped > 0 {
        numbers = format!("{numbers}, {} skipped", format::count(answer.n_skipped));
    }
    let rest = if is_same { "" } else { "older than the script" };
    (words, numbers, rest.to_owned())
}
