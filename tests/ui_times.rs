//! Both times of events, several branches and what is compared, in the whole window.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp, Want};
use annals::history::{Axis, Clock};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, FieldLanes, InspectorTab, Look, StreamAxis};
use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_of(
    settings: Option<PathBuf>,
    open: Action,
    (size, theme): ([f32; 2], Theme),
) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: settings,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    app.send(open);
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

fn store() -> Action {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"));
    Action::OpenPath(path.join("tests/fixtures/stores/rails-event-store-valid-at.db"))
}

const LARGE: ([f32; 2], Theme) = ([1600.0, 1000.0], Theme::Dark);

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
    window.run_ok();
}

fn look<'a>(window: &'a Harness<'_, App>) -> &'a Look {
    window.state().workbench().look()
}

#[test]
fn either_time_can_be_the_axis_and_an_event_shows_both() {
    let mut window = window_of(None, store(), LARGE);
    let recorded = look(&window).time_span;
    window
        .get_by_role_and_label(Role::RadioButton, "Occurred")
        .click();
    window.run_ok();
    window.run_ok();
    assert_eq!(
        (look(&window).axis, look(&window).clock),
        (Axis::Time, Clock::Occurred)
    );
    assert!(look(&window).time_span.from < recorded.from);
    send(&mut window, Action::GoTo("#25".to_owned()));
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    assert!(
        window
            .query_by_label_contains("Occurred, UTC: 2026-01-06T20:00:00")
            .is_some()
    );
    for clock in [Clock::Recorded, Clock::Occurred] {
        send(&mut window, Action::SetClock(clock));
    }
    send(&mut window, Action::ToggleAxis);
    assert_eq!(look(&window).axis, Axis::Sequence);
    send(&mut window, Action::ToggleAxis);
    assert_eq!(
        (look(&window).axis, look(&window).clock),
        (Axis::Time, Clock::Recorded)
    );
    let stream = window.state().workbench().stream_shown().unwrap();
    send(&mut window, Action::OpenStream(stream));
    send(&mut window, Action::SetClock(Clock::Occurred));
    assert_eq!(look(&window).stream_axis, StreamAxis::Time);
    let sample = window_of(None, Action::OpenSample, LARGE);
    assert!(
        sample
            .query_by_role_and_label(Role::RadioButton, "Time")
            .is_some()
    );
    assert!(
        sample
            .query_by_role_and_label(Role::RadioButton, "Occurred")
            .is_none()
    );
}

#[test]
fn going_to_both_times_shows_what_was_known_then() {
    let mut window = window_of(None, store(), LARGE);
    let point = "recorded #44, occurred 2026-01-07";
    send(&mut window, Action::GoTo(point.to_owned()));
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    assert_eq!(look(&window).playhead.0, 44);
    assert!(
        window
            .query_by_label("Branch occurred by 2026-01-07")
            .is_some()
    );
    assert!(
        window
            .query_by_label_contains("Of what occurred by 2026-01-07 23:59:59")
            .is_some()
    );
    send(&mut window, Action::GoTo(point.to_owned()));
    assert_eq!(window.state().workbench().branches().len(), 1);
    send(&mut window, Action::ToggleBase);
    assert!(window.query_by_label("As recorded").is_some());
}

#[test]
fn branches_stand_beside_each_other_and_are_named_switched_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.ndjson");
    let lines = [
        r#"{"stream":"order-1","version":0,"type":"Placed","data":{"total":5}}"#,
        r#"{"stream":"order-1","version":1,"type":"Changed","data":{"total":7}}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let settings = Some(folder.path().join("settings.toml"));
    let open = || window_of(settings.clone(), Action::OpenPath(file.clone()), LARGE);
    let mut window = open();
    send(&mut window, Action::SkipHere);
    send(&mut window, Action::NewBranch("other".to_owned()));
    send(&mut window, Action::GoTo("#0".to_owned()));
    send(&mut window, Action::SkipHere);
    let names = |window: &Harness<'_, App>| {
        let bench = window.state().workbench();
        let names = bench.branches().into_iter();
        names
            .map(|branch| branch.name().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&window), ["other", "what-if-1"]);
    let skipped = |window: &Harness<'_, App>| {
        let branch = look(window).branch.clone().unwrap();
        branch.edits().map(|(at, _)| at.0).collect::<Vec<_>>()
    };
    assert_eq!(skipped(&window), [0]);
    send(&mut window, Action::SwitchBranch("what-if-1".to_owned()));
    assert_eq!(skipped(&window), [1]);
    send(&mut window, Action::RenameBranch("other".to_owned()));
    assert_eq!(names(&window), ["other", "what-if-1"], "that name is taken");
    send(&mut window, Action::RenameBranch("first try".to_owned()));
    send(&mut window, Action::NextBranch);
    assert_eq!(skipped(&window), [0]);
    drop(window);
    let mut window = open();
    assert_eq!(names(&window), ["first try", "other"]);
    assert_eq!(skipped(&window), [0]);
    send(&mut window, Action::DiscardBranch);
    assert_eq!(names(&window), ["first try"]);
    assert!(look(&window).branch.is_none());
}

