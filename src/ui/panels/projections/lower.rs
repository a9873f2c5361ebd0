//! Under the script: what was wrong, what it wrote and emitted, and one partition step by step.

use egui::{Align, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::tile;
use super::side::project;
use super::steps::Steps;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::section::section;
use crate::workbench::{Action, ProjectEdit, RunAnswer, RunProblem, ScriptId};

/// So many lines of output are drawn.
const MOST_LINES: usize = 500;

/// What is shown under the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Problems,
    Output,
    Test,
}

/// The part under the script.
#[derive(Default)]
pub(super) struct Lower {
    tab: Tab,
    steps: Steps,
    /// The emitted stream whose events are shown.
    emitted: Option<String>,
}

impl Lower {
    /// Shows it in all the space there is; returns a line of the script that was clicked.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
    ) -> Option<(usize, usize)> {
        let projecting = &view.workbench.projecting;
        let id = projecting.shown?;
        let known = projecting.answer(id);
        let answer = known.map(|(answer, _)| answer);
        // What is being written says more than what was run before.
        let written = projecting.script(id);
        let written = written.and_then(|script| projecting.problems_written(script));
        let written = written.filter(|_| !known.is_some_and(|(_, is_same)| is_same));
        let written = written.filter(|problems| !problems.is_empty() || answer.is_none());
        let problems = written.or_else(|| answer.map(|answer| answer.problems.as_slice()));
        let n_problems = problems.map_or(0, <[RunProblem]>::len);
        let title = match n_problems {
            0 => "Problems".to_owned(),
            n => format!("Problems\t{n}"),
        };
        let tabs = [Tab::Problems, Tab::Output, Tab::Test];
        let titles = [title.as_str(), "Output", "Test on stream"];
        let shown = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        let clicked = tile::tabs(ui, &titles, shown, false);
        if let Some(tab) = clicked.and_then(|nr| tabs.get(nr)) {
            self.tab = *tab;
        }
        if let Some(problems) = problems.filter(|_| self.tab == Tab::Problems)
            && (answer.is_some() || !problems.is_empty())
        {
            let is_run = written.is_none();
            let notes = answer
                .filter(|_| is_run)
                .map(|answer| answer.notes.as_slice());
            return problems_ui(ui, view, id, (problems, notes.unwrap_or_default()));
        }
        let Some(answer) = answer else {
            Empty::new("Not run yet")
                .press("", "Ctrl Enter", "runs the script")
                .show(ui);
            return None;
        };
        match self.tab {
            Tab::Problems => {}
            Tab::Output => self.output_ui(ui, view, answer),
            Tab::Test => self.steps.ui(ui, view, log, (id, answer)),
        }
        None
    }

    fn output_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &RunAnswer) {
        if answer.log.is_empty() && answer.emitted.is_empty() {
            Empty::new("No output")
                .why("log(), emit() and linkTo() write here.")
                .show(ui);
            return;
        }
        scroll(ui, "output", |ui| {
            if !answer.emitted.is_empty() {
                section(ui, "Emitted, in memory only");
            }
            for stream in answer.emitted.iter().take(MOST_LINES) {
                let is_open = self.emitted.as_ref() == Some(&stream.name);
                let n = format::count(stream.n_events);
                if stream_ui(ui, &stream.name, &n, is_open).clicked() {
                    self.emitted = if is_open {
                        None
                    } else {
                        Some(stream.name.clone())
                    };
                }
                if !is_open {
                    continue;
                }
                for (event_type, data, at) in &stream.events {
                    let words = format!("{event_type}  {data}");
                    let place = at.map(|at| format::position(u64::from(at.0)));
                    let clicked = line_ui(ui, &words, place.as_deref().unwrap_or(""), 36.0);
                    if let Some(at) = at.filter(|_| clicked) {
                        view.send(Action::SelectEvent(at));
                    }
                }
            }
            if !answer.log.is_empty() {
                section(ui, "Written with log");
            }
            for line in answer.log.iter().take(MOST_LINES) {
                line_ui(ui, line, "", size::SIDE);
            }
            let more = answer.log.len().saturating_sub(MOST_LINES);
            if more > 0 {
                line_ui(ui, &format!("{more} more lines"), "", size::SIDE);
            }
        });
    }
}

fn scroll<R>(ui: &mut Ui, name: &str, contents: impl FnOnce(&mut Ui) -> R) -> R {
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical()
        .id_salt(name)
        .auto_shrink([false, false]);
    area.show(ui, contents).inner
}

/// A stream of the output, with how many events it has.
fn stream_ui(ui: &mut Ui, name: &str, n: &str, is_open: bool) -> egui::Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::TreeItem, true, is_open, format!("{name}, {n} events"))
    });
    let t = tokens(ui);
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, t.raised);
    }
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let icon = if is_open {
        icons::UNFOLDED
    } else {
        icons::FOLDED
    };
    icons::paint_left(ui.painter(), inside, icon, size::ICON_TEXT, t.text3);
    let words = Rect::from_min_max(pos2(inside.left() + 18.0, inside.top()), inside.max);
    let painter = ui.painter();
    let taken = text::line(painter, words, Align::Max, Face::DataSmall, n, t.text3);
    let room = Rect::from_min_max(words.min, pos2(taken.left() - 8.0, words.bottom()));
    let name = format::visible(name);
    text::line(painter, room, Align::Min, Face::Data, name, t.text);
    response
}

