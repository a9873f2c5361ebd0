//! The whole window: the bars, the tiles of the view between them, and what opens over all.

use std::time::Duration;

use egui::{
    CentralPanel, Context, Frame, Id, Panel, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2,
};

use crate::event::Timestamp;
use crate::settings::Settings;
use crate::ui::View;
use crate::ui::in_front::{InFront, pane_of_tab};
use crate::ui::layout::{Chosen as ChosenTab, Layout, Pane};
use crate::ui::panels::Panels;
use crate::ui::shell::about::About;
use crate::ui::shell::color::ColorDialog;
use crate::ui::shell::edit_event::EditDialog;
use crate::ui::shell::file_info::FileInfo;
use crate::ui::shell::go_to::GoTo;
use crate::ui::shell::keymap::Keymap;
use crate::ui::shell::map::MapDialog;
use crate::ui::shell::messages::Messages;
use crate::ui::shell::name::NameDialog;
use crate::ui::shell::palette::{Chosen, Left, Palette};
use crate::ui::shell::problems::Problems;
use crate::ui::shell::settings::SettingsDialog;
use crate::ui::shell::shortcuts::Shortcuts;
use crate::ui::shell::start::Start;
use crate::ui::shell::{status_bar, top_bar};
use crate::ui::theme::{size, tokens};
use crate::ui::tiles::Look;
use crate::workbench::{Action, TimelineMode};

/// What the window is told beside the workbench.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The keys in force.
    pub keymap: &'a Keymap,
    /// Recent files that are gone.
    pub gone: &'a std::collections::BTreeSet<std::path::PathBuf>,
    /// The time of day.
    pub wall: Timestamp,
}

/// What is open over the rest; one at a time.
pub(super) enum Over {
    Palette(Palette),
    GoTo(GoTo),
    Shortcuts(Shortcuts),
    Problems(Problems),
    FileInfo(FileInfo),
    Name(NameDialog),
    Edit(EditDialog),
    Settings(SettingsDialog),
    About(About),
    Color(ColorDialog),
}

/// The window.
#[derive(Default)]
pub struct Window {
    pub(super) layout: Layout,
    pub(super) panels: Panels,
    messages: Messages,
    start: Start,
    pub(super) over: Option<Over>,
    /// What was chosen in the palette lately.
    pub(super) chosen: Chosen,
    map: MapDialog,
    pub(super) in_front: InFront,
    /// Whether the inspector floats over the tiles of a narrow window.
    pub(super) has_overlay: bool,
    pub(super) is_narrow: bool,
    /// Where the panes stood in the last frame.
    pub(super) places: Vec<(Pane, Rect)>,
    /// Whether the keyboard was moved with Tab.
    pub(super) by_tab: bool,
    frame_ms: f32,
}

impl Window {
    /// How long the last frame took to make, in milliseconds.
    pub fn frame_ms(&self) -> f32 {
        self.frame_ms
    }

    /// Notes how long a frame took to make; the number shown is calm.
    pub fn note_frame(&mut self, took: Duration) {
        let now = took.as_secs_f32() * 1000.0;
        self.frame_ms = if self.frame_ms == 0.0 {
            now
        } else {
            0.9 * self.frame_ms + 0.1 * now
        };
    }

