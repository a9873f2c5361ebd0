//! How tiles look and what draws their contents: tabs with a marker, tools at the right of the bar.

use egui::{
    Align, Color32, Id, Rect, Response, Role, Sense, Stroke, Ui, Visuals, WidgetInfo, WidgetText,
    pos2, vec2,
};
use egui_tiles::{
    Behavior, EditAction, ResizeState, SimplificationOptions, TabState, Tabs, Tile, TileId, Tiles,
    UiResponse,
};

use crate::ui::View;
use crate::ui::layout::Pane;
use crate::ui::panels::{CausationPanel, FacetsPanel, Panels, StreamTimelinePanel, TimelinePanel};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::focus_ring;
use crate::workbench::Action;

/// How wide a stream's name on a tab may be.
const TAB_NAME: f32 = 160.0;

/// Draws the tiles of one frame.
pub struct Look<'a, 'b> {
    /// What is drawn into them.
    pub panels: &'a mut Panels,
    /// What they see.
    pub view: &'a View<'b>,
    /// The pane that has the keyboard, as of the last frame.
    pub keyboard: Option<Pane>,
    /// Where the panes stand, in the order of drawing; filled while drawing.
    pub places: Vec<(Pane, Rect)>,
    /// Whether the user moved or sized a tile.
    pub was_edited: bool,
    /// Whether the user chose a tab.
    pub chose_tab: bool,
    /// Whether the view is one panel with heads of its own.
    pub whole_view: bool,
    /// The colors of a divider under the pointer and of one that is dragged.
    pub accents: (Color32, Color32),
}

/// The focus of a pane as a whole: F6 goes from one to the next.
pub fn pane_focus(pane: Pane) -> Id {
    Id::unique(("annals_pane", pane.title()))
}

impl Look<'_, '_> {
    fn count(&self, pane: Pane) -> Option<String> {
        let log = self.view.log()?;
        match pane {
            Pane::Types if self.view.workbench.travelled().is_some() => {
                // Folded, it has not looked yet.
                let n_types = self.panels.types.n_types();
                (n_types > 0).then(|| format::count(n_types as u64))
            }
            Pane::Types => Some(format::count(log.type_names().len() as u64)),
            Pane::Events => Some(match self.view.workbench.rows_shown() {
                Some(shown) => format!(
                    "{} of {}",
                    format::count(shown.len() as u64),
                    format::count(log.len() as u64)
                ),
                None => format::count(log.len() as u64),
            }),
            Pane::Bookmarks => Some(self.view.look().bookmarks.len())
                .filter(|n| *n > 0)
                .map(|n| format::count(n as u64)),
            Pane::Correlation => {
                let bench = self.view.workbench;
                let known = bench.answers.travel.undertaking.known()?;
                let (key, Ok(undertaking)) = known else {
                    return None;
                };
                let is_here = bench.undertaking_key().as_ref() == Some(key);
                is_here.then(|| {
                    let more = if undertaking.is_cut { "+" } else { "" };
                    format!("{}{more}", format::count(undertaking.events.len() as u64))
                })
            }
            _ => None,
        }
    }

    /// What stands on a pane's tab.
    fn title(&self, ui: &Ui, pane: Pane) -> String {
        let selected = self.view.look().selection.stream;
        match (pane, self.view.log().zip(selected)) {
            (Pane::StreamTimeline, Some((log, stream))) => {
                let name = format::visible(log.stream_name(stream));
                let name = text::shortened(ui.painter(), Face::Button, &name, TAB_NAME);
                format!("Timeline: {name}")
            }
            (Pane::Timeline, Some(_)) => "All lanes".to_owned(),
            _ => pane.title().to_owned(),
        }
    }

    /// How wide a pane's tab is.
    fn tab_width(&self, ui: &Ui, pane: Pane) -> f32 {
        let painter = ui.painter();
        let number = self.count(pane).map_or(0.0, |count| {
            text::width(painter, Face::DataSmall, &count) + size::ICON_GAP
        });
        let title = text::width(painter, Face::Button, &self.title(ui, pane));
        (title + number + 2.0 * size::TAB_SPACING).ceil()
    }

    /// What the tabs of a bar leave to its tools.
    fn room_for_tools(&self, ui: &Ui, tiles: &Tiles<Pane>, tabs: &Tabs) -> f32 {
        let panes = tabs
            .children
            .iter()
            .filter_map(|tile| match tiles.get(*tile) {
                Some(Tile::Pane(pane)) => Some(*pane),
                _ => None,
            });
        ui.available_width() - panes.map(|pane| self.tab_width(ui, pane)).sum::<f32>()
    }

    fn paint_tab(&self, ui: &Ui, rect: Rect, pane: Pane, (is_active, is_hovered): (bool, bool)) {
        let t = tokens(ui);
        let painter = ui.painter();
        if is_active {
            painter.rect_filled(rect, 0.0, t.panel);
            let has_keyboard = self.keyboard == Some(pane);
            let marker = Rect::from_min_size(rect.min, vec2(rect.width(), size::STROKE_PLAYHEAD));
            painter.rect_filled(
                marker,
                0.0,
                if has_keyboard {
                    t.accent
                } else {
                    t.line_strong
                },
            );
        }
        painter.vline(
            rect.right() - 0.5,
            rect.y_range(),
            Stroke::new(size::STROKE, t.line),
        );
        let color = if is_active || is_hovered {
            t.text
        } else {
            t.text2
        };
        let inside = rect
            .shrink2(vec2(size::TAB_SPACING, 0.0))
            .expand2(vec2(1.0, 0.0));
        let taken = text::line(
            painter,
            inside,
            Align::Min,
            Face::Button,
            self.title(ui, pane),
            color,
        );
        if let Some(count) = self.count(pane) {
            let rest = Rect::from_min_max(
                pos2(taken.right() + size::ICON_GAP, rect.top()),
                rect.right_bottom(),
            );
            text::line(painter, rest, Align::Min, Face::DataSmall, count, t.text3);
        }
    }
}

