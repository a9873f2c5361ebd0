//! Keys to actions, by the one table: nothing else in the program names a shortcut.
//!
//! Letters and named keys are compared with the key that the layout gives, everything else with the
//! character typed, so that `[`, `{` and `?` work on every layout that can type them.

use egui::{Context, Event, Key, Modifiers};

use super::keymap::Keymap;
use crate::workbench::Action;

/// A key combination as the table writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chord {
    /// A character, typed without Ctrl and Alt.
    Typed(char),
    /// A key with exactly these modifiers.
    Pressed(Modifiers, Key),
}

/// Reads `Ctrl+Shift+T`, `[`, `Alt+Left`, `+`.
pub(super) fn chord(text: &str) -> Option<Chord> {
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

/// A key combination as it is written, so that [`chord`] reads it again.
fn written(chord: &Chord) -> String {
    match chord {
        Chord::Typed(sign) => sign.to_string(),
        Chord::Pressed(modifiers, key) => {
            let mut text = String::new();
            let names = [
                (modifiers.command, "Ctrl+"),
                (modifiers.shift, "Shift+"),
                (modifiers.alt, "Alt+"),
            ];
            for (_, name) in names.iter().filter(|(is_held, _)| *is_held) {
                text.push_str(name);
            }
            text.push_str(match key {
                Key::ArrowLeft => "Left",
                Key::ArrowRight => "Right",
                Key::ArrowUp => "Up",
                Key::ArrowDown => "Down",
                Key::Comma => ",",
                Key::Period => ".",
                Key::Plus => "+",
                Key::Minus => "-",
                Key::Equals => "=",
                other => other.name(),
            });
            text
        }
    }
}

/// The key that was pressed in this frame, as it is written; a sign that was typed before the key that
/// it lies on. Tab and F6 always walk and are none.
pub(super) fn pressed(ctx: &Context) -> Option<String> {
    let events = ctx.input(|input| input.events.clone());
    let shift = ctx.input(|input| input.modifiers.shift);
    let chords: Vec<Chord> = events
        .iter()
        .filter_map(|event| as_key(event, shift))
        .filter(|chord| !matches!(chord, Chord::Pressed(_, Key::Tab | Key::F6 | Key::Escape)))
        .collect();
    let typed = chords.iter().find(|chord| matches!(chord, Chord::Typed(_)));
    let text = written(typed.or_else(|| chords.first())?);
    // What cannot be read again cannot be kept.
    chord(&text).is_some().then_some(text)
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
pub fn actions(ctx: &Context, keymap: &Keymap, obstacles: Obstacles) -> Vec<Action> {
    let events = ctx.input(|input| input.events.clone());
    let shift = ctx.input(|input| input.modifiers.shift);
    events
        .iter()
        .filter_map(|event| action_of(&as_key(event, shift)?, keymap, obstacles))
        .collect()
}

/// Whether a key such as `Ctrl+E` is pressed in this frame, whatever stands in its way.
pub(super) fn is_pressed(ctx: &Context, key: &str) -> bool {
    let Some(wanted) = chord(key) else {
        return false;
    };
    ctx.input(|input| {
        let shift = input.modifiers.shift;
        let mut pressed = input.events.iter().filter_map(|event| as_key(event, shift));
        pressed.any(|pressed| pressed == wanted)
    })
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

fn action_of(pressed: &Chord, keymap: &Keymap, obstacles: Obstacles) -> Option<Action> {
    let row = keymap.action(pressed)?;
    let toggles = matches!(
        row.action,
        Action::TogglePalette
            | Action::ToggleShortcuts
            | Action::ToggleSettings
            | Action::CycleTheme
            | Action::ToggleFullScreen
            | Action::Set(_)
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
                Key::A | Key::C | Key::F | Key::V | Key::X | Key::Y | Key::Z | Key::U | Key::W
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
    use crate::workbench::ACTIONS;

    #[test]
    fn every_key_of_the_table_can_be_read_and_none_means_two_things() {
        let mut seen = Vec::new();
        for row in ACTIONS {
            for key in row.keys {
                let chord = chord(key);
                assert!(chord.is_some(), "{key} of {}", row.name);
                assert!(!seen.contains(&chord), "{key} of {}", row.name);
                let again = chord.as_ref().map(written);
                assert_eq!(again.as_deref(), Some(*key));
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
        let find =
            |key: &str, obstacles| action_of(&chord(key).unwrap(), &Keymap::TABLE, obstacles);
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
