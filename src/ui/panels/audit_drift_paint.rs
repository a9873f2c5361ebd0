//! The cells of schema drift: a ruler of the calendar, and what a field held in each column.

use egui::{Align, Color32, Painter, Rangef, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::audit::{Drift, DriftChange, DriftColumns, DriftUnit, FieldDrift, FieldKind, TypeDrift};
use crate::event::Timestamp;
use crate::ui::theme::{Face, Tokens, size, text, tokens};

/// The widest a cell may be, and the space between two of them.
const WIDEST: f32 = 44.0;
const GAP: f32 = 2.0;
/// Height of the ruler.
const RULER: f32 = 36.0;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Where the cells of a row stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    left: f32,
    step: f32,
    n: usize,
}

impl Grid {
    /// Cells between so much room at the left and at the right.
    pub(super) fn in_row(row: Rangef, before: f32, after: f32, n: usize) -> Self {
        let room = (row.span() - before - after).max(40.0);
        let step = (room / n.max(1) as f32).min(WIDEST);
        Self {
            left: row.min + before,
            step,
            n,
        }
    }

    /// Where the first cell begins.
    pub(super) fn left(&self) -> f32 {
        self.left
    }

    /// Where the last cell ends.
    pub(super) fn right(&self) -> f32 {
        self.left + self.step * self.n as f32
    }

    fn cell(&self, nr: usize, y: Rangef) -> Rect {
        let left = self.left + self.step * nr as f32;
        Rect::from_x_y_ranges(left..=left + (self.step - GAP).max(1.0), y)
    }
}

/// The color of a kind of value.
pub(super) fn swatch_of(t: &Tokens, kind: FieldKind) -> Color32 {
    match kind {
        FieldKind::Null => t.text3,
        FieldKind::Bool => t.density(5, false),
        FieldKind::Number => t.density(11, false),
        FieldKind::Text => t.density(1, false),
        FieldKind::List => t.density(3, false),
        FieldKind::Object => t.density(2, false),
    }
}

/// What the colors and signs mean, from the right.
pub(super) fn legend_ui(ui: &mut Ui) {
    let t = tokens(ui);
    let signs: [(&str, Option<FieldKind>); 5] = [
        ("change", None),
        ("in some", None),
        ("object", Some(FieldKind::Object)),
        ("text", Some(FieldKind::Text)),
        ("number", Some(FieldKind::Number)),
    ];
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.add_space(8.0);
    for (words, kind) in signs {
        ui.label(text::small(words).color(t.text2));
        let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
        let painter = ui.painter();
        match (kind, words) {
            (Some(kind), _) => {
                painter.rect_filled(rect, size::CORNER_BAR, swatch_of(t, kind));
            }
            (None, "change") => outline(painter, rect, t.warn, 1.5),
            (None, _) => {
                let lower = Rect::from_min_max(pos2(rect.left(), rect.center().y), rect.max);
                painter.rect_filled(lower, 0.0, t.text2);
            }
        }
        ui.add_space(8.0);
    }
}

fn outline(painter: &Painter, rect: Rect, color: Color32, width: f32) {
    painter.rect_stroke(
        rect,
        size::CORNER_BAR,
        Stroke::new(width, color),
        StrokeKind::Inside,
    );
}

/// Shows the calendar above the cells.
pub(super) fn ruler_ui(ui: &mut Ui, columns: &DriftColumns, grid: &Grid) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), RULER), Sense::hover());
    let middle = rect.center().y;
    let painter = ui.painter();
    let mut last: Option<String> = None;
    let every = (26.0 / grid.step.max(1.0)).ceil().max(1.0);
    for (nr, start) in columns.starts.iter().enumerate() {
        let cell = grid.cell(nr, rect.y_range());
        let (above, below) = names(*start, columns.unit);
        if last.as_ref() != Some(&above) {
            let place = Rect::from_min_max(
                pos2(cell.left(), rect.top() + 2.0),
                pos2(cell.left() + 120.0, middle),
            );
            text::line(painter, place, Align::Min, Face::Small, &above, t.text2);
            last = Some(above);
        }
        let is_said = (below.len() < 2 && grid.step > 8.0) || nr as f32 % every == 0.0;
        if is_said {
            let place = Rect::from_min_max(
                pos2(cell.center().x - 24.0, middle),
                pos2(cell.center().x + 24.0, rect.bottom()),
            );
            text::line(painter, place, Align::Center, Face::Small, below, t.text3);
        }
    }
    let words = Rect::from_min_max(pos2(rect.left() + size::SIDE, middle), rect.max);
    let words = words.with_max_x(grid.cell(0, rect.y_range()).left() - 8.0);
    let zone = if columns.is_empty() {
        "No times"
    } else {
        "UTC"
    };
    text::line(painter, words, Align::Min, Face::Small, zone, t.text3);
}

