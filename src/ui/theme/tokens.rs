//! Every color of the program, for the dark and the light theme.
//!
//! This is the one file that may make a color out of numbers.
//! Bars of the timeline are blended here once, at compile time, so that painting them is opaque.

#![expect(clippy::disallowed_methods, reason = "the one place for colors")]

use egui::{Color32, Context, Painter, Theme, Ui, Visuals};

/// Number of colors that can be given to categories; what comes after them is [`Tokens::text3`].
pub const CATEGORIES: usize = 12;

/// The names of the category colors, in the order they are given out.
pub const CATEGORY_NAMES: [&str; CATEGORIES] = [
    "Sky", "Sand", "Plum", "Olive", "Violet", "Teal", "Coral", "Gold", "Pink", "Mint", "Leaf",
    "Azure",
];

/// All colors of one theme, named by what they are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Is this a dark theme?
    pub dark: bool,

    /// Ground of timeline, plots, editor and text fields.
    pub canvas: Color32,
    /// Ground of a tile and of tables.
    pub panel: Color32,
    /// Ground of top bar, tab bars, status bar and transport; a hovered row.
    pub raised: Color32,
    /// Fill of buttons, nodes and cards.
    pub control: Color32,
    /// Fill of a hovered button or menu row.
    pub control_hover: Color32,
    /// Fill of a pressed button and of the chosen segment.
    pub control_active: Color32,
    /// Fill of a tag without a signal; differs from `control` only in the light theme.
    pub tag: Color32,
    /// Fill of the current view's button in the top bar.
    pub view_on: Color32,
    /// Border of the current view's button in the top bar.
    pub view_on_line: Color32,
    /// Selection in a tile that does not have the keyboard.
    pub sel_idle: Color32,
    /// Gaps between tiles, hairlines.
    pub line: Color32,
    /// Borders of controls, the zero line of a plot.
    pub line_strong: Color32,
    /// Grid of plots and lanes.
    pub grid: Color32,
    /// The visible range in the minimap.
    pub brush: Color32,
    /// The range between A and B.
    pub ab: Color32,
    /// Ground of tooltips, menus and messages.
    pub tip: Color32,
    /// Placeholder for what is not loaded yet.
    pub skel: Color32,
    /// The shadow of things that float.
    pub shadow: Color32,

    /// Primary text.
    pub text: Color32,
    /// Secondary text.
    pub text2: Color32,
    /// Captions, units, rows after the playhead.
    pub text3: Color32,
    /// Text of what is switched off, and nothing else.
    pub text_dis: Color32,

    /// Playhead, focus ring, links, the bar of a selection.
    pub accent: Color32,
    /// Primary button and playhead head.
    pub accent_fill: Color32,
    /// Text on `accent_fill`.
    pub on_accent: Color32,
    /// Hovered primary button.
    pub primary_hover: Color32,
    /// Pressed primary button.
    pub primary_press: Color32,
    /// Selected row, toggled button.
    pub accent_soft: Color32,
    /// Border of a toggled button, path in the graph.
    pub accent_mid: Color32,

    /// Passed, added.
    pub ok: Color32,
    /// Ground under `ok`.
    pub ok_soft: Color32,
    /// Warning, changed, query results.
    pub warn: Color32,
    /// Ground under `warn`.
    pub warn_soft: Color32,
    /// Failed, removed, negative amounts.
    pub err: Color32,
    /// Ground under `err`.
    pub err_soft: Color32,
    /// A filled sign of failure that carries white text.
    pub err_fill: Color32,

    /// The category colors, in the order they are given out.
    pub category: [Color32; CATEGORIES],
    /// Density bars: the category color over `canvas`, opaque.
    pub bar: [Color32; CATEGORIES],
    /// Density bars after the playhead, opaque.
    pub future_bar: [Color32; CATEGORIES],
    /// Swatches in rows after the playhead: half the category color over `panel`, opaque.
    pub future_swatch: [Color32; CATEGORIES],
    /// Density bar of a category without a color of its own.
    pub other_bar: Color32,
    /// The same, after the playhead.
    pub other_future_bar: Color32,

    /// Key, property, handler name.
    pub code_key: Color32,
    /// Text value.
    pub code_text: Color32,
    /// Number, true, false, null.
    pub code_number: Color32,
    /// Keyword of a script.
    pub code_keyword: Color32,
}

impl Tokens {
    /// The dark theme.
    #[must_use]
    pub const fn dark() -> Self {
        DARK
    }

