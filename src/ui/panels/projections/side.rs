//! The list at the left: the scripts of the workspace and how they stand, plots, the last runs.

use egui::{
    Align, Color32, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::super::{shared, tile};
use crate::event::{Timestamp, Zone};
use crate::history::EventLog;
use crate::projection::BuiltIn;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::section::section;
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, focus_ring, menu};
use crate::workbench::{
    Action, Plot, PlotEdit, PlotSource, ProjectEdit, RunNote, RunState, ScriptId, ScriptText,
};

/// What stands before a row.
#[derive(Clone, Copy)]
enum Sign {
    Icon(icons::Icon, Color32),
    /// A hollow circle: nothing came of it yet.
    Circle,
}

/// The head of the list, with the button for what is new.
pub(super) fn head_ui(ui: &mut Ui, view: &View<'_>) {
    tile::head(ui, "Projections", "", false, |ui| {
        let add = button::icon_button(icons::ADD, "New or opened projection", "").small();
        menu::menu_button(ui, add, |ui| {
            if menu::item(ui, Some(icons::ADD), "New from the types here", "").clicked() {
                view.send(Action::NewProjection);
            }
            if menu::item(ui, Some(icons::OPEN), "Open a script\u{2026}", "").clicked() {
                view.send(Action::OpenProjection);
            }
        });
    });
}

/// The field that filters the list; returns its height.
pub(super) fn filter_ui(ui: &mut Ui, filter: &mut String) -> f32 {
    let top = ui.cursor().top();
    let margin = egui::Margin::symmetric(8, 8);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        let width = ui.available_width();
        let wants_filter = shared::typed_slash(ui.ctx());
        let field = Field::filter("Filter projections")
            .key_cap("/")
            .small()
            .width(width)
            .show(ui, filter);
        if wants_filter {
            field.response.request_focus();
        }
    });
    ui.cursor().top() - top
}

/// Whether a name fits the filter, whatever its case.
fn fits(name: &str, filter: &str) -> bool {
    filter.is_empty() || name.to_lowercase().contains(&filter.to_lowercase())
}

/// The sections of the list, at most so high; only what fits the filter.
pub(super) fn list_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (height, filter): (f32, &str)) {
    ScrollArea::vertical()
        .id_salt("projections")
        .max_height(height)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(4.0);
            scripts_ui(ui, view, filter);
            built_in_ui(ui, view, filter);
            plots_ui(ui, view, log, filter);
            runs_ui(ui, view);
            ui.add_space(8.0);
        });
}

fn scripts_ui(ui: &mut Ui, view: &View<'_>, filter: &str) {
    let projecting = &view.workbench.projecting;
    section(ui, "In this workspace");
    let shown = projecting.scripts.iter();
    for script in shown.filter(|script| fits(&script.name, filter)) {
        let (sign, note, color) = standing(ui, view, script);
        let is_shown = projecting.shown == Some(script.id);
        let stem = script.name.strip_suffix(".js").unwrap_or(&script.name);
        let row = Row {
            sign,
            name: stem,
            note: &note,
            color,
            is_selected: is_shown,
        };
        if row.ui(ui).clicked() {
            project(view, ProjectEdit::Show(script.id));
        }
    }
    if projecting.scripts.is_empty() {
        let clicked = Empty::new("No projection yet")
            .why("Write one in JavaScript, or drop a .js file here.")
            .button(button::normal("New projection").small())
            .show(ui);
        if clicked.is_some() {
            view.send(Action::NewProjection);
        }
    }
    ui.add_space(8.0);
}

/// How a script stands: its sign, a few words, and their color.
fn standing(ui: &Ui, view: &View<'_>, script: &ScriptText) -> (Sign, String, Color32) {
    let t = tokens(ui);
    let projecting = &view.workbench.projecting;
    if projecting.is_running(script.id) {
        let share = running_share(view, &script.name);
        let words = share.map_or_else(|| "running".to_owned(), percent);
        return (Sign::Icon(icons::RUNNING, t.accent), words, t.text3);
    }
    let run = projecting
        .runs
        .get(&script.id)
        .and_then(|runs| runs.first());
    match run {
        Some(run) => standing_of(ui, run),
        None => (Sign::Circle, "not run".to_owned(), t.text3),
    }
}

fn standing_of(ui: &Ui, run: &RunNote) -> (Sign, String, Color32) {
    let t = tokens(ui);
    match run.state {
        RunState::Running => (Sign::Icon(icons::RUNNING, t.accent), String::new(), t.text3),
        RunState::Failed => (
            Sign::Icon(icons::FAILED.outline(), t.err),
            "failed".to_owned(),
            t.err,
        ),
        RunState::Stopped => (Sign::Circle, "stopped".to_owned(), t.text3),
        RunState::Done if run.n_skipped > 0 => (
            Sign::Icon(icons::WARNING.outline(), t.warn),
            format!("{} skipped", format::count(run.n_skipped)),
            t.warn,
        ),
        RunState::Done => (
            Sign::Icon(icons::PASSED.outline(), t.ok),
            if run.took.is_zero() {
                "done".to_owned()
            } else {
                took(run.took)
            },
            t.text3,
        ),
    }
}

