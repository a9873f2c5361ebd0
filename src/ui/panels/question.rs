//! The question bar over the timeline: "When did … become …", its scope and its results.

use std::fmt::Write as _;
use std::ops::Range;

use egui::{Align, Id, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::query_text::{self, Offers};
use super::shared;
use super::tile;
use crate::event::Position;
use crate::history::EventLog;
use crate::query::{QueryError, Question};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::menu::dropdown;
use crate::ui::widgets::segments::segments;
use crate::workbench::{Action, Interval, Question as Asked, Scope, WhenScope};

/// Height of the bar.
const HEIGHT: f32 = 44.0;
/// Height of the line that says what is wrong.
const PROBLEM: f32 = 20.0;
/// Width of the field, where there is room and where there is not.
const FIELD: f32 = 244.0;
const NARROW_FIELD: f32 = 176.0;
/// Below this width the streams asked are chosen in a menu.
const NARROW: f32 = 800.0;

/// The question bar's own small state.
#[derive(Debug, Default)]
pub struct QuestionPanel {
    /// What is being typed.
    draft: String,
    /// What was asked last, as of the last frame: undo may bring an older question back.
    asked: String,
    /// What is wrong with the draft, once it was asked.
    problem: Option<QueryError>,
    /// Whether the field is to be given the keyboard.
    wants_keyboard: bool,
    offers: Offers,
}

/// The field's lasting identity.
fn field_id() -> Id {
    Id::unique("annals_question")
}

impl QuestionPanel {
    /// Gives the field the keyboard, with this text in it where there is one.
    pub fn open(&mut self, text: String) {
        if !text.is_empty() {
            self.draft = text;
            self.problem = None;
        }
        self.wants_keyboard = true;
    }

    /// Shows the bar at the top of the space there is, while a question is open.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(question) = &view.look().question else {
            *self = Self {
                draft: std::mem::take(&mut self.draft),
                wants_keyboard: self.wants_keyboard,
                ..Self::default()
            };
            return;
        };
        if question.text != self.asked {
            self.asked.clone_from(&question.text);
            if !question.text.is_empty() {
                self.draft.clone_from(&question.text);
                self.problem = None;
            }
        }
        let said = self.said(view);
        let below = if said.is_some() { PROBLEM } else { 0.0 };
        let size = vec2(ui.available_width(), HEIGHT + below);
        let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        let (rect, bar) = ui.allocate_exact_size(size, Sense::hover());
        ui.spacing_mut().item_spacing.y = gap;
        bar.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Question bar"));
        let t = tokens(ui);
        ui.painter().rect_filled(rect, 0.0, t.panel);
        let line = Stroke::new(size::STROKE, t.line);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
        let bar = Rect::from_min_size(rect.min, vec2(rect.width(), HEIGHT));
        let inside = bar.shrink2(vec2(size::SIDE, (HEIGHT - size::BUTTON) / 2.0));
        let words = text::line(
            ui.painter(),
            inside,
            Align::Min,
            Face::Button,
            "When did",
            t.text,
        );
        let left = words.right() + 10.0;
        let is_narrow = rect.width() < NARROW;
        let width = if is_narrow { NARROW_FIELD } else { FIELD };
        let place = Rect::from_min_size(pos2(left, inside.top()), vec2(width, inside.height()));
        self.field_ui(ui, view, place);
        if let Some(said) = &said {
            problem_ui(ui, pos2(left, bar.bottom() - 6.0), rect, said);
        }
        let rest = Rect::from_min_max(pos2(place.right() + 8.0, inside.top()), inside.max);
        let end = scope_ui(ui, view, question, (rest, is_narrow));
        let rest = Rect::from_min_max(pos2(end + 12.0, inside.top()), inside.max);
        results_ui(ui, view, rest);
    }

    /// What is wrong with what was asked, or with its answer.
    fn said(&self, view: &View<'_>) -> Option<String> {
        if let Some(problem) = &self.problem {
            return Some(problem.to_string());
        }
        let key = view.workbench.when_key()?;
        let answer = view.workbench.answers.when.for_key(&key).fresh()?;
        answer.as_ref().err().cloned()
    }

    fn field_ui(&mut self, ui: &mut Ui, view: &View<'_>, place: Rect) {
        let offers = self.offers.of(ui, field_id(), &self.draft, view, true);
        let takes = self.offers.keys(ui, field_id(), offers.len());
        let fault: Option<Range<usize>> =
            self.problem.as_ref().map(|problem| problem.span.0.clone());
        let mut layouter = |ui: &Ui, written: &dyn egui::TextBuffer, _: f32| {
            query_text::galley(ui, written.as_str(), true, fault.as_ref())
        };
        let mut part = tile::part(ui, place, "question");
        let output = Field::new("When did")
            .hint("balance < 0")
            .data()
            .id(field_id())
            .layouter(&mut layouter)
            .show(&mut part, &mut self.draft);
        if std::mem::take(&mut self.wants_keyboard) {
            output.response.request_focus();
            ui.ctx().request_repaint();
        }
        let clicked = self.offers.show(ui, &output.response, &offers);
        if takes || clicked.is_some() {
            self.offers
                .take(ui, field_id(), &mut self.draft, &offers, clicked);
            self.problem = None;
        }
        if output.changed {
            self.problem = None;
        }
        if output.submitted {
            self.ask(view);
        } else if output.escaped {
            view.send(Action::CloseQuestion);
        }
    }

    fn ask(&mut self, view: &View<'_>) {
        let text = self.draft.trim().to_owned();
        match Question::parse(&text) {
            Ok(_) => {
                self.problem = None;
                view.send(Action::Ask(text));
            }
            Err(problem) => {
                self.problem = Some(problem);
                self.wants_keyboard = true;
            }
        }
    }
}

