//! The places kept under a name: go there, rename, take away.

use egui::{Align, Id, Key, Rect, Ui, pos2, vec2};

use super::shared::{self, pressed, walked};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::rows::{Kind, Row, RowList, RowState, VirtualRows};
use crate::workbench::{Action, Bookmark};

/// Height of a row: the name, and where it is.
const ROW: f32 = 40.0;
/// Width of the two buttons of a row.
const BUTTONS: f32 = 56.0;

/// The list of bookmarks.
#[derive(Default)]
pub struct BookmarksPanel {
    rows: VirtualRows,
    /// The row that the keys start from.
    at: Option<u64>,
    /// The bookmark that is renamed, and its name so far.
    renamed: Option<(usize, String)>,
}

impl BookmarksPanel {
    /// Shows the list in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log() else {
            Empty::new("No history is open").show(ui);
            return;
        };
        let bookmarks = &view.look().bookmarks;
        if bookmarks.is_empty() {
            Empty::new("No bookmarks")
                .icon(icons::BOOKMARK)
                .press("Press ", "M", " to keep the place of the playhead")
                .show(ui);
            return;
        }
        let n_rows = u64::try_from(bookmarks.len()).unwrap_or(u64::MAX);
        let at = self.at.filter(|at| *at < n_rows);
        let here = view.workbench.bookmark_here();
        let get = |row: u64| bookmarks.get(usize::try_from(row).ok()?);
        let is_here = |row: u64| here.is_some() && get(row) == here;
        let is_future = |row: u64| get(row).is_some_and(|one| one.position > view.look().playhead);
        let label = |row: u64, _: RowState| {
            get(row).map_or_else(String::new, |one| {
                format!("{}, {}", one.name, place(log, one, view))
            })
        };
        let list = RowList::new("Bookmarks", n_rows)
            .kind(Kind::List)
            .row_height(ROW)
            .selected_where(&is_here)
            .future(&is_future)
            .focused(at)
            .label(&label);
        let renamed = &mut self.renamed;
        let output = self.rows.show(ui, &list, |row| {
            if let (Some(one), Ok(index)) = (get(row.nr), usize::try_from(row.nr)) {
                row_ui(row, view, (log, one, index), renamed);
            }
        });
        let page = self.rows.page();
        if let Some(click) = output.clicked {
            self.at = Some(click.row);
            go(view, click.row);
        } else if output.response.has_focus() {
            if let Some(to) = walked(ui, at, n_rows, page) {
                self.at = Some(to);
                self.rows.scroll_to(to);
            }
            if let Some(row) = at {
                self.keys(ui, view, row);
            }
        }
    }

    fn keys(&mut self, ui: &Ui, view: &View<'_>, row: u64) {
        let Ok(index) = usize::try_from(row) else {
            return;
        };
        if pressed(ui, Key::Enter) {
            go(view, row);
        }
        if pressed(ui, Key::Delete) {
            view.send(Action::RemoveBookmark(index));
        }
        if pressed(ui, Key::F2) {
            let name = view.look().bookmarks.get(index);
            self.renamed = name.map(|one| (index, one.name.clone()));
        }
    }
}

fn go(view: &View<'_>, row: u64) {
    if let Ok(index) = usize::try_from(row) {
        view.send(Action::GoToBookmark(index));
    }
}

/// `order-1220 v7, 2023-02-03 10:22:09.376`
fn place(log: &EventLog, bookmark: &Bookmark, view: &View<'_>) -> String {
    let stream = bookmark
        .stream
        .unwrap_or_else(|| log.stream(bookmark.position));
    let version = log
        .rank_at(stream, bookmark.position)
        .and_then(|rank| log.version_at_rank(stream, rank));
    let name = format::visible(log.stream_name(stream));
    let time = shared::moment_of(log, bookmark.position, view.look().zone);
    format!("{name} {}, {time}", shared::version(version))
}

fn row_ui(
    row: &mut Row<'_>,
    view: &View<'_>,
    (log, bookmark, index): (&EventLog, &Bookmark, usize),
    renamed: &mut Option<(usize, String)>,
) {
    let t = tokens(&*row.ui);
    let inside = row.rect.shrink2(vec2(size::SIDE, 3.0));
    if let Some((at, name)) = renamed
        && *at == index
    {
        let mut field_ui = super::tile::part(row.ui, inside, "rename");
        let id = Id::unique(("annals_bookmark", index));
        let field = Field::new("Name of the bookmark")
            .small()
            .width(inside.width())
            .id(id)
            .show(&mut field_ui, name);
        if field.submitted {
            view.send(Action::RenameBookmark(index, name.trim().to_owned()));
        } else if !field.response.has_focus() && !field.escaped && !field.response.lost_focus() {
            field.response.request_focus();
        }
        if field.submitted || field.escaped || field.response.lost_focus() {
            *renamed = None;
        }
        return;
    }
    let shows_buttons = row.state.hovered || row.state.focused;
    let words = if shows_buttons {
        inside.with_max_x(inside.right() - BUTTONS)
    } else {
        inside
    };
    let (upper, lower) = words.split_top_bottom_at_y(words.center().y);
    let icon_color = if row.state.future {
        t.text3
    } else {
        t.code_key
    };
    let painter = row.ui.painter();
    let at = pos2(upper.left() + 5.0, upper.center().y);
    icons::paint(painter, at, icons::BOOKMARK, size::ICON_TEXT, icon_color);
    let name = format::visible(&bookmark.name);
    let first = upper.with_min_x(upper.left() + 16.0);
    let color = if row.state.future { t.text3 } else { t.text };
    text::line(painter, first, Align::Min, Face::Row, name, color);
    let second = lower.with_min_x(lower.left() + 16.0);
    let said = place(log, bookmark, view);
    text::line(painter, second, Align::Min, Face::DataSmall, said, t.text3);
    if shows_buttons {
        buttons(row, view, (bookmark, index), renamed, inside);
    }
}

fn buttons(
    row: &mut Row<'_>,
    view: &View<'_>,
    (bookmark, index): (&Bookmark, usize),
    renamed: &mut Option<(usize, String)>,
    inside: Rect,
) {
    let place = |nr: f32| {
        Rect::from_center_size(
            pos2(inside.right() - 12.0 - nr * 26.0, inside.center().y),
            vec2(size::BUTTON_SMALL, size::BUTTON_SMALL),
        )
    };
    let remove = button::icon_button(icons::CLOSE, "Remove bookmark", "Delete").small();
    if row.ui.place(place(0.0), remove).clicked() {
        view.send(Action::RemoveBookmark(index));
    }
    let rename = button::icon_button(icons::MORE, "Rename bookmark", "F2").small();
    if row.ui.place(place(1.0), rename).clicked() {
        *renamed = Some((index, bookmark.name.clone()));
    }
}
