//! Actions as the development tools of Redux keep them: in the order in which they were applied.
//!
//! The action that only makes the first state (`@@INIT`) is no event.

use std::collections::BTreeMap;

use super::{Lines, elements, member, members, text_of};
use crate::event::json::scan;

/// A whole recording, of either form.
pub(super) fn recording(recording: &[u8], lines: &mut Lines) {
    if let Some(actions) = member(recording, &["actionsById"]) {
        return lifted(recording, actions, lines);
    }
    let Some(text) = text_of(recording, &["payload"]) else {
        return lines.lost("not-an-event", "this recording holds no actions");
    };
    let mut actions = Vec::new();
    elements(text.trim().as_bytes(), &mut |action| actions.push(action));
    for (number, action) in (1_u64..).zip(actions) {
        write(number, action, None, lines);
    }
}

fn lifted(recording: &[u8], actions: &[u8], lines: &mut Lines) {
    let mut by_id: BTreeMap<u64, &[u8]> = BTreeMap::new();
    for (id, action) in members(actions) {
        match id.parse() {
            Ok(id) => {
                by_id.insert(id, action);
            }
            Err(_) => lines.lost("not-an-event", "an action has no number"),
        }
    }
    let mut order = Vec::new();
    if let Some(staged) = member(recording, &["stagedActionIds"]) {
        elements(staged, &mut |id| order.push(id));
    }
    let parse = |id: &[u8]| std::str::from_utf8(id).ok()?.parse::<u64>().ok();
    let mut order: Vec<u64> = order.into_iter().filter_map(parse).collect();
    if order.is_empty() {
        order = by_id.keys().copied().collect();
    }
    for id in order {
        let Some(lifted) = by_id.get(&id) else {
            lines.lost(
                "not-an-event",
                format!("action {id} is not in the recording"),
            );
            continue;
        };
        let action = member(lifted, &["action"]).unwrap_or(b"{}");
        write(id, action, member(lifted, &["timestamp"]), lines);
    }
}

fn write(id: u64, action: &[u8], time: Option<&[u8]>, lines: &mut Lines) {
    let kind = text_of(action, &["type"]).unwrap_or_default();
    if kind == "@@INIT" || !scan::is_json(action) {
        return;
    }
    lines.raw(b"{");
    lines.member("actionId", id.to_string().as_bytes());
    if let Some(time) = time {
        lines.member("timestamp", time);
    }
    let (mut has_payload, mut others) = (false, Vec::new());
    for (key, value) in members(action) {
        has_payload |= key == "payload";
        match key.as_str() {
            "type" | "payload" | "meta" | "error" => lines.member(&key, value),
            _ => others.push((key, value)),
        }
    }
    // An action that is no "standard action" holds what it has beside its type.
    if !has_payload {
        lines.key(b"payload");
        lines.raw(b"{");
        for (key, value) in others {
            lines.member(&key, value);
        }
        lines.raw(b"}");
    }
    lines.raw(b"}");
    lines.end();
}
