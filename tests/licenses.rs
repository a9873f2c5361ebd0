//! The list of crates with their licences, which the window shows, is that of `Cargo.lock`.
//!
//! `UPDATE_LICENSES=1 cargo test --test licenses` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Name and version of each package that is locked, without our own.
fn locked() -> BTreeSet<(String, String)> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let lock: toml::Value = toml::from_str(&lock).unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    packages
        .map(|package| (text(package, "name"), text(package, "version")))
        .filter(|(name, _)| name != "annals")
        .collect()
}

/// Asks cargo for the licences of all packages.
fn write_anew(file: &Path) {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let all: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = all["packages"].as_array().unwrap().iter();
    let line = |package: &serde_json::Value| {
        ["name", "version", "license"]
            .map(|key| package[key].as_str().unwrap_or("unknown").to_owned())
    };
    let mut lines: Vec<_> = packages.map(line).collect();
    lines.retain(|[name, ..]| name != "annals");
    lines.sort();
    let lines: Vec<String> = lines.iter().map(|cells| cells.join("\t")).collect();
    std::fs::write(file, lines.join("\n") + "\n").unwrap();
}

#[test]
fn the_list_of_licences_is_whole() {
    let file = root().join("assets/licenses.tsv");
    if std::env::var_os("UPDATE_LICENSES").is_some() {
        write_anew(&file);
    }
    let text = std::fs::read_to_string(&file).unwrap();
    let mut listed = BTreeSet::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, version, licence] = cells[..] else {
            panic!("{line}");
        };
        assert!(!licence.is_empty() && licence != "unknown", "{line}");
        listed.insert((name.to_owned(), version.to_owned()));
    }
    assert_eq!(listed, locked(), "UPDATE_LICENSES=1 writes it anew");
}
