//! How long it is from one event to the next, and the longest silences, each with its place.

use egui::{Align, Painter, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::shared::{moment, place};
use super::tile;
use crate::audit::{Audit, Gaps};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::workbench::Action;

/// The list of silences.
#[derive(Default)]
pub(super) struct GapsPanel {
    rows: VirtualRows,
}

/// Width of the numbers at the left, height of those below.
const LEFT: f32 = 44.0;
const BELOW: f32 = 20.0;

impl GapsPanel {
    /// Shows the tile in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, audit: &Audit) {
        tile::head(ui, "Gaps", "", false, |ui| {
            let t = tokens(ui);
            ui.label(text::small("Time to the next event").color(t.text3));
        });
        let Some(gaps) = &audit.gaps else {
            Empty::new("No gaps")
                .why("Fewer than two events have a time.")
                .show(ui);
            return;
        };
        let all = ui.available_rect_before_wrap();
        let n_rows = u64::try_from(gaps.longest.len()).unwrap_or(0);
        let rows = (all.height() * 0.45).min(n_rows as f32 * size::ROW);
        let plot = all.with_max_y(all.bottom() - rows);
        plot_ui(ui, plot, gaps);
        let below = Rect::from_min_max(pos2(all.left(), plot.bottom()), all.max);
        let mut list_ui = tile::part(ui, below, "silences");
        self.list_ui(&mut list_ui, view, log, gaps);
        ui.advance_cursor_after_rect(all);
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, gaps: &Gaps) {
        tile::hairline(ui);
        let find = |row: u64| gaps.longest.get(usize::try_from(row).ok()?);
        let zone = view.look().zone;
        let n_unusual = gaps.unusual_ones().count() as u64;
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |silence| {
                let lasts = format::duration(silence.nanos);
                format!("No events for {lasts}, before {}", place(silence.to))
            })
        };
        let n_rows = u64::try_from(gaps.longest.len()).unwrap_or(0);
        let list = RowList::new("Longest silences", n_rows).label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(silence) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let painter = row.ui.painter();
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let is_unusual = row.nr < n_unusual;
            let (icon, color) = if is_unusual {
                (icons::WARNING, t.warn)
            } else {
                (icons::SKIPPED, t.text3)
            };
            icons::paint_left(painter, inside, icon, size::ICON, color);
            let words = inside.with_min_x(inside.left() + 24.0);
            let lasts = format::duration(silence.nanos);
            let at = place(silence.to);
            let taken = text::line(painter, inside, Align::Max, Face::Data, at, t.accent);
            let lasts = text::line(painter, words, Align::Min, Face::Data, lasts, t.text);
            let from = (lasts.right() + 12.0).max(words.left() + 88.0);
            let middle = Rect::from_x_y_ranges(from..=taken.left() - 8.0, inside.y_range());
            let when = log.time(silence.from).map(|time| moment(time, zone, 0));
            let when = when.unwrap_or_default();
            let when = when.get(..16).unwrap_or(&when);
            text::line(painter, middle, Align::Min, Face::Data, when, t.text3);
        });
        if let Some(silence) = output.clicked.and_then(|click| find(click.row)) {
            view.send(Action::SelectEvent(silence.to));
        }
    }
}

