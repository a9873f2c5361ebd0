//! Every length of the design, in egui points.
//!
//! The base grid is 4; the reference window is 1600 × 1000, the smallest 1024 × 640.

/// Smallest window the layout is made for.
pub const MIN_WINDOW: [f32; 2] = [1024.0, 640.0];
/// The window the pictures show.
pub const REFERENCE_WINDOW: [f32; 2] = [1600.0, 1000.0];

/// Height of the top bar.
pub const TOP_BAR: f32 = 48.0;
/// Height of the status bar.
pub const STATUS_BAR: f32 = 24.0;
/// Width of the file chip in the top bar.
pub const FILE_CHIP: f32 = 440.0;
/// Width of the search field in the top bar.
pub const TOP_SEARCH: f32 = 280.0;

/// Width of the left sidebar in Explore.
pub const SIDEBAR: f32 = 264.0;
/// Width of the left sidebar in the work views.
pub const SIDEBAR_WORK: f32 = 232.0;
/// Narrowest and widest sidebar.
pub const SIDEBAR_RANGE: [f32; 2] = [200.0, 420.0];
/// Narrowest centre.
pub const CENTRE_MIN: f32 = 480.0;
/// Width of the inspector in Explore.
pub const INSPECTOR: f32 = 368.0;
/// Width of the inspector in time travel.
pub const INSPECTOR_TIME_TRAVEL: f32 = 472.0;
/// Width of the inspector in the graph view.
pub const INSPECTOR_GRAPH: f32 = 328.0;
/// Narrowest and widest inspector.
pub const INSPECTOR_RANGE: [f32; 2] = [320.0, 640.0];

/// Under this window width the inspector becomes an overlay.
pub const OVERLAY_INSPECTOR_BELOW: f32 = 1280.0;
/// Under this window width the view names become icons.
pub const ICON_VIEWS_BELOW: f32 = 1120.0;
/// Under this window height the Types tile folds to its tab bar.
pub const FOLD_TYPES_BELOW: f32 = 900.0;

/// Gap between two tiles.
pub const TILE_GAP: f32 = 1.0;
/// Width of the area that takes hold of a divider.
pub const DIVIDER_GRAB: f32 = 8.0;
/// Smallest side of a tile.
pub const TILE_MIN: f32 = 120.0;
/// Height of a tab bar.
pub const TAB_BAR: f32 = 32.0;
/// Space beside a tab's title.
pub const TAB_SPACING: f32 = 12.0;
/// Heights a tool row under a tab bar may have.
pub const TOOL_ROWS: [f32; 3] = [32.0, 36.0, 40.0];
/// Height of the transport bar.
pub const TRANSPORT: f32 = 40.0;

/// Height of a table row, a table head and a tree row.
pub const ROW: f32 = 24.0;
/// Height of a row in findings and in lists that are like menus.
pub const LIST_ROW: f32 = 28.0;
/// Height of a section's head.
pub const SECTION: f32 = 28.0;
/// Step to the right per level of a tree.
pub const INDENT: f32 = 16.0;
/// Width of the label column of a key and its value.
pub const KEY_COLUMN: f32 = 112.0;

/// Height of the minimap.
pub const MINIMAP: f32 = 48.0;
/// Height of the ruler.
pub const RULER: f32 = 36.0;
/// Height of the lane of marks.
pub const MARKS_LANE: f32 = 24.0;
/// Height of a category's lane.
pub const CATEGORY_LANE: f32 = 32.0;
/// Height of a stream's lane.
pub const STREAM_LANE: f32 = 20.0;
/// Height of a field's lane that shows bands.
pub const BAND_LANE: f32 = 32.0;
/// Heights of a field's lane that shows steps.
pub const STEP_LANES: [f32; 2] = [40.0, 56.0];
/// Height of the lane of a related stream.
pub const RELATED_LANE: f32 = 26.0;
/// Width of the lane labels in Explore.
pub const GUTTER: f32 = 160.0;
/// Width of the lane labels in time travel.
pub const GUTTER_TIME_TRAVEL: f32 = 144.0;
/// Width of the lane labels in the graph view.
pub const GUTTER_GRAPH: f32 = 128.0;
/// Width of a density column, in pixels of the screen.
pub const DENSITY_COLUMN_PX: u32 = 2;

