//! A random sample of events, each to be looked at, ticked off and remarked upon.

use egui::{Align, Key, Rect, Ui, pos2, vec2};

use super::audit_copy::ask;
use super::shared::{place, pressed, walked};
use super::tile;
use crate::audit::{Sample, Sampled};
use crate::event::Position;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::workbench::{Action, AuditEdit, Freshness};

/// Height of the line for a remark.
const REMARK: f32 = 36.0;

/// The list, and what is written into the fields.
#[derive(Default)]
pub(super) struct SamplePanel {
    rows: VirtualRows,
    chosen: Option<u64>,
    n: String,
    seed: String,
    remark: String,
    /// The event whose remark is in the field.
    remarked: Option<u32>,
}

impl SamplePanel {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let auditing = &view.workbench.auditing;
        let drawn = auditing
            .drawing
            .and_then(|key| match auditing.sample.for_key(&key) {
                Freshness::Fresh(drawn) => Some(drawn),
                _ => None,
            });
        self.tools_ui(ui, view, drawn.map(|drawn| &**drawn));
        tile::hairline(ui);
        match drawn {
            Some(drawn) => self.list_ui(ui, view, drawn),
            None => {
                Empty::new("No sample is drawn")
                    .why("Events are drawn at random; the same seed draws the same ones again.")
                    .show(ui);
            }
        }
    }

    fn tools_ui(&mut self, ui: &mut Ui, view: &View<'_>, drawn: Option<&Sample>) {
        let t = tokens(ui);
        ui.horizontal(|ui| {
            ui.set_height(36.0);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            ui.label(text::row("Events").color(t.text3));
            Field::new("Size of the sample")
                .hint("25")
                .small()
                .data()
                .width(60.0)
                .show(ui, &mut self.n);
            ui.label(text::row("Seed").color(t.text3));
            Field::new("Seed of the sample")
                .hint("1")
                .small()
                .data()
                .width(90.0)
                .show(ui, &mut self.seed);
            let number = |text: &str, usual: u64| match text.trim() {
                "" => Some(usual),
                text => text.parse::<u64>().ok(),
            };
            let n = number(&self.n, 25).and_then(|n| u32::try_from(n).ok());
            let asked = n.filter(|n| *n > 0).zip(number(&self.seed, 1));
            let draw = button::normal("Draw").small();
            let draw = draw.enabled(asked.is_some(), "Both are whole numbers.");
            if ui.add(draw).clicked()
                && let Some((n, seed)) = asked
            {
                ask(view, AuditEdit::DrawSample(n, seed));
                self.chosen = None;
                self.remarked = None;
            }
            if let Some(drawn) = drawn {
                let n_ticked = view.workbench.auditing.ticks.len();
                let words = format!(
                    "{} of {} looked at",
                    format::count(n_ticked as u64),
                    format::count(drawn.events.len() as u64)
                );
                ui.label(text::row(words).color(t.text2));
            }
        });
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, drawn: &Sample) {
        let all = ui.available_rect_before_wrap();
        let at = all.bottom() - REMARK;
        let list_rect = all.with_max_y(at);
        let mut list_ui = tile::part(ui, list_rect, "sample");
        self.rows_ui(&mut list_ui, view, drawn);
        let mut below = tile::part(ui, all.with_min_y(at), "remark");
        self.remark_ui(&mut below, view, drawn);
        ui.advance_cursor_after_rect(all);
    }

    fn rows_ui(&mut self, ui: &mut Ui, view: &View<'_>, drawn: &Sample) {
        let auditing = &view.workbench.auditing;
        let find = |row: u64| drawn.events.get(usize::try_from(row).ok()?);
        let is_ticked = |event: &Sampled| auditing.ticks.contains(&event.position);
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |event| {
                let ticked = if is_ticked(event) { ", looked at" } else { "" };
                let at = place(Position(event.position));
                format!("{} {at}, {}{ticked}", event.event_type, event.stream)
            })
        };
        let n_rows = drawn.events.len() as u64;
        let list = RowList::new("Sample", n_rows)
            .selected(self.chosen)
            .label(&label);
        let mut ticked = None;
        let output = self.rows.show(ui, &list, |row| {
            let Some(event) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let name = if is_ticked(event) {
                "Not looked at"
            } else {
                "Looked at"
            };
            let sign = if is_ticked(event) {
                icons::PASSED
            } else {
                icons::CHECK
            };
            let tick = button::icon_button(sign, name, "").small();
            let spot = Rect::from_min_size(
                pos2(inside.left(), row.rect.top()),
                vec2(24.0, row.rect.height()),
            );
            if row.ui.place(spot, tick).clicked() {
                ticked = Some(event.position);
            }
            let painter = row.ui.painter();
            let mut left = inside.left() + 32.0;
            let mut cell = |width: f32| {
                let cell = Rect::from_x_y_ranges(left..=left + width, row.rect.y_range());
                left += width + 12.0;
                cell
            };
            let at = place(Position(event.position));
            text::line(painter, cell(80.0), Align::Max, Face::Data, at, t.accent);
            let time = event.time.as_deref().unwrap_or_default();
            let time = time.get(..19).unwrap_or(time).replace('T', " ");
            text::line(painter, cell(140.0), Align::Min, Face::Data, time, t.text2);
            let stream = format::visible(&event.stream).into_owned();
            text::line(painter, cell(150.0), Align::Min, Face::Data, stream, t.text);
            let name = format::visible(&event.event_type).into_owned();
            text::line(painter, cell(150.0), Align::Min, Face::Row, name, t.text);
            if let Some(remark) = auditing.remarks.get(&event.position) {
                let rest = inside.with_min_x(left.min(inside.right()));
                let remark = format::visible(remark).into_owned();
                text::line(painter, rest, Align::Min, Face::Row, remark, t.text3);
            }
        });
        if let Some(position) = ticked {
            ask(view, AuditEdit::Tick(position));
        }
        let mut wanted = output.clicked.map(|click| click.row);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.chosen, n_rows, self.rows.page()) {
                wanted = Some(to);
                self.rows.scroll_to(to);
            }
            let here = self.chosen.and_then(find);
            if let Some(event) = here.filter(|_| pressed(ui, Key::Space)) {
                ask(view, AuditEdit::Tick(event.position));
            }
        }
        if let Some(row) = wanted {
            self.chosen = Some(row);
            if let Some(event) = find(row) {
                view.send(Action::SelectEvent(Position(event.position)));
            }
        }
    }

    /// What is to be said of the event chosen.
    fn remark_ui(&mut self, ui: &mut Ui, view: &View<'_>, drawn: &Sample) {
        tile::hairline(ui);
        let event = self
            .chosen
            .and_then(|row| drawn.events.get(usize::try_from(row).ok()?));
        let remarks = &view.workbench.auditing.remarks;
        ui.horizontal_centered(|ui| {
            ui.add_space(size::SIDE);
            let Some(event) = event else {
                let words = "Choose an event to look at it; Space ticks it off.";
                ui.label(text::row(words).color(tokens(ui).text3));
                return;
            };
            if self.remarked != Some(event.position) {
                self.remarked = Some(event.position);
                self.remark = remarks.get(&event.position).cloned().unwrap_or_default();
            }
            let width = ui.available_width() - size::SIDE;
            let before = self.remark.clone();
            Field::new("Remark")
                .hint("What you say of this event")
                .small()
                .width(width)
                .show(ui, &mut self.remark);
            if self.remark != before {
                ask(view, AuditEdit::Remark(event.position, self.remark.clone()));
            }
        });
    }
}
