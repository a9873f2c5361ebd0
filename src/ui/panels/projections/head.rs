//! The tabs over the upper plot and the row that says what is plotted: Value, Show, By, Split, Of.

use egui::{Align, Layout, Sense, Stroke, Ui, UiBuilder, vec2};

use super::super::shared::export_ui;
use super::super::tile;
use super::parts::{has_results, of_results};
use super::side::title;
use crate::event::CategoryId;
use crate::event::json::JsonPath;
use crate::history::EventLog;
use crate::projection::{Bucket, Measure, Of, PathInfo, Plotted, Whose};
use crate::ui::View;
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::segments::segments_with_icons;
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::{button, menu};
use crate::workbench::{
    Action, Export, KnownResults, Plot, PlotEdit, PlotSource, PlotStyle, first_path,
};

/// From this width on the controls have captions.
const ROOM_FOR_CAPTIONS: f32 = 500.0;
/// So many fields are offered.
const MOST_FIELDS: usize = 60;
/// So many lines a plot of each partition has.
const TOP: usize = 8;

const MEASURES: [(Measure, &str); 8] = [
    (Measure::Value, "Value"),
    (Measure::SumOfChanges, "Sum of changes"),
    (Measure::Count, "Count of changes"),
    (Measure::Min, "Least"),
    (Measure::Max, "Greatest"),
    (Measure::Mean, "Mean of changes"),
    (Measure::MeanOverTime, "Mean over time"),
    (Measure::Sum, "Sum of values"),
];

/// What can be made of the values of payloads.
const OF_PAYLOADS: [(Measure, &str); 5] = [
    (Measure::Sum, "Sum"),
    (Measure::Count, "Count"),
    (Measure::Min, "Least"),
    (Measure::Max, "Greatest"),
    (Measure::Mean, "Mean"),
];

const BUCKETS: [(Option<Bucket>, &str); 9] = [
    (None, "Event"),
    (Some(Bucket::Seconds(60)), "Minute"),
    (Some(Bucket::Seconds(3600)), "Hour"),
    (Some(Bucket::Day), "Day"),
    (Some(Bucket::Week), "Week"),
    (Some(Bucket::Month), "Month"),
    (Some(Bucket::Quarter), "Quarter"),
    (Some(Bucket::Year), "Year"),
    (Some(Bucket::Seconds(900)), "15 minutes"),
];

/// The same without events: what is counted is counted in pieces of time.
const PIECES: [(Option<Bucket>, &str); 7] = [
    (None, "Fitting"),
    (Some(Bucket::Seconds(3600)), "Hour"),
    (Some(Bucket::Day), "Day"),
    (Some(Bucket::Week), "Week"),
    (Some(Bucket::Month), "Month"),
    (Some(Bucket::Quarter), "Quarter"),
    (Some(Bucket::Year), "Year"),
];

/// The tabs of all plots; tools at the right.
pub(super) fn tabs_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, lines: Option<&Plotted>) {
    let plotting = &view.workbench.projecting.plotting;
    let titles: Vec<String> = plotting
        .plots
        .iter()
        .map(|plot| title(view, log, plot))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let shown = plotting.shown.unwrap_or(0);
    let (clicked, ()) = tile::tabs_with(ui, &titles, shown, false, |ui| {
        let close = button::icon_button(icons::CLOSE, "Remove this plot", "").small();
        if ui.add(close.icon_size(size::ICON_SMALL)).clicked() {
            view.send(Action::Plot(Box::new(PlotEdit::Remove(shown))));
        }
        if plotting.plot().is_some() {
            export_ui(ui, view, Export::Plot);
        }
        if let Some(plot) = plotting.plot() {
            made_by_ui(ui, view, plot, lines);
        }
        if let Some(lines) = lines {
            super::plot::legend_ui(ui, lines);
        }
    });
    if let Some(at) = clicked {
        view.send(Action::Plot(Box::new(PlotEdit::Show(at))));
    }
}