/// The columns on two scales of powers of ten.
fn plot_ui(ui: &Ui, rect: Rect, gaps: &Gaps) {
    let t = tokens(ui);
    let id = ui.scope_id().with("gaps");
    let response = ui.interact(rect, id, Sense::hover());
    let n: u64 = gaps.counts.iter().sum();
    let unusual = gaps.unusual_from.map_or_else(String::new, |from| {
        format!(", unusual from {}", format::duration(from))
    });
    let said = format!(
        "Times between {} neighbours, by length{unusual}",
        format::count(n)
    );
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, said.as_str()));
    let plot = Rect::from_min_max(
        pos2(rect.left() + LEFT, rect.top() + 10.0),
        pos2(rect.right() - size::SIDE, rect.bottom() - BELOW - 4.0),
    );
    if plot.height() < 24.0 {
        return;
    }
    let most = gaps.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let decades = most.log10().ceil().max(1.0);
    let painter = ui.painter();
    let y = |count: f32| {
        plot.bottom() - plot.height() * (count.max(0.5) * 2.0).log10() / (decades + 0.31)
    };
    let mut power = 0.0_f32;
    while power <= decades {
        let value = 10_f32.powf(power);
        let at = y(value);
        painter.hline(plot.x_range(), at, Stroke::new(size::STROKE, t.grid));
        let place = Rect::from_x_y_ranges(rect.left()..=plot.left() - 6.0, at - 8.0..=at + 8.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a power of ten"
        )]
        let words = format::compact(value as u64);
        text::line(painter, place, Align::Max, Face::DataSmall, words, t.text3);
        power += (decades / 3.0).ceil().max(1.0);
    }
    let unusual = gaps.unusual_from.and_then(Gaps::column_from);
    let used = gaps.counts.iter().rposition(|n| *n > 0).unwrap_or(0) + 1;
    // The line from which on silences are unusual is in view, so that it is seen how far off they are.
    let shown = used.max(8).max(unusual.map_or(0, |column| column + 2));
    let shown = shown.min(gaps.counts.len());
    let step = plot.width() / shown.max(1) as f32;
    for (nr, n) in gaps.counts.iter().enumerate().take(shown) {
        let left = plot.left() + step * nr as f32;
        if *n > 0 {
            let is_unusual = unusual.is_some_and(|column| nr >= column);
            let color = if is_unusual { t.warn } else { t.text3 };
            let bar = Rect::from_min_max(
                pos2(left, y(*n as f32)),
                pos2(left + step - 1.0, plot.bottom()),
            );
            painter.rect_filled(bar, 0.0, color);
        }
    }
    paint_lengths(painter, plot, step, shown);
    if let Some(column) = unusual.filter(|column| *column < shown) {
        paint_unusual(painter, plot, plot.left() + step * column as f32);
    }
}

/// The lengths that people think in, where they stand on the scale.
fn paint_lengths(painter: &Painter, plot: Rect, step: f32, shown: usize) {
    const LENGTHS: [(&str, f64); 8] = [
        ("1 ms", 1e-3),
        ("100 ms", 0.1),
        ("10 s", 10.0),
        ("15 m", 900.0),
        ("1 d", 86_400.0),
        ("30 d", 2_592_000.0),
        ("1 y", 31_557_600.0),
        ("10 y", 315_576_000.0),
    ];
    let t = tokens(painter.ctx());
    let mut free = plot.left() - 24.0;
    for (words, seconds) in LENGTHS {
        #[expect(clippy::cast_possible_truncation, reason = "a place on screen")]
        let column = Gaps::column_at(seconds * 1e9) as f32;
        let x = plot.left() + step * column;
        let half = text::width(painter, Face::DataSmall, words) / 2.0;
        if column > shown as f32 || x - half < free || x + half > plot.right() + 6.0 {
            continue;
        }
        free = x + half + 8.0;
        let place = Rect::from_min_max(
            pos2(x - half, plot.bottom() + 2.0),
            pos2(x + half, plot.bottom() + BELOW),
        );
        text::line(
            painter,
            place.expand(1.0),
            Align::Center,
            Face::DataSmall,
            words,
            t.text3,
        );
    }
}

/// The line from which on a silence is unusual.
fn paint_unusual(painter: &Painter, plot: Rect, x: f32) {
    let t = tokens(painter.ctx());
    let stroke = Stroke::new(size::STROKE, t.warn);
    let ends = [pos2(x, plot.top() - 6.0), pos2(x, plot.bottom())];
    painter.extend(Shape::dashed_line(
        &ends,
        stroke,
        size::DASH[0],
        size::DASH[1],
    ));
    let is_left = x - 60.0 > plot.left();
    let (place, align) = if is_left {
        (
            Rect::from_min_max(
                pos2(x - 80.0, plot.top() - 6.0),
                pos2(x - 6.0, plot.top() + 10.0),
            ),
            Align::Max,
        )
    } else {
        (
            Rect::from_min_max(
                pos2(x + 6.0, plot.top() - 6.0),
                pos2(x + 80.0, plot.top() + 10.0),
            ),
            Align::Min,
        )
    };
    text::line(painter, place, align, Face::Small, "unusual", t.warn);
}
