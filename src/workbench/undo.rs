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
    /// What the last step was about, and when it was taken.
    last: Option<(&'static str, Duration)>,
}

impl<T: Clone + PartialEq> Trail<T> {
    /// A trail that begins here.
    pub fn new(start: T) -> Self {
        Self {
            steps: vec![start],
            at: 0,
            last: None,
        }
    }

    /// Takes a step. Steps about the same thing within half a second run together.
    pub fn step(&mut self, value: T, about: &'static str, now: Duration) {
        if self.steps[self.at] == value {
            return;
        }
        self.steps.truncate(self.at + 1);
        let merges = self.at > 0
            && self.last.is_some_and(|(what, then)| {
                what == about && now.saturating_sub(then) < MERGE_WITHIN
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
        self.last = Some((about, now));
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
        trail.step(1, "move", at(1));
        trail.step(2, "move", at(2));
        assert_eq!(trail.back(), Some(&1));
        assert_eq!(trail.back(), Some(&0));
        assert_eq!(trail.back(), None);
        assert_eq!(trail.forward(), Some(&1));
        trail.step(7, "move", at(3));
        assert!(!trail.can_go_forward());
        assert_eq!(trail.back(), Some(&1));
    }

    #[test]
    fn quick_steps_about_one_thing_are_one() {
        let mut trail = Trail::new(0);
        for n in 1..10 {
            trail.step(n, "zoom", Duration::from_millis(1000 + 100 * n));
        }
        assert_eq!(trail.back(), Some(&0));
    }
}
