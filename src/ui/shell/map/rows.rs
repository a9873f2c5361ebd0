//! The preview of the mapping dialog: rows of the file as the events that they would be.

use egui::{Align, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::event::Zone;
use crate::ui::View;
use crate::ui::panels::events_preview;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::segments::segments;
use crate::workbench::{Action, Freshness, MapEdit, MapPreview, MapRow, Mapping, Sampling};

/// Heights of the bar above and of the table's head.
const BAR: f32 = 32.0;
pub(super) const HEAD: f32 = BAR + size::ROW;
/// So many characters of a payload are laid out.
const MOST_CHARS: usize = 160;

/// The preview's own state.
#[derive(Default)]
pub(super) struct Rows {
    table: Table,
    /// What was shown in the last frame, so that another sample starts at its top.
    shown: Option<(u64, usize, Sampling)>,
}

impl Rows {
    /// Shows the preview.
    pub(super) fn show(&mut self, ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
        let rect = ui.max_rect();
        let bar = Rect::from_min_size(rect.min, vec2(rect.width(), BAR));
        let (preview, is_stale) = newest(mapping);
        bar_ui(ui, bar, view, mapping, preview);
        let below = Rect::from_min_max(bar.left_bottom(), rect.max);
        let mut inside = super::part(ui, below, "table");
        let Some(preview) = preview else {
            nothing_ui(&mut inside, mapping);
            return;
        };
        if preview.refusal.is_some() && !is_stale {
            Empty::new("No events yet")
                .why("Rows are shown as events once a stream and a type are chosen.")
                .show(&mut inside);
            return;
        }
        let rows = preview.rows(mapping.sampling);
        if rows.is_empty() {
            let (what, why) = match mapping.sampling {
                Sampling::Problems => (
                    "No rows with problems",
                    "Everything that was looked at can be read.",
                ),
                Sampling::First | Sampling::Random => ("No rows", "This table is empty."),
            };
            Empty::new(what).why(why).show(&mut inside);
            return;
        }
        self.table_ui(&mut inside, view, mapping, (rows, is_stale));
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        mapping: &Mapping,
        (rows, is_stale): (&[MapRow], bool),
    ) {
        let now = (mapping.session, mapping.draft.table, mapping.sampling);
        if self.shown.replace(now) != Some(now) {
            self.table.rows.scroll_to_top(0);
        }
        let zone = view.look().zone;
        let time = format!("Time, {}", zone_word(zone, rows));
        let columns = [
            Column::new("Position", 80.0).right().least(60.0),
            Column::new(&time, 184.0).least(178.0),
            Column::new("Stream", 150.0).least(80.0),
            Column::new("Version", 62.0).right().least(56.0),
            Column::new("Type", 150.0).least(96.0),
            Column::new("Data", 200.0).grows(),
        ];
        let faint = |_: u64| is_stale;
        let said = |nr: u64, _: RowState| {
            let row = usize::try_from(nr).ok().and_then(|nr| rows.get(nr));
            row.map_or_else(String::new, spoken)
        };
        let n_rows = rows.len() as u64;
        let list = RowList::new("Preview rows", n_rows)
            .future(&faint)
            .label(&said);
        self.table.show(ui, &list, &columns, None, |cells| {
            let nr = usize::try_from(cells.row.nr).unwrap_or(usize::MAX);
            if let Some(row) = rows.get(nr) {
                row_ui(cells, row, zone);
            }
        });
    }
}

/// The newest preview, and whether something else has been chosen since.
fn newest(mapping: &Mapping) -> (Option<&MapPreview>, bool) {
    let Some(key) = mapping.key() else {
        return (None, false);
    };
    match mapping.preview.for_key(&key) {
        Freshness::Fresh(preview) => (preview.as_ref().ok(), false),
        // Rows of another table would only mislead.
        Freshness::Stale(preview) => {
            let table = mapping.preview.known().map(|(key, _)| key.draft.table);
            let is_same = table == Some(mapping.draft.table);
            (preview.as_ref().ok().filter(|_| is_same), true)
        }
        Freshness::Missing => (None, false),
    }
}

fn nothing_ui(ui: &mut Ui, mapping: &Mapping) {
    if let Some(why) = mapping.refusal() {
        Empty::new("Nothing can be shown")
            .why(why)
            .failed()
            .show(ui);
    } else {
        Empty::new("Reading the first rows").show(ui);
    }
}

fn bar_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &View<'_>,
    mapping: &Mapping,
    preview: Option<&MapPreview>,
) {
    let t = tokens(ui);
    ui.painter().rect_filled(rect, 0.0, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("kinds")
            .max_rect(rect.shrink2(vec2(16.0, 0.0)))
            .layout(Layout::right_to_left(Align::Center)),
    );
    let n_problems = preview.map_or(0, |preview| preview.n_problems);
    let problems = if n_problems == 0 {
        "Rows with problems".to_owned()
    } else {
        format!("Rows with problems {}", format::count(n_problems))
    };
    let mut sampling = mapping.sampling;
    let choices = [
        (Sampling::First, "First rows"),
        (Sampling::Random, "Random rows"),
        (Sampling::Problems, problems.as_str()),
    ];
    if segments(&mut right, "Which rows", &mut sampling, &choices) {
        view.send(Action::EditMapping(MapEdit::Sampling(sampling)));
    }
    let end = right.min_rect().left() - 12.0;
    let place = Rect::from_min_max(
        pos2(rect.left() + 16.0, rect.top()),
        pos2(end, rect.bottom()),
    );
    let mut job = text::job("Preview", Face::Button, t.text);
    let caption = caption(mapping, preview);
    job.append(&caption, 8.0, text::format(Face::Row, t.text3));
    text::line_job(ui.painter(), place, Align::Min, job);
    let response = ui.interact(place, ui.scope_id().with("caption"), Sense::hover());
    let said = format!("Preview {caption}");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, said.clone()));
}

