//! Gestures with the pointer: ranges, periods, several events at once, what is dragged, driven by label
//! and role.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use annals::app::{App, Setup};
use annals::event::json::JsonPath;
use annals::event::{Position, Timestamp};
use annals::history::Grouping;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, Export, Mark, Span, ViewKind};
use egui::accesskit::Role;
use egui::{
    Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, Theme, TouchPhase, pos2, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// The window with the sample history open.
fn sample() -> Harness<'static, App> {
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
    send(&mut window, Action::OpenSample);
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

/// `G`, the text, Enter.
fn go_to(window: &mut Harness<'_, App>, text: &str) {
    press(window, Key::G);
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
    press(window, Key::Enter);
}

/// Presses at `from`, moves to `to` in some steps, and lets go.
fn drag(window: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    for nr in 1_u8..=4 {
        window.hover_at(from + (to - from) * f32::from(nr) / 4.0);
        window.step();
    }
    window.drop_at(to);
    window.run_ok();
}

/// Holds keys from now on.
fn hold(window: &mut Harness<'_, App>, modifiers: Modifiers) {
    window.event(Event::ModifiersChanged(modifiers));
    window.step();
}

/// A click at a place while these keys are held.
fn click_with(window: &mut Harness<'_, App>, at: Pos2, modifiers: Modifiers) {
    window.hover_at(at);
    window.step();
    hold(window, modifiers);
    for pressed in [true, false] {
        window.input_mut().events.push(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers,
        });
        window.step();
    }
    hold(window, Modifiers::NONE);
    window.run_ok();
}

fn double_click(window: &mut Harness<'_, App>, at: Pos2) {
    window.hover_at(at);
    window.step();
    for pressed in [true, false, true, false] {
        window.input_mut().events.push(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run_ok();
}

/// The place of a node whose label begins so.
fn place(window: &Harness<'_, App>, role: Role, begins: &str) -> Rect {
    let nodes = window.get_all_by_role(role);
    let mut found = nodes.filter(|node| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.starts_with(begins))
    });
    found.next().unwrap().rect()
}

fn ruler(window: &Harness<'_, App>) -> Rect {
    window
        .get_by_role_and_label(Role::Slider, "Playhead")
        .rect()
}

fn span(window: &Harness<'_, App>) -> Span {
    window.state().workbench().look().span()
}

fn chosen(window: &Harness<'_, App>) -> Vec<u32> {
    let look = window.state().workbench().look();
    let chosen = look.selection.chosen.as_ref();
    chosen.map_or_else(Vec::new, |chosen| chosen.events.to_vec())
}

