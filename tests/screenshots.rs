//! The real window in the state of each picture of the design, and what the README shows.
//!
//! `UPDATE_SNAPSHOTS=1` writes them into `screenshots/`, otherwise they are compared.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/desk.rs"]
mod desk;

#[path = "support/ledger.rs"]
mod ledger;

#[path = "support/shop.rs"]
mod shop;

use std::path::{Path, PathBuf};

use annals::app::{PictureAsk, screenshot};
use annals::event::json::JsonPath;
use annals::event::{Position, Timestamp};
use annals::settings::{RecentFile, Settings, save};
use annals::workbench::{
    Action, AuditEdit, EventField, InspectorTab, MapEdit, Mark, ReportEdit, Span, ViewKind,
};
use egui::{Event, Theme};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, RgbaImage};

use desk::{Desk, Window, send, settle};

/// A pixel may differ by so much in a channel: what rounding of floats may do elsewhere.
const TOLERANCE: u8 = 3;

#[track_caller]
fn compare(name: &str, picture: &RgbaImage) {
    let path = Path::new("screenshots").join(format!("{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all("screenshots").unwrap();
        write(picture, &path);
        return;
    }
    let known = image::open(&path).unwrap().into_rgba8();
    assert_eq!(known.dimensions(), picture.dimensions(), "{name}");
    let differs = |(a, b): &(&u8, &u8)| a.abs_diff(**b) > TOLERANCE;
    let different = known
        .as_raw()
        .iter()
        .zip(picture.as_raw())
        .filter(differs)
        .count();
    if different > 0 {
        picture.save(path.with_extension("new.png")).unwrap();
    }
    assert_eq!(
        different, 0,
        "{name} looks different: see screenshots/{name}.new.png"
    );
}

/// As small as it gets: a window is opaque.
fn write(picture: &RgbaImage, path: &Path) {
    let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Sub);
    let opaque = DynamicImage::from(picture.clone()).into_rgb8();
    opaque.write_with_encoder(encoder).unwrap();
}

const BOTH: [(Theme, &str); 2] = [(Theme::Dark, "dark"), (Theme::Light, "light")];

fn desk(theme: Theme) -> Desk {
    Desk {
        theme,
        ..Desk::default()
    }
}

/// A window with the sample open.
fn sample(theme: Theme) -> Window {
    let mut window = desk(theme).window();
    send(&mut window, Action::OpenSample);
    window
}

#[track_caller]
fn check(name: &str, window: &mut Window) {
    compare(name, &window.render().unwrap());
}

fn time(text: &str) -> i64 {
    Timestamp::parse(text).unwrap().time.0
}

/// Explore after a first look around: ten weeks, an event, and what lies between two markers.
fn overview(desk: Desk) -> Window {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop::damaged(folder.path());
    let mut window = desk.window();
    send(&mut window, Action::OpenPath(shop));
    send(&mut window, Action::GoTo("order-1420@3".to_owned()));
    send(&mut window, Action::ShowAllLanes);
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    let at = window.state().workbench().look().playhead.0;
    let mark = |position: u32| Mark::moment(Position(position));
    for back in [60, 20] {
        send(&mut window, Action::MovePlayhead(Position(at - back)));
        send(
            &mut window,
            Action::AddBookmark(Some(format!("{back} events before"))),
        );
    }
    send(&mut window, Action::MovePlayhead(Position(at)));
    send(&mut window, Action::MarkA(Some(mark(at - 150))));
    send(&mut window, Action::MarkB(Some(mark(at + 220))));
    send(&mut window, Action::RunAudit);
    let log = &window.state().workbench().history.as_ref().unwrap().log;
    let here = log.time(Position(at)).unwrap().0;
    let week = time("2023-01-08T00:00:00Z") - time("2023-01-01T00:00:00Z");
    send(
        &mut window,
        Action::SetSpan(Span {
            from: here - 5 * week,
            to: here + 5 * week,
        }),
    );
    window
}

#[test]
fn the_overview() {
    for (theme, word) in BOTH {
        check(&format!("01-overview-{word}"), &mut overview(desk(theme)));
    }
}

#[test]
fn the_overview_in_a_small_window() {
    let small = Desk {
        size: [1280.0, 800.0],
        ..Desk::default()
    };
    check("01-overview-1280", &mut overview(small));
}

#[test]
fn time_travel() {
    for (theme, word) in BOTH {
        let mut window = sample(theme);
        send(&mut window, Action::GoTo("order-1220@6".to_owned()));
        send(&mut window, Action::SetMarkerA);
        send(&mut window, Action::GoTo("order-1220 v7".to_owned()));
        send(&mut window, Action::SetMarkerB);
        for path in ["status", "total", "balance"] {
            send(
                &mut window,
                Action::PinField(JsonPath::parse(path).unwrap()),
            );
        }
        let balance = JsonPath::parse("balance").unwrap();
        send(&mut window, Action::SelectField(Some(balance)));
        send(&mut window, Action::Ask("balance < 0".to_owned()));
        send(&mut window, Action::ShowFieldHistory);
        send(&mut window, Action::ShowInspector(InspectorTab::State));
        check(&format!("02-time-travel-{word}"), &mut window);
    }
}