    /// The light theme.
    #[must_use]
    pub const fn light() -> Self {
        LIGHT
    }

    /// The color of the category that is `nr`-th by size, counted from 0.
    /// From the 13th on it is `text3`: those carry their name instead.
    #[must_use]
    pub fn category(&self, nr: usize) -> Color32 {
        self.category.get(nr).copied().unwrap_or(self.text3)
    }

    /// The color of a swatch of the `nr`-th category, in a row before or after the playhead.
    #[must_use]
    pub fn swatch(&self, nr: usize, future: bool) -> Color32 {
        let colors = if future {
            &self.future_swatch
        } else {
            &self.category
        };
        colors.get(nr).copied().unwrap_or(self.text3)
    }

    /// The color of a density bar of the `nr`-th category, before or after the playhead.
    #[must_use]
    pub fn density(&self, nr: usize, future: bool) -> Color32 {
        if future {
            self.future_bar
                .get(nr)
                .copied()
                .unwrap_or(self.other_future_bar)
        } else {
            self.bar.get(nr).copied().unwrap_or(self.other_bar)
        }
    }

    /// This theme under the setting "More contrast": stronger borders and captions, a less faint future.
    const fn more_contrast(self) -> Self {
        let (line_strong, category) = if self.dark {
            (0x7A8493, DARK_CATEGORIES)
        } else {
            (0x7C8593, LIGHT_CATEGORIES)
        };
        let canvas = if self.dark { DARK_CANVAS } else { LIGHT_CANVAS };
        let text2 = if self.dark { DARK_TEXT2 } else { LIGHT_TEXT2 };
        Self {
            line_strong: hex(line_strong),
            text3: self.text2,
            future_bar: all_over(category, canvas, 55),
            other_future_bar: over(text2, canvas, 55),
            ..self
        }
    }
}

/// What the current theme can be asked of: a [`Ui`], a [`Painter`] or a [`Context`].
pub trait Themed {
    /// The colors in force here.
    fn tokens(&self) -> &'static Tokens;
}

impl Themed for Ui {
    fn tokens(&self) -> &'static Tokens {
        for_visuals(self.visuals())
    }
}

impl Themed for Context {
    fn tokens(&self) -> &'static Tokens {
        for_visuals(&self.global_style().visuals)
    }
}

impl Themed for Painter {
    fn tokens(&self) -> &'static Tokens {
        self.ctx().tokens()
    }
}

/// The colors of the current theme.
#[must_use]
pub fn tokens(place: &impl Themed) -> &'static Tokens {
    place.tokens()
}

/// The tokens a style was made of: the caption color tells whether contrast was raised.
fn for_visuals(visuals: &Visuals) -> &'static Tokens {
    let (plain, strong) = if visuals.dark_mode {
        (&DARK, &DARK_STRONG)
    } else {
        (&LIGHT, &LIGHT_STRONG)
    };
    if visuals.weak_text_color == Some(strong.text3) {
        strong
    } else {
        plain
    }
}

/// The tokens for a theme and the setting "More contrast".
pub(super) fn choose(theme: Theme, more_contrast: bool) -> &'static Tokens {
    match (theme, more_contrast) {
        (Theme::Dark, false) => &DARK,
        (Theme::Dark, true) => &DARK_STRONG,
        (Theme::Light, false) => &LIGHT,
        (Theme::Light, true) => &LIGHT_STRONG,
    }
}

const DARK_CANVAS: u32 = 0x0E1013;
const LIGHT_CANVAS: u32 = 0xFFFFFF;
const DARK_PANEL: u32 = 0x15171B;
const LIGHT_PANEL: u32 = 0xF7F8FA;
const DARK_TEXT2: u32 = 0xB3BAC6;
const LIGHT_TEXT2: u32 = 0x454D5A;
const DARK_TEXT3: u32 = 0x8D96A5;
const LIGHT_TEXT3: u32 = 0x5D6674;

const DARK_CATEGORIES: [u32; CATEGORIES] = [
    0x2ECBFC, 0xF8D0A2, 0xB65FA3, 0x848A1C, 0x9993F4, 0x40AD9A, 0xE1726A, 0xC99B1A, 0xFC96D0,
    0x61F4D6, 0x87C875, 0x4285D5,
];
const LIGHT_CATEGORIES: [u32; CATEGORIES] = [
    0x127DAF, 0xBD8500, 0x772C7D, 0x56550A, 0x8154D5, 0x00756A, 0xA92A43, 0x8D6500, 0xA9528C,
    0x05A096, 0x65894E, 0x064AAC,
];