/// What stands on the clipboard after the last frame.
fn copied(window: &Harness<'_, App>) -> Option<String> {
    let commands = &window.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// Writes a picture where `PICTURES` names a folder.
fn picture(window: &mut Harness<'_, App>, name: &str) {
    if let Ok(folder) = std::env::var("PICTURES") {
        let image = window.render().unwrap();
        image.save(format!("{folder}/{name}.png")).unwrap();
    }
}

#[test]
fn what_happened_in_a_stretch_takes_a_drag_and_a_click() {
    let mut window = sample();
    let part = ruler(&window);
    let y = place(&window, Role::ListItem, "order, ").center().y;
    drag(
        &mut window,
        pos2(part.left() + 300.0, y),
        pos2(part.left() + 420.0, y),
    );
    let look = window.state().workbench().look();
    let (a, b) = (look.marker_a.unwrap(), look.marker_b.unwrap());
    assert!(a.from < b.to);
    picture(&mut window, "range-dark");
    window.get_by_role_and_label(Role::Button, "Filter").click();
    window.run_ok();
    let bench = window.state().workbench();
    assert_eq!(bench.look().filter, "pos:A..B");
    let n_between = u64::from(b.to.0 - a.from.0) + 1;
    assert_eq!(bench.rows_shown().unwrap().len() as u64, n_between);
    assert!(
        window
            .query_by_role_and_label(Role::Button, "Filter")
            .is_none()
    );

    // The same in a menu of the flags: zoom to it, and a report on it.
    let full = span(&window);
    let flag = place(&window, Role::Button, "Marker A").center();
    for name in ["Zoom to A\u{2013}B", "Report A to B"] {
        window.hover_at(flag);
        window.step();
        for pressed in [true, false] {
            window.input_mut().events.push(Event::PointerButton {
                pos: flag,
                button: PointerButton::Secondary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        window.run_ok();
        window.get_by_label(name).click();
        window.run_ok();
        if name.starts_with("Zoom") {
            assert!(span(&window).len() < full.len() / 2);
            send(&mut window, Action::Undo);
        }
    }
    let bench = window.state().workbench();
    assert_eq!(bench.look().view, ViewKind::Report);
    assert!(bench.reporting.is_period);
    assert_eq!(bench.report_settings().from, Some(a.from.0));
}

#[test]
fn what_is_shown_only_narrows_a_filter_and_one_lane_takes_the_place_of_another() {
    let mut window = sample();
    let choice = "type=OrderPlaced or type=PaymentReceived";
    send(&mut window, Action::SetFilter(choice.to_owned()));
    let [a, b] = [100, 200].map(|at| Mark::moment(Position(at)));
    send(&mut window, Action::MarkA(Some(b)));
    send(&mut window, Action::MarkB(Some(a)));
    send(&mut window, Action::FilterMarked);
    let filter = |window: &Harness<'_, App>| window.state().workbench().look().filter.clone();
    assert_eq!(filter(&window), format!("({choice}) pos:B..A"));
    let rows = window.state().workbench().rows_shown().unwrap().to_vec();
    assert!(!rows.is_empty() && rows.iter().all(|at| (100..=200).contains(at)));
    // Markers that are set anew take the place of those before.
    send(&mut window, Action::MarkA(Some(a)));
    send(&mut window, Action::MarkB(Some(b)));
    send(&mut window, Action::FilterMarked);
    assert_eq!(filter(&window), format!("({choice}) pos:A..B"));
    for (lane, expected) in [
        ("order", format!("({choice}) pos:A..B category=order")),
        ("sensor", format!("({choice}) pos:A..B category=sensor")),
        ("sensor", format!("({choice}) pos:A..B")),
    ] {
        let label = place(&window, Role::ListItem, &format!("{lane}, ")).center();
        click_with(&mut window, label, Modifiers::ALT);
        assert_eq!(filter(&window), expected);
    }
}

#[test]
fn a_click_on_a_label_of_the_ruler_sets_its_period_and_does_not_scrub() {
    let mut window = sample();
    let before = window.state().workbench().look().playhead;
    let label = place(&window, Role::Button, "Period from 1 October 2023").center();
    click_with(&mut window, label, Modifiers::NONE);
    let label = place(&window, Role::Button, "Period from 1 January 2024").center();
    click_with(&mut window, label, Modifiers::COMMAND);
    let look = window.state().workbench().look();
    assert_eq!(look.playhead, before);
    let (a, b) = (look.marker_a.unwrap(), look.marker_b.unwrap());
    let log = &window.state().workbench().history.as_ref().unwrap().log;
    let time = |at: Position| log.time(at).unwrap().rfc3339(0);
    assert!(time(a.from).starts_with("2023-10-0"), "{}", time(a.from));
    assert!(a.to < b.from);
    assert!(time(b.from).starts_with("2024-01-0"), "{}", time(b.from));
    // A drag from a label scrubs.
    drag(&mut window, label, label - vec2(80.0, 0.0));
    assert!(window.state().workbench().look().playhead < before);

    // In the timeline of a stream a version is a moment.
    go_to(&mut window, "order-1220");
    let version = window
        .get_by_role_and_label(Role::Button, "Version v2")
        .rect()
        .center();
    let ends = [2, 5].map(|nr| {
        let name = format!("Version v{nr}");
        let label = window.get_by_role_and_label(Role::Button, &name);
        pos2(label.rect().center().x, ruler(&window).bottom() + 36.0)
    });
    click_with(&mut window, version, Modifiers::NONE);
    let bench = window.state().workbench();
    let stream = bench.look().selection.stream.unwrap();
    let log = &bench.history.as_ref().unwrap().log;
    let second = Position(log.events_of(stream)[2]);
    assert_eq!(
        bench.look().marker_a.map(|mark| (mark.from, mark.to)),
        Some((second, second))
    );
    // A stretch is dragged out there too, and zoomed to.
    drag(&mut window, ends[0], ends[1]);
    window.get_by_role_and_label(Role::Button, "Zoom").click();
    window.run_ok();
    let look = window.state().workbench().look();
    assert_eq!(look.stream_span, Some(Span { from: 2, to: 6 }));
    send(&mut window, Action::Fit);
    click_with(&mut window, version, Modifiers::NONE);
    // Its flag is dragged one version on.
    let next = window
        .get_by_role_and_label(Role::Button, "Version v3")
        .rect()
        .center();
    let flag = place(&window, Role::Button, "Marker A").center();
    drag(&mut window, flag, next);
    let bench = window.state().workbench();
    let third = Position(bench.history.as_ref().unwrap().log.events_of(stream)[3]);
    assert_eq!(bench.look().marker_a.map(|mark| mark.from), Some(third));
}

#[test]
fn several_events_are_selected_copied_and_let_go() {
    let mut window = sample();
    send(&mut window, Action::MovePlayhead(Position(100)));
    let row = |window: &Harness<'_, App>, nr: u32| {
        place(window, Role::Row, &format!("Row {nr},")).center()
    };
    let at = row(&window, 100);
    click_with(&mut window, at, Modifiers::NONE);
    let at = row(&window, 102);
    click_with(&mut window, at, Modifiers::COMMAND);
    assert_eq!(chosen(&window), [100, 102]);
    let at = row(&window, 105);
    click_with(&mut window, at, Modifiers::SHIFT);
    assert_eq!(chosen(&window), [100, 102, 103, 104, 105]);
    picture(&mut window, "selected-dark");
    window.event(Event::Copy);
    let mut text = None;
    for _ in 0..6 {
        window.step();
        text = text.or_else(|| copied(&window));
    }
    let text = text.unwrap();
    assert_eq!(text.lines().count(), 5);
    assert!(text.lines().all(|line| line.starts_with('{')), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("selected.jsonl");
    send(&mut window, Action::ExportAs(Export::Chosen, path.clone()));
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);

    // One step of undo takes one step back; Esc, and a click without keys, let go.
    send(&mut window, Action::Undo);
    assert_eq!(chosen(&window), [100, 102]);
    send(&mut window, Action::Redo);
    press(&mut window, Key::Escape);
    assert_eq!(chosen(&window), [0; 0]);
    let at = row(&window, 102);
    click_with(&mut window, at, Modifiers::COMMAND);
    click_with(&mut window, at, Modifiers::NONE);
    assert_eq!(chosen(&window), [0; 0]);
}

#[test]
fn lanes_grow_with_alt_and_the_wheel_and_stand_where_they_are_dragged() {
    let mut window = sample();
    let first = place(&window, Role::ListItem, "order, ");
    let over = pos2(ruler(&window).center().x, first.center().y);
    window.hover_at(over);
    window.step();
    hold(&mut window, Modifiers::ALT);
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 200.0),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::ALT,
    });
    window.run_ok();
    hold(&mut window, Modifiers::NONE);
    window.run_ok();
    let higher = place(&window, Role::ListItem, "order, ");
    assert!(
        higher.height() > first.height() + 5.0,
        "{}",
        higher.height()
    );
    send(&mut window, Action::Undo);
    assert_eq!(place(&window, Role::ListItem, "order, "), first);

    // A slow touchpad gives a point at a time; many of them are a step too.
    window.hover_at(over);
    window.step();
    hold(&mut window, Modifiers::ALT);
    for _ in 0..60 {
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, 1.0),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::ALT,
        });
        window.step();
    }
    hold(&mut window, Modifiers::NONE);
    window.run_ok();
    let height = window.state().workbench().look().lane_height;
    assert!((112..=116).contains(&height), "{height}");
    let back = 100 - i16::try_from(height).unwrap();
    send(&mut window, Action::ScaleLanes(back));
    assert_eq!(place(&window, Role::ListItem, "order, "), first);

    let third = place(&window, Role::ListItem, "customer, ");
    drag(
        &mut window,
        third.center(),
        first.center() - vec2(0.0, 12.0),
    );
    let look = window.state().workbench().look();
    assert!(!look.lane_order(Grouping::Category).is_empty());
    assert_eq!(
        place(&window, Role::ListItem, "customer, ").top(),
        first.top()
    );
    send(&mut window, Action::Undo);
    assert_eq!(place(&window, Role::ListItem, "order, "), first);
}

