//! Several events chosen at once, the stretch between the markers, and how lanes stand.

use std::sync::Arc;

use crate::job::{ExportBody, Job, Picked};
use crate::query::{with_clause, without_clause};
use crate::workbench::{Action, ColorOf, InspectorTab, LANE_HEIGHTS, MAX_CHOSEN, Mark, ReportEdit};

use super::app::App;

/// What the filter says of the stretch between the markers, by which of them comes first. By position, as
/// the report does: where times go back, events of other times lie between.
const MARKED: [&str; 2] = ["pos:A..B", "pos:B..A"];

impl App {
    /// The actions on chosen events, on the stretch between the markers and on lanes.
    pub(super) fn apply_chosen(&mut self, action: Action) {
        let now = self.now;
        let bench = &mut self.workbench;
        match action {
            Action::ChooseAlso(position) => bench.choose_also(position, now),
            Action::ChooseUntil(position, among) => {
                if !bench.choose_until(position, among, now) {
                    self.say(format!(
                        "Only so many of these events are selected; at most {MAX_CHOSEN} can be"
                    ));
                }
            }
            Action::FindInState => {
                self.show_inspector(InspectorTab::State);
                self.window.find_in_state();
            }
            Action::ClearChosen => bench.choose_none(now),
            Action::Exhibit(position) => {
                bench.add_exhibit(position, now);
                self.say("It is an exhibit of the report, under Bookmarks and notes");
            }
            Action::FilterMarked => self.filter_marked(),
            Action::ReportMarked => self.report_marked(),
            Action::ScaleLanes(by) => bench.change("zoom", now, |look| {
                let [least, most] = LANE_HEIGHTS;
                let height = look.lane_height.saturating_add_signed(by);
                look.lane_height = height.clamp(least, most);
            }),
            Action::MovePin(path, to) => bench.move_pin(&path, to, now),
            Action::OrderLanes(grouping, order) => {
                bench.change("lanes", now, |look| look.order_lanes(grouping, order));
            }
            other => self.apply_look(other),
        }
    }

    /// Asks for the color of the selected type, or of the category of the stream that is looked at.
    pub(super) fn ask_color(&mut self) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let log = &history.log;
        let event_type = self.workbench.look().selection.event_type;
        let asked = match (event_type, self.workbench.stream_shown()) {
            (Some(of), _) => Some((ColorOf::Type(of), log.type_name(of))),
            (None, Some(stream)) => {
                let category = log.stream_info(stream).category;
                let name = log.category_names().get(category.index());
                name.map(|name| (ColorOf::Category(category), &**name))
            }
            (None, None) => None,
        };
        if let Some((of, name)) = asked {
            self.window.ask_color(of, name.to_owned());
        }
    }

    fn are_marked(&mut self) -> bool {
        let is_marked = self.workbench.report_period().is_some();
        if !is_marked {
            self.say("Set markers A and B first, or drag over the lanes");
        }
        is_marked
    }

    /// Shows only the events from A to B.
    fn filter_marked(&mut self) {
        if !self.are_marked() {
            return;
        }
        let look = self.workbench.look();
        let start = |mark: Option<Mark>| mark.map(|mark| mark.from);
        let [in_order, turned] = MARKED;
        let (clause, other) = if start(look.marker_a) > start(look.marker_b) {
            (turned, in_order)
        } else {
            (in_order, turned)
        };
        let text = with_clause(&without_clause(&look.filter, other), clause);
        self.set_filter(&text);
    }

    /// Shows the report on the period from A to B.
    fn report_marked(&mut self) {
        if !self.are_marked() {
            return;
        }
        self.edit_report(ReportEdit::Period(true));
        self.ask_for_report();
    }

    /// The events that are chosen, to be exported.
    pub(super) fn chosen_body(&self) -> Result<ExportBody, String> {
        let chosen = self.workbench.look().selection.chosen.as_ref();
        let chosen = chosen.ok_or("Select several events first: Ctrl and a click adds one")?;
        let picked = Picked::Selection(Arc::clone(&chosen.events));
        Ok(ExportBody::Events(picked))
    }

    /// Copies the events that are chosen, if several are.
    pub(super) fn copy_chosen(&mut self) -> bool {
        let chosen = self.workbench.look().selection.chosen.as_ref();
        let Some((chosen, history)) = chosen.zip(self.workbench.history.as_ref()) else {
            return false;
        };
        let job = Job::CopyEvents(history.clone(), chosen.events.clone());
        self.request(job, "events are to be copied");
        true
    }

    /// Puts events on the clipboard once they have been read.
    pub(super) fn take_clip(&mut self, ctx: &egui::Context) {
        match self.clip.take() {
            Some((n_events, Ok(text))) => {
                ctx.copy_text(text);
                let noun = if n_events == 1 {
                    "event is"
                } else {
                    "events are"
                };
                self.say(format!("{n_events} {noun} on the clipboard, one a line"));
            }
            Some((_, Err(why))) => {
                self.complain(format!("The events were not copied: {why}"));
            }
            None => {}
        }
    }
}