#[test]
fn projections() {
    for (theme, word) in BOTH {
        let mut window = sample(theme);
        send(&mut window, Action::ShowView(ViewKind::Projections));
        send(&mut window, Action::GoTo("2024-03-07 12:00".to_owned()));
        let bookmark = Some("Spring promotion".to_owned());
        send(&mut window, Action::AddBookmark(bookmark));
        send(&mut window, Action::GoTo("2024-03-12 14:32".to_owned()));
        let span = Span {
            from: time("2024-01-01T00:00:00Z"),
            to: time("2024-05-01T00:00:00Z"),
        };
        send(&mut window, Action::SetSpan(span));
        send(&mut window, Action::RunProjection);
        check(&format!("03-projections-{word}"), &mut window);
    }
}

#[test]
fn the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop::damaged(folder.path());
    let copy = folder.path().join("backup-2024-05-31.db");
    std::fs::copy(&shop, &copy).unwrap();
    let backup = rusqlite::Connection::open(&copy).unwrap();
    backup
        .execute_batch(
            "DELETE FROM eventuous_messages WHERE global_position > 4100;
             DELETE FROM eventuous_messages WHERE global_position = 900;
             UPDATE eventuous_messages SET json_data = '{}' WHERE global_position IN (700, 2100, 3300);",
        )
        .unwrap();
    drop(backup);
    for (theme, word) in BOTH {
        let mut window = desk(theme).window();
        send(&mut window, Action::OpenPath(shop.clone()));
        send(&mut window, Action::ShowView(ViewKind::Audit));
        send(&mut window, Action::RunAudit);
        let with = AuditEdit::CompareWith(copy.clone());
        send(&mut window, Action::Audit(Box::new(with)));
        send(&mut window, Action::GoToFinding(0));
        check(&format!("04-audit-{word}"), &mut window);
    }
}

/// Files opened before: two that are there, and four on a drive that is not.
fn recent() -> Settings {
    let day = 86_400;
    let noon = time("2024-07-01T12:00:00Z") / 1_000_000_000;
    let file = |path: &str, format: &str, events: u64, days: i64| RecentFile {
        path: PathBuf::from(path),
        format: format.to_owned(),
        events,
        opened_secs: noon - days * day - 1_740,
        shape: (0..16_u32)
            .map(|nr| 3 + (nr * nr * 7 + nr * 11 + u32::try_from(days).unwrap()) % 13)
            .collect(),
    };
    Settings {
        recent: vec![
            file(
                "tests/fixtures/stores/diy-events-plain.db",
                "Guessed",
                1_204,
                0,
            ),
            file("tests/fixtures/logs/events.ndjson", "JSON Lines", 55, 1),
            file(
                "tests/fixtures/stores/py-eventsourcing-bank.db",
                "Eventsourcing",
                210,
                12,
            ),
            file(
                "/media/audit/ledger-2019.sqlite",
                "Mapped by you",
                318_402,
                40,
            ),
            file("/media/audit/shop-events.db", "Eventuous", 1_204_417, 300),
        ],
        ..Settings::default()
    }
}

#[test]
fn the_start_screen() {
    for (theme, word) in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        save(&path, &recent()).unwrap();
        let desk = Desk {
            settings: Some(path),
            ..desk(theme)
        };
        let mut window = desk.window();
        check(&format!("05a-start-{word}"), &mut window);
    }
}

#[test]
fn an_unknown_schema_is_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger-2019.sqlite");
    let store = rusqlite::Connection::open(&ledger).unwrap();
    store.execute_batch(ledger::LEDGER).unwrap();
    drop(store);
    for (theme, word) in BOTH {
        let mut window = desk(theme).window();
        send(&mut window, Action::OpenPath(ledger.clone()));
        if window.state().workbench().mapping.is_none() {
            send(&mut window, Action::ReadDifferently);
        }
        let joined = "agg_type || '-' || agg_id".to_owned();
        let edit = MapEdit::Text(EventField::Stream, joined);
        send(&mut window, Action::EditMapping(edit));
        check(&format!("05b-map-{word}"), &mut window);
    }
}

#[test]
fn the_graph() {
    for (theme, word) in BOTH {
        let mut window = sample(theme);
        send(&mut window, Action::GoTo("order-1220@3".to_owned()));
        send(&mut window, Action::ShowGraph);
        check(&format!("06-graph-{word}"), &mut window);
    }
}

#[test]
fn the_report() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop::damaged(folder.path());
    let mut window = desk(Theme::Light).window();
    let to = PathBuf::from("/home/ito/reports");
    for edit in [
        ReportEdit::Folder(to),
        ReportEdit::Author("M. Ito".to_owned()),
    ] {
        send(&mut window, Action::EditReport(Box::new(edit)));
    }
    send(&mut window, Action::OpenPath(shop));
    send(&mut window, Action::SaveReport);
    check("07-report", &mut window);
}

#[test]
fn the_palette() {
    let mut window = sample(Theme::Dark);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::ShowAllLanes);
    send(&mut window, Action::TogglePalette);
    window.event(Event::Text("balance".to_owned()));
    settle(&mut window);
    check("09a-palette-dark", &mut window);
}

#[test]
fn the_shortcuts() {
    let mut window = sample(Theme::Dark);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::ShowAllLanes);
    send(&mut window, Action::ToggleShortcuts);
    check("09b-shortcuts-dark", &mut window);
}

#[test]
fn a_picture_is_the_same_each_time() {
    let ask = PictureAsk {
        demo: true,
        as_of: Some("order-1220@7".to_owned()),
        ..PictureAsk::default()
    };
    assert!(screenshot(&ask).unwrap() == screenshot(&ask).unwrap());
}
