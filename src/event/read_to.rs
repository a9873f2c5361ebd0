//! How far a log of lines has been read.

/// The end of what has been read of a log of lines: from there on it can be followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadTo {
    /// The byte at which the next line begins.
    pub at: u64,
    /// How many lines end before it.
    pub lines: u64,
    /// Whether a line begins there that was not ended and was counted as lost.
    pub lost_rest: bool,
}
