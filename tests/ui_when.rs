//! The question bar and the filter of the events table, driven by label and role.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::Action;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// The window with the sample history open.
fn window(theme: Theme, size: [f32; 2]) -> Harness<'static, App> {
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
    window.state().send(Action::OpenSample);
    window.run_ok();
    window
}

fn sample() -> Harness<'static, App> {
    window(Theme::Dark, [1600.0, 1000.0])
}

fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

/// `G`, the text, Enter.
fn go_to(window: &mut Harness<'_, App>, text: &str) {
    press(window, Key::G);
    type_text(window, text);
    press(window, Key::Enter);
}

/// `W`, the text, Enter.
fn ask(window: &mut Harness<'_, App>, text: &str) {
    press(window, Key::W);
    type_text(window, text);
    press(window, Key::Enter);
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn status(window: &Harness<'_, App>, said: &str) -> bool {
    window.query_all_by_role(Role::Status).any(|node| {
        node.accesskit_node()
            .label()
            .is_some_and(|label| label == said)
    })
}

fn playhead(window: &Harness<'_, App>) -> Position {
    window.state().workbench().look().playhead
}

fn rows(window: &Harness<'_, App>) -> Option<usize> {
    let bench = window.state().workbench();
    bench.rows_shown().map(|rows| rows.len())
}

/// Writes a picture where `PICTURES` names a folder.
fn picture(window: &mut Harness<'_, App>, name: &str) {
    if let Ok(folder) = std::env::var("PICTURES") {
        let image = window.render().unwrap();
        image.save(format!("{folder}/{name}.png")).unwrap();
    }
}

#[test]
fn why_a_balance_is_negative_takes_two_questions() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    ask(&mut window, "balance < 0");
    assert_eq!(playhead(&window), Position(233));
    assert!(status(&window, "1 result, true v7\u{2013}v8"));
    assert_eq!(window.state().workbench().current_result(), Some(0));
    picture(&mut window, "question-dark");
}

#[test]
fn results_are_walked_round_the_end_and_back() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    ask(&mut window, "total changes");
    send(&mut window, Action::First);
    press(&mut window, Key::R);
    assert!(status(&window, "1 of 2 results, true at v1"));
    press(&mut window, Key::R);
    assert!(status(&window, "2 of 2 results, true at v7"));
    press(&mut window, Key::R);
    assert!(status(&window, "1 of 2 results, true at v1"));
    window.key_press_modifiers(Modifiers::SHIFT, Key::R);
    window.run_ok();
    assert!(status(&window, "2 of 2 results, true at v7"));
}

#[test]
fn a_category_is_asked_by_a_click_and_its_results_are_rows() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    ask(&mut window, "balance < 0");
    window.get_by_label("All order streams").click();
    window.run_ok();
    assert!(status(&window, "1 of 5 results, true v7\u{2013}v8"));
    window.get_by_label("Results 5").click();
    window.run_ok();
    assert_eq!(rows(&window), Some(5));
    picture(&mut window, "results-dark");
    window.get_by_label("Everything").click();
    window.run_ok();
    assert_eq!(rows(&window), Some(12));
    window.get_by_label("Close question").click();
    window.run_ok();
    assert_eq!(rows(&window), None);
    assert!(window.query_by_label("Question bar").is_none());
}

#[test]
fn a_question_that_cannot_be_read_keeps_its_text_and_says_why() {
    let mut window = sample();
    ask(&mut window, "balance chnges");
    let alert = window.get_by_role(Role::Alert);
    assert_eq!(
        alert.accesskit_node().label().as_deref(),
        Some("No such word: chnges. Did you mean changes?")
    );
    picture(&mut window, "question-problem-dark");
    // The field has the keyboard still, and Escape closes the bar.
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Question bar").is_none());
}

#[test]
fn tab_completes_a_field_of_the_state() {
    let mut window = sample();
    go_to(&mut window, "order-1220 v7");
    press(&mut window, Key::W);
    type_text(&mut window, "bal");
    window.get_by_label("balance");
    picture(&mut window, "question-offers-dark");
    press(&mut window, Key::Tab);
    type_text(&mut window, " < 0");
    press(&mut window, Key::Enter);
    assert!(status(&window, "1 result, true v7\u{2013}v8"));
}