/// A line of output; returns whether it was clicked.
fn line_ui(ui: &mut Ui, words: &str, place: &str, indent: f32) -> bool {
    let sense = if place.is_empty() {
        Sense::hover()
    } else {
        Sense::click()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), sense);
    let t = tokens(ui);
    let words = format::visible(words);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_ref()));
    if !place.is_empty() && response.hovered() {
        ui.painter().rect_filled(rect, 0.0, t.raised);
    }
    let inside = Rect::from_min_max(
        pos2(rect.left() + indent, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    let painter = ui.painter();
    let taken = text::line(
        painter,
        inside,
        Align::Max,
        Face::DataSmall,
        place,
        t.accent,
    );
    let right = if place.is_empty() {
        inside.right()
    } else {
        taken.left() - 8.0
    };
    let room = Rect::from_min_max(inside.min, pos2(right, inside.bottom()));
    text::line(
        painter,
        room,
        Align::Min,
        Face::Data,
        words.as_ref(),
        t.text2,
    );
    response.clicked()
}

fn problems_ui(
    ui: &mut Ui,
    view: &View<'_>,
    id: ScriptId,
    (problems, notes): (&[RunProblem], &[String]),
) -> Option<(usize, usize)> {
    if problems.is_empty() && notes.is_empty() {
        Empty::new("No problems").show(ui);
        return None;
    }
    scroll(ui, "problems", |ui| {
        let mut clicked = None;
        for (nr, problem) in problems.iter().enumerate() {
            let here = problem_ui(ui, view, id, (nr, problem));
            clicked = clicked.or(here);
        }
        for note in notes {
            note_ui(ui, note);
        }
        clicked
    })
}

/// What is so, more about it, where; and what can be done.
fn problem_ui(
    ui: &mut Ui,
    view: &View<'_>,
    id: ScriptId,
    (nr, problem): (usize, &RunProblem),
) -> Option<(usize, usize)> {
    let t = tokens(ui);
    let ground = ui.painter().add(egui::Shape::Noop);
    let mut clicked = None;
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        ui.horizontal_top(|ui| {
            let (icon, color) = if problem.is_fatal {
                (icons::FAILED, t.err)
            } else {
                (icons::WARNING, t.warn)
            };
            let (sign, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
            icons::paint(ui.painter(), sign.center(), icon, size::ICON_SMALL, color);
            if let Some(line) = problem.line {
                let layout = egui::Layout::right_to_left(Align::Min);
                ui.with_layout(layout, |ui| {
                    add_handler_ui(ui, view, id, problem);
                    let column = problem.columns.as_ref().map_or(0, |columns| columns.start);
                    let place = match problem.columns {
                        Some(_) => format!("{line}:{}", column + 1),
                        None => format!("{line}"),
                    };
                    let name = format!("Go to line {line}");
                    if ui.add(button::link(&place).name(&name)).clicked() {
                        clicked = Some((line, column));
                    }
                    ui.with_layout(egui::Layout::left_to_right(Align::Min), |ui| {
                        words_ui(ui, problem);
                    });
                });
            } else {
                words_ui(ui, problem);
            }
        });
        actions_ui(ui, view, problem);
    });
    if nr == 0 {
        let fill = egui::Shape::rect_filled(shown.response.rect, 0.0, t.raised);
        ui.painter().set(ground, fill);
    }
    tile::hairline(ui);
    clicked
}

fn words_ui(ui: &mut Ui, problem: &RunProblem) {
    let t = tokens(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let what = format::visible(&problem.what).into_owned();
        ui.add(egui::Label::new(text::row(what).color(t.text)).wrap());
        if !problem.more.is_empty() {
            let more = format::visible(&problem.more).into_owned();
            ui.add(egui::Label::new(text::row(more).color(t.text3)).wrap());
        }
    });
}

fn add_handler_ui(ui: &mut Ui, view: &View<'_>, id: ScriptId, problem: &RunProblem) {
    let Some(event_type) = &problem.missing_handler else {
        return;
    };
    let name = format!("Add handler for {event_type}");
    let add = button::normal("Add handler").small().name(&name);
    if ui.add(add).clicked() {
        project(view, ProjectEdit::AddHandler(id, event_type.clone()));
    }
}

fn actions_ui(ui: &mut Ui, view: &View<'_>, problem: &RunProblem) {
    let Some(position) = problem.position else {
        return;
    };
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        let label = format!("Go to {}", format::position(u64::from(position.0)));
        if ui.add(button::normal(&label).small()).clicked() {
            view.send(Action::SelectEvent(position));
        }
    });
}

fn note_ui(ui: &mut Ui, note: &str) {
    let t = tokens(ui);
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 6));
    frame.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            let (sign, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
            icons::paint(
                ui.painter(),
                sign.center(),
                icons::NOTE,
                size::ICON_SMALL,
                t.text3,
            );
            ui.add(egui::Label::new(text::row(note).color(t.text2)).wrap());
        });
    });
}
