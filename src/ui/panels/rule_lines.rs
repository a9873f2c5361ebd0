//! The rules of a category as lines to be changed: a block for each event type, a line for each sentence.

use std::collections::BTreeMap;

use egui::{Id, ScrollArea, Ui};

use super::query_text::{Offers, state_paths};
use super::rule_words::{Names, offered, templates};
use super::shared::counted;
use crate::event::Position;
use crate::fold::Rules;
use crate::fold::rules::Sentence;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, ReducerEdit, RuleFacts, SeenField};

/// So many types are shown.
const MAX_BLOCKS: usize = 200;

/// A sentence as it is being written.
struct Line {
    id: u64,
    written: String,
    /// Why it is no sentence; empty where it is one, or nothing.
    problem: String,
}

/// An event type with its sentences.
struct Block {
    event_type: String,
    lines: Vec<Line>,
}

/// The lines of all categories that were looked at.
#[derive(Default)]
pub(super) struct RuleLines {
    revision: u64,
    blocks: BTreeMap<String, Vec<Block>>,
    n_lines: u64,
    offers: Offers,
    /// The type of the event at the playhead that was brought into view last.
    seen: Option<String>,
}

impl RuleLines {
    /// Shows the lines of the category of the stream shown.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let Some(stream) = view.workbench.stream_shown() else {
            return;
        };
        let category = log.category_of(stream).to_owned();
        let key = view.workbench.rule_facts_key();
        let facts = key.and_then(|key| view.workbench.answers.rule_facts.for_key(&key).fresh());
        let facts = facts.and_then(|facts| facts.as_ref().ok());
        self.refresh(view, log, (&category, facts));
        let mut blocks = self.blocks.remove(&category).unwrap_or_default();
        let mut is_changed = false;
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(ui, |ui| {
                heading_ui(ui, &category);
                for block in blocks.iter_mut().take(MAX_BLOCKS) {
                    is_changed |= self.block_ui(ui, view, block, (log, facts));
                }
                more_ui(ui, blocks.len());
                ui.add_space(8.0);
            });
        if is_changed && blocks.iter_mut().all(Block::is_right) {
            send(view, &category, &blocks);
        }
        self.blocks.insert(category, blocks);
    }

    /// Begins anew where the rules were not written here, and adds types that have become known.
    fn refresh(
        &mut self,
        view: &View<'_>,
        log: &EventLog,
        (category, facts): (&str, Option<&RuleFacts>),
    ) {
        let reducing = &view.workbench.reducing;
        if reducing.revision != self.revision {
            self.revision = reducing.revision;
            self.blocks.clear();
        }
        if !self.blocks.contains_key(category) {
            let rules = Rules::parse("", &reducing.text.rules).ok();
            let of_category = rules.iter().flat_map(|rules| rules.sentences_of(category));
            let blocks = of_category.map(|(event_type, sentences)| Block {
                event_type: event_type.to_owned(),
                lines: sentences
                    .iter()
                    .map(|one| self.line(one.to_string()))
                    .collect(),
            });
            // Lines are numbered while they are made, so they are made before they are kept.
            let blocks = blocks.collect::<Vec<_>>();
            self.blocks.insert(category.to_owned(), blocks);
        }
        let (Some(blocks), Some(facts)) = (self.blocks.get_mut(category), facts) else {
            return;
        };
        let types = facts.types.iter().take(MAX_BLOCKS);
        let order = types.map(|(id, _)| log.type_name(*id));
        let order: Vec<&str> = order.chain([Rules::ANY]).collect();
        for event_type in &order {
            if blocks.iter().all(|block| block.event_type != **event_type) {
                blocks.push(Block {
                    event_type: (*event_type).to_owned(),
                    lines: Vec::new(),
                });
            }
        }
        let place = |block: &Block| {
            let at = order.iter().position(|name| *name == block.event_type);
            at.unwrap_or(order.len())
        };
        blocks.sort_by_cached_key(place);
    }

    fn line(&mut self, written: String) -> Line {
        self.n_lines += 1;
        Line {
            id: self.n_lines,
            written,
            problem: String::new(),
        }
    }

    /// A type with its sentences; returns whether any is another one.
    fn block_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        block: &mut Block,
        (log, facts): (&EventLog, Option<&RuleFacts>),
    ) -> bool {
        let fact = facts.and_then(|facts| {
            let mut types = facts.types.iter();
            types.find(|(id, _)| log.type_name(*id) == block.event_type)
        });
        let fields = fact.and_then(|(id, _)| facts?.fields.get(id));
        let fields = fields.map_or(&[][..], Vec::as_slice);
        let is_here = type_here(view, log) == Some(block.event_type.as_str());
        // The rules of the event at hand are in view, unless others are being written.
        if is_here && fact.is_some() && self.seen.as_ref() != Some(&block.event_type) {
            if !ui.ctx().text_edit_focused() {
                ui.scroll_to_cursor(Some(egui::Align::Min));
            }
            self.seen = Some(block.event_type.clone());
        }
        let head = (fact.map(|(_, n)| *n), fields, is_here);
        let mut is_changed = self.head_ui(ui, block, head);
        let mut removed = None;
        for nr in 0..block.lines.len() {
            let name = format!("Sentence {} of {}", nr + 1, block.event_type);
            let Some(line) = block.lines.get_mut(nr) else {
                break;
            };
            let (changed, removes) = self.line_ui(ui, view, (line, &name), fields);
            is_changed |= changed;
            if removes {
                removed = Some(nr);
            }
        }
        if let Some(nr) = removed {
            block.lines.remove(nr);
            is_changed = true;
        }
        is_changed
    }

    /// The type's name and count, and the menu that adds a sentence.
    fn head_ui(
        &mut self,
        ui: &mut Ui,
        block: &mut Block,
        (count, fields, is_here): (Option<u64>, &[SeenField], bool),
    ) -> bool {
        let mut chosen = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.set_min_height(size::LIST_ROW);
            ui.add_space(size::SIDE);
            let t = tokens(ui);
            let is_any = block.event_type == Rules::ANY;
            let name = if is_any {
                "Any other type".into()
            } else {
                format::visible(&block.event_type)
            };
            let room = (ui.available_width() - 190.0).max(60.0);
            let words = text::shortened(ui.painter(), Face::Row, &name, room).into_owned();
            let color = if is_here { t.accent } else { t.text };
            ui.label(text::row(words).color(color));
            let n = count.map_or_else(String::new, format::count);
            ui.label(text::data_small(n).color(t.text3));
            let (verb, full) = if block.lines.is_empty() {
                ("Add a rule", format!("Add a rule for {name}"))
            } else {
                ("Add a sentence", format!("Add a sentence for {name}"))
            };
            let layout = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(layout, |ui| {
                ui.add_space(size::SIDE);
                let add = button::quiet(verb).small().icon(icons::ADD).name(&full);
                chosen = menu::menu_button(ui, add, |ui| template_ui(ui, fields)).1;
            });
        });
        let chosen = chosen.flatten();
        if let Some(written) = chosen {
            let line = self.line(written);
            block.lines.push(line);
            return true;
        }
        false
    }

    /// A sentence to be changed; returns whether it is another one, and whether it is to go.
    fn line_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (line, name): (&mut Line, &str),
        fields: &[SeenField],
    ) -> (bool, bool) {
        let id = Id::unique(("annals_rule_line", line.id));
        let cursor = self.offers.cursor(ui, id, &line.written);
        let offers = cursor.map_or_else(Vec::new, |cursor| {
            offered(&line.written, cursor, &names(view, fields))
        });
        let takes = self.offers.keys(ui, id, offers.len());
        let (mut is_changed, mut removes) = (false, false);
        let mut shown = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_space(2.0 * size::SIDE);
            let width = (ui.available_width() - size::BUTTON_SMALL - size::SIDE - 4.0).max(80.0);
            let field = Field::new(name)
                .hint("merge data")
                .data()
                .small()
                .wrong(!line.problem.is_empty())
                .width(width)
                .id(id);
            let output = field.show(ui, &mut line.written);
            is_changed = output.changed;
            shown = Some(output.response);
            let remove = format!("Remove {}", name.to_lowercase());
            let remove = button::icon_button(icons::CLOSE, &remove, "").small();
            removes = ui.add(remove).clicked();
        });
        let clicked = shown.and_then(|field| self.offers.show(ui, &field, &offers));
        if takes || clicked.is_some() {
            self.offers
                .take(ui, id, &mut line.written, &offers, clicked);
            is_changed = true;
        }
        if is_changed {
            line.problem = problem(&line.written);
        }
        if !line.problem.is_empty() {
            let margin = egui::Margin {
                left: 24,
                right: 12,
                top: 0,
                bottom: 4,
            };
            egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                let words = text::small(line.problem.as_str()).color(tokens(ui).err);
                ui.add(egui::Label::new(words).wrap());
            });
        }
        (is_changed, removes)
    }
}

