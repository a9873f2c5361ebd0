//! The type scale, for labels and for painters.
//!
//! Labels take a [`RichText`] from [`body`], [`row`], [`data`] and their kin.
//! Painters take [`line()`]: one line, clipped with `…`, in the middle of a rectangle's height.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, Galley, Painter, Pos2, Rect, RichText, Stroke, pos2};
use std::borrow::Cow;
use std::sync::Arc;

use super::Face;

/// Title of the start screen or of a dialog without a tile.
pub fn title(text: impl Into<String>) -> RichText {
    rich(text, Face::Title)
}

/// Title of the inspector or of a dialog.
pub fn heading(text: impl Into<String>) -> RichText {
    rich(text, Face::Heading)
}

/// Prose.
pub fn body(text: impl Into<String>) -> RichText {
    rich(text, Face::Body)
}

/// Words in a row of a table or a tree.
pub fn row(text: impl Into<String>) -> RichText {
    rich(text, Face::Row)
}

/// A caption or a unit.
pub fn small(text: impl Into<String>) -> RichText {
    rich(text, Face::Small)
}

/// Stored data, and every number that is compared with another one.
pub fn data(text: impl Into<String>) -> RichText {
    rich(text, Face::Data)
}

/// A count in a tree, a tick's label.
pub fn data_small(text: impl Into<String>) -> RichText {
    rich(text, Face::DataSmall)
}

/// Text in any face.
pub fn rich(text: impl Into<String>, face: Face) -> RichText {
    RichText::new(text)
        .font(face.font())
        .line_height(Some(face.line_height()))
}

/// How a piece of a [`LayoutJob`] looks.
///
/// The line height is always given: the natural heights of the fonts are broken numbers, and
/// rounding them would set words and data on different base lines.
#[must_use]
pub fn format(face: Face, color: Color32) -> TextFormat {
    TextFormat {
        valign: Align::Center,
        line_height: Some(face.line_height()),
        ..TextFormat::simple(face.font(), color)
    }
}

/// The same, struck through in its own color.
#[must_use]
pub fn struck(face: Face, color: Color32) -> TextFormat {
    TextFormat {
        strikethrough: Stroke::new(1.0, color),
        ..format(face, color)
    }
}

/// A job of one piece, that grows with more [`LayoutJob::append`]s.
#[must_use]
pub fn job(text: &str, face: Face, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.append(text, 0.0, format(face, color));
    job
}

/// Paints one line, clipped with `…`, in the middle of the height of `rect`.
/// Returns the rectangle the text takes.
pub fn line(
    painter: &Painter,
    rect: Rect,
    align: Align,
    face: Face,
    text: impl Into<String>,
    color: Color32,
) -> Rect {
    let text = text.into();
    if text.is_empty() || rect.width() <= 0.0 {
        return Rect::from_center_size(rect.left_center(), egui::Vec2::ZERO);
    }
    let job = job(&fitting(&text, rect.width()), face, color);
    line_job(painter, rect, align, job)
}

/// Like [`line()`], for text of several colors or faces.
pub fn line_job(painter: &Painter, rect: Rect, align: Align, mut job: LayoutJob) -> Rect {
    job.wrap = TextWrapping::truncate_at_width(rect.width().max(0.0));
    job.break_on_newline = false;
    let galley = painter.layout_job(job);
    let at = place(rect, align, &galley);
    let taken = Rect::from_min_size(at, galley.size());
    painter.galley(at, galley, Color32::PLACEHOLDER);
    taken
}

/// As much of a text as can be seen on one line of this width, so that a payload of a megabyte
/// costs no more than a word. What is left out is replaced by `…`.
#[must_use]
pub fn fitting(text: &str, width: f32) -> Cow<'_, str> {
    let most = most_chars(width);
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A name that fits a width: what is left out stands in the middle, as names of one kind often
/// differ only at their end.
#[must_use]
pub fn shortened<'a>(painter: &Painter, face: Face, name: &'a str, room: f32) -> Cow<'a, str> {
    let fits = |name: &str| width(painter, face, name) <= room;
    if name.len() <= most_chars(room) && fits(name) {
        return Cow::Borrowed(name);
    }
    let chars: Vec<char> = name.chars().collect();
    let with = |kept: usize| -> String {
        // The end tells more than the beginning.
        let head = chars.iter().take(kept / 3);
        let tail = &chars[chars.len() - (kept - kept / 3)..];
        head.chain(&['…']).chain(tail).collect()
    };
    // The most characters that still fit.
    let (mut low, mut high) = (2.min(chars.len()), chars.len().min(most_chars(room)));
    while low + 1 < high {
        let middle = low.midpoint(high);
        if fits(&with(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Cow::Owned(with(low))
}

/// No glyph that can be seen is narrower than two points.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a width on the screen"
)]
fn most_chars(width: f32) -> usize {
    (width.clamp(0.0, 100_000.0) / 2.0) as usize + 16
}

/// How wide a line would be if it had all the space it wants.
#[must_use]
pub fn width(painter: &Painter, face: Face, text: &str) -> f32 {
    painter
        .layout_no_wrap(text.to_owned(), face.font(), Color32::PLACEHOLDER)
        .size()
        .x
}

/// Where a galley must start to stand aligned and in the middle of the height of `rect`.
fn place(rect: Rect, align: Align, galley: &Arc<Galley>) -> Pos2 {
    let size = galley.size();
    let x = match align {
        Align::Min => rect.left(),
        Align::Center => rect.center().x - size.x / 2.0,
        Align::Max => rect.right() - size.x,
    };
    pos2(x, rect.center().y - size.y / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_before_it_is_laid_out() {
        assert_eq!(fitting("short", 100.0), "short");
        let long = "ä".repeat(1_000_000);
        let cut = fitting(&long, 100.0);
        assert_eq!(cut.chars().count(), 67);
        assert!(cut.ends_with('…'));
    }
}