fn problem_ui(ui: &Ui, at: egui::Pos2, whole: Rect, said: &str) {
    let t = tokens(ui);
    let place = Rect::from_min_max(at, pos2(whole.right() - size::SIDE, at.y + PROBLEM));
    text::line(
        ui.painter(),
        place,
        Align::Min,
        Face::Small,
        format::visible(said),
        t.err,
    );
    let response = ui.interact(
        place,
        ui.scope_id().with("question problem"),
        Sense::hover(),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, said));
}

/// The choice of streams; returns where it ends.
fn scope_ui(
    ui: &mut Ui,
    view: &View<'_>,
    question: &Asked,
    (place, is_narrow): (Rect, bool),
) -> f32 {
    let category = view.log().zip(view.workbench.stream_shown());
    let category = category.map_or("", |(log, stream)| log.category_of(stream));
    let all = if category.is_empty() {
        "No category".to_owned()
    } else {
        let name = text::fitting(category, 120.0).into_owned();
        format!("All {} streams", format::visible(&name))
    };
    let mut scope = match question.scope {
        WhenScope::Stream(_) => Scope::Stream,
        WhenScope::Category(_) => Scope::Category,
        WhenScope::Everything => Scope::Everything,
    };
    let choices = [
        (Scope::Stream, "This stream"),
        (Scope::Category, all.as_str()),
        (Scope::Everything, "Everything"),
    ];
    let mut part = tile::part(ui, place.translate(vec2(0.0, 2.0)), "scope");
    let changed = if is_narrow {
        dropdown(&mut part, "Streams asked", &mut scope, &choices)
    } else {
        segments(&mut part, "Streams asked", &mut scope, &choices)
    };
    if changed {
        view.send(Action::SetScope(scope));
    }
    part.min_rect().right()
}

