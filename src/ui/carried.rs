//! What is dragged from one panel to another, and what becomes of it where it is let go.
//!
//! A list says what of it is dragged ([`take`]); the window says where it can be let go and what happens
//! then ([`offer`]), so that all targets look and speak alike ([`hint`]). Everything that is done so can be
//! done by a menu or a key too.

use egui::{
    Context, DragAndDrop, Frame, Id, LayerId, Margin, Order, Rect, Stroke, StrokeKind, vec2,
};

use super::layout::Pane;
use super::theme::{size, text, tokens};
use super::view::View;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId};
use crate::history::{EventLog, Grouping};
use crate::ui::theme::format;
use crate::workbench::{Action, FieldChoice, PlotEdit, PlotSource, ViewKind};

/// Something that is dragged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// A stream.
    Stream(StreamId),
    /// A category.
    Category(CategoryId),
    /// A field of the state shown.
    Field(JsonPath),
    /// An event.
    Event(Position),
}

/// What will happen if it is let go.
pub struct Offer {
    /// One line that says so.
    pub words: String,
    actions: Vec<Action>,
}

/// Something is dragged from now on, until the button is let go.
pub fn take(ctx: &Context, carried: Carried) {
    DragAndDrop::set_payload(ctx, carried);
}

/// What is dragged now.
pub fn carried(ctx: &Context) -> Option<Carried> {
    DragAndDrop::payload::<Carried>(ctx).map(|carried| (*carried).clone())
}

/// What becomes of something that is let go over a pane; `None` where nothing does.
pub fn offer(view: &View<'_>, carried: &Carried, onto: Pane) -> Option<Offer> {
    let log = view.log()?;
    match onto {
        Pane::Timeline | Pane::StreamTimeline => onto_timeline(view, log, carried, onto),
        Pane::Projections => onto_plot(view, log, carried),
        Pane::Graph => onto_graph(view, log, carried),
        Pane::Report => onto_report(carried),
        _ => None,
    }
}

/// What becomes of something that is let go over the button of a view: as over what it shows.
pub fn offer_of_view(view: &View<'_>, carried: &Carried, onto: ViewKind) -> Option<Offer> {
    let pane = match onto {
        ViewKind::Projections => Pane::Projections,
        ViewKind::Graph => Pane::Graph,
        ViewKind::Report => Pane::Report,
        ViewKind::Explore | ViewKind::Audit => return None,
    };
    let mut offer = offer(view, carried, pane)?;
    if onto != ViewKind::Report {
        offer.actions.push(Action::ShowView(onto));
    }
    Some(offer)
}

impl Offer {
    /// An offer, if anything happens.
    fn new(words: String, actions: Vec<Action>) -> Option<Self> {
        (!actions.is_empty()).then_some(Self { words, actions })
    }

    /// Does it.
    pub fn accept(self, view: &View<'_>) {
        self.actions
            .into_iter()
            .for_each(|action| view.send(action));
    }
}

fn name(log: &EventLog, stream: StreamId) -> String {
    format::visible(log.stream_name(stream)).into_owned()
}

fn category_name(log: &EventLog, category: CategoryId) -> String {
    let name = log.category_names().get(category.index());
    format::visible(name.map_or("", |name| name)).into_owned()
}

fn onto_timeline(view: &View<'_>, log: &EventLog, carried: &Carried, onto: Pane) -> Option<Offer> {
    match carried {
        Carried::Stream(stream) if onto == Pane::Timeline => {
            let words = format!("Add the lane of {}", name(log, *stream));
            let mut actions = vec![Action::SelectStream(Some(*stream))];
            if view.look().grouping != Grouping::Category {
                actions.push(Action::SetGrouping(Grouping::Category));
            }
            Offer::new(words, actions)
        }
        Carried::Stream(stream) => {
            let words = format!("Travel through {}", name(log, *stream));
            Offer::new(words, vec![Action::OpenStream(*stream)])
        }
        Carried::Category(category) if onto == Pane::Timeline => {
            let mut actions = Vec::new();
            if view.look().grouping != Grouping::Category {
                actions.push(Action::SetGrouping(Grouping::Category));
            }
            if !view.look().open_categories.contains(category) {
                actions.push(Action::ToggleCategory(*category));
            }
            let words = format!("Add the lanes of {}", category_name(log, *category));
            Offer::new(words, actions)
        }
        Carried::Field(path) => {
            let words = format!("Pin {} as a lane", format::visible(&path.to_string()));
            Offer::new(words, vec![Action::PinField(path.clone())])
        }
        Carried::Category(_) | Carried::Event(_) => None,
    }
}

