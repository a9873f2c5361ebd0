//! The last keys and gestures of the window, driven as somebody would do them.
//!
//! `PICTURES=dir cargo test --test ui_hands` writes what they lead to.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/desk.rs"]
mod desk;

#[path = "support/hand.rs"]
mod hand;

use annals::event::CategoryId;
use annals::workbench::{Action, ColorBy, ColorOf, InspectorTab};
use egui::accesskit::Role;
use egui::{Key, Modifiers};

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
    assert_eq!(hand.look().filter, "category=\"order\"");
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
