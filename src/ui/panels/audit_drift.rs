//! Schema drift: each field of each type along the calendar, by what it holds; a row leads to the event
//! at which the field became another one.

use egui::{Align, Key, Painter, Rect, Ui, pos2, vec2};

use super::audit_drift_paint::{Grid, legend_ui, paint_cells, ruler_ui, swatch_of};
use super::shared::{counted, day, place, pressed, walked};
use super::tile;
use crate::audit::{Drift, DriftChange, FieldDrift, TypeDrift};
use crate::event::{Position, TypeId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::{button, segments, swatch};
use crate::workbench::{Action, InspectorTab, ViewKind};

/// Width of the names of types and fields together, and of what became of them: as shares of the row, at
/// most so many points. The names have less where all of them are short.
const NAMES: (f32, f32) = (0.41, 322.0);
const NOTE: (f32, f32) = (0.18, 150.0);
/// Around a name of a type and after one of a field.
const AROUND_TYPE: f32 = size::SIDE + size::SWATCH + size::ICON_GAP + 16.0;
const AFTER_FIELD: f32 = 10.0;
/// The most names that are measured.
const MEASURED: usize = 2_000;
/// Height of the line that tells more of the row chosen.
const MORE: f32 = 30.0;
/// Under this width there is no room for the legend.
const LEGEND_FROM: f32 = 300.0;

/// Which fields are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fields {
    #[default]
    All,
    Changed,
}

/// A row: a field, or a type that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    shape: usize,
    field: Option<usize>,
    /// The first row of its type.
    is_first: bool,
    /// The first change of the field, and how many it has.
    change: Option<usize>,
}

/// The list, and what of it is shown.
#[derive(Default)]
pub(super) struct DriftPanel {
    rows: VirtualRows,
    fields: Fields,
    chosen: Option<u64>,
    lines: Vec<Line>,
    lines_of: Option<(u64, usize, Fields)>,
    /// How much room the names want.
    names: f32,
}

impl DriftPanel {
    /// Adds the tools to the head of the tile, from the right.
    pub(super) fn tools_ui(&mut self, ui: &mut Ui, drift: &Drift) {
        let n_changes = u64::try_from(drift.changes.len()).unwrap_or(0);
        let changed = format!("Changed {}", format::count(n_changes));
        let choices = [(Fields::All, "All"), (Fields::Changed, changed.as_str())];
        segments::segments(ui, "Fields", &mut self.fields, &choices);
        if ui.available_width() > LEGEND_FROM {
            legend_ui(ui);
        }
    }

