//! The workspace: what was done with a history comes back, wherever its file lies, and is never lost.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp};
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, InspectorTab, Look, ViewKind};
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// A folder with a store in it, and where the program keeps its own files.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(home.store(), lines(9)).unwrap();
        home
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("shop.jsonl")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn app(&self) -> App {
        App::new(Setup {
            runner: Runner::inline(),
            settings_path: Some(self.data().join("settings.json")),
            wall_clock: noon,
            rules: None,
            options: OpenOptions::default(),
            is_steady: true,
        })
    }

    fn open(&self, path: &Path) -> Harness<'static, App> {
        let app = self.app();
        app.send(Action::OpenPath(path.to_owned()));
        window_of(app)
    }

    /// The workspaces that are kept.
    fn kept(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.data().join("workspaces"));
        let entries = entries.into_iter().flatten();
        let mut kept: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        kept.sort();
        kept
    }
}

fn lines(n: usize) -> String {
    let line = |n: usize| {
        format!(
            "{{\"stream\":\"order-{}\",\"version\":{},\"type\":\"Paid\",\"time\":\"2024-03-01T08:{n:02}:00Z\",\"data\":{{\"total\":{n}}}}}\n",
            n % 2,
            n / 2
        )
    };
    (0..n).map(line).collect()
}

fn window_of(app: App) -> Harness<'static, App> {
    let mut window = support::harness([1600.0, 1000.0], Theme::Dark, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    settle(&mut window);
    window
}

/// Frames until nothing is asked for any more.
fn settle(window: &mut Harness<'_, App>) {
    for _ in 0..4 {
        window.run_ok();
    }
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    settle(window);
}

fn look<'a>(window: &'a Harness<'_, App>) -> &'a Look {
    window.state().workbench().look()
}

fn messages(window: &Harness<'_, App>) -> String {
    let messages = window.state().workbench().messages.iter();
    let texts: Vec<&str> = messages.map(|message| message.text.as_str()).collect();
    texts.join("\n")
}

/// Bookmarks, notes, a filter, a marker, another tab, no inspector.
fn work(window: &mut Harness<'_, App>) {
    send(window, Action::MovePlayhead(Position(3)));
    send(window, Action::AddBookmark(Some("here".to_owned())));
    let note = Action::WriteNote(Position(3), "paid twice?".to_owned());
    send(window, note);
    send(window, Action::SetMarkerA);
    send(window, Action::SetFilter("data.total>1".to_owned()));
    send(window, Action::ShowInspector(InspectorTab::State));
    send(window, Action::MovePlayhead(Position(5)));
    send(window, Action::ToggleInspector);
}

fn assert_work(window: &Harness<'_, App>) {
    let look = look(window);
    assert_eq!(look.playhead, Position(5));
    assert_eq!(look.bookmarks[0].name, "here");
    assert_eq!(look.notes[0].text, "paid twice?");
    assert_eq!(look.marker_a.unwrap().from, Position(3));
    assert_eq!(look.filter, "data.total>1");
    assert_eq!(look.inspector, InspectorTab::State);
    assert!(window.query_by_label("State tile").is_none());
}

#[test]
fn what_was_done_with_a_store_comes_back_wherever_it_lies() {
    let home = Home::new();
    let before = std::fs::read(home.store()).unwrap();
    let mut window = home.open(&home.store());
    assert_eq!(home.kept(), [] as [PathBuf; 0], "nothing was done yet");
    work(&mut window);
    drop(window);
    assert_eq!(std::fs::read(home.store()).unwrap(), before);
    let elsewhere = home.folder.path().join("backup-of-monday.jsonl");
    std::fs::rename(home.store(), &elsewhere).unwrap();
    let window = home.open(&elsewhere);
    assert_work(&window);
    assert_eq!(home.kept().len(), 1);
}

#[test]
fn a_store_that_has_grown_keeps_its_workspace_and_another_one_has_its_own() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    work(&mut window);
    drop(window);
    std::fs::write(home.store(), lines(20)).unwrap();
    let window = home.open(&home.store());
    assert_work(&window);
    drop(window);
    std::fs::write(home.store(), lines(20).replace("order", "cart")).unwrap();
    let window = home.open(&home.store());
    assert_eq!(look(&window).bookmarks, []);
}

#[test]
fn a_playhead_at_the_end_stays_at_the_end_of_a_store_that_grows() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    send(&mut window, Action::AddBookmark(None));
    drop(window);
    std::fs::write(home.store(), lines(20)).unwrap();
    assert_eq!(look(&home.open(&home.store())).playhead, Position(19));
}

#[test]
fn a_note_on_an_event_that_says_something_else_now_is_kept_and_not_shown() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    // The first 64 events are what a history is known by.
    std::fs::write(home.store(), lines(99)).unwrap();
    send(&mut window, Action::OpenPath(home.store()));
    let note = |at| Action::WriteNote(Position(at), format!("about {at}"));
    send(&mut window, note(70));
    send(&mut window, note(80));
    drop(window);
    let changed = lines(99).replace("\"total\":70}", "\"total\":71}");
    std::fs::write(home.store(), changed).unwrap();
    let mut window = home.open(&home.store());
    let shown = |window: &Harness<'_, App>| look(window).notes.len();
    assert_eq!(shown(&window), 1);
    assert!(messages(&window).contains("1 of the notes"));
    send(&mut window, Action::AddBookmark(None));
    drop(window);
    std::fs::write(home.store(), lines(99)).unwrap();
    assert_eq!(shown(&home.open(&home.store())), 2);
}