/// What must be said of every number here: who made the states, what was skipped, what is rounded.
fn made_by_ui(ui: &mut Ui, view: &View<'_>, plot: &Plot, lines: Option<&Plotted>) {
    match plot.source {
        PlotSource::States(_) => {
            let tone = if view.workbench.reducer.is_application_state() {
                Tone::Neutral
            } else {
                Tone::Warn
            };
            tag(ui, tone, view.workbench.reducer.label());
        }
        PlotSource::BuiltIn(_) | PlotSource::Payloads(_) => {}
        PlotSource::Script(id) => {
            let answer = view.workbench.projecting.answer(id);
            if let Some((answer, _)) = answer.filter(|(answer, _)| answer.n_skipped > 0) {
                let words = format!("{} skipped", format::count(answer.n_skipped));
                tag(ui, Tone::Warn, &words);
            }
        }
    }
    if lines.is_some_and(|lines| lines.lines.iter().any(|line| !line.exact)) {
        tag(ui, Tone::Warn, "floating point");
    }
}

/// What is plotted and how, to be changed.
pub(super) fn tools_ui(ui: &mut Ui, view: &View<'_>, plot: &Plot, known: Option<&KnownResults>) {
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let inside = rect.shrink2(vec2(size::TOOL_SIDE, 0.0));
    let mut changed = plot.clone();
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("style")
            .max_rect(inside)
            .layout(layout),
    );
    style_ui(&mut right, &mut changed);
    let end = right.min_rect().left() - 8.0;
    let mut place = inside;
    place.max.x = end.max(place.left());
    let layout = Layout::left_to_right(Align::Center);
    let mut left = ui.new_child(
        UiBuilder::new()
            .id_salt("what")
            .max_rect(place)
            .layout(layout),
    );
    left.shrink_clip_rect(place);
    left.spacing_mut().item_spacing.x = 6.0;
    what_ui(&mut left, view, &mut changed, known);
    if changed != *plot {
        view.send(Action::Plot(Box::new(PlotEdit::Change(Box::new(changed)))));
    }
}

fn style_ui(ui: &mut Ui, plot: &mut Plot) {
    let mut choices = vec![
        (PlotStyle::Step, "Step", icons::STEP_PLOT),
        (PlotStyle::Bars, "Bars", icons::BAR_PLOT),
        (PlotStyle::Line, "Line", icons::LINE_PLOT),
    ];
    let has_many = plot.stays || plot.split.is_some() || matches!(plot.whose, Whose::Each(_));
    let is_counted = plot.source.is_counted();
    if is_counted || (has_many && plot.by.is_some()) {
        choices.push((PlotStyle::Stacked, "Area", icons::LANES));
    }
    segments_with_icons(ui, "Kind of plot", &mut plot.style, &choices);
    if plot.overlays {
        let end = button::toggle(true, "A over B").small();
        if ui.add(end).clicked() {
            plot.overlays = false;
        }
    }
}

/// What a control is for; left out where there is no room, as every control has its own name.
fn caption(ui: &mut Ui, words: &str) {
    if ui.max_rect().width() < ROOM_FOR_CAPTIONS {
        return;
    }
    let color = tokens(ui).text3;
    ui.label(text::row(words).color(color));
}

fn what_ui(ui: &mut Ui, view: &View<'_>, plot: &mut Plot, known: Option<&KnownResults>) {
    if let PlotSource::BuiltIn(_) = plot.source {
        caption(ui, "By");
        menu::dropdown(ui, "By", &mut plot.by, &PIECES);
        return;
    }
    if let PlotSource::Payloads(category) = plot.source {
        return payload_ui(ui, view, plot, category);
    }
    let paths: &[PathInfo] = known.map_or(&[], |known| &known.paths);
    caption(ui, "Value");
    let first = plot.path.clone().or_else(|| first_path(plot, paths));
    let plotted: Vec<&JsonPath> = paths.iter().map(|info| &info.path).collect();
    if let Some(path) = path_menu(ui, "Value", first.as_ref(), &plotted) {
        plot.path = Some(path);
    }
    if known.is_some_and(has_results) {
        let mut is_result = plot.of == Of::Result;
        let choices = [(false, "of state"), (true, "of result")];
        if menu::dropdown(ui, "Value of", &mut is_result, &choices) {
            plot.of = of_results(is_result);
        }
    }
    caption(ui, "Show");
    menu::dropdown(ui, "Show", &mut plot.measure, &MEASURES);
    caption(ui, "By");
    menu::dropdown(ui, "By", &mut plot.by, &BUCKETS);
    caption(ui, "Split");
    whose_menu(ui, plot, paths, known);
}

