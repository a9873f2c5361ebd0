//! What is drawn under, over and beside the text of a script: the line of the cursor, places found,
//! waves under what is wrong, notes at the right, numbers and icons at the left.

use std::ops::Range;

use egui::epaint::{PathShape, PathStroke};
use egui::layers::ShapeIdx;
use egui::text::CCursorRange;
use egui::{Align, Galley, Id, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::find::Find;
use super::{LINE, Mark, Script, Tone};
use crate::ui::theme::{Face, icons, size, text, tokens};
use crate::ui::widgets::tooltip::Tip;

/// Where the numbers end.
const NUMBERS: f32 = 32.0;
/// The middle of an icon.
const ICONS: f32 = 50.0;
/// Half the length and the height of a wave.
const WAVE: egui::Vec2 = vec2(2.0, 1.0);

/// A text where it was painted.
pub(super) struct Painted<'a> {
    pub galley: &'a Galley,
    pub origin: Pos2,
    /// The part of the window in which the text is seen.
    pub view: Rect,
}

/// What the marks say, for those who do not see them.
pub(super) fn spoken(marks: &[Mark]) -> String {
    let said = marks.iter().take(8);
    let said: Vec<String> = said
        .map(|mark| format!("Line {}: {}", mark.line, mark.words))
        .collect();
    said.join(". ")
}

