//! What is known of an event beside its data, as rows of key and value, each with a way to copy it.

use egui::{Align, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::json_rows::{members, shown};
use super::shared::moment;
use crate::event::json::{Json, parse};
use crate::event::{CausationNames, EventDetail, Payload, Timestamp, Zone};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::tag::{self, Tone};
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::Action;

/// The most rows of metadata; the rest is in the whole event, which can be copied.
const MOST: usize = 24;
/// The most rows of further columns; how many more there are is said.
const MOST_EXTRA: usize = 64;
/// What an id may name where nothing says which of them.
const EITHER: &str = "command or event";

/// A row: its key, what is shown, and what is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    key: String,
    shown: String,
    whole: String,
    /// What it may be, where that is not certain.
    note: &'static str,
    /// How many share it, at the right.
    beside: String,
}

impl Fact {
    fn new(key: &str, shown: impl Into<String>, whole: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            shown: shown.into(),
            whole: whole.into(),
            note: "",
            beside: String::new(),
        }
    }

    /// Says beside a correlation how many events share it, where that is known.
    pub(super) fn count(&mut self, view: &View<'_>, detail: &EventDetail) {
        let correlation = detail.correlation.as_deref();
        if self.key != "Correlation" || correlation != Some(&self.whole) {
            return;
        }
        let known = view.workbench.answers.travel.undertaking.known();
        if let Some((key, Ok(undertaking))) = known
            && *key.correlation == *self.whole
        {
            let more = if undertaking.is_cut { "+" } else { "" };
            let n_events = undertaking.events.len() as u64;
            self.beside = format!("{}{more} events", format::count(n_events));
        }
    }

    fn id(key: &str, whole: Option<&String>) -> Option<Self> {
        whole.map(|whole| Self::new(key, format::id(whole), whole))
    }

    fn plain(key: &str, whole: Option<&String>) -> Option<Self> {
        whole.map(|whole| Self::new(key, format::visible(whole), whole))
    }
}

/// What is known about the recording: the ids first, then whatever else the metadata say.
pub(super) fn metadata(detail: &EventDetail, names: CausationNames) -> Vec<Fact> {
    let named = [
        Fact::id("Correlation", detail.correlation.as_ref()),
        detail.causation.as_deref().map(|id| cause(id, names)),
        Fact::plain("User", detail.user.as_ref()),
        Fact::id("Event id", detail.id.as_ref()),
    ];
    let mut facts: Vec<Fact> = named.into_iter().flatten().collect();
    let known: Vec<String> = facts.iter().map(|fact| fact.whole.clone()).collect();
    match &detail.metadata {
        Payload::Json(json) => match parse(json.as_bytes()) {
            Ok(value) => facts.extend(others(&value, &known)),
            Err(_) => facts.push(Fact::new("Metadata", format::visible(json), &**json)),
        },
        Payload::Text(words) => facts.push(Fact::new("Metadata", format::visible(words), &**words)),
        Payload::Bytes(bytes) => {
            let size = format::bytes(u64::try_from(bytes.len()).unwrap_or(0));
            facts.push(Fact::new("Metadata", size.clone(), size));
        }
        Payload::Missing => {}
    }
    facts
}

/// What brought the event about. Whether an event has that id is not known here, so that none is
/// ever said to be missing.
fn cause(id: &str, names: CausationNames) -> Fact {
    match names {
        CausationNames::Command => Fact::new("Command", format::id(id), id),
        CausationNames::Position => {
            let number = id
                .parse()
                .map_or_else(|_| format::visible(id).into_owned(), format::count);
            Fact::new("Caused by", format!("store position {number}"), id)
        }
        CausationNames::EventOrCommand => {
            let begins = |word: &str| {
                id.get(..word.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(word))
            };
            let is_like_a_command = begins("cmd") || begins("command");
            Fact {
                note: if is_like_a_command { EITHER } else { "" },
                ..Fact::new("Caused by", format::id(id), id)
            }
        }
    }
}