/// Which field of the payloads, and what is made of its values.
fn payload_ui(ui: &mut Ui, view: &View<'_>, plot: &mut Plot, category: CategoryId) {
    caption(ui, "Value");
    let known = view.workbench.answers.fields.latest();
    let mut of = known.into_iter().flatten();
    let of = of.find(|known| known.category == category);
    let fields = of.map_or(&[][..], |of| &of.of_payloads);
    let numbers = fields.iter().filter(|field| field.is_number);
    let paths: Vec<&JsonPath> = numbers.map(|field| &field.path).collect();
    if let Some(path) = path_menu(ui, "Value", plot.path.as_ref(), &paths) {
        plot.path = Some(path);
    }
    caption(ui, "Show");
    menu::dropdown(ui, "Show", &mut plot.measure, &OF_PAYLOADS);
    caption(ui, "By");
    menu::dropdown(ui, "By", &mut plot.by, &PIECES);
    caption(ui, "Split");
    let choices = [(false, "None"), (true, "By type")];
    menu::dropdown(ui, "Split", &mut plot.by_type, &choices);
}

/// One line, a line for each partition, or for each value of a field.
fn whose_menu(ui: &mut Ui, plot: &mut Plot, paths: &[PathInfo], known: Option<&KnownResults>) {
    let label = match (&plot.split, &plot.whose) {
        (Some(path), _) => format::visible(&path.to_string()).into_owned(),
        (None, Whose::Summed) => "None".to_owned(),
        (None, Whose::Each(n)) => format!("Top {n}"),
        (None, Whose::One(name)) => format::visible(name).into_owned(),
    };
    let full = format!("Split: {label}");
    let button = button::normal(&label).small().caret().name(&full);
    menu::menu_button(ui, button, |ui| {
        let is_summed = plot.split.is_none() && plot.whose == Whose::Summed;
        if menu::choice_item(ui, is_summed, "None: all partitions together").clicked() {
            (plot.split, plot.whose) = (None, Whose::Summed);
        }
        let is_each = matches!(plot.whose, Whose::Each(_));
        let has_many = known.is_some_and(|known| {
            known
                .results
                .as_ref()
                .is_ok_and(|results| results.n_partitions() > 1)
        });
        if has_many && menu::choice_item(ui, is_each, "The 8 largest partitions").clicked() {
            (plot.split, plot.whose) = (None, Whose::Each(TOP));
        }
        let discrete = paths.iter().filter(|info| !info.is_number);
        let discrete: Vec<&PathInfo> = discrete.take(MOST_FIELDS).collect();
        if !discrete.is_empty() {
            menu::separator(ui);
        }
        for info in discrete {
            let name = format::visible(&info.path.to_string()).into_owned();
            let is_it = plot.split.as_ref() == Some(&info.path);
            if menu::choice_item(ui, is_it, &format!("By {name}")).clicked() {
                (plot.split, plot.whose) = (Some(info.path.clone()), Whose::Summed);
            }
        }
    });
}

/// A menu of fields; returns the one that was chosen.
fn path_menu(
    ui: &mut Ui,
    name: &str,
    now: Option<&JsonPath>,
    paths: &[&JsonPath],
) -> Option<JsonPath> {
    let label = now.map_or_else(
        || "None".to_owned(),
        |path| format::visible(&path.to_string()).into_owned(),
    );
    let full = format!("{name}: {label}");
    let button = button::normal(&label).small().caret().name(&full);
    let (_, chosen) = menu::menu_button(ui, button, |ui| {
        let mut chosen = None;
        egui::ScrollArea::vertical()
            .max_height(420.0)
            .show(ui, |ui| {
                for path in paths.iter().take(MOST_FIELDS) {
                    let name = format::visible(&path.to_string()).into_owned();
                    let is_it = now == Some(*path);
                    if menu::choice_item(ui, is_it, &name).clicked() {
                        chosen = Some((*path).clone());
                    }
                }
            });
        chosen
    });
    chosen.flatten()
}
