//! Two periods on one axis: the pieces of A filled, those of B outlined, and a table beside them.

use egui::{Align, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::super::plots_axis::{value_label, value_ticks};
use super::super::shared::spoken;
use super::super::tile;
use super::parts::right_half;
use super::plot::color;
use crate::event::Decimal;
use crate::projection::{Bucket, Overlay, Pair, Step};
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::rows::{RowList, RowState};

/// Width of the table.
const TABLE: f32 = 320.0;
/// The most pieces that are drawn.
const MOST: usize = 400;

/// Two periods of a plot.
#[derive(Default)]
pub(super) struct OverlayPlot {
    table: Table,
}

/// What the periods are called, and what their pieces are.
pub(super) struct Names {
    pub a: String,
    pub b: String,
    pub bucket: Bucket,
    pub title: String,
}

impl Names {
    /// What a piece is called: `Week 1`.
    fn piece(&self, nth: usize) -> String {
        let unit = self.bucket.label();
        let mut chars = unit.chars();
        let head = chars.next().map(|c| c.to_uppercase().to_string());
        format!("{}{} {nth}", head.unwrap_or_default(), chars.as_str())
    }
}

impl OverlayPlot {
    /// Shows two periods of one line in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, _view: &View<'_>, overlay: &Overlay, names: &Names) {
        let area = ui.available_rect_before_wrap();
        let width = TABLE.min(area.width() * 0.5);
        let (left, right) = right_half(area, width);
        ui.painter().rect_filled(left, 0.0, tokens(ui).canvas);
        paint(ui, left, overlay, names);
        let mut inside = tile::part(ui, right, "periods");
        inside.spacing_mut().item_spacing.y = 0.0;
        self.table_ui(&mut inside, overlay, names);
        ui.advance_cursor_after_rect(area);
    }

    fn table_ui(&mut self, ui: &mut Ui, overlay: &Overlay, names: &Names) {
        let area = ui.available_rect_before_wrap();
        let foot = size::ROW + 1.0;
        let place = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - foot));
        let columns = [
            Column::new("", 84.0),
            Column::new(&names.a, 78.0).right(),
            Column::new(&names.b, 78.0).right(),
            Column::new("B \u{2212} A", 78.0).right(),
        ];
        let pair = |row: u64| overlay.pairs.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| {
            pair(row).map_or_else(String::new, |pair| self::label(pair, names))
        };
        let n_rows = u64::try_from(overlay.pairs.len()).unwrap_or(0);
        let list = RowList::new("Periods", n_rows).label(&label);
        let mut cells_at = Vec::new();
        let mut inside = tile::part(ui, place, "rows");
        self.table
            .show(&mut inside, &list, &columns, None, |cells| {
                if cells_at.is_empty() {
                    cells_at = (0..4).map(|column| cells.rect(column)).collect();
                }
                let Some(pair) = pair(cells.row.nr) else {
                    return;
                };
                let t = tokens(&*cells.row.ui);
                cells.words(0, names.piece(pair.nth));
                cells.data(1, amount(pair.a.and_then(|step| step.value)));
                cells.data(2, amount(pair.b.and_then(|step| step.value)));
                let color = tone(t, pair.difference);
                let words = signed(pair.difference);
                cells.job(3, text::job(&words, Face::Data, color));
            });
        let place = Rect::from_min_max(pos2(area.left(), place.bottom()), area.max);
        sums_ui(ui, place, overlay, &cells_at);
        ui.advance_cursor_after_rect(area);
    }
}

fn tone(t: &crate::ui::theme::Tokens, value: Option<Decimal>) -> egui::Color32 {
    match value {
        Some(value) if value.is_negative() => t.err,
        _ => t.text,
    }
}

/// The sums of both periods and their difference.
fn sums_ui(ui: &Ui, place: Rect, overlay: &Overlay, cells: &[Rect]) {
    let t = tokens(ui);
    ui.painter().rect_filled(place, 0.0, t.raised);
    let edge = Rect::from_min_size(place.min, vec2(place.width(), 1.0));
    ui.painter().rect_filled(edge, 0.0, t.line);
    let words = [
        "Sum".to_owned(),
        amount(overlay.sum_a),
        amount(overlay.sum_b),
        signed(overlay.difference),
    ];
    let said = format!(
        "Sum, A {}, B {}, difference {}",
        spoken(&words[1]),
        spoken(&words[2]),
        spoken(&words[3])
    );
    let response = ui.interact(place, ui.make_persistent_id("sums"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.as_str()));
    for (nr, words) in words.into_iter().enumerate() {
        let Some(cell) = cells.get(nr) else { continue };
        let cell = Rect::from_x_y_ranges(cell.x_range(), place.y_range());
        let (align, face, color) = match nr {
            0 => (Align::Min, Face::Row, t.text2),
            3 => (Align::Max, Face::DataMedium, tone(t, overlay.difference)),
            _ => (Align::Max, Face::DataMedium, t.text),
        };
        text::line(ui.painter(), cell, align, face, words, color);
    }
}

