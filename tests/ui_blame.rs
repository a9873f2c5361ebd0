//! Markers, blame and the as-of table in the whole window, with its keys, without a display.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::event::json::JsonPath;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, InspectorTab, Look};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// The window on the sample history, at a point of `order-1220`.
fn window_at(point: &str, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    app.send(Action::OpenSample);
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    send(&mut window, Action::GoTo(point.to_owned()));
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    window
}

fn window() -> Harness<'static, App> {
    window_at("order-1220@7", [1600.0, 1000.0], Theme::Dark)
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_ok();
}

fn look<'a>(window: &'a Harness<'_, App>) -> &'a Look {
    window.state().workbench().look()
}

fn path(text: &str) -> JsonPath {
    JsonPath::parse(text).unwrap()
}

#[test]
fn markers_are_set_gone_to_and_cleared_by_keys() {
    let mut window = window();
    let here = look(&window).playhead;
    press(&mut window, Modifiers::NONE, Key::A);
    send(&mut window, Action::StepInStream(1));
    press(&mut window, Modifiers::NONE, Key::B);
    let there = look(&window).playhead;
    assert_eq!(look(&window).marker_a.unwrap().to, here);
    assert_eq!(look(&window).marker_b.unwrap().from, there);
    press(&mut window, Modifiers::ALT, Key::A);
    assert_eq!(look(&window).playhead, here);
    press(&mut window, Modifiers::ALT, Key::B);
    assert_eq!(look(&window).playhead, there);
    press(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!(
        (look(&window).marker_a, look(&window).marker_b),
        (None, None)
    );
    press(&mut window, Modifiers::ALT, Key::A);
    assert!(
        window
            .query_by_label_contains("There is no marker A")
            .is_some()
    );
}

#[test]
fn d_tells_the_marked_points_apart_and_without_them_the_version_before() {
    let mut window = window();
    press(&mut window, Modifiers::NONE, Key::D);
    window.run_ok();
    window.get_by_label_contains("Differences v6 \u{2192} v7");
    send(&mut window, Action::GoTo("order-1220@2".to_owned()));
    press(&mut window, Modifiers::NONE, Key::A);
    send(&mut window, Action::GoTo("order-1220@5".to_owned()));
    press(&mut window, Modifiers::NONE, Key::B);
    press(&mut window, Modifiers::NONE, Key::D);
    window.run_ok();
    window.get_by_label_contains("Differences v2 \u{2192} v5");
}

#[test]
fn a_field_leads_to_the_event_that_set_it_and_to_the_one_before() {
    let mut window = window();
    send(&mut window, Action::GoToSetterBefore(path("balance")));
    assert!(
        window.query_by_label_contains("State @ v3").is_some(),
        "where it became 0.00"
    );
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::GoToSetter(path("status")));
    assert!(window.query_by_label_contains("State @ v6").is_some());
    send(&mut window, Action::GoToSetter(path("nothing")));
    assert!(window.query_by_label("No event set nothing").is_some());
}

#[test]
fn who_set_a_field_is_found_also_where_blame_is_hidden() {
    let mut window = window();
    send(&mut window, Action::ToggleBlame);
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    send(&mut window, Action::GoTo("order-1221".to_owned()));
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::GoToSetter(path("status")));
    assert_eq!(look(&window).playhead.0, 230);
}

#[test]
fn the_states_of_a_category_stand_in_a_table_that_follows_the_playhead() {
    let mut window = window();
    window.get_by_label("As of tab").click();
    for _ in 0..4 {
        window.run_ok();
    }
    let row = |window: &Harness<'_, App>, start: &str| {
        window
            .query_all_by_role(Role::Row)
            .filter_map(|node| node.accesskit_node().label())
            .any(|label| label.starts_with(start))
    };
    assert!(row(&window, "order-1210, v7"));
    window.get_by_label_contains("order as of 2023-02-03 10:22:09");
    send(&mut window, Action::GoTo("order-1210@3".to_owned()));
    for _ in 0..4 {
        window.run_ok();
    }
    assert!(row(&window, "order-1210, v3"));
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = std::path::Path::new(&folder);
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let mut window = window_at("order-1220@7", size, theme);
            send(&mut window, Action::SelectField(Some(path("balance"))));
            window.get_by_label("As of tab").click();
            for _ in 0..4 {
                window.run_ok();
            }
            let file = format!("blame-{}-{name}.png", size[0]);
            window.render().unwrap().save(folder.join(file)).unwrap();
        }
    }
}
