//! Each screen as those meet it who do not see it or have no mouse; in its odd states; and enlarged.
//!
//! `PICTURES=dir cargo test --test ui_screens` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::fmt::Write as _;
use std::path::PathBuf;

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, CausesTab, InspectorTab, Setting, SidebarTab, ViewKind};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window(first: Option<Action>, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    if let Some(action) = first {
        app.send(action);
    }
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        // The fonts of the system, which have every sign, are not there in tests.
        ui.ctx()
            .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
        app.logic(ui.ctx());
        app.ui(ui);
    });
    settle(&mut window);
    window
}

fn settle(window: &mut Harness<'_, App>) {
    for _ in 0..4 {
        window.run_ok();
    }
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    settle(window);
}

fn press(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn picture(window: &mut Harness<'_, App>, name: &str) {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let picture = window.render().unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

/// Every screen and dialog, with what leads there from the sample history.
fn screens() -> Vec<(&'static str, Vec<Action>)> {
    let bookmarks = Action::ShowSidebar(SidebarTab::Bookmarks);
    let travel = || Action::GoTo("order-1220@7".to_owned());
    vec![
        ("overview", vec![]),
        ("time travel", vec![travel()]),
        ("bookmarks", vec![bookmarks]),
        (
            "question",
            vec![travel(), Action::Ask("balance < 0".to_owned())],
        ),
        (
            "diff",
            vec![travel(), Action::ShowInspector(InspectorTab::Diff)],
        ),
        (
            "correlation",
            vec![travel(), Action::SetCauses(Some(CausesTab::Correlation))],
        ),
        ("projections", vec![Action::ShowView(ViewKind::Projections)]),
        (
            "audit",
            vec![Action::ShowView(ViewKind::Audit), Action::GoToFinding(0)],
        ),
        ("graph", vec![travel(), Action::ShowGraph]),
        ("palette", vec![Action::TogglePalette]),
        ("go to", vec![Action::AskGoTo]),
        ("shortcuts", vec![Action::ToggleShortcuts]),
        ("settings", vec![Action::ToggleSettings]),
        ("about", vec![Action::ShowAbout]),
        ("file information", vec![Action::ShowFileInfo]),
        ("problems", vec![Action::ShowProblems]),
        ("bookmark", vec![Action::AskBookmark]),
        ("note", vec![Action::AskNote]),
    ]
}

/// Whether a part can be acted on, so that it must say what it is.
fn is_acted_on(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::CheckBox
            | Role::ColorWell
            | Role::ComboBox
            | Role::DefaultButton
            | Role::Link
            | Role::ListBoxOption
            | Role::MenuItem
            | Role::MenuItemRadio
            | Role::MultilineTextInput
            | Role::RadioButton
            | Role::Row
            | Role::Slider
            | Role::SpinButton
            | Role::Switch
            | Role::Tab
            | Role::TextInput
            | Role::TreeItem
    )
}

/// Parts that can be acted on and say nothing of themselves: role and place.
fn nameless(window: &Harness<'_, App>) -> Vec<String> {
    let nodes = window.root().children_recursive();
    let nodes = nodes.filter(|node| is_acted_on(node.accesskit_node().role()));
    let silent = nodes.filter(|node| {
        let node = node.accesskit_node();
        node.label().is_none_or(|label| label.trim().is_empty())
    });
    let say = |node: egui_kittest::Node<'_>| {
        let shown = node.accesskit_node();
        format!("{:?} {:?} {:?}", shown.role(), node.rect(), shown.value())
    };
    silent.map(say).collect()
}

#[test]
fn every_part_that_can_be_acted_on_says_what_it_is() {
    let start = window(None, [1280.0, 800.0], Theme::Dark);
    assert_eq!(nameless(&start), [] as [String; 0], "start");
    drop(start);
    for (name, actions) in screens() {
        let mut window = window(Some(Action::OpenSample), [1280.0, 800.0], Theme::Dark);
        for action in actions {
            send(&mut window, action);
        }
        assert_eq!(nameless(&window), [] as [String; 0], "{name}");
        picture(&mut window, &format!("screen-{name}"));
    }
}

#[test]
fn painted_parts_have_the_roles_and_names_that_are_promised() {
    let mut window = window(Some(Action::OpenSample), [1600.0, 1000.0], Theme::Dark);
    send(&mut window, Action::GoTo("#300".to_owned()));
    send(&mut window, Action::ShowAllLanes);
    send(&mut window, Action::SetMarkerA);
    let named = |window: &Harness<'_, App>, role: Role, beginning: &str| {
        let nodes = window.root().children_recursive();
        let mut nodes = nodes.filter(|node| node.accesskit_node().role() == role);
        nodes.any(|node| {
            let label = node.accesskit_node().label();
            label.is_some_and(|label| label.starts_with(beginning))
        })
    };
    for (role, beginning) in [
        (Role::Slider, "Playhead"),
        (Role::Slider, "Visible range start"),
        (Role::Slider, "Visible range end"),
        (Role::ListItem, "order, "),
        (Role::Button, "Marker A"),
        (Role::Table, "Events"),
        (Role::Row, "Row 300, "),
        (Role::Pane, "Timeline tile"),
    ] {
        assert!(named(&window, role, beginning), "{role:?} {beginning}");
    }
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    assert!(named(&window, Role::TreeItem, "balance"));
    send(&mut window, Action::ShowGraph);
    assert!(named(
        &window,
        Role::TreeItem,
        "DiscountApplied, order-1220"
    ));
}