#[test]
fn a_double_click_goes_down_to_single_events_and_on_nothing_shows_all() {
    let mut window = sample();
    let full = span(&window);
    let lane = place(&window, Role::ListItem, "order, ").center().y;
    let at = pos2(ruler(&window).center().x, lane);
    double_click(&mut window, at);
    assert!(span(&window).len() < full.len() / 16, "single events");
    let empty = place(&window, Role::ListItem, "customer, ").center().y;
    let at = pos2(ruler(&window).left() + 5.0, empty);
    double_click(&mut window, at);
    assert_eq!(span(&window), full);
}

/// Presses at `from`, moves to `to`, and stays there with the button held.
fn carry(window: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    for nr in 1_u8..=4 {
        window.hover_at(from + (to - from) * f32::from(nr) / 4.0);
        window.step();
    }
}

/// Lets go there.
fn let_go(window: &mut Harness<'_, App>, at: Pos2) {
    window.drop_at(at);
    window.run_ok();
}

#[test]
fn streams_fields_and_events_are_dragged_to_where_they_do_something() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    send(&mut window, Action::ShowAllLanes);
    let lanes = pos2(ruler(&window).center().x, ruler(&window).bottom() + 40.0);

    // A stream onto the timeline: said before it is done.
    let other = place(&window, Role::TreeItem, "order-12").center();
    carry(&mut window, other, lanes);
    assert!(
        window
            .query_by_label_contains("Add the lane of order-")
            .is_some()
    );
    picture(&mut window, "carried-dark");
    let_go(&mut window, lanes);
    assert!(window.state().workbench().look().selection.stream.is_some());
    assert!(window.query_by_label_contains("Add the lane of").is_none());

    // A field of the state onto the timeline is pinned, onto the view of plots it is plotted.
    go_to(&mut window, "order-1220");
    send(
        &mut window,
        Action::PinField(JsonPath::parse("status").unwrap()),
    );
    let balance = place(&window, Role::TreeItem, "balance").center();
    let timeline = pos2(ruler(&window).center().x, ruler(&window).bottom() + 20.0);
    carry(&mut window, balance, timeline);
    assert!(window.query_by_label("Pin balance as a lane").is_some());
    let_go(&mut window, timeline);
    let pinned: Vec<String> = window
        .state()
        .workbench()
        .pinned_here()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(pinned, ["status", "balance"]);
    // Pinned lanes are dragged into another order.
    let [status, balance_lane] =
        ["status, ", "balance, "].map(|name| place(&window, Role::ListItem, name).center());
    drag(&mut window, balance_lane, status - vec2(0.0, 14.0));
    let first = window.state().workbench().pinned_here()[0].to_string();
    assert_eq!(first, "balance");

    // Where nothing happens, nothing changes.
    let types = place(&window, Role::Pane, "Types tile").center();
    let before = window.state().workbench().look().clone();
    carry(&mut window, balance, types);
    let_go(&mut window, types);
    assert_eq!(*window.state().workbench().look(), before);

    // An event onto a flag moves the marker, onto the report it is an exhibit.
    send(&mut window, Action::SetMarkerA);
    let at = window.state().workbench().look().playhead;
    let row = place(&window, Role::Row, &format!("Row {},", at.0 - 2)).center();
    let flag = place(&window, Role::Button, "Marker A").center();
    carry(&mut window, row, flag);
    assert!(window.query_by_label_contains("Move marker A to").is_some());
    let_go(&mut window, flag);
    let mark = window.state().workbench().look().marker_a.unwrap();
    assert_eq!(mark.from, Position(at.0 - 2));
    let row = place(&window, Role::Row, &format!("Row {},", at.0 - 1)).center();
    let report = place(&window, Role::Tab, "Report view").center();
    carry(&mut window, row, report);
    assert!(
        window
            .query_by_label_contains("as an exhibit of the report")
            .is_some()
    );
    let_go(&mut window, report);
    let settings = window.state().workbench().report_settings();
    let positions: Vec<u32> = settings.bookmarks.iter().map(|one| one.position).collect();
    assert!(positions.contains(&(at.0 - 1)), "{positions:?}");
}

