//! Projections written, run and plotted in the window, driven by label and role.
//!
//! `PICTURES=dir cargo test --test ui_projections` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/payments.rs"]
mod payments;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, OnError, PlotSource, ProjectEdit, RunState, ScriptId, ViewKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use payments::paid_in;

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn setup(runner: Runner, settings_path: Option<PathBuf>) -> Setup {
    Setup {
        runner,
        settings_path,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    }
}

type Window = Harness<'static, App>;

fn window_of(setup: Setup, open: Action, size: [f32; 2], theme: Theme) -> Window {
    let app = App::new(setup);
    app.send(open);
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    settle(&mut window);
    window
}

/// The sample history.
fn sample() -> Window {
    let setup = setup(Runner::inline(), None);
    window_of(setup, Action::OpenSample, [1600.0, 1000.0], Theme::Dark)
}

fn settle(window: &mut Window) {
    for _ in 0..6 {
        window.step();
    }
    window.run_ok();
}

fn send(window: &mut Window, action: Action) {
    window.state().send(action);
    settle(window);
}

fn project(window: &mut Window, edit: ProjectEdit) {
    send(window, Action::Project(Box::new(edit)));
}

/// Takes in a script and shows it.
fn write(window: &mut Window, text: &str) -> ScriptId {
    project(window, ProjectEdit::Add("test".to_owned(), text.to_owned()));
    window.state().workbench().projecting.shown.unwrap()
}

fn run(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(window);
}

/// Where the plot stands whose description begins so.
fn plot(window: &Window, begins: &str) -> egui::Rect {
    let images = window.query_all_by_role(Role::Image);
    let is_it = |node: &egui_kittest::Node<'_>| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.starts_with(begins))
    };
    let mut found = images.filter(is_it);
    found
        .next()
        .unwrap_or_else(|| panic!("no plot {begins}"))
        .rect()
}

fn state(window: &Window, id: ScriptId) -> RunState {
    let projecting = &window.state().workbench().projecting;
    projecting.answer(id).unwrap().0.state
}

const COUNTS: &str = "fromCategory('order')
  .foreachStream()
  .when({
    $init: () => ({ n: 0, paid: 0 }),
    OrderPlaced: (s, e) => { s.n += 1; },
    PaymentReceived: (s, e) => { s.paid += e.data.amount; },
  })
";

#[test]
fn the_sample_has_a_projection_that_runs_with_a_key() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    window.get_by_label("revenue-by-day, not run").click();
    settle(&mut window);
    window.get_by_label("Script revenue-by-day.js");
    run(&mut window);
    let projecting = &window.state().workbench().projecting;
    let id = projecting.shown.unwrap();
    let (answer, is_same) = projecting.answer(id).unwrap();
    assert_eq!(answer.state, RunState::Done);
    assert!(is_same);
    let placed = answer
        .handlers
        .iter()
        .find(|handler| handler.name == "OrderPlaced");
    assert_eq!(placed.unwrap().calls, 259);
    assert_eq!(placed.unwrap().line, Some(8));
    plot(&window, "paid by day, ");
    window.get_by_role_and_label(Role::Tab, "Partitions 259");
    // What has no handler is said, and one is added with a click.
    window
        .get_by_label("Add handler for OrderConfirmed")
        .click();
    settle(&mut window);
    let projecting = &window.state().workbench().projecting;
    let script = projecting.script_shown().unwrap();
    assert!(script.text.contains("OrderConfirmed: function (s, e) {"));
    window.get_by_label("Edited");
}

#[test]
fn a_new_projection_is_begun_with_the_types_that_are_there_and_runs() {
    let mut window = sample();
    send(&mut window, Action::GoTo("order-1220".to_owned()));
    send(&mut window, Action::NewProjection);
    let script = window
        .state()
        .workbench()
        .projecting
        .script_shown()
        .unwrap();
    assert_eq!(script.name, "order-states.js");
    assert!(script.text.contains("PaymentReceived: function (s, e) {"));
    assert!(script.text.contains("s.amount = e.data.amount;"));
    let id = script.id;
    run(&mut window);
    assert_eq!(state(&window, id), RunState::Done);
}

