//! The left side of the mapping dialog: the tables of the file, and the known schemas that were tried.

use egui::{
    Align, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::focus_ring;
use crate::ui::widgets::tag::{self, Tone};
use crate::workbench::{
    Action, MapEdit, MapSurvey, MapTable, Mapping, SchemaFit, TableTag, TriedSchema,
};

/// Heights of a table, of a schema, and of the note at the end.
const TABLE: f32 = 44.0;
const SCHEMA: f32 = 24.0;
const HEADING: f32 = 36.0;
const NOTE: f32 = 56.0;
const NOTE_NARROW: f32 = 72.0;
/// What the note says.
const NOTE_WORDS: &str =
    "The file is open read-only. A mapping is stored with your settings, not in the file.";
/// So many schemas are listed; the others are counted.
const MOST_SCHEMAS: usize = 8;

/// Shows the left side.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
    let Some(found) = mapping.found() else { return };
    let rect = ui.max_rect();
    let height = if rect.width() < 260.0 {
        NOTE_NARROW
    } else {
        NOTE
    };
    let note = Rect::from_min_max(pos2(rect.left(), rect.bottom() - height), rect.max);
    note_ui(ui, note);
    let schemas = schemas_height(found);
    let room = note.top() - rect.top();
    // Where both do not fit, each gets half and is scrolled.
    let wanted = HEADING + TABLE * found.tables.len() as f32 + 8.0;
    let upper = if wanted + schemas <= room {
        wanted
    } else {
        wanted.min((room - schemas).max(room / 2.0))
    };
    let split = rect.top() + upper;
    let tables = Rect::from_min_max(rect.min, pos2(rect.right(), split));
    tables_ui(&mut super::part(ui, tables, "list"), view, mapping, found);
    let line = Stroke::new(size::STROKE, tokens(ui).line);
    ui.painter().hline(rect.x_range(), split, line);
    let lower = Rect::from_min_max(pos2(rect.left(), split), note.right_top());
    schemas_ui(&mut super::part(ui, lower, "tried"), found);
}

fn heading(ui: &Ui, rect: Rect, words: &str) {
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let color = tokens(ui).text3;
    text::line(
        ui.painter(),
        inside,
        Align::Min,
        Face::Section,
        words,
        color,
    );
    let response = ui.interact(rect, ui.scope_id().with(words), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
}

fn tables_ui(ui: &mut Ui, view: &View<'_>, mapping: &Mapping, found: &MapSurvey) {
    let rect = ui.max_rect();
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), HEADING));
    let words = if found.is_database {
        format!("Tables and views, {}", found.tables.len())
    } else {
        "Log".to_owned()
    };
    heading(ui, top, &words);
    let list = Rect::from_min_max(top.left_bottom(), rect.max);
    let mut inside = super::part(ui, list, "tables");
    inside.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let chosen = keys(&inside, mapping, found);
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(&mut inside, |ui| {
            for (nr, table) in found.tables.iter().enumerate() {
                let is_chosen = nr == mapping.draft.table;
                let response = table_ui(ui, nr, table, is_chosen);
                if chosen == Some(nr) {
                    response.request_focus();
                    response.scroll_to_me(None);
                }
                if response.clicked() && !is_chosen {
                    view.send(Action::EditMapping(MapEdit::Table(nr)));
                }
            }
        });
    if let Some(nr) = chosen {
        view.send(Action::EditMapping(MapEdit::Table(nr)));
    }
}

/// Arrow keys take another table while the list has the keyboard.
fn keys(ui: &Ui, mapping: &Mapping, found: &MapSurvey) -> Option<usize> {
    let at = mapping.draft.table;
    if !ui.memory(|memory| memory.has_focus(table_id(at))) {
        return None;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let filter = egui::EventFilter {
        vertical_arrows: true,
        ..egui::EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(table_id(at), filter));
    if pressed(Key::ArrowDown) && at + 1 < found.tables.len() {
        return Some(at + 1);
    }
    if pressed(Key::ArrowUp) {
        return at.checked_sub(1);
    }
    None
}

fn table_id(nr: usize) -> Id {
    Id::unique(("annals_map_table", nr))
}

fn table_ui(ui: &mut Ui, nr: usize, table: &MapTable, is_chosen: bool) -> egui::Response {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TABLE), Sense::hover());
    // The list is one stop of the keyboard: the chosen table.
    let sense = if is_chosen {
        Sense::click()
    } else {
        Sense::CLICK
    };
    let response = ui.interact(rect, table_id(nr), sense);
    let painter = ui.painter();
    if is_chosen {
        painter.rect_filled(rect, 0.0, t.accent_soft);
        let bar = Rect::from_min_size(rect.min, vec2(size::STROKE_PLAYHEAD, TABLE));
        painter.rect_filled(bar, 0.0, t.accent);
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    let color = if is_chosen { t.accent } else { t.text3 };
    let icon = pos2(rect.left() + 20.0, rect.center().y);
    icons::paint(painter, icon, icons::TABLE, size::ICON_SMALL, color);
    let (label, tone) = match table.tag {
        TableTag::None => ("", Tone::Neutral),
        TableTag::Events => ("Events", Tone::Ok),
        TableTag::Snapshots => ("Snapshots", Tone::Accent),
    };
    let mut right = rect.right() - size::SIDE;
    if !label.is_empty() {
        right -= tag::width(painter, label);
        tag::paint(painter, pos2(right, rect.center().y), tone, label);
        right -= 8.0;
    }
    let name = Rect::from_min_max(
        pos2(rect.left() + 38.0, rect.top() + 5.0),
        pos2(right, rect.top() + 23.0),
    );
    let words = text::shortened(painter, Face::Data, &table.name, name.width());
    let words = format::visible(&words).into_owned();
    text::line(painter, name, Align::Min, Face::Data, words, t.text);
    let under = name.translate(vec2(0.0, 17.0));
    let about = table.about.as_str();
    text::line(painter, under, Align::Min, Face::Small, about, t.text3);
    let tagged = if label.is_empty() {
        String::new()
    } else {
        format!(", {label}")
    };
    let said = format!("{}, {}{tagged}", table.name, table.about);
    response
        .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, said.clone()));
    if focus_ring::is_shown(&response) {
        focus_ring::inside(ui, rect);
    }
    response
}

