//! Which colors things wear: what gives events their color, and what the user chose instead.

use std::collections::BTreeMap;

use crate::event::{CategoryId, TypeId};

/// What gives an event its color.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum ColorBy {
    /// The category of its stream.
    #[default]
    Category,
    /// Its type; the colors go to the most frequent ones.
    Type,
}

/// Whose color is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColorOf {
    /// Of the streams of a category.
    Category(CategoryId),
    /// Of the events of a type.
    Type(TypeId),
}

/// The colors that the user chose, by the number of the color in the theme, from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colors {
    /// What gives events their color.
    pub by: ColorBy,
    chosen: BTreeMap<ColorOf, u8>,
}

impl Colors {
    /// The number of the color that was chosen; `None` where the one it has by itself stands.
    pub fn chosen(&self, of: ColorOf) -> Option<usize> {
        self.chosen.get(&of).map(|nr| usize::from(*nr))
    }

    /// Whether colors of single types were chosen.
    pub fn has_types(&self) -> bool {
        let mut chosen = self.chosen.keys();
        chosen.any(|of| matches!(of, ColorOf::Type(_)))
    }

    /// Gives a color, or with `None` takes back what was chosen.
    pub fn choose(&mut self, of: ColorOf, nr: Option<u8>) {
        match nr {
            Some(nr) => self.chosen.insert(of, nr),
            None => self.chosen.remove(&of),
        };
    }

    /// All that was chosen, in the order of categories and types.
    pub fn all(&self) -> impl Iterator<Item = (ColorOf, u8)> {
        self.chosen.iter().map(|(of, nr)| (*of, *nr))
    }
}
