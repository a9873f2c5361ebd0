//! The panels driven by label and role, and one small picture of each.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test ui_panels` writes the pictures anew.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "ui_panels/bench.rs"]
mod bench;
mod support;

use std::time::Duration;

use annals::event::json::JsonPath;
use annals::event::{CausationNames, Consumer, Payload, Position};
use annals::history::History;
use annals::ui::View;
use annals::ui::shell::file_info::FileInfo;
use annals::ui::theme::{size, tokens};
use annals::workbench::{Action, InspectorTab, ViewKind};
use bench::{Bench, Given, demo, demo_events, history, long_history};
use egui::{Key, Rect, Role, Theme, Ui, UiBuilder, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};

#[path = "ui_panels/state.rs"]
mod state;

/// A part of the window over a bench.
fn window<'a>(
    size: [f32; 2],
    theme: Theme,
    bench: Bench,
    mut draw: impl FnMut(&mut Bench, &mut Ui, &View<'_>) + 'a,
) -> Harness<'a, Bench> {
    support::harness(size, theme, 1.0, bench, move |ui, bench| {
        let whole = ui.max_rect();
        ui.painter().rect_filled(whole, 0.0, tokens(ui).panel);
        bench.show(|bench, view| draw(bench, ui, view));
    })
}

/// One order, whose balance a second discount makes negative.
fn order() -> Vec<Given> {
    let day = |hour: u8| format!("2023-02-0{}T{hour:02}:22:09.376Z", 1 + hour / 12);
    vec![
        Given::new(
            "order-1",
            0,
            "OrderPlaced",
            &day(1),
            r#"{"total":200.00,"lines":[{"sku":"S-1"}],"balance":200.00,"coupon":"SPRING50"}"#,
        ),
        Given::new(
            "payment-1",
            0,
            "PaymentCaptured",
            &day(2),
            r#"{"amount":200.00,"amount":2e2,"note":null}"#,
        ),
        Given::new(
            "order-1",
            1,
            "PaymentReceived",
            &day(3),
            r#"{"balance":0.00}"#,
        ),
        Given::new("order-2", 0, "OrderPlaced", &day(13), r#"{"total":12.50}"#),
        Given::new(
            "order-1",
            2,
            "DiscountApplied",
            &day(14),
            r#"{"balance":-50.00,"code":"SPRING50"}"#,
        ),
        Given::new("order-1", 3, "OrderClosed", &day(15), r"{}"),
    ]
}

fn events_window<'a>(bench: Bench) -> Harness<'a, Bench> {
    window([960.0, 320.0], Theme::Dark, bench, |bench, ui, view| {
        bench.events.ui(ui, view);
    })
}

fn playhead(harness: &Harness<'_, Bench>) -> u32 {
    harness.state().workbench.look().playhead.0
}

#[test]
fn a_click_on_an_event_moves_the_playhead() {
    let mut harness = events_window(Bench::new(history(order())));
    harness.run_ok();
    assert_eq!(playhead(&harness), 5);
    harness
        .get_by_label_contains("Row 2, PaymentReceived")
        .click();
    harness.run_ok();
    assert_eq!(playhead(&harness), 2);
    harness.get_by_label("Row 2, PaymentReceived, order-1 v1, 2023-02-01 03:22:09.376, selected");
    harness.get_by_label_contains("order-2 v0, 2023-02-02 13:22:09.376, in the future");
}

#[test]
fn keys_walk_the_events() {
    let mut harness = events_window(Bench::new(history(order())));
    harness.run_ok();
    harness.get_by_label_contains("Row 2, ").click();
    harness.run_ok();
    harness.key_press(Key::J);
    harness.run_ok();
    harness.key_press(Key::ArrowDown);
    harness.run_ok();
    assert_eq!(playhead(&harness), 4);
    harness.key_press(Key::K);
    harness.run_ok();
    assert_eq!(playhead(&harness), 3);
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert_eq!(
        harness.state().sent.last(),
        Some(&Action::ShowInspector(InspectorTab::Event))
    );
}

#[test]
fn a_long_history_costs_no_more_rows_than_fit() {
    let mut harness = events_window(Bench::new(long_history(300_000)));
    harness.run_ok();
    let n_rows = harness.get_all_by_role(Role::Row).count();
    assert!((12..=14).contains(&n_rows), "{n_rows} rows");
    harness.get_by_label_contains("Row 299,999, ReadingTaken, sensor-99 v2,999, ");
    let wanted = harness.state().wanted.clone().unwrap().positions;
    assert_eq!(wanted.first().unwrap() % 64, 0);
    assert_eq!(wanted.last(), Some(&299_999));
    assert!(wanted.len() < 256);
}

#[test]
fn scrolling_a_little_asks_for_the_same_data() {
    let mut harness = events_window(Bench::new(long_history(10_000)));
    let to = |harness: &mut Harness<'_, Bench>, position: u32| {
        let now = harness.state().now;
        harness
            .state_mut()
            .workbench
            .move_to(Position(position), now);
        harness.run_ok();
        harness.state().wanted.clone().unwrap()
    };
    let first = to(&mut harness, 5_000);
    assert_eq!(to(&mut harness, 5_003), first);
    assert_ne!(to(&mut harness, 9_000), first);
}

