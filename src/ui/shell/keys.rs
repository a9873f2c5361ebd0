//! Keys to actions, by the one table: nothing else in the program names a shortcut.
//!
//! Letters and named keys are compared with the key that the layout gives, everything else with the
//! character typed, so that `[`, `{` and `?` work on every layout that can type them.

use egui::{Context, Event, Key, Modifiers};

use crate::workbench::{ACTIONS, Action};

/// A key combination as the table writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Chord {
    /// A character, typed without Ctrl and Alt.
    Typed(char),
    /// A key with exactly these modifiers.
    Pressed(Modifiers, Key),
}

/// Reads `Ctrl+Shift+T`, `[`, `Alt+Left`, `+`.
fn chord(text: &str) -> Option<Chord> {
    let mut modifiers = Modifiers::NONE;
    let mut rest = text;
    while let Some((head, tail)) = rest
        .split_once('+')
        .filter(|(head, tail)| !head.is_empty() && !tail.is_empty())
    {
        match head {
            "Ctrl" => modifiers = modifiers.plus(Modifiers::COMMAND),
            "Shift" => modifiers = modifiers.plus(Modifiers::SHIFT),
            "Alt" => modifiers = modifiers.plus(Modifiers::ALT),
            _ => return None,
        }
        rest = tail;
    }
    let mut chars = rest.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && modifiers.is_none()
        && !only.is_ascii_alphabetic()
    {
        return Some(Chord::Typed(only));
    }
    let key = match rest {
        "Left" => Key::ArrowLeft,
        "Right" => Key::ArrowRight,
        "Up" => Key::ArrowUp,
        "Down" => Key::ArrowDown,
        "," => Key::Comma,
        "." => Key::Period,
        name => Key::from_name(name)?,
    };
    Some(Chord::Pressed(modifiers, key))
}

/// What stands in the way of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obstacles {
    /// A dialog is open: only what opens and closes dialogs gets through.
    pub dialog: bool,
    /// A text field has the keyboard: what edits text stays with it.
    pub text: bool,
    /// A control was reached with Tab: Space and Enter press it.
    pub control: bool,
}

/// The actions asked for by the keys of this frame.
pub fn actions(ctx: &Context, obstacles: Obstacles) -> Vec<Action> {
    let events = ctx.input(|input| input.events.clone());
    let shift = ctx.input(|input| input.modifiers.shift);
    events
        .iter()
        .filter_map(|event| action_of(&as_key(event, shift)?, obstacles))
        .collect()
}

/// What an event presses, as a chord.
fn as_key(event: &Event, shift: bool) -> Option<Chord> {
    match event {
        // The system turns Ctrl+C into this.
        Event::Copy if shift => Some(Chord::Pressed(
            Modifiers::COMMAND.plus(Modifiers::SHIFT),
            Key::C,
        )),
        Event::Copy => Some(Chord::Pressed(Modifiers::COMMAND, Key::C)),
        Event::Text(text) => {
            let mut chars = text.chars();
            let only = chars.next()?;
            (chars.next().is_none() && !only.is_alphabetic() && only != ' ')
                .then_some(Chord::Typed(only))
        }
        Event::Key {
            key,
            pressed: true,
            modifiers,
            ..
        } => {
            let mut plain = Modifiers::NONE;
            plain.alt = modifiers.alt;
            plain.shift = modifiers.shift;
            plain.command = modifiers.command;
            Some(Chord::Pressed(plain, *key))
        }
        _ => None,
    }
}

fn action_of(pressed: &Chord, obstacles: Obstacles) -> Option<Action> {
    let row = ACTIONS.iter().find(|row| {
        row.keys
            .iter()
            .any(|key| chord(key).as_ref() == Some(pressed))
    })?;
    let toggles = matches!(
        row.action,
        Action::TogglePalette | Action::ToggleShortcuts | Action::CycleTheme
    );
    if obstacles.dialog && !toggles {
        return None;
    }
    if obstacles.text && edits_text(pressed) {
        return None;
    }
    if obstacles.control && *pressed == Chord::Pressed(Modifiers::NONE, Key::Space) {
        return None;
    }
    Some(row.action.clone())
}

/// Whether a text field has its own use for it.
fn edits_text(pressed: &Chord) -> bool {
    match pressed {
        Chord::Typed(_) => true,
        Chord::Pressed(modifiers, key) if modifiers.command => {
            matches!(
                key,
                Key::A | Key::C | Key::V | Key::X | Key::Y | Key::Z | Key::U | Key::W
            )
        }
        Chord::Pressed(modifiers, key) => {
            let is_arrow = matches!(key, Key::ArrowLeft | Key::ArrowRight);
            let walks = modifiers.alt && is_arrow;
            !walks && !(Key::F1..=Key::F35).contains(key)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_none_means_two_things() {
        let mut seen = Vec::new();
        for row in ACTIONS {
            for key in row.keys {
                let chord = chord(key);
                assert!(chord.is_some(), "{key} of {}", row.name);
                assert!(!seen.contains(&chord), "{key} of {}", row.name);
                seen.push(chord);
            }
        }
    }

    #[test]
    fn signs_are_compared_as_typed_and_letters_as_keys() {
        assert_eq!(chord("["), Some(Chord::Typed('[')));
        assert_eq!(chord("+"), Some(Chord::Typed('+')));
        assert_eq!(chord("?"), Some(Chord::Typed('?')));
        assert_eq!(chord("N"), Some(Chord::Pressed(Modifiers::NONE, Key::N)));
        assert_eq!(
            chord("Shift+N"),
            Some(Chord::Pressed(Modifiers::SHIFT, Key::N))
        );
        assert_eq!(
            chord("Alt+,"),
            Some(Chord::Pressed(Modifiers::ALT, Key::Comma))
        );
        assert_eq!(chord("Hyper+N"), None);
    }

    #[test]
    fn a_text_field_keeps_letters_and_lets_commands_through() {
        let text = Obstacles {
            text: true,
            ..Obstacles::default()
        };
        let find = |key: &str, obstacles| action_of(&chord(key).unwrap(), obstacles);
        assert_eq!(find("N", Obstacles::default()), Some(Action::NextFinding));
        assert_eq!(find("N", text), None);
        assert_eq!(find("[", text), None);
        assert_eq!(find("Left", text), None);
        assert_eq!(find("Ctrl+Z", text), None);
        assert_eq!(find("Ctrl+K", text), Some(Action::TogglePalette));
        let dialog = Obstacles {
            dialog: true,
            ..Obstacles::default()
        };
        assert_eq!(find("Right", dialog), None);
        assert_eq!(find("?", dialog), Some(Action::ToggleShortcuts));
    }
}