/// A file that is dropped.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn files_say_what_becomes_of_them_and_rules_are_held_by_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("shop-rules.toml");
    let text = "[[state]]\nname = \"nobody owes\"\ncategory = \"order\"\nthat = \"balance >= 0\"\n";
    std::fs::write(&rules, text).unwrap();
    let mut window = sample();
    let hovering = |window: &mut Harness<'_, App>, name: &str| {
        window.input_mut().hovered_files = vec![egui::HoveredFile {
            path: Some(folder.path().join(name)),
            ..egui::HoveredFile::default()
        }];
        window.step();
        let bench = window.state().workbench();
        let dropped = bench.dropped(&[folder.path().join(name)], false);
        bench.drop_words(dropped, 1)
    };
    assert_eq!(hovering(&mut window, "a.js"), "Add as a projection");
    assert_eq!(
        hovering(&mut window, "a.annals"),
        "Open this workspace with its store"
    );
    assert_eq!(hovering(&mut window, "a.toml"), "Open this file, read-only");
    send(&mut window, Action::ShowView(ViewKind::Audit));
    assert_eq!(
        hovering(&mut window, "a.toml"),
        "Hold the history against these rules"
    );
    assert!(hovering(&mut window, "a.db").starts_with("Compare with "));
    window.input_mut().hovered_files.clear();
    window
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(Dropped(rules)));
    window.run_ok();
    let audit = window.state().workbench().answers.audit.latest();
    let audit = audit.unwrap().as_ref().unwrap();
    let check = audit.checks.iter().find(|check| check.id == "invariants");
    assert!(format!("{check:?}").contains("1 rule"), "{check:?}");
}

