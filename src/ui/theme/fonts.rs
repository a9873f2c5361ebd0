//! The embedded fonts, the families egui knows them by, and the faces of the type scale.
//!
//! Inter sets words, a monospaced font sets data, Phosphor draws icons.
//! egui shapes text with all default features of a font, so ligatures and contextual forms are
//! renamed away in memory when the fonts are installed: `!=` and `->` must show what is stored.

use std::sync::{Arc, LazyLock};

use egui::{FontData, FontDefinitions, FontFamily, FontId, TextStyle};

type Family = LazyLock<FontFamily>;

static INTER: Family = LazyLock::new(|| FontFamily::Name("inter".into()));
static INTER_MEDIUM: Family = LazyLock::new(|| FontFamily::Name("inter-medium".into()));
static INTER_SEMIBOLD: Family = LazyLock::new(|| FontFamily::Name("inter-semibold".into()));
static MONO: Family = LazyLock::new(|| FontFamily::Name("mono".into()));
static MONO_MEDIUM: Family = LazyLock::new(|| FontFamily::Name("mono-medium".into()));
/// Phosphor, outlines.
pub(super) static PH: Family = LazyLock::new(|| FontFamily::Name("ph".into()));
/// Phosphor, filled.
pub(super) static PH_FILL: Family = LazyLock::new(|| FontFamily::Name("ph-fill".into()));

/// A font at a size, named by what it is used for.
///
/// Whatever is compared with another number stands in one of the data faces,
/// because only those have digits of equal width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// 20, semibold: the start screen, dialogs without a tile.
    Title,
    /// 28, semibold: the title of a page on paper, and of the start screen.
    PageTitle,
    /// 18, semibold: the head of a section on paper.
    PageHead,
    /// 15: the first sentence on paper, and of the start screen.
    PageLead,
    /// 15, semibold: title of the inspector or a dialog.
    Heading,
    /// 13: prose and everything without a better face.
    Body,
    /// 13, medium: view names, one line of an empty state.
    BodyMedium,
    /// 13, semibold: the name of the open file, a tooltip's title.
    BodyStrong,
    /// 12, medium: buttons, tabs, segments, lane labels.
    Button,
    /// 12: table and tree rows.
    Row,
    /// 11: captions, axis names.
    Small,
    /// 11, medium: column heads, tags, key caps.
    SmallMedium,
    /// 11, semibold: the head of a section.
    Section,
    /// 12, mono: data.
    Data,
    /// 12, mono medium: the playhead's time, a lane's name.
    DataMedium,
    /// 11, mono: counts in trees, tick labels.
    DataSmall,
    /// 10.5, mono: labels inside plots, and nothing else.
    Plot,
}

impl Face {
    /// The font egui should use.
    #[must_use]
    pub fn font(self) -> FontId {
        let (size, family) = match self {
            Self::Title => (20.0, &INTER_SEMIBOLD),
            Self::PageTitle => (28.0, &INTER_SEMIBOLD),
            Self::PageHead => (18.0, &INTER_SEMIBOLD),
            Self::PageLead => (15.0, &INTER),
            Self::Heading => (15.0, &INTER_SEMIBOLD),
            Self::Body => (13.0, &INTER),
            Self::BodyMedium => (13.0, &INTER_MEDIUM),
            Self::BodyStrong => (13.0, &INTER_SEMIBOLD),
            Self::Button => (12.0, &INTER_MEDIUM),
            Self::Row => (12.0, &INTER),
            Self::Small => (11.0, &INTER),
            Self::SmallMedium => (11.0, &INTER_MEDIUM),
            Self::Section => (11.0, &INTER_SEMIBOLD),
            Self::Data => (12.0, &MONO),
            Self::DataMedium => (12.0, &MONO_MEDIUM),
            Self::DataSmall => (11.0, &MONO),
            Self::Plot => (10.5, &MONO),
        };
        FontId::new(size, (**family).clone())
    }

    /// Distance from one line to the next where the text wraps.
    #[must_use]
    pub const fn line_height(self) -> f32 {
        match self {
            Self::PageTitle => 36.0,
            Self::Title => 28.0,
            Self::PageHead | Self::PageLead => 24.0,
            Self::Heading | Self::Body | Self::BodyMedium | Self::BodyStrong => 20.0,
            _ => 16.0,
        }
    }
}

/// The type scale under the names egui's own widgets ask for.
pub(super) fn text_styles() -> impl Iterator<Item = (TextStyle, FontId)> {
    [
        (TextStyle::Name("title".into()), Face::Title),
        (TextStyle::Heading, Face::Heading),
        (TextStyle::Body, Face::Body),
        (TextStyle::Button, Face::Button),
        (TextStyle::Name("row".into()), Face::Row),
        (TextStyle::Small, Face::Small),
        (TextStyle::Monospace, Face::Data),
        (TextStyle::Name("data-small".into()), Face::DataSmall),
    ]
    .into_iter()
    .map(|(style, face)| (style, face.font()))
}

