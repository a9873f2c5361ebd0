//! The sidebar above: all streams as a tree under their categories, with a filter.
//!
//! Open categories are part of the shared look, because the timeline shows the same streams as
//! lanes. `streams_index` holds the names in order.

use egui::{Align, Key, Rect, Sense, Ui, pos2, vec2};

use super::event_colors::EventColors;
use super::related;
use super::shared::{pressed, typed_slash, walked};
use super::streams_index::{Needle, StreamIndex};
use super::streams_row::{cells, paint, say};
use super::streams_shown::{Item, Shown};
use super::tile;
use crate::event::{StreamId, Zone};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::carried::{self, Carried};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::menu;
use crate::ui::widgets::rows::{Kind, Row, RowList, RowState, VirtualRows};
use crate::workbench::Action;

/// The list of streams.
#[derive(Default)]
pub struct StreamsPanel {
    filter: String,
    rows: VirtualRows,
    index: StreamIndex,
    indexed: Option<(u64, Zone)>,
    shown: Shown,
    /// The row that the keys start from, where it is not the selected stream.
    at: Option<Item>,
    /// The stream that was selected in the last frame: another one is brought into view.
    selected: Option<StreamId>,
    /// How high the list of related streams was in the last frame.
    lower: f32,
}

impl StreamsPanel {
    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log() else {
            Empty::new("No history is open").show(ui);
            return;
        };
        self.refresh(log, view);
        self.filter_ui(ui);
        self.head_ui(ui);
        let rest = ui.available_rect_before_wrap();
        let lower = related::height(view).min(rest.height() / 2.0).floor();
        let (upper, lower) = rest.split_top_bottom_at_y(rest.bottom() - lower);
        if self.lower != lower.height() {
            // The selected stream is not left under what has come.
            self.lower = lower.height();
            self.selected = None;
        }
        let mut list = tile::part(ui, upper, "list");
        if self.shown.n_rows == 0 {
            self.nothing_ui(&mut list, log);
        } else {
            self.tree_ui(&mut list, log, view);
        }
        if lower.height() > 0.0 {
            related::ui(&tile::part(ui, lower, "related"), view, lower);
        }
        ui.advance_cursor_after_rect(rest);
    }

    fn refresh(&mut self, log: &EventLog, view: &View<'_>) {
        let generation = view.workbench.generation;
        let zone = view.look().zone;
        if self.indexed != Some((generation, zone)) {
            self.index = StreamIndex::new(log, zone);
            self.indexed = Some((generation, zone));
            self.shown.key = None;
            self.at = None;
        }
        let needle = Needle::new(&self.filter);
        let open = &view.look().open_categories;
        let fits = self
            .shown
            .key
            .as_ref()
            .is_some_and(|(g, n, o)| *g == generation && *n == needle && o == open);
        if !fits {
            self.shown = Shown::new(&mut self.index, log, needle.as_ref(), open);
            self.shown.key = Some((generation, needle, open.clone()));
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui) {
        let wants_filter = typed_slash(ui.ctx());
        let row = Rect::from_min_size(
            ui.cursor().min,
            vec2(ui.available_width(), size::TOOL_ROWS[2]),
        );
        let inside = row.shrink2(vec2(size::TOOL_SIDE, 6.0));
        let mut field_ui = tile::part(ui, inside, "filter");
        let found = format::count(u64::try_from(self.shown.n_found).unwrap_or(0));
        let field = Field::filter("Filter streams")
            .key_cap("/")
            .show(&mut field_ui, &mut self.filter);
        if wants_filter {
            field.response.request_focus();
        }
        if !self.filter.is_empty() {
            let place = Rect::from_min_max(
                pos2(inside.left(), inside.top()),
                pos2(inside.right() - 30.0, inside.bottom()),
            );
            text::line(
                ui.painter(),
                place,
                Align::Max,
                Face::DataSmall,
                found,
                tokens(ui).text3,
            );
        }
        ui.advance_cursor_after_rect(row);
    }

    fn head_ui(&self, ui: &mut Ui) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
        let t = tokens(ui);
        let cells = cells(rect, 0.0);
        let painter = ui.painter();
        let first = Rect::from_min_max(
            pos2(rect.left() + size::SIDE, rect.top()),
            cells.words.right_bottom(),
        );
        text::line(
            painter,
            first,
            Align::Min,
            Face::SmallMedium,
            "Category",
            t.text3,
        );
        text::line(
            painter,
            cells.count,
            Align::Max,
            Face::SmallMedium,
            "Events",
            t.text3,
        );
        text::line(
            painter,
            cells.bars.expand2(vec2(4.0, 0.0)),
            Align::Center,
            Face::SmallMedium,
            self.index.title.as_str(),
            t.text3,
        );
    }

    fn nothing_ui(&mut self, ui: &mut Ui, log: &EventLog) {
        if log.is_empty() {
            Empty::new("No events")
                .why("The history is empty.")
                .show(ui);
            return;
        }
        let what = format!("No stream holds {}", format::visible(&self.filter));
        let clear = button::normal("Clear filter").small();
        if Empty::new(&what)
            .why("Any part of a name is found.")
            .button(clear)
            .show(ui)
            == Some(0)
        {
            self.filter.clear();
        }
    }

    fn tree_ui(&mut self, ui: &mut Ui, log: &EventLog, view: &View<'_>) {
        let selected = view.look().selection.stream;
        let chosen = selected.and_then(|stream| self.shown.row_of_stream(&self.index, log, stream));
        if self.selected != selected {
            self.selected = selected;
            self.at = None;
            if let Some(row) = chosen {
                self.rows.scroll_to_middle(row);
            }
        }
        let at = match self.at {
            Some(item) => self.shown.row_of(&self.index, log, item),
            None => chosen,
        };
        let (index, shown) = (&self.index, &self.shown);
        let label = |row: u64, _: RowState| {
            shown
                .item(index, row)
                .map_or_else(String::new, |item| say(log, index, item))
        };
        let is_selected = |row: u64| Some(row) == chosen;
        let list = RowList::new("Streams", shown.n_rows)
            .kind(Kind::Tree)
            .selected_where(&is_selected)
            .focused(at)
            .drags()
            .label(&label);
        let colors = EventColors::across(view);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(item) = shown.item(index, row.nr) {
                let at = (item, shown.is_open(row.nr));
                paint(row, (view, log, &colors), index, at);
                stream_menu(row, view, item);
            }
        });
        if let Some(item) = output
            .drag_started
            .and_then(|row| self.shown.item(&self.index, row))
        {
            self.carry(ui, item);
        }
        let clicked = output
            .clicked
            .and_then(|click| self.shown.item(&self.index, click.row));
        if let Some(item) = clicked {
            self.at = Some(item);
            self.choose(item, view, true);
        }
        if let Some(Item::Stream(_, stream)) = output
            .double_clicked
            .and_then(|row| self.shown.item(&self.index, row))
        {
            view.send(Action::OpenStream(stream));
        }
        if output.response.has_focus() {
            self.keys(ui, log, view, at);
        }
    }

    /// A stream or a category is dragged.
    fn carry(&self, ui: &Ui, item: Item) {
        let carried = match item {
            Item::Stream(_, stream) => Some(Carried::Stream(stream)),
            Item::Category(branch) => {
                let branch = self.index.branches.get(branch);
                branch.map(|branch| Carried::Category(branch.category))
            }
        };
        if let Some(carried) = carried {
            carried::take(ui.ctx(), carried);
        }
    }

    /// Selects a stream; folds or unfolds a category where that is wanted.
    fn choose(&mut self, item: Item, view: &View<'_>, toggles: bool) {
        match item {
            Item::Stream(_, stream) => {
                self.selected = Some(stream);
                view.send(Action::SelectStream(Some(stream)));
            }
            Item::Category(branch) if toggles && self.filter.is_empty() => {
                if let Some(branch) = self.index.branches.get(branch) {
                    view.send(Action::ToggleCategory(branch.category));
                }
            }
            Item::Category(_) => {}
        }
    }

    fn keys(&mut self, ui: &Ui, log: &EventLog, view: &View<'_>, at: Option<u64>) {
        let page = self.rows.page();
        if let Some(to) = walked(ui, at, self.shown.n_rows, page) {
            if let Some(item) = self.shown.item(&self.index, to) {
                self.at = Some(item);
                self.choose(item, view, false);
            }
            self.rows.scroll_to(to);
        }
        let Some(row) = at else { return };
        let Some(item) = self.shown.item(&self.index, row) else {
            return;
        };
        let is_open = self.shown.is_open(row);
        if pressed(ui, Key::H) {
            match item {
                Item::Category(_) if is_open => self.choose(item, view, true),
                Item::Stream(branch, _) => {
                    self.at = Some(Item::Category(branch));
                    if let Some(row) = self.shown.row_of(&self.index, log, Item::Category(branch)) {
                        self.rows.scroll_to(row);
                    }
                }
                Item::Category(_) => {}
            }
        }
        let unfolds = pressed(ui, Key::L);
        let opens = pressed(ui, Key::Enter);
        match item {
            Item::Category(_) if opens || unfolds && !is_open => self.choose(item, view, true),
            Item::Stream(_, stream) if opens => view.send(Action::OpenStream(stream)),
            _ => {}
        }
    }
}

/// What can be done with a stream, on a right click.
fn stream_menu(row: &Row<'_>, view: &View<'_>, item: Item) {
    let Item::Stream(_, stream) = item else {
        return;
    };
    row.response.context_menu(|ui| {
        if menu::item(ui, None, "Time travel", "").clicked() {
            view.send(Action::OpenStream(stream));
        }
        let is_other = view.workbench.stream_shown() != Some(stream);
        let compare = |ui: &mut Ui| menu::item(ui, None, "Compare with the state shown", "");
        if ui.add_enabled_ui(is_other, compare).inner.clicked() {
            view.send(Action::CompareWith(stream));
        }
    });
}