#[test]
fn a_filter_narrows_the_streams() {
    let mut harness = window(
        [264.0, 400.0],
        Theme::Dark,
        Bench::new(history(order())),
        |bench, ui, view| {
            bench.streams.ui(ui, view);
        },
    );
    harness.run_ok();
    harness.get_by_label("order, 5 events, 2 streams");
    assert!(harness.query_by_label_contains("order-2, ").is_none());
    harness.key_press(Key::Slash);
    harness.run_ok();
    harness.get_by_role(Role::TextInput).type_text("er-2");
    harness.run_ok();
    harness.get_by_label("order-2, 1 event");
    assert!(harness.query_by_label_contains("payment").is_none());
    assert!(harness.query_by_label_contains("order-1, ").is_none());
    harness.get_by_role(Role::TextInput).type_text("x");
    harness.run_ok();
    harness.get_by_label("Clear filter").click();
    harness.run_ok();
    harness.get_by_label("payment, 1 event, 1 stream");
}

#[test]
fn categories_unfold_and_streams_are_chosen() {
    let mut harness = window(
        [264.0, 400.0],
        Theme::Dark,
        Bench::new(history(order())),
        |bench, ui, view| {
            bench.streams.ui(ui, view);
        },
    );
    harness.run_ok();
    harness.get_by_label("order, 5 events, 2 streams").click();
    harness.run_ok();
    harness.get_by_label("order-1, 4 events").click();
    harness.run_ok();
    let stream = harness.state().stream("order-1");
    assert_eq!(
        harness.state().workbench.look().selection.stream,
        Some(stream)
    );
    harness.key_press(Key::J);
    harness.run_ok();
    let stream = harness.state().stream("order-2");
    assert_eq!(
        harness.state().workbench.look().selection.stream,
        Some(stream)
    );
    for key in [Key::H, Key::H] {
        harness.key_press(key);
        harness.run_ok();
    }
    assert!(harness.query_by_label("order-1, 4 events").is_none());
}

#[test]
fn a_click_brings_a_type_out_and_another_takes_that_back() {
    let mut harness = window(
        [264.0, 300.0],
        Theme::Dark,
        Bench::new(history(order())),
        |bench, ui, view| {
            bench.types.ui(ui, view);
        },
    );
    harness.run_ok();
    harness.get_by_label("OrderPlaced, 2 events").click();
    harness.run_ok();
    assert!(
        harness
            .state()
            .workbench
            .look()
            .selection
            .event_type
            .is_some()
    );
    harness.get_by_label("OrderPlaced, 2 events").click();
    harness.run_ok();
    assert_eq!(harness.state().workbench.look().selection.event_type, None);
}

fn inspector<'a>(mut bench: Bench, tab: InspectorTab) -> Harness<'a, Bench> {
    bench
        .workbench
        .change("tab", Duration::ZERO, |look| look.inspector = tab);
    window(
        [size::INSPECTOR, 640.0],
        Theme::Dark,
        bench,
        |bench, ui, view| bench.inspector.ui(ui, view),
    )
}

#[test]
fn the_state_says_what_its_event_changed() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 2);
    let mut harness = inspector(bench, InspectorTab::State);
    settle(&mut harness);
    harness.get_by_label("State @ v2, 1 changed, 1 added, 0 removed");
    harness.get_by_label("balance, changed from 0.00 to minus 50.00");
    harness.get_by_label("code, added, \"SPRING50\"");
    harness.get_by_label("total, 200.00");
}

#[test]
fn a_mere_merge_of_payloads_is_labelled_as_such() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 2);
    bench.choose_field("order-1", "balance");
    let mut harness = inspector(bench, InspectorTab::State);
    settle(&mut harness);
    harness.get_by_label("payload merge");
    let bench = std::mem::replace(harness.state_mut(), Bench::new(history(Vec::new())));
    let mut harness = window([1000.0, 600.0], Theme::Dark, bench, |bench, ui, view| {
        bench.projections.ui(ui, view);
    });
    settle(&mut harness);
    harness.get_by_label("payload merge");
}

