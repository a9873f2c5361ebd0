//! The inspector's Event tab: the event at the playhead, in full and exactly as it is stored.

use egui::{Align, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::branch;
use super::event_changes::changes_ui;
use super::event_colors::EventColors;
use super::event_facts::{facts_ui, further, line_ui, metadata, stored_as};
use super::event_note::note_ui;
use super::json_rows::{Flat, Folds};
use super::shared::{version, whole};
use super::tile;
use crate::event::json::{JsonPath, parse};
use crate::event::{CategoryId, EventDetail, Payload, Position, StreamId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::json_tree::{Form, JsonTree, TreeOutput};
use crate::ui::widgets::rows::{RowList, RowState, RowsOutput};
use crate::ui::widgets::section::{section, section_with};
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::{button, menu, skeleton, swatch};
use crate::workbench::{Action, EventKey, Freshness};

/// The most characters of a payload that is shown as raw text.
const MOST_RAW: usize = 20_000;

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(super) struct EventDetailView {
    tree: JsonTree,
    folds: Folds,
    data: Option<(EventKey, Data)>,
    /// The field whose menu is open.
    asked: Option<JsonPath>,
}

/// Data as they can be shown.
enum Data {
    Tree(Flat),
    Raw(String),
    Nothing,
}

impl EventDetailView {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let (Some(log), Some(key)) = (view.log(), view.workbench.event_key()) else {
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        let height = ui.available_height();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head_ui(ui, view, log, key.position);
            tile::hairline(ui);
            note_ui(ui, view, key.position);
            match view.workbench.answers.event.for_key(&key) {
                Freshness::Fresh(Ok(detail)) => {
                    self.detail_ui(ui, view, (log, key, detail), height);
                }
                Freshness::Fresh(Err(why)) => failed_ui(ui, why),
                Freshness::Stale(_) | Freshness::Missing => {
                    loading_ui(ui, &["Data", "Metadata", "Stored as"]);
                }
            }
        });
    }

    fn detail_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        of: (&EventLog, EventKey, &EventDetail),
        height: f32,
    ) {
        let (log, key, detail) = of;
        self.data_ui(ui, (view, log), (key, detail), height);
        ui.add_space(4.0);
        tile::hairline(ui);
        section(ui, "Metadata");
        let names = view.history().map(|history| history.about.causation);
        let mut facts = metadata(detail, names.unwrap_or_default());
        for fact in &mut facts {
            fact.count(view, detail);
        }
        if facts.is_empty() {
            line_ui(ui, "None in this record", tokens(ui).text3);
        }
        ui.push_id("metadata", |ui| facts_ui(ui, &facts, view));
        further_ui(ui, view, detail);
        ui.add_space(4.0);
        tile::hairline(ui);
        changes_ui(ui, view, log, key.position);
        ui.add_space(4.0);
        tile::hairline(ui);
        section(ui, "Stored as");
        ui.push_id("stored", |ui| {
            let file = log.file_of_event(key.position);
            facts_ui(ui, &stored_as(detail, file, view.look().zone), view);
        });
        ui.add_space(12.0);
    }

    fn data_ui(
        &mut self,
        ui: &mut Ui,
        (view, log): (&View<'_>, &EventLog),
        (key, detail): (EventKey, &EventDetail),
        height: f32,
    ) {
        let size_tag = size_of(&detail.data);
        section_with(ui, "Data", |ui| {
            if !size_tag.is_empty() {
                tag(ui, Tone::Neutral, &size_tag);
            }
        });
        if self.data.as_ref().is_none_or(|(known, _)| *known != key) {
            self.folds = Folds::default();
            self.tree = JsonTree::default();
            self.data = Some((key, read(&detail.data, &self.folds)));
        }
        let toggled = match self.data.as_ref().map(|(_, data)| data) {
            Some(Data::Tree(flat)) => {
                let wanted = size::ROW * flat.rows.len() as f32;
                let most = (height * 0.55).max(10.0 * size::ROW);
                let output = tree_ui(ui, &mut self.tree, flat, wanted.min(most));
                let category = log.stream_info(log.stream(key.position)).category;
                field_menu_ui(view, &output.rows, (category, flat), &mut self.asked);
                toggled(flat, &output)
            }
            Some(Data::Raw(words)) => {
                raw_ui(ui, words);
                None
            }
            Some(Data::Nothing) | None => {
                line_ui(ui, "The record holds none", tokens(ui).text3);
                None
            }
        };
        if let (Some(row), Some((_, Data::Tree(flat)))) = (toggled, &self.data)
            && let (Some(path), Some(item)) = (flat.paths.get(row), flat.rows.get(row))
        {
            self.folds.set(path.clone(), item.folded == Some(false));
            self.data = Some((key, read(&detail.data, &self.folds)));
        }
    }
}

