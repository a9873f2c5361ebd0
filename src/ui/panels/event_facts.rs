//! What is known of an event beside its data, as rows of key and value, each with a way to copy it.

use egui::{Align, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::json_rows::{members, shown};
use super::shared::moment;
use crate::event::json::{Json, parse};
use crate::event::{EventDetail, Payload, Timestamp, Zone};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::workbench::Action;

/// The most rows of metadata; the rest is in the whole event, which can be copied.
const MOST: usize = 24;

/// A row: its key, what is shown, and what is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    key: String,
    shown: String,
    whole: String,
}

impl Fact {
    fn new(key: &str, shown: impl Into<String>, whole: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            shown: shown.into(),
            whole: whole.into(),
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
pub(super) fn metadata(detail: &EventDetail) -> Vec<Fact> {
    let named = [
        Fact::id("Correlation", detail.correlation.as_ref()),
        Fact::id("Caused by", detail.causation.as_ref()),
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
pub(super) fn stored_as(detail: &EventDetail, zone: Zone) -> Vec<Fact> {
    let time = |key: &str, time: Option<(Timestamp, u8)>| {
        time.map(|(time, digits)| {
            let key = format!("{key}, {}", zone.label(time));
            Fact::new(&key, moment(time, zone, digits), time.rfc3339(digits))
        })
    };
    let source = (!detail.source.is_empty()).then_some(&detail.source);
    let facts = [
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
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("{}: {}", fact.key, fact.whole))
    });
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
    text::line(
        ui.painter(),
        value,
        Align::Min,
        Face::Data,
        fact.shown.as_str(),
        t.text,
    );
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
        let shown: Vec<String> = metadata(&detail)
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
}