static DARK_STRONG: Tokens = Tokens::dark().more_contrast();
static LIGHT_STRONG: Tokens = Tokens::light().more_contrast();

const DARK: Tokens = Tokens {
    dark: true,
    canvas: hex(DARK_CANVAS),
    panel: hex(DARK_PANEL),
    raised: hex(0x1B1E23),
    control: hex(0x252930),
    control_hover: hex(0x2E333C),
    control_active: hex(0x3A404B),
    tag: hex(0x252930),
    view_on: hex(0x3A404B),
    view_on_line: hex(0x3A404B),
    sel_idle: hex(0x252930),
    line: hex(0x262A31),
    line_strong: hex(0x3A404A),
    grid: hex(0x1C1F25),
    brush: hex(0x1A2230),
    ab: hex(0x191D24),
    tip: hex(0x262A32),
    skel: hex(0x2A2F37),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 128),
    text: hex(0xE6E9EE),
    text2: hex(DARK_TEXT2),
    text3: hex(DARK_TEXT3),
    text_dis: hex(0x5D6572),
    accent: hex(0x78AEFF),
    accent_fill: hex(0x2B66D4),
    on_accent: hex(0xFFFFFF),
    primary_hover: hex(0x3572DF),
    primary_press: hex(0x2458BA),
    accent_soft: hex(0x1A2A45),
    accent_mid: hex(0x34568F),
    ok: hex(0x57C796),
    ok_soft: hex(0x14291F),
    warn: hex(0xE9BA55),
    warn_soft: hex(0x2E2514),
    err: hex(0xF67F87),
    err_soft: hex(0x381C20),
    err_fill: hex(0xC23B47),
    category: all(DARK_CATEGORIES),
    bar: all_over(DARK_CATEGORIES, DARK_CANVAS, 88),
    future_bar: all_over(DARK_CATEGORIES, DARK_CANVAS, 34),
    future_swatch: all_over(DARK_CATEGORIES, DARK_PANEL, 50),
    other_bar: over(DARK_TEXT3, DARK_CANVAS, 88),
    other_future_bar: over(DARK_TEXT3, DARK_CANVAS, 34),
    code_key: hex(0x9993F4),
    code_text: hex(0x87C875),
    code_number: hex(0xF8D0A2),
    code_keyword: hex(0xFC96D0),
};

const LIGHT: Tokens = Tokens {
    dark: false,
    canvas: hex(LIGHT_CANVAS),
    panel: hex(LIGHT_PANEL),
    raised: hex(0xEDEFF3),
    control: hex(0xFFFFFF),
    control_hover: hex(0xF0F2F5),
    control_active: hex(0xDDE2EA),
    tag: hex(0xDDE2EA),
    view_on: hex(0xFFFFFF),
    view_on_line: hex(0xC3CAD4),
    sel_idle: hex(0xE3E7ED),
    line: hex(0xE0E4EA),
    line_strong: hex(0xC3CAD4),
    grid: hex(0xEEF0F4),
    brush: hex(0xE9F0FC),
    ab: hex(0xF4F6F9),
    tip: hex(0xFFFFFF),
    skel: hex(0xDDE2EA),
    shadow: Color32::from_rgba_unmultiplied_const(24, 28, 34, 46),
    text: hex(0x181C22),
    text2: hex(LIGHT_TEXT2),
    text3: hex(LIGHT_TEXT3),
    text_dis: hex(0xA2AAB5),
    accent: hex(0x1A5FD0),
    accent_fill: hex(0x1F62D4),
    on_accent: hex(0xFFFFFF),
    primary_hover: hex(0x1956BE),
    primary_press: hex(0x154AA6),
    accent_soft: hex(0xDFEAFC),
    accent_mid: hex(0x9DBFF3),
    ok: hex(0x14764B),
    ok_soft: hex(0xE0F3E9),
    warn: hex(0x885C00),
    warn_soft: hex(0xFBF0D5),
    err: hex(0xBE2735),
    err_soft: hex(0xFCE6E8),
    err_fill: hex(0xC23B47),
    category: all(LIGHT_CATEGORIES),
    bar: all_over(LIGHT_CATEGORIES, LIGHT_CANVAS, 86),
    future_bar: all_over(LIGHT_CATEGORIES, LIGHT_CANVAS, 36),
    future_swatch: all_over(LIGHT_CATEGORIES, LIGHT_PANEL, 50),
    other_bar: over(LIGHT_TEXT3, LIGHT_CANVAS, 86),
    other_future_bar: over(LIGHT_TEXT3, LIGHT_CANVAS, 36),
    code_key: hex(0x6A3FC2),
    code_text: hex(0x3E6B22),
    code_number: hex(0x8D5A00),
    code_keyword: hex(0x9B3A7C),
};

