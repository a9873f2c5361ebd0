//! The page as it will be saved: the same layout, in the colors of paper whatever the theme is.

use std::sync::Arc;

use egui::{
    CornerRadius, Painter, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Theme, Ui,
    WidgetInfo, pos2, vec2,
};

use super::super::tile;
use super::contents;
use super::ground::{Columns, Ground};
use super::pieces::{Piece, Pieces, pieces};
use crate::report::{Head, Paper};
use crate::ui::View;
use crate::ui::theme::{icons, size, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::progress::Progress;
use crate::workbench::{Action, Composed, Freshness};

/// The page is at most so wide, with so much around what stands on it, as it is when it is saved.
const WIDTH: f32 = 974.0;
const MARGINS: egui::Vec2 = vec2(64.0, 48.0);
/// Where there is less room it has so much beside it.
const NARROW_MARGIN: f32 = 40.0;
/// Around the page.
const DESK: f32 = 24.0;

/// The page, as it was laid out last.
#[derive(Default)]
pub(super) struct Page {
    laid: Option<Laid>,
    /// Where the page is to be scrolled to.
    goes_to: Option<f32>,
}

/// What was laid out, and for what.
struct Laid {
    composed: Arc<Composed>,
    head: Vec<String>,
    width: f32,
    pieces: Pieces,
    /// The columns of tables that were drawn, by section and block.
    columns: Columns,
}

impl Page {
    /// Shows the page in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(key) = view.workbench.report_key() else {
            Empty::new("The file is still being read").show(ui);
            return;
        };
        let answer = view.workbench.reporting.answer.for_key(&key);
        match answer {
            Freshness::Fresh(Ok(composed)) | Freshness::Stale(Ok(composed)) => {
                self.page_ui(ui, view, composed, !answer.is_fresh());
            }
            Freshness::Fresh(Err(why)) | Freshness::Stale(Err(why)) => {
                Empty::new("The report could not be made")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Freshness::Missing => waiting_ui(ui, view),
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &View<'_>, composed: &Arc<Composed>, is_stale: bool) {
        let area = ui.available_rect_before_wrap();
        // Paper is light, whatever the theme is.
        let style = ui.ctx().style_of(Theme::Light);
        ui.set_style(style);
        let t = tokens(ui);
        ui.painter().rect_filled(area, 0.0, t.tag);
        let response = ui.interact(area, ui.scope_id().with("desk"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Document, true, "Report preview"));
        let head = head_now(view, composed);
        // The contents stand beside the page where there is room for all of it.
        let has_contents = area.width() >= contents::WIDTH + WIDTH + 3.0 * DESK;
        let beside = if has_contents {
            contents::WIDTH + DESK
        } else {
            0.0
        };
        let outer = (area.width() - 2.0 * DESK).min(WIDTH);
        let margin = if outer < WIDTH {
            NARROW_MARGIN
        } else {
            MARGINS.x
        };
        let width = outer - 2.0 * margin;
        if width < 120.0 {
            return;
        }
        let goes_to = self.goes_to.take();
        let laid = self.laid_out(ui.painter(), composed, &head, width);
        let paper = &composed.paper;
        let middle = area.center().x - outer / 2.0;
        let left = middle.max(area.left() + DESK + beside) + margin;
        let mut scroll = ScrollArea::vertical()
            .id_salt("report page")
            .auto_shrink(false);
        if let Some(top) = goes_to {
            scroll = scroll.vertical_scroll_offset(top);
        }
        let first = DESK + MARGINS.y;
        let shown = scroll.show_viewport(ui, |ui, viewport| {
            let height = laid.pieces.height + 2.0 * first;
            let top = ui.cursor().top();
            ui.allocate_space(vec2(area.width(), height));
            let sheet = Rect::from_min_size(
                pos2(left - margin, top + DESK),
                vec2(outer, height - 2.0 * DESK),
            );
            let line = Stroke::new(size::STROKE, t.line);
            let corner = CornerRadius::same(size::CORNER);
            ui.painter()
                .rect(sheet, corner, t.canvas, line, StrokeKind::Inside);
            if is_stale {
                ui.multiply_opacity(0.5);
            }
            let seen = |piece: &&Piece| {
                let from = first + piece.top;
                from + piece.height >= viewport.top() && from <= viewport.bottom()
            };
            let shown: Vec<Piece> = laid.pieces.pieces.iter().filter(seen).copied().collect();
            let painter = ui.painter().clone();
            for piece in shown {
                let rect = Rect::from_min_size(
                    pos2(left, top + first + piece.top),
                    vec2(width, piece.height),
                );
                let ground = Ground {
                    painter: &painter,
                    t,
                    rect,
                    view,
                    paper,
                    head: &head,
                };
                ground.draw(ui, piece.what, &mut laid.columns);
            }
            viewport
        });
        if has_contents {
            let place = Rect::from_min_size(
                pos2(left - margin - DESK - contents::WIDTH, area.top() + first),
                vec2(contents::WIDTH, area.height() - 2.0 * first),
            );
            let sections = contents::sections(paper, &laid.pieces);
            let at = shown.inner.top() - first;
            let most = shown.content_size.y - shown.inner.height();
            let place = &mut tile::part(ui, place, "contents");
            let wanted = contents::ui(place, &sections, (at, shown.inner.top() >= most - 1.0));
            self.goes_to = wanted.map(|top| (top + first - DESK).max(0.0));
        }
        ui.advance_cursor_after_rect(area);
    }

    /// The page laid out, anew where it is another one.
    fn laid_out(
        &mut self,
        painter: &Painter,
        composed: &Arc<Composed>,
        head: &Head,
        width: f32,
    ) -> &mut Laid {
        let words = vec![head.title.clone(), head.note.clone(), head.run.clone()];
        let is_same = self.laid.as_ref().is_some_and(|laid| {
            Arc::ptr_eq(&laid.composed, composed)
                && (laid.width - width).abs() < 0.5
                && laid.head == words
        });
        if !is_same {
            self.laid = None;
        }
        self.laid.get_or_insert_with(|| Laid {
            composed: Arc::clone(composed),
            head: words,
            width,
            pieces: pieces(painter, &composed.paper, head, width),
            columns: Columns::new(),
        })
    }
}

/// What stands at the head now: it follows what is typed without another report being made.
fn head_now(view: &View<'_>, composed: &Composed) -> Head {
    let reporting = &view.workbench.reporting;
    let author = reporting.author.trim();
    let author = (!author.is_empty()).then_some(author);
    let head = Paper::head_with(&composed.report, &reporting.settings, author);
    Head {
        verdict: composed.paper.head.verdict.clone(),
        ..head
    }
}

fn waiting_ui(ui: &mut Ui, view: &View<'_>) {
    let audit = &view.workbench.answers.audit;
    let known = audit.for_key(&view.workbench.generation).fresh();
    if known.is_none() && !audit.is_asked() {
        let run = button::normal("Run audit").icon(icons::AUDIT);
        let shown = Empty::new("The checks have not been run")
            .why("A report says what they found. The file is not changed.")
            .button(run);
        if shown.show(ui) == Some(0) {
            view.send(Action::RunAudit);
        }
        return;
    }
    if let Some(Err(why)) = known {
        let again = button::normal("Run again").icon(icons::RUN_AGAIN);
        let shown = Empty::new("The audit could not be made").why(why).failed();
        if shown.button(again).show(ui) == Some(0) {
            view.send(Action::RunAudit);
        }
        return;
    }
    let running = view.running.first();
    let what = running.map_or("Making the report", |running| running.what.as_str());
    let (count, share) =
        running.map_or(("", None), |running| (running.done.as_str(), running.share));
    let area = ui.available_rect_before_wrap();
    let width = 420.0_f32.min(area.width() - 2.0 * size::SIDE);
    let place = Rect::from_center_size(area.center(), vec2(width, 60.0));
    let mut inside = tile::part(ui, place, "progress");
    Progress {
        what,
        count,
        share,
        caption: "All checks run first. Everything else can be used meanwhile.",
        can_stop: false,
    }
    .show(&mut inside);
    ui.advance_cursor_after_rect(area);
}