    /// Draws everything.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
        let t = tokens(ui);
        let window = ui.ctx().content_rect().size();
        self.is_narrow = window.x < size::OVERLAY_INSPECTOR_BELOW;
        let bar = Frame::new().fill(t.raised);
        Panel::top("annals_top_bar")
            .exact_size(size::TOP_BAR)
            .resizable(false)
            .frame(bar)
            .show(ui, |ui| top_bar::show(ui, view, facts));
        Panel::bottom("annals_status_bar")
            .exact_size(size::STATUS_BAR)
            .resizable(false)
            .frame(bar)
            .show(ui, |ui| status_bar::show(ui, view, facts));
        CentralPanel::no_frame().show(ui, |ui| {
            ui.painter().rect_filled(ui.max_rect(), 0.0, t.panel);
            if view.history().is_some() {
                self.tiles_ui(ui, view, window);
            } else {
                self.places.clear();
                // A dialog stands on plain ground.
                if view.workbench.mapping.is_none() {
                    self.start.ui(ui, view, facts);
                }
            }
        });
        if self.is_narrow && self.has_overlay && view.history().is_some() {
            self.overlay_ui(ui, view);
        }
        self.map.show(ui.ctx(), view);
        self.over_ui(ui.ctx(), view, facts);
        self.messages.show(ui.ctx(), view);
        self.carried_ui(ui, view);
        super::dropping::files_ui(ui, view);
        self.focus_in_front(ui.ctx());
        self.take_in_front(view);
    }

    fn tiles_ui(&mut self, ui: &mut Ui, view: &View<'_>, window: egui::Vec2) {
        let kind = view.look().view;
        let keyboard = self.keyboard_pane(ui.ctx());
        self.layout.fit(window, view.look());
        let whole_view = kind != crate::workbench::ViewKind::Explore;
        let t = tokens(ui);
        let mut look = Look {
            panels: &mut self.panels,
            view,
            keyboard,
            places: Vec::new(),
            was_edited: false,
            chose_tab: false,
            whole_view,
            accents: (t.accent_mid, t.accent),
        };
        self.layout.tree(kind).ui(&mut look, ui);
        let (places, was_edited, chose_tab) = (look.places, look.was_edited, look.chose_tab);
        self.places = places;
        let is_reset = ui.input(|input| {
            let button = egui::PointerButton::Primary;
            input.pointer.button_double_clicked(button)
        });
        match ui.ctx().pointer_interact_pos().filter(|_| is_reset) {
            Some(at) if was_edited => self.layout.reset_sizes(kind, at),
            _ if was_edited => self.layout.note_sizes(kind),
            _ => {}
        }
        if chose_tab {
            let chosen = self.layout.chosen(view.look()).into_iter();
            chosen.for_each(|chosen| view.send(action_of(chosen, view)));
        }
    }

    /// The inspector over the right edge of a narrow window.
    fn overlay_ui(&mut self, ui: &Ui, view: &View<'_>) {
        let t = tokens(ui);
        let whole = ui.ctx().content_rect();
        let top = whole.top() + size::TOP_BAR;
        let rect = Rect::from_min_max(
            pos2(whole.right() - size::INSPECTOR, top),
            pos2(whole.right(), whole.bottom() - size::STATUS_BAR),
        );
        egui::Area::new(Id::unique("annals_inspector_overlay"))
            .order(egui::Order::Middle)
            .fixed_pos(rect.min)
            .show(ui.ctx(), |ui| {
                let shadow = ui.visuals().window_shadow;
                ui.painter().add(shadow.as_shape(rect, 0.0));
                ui.painter().rect_filled(rect, 0.0, t.panel);
                ui.painter().vline(
                    rect.left(),
                    rect.y_range(),
                    egui::Stroke::new(size::STROKE, t.line_strong),
                );
                ui.interact(rect, ui.scope_id().with("ground"), Sense::hover());
                let mut inside = ui.new_child(UiBuilder::new().max_rect(rect));
                inside.shrink_clip_rect(rect);
                self.panels.inspector.ui(&mut inside, view);
                ui.advance_cursor_after_rect(rect);
            });
        let pane = pane_of_tab(view.look().inspector);
        self.places.push((pane, rect));
    }

    fn over_ui(&mut self, ctx: &Context, view: &View<'_>, facts: &Facts<'_>) {
        let is_done = match &mut self.over {
            None => return,
            Some(Over::Palette(palette)) => {
                let left = palette.show(ctx, view, facts.wall, &mut self.chosen);
                if left == Some(Left::InFront) {
                    self.open_in_front();
                }
                left.is_some()
            }
            Some(Over::GoTo(go_to)) => go_to.show(ctx, view, facts.wall),
            Some(Over::Shortcuts(shortcuts)) => shortcuts.show(ctx, facts.keymap),
            Some(Over::Settings(settings)) => settings.show(ctx, view, facts),
            Some(Over::About(about)) => about.show(ctx, view),
            Some(Over::Color(color)) => color.show(ctx, view),
            Some(Over::Problems(problems)) => problems.show(ctx, view),
            Some(Over::FileInfo(file_info)) => file_info.show(ctx, view),
            Some(Over::Name(name)) => name.show(ctx, view),
            Some(Over::Edit(edit)) => edit.show(ctx, view),
        };
        if is_done {
            self.over = None;
            ctx.request_repaint();
        }
    }
}

/// What a click on a tab asks for.
fn action_of(chosen: ChosenTab, view: &View<'_>) -> Action {
    match chosen {
        ChosenTab::Inspector(tab) => Action::ShowInspector(tab),
        ChosenTab::Causes(tab) => Action::SetCauses(Some(tab)),
        ChosenTab::Sidebar(tab) => Action::ShowSidebar(tab),
        ChosenTab::Timeline(TimelineMode::AllLanes) => Action::ShowAllLanes,
        ChosenTab::Timeline(TimelineMode::Statistics) => Action::ShowStatistics,
        ChosenTab::Timeline(TimelineMode::Stream) => view
            .look()
            .selection
            .stream
            .map_or(Action::OpenSelected, Action::OpenStream),
    }
}

/// A stop for F6 that is no pane: named, and with a ring while it has the keyboard.
pub(super) fn stop(ui: &Ui, id: Id, name: &str) {
    let anchor = ui.interact(ui.max_rect(), id, Sense::focusable_noninteractive());
    anchor.widget_info(|| WidgetInfo::labeled(Role::Pane, true, name));
    if crate::ui::widgets::focus_ring::is_shown(&anchor) {
        crate::ui::widgets::focus_ring::inside(ui, ui.max_rect());
    }
}
