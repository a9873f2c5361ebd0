//! Which undertaking is shown: its correlation with a list of all others that can be filtered, and the ones
//! that began before and after it.

use std::sync::Arc;

use egui::{Align, Key, Popup, PopupCloseBehavior, Rect, Ui, pos2, vec2};

use super::sieve::Sieve;
use super::undertakings::{known, say};
use crate::event::Position;
use crate::history::{EventLog, UndertakingLine, Undertakings};
use crate::ui::View;
use crate::ui::panels::{shared, tile};
use crate::ui::theme::icons::Icon;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::Action;

/// The size of the list.
const LIST: [f32; 2] = [420.0, 288.0];

/// The list of correlations, and what of it is shown.
#[derive(Default)]
pub(super) struct Chooser {
    rows: VirtualRows,
    filter: String,
    shown: Vec<u32>,
    shown_of: Option<(u64, usize, String)>,
    at: Option<u64>,
    was_open: bool,
}

impl Chooser {
    /// Shows the choice; `correlation` is the one whose undertaking is shown.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, correlation: &str) {
        let (Some(log), known) = (view.log(), known(view)) else {
            return;
        };
        let shown = format::id(correlation);
        let tip = Tip::new("Correlation").sentence(correlation);
        let name = format!("Correlation {correlation}");
        let button = button::normal(&shown).small().caret().name(&name).tip(tip);
        let response = ui.add(button);
        let popup = Popup::menu(&response)
            .width(LIST[0])
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let is_open = popup.is_open();
        popup.show(|ui| match &known {
            Some(known) => self.list_ui(ui, view, (log, known), correlation),
            None => {
                ui.label(text::row("Gathering correlations\u{2026}").color(tokens(ui).text3));
            }
        });
        self.was_open = is_open;
        let places = known.as_deref().map(|known| beside(known, correlation));
        let [before, after] = places.unwrap_or_default();
        ui.spacing_mut().item_spacing.x = 2.0;
        step_ui(
            ui,
            view,
            (icons::PREVIOUS.outline(), "Previous correlation"),
            before,
        );
        step_ui(ui, view, (icons::NEXT.outline(), "Next correlation"), after);
        ui.spacing_mut().item_spacing.x = 8.0;
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (log, known): (&EventLog, &Arc<Undertakings>),
        correlation: &str,
    ) {
        let (all, _) = ui.allocate_exact_size(vec2(LIST[0], LIST[1]), egui::Sense::hover());
        let mut inside = tile::part(ui, all, "correlations to choose");
        let ui = &mut inside;
        let field = Field::search("Find a correlation")
            .hint("Find, such as order events>20")
            .show(ui, &mut self.filter);
        if !self.was_open {
            field.response.request_focus();
        }
        let sieve = Sieve::read(&self.filter);
        if let Ok(sieve) = &sieve {
            self.refresh(view, log, known, sieve);
        }
        let said = match &sieve {
            Err(why) => why.clone(),
            Ok(_) => shared::counted(self.shown.len() as u64, "correlation", "correlations"),
        };
        ui.label(text::small(said).color(tokens(ui).text3));
        let find = |row: u64| {
            let nr = *self.shown.get(usize::try_from(row).ok()?)?;
            known.lines.get(nr as usize)
        };
        let label =
            |row: u64, _: RowState| find(row).map_or_else(String::new, |line| say(log, line));
        let is_here = |row: u64| find(row).is_some_and(|line| &*line.correlation == correlation);
        let n_rows = self.shown.len() as u64;
        let list = RowList::new("Correlations to choose", n_rows)
            .selected_where(&is_here)
            .focused(self.at)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(line) = find(row.nr) {
                paint(row, log, line);
            }
        });
        let mut chosen = output.clicked.map(|click| click.row);
        if output.response.has_focus() {
            if let Some(to) = shared::walked(ui, self.at, n_rows, self.rows.page()) {
                self.at = Some(to);
                self.rows.scroll_to(to);
            }
            if shared::pressed(ui, Key::Enter) {
                chosen = self.at;
            }
        }
        // Enter in the field takes the first that is found.
        if field.submitted {
            chosen = chosen.or_else(|| (n_rows > 0).then_some(0));
        }
        if let Some(line) = chosen.and_then(find) {
            view.send(Action::ShowGraphOf(line.first));
            ui.close();
        }
    }

    fn refresh(&mut self, view: &View<'_>, log: &EventLog, known: &Undertakings, sieve: &Sieve) {
        let key = (
            view.workbench.generation,
            known.lines.len(),
            self.filter.clone(),
        );
        if self.shown_of.as_ref() == Some(&key) {
            return;
        }
        let lines = (0_u32..).zip(&known.lines);
        let fits = lines.filter(|(_, line)| sieve.fits(log, line));
        self.shown = fits.map(|(nr, _)| nr).collect();
        self.shown_of = Some(key);
        self.at = None;
        self.rows.scroll_to_top(0);
    }
}

/// The first events of the undertakings that began before and after one.
fn beside(known: &Undertakings, correlation: &str) -> [Option<Position>; 2] {
    let mut lines = known.lines.iter();
    let here = lines.find(|line| &*line.correlation == correlation);
    let Some(here) = here.map(|line| line.first) else {
        return [None; 2];
    };
    let firsts = || known.lines.iter().map(|line| line.first);
    [
        firsts().filter(|first| *first < here).max(),
        firsts().filter(|first| *first > here).min(),
    ]
}

fn step_ui(ui: &mut Ui, view: &View<'_>, (icon, name): (Icon, &str), to: Option<Position>) {
    let button = button::icon_button(icon, name, "").small();
    let button = button.enabled(to.is_some(), "There is none by its beginning");
    if ui.add(button).clicked()
        && let Some(to) = to
    {
        view.send(Action::ShowGraphOf(to));
    }
}

fn paint(row: &Row<'_>, log: &EventLog, line: &UndertakingLine) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
    let n = format::count(u64::from(line.n_events));
    let taken = text::line(painter, inside, Align::Max, Face::DataSmall, n, t.text3);
    let id = format::id(&line.correlation).into_owned();
    text::line(painter, inside, Align::Min, Face::Data, id, t.accent);
    let cut = |from: f32, to: f32| {
        let left = pos2(inside.left() + from, inside.top());
        let right = (inside.left() + to).min(taken.left() - 8.0);
        Rect::from_min_max(left, pos2(right, inside.bottom()))
    };
    let first = format::visible(log.type_name(log.event_type(line.first))).into_owned();
    text::line(
        painter,
        cut(124.0, 246.0),
        Align::Min,
        Face::Row,
        first,
        t.text,
    );
    let main = format::visible(log.stream_name(line.main)).into_owned();
    text::line(
        painter,
        cut(254.0, 380.0),
        Align::Min,
        Face::Data,
        main,
        t.text2,
    );
}
