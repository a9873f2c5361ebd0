//! Keys and gestures by hand: tiles of their own, colors, cells, rows, dots and what is dragged, driven as
//! somebody would do them.
//!
//! `PICTURES=dir cargo test --test ui_hands` writes what they lead to.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/desk.rs"]
mod desk;

#[path = "support/hand.rs"]
#[expect(dead_code, reason = "the flows drop files and count too")]
mod hand;

use annals::event::{CategoryId, Position};
use annals::workbench::{Action, ColorBy, ColorOf, InspectorTab, Mark, TimelineMode, ViewKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, pos2, vec2};
use egui_kittest::kittest::Queryable as _;

use hand::Hand;

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const COMMAND: Modifiers = Modifiers::COMMAND;

/// The tiles that are on screen.
fn tiles(hand: &Hand) -> Vec<String> {
    let panes = hand.labels(Role::Pane).into_iter();
    let tiles = panes.filter_map(|pane| pane.strip_suffix(" tile").map(str::to_owned));
    tiles.collect()
}

#[test]
fn shift_enter_opens_a_stream_beside_all_lanes() {
    let mut hand = Hand::on_sample();
    hand.click(Role::TreeItem, "order, ");
    hand.click(Role::TreeItem, "order-12");
    assert!(!tiles(&hand).contains(&"Stream timeline".to_owned()));
    hand.key(SHIFT, Key::Enter);
    let shown = tiles(&hand);
    for tile in ["Stream timeline", "Timeline"] {
        assert!(shown.iter().any(|one| one == tile), "{shown:?}");
    }
    assert!(
        hand.found(Role::Pane, "Stream timeline tile").is_focused(),
        "it has the keyboard"
    );
    let tall = |name: &str| hand.found(Role::Pane, name).rect().height();
    assert!(tall("Stream timeline tile") > 150.0 && tall("Timeline tile") > 100.0);
    hand.picture("own-tile-dark");

    // All of it goes back to its place.
    hand.given(Action::ResetLayout);
    let shown = tiles(&hand);
    assert!(!shown.contains(&"Timeline".to_owned()), "{shown:?}");
}

#[test]
fn ctrl_enter_in_the_palette_runs_in_a_tile_of_its_own() {
    let mut hand = Hand::on_sample();
    hand.given(Action::ShowInspector(InspectorTab::State));
    hand.key(COMMAND, Key::K);
    hand.window.event(egui::Event::Text("#233".to_owned()));
    hand.key(COMMAND, Key::Enter);
    assert_eq!(hand.playhead(), 233);
    let shown = tiles(&hand);
    for tile in ["State", "Event"] {
        assert!(shown.iter().any(|one| one == tile), "{shown:?}");
    }
    assert!(hand.found(Role::Pane, "Event tile").is_focused());
    // Each shows its own.
    let fields = hand.labels(Role::TreeItem);
    assert!(hand.says(Role::TreeItem, "paid, 150.00"), "{fields:#?}");
    assert!(
        hand.says(Role::Heading, "Stored as"),
        "{:#?}",
        hand.labels(Role::Heading)
    );
    hand.picture("event-beside-state-dark");
    // Both go with the inspector and come back with it.
    hand.key(NONE, Key::I);
    assert!(!tiles(&hand).contains(&"Event".to_owned()));
    hand.key(NONE, Key::I);
    assert!(tiles(&hand).contains(&"Event".to_owned()));
}

/// The number of the color that the category of this name was given.
fn color_of(hand: &Hand, name: &str) -> Option<usize> {
    let bench = hand.bench();
    let log = &bench.history.as_ref().unwrap().log;
    let mut names = log.category_names().iter();
    let category = names.position(|known| **known == *name).unwrap();
    let category = CategoryId(u32::try_from(category).unwrap());
    hand.look().colors.chosen(ColorOf::Category(category))
}

