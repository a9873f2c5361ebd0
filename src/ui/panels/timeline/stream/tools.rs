//! The tools of a stream's timeline, for the right end of its tab bar.

use egui::Ui;

use crate::event::json::{Json, JsonPath, Step};
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{format, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::menu::{item, menu_button};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, FieldLanes, row_of};

/// How many fields the menu offers.
const OFFERED: usize = 200;
/// The height of the menu.
const MENU: f32 = 360.0;
/// With so much room the tools carry their names.
const WIDE: f32 = 408.0;

/// Shows which fields are lanes, the menu that adds one, and fit; in this order from left to right in
/// every layout.
pub(super) fn ui(ui: &mut Ui, view: &View<'_>, room: f32) {
    // In a narrow tile the names of the tabs are worth more than those of the tools.
    let is_wide = room >= WIDE;
    let mut parts: [fn(&mut Ui, &View<'_>, bool); 4] = [caption, which, add, fit];
    if ui.layout().prefer_right_to_left() {
        parts.reverse();
    }
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, 6.0);
    for part in parts {
        part(ui, view, is_wide);
    }
    ui.spacing_mut().item_spacing.x = gap;
}

fn caption(ui: &mut Ui, _: &View<'_>, is_wide: bool) {
    if is_wide {
        let color = tokens(ui).text3;
        ui.label(text::small("Field lanes").color(color));
    }
}

fn which(ui: &mut Ui, view: &View<'_>, _: bool) {
    let mut lanes = view.workbench.lanes_shown();
    let n_pinned = view.workbench.pinned_here().len();
    let pinned = format!("Pinned {n_pinned}");
    let choices = [
        (FieldLanes::Pinned, pinned.as_str()),
        (FieldLanes::Changed, "Changed"),
        (FieldLanes::Off, "Off"),
    ];
    if segments(ui, "Field lanes", &mut lanes, &choices) {
        view.send(Action::SetFieldLanes(lanes));
    }
}

fn add(ui: &mut Ui, view: &View<'_>, is_wide: bool) {
    let tip = Tip::new("").sentence("Pin a field of the state as a lane");
    let add = if is_wide {
        button::quiet("Add lane").small().icon(icons::ADD).tip(tip)
    } else {
        button::icon_button(icons::ADD, "Add lane", "").small()
    };
    menu_button(ui, add, |ui| {
        let fields = fields(view);
        if fields.is_empty() {
            ui.label(text::small("The state has no fields yet"));
        }
        egui::ScrollArea::vertical()
            .max_height(MENU)
            .show(ui, |ui| {
                for path in fields {
                    offer(ui, view, &path);
                }
            });
    });
}

fn offer(ui: &mut Ui, view: &View<'_>, path: &JsonPath) {
    let name = path.to_string();
    let is_pinned = view.workbench.pinned_here().contains(path);
    let icon = is_pinned.then_some(icons::CHECK);
    if item(ui, icon, &format::visible(&name), "").clicked() {
        view.send(if is_pinned {
            Action::UnpinField(path.clone())
        } else {
            Action::PinField(path.clone())
        });
    }
}

/// The fields of the state shown: all that are no containers, those of arrays left out, and how long
/// arrays are.
fn fields(view: &View<'_>) -> Vec<JsonPath> {
    let Some(Ok(answer)) = view.workbench.answers.state.latest() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    gather(&answer.state.value, &JsonPath::default(), &mut found);
    found
}

fn gather(value: &Json, path: &JsonPath, found: &mut Vec<JsonPath>) {
    match value {
        Json::Object(object) if !object.is_empty() => {
            for (key, member) in object.iter() {
                if found.len() >= OFFERED {
                    return;
                }
                gather(member, &path.child(Step::Key(key.into())), found);
            }
        }
        _ => found.push(path.clone()),
    }
}

fn fit(ui: &mut Ui, view: &View<'_>, is_wide: bool) {
    let row = row_of(&Action::Fit);
    let key = row.and_then(|row| row.keys.first()).map_or("", |key| *key);
    let tip = Tip::new("").sentence("Show the whole stream").key(key);
    let fit = if is_wide {
        button::quiet("Fit").small().icon(icons::FIT).tip(tip)
    } else {
        button::icon_button(icons::FIT, "Fit", key).small()
    };
    if ui.add(fit).clicked() {
        view.send(Action::Fit);
    }
}
