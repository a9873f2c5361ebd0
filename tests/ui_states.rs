//! Every panel in the states that are easily forgotten: empty, loading, stale, failed, thousands of
//! results, one result, very long names, and signs that are no Latin letters.
//!
//! A sheet for each panel, with a picture for each state in this order, lies in `tests/snapshots`;
//! `UPDATE_SNAPSHOTS=1` writes them anew, otherwise they are compared.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/desk.rs"]
mod desk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use annals::event::Position;
use annals::event::json::JsonPath;
use annals::workbench::{Action, CausesTab, InspectorTab, SidebarTab, ViewKind};
use egui::{Rect, Theme};
use egui_kittest::kittest::Queryable as _;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, GenericImage as _, Rgba, RgbaImage};

use desk::{Desk, Window, send, settle};

/// A pixel may differ by so much in a channel: what rounding of floats may do elsewhere.
const TOLERANCE: u8 = 3;
/// A sheet is about so wide.
const SHEET: u32 = 2000;
/// What lies between the pictures of a sheet.
const BETWEEN: u32 = 8;

/// A panel: the name of its sheet and of its tile, and what leads there once a file is open.
struct Panel {
    sheet: &'static str,
    tile: &'static str,
    prepare: fn() -> Vec<Action>,
}

const PANELS: [Panel; 18] = [
    Panel {
        sheet: "streams",
        tile: "Streams tile",
        prepare: || vec![Action::ShowAllLanes],
    },
    Panel {
        sheet: "types",
        tile: "Types tile",
        prepare: Vec::new,
    },
    Panel {
        sheet: "bookmarks",
        tile: "Bookmarks tile",
        prepare: || vec![Action::ShowSidebar(SidebarTab::Bookmarks)],
    },
    Panel {
        sheet: "timeline",
        tile: "Timeline tile",
        prepare: || vec![Action::ShowAllLanes],
    },
    Panel {
        sheet: "events",
        tile: "Events tile",
        prepare: Vec::new,
    },
    Panel {
        sheet: "state",
        tile: "State tile",
        prepare: || vec![Action::ShowInspector(InspectorTab::State)],
    },
    Panel {
        sheet: "event",
        tile: "Event tile",
        prepare: || vec![Action::ShowInspector(InspectorTab::Event)],
    },
    Panel {
        sheet: "diff",
        tile: "Diff A\u{2013}B tile",
        prepare: || vec![Action::ShowInspector(InspectorTab::Diff)],
    },
    Panel {
        sheet: "field-history",
        tile: "Field history tile",
        prepare: || {
            vec![
                Action::SelectField(JsonPath::parse("total")),
                Action::ShowInspector(InspectorTab::History),
            ]
        },
    },
    Panel {
        sheet: "stream-timeline",
        tile: "Stream timeline tile",
        prepare: || vec![Action::OpenSelected],
    },
    Panel {
        sheet: "causation",
        tile: "Causation chain tile",
        prepare: || {
            vec![
                Action::OpenSelected,
                Action::SetCauses(Some(CausesTab::Chain)),
            ]
        },
    },
    Panel {
        sheet: "correlation",
        tile: "Correlation tile",
        prepare: || {
            vec![
                Action::OpenSelected,
                Action::SetCauses(Some(CausesTab::Correlation)),
            ]
        },
    },
    Panel {
        sheet: "as-of",
        tile: "As of tile",
        prepare: Vec::new,
    },
    Panel {
        sheet: "roll-forward",
        tile: "Roll-forward tile",
        prepare: Vec::new,
    },
    Panel {
        sheet: "projections",
        tile: "Projections tile",
        prepare: || vec![Action::ShowView(ViewKind::Projections)],
    },
    Panel {
        sheet: "audit",
        tile: "Audit tile",
        prepare: || vec![Action::ShowView(ViewKind::Audit), Action::GoToFinding(0)],
    },
    Panel {
        sheet: "graph",
        tile: "Graph tile",
        prepare: || vec![Action::ShowView(ViewKind::Graph)],
    },
    Panel {
        sheet: "report",
        tile: "Report tile",
        prepare: || vec![Action::ShowView(ViewKind::Report)],
    },
];