#[test]
fn a_swatch_gives_another_color_and_with_alt_shows_only_this() {
    let mut hand = Hand::on_sample();
    hand.click(Role::ColorWell, "Color of order");
    assert!(hand.says(Role::ColorWell, "Pink"));
    hand.picture("colors-dark");
    hand.click(Role::ColorWell, "Pink");
    assert_eq!(color_of(&hand, "order"), Some(8));
    assert!(!hand.says(Role::ColorWell, "Pink"), "it is closed");
    hand.picture("order-pink-dark");
    hand.given(Action::Undo);
    assert_eq!(color_of(&hand, "order"), None);
    hand.given(Action::Redo);
    hand.click(Role::ColorWell, "Color of order");
    hand.click(Role::MenuItem, "As at first");
    assert_eq!(color_of(&hand, "order"), None);

    hand.click_with(Modifiers::ALT, Role::ColorWell, "Color of order");
    assert_eq!(
        hand.look().filter,
        annals::query::clause("category", "order")
    );
    assert!(!hand.says(Role::ColorWell, "Pink"), "nothing was opened");
    hand.click_with(Modifiers::ALT, Role::ColorWell, "Color of order");
    assert_eq!(hand.look().filter, "");

    // A type has its own, wherever it stands; by keyboard through the palette.
    hand.click(Role::ListItem, "OrderPlaced");
    hand.key(COMMAND, Key::K);
    hand.enter("> choose color");
    hand.click(Role::ColorWell, "Mint");
    let colors = hand.look().colors.all().collect::<Vec<_>>();
    assert!(matches!(colors[..], [(ColorOf::Type(_), 9)]), "{colors:?}");
}

#[test]
fn events_are_colored_by_type_and_streams_are_lanes_where_that_is_chosen() {
    let mut hand = Hand::on_sample();
    hand.choose("Color by category", "Color by type");
    assert_eq!(hand.look().colors.by, ColorBy::Type);
    hand.picture("by-type-dark");
    hand.click(Role::RadioButton, "Stream");
    assert!(hand.look().stream_lanes);
    let lanes = hand.labels(Role::ListItem);
    let streams = lanes.iter().filter(|name| name.contains(", at v")).count();
    assert!(streams > 10, "{lanes:#?}");
    hand.picture("stream-lanes-dark");
    hand.click(Role::RadioButton, "Category");
    assert!(!hand.look().stream_lanes);
}

/// What stands on the clipboard after Ctrl+C.
fn copied(hand: &mut Hand) -> String {
    hand.window.event(Event::Copy);
    let mut text = String::new();
    for _ in 0..6 {
        hand.window.step();
        for command in &hand.window.output().platform_output.commands {
            if let egui::OutputCommand::CopyText(copied) = command {
                text.clone_from(copied);
            }
        }
    }
    text
}

#[test]
fn ctrl_c_copies_the_cell_under_the_pointer_and_else_the_event() {
    let mut hand = Hand::on_sample();
    hand.given(Action::MovePlayhead(Position(233)));
    let heads: Vec<_> = ["Stream", "Type", "Position"]
        .map(|name| hand.found(Role::ColumnHeader, name).rect().center().x)
        .into();
    let row = hand.found(Role::Row, "Row 233,").rect().center().y;
    let cell = |hand: &mut Hand, nr: usize| {
        hand.window.hover_at(pos2(heads[nr], row));
        hand.window.step();
        copied(hand)
    };
    assert_eq!(cell(&mut hand, 0), "order-1220");
    assert_eq!(cell(&mut hand, 1), "DiscountApplied");
    assert!(cell(&mut hand, 2).starts_with('{'), "the row as JSON");
    // The same in a table of states.
    hand.click(Role::Tab, "As of tab");
    let head = hand.found(Role::ColumnHeader, "Stream").rect();
    hand.window
        .hover_at(pos2(head.center().x, head.bottom() + 40.0));
    hand.window.step();
    assert!(copied(&mut hand).starts_with("order-"));
}

/// The streams of the table of states, from the top, with one of their columns.
fn states(hand: &Hand) -> Vec<String> {
    let rows = hand.labels(Role::Row).into_iter();
    rows.filter(|row| row.starts_with("order-")).collect()
}