impl Block {
    /// Whether all its lines are sentences, or empty.
    fn is_right(&mut self) -> bool {
        self.lines.iter().all(|line| line.problem.is_empty())
    }
}

/// The type of the event after which the state shown stands.
fn type_here<'a>(view: &View<'_>, log: &'a EventLog) -> Option<&'a str> {
    let key = view.workbench.state_key()?;
    let rank = usize::try_from(key.rank).ok()?;
    let position = log.events_of(key.stream).get(rank)?;
    Some(log.type_name(log.event_type(Position(*position))))
}

/// Why a text is no sentence; nothing is wrong with an empty one.
fn problem(written: &str) -> String {
    if written.trim().is_empty() {
        return String::new();
    }
    Sentence::parse(written).err().unwrap_or_default()
}

/// The fields that sentences can name: of payloads of the type, and of the state shown.
fn names(view: &View<'_>, fields: &[SeenField]) -> Names {
    let targets = state_paths(view, "");
    let of_data = fields.iter().map(|field| field.source.to_string());
    let of_state = targets.iter().map(|path| format!("state.{path}"));
    Names {
        sources: of_data.chain(of_state).collect(),
        targets,
    }
}

/// Asks for rules in which the category has these lines.
fn send(view: &View<'_>, category: &str, blocks: &[Block]) {
    let text = &view.workbench.reducing.text.rules;
    let mut rules = Rules::parse("", text).unwrap_or_else(|_| Rules::none(""));
    for block in blocks {
        let lines = block.lines.iter();
        let sentences = lines.filter_map(|line| Sentence::parse(&line.written).ok());
        rules = rules.with(category, &block.event_type, sentences.collect());
    }
    let edit = ReducerEdit::Rules(rules.to_string());
    view.send(Action::EditReducer(Box::new(edit)));
}

fn template_ui(ui: &mut Ui, fields: &[SeenField]) -> Option<String> {
    let mut chosen = None;
    for template in templates(fields) {
        if menu::item(ui, None, &template, "").clicked() {
            chosen = Some(template);
        }
    }
    menu::separator(ui);
    if menu::item(ui, None, "An empty line", "").clicked() {
        chosen = Some(String::new());
    }
    chosen
}

fn heading_ui(ui: &mut Ui, category: &str) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        let name = if category.is_empty() {
            "Rules of streams without a category".to_owned()
        } else {
            format!("Rules of {}", format::visible(category))
        };
        ui.label(text::rich(name, Face::Section).color(tokens(ui).text2));
    });
}

/// What is said of types that are not shown.
fn more_ui(ui: &mut Ui, n_blocks: usize) {
    let more = u64::try_from(n_blocks.saturating_sub(MAX_BLOCKS)).unwrap_or(0);
    if more > 0 {
        ui.horizontal(|ui| {
            ui.add_space(size::SIDE);
            let words = format!("{} more are not shown", counted(more, "type", "types"));
            ui.label(text::small(words).color(tokens(ui).text3));
        });
    }
}