/// A record as a line of JSON.
fn line(stream: &str, version: usize, kind: &str, data: &str) -> String {
    format!(
        "{{\"stream\":\"{stream}\",\"version\":{version},\"type\":\"{kind}\",\"id\":\"{stream}/{version}\",\"time\":\"2024-03-01T08:{:02}:{:02}Z\",\"data\":{data},\"metadata\":{{\"correlationId\":\"c-{stream}\"}}}}\n",
        version / 60 % 60,
        version % 60
    )
}

/// What lies in the file of a state.
fn text(state: State) -> String {
    let mut text = String::new();
    match state {
        State::One => text.push_str(&line("order-1", 0, "Placed", "{\"total\":1}")),
        State::Long => {
            let stream = "a-very-long-name-of-a-stream-".repeat(12);
            let field = "aFieldWithAVeryLongName".repeat(8);
            for version in 0..5 {
                let words = "value ".repeat(80);
                let data = format!("{{\"total\":{version},\"{field}\":\"{words}\"}}");
                let kind = "TypeOfEvent".repeat(12);
                text.push_str(&line(&stream, version, &kind, &data));
            }
        }
        State::Cjk => {
            for version in 0..5 {
                let data =
                    "{\"total\":1200,\"名前\":\"山田 花子\",\"メモ\":\"注文を受け付けました\"}";
                text.push_str(&line("注文-一二三", version, "注文された", data));
            }
        }
        State::Thousands => {
            for nr in 0..3000 {
                let stream = format!("order-{nr}");
                let kind = format!("Placed{}", nr % 700);
                text.push_str(&line(&stream, 0, &kind, "{\"total\":1,\"lines\":[1,2,3]}"));
                text.push_str(&line(&stream, 7, "Paid", "{\"total\":2}"));
            }
            for version in 0..3000 {
                let data = format!("{{\"total\":{version}}}");
                text.push_str(&line("order-long", version, "Counted", &data));
            }
        }
        _ => {}
    }
    text
}

/// The states, in the order of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Empty,
    Loading,
    Stale,
    Failed,
    Thousands,
    One,
    Long,
    Cjk,
}

const STATES: [State; 8] = [
    State::Empty,
    State::Loading,
    State::Stale,
    State::Failed,
    State::Thousands,
    State::One,
    State::Long,
    State::Cjk,
];

/// Where the file of a state lies; the sample where it has none.
fn file(folder: &Path, state: State) -> Option<PathBuf> {
    match state {
        State::Empty => {
            let path = folder.join("empty.db");
            std::fs::copy("tests/fixtures/stores/py-eventsourcing-empty.db", &path).unwrap();
            Some(path)
        }
        State::Loading | State::Stale => None,
        State::Failed => Some(broken_store(folder)),
        _ => {
            let path = folder.join("shop.jsonl");
            std::fs::write(&path, text(state)).unwrap();
            Some(path)
        }
    }
}

/// A store whose payloads are cut off.
fn broken_store(folder: &Path) -> PathBuf {
    let path = folder.join("broken.db");
    let store = rusqlite::Connection::open(&path).unwrap();
    store
        .execute_batch(
            "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT, version INTEGER,
                event_type TEXT, created_at TEXT, data TEXT, metadata TEXT);
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 40)
             INSERT INTO events SELECT i + 1, 'order-1', i, 'Placed',
                '2024-03-01T08:' || printf('%02d', i) || ':00Z', '{\"total\":\"1', '{\"a\":' FROM n;",
        )
        .unwrap();
    path
}

fn opened(folder: &Path, state: State) -> Window {
    let desk = Desk {
        size: [1280.0, 900.0],
        theme: Theme::Dark,
        settings: None,
    };
    let mut window = desk.window();
    let file = file(folder, state);
    if let Some(path) = &file {
        // The evidence says when a file was written last.
        let written = SystemTime::UNIX_EPOCH + Duration::from_hours(474_800);
        let file = std::fs::File::options().append(true).open(path).unwrap();
        file.set_modified(written).unwrap();
    }
    let open = file.map_or(Action::OpenSample, Action::OpenPath);
    send(&mut window, open);
    window
}

