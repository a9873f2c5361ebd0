//! The icons of Phosphor 2.1, by what they stand for.
//!
//! An [`Icon`] is a glyph of one of the two embedded icon fonts, so it takes any size and color.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, RichText};

use super::fonts::{PH, PH_FILL};

/// One glyph of the icon fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon {
    glyph: char,
    filled: bool,
}

impl Icon {
    const fn regular(glyph: char) -> Self {
        Self {
            glyph,
            filled: false,
        }
    }

    const fn filled(glyph: char) -> Self {
        Self {
            glyph,
            filled: true,
        }
    }

    /// The same icon, filled.
    #[must_use]
    pub const fn fill(self) -> Self {
        Self::filled(self.glyph)
    }

    /// The same icon, as an outline.
    #[must_use]
    pub const fn outline(self) -> Self {
        Self::regular(self.glyph)
    }

    /// The glyph as text, for a [`egui::text::LayoutJob`] together with [`Self::font`].
    #[must_use]
    pub fn text(self) -> String {
        self.glyph.to_string()
    }

    /// The font this glyph is in.
    #[must_use]
    pub fn font(self, size: f32) -> FontId {
        let family = if self.filled { &PH_FILL } else { &PH };
        FontId::new(size, (**family).clone())
    }
}

/// An icon as text, to be put into a label or a menu.
#[must_use]
pub fn icon(icon: Icon, size: f32, color: Color32) -> RichText {
    RichText::new(icon.text())
        .font(icon.font(size))
        .color(color)
}

/// Paints an icon with its middle at `center`; returns where it stands.
pub fn paint(painter: &Painter, center: Pos2, icon: Icon, size: f32, color: Color32) -> Rect {
    painter.text(
        center,
        Align2::CENTER_CENTER,
        icon.glyph,
        icon.font(size),
        color,
    )
}

/// Paints an icon at the left of `rect`, in the middle of its height; returns where it stands.
pub fn paint_left(painter: &Painter, rect: Rect, icon: Icon, size: f32, color: Color32) -> Rect {
    let center = rect.left_center() + egui::vec2(size / 2.0, 0.0);
    paint(painter, center, icon, size, color)
}