/// What closes a pane that can be closed; the others are always there.
fn closing(pane: Pane) -> Option<Action> {
    match pane {
        Pane::StreamTimeline => Some(Action::SelectStream(None)),
        Pane::Causation | Pane::Correlation => Some(Action::SetCauses(None)),
        Pane::State | Pane::Event | Pane::Diff | Pane::FieldHistory => {
            Some(Action::ToggleInspector)
        }
        _ => None,
    }
}

impl Behavior<Pane> for Look<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> UiResponse {
        let rect = ui.max_rect();
        if rect.height() < size::ROW || rect.width() < size::ROW {
            return UiResponse::None;
        }
        ui.painter().rect_filled(rect, 0.0, tokens(ui).panel);
        self.places.push((*pane, rect));
        let anchor = ui.interact(rect, pane_focus(*pane), Sense::focusable_noninteractive());
        anchor.widget_info(|| {
            WidgetInfo::labeled(Role::Pane, true, format!("{} tile", pane.title()))
        });
        self.panels.ui(*pane, ui, self.view);
        if focus_ring::is_shown(&anchor) {
            focus_ring::inside(ui, rect);
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        pane.title().into()
    }

    fn tab_ui(
        &mut self,
        tiles: &mut Tiles<Pane>,
        ui: &mut Ui,
        id: Id,
        tile: TileId,
        state: &TabState,
    ) -> Response {
        let pane = match tiles.get(tile) {
            Some(Tile::Pane(pane)) => *pane,
            _ => Pane::Events,
        };
        let title = self.title(ui, pane);
        let width = self.tab_width(ui, pane);
        let (_, rect) = ui.allocate_space(vec2(width, ui.available_height()));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| {
            WidgetInfo::selected(Role::Tab, true, state.active, format!("{title} tab"))
        });
        if ui.is_rect_visible(rect) && !state.is_being_dragged {
            self.paint_tab(ui, rect, pane, (state.active, response.hovered()));
            if focus_ring::is_shown(&response) {
                focus_ring::inside(ui, rect);
            }
        }
        if response.middle_clicked()
            && let Some(action) = closing(pane)
        {
            self.view.send(action);
        }
        self.on_tab_button(tiles, tile, response)
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        _tile: TileId,
        tabs: &Tabs,
        _offset: &mut f32,
    ) {
        let active = tabs.active.and_then(|tile| tiles.get(tile));
        ui.add_space(size::SIDE);
        let room = self.room_for_tools(ui, tiles, tabs);
        match active {
            Some(Tile::Pane(Pane::Timeline)) => TimelinePanel::tools_ui(ui, self.view, room),
            Some(Tile::Pane(Pane::StreamTimeline)) => {
                StreamTimelinePanel::tools_ui(ui, self.view, room);
            }
            Some(Tile::Pane(Pane::Causation | Pane::Correlation)) => {
                CausationPanel::tools_ui(ui, self.view);
            }
            Some(Tile::Pane(Pane::Statistics)) => self.panels.statistics.tools_ui(ui),
            Some(Tile::Pane(Pane::Events)) => self.panels.events.tools_ui(ui, self.view),
            Some(Tile::Pane(Pane::Types)) => FacetsPanel::tools_ui(ui, self.view, room),
            _ => {}
        }
    }

    fn is_tab_bar_visible(&self, _tile: TileId, tabs: &Tabs) -> bool {
        !self.whole_view || tabs.children.len() > 1
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        size::TAB_BAR
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        size::TILE_GAP
    }

    fn min_size(&self) -> f32 {
        size::TILE_MIN
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        visuals.faint_bg_color
    }

    fn resize_stroke(&self, style: &egui::Style, state: ResizeState) -> Stroke {
        match state {
            ResizeState::Idle => Stroke::new(
                size::STROKE,
                style.visuals.widgets.noninteractive.bg_stroke.color,
            ),
            ResizeState::Hovering => Stroke::new(2.0, self.accents.0),
            ResizeState::Dragging => Stroke::new(2.0, self.accents.1),
        }
    }

    fn drag_preview_color(&self, visuals: &Visuals) -> Color32 {
        visuals.selection.bg_fill.gamma_multiply(0.6)
    }

    fn drag_preview_stroke(&self, visuals: &Visuals) -> Stroke {
        Stroke::new(size::STROKE_PLOT, visuals.selection.stroke.color)
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions {
            prune_empty_tabs: true,
            prune_empty_containers: true,
            all_panes_must_have_tabs: true,
            ..SimplificationOptions::OFF
        }
    }

    fn on_edit(&mut self, action: EditAction) {
        match action {
            EditAction::TabSelected => self.chose_tab = true,
            EditAction::TileResized | EditAction::TileDropped => self.was_edited = true,
            EditAction::TileDragged => {}
        }
    }
}
