//! What the pointer over the rows brings up: a line, and a tooltip that says what is there.

use egui::{Painter, Response, Stroke};

use super::super::hover::{event_tip, head, line};
use super::events::{snapshot_ranks, snapshot_x};
use super::fields::shown;
use super::listen::{REACH, event_near};
use super::rows::RowOf;
use super::stage::Stage;
use crate::ui::theme::{Face, format, size};

/// The line under the pointer, and after a while the tooltip.
pub(super) fn show(painter: &Painter, stage: &Stage<'_>, response: Response, scroll: f32) {
    let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else {
        return;
    };
    let body = stage.parts.body;
    let row = stage
        .rows
        .at(pointer.y - body.top() + scroll)
        .map(|row| row.of);
    let event = row.and_then(|row| event_near(stage, row, pointer.x));
    let x = event.map_or(pointer.x, |event| stage.track.x_of(event));
    let half = 0.5 / stage.pixels_per_point;
    let stroke = Stroke::new(size::STROKE, stage.tokens.text3.gamma_multiply(0.6));
    painter.vline(stage.snap(x) - half, body.y_range(), stroke);
    if let Some(position) = event {
        response.on_hover_ui_at_pointer(|ui| event_tip(ui, stage.log, stage.look.zone, position));
        return;
    }
    let Some([title, words]) = row.and_then(|row| said(stage, row, pointer.x)) else {
        return;
    };
    response.on_hover_ui_at_pointer(|ui| {
        head(ui, &title);
        line(ui, &words, Face::Row);
    });
}

/// What stands at a place of a row, in two lines.
fn said(stage: &Stage<'_>, row: RowOf, x: f32) -> Option<[String; 2]> {
    match row {
        RowOf::Events => {
            let rank =
                snapshot_ranks(stage).find(|rank| (snapshot_x(stage, *rank) - x).abs() <= REACH)?;
            let version = stage.version(rank);
            Some([
                "Stored snapshot".to_owned(),
                format!("The state that the store saved after {version}"),
            ])
        }
        RowOf::Field(index) => {
            let view = stage.lanes.get(index)?;
            let rank = stage.track.after(x).checked_sub(1)?;
            let step = view.lane?.at(u32::try_from(rank).ok()?)?;
            let name = view.path.to_string();
            let name = format::visible(&name);
            let value = shown(&step.value);
            let since = stage.version(step.rank as usize);
            Some([
                format!("{name} {}", format::visible(&value)),
                format!("since {since}"),
            ])
        }
        RowOf::When => {
            let found = stage.found.as_deref()?;
            let here = |at| stage.track.x_of(at);
            let one = found.iter().find(|one| {
                let to = one.interval.to.map_or(f32::INFINITY, here);
                here(one.interval.from) - REACH <= x && x <= to + REACH
            })?;
            let version = |at| {
                let rank = stage.log.rank_at(stage.stream, at);
                rank.map_or_else(String::new, |rank| stage.version(rank as usize))
            };
            let from = version(one.interval.from);
            let until = one.interval.to.map_or_else(
                || format!("true from {from} on"),
                |to| format!("true from {from}, no longer at {}", version(to)),
            );
            Some([format!("Result {}", one.nr), until])
        }
        RowOf::Related(index) => {
            let related = stage.related.get(index)?;
            let name = format::visible(stage.log.stream_name(related.stream));
            Some([name.into_owned(), "Double-click to open it".to_owned()])
        }
        RowOf::Note => None,
    }
}
