//! The pictures of the README: `UPDATE_SNAPSHOTS=1` writes them, otherwise they are compared.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;

use annals::app::{PictureAsk, screenshot};
use annals::workbench::ViewKind;
use egui::Theme;

/// A pixel may differ by so much in a channel: what rounding of floats may do elsewhere.
const TOLERANCE: u8 = 3;

#[track_caller]
fn check(name: &str, ask: &PictureAsk) {
    let picture = screenshot(ask).unwrap();
    let path = Path::new("screenshots").join(format!("{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all("screenshots").unwrap();
        picture.save(&path).unwrap();
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

fn sample() -> PictureAsk {
    PictureAsk {
        demo: true,
        as_of: Some("order-1220@7".to_owned()),
        ..PictureAsk::default()
    }
}

#[test]
fn explore_in_the_dark() {
    check("explore-dark", &sample());
}

#[test]
fn explore_in_the_light() {
    check(
        "explore-light",
        &PictureAsk {
            theme: Theme::Light,
            ..sample()
        },
    );
}

#[test]
fn explore_in_a_small_window() {
    check(
        "explore-1280",
        &PictureAsk {
            size: [1280.0, 800.0],
            ..sample()
        },
    );
}

fn travel() -> PictureAsk {
    PictureAsk {
        stream: Some("order-1220".to_owned()),
        ..sample()
    }
}

#[test]
fn time_travel_in_the_dark() {
    check("travel-dark", &travel());
}

#[test]
fn time_travel_in_the_light() {
    let ask = PictureAsk {
        theme: Theme::Light,
        ..travel()
    };
    check("travel-light", &ask);
}

#[test]
fn projections() {
    let ask = PictureAsk {
        view: Some(ViewKind::Projections),
        as_of: None,
        ..sample()
    };
    check("projections", &ask);
}

#[test]
fn audit() {
    let ask = PictureAsk {
        view: Some(ViewKind::Audit),
        as_of: None,
        ..sample()
    };
    check("audit", &ask);
}

#[test]
fn start() {
    check("start", &PictureAsk::default());
}

#[test]
fn a_picture_is_the_same_each_time() {
    assert!(screenshot(&sample()).unwrap() == screenshot(&sample()).unwrap());
}