#[test]
fn a_number_of_the_state_can_be_plotted() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 2);
    let mut harness = inspector(bench, InspectorTab::State);
    settle(&mut harness);
    harness
        .get_by_label("balance, changed from 0.00 to minus 50.00")
        .click();
    harness.run_ok();
    harness.get_by_label("Plot over time").click();
    harness.run_ok();
    let path = JsonPath::parse("balance").unwrap();
    assert!(harness.state().sent.contains(&Action::PlotPath(path)));
}

#[test]
fn a_stream_that_has_not_begun_leads_to_its_first_event() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-2", 0);
    bench
        .workbench
        .move_to(Position(1), Duration::from_secs(20));
    let mut harness = inspector(bench, InspectorTab::State);
    harness.run_ok();
    harness.get_by_label("Go to its first event").click();
    harness.run_ok();
    assert_eq!(playhead(&harness), 3);
}

#[test]
fn an_event_is_shown_as_it_is_written() {
    let mut bench = Bench::new(history(order()));
    bench.go("payment-1", 0);
    let mut harness = inspector(bench, InspectorTab::Event);
    settle(&mut harness);
    harness.get_by_label("amount: 200.00");
    harness.get_by_label("amount: 2e2");
    harness.get_by_label("note: null");
    harness.get_by_label("JSON, 42 B");
    harness.get_by_label("Written, UTC: 2023-02-01T02:22:09.376Z");
    harness.get_by_label("Time travel").click();
    harness.run_ok();
    assert_eq!(
        harness.state().workbench.look().inspector,
        InspectorTab::State
    );
}

#[test]
fn columns_that_play_no_part_are_shown_and_one_that_names_a_command_is_no_missing_event() {
    let mut events = order();
    let detail = &mut events[5].detail;
    detail.causation = Some("8c41e0b7-1111-2222-3333-44445555d29f".to_owned());
    detail.extra = vec![
        ("tenant".to_owned(), Payload::Text("e\u{202e}u".into())),
        ("shard".to_owned(), Payload::Json("4".into())),
        ("gone".to_owned(), Payload::Missing),
    ];
    let mut history = history(events);
    history.about.causation = CausationNames::Command;
    let mut bench = Bench::new(history);
    bench.answer();
    let mut harness = inspector(bench, InspectorTab::Event);
    harness.run_ok();
    harness.get_by_label("Further columns");
    harness.get_by_label("tenant: e\u{202e}u");
    harness.get_by_label("shard: 4");
    harness.get_by_label("gone: null");
    harness.get_by_label("Command: 8c41e0b7-1111-2222-3333-44445555d29f");
    assert!(harness.query_by_label_contains("Caused by").is_none());
    assert!(harness.query_by_label_contains("File: ").is_none());
}

/// Two who read along, one of them at its end, and one who keeps no number.
fn read_along() -> History {
    let consumer = |name: &str, position: &str, behind| Consumer {
        table: "subscriptions".to_owned(),
        name: name.to_owned(),
        position: position.to_owned(),
        behind,
        status: Some("running".to_owned()),
        updated: None,
    };
    let mut history = history(order());
    history.consumers = vec![
        consumer("invoices", "5", Some(0)),
        consumer("search-index", "-1234", Some(1240)),
        consumer("mails", "AAAAAg==", None),
    ];
    history
}

#[test]
fn those_who_read_the_store_along_are_listed_with_their_lag() {
    let mut info = FileInfo::default();
    let mut harness = window(
        [1024.0, 640.0],
        Theme::Dark,
        Bench::new(read_along()),
        move |_, ui, view| {
            info.show(ui.ctx(), view);
        },
    );
    harness.run_ok();
    harness.get_by_label("invoices, at 5, up to date, status running, table subscriptions");
    harness.get_by_label(
        "search-index, at -1234, 1,240 events behind, status running, table subscriptions",
    );
    harness.get_by_label(
        "mails, at AAAAAg==, position is opaque, status running, table subscriptions",
    );
}

#[test]
fn an_event_that_cannot_be_read_says_why() {
    let mut bench = Bench::new(history(order()));
    let key = bench.workbench.event_key().unwrap();
    bench
        .workbench
        .answers
        .event
        .set(key, Err("the record is gone".to_owned()));
    let mut harness = inspector(bench, InspectorTab::Event);
    harness.run_ok();
    harness.get_by_label("the record is gone");
}

