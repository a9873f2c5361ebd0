//! The sidebar below: all event types with their counts; a click brings a type out.

use std::collections::HashMap;

use egui::{Align, Key, Rect, Ui, pos2, vec2};

use super::color_choice::{Choice, colors_ui};
use super::event_colors::EventColors;
use super::shared::{categories_of_types, counted, pressed, walked};
use crate::event::{CategoryId, Position, StreamId, TypeId};
use crate::history::EventLog;
use crate::query::clause;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::{menu, meter};
use crate::workbench::{Action, ColorOf};

/// A type in the list.
#[derive(Clone, Copy, Debug)]
struct Listed {
    id: TypeId,
    /// The category of its first event, whose color it wears where it has none of its own.
    category: Option<CategoryId>,
    /// How many events there are of it, in the whole history or in the stream shown.
    n_events: u64,
}

/// The list of types.
#[derive(Default)]
pub struct TypesPanel {
    rows: VirtualRows,
    known: Option<(u64, Option<StreamId>)>,
    /// The types by count, or those of the stream whose timeline is shown in the order of their first
    /// event.
    types: Vec<Listed>,
    /// The row that the keys start from.
    at: Option<u64>,
}

impl TypesPanel {
    /// How many types are listed.
    pub fn n_types(&self) -> usize {
        self.types.len()
    }

    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log().filter(|log| !log.is_empty()) else {
            Empty::new("No event types").show(ui);
            return;
        };
        let shown = (view.workbench.generation, view.workbench.travelled());
        if self.known != Some(shown) {
            self.types = match shown.1 {
                Some(stream) => of_stream(log, stream),
                None => by_count(log),
            };
            self.known = Some(shown);
            self.at = None;
        }
        let chosen = view.look().selection.event_type;
        let chosen_row = self.types.iter().position(|one| Some(one.id) == chosen);
        let chosen_row = chosen_row.and_then(|row| u64::try_from(row).ok());
        let at = self.at.or(chosen_row);
        let types = &self.types;
        let find = |row: u64| {
            usize::try_from(row)
                .ok()
                .and_then(|row| types.get(row))
                .copied()
        };
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, |one| say(log, one));
        let is_selected = |row: u64| Some(row) == chosen_row;
        let n_rows = u64::try_from(types.len()).unwrap_or(0);
        let colors = EventColors::of(view);
        let greatest = types.iter().map(|one| one.n_events).max().unwrap_or(0);
        let list = RowList::new("Types", n_rows)
            .selected_where(&is_selected)
            .focused(at)
            .label(&label);
        ui.add_space(4.0);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(found) = find(row.nr) {
                paint(row, log, found, greatest);
                color_ui(row, view, (log, &colors), found);
            }
        });
        let toggle = |row: u64| {
            if let Some(Listed { id, .. }) = find(row) {
                view.send(Action::SelectType((chosen != Some(id)).then_some(id)));
            }
        };
        let clicked = output.clicked.map(|click| click.row);
        clicked.into_iter().for_each(toggle);
        self.at = clicked.or(self.at);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, at, n_rows, self.rows.page()) {
                self.at = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                at.into_iter().for_each(toggle);
            }
        }
    }
}

/// All types, the most frequent first.
fn by_count(log: &EventLog) -> Vec<Listed> {
    let categories = categories_of_types(log);
    let listed = |(id, category): (TypeId, Option<CategoryId>)| Listed {
        id,
        category,
        n_events: log.type_counts().get(id.index()).copied().unwrap_or(0),
    };
    let mut types: Vec<_> = (0..).map(TypeId).zip(categories).map(listed).collect();
    types.sort_by(|a, b| {
        let by_count = b.n_events.cmp(&a.n_events);
        by_count.then_with(|| log.type_name(a.id).cmp(log.type_name(b.id)))
    });
    types
}

/// The types of a stream in the order of their first event.
fn of_stream(log: &EventLog, stream: StreamId) -> Vec<Listed> {
    let mut places: HashMap<TypeId, usize> = HashMap::new();
    let mut types: Vec<Listed> = Vec::new();
    for at in log.events_of(stream) {
        let id = log.event_type(Position(*at));
        let place = *places.entry(id).or_insert_with(|| {
            types.push(Listed {
                id,
                category: None,
                n_events: 0,
            });
            types.len() - 1
        });
        if let Some(listed) = types.get_mut(place) {
            listed.n_events += 1;
        }
    }
    types
}

fn paint(row: &Row<'_>, log: &EventLog, Listed { id, n_events, .. }: Listed, greatest: u64) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let rect = row.rect;
    let [width, height] = size::SPARKLINE;
    let bar = Rect::from_center_size(
        pos2(
            rect.right() - size::TOOL_SIDE - width / 2.0,
            rect.center().y,
        ),
        vec2(width, height),
    );
    let count = Rect::from_min_max(rect.min, pos2(bar.left() - 8.0, rect.bottom()));
    let taken = text::line(
        painter,
        count,
        Align::Max,
        Face::DataSmall,
        format::count(n_events),
        t.text3,
    );
    let words = Rect::from_min_max(
        pos2(
            rect.left() + size::SIDE + size::SWATCH + size::ICON_GAP,
            rect.top(),
        ),
        pos2(taken.left() - 8.0, rect.bottom()),
    );
    text::line(
        painter,
        words,
        Align::Min,
        Face::Row,
        text::shortened(
            painter,
            Face::Row,
            &format::visible(log.type_name(id)),
            words.width(),
        ),
        t.text,
    );
    meter::paint(
        painter,
        bar,
        n_events as f32 / greatest.max(1) as f32,
        t.text3,
    );
}

/// The swatch, at which a color is chosen.
fn color_ui(row: &Row<'_>, view: &View<'_>, (log, colors): (&EventLog, &EventColors), one: Listed) {
    let by_category = || {
        let category = one.category?;
        Some(colors.category(log, category))
    };
    let nr = colors.nr_of(log, one.id).or_else(by_category);
    let name = log.type_name(one.id);
    let center = pos2(
        row.rect.left() + size::SIDE + size::SWATCH / 2.0,
        row.rect.center().y,
    );
    let choice = Choice {
        id: row.response.id,
        of: ColorOf::Type(one.id),
        name,
        nr: nr.unwrap_or(usize::MAX),
        only: clause("type", name),
    };
    choice.swatch_ui(row.ui, view, center);
    row.response.context_menu(|ui| {
        if menu::item(ui, None, "Show only this", "").clicked() {
            view.send(Action::ToggleClause(choice.only.clone()));
        }
        menu::separator(ui);
        colors_ui(ui, view, choice.of, name);
    });
}

fn say(log: &EventLog, listed: Listed) -> String {
    let events = counted(listed.n_events, "event", "events");
    format!("{}, {events}", log.type_name(listed.id))
}
