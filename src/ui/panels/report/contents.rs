//! The contents beside the page: a click on a section scrolls to it.

use egui::{Align, CornerRadius, Role, Sense, Ui, WidgetInfo, vec2};

use super::pieces::{Pieces, What};
use crate::report::Paper;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::focus_ring;

/// Width of the list.
pub(super) const WIDTH: f32 = 200.0;
/// A section is the one that is read from so far above its heading on.
const ABOVE: f32 = 48.0;

/// A section, and where on the page it begins.
pub(super) struct Entry {
    title: &'static str,
    n: Option<u64>,
    top: f32,
}

/// The sections of a page that was laid out.
pub(super) fn sections(paper: &Paper, pieces: &Pieces) -> Vec<Entry> {
    let pieces = pieces.pieces.iter();
    let found = pieces.filter_map(|piece| match piece.what {
        What::Section(nr) => {
            let section = paper.sections.get(nr)?;
            Some(Entry {
                title: section.section.title(),
                n: section.n,
                top: piece.top,
            })
        }
        _ => None,
    });
    found.collect()
}

/// Shows the sections, the one marked that is read at `at`; at the end of the page that is the last one.
/// Returns where the one that was clicked begins.
pub(super) fn ui(ui: &mut Ui, sections: &[Entry], (at, is_end): (f32, bool)) -> Option<f32> {
    ui.spacing_mut().item_spacing.y = 0.0;
    let read = sections.iter().rposition(|entry| entry.top - ABOVE <= at);
    let read = if is_end {
        sections.len().checked_sub(1)
    } else {
        Some(read.unwrap_or(0))
    };
    let mut wanted = None;
    for (nr, entry) in sections.iter().enumerate() {
        let t = tokens(ui);
        let wide = vec2(ui.available_width(), size::LIST_ROW);
        let (rect, response) = ui.allocate_exact_size(wide, Sense::click());
        let is_read = read == Some(nr);
        let name = format!("Go to {}", entry.title);
        response.widget_info(|| WidgetInfo::selected(Role::Link, true, is_read, name.as_str()));
        if is_read || response.hovered() {
            let corner = CornerRadius::same(size::CORNER);
            ui.painter().rect_filled(rect, corner, t.canvas);
        }
        let inside = rect.shrink2(vec2(8.0, 0.0));
        let (face, color) = if is_read {
            (Face::BodyStrong, t.text)
        } else {
            (Face::Body, t.text2)
        };
        text::line(ui.painter(), inside, Align::Min, face, entry.title, color);
        if let Some(n) = entry.n {
            let n = format::count(n);
            text::line(ui.painter(), inside, Align::Max, Face::Data, n, t.text3);
        }
        if focus_ring::is_shown(&response) {
            focus_ring::inside(ui, rect);
        }
        if response.clicked() {
            wanted = Some(entry.top);
        }
    }
    wanted
}