/// All font data and families, with egui's own fonts as the last resort.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let last_resort = fonts.families.clone();
    for (name, bytes) in EMBEDDED {
        let font = FontData::from_owned(without_ligatures(bytes.to_vec()));
        fonts.font_data.insert((*name).to_owned(), Arc::new(font));
    }
    let mut add = |family: FontFamily, first: &[&str], fallback: &FontFamily| {
        let mut chain: Vec<String> = first.iter().map(|name| (*name).to_owned()).collect();
        chain.extend(last_resort.get(fallback).into_iter().flatten().cloned());
        fonts.families.insert(family, chain);
    };
    let (words, data) = (FontFamily::Proportional, FontFamily::Monospace);
    add(INTER.clone(), &["inter", "mono"], &words);
    add(
        INTER_MEDIUM.clone(),
        &["inter-medium", "mono-medium"],
        &words,
    );
    add(
        INTER_SEMIBOLD.clone(),
        &["inter-semibold", "mono-medium"],
        &words,
    );
    add(MONO.clone(), &["mono", "inter"], &data);
    add(MONO_MEDIUM.clone(), &["mono-medium", "inter-medium"], &data);
    add(words.clone(), &["inter", "mono"], &words);
    add(data.clone(), &["mono", "inter"], &data);
    fonts.families.insert(PH.clone(), vec!["ph".to_owned()]);
    fonts
        .families
        .insert(PH_FILL.clone(), vec!["ph-fill".to_owned()]);
    fonts
}

const EMBEDDED: [(&str, &[u8]); 7] = [
    (
        "inter",
        include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
    ),
    (
        "inter-medium",
        include_bytes!("../../../assets/fonts/Inter-Medium.otf"),
    ),
    (
        "inter-semibold",
        include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
    ),
    (
        "mono",
        include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    ),
    (
        "mono-medium",
        include_bytes!("../../../assets/fonts/JetBrainsMono-Medium.ttf"),
    ),
    ("ph", include_bytes!("../../../assets/fonts/Phosphor.ttf")),
    (
        "ph-fill",
        include_bytes!("../../../assets/fonts/Phosphor-Fill.ttf"),
    ),
];

/// The features that replace what is written by something prettier.
const UNWANTED: [&[u8]; 4] = [b"calt", b"liga", b"clig", b"dlig"];

/// Renames the features that join or swap glyphs, so that no shaper finds them.
/// A font without such a table, or one that is not a font, comes back as it was.
fn without_ligatures(mut font: Vec<u8>) -> Vec<u8> {
    for at in feature_tags(&font).unwrap_or_default() {
        if let Some(tag) = font.get_mut(at..at + 4)
            && UNWANTED.contains(&&*tag)
        {
            tag.copy_from_slice(b"off ");
        }
    }
    font
}

/// Where in the file the tags of the substitution features stand.
fn feature_tags(font: &[u8]) -> Option<Vec<usize>> {
    let n_tables = u16_at(font, 4)?;
    let substitution = (0..n_tables)
        .map(|i| 12 + 16 * i)
        .find(|at| font.get(*at..at + 4) == Some(b"GSUB"))?;
    let table = u32_at(font, substitution + 8)?;
    let features = table + u16_at(font, table + 6)?;
    let n_features = u16_at(font, features)?;
    Some((0..n_features).map(|i| features + 2 + 6 * i).collect())
}

fn u16_at(font: &[u8], at: usize) -> Option<usize> {
    let bytes = font.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(bytes)))
}

fn u32_at(font: &[u8], at: usize) -> Option<usize> {
    let bytes = font.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_and_inequalities_stay_what_they_are() {
        let ctx = egui::Context::default();
        super::super::install(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for face in [Face::Data, Face::DataMedium, Face::Row, Face::Section] {
                let apart = glyphs(ui, "- > ! = = =", face);
                let joined = glyphs(ui, "->!===", face);
                assert_eq!(joined.len(), apart.len());
                // A glyph may be one pixel wider where it stands between two pixels.
                for (a, b) in joined.iter().zip(&apart) {
                    assert!((*a - *b).abs().max_elem() <= 1.0, "{face:?}: {a} and {b}");
                }
            }
        });
        output.textures_delta.clear();
    }

    /// The sizes of the visible glyphs: equal if the glyphs are equal.
    fn glyphs(ui: &egui::Ui, text: &str, face: Face) -> Vec<egui::Vec2> {
        let white = egui::Color32::WHITE;
        let galley = ui
            .painter()
            .layout_no_wrap(text.to_owned(), face.font(), white);
        let glyphs = galley.rows.iter().flat_map(|row| &row.glyphs);
        glyphs
            .filter(|glyph| glyph.chr != ' ')
            .map(|glyph| glyph.uv_rect.size)
            .collect()
    }

    #[test]
    fn digits_of_the_data_faces_are_equally_wide() {
        let ctx = egui::Context::default();
        super::super::install(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for face in [Face::Data, Face::DataMedium, Face::DataSmall, Face::Plot] {
                let width = |c| ui.fonts_mut(|fonts| fonts.glyph_width(&face.font(), c));
                assert!(
                    "0123456789,.\u{2212}"
                        .chars()
                        .all(|c| width(c) == width('0'))
                );
            }
        });
        output.textures_delta.clear();
    }

    #[test]
    fn what_is_not_a_font_comes_back_untouched() {
        for bytes in [
            vec![],
            vec![0; 5],
            b"no font at all".to_vec(),
            vec![0xFF; 64],
        ] {
            assert_eq!(without_ligatures(bytes.clone()), bytes);
        }
    }
}
