//! The row over the graph: which undertaking, how large, and how it is shown.

use egui::{Align, Rect, Sense, Stroke, Ui, UiBuilder, pos2, vec2};

use super::camera::Camera;
use super::chooser::Chooser;
use crate::history::{CauseGraph, MAX_GRAPH_EVENTS};
use crate::ui::View;
use crate::ui::panels::{shared, tile};
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, segments};
use crate::workbench::{Action, AuditEdit};

/// Height of the row.
const ROW: f32 = 36.0;

/// From this width on the choices have a word before them.
const WITH_WORDS: f32 = 1_000.0;

/// What nodes stand by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// Their time.
    #[default]
    Time,
    /// How many steps they are from what began it.
    Layers,
}

/// How the graph is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// What nodes stand by.
    pub(super) layout: Layout,
    /// Quiet times are as long as they are.
    pub(super) unfolds: bool,
    /// Events are linked by their correlation alone.
    pub(super) by_correlation: bool,
}

/// Shows the head of the tile and the row under it.
pub(super) fn row_ui(
    ui: &mut Ui,
    view: &View<'_>,
    graph: &CauseGraph,
    (camera, shown, chooser): (&mut Camera, &mut Shown, &mut Chooser),
) {
    tile::head(ui, "Graph", "", true, |_| ());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let t = tokens(ui);
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let right = ui.new_child(
        UiBuilder::new()
            .id_salt("graph tools")
            .max_rect(inside)
            .layout(egui::Layout::right_to_left(Align::Center)),
    );
    let end = right_ui(right, view, camera, shown);
    let place = Rect::from_min_max(inside.min, pos2(end - size::SIDE, inside.bottom()));
    let mut left = ui.new_child(
        UiBuilder::new()
            .id_salt("graph facts")
            .max_rect(place)
            .layout(egui::Layout::left_to_right(Align::Center)),
    );
    left.shrink_clip_rect(place);
    facts_ui(&mut left, view, graph, chooser);
}

/// Folding and fitting; returns where they begin.
fn right_ui(mut ui: Ui, view: &View<'_>, camera: &mut Camera, shown: &mut Shown) -> f32 {
    ui.spacing_mut().item_spacing.x = 6.0;
    let tip = Tip::new("SVG").sentence("Save the graph as a picture");
    let svg = button::quiet("SVG").small().icon(icons::EXPORT).tip(tip);
    if ui.add(svg.name("Save graph as SVG")).clicked() {
        view.send(Action::Audit(Box::new(AuditEdit::AskGraphPlace)));
    }
    let tip = Tip::new("Fit").sentence("Show the whole graph").key("F");
    if ui
        .add(
            button::quiet("Fit")
                .small()
                .icon(icons::FIT)
                .tip(tip)
                .name("Fit graph"),
        )
        .clicked()
    {
        camera.fit();
    }
    let tip = Tip::new("Fold quiet time").sentence("Long times without events take little room");
    let fold = button::toggle(!shown.unfolds, "Fold quiet time")
        .small()
        .icon(icons::FOLD_QUIET)
        .tip(tip);
    let by_time = shown.layout == Layout::Time;
    let fold = fold.enabled(by_time, "By steps there is no time to fold");
    if ui.add(fold).clicked() {
        shown.unfolds = !shown.unfolds;
        camera.fit();
    }
    let has_words = ui.max_rect().width() >= WITH_WORDS;
    let word = |ui: &mut Ui, word: &str| {
        if has_words {
            ui.label(text::row(word).color(tokens(ui).text3));
        }
        ui.add_space(6.0);
    };
    // By steps there is nothing but causes.
    ui.add_enabled_ui(by_time, |ui| {
        let choices = [(false, "Cause"), (true, "Correlation")];
        segments::segments(ui, "Links", &mut shown.by_correlation, &choices);
    });
    word(&mut ui, "Links");
    let choices = [(Layout::Time, "Time"), (Layout::Layers, "Layers")];
    segments::segments(&mut ui, "Layout", &mut shown.layout, &choices);
    word(&mut ui, "Layout");
    ui.min_rect().left()
}

fn facts_ui(ui: &mut Ui, view: &View<'_>, graph: &CauseGraph, chooser: &mut Chooser) {
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.x = 8.0;
    match &graph.correlation {
        Some(correlation) => {
            if ui.max_rect().width() >= WITH_WORDS / 2.0 {
                ui.label(text::row("Correlation").color(t.text3));
            }
            chooser.ui(ui, view, correlation);
        }
        None => {
            ui.label(text::row("Tied by causes, no correlation").color(t.text3));
        }
    }
    ui.add(egui::Label::new(text::row(summary(graph)).color(t.text)).truncate());
    if graph.is_cut {
        let most = format::count(MAX_GRAPH_EVENTS as u64);
        let words = format!("There are more: at most {most} around the chosen event are shown");
        ui.add(egui::Label::new(text::row(words).color(t.warn)).truncate());
    }
}

/// `17 events in 6 streams, lasts 9 d 18 h`
pub(super) fn summary(graph: &CauseGraph) -> String {
    let events = shared::counted(graph.n_members as u64, "event", "events");
    let streams = shared::counted(graph.n_streams() as u64, "stream", "streams");
    let lasts = graph
        .time_range()
        .map_or_else(String::new, |(first, last)| {
            let lasts = format::duration(last.0.saturating_sub(first.0));
            format!(", lasts {lasts}")
        });
    format!("{events} in {streams}{lasts}")
}