/// `0xRRGGBB` as an opaque color.
const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// `percent` of one color over another, opaque.
const fn over(top: u32, ground: u32, percent: u32) -> Color32 {
    let (top, ground) = (top.to_be_bytes(), ground.to_be_bytes());
    let mut mixed = [0_u8; 4];
    let mut i = 1;
    while i < 4 {
        let sum = top[i] as u32 * percent + ground[i] as u32 * (100 - percent);
        mixed[i] = ((sum + 50) / 100).to_be_bytes()[3];
        i += 1;
    }
    Color32::from_rgb(mixed[1], mixed[2], mixed[3])
}

const fn all(colors: [u32; CATEGORIES]) -> [Color32; CATEGORIES] {
    all_over(colors, 0, 100)
}

const fn all_over(colors: [u32; CATEGORIES], ground: u32, percent: u32) -> [Color32; CATEGORIES] {
    let mut mixed = [Color32::TRANSPARENT; CATEGORIES];
    let mut i = 0;
    while i < CATEGORIES {
        mixed[i] = over(colors[i], ground, percent);
        i += 1;
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2 defines it.
    fn luminance(color: Color32) -> f64 {
        let [r, g, b, _] = color.to_array().map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        for t in [DARK, LIGHT, DARK_STRONG, LIGHT_STRONG] {
            for ground in [
                t.canvas,
                t.panel,
                t.raised,
                t.control,
                t.accent_soft,
                t.sel_idle,
            ] {
                for text in [t.text, t.text2, t.text3] {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
                }
            }
            assert!(contrast(t.on_accent, t.accent_fill) >= 4.5);
            for (sign, soft) in [
                (t.ok, t.ok_soft),
                (t.warn, t.warn_soft),
                (t.err, t.err_soft),
            ] {
                assert!(contrast(sign, soft) >= 4.5, "{sign:?} on {soft:?}");
                assert!(contrast(t.text3, soft) >= 4.5, "text3 on {soft:?}");
            }
        }
    }

    #[test]
    fn signs_links_and_code_can_be_read_where_they_stand() {
        for t in [DARK, LIGHT, DARK_STRONG, LIGHT_STRONG] {
            let grounds = [t.canvas, t.panel, t.raised, t.tip];
            let colors = [t.accent, t.ok, t.warn, t.err];
            let code = [t.code_key, t.code_text, t.code_number, t.code_keyword];
            for ground in grounds {
                for color in colors.into_iter().chain(code) {
                    let found = contrast(color, ground);
                    assert!(found >= 4.5, "{color:?} on {ground:?}: {found:.2}");
                }
                assert!(contrast(t.text2, ground) >= 4.5);
            }
            for ground in [t.control_hover, t.control_active, t.ab, t.brush] {
                assert!(contrast(t.text, ground) >= 4.5, "{ground:?}");
            }
            for pressed in [t.primary_hover, t.primary_press] {
                assert!(contrast(t.on_accent, pressed) >= 4.5, "{pressed:?}");
            }
            // What is no text: the playhead and the focus ring.
            for ground in grounds {
                assert!(contrast(t.accent, ground) >= 3.0);
            }
        }
    }

    #[test]
    fn category_colors_stand_out_from_their_ground() {
        for t in [DARK, LIGHT] {
            for color in t.category {
                assert!(contrast(color, t.canvas) >= 3.0);
                assert!(contrast(color, t.panel) >= 3.0);
            }
        }
    }

    #[test]
    fn bars_are_blended_over_the_canvas() {
        assert_eq!(DARK.bar[0], Color32::from_rgb(42, 181, 224));
        assert_eq!(LIGHT.future_bar[11], Color32::from_rgb(165, 190, 225));
        assert_eq!(DARK.density(40, false), DARK.other_bar);
        assert_eq!(LIGHT.category(12), LIGHT.text3);
    }
}