#[test]
fn what_is_typed_is_run_and_older_results_are_marked() {
    let mut window = sample();
    let id = write(&mut window, COUNTS);
    run(&mut window);
    assert_eq!(state(&window, id), RunState::Done);
    assert!(window.query_by_label("Edited").is_none());
    window.get_by_label("Script test.js").focus();
    settle(&mut window);
    window.event(Event::Text("// ".to_owned()));
    settle(&mut window);
    window.get_by_label("Edited");
    run(&mut window);
    assert!(window.query_by_label("Edited").is_none());
}

#[test]
fn an_error_ends_the_run_at_its_line_or_is_skipped_and_said_everywhere() {
    let mut window = sample();
    let text = COUNTS.replace("e.data.amount", "e.data.money.amount");
    let id = write(&mut window, &text);
    run(&mut window);
    assert_eq!(state(&window, id), RunState::Failed);
    let projecting = &window.state().workbench().projecting;
    let problem = &projecting.answer(id).unwrap().0.problems[0];
    assert!(problem.is_fatal);
    assert_eq!(problem.line, Some(6));
    let words = problem.what.clone();
    let position = problem.position.unwrap();
    window.get_by_role_and_label(Role::Image, &words);
    window.get_by_label("test, failed");
    let go = format!("Go to #{}", annals::event::grouped(u64::from(position.0)));
    window.get_by_label(&go).click();
    settle(&mut window);
    assert_eq!(window.state().workbench().look().playhead, position);

    project(&mut window, ProjectEdit::OnError(id, OnError::Skip));
    run(&mut window);
    assert_eq!(state(&window, id), RunState::Done);
    window.get_by_label("test, 244 skipped");
    window.get_by_label("244 skipped");
}

#[test]
fn a_click_on_a_problem_shows_its_line() {
    let mut window = sample();
    let lines = "\n".repeat(200);
    write(&mut window, &format!("{lines}{COUNTS}.nothing()"));
    run(&mut window);
    window.get_by_label("Go to line 208").click();
    settle(&mut window);
    assert!(window.get_by_label("Script test.js").is_focused());
}

#[test]
fn only_the_events_between_the_markers_are_run_where_that_is_asked() {
    let mut window = sample();
    let id = write(
        &mut window,
        "fromAll().when({ $init: () => ({ n: 0 }), $any: s => { s.n += 1 } })",
    );
    let at = |nr: u32| annals::workbench::Mark::moment(annals::event::Position(nr));
    send(&mut window, Action::MarkA(Some(at(100))));
    send(&mut window, Action::MarkB(Some(at(199))));
    window.get_by_label("Run A to B").click();
    settle(&mut window);
    let projecting = &window.state().workbench().projecting;
    let results = projecting.answer(id).unwrap().0.results.clone().unwrap();
    let all = results.partitions().next().unwrap();
    assert_eq!(results.events_of(all).len(), 100);
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn scripts_are_kept_with_the_store_and_opened_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("orders.jsonl");
    let line = r#"{"stream":"order-1","version":0,"type":"OrderPlaced","time":"2024-01-01T10:00:00Z","data":{"total":12.50}}"#;
    std::fs::write(&store, line).unwrap();
    let script = folder.path().join("mine.js");
    std::fs::write(&script, COUNTS).unwrap();
    let settings = folder.path().join("settings.json");
    let open = || {
        let setup = setup(Runner::inline(), Some(settings.clone()));
        let open = Action::OpenPath(store.clone());
        window_of(setup, open, [1280.0, 800.0], Theme::Dark)
    };
    let mut window = open();
    let dropped = Arc::new(Dropped(script));
    window.input_mut().dropped_files.push(dropped);
    settle(&mut window);
    for _ in 0..60 {
        window.step();
    }
    window.run_ok();
    let shown = window
        .state()
        .workbench()
        .projecting
        .script_shown()
        .unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.text.as_str()),
        ("mine.js", COUNTS)
    );
    drop(window);
    let window = open();
    let projecting = &window.state().workbench().projecting;
    assert_eq!(projecting.script_shown().unwrap().text, COUNTS);
}

