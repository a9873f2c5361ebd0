//! Exports from the window: what is shown leaves, by the filter that is applied.
//!
//! `PICTURES=dir cargo test --test ui_export` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::Path;

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::projection::BuiltIn;
use annals::source::OpenOptions;
use annals::workbench::{Action, Export, InspectorTab, PlotEdit, PlotSource, ViewKind};
use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window(theme: Theme) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    app.send(Action::OpenSample);
    let mut window = support::harness([1600.0, 1000.0], theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
    window.run_ok();
}

fn said(window: &Harness<'_, App>) -> String {
    let messages = &window.state().workbench().messages;
    messages
        .last()
        .map_or_else(String::new, |message| message.text.clone())
}

fn export(window: &mut Harness<'_, App>, what: Export, path: &Path) {
    send(window, Action::ExportAs(what, path.to_owned()));
    let text = said(window);
    assert!(text.contains("exported to"), "{what:?}: {text}");
}

fn picture(window: &mut Harness<'_, App>, name: &str) {
    if let Ok(folder) = std::env::var("PICTURES") {
        let picture = window.render().unwrap();
        picture
            .save(Path::new(&folder).join(format!("{name}.png")))
            .unwrap();
    }
}

#[test]
fn the_filter_that_is_applied_says_which_events_leave() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(Theme::Dark);
    send(
        &mut window,
        Action::SetFilter("type:Discount* data.amount>=50".to_owned()),
    );
    let path = folder.path().join("some.csv");
    export(&mut window, Export::Events, &path);
    assert!(said(&window).starts_with("24 events"), "{}", said(&window));
    let mut rows = csv::Reader::from_path(&path).unwrap();
    assert_eq!(rows.records().count(), 24);
    picture(&mut window, "exported");
}

/// What an exported database says of itself under a key.
fn noted(path: &Path, key: &str) -> Option<String> {
    let database = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT value FROM annals_about WHERE key = ?1";
    database.query_row(sql, [key], |row| row.get(0)).ok()
}

#[test]
fn a_file_names_the_filter_only_where_its_events_came_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(Theme::Dark);
    send(
        &mut window,
        Action::SetFilter("type=DiscountApplied".to_owned()),
    );
    let path = folder.path().join("filtered.sqlite");
    export(&mut window, Export::Events, &path);
    let filter = noted(&path, "annals.filter");
    assert_eq!(filter.as_deref(), Some("type=DiscountApplied"));
    // Events that the filter leaves out are selected.
    send(&mut window, Action::MovePlayhead(Position(100)));
    send(&mut window, Action::ChooseAlso(Position(101)));
    send(&mut window, Action::ChooseAlso(Position(102)));
    let path = folder.path().join("selected.sqlite");
    export(&mut window, Export::Chosen, &path);
    assert_eq!(noted(&path, "annals.filter"), None);
    let selection = noted(&path, "annals.selection");
    assert_eq!(selection.as_deref(), Some("3 events"));
}

#[test]
fn tables_states_findings_and_plots_leave_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let mut window = window(Theme::Light);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    export(&mut window, Export::State, &place("state.json"));
    let state = std::fs::read_to_string(place("state.json")).unwrap();
    assert!(state.contains("\"balance\":-50.00"), "{state}");
    send(&mut window, Action::RunAudit);
    export(&mut window, Export::Findings, &place("findings.csv"));
    export(&mut window, Export::Timeline, &place("timeline.svg"));
    send(&mut window, Action::ShowView(ViewKind::Projections));
    let open = PlotEdit::Open(PlotSource::BuiltIn(BuiltIn::EventsByType));
    send(&mut window, Action::Plot(Box::new(open)));
    export(&mut window, Export::Plot, &place("plot.parquet"));
    export(&mut window, Export::Plot, &place("plot.csv"));
    export(&mut window, Export::Table, &place("table.csv"));
    export(&mut window, Export::Plot, &place("plot.svg"));
    export(&mut window, Export::Plot, &place("plot.png"));
    let drawn = image::open(place("plot.png")).unwrap().to_rgba8();
    assert!(
        drawn.width() > 200 && drawn.height() > 100,
        "{:?}",
        drawn.dimensions()
    );
    let first = *drawn.get_pixel(0, 0);
    assert!(
        drawn.pixels().any(|pixel| *pixel != first),
        "something is drawn"
    );
    if let Ok(pictures) = std::env::var("PICTURES") {
        for name in ["plot.png", "plot.svg", "timeline.svg"] {
            std::fs::copy(place(name), Path::new(&pictures).join(name)).unwrap();
        }
    }
    let svg = std::fs::read_to_string(place("plot.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    picture(&mut window, "projections");
}

#[test]
fn a_button_beside_what_it_exports_asks_where_to() {
    let mut window = window(Theme::Dark);
    for name in ["Export events", "Export timeline"] {
        window.get_by_role_and_label(Role::Button, name);
    }
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    window.get_by_role_and_label(Role::Button, "Export state");
}
