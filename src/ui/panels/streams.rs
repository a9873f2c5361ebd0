//! The sidebar above: all streams as a tree under their categories, with a filter.
//!
//! Open categories are part of the shared look, because the timeline shows the same streams as
//! lanes. `streams_index` holds the names in order.

use std::collections::BTreeSet;

use egui::{Align, Key, Rect, Sense, Ui, pos2, vec2};

use super::shared::{category_name, color_nr, counted, pressed, typed_slash, walked};
use super::streams_index::{Needle, StreamIndex};
use super::tile;
use crate::event::{CategoryId, Position, StreamId, Zone};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::rows::{Kind, Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::{button, sparkline, swatch};
use crate::workbench::{Action, InspectorTab};

/// Width of the column of counts.
const COUNT: f32 = 64.0;
/// Where the words of a row begin, after caret and swatch.
const WORDS: f32 = 38.0;

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
}

/// A row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Category(usize),
    Stream(usize, StreamId),
}

/// Which rows there are, and for what.
#[derive(Default)]
struct Shown {
    key: Option<(u64, Option<Needle>, BTreeSet<CategoryId>)>,
    segments: Vec<Segment>,
    n_rows: u64,
    n_found: usize,
}

/// A category and the streams shown under it.
struct Segment {
    branch: usize,
    start: u64,
    n_streams: usize,
    /// The streams that fit the filter; without a filter those of the index.
    found: Option<Vec<StreamId>>,
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
        if self.shown.n_rows == 0 {
            self.nothing_ui(ui, log);
            return;
        }
        self.tree_ui(ui, log, view);
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
        let wants_filter = typed_slash(ui);
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
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(item) = shown.item(index, row.nr) {
                paint(row, log, index, item, shown.is_open(row.nr));
            }
        });
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
            jump(log, stream, view);
        }
        if output.response.has_focus() {
            self.keys(ui, log, view, at);
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
            Item::Stream(_, stream) if opens => {
                view.send(Action::SelectStream(Some(stream)));
                view.send(Action::ShowInspector(InspectorTab::State));
            }
            _ => {}
        }
    }
}

/// Puts the playhead on the stream's last event that is not after it, or else on its first.
fn jump(log: &EventLog, stream: StreamId, view: &View<'_>) {
    let events = log.events_of(stream);
    let rank = log.rank_at(stream, view.look().playhead).unwrap_or(0);
    if let Some(position) = events.get(rank as usize) {
        view.send(Action::SelectStream(Some(stream)));
        view.send(Action::MovePlayhead(Position(*position)));
    }
}

impl Shown {
    fn new(
        index: &mut StreamIndex,
        log: &EventLog,
        needle: Option<&Needle>,
        open: &BTreeSet<CategoryId>,
    ) -> Self {
        let mut shown = Self::default();
        for nr in 0..index.branches.len() {
            let category = index.branches[nr].category;
            let found = match needle {
                Some(needle) => {
                    let found = index.matching(log, nr, needle);
                    if found.is_empty() {
                        continue;
                    }
                    Some(found)
                }
                None => None,
            };
            let n_streams = match &found {
                Some(found) => found.len(),
                None if open.contains(&category) => {
                    index.sort(log, nr);
                    index.streams(nr).len()
                }
                None => 0,
            };
            shown.n_found += found.as_ref().map_or(0, Vec::len);
            shown.segments.push(Segment {
                branch: nr,
                start: shown.n_rows,
                n_streams,
                found,
            });
            shown.n_rows += 1 + u64::try_from(n_streams).unwrap_or(0);
        }
        shown
    }

    fn segment(&self, row: u64) -> Option<&Segment> {
        let after = self
            .segments
            .partition_point(|segment| segment.start <= row);
        self.segments.get(after.checked_sub(1)?)
    }

    fn is_open(&self, row: u64) -> bool {
        self.segment(row)
            .is_some_and(|segment| segment.n_streams > 0)
    }

    fn item(&self, index: &StreamIndex, row: u64) -> Option<Item> {
        let segment = self.segment(row)?;
        let Some(nth) = (row - segment.start).checked_sub(1) else {
            return Some(Item::Category(segment.branch));
        };
        let stream = segment.streams(index).get(usize::try_from(nth).ok()?)?;
        Some(Item::Stream(segment.branch, *stream))
    }

