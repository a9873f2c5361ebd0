//! What a user can set for the whole program: one change of the settings each.

use crate::event::Zone;

/// The sizes of the interface that can be chosen, in percent.
pub const TEXT_SIZES: [u16; 8] = [75, 90, 100, 110, 125, 150, 175, 200];

/// A change of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Dark or light; as the system has it where it is `None`.
    Dark(Option<bool>),
    /// The size of the whole interface, in percent: one of [`TEXT_SIZES`].
    TextSize(u16),
    /// The next larger size, or the next smaller one.
    Larger(bool),
    /// No motion at all.
    LessMotion(bool),
    /// Stronger borders and captions, a less faint future.
    MoreContrast(bool),
    /// The zone in which times are shown.
    Zone(Zone),
    /// How much memory results of a projection over time may take, in megabytes.
    ResultsMemory(u32),
    /// Figures of fold, frame and memory in the status bar.
    Figures(bool),
    /// This key leads to the action of this name, and to no other.
    Key(&'static str, String),
    /// The action of this name has the keys that it came with.
    ResetKey(&'static str),
    /// All actions have.
    ResetKeys,
}

/// The next size up or down.
pub fn next_size(now: u16, up: bool) -> u16 {
    let sizes = TEXT_SIZES;
    let next = if up {
        sizes.into_iter().find(|size| *size > now)
    } else {
        sizes.into_iter().rev().find(|size| *size < now)
    };
    next.unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_go_up_and_down_and_stop_at_the_ends() {
        assert_eq!(next_size(100, true), 110);
        assert_eq!(next_size(100, false), 90);
        assert_eq!(next_size(200, true), 200);
        assert_eq!(next_size(75, false), 75);
        assert_eq!(next_size(120, true), 125);
    }
}
