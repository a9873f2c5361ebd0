//! A tree of keys and values, as a flat list of the rows that are unfolded.
//!
//! The caller decides which rows there are; this paints them and says which caret, row or note
//! was clicked. [`Form::State`] is a table with a sign for what changed, the old value before the
//! new one, and a note of who set it; [`Form::Plain`] is a document: key and value on one line.
//!
//! `paint` holds how a row looks.

mod paint;

use egui::{Color32, Rect, Role, Sense, WidgetInfo};

use super::columns::{Column, Table};
use super::rows::{Kind, Row, RowList, RowsOutput};
use super::tag::Sign;
use crate::ui::theme::tokens;

/// One row of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeRow {
    /// How deep it stands, from 0.
    pub depth: u16,
    /// The key, or the index in a list.
    pub key: String,
    /// The value as it is stored; of a container its size, such as `{ 3 }`.
    pub value: String,
    /// What kind of value it is, for its color.
    pub kind: ValueKind,
    /// Whether it is folded; nothing if it cannot be.
    pub folded: Option<bool>,
    /// What happened to it.
    pub sign: Sign,
    /// The value before, if it changed.
    pub old: Option<String>,
    /// Who set it.
    pub note: Option<Note>,
    /// It is pinned as a lane.
    pub pinned: bool,
    /// Why the value is not known, where it is not: the value is hatched.
    pub unknown: Option<String>,
    /// It is brought out, as one of several that belong together.
    pub marked: bool,
}

/// Who set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Color of the swatch.
    pub color: Color32,
    /// Data before the words, such as `v7`.
    pub lead: String,
    /// The words.
    pub text: String,
}

/// What kind of value a row holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// Null, or nothing.
    #[default]
    Null,
    /// Something that holds other values.
    Container,
    /// Not to be read: the value says why.
    Broken,
}

/// How the tree is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// A table of field, value and note; the note's column has this title, or is left out.
    State(Option<&'a str>),
    /// Key and value on one line, without head.
    Plain,
}

/// A tree. The caller keeps it from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct JsonTree {
    /// The list and the widths of its columns.
    pub table: Table,
}

/// What happened to a tree in this frame.
#[derive(Debug)]
pub struct TreeOutput {
    /// What happened to the rows.
    pub rows: RowsOutput,
    /// The caret of this row was clicked.
    pub toggled: Option<u64>,
    /// The note of this row was clicked.
    pub note_clicked: Option<u64>,
    /// The pointer is on the note of this row.
    pub note_hovered: Option<u64>,
}

/// What rows report while they are painted.
#[derive(Default)]
struct Heard {
    toggled: Option<u64>,
    note_clicked: Option<u64>,
    note_hovered: Option<u64>,
}

impl JsonTree {
    /// Shows the rows in all the space there is. `list` says what is selected and what is read
    /// out for a row; its number of rows is that of `rows`.
    pub fn show(
        &mut self,
        ui: &mut egui::Ui,
        list: RowList<'_>,
        rows: &[TreeRow],
        form: Form<'_>,
    ) -> TreeOutput {
        let t = tokens(ui);
        let at = |row: u64| rows.get(usize::try_from(row).ok()?);
        let tint = |row: u64| match at(row)? {
            item if item.marked => Some(t.accent_soft),
            item if item.sign == Sign::None => None,
            item => Some(item.sign.tone().colors(t).1),
        };
        let n_rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let list = list.kind(Kind::Tree).tint(&tint).with_n_rows(n_rows);
        let mut heard = Heard::default();
        let rows = match form {
            Form::Plain => self.table.rows.show(ui, &list, |row| {
                if let Some(item) = at(row.nr) {
                    describe(row, item);
                    let caret = paint::plain(row, item);
                    heard.caret(row, item, caret);
                }
            }),
            Form::State(note) => {
                let columns = columns(note, ui.available_width());
                let table = self.table.show(ui, &list, &columns, None, |cells| {
                    if let Some(item) = at(cells.row.nr) {
                        describe(cells.row, item);
                        let (caret, note) = paint::state(cells, item, note.is_some());
                        heard.caret(cells.row, item, caret);
                        heard.note(cells.row, item, note);
                    }
                });
                table.rows
            }
        };
        TreeOutput {
            rows,
            toggled: heard.toggled,
            note_clicked: heard.note_clicked,
            note_hovered: heard.note_hovered,
        }
    }
}

/// The columns of a state; in a narrow tree the value keeps its room.
fn columns(note: Option<&str>, width: f32) -> Vec<Column<'_>> {
    let is_narrow = note.is_some() && width < 440.0;
    let [field, setter] = if is_narrow {
        [144.0, 104.0]
    } else {
        [168.0, 144.0]
    };
    let mut columns = vec![
        Column::new("Field", field).least(120.0),
        Column::new("Value", 96.0).grows(),
    ];
    columns.extend(note.map(|title| Column::new(title, setter).least(72.0)));
    columns
}

/// What makes a row part of a tree for an assistive technology.
fn describe(row: &Row<'_>, item: &TreeRow) {
    row.ui
        .ctx()
        .accesskit_node_builder(row.response.id, |node| {
            node.set_level(usize::from(item.depth) + 1);
            if let Some(folded) = item.folded {
                node.set_expanded(!folded);
            }
        });
}

impl Heard {
    fn caret(&mut self, row: &Row<'_>, item: &TreeRow, caret: Rect) {
        let Some(folded) = item.folded else {
            return;
        };
        let id = row.response.id.with("caret");
        let response = row.ui.interact(caret, id, Sense::CLICK);
        let verb = if folded { "Unfold" } else { "Fold" };
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::DisclosureTriangle,
                true,
                format!("{verb} {}", item.key),
            )
        });
        if response.clicked() {
            self.toggled = Some(row.nr);
        }
    }

    fn note(&mut self, row: &Row<'_>, item: &TreeRow, place: Rect) {
        let Some(note) = &item.note else {
            return;
        };
        let id = row.response.id.with("note");
        let response = row.ui.interact(place, id, Sense::CLICK);
        response.widget_info(|| {
            let name = format!("{} was set by {} {}", item.key, note.lead, note.text);
            WidgetInfo::labeled(Role::Link, true, name)
        });
        if response.hovered() {
            self.note_hovered = Some(row.nr);
            let t = tokens(&*row.ui);
            let y = place.center().y + 8.0;
            let line = egui::Stroke::new(1.0, t.text3);
            row.ui.painter().hline(place.x_range(), y, line);
        }
        if response.clicked() {
            self.note_clicked = Some(row.nr);
        }
    }
}
