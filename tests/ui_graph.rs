//! The graph of an undertaking, driven by label and role.
//!
//! `PICTURES=dir cargo test --test ui_graph` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, AuditEdit, TimelineMode, ViewKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const ORDER: &str = "5be2a940-3d07-4c1e-9b52-8f60a3e171cc";

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_at(size: [f32; 2], theme: Theme, scale: f32, opens: Action) -> Harness<'static, App> {
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
    window.state().send(opens);
    window.run_ok();
    window
}

/// What the button is called that says which undertaking is shown.
fn correlation(id: &str) -> String {
    format!("Correlation {id}")
}

/// The graph of `order-1220`, with the playhead on the second discount.
fn graph() -> Harness<'static, App> {
    graph_in([1600.0, 1000.0], Theme::Dark)
}

fn graph_in(size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let mut window = window_at(size, theme, 1.0, Action::OpenSample);
    send(&mut window, Action::MovePlayhead(Position(233)));
    press(&mut window, Key::C);
    window
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn playhead(window: &Harness<'_, App>) -> u32 {
    window.state().workbench().look().playhead.0
}

/// The labels of all nodes of a role.
fn labels(window: &Harness<'_, App>, role: Role) -> Vec<String> {
    let nodes = window.query_all_by_role(role);
    nodes
        .filter_map(|node| node.accesskit_node().label())
        .collect()
}

/// Clicks the one thing whose label begins so.
fn click(window: &mut Harness<'_, App>, role: Role, label: &str) {
    let begins = |name: Option<String>| name.is_some_and(|name| name.starts_with(label));
    window
        .query_all_by_role(role)
        .find(|node| begins(node.accesskit_node().label()))
        .unwrap_or_else(|| panic!("{label} among {:?}", labels(window, role)))
        .click();
    window.run_ok();
}

#[test]
fn c_shows_the_undertaking_of_the_event_with_what_led_to_it() {
    let mut window = graph();
    assert_eq!(window.state().workbench().look().view, ViewKind::Graph);
    assert!(window.query_by_label("Causation graph").is_some());
    press(&mut window, Key::F);
    assert_eq!(playhead(&window), 233);
    let nodes = labels(&window, Role::TreeItem);
    for name in [
        "CouponRetried, customer-0311 version 3, 1 cause, 1 effect",
        "DiscountApplied, order-1220 version 7, 1 cause, 1 effect",
        "command cmd-apply-discount-1220, 0 causes, 2 effects",
    ] {
        assert!(nodes.contains(&name.to_owned()), "{name} among {nodes:?}");
    }
    let link = format!("Correlation {ORDER}");
    assert!(window.query_by_label(&link).is_some());
    let steps = labels(&window, Role::Button);
    let steps: Vec<_> = steps
        .iter()
        .filter(|name| name.starts_with("Step "))
        .collect();
    assert_eq!(
        steps,
        [
            "Step cmd-apply-discount-1220, command",
            "Step CouponRetried, customer-0311 v3",
            "Step DiscountApplied, order-1220 v7"
        ]
    );
    let waits = labels(&window, Role::Button);
    assert!(
        waits.iter().any(|name| name.starts_with("Waiting for ")),
        "{waits:?}"
    );
}

#[test]
fn the_view_is_reached_by_its_button_its_key_and_the_palette() {
    let mut window = window_at([1600.0, 1000.0], Theme::Dark, 1.0, Action::OpenSample);
    window.get_by_label("Graph view").click();
    window.run_ok();
    assert_eq!(window.state().workbench().look().view, ViewKind::Graph);
    send(&mut window, Action::ShowView(ViewKind::Explore));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    window.run_ok();
    assert_eq!(window.state().workbench().look().view, ViewKind::Graph);
    send(&mut window, Action::ShowView(ViewKind::Explore));
    send(&mut window, Action::TogglePalette);
    type_text(&mut window, "> causation graph");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().workbench().look().view, ViewKind::Graph);
}

