//! The bar below: what the program is doing, where the playhead stands, and what it costs.

use egui::{Align, Id, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::event::Zone;
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::{button, progress, segments};
use crate::ui::window::{Facts, stop};
use crate::workbench::{Action, Live};

/// The stop of the bar for F6.
pub fn focus() -> Id {
    Id::unique("annals_status_bar_focus")
}

/// Shows the bar.
pub fn show(ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
    let bar = ui.max_rect();
    let line = Stroke::new(size::STROKE, tokens(ui).line);
    ui.painter().hline(bar.x_range(), bar.top() + 0.5, line);
    stop(ui, focus(), "Status bar");
    let inside = bar.shrink2(vec2(8.0, 0.0));
    let right_layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("right")
            .max_rect(inside)
            .layout(right_layout),
    );
    right.spacing_mut().item_spacing.x = 8.0;
    if view.history().is_some() {
        if facts.settings.shows_figures {
            measures(&mut right, view);
        }
        place(&mut right, view, facts);
    } else {
        words(&mut right, Face::Small, "Nothing leaves this computer");
    }
    let end = right.min_rect().left() - 8.0;
    let left_place = Rect::from_min_max(inside.min, pos2(end.max(inside.left()), inside.bottom()));
    let mut left = ui.new_child(
        UiBuilder::new()
            .id_salt("left")
            .max_rect(left_place)
            .layout(Layout::left_to_right(Align::Center)),
    );
    left.shrink_clip_rect(left_place);
    left.spacing_mut().item_spacing.x = 8.0;
    doing(&mut left, view);
}

/// What runs, with its progress and a way to stop it; else how things stand.
fn doing(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    if let Some(running) = view.running.first() {
        icon(ui, icons::RUNNING, t.accent);
        words(ui, Face::Small, &running.what);
        let (rect, response) = ui.allocate_exact_size(vec2(96.0, size::PROGRESS), Sense::hover());
        progress::paint_bar(ui.painter(), rect, running.share);
        let percent = running
            .share
            .map(|share| format!(", {:.0} percent", share * 100.0))
            .unwrap_or_default();
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::ProgressIndicator,
                true,
                format!("{}{percent}", running.what),
            )
        });
        if !running.done.is_empty() {
            words(ui, Face::DataSmall, &running.done);
        }
        if ui
            .add(button::link("Stop").name("Stop what is running"))
            .clicked()
        {
            view.send(Action::StopWork);
        }
        return;
    }
    if view.workbench.mapping.is_some() {
        icon(ui, icons::RUNNING, t.text3);
        words(ui, Face::Small, "Waiting for a mapping");
        return;
    }
    let Some(history) = view.history() else {
        words(
            ui,
            Face::Small,
            concat!("Annals ", env!("CARGO_PKG_VERSION")),
        );
        return;
    };
    if history.is_complete {
        icon(ui, icons::PASSED, t.ok);
        words(ui, Face::Small, how_read(view));
    } else {
        icon(ui, icons::WARNING, t.warn);
        words(ui, Face::Small, "Read in part");
    }
    live(ui, view);
    let n_problems = history.problems.total();
    if n_problems > 0 {
        divider(ui);
        problems_link(ui, view, n_problems);
    }
    let label = view.workbench.reducer.label().to_owned();
    divider(ui);
    words(ui, Face::Small, &format!("States by {label}"));
}

/// Whether the file is followed, and how many events wait where the view stands in the past.
fn live(ui: &mut Ui, view: &View<'_>) {
    let (n_waiting, is_busy) = match &view.workbench.live {
        Live::Off => return,
        Live::On { n_waiting, is_busy } => (*n_waiting, *is_busy),
        Live::Ended(_) => {
            divider(ui);
            icon(ui, icons::WARNING, tokens(ui).warn);
            words(ui, Face::Small, "Not followed any longer");
            return;
        }
    };
    divider(ui);
    let is_at_end = view.workbench.is_at_end();
    let color = if is_at_end {
        tokens(ui).ok
    } else {
        tokens(ui).text3
    };
    icon(ui, icons::LIVE, color);
    let said = match (is_at_end, is_busy) {
        (_, true) => "Live, waiting for a pause of the writer",
        (true, false) => "Live",
        (false, false) => "Live, paused",
    };
    words(ui, Face::Small, said);
    if !is_at_end && n_waiting > 0 {
        let noun = if n_waiting == 1 { "event" } else { "events" };
        let label = format!("{} new {noun}", format::count(n_waiting as u64));
        if ui.add(button::link(&label)).clicked() {
            view.send(Action::ToggleLive);
        }
    }
}

