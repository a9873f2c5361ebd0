//! The panels driven by label and role, and one small picture of each.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test ui_panels` writes the pictures anew.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "ui_panels/bench.rs"]
mod bench;
mod support;

use annals::ui::View;
use annals::ui::theme::{size, tokens};
use bench::{Bench, Given, demo, history, long_history};
use egui::{Rect, Theme, Ui, UiBuilder, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A part of the window over a bench.
fn window<'a>(
    size: [f32; 2],
    theme: Theme,
    bench: Bench,
    mut draw: impl FnMut(&mut Bench, &mut Ui, &View<'_>) + 'a,
) -> Harness<'a, Bench> {
    support::harness(size, theme, 1.0, bench, move |ui, bench| {
        let whole = ui.max_rect();
        ui.painter().rect_filled(whole, 0.0, tokens(ui).panel);
        bench.show(|bench, view| draw(bench, ui, view));
    })
}

#[test]
#[ignore = "writes large pictures to look at"]
fn look() {
    let folder = std::path::Path::new("/work/panels-look");
    std::fs::create_dir_all(folder).unwrap();
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut bench = Bench::new(demo());
        bench.open("order");
        bench.go("order-1220", 7);
        let mut harness = window([1600.0, 1000.0], theme, bench, explore);
        settle(&mut harness);
        save(&mut harness, &folder.join(format!("explore-event-{name}.png")));
        harness.state_mut().workbench.change("tab", std::time::Duration::ZERO, |look| look.inspector = annals::workbench::InspectorTab::State);
        settle(&mut harness);
        save(&mut harness, &folder.join(format!("explore-state-{name}.png")));

        let mut bench = Bench::new(demo());
        bench.go("order-1220", 7);
        bench.choose_field("order-1220", "balance");
        let mut harness = window([1600.0, 950.0], theme, bench, |bench, ui, view| bench.projections.ui(ui, view));
        settle(&mut harness);
        save(&mut harness, &folder.join(format!("projections-{name}.png")));

        let mut bench = Bench::new(demo());
        bench.answer_audit();
        bench.workbench.change("finding", std::time::Duration::ZERO, |look| look.selection.finding = Some(0));
        let mut harness = window([1600.0, 950.0], theme, bench, |bench, ui, view| bench.audit.ui(ui, view));
        settle(&mut harness);
        save(&mut harness, &folder.join(format!("audit-{name}.png")));
    }
}

/// Draws, answers what is asked, and draws again until nothing changes.
fn settle(harness: &mut Harness<'_, Bench>) {
    for _ in 0..3 {
        harness.run_ok();
        harness.state_mut().answer();
    }
    harness.run_ok();
}

fn save(harness: &mut Harness<'_, Bench>, path: &std::path::Path) {
    harness.render().unwrap().save(path).unwrap();
}

/// The panels of Explore, as they stand around the timeline.
fn explore(bench: &mut Bench, ui: &mut Ui, view: &View<'_>) {
    let whole = ui.max_rect();
    let side = Rect::from_min_max(whole.min, pos2(whole.left() + size::SIDEBAR, whole.top() + whole.height() * 0.55));
    let types = Rect::from_min_max(pos2(whole.left(), side.bottom() + 32.0), pos2(side.right(), whole.bottom()));
    let inspector = Rect::from_min_max(pos2(whole.right() - size::INSPECTOR, whole.top()), whole.max);
    let events = Rect::from_min_max(pos2(side.right() + 1.0, whole.top() + 560.0), pos2(inspector.left() - 1.0, whole.bottom()));
    let mut part = |rect: Rect, draw: &mut dyn FnMut(&mut Ui)| {
        let mut child = ui.new_child(UiBuilder::new().id_salt(format!("{rect:?}")).max_rect(rect));
        child.shrink_clip_rect(rect);
        child.painter().rect_stroke(rect, 0.0, egui::Stroke::new(1.0, tokens(&child).line), egui::StrokeKind::Outside);
        draw(&mut child);
    };
    part(side, &mut |ui| bench.streams.ui(ui, view));
    part(types, &mut |ui| bench.types.ui(ui, view));
    part(events, &mut |ui| bench.events.ui(ui, view));
    part(inspector, &mut |ui| bench.inspector.ui(ui, view));
    let _ = vec2(0.0, 0.0);
}
