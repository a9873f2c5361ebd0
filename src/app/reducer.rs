//! What makes states: chosen or written in the window, made off the frame, kept with the store.

use std::sync::Arc;
use std::time::Duration;

use crate::fold::{Merge, Reducer};
use crate::job::Job;
use crate::settings::KeptReducer;
use crate::workbench::{
    InspectorTab, ReducerEdit, ReducerKind, ReducerProblem, ReducerText, ViewKind,
};

use super::app::App;

/// So long after the last key what is being typed comes into force.
const REST: Duration = Duration::from_millis(300);

impl App {
    /// Notes what a history came with; the user's rules stand above that.
    pub(super) fn take_given(&mut self, of_history: Option<Arc<dyn Reducer>>) {
        let chosen = self.rules.clone().or(of_history);
        self.given_reducer = chosen.unwrap_or_else(|| Arc::new(Merge));
    }

    /// The reducer that the user chose or wrote in the window, else the one that was given.
    pub(super) fn reducer(&self) -> Arc<dyn Reducer> {
        let own = self.own_reducer.as_ref();
        Arc::clone(own.unwrap_or(&self.given_reducer))
    }

    /// Shows the text of what was given.
    pub(super) fn show_given(&mut self) {
        let text = ReducerText::of(&*self.given_reducer);
        self.workbench.reducing.show(text, false);
    }

    /// Brings back what was chosen or written for the history that has been opened; rules that were
    /// named when the program began stand above it.
    pub(super) fn restore_reducer(&mut self, kept: KeptReducer) {
        let (Some(kind), None) = (ReducerKind::of_key(&kept.kind), &self.rules) else {
            return;
        };
        let text = ReducerText {
            kind,
            rules: kept.rules,
            script: kept.script,
        };
        self.workbench.reducing.show(text.clone(), true);
        self.request(Job::Reducer(Box::new(text)), "a store was opened");
    }

    /// What was chosen or written, as it is kept; nothing where it came with the history.
    pub(super) fn reducer_to_keep(&self) -> Option<KeptReducer> {
        let reducing = &self.workbench.reducing;
        reducing.is_own.then(|| KeptReducer {
            kind: reducing.text.kind.key().to_owned(),
            rules: reducing.text.rules.clone(),
            script: reducing.text.script.clone(),
        })
    }

    /// Shows or hides what makes states.
    pub(super) fn show_reducer(&mut self, is_shown: bool) {
        self.workbench.change("reducer", self.now, |look| {
            look.shows_reducer = is_shown;
            if is_shown {
                look.view = ViewKind::Explore;
            }
        });
        if is_shown {
            self.show_inspector(InspectorTab::State);
        }
    }

    /// Does what is asked about what makes states.
    pub(super) fn edit_reducer(&mut self, edit: ReducerEdit) {
        if edit == ReducerEdit::Reset {
            self.reset_reducer();
        } else {
            self.workbench.reducing.edit(edit, self.now);
        }
    }

    fn reset_reducer(&mut self) {
        self.own_reducer = None;
        self.show_given();
        self.put_in_force(Arc::clone(&self.given_reducer));
    }

    /// Asks for a reducer of what is written once the keys have rested, and for what rules can be about.
    pub(super) fn request_reducer(&mut self) {
        let reducing = &mut self.workbench.reducing;
        let rested = |at: Duration| at.is_zero() || at + REST <= self.now;
        if reducing.typed_at.is_some_and(rested) {
            reducing.typed_at = None;
            let text = Box::new(reducing.text.clone());
            self.request(Job::Reducer(text), "rules were written");
        }
        self.request_rule_facts();
    }

    fn request_rule_facts(&mut self) {
        let look = self.workbench.look();
        let is_shown = look.shows_reducer
            && look.view == ViewKind::Explore
            && self.workbench.inspects(InspectorTab::State)
            && self.workbench.reducing.text.kind == ReducerKind::Rules;
        let key = self.workbench.rule_facts_key().filter(|_| is_shown);
        let (Some(key), Some(history)) = (key, self.workbench.history.clone()) else {
            return;
        };
        if self.workbench.answers.rule_facts.is_wanted(&key) {
            self.workbench.answers.rule_facts.ask(key);
            self.request(Job::RuleFacts(key, history), "rules are written");
        }
    }

    /// Sees to a frame when the keys have rested.
    pub(super) fn wait_for_rules(&self, ctx: &egui::Context) {
        if let Some(at) = self.workbench.reducing.typed_at {
            let rest = (at + REST).saturating_sub(self.now);
            ctx.request_repaint_after(rest);
        }
    }

    /// Takes in what came of a text; of one that has been changed since nothing is taken.
    pub(super) fn take_reducer(
        &mut self,
        text: &ReducerText,
        made: Result<Arc<dyn Reducer>, ReducerProblem>,
    ) {
        let reducing = &mut self.workbench.reducing;
        if *text != reducing.text || self.workbench.history.is_none() {
            return;
        }
        match made {
            Err(problem) => reducing.problem = Some(problem),
            Ok(reducer) => {
                reducing.problem = None;
                reducing.is_own = true;
                self.own_reducer = Some(Arc::clone(&reducer));
                self.put_in_force(reducer);
            }
        }
    }

    /// Takes another reducer; the audit, which is none of its business, is not asked for anew.
    fn put_in_force(&mut self, reducer: Arc<dyn Reducer>) {
        let was_audited = self.audited == Some(self.workbench.generation);
        let is_running = self.workbench.answers.audit.is_asked();
        self.workbench.use_reducer(reducer);
        if was_audited && !is_running {
            self.audited = Some(self.workbench.generation);
        }
    }
}