#[test]
fn two_streams_are_compared_and_each_side_names_who_set_its_fields() {
    let mut window = window_of(None, Action::OpenSample, LARGE);
    let log = |window: &Harness<'_, App>, name: &str| {
        let history = window.state().workbench().history.clone().unwrap();
        history.log.find_stream(name, None).unwrap()
    };
    let (mine, other) = (log(&window, "order-1220"), log(&window, "order-1221"));
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::CompareWith(other));
    assert_eq!(look(&window).inspector, InspectorTab::Diff);
    let key = window.state().workbench().diff_key().unwrap();
    assert_eq!((key.old_stream, key.stream), (mine, other));
    let answer = window.state().workbench().answers.diff.for_key(&key);
    let answer = answer.fresh().unwrap().as_ref().unwrap();
    assert!(!answer.changes.is_empty());
    let history = window.state().workbench().history.clone().unwrap();
    for one in &answer.changes {
        assert!(one.by.iter().all(|at| history.log.stream(*at) == other));
        assert!(one.old_by.iter().all(|at| history.log.stream(*at) == mine));
        assert!(!one.by.is_empty() || !one.old_by.is_empty());
    }
    assert!(window.query_by_label("order-1221").is_some());
    window
        .get_by_role_and_label(Role::RadioButton, "Side by side")
        .click();
    window.run_ok();
    assert!(
        window
            .query_by_role_and_label(Role::ColumnHeader, "Set in A")
            .is_some()
    );
    // By hand: A in one stream, B in the other.
    send(&mut window, Action::ClearMarkers);
    send(&mut window, Action::GoTo("order-1221@1".to_owned()));
    send(&mut window, Action::SetMarkerA);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::SetMarkerB);
    send(&mut window, Action::ShowDiff);
    let key = window.state().workbench().diff_key().unwrap();
    assert_eq!(
        (key.old_stream, key.stream, key.old),
        (other, mine, Some(1))
    );
}

#[test]
fn two_events_are_compared_by_what_they_say() {
    let mut window = window_of(None, Action::OpenSample, LARGE);
    send(&mut window, Action::GoTo("order-1220@0".to_owned()));
    send(&mut window, Action::SetMarkerA);
    let old = look(&window).playhead;
    send(&mut window, Action::GoTo("order-1221@0".to_owned()));
    let new = look(&window).playhead;
    send(&mut window, Action::CompareEvents);
    assert_eq!(look(&window).compared_events, Some((old, new)));
    let key = window.state().workbench().events_key().unwrap();
    let answer = window.state().workbench().answers.events.for_key(&key);
    let changes = answer.fresh().unwrap().as_ref().unwrap();
    assert!(!changes.is_empty());
    assert!(
        window
            .query_by_label_contains("Differences Data #")
            .is_some()
    );
    window
        .get_by_role_and_label(Role::Button, "Compare states")
        .click();
    window.run_ok();
    window.run_ok();
    assert_eq!(look(&window).compared_events, None);
}

#[test]
fn the_timeline_counts_what_a_filter_leaves() {
    let mut window = window_of(None, Action::OpenSample, LARGE);
    send(
        &mut window,
        Action::SetFilter("type:OrderPlaced".to_owned()),
    );
    let bench = window.state().workbench();
    let slice = bench.slice_shown().unwrap();
    let history = bench.history.clone().unwrap();
    let log = &history.log;
    let is_placed = |at: u32| log.type_name(log.event_type(Position(at))) == "OrderPlaced";
    let n_events = u32::try_from(log.len()).unwrap();
    let n_placed = (0..n_events).filter(|at| is_placed(*at)).count();
    assert_eq!(slice.len(), n_placed);
    assert!((0..n_events).all(|at| slice.contains(Position(at)) == is_placed(at)));
    let left = format!("{n_placed} left by the filter");
    assert!(
        window.query_by_label_contains(&left).is_some(),
        "the lane says how many"
    );
    send(&mut window, Action::SetFilter(String::new()));
    assert!(window.state().workbench().slice_shown().is_none());
}

#[test]
fn an_event_is_gone_to_by_its_id_or_the_beginning_of_it() {
    let mut window = window_of(None, store(), LARGE);
    let history = window.state().workbench().history.clone().unwrap();
    let place = history.log.place(Position(25));
    let id = history
        .reader
        .read_one(place, Want::All)
        .unwrap()
        .id
        .unwrap();
    send(&mut window, Action::GoTo("#3".to_owned()));
    send(&mut window, Action::GoTo(id.clone()));
    assert_eq!(look(&window).playhead, Position(25));
    send(&mut window, Action::GoTo("#3".to_owned()));
    send(&mut window, Action::GoTo(id[..8].to_uppercase()));
    assert_eq!(look(&window).playhead, Position(25));
    send(&mut window, Action::GoTo("00000000-none".to_owned()));
    assert_eq!(look(&window).playhead, Position(25));
    assert!(window.query_by_label_contains("event id is").is_some());
    send(&mut window, Action::GoTo("+2h".to_owned()));
    let bench = window.state().workbench();
    let time = |at| history.log.time(at).unwrap().0;
    let passed = time(bench.look().playhead) - time(Position(25));
    assert!(passed > 0 && passed <= 2 * 3_600_000_000_000);
}

