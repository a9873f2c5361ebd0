//! Asking when something became so, walking through what was found, and filtering events.

use crate::event::Position;
use crate::query::{self, QueryError, has_clause, only_clause, with_clause, without_clause};
use crate::workbench::{
    FilterAnswer, FilterKey, FilterProblem, InspectorTab, Question, Scope, WhenScope,
};

use super::app::App;

impl App {
    /// Opens the question bar with this text in it, or with the field that is selected.
    pub(super) fn ask_question(&mut self, text: Option<String>) {
        let Some(scope) = self.workbench.scope(Scope::Stream) else {
            return;
        };
        if self.workbench.look().question.is_none() {
            let question = Question {
                text: String::new(),
                scope,
            };
            self.workbench.change("question", self.now, |look| {
                look.question = Some(question);
            });
        }
        let chosen = self.workbench.look().selection.field.as_ref();
        let field = chosen.map(|path| format!("{} ", query::Path::of_state(path)));
        self.window.ask_question(text.or(field).unwrap_or_default());
    }

    /// Asks; the playhead goes to the first result as soon as it is known.
    pub(super) fn ask(&mut self, text: String) {
        let Some(shown) = self.workbench.scope(Scope::Stream) else {
            return;
        };
        let scope = match &self.workbench.look().question {
            // "This stream" is the one shown at the time of asking.
            None => shown,
            Some(question) => match question.scope {
                WhenScope::Stream(_) => shown,
                other => other,
            },
        };
        self.put_question(Question { text, scope });
    }

    /// Asks the same over other streams.
    pub(super) fn set_scope(&mut self, scope: Scope) {
        let Some(scope) = self.workbench.scope(scope) else {
            return;
        };
        let asked = self.workbench.look().question.as_ref();
        let text = asked.map_or_else(String::new, |question| question.text.clone());
        self.put_question(Question { text, scope });
    }

    fn put_question(&mut self, question: Question) {
        self.workbench.change("question", self.now, |look| {
            look.question = Some(question);
        });
        self.question_waits = Some(self.workbench.look().playhead);
        self.go_to_awaited_result();
    }

    /// Goes to the first result at or after the playhead once all are known, unless the playhead was
    /// moved since the question; where there is none after it, to the first of all.
    pub(super) fn go_to_awaited_result(&mut self) {
        let Some(answer) = self
            .workbench
            .when_answer()
            .filter(|answer| answer.is_complete)
        else {
            return;
        };
        let playhead = self.workbench.look().playhead;
        if self.question_waits.take() != Some(playhead) || answer.intervals.is_empty() {
            return;
        }
        let at = answer
            .intervals
            .partition_point(|interval| interval.from < playhead);
        self.go_to_result(if at < answer.intervals.len() { at } else { 0 });
    }

    /// Closes the question bar.
    pub(super) fn close_question(&mut self) {
        self.question_waits = None;
        if self.workbench.look().question.is_some() {
            self.workbench.change("question", self.now, |look| {
                look.question = None;
                look.only_results = false;
            });
        }
    }

    /// To the result beside the playhead.
    pub(super) fn step_result(&mut self, by: i64) {
        match self.workbench.result_beside(by) {
            Some(index) => self.go_to_result(index),
            None if self.workbench.when_key().is_none() => self.say("Nothing has been asked"),
            None => self.say("There is no result"),
        }
    }

    /// Puts the playhead on a result and shows its stream.
    pub(super) fn go_to_result(&mut self, index: usize) {
        let found = self.workbench.when_answer();
        let Some(interval) = found.and_then(|answer| answer.intervals.get(index)) else {
            return;
        };
        let (stream, position): (_, Position) = (interval.stream, interval.from);
        let shows_event = self.workbench.look().inspector == InspectorTab::Event;
        self.workbench
            .travel_to((position, stream), shows_event, self.now);
    }

    /// Takes in what a filter lets through; where it names what is not there, the last one that was
    /// right stays in force.
    pub(super) fn take_filtered(
        &mut self,
        key: FilterKey,
        answer: Result<FilterAnswer, QueryError>,
    ) {
        let answers = &mut self.workbench.answers;
        match answer {
            Ok(answer) => {
                answers.filter_problem = None;
                answers.filter.set(key, answer);
            }
            Err(error) => answers.filter_problem = Some(FilterProblem { key, error }),
        }
    }

    /// Shows only the results of the question in the events table, or no longer only those.
    pub(super) fn toggle_results(&mut self) {
        self.workbench.change("filter", self.now, |look| {
            look.only_results = !look.only_results;
        });
    }

    /// Adds a clause to the filter in force, or takes it out.
    pub(super) fn toggle_clause(&mut self, clause: &str) {
        self.amend_filter(clause, with_clause);
    }

    /// Adds a clause to the filter in force in the place of others on the same, or takes it out.
    pub(super) fn show_only(&mut self, clause: &str) {
        self.amend_filter(clause, only_clause);
    }

    fn amend_filter(&mut self, clause: &str, add: impl Fn(&str, &str) -> String) {
        let in_force = &self.workbench.look().filter;
        let text = if has_clause(in_force, clause) {
            without_clause(in_force, clause)
        } else {
            add(in_force, clause)
        };
        self.set_filter(&text);
    }

    /// Shows only events that this filter lets through.
    pub(super) fn set_filter(&mut self, text: &str) {
        let text = text.trim().to_owned();
        self.workbench.change("filter", self.now, |look| {
            look.filter = text;
            look.only_results = false;
        });
    }
}