/// What the record holds beyond all that has a name of its own, and how much more there is.
pub(super) fn further(detail: &EventDetail) -> (Vec<Fact>, usize) {
    let facts = detail.extra.iter().map(|(name, value)| {
        let (shown, whole) = match value {
            Payload::Missing => ("null".to_owned(), "null".to_owned()),
            Payload::Text(words) => (format::visible(words).into_owned(), words.to_string()),
            Payload::Json(json) => (format::visible(json).into_owned(), json.to_string()),
            Payload::Bytes(bytes) => {
                let size = format::bytes(u64::try_from(bytes.len()).unwrap_or(0));
                (size.clone(), size)
            }
        };
        Fact::new(&format::visible(name), short(shown), whole)
    });
    let more = detail.extra.len().saturating_sub(MOST_EXTRA);
    (facts.take(MOST_EXTRA).collect(), more)
}

/// No more of a long value than a row can show; the whole is copied.
fn short(mut shown: String) -> String {
    if let Some((end, _)) = shown.char_indices().nth(200) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// The members of the metadata that are not shown under a name of their own.
fn others(value: &Json, known: &[String]) -> Vec<Fact> {
    let fact = |(key, value): (crate::event::json::Step, &Json)| {
        let whole = value
            .as_text()
            .map_or_else(|| value.to_string(), str::to_owned);
        if known.contains(&whole) {
            return None;
        }
        let key = super::json_rows::key_of(&key);
        let short = match value {
            Json::Text(text) if text.len() <= 200 => format::visible(text).into_owned(),
            Json::Text(_) | Json::Null | Json::Bool(_) | Json::Number(_) => shown(value),
            Json::Array(_) | Json::Object(_) => format::visible(&whole).into_owned(),
        };
        Some(Fact::new(&format::visible(&key), short, whole))
    };
    members(value)
        .into_iter()
        .filter_map(fact)
        .take(MOST)
        .collect()
}

/// How the store keeps the event.
///
/// `file` is the event's file, where there are several.
pub(super) fn stored_as(detail: &EventDetail, file: Option<&str>, zone: Zone) -> Vec<Fact> {
    let time = |key: &str, time: Option<(Timestamp, u8)>| {
        time.map(|(time, digits)| {
            let key = format!("{key}, {}", zone.label(time));
            Fact::new(&key, moment(time, zone, digits), time.rfc3339(digits))
        })
    };
    let source = (!detail.source.is_empty()).then_some(&detail.source);
    let facts = [
        file.map(|name| Fact::new("File", format::visible(name), name)),
        Fact::plain("Record", source),
        Fact::plain("Store position", detail.store_position.as_ref()),
        time("Written", detail.time),
        time("Occurred", detail.occurred),
        Fact::plain("Schema version", detail.schema_version.as_ref()),
    ];
    facts.into_iter().flatten().collect()
}

/// Shows rows of facts; a row's button copies the whole value.
pub(super) fn facts_ui(ui: &mut Ui, facts: &[Fact], view: &View<'_>) {
    for (nr, fact) in facts.iter().enumerate() {
        ui.push_id(nr, |ui| fact_ui(ui, fact, view));
    }
}

fn fact_ui(ui: &mut Ui, fact: &Fact, view: &View<'_>) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let said = match fact.note {
        "" if !fact.beside.is_empty() => format!("{}: {}, {}", fact.key, fact.whole, fact.beside),
        "" => format!("{}: {}", fact.key, fact.whole),
        note => format!("{}: {}, {note}", fact.key, fact.whole),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.as_str()));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let middle = inside.left() + size::KEY_COLUMN;
    let key = Rect::from_min_max(inside.min, pos2(middle, inside.bottom()));
    let value = Rect::from_min_max(
        pos2(middle + size::CELL, inside.top()),
        pos2(inside.right() - 20.0, inside.bottom()),
    );
    text::line(
        ui.painter(),
        key,
        Align::Min,
        Face::Row,
        fact.key.as_str(),
        t.text3,
    );
    // Of where a record stands, the end tells more than the beginning.
    let shown = match fact.key.as_str() {
        "Record" => text::shortened(ui.painter(), Face::Data, &fact.shown, value.width()),
        _ => fact.shown.as_str().into(),
    };
    let beside = text::line(
        ui.painter(),
        value,
        Align::Max,
        Face::Row,
        fact.beside.as_str(),
        t.text3,
    );
    let value = if fact.beside.is_empty() {
        value
    } else {
        value.with_max_x(beside.left() - 8.0)
    };
    let taken = text::line(ui.painter(), value, Align::Min, Face::Data, shown, t.text);
    let response = if fact.note.is_empty() {
        response
    } else {
        let left = pos2(taken.right() + 8.0, rect.center().y);
        tag::paint(ui.painter(), left, Tone::Neutral, fact.note);
        Tip::new("Command or event")
            .sentence("The store does not say whether this id names a command or an event.")
            .on(response)
    };
    let place = Rect::from_center_size(
        pos2(rect.right() - size::TOOL_SIDE - 12.0, rect.center().y),
        vec2(size::BUTTON_SMALL, size::BUTTON_SMALL),
    );
    let name = format!("Copy {}", fact.key);
    let mut hidden = ui.new_child(egui::UiBuilder::new().max_rect(place));
    // Shown to the pointer and to the keyboard, and out of the way otherwise.
    let has_keyboard = hidden.next_auto_id();
    let wanted = response.contains_pointer() || ui.memory(|memory| memory.has_focus(has_keyboard));
    if !wanted {
        hidden.set_opacity(0.0);
    }
    let copy = button::icon_button(icons::COPY, &name, "")
        .small()
        .icon_size(size::ICON_SMALL);
    if hidden.add(copy).clicked() {
        view.send(Action::CopyText(fact.whole.clone()));
    }
}