    /// Shows the fields in all the space there is; `unhandled` are the types that no rule handles.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (drift, unhandled): (&Drift, &[TypeId]),
    ) {
        self.refresh(ui.painter(), view.workbench.generation, drift);
        if self.lines.is_empty() {
            let (what, why) = match self.fields {
                Fields::All => ("No fields", "No event carries a JSON object."),
                Fields::Changed => (
                    "No field changed",
                    "Every field kept its kind and its place.",
                ),
            };
            Empty::new(what).why(why).icon(icons::PASSED).show(ui);
            return;
        }
        let all = ui.available_rect_before_wrap();
        let before = self.names.min(wide(NAMES, all.width()));
        let after = wide(NOTE, all.width());
        let grid = Grid::in_row(all.x_range(), before, after, drift.columns.len());
        ruler_ui(ui, &drift.columns, &grid);
        let rest = ui.available_rect_before_wrap();
        let at = rest.bottom() - MORE;
        let list_rect = Rect::from_min_max(rest.min, pos2(rest.right(), at));
        let more_rect = Rect::from_min_max(pos2(rest.left(), at), rest.max);
        let mut list_ui = tile::part(ui, list_rect, "fields");
        self.list_ui(&mut list_ui, view, log, (drift, unhandled), &grid);
        let mut more = tile::part(ui, more_rect, "field");
        self.more_ui(&mut more, view, drift);
        ui.advance_cursor_after_rect(all);
    }

    fn refresh(&mut self, painter: &Painter, generation: u64, drift: &Drift) {
        let key = (generation, drift.types.len(), self.fields);
        if self.lines_of == Some(key) {
            return;
        }
        self.lines_of = Some(key);
        self.chosen = None;
        self.lines = lines(drift, self.fields);
        let measured = self.lines.iter().take(MEASURED);
        let room = measured.map(|line| room_of(painter, drift, *line));
        self.names = room.fold(0.0, f32::max).ceil();
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (drift, unhandled): (&Drift, &[TypeId]),
        grid: &Grid,
    ) {
        let lines = &self.lines;
        let find = |row: u64| {
            let line = *lines.get(usize::try_from(row).ok()?)?;
            let shape = drift.types.get(line.shape)?;
            let field = line.field.and_then(|field| shape.fields.get(field));
            let change = line.change.and_then(|change| drift.changes.get(change));
            Some((line, shape, field, change))
        };
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |(_, shape, field, change)| {
                say(shape, field, change)
            })
        };
        let n_rows = u64::try_from(lines.len()).unwrap_or(0);
        let list = RowList::new("Fields", n_rows)
            .selected(self.chosen)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            if let Some((line, shape, field, change)) = find(row.nr) {
                let is_unhandled = unhandled.contains(&shape.event_type);
                let mut names = row.rect.with_max_x(grid.left() - AFTER_FIELD);
                if line.is_first {
                    let path = field.map_or(0.0, |field| path_width(row.ui.painter(), field));
                    // Of too little room the name of the type has most.
                    let rest = (names.width() - path - 16.0).max(names.width() * 0.6);
                    let place = names.with_max_x(names.left() + rest);
                    names.min.x = paint_type(row, place, (view, log), (shape, is_unhandled)) + 16.0;
                }
                if let Some(field) = field {
                    paint_field(row, names, (drift, shape, field), change, grid);
                }
            }
        });
        let mut chosen = output.clicked.map(|click| click.row);
        let mut opened = output.double_clicked;
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.chosen, n_rows, self.rows.page()) {
                chosen = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                opened = self.chosen;
            }
        }
        let place_of = |row: u64| {
            let (_, shape, field, change) = find(row)?;
            let first = field.and_then(|field| Some(field.kinds.first()?.first));
            Some(change.map_or_else(|| first.unwrap_or(shape.first), |change| change.position))
        };
        if let Some(row) = chosen {
            self.chosen = Some(row);
        }
        if let Some(at) = opened.and_then(place_of) {
            go_to(view, at);
        }
    }

    /// What is known of the row chosen: each kind with its first event and an example.
    fn more_ui(&self, ui: &mut Ui, view: &View<'_>, drift: &Drift) {
        let t = tokens(ui);
        tile::hairline(ui);
        let line = self.chosen.and_then(|row| {
            let line = self.lines.get(usize::try_from(row).ok()?)?;
            let shape = drift.types.get(line.shape)?;
            Some((line, shape, shape.fields.get(line.field?)?))
        });
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            let Some((line, shape, field)) = line else {
                let words = "Choose a field to see its kinds, each with its first event.";
                ui.label(text::row(words).color(t.text3));
                return;
            };
            for change in changes_of(drift, line, shape, field) {
                let words = format!("{} at {}", change.short(), place(change.position));
                let link = button::link(&words);
                if ui.add(link).clicked() {
                    go_to(view, change.position);
                }
            }
            for seen in &field.kinds {
                swatch::swatch(ui, swatch_of(t, seen.kind));
                let events = counted(seen.n, "event", "events");
                let words = format!("{}, {events}, first", seen.kind.name());
                ui.label(text::row(words).color(t.text2));
                let name = place(seen.first);
                let link = ui.add(button::link(&name));
                if link.clicked() {
                    go_to(view, seen.first);
                }
                if let Some(time) = seen.first_time {
                    let zone = view.look().zone;
                    link.on_hover_text(format!("{} {}", day(time, zone), zone.label(time)));
                }
                if !seen.example.is_empty() {
                    let shown = format::visible(&seen.example).into_owned();
                    ui.label(text::data(shown).color(t.text));
                }
            }
        });
    }
}

/// The width of a column in a row of so many points.
fn wide((share, most): (f32, f32), row: f32) -> f32 {
    (row * share).round().min(most)
}

/// How wide the names of a line are, with what is around them.
fn room_of(painter: &Painter, drift: &Drift, line: Line) -> f32 {
    let Some(shape) = drift.types.get(line.shape) else {
        return 0.0;
    };
    let field = line.field.and_then(|field| shape.fields.get(field));
    let path = field.map_or(0.0, |field| path_width(painter, field));
    let name = if line.is_first {
        text::width(painter, Face::Button, &format::visible(&shape.name)) + AROUND_TYPE
    } else {
        size::SIDE
    };
    name + path + AFTER_FIELD
}

fn path_width(painter: &Painter, field: &FieldDrift) -> f32 {
    text::width(painter, Face::Data, &format::visible(&field.path))
}