#[test]
fn plots_say_what_they_show_and_a_click_moves_the_playhead() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 2);
    bench.choose_field("order-1", "balance");
    let mut harness = window([1000.0, 600.0], Theme::Dark, bench, |bench, ui, view| {
        bench.projections.ui(ui, view);
    });
    settle(&mut harness);
    let plot = harness
        .get_by_label_contains("Events by type, 1 d 15 h by 30 min, 6 events")
        .rect();
    harness.get_by_label("balance of order-1, 3 changes, lowest minus 50.00, highest 200.00, minus 50.00 at the playhead");
    let first = pos2(plot.left() + 76.0, plot.center().y);
    harness.hover_at(first);
    harness.run_ok();
    harness.drag_at(first);
    harness.drop_at(first);
    harness.run_ok();
    assert_eq!(playhead(&harness), 0);
}

#[test]
fn the_wheel_zooms_at_the_pointer() {
    let bench = Bench::new(history(order()));
    let before = bench.workbench.look().time_span;
    let mut harness = window([1000.0, 600.0], Theme::Dark, bench, |bench, ui, view| {
        bench.projections.ui(ui, view);
    });
    harness.run_ok();
    let plot = harness.get_by_label_contains("Events by type, ").rect();
    harness.hover_at(plot.center());
    harness.run_ok();
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run_ok();
    let after = harness.state().workbench.look().time_span;
    assert!(after.len() < before.len(), "{after:?}");
    assert!(before.from < after.from && after.to < before.to);
}

/// The sample history with an event taken out, one doubled, and a time that goes back.
fn damaged() -> History {
    let mut events = demo_events();
    events.remove(2_000);
    events[900].version = 99;
    let early = events[1_200].detail.time;
    events[1_500].detail.time = early;
    let id = events[10].detail.id.clone();
    events[700].detail.id = id;
    history(events)
}

#[test]
fn a_finding_leads_to_its_event() {
    let mut bench = Bench::new(damaged());
    bench.answer_audit();
    let mut harness = window([1400.0, 1000.0], Theme::Dark, bench, |bench, ui, view| {
        bench.audit.ui(ui, view);
    });
    harness.run_ok();
    harness
        .get_all_by_label_contains("Error, ")
        .next()
        .unwrap()
        .click();
    harness.run_ok();
    assert!(harness.state().workbench.look().selection.finding.is_some());
    harness.get_by_label_contains("Go to #").click();
    harness.run_ok();
    assert!(
        harness
            .state()
            .sent
            .contains(&Action::ShowView(ViewKind::Explore))
    );
    harness.get_by_label("Run again").click();
    harness.run_ok();
    assert_eq!(harness.state().sent.last(), Some(&Action::RunAudit));
}

#[test]
fn an_audit_not_run_can_be_run() {
    let mut harness = window(
        [1400.0, 500.0],
        Theme::Dark,
        Bench::new(history(order())),
        |bench, ui, view| {
            bench.audit.ui(ui, view);
        },
    );
    harness.run_ok();
    harness
        .get_all_by_label("Run audit")
        .next()
        .unwrap()
        .click();
    harness.run_ok();
    assert_eq!(harness.state().sent, [Action::RunAudit]);
    let generation = harness.state().workbench.generation;
    harness.state_mut().workbench.answers.audit.ask(generation);
    harness.run_ok();
    harness.get_by_role(Role::ProgressIndicator);
}

#[test]
fn pictures_of_the_sidebar() {
    let mut bench = Bench::new(history(order()));
    bench.open("order");
    bench.go("order-1", 2);
    let mut harness = window([264.0, 320.0], Theme::Dark, bench, |bench, ui, view| {
        let [upper, lower] = halves(ui);
        part(ui, upper, |ui| bench.streams.ui(ui, view));
        part(ui, lower, |ui| bench.types.ui(ui, view));
    });
    harness.run_ok();
    harness.snapshot("panel_sidebar");
}

#[test]
fn pictures_of_the_events() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 1);
    let mut harness = events_window(bench);
    harness.run_ok();
    harness.snapshot("panel_events_loading");
    settle(&mut harness);
    harness.snapshot("panel_events");
}

#[test]
fn pictures_of_the_inspector() {
    let mut results = SnapshotResults::new();
    for (tab, name) in [
        (InspectorTab::Event, "event"),
        (InspectorTab::State, "state"),
    ] {
        let mut bench = Bench::new(history(order()));
        bench.go("order-1", 2);
        let mut harness = inspector(bench, tab);
        harness.run_ok();
        harness.snapshot(format!("panel_{name}_loading"));
        settle(&mut harness);
        harness.snapshot(format!("panel_{name}"));
        results.extend(harness.take_snapshot_results());
    }
}

