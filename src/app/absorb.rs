//! What becomes of each outcome: one arm for each, one call for each arm.

use std::path::Path;

use crate::job::Outcome;
use crate::workbench::{Action, FieldChoice};

use super::app::App;

impl App {
    /// Takes one outcome in. Answers of another generation are of no use any more.
    pub(super) fn absorb(&mut self, outcome: Outcome, ctx: &egui::Context) {
        let (generation, states) = (self.workbench.generation, self.workbench.states());
        let answers = &mut self.workbench.answers;
        match outcome {
            Outcome::Partial(history, reducer) => self.take_part(history, reducer),
            Outcome::Opened(what, history, reducer) => self.take_whole(&what, &history, reducer),
            Outcome::OpenFailed(what, why) => self.opening_failed(&what, why),
            Outcome::NotRecognized(what, why) => self.not_recognized(&what, &why),
            Outcome::Surveyed(session, survey) => self.take_survey(session, survey),
            Outcome::Mapped(key, preview) => self.take_map_preview(*key, preview),
            Outcome::State(key, state) => {
                if key.generation == states {
                    answers.state.set(key, state);
                }
            }
            Outcome::Event(key, event) => {
                if key.generation == generation {
                    answers.event.set(key, event);
                }
            }
            Outcome::Previews(key, previews) => {
                if key.generation == generation {
                    answers.previews.set(key, previews);
                }
            }
            Outcome::When(key, answer) => {
                if key.generation == states {
                    answers.when.set(key, answer);
                    self.go_to_awaited_result();
                }
            }
            Outcome::Facets(of, facets) => {
                if of == generation {
                    answers.facets.set(of, facets);
                }
            }
            Outcome::Filter(key, answer) => {
                if key.generation == states {
                    self.take_filtered(key, answer);
                }
            }
            Outcome::Series(key, series) => {
                if key.generation == states {
                    answers.series.set(key, series);
                }
            }
            Outcome::Leaves(key, leaves) => {
                if key.generation == states {
                    answers.leaves.set(key, leaves);
                    self.go_to_wanted_setter();
                }
            }
            Outcome::Events(key, events) => self.take_events(key, events),
            Outcome::Diff(key, diff) => {
                if key.generation == states {
                    answers.diff.set(key, diff);
                }
            }
            Outcome::FieldBeside(key, own, base) => self.take_beside(key, own, base),
            Outcome::Field(key, field) => self.take_field(key, field),
            Outcome::Reducer(text, made) => self.take_reducer(&text, made),
            Outcome::RuleFacts(key, facts) => {
                if key.generation == generation {
                    answers.rule_facts.set(key, facts);
                }
            }
            Outcome::Table(ask, table) => self.take_table(*ask, table),
            Outcome::Suggested(of, found) => self.suggestion = Some((of, found.map(choice_of))),
            Outcome::Lanes(..)
            | Outcome::Steps(..)
            | Outcome::Causes(..)
            | Outcome::FoundId(..)
            | Outcome::Chain(..)
            | Outcome::Undertaking(..)
            | Outcome::Related(..)
            | Outcome::Graph(..) => self.take_travel(outcome),
            Outcome::Audit(of, audit) => self.take_audit(of, audit),
            Outcome::Composed(..) | Outcome::Saved(..) | Outcome::ChosenToSave(_) => {
                self.take_of_report(outcome);
            }
            Outcome::ChosenToOpen(paths) => self.open_paths(paths),
            Outcome::Inquired(inquired) => self.take_inquired(*inquired),
            Outcome::Fault(kind, why) => {
                tracing::error!(?kind, why, "fault");
                self.complain(why);
            }
            Outcome::Followed(number, news) => self.take_news(number, news),
            Outcome::Stopped => {}
            // Runs of projections and what is plotted of them, and exports.
            other => self.take_plotted(other),
        }
        ctx.request_repaint();
    }

    /// What comes of making and saving reports.
    fn take_of_report(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Composed(key, made) => self.take_report(*key, made),
            Outcome::Saved(path, saved) => self.report_was_saved(&path, saved),
            Outcome::ChosenToSave(path) => self.report_place_was_chosen(path),
            _ => {}
        }
    }

    fn report_was_saved(&mut self, path: &Path, saved: Result<(), String>) {
        match saved {
            Ok(()) => {
                let text = format!("The report is saved as {}", path.display());
                let offer = ("Open".to_owned(), Action::OpenOutside(path.to_owned()));
                self.workbench.say(text, false, self.now, Some(offer));
            }
            Err(why) => self.complain(format!(
                "The report could not be saved: {why}\nFile: {}",
                path.display()
            )),
        }
    }
}

fn choice_of(found: crate::projection::FieldChoice) -> FieldChoice {
    FieldChoice {
        stream: found.stream,
        path: found.path,
    }
}