/// What is written above a column where it is not what stood above the one before, and under that.
fn names(start: Timestamp, unit: DriftUnit) -> (String, String) {
    let (year, month, day, nanos) = start.civil();
    let month_name = |month: u32| {
        let at = usize::try_from(month).unwrap_or(1).saturating_sub(1);
        MONTHS.get(at).copied().unwrap_or_default()
    };
    let minutes = nanos / 60_000_000_000;
    match unit {
        DriftUnit::Months(1) => {
            let initial = month_name(month).chars().take(1).collect();
            (year.to_string(), initial)
        }
        DriftUnit::Months(months) if months < 12 => {
            (year.to_string(), month_name(month).to_owned())
        }
        DriftUnit::Months(_) => (String::new(), year.to_string()),
        DriftUnit::Nanos(length) if length >= 86_400_000_000_000 => {
            (format!("{} {year}", month_name(month)), day.to_string())
        }
        DriftUnit::Nanos(length) if length >= 60_000_000_000 => (
            format!("{} {day}, {year}", month_name(month)),
            format!("{:02}:{:02}", minutes / 60, minutes % 60),
        ),
        DriftUnit::Nanos(_) => {
            let secs = nanos / 1_000_000_000 % 60;
            let above = format!(
                "{} {day}, {:02}:{:02}",
                month_name(month),
                minutes / 60,
                minutes % 60
            );
            (above, secs.to_string())
        }
    }
}

/// Paints what a field held, column by column.
pub(super) fn paint_cells(
    painter: &Painter,
    row: Rect,
    grid: &Grid,
    (drift, shape, field): (&Drift, &TypeDrift, &FieldDrift),
    change: Option<&DriftChange>,
) {
    let t = tokens(painter.ctx());
    let changed = change.and_then(|change| drift.columns.of_time(change.time?));
    for nr in 0..grid.n {
        let cell = grid.cell(nr, row.y_range());
        let of = |counts: &[u32]| counts.get(nr).copied().unwrap_or_default();
        let (n_type, n_field) = (of(&shape.by_column), of(&field.by_column));
        if n_type == 0 {
            continue;
        }
        if n_field == 0 {
            outline(painter, cell, t.line, 1.0);
        } else {
            let is_whole = n_field >= n_type;
            let filled = if is_whole {
                cell
            } else {
                Rect::from_min_max(pos2(cell.left(), cell.center().y), cell.max)
            };
            paint_kinds(painter, t, filled, (field, nr));
            if !is_whole {
                outline(painter, cell, t.line, 1.0);
            }
        }
        if changed == Some(nr) {
            outline(painter, cell.expand(1.0), t.warn, 1.5);
        }
    }
}

/// The kinds of one column side by side, in the order in which they first occur.
fn paint_kinds(painter: &Painter, t: &Tokens, cell: Rect, (field, column): (&FieldDrift, usize)) {
    let n = |nr: usize| {
        let seen = field.kinds.get(nr)?;
        let n = seen.by_column.get(column).copied().unwrap_or_default();
        (n > 0).then_some((seen.kind, n))
    };
    let kinds: Vec<(FieldKind, u32)> = (0..field.kinds.len()).filter_map(n).collect();
    let share = cell.width() / kinds.len().max(1) as f32;
    let mut left = cell.left();
    for (kind, _) in kinds {
        let part = Rect::from_x_y_ranges(left..=left + share, cell.y_range());
        painter.rect_filled(part, size::CORNER_BAR, swatch_of(t, kind));
        left += share;
    }
}