#[test]
fn a_table_is_sorted_also_by_the_column_clicked_with_shift() {
    let mut hand = Hand::on_sample();
    hand.given(Action::GoTo("order-1220".to_owned()));
    hand.click(Role::Tab, "As of tab");
    let by_name = states(&hand);
    hand.click(Role::ColumnHeader, "Version");
    let by_version = states(&hand);
    assert_ne!(by_name, by_version);
    hand.click_with(SHIFT, Role::ColumnHeader, "Stream");
    assert_eq!(states(&hand), by_version, "equals stand by name already");
    hand.click_with(SHIFT, Role::ColumnHeader, "Stream");
    let both = states(&hand);
    hand.picture("sorted-by-two-dark");
    let asked = hand.bench().answers.table.known().unwrap().0.clone();
    let sorts: Vec<_> = asked
        .sort
        .iter()
        .map(|sort| (sort.column, sort.descending))
        .collect();
    assert_eq!(sorts, [(1, false), (0, true)]);
    let answer = hand
        .bench()
        .answers
        .table
        .known()
        .unwrap()
        .1
        .clone()
        .unwrap();
    let log = &hand.bench().history.as_ref().unwrap().log;
    let keys: Vec<_> = answer
        .lines
        .iter()
        .map(|line| {
            (
                line.version,
                std::cmp::Reverse(log.stream_name(line.stream)),
            )
        })
        .collect();
    assert!(keys.is_sorted(), "by version, and then by name backwards");
    assert_ne!(both, by_version);
}

#[test]
fn a_category_is_dragged_onto_the_graph_whose_lanes_grow_with_alt_and_the_wheel() {
    let mut hand = Hand::on_sample();
    let from = hand.found(Role::TreeItem, "payment, ").rect().center();
    let to = hand.found(Role::Tab, "Graph view").rect().center();
    hand.drag(from, to);
    assert_eq!(hand.look().view, ViewKind::Graph);
    let playhead = hand.look().playhead;
    let log = &hand.bench().history.as_ref().unwrap().log;
    assert_eq!(log.category_of(log.stream(playhead)), "payment");

    let tall = |hand: &Hand| {
        let nodes = hand.window.query_all_by_role(Role::TreeItem);
        let tops: Vec<f32> = nodes.map(|node| node.rect().top()).collect();
        tops.iter().copied().fold(0.0, f32::max) - tops.iter().copied().fold(9e9, f32::min)
    };
    let before = tall(&hand);
    let ground = hand.found(Role::Pane, "Graph of ").rect().center();
    hand.window.hover_at(ground);
    hand.window.step();
    hand.window.event(Event::ModifiersChanged(Modifiers::ALT));
    hand.window.step();
    hand.window.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 160.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::ALT,
    });
    desk::settle(&mut hand.window);
    hand.window.event(Event::ModifiersChanged(NONE));
    desk::settle(&mut hand.window);
    assert!(hand.look().lane_height > 110, "{}", hand.look().lane_height);
    assert!(tall(&hand) > before, "{} {before}", tall(&hand));
    hand.picture("graph-higher-dark");
}

