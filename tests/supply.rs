//! What Annals is built of: crates of one registry, under licences that `deny.toml` allows, none of
//! which speaks to a network.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop, and says what it left out"
)]

use std::process::Command;

/// The strings of a list in `deny.toml`.
fn list(text: &str, key: &str) -> Vec<String> {
    let table: toml::Table = text.parse().unwrap();
    let mut value = toml::Value::Table(table);
    for part in key.split('.') {
        value = value.get(part).unwrap().clone();
    }
    let name = |one: &toml::Value| match one {
        toml::Value::String(text) => text.clone(),
        other => other.get("crate").unwrap().as_str().unwrap().to_owned(),
    };
    value.as_array().unwrap().iter().map(name).collect()
}

/// Whether one of the ways that an expression offers is allowed as a whole.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    // Of several groups that all must hold, each is looked at by itself.
    plain.split(" AND ").all(|group| {
        group
            .split(" OR ")
            .any(|one| allowed.iter().any(|known| known == one.trim()))
    })
}

#[test]
fn every_crate_comes_from_the_registry_under_a_licence_that_is_allowed() {
    let deny = include_str!("../deny.toml");
    let (allowed, banned) = (list(deny, "licenses.allow"), list(deny, "bans.deny"));
    let host = "x86_64-unknown-linux-gnu";
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    if !output.status.success() {
        // Another machine has other crates at hand; what is built is told where it is built.
        println!("left out: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        if name == "annals" {
            continue;
        }
        let source = package["source"].as_str().unwrap_or("a path");
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(source, registry, "{name}");
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence, &allowed), "{name}: {licence}");
        assert!(
            !banned.iter().any(|other| other == name),
            "{name} is not to be used"
        );
    }
}

#[test]
fn an_expression_is_allowed_where_one_way_through_it_is() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (expression, is) in [
        ("MIT OR Apache-2.0", true),
        ("Apache-2.0/MIT", true),
        ("(MIT OR Apache-2.0) AND ISC", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("GPL-3.0", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), is, "{expression}");
    }
}
