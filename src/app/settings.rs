//! What the user sets for the whole program, put into force and kept.

use crate::event::Zone;
use crate::settings::ThemeChoice;
use crate::ui::shell::keymap::Keymap;
use crate::ui::theme::{Choices, install_with};
use crate::workbench::{ACTIONS, ActionRow, Setting, next_size};

use super::app::App;

impl App {
    /// Changes a setting.
    pub(super) fn set(&mut self, setting: Setting, ctx: &egui::Context) {
        let settings = &mut self.settings;
        match setting {
            Setting::Dark(dark) => {
                settings.theme = match dark {
                    None => ThemeChoice::System,
                    Some(true) => ThemeChoice::Dark,
                    Some(false) => ThemeChoice::Light,
                };
            }
            Setting::TextSize(percent) => settings.text_percent = percent,
            Setting::Larger(up) => {
                settings.text_percent = next_size(settings.text_percent(), up);
            }
            Setting::LessMotion(is_less) => settings.less_motion = is_less,
            Setting::MoreContrast(is_more) => settings.more_contrast = is_more,
            Setting::Zone(zone) => self.set_zone(zone, true),
            Setting::ResultsMemory(megabytes) => settings.results_mb = megabytes,
            Setting::Figures(are_shown) => settings.shows_figures = are_shown,
            Setting::Key(name, key) => self.change_keys(name, |map, row| map.set(row, &key)),
            Setting::ResetKey(name) => self.change_keys(name, |map, row| map.reset(row)),
            Setting::ResetKeys => {
                self.keymap.reset_all();
                self.settings.keys = self.keymap.own();
            }
        }
        self.show_theme(ctx);
        self.keep_settings();
    }

    fn change_keys(&mut self, name: &str, change: impl FnOnce(&mut Keymap, &'static ActionRow)) {
        if let Some(row) = ACTIONS.iter().find(|row| row.name == name) {
            change(&mut self.keymap, row);
            self.settings.keys = self.keymap.own();
        }
    }

    /// Shows times in this zone; where it `is_chosen` in the settings, also the next time.
    pub(super) fn set_zone(&mut self, zone: Zone, is_chosen: bool) {
        self.workbench
            .change("zone", self.now, |look| look.zone = zone);
        let named = Zone::parse(&self.settings.zone);
        let keeps_name = matches!(named, Some(Zone::Named(_))) && !is_chosen;
        if !keeps_name {
            self.settings.zone = zone.name();
        }
        self.keep_settings();
    }

    /// The next of UTC, local time, and the zone that the settings name.
    pub(super) fn toggle_zone(&mut self) {
        let named = Zone::parse(&self.settings.zone).unwrap_or_default();
        let zone = match (self.workbench.look().zone, named) {
            (Zone::Utc, _) => Zone::Local,
            (Zone::Local, Zone::Named(_)) => named,
            (Zone::Local | Zone::Named(_), _) => Zone::Utc,
        };
        self.set_zone(zone, false);
    }

    /// Shows the theme, the contrast, the motion and the size that the settings name.
    pub fn show_theme(&self, ctx: &egui::Context) {
        ctx.set_theme(match self.settings.theme {
            ThemeChoice::System => egui::ThemePreference::System,
            ThemeChoice::Dark => egui::ThemePreference::Dark,
            ThemeChoice::Light => egui::ThemePreference::Light,
        });
        let choices = Choices {
            more_contrast: self.settings.more_contrast,
            less_motion: self.settings.less_motion,
        };
        install_with(ctx, choices);
        // The keys for it are ours, so that they can be changed and the size is kept.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        ctx.set_zoom_factor(f32::from(self.settings.text_percent()) / 100.0);
    }

    /// Dark and light in turn.
    pub(super) fn cycle_theme(&mut self, ctx: &egui::Context) {
        self.settings.theme = match self.settings.theme {
            ThemeChoice::System if ctx.global_style().visuals.dark_mode => ThemeChoice::Light,
            ThemeChoice::System | ThemeChoice::Light => ThemeChoice::Dark,
            ThemeChoice::Dark => ThemeChoice::Light,
        };
        self.show_theme(ctx);
        self.keep_settings();
    }
}

/// Uses all of the screen, or a window again.
pub(super) fn toggle_full_screen(ctx: &egui::Context) {
    let is_full = ctx
        .input(|input| input.viewport().fullscreen)
        .unwrap_or(false);
    ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
}
