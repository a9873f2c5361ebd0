//! Tooltips: a title, at most one sentence, at most one key.

use egui::{Response, Ui};

use super::kbd;
use crate::ui::theme::{Face, text, tokens};

/// What a tooltip says. It never repeats the label it belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tip<'a> {
    /// What this is, if the control does not say it.
    pub title: &'a str,
    /// One sentence more.
    pub sentence: &'a str,
    /// The key that does the same.
    pub key: &'a str,
}

impl<'a> Tip<'a> {
    /// A tooltip of a title only.
    #[must_use]
    pub const fn new(title: &'a str) -> Self {
        Self {
            title,
            sentence: "",
            key: "",
        }
    }

    /// Adds one sentence.
    #[must_use]
    pub const fn sentence(self, sentence: &'a str) -> Self {
        Self { sentence, ..self }
    }

    /// Adds the key that does the same, such as `Ctrl K`.
    #[must_use]
    pub const fn key(self, key: &'a str) -> Self {
        Self { key, ..self }
    }

    /// Is there nothing to say?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.title.is_empty() && self.sentence.is_empty() && self.key.is_empty()
    }

    /// Shows the tooltip when the pointer rests on the widget, also on one that is switched off.
    pub fn on(self, response: Response) -> Response {
        if self.is_empty() {
            return response;
        }
        response
            .on_hover_ui(|ui| self.ui(ui))
            .on_disabled_hover_ui(|ui| self.ui(ui))
    }

    /// The contents, for a tooltip that is placed by the caller.
    pub fn ui(self, ui: &mut Ui) {
        let t = tokens(ui);
        egui::Frame::NONE
            .inner_margin(egui::Margin::symmetric(6, 4))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = egui::vec2(12.0, 2.0);
                if !self.title.is_empty() || !self.key.is_empty() {
                    ui.horizontal(|ui| {
                        if !self.title.is_empty() {
                            ui.label(text::rich(self.title, Face::Button).color(t.text));
                        }
                        if !self.key.is_empty() {
                            kbd::key_cap(ui, self.key);
                        }
                    });
                }
                if !self.sentence.is_empty() {
                    let sentence = text::row(self.sentence).color(t.text2);
                    ui.label(sentence);
                }
            });
    }
}
