//! One virtual list for everything long: a thousand million rows cost as much as forty.
//!
//! Ready-made lists keep their place as the distance from the top in `f32` points, which is wrong
//! beyond 800,000 rows. [`VirtualRows`] keeps the first row as a `u64` and the part of it that is
//! scrolled out; only the visible rows are laid out, and a jump is right in the same frame.
//!
//! The caller paints each row; this paints selection, hover and the keyboard's ring, gives each
//! row its accessible node, and says what was clicked. Arrow and page keys belong to the caller,
//! who knows what is selected: it moves the selection and calls [`VirtualRows::scroll_to`].
//!
//! Reading order: this file (state and settings), `place` (arithmetic), `show` (one frame),
//! `bar` (the scroll bar).

mod bar;
mod place;
mod show;

use std::ops::Range;

use egui::{Color32, Modifiers, Pos2, Rect, Response, Role, Ui};

use crate::ui::theme::size;
use place::Place;

/// Where a long list stands. The caller keeps it from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct VirtualRows {
    place: Place,
    wanted: Option<Wanted>,
    /// Rows that fit into the list, as of the last frame.
    fits: f64,
    /// Where on its handle the scroll bar is held.
    grab: Option<f32>,
}

/// A row that should come into view.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    /// By as little movement as possible.
    Near(u64),
    /// In the middle, unless it is in view already.
    Middle(u64),
    /// As the first one.
    Top(u64),
}

impl VirtualRows {
    /// Brings a row into view with as little movement as possible, in the next [`Self::show`].
    pub fn scroll_to(&mut self, row: u64) {
        self.wanted = Some(Wanted::Near(row));
    }

    /// Brings a row into the middle, unless it is in view already: for jumps from elsewhere.
    pub fn scroll_to_middle(&mut self, row: u64) {
        self.wanted = Some(Wanted::Middle(row));
    }

    /// Makes a row the first one in view, as far as the end of the list allows.
    pub fn scroll_to_top(&mut self, row: u64) {
        self.wanted = Some(Wanted::Top(row));
    }

    /// The first row in view, whole or in part.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        self.place.first
    }

    /// The part of the first row that is scrolled out, from 0 to 1.
    #[must_use]
    pub fn frac(&self) -> f32 {
        self.place.frac
    }

    /// How many rows a page key should move: whole rows in view, less one to keep one's bearings.
    #[must_use]
    pub fn page(&self) -> u64 {
        place::whole(self.fits).saturating_sub(1).max(1)
    }
}

/// What a list is, as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Rows of cells.
    Table,
    /// Rows of one thing each.
    #[default]
    List,
    /// Rows that unfold.
    Tree,
}

impl Kind {
    const fn role(self) -> Role {
        match self {
            Self::Table => Role::Table,
            Self::List => Role::List,
            Self::Tree => Role::Tree,
        }
    }

    const fn row_role(self) -> Role {
        match self {
            Self::Table => Role::Row,
            Self::List => Role::ListItem,
            Self::Tree => Role::TreeItem,
        }
    }
}

/// Which rows are selected.
#[derive(Clone, Copy, Default)]
enum Selected<'a> {
    #[default]
    None,
    One(u64),
    Where(&'a dyn Fn(u64) -> bool),
}

/// What a list shows in this frame.
#[derive(Clone, Copy)]
#[must_use = "a list is shown by `VirtualRows::show`"]
pub struct RowList<'a> {
    name: &'a str,
    n_rows: u64,
    row_height: f32,
    kind: Kind,
    selected: Selected<'a>,
    focused: Option<u64>,
    has_keyboard: Option<bool>,
    drags: bool,
    future: Option<&'a dyn Fn(u64) -> bool>,
    tint: Option<&'a dyn Fn(u64) -> Option<Color32>>,
    label: Option<&'a dyn Fn(u64, RowState) -> String>,
}

impl<'a> RowList<'a> {
    /// A list of so many rows; `name` is its accessible name and its identity on the tile.
    pub const fn new(name: &'a str, n_rows: u64) -> Self {
        Self {
            name,
            n_rows,
            row_height: size::ROW,
            kind: Kind::List,
            selected: Selected::None,
            focused: None,
            has_keyboard: None,
            drags: false,
            future: None,
            tint: None,
            label: None,
        }
    }

