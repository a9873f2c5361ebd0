//! Markers, comparing and blame: what their actions do.

use crate::event::json::JsonPath;
use crate::workbench::{Action, Compare, InspectorTab, Look, Mark};

use super::app::App;

impl App {
    /// The actions that mark, compare and ask who set a field.
    pub(super) fn apply_compare(&mut self, action: Action) {
        match action {
            Action::SelectField(field) => {
                self.look_so("field", |look| look.selection.field = field);
            }
            Action::SetMarkerA => {
                self.look_so("marker", |look| {
                    look.marker_a = Some(Mark::moment(look.playhead));
                });
            }
            Action::SetMarkerB => {
                self.look_so("marker", |look| {
                    look.marker_b = Some(Mark::moment(look.playhead));
                });
            }
            Action::MarkA(mark) => self.look_so("marker", |look| look.marker_a = mark),
            Action::MarkB(mark) => self.look_so("marker", |look| look.marker_b = mark),
            Action::ClearMarkers => self.look_so("marker", |look| {
                look.marker_a = None;
                look.marker_b = None;
            }),
            Action::GoToMarkerA => self.go_to_mark("A", self.workbench.look().marker_a),
            Action::GoToMarkerB => self.go_to_mark("B", self.workbench.look().marker_b),
            Action::SetCompare(with) => self.look_so("compare", |look| look.compare = with),
            Action::ToggleBlame => self.look_so("compare", |look| look.blame = !look.blame),
            Action::ToggleChangedOnly => {
                self.look_so("compare", |look| look.changed_only = !look.changed_only);
            }
            Action::ShowDiff => self.show_diff(),
            Action::ShowFieldHistory => self.show_field_history(),
            Action::GoToSetter(path) => self.go_to_setter(&path, false),
            Action::GoToSetterBefore(path) => self.go_to_setter(&path, true),
            other => tracing::error!(?other, "an action without an arm"),
        }
    }

    fn look_so(&mut self, about: &'static str, change: impl FnOnce(&mut Look)) {
        self.workbench.change(about, self.now, change);
    }

    /// To the end of a marked period, which is where its state stands.
    fn go_to_mark(&mut self, name: &str, mark: Option<Mark>) {
        match mark {
            Some(mark) => self.workbench.move_to(mark.to, self.now),
            None => self.say(format!("There is no marker {name}; {name} sets it")),
        }
    }

    /// The state compared with A where there is one, else with the version before.
    fn show_diff(&mut self) {
        let with = match self.workbench.look().marker_a {
            Some(_) => Compare::A,
            None => Compare::Previous,
        };
        self.look_so("compare", |look| look.compare = with);
        self.show_inspector(InspectorTab::State);
    }

    fn show_field_history(&mut self) {
        match self.workbench.look().selection.field.clone() {
            Some(path) => self.apply_look(Action::PlotPath(path)),
            None => self.say("No field of the state is chosen"),
        }
    }

    fn go_to_setter(&mut self, path: &JsonPath, before: bool) {
        tracing::debug!(%path, before, "who set it is not kept yet");
        self.say(format!("Who set {path} is not known yet"));
    }
}
