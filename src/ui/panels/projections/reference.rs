//! The words of the language of projections, beside the scripts that are written in it.

use egui::{Label, Rect, Role, ScrollArea, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::script_words::{Word, words};
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::section::section;

/// Width of the words; the sentences have the rest.
const WORD: f32 = 200.0;

/// The list of words, and what it is filtered by.
#[derive(Default)]
pub(super) struct Reference {
    filter: String,
}

impl Reference {
    /// Shows the words in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let area = ui.available_rect_before_wrap();
        ui.painter().rect_filled(area, 0.0, tokens(ui).panel);
        let margin = egui::Margin::symmetric(8, 8);
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            Field::filter("Filter words")
                .small()
                .show(ui, &mut self.filter);
        });
        let filter = self.filter.trim().to_lowercase();
        let fits = |word: &&Word| {
            let parts = [word.written, word.short, word.sentence];
            parts
                .iter()
                .any(|part| part.to_lowercase().contains(&filter))
        };
        let mut n_shown = 0;
        ScrollArea::vertical()
            .id_salt("reference")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (used, title) in &words().titles {
                    let all = words().all.iter().filter(|word| word.used == *used);
                    let found: Vec<&Word> = all.filter(fits).collect();
                    if found.is_empty() {
                        continue;
                    }
                    n_shown += found.len();
                    section(ui, title);
                    for word in found {
                        word_ui(ui, word);
                    }
                    ui.add_space(8.0);
                }
                if n_shown == 0 {
                    Empty::new("No word fits").show(ui);
                }
            });
        ui.advance_cursor_after_rect(area);
    }
}

fn word_ui(ui: &mut Ui, word: &Word) {
    let t = tokens(ui);
    let wide = (ui.available_width() - 2.0 * size::SIDE).max(60.0);
    let top = ui.cursor().min + vec2(size::SIDE, 0.0);
    let first = WORD.min(wide * 0.45);
    let part = |ui: &mut Ui, from: f32, width: f32, words: egui::RichText| {
        let place = Rect::from_min_size(top + vec2(from, 0.0), vec2(width, f32::INFINITY));
        let builder = UiBuilder::new()
            .id_salt((word.written, from.to_bits()))
            .max_rect(place);
        let mut part = ui.new_child(builder);
        part.add(Label::new(words).wrap());
        part.min_rect().height()
    };
    let name = text::rich(word.written, Face::Data).color(t.code_key);
    let said = text::rich(word.sentence, Face::Row).color(t.text2);
    let height = part(ui, 0.0, first - 12.0, name).max(part(ui, first, wide - first, said));
    let row = Rect::from_min_max(
        pos2(top.x - size::SIDE, top.y),
        pos2(top.x + wide + size::SIDE, top.y + height + 6.0),
    );
    let response = ui.interact(
        row,
        ui.make_persistent_id(word.written),
        egui::Sense::hover(),
    );
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::ListItem,
            true,
            format!("{}: {}", word.written, word.sentence),
        )
    });
    ui.advance_cursor_after_rect(row);
}
