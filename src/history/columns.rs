//! The columns of a log, as they are gathered.

use super::column::Column;
use super::places::Places;
use crate::event::CategoryId;

/// Stands for "no time" in the column of times.
pub(super) const NO_TIME: i64 = i64::MIN;

/// What a stream is called and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// The name as the store has it; with the category it is unique.
    pub name: Box<str>,
    /// Its category.
    pub category: CategoryId,
    /// Streams of equal names in different scopes (tables or files) are different streams.
    pub scope: u16,
}

/// The column of types, as narrow as their number allows.
#[derive(Clone, Debug)]
pub(super) enum TypeColumn {
    Narrow(Column<u8>),
    Middle(Column<u16>),
    Wide(Column<u32>),
}

impl TypeColumn {
    pub(super) fn get(&self, index: usize) -> u32 {
        match self {
            Self::Narrow(ids) => u32::from(ids[index]),
            Self::Middle(ids) => u32::from(ids[index]),
            Self::Wide(ids) => ids[index],
        }
    }

    pub(super) fn settle(&mut self) {
        match self {
            Self::Narrow(ids) => {
                ids.settle();
            }
            Self::Middle(ids) => {
                ids.settle();
            }
            Self::Wide(ids) => {
                ids.settle();
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Narrow(ids) => ids.len(),
            Self::Middle(ids) => ids.len() * 2,
            Self::Wide(ids) => ids.len() * 4,
        }
    }
}

/// What the builder gathers.
#[derive(Clone, Debug)]
pub(super) struct LogParts {
    pub(super) times: Column<i64>,
    /// When events occurred; empty where none says that.
    pub(super) occurred: Column<i64>,
    pub(super) streams: Column<u32>,
    pub(super) types: TypeColumn,
    pub(super) places: Places,
    pub(super) stream_table: Column<StreamInfo>,
    pub(super) category_names: Vec<Box<str>>,
    pub(super) type_names: Vec<Box<str>>,
    pub(super) type_counts: Vec<u64>,
    pub(super) time_digits: u8,
    pub(super) times_go_back: bool,
    pub(super) n_untimed: u32,
    pub(super) latest: i64,
    /// The file of each part, where there are several files.
    pub(super) part_files: Vec<Box<str>>,
    /// Whether a stream may have events in several of them.
    pub(super) joins_files: bool,
}