/// How many problems there were; leads to them.
fn problems_link(ui: &mut Ui, view: &View<'_>, n_problems: u64) {
    let noun = if n_problems == 1 {
        "problem"
    } else {
        "problems"
    };
    let label = format!("{} {noun} while reading", format::count(n_problems));
    let sign = icons::WARNING;
    let color = tokens(ui).warn;
    icon(ui, sign, color);
    ui.spacing_mut().item_spacing.x = 4.0;
    if ui.add(button::link(&label)).clicked() {
        view.send(Action::ShowProblems);
    }
    ui.spacing_mut().item_spacing.x = 8.0;
}

/// That the file was read to its end, and what the audit says about its bytes.
fn how_read(view: &View<'_>) -> &'static str {
    let files = view
        .history()
        .map_or(&[][..], |history| &history.about.files);
    if files.iter().all(|file| file.path.is_none()) {
        return "Read to the end";
    }
    let audit = view
        .workbench
        .answers
        .audit
        .for_key(&view.workbench.generation)
        .fresh();
    match audit {
        Some(Ok(audit)) if audit.evidence.unchanged => "Read to the end, file unchanged since",
        Some(Ok(_)) => "Read to the end, the file has changed since",
        _ => "Read to the end",
    }
}

/// Where the playhead stands: position, time and zone.
fn place(ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
    let Some(log) = view.log() else { return };
    let look = view.look();
    let named = Zone::parse(&facts.settings.zone).unwrap_or_default();
    let city = named.name();
    let city = city
        .rsplit_once('/')
        .map_or(city.as_str(), |(_, city)| city);
    let mut zones = vec![(Zone::Utc, "UTC"), (Zone::Local, "Local")];
    if let Zone::Named(_) = named {
        zones.push((named, city));
    }
    let mut zone = look.zone;
    if segments::segments(ui, "Zone", &mut zone, &zones) {
        view.send(Action::SetZone(zone));
    }
    let last = log.last();
    let position = look.playhead.min(last.unwrap_or_default());
    if let Some(time) = last.and_then(|_| log.time(position)) {
        let digits = if log.time_digits() > 3 {
            3
        } else {
            log.time_digits()
        };
        let moment = look.zone.wall(time).date_time(' ', digits);
        let zone = if look.zone == Zone::Utc {
            String::new()
        } else {
            format!(" {}", look.zone.label(time))
        };
        words(ui, Face::DataSmall, &format!("{moment}{zone}"));
        divider(ui);
    }
    let total = format::count(log.len() as u64);
    let place = match last {
        Some(_) => format!("{} of {total}", format::position(u64::from(position.0))),
        None => "no events".to_owned(),
    };
    words(ui, Face::DataSmall, &place);
}

/// How long the fold and the frame took, and how large the log is in memory; from the right.
fn measures(ui: &mut Ui, view: &View<'_>) {
    let Some(log) = view.log() else { return };
    if ui.ctx().content_rect().width() < size::ICON_VIEWS_BELOW {
        return;
    }
    let (used, _) = log.memory();
    measure(ui, "Memory", &format::bytes(used as u64));
    divider(ui);
    // Nothing has been measured, or is not to be shown.
    if view.frame_ms == 0.0 {
        return;
    }
    measure(ui, "Frame", &format!("{:.1} ms", view.frame_ms));
    divider(ui);
    if let Some(Ok(state)) = view.workbench.answers.state.latest() {
        let millis = state.took.as_secs_f64() * 1000.0;
        measure(ui, "Fold", &format!("{millis:.1} ms"));
        divider(ui);
    }
}

/// A number after its name, in a layout from the right.
fn measure(ui: &mut Ui, name: &str, number: &str) {
    ui.spacing_mut().item_spacing.x = 4.0;
    words(ui, Face::DataSmall, number);
    words(ui, Face::Small, name);
    ui.spacing_mut().item_spacing.x = 8.0;
}

fn words(ui: &mut Ui, face: Face, label: &str) {
    ui.label(text::rich(label, face).color(tokens(ui).text2));
}

fn icon(ui: &mut Ui, icon: icons::Icon, color: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(size::ICON_TEXT, size::ICON_TEXT), Sense::hover());
    icons::paint(ui.painter(), rect.center(), icon, size::ICON_TEXT, color);
}

fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 12.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens(ui).line_strong);
}