/// How long something took: `27 ms`, `3.5 s`.
pub(super) fn took(took: std::time::Duration) -> String {
    format::duration(i64::try_from(took.as_nanos()).unwrap_or(i64::MAX))
}

fn percent(share: f32) -> String {
    format!("{:.0}%", (share * 100.0).floor())
}

/// The share of the run of a script of that name.
pub(super) fn running_share(view: &View<'_>, name: &str) -> Option<f32> {
    let what = format!("Running {name}");
    let mut running = view.running.iter();
    running.find(|running| running.what == what)?.share
}

/// The projections that need no code.
fn built_in_ui(ui: &mut Ui, view: &View<'_>, filter: &str) {
    let t = tokens(ui);
    section(ui, "Built in");
    let shown = view.workbench.projecting.plotting.plot().map(|plot| {
        if plot.stays {
            PlotSource::BuiltIn(BuiltIn::TimeInState)
        } else {
            plot.source
        }
    });
    let all = BuiltIn::ALL.into_iter();
    for what in all.filter(|what| fits(what.name(), filter)) {
        let source = PlotSource::BuiltIn(what);
        let row = Row {
            sign: Sign::Icon(icons::FUNCTION, t.text3),
            name: what.name(),
            note: "",
            color: t.text3,
            is_selected: shown == Some(source),
        };
        let response = Tip::new(what.name())
            .sentence(what.sentence())
            .on(row.ui(ui));
        if response.clicked() {
            view.send(Action::Plot(Box::new(PlotEdit::Open(source))));
        }
    }
    ui.add_space(8.0);
}

fn plots_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, filter: &str) {
    let t = tokens(ui);
    let plotting = &view.workbench.projecting.plotting;
    section(ui, "Plots");
    for (at, plot) in plotting.plots.iter().enumerate() {
        let name = title(view, log, plot);
        if !fits(&name, filter) {
            continue;
        }
        let of = match plot.source {
            PlotSource::BuiltIn(_) => String::new(),
            source => source_name(view, log, source),
        };
        let row = Row {
            sign: Sign::Icon(icons::PROJECTIONS, t.text3),
            name: &name,
            note: &of,
            color: t.text3,
            is_selected: plotting.shown == Some(at),
        };
        let response = row.ui(ui);
        if response.clicked() {
            view.send(Action::Plot(Box::new(PlotEdit::Show(at))));
        }
        response.context_menu(|ui| {
            if menu::item(ui, Some(icons::CLOSE), "Remove this plot", "").clicked() {
                view.send(Action::Plot(Box::new(PlotEdit::Remove(at))));
            }
        });
    }
    if !filter.is_empty() {
        ui.add_space(8.0);
        return;
    }
    let n_types = u64::try_from(log.type_names().len()).unwrap_or(0);
    label_row(
        ui,
        icons::BAR_PLOT,
        "Events by type",
        &format::count(n_types),
    );
    if let Some(field) = &view.look().field {
        let row = Row {
            sign: Sign::Icon(icons::STEP_PLOT, t.text3),
            name: "Field over time",
            note: &field.path.to_string(),
            color: t.text3,
            is_selected: plotting.shown.is_none(),
        };
        if row.ui(ui).clicked() {
            view.send(Action::PlotField(field.clone()));
        }
    } else {
        label_row(ui, icons::STEP_PLOT, "Field over time", "");
    }
    ui.add_space(8.0);
}

fn label_row(ui: &mut Ui, icon: icons::Icon, name: &str, note: &str) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {note}")));
    paint(
        ui,
        rect,
        Sign::Icon(icon, t.text3),
        (name, t.text),
        (note, t.text3),
    );
}

fn runs_ui(ui: &mut Ui, view: &View<'_>) {
    let projecting = &view.workbench.projecting;
    let Some((script, runs)) = projecting.script_shown().and_then(|script| {
        let runs = projecting.runs.get(&script.id)?;
        Some((script, runs))
    }) else {
        return;
    };
    let stem = script.name.strip_suffix(".js").unwrap_or(&script.name);
    section(ui, &format!("Runs of {stem}"));
    for (at, run) in runs.iter().enumerate() {
        let t = tokens(ui);
        let (sign, note, color) = if run.state == RunState::Running {
            let share = running_share(view, &script.name).map_or_else(String::new, percent);
            (Sign::Icon(icons::RUNNING, t.accent), share, t.text3)
        } else {
            standing_of(ui, run)
        };
        let when = clock(run.began, view.look().zone);
        let name = match at {
            0 if run.state == RunState::Running => format!("Run {}, now", run.nr),
            _ if run.began == Timestamp(0) => format!("Run {}", run.nr),
            _ => format!("Run {}, {when}", run.nr),
        };
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
        let said = format!("{name}, {note}");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.as_str()));
        paint(ui, rect, sign, (&name, t.text), (&note, color));
    }
}