#[test]
fn all_tiles_are_reached_and_worked_without_a_mouse() {
    let mut window = window(Some(Action::OpenSample), [1600.0, 1000.0], Theme::Dark);
    let mut reached = Vec::new();
    for _ in 0..8 {
        press(&mut window, Modifiers::NONE, Key::F6);
        let focused = window.root().children_recursive();
        let mut focused = focused.filter(|node| node.accesskit_node().is_focused());
        reached.extend(
            focused
                .next()
                .and_then(|node| node.accesskit_node().label()),
        );
    }
    for tile in [
        "Top bar",
        "Streams tile",
        "Timeline tile",
        "Events tile",
        "Status bar",
    ] {
        assert!(
            reached.iter().any(|label| label == tile),
            "{tile}: {reached:?}"
        );
    }
    // From tile to tile, then into one, then along its rows.
    let start = window.state().workbench().look().playhead;
    press(&mut window, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(
        window.state().workbench().look().playhead,
        Position(start.0 - 1)
    );
}

/// A history in one of the states that are easily forgotten.
fn odd(name: &str) -> String {
    let line = |stream: &str, version: usize, kind: &str, data: &str| {
        format!(
            "{{\"stream\":\"{stream}\",\"version\":{version},\"type\":\"{kind}\",\"time\":\"2024-03-01T08:{:02}:00Z\",\"data\":{data}}}\n",
            version % 60
        )
    };
    let mut text = String::new();
    match name {
        "one event" => text.push_str(&line("order-1", 0, "Placed", "{\"total\":1}")),
        "long names" => {
            let stream = "a-very-long-name-of-a-stream-".repeat(12);
            let field = "aFieldWithAVeryLongName".repeat(8);
            for version in 0..5 {
                let data = format!("{{\"{field}\":\"{}\"}}", "value ".repeat(80));
                text.push_str(&line(&stream, version, &"TypeOfEvent".repeat(12), &data));
            }
        }
        "cjk" => {
            for version in 0..5 {
                let data =
                    "{\"名前\":\"山田 花子\",\"金額\":1200,\"メモ\":\"注文を受け付けました\"}";
                text.push_str(&line("注文-一二三", version, "注文された", data));
            }
        }
        "thousands of findings" => {
            for nr in 0..3000 {
                text.push_str(&line(&format!("order-{nr}"), 0, "Placed", "{}"));
                text.push_str(&line(&format!("order-{nr}"), 7, "Paid", "{}"));
            }
        }
        _ => {
            for nr in 0..400 {
                writeln!(
                    text,
                    "{{\"stream\":\"s-{nr}\",\"type\":\"T\",\"data\":{{}}}}"
                )
                .unwrap();
            }
        }
    }
    text
}

#[test]
fn odd_histories_are_shown_in_every_view() {
    for name in [
        "one event",
        "long names",
        "cjk",
        "thousands of findings",
        "no times",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("odd.jsonl");
        std::fs::write(&file, odd(name)).unwrap();
        for size in [[1600.0, 1000.0], [1024.0, 640.0]] {
            let mut window = window(Some(Action::OpenPath(file.clone())), size, Theme::Light);
            assert!(window.state().workbench().history.is_some(), "{name}");
            for view in [
                ViewKind::Explore,
                ViewKind::Projections,
                ViewKind::Audit,
                ViewKind::Graph,
            ] {
                send(&mut window, Action::ShowView(view));
                assert_eq!(nameless(&window), [] as [String; 0], "{name}, {view:?}");
                if size[0] > 1100.0 {
                    picture(&mut window, &format!("{name}-{view:?}"));
                }
            }
            send(&mut window, Action::First);
            send(&mut window, Action::ShowView(ViewKind::Explore));
            send(&mut window, Action::OpenSelected);
        }
    }
}

#[test]
fn nothing_is_cut_off_at_twice_the_size() {
    // The smallest window in points, on a screen of twice as many.
    let mut window = window(Some(Action::OpenSample), [2048.0, 1280.0], Theme::Dark);
    send(&mut window, Action::Set(Setting::TextSize(200)));
    for view in [ViewKind::Explore, ViewKind::Projections, ViewKind::Audit] {
        send(&mut window, Action::ShowView(view));
        let screen = window.ctx.content_rect();
        assert_eq!(screen.width(), 1024.0);
        let nodes = window.root().children_recursive();
        let buttons = nodes.filter(|node| {
            let role = node.accesskit_node().role();
            matches!(role, Role::Button | Role::Tab | Role::TextInput)
        });
        let outside = buttons.filter(|node| {
            let rect = node.rect();
            let centre = rect.center();
            !screen.contains(centre) && rect.area() > 0.0
        });
        let outside: Vec<String> = outside
            .filter_map(|node| node.accesskit_node().label())
            .collect();
        assert_eq!(outside, [] as [String; 0], "{view:?}");
        picture(&mut window, &format!("twice-{view:?}"));
    }
}