#[test]
fn event_dots_are_chosen_with_ctrl_and_shift() {
    let mut hand = Hand::on_sample();
    hand.click(Role::RadioButton, "Stream");
    hand.given(Action::GoTo("order-1220".to_owned()));
    hand.given(Action::ShowAllLanes);
    hand.given(Action::FitSelection);
    let history = hand.bench().history.clone().unwrap();
    let log = &history.log;
    let events = log.events_of(log.streams_named("order-1220")[0]).to_vec();
    let lane = hand.found(Role::ListItem, "order-1220, ").rect();
    let ruler = hand.found(Role::Slider, "Playhead").rect();
    let span = hand.look().span();
    // The lane stays where it is while the playhead moves from event to event.
    let place = |at: u32| {
        let time = log.time(Position(at)).unwrap().0;
        let share = span.fraction(time);
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let x = ruler.left() + ruler.width() * share as f32;
        pos2(x, lane.center().y)
    };
    let click = |hand: &mut Hand, at: u32, modifiers: Modifiers| {
        hand.window.hover_at(place(at));
        hand.window.event(Event::ModifiersChanged(modifiers));
        hand.window.step();
        for pressed in [true, false] {
            hand.window.input_mut().events.push(Event::PointerButton {
                pos: place(at),
                button: egui::PointerButton::Primary,
                pressed,
                modifiers,
            });
            hand.window.step();
        }
        hand.window.event(Event::ModifiersChanged(NONE));
        desk::settle(&mut hand.window);
        let chosen = hand.look().selection.chosen.as_ref();
        chosen.map_or_else(Vec::new, |chosen| chosen.events.to_vec())
    };
    // Those that stand apart from their neighbors.
    let apart: Vec<u32> = events
        .iter()
        .copied()
        .filter(|at| {
            let x = place(*at).x;
            let mut others = events.iter().filter(|other| *other != at);
            others.all(|other| (place(*other).x - x).abs() > 14.0)
        })
        .collect();
    let [first, .., last] = apart.as_slice() else {
        panic!("{apart:?}");
    };
    assert_eq!(click(&mut hand, *first, NONE), [0; 0]);
    assert_eq!(hand.playhead(), *first);
    assert_eq!(click(&mut hand, *last, COMMAND), [*first, *last]);
    let all = click(&mut hand, *first, SHIFT);
    let between: Vec<u32> = events
        .iter()
        .copied()
        .filter(|at| (*first..=*last).contains(at))
        .collect();
    assert_eq!(all, between);
    hand.picture("dots-chosen-dark");
}

#[test]
fn a_store_that_hovers_with_shift_opens_a_second_window() {
    let mut hand = Hand::on_sample();
    hand.window.event(Event::ModifiersChanged(SHIFT));
    hand.window.input_mut().hovered_files = vec![egui::HoveredFile {
        path: Some("/tmp/other.db".into()),
        ..egui::HoveredFile::default()
    }];
    hand.window.step();
    let paths = [std::path::PathBuf::from("/tmp/other.db")];
    let dropped = hand.bench().dropped(&paths, true);
    assert_eq!(
        hand.bench().drop_words(dropped, 1),
        "Open in a second window, read-only"
    );
    assert_eq!(
        dropped.action(paths.to_vec()),
        Some(Action::OpenBeside(paths.to_vec()))
    );
    hand.picture("second-window-dark");
}

#[test]
fn an_event_and_a_plot_of_a_script_are_taken_into_the_report() {
    let mut hand = Hand::on_sample();
    hand.given(Action::MovePlayhead(Position(233)));
    hand.click_secondary(Role::Row, "Row 233,");
    hand.click(Role::MenuItem, "Add to the report");
    let noted = hand.bench().report_settings().bookmarks;
    assert!(noted.iter().any(|one| one.position == 233), "{noted:?}");

    hand.given(Action::ShowView(ViewKind::Projections));
    hand.window.get_by_label("revenue-by-day, not run").click();
    desk::settle(&mut hand.window);
    hand.key(COMMAND, Key::Enter);
    let wanted = hand.bench().report_settings().projections;
    let script = wanted.iter().find(|one| one.name.starts_with("revenue"));
    assert_eq!(script.unwrap().plot.as_deref(), Some("paid"));
    hand.given(Action::ShowView(ViewKind::Report));
    let report = hand.bench().report().unwrap();
    let mut ran = report.report.ran.iter();
    let ran = ran.find(|one| one.name.starts_with("revenue-by-day"));
    assert!(ran.unwrap().plot.is_some(), "with its plot");
    hand.picture("report-with-plot-dark");
}