/// The columns of the record that play no part of their own, where there are any.
fn further_ui(ui: &mut Ui, view: &View<'_>, detail: &EventDetail) {
    let (facts, more) = further(detail);
    if facts.is_empty() {
        return;
    }
    ui.add_space(4.0);
    tile::hairline(ui);
    section(ui, "Further columns");
    ui.push_id("further", |ui| facts_ui(ui, &facts, view));
    if more > 0 {
        let more = format::count(u64::try_from(more).unwrap_or(0));
        line_ui(ui, &format!("{more} more in the record"), tokens(ui).text3);
    }
}

/// Type, stream, place, and what can be done.
fn head_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, position: Position) {
    let t = tokens(ui);
    let name = format::visible(log.type_name(log.event_type(position))).into_owned();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, name.as_str()));
    let y = rect.top() + 24.0;
    let color = EventColors::of(view).event(t, log, position, false);
    let square = Rect::from_center_size(pos2(rect.left() + size::SIDE + 7.0, y), vec2(14.0, 14.0));
    ui.painter()
        .rect_filled(square, f32::from(size::CORNER_TAG), color);
    let words = Rect::from_min_max(
        pos2(square.right() + 8.0, y - 12.0),
        pos2(rect.right() - 72.0, y + 12.0),
    );
    text::line(
        ui.painter(),
        words,
        Align::Min,
        Face::Heading,
        name.as_str(),
        t.text,
    );
    bookmark_ui(ui, view, position, pos2(rect.right() - 24.0, y));
    let place = Rect::from_center_size(pos2(rect.right() - 52.0, y), vec2(24.0, 24.0));
    if ui
        .place(
            place,
            button::icon_button(icons::COPY, "Copy event", "Ctrl C").small(),
        )
        .clicked()
    {
        view.send(Action::CopyEvent);
    }
    let stream = log.stream(position);
    let last = last_version(log, stream);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(size::SIDE - 4.0);
        let stream_name = format::visible(log.stream_name(stream));
        // Versions and position must stay in sight beside the longest of names.
        let room = ui.available_width() * 0.4;
        let stream_name =
            text::shortened(ui.painter(), Face::Data, &stream_name, room).into_owned();
        let link = ui.add(button::link(&stream_name));
        if link.clicked() {
            view.send(Action::SelectStream(Some(stream)));
        }
        let word = |words: &str| text::row(words).color(t.text2);
        ui.label(word("version "));
        let shown = version(log.version(position));
        ui.label(text::data(shown.trim_start_matches('v')).color(t.text));
        if let Some(last) = last {
            ui.label(word(&format!(" of {}", whole(last))));
        }
        ui.label(word(", position "));
        ui.label(text::data(format::count(u64::from(position.0))).color(t.text));
    });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        if ui
            .add(
                button::normal("Time travel")
                    .icon(icons::TIME_TRAVEL)
                    .key_cap(view.key_of(&Action::OpenSelected)),
            )
            .clicked()
        {
            view.send(Action::OpenStream(stream));
        }
        let graph = button::normal("Show graph").icon(icons::GRAPH);
        if ui
            .add(graph.key_cap(view.key_of(&Action::ShowGraph)))
            .clicked()
        {
            view.send(Action::ShowGraphOf(position));
        }
    });
    ui.add_space(6.0);
    branch::event_ui(ui, view, position);
    ui.add_space(12.0);
}

/// The ribbon in the head: filled where the event is bookmarked, and then it takes that back.
fn bookmark_ui(ui: &mut Ui, view: &View<'_>, position: Position, center: egui::Pos2) {
    let mut bookmarks = view.look().bookmarks.iter();
    let known = bookmarks.position(|one| one.position == position);
    let (icon, name) = match known {
        Some(_) => (icons::BOOKMARK, "Remove bookmark"),
        None => (icons::BOOKMARK.outline(), "Bookmark"),
    };
    let place = Rect::from_center_size(center, vec2(24.0, 24.0));
    let button = button::icon_button(icon, name, "M").small();
    if ui.place(place, button).clicked() {
        view.send(known.map_or(Action::AskBookmark, Action::RemoveBookmark));
    }
}

/// The version of the last event of a stream.
fn last_version(log: &EventLog, stream: StreamId) -> Option<i64> {
    let n_events = u32::try_from(log.events_of(stream).len()).ok()?;
    log.version_at_rank(stream, n_events.checked_sub(1)?)
        .map(|version| version.0)
}

