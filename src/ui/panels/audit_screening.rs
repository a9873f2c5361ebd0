//! Screening: what is often harmless, off until it is asked for; and a random sample to be ticked off.

use egui::{Align, Key, Label, Rect, Ui, pos2, vec2};

use super::audit_checks::icon_of;
use super::audit_copy::ask;
use super::findings::status_of;
use super::shared::{counted, place, pressed, walked};
use crate::audit::{Audit, Finding, ScreeningOptions};
use crate::event::{Decimal, Position};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::workbench::{Action, AuditEdit, Freshness};

/// The list, and what is written into the fields.
#[derive(Default)]
pub(super) struct ScreeningPanel {
    rows: VirtualRows,
    chosen: Option<u64>,
    hours: String,
    limit: String,
}

impl ScreeningPanel {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        self.tools_ui(ui, view);
        super::tile::hairline(ui);
        let auditing = &view.workbench.auditing;
        let Some(key) = auditing.screen_key(view.workbench.generation) else {
            Empty::new("Screening is off")
                .why("It lists what is often harmless: bursts, odd hours, round amounts, personal data. None of it is a fault.")
                .show(ui);
            return;
        };
        match auditing.screened.for_key(&key) {
            Freshness::Fresh(Ok(found)) => self.found_ui(ui, view, found),
            Freshness::Fresh(Err(why)) => {
                Empty::new("The screening could not be made")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Freshness::Stale(_) | Freshness::Missing => {
                super::causes_state::quiet(ui, "Screening\u{2026}");
            }
        }
    }

    fn tools_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let t = tokens(ui);
        ui.horizontal(|ui| {
            ui.set_height(36.0);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            ui.label(text::row("Business hours").color(t.text3));
            Field::new("Business hours")
                .hint("7-19")
                .small()
                .data()
                .width(70.0)
                .show(ui, &mut self.hours);
            ui.label(text::row("Limit").color(t.text3));
            Field::new("Limit of amounts")
                .hint("none")
                .small()
                .data()
                .width(90.0)
                .show(ui, &mut self.limit);
            let options = self.options(view);
            let screen = button::normal("Screen").small().icon(icons::SEARCH);
            let screen = screen.enabled(
                options.is_ok(),
                "Write hours as 7-19 and a limit as a number.",
            );
            if ui.add(screen).clicked()
                && let Ok(options) = options
            {
                ask(view, AuditEdit::Screen(options));
            }
            if view.workbench.auditing.screening.is_some() {
                let off = button::quiet("Take it away").small();
                if ui.add(off).clicked() {
                    ask(view, AuditEdit::ForgetScreening);
                }
            }
            ui.add(
                Label::new(text::small("Monday to Friday, by the clock shown").color(t.text3))
                    .truncate(),
            );
        });
    }

    fn options(&self, view: &View<'_>) -> Result<ScreeningOptions, String> {
        let usual = ScreeningOptions::default();
        let hours = match self.hours.trim() {
            "" => usual.hours,
            text => ScreeningOptions::read_hours(text)?,
        };
        let limit = match self.limit.trim() {
            "" => None,
            text => Some(Decimal::parse(text).ok_or_else(|| "no number".to_owned())?),
        };
        Ok(ScreeningOptions {
            hours,
            zone: view.look().zone,
            limit,
        })
    }

    fn found_ui(&mut self, ui: &mut Ui, view: &View<'_>, found: &Audit) {
        let findings = &found.findings;
        if findings.is_empty() {
            Empty::new("Nothing stands out")
                .why("Every part of the screening has run and noted nothing.")
                .icon(icons::PASSED)
                .show(ui);
            return;
        }
        let find = |row: u64| findings.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, say);
        let n_rows = findings.len() as u64;
        let list = RowList::new("Screening", n_rows)
            .selected(self.chosen)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(finding) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let painter = row.ui.painter();
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let (icon, color) = icon_of(t, status_of(finding.severity));
            icons::paint_left(painter, inside, icon, size::ICON, color);
            let at = finding.position.map_or_else(
                || format::NOT_APPLICABLE.to_owned(),
                |at| place(Position(at)),
            );
            let taken = text::line(painter, inside, Align::Max, Face::Data, at, t.accent);
            let words = Rect::from_min_max(
                pos2(inside.left() + 24.0, inside.top()),
                pos2(taken.left() - 8.0, inside.bottom()),
            );
            let said = format::visible(&finding.message);
            text::line(painter, words, Align::Min, Face::Row, said, t.text);
        });
        let mut wanted = output.clicked.map(|click| click.row);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.chosen, n_rows, self.rows.page()) {
                wanted = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                wanted = wanted.or(self.chosen);
            }
        }
        if let Some(row) = wanted {
            self.chosen = Some(row);
            if let Some(at) = find(row).and_then(|finding| finding.position) {
                view.send(Action::SelectEvent(Position(at)));
            }
        }
    }
}

fn say(finding: &Finding) -> String {
    let at = finding.position.map_or_else(String::new, |at| {
        format!(", first at {}", place(Position(at)))
    });
    let events = counted(finding.count, "event", "events");
    format!("{}, {events}{at}", finding.message)
}
