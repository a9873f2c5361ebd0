//! The start screen: what this is, a place to drop a file, and the files opened before.

use egui::{
    Align, CornerRadius, Rect, Role, Sense, Shape, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::{button, kbd, mark};
use crate::ui::window::Facts;
use crate::workbench::Action;

use super::recent::Recent;

/// Width of the left column, of the space between, and of the right column.
const LEFT: f32 = 456.0;
const BETWEEN: f32 = 48.0;
const RIGHT: f32 = 712.0;
/// Height of the drop zone.
const DROP: f32 = 248.0;
/// The reading order goes from the mark to the last line, this high in all.
const HEIGHT: f32 = 540.0;

/// The start screen's own state.
#[derive(Default)]
pub struct Start {
    recent: Recent,
}

impl Start {
    /// Shows the screen.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
        let whole = ui.max_rect();
        let wanted = LEFT + BETWEEN + RIGHT;
        let room = whole.width() - 2.0 * size::BUTTON;
        let right_width = (RIGHT - (wanted - room).max(0.0)).max(320.0);
        let left = whole.center().x - (LEFT + BETWEEN + right_width) / 2.0;
        let top = whole.top() + ((whole.height() - HEIGHT) * 0.515).max(12.0);
        let column = Rect::from_min_max(pos2(left, top), pos2(left + LEFT, whole.bottom()));
        left_ui(&mut part(ui, column, "left"), view);
        let from = left + LEFT + BETWEEN;
        let column = Rect::from_min_max(pos2(from, top), pos2(from + right_width, whole.bottom()));
        self.right_ui(&mut part(ui, column, "right"), view, facts);
    }

    fn right_ui(&mut self, ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
        self.recent.ui(ui, view, facts);
        ui.add_space(24.0);
        keys_ui(ui, view);
    }
}

fn part(ui: &mut Ui, rect: Rect, name: &str) -> Ui {
    ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect))
}

fn left_ui(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let top = ui.max_rect().left_top();
    mark::paint(
        ui.painter(),
        Rect::from_min_size(pos2(top.x + 1.0, top.y - 3.0), vec2(40.0, 40.0)),
    );
    let title = Rect::from_min_size(pos2(top.x + 52.0, top.y), vec2(300.0, 34.0));
    text::line(
        ui.painter(),
        title,
        Align::Min,
        Face::PageTitle,
        "Annals",
        t.text,
    );
    let said = Rect::from_min_size(pos2(top.x, top.y + 48.0), vec2(LEFT, 24.0));
    let words = "See what happened, and what was true at any moment.";
    text::line(
        ui.painter(),
        said,
        Align::Min,
        Face::PageLead,
        words,
        t.text2,
    );
    let zone = Rect::from_min_size(pos2(top.x, top.y + 97.0), vec2(LEFT, DROP));
    drop_zone(ui, zone, view);
    let mut y = zone.bottom() + 28.0;
    let lines: [(Icon, &str, &str); 3] = [
        (
            icons::STORE,
            "SQLite event stores",
            "Eventuous, Emmett, Rails Event Store, eventsourcing, Axon and any table you map",
        ),
        (
            icons::LOG_FILE,
            "Event logs",
            "JSON Lines, JSON arrays, CSV and exports of event stores",
        ),
        (
            icons::OPEN,
            "Workspaces",
            ".annals files with bookmarks, notes, filters and projections",
        ),
    ];
    for (icon, head, words) in lines {
        let row = Rect::from_min_size(pos2(top.x, y), vec2(LEFT, 44.0));
        icons::paint(
            ui.painter(),
            pos2(row.left() + 8.0, row.top() + 8.0),
            icon,
            size::ICON,
            t.text3,
        );
        let head_place =
            Rect::from_min_size(pos2(row.left() + 28.0, row.top()), vec2(LEFT - 28.0, 16.0));
        text::line(
            ui.painter(),
            head_place,
            Align::Min,
            Face::Button,
            head,
            t.text,
        );
        let mut words = text::job(words, Face::Row, t.text3);
        words.wrap.max_width = LEFT - 28.0;
        let words = ui.painter().layout_job(words);
        let height = words.size().y;
        let at = pos2(head_place.left(), row.top() + 18.0);
        ui.painter().galley(at, words, t.text3);
        y += 34.0 + height;
    }
}