fn onto_plot(view: &View<'_>, log: &EventLog, carried: &Carried) -> Option<Offer> {
    match carried {
        Carried::Field(path) => {
            let stream = view.workbench.stream_shown()?;
            let category = log.stream_info(stream).category;
            let shown = path.to_string();
            let words = format!(
                "Plot {} of {}",
                format::visible(&shown),
                category_name(log, category)
            );
            Offer::new(words, vec![Action::PlotStates(category, path.clone())])
        }
        Carried::Category(category) => {
            let open = PlotEdit::Open(PlotSource::States(*category));
            let words = format!("Plot the states of {}", category_name(log, *category));
            Offer::new(words, vec![Action::Plot(Box::new(open))])
        }
        Carried::Stream(stream) => {
            let path = view.look().field.as_ref()?.path.clone();
            let shown = path.to_string();
            let words = format!("Plot {} of {}", format::visible(&shown), name(log, *stream));
            let field = FieldChoice {
                stream: *stream,
                path,
            };
            Offer::new(words, vec![Action::PlotField(field)])
        }
        Carried::Event(_) => None,
    }
}

fn onto_graph(view: &View<'_>, log: &EventLog, carried: &Carried) -> Option<Offer> {
    let playhead = view.look().playhead;
    let position = match carried {
        Carried::Event(position) => *position,
        Carried::Stream(stream) => {
            let events = log.events_of(*stream);
            let after = events.partition_point(|at| *at <= playhead.0);
            let nearest = after.saturating_sub(1);
            Position(*events.get(nearest)?)
        }
        Carried::Category(category) => last_of(log, *category, playhead)?,
        Carried::Field(_) => return None,
    };
    let words = format!(
        "Show what belongs together with {}",
        format::position(u64::from(position.0))
    );
    Offer::new(words, vec![Action::ShowGraphOf(position)])
}

/// So many events before the playhead are looked at for one of a category.
const REACH: u32 = 65_536;

/// The last event of a category that is not after the playhead, as far as is looked; else its first one.
fn last_of(log: &EventLog, category: CategoryId, playhead: Position) -> Option<Position> {
    let is_of = |stream: StreamId| log.stream_info(stream).category == category;
    let last = playhead.min(log.last()?).0;
    let before = (last.saturating_sub(REACH)..=last).rev().map(Position);
    let mut near = before.filter(|at| is_of(log.stream(*at)));
    near.next().or_else(|| {
        let first = log.streams().find(|stream| is_of(*stream))?;
        log.events_of(first).first().copied().map(Position)
    })
}

fn onto_report(carried: &Carried) -> Option<Offer> {
    let Carried::Event(position) = carried else {
        return None;
    };
    let words = format!(
        "Add {} as an exhibit of the report",
        format::position(u64::from(position.0))
    );
    Offer::new(words, vec![Action::Exhibit(*position)])
}

/// A border around where something can be let go, and the line that says what will happen.
pub fn hint(ctx: &Context, place: Rect, words: &str) {
    let t = tokens(ctx);
    let layer = LayerId::new(Order::Foreground, Id::unique("annals_drop_border"));
    let stroke = Stroke::new(size::STROKE_PLOT, t.accent);
    let painter = ctx.layer_painter(layer);
    painter.rect_stroke(place, 0.0, stroke, StrokeKind::Inside);
    let Some(pointer) = ctx.pointer_interact_pos() else {
        return;
    };
    egui::Area::new(Id::unique("annals_drop_words"))
        .order(Order::Tooltip)
        .fixed_pos(pointer + vec2(14.0, 14.0))
        .interactable(false)
        .show(ctx, |ui| {
            Frame::new()
                .fill(t.raised)
                .stroke(Stroke::new(size::STROKE, t.line_strong))
                .corner_radius(size::CORNER)
                .inner_margin(Margin::symmetric(8, 4))
                .show(ui, |ui| {
                    ui.set_max_width(420.0);
                    ui.label(text::small(words).color(t.text));
                });
        });
}
