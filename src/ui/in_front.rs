//! What is opened in a tile of its own: `Shift+Enter` in a list, `Ctrl+Enter` in the palette.
//!
//! Each panel is there once. Opened so, it leaves the tile that it shares with others, so that both are
//! seen, and gets the keyboard.

use egui::{Context, Event, Key, Modifiers};

use super::layout::Pane;
use super::tiles;
use super::view::View;
use super::window::Window;
use crate::workbench::{Action, CausesTab, InspectorTab, ViewKind};

/// For so many frames it is waited for the panel.
const PATIENCE: u8 = 8;

/// What is to be opened in a tile of its own.
#[derive(Debug, Default)]
pub(super) struct InFront {
    /// Whether what is asked in this frame is to be opened so.
    asked: bool,
    /// The panel that is waited for, and for how many frames yet.
    awaited: Option<(Pane, u8)>,
}

impl Window {
    /// Opens what is asked in this frame in a tile of its own.
    pub(super) fn open_in_front(&mut self) {
        self.in_front.asked = true;
    }

    /// Makes Shift+Enter an Enter whose answer is opened in a tile of its own.
    pub(super) fn note_shift_enter(&mut self, ctx: &Context) {
        let is_held = |modifiers: &Modifiers| modifiers.shift_only();
        let was_pressed = ctx.input_mut(|input| {
            let mut was_pressed = false;
            for event in &mut input.events {
                if let Event::Key {
                    key: Key::Enter,
                    pressed: true,
                    modifiers,
                    ..
                } = event
                    && is_held(modifiers)
                {
                    *modifiers = Modifiers::NONE;
                    was_pressed = true;
                }
            }
            if was_pressed {
                input.modifiers = Modifiers::NONE;
            }
            was_pressed
        });
        if was_pressed {
            self.open_in_front();
        }
    }

    /// Takes up what was asked in this frame: what it opens gets a tile of its own.
    pub(super) fn take_in_front(&mut self, view: &View<'_>) {
        if !std::mem::take(&mut self.in_front.asked) {
            return;
        }
        let Some(pane) = view.last_sent(|action| pane_of(action, view)) else {
            return;
        };
        let kind = view_of(pane);
        if view.look().view != kind {
            view.send(Action::ShowView(kind));
        }
        if let Some(tab) = tab_of(pane) {
            view.send(Action::ShowInspector(tab));
        }
        self.in_front.awaited = Some((pane, PATIENCE));
        self.layout.give_tile(pane);
    }

    /// Gives the keyboard to the panel that is waited for, once it is there.
    pub(super) fn focus_in_front(&mut self, ctx: &Context) {
        let Some((pane, patience)) = self.in_front.awaited.take() else {
            return;
        };
        if self.places.iter().any(|(known, _)| *known == pane) {
            ctx.memory_mut(|memory| memory.request_focus(tiles::pane_focus(pane)));
        } else if patience > 0 {
            self.in_front.awaited = Some((pane, patience - 1));
            ctx.request_repaint();
        }
    }
}

/// The view in which a panel stands.
fn view_of(pane: Pane) -> ViewKind {
    match pane {
        Pane::Projections => ViewKind::Projections,
        Pane::Audit => ViewKind::Audit,
        Pane::Graph => ViewKind::Graph,
        Pane::Report => ViewKind::Report,
        _ => ViewKind::Explore,
    }
}

/// The tab of the inspector that a panel is.
pub(super) fn tab_of(pane: Pane) -> Option<InspectorTab> {
    match pane {
        Pane::State => Some(InspectorTab::State),
        Pane::Event => Some(InspectorTab::Event),
        Pane::Diff => Some(InspectorTab::Diff),
        Pane::FieldHistory => Some(InspectorTab::History),
        _ => None,
    }
}

/// The panel of a tab of the inspector.
pub(super) fn pane_of_tab(tab: InspectorTab) -> Pane {
    match tab {
        InspectorTab::State => Pane::State,
        InspectorTab::Event => Pane::Event,
        InspectorTab::Diff => Pane::Diff,
        InspectorTab::History => Pane::FieldHistory,
    }
}

/// The panel in which an action shows something; `None` where it opens nothing.
fn pane_of(action: &Action, view: &View<'_>) -> Option<Pane> {
    let pane = match action {
        Action::OpenStream(_) | Action::OpenSelected => Pane::StreamTimeline,
        Action::GoTo(text) => {
            let names_stream = view.log().is_some_and(|log| {
                let mut streams = log.streams();
                streams.any(|stream| log.stream_name(stream) == text)
            });
            if names_stream {
                Pane::StreamTimeline
            } else {
                Pane::Event
            }
        }
        Action::ShowInspector(tab) => pane_of_tab(*tab),
        Action::MovePlayhead(_)
        | Action::SelectEvent(_)
        | Action::GoToVersion(..)
        | Action::GoToBookmark(_)
        | Action::GoToFinding(_)
        | Action::GoToResult(_)
        | Action::GoToSetter(_)
        | Action::GoToSetterBefore(_)
        | Action::GoToCause
        | Action::GoToEffect => Pane::Event,
        Action::ShowDiff | Action::CompareEvent(..) | Action::CompareEvents => Pane::Diff,
        Action::CompareWith(_) => Pane::State,
        Action::ShowFieldHistory => Pane::FieldHistory,
        Action::SetCauses(Some(CausesTab::Chain)) | Action::ShowCauses => Pane::Causation,
        Action::SetCauses(Some(CausesTab::Correlation)) => Pane::Correlation,
        Action::ShowAllLanes => Pane::Timeline,
        Action::ShowStatistics => Pane::Statistics,
        Action::ListBookmarks => Pane::Bookmarks,
        Action::SetFilter(_) | Action::AskFilter => Pane::Events,
        Action::SelectType(_) => Pane::Types,
        Action::AskTable(_) => Pane::AsOf,
        Action::AskRollForward(_) => Pane::RollForward,
        Action::ShowGraph | Action::ShowGraphOf(_) | Action::ShowView(ViewKind::Graph) => {
            Pane::Graph
        }
        Action::PlotField(_)
        | Action::PlotPath(_)
        | Action::PlotStates(..)
        | Action::PlotPayloads(..)
        | Action::NewProjection
        | Action::RunProjection
        | Action::Project(_)
        | Action::Plot(_)
        | Action::ShowView(ViewKind::Projections) => Pane::Projections,
        Action::RunAudit | Action::ShowView(ViewKind::Audit) => Pane::Audit,
        Action::SaveReport | Action::ShowView(ViewKind::Report) => Pane::Report,
        _ => return None,
    };
    Some(pane)
}
