//! How a row of the tree looks.

use egui::text::LayoutJob;
use egui::{Align, Color32, Rect, Stroke, pos2};

use super::{TreeRow, ValueKind};
use crate::ui::theme::{Face, Tokens, format, icons, size, text, tokens};
use crate::ui::widgets::columns::Cells;
use crate::ui::widgets::rows::Row;
use crate::ui::widgets::tag::Sign;

/// Width of the column for the sign.
const SIGN: f32 = 16.0;
/// Width of the column for the caret.
const CARET: f32 = 16.0;
/// What stands between the old and the new value.
const BECOMES: &str = " \u{2192} ";

/// Paints a row of a document; returns where its caret is.
pub(super) fn plain(row: &Row<'_>, item: &TreeRow) -> Rect {
    let t = tokens(&*row.ui);
    let mut inside = row.rect;
    inside.min.x += size::CELL;
    inside.max.x -= size::SIDE;
    let (caret, inside) = caret(row, item, inside);
    let color = if row.state.future { t.text3 } else { t.text2 };
    let mut job = text::job(&format::visible(&item.key), Face::Data, color);
    job.append(" ", 0.0, text::format(Face::Data, color));
    value(&mut job, item, t, row.state.future);
    text::line_job(row.ui.painter(), inside, Align::Min, job);
    caret
}

/// Paints a row of a state; returns where its caret and its note are.
pub(super) fn state(cells: &Cells<'_, '_>, item: &TreeRow, has_note: bool) -> (Rect, Rect) {
    let t = tokens(&*cells.row.ui);
    let field = cells.rect(0);
    sign(cells, field, item.sign);
    let start = Rect::from_min_max(pos2(field.left() + SIGN, field.top()), field.max);
    let (caret, inside) = caret(cells.row, item, start);
    let color = if item.sign == Sign::Removed {
        t.text3
    } else {
        cells.color()
    };
    let format = match item.sign {
        Sign::Removed => text::struck(Face::Data, color),
        _ => text::format(Face::Data, color),
    };
    let mut key = LayoutJob::default();
    key.append(&format::visible(&item.key), 0.0, format);
    let painter = cells.row.ui.painter();
    let taken = text::line_job(painter, inside, Align::Min, key);
    if item.pinned {
        let at = taken.right_center() + egui::vec2(10.0, 0.0);
        icons::paint(painter, at, icons::PIN, size::ICON_TEXT, t.text3);
    }
    let mut job = LayoutJob::default();
    if let Some(reason) = &item.unknown {
        hatch(cells);
        let words = format!("unknown: {}", format::visible(reason));
        job.append(&words, 0.0, text::format(Face::Row, t.text2));
    } else {
        value(&mut job, item, t, cells.row.state.future);
    }
    cells.job(1, job);
    let note = if has_note {
        note(cells, item)
    } else {
        Rect::NOTHING
    };
    (caret, note)
}

/// Slanted lines over the value's cell: there may be anything.
fn hatch(cells: &Cells<'_, '_>) {
    const APART: f32 = 6.0;
    let t = tokens(&*cells.row.ui);
    let rect = cells.rect(1).intersect(cells.row.rect);
    let painter = cells
        .row
        .ui
        .painter()
        .with_clip_rect(rect.intersect(cells.row.ui.clip_rect()));
    let line = Stroke::new(size::STROKE, t.line_strong);
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment(
            [pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())],
            line,
        );
        x += APART;
    }
}

fn sign(cells: &Cells<'_, '_>, field: Rect, sign: Sign) {
    let t = tokens(&*cells.row.ui);
    let (color, _) = sign.tone().colors(t);
    let place = Rect::from_min_max(field.min, pos2(field.left() + SIGN, field.bottom()));
    let painter = cells.row.ui.painter();
    text::line(
        painter,
        place,
        Align::Min,
        Face::DataMedium,
        sign.glyph(),
        color,
    );
}

/// Paints the caret; returns where it is, and what is left of the row.
fn caret(row: &Row<'_>, item: &TreeRow, inside: Rect) -> (Rect, Rect) {
    let left = inside.left() + f32::from(item.depth) * size::INDENT;
    let caret = Rect::from_min_max(
        pos2(left - 2.0, inside.top()),
        pos2(left + CARET + 2.0, inside.bottom()),
    );
    if let Some(folded) = item.folded {
        let icon = if folded {
            icons::FOLDED.outline()
        } else {
            icons::UNFOLDED
        };
        let color = tokens(&*row.ui).text3;
        icons::paint(
            row.ui.painter(),
            caret.center(),
            icon,
            size::ICON_TEXT,
            color,
        );
    }
    let rest = Rect::from_min_max(
        pos2((left + CARET + 2.0).min(inside.right()), inside.top()),
        inside.max,
    );
    (caret, rest)
}

/// The old value struck through, then the new one in the color of its kind.
fn value(job: &mut LayoutJob, item: &TreeRow, t: &Tokens, future: bool) {
    let faint = text::format(Face::Data, t.text3);
    let value = shown(&item.value);
    if item.sign == Sign::Removed {
        job.append(&value, 0.0, text::struck(Face::Data, t.text3));
        return;
    }
    if let Some(old) = &item.old {
        job.append(&shown(old), 0.0, text::struck(Face::Data, t.text3));
        job.append(BECOMES, 0.0, faint);
    }
    let color = if future { t.text3 } else { color(item.kind, t) };
    job.append(&value, 0.0, text::format(Face::Data, color));
}

/// A value as it can be shown on a line, however long it is.
fn shown(value: &str) -> String {
    const WIDEST: f32 = 4_000.0;
    format::visible(&text::fitting(value, WIDEST)).into_owned()
}

fn color(kind: ValueKind, t: &Tokens) -> Color32 {
    match kind {
        ValueKind::Text => t.code_text,
        ValueKind::Number | ValueKind::Bool | ValueKind::Null => t.code_number,
        ValueKind::Container => t.text2,
        ValueKind::Broken => t.err,
    }
}

/// Paints who set the value; returns where that stands.
fn note(cells: &Cells<'_, '_>, item: &TreeRow) -> Rect {
    let t = tokens(&*cells.row.ui);
    let rect = cells.rect(2);
    let painter = cells.row.ui.painter();
    let edge = rect.left() - size::CELL;
    let line = Stroke::new(size::STROKE, t.line);
    painter.vline(edge + 0.5, cells.row.rect.y_range(), line);
    let Some(note) = &item.note else {
        return Rect::NOTHING;
    };
    let side = 8.0;
    let swatch = Rect::from_center_size(
        rect.left_center() + egui::vec2(side / 2.0, 0.0),
        egui::vec2(side, side),
    );
    painter.rect_filled(swatch, f32::from(size::CORNER_BAR), note.color);
    let mut job = text::job(&note.lead, Face::DataSmall, t.text2);
    if !note.lead.is_empty() {
        job.append(" ", 0.0, text::format(Face::DataSmall, t.text2));
    }
    job.append(
        &format::visible(&note.text),
        0.0,
        text::format(Face::Row, cells.color()),
    );
    let rest = Rect::from_min_max(
        pos2(swatch.right() + size::ICON_GAP, rect.top()),
        rect.right_bottom(),
    );
    let words = text::line_job(painter, rest, Align::Min, job);
    Rect::from_min_max(
        pos2(swatch.left(), rect.top()),
        pos2(words.right(), rect.bottom()),
    )
}