/// What kind of text the data are, and how long.
fn size_of(data: &Payload) -> String {
    let kind = match data {
        Payload::Missing => return String::new(),
        Payload::Json(_) => "JSON",
        Payload::Text(_) => "Text",
        Payload::Bytes(_) => "Bytes",
    };
    format!(
        "{kind}, {}",
        format::bytes(u64::try_from(data.len()).unwrap_or(u64::MAX))
    )
}

fn read(data: &Payload, folds: &Folds) -> Data {
    match data {
        Payload::Missing => Data::Nothing,
        Payload::Json(json) => match parse(json.as_bytes()) {
            Ok(value) => Data::Tree(Flat::document(&value, folds)),
            // Too deep for a tree: as it is written.
            Err(_) => Data::Raw(raw(json)),
        },
        Payload::Text(words) => Data::Raw(raw(words)),
        Payload::Bytes(bytes) => {
            use std::fmt::Write as _;
            let mut hex = String::new();
            for byte in bytes.iter().take(MOST_RAW / 3) {
                write!(hex, "{byte:02x} ").ok();
            }
            Data::Raw(hex)
        }
    }
}

fn raw(words: &str) -> String {
    let cut = words
        .char_indices()
        .nth(MOST_RAW)
        .map_or(words, |(end, _)| &words[..end]);
    let mut shown: String = cut
        .lines()
        .map(|line| format::visible(line).into_owned())
        .collect::<Vec<_>>()
        .join("\n");
    if cut.len() < words.len() {
        shown.push('…');
    }
    shown
}

fn raw_ui(ui: &mut Ui, words: &str) {
    let color = tokens(ui).text2;
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - size::SIDE);
            let label = egui::Label::new(text::data(words).color(color))
                .wrap()
                .selectable(true);
            ui.add(label);
        });
    });
}

/// Shows the tree; returns the row whose caret was clicked.
fn tree_ui(ui: &mut Ui, tree: &mut JsonTree, flat: &Flat, height: f32) -> TreeOutput {
    let place = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    let mut inside = tile::part(ui, place, "data");
    let at = |row: u64| {
        let row = usize::try_from(row).ok()?;
        flat.rows.get(row)
    };
    let label = |row: u64, _: RowState| {
        at(row).map_or_else(String::new, |item| format!("{}: {}", item.key, item.value))
    };
    let list = RowList::new("Data", 0).label(&label);
    let output = tree.show(&mut inside, list, &flat.rows, Form::Plain);
    ui.advance_cursor_after_rect(place);
    output
}

/// The row to fold or unfold.
fn toggled(flat: &Flat, output: &TreeOutput) -> Option<usize> {
    let at = |row: u64| flat.rows.get(usize::try_from(row).ok()?);
    let clicked = output.rows.clicked.map(|click| click.row);
    let is_container = |row: &u64| at(*row).is_some_and(|item| item.folded.is_some());
    let row = output.toggled.or_else(|| clicked.filter(is_container))?;
    usize::try_from(row).ok()
}

/// What can be done with a field of the payload.
fn field_menu_ui(
    view: &View<'_>,
    rows: &RowsOutput,
    (category, flat): (CategoryId, &Flat),
    asked: &mut Option<JsonPath>,
) {
    if let Some(row) = rows.secondary_clicked {
        let row = usize::try_from(row).ok();
        *asked = row.and_then(|row| flat.paths.get(row)).cloned();
    }
    let Some(path) = asked else { return };
    rows.response.context_menu(|ui| {
        let icon = Some(icons::PROJECTIONS);
        if menu::item(ui, icon, "Plot this field of the payloads", "").clicked() {
            view.send(Action::PlotPayloads(category, path.clone()));
        }
        if menu::item(ui, Some(icons::COPY), "Copy path", "").clicked() {
            view.send(Action::CopyText(format!("data.{path}")));
        }
    });
}

fn failed_ui(ui: &mut Ui, why: &str) {
    let t = tokens(ui);
    section(ui, "This event cannot be read");
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.label(icons::icon(icons::FAILED, size::ICON_SMALL, t.err));
        ui.add(egui::Label::new(text::row(why).color(t.err)).wrap());
    });
}

/// The layout of what is not there yet.
pub(super) fn loading_ui(ui: &mut Ui, titles: &[&str]) {
    for title in titles {
        section(ui, title);
        blocks_ui(ui, 4);
        tile::hairline(ui);
    }
}

pub(super) fn blocks_ui(ui: &mut Ui, n: u8) {
    for nr in 0..n {
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
        let share = 0.35 + 0.15 * f32::from(nr % 3);
        skeleton::paint(ui.painter(), rect.shrink2(vec2(size::SIDE, 0.0)), share);
    }
}

/// A swatch in a line of words.
pub(super) fn dot_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, position: Position) {
    let color = EventColors::of(view).event(tokens(ui), log, position, false);
    swatch::swatch(ui, color);
}
