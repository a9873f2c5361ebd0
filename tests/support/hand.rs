//! A hand on the whole window, which counts what it does: a key with the text that follows and its
//! Enter, a click, a choice in a list, a drag or a dropped file is one action each.
//!
//! Include it with `#[path = "support/hand.rs"] mod hand;` beside `mod support;` and `desk`.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::workbench::{Action, Look, Workbench};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::desk::{self, Desk, Window};

/// A file that is dropped on the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// A window and the actions done in it.
pub struct Hand {
    /// The window, for what a test asks of it beyond this.
    pub window: Window,
    done: Vec<String>,
}

impl Hand {
    /// A window, in which nothing has been done yet.
    pub fn new(desk: Desk) -> Self {
        Self {
            window: desk.window(),
            done: Vec::new(),
        }
    }

    /// A window on the sample history.
    pub fn on_sample() -> Self {
        let mut hand = Self::new(Desk::default());
        hand.given(Action::OpenSample);
        hand
    }

    /// What is the case before the count begins: it is no action.
    pub fn given(&mut self, action: Action) {
        desk::send(&mut self.window, action);
    }

    /// A key.
    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.note(format!("{modifiers:?} {key:?}"));
        self.press(modifiers, key);
    }

    /// As the window of the system tells of it.
    fn press(&mut self, modifiers: Modifiers, key: Key) {
        match key {
            Key::C if modifiers.command => self.window.event_modifiers(Event::Copy, modifiers),
            Key::Slash => self.window.event(Event::Text("/".to_owned())),
            _ => self.window.key_press_modifiers(modifiers, key),
        }
        desk::settle(&mut self.window);
    }

    /// A key, what is typed after it, and Enter.
    pub fn write(&mut self, modifiers: Modifiers, key: Key, text: &str) {
        self.note(format!("{modifiers:?} {key:?}, {text}, Enter"));
        self.press(modifiers, key);
        self.text(text);
        self.window.key_press(Key::Enter);
        desk::settle(&mut self.window);
    }

    /// What is typed where the keyboard is, and Enter.
    pub fn enter(&mut self, text: &str) {
        self.note(format!("{text}, Enter"));
        self.text(text);
        self.window.key_press(Key::Enter);
        desk::settle(&mut self.window);
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.window.event(Event::Text(text.to_owned()));
            desk::settle(&mut self.window);
        }
    }

    /// A click on the first thing of a role whose name begins so.
    #[track_caller]
    pub fn click(&mut self, role: Role, label: &str) {
        self.note(format!("click on {label}"));
        self.found(role, label).click();
        desk::settle(&mut self.window);
    }

    /// A click with the other button.
    #[track_caller]
    pub fn click_secondary(&mut self, role: Role, label: &str) {
        self.note(format!("right click on {label}"));
        self.found(role, label).click_secondary();
        desk::settle(&mut self.window);
    }

    /// A click into a field, and what is typed there.
    #[track_caller]
    pub fn type_into(&mut self, label: &str, text: &str) {
        self.note(format!("{text} into {label}"));
        self.window.get_by_label(label).click();
        desk::settle(&mut self.window);
        self.text(text);
    }

    /// A choice in the list that opens under a button.
    #[track_caller]
    pub fn choose(&mut self, list: &str, entry: &str) {
        self.note(format!("{entry} in {list}"));
        self.window.get_by_label(list).click();
        desk::settle(&mut self.window);
        self.window.get_by_label(entry).click();
        desk::settle(&mut self.window);
    }

    /// A click while keys are held.
    #[track_caller]
    pub fn click_with(&mut self, modifiers: Modifiers, role: Role, label: &str) {
        self.note(format!("{modifiers:?} click on {label}"));
        self.found(role, label).click_modifiers(modifiers);
        desk::settle(&mut self.window);
    }

    /// A press at one place, a way in some steps, and letting go at another.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.note(format!("drag from {from} to {to}"));
        self.window.hover_at(from);
        self.window.step();
        self.window.drag_at(from);
        self.window.step();
        for nr in 1_u8..=4 {
            self.window
                .hover_at(from + (to - from) * f32::from(nr) / 4.0);
            self.window.step();
        }
        self.window.drop_at(to);
        desk::settle(&mut self.window);
    }

    /// A file dropped on the window.
    pub fn drop_file(&mut self, path: &Path) {
        self.note(format!("drop {}", path.display()));
        let dropped = Arc::new(Dropped(path.to_owned()));
        self.window.input_mut().dropped_files.push(dropped);
        desk::settle(&mut self.window);
    }

    fn note(&mut self, what: String) {
        self.done.push(what);
    }

    /// How often something was done; it must be `n`, and `n` no more than the design allows.
    #[track_caller]
    pub fn took(&self, n: usize, limit: usize) {
        assert_eq!(self.done.len(), n, "{:#?}", self.done);
        assert!(n <= limit, "{n} actions, {limit} are allowed");
    }

    /// The first thing of a role whose name, or else whose value, begins so.
    #[track_caller]
    pub fn found(&self, role: Role, label: &str) -> Node<'_> {
        let begins = |node: &Node<'_>| said(node).is_some_and(|said| said.starts_with(label));
        let found = self.window.query_all_by_role(role).find(begins);
        found.unwrap_or_else(|| panic!("{label} among {:#?}", self.labels(role)))
    }

    /// What all things of a role say.
    pub fn labels(&self, role: Role) -> Vec<String> {
        let nodes = self.window.query_all_by_role(role);
        nodes.filter_map(|node| said(&node)).collect()
    }

    /// Whether something of a role says this, or begins so.
    pub fn says(&self, role: Role, words: &str) -> bool {
        self.labels(role).iter().any(|said| said.starts_with(words))
    }

    /// Every button, tab and field lies within the window, as far as it is shown; those named may be
    /// scrolled out of it.
    #[track_caller]
    pub fn all_within(&self, scrolled: &[&str]) {
        let screen = self.window.ctx.content_rect();
        let nodes = self.window.root().children_recursive();
        let is_outside = |node: &Node<'_>| {
            let role = node.accesskit_node().role();
            // Only what can be acted on has a place for certain.
            matches!(role, Role::Button | Role::Tab | Role::TextInput) && {
                let rect = node.rect();
                rect.area() > 0.0 && !screen.contains(rect.center())
            }
        };
        let outside: Vec<String> = nodes
            .filter(is_outside)
            .filter_map(|it| said(&it))
            .filter(|name| !scrolled.contains(&name.as_str()))
            .collect();
        assert!(outside.is_empty(), "{outside:?}");
    }

    /// What is open and looked at.
    pub fn bench(&self) -> &Workbench {
        self.window.state().workbench()
    }

    /// Where the user is.
    pub fn look(&self) -> &Look {
        self.bench().look()
    }

    /// The position of the playhead.
    pub fn playhead(&self) -> u32 {
        self.look().playhead.0
    }

    /// Writes a picture of the window where `PICTURES` names a folder.
    pub fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.window.render().unwrap();
        picture.save(folder.join(format!("{name}.png"))).unwrap();
    }
}

fn said(node: &Node<'_>) -> Option<String> {
    let shown = node.accesskit_node();
    shown.label().or_else(|| shown.value())
}
