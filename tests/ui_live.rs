//! The window while another program writes the file: what comes is there, and the view stays in the
//! past where it stands there.
//!
//! `PICTURES=dir cargo test --test ui_live` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, Live};
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn write(path: &Path, from: u32, to: u32) {
    let mut file = std::fs::File::options()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    for n in from..to {
        writeln!(
            file,
            r#"{{"stream":"order-{}","version":{},"type":"OrderPlaced","time":"2024-03-01T{:02}:{:02}:00Z","data":{{"total":{n}}}}}"#,
            n % 5,
            n / 5,
            n / 60 % 24,
            n % 60
        )
        .unwrap();
    }
}

fn window_on(path: PathBuf, theme: Theme, size: [f32; 2]) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window.state().send(Action::OpenPath(path));
    window.run_ok();
    window
}

/// Half a second in the window's own time.
fn wait(window: &mut Harness<'_, App>) {
    for _ in 0..4 {
        window.step();
    }
    window.run_ok();
}

fn n_events(window: &Harness<'_, App>) -> usize {
    let history = window.state().workbench().history.clone();
    history.unwrap().log.len()
}

fn picture(window: &mut Harness<'_, App>, name: &str) {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let picture = window.render().unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

#[test]
fn what_is_written_is_shown_and_the_past_stays_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.jsonl");
    write(&path, 0, 300);
    let mut window = window_on(path.clone(), Theme::Dark, [1600.0, 1000.0]);
    assert_eq!(n_events(&window), 300);
    window.key_press_modifiers(Modifiers::SHIFT, Key::L);
    wait(&mut window);
    assert!(window.state().workbench().live.is_on());
    window.get_by_label("Live");

    write(&path, 300, 340);
    wait(&mut window);
    assert_eq!(n_events(&window), 340);
    window.get_by_label_contains("340 events · 5 streams");
    assert_eq!(window.state().workbench().look().playhead, Position(339));
    picture(&mut window, "live-dark");

    // In the past nothing moves; what comes is counted.
    window.state().send(Action::MovePlayhead(Position(100)));
    wait(&mut window);
    let before = window.state().workbench().look().clone();
    write(&path, 340, 652);
    wait(&mut window);
    assert_eq!(*window.state().workbench().look(), before);
    assert_eq!(n_events(&window), 340);
    window.get_by_label("Live, paused");
    picture(&mut window, "live-paused-dark");
    window.get_by_label("312 new events").click();
    wait(&mut window);
    wait(&mut window);
    assert_eq!(n_events(&window), 652);
    assert_eq!(window.state().workbench().look().playhead, Position(651));

    // The same key leaves off at the end.
    window.key_press_modifiers(Modifiers::SHIFT, Key::L);
    wait(&mut window);
    assert_eq!(window.state().workbench().live, Live::Off);
    write(&path, 652, 700);
    wait(&mut window);
    assert_eq!(n_events(&window), 652);
}

#[test]
fn a_file_that_is_cut_is_told_and_what_was_read_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.jsonl");
    write(&path, 0, 300);
    let mut window = window_on(path.clone(), Theme::Light, [1280.0, 800.0]);
    window.state().send(Action::ToggleLive);
    wait(&mut window);
    write(&path, 300, 310);
    wait(&mut window);
    std::fs::write(&path, "").unwrap();
    wait(&mut window);
    assert_eq!(n_events(&window), 310);
    window.get_by_label("Not followed any longer");
    let messages = &window.state().workbench().messages;
    let said = &messages.last().unwrap().text;
    assert!(
        said.contains("was cut") && said.contains("orders.jsonl"),
        "{said}"
    );
    picture(&mut window, "live-ended-light");
}
