//! Finding a field or a value in the state: a bar over the tree, opened by a key.

use egui::{Align, Id, Key, Layout, Modifiers, Rect, Sense, Ui, UiBuilder, vec2};

use super::json_rows::{key_of, members, shown};
use crate::event::json::{Json, JsonPath};
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::field::Field;
use crate::workbench::StateKey;

/// So many places are found.
const MOST: usize = 1_000;
/// So many values are looked at.
const LOOKED_AT: usize = 100_000;
/// Room for the count and the buttons.
const TOOLS: f32 = 150.0;

/// The bar, open or not.
#[derive(Default)]
pub(super) struct FindBar {
    is_open: bool,
    wants_keyboard: bool,
    text: String,
    found: Vec<JsonPath>,
    at: usize,
    /// What was searched for what.
    key: Option<(StateKey, String)>,
}

/// Where a key or a value holds this text, from top to bottom; capitals make no difference.
fn find(state: &Json, needle: &str) -> Vec<JsonPath> {
    let needle = needle.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&needle);
    let mut waiting = vec![(JsonPath::default(), state)];
    let (mut found, mut n_seen) = (Vec::new(), 0);
    while let Some((path, value)) = waiting.pop() {
        n_seen += 1;
        if n_seen > LOOKED_AT || found.len() >= MOST {
            break;
        }
        let by_key = path.0.last().is_some_and(|step| holds(&key_of(step)));
        if by_key || value.is_leaf() && holds(&shown(value)) {
            found.push(path.clone());
        }
        let inside = members(value).into_iter().rev();
        waiting.extend(inside.map(|(step, member)| (path.child(step), member)));
    }
    found.retain(|path| !path.0.is_empty());
    found
}

fn field_id() -> Id {
    Id::unique("annals_find_in_state")
}

impl FindBar {
    /// Opens the bar and gives it the keyboard.
    pub(super) fn open(&mut self) {
        (self.is_open, self.wants_keyboard) = (true, true);
    }

    /// Shows the bar where it is open; returns the field that is to be gone to.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: (StateKey, &Json)) -> Option<JsonPath> {
        if !self.is_open {
            return None;
        }
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
        let t = tokens(ui);
        ui.painter().rect_filled(rect, 0.0, t.raised);
        let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
        bar.spacing_mut().item_spacing.x = 4.0;
        self.bar_ui(&mut bar, state, inside)
    }

    fn bar_ui(
        &mut self,
        ui: &mut Ui,
        (key, state): (StateKey, &Json),
        inside: Rect,
    ) -> Option<JsonPath> {
        let has_keyboard = ui.memory(|memory| memory.has_focus(field_id()));
        let back =
            has_keyboard && ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::Enter));
        let output = Field::search("Find in state")
            .small()
            .width((inside.width() - TOOLS).max(80.0))
            .id(field_id())
            .show(ui, &mut self.text);
        if std::mem::take(&mut self.wants_keyboard) {
            output.response.request_focus();
            ui.ctx().request_repaint();
        }
        let asked = (key, self.text.trim().to_owned());
        let is_new = self.key.as_ref() != Some(&asked);
        if is_new {
            self.found = match asked.1.as_str() {
                "" => Vec::new(),
                needle => find(state, needle),
            };
            self.at = self.at.min(self.found.len().saturating_sub(1));
            self.key = Some(asked);
        }
        let goes = self.tools_ui(ui);
        if output.submitted || back || goes.is_some() {
            output.response.request_focus();
        }
        if output.escaped {
            self.is_open = false;
            return None;
        }
        let by = match goes {
            Some(by) => by,
            None if back => -1,
            None if output.submitted => 1,
            None if output.changed => 0,
            None => return None,
        };
        self.step(by, output.changed)
    }

    /// How many were found, and buttons to walk through them; returns by how much.
    fn tools_ui(&mut self, ui: &mut Ui) -> Option<isize> {
        let n_found = self.found.len();
        let words = match n_found {
            _ if self.text.trim().is_empty() => String::new(),
            0 => "nothing".to_owned(),
            n => format!("{} of {}", self.at + 1, format::count(n as u64)),
        };
        ui.label(text::small(words).color(tokens(ui).text2));
        let mut by = None;
        let names = [
            (icons::UP, "Previous match", -1),
            (icons::UNFOLDED, "Next match", 1),
        ];
        for (icon, name, step) in names {
            let button = button::icon_button(icon, name, "").small();
            let button = button.enabled(n_found > 0, "Nothing was found.");
            if ui.add(button).clicked() {
                by = Some(step);
            }
        }
        let close = button::icon_button(icons::CLOSE, "Close search", "Esc").small();
        if ui.add(close).clicked() {
            self.is_open = false;
        }
        by
    }

    fn step(&mut self, by: isize, is_new: bool) -> Option<JsonPath> {
        let n_found = self.found.len();
        if n_found == 0 {
            return None;
        }
        let next = if is_new {
            0
        } else {
            self.at.checked_add_signed(by).unwrap_or(n_found - 1) % n_found
        };
        self.at = next;
        self.found.get(next).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;

    #[test]
    fn keys_and_values_are_found_from_top_to_bottom() {
        let state = parse(br#"{"Total":1,"lines":[{"sku":"TOTE"},{"total":2}],"x":"no"}"#).unwrap();
        let found: Vec<String> = find(&state, "tot")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, ["Total", "lines[0].sku", "lines[1].total"]);
    }
}