fn label(pair: &Pair, names: &Names) -> String {
    let value = |step: Option<Step>| spoken(&amount(step.and_then(|step| step.value)));
    format!(
        "{}, A {}, B {}, difference {}",
        names.piece(pair.nth),
        value(pair.a),
        value(pair.b),
        spoken(&signed(pair.difference))
    )
}

fn amount(value: Option<Decimal>) -> String {
    value.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |value| format::amount(&value.to_string()).into_owned(),
    )
}

fn signed(value: Option<Decimal>) -> String {
    match value {
        Some(value) if !value.is_negative() && value != Decimal::ZERO => {
            format!("+{}", amount(Some(value)))
        }
        value => amount(value),
    }
}

fn paint(ui: &Ui, area: Rect, overlay: &Overlay, names: &Names) {
    let t = tokens(ui);
    let plane = super::super::plots_axis::Plane::rect_in(area);
    let of = |step: Option<Step>| {
        let value = step.and_then(|step| step.value);
        value.map_or(0.0, |value| value.to_f64())
    };
    let pairs: Vec<&Pair> = overlay.pairs.iter().take(MOST).collect();
    let values = || pairs.iter().flat_map(|pair| [of(pair.a), of(pair.b)]);
    let low = values().fold(0.0, f64::min);
    let high = values().fold(0.0, f64::max).max(low + 1e-9) * 1.08;
    let y = |value: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let share = ((value - low) / (high - low)) as f32;
        plane.bottom() - share.clamp(-1.0, 2.0) * plane.height()
    };
    let ticks = value_ticks((low, high), plane.height(), 0.0);
    let painter = ui.painter();
    for tick in &ticks {
        let at = y(*tick).round() + 0.5;
        painter.hline(plane.x_range(), at, Stroke::new(size::STROKE, t.grid));
        let place = Rect::from_min_max(
            pos2(area.left(), at - 8.0),
            pos2(plane.left() - 8.0, at + 8.0),
        );
        let words = value_label(*tick, &ticks);
        text::line(painter, place, Align::Max, Face::DataSmall, words, t.text3);
    }
    let step = plane.width() / pairs.len().max(1) as f32;
    let gap = (step * 0.2).min(12.0);
    for (nr, pair) in pairs.iter().enumerate() {
        let left = plane.left() + nr as f32 * step + gap / 2.0;
        let width = ((step - gap) / 2.0).max(1.0);
        let bar =
            |x: f32, value: f64| Rect::from_two_pos(pos2(x, y(value)), pos2(x + width, y(0.0)));
        painter.rect_filled(bar(left, of(pair.a)), 0.0, color(t, 0).gamma_multiply(0.88));
        let stroke = Stroke::new(size::STROKE_PLOT, color(t, 0));
        let outline = bar(left + width + 1.0, of(pair.b));
        painter.rect_stroke(outline, 0.0, stroke, StrokeKind::Inside);
        if step > 44.0 {
            let place = Rect::from_min_size(
                pos2(left - gap / 2.0, plane.bottom() + 6.0),
                vec2(step, 16.0),
            );
            let words = names.piece(pair.nth);
            text::line(
                painter,
                place,
                Align::Center,
                Face::DataSmall,
                words,
                t.text3,
            );
        }
    }
    let base = Stroke::new(size::STROKE, t.line_strong);
    painter.hline(plane.x_range(), y(0.0).round() + 0.5, base);
    let legend = Rect::from_min_max(
        pos2(plane.left(), area.top() + 2.0),
        pos2(plane.right(), area.top() + 20.0),
    );
    let words = format!("A, filled: {}    B, outlined: {}", names.a, names.b);
    text::line(painter, legend, Align::Min, Face::Small, words, t.text2);
    let said = format!(
        "{}, {} over {}, {} pieces",
        names.title,
        names.a,
        names.b,
        overlay.pairs.len()
    );
    let response = ui.interact(area, ui.make_persistent_id("overlay"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, said.as_str()));
}