    /// Whether this is a table, a list or a tree.
    pub const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Another number of rows.
    pub const fn with_n_rows(self, n_rows: u64) -> Self {
        Self { n_rows, ..self }
    }

    /// Rows of another height than 24.
    pub const fn row_height(self, row_height: f32) -> Self {
        Self { row_height, ..self }
    }

    /// The one selected row, if any. It is the focused row too.
    pub fn selected(self, row: Option<u64>) -> Self {
        Self {
            selected: row.map_or(Selected::None, Selected::One),
            focused: row,
            ..self
        }
    }

    /// Which rows are selected, if there may be several.
    pub const fn selected_where(self, is_selected: &'a dyn Fn(u64) -> bool) -> Self {
        Self {
            selected: Selected::Where(is_selected),
            ..self
        }
    }

    /// The row the arrow keys start from; it gets the ring of someone who uses keys.
    pub const fn focused(self, row: Option<u64>) -> Self {
        Self {
            focused: row,
            ..self
        }
    }

    /// Whether the tile has the keyboard, if that is more than this list having it.
    pub const fn has_keyboard(self, has_keyboard: bool) -> Self {
        Self {
            has_keyboard: Some(has_keyboard),
            ..self
        }
    }

    /// Rows can be dragged to somewhere else.
    pub const fn drags(self) -> Self {
        Self {
            drags: true,
            ..self
        }
    }

    /// Which rows lie after the playhead.
    pub const fn future(self, is_future: &'a dyn Fn(u64) -> bool) -> Self {
        Self {
            future: Some(is_future),
            ..self
        }
    }

    /// The ground of rows that are more than a row, such as changed values.
    pub const fn tint(self, tint: &'a dyn Fn(u64) -> Option<Color32>) -> Self {
        Self {
            tint: Some(tint),
            ..self
        }
    }

    /// What is read out for a row, such as "Row 861,204, selected". Without it: "Row 5".
    pub const fn label(self, label: &'a dyn Fn(u64, RowState) -> String) -> Self {
        Self {
            label: Some(label),
            ..self
        }
    }

    /// Number of rows.
    #[must_use]
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// The list's name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Has nobody said that this is more than a list?
    pub(super) fn is_list(&self) -> bool {
        self.kind == Kind::List
    }

    fn is_selected(&self, row: u64) -> bool {
        match self.selected {
            Selected::None => false,
            Selected::One(selected) => selected == row,
            Selected::Where(is_selected) => is_selected(row),
        }
    }
}

/// What a row is in this frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowState {
    /// It is selected.
    pub selected: bool,
    /// The arrow keys start from it, and the list has the keyboard.
    pub focused: bool,
    /// The pointer is on it.
    pub hovered: bool,
    /// It lies after the playhead.
    pub future: bool,
}

/// A row that wants to be painted.
pub struct Row<'a> {
    /// Clipped to the list. Widgets put here take clicks before the row does.
    pub ui: &'a mut Ui,
    /// Where the row is.
    pub rect: Rect,
    /// Which row it is, from 0.
    pub nr: u64,
    /// What it is in this frame.
    pub state: RowState,
    /// Clicks on the row, for `context_menu` and tooltips.
    pub response: &'a Response,
}

/// A click on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowClick {
    /// Which row.
    pub row: u64,
    /// Keys held at the same time: Ctrl adds to a selection, Shift takes a range.
    pub modifiers: Modifiers,
    /// Where, unless it came from an assistive technology.
    pub at: Option<Pos2>,
}

/// What happened to a list in this frame.
#[derive(Debug)]
pub struct RowsOutput {
    /// The list as one stop of the keyboard.
    pub response: Response,
    /// A row was clicked; true for each click of a double click.
    pub clicked: Option<RowClick>,
    /// A row was double-clicked.
    pub double_clicked: Option<u64>,
    /// A row is dragged from now on.
    pub drag_started: Option<u64>,
    /// A row was clicked with the right button.
    pub secondary_clicked: Option<u64>,
    /// The row under the pointer.
    pub hovered: Option<u64>,
    /// The rows in view, whole or in part.
    pub visible: Range<u64>,
}