#[test]
fn a_field_of_payloads_is_plotted_by_name_and_adds_up_to_what_the_file_holds() {
    let mut window = sample();
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut window);
    window.event(Event::Text("plot data.amount".to_owned()));
    settle(&mut window);
    window
        .get_by_label_contains("payloads of order, sum by day")
        .click();
    settle(&mut window);
    plot(&window, "data.amount by day, ");
    window.get_by_label("By: Day").click();
    settle(&mut window);
    window.get_by_label("Month").click();
    settle(&mut window);
    window.get_by_label("Split: None").click();
    settle(&mut window);
    window.get_by_label("By type").click();
    settle(&mut window);
    let plotting = &window.state().workbench().projecting.plotting;
    let answered = plotting.built_in.latest().unwrap().as_ref().unwrap();
    let lines = &answered.plotted.lines;
    let paid = lines
        .iter()
        .find(|line| line.name == "PaymentReceived")
        .unwrap();
    let sums: Vec<String> = paid
        .points
        .iter()
        .filter_map(|step| step.value.map(|value| value.to_string()))
        .collect();
    for month in ["2024-02", "2024-03"] {
        let held = paid_in(month);
        let same = |sum: &String| sum.parse::<f64>().ok() == held.parse::<f64>().ok();
        assert!(sums.iter().any(same), "{month}: {held} in {sums:?}");
    }
}

fn click_with(window: &mut Window, at: egui::Pos2, modifiers: Modifiers) {
    window.event(Event::PointerMoved(at));
    window.event_modifiers(
        Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed: true,
            modifiers,
        },
        modifiers,
    );
    window.event_modifiers(
        Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed: false,
            modifiers,
        },
        modifiers,
    );
    settle(window);
}

#[test]
fn a_click_on_a_step_names_the_events_that_made_it() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    window.get_by_label("revenue-by-day, not run").click();
    settle(&mut window);
    run(&mut window);
    let plot = plot(&window, "paid by day, ");
    let middle = egui::pos2(plot.left() + plot.width() * 0.5, plot.center().y);
    click_with(&mut window, middle, Modifiers::NONE);
    let explains = &window.state().workbench().projecting.plotting.explains;
    assert!(explains.is_some());
    window.get_by_label("What made it");
}

#[test]
fn partitions_follow_the_playhead_and_are_filtered_and_stepped_through() {
    let mut window = sample();
    write(&mut window, COUNTS);
    run(&mut window);
    let n = |window: &Window| {
        let plotting = &window.state().workbench().projecting.plotting;
        let table = plotting.partitions.latest().unwrap().as_ref().unwrap();
        (table.rows.len(), table.n_all)
    };
    assert_eq!(n(&window).0, 259);
    send(&mut window, Action::GoTo("2023-06-30".to_owned()));
    let (before, _) = n(&window);
    assert!(before > 0 && before < 259, "{before}");
    window.get_by_label("Filter partitions").focus();
    settle(&mut window);
    window.event(Event::Text("paid>100".to_owned()));
    settle(&mut window);
    let (shown, all) = n(&window);
    assert!(shown < all && all == before, "{shown} of {all}");
    window.get_by_label("Test on stream").click();
    settle(&mut window);
    window.get_by_label_contains(", step ");
}

#[test]
fn a_projection_without_code_is_a_line_and_a_table() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    for name in ["Events by category", "Stream length", "Funnel of types"] {
        window.get_by_role_and_label(Role::ListItem, name).click();
        settle(&mut window);
        let plotting = &window.state().workbench().projecting.plotting;
        let is_it =
            |source: PlotSource| matches!(source, PlotSource::BuiltIn(what) if what.name() == name);
        assert!(is_it(plotting.plot().unwrap().source), "{name}");
        assert!(plotting.built_in.latest().unwrap().is_ok(), "{name}");
    }
}