/// How many rows are shown, of how many.
fn caption(mapping: &Mapping, preview: Option<&MapPreview>) -> String {
    let Some(preview) = preview.filter(|preview| preview.refusal.is_none()) else {
        return String::new();
    };
    let n_shown = format::count(preview.rows(mapping.sampling).len() as u64);
    let looked = format::count(preview.n_looked_at);
    let n_rows = mapping.table().and_then(|table| table.n_rows);
    let of = n_rows.map_or_else(|| looked.clone(), format::count);
    match mapping.sampling {
        Sampling::First => format!("first {n_shown} of {of} rows, as events"),
        Sampling::Random => format!("{n_shown} of {looked} rows at random, as events"),
        Sampling::Problems => {
            format!("{n_shown} of the first {looked} rows, with something that cannot be read")
        }
    }
}

fn zone_word(zone: Zone, rows: &[MapRow]) -> String {
    let first = rows
        .iter()
        .find_map(|row| Some(row.time.as_ref()?.as_ref().ok()?.0));
    first.map_or_else(|| "UTC".to_owned(), |time| zone.label(time))
}

fn row_ui(cells: &Cells<'_, '_>, row: &MapRow, zone: Zone) {
    let t = tokens(&*cells.row.ui);
    cells.data(0, format::count(row.position));
    match &row.time {
        Some(Ok((time, digits))) => {
            cells.data2(1, zone.wall(*time).date_time(' ', (*digits).min(6)));
        }
        Some(Err(text)) => unreadable(cells, 1, &format::visible(text)),
        None => {
            cells.text(1, Face::Data, "—", t.text3);
        }
    }
    cells.words(2, format::visible(&row.stream).into_owned());
    match &row.version {
        Some(Ok(version)) => {
            cells.data(3, version.to_string());
        }
        Some(Err(text)) => unreadable(cells, 3, &format::visible(text)),
        None => {
            cells.text(3, Face::Data, "—", t.text3);
        }
    }
    cells.words(4, format::visible(&row.event_type).into_owned());
    match &row.data {
        Ok(line) => {
            let colors = events_preview::Colors {
                key: t.text3,
                value: cells.color2(),
            };
            cells.job(5, events_preview::line(line, colors, MOST_CHARS));
        }
        Err(why) => unreadable(cells, 5, &format::visible(why)),
    }
}

/// What cannot be read, with its sign.
fn unreadable(cells: &Cells<'_, '_>, column: usize, words: &str) {
    let t = tokens(&*cells.row.ui);
    let rect = cells.rect(column);
    let painter = cells
        .row
        .ui
        .painter()
        .with_clip_rect(rect.intersect(cells.row.ui.clip_rect()));
    let sign = pos2(rect.left() + size::ICON_TEXT / 2.0, rect.center().y);
    icons::paint(&painter, sign, icons::FAILED, size::ICON_TEXT, t.err);
    let rest = Rect::from_min_max(
        pos2(rect.left() + size::ICON_TEXT + 6.0, rect.top()),
        rect.max,
    );
    text::line(&painter, rest, Align::Min, Face::Row, words, t.err);
}

/// A row as it is read out.
fn spoken(row: &MapRow) -> String {
    let version = match &row.version {
        Some(Ok(version)) => format!(" version {version}"),
        Some(Err(text)) => format!(", version {text} cannot be read"),
        None => String::new(),
    };
    let time = match &row.time {
        Some(Err(text)) => format!(", time {text} cannot be read"),
        _ => String::new(),
    };
    let data = match &row.data {
        Ok(line) => line.clone(),
        Err(why) => format!("data cannot be read: {why}"),
    };
    format!(
        "Row {}, {}, {}{version}{time}. {data}",
        format::count(row.position),
        row.event_type,
        row.stream
    )
}
