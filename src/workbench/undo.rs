//! Undo and redo: a trail of values with a place in it; and the places visited, as in a browser.

use std::time::Duration;

/// How long changes of one kind run together into one step.
const MERGE_WITHIN: Duration = Duration::from_millis(500);
/// How many steps are kept.
const KEPT: usize = 500;

/// A trail of values: each step can be gone back and forth; a new step drops what lay ahead.
#[derive(Clone, Debug)]
pub struct Trail<T> {
    steps: Vec<T>,
    at: usize,
    /// What the last step was about, when it was taken, and in which gesture.
    last: Option<(&'static str, Duration, Gesture)>,
}

/// Which press of the pointer this is, counted from the beginning, and whether it is still held: all
/// steps about one thing within one drag are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gesture {
    /// How often the pointer was pressed so far.
    pub nr: u64,
    /// Whether it is held.
    pub is_held: bool,
}

/// What runs together though it comes from several gestures: turning a wheel is none.
const STRETCH: &str = "zoom";

impl<T: Clone + PartialEq> Trail<T> {
    /// A trail that begins here.
    pub fn new(start: T) -> Self {
        Self {
            steps: vec![start],
            at: 0,
            last: None,
        }
    }

    /// Takes a step. Steps about the same thing run together within half a second, and within one drag
    /// however long it takes; two clicks are two steps.
    pub fn step(&mut self, value: T, about: &'static str, now: Duration, gesture: Gesture) {
        if self.steps[self.at] == value {
            return;
        }
        self.steps.truncate(self.at + 1);
        let merges = self.at > 0
            && self.last.is_some_and(|(what, then, of)| {
                let is_soon = now.saturating_sub(then) < MERGE_WITHIN;
                let is_same = of.nr == gesture.nr;
                // What one click asks for in one frame is one step, whatever it is about.
                let is_one = is_same && gesture.nr > 0 && then == now;
                is_one
                    || what == about
                        && if is_same {
                            is_soon || gesture.is_held
                        } else {
                            is_soon && about == STRETCH
                        }
            });
        if merges {
            self.steps[self.at] = value;
        } else {
            self.steps.push(value);
            self.at += 1;
        }
        if self.steps.len() > KEPT {
            self.steps.remove(0);
            self.at -= 1;
        }
        self.last = Some((about, now, gesture));
    }

    /// Goes one step back.
    pub fn back(&mut self) -> Option<&T> {
        self.at = self.at.checked_sub(1)?;
        self.last = None;
        self.steps.get(self.at)
    }

    /// Goes one step forward.
    pub fn forward(&mut self) -> Option<&T> {
        if !self.can_go_forward() {
            return None;
        }
        self.at += 1;
        self.last = None;
        self.steps.get(self.at)
    }

    /// Whether there is a step to go back to.
    pub fn can_go_back(&self) -> bool {
        self.at > 0
    }

    /// Whether there is a step to go forward to.
    pub fn can_go_forward(&self) -> bool {
        self.at + 1 < self.steps.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_restores_and_a_new_step_drops_what_lay_ahead() {
        let at = Duration::from_secs;
        let mut trail = Trail::new(0);
        trail.step(1, "move", at(1), Gesture::default());
        trail.step(2, "move", at(2), Gesture::default());
        assert_eq!(trail.back(), Some(&1));
        assert_eq!(trail.back(), Some(&0));
        assert_eq!(trail.back(), None);
        assert_eq!(trail.forward(), Some(&1));
        trail.step(7, "move", at(3), Gesture::default());
        assert!(!trail.can_go_forward());
        assert_eq!(trail.back(), Some(&1));
    }

    #[test]
    fn quick_steps_about_one_thing_are_one() {
        let mut trail = Trail::new(0);
        for n in 1..10 {
            let at = Duration::from_millis(1000 + 100 * n);
            trail.step(n, "zoom", at, Gesture::default());
        }
        assert_eq!(trail.back(), Some(&0));
    }

    #[test]
    fn a_drag_is_one_step_however_long_and_two_clicks_are_two() {
        let held = |nr| Gesture { nr, is_held: true };
        let mut trail = Trail::new(0);
        for n in 1..5 {
            trail.step(n, "move", Duration::from_secs(10 * n), held(1));
        }
        let soon = Duration::from_millis(40_010);
        trail.step(5, "move", soon, held(2));
        assert_eq!(trail.back(), Some(&4));
        assert_eq!(trail.back(), Some(&0));
    }
}