/// How many results there are, the buttons that walk them, and the one that closes the bar.
fn results_ui(ui: &mut Ui, view: &View<'_>, place: Rect) {
    let mut right = place.right();
    let mut icon = |ui: &mut Ui, icon, action: Action, is_on: bool| {
        let row = crate::workbench::row_of(&action);
        let name = row.map_or("", |row| row.name);
        let key = row.and_then(|row| row.keys.first()).map_or("", |key| *key);
        let spot = Rect::from_min_size(
            pos2(right - size::BUTTON_SMALL, place.top() + 2.0),
            vec2(size::BUTTON_SMALL, size::BUTTON_SMALL),
        );
        right = spot.left() - 4.0;
        let button = button::icon_button(icon, name, key).small();
        let mut part = tile::part(ui, spot, name);
        if !is_on {
            part.disable();
        }
        if part.add(button).clicked() {
            view.send(action);
        }
    };
    let has_results = view.workbench.result_beside(1).is_some();
    icon(ui, icons::CLOSE, Action::CloseQuestion, true);
    icon(ui, icons::UNFOLDED, Action::NextResult, has_results);
    icon(ui, icons::UP, Action::PreviousResult, has_results);
    let (number, rest) = results_words(view);
    let said = format!("{number}{rest}");
    let t = tokens(ui);
    let words = Rect::from_min_max(place.min, pos2(right - 8.0, place.bottom()));
    let mut job = text::job(&number, Face::DataMedium, t.warn);
    job.append(&rest, 0.0, text::format(Face::Row, t.text));
    if words.width() > 24.0 && !said.is_empty() {
        text::line_job(ui.painter(), words, Align::Max, job);
    }
    let response = ui.interact(
        words,
        ui.scope_id().with("question results"),
        Sense::hover(),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, said.clone()));
}

/// What has been found, in words: the number, and what follows it.
fn results_words(view: &View<'_>) -> (String, String) {
    let bench = view.workbench;
    let Some(key) = bench.when_key() else {
        return Default::default();
    };
    let answer = match bench.answers.when.for_key(&key).fresh() {
        None => return (String::new(), "Searching \u{2026}".to_owned()),
        Some(Err(_)) => return Default::default(),
        Some(Ok(answer)) => answer,
    };
    let n_found = answer.intervals.len();
    let current = bench.current_result();
    let noun = if n_found == 1 { "result" } else { "results" };
    let mut rest = match current.filter(|_| n_found > 1) {
        Some(_) => format!(" of {} {noun}", format::count(n_found as u64)),
        None => format!(" {noun}"),
    };
    let number = current.filter(|_| n_found > 1).map_or(n_found, |at| at + 1);
    let one = current.or_else(|| (n_found == 1).then_some(0));
    if let (Some(interval), Some(log)) = (one.and_then(|at| answer.intervals.get(at)), view.log()) {
        rest.push_str(&truth(log, interval));
    }
    // Which stream was asked stands nowhere else where all lanes are shown.
    if let (0, true, WhenScope::Stream(stream), Some(log)) =
        (n_found, answer.is_complete, &key.scope, view.log())
    {
        let name = text::fitting(log.stream_name(*stream), 160.0);
        write!(rest, " in {}", format::visible(&name)).ok();
    }
    if !answer.is_complete {
        let share = u64::from(answer.searched) * 100 / u64::from(answer.of.max(1));
        write!(rest, " so far, {share} % searched").ok();
    }
    if let Some(note) = &answer.note {
        write!(rest, ", {note}").ok();
    }
    (format::count(number as u64), rest)
}

/// For how long it was so: `, true v7–v8`.
fn truth(log: &EventLog, interval: &Interval) -> String {
    let version = |position: Position| shared::version(log.version(position));
    let from = version(interval.from);
    let Some(to) = interval.to else {
        return format!(", true from {from} on");
    };
    let events = log.events_of(interval.stream);
    let before = events.partition_point(|at| *at < to.0).checked_sub(1);
    match before.and_then(|at| events.get(at)).copied() {
        Some(last) if last > interval.from.0 => {
            format!(", true {from}\u{2013}{}", version(Position(last)))
        }
        _ => format!(", true at {from}"),
    }
}