#[test]
fn a_workspace_that_cannot_be_read_is_set_aside_and_said() {
    let home = Home::new();
    for text in ["{\"annals_workspace\": 99}", "{ half"] {
        let mut window = home.open(&home.store());
        work(&mut window);
        drop(window);
        let kept = home.kept().into_iter();
        let path = kept.into_iter().find(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            !name.contains("aside")
        });
        let path = path.unwrap();
        std::fs::write(&path, text).unwrap();
        let mut window = home.open(&home.store());
        assert!(messages(&window).contains("It is kept as "), "{text}");
        assert_eq!(look(&window).bookmarks, []);
        send(&mut window, Action::AddBookmark(None));
        let aside = home.kept().into_iter();
        let mut aside = aside.filter(|kept| std::fs::read_to_string(kept).unwrap() == text);
        assert!(aside.next().is_some(), "{text}");
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_workspace_file_opens_its_store_beside_it_with_all_that_was_done() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    work(&mut window);
    let file = home.folder.path().join("case 7.annals");
    send(&mut window, Action::SaveWorkspaceAs(file.clone()));
    assert!(messages(&window).contains("The workspace is saved as "));
    drop(window);
    // On another computer, in another folder.
    let other = Home::new();
    let there = other.folder.path().join("case 7.annals");
    std::fs::rename(&file, &there).unwrap();
    std::fs::remove_file(home.store()).unwrap();
    let mut window = other.open(&there);
    assert_work(&window);
    // Saved again, it goes where it came from.
    send(&mut window, Action::AddBookmark(Some("later".to_owned())));
    send(&mut window, Action::SaveWorkspace);
    let saved = annals::settings::read_workspace(&there).unwrap();
    assert_eq!(saved.bookmarks.len(), 2);
}

#[test]
fn a_reference_opens_there_as_an_argument_and_from_the_palette() {
    let home = Home::new();
    let mut reference = home.store().into_os_string();
    reference.push("#4");
    let mut window = home.open(Path::new(&reference));
    assert_eq!(look(&window).playhead, Position(4));
    send(&mut window, Action::GoTo("shop.jsonl#6".to_owned()));
    assert_eq!(look(&window).playhead, Position(6));
    send(&mut window, Action::CloseHistory);
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut window);
    window.event(Event::Text("shop.jsonl#2".to_owned()));
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(look(&window).playhead, Position(2));
}

#[test]
fn after_a_crash_it_is_opened_again_where_it_was() {
    let home = Home::new();
    let mut app = home.app();
    app.begin_session(true);
    app.send(Action::OpenPath(home.store()));
    let mut window = window_of(app);
    work(&mut window);
    // A crash takes the lock away and leaves the note behind.
    let sessions = home.data().join("sessions");
    let note = std::fs::read_dir(&sessions).unwrap().next().unwrap();
    let text = std::fs::read(note.unwrap().path()).unwrap();
    drop(window);
    assert_eq!(std::fs::read_dir(&sessions).unwrap().count(), 0);
    std::fs::write(sessions.join("open-crashed.json"), text).unwrap();
    let mut app = home.app();
    app.begin_session(false);
    let window = window_of(app);
    assert_work(&window);
    assert!(messages(&window).contains("opened again where it was"));
}

#[test]
fn an_accepted_finding_is_counted_apart_kept_and_taken_back() {
    let home = Home::new();
    let gap = lines(9).replace("\"version\":2,", "\"version\":7,");
    std::fs::write(home.store(), gap).unwrap();
    let mut window = home.open(&home.store());
    send(&mut window, Action::ShowView(ViewKind::Audit));
    let n_findings = |window: &Harness<'_, App>| {
        let audit = window.state().workbench().answers.audit.latest();
        audit.unwrap().as_ref().unwrap().findings.len()
    };
    let n_all = n_findings(&window);
    assert!(n_all > 0);
    send(&mut window, Action::GoToFinding(0));
    window.get_by_label("Accept\u{2026}").click();
    settle(&mut window);
    window.event(Event::Text("known since March".to_owned()));
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(look(&window).accepted[0].reason, "known since March");
    window.get_by_label_contains(", accepted: known since March");
    send(&mut window, Action::Undo);
    assert_eq!(look(&window).accepted, []);
    send(&mut window, Action::Redo);
    drop(window);
    let mut window = home.open(&home.store());
    assert_eq!(look(&window).accepted[0].reason, "known since March");
    send(&mut window, Action::GoToFinding(0));
    window.get_by_label("Take back").click();
    settle(&mut window);
    assert_eq!(look(&window).accepted, []);
}

#[test]
fn a_note_is_written_read_and_taken_away_in_the_window() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    send(&mut window, Action::AskNote);
    window.event(Event::Text("ask support".to_owned()));
    settle(&mut window);
    window.key_press(Key::Enter);
    settle(&mut window);
    window.get_by_label("Note: ask support");
    window.get_by_label("Remove note").click();
    settle(&mut window);
    assert_eq!(look(&window).notes, []);
}

#[test]
fn going_back_to_a_place_keeps_what_was_noted_and_can_be_undone() {
    let home = Home::new();
    let mut window = home.open(&home.store());
    send(&mut window, Action::GoTo("order-1@2".to_owned()));
    send(&mut window, Action::AddBookmark(Some("kept".to_owned())));
    let there = look(&window).playhead;
    send(&mut window, Action::Back);
    assert_ne!(look(&window).playhead, there);
    assert_eq!(look(&window).bookmarks[0].name, "kept");
    send(&mut window, Action::Undo);
    assert_eq!(look(&window).playhead, there);
}
