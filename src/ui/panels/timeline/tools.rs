//! The timeline's tools, for the right end of its tab bar.

use egui::Ui;

use crate::history::Grouping;
use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, Export, Height, row_of};

/// A tool, and with how much room it is shown.
type Part = (f32, fn(&mut Ui, &View<'_>));

/// With so much room there are words before lanes and height.
const WITH_WORDS: f32 = 520.0;
/// With so much room the height can be chosen here; it is in the palette too.
const WITH_HEIGHT: f32 = 440.0;

/// Shows lanes, height, zoom and fit; in this order from left to right in every layout. In a narrow
/// tile the tabs are worth more than what they leave no room for.
pub(super) fn ui(ui: &mut Ui, view: &View<'_>, room: f32) {
    let all: [Part; 8] = [
        (WITH_WORDS, |ui, _| caption(ui, "Lanes")),
        (0.0, lanes),
        (WITH_WORDS, |ui, _| caption(ui, "Height")),
        (WITH_HEIGHT, height),
        (0.0, |ui, view| {
            icon(ui, view, icons::ZOOM_OUT, &Action::ZoomOut);
        }),
        (0.0, |ui, view| {
            icon(ui, view, icons::ZOOM_IN, &Action::ZoomIn);
        }),
        (0.0, fit),
        (0.0, |ui, view| {
            icon(ui, view, icons::EXPORT, &Action::Export(Export::Timeline));
        }),
    ];
    let mut parts: Vec<_> = all
        .into_iter()
        .filter_map(|(least, part)| (room >= least).then_some(part))
        .collect();
    if ui.layout().prefer_right_to_left() {
        parts.reverse();
    }
    let is_open = view.log().is_some_and(|log| !log.is_empty());
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, 6.0);
    for part in parts {
        if is_open {
            part(ui, view);
        } else {
            ui.add_enabled_ui(false, |ui| part(ui, view));
        }
    }
    ui.spacing_mut().item_spacing.x = gap;
}

fn caption(ui: &mut Ui, words: &str) {
    let color = tokens(ui).text3;
    ui.label(text::small(words).color(color));
}

fn lanes(ui: &mut Ui, view: &View<'_>) {
    let look = view.look();
    // Streams are lanes of their own in the colors of their categories.
    let mut lanes = (look.grouping, look.stream_lanes);
    let choices = [
        ((Grouping::Category, false), "Category"),
        ((Grouping::Category, true), "Stream"),
        ((Grouping::Type, false), "Type"),
    ];
    if segments(ui, "Lanes", &mut lanes, &choices) {
        view.send(match lanes {
            (Grouping::Category, true) => Action::SetStreamLanes(true),
            (grouping, _) => Action::SetGrouping(grouping),
        });
    }
}

fn height(ui: &mut Ui, view: &View<'_>) {
    let mut height = view.look().height;
    let choices = [(Height::Linear, "Linear"), (Height::Log, "Log")];
    if segments(ui, "Height", &mut height, &choices) {
        view.send(Action::SetHeight(height));
    }
}

fn icon(ui: &mut Ui, view: &View<'_>, icon: Icon, action: &Action) {
    let row = row_of(action);
    let name = row.map_or("", |row| row.name);
    let key = row.and_then(|row| row.keys.first()).map_or("", |key| *key);
    if ui
        .add(button::icon_button(icon, name, key).small())
        .clicked()
    {
        view.send(action.clone());
    }
}

fn fit(ui: &mut Ui, view: &View<'_>) {
    let row = row_of(&Action::Fit);
    let key = row.and_then(|row| row.keys.first()).map_or("", |key| *key);
    let tip = Tip::new("")
        .sentence(row.map_or("", |row| row.help))
        .key(key);
    let fit = button::quiet("Fit").small().icon(icons::FIT).tip(tip);
    if ui.add(fit).clicked() {
        view.send(Action::Fit);
    }
}