#[test]
fn pictures_of_the_plots() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 1);
    bench.choose_field("order-1", "balance");
    let mut harness = window([960.0, 520.0], Theme::Light, bench, |bench, ui, view| {
        bench.projections.ui(ui, view);
    });
    settle(&mut harness);
    harness.snapshot("panel_projections");
}

#[test]
fn pictures_of_the_audit() {
    let mut bench = Bench::new(damaged());
    bench.answer_audit();
    bench.workbench.change("finding", Duration::ZERO, |look| {
        look.selection.finding = Some(0);
    });
    let mut harness = window([1400.0, 520.0], Theme::Light, bench, |bench, ui, view| {
        bench.audit.ui(ui, view);
    });
    harness.run_ok();
    harness.snapshot("panel_audit");
}

fn halves(ui: &Ui) -> [Rect; 2] {
    let whole = ui.max_rect();
    whole.split_top_bottom_at_fraction(0.5).into()
}

fn part(ui: &mut Ui, rect: Rect, draw: impl FnOnce(&mut Ui)) {
    let mut child = ui.new_child(UiBuilder::new().id_salt(format!("{rect:?}")).max_rect(rect));
    child.shrink_clip_rect(rect);
    draw(&mut child);
}

/// Large pictures to look at, where `PICTURES` names a folder for them.
#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = std::path::Path::new(&folder);
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut bench = Bench::new(demo());
        bench.open("order");
        bench.go("order-1220", 7);
        let mut harness = window([1600.0, 1000.0], theme, bench, explore);
        settle(&mut harness);
        save(
            &mut harness,
            &folder.join(format!("explore-event-{name}.png")),
        );
        harness
            .state_mut()
            .workbench
            .change("tab", std::time::Duration::ZERO, |look| {
                look.inspector = annals::workbench::InspectorTab::State;
            });
        settle(&mut harness);
        save(
            &mut harness,
            &folder.join(format!("explore-state-{name}.png")),
        );

        let mut bench = Bench::new(demo());
        bench.go("customer-0317", 7);
        bench.choose_field("customer-0317", "change");
        let mut harness = window([1600.0, 950.0], theme, bench, |bench, ui, view| {
            bench.projections.ui(ui, view);
        });
        settle(&mut harness);
        save(
            &mut harness,
            &folder.join(format!("projections-{name}.png")),
        );

        let mut bench = Bench::new(damaged());
        bench.answer_audit();
        bench
            .workbench
            .change("finding", std::time::Duration::ZERO, |look| {
                look.selection.finding = Some(0);
            });
        let mut harness = window([1600.0, 950.0], theme, bench, |bench, ui, view| {
            bench.audit.ui(ui, view);
        });
        settle(&mut harness);
        save(&mut harness, &folder.join(format!("audit-{name}.png")));
    }
}

/// Draws, answers what is asked, and draws again until nothing changes.
fn settle(harness: &mut Harness<'_, Bench>) {
    for _ in 0..3 {
        harness.run_ok();
        harness.state_mut().answer();
    }
    harness.run_ok();
}

fn save(harness: &mut Harness<'_, Bench>, path: &std::path::Path) {
    harness.render().unwrap().save(path).unwrap();
}

/// The panels of Explore, as they stand around the timeline.
fn explore(bench: &mut Bench, ui: &mut Ui, view: &View<'_>) {
    let whole = ui.max_rect();
    let side = Rect::from_min_max(
        whole.min,
        pos2(
            whole.left() + size::SIDEBAR,
            whole.top() + whole.height() * 0.55,
        ),
    );
    let types = Rect::from_min_max(
        pos2(whole.left(), side.bottom() + 32.0),
        pos2(side.right(), whole.bottom()),
    );
    let inspector = Rect::from_min_max(
        pos2(whole.right() - size::INSPECTOR, whole.top()),
        whole.max,
    );
    let events = Rect::from_min_max(
        pos2(side.right() + 1.0, whole.top() + 560.0),
        pos2(inspector.left() - 1.0, whole.bottom()),
    );
    let mut part = |rect: Rect, draw: &mut dyn FnMut(&mut Ui)| {
        let mut child = ui.new_child(UiBuilder::new().id_salt(format!("{rect:?}")).max_rect(rect));
        child.shrink_clip_rect(rect);
        child.painter().rect_stroke(
            rect,
            0.0,
            egui::Stroke::new(1.0, tokens(&child).line),
            egui::StrokeKind::Outside,
        );
        draw(&mut child);
    };
    part(side, &mut |ui| bench.streams.ui(ui, view));
    part(types, &mut |ui| bench.types.ui(ui, view));
    part(events, &mut |ui| bench.events.ui(ui, view));
    part(inspector, &mut |ui| bench.inspector.ui(ui, view));
}
