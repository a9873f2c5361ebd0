//! The house rules: folders import only downward, outside powers stay where they belong, every file
//! says what it is for.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// For each folder (or file) below `src` the folders that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("event", &[]),
    ("history", &["event"]),
    ("source", &["event"]),
    ("ingest", &["event", "history", "source"]),
    ("fold", &["event", "history"]),
    ("query", &["event", "history", "fold"]),
    ("script", &["event", "fold"]),
    (
        "projection",
        &["event", "history", "fold", "query", "script"],
    ),
    ("audit", &["event", "history", "fold", "query"]),
    (
        "report",
        &["event", "history", "fold", "query", "projection", "audit"],
    ),
    (
        "export",
        &[
            "event",
            "history",
            "fold",
            "query",
            "projection",
            "audit",
            "ingest",
        ],
    ),
    ("settings", &[]),
    (
        "workbench",
        &[
            "event",
            "history",
            "fold",
            "query",
            "projection",
            "audit",
            "report",
        ],
    ),
    (
        "job",
        &[
            "event",
            "history",
            "source",
            "ingest",
            "fold",
            "script",
            "query",
            "projection",
            "audit",
            "report",
            "export",
            "settings",
            "workbench",
        ],
    ),
    (
        "ui",
        &[
            "event",
            "history",
            "fold",
            "query",
            "projection",
            "audit",
            "report",
            "workbench",
            "settings",
        ],
    ),
    (
        "app",
        &[
            "event",
            "history",
            "source",
            "ingest",
            "fold",
            "query",
            "projection",
            "audit",
            "report",
            "export",
            "settings",
            "workbench",
            "job",
            "ui",
            "cli",
        ],
    ),
    (
        "cli",
        &[
            "event",
            "history",
            "source",
            "ingest",
            "fold",
            "script",
            "query",
            "projection",
            "audit",
            "report",
            "export",
            "job",
        ],
    ),
    ("lib", &[]),
    ("main", &["app", "cli"]),
];

/// Outside powers and the folders that hold them.
const LIVES_IN: &[(&str, &[&str])] = &[
    ("rusqlite::", &["source", "export"]),
    ("flate2::", &["source"]),
    ("arrow_array::", &["source", "export"]),
    ("parquet::", &["source", "export"]),
    ("egui::", &["ui", "app"]),
    ("egui_tiles::", &["ui"]),
    ("egui_plot::", &["ui"]),
    ("eframe::", &["app"]),
    ("rfd::", &["job"]),
    ("rquickjs::", &["script"]),
    ("clap::", &["cli"]),
    ("std::thread", &["job", "ingest", "main"]),
    (
        "std::fs",
        &["source", "export", "settings", "job", "app", "cli"],
    ),
    ("std::process", &["main", "app", "cli"]),
    ("SystemTime::now", &["app", "cli"]),
    ("std::net", &[]),
];

fn sources() -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found.sort();
    found
}

/// The folder of `src` (or the file in it) to which a file belongs.
fn room(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = path
        .strip_prefix(root)
        .unwrap()
        .components()
        .next()
        .unwrap();
    first
        .as_os_str()
        .to_str()
        .unwrap()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The code of a file without comments and without its tests, line by line.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text
        .split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap()
        .to_owned();
    code.lines()
        .map(|line| line.split("//").next().unwrap_or("").to_owned())
        .collect()
}

/// The rooms that a line names after `crate::` (or `annals::` in `main`).
fn rooms_named(line: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let after = |prefix: &'static str| {
        line.match_indices(prefix)
            .map(move |(at, _)| &line[at + prefix.len()..])
    };
    after("crate::")
        .chain(after("annals::"))
        .map(|rest| rest.chars().take_while(|c| is_name(*c)).collect())
        .filter(|name: &String| MAY_IMPORT.iter().any(|(known, _)| known == name))
        .collect()
}

#[test]
fn folders_import_only_downward() {
    let mut wrong = Vec::new();
    for path in sources() {
        let room = room(&path);
        let allowed = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == room)
            .map_or(&[][..], |(_, list)| list);
        for (number, line) in code(&path).iter().enumerate() {
            for named in rooms_named(line) {
                if named != room && !allowed.contains(&named.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {room} may not import {named}",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outside_powers_stay_in_their_folder() {
    let mut wrong = Vec::new();
    for path in sources() {
        let room = room(&path);
        for (number, line) in code(&path).iter().enumerate() {
            for (power, homes) in LIVES_IN {
                let stands = line.match_indices(power).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                });
                if stands && !homes.contains(&room.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {power} does not belong in {room}",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn widgets_know_no_events() {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = path.to_string_lossy().replace('\\', "/");
        if !["/ui/widgets/", "/ui/theme/", "/ui/raster/"]
            .iter()
            .any(|folder| text.contains(folder))
        {
            continue;
        }
        for line in code(&path) {
            if !rooms_named(&line).is_subset(&BTreeSet::from(["ui".to_owned()])) {
                wrong.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_stands_in_the_table() {
    let rooms: BTreeSet<String> = sources().iter().map(|path| room(path)).collect();
    let known: BTreeSet<String> = MAY_IMPORT
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(rooms, known);
}

#[test]
fn every_file_opens_with_its_purpose() {
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or("");
        assert!(
            first.starts_with("//! ") && first.len() > 24,
            "{} does not say what it is for",
            path.display()
        );
    }
}

#[test]
fn the_page_about_the_house_names_every_folder() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for (name, _) in MAY_IMPORT
        .iter()
        .filter(|(name, _)| !["lib", "main"].contains(name))
    {
        assert!(
            page.contains(&format!("`{name}")),
            "ARCHITECTURE.md does not name {name}"
        );
    }
}

/// The text of an item from its first line to the bracket that ends it.
fn block<'a>(text: &'a str, first_line: &str) -> &'a str {
    let from = text.find(first_line).unwrap();
    let rest = &text[from..];
    &rest[..rest.find("\n}\n").unwrap()]
}

#[test]
fn a_reader_of_events_that_wraps_another_hands_on_every_question() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let detail = fs::read_to_string(src.join("event/detail.rs")).unwrap();
    let questions: Vec<String> = block(&detail, "pub trait EventReader")
        .split("    fn ")
        .skip(1)
        .map(|rest| rest[..rest.find('(').unwrap()].to_owned())
        .filter(|name| name != "read_one")
        .collect();
    assert!(questions.contains(&"glance".to_owned()));
    let (mut n_wrapping, mut wrong) = (0, Vec::new());
    for path in sources() {
        let mut code = code(&path).join("\n");
        code.push('\n');
        for (at, first) in code.match_indices("impl EventReader for ") {
            let one = block(&code[at..], first);
            let wraps = |line: &str| line.contains(".read(") && line.contains("want,");
            if !one.lines().any(wraps) {
                continue;
            }
            n_wrapping += 1;
            for question in &questions {
                if !one.contains(&format!("fn {question}(")) {
                    wrong.push(format!("{}: {question}", path.display()));
                }
            }
        }
    }
    assert!(n_wrapping >= 4, "only {n_wrapping} readers wrap another");
    assert_eq!(wrong, Vec::<String>::new(), "not handed on");
}
