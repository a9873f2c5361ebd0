//! The State tab beyond the tree: who set what, what it is compared with, and what a field was.

use super::*;

use annals::event::json::JsonPath;
use annals::workbench::{Compare, Mark};

fn at(version: i64) -> Harness<'static, Bench> {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", version);
    let mut harness = inspector(bench, InspectorTab::State);
    settle(&mut harness);
    harness
}

fn path(text: &str) -> JsonPath {
    JsonPath::parse(text).unwrap()
}

#[test]
fn each_field_names_the_event_that_set_it_and_leads_there() {
    let mut harness = at(2);
    harness.get_by_label("total was set by v0 OrderPlaced");
    harness.get_by_label("balance was set by v2 DiscountApplied");
    harness
        .get_by_label("total was set by v0 OrderPlaced")
        .click();
    harness.run_ok();
    assert!(
        harness
            .state()
            .sent
            .contains(&Action::GoToSetter(path("total")))
    );
    harness
        .state_mut()
        .workbench
        .change("test", Duration::ZERO, |look| look.blame = false);
    settle(&mut harness);
    assert!(
        harness
            .query_by_label("total was set by v0 OrderPlaced")
            .is_none()
    );
}

#[test]
fn a_state_is_compared_with_what_the_user_wants() {
    let mut harness = at(2);
    harness.get_by_label("First").click();
    settle(&mut harness);
    harness.get_by_label("balance, changed from 200.00 to minus 50.00");
    harness.get_by_label("Off").click();
    settle(&mut harness);
    harness.get_by_label("State @ v2, 0 changed, 0 added, 0 removed");
    harness
        .state_mut()
        .workbench
        .change("test", Duration::ZERO, |look| {
            look.compare = Compare::A;
            look.marker_a = Some(Mark::moment(Position(2)));
        });
    settle(&mut harness);
    harness.get_by_label("balance, changed from 0.00 to minus 50.00");
}

#[test]
fn only_what_differs_is_shown_on_request() {
    let mut harness = at(2);
    harness.get_by_label("total, 200.00");
    harness.get_by_label("Changed only").click();
    settle(&mut harness);
    assert!(harness.query_by_label("total, 200.00").is_none());
    harness.get_by_label("balance, changed from 0.00 to minus 50.00");
}

#[test]
fn what_an_event_did_is_told_in_a_sentence_that_is_read_out_when_it_rests() {
    let mut harness = at(2);
    let sentence =
        "DiscountApplied v2 lowered balance from 0.00 to \u{2212}50.00 and set code to SPRING50";
    harness.get_by_role_and_label(Role::Label, sentence);
    assert!(
        harness
            .query_by_role_and_label(Role::Status, sentence)
            .is_none()
    );
    harness.state_mut().now += Duration::from_secs(1);
    harness.run_ok();
    harness.get_by_role_and_label(Role::Status, sentence);
}

#[test]
fn the_history_of_a_chosen_field_leads_to_its_values() {
    let mut harness = at(2);
    harness
        .get_by_label("balance, changed from 0.00 to minus 50.00")
        .click();
    settle(&mut harness);
    harness.get_by_label("3 changes since v0, lowest \u{2212}50.00 at v2, highest 200.00 at v0");
    harness.get_by_label("balance over 4 versions, 3 changes, minus 50.00 at the playhead");
    let look = |look: &mut annals::workbench::Look| look.inspector = InspectorTab::History;
    harness
        .state_mut()
        .workbench
        .change("test", Duration::ZERO, look);
    settle(&mut harness);
    harness.get_by_label("v0, 200.00, OrderPlaced").click();
    harness.run_ok();
    assert_eq!(playhead(&harness), 0);
}

#[test]
fn enter_on_a_field_goes_to_who_set_it() {
    let mut harness = at(2);
    harness.get_by_label("total, 200.00").click();
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(
        harness
            .state()
            .sent
            .contains(&Action::GoToSetter(path("total")))
    );
}

#[test]
fn two_marked_points_are_told_apart_with_the_events_responsible() {
    let mut bench = Bench::new(history(order()));
    bench.go("order-1", 2);
    bench.workbench.change("test", Duration::ZERO, |look| {
        look.marker_a = Some(Mark::moment(Position(0)));
        look.marker_b = Some(Mark::moment(Position(2)));
    });
    let mut harness = inspector(bench, InspectorTab::Diff);
    settle(&mut harness);
    harness.get_by_label_contains("Differences v0 \u{2192} v1");
    harness.get_by_label("balance was set by v1 PaymentReceived");
    harness.get_by_label("Side by side").click();
    settle(&mut harness);
    harness.get_by_label("balance, changed from 200.00 to 0.00");
}

#[test]
fn pictures_of_states_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = std::path::Path::new(&folder);
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for (tab, what) in [
            (InspectorTab::State, "state"),
            (InspectorTab::Diff, "diff"),
            (InspectorTab::History, "history"),
        ] {
            let mut bench = Bench::new(demo());
            bench.go("order-1220", 7);
            bench.workbench.change("test", Duration::ZERO, |look| {
                look.selection.field = Some(path("total"));
                look.inspector = tab;
            });
            let draw =
                |bench: &mut Bench, ui: &mut Ui, view: &View<'_>| bench.inspector.ui(ui, view);
            let mut harness = window([472.0, 900.0], theme, bench, draw);
            settle(&mut harness);
            save(
                &mut harness,
                &folder.join(format!("inspector-{what}-{name}.png")),
            );
        }
    }
}