/// Height of a button.
pub const BUTTON: f32 = 28.0;
/// Height of a small button, and the least side of anything that can be clicked.
pub const BUTTON_SMALL: f32 = 24.0;
/// Height of the buttons with which a screen begins.
pub const BUTTON_LARGE: f32 = 32.0;
/// Height of a tag.
pub const TAG: f32 = 16.0;
/// Height of a key cap.
pub const KEY_CAP: f32 = 18.0;
/// Side of a swatch.
pub const SWATCH: f32 = 10.0;
/// Size of a sparkline.
pub const SPARKLINE: [f32; 2] = [56.0, 14.0];
/// Height of a progress bar.
pub const PROGRESS: f32 = 4.0;
/// Width of a menu.
pub const MENU: f32 = 232.0;
/// Widest tooltip.
pub const TOOLTIP: f32 = 320.0;
/// Width of a message at the bottom right.
pub const MESSAGE: f32 = 364.0;
/// Size of a card in the causation chain.
pub const CAUSE_CARD: [f32; 2] = [140.0, 48.0];
/// Height of the chain of causes, with its tab bar.
pub const CAUSES: f32 = 100.0;
/// Height of the list of an undertaking, with its tab bar.
pub const CORRELATION: f32 = 208.0;
/// Height of a node of the graph.
pub const GRAPH_NODE: f32 = 40.0;

/// Space at the sides of a tile.
pub const SIDE: f32 = 12.0;
/// Space at the sides of a tool row.
pub const TOOL_SIDE: f32 = 8.0;
/// Space at either side of a table's cell.
pub const CELL: f32 = 8.0;
/// Space between an icon and its label.
pub const ICON_GAP: f32 = 6.0;

/// Corner of bars and swatches.
pub const CORNER_BAR: u8 = 2;
/// Corner of tags, keys and segments.
pub const CORNER_TAG: u8 = 3;
/// Corner of buttons, fields, cards and nodes.
pub const CORNER: u8 = 4;
/// Corner of tooltips, menus, view buttons and the search field.
pub const CORNER_MENU: u8 = 6;
/// Corner of dialogs.
pub const CORNER_DIALOG: u8 = 8;

/// Width of hairlines and borders.
pub const STROKE: f32 = 1.0;
/// Width of a plot line and of the focus ring.
pub const STROKE_PLOT: f32 = 1.5;
/// Width of the playhead, a selection's bar and a tab's marker.
pub const STROKE_PLAYHEAD: f32 = 2.0;
/// Space between a control and its focus ring.
pub const FOCUS_GAP: f32 = 2.0;
/// Dash and gap of a dashed line.
pub const DASH: [f32; 2] = [3.0, 3.0];
/// Dash and gap of a link between nodes.
pub const DASH_LINK: [f32; 2] = [4.0, 3.0];
/// Dash and gap of the lines under A and B.
pub const DASH_MARKER: [f32; 2] = [2.0, 3.0];

/// Icon inside a line of text.
pub const ICON_TEXT: f32 = 12.0;
/// Icon in a small button.
pub const ICON_SMALL: f32 = 14.0;
/// Icon anywhere else.
pub const ICON: f32 = 16.0;
/// Icon of the file chip.
pub const ICON_FILE: f32 = 20.0;
/// Icon of an empty state.
pub const ICON_EMPTY: f32 = 32.0;

/// Width of a scroll bar under the pointer.
pub const SCROLL_BAR: f32 = 8.0;
/// Width of a scroll bar at rest.
pub const SCROLL_BAR_REST: f32 = 3.0;
/// Space between a scroll bar and the edge.
pub const SCROLL_BAR_MARGIN: f32 = 2.0;
/// Shortest handle of a scroll bar.
pub const SCROLL_HANDLE_MIN: f32 = 24.0;
