//! The editor of scripts, driven as a person or a screen reader would.
//!
//! `PICTURES=dir cargo test --test ui_editor` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use annals::ui::widgets::editor::{Editor, LineNote, Mark, Offer, Script, Tone};
use egui::accesskit::Role;
use egui::{Event, Id, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const SCRIPT: &str = "// Revenue and open balance per order
fromCategory('order')
  .foreachStream()
  .when({
    $init: function () {
      return { total: 0, paid: 0, refunded: 0, status: 'new' };
    },
    OrderPlaced: function (s, e) {
      s.total = e.data.total;
      s.status = 'placed';
    },
    RefundIssued: function (s, e) {
      s.refunded += e.data.refund.amount;
    },
    Shipped: (s) => { s.status = 'shipped'; },
  })
  .transformBy(function (s) {
    s.balance = s.total - s.paid + s.refunded;
    return s;
  })
  .outputState();
";

#[derive(Default)]
struct Page {
    editor: Editor,
    text: String,
    marks: Vec<Mark>,
    notes: Vec<LineNote>,
    n_changes: usize,
}

fn page(text: &str) -> Page {
    Page {
        text: text.to_owned(),
        marks: vec![
            Mark {
                line: 4,
                columns: Some(3..7),
                tone: Tone::Warning,
                words: "OrderReopened has no handler, 312 events ignored".to_owned(),
            },
            Mark {
                line: 13,
                columns: Some(20..40),
                tone: Tone::Error,
                words: "e.data.refund is missing in 2 of 9,806 RefundIssued events".to_owned(),
            },
        ],
        notes: vec![LineNote {
            line: 8,
            words: "48,211 calls".to_owned(),
        }],
        ..Page::default()
    }
}

fn offers(text: &str, at: usize) -> Vec<Offer> {
    let head = &text[..at];
    let start = head.rfind('.').map_or(at, |dot| dot + 1);
    let known = ["amount", "at", "sku"].into_iter();
    let fitting = known.filter(|known| known.starts_with(&head[start..]) && start < at);
    fitting
        .map(|known| Offer {
            range: start..at,
            text: known.to_owned(),
            note: "9,806".to_owned(),
        })
        .collect()
}

fn window(page: Page, theme: Theme, scale: f32) -> Harness<'static, Page> {
    let mut window = support::harness([560.0, 480.0], theme, scale, page, |ui, page| {
        let script = Script {
            name: "Script",
            marks: &page.marks,
            notes: &page.notes,
            complete: &offers,
        };
        let output = page
            .editor
            .ui(ui, Id::unique("script"), &mut page.text, &script);
        page.n_changes += usize::from(output.changed);
    });
    window.run_ok();
    window
}

fn at(window: &mut Harness<'_, Page>, line: usize, column: usize) {
    window.state_mut().editor.go_to(line, column);
    window.run_ok();
}

fn write(window: &mut Harness<'_, Page>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
}

fn line(window: &Harness<'_, Page>, nr: usize) -> String {
    window.state().text.lines().nth(nr - 1).unwrap().to_owned()
}

#[test]
fn a_script_is_a_text_with_a_name_and_says_what_is_marked() {
    let window = window(page(SCRIPT), Theme::Dark, 1.0);
    let script = window.get_by_label("Script");
    assert_eq!(script.accesskit_node().role(), Role::MultilineTextInput);
    assert!(script.value().unwrap().contains("OrderPlaced"));
    let said = script.accesskit_node().description().unwrap();
    assert!(said.contains("Line 13: e.data.refund is missing"), "{said}");
    window.get_by_label("OrderReopened has no handler, 312 events ignored");
}

#[test]
fn a_new_line_is_indented_and_can_be_taken_back() {
    let mut window = window(page(SCRIPT), Theme::Dark, 1.0);
    at(&mut window, 5, 99);
    window.key_press(Key::Enter);
    window.run_ok();
    write(&mut window, "x");
    assert_eq!(line(&window, 6), "      x");
    for _ in 0..8 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        window.run_ok();
    }
    assert_eq!(window.state().text, SCRIPT);
    assert!(window.state().n_changes >= 2);
}

#[test]
fn tab_stays_in_the_text_and_control_slash_makes_a_comment() {
    let mut window = window(page(SCRIPT), Theme::Dark, 1.0);
    at(&mut window, 3, 0);
    window.key_press(Key::Tab);
    window.run_ok();
    assert_eq!(line(&window, 3), "    .foreachStream()");
    window.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Slash);
    window.run_ok();
    assert_eq!(line(&window, 3), "  // .foreachStream()");
    assert!(window.get_by_label("Script").is_focused());
}

#[test]
fn what_may_follow_is_offered_and_taken_with_tab_or_a_click() {
    let mut window = window(page("e.data."), Theme::Dark, 1.0);
    at(&mut window, 1, 7);
    write(&mut window, "a");
    window.get_by_label("amount");
    window.key_press(Key::Tab);
    window.run_ok();
    assert_eq!(window.state().text, "e.data.amount");
    assert!(window.query_by_label("amount").is_none());
    write(&mut window, ".a");
    window.get_by_label("at").click();
    window.run_ok();
    assert_eq!(window.state().text, "e.data.amount.at");
    write(&mut window, ".a");
    window.key_press(Key::Escape);
    window.run_ok();
    assert!(window.query_by_label("at").is_none());
    assert!(window.get_by_label("Script").is_focused());
}

#[test]
fn a_text_is_found_and_walked_through() {
    let mut window = window(page(SCRIPT), Theme::Dark, 1.0);
    at(&mut window, 1, 0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_ok();
    write(&mut window, "status");
    window.key_press(Key::Enter);
    window.run_ok();
    window.run_ok();
    window.key_press(Key::Escape);
    window.run_ok();
    // The second place is selected: what is typed takes its place.
    write(&mut window, "phase");
    assert_eq!(line(&window, 10), "      s.phase = 'placed';");
}

#[test]
fn ten_thousand_lines_are_laid_out_once() {
    let long = SCRIPT.repeat(500);
    let mut window = window(page(&long), Theme::Dark, 1.0);
    at(&mut window, 9_000, 0);
    let shown = window.get_by_label("Script").rect();
    assert!(shown.top() < -100_000.0, "it went there: {shown:?}");
    let began = std::time::Instant::now();
    for _ in 0..10 {
        window.step();
    }
    // Generous: tests run unoptimized, and every line has a node of its own for screen readers.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES").map(std::path::PathBuf::from) else {
        return;
    };
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for scale in [1.0, 2.0] {
            let mut window = window(page(SCRIPT), theme, scale);
            at(&mut window, 13, 0);
            let picture = window.render().unwrap();
            let file = format!("editor-{name}-{scale}.png");
            picture.save(folder.join(file)).unwrap();
        }
    }
}