/// One line of words in a section.
pub(super) fn line_ui(ui: &mut Ui, words: &str, color: Color32) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    text::line(
        ui.painter(),
        rect.shrink2(vec2(size::SIDE, 0.0)),
        Align::Min,
        Face::Row,
        words,
        color,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_that_have_a_name_are_said_once() {
        let detail = EventDetail {
            correlation: Some("8c41e0b7-1111-2222-3333-44445555d29f".to_owned()),
            user: Some("anna".to_owned()),
            metadata: Payload::Json(
                r#"{"correlationId":"8c41e0b7-1111-2222-3333-44445555d29f","user":"anna","tenant":"eu","n":1.50}"#.into(),
            ),
            ..EventDetail::default()
        };
        let shown: Vec<String> = metadata(&detail, CausationNames::EventOrCommand)
            .iter()
            .map(|fact| format!("{} {}", fact.key, fact.shown))
            .collect();
        assert_eq!(
            shown,
            [
                "Correlation 8c41e0b7…d29f",
                "User anna",
                "tenant eu",
                "n 1.50"
            ]
        );
    }

    #[test]
    fn a_cause_is_called_what_it_is_known_to_be() {
        let said = |id, names| {
            let fact = cause(id, names);
            format!("{}: {} {}", fact.key, fact.shown, fact.note)
        };
        let either = CausationNames::EventOrCommand;
        assert_eq!(said("cmd-17", either), "Caused by: cmd-17 command or event");
        assert_eq!(
            said("Command/7", either),
            "Caused by: Command/7 command or event"
        );
        assert_eq!(said("comment-7", either), "Caused by: comment-7 ");
        assert_eq!(said("e-17", either), "Caused by: e-17 ");
        assert_eq!(said("e-17", CausationNames::Command), "Command: e-17 ");
        let position = CausationNames::Position;
        assert_eq!(
            said("207332", position),
            "Caused by: store position 207,332 "
        );
        assert_eq!(said("é", either), "Caused by: é ");
    }
}