#[test]
fn the_palette_asks_and_filters() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    send(&mut window, Action::TogglePalette);
    type_text(&mut window, "? status = Shipped");
    press(&mut window, Key::Enter);
    assert!(status(&window, "1 result, true v6\u{2013}v7"));
    send(&mut window, Action::TogglePalette);
    type_text(&mut window, ": stream:order-1220");
    press(&mut window, Key::Enter);
    assert_eq!(rows(&window), Some(11));
}

#[test]
fn a_filter_is_in_force_while_it_is_typed_and_the_last_good_one_stays() {
    let mut window = sample();
    send(&mut window, Action::AskFilter);
    type_text(&mut window, "stream:order-1220");
    assert_eq!(rows(&window), Some(11));
    picture(&mut window, "filter-dark");
    type_text(&mut window, " typ:Order*");
    assert_eq!(rows(&window), Some(11));
    let said = |window: &Harness<'_, App>| {
        let alert = window.get_by_role(Role::Alert);
        alert.accesskit_node().label().unwrap_or_default()
    };
    assert_eq!(said(&window), "No such word: typ. Did you mean type?");
    picture(&mut window, "filter-problem-dark");
    window.get_by_label("Clear Filter events").click();
    window.run_ok();
    assert_eq!(rows(&window), None);
    type_text(&mut window, "stream:order-99999999");
    assert_eq!(said(&window), "No stream starts with order-99999999");
}

#[test]
fn steps_and_ends_stay_within_the_filter() {
    let mut window = sample();
    send(
        &mut window,
        Action::SetFilter("stream:order-1220 type:Discount*".to_owned()),
    );
    assert_eq!(rows(&window), Some(2));
    press(&mut window, Key::Home);
    assert_eq!(playhead(&window), Position(213));
    press(&mut window, Key::ArrowRight);
    assert_eq!(playhead(&window), Position(233));
    press(&mut window, Key::ArrowRight);
    assert_eq!(playhead(&window), Position(233));
    for _ in 0..3 {
        send(&mut window, Action::Undo);
    }
    assert_eq!(rows(&window), None);
}

#[test]
fn a_filter_that_speaks_of_the_playhead_follows_it() {
    let mut window = sample();
    send(&mut window, Action::SetFilter("is:past".to_owned()));
    send(&mut window, Action::MovePlayhead(Position(10)));
    assert_eq!(rows(&window), Some(11));
    send(&mut window, Action::SetFilter("is:future".to_owned()));
    let all = window
        .state()
        .workbench()
        .history
        .as_ref()
        .unwrap()
        .log
        .len();
    assert_eq!(rows(&window), Some(all - 11));
}

#[test]
fn both_look_right_in_the_light_and_in_a_small_window() {
    for (theme, size, name) in [
        (Theme::Light, [1600.0, 1000.0], "light"),
        (Theme::Dark, [1280.0, 800.0], "small-dark"),
    ] {
        let mut window = window(theme, size);
        go_to(&mut window, "order-1220");
        ask(&mut window, "balance < 0");
        send(
            &mut window,
            Action::SetFilter("stream:order-1220 data.amount>=50".to_owned()),
        );
        assert_eq!(rows(&window), Some(5));
        picture(&mut window, name);
    }
}

#[test]
fn a_facet_counts_who_did_it_and_a_click_filters() {
    let mut window = sample();
    window.get_by_label("Facet: Types").click();
    window.run_ok();
    window.get_by_label("user").click();
    window.run_ok();
    picture(&mut window, "facets-dark");
    let label = |window: &Harness<'_, App>| {
        let mut rows = window.query_all_by_role(Role::ListItem);
        let found = rows.find_map(|node| {
            let label = node.accesskit_node().label()?;
            label.starts_with("web-shop, ").then_some(label)
        });
        found.unwrap()
    };
    let name = label(&window);
    let n_events: usize = name.split(' ').nth(1).unwrap().parse().unwrap();
    window.get_by_label(&name).click();
    window.run_ok();
    assert_eq!(rows(&window), Some(n_events));
    window.get_by_label(&name).click();
    window.run_ok();
    assert_eq!(rows(&window), None);
}