/// The picture of a panel in a state, where there is such a panel.
fn shot(window: &mut Window, state: State, panel: &Panel) -> Option<RgbaImage> {
    let actions = (panel.prepare)();
    match state {
        State::Loading => {
            // The frame in which the history is there and its answers are not yet.
            window.state().send(Action::CloseHistory);
            settle(window);
            window.state().send(Action::OpenSample);
            for _ in 0..9 {
                if window.state().workbench().history.is_some() {
                    break;
                }
                window.step();
            }
            window.state().send(Action::GoTo("order-1220@7".to_owned()));
            for action in actions {
                window.state().send(action);
            }
            window.step();
        }
        State::Stale => {
            send(window, Action::GoTo("order-1220@7".to_owned()));
            for action in actions {
                send(window, action);
            }
            let at = window.state().workbench().look().playhead;
            window
                .state()
                .send(Action::MovePlayhead(Position(at.0 + 7)));
            window.step();
        }
        _ => {
            send(window, Action::Last);
            send(window, Action::ShowView(ViewKind::Explore));
            if state != State::Empty {
                send(window, Action::GoTo("#0".to_owned()));
            }
            for action in actions {
                send(window, action);
            }
        }
    }
    if let "As of tile" | "Roll-forward tile" = panel.tile {
        let tab = panel.tile.replace("tile", "tab");
        window.get_by_label(&tab).click();
        let n_frames = if state == State::Loading { 2 } else { 6 };
        window.run_steps(n_frames);
    }
    let place = window.query_by_label(panel.tile)?.rect();
    let picture = window.render().unwrap();
    if let "As of tile" | "Roll-forward tile" = panel.tile {
        window.get_by_label_contains("Events tab").click();
        settle(window);
    }
    Some(part_of(&picture, place))
}

fn part_of(picture: &RgbaImage, place: Rect) -> RgbaImage {
    let [left, top, width, height] = [place.left(), place.top(), place.width(), place.height()]
        .map(|side| format!("{:.0}", side.max(0.0)).parse::<u32>().unwrap());
    let width = width.min(picture.width() - left);
    let height = height.min(picture.height() - top);
    image::imageops::crop_imm(picture, left, top, width, height).to_image()
}

/// Pictures in rows, as large as the largest each.
fn sheet(pictures: &[Option<RgbaImage>]) -> RgbaImage {
    let there = || pictures.iter().flatten();
    let width = there().map(RgbaImage::width).max().unwrap() + BETWEEN;
    let height = there().map(RgbaImage::height).max().unwrap() + BETWEEN;
    let n = u32::try_from(pictures.len()).unwrap();
    let across = (SHEET / width).clamp(2, 4);
    let ground = Rgba([128, 128, 128, 255]);
    let mut sheet = RgbaImage::from_pixel(across * width, n.div_ceil(across) * height, ground);
    for (nr, picture) in (0..n).zip(pictures) {
        if let Some(picture) = picture {
            let (x, y) = (nr % across * width, nr / across * height);
            sheet.copy_from(picture, x, y).unwrap();
        }
    }
    sheet
}

/// Whether a sheet looks as it is known to.
fn is_known(name: &str, picture: &RgbaImage) -> bool {
    let path = Path::new("tests/snapshots").join(format!("states_{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Sub);
        let opaque = DynamicImage::from(picture.clone()).into_rgb8();
        opaque.write_with_encoder(encoder).unwrap();
        return true;
    }
    let known = image::open(&path).unwrap().into_rgba8();
    let mut pairs = known.as_raw().iter().zip(picture.as_raw());
    let is_same = known.dimensions() == picture.dimensions()
        && pairs.all(|(a, b)| a.abs_diff(*b) <= TOLERANCE);
    if !is_same {
        picture.save(path.with_extension("new.png")).unwrap();
    }
    is_same
}

#[test]
fn every_panel_looks_right_in_every_state() {
    let mut pictures: BTreeMap<&str, Vec<Option<RgbaImage>>> = BTreeMap::new();
    for state in STATES {
        let folder = tempfile::tempdir().unwrap();
        let mut window = opened(folder.path(), state);
        for panel in &PANELS {
            let picture = shot(&mut window, state, panel);
            pictures.entry(panel.sheet).or_default().push(picture);
        }
    }
    let differ: Vec<&str> = pictures
        .iter()
        .filter(|(name, pictures)| !is_known(name, &sheet(pictures)))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(differ, [""; 0], "see tests/snapshots/states_*.new.png");
}