#[test]
fn a_click_on_a_node_moves_the_playhead_and_a_double_click_opens_its_stream() {
    let mut window = graph();
    let shown = window.state().workbench().graph_key();
    click(&mut window, Role::TreeItem, "CouponRetried, customer-0311");
    assert_eq!(playhead(&window), 232);
    assert_eq!(
        window.state().workbench().graph_key(),
        shown,
        "the graph stays"
    );
    let node = window.get_by_label("CouponRetried, customer-0311 version 3, 1 cause, 1 effect");
    let place = node.rect().center();
    window.hover_at(place);
    window.step();
    for pressed in [true, false, true, false] {
        window.input_mut().events.push(Event::PointerButton {
            pos: place,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run_ok();
    let look = window.state().workbench().look();
    assert_eq!(
        (look.view, look.timeline),
        (ViewKind::Explore, TimelineMode::Stream)
    );
}

#[test]
fn keys_walk_to_causes_effects_and_what_has_the_same_cause() {
    let mut window = graph();
    type_text(&mut window, "(");
    assert_eq!(playhead(&window), 232, "the cause of the discount");
    type_text(&mut window, ")");
    assert_eq!(playhead(&window), 233, "and back");
    press(&mut window, Key::F);
    click(
        &mut window,
        Role::TreeItem,
        "PaymentReceived, order-1220 version 3",
    );
    assert_eq!(playhead(&window), 219);
    press(&mut window, Key::L);
    assert_eq!(playhead(&window), 220, "its first effect");
    press(&mut window, Key::J);
    assert_eq!(playhead(&window), 221, "its second effect");
    press(&mut window, Key::ArrowUp);
    assert_eq!(playhead(&window), 220);
    press(&mut window, Key::H);
    assert_eq!(playhead(&window), 219);
    assert_eq!(window.state().workbench().look().view, ViewKind::Graph);
}

#[test]
fn slow_steps_and_other_causes_lead_to_their_events() {
    let mut window = graph();
    click(&mut window, Role::Tab, "Slowest steps");
    let rows = labels(&window, Role::Row);
    assert!(
        rows[0].starts_with("3 d 23 h, from BalanceChanged"),
        "{rows:?}"
    );
    click(&mut window, Role::Row, "3 d 23 h, from BalanceChanged");
    assert_eq!(
        playhead(&window),
        260,
        "the refund was asked for four days later"
    );
    click(&mut window, Role::Tab, "Other causes");
    let rows = labels(&window, Role::Row);
    assert!(
        rows.iter()
            .any(|row| row.starts_with("cmd-apply-discount-1220 command, A command")),
        "{rows:?}"
    );
    click(&mut window, Role::Row, "cmd-apply-discount-1220");
    assert_eq!(playhead(&window), 213);
}

#[test]
fn the_side_says_where_the_time_went_and_leads_there() {
    let mut window = graph();
    click(&mut window, Role::Button, "Waiting for RefundRequested");
    assert_eq!(playhead(&window), 260);
    window.get_by_label("Event").click();
    window.run_ok();
    assert!(
        window
            .query_by_label("Step RefundRequested, payment-1220 v3")
            .is_none()
    );
    window.get_by_label("Path").click();
    window.run_ok();
    assert!(
        window
            .query_by_label("Step RefundRequested, payment-1220 v3")
            .is_some()
    );
}

#[test]
fn an_event_of_another_undertaking_keeps_the_graph_until_it_is_asked_for() {
    let mut window = graph();
    send(&mut window, Action::MovePlayhead(Position(600)));
    let shown =
        |window: &Harness<'_, App>| labels(window, Role::Button).contains(&correlation(ORDER));
    assert!(shown(&window));
    window.get_by_label("Show its graph").click();
    window.run_ok();
    assert!(!shown(&window));
    assert_eq!(
        window.state().workbench().graph_key().unwrap().position,
        Position(600)
    );
    send(&mut window, Action::Undo);
    assert!(shown(&window));
}

#[test]
fn a_graph_fits_zooms_and_shows_only_what_is_in_view() {
    let mut window = graph();
    press(&mut window, Key::F);
    let all = labels(&window, Role::TreeItem).len();
    for _ in 0..6 {
        type_text(&mut window, "+");
    }
    let near = labels(&window, Role::TreeItem);
    assert_eq!(all, 31 + 4, "all events and commands");
    assert!(near.len() < all, "{all} before, {} now", near.len());
    assert!(
        near.iter()
            .any(|name| name.starts_with("DiscountApplied, order-1220 version 7"))
    );
    press(&mut window, Key::F);
    assert_eq!(labels(&window, Role::TreeItem).len(), all);
}

/// Lines of JSON: a chain of steps, with a lost cause and an effect that stands before its cause.
fn write(path: &Path, n_events: usize) {
    let mut text = String::new();
    for at in 0..n_events {
        let cause = match at {
            0 => String::new(),
            3 => r#","causation":"nobody""#.to_owned(),
            5 => r#","causation":"id-7""#.to_owned(),
            7 => r#","causation":"id-2""#.to_owned(),
            _ => format!(r#","causation":"id-{}""#, at - 1),
        };
        writeln!(
            text,
            r#"{{"stream":"s-{}","version":{},"type":"Step{}","id":"id-{at}","time":"2024-01-01T{:02}:{:02}:{:02}Z","data":{{}},"correlation":"one"{cause}}}"#,
            at % 25,
            at / 25,
            at % 3,
            at / 3600 % 24,
            at / 60 % 60,
            at % 60,
        )
        .unwrap();
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn lost_causes_and_effects_before_their_causes_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.jsonl");
    write(&file, 12);
    let opens = Action::OpenPath(file);
    let mut window = window_at([1280.0, 800.0], Theme::Light, 1.0, opens);
    press(&mut window, Key::C);
    click(&mut window, Role::Tab, "Other causes 2");
    let rows = labels(&window, Role::Row);
    assert_eq!(
        rows,
        [
            "Step1 s-7 v0, Stands after its effect, effect Step2 s-5 v0",
            "nobody command, A command: no event of this file carries the id, effect Step0 s-3 v0",
        ]
    );
}

#[test]
fn twenty_thousand_events_of_one_undertaking_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.jsonl");
    write(&file, 20_000);
    let opens = Action::OpenPath(file);
    let mut window = window_at([1280.0, 800.0], Theme::Dark, 1.0, opens);
    send(&mut window, Action::MovePlayhead(Position(10_000)));
    press(&mut window, Key::C);
    assert!(window.query_by_label("Events 20,000").is_some());
    let nodes = labels(&window, Role::TreeItem);
    assert!(!nodes.is_empty() && nodes.len() <= 400, "{}", nodes.len());
    press(&mut window, Key::F);
    let nodes = labels(&window, Role::TreeItem);
    assert!(!nodes.is_empty() && nodes.len() <= 400, "{}", nodes.len());
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let mut window = graph_in(size, theme);
            let file = folder.join(format!("graph-{}-{name}.png", size[0]));
            window.render().unwrap().save(file).unwrap();
        }
    }
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("large.jsonl");
    write(&file, 20_000);
    let mut window = window_at([1600.0, 1000.0], Theme::Dark, 1.0, Action::OpenPath(file));
    send(&mut window, Action::MovePlayhead(Position(10_000)));
    press(&mut window, Key::C);
    window
        .render()
        .unwrap()
        .save(folder.join("graph-large.png"))
        .unwrap();
    press(&mut window, Key::F);
    window
        .render()
        .unwrap()
        .save(folder.join("graph-large-fit.png"))
        .unwrap();
}

#[test]
fn the_table_of_undertakings_is_filtered_sorted_and_leads_to_their_graphs() {
    let mut window = graph();
    click(&mut window, Role::Tab, "Correlations ");
    let rows = || labels(&window, Role::Row);
    let all = rows();
    assert!(all.len() > 5, "{all:?}");
    let own = all.iter().find(|row| row.starts_with(ORDER));
    assert!(own.is_some_and(|row| row.contains("events")), "{all:?}");
    let known = &window.state().workbench().auditing.undertakings;
    let known = known.latest().unwrap().as_ref().unwrap();
    let log = &window.state().workbench().history.as_ref().unwrap().log;
    let n: u64 = known
        .lines
        .iter()
        .map(|line| u64::from(line.n_events))
        .sum();
    assert!(n <= log.len() as u64);
    let small = known.lines.iter().filter(|line| line.n_events < 5).count();
    let field = window.get_by_label("Filter undertakings");
    field.focus();
    window.run_ok();
    type_text(&mut window, "events<5");
    let tab = format!("{small}");
    let shown = labels(&window, Role::Row);
    assert!(!shown.is_empty() && shown.len() <= small, "{tab} {shown:?}");
    let other = shown[0].clone();
    click(&mut window, Role::Row, &other);
    let graph = window.state().workbench().graph_here().unwrap();
    assert!(other.starts_with(graph.correlation.as_deref().unwrap()));
}

#[test]
fn events_can_be_linked_by_their_correlation_and_the_graph_is_saved_as_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = graph();
    click(&mut window, Role::RadioButton, "Correlation");
    let picture = folder.path().join("graph.svg");
    let save = AuditEdit::SaveGraph(picture.clone());
    send(&mut window, Action::Audit(Box::new(save)));
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    for words in ["DiscountApplied", "order-1220", ORDER] {
        assert!(svg.contains(words), "{words}");
    }
    // The same graph gives the same picture.
    let again = AuditEdit::SaveGraph(folder.path().join("again.svg"));
    send(&mut window, Action::Audit(Box::new(again)));
    let again = std::fs::read_to_string(folder.path().join("again.svg")).unwrap();
    assert_eq!(svg, again);
}

#[test]
fn show_as_lanes_shows_the_events_of_the_undertaking_alone() {
    let mut window = graph();
    click(&mut window, Role::Button, "Show as lanes");
    let bench = window.state().workbench();
    assert_eq!(bench.look().view, ViewKind::Explore);
    assert_eq!(bench.look().timeline, TimelineMode::AllLanes);
    assert!(
        bench.look().filter.contains(ORDER),
        "{:?}",
        bench.look().filter
    );
}

#[test]
fn another_correlation_is_found_in_the_list_at_the_top_or_stepped_to() {
    let mut window = graph();
    let lines = || {
        let known = &window.state().workbench().auditing.undertakings;
        known.latest().unwrap().as_ref().unwrap().lines.clone()
    };
    let lines = lines();
    let here = lines
        .iter()
        .find(|line| &*line.correlation == ORDER)
        .unwrap();
    let next = lines.iter().filter(|line| line.first > here.first);
    let next = next.min_by_key(|line| line.first).unwrap();
    let other = lines
        .iter()
        .rev()
        .find(|line| line.first < here.first)
        .unwrap();
    click(&mut window, Role::Button, &correlation(ORDER));
    // The field has the keyboard; of what is found Enter takes the first.
    type_text(&mut window, &other.correlation);
    let rows = labels(&window, Role::ListItem);
    let found = rows
        .iter()
        .filter(|row| row.starts_with(&*other.correlation));
    assert_eq!(found.count(), 1, "{rows:?}");
    press(&mut window, Key::Enter);
    window.run_ok();
    let shown = |window: &Harness<'_, App>| {
        let graph = window.state().workbench().graph_here();
        graph?.correlation.clone()
    };
    assert_eq!(shown(&window).as_deref(), Some(&*other.correlation));
    assert!(window.query_by_label("Find a correlation").is_none());
    send(&mut window, Action::Undo);
    click(&mut window, Role::Button, "Next correlation");
    assert_eq!(shown(&window).as_deref(), Some(&*next.correlation));
    click(&mut window, Role::Button, "Previous correlation");
    assert_eq!(shown(&window).as_deref(), Some(ORDER));
}