fn schemas_height(found: &MapSurvey) -> f32 {
    let n_listed = found.tried.len().min(MOST_SCHEMAS + 1);
    HEADING + SCHEMA * n_listed as f32 + 8.0
}

fn schemas_ui(ui: &mut Ui, found: &MapSurvey) {
    let rect = ui.max_rect();
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), HEADING));
    heading(
        ui,
        top,
        &format!("Known schemas tried, {}", found.tried.len()),
    );
    let list = Rect::from_min_max(top.left_bottom(), rect.max);
    let mut inside = super::part(ui, list, "schemas");
    inside.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(&mut inside, |ui| {
            let n_listed = if found.tried.len() == MOST_SCHEMAS + 1 {
                MOST_SCHEMAS + 1
            } else {
                MOST_SCHEMAS
            };
            for schema in found.tried.iter().take(n_listed) {
                schema_ui(ui, schema);
            }
            let n_more = found.tried.len().saturating_sub(n_listed);
            if n_more > 0 {
                more_ui(ui, n_more, found);
            }
        });
}

fn schema_ui(ui: &mut Ui, schema: &TriedSchema) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), SCHEMA), Sense::hover());
    let (icon, color) = match schema.fit {
        SchemaFit::Whole => (icons::CHECK, t.ok),
        SchemaFit::Part => (icons::PART, t.warn),
        SchemaFit::None => (icons::CLOSE, t.text3),
    };
    let painter = ui.painter();
    let at = pos2(rect.left() + 18.0, rect.center().y);
    icons::paint(painter, at, icon, size::ICON_TEXT, color);
    let inside = Rect::from_min_max(
        pos2(rect.left() + 32.0, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    // What does not fit says more than the whole of a long name.
    let why = text::width(painter, Face::Small, &schema.why).min(inside.width() * 0.45);
    let room = Rect::from_min_max(inside.min, pos2(inside.right() - why - 12.0, rect.bottom()));
    let name = schema.name.as_str();
    let name = text::line(painter, room, Align::Min, Face::Row, name, t.text);
    let rest = Rect::from_min_max(pos2(name.right() + 12.0, rect.top()), inside.max);
    let why = schema.why.as_str();
    text::line(painter, rest, Align::Max, Face::Small, why, t.text3);
    let said = format!("{}, {}", schema.name, schema.why);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, said.clone()));
}

/// How many more there are; the pointer says which.
fn more_ui(ui: &mut Ui, n_more: usize, found: &MapSurvey) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), SCHEMA), Sense::hover());
    let place = Rect::from_min_max(pos2(rect.left() + 32.0, rect.top()), rect.max);
    let words = format!("{n_more} more");
    let color = tokens(ui).text3;
    text::line(
        ui.painter(),
        place,
        Align::Min,
        Face::Row,
        words.as_str(),
        color,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, words.clone()));
    let n_listed = found.tried.len() - n_more;
    response.on_hover_ui(|ui| {
        for schema in found.tried.iter().skip(n_listed) {
            schema_ui(ui, schema);
        }
    });
}

fn note_ui(ui: &Ui, rect: Rect) {
    let t = tokens(ui);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter().hline(rect.x_range(), rect.top(), line);
    let mut job = text::job(NOTE_WORDS, Face::Small, t.text3);
    job.wrap = egui::text::TextWrapping::wrap_at_width(rect.width() - 2.0 * size::SIDE);
    let galley = ui.painter().layout_job(job);
    let place = pos2(
        rect.left() + size::SIDE,
        rect.center().y - galley.size().y / 2.0,
    );
    ui.painter().galley(place, galley, t.text3);
    let response = ui.interact(rect, ui.scope_id().with("note"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Note, true, NOTE_WORDS));
}
