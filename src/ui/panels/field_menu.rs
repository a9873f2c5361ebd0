//! What can be done with a field of a state: a menu.

use egui::{Id, Ui};

use crate::event::json::{Json, JsonPath};
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::widgets::{button, menu};
use crate::workbench::Action;

/// The menu's own name, so that a right click on a field opens it too.
pub(super) fn menu_id() -> Id {
    Id::unique("annals_field_menu")
}

/// Shows the button that opens the menu.
pub(super) fn menu_ui(ui: &mut Ui, view: &View<'_>, path: &JsonPath, value: Option<&Json>) {
    let button = button::icon_button(icons::MORE, "Field menu", "").small();
    let response = ui.add(button);
    egui::Popup::menu(&response)
        .id(menu_id())
        .width(crate::ui::theme::size::MENU)
        .show(|ui| items_ui(ui, view, path, value));
    if ui
        .add(button::icon_button(icons::COPY, "Copy value", "").small())
        .clicked()
    {
        copy(view, value);
    }
}

fn items_ui(ui: &mut Ui, view: &View<'_>, path: &JsonPath, value: Option<&Json>) {
    let name = path.to_string();
    if menu::item(ui, None, "When did this become\u{2026}", "W").clicked() {
        view.send(Action::AskQuestionAbout(format!("{name} ")));
    }
    if menu::item(ui, None, "Go to who set it", "Enter").clicked() {
        view.send(Action::GoToSetter(path.clone()));
    }
    if menu::item(ui, None, "Go to who set it before", "").clicked() {
        view.send(Action::GoToSetterBefore(path.clone()));
    }
    if menu::item(ui, None, "Field history", "Shift+H").clicked() {
        view.send(Action::ShowFieldHistory);
    }
    plot_ui(ui, view, path);
    pin_ui(ui, view, path);
    menu::separator(ui);
    if menu::item(ui, Some(icons::COPY), "Copy path", "").clicked() {
        view.send(Action::CopyText(name));
    }
    if menu::item(ui, Some(icons::COPY), "Copy value", "").clicked() {
        copy(view, value);
    }
}

/// Plots the field in this stream, or in all streams of its category together.
fn plot_ui(ui: &mut Ui, view: &View<'_>, path: &JsonPath) {
    if menu::item(ui, Some(icons::STEP_PLOT), "Plot in this stream", "").clicked() {
        view.send(Action::PlotPath(path.clone()));
    }
    let of = view.workbench.stream_shown().zip(view.log());
    if menu::item(ui, Some(icons::PROJECTIONS), "Plot this field", "").clicked()
        && let Some((stream, log)) = of
    {
        let category = log.stream_info(stream).category;
        view.send(Action::PlotStates(category, path.clone()));
    }
}

fn pin_ui(ui: &mut Ui, view: &View<'_>, path: &JsonPath) {
    let category = view
        .workbench
        .stream_shown()
        .zip(view.log())
        .map(|(stream, log)| log.stream_info(stream).category);
    let pinned = category.and_then(|category| view.look().pinned.get(&category));
    if pinned.is_some_and(|paths| paths.contains(path)) {
        if menu::item(ui, Some(icons::PIN), "Unpin", "P").clicked() {
            view.send(Action::UnpinField(path.clone()));
        }
    } else if menu::item(ui, Some(icons::PIN), "Pin as a lane", "P").clicked() {
        view.send(Action::PinField(path.clone()));
    }
}

fn copy(view: &View<'_>, value: Option<&Json>) {
    if let Some(value) = value {
        let copied = value
            .as_text()
            .map_or_else(|| value.to_string(), str::to_owned);
        view.send(Action::CopyText(copied));
    }
}