/// The scripts of the folder of nasty ones, and own ones that hang, grow, recurse and shout.
fn nasty() -> Vec<(String, String)> {
    let own = [
        ("hangs", "fromAll().when({ $any: () => { for (;;) {} } })"),
        ("hangs at once", "for (;;) {}"),
        (
            "grows",
            "fromAll().when({ $any: s => { s.a = []; for (;;) s.a.push('x'.repeat(1e6)) } })",
        ),
        (
            "recurses",
            "function f() { return f() + 1 } fromAll().when({ $any: () => f() })",
        ),
        (
            "shouts",
            "fromAll().when({ $any: () => { for (let i = 0; i < 1e4; i++) log('x'.repeat(1e4)) } })",
        ),
        (
            "backtracks",
            "fromAll().when({ $any: () => /(a+)+b/.test('a'.repeat(60)) })",
        ),
        (
            "sorts",
            "fromAll().when({ $any: () => { new Array(1e7).fill(0).sort(() => 1) } })",
        ),
    ];
    let mut scripts: Vec<(String, String)> = own
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let folder = std::path::Path::new("tests/fixtures/scripts");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    for file in files {
        let path = file.path();
        if path.extension().is_some_and(|ends| ends == "js") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            scripts.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    scripts
}

#[test]
fn nasty_scripts_are_stopped_while_the_window_goes_on() {
    let setup = setup(Runner::with_threads(Arc::new(|| {})), None);
    let mut window = window_of(setup, Action::OpenSample, [1280.0, 800.0], Theme::Dark);
    let until = |window: &mut Window, what: &str, done: &dyn Fn(&App) -> bool| {
        let began = Instant::now();
        let mut longest = Duration::ZERO;
        while !done(window.state()) {
            let frame = Instant::now();
            window.step();
            longest = longest.max(frame.elapsed());
            assert!(began.elapsed() < Duration::from_mins(1), "{what}");
            std::thread::sleep(Duration::from_millis(5));
        }
        longest
    };
    until(&mut window, "open", &|app| {
        app.workbench().history.is_some()
    });
    for (name, text) in nasty() {
        window
            .state()
            .send(Action::Project(Box::new(ProjectEdit::Add(
                name.clone(),
                text,
            ))));
        window.step();
        window.step();
        window.state().send(Action::RunProjection);
        window.step();
        let longest = until(&mut window, &name, &|app| {
            let projecting = &app.workbench().projecting;
            projecting.running.is_none()
        });
        // The window draws on: no frame waits for the script. Generous, as tests run unoptimized on
        // machines that do other things.
        assert!(
            longest < Duration::from_secs(3),
            "{name}: a frame took {longest:?}"
        );
        let projecting = &window.state().workbench().projecting;
        let id = projecting.shown.unwrap();
        let state = projecting.answer(id).unwrap().0.state;
        assert_ne!(state, RunState::Running, "{name}");
        window
            .state()
            .send(Action::Project(Box::new(ProjectEdit::Remove(id))));
        window.step();
    }
}

#[test]
fn a_long_run_is_stopped_with_a_key_and_what_it_gave_stays() {
    let setup = setup(Runner::with_threads(Arc::new(|| {})), None);
    let mut window = window_of(setup, Action::OpenSample, [1280.0, 800.0], Theme::Dark);
    while window.state().workbench().history.is_none() {
        window.step();
    }
    let slow = "fromAll().when({ $init: () => ({ n: 0 }), $any: s => {
      let x = 0; for (let i = 0; i < 1e5; i++) x += i; s.n += 1; } })";
    window
        .state()
        .send(Action::Project(Box::new(ProjectEdit::Add(
            "slow".to_owned(),
            slow.to_owned(),
        ))));
    window.step();
    window.state().send(Action::RunProjection);
    window.step();
    window.step();
    let id = window.state().workbench().projecting.shown.unwrap();
    assert!(window.state().workbench().projecting.is_running(id));
    window.get_by_role_and_label(Role::Button, "Stop");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Period);
    window.step();
    window.step();
    let projecting = &window.state().workbench().projecting;
    assert!(!projecting.is_running(id));
    assert_eq!(projecting.runs[&id][0].state, RunState::Stopped);
    window.get_by_label("slow, stopped");
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let setup = setup(Runner::inline(), None);
            let mut window = window_of(setup, Action::OpenSample, size, theme);
            let save = |window: &mut Window, what: &str| {
                let picture = window.render().unwrap();
                let file = format!("projections-{what}-{name}-{}.png", size[0]);
                picture.save(folder.join(file)).unwrap();
            };
            send(&mut window, Action::ShowView(ViewKind::Projections));
            save(&mut window, "start");
            run(&mut window);
            send(&mut window, Action::GoTo("2024-03-12".to_owned()));
            save(&mut window, "run");
            let text = COUNTS.replace("e.data.amount", "e.data.money.amount");
            write(&mut window, &text);
            run(&mut window);
            save(&mut window, "failed");
            window.get_by_label("Test on stream").click();
            settle(&mut window);
            save(&mut window, "steps");
            let paid = annals::event::json::JsonPath::parse("paid").unwrap();
            let category = {
                let history = window.state().workbench().history.clone().unwrap();
                let names = history.log.category_names();
                let nr = names.iter().position(|name| &**name == "order").unwrap();
                annals::event::CategoryId(u32::try_from(nr).unwrap())
            };
            send(&mut window, Action::PlotStates(category, paid));
            window.get_by_label("By: Day").click();
            settle(&mut window);
            window.get_by_label("Week").click();
            settle(&mut window);
            // Beside a script there is no room for months in a small window.
            let id = window.state().workbench().projecting.shown.unwrap();
            project(&mut window, ProjectEdit::CloseTab(id));
            let id = window.state().workbench().projecting.shown.unwrap();
            project(&mut window, ProjectEdit::CloseTab(id));
            window.get_by_label("February 2024").click();
            settle(&mut window);
            let march = window.get_by_label("March 2024").rect().center();
            click_with(&mut window, march, Modifiers::COMMAND);
            save(&mut window, "marked");
            window.key_press(Key::D);
            settle(&mut window);
            save(&mut window, "overlay");
            window
                .get_by_role_and_label(Role::ListItem, "Events by category")
                .click();
            settle(&mut window);
            save(&mut window, "built-in");
        }
    }
}

