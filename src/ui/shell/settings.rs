//! The settings: how the window looks, in which zone times are shown, and which key does what.

use egui::{
    Align, Context, Event, Key, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use super::dialog;
use super::keymap::Keymap;
use super::keys;
use crate::event::{Zone, zone_names};
use crate::settings::ThemeChoice;
use crate::ui::View;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::combo::{Choice, Combo};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::select::checkbox;
use crate::ui::widgets::{button, kbd, menu, segments};
use crate::ui::window::Facts;
use crate::workbench::{ACTIONS, Action, ActionRow, Setting, TEXT_SIZES};

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 720.0;
const TOP: f32 = 64.0;
/// Where the controls begin.
const CONTROLS: f32 = 200.0;
/// Height of a line of settings, and of the list of keys.
const LINE: f32 = 36.0;
const KEYS: f32 = 280.0;

/// How much memory results of a projection over time may take, in megabytes; what is beyond that is
/// thinned, and said.
const RESULTS: [(u32, &str); 6] = [
    (128, "128 MB"),
    (256, "256 MB"),
    (512, "512 MB"),
    (1024, "1 GB"),
    (2048, "2 GB"),
    (4096, "4 GB"),
];

/// The dialog while it is open.
#[derive(Default)]
pub struct SettingsDialog {
    /// The zone as it is being typed.
    zone: Option<String>,
    /// What the list of keys is limited to.
    filter: String,
    /// The action for which a key is waited for.
    asked: Option<&'static ActionRow>,
    /// A key that another action has.
    taken: Option<(&'static ActionRow, String)>,
}

impl SettingsDialog {
    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>, facts: &Facts<'_>) -> bool {
        let waited = self.asked.is_some();
        self.take_key(ctx, view, facts.keymap);
        let (closes, is_closed) = dialog::show(ctx, "settings", (WIDTH, TOP), |ui| {
            let is_closed = dialog::head_ui(ui, "Settings", "Close settings");
            let margin = egui::Margin::symmetric(16, 8);
            egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                self.look_ui(ui, view, facts);
                self.keys_ui(ui, view, facts.keymap);
            });
            is_closed
        });
        // Esc while a key is waited for ends the waiting.
        (closes && !waited) || is_closed
    }

    /// Whether the next key is one to be set.
    pub fn awaits_key(&self) -> bool {
        self.asked.is_some()
    }

    fn look_ui(&mut self, ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
        let settings = facts.settings;
        line_ui(ui, "Theme", |ui| {
            let mut theme = settings.theme;
            let choices = [
                (ThemeChoice::System, "As the system"),
                (ThemeChoice::Dark, "Dark"),
                (ThemeChoice::Light, "Light"),
            ];
            if segments::segments(ui, "Theme", &mut theme, &choices) {
                let dark = match theme {
                    ThemeChoice::System => None,
                    ThemeChoice::Dark => Some(true),
                    ThemeChoice::Light => Some(false),
                };
                view.send(Action::Set(Setting::Dark(dark)));
            }
        });
        line_ui(ui, "Size of everything", |ui| {
            let mut percent = settings.text_percent();
            let names = TEXT_SIZES.map(|size| format!("{size} %"));
            let choices: Vec<(u16, &str)> = TEXT_SIZES
                .into_iter()
                .zip(names.iter().map(String::as_str))
                .collect();
            if menu::dropdown(ui, "Size of everything", &mut percent, &choices) {
                view.send(Action::Set(Setting::TextSize(percent)));
            }
        });
        let ticks = [
            ("More contrast", settings.more_contrast),
            ("Less motion", settings.less_motion),
            (
                "Fold, frame and memory in the status bar",
                settings.shows_figures,
            ),
        ];
        for (nr, (name, is_on)) in ticks.into_iter().enumerate() {
            line_ui(ui, "", |ui| {
                if checkbox(ui, is_on, name).clicked() {
                    view.send(Action::Set(match nr {
                        0 => Setting::MoreContrast(!is_on),
                        1 => Setting::LessMotion(!is_on),
                        _ => Setting::Figures(!is_on),
                    }));
                }
            });
        }
        line_ui(ui, "Time zone", |ui| self.zone_ui(ui, view));
        line_ui(ui, "Memory for results", |ui| {
            let mut megabytes = settings.results_mb();
            if menu::dropdown(ui, "Memory for results", &mut megabytes, &RESULTS) {
                view.send(Action::Set(Setting::ResultsMemory(megabytes)));
            }
        });
    }

    fn zone_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let now = view.look().zone;
        let text = self.zone.get_or_insert_with(|| now.name());
        let names = zone_names();
        let needle = text.to_lowercase();
        let is_whole = Zone::parse(text).is_some();
        let fits = |name: &&str| is_whole || name.to_lowercase().contains(&needle);
        let choices: Vec<Choice<'_>> = names
            .iter()
            .copied()
            .filter(fits)
            .map(|name| Choice {
                text: name,
                label: "",
                note: "",
            })
            .collect();
        let (place, _) = ui.allocate_exact_size(vec2(280.0, size::BUTTON_SMALL), Sense::hover());
        let combo = Combo::new("Time zone", &choices).hint("UTC, local or Europe/Paris");
        if combo.wrong(!is_whole).show(ui, place, text)
            && let Some(zone) = Zone::parse(text.trim())
        {
            view.send(Action::Set(Setting::Zone(zone)));
        }
    }

    fn keys_ui(&mut self, ui: &mut Ui, view: &View<'_>, keymap: &Keymap) {
        let t = tokens(ui);
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let words = ui.label(text::rich("Keys", Face::BodyStrong).color(t.text));
            words.widget_info(|| WidgetInfo::labeled(Role::Heading, true, "Keys"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let all = button::quiet("Reset all keys").small();
                if ui
                    .add(all.enabled(!keymap.own().is_empty(), "No key was changed"))
                    .clicked()
                {
                    view.send(Action::Set(Setting::ResetKeys));
                }
                Field::search("Find a command")
                    .hint("Find a command or key")
                    .small()
                    .width(200.0)
                    .show(ui, &mut self.filter);
            });
        });
        self.taken_ui(ui, view);
        let needle = self.filter.to_lowercase();
        let fits = |row: &&ActionRow| {
            let keys = keymap.keys(row).join(" ");
            format!("{} {} {keys}", row.name, row.help)
                .to_lowercase()
                .contains(&needle)
        };
        let rows: Vec<&'static ActionRow> = ACTIONS.iter().filter(fits).collect();
        ui.add_space(4.0);
        ScrollArea::vertical()
            .max_height(KEYS)
            .min_scrolled_height(KEYS)
            .auto_shrink([false, false])
            .show_rows(ui, size::LIST_ROW, rows.len(), |ui, range| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for row in rows.get(range).unwrap_or_default() {
                    self.row_ui(ui, view, keymap, row);
                }
            });
    }

    /// That a key is taken already, and what may be done about it.
    fn taken_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some((row, key)) = self.taken.clone() else {
            return;
        };
        let Some(other) = view.keys.taken_by(&key, row) else {
            self.taken = None;
            return;
        };
        let words = format!("{key} is {} already", other.name);
        ui.horizontal(|ui| {
            let label = ui.label(text::small(words.as_str()).color(tokens(ui).warn));
            label.widget_info(|| WidgetInfo::labeled(Role::Status, true, words.as_str()));
            let take = format!("Use it for {}", row.name);
            if ui.add(button::normal(&take).small()).clicked() {
                view.send(Action::Set(Setting::Key(row.name, key.clone())));
                self.taken = None;
            }
            if ui.add(button::quiet("Leave it").small()).clicked() {
                self.taken = None;
            }
        });
    }

    fn row_ui(&mut self, ui: &mut Ui, view: &View<'_>, keymap: &Keymap, row: &'static ActionRow) {
        let t = tokens(ui);
        let is_asked = self.asked.is_some_and(|asked| asked.name == row.name);
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::LIST_ROW), Sense::hover());
        let keys = keymap.keys(row);
        let said = format!("{}, {}", row.name, keys.join(" or "));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.as_str()));
        let line = Stroke::new(size::STROKE, t.line);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
        text::line(ui.painter(), rect, Align::Min, Face::Row, row.name, t.text);
        let mut left = rect.left() + CONTROLS;
        if is_asked {
            let place = rect.with_min_x(left);
            let words = "Press a key, Esc leaves it as it is";
            text::line(ui.painter(), place, Align::Min, Face::Row, words, t.accent);
        } else {
            for key in keys {
                let at = pos2(left, rect.center().y);
                left = kbd::paint(ui.painter(), at, key, kbd::plain(ui)).right() + 6.0;
            }
        }
        let mut right = ui.new_child(
            egui::UiBuilder::new()
                .id_salt(row.name)
                .max_rect(Rect::from_min_max(
                    pos2(rect.right() - 200.0, rect.top()),
                    rect.max,
                ))
                .layout(Layout::right_to_left(Align::Center)),
        );
        let change = format!("Change the key of {}", row.name);
        let button = button::quiet("Change").small().name(&change);
        if right.add(button).clicked() {
            self.asked = Some(row);
            self.taken = None;
        }
        if keymap.is_own(row) {
            let reset = format!("Reset the key of {}", row.name);
            if right
                .add(button::quiet("Reset").small().name(&reset))
                .clicked()
            {
                view.send(Action::Set(Setting::ResetKey(row.name)));
            }
        }
    }

    /// Takes the key that is waited for; it does nothing else in this frame.
    fn take_key(&mut self, ctx: &Context, view: &View<'_>, keymap: &Keymap) {
        let Some(row) = self.asked else {
            return;
        };
        let is_escape = ctx.input(|input| input.key_pressed(Key::Escape));
        let pressed = keys::pressed(ctx);
        ctx.input_mut(|input| {
            let is_key = |event: &Event| matches!(event, Event::Key { .. } | Event::Text(_));
            input.events.retain(|event| !is_key(event));
        });
        if is_escape {
            self.asked = None;
        } else if let Some(key) = pressed {
            self.asked = None;
            if keymap.taken_by(&key, row).is_some() {
                self.taken = Some((row, key));
            } else {
                view.send(Action::Set(Setting::Key(row.name, key)));
            }
        }
    }
}

/// A line: its name, and the control.
fn line_ui(ui: &mut Ui, name: &str, control: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    let row = vec2(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(CONTROLS, LINE), Sense::hover());
        text::line(ui.painter(), rect, Align::Min, Face::Row, name, t.text2);
        control(ui);
    });
}
