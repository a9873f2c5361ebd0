//! The Report view, driven by keys and by label and role: it is composed, looked at and saved.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::report::ReportSection;
use annals::source::OpenOptions;
use annals::workbench::{Action, Mark, ReportEdit, ViewKind};
use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window() -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    let mut window = support::harness([1600.0, 1000.0], Theme::Dark, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn edit(window: &mut Harness<'_, App>, edit: ReportEdit) {
    send(window, Action::EditReport(Box::new(edit)));
}

/// A window on the sample history in its Report view, which saves into a folder.
fn on_sample(folder: &Path) -> Harness<'static, App> {
    let mut window = window();
    send(&mut window, Action::OpenSample);
    edit(&mut window, ReportEdit::Folder(folder.to_owned()));
    send(&mut window, Action::ShowView(ViewKind::Report));
    window
}

#[test]
fn what_is_saved_is_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = on_sample(folder.path());
    window
        .get_by_role_and_label(Role::CheckBox, "Activity")
        .click();
    window.run_ok();
    edit(&mut window, ReportEdit::Title("What happened".to_owned()));
    edit(&mut window, ReportEdit::Author("M. Ito".to_owned()));
    edit(&mut window, ReportEdit::Mask("customer, *name*".to_owned()));
    edit(&mut window, ReportEdit::Name("found".to_owned()));
    let settings = window.state().workbench().report_settings();
    assert!(settings.without.contains(&ReportSection::Activity));
    send(&mut window, Action::WriteReport);
    let page = std::fs::read_to_string(folder.path().join("found.html")).unwrap();
    assert!(page.contains("<h1>What happened</h1>") && page.contains("Prepared by M. Ito on"));
    assert!(!page.contains("id=\"activity\""));
    let masked = &window.state().workbench().report().unwrap().report.masked;
    assert_eq!(masked.len(), 2);
}

#[test]
fn the_period_between_the_markers_is_what_the_report_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = on_sample(folder.path());
    send(&mut window, Action::MarkA(Some(Mark::moment(Position(10)))));
    send(&mut window, Action::MarkB(Some(Mark::moment(Position(99)))));
    edit(&mut window, ReportEdit::Period(true));
    let shown = window.state().workbench().report().unwrap();
    assert_eq!(shown.report.population.events, 90);
    assert!(
        window
            .query_by_label_contains("#10 to #99, 90 events")
            .is_some()
    );
}

#[test]
fn a_click_on_an_event_of_the_page_goes_there() {
    let mut window = window();
    let file = PathBuf::from("tests/fixtures/nasty/json_versions.ndjson");
    send(&mut window, Action::OpenPath(file));
    send(&mut window, Action::ShowView(ViewKind::Report));
    edit(
        &mut window,
        ReportEdit::Section(ReportSection::Result, false),
    );
    let link = window
        .get_all_by_label_contains("Go to json_versions.ndjson#")
        .next()
        .expect("a finding leads to its event");
    link.click();
    window.run_ok();
    assert_eq!(window.state().workbench().look().view, ViewKind::Explore);
}

#[test]
fn the_contents_beside_the_page_lead_to_its_sections() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = on_sample(folder.path());
    let is_read = |window: &Harness<'_, App>, title: &str| {
        let name = format!("Go to {title}");
        let link = window.get_by_role_and_label(Role::Link, &name);
        link.accesskit_node().toggled() == Some(Toggled::True)
    };
    assert!(is_read(&window, "Evidence"));
    // Far down, so that it is not drawn at first.
    assert!(
        window
            .query_by_role_and_label(Role::Heading, "Method")
            .is_none()
    );
    window
        .get_by_role_and_label(Role::Link, "Go to Findings")
        .click();
    window.run_ok();
    window.run_ok();
    assert!(is_read(&window, "Findings") && !is_read(&window, "Evidence"));
    let heading = window
        .get_by_role_and_label(Role::Heading, "Findings")
        .rect();
    assert!((48.0..200.0).contains(&heading.top()), "{heading}");
    window
        .get_by_role_and_label(Role::Link, "Go to Method")
        .click();
    window.run_ok();
    window.run_ok();
    window.get_by_role_and_label(Role::Heading, "Method");
    if let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) {
        let picture = window.render().unwrap();
        picture.save(folder.join("report-contents.png")).unwrap();
    }
    // Where there is no room for page and contents the page has it all.
    window.set_size(egui::vec2(1280.0, 800.0));
    window.run_ok();
    assert!(
        window
            .query_by_role_and_label(Role::Link, "Go to Findings")
            .is_none()
    );
}

#[test]
fn the_view_is_found_by_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = on_sample(folder.path());
    send(&mut window, Action::ShowView(ViewKind::Explore));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    window.run_ok();
    assert_eq!(window.state().workbench().look().view, ViewKind::Report);
}
