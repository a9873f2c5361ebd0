//! The causation chain: from the first known cause over the event at the playhead to its effects, a
//! card for each, with the time between them on the arrows.

use egui::{
    Align, CornerRadius, Painter, Rect, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::causes_state::{index_or_why, no_column, quiet};
use super::event_colors::EventColors;
use super::shared;
use crate::event::Position;
use crate::history::{Chain, ChainStep, EventLog, Link};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::focus_ring;
use crate::ui::widgets::swatch;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, CausesTab};

/// Room for an arrow with the time over it.
const ARROW: f32 = 42.0;

/// The chain of causes.
#[derive(Debug, Default)]
pub struct CausationPanel {
    /// The event whose card was brought into view.
    shown: Option<(u64, Position)>,
}

impl CausationPanel {
    /// Shows the chain in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(index) = index_or_why(ui, view) else {
            return;
        };
        if !index.has_causes() {
            no_column(ui, view, "Causation chain needs a causation column");
            return;
        }
        let (Some(log), Some(key)) = (view.log(), view.workbench.event_key()) else {
            return;
        };
        let answer = view.workbench.answers.travel.chain.for_key(&key);
        let is_fresh = answer.is_fresh();
        match answer.value() {
            None => quiet(ui, "Looking for causes…"),
            Some(Err(why)) => quiet(ui, why),
            Some(Ok(chain)) => {
                let here = (key.generation, key.position);
                let is_new = is_fresh && self.shown != Some(here);
                if is_new {
                    self.shown = Some(here);
                }
                cards(ui, view, (log, chain), is_new);
            }
        }
    }

    /// Shows the undertaking and the button that closes the tile, for the right end of its tab bar.
    pub fn tools_ui(ui: &mut Ui, view: &View<'_>) {
        let close = button::icon_button(icons::CLOSE, "Close causes", "").small();
        if ui.add(close).clicked() {
            view.send(Action::SetCauses(None));
        }
        let Some(key) = view.workbench.undertaking_key() else {
            return;
        };
        let id = format::id(&key.correlation);
        let tip = Tip::new("Correlation").sentence(&key.correlation);
        let name = format!("Correlation {}", key.correlation);
        let link = button::link(&id).small().name(&name).tip(tip);
        if ui.add(link).clicked() {
            view.send(Action::SetCauses(Some(CausesTab::Correlation)));
        }
        let color = tokens(ui).text3;
        ui.label(text::small("Correlation").color(color));
    }
}

fn cards(ui: &mut Ui, view: &View<'_>, (log, chain): (&EventLog, &Chain), scrolls: bool) {
    let [width, height] = size::CAUSE_CARD;
    let whole = ui.available_rect_before_wrap();
    let n = chain.steps.len();
    let needed = size::SIDE * 2.0 + n as f32 * width + n.saturating_sub(1) as f32 * ARROW;
    ScrollArea::horizontal()
        .id_salt("causation chain")
        .show(ui, |ui| {
            let size = vec2(needed.max(whole.width()), whole.height());
            let (area, list) = ui.allocate_exact_size(size, Sense::hover());
            list.widget_info(|| WidgetInfo::labeled(Role::List, true, "Causation chain"));
            let y = area.center().y;
            let mut left = area.left() + size::SIDE;
            for (nr, step) in chain.steps.iter().enumerate() {
                let card = Rect::from_min_size(pos2(left, y - height / 2.0), vec2(width, height));
                if nr > 0 {
                    arrow(ui.painter(), log, (chain, nr), (left - ARROW, y));
                }
                card_ui(ui, view, (log, step), (card, nr == chain.at));
                if nr == chain.at && scrolls {
                    ui.scroll_to_rect(card, Some(Align::Center));
                }
                left = card.right() + ARROW;
            }
        });
}

/// The event of a step, where it is one.
fn event_of(step: &ChainStep) -> Option<Position> {
    match step.link {
        Link::Event(position) => Some(position),
        Link::Command(_) | Link::Missing(_) => None,
    }
}

/// An arrow to the card `nr`, with the time since the one before it where both are known.
fn arrow(painter: &Painter, log: &EventLog, (chain, nr): (&Chain, usize), (left, y): (f32, f32)) {
    let t = tokens(painter);
    let line = Stroke::new(size::STROKE, t.text3);
    let (from, to) = (left + 4.0, left + ARROW - 4.0);
    painter.hline(from..=to, y, line);
    for dy in [-3.0, 3.0] {
        painter.line_segment([pos2(to - 4.0, y + dy), pos2(to, y)], line);
    }
    let time = |index: usize| {
        let event = chain.steps.get(index).and_then(event_of)?;
        log.time(event)
    };
    // A command has no time of its own: over it the time from event to event is written.
    let before = (0..nr).rev().find_map(time);
    let Some((before, now)) = before.zip(time(nr)) else {
        return;
    };
    let words = format::duration_short(now.0.saturating_sub(before.0));
    let place = Rect::from_min_size(pos2(left, y - 18.0), vec2(ARROW, 14.0));
    text::line(painter, place, Align::Center, Face::Plot, words, t.text3);
}

