//! A script laid out in its colors, anew only where it changed.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Color32, Galley, Ui};

use super::LINE;
use super::lex::{Piece, pieces};
use crate::ui::theme::{Face, Tokens, text, tokens};

/// A text as it was laid out.
pub(super) struct Laid {
    text: String,
    galley: Arc<Galley>,
    /// A small text laid out beside it: while the fonts still know it, they know the large one.
    sign: Arc<Galley>,
}

/// The layout of a text: the known one, unless the text or the fonts are others.
pub(super) fn laid_out(laid: &mut Option<Laid>, ui: &Ui, written: &str) -> Arc<Galley> {
    let t = tokens(ui);
    let sign = ui
        .painter()
        .layout_job(text::job("\u{b7}", Face::Data, t.text));
    if let Some(known) = laid
        && Arc::ptr_eq(&known.sign, &sign)
        && known.text == written
    {
        return Arc::clone(&known.galley);
    }
    let mut job = LayoutJob {
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    for (range, piece) in pieces(written) {
        let mut format = text::format(Face::Data, color(t, piece));
        format.line_height = Some(LINE);
        job.append(written.get(range).unwrap_or_default(), 0.0, format);
    }
    if written.is_empty() {
        let mut format = text::format(Face::Data, t.text);
        format.line_height = Some(LINE);
        job.append("", 0.0, format);
    }
    let galley = ui.painter().layout_job(job);
    *laid = Some(Laid {
        text: written.to_owned(),
        galley: Arc::clone(&galley),
        sign,
    });
    galley
}

fn color(t: &Tokens, piece: Piece) -> Color32 {
    match piece {
        Piece::Plain => t.text,
        Piece::Key => t.code_key,
        Piece::Text => t.code_text,
        Piece::Number => t.code_number,
        Piece::Keyword => t.code_keyword,
        Piece::Function => t.accent,
        Piece::Comment => t.text3,
    }
}
