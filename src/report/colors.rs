//! The colors of a report: those of the light theme, written down once for HTML and SVG.

/// The page and what lies on it.
pub(super) const DESK: &str = "#E8ECF1";
pub(super) const CANVAS: &str = "#FFFFFF";
pub(super) const PANEL: &str = "#F7F8FA";
pub(super) const LINE: &str = "#E0E4EA";
pub(super) const LINE_STRONG: &str = "#C3CAD4";
pub(super) const GRID: &str = "#EEF0F4";

/// Text, from the main one to captions.
pub(super) const TEXT: &str = "#181C22";
pub(super) const TEXT2: &str = "#454D5A";
pub(super) const TEXT3: &str = "#5D6674";

/// Links within the page, and what passed, warns, failed, informs.
pub(super) const ACCENT: &str = "#1A5FD0";
pub(super) const OK: &str = "#14764B";
pub(super) const WARN: &str = "#885C00";
/// Warnings as a surface.
pub(super) const WARN_FILL: &str = "#BD8500";
pub(super) const ERR: &str = "#BE2735";

/// The colors of types, largest first; what comes after has [`TEXT3`].
pub(super) const CATEGORIES: [&str; 12] = [
    "#127DAF", "#BD8500", "#772C7D", "#56550A", "#8154D5", "#00756A", "#A92A43", "#8D6500",
    "#A9528C", "#05A096", "#65894E", "#064AAC",
];

/// A step line, and its area at a tenth of its strength.
pub(super) const SERIES: &str = "#65894E";