#[test]
fn statistics_count_what_is_in_view_and_between_the_markers() {
    let mut hand = Hand::on_sample();
    hand.click(Role::Tab, "Statistics tab");
    assert!(hand.says(Role::Label, "Events: 4,313"));
    assert!(hand.says(Role::Label, "Longest stream: sensor-0003 538"));
    let first = hand.labels(Role::Row).into_iter().next().unwrap();
    assert!(
        first.starts_with("order, 1,740 events, 1,740 in view, 259 streams, 3.2 a day"),
        "{first}"
    );
    // From A to B all of them together are as many as there are positions.
    hand.given(Action::MarkA(Some(Mark::moment(Position(100)))));
    hand.given(Action::MarkB(Some(Mark::moment(Position(299)))));
    let rows = hand.labels(Role::Row);
    let marked: u32 = rows
        .iter()
        .filter_map(|row| row.split(" in view, ").nth(1)?.split(" from A to B").next())
        .filter_map(|count| count.replace(',', "").parse::<u32>().ok())
        .sum();
    assert_eq!(marked, 200, "{rows:#?}");
    hand.picture("statistics-dark");
    hand.click(Role::RadioButton, "Type");
    hand.click(Role::ColumnHeader, "Type");
    let mut names: Vec<String> = hand
        .labels(Role::Row)
        .into_iter()
        .filter(|row| row.contains(" from A to B"))
        .collect();
    let shown = names.clone();
    names.sort();
    assert_eq!(shown, names, "by name");
    // It is a place that is kept, and gone back from.
    assert_eq!(hand.look().timeline, TimelineMode::Statistics);
    hand.click(Role::Tab, "Timeline tab");
    assert_eq!(hand.look().timeline, TimelineMode::AllLanes);
}

#[test]
fn the_head_of_an_event_bookmarks_it_and_says_who_shares_its_correlation() {
    let mut hand = Hand::on_sample();
    hand.given(Action::GoTo("order-1220".to_owned()));
    hand.given(Action::ShowInspector(InspectorTab::Event));
    let before = hand.look().bookmarks.len();
    hand.click(Role::Button, "Bookmark");
    hand.enter("");
    assert_eq!(hand.look().bookmarks.len(), before + 1);
    hand.picture("bookmarked-dark");
    hand.click(Role::Button, "Remove bookmark");
    assert_eq!(hand.look().bookmarks.len(), before);
    let correlation = hand
        .labels(Role::Label)
        .into_iter()
        .find(|fact| fact.starts_with("Correlation: "));
    assert!(
        correlation.as_ref().unwrap().ends_with(" events"),
        "{correlation:?}"
    );
}

#[test]
fn the_window_looks_the_same_in_light_and_where_it_is_small() {
    for (name, theme, size) in [
        ("light", egui::Theme::Light, [1600.0, 1000.0]),
        ("light-small", egui::Theme::Light, [1280.0, 800.0]),
        ("dark-small", egui::Theme::Dark, [1280.0, 800.0]),
    ] {
        let mut hand = Hand::new(desk::Desk {
            size,
            theme,
            ..desk::Desk::default()
        });
        hand.given(Action::OpenSample);
        hand.given(Action::MarkA(Some(Mark::moment(Position(900)))));
        hand.given(Action::MarkB(Some(Mark::moment(Position(2800)))));
        hand.picture(&format!("overview-{name}"));
        hand.given(Action::SetStreamLanes(true));
        hand.given(Action::SetColorBy(ColorBy::Type));
        hand.picture(&format!("streams-{name}"));
        hand.click(Role::Tab, "Statistics tab");
        hand.picture(&format!("statistics-{name}"));
        hand.all_within(&[]);
    }
}

#[test]
fn a_tab_that_is_dragged_to_an_edge_gets_room_there() {
    let mut hand = Hand::on_sample();
    let from = hand.found(Role::Tab, "Statistics tab").rect().center();
    let events = hand.found(Role::Pane, "Events tile").rect();
    hand.drag(from, pos2(events.center().x, events.bottom() - 12.0));
    let shown = tiles(&hand);
    for tile in ["Statistics", "Timeline", "Events"] {
        assert!(shown.iter().any(|one| one == tile), "{shown:?}");
    }
    let tall = hand.found(Role::Pane, "Statistics tile").rect().height();
    assert!(tall > 120.0, "{tall}");
    hand.picture("dragged-tab-dark");
    hand.given(Action::ResetLayout);
    assert!(!tiles(&hand).iter().any(|one| one == "Statistics"));
}