fn card_ui(
    ui: &Ui,
    view: &View<'_>,
    (log, step): (&EventLog, &ChainStep),
    (card, is_here): (Rect, bool),
) {
    let event = event_of(step);
    let id = ui.scope_id().with(("cause", event, &step_name(step)));
    let sense = if event.is_some() {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(card, id, sense);
    let name = spoken(log, step);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_here, &name));
    paint_card(
        ui.painter(),
        view,
        (log, step),
        (card, is_here, response.hovered()),
    );
    if response.clicked()
        && let Some(position) = event
    {
        view.send(Action::SelectEvent(position));
    }
    focus_ring::around(ui, &response, size::CORNER);
    match &step.link {
        Link::Event(_) => {}
        Link::Command(id) => {
            Tip::new(id)
                .sentence("Named as a cause; no event of this file carries this id")
                .on(response);
        }
        Link::Missing(id) => {
            Tip::new(id)
                .sentence("This event is not in this file")
                .on(response);
        }
    }
}

fn step_name(step: &ChainStep) -> String {
    match &step.link {
        Link::Event(position) => position.to_string(),
        Link::Command(id) | Link::Missing(id) => id.clone(),
    }
}

fn spoken(log: &EventLog, step: &ChainStep) -> String {
    match &step.link {
        Link::Event(position) => {
            let event_type = format::visible(log.type_name(log.event_type(*position)));
            let stream = format::visible(log.stream_name(log.stream(*position)));
            let version = shared::version(log.version(*position));
            format!("{event_type}, {stream} {version}")
        }
        Link::Command(id) => format!("command {}", format::visible(id)),
        Link::Missing(id) => format!("missing event {}", format::visible(id)),
    }
}

fn paint_card(
    painter: &Painter,
    view: &View<'_>,
    (log, step): (&EventLog, &ChainStep),
    (card, is_here, is_hovered): (Rect, bool, bool),
) {
    let t = tokens(painter);
    let corner = CornerRadius::same(size::CORNER);
    let event = event_of(step);
    let fill = match (is_here, is_hovered && event.is_some()) {
        (true, _) => t.accent_soft,
        (false, true) => t.control_hover,
        (false, false) if event.is_some() => t.control,
        (false, false) => t.panel,
    };
    painter.rect_filled(card, corner, fill);
    let border = if is_here { t.accent } else { t.line_strong };
    let line = Stroke::new(size::STROKE, border);
    if event.is_some() {
        painter.rect_stroke(card, corner, line, StrokeKind::Inside);
    } else {
        let inner = card.shrink(0.5);
        let corners = [
            inner.left_top(),
            inner.right_top(),
            inner.right_bottom(),
            inner.left_bottom(),
            inner.left_top(),
        ];
        let [dash, gap] = size::DASH_LINK;
        painter.extend(Shape::dashed_line(&corners, line, dash, gap));
    }
    let inside = card.shrink2(vec2(10.0, 5.0));
    let (upper, lower) = inside.split_top_bottom_at_y(inside.center().y);
    let (name, place, version, color) = match &step.link {
        Link::Event(position) => (
            log.type_name(log.event_type(*position)).to_owned(),
            log.stream_name(log.stream(*position)).to_owned(),
            shared::version(log.version(*position)),
            EventColors::of(view).event(t, log, *position, *position > view.look().playhead),
        ),
        Link::Command(id) => (id.clone(), "command".to_owned(), String::new(), t.text3),
        Link::Missing(id) => (
            id.clone(),
            "not in this file".to_owned(),
            String::new(),
            t.text3,
        ),
    };
    swatch::paint(painter, pos2(upper.left() + 5.0, upper.center().y), color);
    let mut rest = upper.with_min_x(upper.left() + 16.0);
    if step.others > 0 {
        let more = format!("+{}", step.others);
        let taken = text::line(painter, rest, Align::Max, Face::DataSmall, more, t.text3);
        rest.max.x = taken.left() - 4.0;
    }
    let name = format::visible(&name);
    let name = text::shortened(painter, Face::Button, &name, rest.width());
    text::line(painter, rest, Align::Min, Face::Button, name, t.text);
    let taken = text::line(
        painter,
        lower,
        Align::Max,
        Face::DataSmall,
        version,
        t.text2,
    );
    let rest = lower.with_max_x(taken.left().max(lower.left() + 40.0) - 4.0);
    let rest = if event.is_some() { rest } else { lower };
    let place = format::visible(&place);
    let place = text::shortened(painter, Face::DataSmall, &place, rest.width());
    text::line(painter, rest, Align::Min, Face::DataSmall, place, t.text2);
}