#[test]
fn two_versions_are_compared_beside_each_other() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    let a = write(&mut window, COUNTS);
    let double = COUNTS.replace("e.data.amount", "e.data.amount * 2");
    let name = "double".to_owned();
    project(&mut window, ProjectEdit::Add(name, double));
    project(&mut window, ProjectEdit::Show(a));
    run(&mut window);
    window.get_by_label("Script menu").click();
    settle(&mut window);
    // The other version was not run: that is done first.
    window.get_by_label("Compare with double.js").click();
    settle(&mut window);
    let plotting = &window.state().workbench().projecting.plotting;
    let lines = plotting.lines.known().unwrap().1.as_ref().unwrap();
    let names: Vec<&str> = lines.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["paid, test.js", "paid, double.js"]);
    let found = plotting.versions.known().unwrap().1.as_ref().unwrap();
    let first = found.first().unwrap().clone();
    assert_eq!(first.path.to_string(), "paid");
    window.get_by_role_and_label(Role::Tab, "Versions");
    let go = format!("Go to #{}", first.position.0);
    window.get_by_label(&go).click();
    settle(&mut window);
    assert_eq!(window.state().workbench().look().playhead, first.position);
    // The same script differs nowhere.
    project(
        &mut window,
        ProjectEdit::Add("same".to_owned(), COUNTS.to_owned()),
    );
    let same = window.state().workbench().projecting.shown;
    project(&mut window, ProjectEdit::Show(a));
    let edit = annals::workbench::PlotEdit::Versus(same);
    send(&mut window, Action::Plot(Box::new(edit)));
    window.get_by_label_contains("No difference. The same after every event");
}

#[test]
fn a_script_is_checked_while_it_is_written() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    let id = write(&mut window, COUNTS);
    let broken = COUNTS.replace("$init: ()", "$init: (");
    project(&mut window, ProjectEdit::Text(id, broken));
    for _ in 0..40 {
        window.step();
    }
    settle(&mut window);
    window.get_by_role_and_label(Role::Tab, "Problems 1");
    project(&mut window, ProjectEdit::Text(id, COUNTS.to_owned()));
    for _ in 0..40 {
        window.step();
    }
    settle(&mut window);
    window.get_by_role_and_label(Role::Tab, "Problems");
}

#[test]
fn the_piece_of_time_at_the_playhead_is_known_by_then() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    write(&mut window, COUNTS);
    run(&mut window);
    let history = window.state().workbench().history.clone().unwrap();
    let log = &history.log;
    let is_payment = |at: &u32| {
        let at = annals::event::Position(*at);
        log.type_name(log.event_type(at)) == "PaymentReceived"
    };
    let middle = u32::try_from(log.len() / 2).unwrap();
    let half = annals::event::Position((middle..=log.last().unwrap().0).find(is_payment).unwrap());
    send(&mut window, Action::SelectEvent(half));
    let plotting = &window.state().workbench().projecting.plotting;
    let whole = plotting.lines.known().unwrap().1.as_ref().unwrap();
    let (key, partial) = plotting.partial.known().unwrap();
    let partial = partial.as_ref().unwrap();
    assert_eq!(key.ask.until, Some(half));
    let from = partial.edges[0];
    let at = |lines: &annals::projection::Plotted| {
        let points = lines.lines[0].points.iter();
        points.clone().find(|step| step.x == from).unwrap().value
    };
    assert!(
        at(partial) <= at(whole),
        "{:?} {:?}",
        at(partial),
        at(whole)
    );
}

