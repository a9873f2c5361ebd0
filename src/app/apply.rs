//! What each action does: one arm for each, one call for each arm.

use std::sync::Arc;

use crate::event::{StreamId, Version};
use crate::history::Grouping;
use crate::job::Kind;
use crate::ui::part::Part;
use crate::workbench::{
    Action, CausesTab, FieldChoice, Look, Plot, PlotSource, ProjectEdit, SidebarTab, StepKind,
    TimelineMode,
};

use super::app::App;
use super::settings::toggle_full_screen;
use super::travel::Toward;

impl App {
    /// Applies one action.
    pub fn apply(&mut self, action: Action, ctx: &egui::Context) {
        tracing::debug!(?action, "apply");
        match action {
            Action::OpenDialog => self.ask_for_file(),
            Action::OpenPath(path) => self.open_path(path),
            Action::OpenPaths(paths) => self.open_paths(paths),
            Action::OpenBeside(paths) => self.open_beside(&paths),
            Action::OpenForReport(path) => self.open_for_report(path),
            Action::OpenSample => self.open_sample(),
            Action::CloseHistory => self.close(),
            Action::CancelOpening => self.cancel_opening(),
            Action::ReadDifferently => self.read_differently(),
            Action::EditMapping(edit) => self.edit_mapping(edit, ctx),
            Action::ForgetRecent(path) => self.forget_recent(&path),
            Action::StopWork => self.stop_work(),
            Action::OpenOutside(path) => open_outside(ctx, &path),
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Action::SaveReport => self.ask_for_report(),
            Action::SaveReportAs(path) => self.save_report(path),
            Action::WriteReport => self.write_report(),
            Action::AskReportPlace => self.ask_report_place(),
            Action::EditReport(edit) => self.edit_report(*edit),
            Action::Export(what) => self.ask_for_export(what),
            Action::ExportAs(what, path) => self.export_as(what, &path),
            Action::CopyPlot => self.picture_wanted = Some((Part::Plot, None)),
            Action::RunAudit => self.run_audit(),
            Action::SaveWorkspace => self.wish_workspace(),
            Action::SaveWorkspaceAs(path) => self.save_workspace_as(path),
            Action::Audit(edit) => self.apply_audit(*edit),
            Action::TogglePalette => self.window.toggle_palette(),
            Action::ToggleShortcuts => self.window.toggle_shortcuts(),
            Action::ShowProblems => self.window.show_problems(),
            Action::ShowFileInfo => self.window.show_file_info(),
            Action::AskGoTo => self.window.ask_go_to(),
            Action::ToggleInspector => self.window.toggle_inspector(),
            Action::ResetLayout => self.window.reset_layout(),
            Action::CycleTheme => self.cycle_theme(ctx),
            Action::ToggleZone => self.toggle_zone(),
            Action::SetZone(zone) => self.set_zone(zone, false),
            Action::Set(setting) => self.set(setting, ctx),
            Action::ToggleSettings => self.window.toggle_settings(),
            Action::ShowAbout => self.window.show_about(),
            Action::ToggleFullScreen => toggle_full_screen(ctx),
            Action::ToggleLive => self.toggle_live(),
            Action::CopyText(text) => ctx.copy_text(text),
            Action::CopyEvent => self.copy_event(ctx),
            Action::CopyReference => self.copy_reference(ctx),
            Action::DismissMessage(id) => {
                self.workbench.messages.retain(|message| message.id != id);
            }
            other => self.apply_moves(other),
        }
    }