    fn row_of_stream(&self, index: &StreamIndex, log: &EventLog, stream: StreamId) -> Option<u64> {
        let category = log.stream_info(stream).category;
        let of_category = |segment: &&Segment| {
            index
                .branches
                .get(segment.branch)
                .is_some_and(|branch| branch.category == category)
        };
        let segment = self
            .segments
            .iter()
            .find(of_category)
            .filter(|segment| segment.n_streams > 0)?;
        let name = |stream: StreamId| (log.stream_name(stream), stream);
        let nth = segment
            .streams(index)
            .binary_search_by(|other| name(*other).cmp(&name(stream)))
            .ok()?;
        Some(segment.start + 1 + u64::try_from(nth).ok()?)
    }

    fn row_of(&self, index: &StreamIndex, log: &EventLog, item: Item) -> Option<u64> {
        match item {
            Item::Category(branch) => self
                .segments
                .iter()
                .find(|segment| segment.branch == branch)
                .map(|segment| segment.start),
            Item::Stream(_, stream) => self.row_of_stream(index, log, stream),
        }
    }
}

impl Segment {
    fn streams<'a>(&'a self, index: &'a StreamIndex) -> &'a [StreamId] {
        self.found
            .as_deref()
            .unwrap_or_else(|| index.streams(self.branch))
    }
}

/// Where the parts of a row stand.
struct Cells {
    words: Rect,
    count: Rect,
    bars: Rect,
}

fn cells(rect: Rect, words: f32) -> Cells {
    let [width, height] = size::SPARKLINE;
    let right = rect.right() - size::TOOL_SIDE;
    let bars = Rect::from_center_size(
        pos2(right - width / 2.0, rect.center().y),
        vec2(width, height),
    );
    let count = Rect::from_min_max(
        pos2(bars.left() - 8.0 - COUNT, rect.top()),
        pos2(bars.left() - 8.0, rect.bottom()),
    );
    let words = Rect::from_min_max(
        pos2(rect.left() + words, rect.top()),
        pos2(count.left() + 14.0, rect.bottom()),
    );
    Cells { words, count, bars }
}

fn paint(row: &Row<'_>, log: &EventLog, index: &StreamIndex, item: Item, is_open: bool) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let cells = cells(row.rect, WORDS - 4.0);
    let (n_events, bars) = match item {
        Item::Category(branch) => {
            let Some(branch) = index.branches.get(branch) else {
                return;
            };
            let caret = if is_open {
                icons::UNFOLDED
            } else {
                icons::FOLDED.outline()
            };
            icons::paint(
                painter,
                pos2(row.rect.left() + 11.0, row.rect.center().y),
                caret,
                size::ICON_TEXT,
                t.text3,
            );
            let color = t.category(color_nr(log, branch.category));
            swatch::paint(
                painter,
                pos2(row.rect.left() + 26.0, row.rect.center().y),
                color,
            );
            let mut words = cells.words;
            words.min.x += 4.0;
            text::line(
                painter,
                words,
                Align::Min,
                Face::Button,
                category_name(log, branch.category),
                t.text,
            );
            (branch.n_events, branch.bars.clone())
        }
        Item::Stream(_, stream) => {
            let name = format::visible(log.stream_name(stream));
            text::line(painter, cells.words, Align::Min, Face::Data, name, t.text2);
            let n_events = u64::try_from(log.events_of(stream).len()).unwrap_or(0);
            (n_events, index.bars_of(log, stream))
        }
    };
    text::line(
        painter,
        cells.count,
        Align::Max,
        Face::DataSmall,
        format::count(n_events),
        t.text3,
    );
    sparkline::paint(painter, cells.bars, &bars, t.text3);
    describe(row, item, is_open);
}

/// What makes a row part of a tree for an assistive technology.
fn describe(row: &Row<'_>, item: Item, is_open: bool) {
    row.ui
        .ctx()
        .accesskit_node_builder(row.response.id, |node| match item {
            Item::Category(_) => {
                node.set_level(1);
                node.set_expanded(is_open);
            }
            Item::Stream(..) => node.set_level(2),
        });
}

fn say(log: &EventLog, index: &StreamIndex, item: Item) -> String {
    match item {
        Item::Category(nr) => index.branches.get(nr).map_or_else(String::new, |branch| {
            let name = category_name(log, branch.category);
            let n_streams = u64::try_from(index.streams(nr).len()).unwrap_or(0);
            let events = counted(branch.n_events, "event", "events");
            format!(
                "{name}, {events}, {}",
                counted(n_streams, "stream", "streams")
            )
        }),
        Item::Stream(_, stream) => {
            let n_events = u64::try_from(log.events_of(stream).len()).unwrap_or(0);
            format!(
                "{}, {}",
                log.stream_name(stream),
                counted(n_events, "event", "events")
            )
        }
    }
}
