//! What an event changed in its stream's state, as a short list.

use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::event_detail::blocks_ui;
use super::event_facts::line_ui;
use super::json_rows::{row, shown};
use super::shared::version;
use super::state_head::change_job;
use super::state_rows::{say, sign};
use crate::event::Position;
use crate::fold::Change;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::section::section_with;
use crate::ui::widgets::tag;
use crate::workbench::Freshness;

/// The most changes that are listed; the State tab shows all.
const MOST_CHANGES: usize = 40;

/// What the event changed in its stream's state, where that state is at hand.
pub(super) fn changes_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, position: Position) {
    let stream = log.stream(position);
    let shown_stream = view.workbench.stream_shown();
    let key = view
        .workbench
        .state_key()
        .filter(|key| key.stream == stream);
    // What payloads merged give is no state of the application, and is not called one.
    let reducer = &view.workbench.reducer;
    let (made, color) = if reducer.is_application_state() {
        ("State", tokens(ui).text3)
    } else {
        ("Payload merge", tokens(ui).warn)
    };
    let at = format!("{made} @ {}", version(log.version(position)));
    let t = tokens(ui);
    section_with(ui, "Changed by this event", |ui| {
        if key.is_some() {
            ui.label(text::rich(at, Face::Section).color(color));
        }
    });
    let Some(key) = key else {
        let name = shown_stream.map_or("", |stream| log.stream_name(stream));
        line_ui(
            ui,
            &format!("The state shown is that of {}", format::visible(name)),
            t.text3,
        );
        return;
    };
    match view.workbench.answers.state.for_key(&key) {
        Freshness::Fresh(Ok(answer)) if answer.changes.is_empty() => {
            line_ui(ui, "Nothing", t.text3);
        }
        Freshness::Fresh(Ok(answer)) => {
            for change in answer.changes.iter().take(MOST_CHANGES) {
                change_ui(ui, change);
            }
            let more = answer.changes.len().saturating_sub(MOST_CHANGES);
            if more > 0 {
                let more = format::count(u64::try_from(more).unwrap_or(0));
                line_ui(ui, &format!("{more} more, see State"), t.text3);
            }
        }
        Freshness::Fresh(Err(why)) => line_ui(ui, why, t.err),
        Freshness::Stale(_) | Freshness::Missing => blocks_ui(ui, 2),
    }
}

pub(super) fn change_ui(ui: &mut Ui, change: &Change) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let path = format::visible(&change.path.to_string()).into_owned();
    let old = change.old.as_ref().map(shown);
    let row = change
        .new
        .as_ref()
        .or(change.old.as_ref())
        .map(|value| row(0, path.clone(), value, None));
    let Some(mut row) = row else { return };
    row.sign = sign(change.kind);
    row.old = change.new.as_ref().and(old);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, say(&row)));
    let painter = ui.painter();
    tag::paint_sign(
        painter,
        pos2(rect.left() + size::SIDE + 8.0, rect.center().y),
        row.sign,
    );
    let left = rect.left() + size::SIDE + 24.0;
    let key = Rect::from_min_max(
        pos2(left, rect.top()),
        pos2(
            rect.left() + size::SIDE + size::KEY_COLUMN + 24.0,
            rect.bottom(),
        ),
    );
    let key_width = text::width(painter, Face::Data, &path).min(rect.width() * 0.55);
    let key = Rect::from_min_max(
        key.min,
        pos2(
            (left + key_width + 1.0).max(rect.left() + size::SIDE + size::KEY_COLUMN - 4.0),
            rect.bottom(),
        ),
    );
    text::line(painter, key, Align::Min, Face::Data, path, t.text);
    let value = Rect::from_min_max(
        pos2(key.right() + 12.0, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    let job = change_job(t, &row);
    text::line_job(painter, value, Align::Min, job);
}