    /// The actions that move in time or through the findings.
    fn apply_moves(&mut self, action: Action) {
        let now = self.now;
        match action {
            Action::MovePlayhead(position) => self.workbench.move_to(position, now),
            Action::Step(by) => self.workbench.step(self.workbench.look().step, by, now),
            Action::StepEvents(by) => self.workbench.step(StepKind::Event, by, now),
            Action::StepInStream(by) => self.workbench.step(StepKind::Stream, by, now),
            Action::StepInType(by) => self.workbench.step(StepKind::Type, by, now),
            Action::First => self.workbench.move_to(self.workbench.ends_shown().0, now),
            Action::Last => self.workbench.move_to(self.workbench.ends_shown().1, now),
            Action::TogglePlay => self.toggle_play(),
            Action::Slower => self.change_speed(-1),
            Action::Faster => self.change_speed(1),
            Action::SetSpeed(speed) => self.workbench.speed = speed,
            Action::GoTo(text) => self.go_to(&text),
            Action::GoToVersion(stream, version) => self.go_to_version(stream, version),
            Action::SelectStream(stream) => self.select_stream(stream),
            Action::SelectEvent(position) => self.go_to_event(position),
            Action::GoToFinding(index) => self.go_to_finding(index),
            Action::AskAccept(index) => self.ask_accept(index),
            Action::AcceptFinding(index, reason) => self.accept_finding(index, reason),
            Action::ReopenFinding(index) => self.reopen_finding(index),
            Action::NextFinding => self.step_finding(1),
            Action::PreviousFinding => self.step_finding(-1),
            Action::AskQuestion => self.ask_question(None),
            Action::AskQuestionAbout(text) => self.ask_question(Some(text)),
            Action::Ask(text) => self.ask(text),
            Action::SetScope(scope) => self.set_scope(scope),
            Action::CloseQuestion => self.close_question(),
            Action::NextResult => self.step_result(1),
            Action::PreviousResult => self.step_result(-1),
            Action::GoToResult(index) => self.go_to_result(index),
            Action::AskFilter => self.window.ask_filter(),
            Action::ShowFacet(key) => {
                self.workbench.change("facet", now, |look| look.facet = key);
            }
            Action::ToggleClause(clause) => self.toggle_clause(&clause),
            Action::ShowOnly(clause) => self.show_only(&clause),
            Action::ToggleResults => self.toggle_results(),
            Action::SetFilter(text) => self.set_filter(&text),
            Action::Undo => self.workbench.undo(),
            Action::Redo => self.workbench.redo(),
            Action::Back => self.workbench.back(now),
            Action::Forward => self.workbench.forward(now),
            other => self.apply_travel(other),
        }
    }

    /// The actions of time travel.
    fn apply_travel(&mut self, action: Action) {
        let now = self.now;
        let bench = &mut self.workbench;
        match action {
            Action::OpenStream(stream) => self.open_stream(stream),
            Action::OpenSelected => self.open_selected(),
            Action::ShowAllLanes => bench.change("timeline", now, show_all_lanes),
            Action::ShowStatistics => bench.change("timeline", now, |look| {
                show_all_lanes(look);
                look.timeline = TimelineMode::Statistics;
            }),
            Action::SetStreamAxis(axis) => {
                bench.change("axis", now, |look| look.stream_axis = axis);
            }
            Action::PinField(path) => self.pin_field(path),
            Action::UnpinField(path) => bench.unpin(&path, now),
            Action::SetFieldLanes(lanes) => {
                bench.change("fields", now, |look| look.field_lanes = lanes);
            }
            Action::AskBookmark => self.ask_bookmark(),
            Action::AskNote => self.ask_note(),
            Action::WriteNote(position, text) => self.write_note(position, &text),
            Action::AddBookmark(name) => bench.add_bookmark(name, now),
            Action::RenameBookmark(index, name) => bench.rename_bookmark(index, name, now),
            Action::RemoveBookmark(index) => bench.remove_bookmark(index, now),
            Action::GoToBookmark(index) => self.go_to_bookmark(index),
            Action::NextBookmark => self.step_bookmark(1),
            Action::PreviousBookmark => self.step_bookmark(-1),
            Action::ListBookmarks => self.show_sidebar(SidebarTab::Bookmarks),
            Action::ShowSidebar(tab) => self.show_sidebar(tab),
            Action::ShowGraph => bench.show_graph_of(bench.look().playhead, now),
            Action::ShowGraphOf(position) => bench.show_graph_of(position, now),
            Action::ShowCauses => self.set_causes(Some(CausesTab::Chain)),
            Action::SetCauses(tab) => self.set_causes(tab),
            Action::FindCauses => bench.wants_causes = Some(bench.generation),
            Action::CountFacets => bench.wants_facets = Some(bench.generation),
            Action::FindId(text) => bench.wants_id = Some(text),
            Action::GoToCause => self.go_to_cause(Toward::Cause),
            Action::GoToEffect => self.go_to_cause(Toward::Effect),
            Action::PinSelected => self.pin_selected(),
            other => self.apply_chosen(other),
        }
    }

