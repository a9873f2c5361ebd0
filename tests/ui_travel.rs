//! Time travel, driven by label and role: a stream's own timeline, its lanes, causes, bookmarks.
//!
//! `PICTURES=dir cargo test --test ui_travel` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::PathBuf;

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::event::json::JsonPath;
use annals::history::Link;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{
    Action, CausesTab, FieldLanes, SidebarTab, Speed, StepKind, StreamAxis, TimelineMode,
};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_in(size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    window_at(size, theme, 1.0)
}

fn window_at(size: [f32; 2], theme: Theme, scale: f32) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    let mut window = support::harness(size, theme, scale, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.state().send(Action::OpenSample);
    window.run_ok();
    window
}

/// The sample history, in the timeline of `order-1220` at v7.
fn travelling() -> Harness<'static, App> {
    let mut window = window_in([1600.0, 1000.0], Theme::Dark);
    go_to(&mut window, "order-1220 v7");
    window
}

fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

fn press_with(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_ok();
}

fn go_to(window: &mut Harness<'_, App>, text: &str) {
    press(window, Key::G);
    type_text(window, text);
    press(window, Key::Enter);
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn playhead(window: &Harness<'_, App>) -> u32 {
    window.state().workbench().look().playhead.0
}

fn pin(window: &mut Harness<'_, App>, path: &str) {
    send(window, Action::PinField(JsonPath::parse(path).unwrap()));
}

/// The labels of all nodes of a role.
fn labels(window: &Harness<'_, App>, role: Role) -> Vec<String> {
    let nodes = window.query_all_by_role(role);
    nodes
        .filter_map(|node| node.accesskit_node().label())
        .collect()
}

#[test]
fn going_to_a_stream_opens_its_timeline_with_its_causes() {
    let window = travelling();
    let look = window.state().workbench().look();
    assert_eq!(look.timeline, TimelineMode::Stream);
    assert_eq!(look.causes, Some(CausesTab::Chain));
    assert_eq!(look.step, StepKind::Stream);
    assert!(window.query_by_label("Timeline: order-1220 tab").is_some());
    assert!(window.query_by_label("All lanes tab").is_some());
    let rows = labels(&window, Role::ListItem);
    assert!(
        rows.contains(&"order-1220, 11 events, at v7".to_owned()),
        "{rows:?}"
    );
    assert!(
        rows.contains(&"payment-1220, 4 related events".to_owned()),
        "{rows:?}"
    );
}

#[test]
fn all_lanes_and_the_stream_are_two_tabs_of_one_tile() {
    let mut window = travelling();
    window.get_by_label("All lanes tab").click();
    window.run_ok();
    assert!(window.query_by_label("Timeline lanes").is_some());
    assert_eq!(
        window.state().workbench().look().timeline,
        TimelineMode::AllLanes
    );
    press(&mut window, Key::T);
    assert!(window.query_by_label("Stream lanes").is_some());
    assert_eq!(playhead(&window), 233);
}

#[test]
fn the_chain_of_causes_goes_from_the_command_to_the_refund() {
    let mut window = travelling();
    let chain = window.state().workbench().chain_here().unwrap().clone();
    let positions: Vec<_> = chain
        .steps
        .iter()
        .map(|step| match &step.link {
            Link::Event(position) => position.0.to_string(),
            Link::Command(id) | Link::Missing(id) => id.clone(),
        })
        .collect();
    let expected = ["cmd-apply-discount-1220", "232", "233", "234", "260", "261"];
    assert_eq!(positions[..6], expected);
    assert_eq!(chain.at, 2);
    let card = window.get_by_label("CouponRetried, customer-0311 v3");
    card.click();
    window.run_ok();
    assert_eq!(playhead(&window), 232);
    type_text(&mut window, ")");
    assert_eq!(playhead(&window), 233, "its first effect");
    type_text(&mut window, "(");
    assert_eq!(playhead(&window), 232, "its cause");
}

#[test]
fn keys_go_to_causes_that_are_not_known_yet() {
    let mut window = window_in([1600.0, 1000.0], Theme::Dark);
    send(&mut window, Action::GoTo("#233".to_owned()));
    assert!(window.state().workbench().cause_index().is_none());
    type_text(&mut window, "(");
    assert_eq!(playhead(&window), 232);
}

#[test]
fn the_correlation_lists_the_whole_undertaking() {
    let mut window = travelling();
    window.get_by_label("Correlation tab").click();
    window.run_ok();
    let answers = &window.state().workbench().answers.travel;
    let (_, undertaking) = answers.undertaking.known().unwrap();
    assert_eq!(undertaking.as_ref().unwrap().events.len(), 31);
    window
        .get_by_label("CouponRetried, customer-0311 v3, #232")
        .click();
    window.run_ok();
    assert_eq!(playhead(&window), 232);
    assert!(
        window
            .query_by_label("Timeline: customer-0311 tab")
            .is_some()
    );
}

#[test]
fn pinned_fields_run_under_the_stream_with_their_values() {
    let mut window = travelling();
    for path in ["status", "total", "balance"] {
        pin(&mut window, path);
    }
    let rows = labels(&window, Role::ListItem);
    for expected in [
        "status, Shipped at v7, 6 changes",
        "balance, minus 50.00 at v7, 5 changes",
        "total, 100.00 at v7, 3 changes",
    ] {
        assert!(
            rows.iter().any(|row| row == expected),
            "{expected}: {rows:?}"
        );
    }
    window.get_by_label("Unpin total").click();
    window.run_ok();
    assert_eq!(window.state().workbench().pinned_here().len(), 2);
    send(&mut window, Action::SetFieldLanes(FieldLanes::Changed));
    let rows = labels(&window, Role::ListItem);
    let is_changed = |row: &String| row.starts_with("discountTotal, 100.00 at v7");
    assert!(rows.iter().any(is_changed), "{rows:?}");
}

#[test]
fn steps_follow_the_changes_of_the_chosen_field() {
    let mut window = travelling();
    let balance = JsonPath::parse("balance").unwrap();
    send(&mut window, Action::SelectField(Some(balance)));
    send(&mut window, Action::SetStep(StepKind::Field));
    send(&mut window, Action::Step(-1));
    assert_eq!(playhead(&window), 219, "v3, when it became 0.00");
    send(&mut window, Action::Step(1));
    assert_eq!(playhead(&window), 233);
    press(&mut window, Key::P);
    let pinned = window.state().workbench().pinned_here().to_vec();
    assert_eq!(pinned, [JsonPath::parse("balance").unwrap()]);
}

/// Those of the sample.
fn take_bookmarks_away(window: &mut Harness<'_, App>) {
    while !window.state().workbench().look().bookmarks.is_empty() {
        send(window, Action::RemoveBookmark(0));
    }
}

#[test]
fn bookmarks_are_made_listed_visited_and_taken_away() {
    let mut window = travelling();
    take_bookmarks_away(&mut window);
    press(&mut window, Key::M);
    press(&mut window, Key::Enter);
    let bookmarks = window.state().workbench().look().bookmarks.clone();
    assert_eq!(bookmarks.len(), 1);
    assert_eq!(bookmarks[0].name, "order-1220 v7 DiscountApplied");
    go_to(&mut window, "order-1219");
    press(&mut window, Key::M);
    type_text(&mut window, "the other one");
    press(&mut window, Key::Enter);
    type_text(&mut window, "'");
    assert_eq!(playhead(&window), 233);
    press_with(&mut window, Modifiers::SHIFT, Key::M);
    assert_eq!(
        window.state().workbench().look().sidebar,
        SidebarTab::Bookmarks
    );
    let row = window.get_by_label_contains("the other one");
    row.click();
    window.run_ok();
    assert_ne!(playhead(&window), 233);
    send(&mut window, Action::RemoveBookmark(0));
    send(&mut window, Action::RemoveBookmark(0));
    assert!(window.query_by_label_contains("No bookmarks").is_some());
}

#[test]
fn undo_takes_a_pin_and_a_bookmark_back() {
    let mut window = travelling();
    take_bookmarks_away(&mut window);
    pin(&mut window, "status");
    send(&mut window, Action::AddBookmark(None));
    send(&mut window, Action::Undo);
    assert!(window.state().workbench().look().bookmarks.is_empty());
    send(&mut window, Action::Undo);
    assert!(window.state().workbench().pinned_here().is_empty());
}

#[test]
fn every_axis_shows_the_same_events() {
    let mut window = travelling();
    for axis in [StreamAxis::Time, StreamAxis::Sequence, StreamAxis::Version] {
        send(&mut window, Action::SetStreamAxis(axis));
        assert!(window.query_by_label("Stream lanes").is_some(), "{axis:?}");
        send(&mut window, Action::ZoomIn);
        assert!(window.state().workbench().look().stream_span.is_some());
        send(&mut window, Action::Fit);
        assert!(window.state().workbench().look().stream_span.is_none());
    }
    press(&mut window, Key::X);
    let axis = window.state().workbench().look().stream_axis;
    assert_eq!(axis, StreamAxis::Time);
}

#[test]
fn a_stream_is_played_by_time_and_idle_time_is_passed_over() {
    let mut window = travelling();
    send(&mut window, Action::First);
    go_to(&mut window, "order-1220 v0");
    send(&mut window, Action::SetSpeed(Speed::Time(60)));
    window.key_press(Key::Space);
    // Nine tenths of a minute a step: v1 comes after 3.5 s, v2 36 s later.
    window.step();
    for _ in 0..2 {
        window.step();
    }
    assert!(window.state().workbench().is_playing);
    let mut n_frames = 0;
    while window.state().workbench().is_playing && n_frames < 20_000 {
        window.step();
        n_frames += 1;
    }
    assert_eq!(playhead(&window), 325, "v10, the end of the stream");
    // A frame of the harness is a quarter of a second.
    let seconds = f64::from(n_frames) / 4.0;
    assert!(seconds < 40.0, "sixteen days in {seconds} s");
}

#[test]
fn a_related_stream_is_opened_with_a_click() {
    let mut window = travelling();
    window
        .get_by_label("Related stream payment-1220, 4 events")
        .click();
    window.run_ok();
    assert!(
        window
            .query_by_label("Timeline: payment-1220 tab")
            .is_some()
    );
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    let mut fine = window_at([1280.0, 800.0], Theme::Dark, 2.0);
    go_to(&mut fine, "order-1220 v7");
    pin(&mut fine, "balance");
    let file = folder.join("travel-2x.png");
    fine.render().unwrap().save(file).unwrap();
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let mut window = window_in(size, theme);
            go_to(&mut window, "order-1220 v5");
            send(&mut window, Action::SetMarkerA);
            go_to(&mut window, "order-1220 v7");
            send(&mut window, Action::SetMarkerB);
            for path in ["status", "total", "balance", "discounts"] {
                pin(&mut window, path);
            }
            send(&mut window, Action::AddBookmark(None));
            let file = |part: &str| folder.join(format!("travel-{part}-{name}-{}.png", size[0]));
            window.render().unwrap().save(file("stream")).unwrap();
            send(&mut window, Action::Ask("balance < 0".to_owned()));
            window.render().unwrap().save(file("when")).unwrap();
            send(&mut window, Action::SetCauses(Some(CausesTab::Correlation)));
            send(&mut window, Action::ListBookmarks);
            send(&mut window, Action::SetStreamAxis(StreamAxis::Time));
            window.render().unwrap().save(file("time")).unwrap();
        }
    }
}
