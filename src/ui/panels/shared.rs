//! What several panels say alike: times, names, colors of events, and the keys that walk a list.

use egui::{Color32, Context, Event, Key, Modifiers, Ui};

use super::event_colors::EventColors;
use crate::event::{CategoryId, Position, StreamId, Timestamp, TypeId, Version, Zone};
use crate::history::{EventLog, Grouping};
use crate::ui::View;
use crate::ui::theme::{Tokens, format, icons};
use crate::ui::widgets::button;
use crate::workbench::{Action, Export, row_of};

/// What stands for a name that is empty.
const NO_CATEGORY: &str = "no category";

/// A button that exports what stands beside it.
pub(super) fn export_ui(ui: &mut Ui, view: &View<'_>, what: Export) {
    let action = Action::Export(what);
    let name = row_of(&action).map_or("Export", |row| row.name);
    let button = button::icon_button(icons::EXPORT, name, "").small();
    if ui.add(button).clicked() {
        view.send(action);
    }
}

/// A time in full on the zone's wall clock, with so many fraction digits.
pub(super) fn moment(time: Timestamp, zone: Zone, digits: u8) -> String {
    zone.wall(time).date_time(' ', digits)
}

/// The time of an event as the history shows it; a dash where it has none.
pub(super) fn moment_of(log: &EventLog, position: Position, zone: Zone) -> String {
    log.time(position).map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |time| moment(time, zone, shown_digits(log)),
    )
}

/// The day of a time on the zone's wall clock.
pub(super) fn day(time: Timestamp, zone: Zone) -> String {
    let mut text = zone.wall(time).date_time(' ', 0);
    text.truncate(10);
    text
}

/// How many fraction digits times have on screen: all that the store has, at most six.
pub(super) fn shown_digits(log: &EventLog) -> u8 {
    match log.time_digits() {
        0 => 0,
        1..=3 => 3,
        _ => 6,
    }
}

/// A version in running text: `v7`, with the screen's minus sign; a dash where there is none.
pub(super) fn version(version: Option<Version>) -> String {
    version.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |version| format!("v{}", whole(version.0)),
    )
}

/// A signed whole number with commas and the screen's minus sign.
pub(super) fn whole(number: i64) -> String {
    let digits = format::count(number.unsigned_abs());
    if number < 0 {
        format!("{}{digits}", format::MINUS)
    } else {
        digits
    }
}

/// A position in running text.
pub(super) fn place(position: Position) -> String {
    format::position(u64::from(position.0))
}

/// Of so many events the file is looked up to say that all lie in one.
const ASKED_FOR_FILE: usize = 256;

/// The file in which all of a stream lies, where the history comes from several; `several files`
/// where it lies in more than one, and `None` where that is not known without a long walk.
pub(super) fn file_of(log: &EventLog, stream: StreamId) -> Option<&str> {
    let first = log.file_of(stream)?;
    if !log.joins_files() {
        return Some(first);
    }
    let events = log.events_of(stream);
    let mut files = events
        .iter()
        .take(ASKED_FOR_FILE)
        .map(|at| log.file_of_event(Position(*at)));
    if files.any(|file| file != Some(first)) {
        return Some("several files");
    }
    (events.len() <= ASKED_FOR_FILE).then_some(first)
}

/// The name of a category; streams may belong to none.
pub(super) fn category_name(log: &EventLog, category: CategoryId) -> &str {
    let name = log.category_names().get(category.index());
    name.map_or(NO_CATEGORY, |name| {
        if name.is_empty() { NO_CATEGORY } else { name }
    })
}

/// The place of a category when they are ordered by size: its color.
pub(super) fn color_nr(log: &EventLog, category: CategoryId) -> usize {
    let group = log.groups(Grouping::Category).get(category.index());
    group.map_or(usize::MAX, |group| usize::from(*group))
}

/// The color of an event's swatch where all streams are shown together, faint after the playhead.
pub(super) fn event_color(
    t: &Tokens,
    (view, log): (&View<'_>, &EventLog),
    position: Position,
    is_future: bool,
) -> Color32 {
    EventColors::across(view).event(t, log, position, is_future)
}

/// For how many events the category of each type is looked up.
const LOOKED_AT: u32 = 4_000_000;

/// For each type the category of its first event, as far as four million events show it.
pub(super) fn categories_of_types(log: &EventLog) -> Vec<Option<CategoryId>> {
    let mut categories = vec![None; log.type_names().len()];
    let mut missing = categories.len();
    let end = u32::try_from(log.len()).unwrap_or(u32::MAX).min(LOOKED_AT);
    for position in (0..end).map(Position) {
        if missing == 0 {
            break;
        }
        let TypeId(id) = log.event_type(position);
        if let Some(slot @ None) = categories.get_mut(id as usize) {
            *slot = Some(log.stream_info(log.stream(position)).category);
            missing -= 1;
        }
    }
    categories
}

/// One or many: `1 event`, `2 events`.
pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", format::count(n), if n == 1 { one } else { many })
}

/// An amount as it is read out: `minus 50.00`.
pub(super) fn spoken(value: &str) -> String {
    let negative = value
        .strip_prefix(format::MINUS)
        .or_else(|| value.strip_prefix('-'));
    negative.map_or_else(|| value.to_owned(), |rest| format!("minus {rest}"))
}

/// Where the keys that walk a list lead from row `at` in a list of `n_rows`.
///
/// Takes `J` `K`, the up and down arrows and the page keys. From nowhere the first row is reached.
pub(super) fn walked(ui: &Ui, at: Option<u64>, n_rows: u64, page: u64) -> Option<u64> {
    let last = n_rows.checked_sub(1)?;
    let page = i64::try_from(page).unwrap_or(1);
    let keys = [
        (Modifiers::NONE, Key::ArrowDown, 1),
        (Modifiers::NONE, Key::J, 1),
        (Modifiers::NONE, Key::ArrowUp, -1),
        (Modifiers::NONE, Key::K, -1),
        (Modifiers::NONE, Key::PageDown, page),
        (Modifiers::NONE, Key::PageUp, -page),
        (Modifiers::CTRL, Key::D, page / 2),
        (Modifiers::CTRL, Key::U, -page / 2),
    ];
    let mut by = 0_i64;
    ui.input_mut(|input| {
        for (modifiers, key, step) in keys {
            let times = input.count_and_consume_key(modifiers, key);
            by += step * i64::try_from(times).unwrap_or(0);
        }
    });
    if by == 0 {
        return None;
    }
    Some(at.map_or(0, |at| at.saturating_add_signed(by).min(last)))
}

/// Whether a key was pressed, without Shift and Alt, while no text field has the keyboard; the key is
/// used up.
pub(super) fn pressed(ui: &Ui, key: Key) -> bool {
    let is_plain = ui.input(|input| !input.modifiers.shift && !input.modifiers.alt);
    is_plain
        && !ui.ctx().text_edit_focused()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
}

/// Whether `/` was typed, on whatever key it lies, while no text field has the keyboard.
pub(in crate::ui) fn typed_slash(ctx: &Context) -> bool {
    if ctx.text_edit_focused() {
        return false;
    }
    ctx.input_mut(|input| {
        let is_slash = |event: &Event| match event {
            Event::Text(text) => text == "/",
            Event::Key {
                key: Key::Slash,
                pressed,
                ..
            } => *pressed,
            _ => false,
        };
        let before = input.events.len();
        input.events.retain(|event| !is_slash(event));
        input.events.len() < before
    })
}