    /// The actions that change how the history is shown.
    pub(super) fn apply_look(&mut self, action: Action) {
        let now = self.now;
        let bench = &mut self.workbench;
        match action {
            Action::SetStep(step) => bench.change("step", now, |look| look.step = step),
            Action::CycleStep => bench.change("step", now, |look| {
                look.step = next_step(look.step, look.selection.field.is_some());
            }),
            Action::SelectType(event_type) => {
                bench.change("type", now, |look| look.selection.event_type = event_type);
            }
            Action::ToggleCategory(category) => bench.change("category", now, |look| {
                if !look.open_categories.remove(&category) {
                    look.open_categories.insert(category);
                }
            }),
            Action::SetAxis(axis) => bench.change("axis", now, |look| look.axis = axis),
            Action::SetClock(clock) => self.set_clock(clock),
            Action::ToggleAxis => self.toggle_axis(),
            Action::SetGrouping(grouping) => {
                bench.change("lanes", now, |look| {
                    (look.grouping, look.stream_lanes) = (grouping, false);
                });
            }
            Action::SetStreamLanes(is_on) => bench.change("lanes", now, |look| {
                (look.grouping, look.stream_lanes) = (Grouping::Category, is_on);
            }),
            Action::SetColorBy(by) => bench.change("color", now, |look| {
                Arc::make_mut(&mut look.colors).by = by;
            }),
            Action::ChooseColor(of, nr) => bench.change("color", now, |look| {
                Arc::make_mut(&mut look.colors).choose(of, nr);
            }),
            Action::AskColor => self.ask_color(),
            Action::SetHeight(height) => bench.change("height", now, |look| look.height = height),
            Action::SetSpan(span) => self.show_span(span),
            Action::Fit => self.fit(),
            Action::FitSelection => self.fit_selection(),
            Action::ZoomIn => self.zoom(0.5),
            Action::ZoomOut => self.zoom(2.0),
            Action::ShowView(view) => bench.show_view(view, now),
            Action::ShowInspector(tab) => self.show_inspector(tab),
            Action::NewProjection => self.project(ProjectEdit::New),
            Action::OpenProjection => self.project(ProjectEdit::AskOpen),
            Action::RunProjection => self.project(ProjectEdit::Run(false)),
            Action::Project(edit) => self.project(*edit),
            Action::Plot(edit) => self.change_plot(*edit),
            Action::PlotStates(category, path) => {
                self.plot_new(Plot::new(PlotSource::States(category), Some(path)));
            }
            Action::PlotPayloads(category, path) => {
                self.plot_new(Plot::of_payloads(category, path));
            }
            Action::PlotField(field) => self.plot(field),
            Action::PlotPath(path) => {
                if let Some(stream) = self.workbench.stream_shown() {
                    self.plot(FieldChoice { stream, path });
                }
            }
            other => self.apply_compare(other),
        }
    }

    fn select_stream(&mut self, stream: Option<StreamId>) {
        self.workbench.choose_stream(stream, self.now);
    }

    fn go_to_version(&mut self, stream: StreamId, version: Version) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        match history.log.position_of_version(stream, version) {
            Ok(position) => self.workbench.jump_to(position, Some(stream), self.now),
            Err(error) => self.complain(crate::workbench::capital(&error.to_string())),
        }
    }

    fn stop_work(&mut self) {
        if self.workbench.opening.is_some() {
            self.cancel_opening();
        }
        self.report_waits = false;
        self.stop_projection();
        for kind in [
            Kind::Audit,
            Kind::Copy,
            Kind::Receipt,
            Kind::Screening,
            Kind::Reconcile,
            Kind::Report,
            Kind::Export,
            Kind::Series,
            Kind::When,
            Kind::Filter,
            Kind::Gather,
            Kind::Lines,
        ] {
            self.runner.stop(kind);
        }
        self.workbench.answers.audit.forget_question();
        self.workbench.auditing.stop();
        self.workbench.answers.series.forget_question();
        self.workbench.projecting.plotting.lines.forget_question();
    }
}

fn show_all_lanes(look: &mut Look) {
    look.timeline = TimelineMode::AllLanes;
    look.causes = None;
}

fn next_step(step: StepKind, has_field: bool) -> StepKind {
    match step {
        StepKind::Event => StepKind::Stream,
        StepKind::Stream => StepKind::Type,
        StepKind::Type if has_field => StepKind::Field,
        StepKind::Type | StepKind::Field => StepKind::Event,
    }
}

/// Asks the system to open a file with the program it has for it.
fn open_outside(ctx: &egui::Context, path: &std::path::Path) {
    ctx.open_url(egui::OpenUrl::new_tab(format!("file://{}", path.display())));
}