fn lines(drift: &Drift, fields: Fields) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut from = 0;
    for (nr, shape) in drift.types.iter().enumerate() {
        // Changes come by type, in the same order.
        let own = drift.changes.get(from..).unwrap_or_default();
        let own = own
            .iter()
            .take_while(|one| one.event_type == shape.event_type);
        let own: Vec<(usize, &DriftChange)> = (from..).zip(own).collect();
        from += own.len();
        let first = lines.len();
        for (at, field) in shape.fields.iter().enumerate() {
            let change = own.iter().find(|(_, change)| change.path == field.path);
            let change = change.map(|(nr, _)| *nr);
            if fields == Fields::All || change.is_some() {
                lines.push(Line {
                    shape: nr,
                    field: Some(at),
                    is_first: lines.len() == first,
                    change,
                });
            }
        }
        if lines.len() == first && fields == Fields::All {
            lines.push(Line {
                shape: nr,
                field: None,
                is_first: true,
                change: None,
            });
        }
    }
    lines
}

/// The changes of the field in a line.
fn changes_of<'d>(
    drift: &'d Drift,
    line: &Line,
    shape: &'d TypeDrift,
    field: &'d FieldDrift,
) -> impl Iterator<Item = &'d DriftChange> {
    let from = line.change.unwrap_or(drift.changes.len());
    let rest = drift.changes.get(from..).unwrap_or_default().iter();
    let of_type = rest.take_while(|change| change.event_type == shape.event_type);
    of_type.filter(|change| change.path == field.path)
}

/// Puts the playhead on an event and shows it.
fn go_to(view: &View<'_>, position: Position) {
    view.send(Action::SelectEvent(position));
    view.send(Action::ShowView(ViewKind::Explore));
    view.send(Action::ShowInspector(InspectorTab::Event));
}

/// The name of a type with its color; returns where it ends.
fn paint_type(
    row: &Row<'_>,
    place: Rect,
    (view, log): (&View<'_>, &EventLog),
    (shape, is_unhandled): (&TypeDrift, bool),
) -> f32 {
    let t = tokens(&*row.ui);
    let left = place.left() + size::SIDE;
    let painter = row.ui.painter();
    let center = pos2(left + size::SWATCH / 2.0, place.center().y);
    swatch::paint(
        painter,
        center,
        super::shared::event_color(t, (view, log), shape.first, false),
    );
    let words = place.with_min_x(left + size::SWATCH + size::ICON_GAP);
    let name = format::visible(&shape.name);
    let color = if is_unhandled { t.warn } else { t.text };
    let taken = text::line(painter, words, Align::Min, Face::Button, name, color);
    if is_unhandled {
        let id = row.ui.scope_id().with((row.nr, "unhandled"));
        let hover = row.ui.interact(words, id, egui::Sense::hover());
        hover.on_hover_text("No rule handles events of this type");
    }
    taken.right()
}

fn paint_field(
    row: &Row<'_>,
    words: Rect,
    (drift, shape, field): (&Drift, &TypeDrift, &FieldDrift),
    change: Option<&DriftChange>,
    grid: &Grid,
) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let path = format::visible(&field.path);
    let path = text::shortened(painter, Face::Data, &path, words.width());
    text::line(painter, words, Align::Max, Face::Data, path, t.text2);
    paint_cells(
        painter,
        row.rect.shrink2(vec2(0.0, 4.0)),
        grid,
        (drift, shape, field),
        change,
    );
    let (note, color) = note(shape, field, change);
    let color = if color { t.warn } else { t.text3 };
    let place = Rect::from_min_max(pos2(grid.right() + 10.0, row.rect.top()), row.rect.max);
    text::line(painter, place, Align::Min, Face::Row, note, color);
}

/// What stands at the end of a row, and whether it needs an explanation.
fn note(shape: &TypeDrift, field: &FieldDrift, change: Option<&DriftChange>) -> (String, bool) {
    use crate::audit::DriftChangeKind as Kind;
    match change {
        Some(change) if change.what == Kind::Kind => {
            let n = format::count(change.n_after);
            (format!("{}, {n}", change.short()), true)
        }
        Some(change) if change.what == Kind::Appears => {
            let since = change.time.map_or_else(
                || place(change.position),
                |time| day(time, crate::event::Zone::Utc),
            );
            (format!("new, {since}"), false)
        }
        Some(change) => (change.short(), false),
        None => match shape.n.saturating_sub(field.n) {
            0 => (String::new(), false),
            n => (format!("missing in {}", format::count(n)), false),
        },
    }
}

/// What is read out for a row.
fn say(shape: &TypeDrift, field: Option<&FieldDrift>, change: Option<&DriftChange>) -> String {
    let Some(field) = field else {
        return format!("{}, no fields", shape.name);
    };
    let kinds: Vec<&str> = field.kinds.iter().map(|seen| seen.kind.name()).collect();
    let changed = change.map_or_else(String::new, |change| {
        format!(", {} at {}", change.short(), place(change.position))
    });
    format!(
        "{} {}, {}, in {} of {}{changed}",
        shape.name,
        field.path,
        kinds.join(" and "),
        format::count(field.n),
        counted(shape.n, "event", "events")
    )
}
