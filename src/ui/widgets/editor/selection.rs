//! What is selected in a text, in bytes; egui counts in characters.

use std::ops::Range;

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Id, Ui};

/// What is selected, in bytes.
pub(super) fn selected(ui: &Ui, id: Id, written: &str) -> Range<usize> {
    let state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let Some(range) = state.cursor.char_range() else {
        return 0..0;
    };
    let range = range.as_sorted_char_range();
    byte_of(written, range.start.0)..byte_of(written, range.end.0)
}

/// Selects this.
pub(super) fn select(ui: &Ui, id: Id, written: &str, bytes: Range<usize>) {
    let chars = |byte: usize| written.get(..byte).map_or(0, |head| head.chars().count());
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(
        CCursor::new(chars(bytes.start)),
        CCursor::new(chars(bytes.end)),
    );
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}

/// The byte at which a character begins; the end where there are not so many.
pub(super) fn byte_of(text: &str, chars: usize) -> usize {
    let at = text.char_indices().nth(chars);
    at.map_or(text.len(), |(at, _)| at)
}