fn drop_zone(ui: &mut Ui, zone: Rect, view: &View<'_>) {
    let t = tokens(ui);
    let response = ui.interact(zone, egui::Id::unique("annals_drop_zone"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Drop a file here"));
    let is_target = ui.input(|input| !input.raw.hovered_files.is_empty());
    let corner = CornerRadius::same(size::CORNER_DIALOG);
    ui.painter().rect_filled(zone, corner, t.canvas);
    let color = if is_target { t.accent } else { t.line_strong };
    dashed_frame(ui, zone, Stroke::new(size::STROKE_PLOT, color));
    let middle = zone.center().x;
    icons::paint(
        ui.painter(),
        pos2(middle, zone.top() + 69.0),
        icons::DROP_FILE,
        28.0,
        t.text2,
    );
    let line = |y: f32| {
        Rect::from_center_size(
            pos2(middle, zone.top() + y),
            vec2(zone.width() - 32.0, 20.0),
        )
    };
    if let Some(opening) = &view.workbench.opening {
        opening_ui(ui, zone, &opening.name, view);
        return;
    }
    text::line(
        ui.painter(),
        line(107.0),
        Align::Center,
        Face::Heading,
        "Drop a file here",
        t.text,
    );
    text::line(
        ui.painter(),
        line(130.0),
        Align::Center,
        Face::Row,
        "Files are opened read-only and never changed",
        t.text3,
    );
    let key = view.key_of(&Action::OpenDialog).replace('+', " ");
    let open = button::primary("Open file")
        .icon(icons::OPEN)
        .key_cap(&key)
        .large()
        .min_width(156.0);
    let sample = button::normal("Open sample store").large().min_width(148.0);
    let widths = open.size(ui).x + 8.0 + sample.size(ui).x;
    let from = pos2(middle - widths / 2.0, zone.top() + 161.0);
    let open_place = Rect::from_min_size(from, open.size(ui));
    let sample_place = Rect::from_min_size(pos2(open_place.right() + 8.0, from.y), sample.size(ui));
    if ui.place(open_place, open).clicked() {
        view.send(Action::OpenDialog);
    }
    if ui.place(sample_place, sample).clicked() {
        view.send(Action::OpenSample);
    }
}

/// How far reading is, in the place where the file was dropped.
fn opening_ui(ui: &mut Ui, zone: Rect, name: &str, view: &View<'_>) {
    let running = view.running.first();
    let what = format!("Reading {name}");
    let place = Rect::from_center_size(
        zone.center() + vec2(0.0, 16.0),
        vec2(zone.width() - 64.0, 64.0),
    );
    let progress = crate::ui::widgets::progress::Progress {
        what: &what,
        count: running.map_or("", |running| &running.done),
        share: running.and_then(|running| running.share),
        caption: "",
        can_stop: true,
    };
    if progress.show(&mut part(ui, place, "opening")) {
        view.send(Action::CancelOpening);
    }
}

/// A frame of dashes, straight sides only: the corners stay open.
fn dashed_frame(ui: &Ui, rect: Rect, stroke: Stroke) {
    let inset = f32::from(size::CORNER_DIALOG) * 0.6;
    let rect = rect.shrink(stroke.width / 2.0);
    let corners = [
        [
            pos2(rect.left() + inset, rect.top()),
            pos2(rect.right() - inset, rect.top()),
        ],
        [
            pos2(rect.right(), rect.top() + inset),
            pos2(rect.right(), rect.bottom() - inset),
        ],
        [
            pos2(rect.right() - inset, rect.bottom()),
            pos2(rect.left() + inset, rect.bottom()),
        ],
        [
            pos2(rect.left(), rect.bottom() - inset),
            pos2(rect.left(), rect.top() + inset),
        ],
    ];
    for side in corners {
        ui.painter()
            .extend(Shape::dashed_line(&side, stroke, 5.0, 4.0));
    }
}

/// The keys that work here.
fn keys_ui(ui: &Ui, view: &View<'_>) {
    let t = tokens(ui);
    let mut left = ui.cursor().left();
    let y = ui.cursor().top() + 10.0;
    let has_files = !view.recent.is_empty();
    let report = view.key_of(&Action::SaveReport);
    let keys = [
        ("Enter", "Open", has_files),
        ("Shift Enter", "Open in a new window", has_files),
        (report, "Audit and save a report", has_files),
        (
            view.key_of(&Action::OpenDialog),
            "Choose a file",
            !has_files,
        ),
        (
            view.key_of(&Action::TogglePalette),
            "All commands",
            !has_files,
        ),
        (view.key_of(&Action::ToggleShortcuts), "All shortcuts", true),
    ];
    for (key, words, is_shown) in keys {
        if !is_shown || key.is_empty() {
            continue;
        }
        let key = key.replace('+', " ");
        let cap = kbd::paint(ui.painter(), pos2(left, y), &key, kbd::plain(ui));
        let place = Rect::from_min_size(pos2(cap.right() + 8.0, y - 8.0), vec2(160.0, 16.0));
        let taken = text::line(ui.painter(), place, Align::Min, Face::Row, words, t.text2);
        left = taken.right() + 24.0;
    }
}