#[test]
fn without_pins_the_fields_that_change_most_are_lanes() {
    let mut window = window_of(None, Action::OpenSample, LARGE);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    assert_eq!(
        window.state().workbench().lanes_shown(),
        FieldLanes::Changed
    );
    let paths = |window: &Harness<'_, App>| {
        let bench = window.state().workbench();
        let key = bench.lanes_key().unwrap();
        let lanes = bench.answers.travel.lanes.for_key(&key).fresh().unwrap();
        let lanes = lanes.as_ref().unwrap().iter();
        lanes.map(|lane| lane.path.to_string()).collect::<Vec<_>>()
    };
    let found = paths(&window);
    assert!((1..=4).contains(&found.len()), "{found:?}");
    assert!(
        found.contains(&"balance".to_owned()) && found.contains(&"status".to_owned()),
        "{found:?}"
    );
    let path = annals::event::json::JsonPath::parse("total").unwrap();
    send(&mut window, Action::PinField(path));
    assert_eq!(paths(&window), ["total"]);
}

#[test]
fn a_branch_shows_what_was_recorded_beside_its_fields() {
    let mut window = window_of(None, Action::OpenSample, LARGE);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::SkipHere);
    let bench = window.state().workbench();
    let key = bench.lanes_key().unwrap();
    let lanes = bench.answers.travel.lanes.for_key(&key).fresh().unwrap();
    let lanes = lanes.as_ref().unwrap();
    let balance = lanes
        .iter()
        .find(|lane| lane.path.to_string() == "balance")
        .unwrap();
    assert!(balance.base_at(7).is_some() && balance.base_at(6).is_none());
    let path = annals::event::json::JsonPath::parse("balance").unwrap();
    send(&mut window, Action::SelectField(Some(path)));
    send(&mut window, Action::ShowFieldHistory);
    let head = window.query_by_role_and_label(Role::ColumnHeader, "As recorded");
    assert!(head.is_some());
}

/// Writes pictures for people to look at: `PICTURES=folder cargo test --test ui_times pictures`.
#[test]
fn pictures_of_what_is_compared() {
    let Ok(folder) = std::env::var("PICTURES") else {
        return;
    };
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light)] {
        for size in [[1280.0, 800.0], [1600.0, 1000.0]] {
            let save = |window: &mut Harness<'_, App>, what: &str| {
                let picture = window.render().unwrap();
                let file = format!("{what}-{name}-{}.png", size[0]);
                picture.save(Path::new(&folder).join(file)).unwrap();
            };
            let mut window = window_of(None, Action::OpenSample, (size, theme));
            let history = window.state().workbench().history.clone().unwrap();
            let other = history.log.find_stream("order-1221", None).unwrap();
            send(&mut window, Action::GoTo("order-1220@7".to_owned()));
            save(&mut window, "stream");
            send(&mut window, Action::CompareWith(other));
            save(&mut window, "two-streams");
            window
                .get_by_role_and_label(Role::RadioButton, "Side by side")
                .click();
            window.run_ok();
            save(&mut window, "two-streams-beside");
            send(&mut window, Action::SetFilter("type:Order*".to_owned()));
            save(&mut window, "filter-stream");
            send(&mut window, Action::ShowAllLanes);
            save(&mut window, "filter-lanes");
            send(&mut window, Action::ClearMarkers);
            send(&mut window, Action::SetFilter(String::new()));
            send(&mut window, Action::GoTo("order-1220@5".to_owned()));
            send(&mut window, Action::SkipHere);
            send(&mut window, Action::GoTo("order-1220@8".to_owned()));
            send(&mut window, Action::ShowInspector(InspectorTab::State));
            save(&mut window, "branch-lanes");
            let path = annals::event::json::JsonPath::parse("balance").unwrap();
            send(&mut window, Action::SelectField(Some(path)));
            send(&mut window, Action::ShowFieldHistory);
            save(&mut window, "branch-field");
            let mut window = window_of(None, store(), (size, theme));
            send(&mut window, Action::SetClock(Clock::Occurred));
            let point = "recorded #44, occurred 2026-01-07 19:00";
            send(&mut window, Action::GoTo(point.to_owned()));
            send(&mut window, Action::GoTo("#26".to_owned()));
            send(&mut window, Action::ShowInspector(InspectorTab::State));
            save(&mut window, "occurred-lanes");
            let stream = window.state().workbench().stream_shown().unwrap();
            send(&mut window, Action::OpenStream(stream));
            send(&mut window, Action::SetClock(Clock::Occurred));
            save(&mut window, "occurred-stream");
        }
    }
}
