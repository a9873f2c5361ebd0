//! The filter of the events table: a field in its tab bar, and what is wrong with it.

use std::ops::Range;

use egui::{Align, Id, Role, Sense, Ui, WidgetInfo, vec2};

use super::query_text::{self, Offers};
use super::tile;
use crate::query::{Filter, QueryError};
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::workbench::Action;

/// Width of the field.
const WIDTH: f32 = 324.0;

/// The filter field's own small state.
#[derive(Debug, Default)]
pub(super) struct FilterField {
    /// What is being typed.
    draft: String,
    /// The filter in force as of the last frame: undo may bring another one back.
    seen: String,
    /// What is wrong with the draft.
    problem: Option<QueryError>,
    wants_keyboard: bool,
    offers: Offers,
}

fn field_id() -> Id {
    Id::unique("annals_event_filter")
}

impl FilterField {
    /// Gives the field the keyboard.
    pub(super) fn ask(&mut self) {
        self.wants_keyboard = true;
    }

    /// Shows the field.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let in_force = &view.look().filter;
        if *in_force != self.seen {
            self.seen.clone_from(in_force);
            if self.draft.trim() != in_force {
                self.draft.clone_from(in_force);
                self.problem = None;
            }
        }
        results_ui(ui, view);
        let offers = self.offers.of(ui, field_id(), &self.draft, view, false);
        let takes = self.offers.keys(ui, field_id(), offers.len());
        let fault: Option<Range<usize>> = self.fault(view).map(|error| error.span.0.clone());
        let mut layouter = |ui: &Ui, written: &dyn egui::TextBuffer, _: f32| {
            query_text::galley(ui, written.as_str(), false, fault.as_ref())
        };
        let width = WIDTH.min(ui.available_width() - size::SIDE).max(80.0);
        let (place, _) = ui.allocate_exact_size(vec2(width, size::BUTTON_SMALL), Sense::hover());
        let mut part = tile::part(ui, place, "event filter");
        let output = Field::filter("Filter events")
            .small()
            .data()
            .key_cap("/")
            .id(field_id())
            .layouter(&mut layouter)
            .show(&mut part, &mut self.draft);
        if std::mem::take(&mut self.wants_keyboard) {
            output.response.request_focus();
            ui.ctx().request_repaint();
        }
        let clicked = self.offers.show(ui, &output.response, &offers);
        let took = takes || clicked.is_some();
        if took {
            self.offers
                .take(ui, field_id(), &mut self.draft, &offers, clicked);
        }
        if took || output.changed {
            self.typed(view);
        }
    }

    /// A filter that can be read is in force at once; the last good one stays so meanwhile.
    fn typed(&mut self, view: &View<'_>) {
        match Filter::parse(&self.draft) {
            Ok(_) => {
                self.problem = None;
                view.send(Action::SetFilter(self.draft.clone()));
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// What is wrong with what is typed, or with the filter that was asked.
    fn fault<'a>(&'a self, view: &View<'a>) -> Option<&'a QueryError> {
        let asked = view.workbench.answers.filter_problem.as_ref();
        let asked = asked.filter(|problem| problem.key.text == self.draft.trim());
        self.problem
            .as_ref()
            .or_else(|| asked.map(|problem| &problem.error))
    }

    /// A line over the table that says what is wrong.
    pub(super) fn problem_ui(&self, ui: &mut Ui, view: &View<'_>) {
        let Some(said) = self.fault(view).map(ToString::to_string) else {
            return;
        };
        let t = tokens(ui);
        let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        let (rect, line) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
        ui.spacing_mut().item_spacing.y = gap;
        ui.painter().rect_filled(rect, 0.0, t.err_soft);
        let inside = rect.shrink2(vec2(size::SIDE, 0.0));
        let shown = format::visible(&said).into_owned();
        text::line(ui.painter(), inside, Align::Max, Face::Small, shown, t.err);
        line.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &said));
    }

    /// In place of the table where no event passes.
    pub(super) fn nothing_ui(ui: &mut Ui, view: &View<'_>) {
        let is_done = view
            .workbench
            .answers
            .filter
            .latest()
            .is_some_and(|answer| answer.is_complete);
        if is_done {
            Empty::new("No event matches")
                .why("Change the filter, or clear it to see all events.")
                .show(ui);
        } else {
            Empty::new("Searching")
                .why("No event matches so far.")
                .show(ui);
        }
    }
}

/// A switch that shows only the results of the question.
fn results_ui(ui: &mut Ui, view: &View<'_>) {
    let found = view.workbench.when_answer();
    let Some(answer) = found.filter(|answer| !answer.intervals.is_empty()) else {
        return;
    };
    let label = format!("Results {}", format::count(answer.intervals.len() as u64));
    let is_on = view.look().only_results;
    if ui.add(button::toggle(is_on, &label).small()).clicked() {
        view.send(Action::ToggleResults);
    }
    ui.add_space(6.0);
}