fn clock(time: Timestamp, zone: Zone) -> String {
    let text = zone.wall(time).date_time(' ', 0);
    text.get(11..16).unwrap_or_default().to_owned()
}

/// What a plot is called: `paid by week`.
pub(super) fn title(view: &View<'_>, log: &EventLog, plot: &Plot) -> String {
    let path = plot.path.clone().or_else(|| {
        let known = view.workbench.results_of(plot.source)?;
        crate::workbench::first_path(plot, &known.paths)
    });
    let name = path.map_or_else(
        || source_name(view, log, plot.source),
        |path| match plot.source {
            PlotSource::Payloads(_) => format!("data.{}", format::visible(&path.to_string())),
            _ => format::visible(&path.to_string()).into_owned(),
        },
    );
    match plot.by {
        _ if plot.stays => format!("time in {name}"),
        Some(bucket) => format!("{name} by {}", bucket.label()),
        None => name,
    }
}

/// What a source is called.
pub(super) fn source_name(view: &View<'_>, log: &EventLog, source: PlotSource) -> String {
    match source {
        PlotSource::Script(id) => {
            let script = view.workbench.projecting.script(id);
            let name = script.map_or("", |script| script.name.as_str());
            name.strip_suffix(".js").unwrap_or(name).to_owned()
        }
        PlotSource::BuiltIn(what) => what.name().to_owned(),
        PlotSource::States(category) | PlotSource::Payloads(category) => {
            format::visible(shared::category_name(log, category)).into_owned()
        }
    }
}

pub(super) fn project(view: &View<'_>, edit: ProjectEdit) {
    view.send(Action::Project(Box::new(edit)));
}

/// A row of the list that can be chosen.
struct Row<'a> {
    sign: Sign,
    name: &'a str,
    note: &'a str,
    color: Color32,
    is_selected: bool,
}

impl Row<'_> {
    fn ui(&self, ui: &mut Ui) -> Response {
        let t = tokens(ui);
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::click());
        let said = if self.note.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}, {}", self.name, self.note)
        };
        let is_selected = self.is_selected;
        response
            .widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_selected, said.as_str()));
        if self.is_selected {
            ui.painter().rect_filled(rect, 0.0, t.accent_soft);
            let bar = Rect::from_min_size(rect.min, vec2(size::STROKE_PLAYHEAD, rect.height()));
            ui.painter().rect_filled(bar, 0.0, t.accent);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0.0, t.raised);
        }
        paint(
            ui,
            rect,
            self.sign,
            (self.name, t.text),
            (self.note, self.color),
        );
        if focus_ring::is_shown(&response) {
            focus_ring::inside(ui, rect);
        }
        response
    }
}

fn paint(
    ui: &Ui,
    rect: Rect,
    sign: Sign,
    (name, color): (&str, Color32),
    (note, faint): (&str, Color32),
) {
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let painter = ui.painter();
    match sign {
        Sign::Icon(icon, color) => {
            icons::paint_left(painter, inside, icon, size::ICON_SMALL, color);
        }
        Sign::Circle => {
            let center = inside.left_center() + vec2(size::ICON_SMALL / 2.0, 0.0);
            painter.circle_stroke(center, 5.0, Stroke::new(size::STROKE, tokens(ui).text3));
        }
    }
    let words = Rect::from_min_max(pos2(inside.left() + 22.0, inside.top()), inside.max);
    let note = text::shortened(painter, Face::DataSmall, note, words.width() * 0.5);
    let shown = note.as_ref();
    let taken = text::line(painter, words, Align::Max, Face::DataSmall, shown, faint);
    let name = format::visible(name);
    let right = if note.is_empty() {
        words.right()
    } else {
        taken.left() - 8.0
    };
    let room = Rect::from_min_max(words.min, pos2(right, words.bottom()));
    text::line(painter, room, Align::Min, Face::Row, name, color);
}

/// The id of a script that a tab stands for.
pub(super) fn tabs_of(view: &View<'_>) -> Vec<(ScriptId, String)> {
    let projecting = &view.workbench.projecting;
    let tabs = projecting.tabs.iter();
    let found = tabs.filter_map(|id| projecting.script(*id));
    found
        .map(|script| (script.id, format::visible(&script.name).into_owned()))
        .collect()
}
