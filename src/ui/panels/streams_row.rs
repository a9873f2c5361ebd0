//! How a row of the tree of streams looks, and what it says aloud.

use egui::{Align, Rect, pos2, vec2};

use super::color_choice::Choice;
use super::event_colors::EventColors;
use super::shared::{category_name, counted, file_of};
use super::streams_index::StreamIndex;
use super::streams_shown::Item;
use crate::history::EventLog;
use crate::query::clause;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::rows::Row;
use crate::ui::widgets::sparkline;
use crate::workbench::ColorOf;

/// Width of the column of counts.
const COUNT: f32 = 64.0;
/// Where the words of a row begin, after caret and swatch.
const WORDS: f32 = 38.0;

/// Where the parts of a row stand.
pub(super) struct Cells {
    /// The name.
    pub(super) words: Rect,
    /// The count.
    pub(super) count: Rect,
    /// The sparkline.
    pub(super) bars: Rect,
}

/// Where the parts of a row stand; words begin so far from the left.
pub(super) fn cells(rect: Rect, words: f32) -> Cells {
    let [width, height] = size::SPARKLINE;
    let right = rect.right() - size::TOOL_SIDE;
    let bars = Rect::from_center_size(
        pos2(right - width / 2.0, rect.center().y),
        vec2(width, height),
    );
    let count = Rect::from_min_max(
        pos2(bars.left() - 8.0 - COUNT, rect.top()),
        pos2(bars.left() - 8.0, rect.bottom()),
    );
    let words = Rect::from_min_max(
        pos2(rect.left() + words, rect.top()),
        pos2(count.left() + 14.0, rect.bottom()),
    );
    Cells { words, count, bars }
}

/// Paints a row.
pub(super) fn paint(
    row: &Row<'_>,
    (view, log, colors): (&View<'_>, &EventLog, &EventColors),
    index: &StreamIndex,
    (item, is_open): (Item, bool),
) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let cells = cells(row.rect, WORDS - 4.0);
    let (n_events, bars) = match item {
        Item::Category(branch) => {
            let Some(branch) = index.branches.get(branch) else {
                return;
            };
            let caret = if is_open {
                icons::UNFOLDED
            } else {
                icons::FOLDED.outline()
            };
            icons::paint(
                painter,
                pos2(row.rect.left() + 11.0, row.rect.center().y),
                caret,
                size::ICON_TEXT,
                t.text3,
            );
            let name = category_name(log, branch.category);
            let choice = Choice {
                id: row.response.id,
                of: ColorOf::Category(branch.category),
                name,
                nr: colors.category(log, branch.category),
                only: clause("category", name),
            };
            let center = pos2(row.rect.left() + 26.0, row.rect.center().y);
            choice.swatch_ui(row.ui, view, center);
            let mut words = cells.words;
            words.min.x += 4.0;
            text::line(painter, words, Align::Min, Face::Button, name, t.text);
            (branch.n_events, branch.bars.clone())
        }
        Item::Stream(_, stream) => {
            let name = format::visible(log.stream_name(stream));
            let room = cells.words.width();
            let name = text::shortened(painter, Face::Data, &name, room).into_owned();
            let taken = text::line(painter, cells.words, Align::Min, Face::Data, name, t.text2);
            if let Some(file) = file_of(log, stream) {
                let count = format::count(log.events_of(stream).len() as u64);
                let count = text::width(painter, Face::DataSmall, &count);
                let rest = cells
                    .words
                    .with_min_x(taken.right() + 8.0)
                    .with_max_x(cells.count.right() - count - 8.0);
                let file = format::visible(file);
                let file = text::shortened(painter, Face::Small, &file, rest.width());
                text::line(painter, rest, Align::Min, Face::Small, file, t.text3);
            }
            let n_events = u64::try_from(log.events_of(stream).len()).unwrap_or(0);
            (n_events, index.bars_of(log, stream))
        }
    };
    text::line(
        painter,
        cells.count,
        Align::Max,
        Face::DataSmall,
        format::count(n_events),
        t.text3,
    );
    sparkline::paint(painter, cells.bars, &bars, t.text3);
    describe(row, item, is_open);
}

/// What makes a row part of a tree for an assistive technology.
fn describe(row: &Row<'_>, item: Item, is_open: bool) {
    row.ui
        .ctx()
        .accesskit_node_builder(row.response.id, |node| match item {
            Item::Category(_) => {
                node.set_level(1);
                node.set_expanded(is_open);
            }
            Item::Stream(..) => node.set_level(2),
        });
}

/// What is read out for a row.
pub(super) fn say(log: &EventLog, index: &StreamIndex, item: Item) -> String {
    match item {
        Item::Category(nr) => index.branches.get(nr).map_or_else(String::new, |branch| {
            let name = category_name(log, branch.category);
            let n_streams = u64::try_from(index.streams(nr).len()).unwrap_or(0);
            let events = counted(branch.n_events, "event", "events");
            format!(
                "{name}, {events}, {}",
                counted(n_streams, "stream", "streams")
            )
        }),
        Item::Stream(_, stream) => {
            let n_events = u64::try_from(log.events_of(stream).len()).unwrap_or(0);
            let file = file_of(log, stream).map_or_else(String::new, |file| format!(", in {file}"));
            format!(
                "{}, {}{file}",
                log.stream_name(stream),
                counted(n_events, "event", "events")
            )
        }
    }
}