impl Painted<'_> {
    /// The lines on screen, from 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a line on the screen"
    )]
    fn lines(&self) -> Range<usize> {
        let line = |y: f32| ((y - self.origin.y) / LINE).floor().max(0.0) as usize;
        let n = self.galley.rows.len();
        let first = line(self.view.top()).min(n);
        first..(line(self.view.bottom()) + 1).clamp(first, n)
    }

    /// The height of a line, over the whole width.
    fn band(&self, line: usize) -> Rect {
        let top = self.origin.y + line as f32 * LINE;
        Rect::from_x_y_ranges(self.view.x_range(), top..=top + LINE)
    }

    /// The left and right end of some characters of a line.
    fn extent(&self, line: usize, columns: Range<usize>) -> Option<(f32, f32)> {
        let placed = self.galley.rows.get(line)?;
        let last = placed.row.glyphs.len();
        let x = |column: usize| {
            let offset = placed.row.x_offset(column.min(last).into());
            self.origin.x + placed.pos.x + offset
        };
        Some((x(columns.start), x(columns.end)))
    }

    /// The line of the cursor, from 0.
    fn cursor_line(&self, cursor: Option<CCursorRange>) -> Option<usize> {
        let layout = self.galley.layout_from_cursor(cursor?.primary);
        Some(layout.row)
    }

    /// What lies under the text.
    pub fn under(
        &self,
        ui: &Ui,
        [row, places]: [ShapeIdx; 2],
        (cursor, find): (Option<CCursorRange>, Option<&Find>),
    ) {
        let t = tokens(ui);
        if let Some(line) = self.cursor_line(cursor) {
            let band = Shape::rect_filled(self.band(line), 0.0, t.raised);
            ui.painter().set(row, band);
        }
        let Some(find) = find else { return };
        let lines = self.lines();
        let (found, length) = find.places();
        let first = found.partition_point(|place| place.line < lines.start);
        let seen = found[first..].iter();
        let seen = seen.take_while(|place| place.line < lines.end);
        let current = find.current();
        let shapes = seen.filter_map(|place| {
            let (left, right) = self.extent(place.line, place.column..place.column + length)?;
            let band = self.band(place.line);
            let rect = Rect::from_x_y_ranges(left..=right, band.y_range()).shrink2(vec2(0.0, 1.0));
            let stroke = if current == Some(*place) {
                Stroke::new(size::STROKE, t.warn)
            } else {
                Stroke::NONE
            };
            let corner = egui::CornerRadius::same(size::CORNER_BAR);
            let inside = egui::StrokeKind::Inside;
            Some(Shape::Rect(egui::epaint::RectShape::new(
                rect,
                corner,
                t.warn_soft,
                stroke,
                inside,
            )))
        });
        ui.painter().set(places, Shape::Vec(shapes.collect()));
    }

    /// Waves and notes.
    pub fn over(&self, ui: &Ui, script: &Script<'_>) {
        let painter = ui.painter_at(self.view);
        let t = tokens(ui);
        let lines = self.lines();
        for note in script.notes {
            let Some(line) = note.line.checked_sub(1).filter(|line| lines.contains(line)) else {
                continue;
            };
            let band = self.band(line).shrink2(vec2(size::SIDE, 0.0));
            let width = text::width(&painter, Face::DataSmall, &note.words);
            let left = band.right() - width;
            let end = self.extent(line, usize::MAX..usize::MAX);
            // What is written is more important.
            if end.is_some_and(|(_, end)| end + 8.0 > left) {
                continue;
            }
            let face = Face::DataSmall;
            text::line(
                &painter,
                band,
                Align::Max,
                face,
                note.words.as_str(),
                t.text3,
            );
        }
        for mark in script.marks {
            let Some(line) = mark.line.checked_sub(1).filter(|line| lines.contains(line)) else {
                continue;
            };
            let columns = mark.columns.clone().unwrap_or_else(|| self.written(line));
            let Some((left, right)) = self.extent(line, columns) else {
                continue;
            };
            let color = match mark.tone {
                Tone::Error => t.err,
                Tone::Warning => t.warn,
            };
            let y = self.band(line).bottom() - 3.0;
            let wave = wave(left..right.max(left + 7.0), y);
            let stroke = PathStroke::new(size::STROKE, color);
            painter.add(Shape::Path(PathShape::line(wave, stroke)));
        }
    }

    /// The characters of a line without the space at its ends.
    fn written(&self, line: usize) -> Range<usize> {
        let Some(row) = self.galley.rows.get(line) else {
            return 0..0;
        };
        let is_ink = |glyph: &egui::epaint::text::Glyph| !glyph.chr.is_whitespace();
        let glyphs = &row.row.glyphs;
        let first = glyphs.iter().position(is_ink).unwrap_or(0);
        let last = glyphs.iter().rposition(is_ink).map_or(0, |last| last + 1);
        first..last
    }

    /// Numbers, and an icon for each line that is marked.
    pub fn gutter(
        &self,
        ui: &Ui,
        (id, rect): (Id, Rect),
        script: &Script<'_>,
        cursor: Option<CCursorRange>,
    ) {
        let painter = ui.ctx().layer_painter(ui.layer_id()).with_clip_rect(rect);
        let t = tokens(ui);
        let here = self.cursor_line(cursor);
        for line in self.lines() {
            let band = self.band(line);
            let band = Rect::from_x_y_ranges(rect.x_range(), band.y_range());
            let color = if here == Some(line) {
                painter.rect_filled(band, 0.0, t.raised);
                t.text2
            } else {
                t.text3
            };
            let number = Rect::from_min_max(band.min, pos2(rect.left() + NUMBERS, band.bottom()));
            let words = (line + 1).to_string();
            text::line(&painter, number, Align::Max, Face::Data, words, color);
            let marks = script.marks.iter().filter(|mark| mark.line == line + 1);
            let worst = marks.min_by_key(|mark| mark.tone == Tone::Warning);
            let Some(mark) = worst else { continue };
            let (icon, color) = match mark.tone {
                Tone::Error => (icons::FAILED, t.err),
                Tone::Warning => (icons::WARNING, t.warn),
            };
            let center = pos2(rect.left() + ICONS, band.center().y);
            icons::paint(&painter, center, icon, size::ICON_SMALL, color);
            let reach = Rect::from_center_size(center, vec2(size::BUTTON_SMALL, LINE));
            let response = ui.interact(
                reach.intersect(rect),
                id.with(("mark", line)),
                Sense::hover(),
            );
            let words = mark.words.as_str();
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words));
            Tip::new(words).on(response);
        }
    }
}

/// A wavy line.
fn wave(range: Range<f32>, y: f32) -> Vec<Pos2> {
    let mut points = Vec::new();
    let (mut x, mut is_up) = (range.start, true);
    while x < range.end && points.len() < 4_000 {
        points.push(pos2(x, if is_up { y - WAVE.y } else { y + WAVE.y }));
        is_up = !is_up;
        x += WAVE.x;
    }
    points
}
