//! Facets beside the types: the values of a key of the metadata with their counts; a click filters.

use egui::{Align, Key, Rect, Ui, pos2, vec2};

use super::shared::{counted, pressed, walked};
use crate::query::{Facet, has_clause};
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::menu::{self, dropdown};
use crate::ui::widgets::meter;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, ColorBy};

/// With so much room the choice of what gives events their color stands here; it is in the palette too.
const WITH_COLORS: f32 = 150.0;

/// The list of the values of a facet.
#[derive(Default)]
pub struct FacetsPanel {
    rows: VirtualRows,
    /// The row that the keys start from.
    at: Option<u64>,
}

/// The facet that is chosen, and all there are; `None` where the types are shown.
fn chosen<'a>(view: &View<'a>) -> Option<(&'a str, &'a [Facet])> {
    let key = view.look().facet.as_deref()?;
    let known = view.workbench.answers.facets.latest();
    Some((key, known.map_or(&[], Vec::as_slice)))
}

/// In a large history: the button that has its metadata counted, and how far that has come.
fn count_ui(ui: &mut Ui, view: &View<'_>) {
    let bench = view.workbench;
    let is_known = bench.answers.facets.for_key(&bench.generation).is_fresh();
    let is_open = view.history().is_some_and(|history| history.is_complete);
    if is_known || !is_open {
        return;
    }
    if bench.answers.facets.is_asked() {
        ui.label(text::small("Counting…").color(tokens(ui).text3));
        return;
    }
    let tip = Tip::new("Group by metadata")
        .sentence("Reads all events once, to group them by user, tenant and the like.");
    if ui.add(button::quiet("Group by").small().tip(tip)).clicked() {
        view.send(Action::CountFacets);
    }
}

/// What gives events their color; in the timeline of one stream always their type.
fn color_by_ui(ui: &mut Ui, view: &View<'_>) {
    if view.workbench.travelled().is_some() {
        return;
    }
    let by = view.look().colors.by;
    let choices = [
        (ColorBy::Category, "category", "Color by category"),
        (ColorBy::Type, "type", "Color by type"),
    ];
    let now = choices.iter().find(|(choice, ..)| *choice == by);
    let (label, name) = now.map_or(("", ""), |(_, label, name)| (*label, *name));
    // The whole name where no facets stand beside it.
    let facets = view.workbench.answers.facets.latest();
    let label = if facets.is_none_or(Vec::is_empty) {
        name
    } else {
        label
    };
    let button = button::quiet(label).small().caret().name(name);
    menu::menu_button(ui, button, |ui| {
        for (choice, _, name) in choices {
            if menu::choice_item(ui, choice == by, name).clicked() {
                view.send(Action::SetColorBy(choice));
            }
        }
    });
}

impl FacetsPanel {
    /// The choice between types and facets, for the right end of the tab bar; nothing where there is
    /// no facet. In a large history first what counts them. With types, what gives them their color, where
    /// there is `room` for it, in points.
    pub fn tools_ui(ui: &mut Ui, view: &View<'_>, room: f32) {
        let has_room = room >= WITH_COLORS;
        if has_room && view.look().facet.is_none() && view.log().is_some_and(|log| !log.is_empty())
        {
            color_by_ui(ui, view);
        }
        Self::facet_ui(ui, view);
    }

    fn facet_ui(ui: &mut Ui, view: &View<'_>) {
        let facets = view.workbench.answers.facets.latest();
        let facets = facets.map_or(&[][..], Vec::as_slice);
        if facets.is_empty() {
            return count_ui(ui, view);
        }
        let chosen = view.look().facet.as_deref();
        let mut at = facets
            .iter()
            .position(|facet| Some(facet.key.as_str()) == chosen);
        let names: Vec<(Option<usize>, String)> = std::iter::once((None, "Types".to_owned()))
            .chain(facets.iter().enumerate().map(|(nr, facet)| {
                let name = text::fitting(&facet.key, 120.0).into_owned();
                (Some(nr), format::visible(&name).into_owned())
            }))
            .collect();
        let choices: Vec<(Option<usize>, &str)> = names
            .iter()
            .map(|(nr, name)| (*nr, name.as_str()))
            .collect();
        if dropdown(ui, "Facet", &mut at, &choices) {
            let key = at.and_then(|at| facets.get(at));
            view.send(Action::ShowFacet(key.map(|facet| facet.key.clone())));
        }
    }

    /// Shows the values of the facet chosen in all the space there is; returns whether one is chosen.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) -> bool {
        let Some((key, facets)) = chosen(view) else {
            return false;
        };
        let Some(facet) = facets.iter().find(|facet| facet.key == key) else {
            Empty::new("No such key")
                .why("The metadata of this file do not hold it.")
                .show(ui);
            return true;
        };
        self.values_ui(ui, view, facet);
        true
    }

    fn values_ui(&mut self, ui: &mut Ui, view: &View<'_>, facet: &Facet) {
        let in_force = &view.look().filter;
        let find = |row: u64| {
            let row = usize::try_from(row).ok()?;
            facet.values.get(row)
        };
        let is_selected = |row: u64| {
            find(row).is_some_and(|(value, _)| has_clause(in_force, &facet.clause(value)))
        };
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |(value, count)| {
                format!("{value}, {}", counted(*count, "event", "events"))
            })
        };
        let n_rows = facet.values.len() as u64;
        let greatest = facet.values.iter().map(|(_, count)| *count).max();
        let list = RowList::new("Facet values", n_rows)
            .selected_where(&is_selected)
            .focused(self.at)
            .label(&label);
        ui.add_space(4.0);
        let output = self.rows.show(ui, &list, |row| {
            if let Some((value, count)) = find(row.nr) {
                paint(row, value, *count, greatest.unwrap_or(1));
            }
        });
        let toggle = |row: u64| {
            if let Some((value, _)) = find(row) {
                view.send(Action::ShowOnly(facet.clause(value)));
            }
        };
        let clicked = output.clicked.map(|click| click.row);
        clicked.into_iter().for_each(toggle);
        self.at = clicked.or(self.at);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.at, n_rows, self.rows.page()) {
                self.at = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                self.at.into_iter().for_each(toggle);
            }
        }
    }
}

fn paint(row: &Row<'_>, value: &str, count: u64, greatest: u64) {
    let t = tokens(&*row.ui);
    let (painter, rect) = (row.ui.painter(), row.rect);
    let [width, height] = size::SPARKLINE;
    let center = pos2(
        rect.right() - size::TOOL_SIDE - width / 2.0,
        rect.center().y,
    );
    let bar = Rect::from_center_size(center, vec2(width, height));
    let place = Rect::from_min_max(rect.min, pos2(bar.left() - 8.0, rect.bottom()));
    let number = format::count(count);
    let taken = text::line(painter, place, Align::Max, Face::DataSmall, number, t.text3);
    let words = Rect::from_min_max(
        pos2(rect.left() + size::SIDE, rect.top()),
        pos2(taken.left() - 8.0, rect.bottom()),
    );
    let shown = text::fitting(value, words.width()).into_owned();
    let shown = format::visible(&shown).into_owned();
    text::line(painter, words, Align::Min, Face::Row, shown, t.text);
    meter::paint(painter, bar, count as f32 / greatest.max(1) as f32, t.text3);
}