#[test]
fn in_layers_an_effect_stands_right_of_its_cause_and_the_keys_lead_as_before() {
    let mut window = graph();
    let left = |window: &Harness<'_, App>, name: &str| {
        let nodes = window.query_all_by_role(Role::TreeItem);
        let is_it = |node: &egui_kittest::Node<'_>| {
            let label = node.accesskit_node().label();
            label.is_some_and(|label| label.starts_with(name))
        };
        let node = nodes.into_iter().find(is_it);
        node.map(|node| node.rect().left()).unwrap()
    };
    click(&mut window, Role::RadioButton, "Layers");
    press(&mut window, Key::F);
    let nodes = labels(&window, Role::TreeItem);
    assert_eq!(nodes.len(), 31 + 4, "all events and commands");
    let chain = [
        "DiscountApplied, order-1220 version 1",
        "PaymentRequested, order-1220 version 2",
        "PaymentAuthorized, payment-1220 version 0",
    ];
    let places = chain.map(|name| left(&window, name));
    assert!(places.is_sorted() && places[0] < places[2], "{places:?}");
    click(
        &mut window,
        Role::TreeItem,
        "PaymentRequested, order-1220 version 2",
    );
    let before = playhead(&window);
    press(&mut window, Key::H);
    assert!(playhead(&window) < before);
    // Without time there is nothing to be folded, and no links but causes.
    let fold = window.get_by_label("Fold quiet time");
    assert!(fold.accesskit_node().is_disabled());
    if let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) {
        let picture = window.render().unwrap();
        picture.save(folder.join("graph-layers.png")).unwrap();
    }
    click(&mut window, Role::RadioButton, "Time");
    assert!(
        !window
            .get_by_label("Fold quiet time")
            .accesskit_node()
            .is_disabled()
    );
}