/// Open a file.
pub const OPEN: Icon = Icon::regular('\u{E256}');
/// A store.
pub const STORE: Icon = Icon::regular('\u{E1DE}');
/// A log file.
pub const LOG_FILE: Icon = Icon::regular('\u{E23A}');
/// A file that is gone.
pub const MISSING_FILE: Icon = Icon::regular('\u{EB56}');
/// Drop a file here.
pub const DROP_FILE: Icon = Icon::regular('\u{E232}');
/// Search.
pub const SEARCH: Icon = Icon::regular('\u{E30C}');
/// Filter.
pub const FILTER: Icon = Icon::regular('\u{E268}');
/// Clear or close.
pub const CLOSE: Icon = Icon::regular('\u{E4F6}');
/// Explore, time travel.
pub const TIME_TRAVEL: Icon = Icon::regular('\u{E1A0}');
/// Projections.
pub const PROJECTIONS: Icon = Icon::regular('\u{E156}');
/// Audit.
pub const AUDIT: Icon = Icon::regular('\u{E40C}');
/// Audit with findings.
pub const AUDIT_FINDINGS: Icon = Icon::filled('\u{E412}');
/// Graph.
pub const GRAPH: Icon = Icon::regular('\u{E27E}');
/// Report.
pub const REPORT: Icon = Icon::regular('\u{E23A}');
/// Settings.
pub const SETTINGS: Icon = Icon::regular('\u{E272}');
/// Help.
pub const HELP: Icon = Icon::regular('\u{E3E8}');
/// The file is only read.
pub const READ_ONLY: Icon = Icon::regular('\u{E308}');
/// Back to the last place.
pub const BACK: Icon = Icon::regular('\u{E058}');
/// Forward to the next place.
pub const FORWARD: Icon = Icon::regular('\u{E06C}');
/// To the first event.
pub const FIRST: Icon = Icon::filled('\u{E5A4}');
/// To the previous event.
pub const PREVIOUS: Icon = Icon::filled('\u{E138}');
/// Play.
pub const PLAY: Icon = Icon::filled('\u{E3D0}');
/// Pause.
pub const PAUSE: Icon = Icon::filled('\u{E39E}');
/// To the next event.
pub const NEXT: Icon = Icon::filled('\u{E13A}');
/// To the last event.
pub const LAST: Icon = Icon::filled('\u{E5A6}');
/// Follow live.
pub const LIVE: Icon = Icon::regular('\u{E0F2}');
/// Fit everything into view.
pub const FIT: Icon = Icon::regular('\u{E534}');
/// Zoom in.
pub const ZOOM_IN: Icon = Icon::regular('\u{E310}');
/// Zoom out.
pub const ZOOM_OUT: Icon = Icon::regular('\u{E30E}');
/// Fold quiet time.
pub const FOLD_QUIET: Icon = Icon::regular('\u{E530}');
/// Bookmark; filled when it is set.
pub const BOOKMARK: Icon = Icon::filled('\u{E0EA}');
/// Marker.
pub const MARKER: Icon = Icon::regular('\u{E622}');
/// Pin; filled when it is set.
pub const PIN: Icon = Icon::filled('\u{E3E2}');
/// Blame.
pub const BLAME: Icon = Icon::regular('\u{E6FC}');
/// Copy.
pub const COPY: Icon = Icon::regular('\u{E1CA}');
/// Export.
pub const EXPORT: Icon = Icon::regular('\u{EAF0}');
/// Columns.
pub const COLUMNS: Icon = Icon::regular('\u{E546}');
/// Sort.
pub const SORT: Icon = Icon::regular('\u{E446}');
/// Unfolded, and the mark of a menu.
pub const UNFOLDED: Icon = Icon::regular('\u{E136}');
/// Folded.
pub const FOLDED: Icon = Icon::regular('\u{E13A}');
/// Sorted upward.
pub const UP: Icon = Icon::regular('\u{E13C}');
/// The present choice of a menu.
pub const CHECK: Icon = Icon::regular('\u{E182}');
/// Passed.
pub const PASSED: Icon = Icon::filled('\u{E184}');
/// Warning.
pub const WARNING: Icon = Icon::filled('\u{E4E0}');
/// Failed, error.
pub const FAILED: Icon = Icon::filled('\u{E4F8}');
/// Note.
pub const NOTE: Icon = Icon::filled('\u{E2CE}');
/// In part.
pub const PART: Icon = Icon::regular('\u{E18C}');
/// Skipped.
pub const SKIPPED: Icon = Icon::filled('\u{E32C}');
/// Running.
pub const RUNNING: Icon = Icon::regular('\u{EB44}');
/// Stop.
pub const STOP: Icon = Icon::filled('\u{E46C}');
/// Run again.
pub const RUN_AGAIN: Icon = Icon::regular('\u{E036}');
/// Evidence.
pub const EVIDENCE: Icon = Icon::regular('\u{E606}');
/// Table.
pub const TABLE: Icon = Icon::regular('\u{E476}');
/// Step plot.
pub const STEP_PLOT: Icon = Icon::regular('\u{ECBE}');
/// Bar plot.
pub const BAR_PLOT: Icon = Icon::regular('\u{E150}');
/// Line plot.
pub const LINE_PLOT: Icon = Icon::regular('\u{E154}');
/// Function.
pub const FUNCTION: Icon = Icon::regular('\u{EBE4}');
/// Link.
pub const LINK: Icon = Icon::regular('\u{E2E6}');
/// Lanes.
pub const LANES: Icon = Icon::regular('\u{E5A2}');
/// Dark theme.
pub const DARK: Icon = Icon::regular('\u{E330}');
/// Light theme.
pub const LIGHT: Icon = Icon::regular('\u{E472}');
/// Add.
pub const ADD: Icon = Icon::regular('\u{E3D4}');
/// More.
pub const MORE: Icon = Icon::regular('\u{E1FE}');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_have_every_icon() {
        let ctx = egui::Context::default();
        super::super::install(&ctx);
        let all = [
            OPEN,
            STORE,
            LOG_FILE,
            MISSING_FILE,
            DROP_FILE,
            SEARCH,
            FILTER,
            CLOSE,
            TIME_TRAVEL,
            PROJECTIONS,
            AUDIT,
            AUDIT_FINDINGS,
            GRAPH,
            REPORT,
            SETTINGS,
            HELP,
            READ_ONLY,
            BACK,
            FORWARD,
            FIRST,
            PREVIOUS,
            PLAY,
            PAUSE,
            NEXT,
            LAST,
            LIVE,
            FIT,
            ZOOM_IN,
            ZOOM_OUT,
            FOLD_QUIET,
            BOOKMARK,
            MARKER,
            PIN,
            BLAME,
            COPY,
            EXPORT,
            COLUMNS,
            SORT,
            UNFOLDED,
            FOLDED,
            UP,
            CHECK,
            PASSED,
            WARNING,
            FAILED,
            NOTE,
            SKIPPED,
            PART,
            RUNNING,
            STOP,
            RUN_AGAIN,
            EVIDENCE,
            TABLE,
            STEP_PLOT,
            BAR_PLOT,
            LINE_PLOT,
            FUNCTION,
            LINK,
            LANES,
            DARK,
            LIGHT,
            ADD,
            MORE,
        ];
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for icon in all {
                for icon in [icon.fill(), icon.outline()] {
                    let has = ui.fonts_mut(|fonts| fonts.has_glyph(&icon.font(16.0), icon.glyph));
                    assert!(has, "{icon:?}");
                }
            }
        });
        output.textures_delta.clear();
    }
}