#[test]
fn a_field_is_found_in_the_state_by_ctrl_f() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_ok();
    window.event(Event::Text("sku".to_owned()));
    window.run_ok();
    let field = |window: &Harness<'_, App>| {
        let look = window.state().workbench().look();
        look.selection.field.as_ref().map(ToString::to_string)
    };
    assert_eq!(field(&window).as_deref(), Some("lines[0].sku"));
    picture(&mut window, "find-dark");
    press(&mut window, Key::Enter);
    assert_eq!(field(&window).as_deref(), Some("lines[1].sku"));
    window.get_by_label("Next match").click();
    window.run_ok();
    assert_eq!(field(&window).as_deref(), Some("lines[0].sku"));
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Next match").is_none());
}

#[test]
fn columns_are_chosen_and_values_are_filtered_to() {
    let mut window = sample();
    let has = |window: &Harness<'_, App>, title: &str| {
        window
            .query_by_role_and_label(Role::ColumnHeader, title)
            .is_some()
    };
    assert!(has(&window, "Version"));
    window
        .get_by_role_and_label(Role::Button, "Columns")
        .click();
    window.run_ok();
    window
        .get_by_role_and_label(Role::MenuItemRadio, "Version")
        .click();
    window.run_ok();
    assert!(!has(&window, "Version") && has(&window, "Stream"));
    picture(&mut window, "columns-dark");

    let stream = window
        .get_by_role_and_label(Role::ColumnHeader, "Stream")
        .rect();
    let row = place(&window, Role::Row, "Row 4,310,").center();
    let at = pos2(stream.left() + 20.0, row.y);
    window.hover_at(at);
    window.step();
    for pressed in [true, false] {
        window.input_mut().events.push(Event::PointerButton {
            pos: at,
            button: PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run_ok();
    window.get_by_label("Filter to stream account-0005").click();
    window.run_ok();
    let bench = window.state().workbench();
    assert_eq!(bench.look().filter, "stream=account-0005");
    let log = &bench.history.as_ref().unwrap().log;
    let n_events = log.events_of(log.streams_named("account-0005")[0]).len();
    assert_eq!(bench.rows_shown().unwrap().len(), n_events);
}

#[test]
fn the_position_in_the_status_bar_is_written_over_in_place() {
    let mut window = sample();
    window.get_by_label("#4,312 of 4,313").click();
    window.run_ok();
    window.event(Event::Text("#1,234".to_owned()));
    window.run_ok();
    press(&mut window, Key::Enter);
    assert_eq!(window.state().workbench().look().playhead, Position(1_234));
    assert!(window.query_by_label("#1,234 of 4,313").is_some());
}

#[test]
fn tabs_close_by_the_middle_button_and_dividers_go_back_by_two_clicks() {
    let mut window = sample();
    go_to(&mut window, "order-1220");
    let tab = window
        .get_by_role_and_label(Role::Tab, "Timeline: order-1220 tab")
        .rect()
        .center();
    window.hover_at(tab);
    window.step();
    for pressed in [true, false] {
        window.input_mut().events.push(Event::PointerButton {
            pos: tab,
            button: PointerButton::Middle,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    window.run_ok();
    assert_eq!(window.state().workbench().look().selection.stream, None);

    let streams = |window: &Harness<'_, App>| place(window, Role::Pane, "Streams tile");
    let first = streams(&window);
    let edge = pos2(first.right() + 0.5, first.center().y);
    drag(&mut window, edge, edge + vec2(60.0, 0.0));
    let wider = streams(&window);
    assert!(wider.width() > first.width() + 40.0, "{wider:?}");
    let edge = pos2(wider.right() + 0.5, first.center().y);
    double_click(&mut window, edge);
    assert!((streams(&window).width() - first.width()).abs() < 1.5);
}

#[test]
fn groups_of_the_palette_keep_their_order_and_an_exact_stream_is_first() {
    let mut window = sample();
    send(&mut window, Action::TogglePalette);
    window.event(Event::Text("order".to_owned()));
    window.run_ok();
    let top = |window: &Harness<'_, App>, group: &str| {
        let headings = window.query_all_by_role(Role::Heading);
        let mut found =
            headings.filter(|node| node.accesskit_node().label().as_deref() == Some(group));
        found.next().map(|node| node.rect().top())
    };
    let groups = ["Streams", "Types"].map(|group| top(&window, group).unwrap());
    assert!(groups[0] < groups[1]);
    press(&mut window, Key::Escape);
    send(&mut window, Action::TogglePalette);
    window.event(Event::Text("order-1220".to_owned()));
    window.run_ok();
    let first = place(&window, Role::ListBoxOption, "order-1220");
    let options = window.get_all_by_role(Role::ListBoxOption);
    assert!(
        options
            .map(|node| node.rect().top())
            .all(|top| top >= first.top())
    );
}

#[test]
fn numbers_are_rolled_forward_in_a_report_and_left_out_again() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Report));
    window.hover_at(pos2(150.0, 700.0));
    window.step();
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -3000.0),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    window.run_ok();
    window.get_by_label("Add roll-forward").click();
    window.run_ok();
    window.get_by_label("balance of account").click();
    window.run_ok();
    let rolled = |window: &Harness<'_, App>| {
        let settings = window.state().workbench().report_settings();
        settings.rolled.len()
    };
    assert_eq!(rolled(&window), 1);
    picture(&mut window, "rolled-dark");
    let made = window
        .state()
        .workbench()
        .report()
        .unwrap()
        .report
        .rolled
        .len();
    assert_eq!(made, 1);
    window
        .get_by_role_and_label(Role::CheckBox, "balance of account")
        .click();
    window.run_ok();
    assert_eq!(rolled(&window), 0);
}