#[test]
fn the_list_at_the_left_is_filtered() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    window.get_by_label("Throughput");
    window.get_by_label("Filter projections").focus();
    window.step();
    window.get_by_label("Filter projections").type_text("bytes");
    settle(&mut window);
    assert!(window.query_by_label("Throughput").is_none());
    window.get_by_label("Bytes by type");
}

#[test]
fn time_in_state_is_an_entry_of_the_list() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    window.get_by_label("Time in state").click();
    settle(&mut window);
    let plotting = &window.state().workbench().projecting.plotting;
    assert!(plotting.plot().unwrap().stays);
    let lines = plotting.lines.known().unwrap().1.as_ref().unwrap();
    assert!(lines.lines.len() > 1, "a line for each value");
    let stays = plotting.stays.known().unwrap().1.as_ref().unwrap();
    assert_eq!(stays.table.rows.len(), lines.lines.len());
}

#[test]
fn words_markers_bookmarks_and_what_is_kept_stand_beside_a_projection() {
    let mut window = sample();
    send(&mut window, Action::ShowView(ViewKind::Projections));
    write(&mut window, COUNTS);
    assert!(window.query_by_label("Checkpoints").is_none());
    run(&mut window);
    // What the playhead costs is said once there are results.
    window.get_by_label("Checkpoints");
    window.get_by_label_contains("moving the playhead runs nothing again");
    // Markers that are not set cannot be chosen.
    let is_off = |window: &Window, label: &str| {
        let radio = window.get_by_role_and_label(Role::RadioButton, label);
        radio.accesskit_node().is_disabled()
    };
    assert!(is_off(&window, "A") && is_off(&window, "B"));
    send(&mut window, Action::GoTo("2023-07-01".to_owned()));
    send(&mut window, Action::SetMarkerA);
    assert!(!is_off(&window, "A") && is_off(&window, "B"));
    let as_of = |window: &Window| {
        let labels = window.query_all_by_role(Role::Label);
        let mut labels = labels.filter_map(|node| node.accesskit_node().value());
        labels.find(|label| label.starts_with("As of 20")).unwrap()
    };
    let marked = as_of(&window);
    send(&mut window, Action::GoTo("2024-03-12".to_owned()));
    assert_ne!(as_of(&window), marked);
    window.get_by_role_and_label(Role::RadioButton, "A").click();
    settle(&mut window);
    assert_eq!(as_of(&window), marked);
    // Bookmarks are named in the plot.
    let said = window.query_all_by_role(Role::Image);
    let said = said.filter_map(|node| node.accesskit_node().label());
    let said: Vec<String> = said.collect();
    let is_named = |label: &String| label.contains(", bookmarks A coupon takes 50.00");
    assert!(said.iter().any(is_named), "{said:?}");
    if let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) {
        let picture = window.render().unwrap();
        picture.save(folder.join("projections-marked.png")).unwrap();
    }
    // The words of the language stand in a tab beside the script, and are searched.
    window.get_by_role_and_label(Role::Tab, "Reference").click();
    settle(&mut window);
    assert!(window.query_by_label("Script test.js").is_none());
    let words = |window: &Window| {
        let rows = window.query_all_by_role(Role::ListItem);
        let labels = rows.filter_map(|node| node.accesskit_node().label());
        labels.filter(|label| label.ends_with('.')).count()
    };
    assert!(words(&window) > 30, "{}", words(&window));
    if let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) {
        let picture = window.render().unwrap();
        picture
            .save(folder.join("projections-reference.png"))
            .unwrap();
    }
    window.get_by_label("Filter words").focus();
    settle(&mut window);
    window.event(Event::Text("partitionBy".to_owned()));
    settle(&mut window);
    assert_eq!(words(&window), 1);
    window.get_by_role_and_label(Role::Tab, "test.js").click();
    settle(&mut window);
    window.get_by_label("Script test.js");
}
