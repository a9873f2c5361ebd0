//! "Go to": one field that takes a stream, a position, a version or a time, and says where it leads.

use egui::{Align, Context, Key, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::event::Timestamp;
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::workbench::{Action, Target};

use super::{dialog, palette};

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 560.0;
const TOP: f32 = 96.0;

/// The dialog while it is open.
#[derive(Default)]
pub struct GoTo {
    text: String,
}

impl GoTo {
    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>, wall: Timestamp) -> bool {
        let found = view.workbench.find(&self.text, wall);
        look_for_id(view, &self.text, &found);
        let (closes, ()) = dialog::show(ctx, "go to", (WIDTH, TOP), |ui| {
            self.contents(ui, view, &found);
        });
        let may_lead = found.is_ok() || view.workbench.may_be_id(&self.text);
        if ctx.input(|input| input.key_pressed(Key::Enter)) && may_lead {
            view.send(Action::GoTo(self.text.trim().to_owned()));
            return true;
        }
        closes
    }

    fn contents(&mut self, ui: &mut Ui, view: &View<'_>, found: &Result<Target, String>) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
        icons::paint(
            ui.painter(),
            pos2(rect.left() + 24.0, rect.center().y),
            icons::TIME_TRAVEL,
            18.0,
            t.text2,
        );
        let place = Rect::from_min_max(
            pos2(rect.left() + 46.0, rect.top()),
            pos2(rect.right() - 16.0, rect.bottom()),
        );
        if self.text.is_empty() {
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::Heading,
                "Stream, position, version, time or event id",
                t.text3,
            );
        }
        palette::field(ui, place, "Go to", &mut self.text);
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(size::STROKE, t.line_strong),
        );
        let (line, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        let inside = line.shrink2(vec2(16.0, 0.0));
        let (words, color) = match found {
            Ok(target) => (said(view, *target), t.text2),
            Err(why) if why.is_empty() => (
                "order-1220   #861204   v7   2024-03-12 14:32   -2h   last friday   event id"
                    .to_owned(),
                t.text3,
            ),
            Err(why) => (why.clone(), t.err),
        };
        text::line(
            ui.painter(),
            inside,
            Align::Min,
            Face::Row,
            words.as_str(),
            color,
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, words.clone()));
        let (foot, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        ui.painter().hline(
            foot.x_range(),
            foot.top() + 0.5,
            Stroke::new(size::STROKE, t.line),
        );
        palette::hints(ui, foot, &[("Enter", "go"), ("Esc", "close")]);
    }
}

/// Asks for an event by its id where the text leads nowhere else.
pub(super) fn look_for_id(view: &View<'_>, text: &str, found: &Result<Target, String>) {
    let bench = view.workbench;
    let text = text.trim();
    if found.is_err() && bench.may_be_id(text) && bench.wants_id.as_deref() != Some(text) {
        view.send(Action::FindId(text.to_owned()));
    }
}

/// Where it leads, in words.
fn said(view: &View<'_>, target: Target) -> String {
    let Some(log) = view.log() else {
        return String::new();
    };
    let position = target.position;
    let time = log.time(position).map_or_else(String::new, |time| {
        let zone = view.look().zone;
        format!(
            ", {} {}",
            zone.wall(time).date_time(' ', 0),
            zone.label(time)
        )
    });
    let version = log
        .version(position)
        .map_or_else(String::new, |version| format!(" {version}"));
    let stream = format::visible(log.stream_name(log.stream(position)));
    let event_type = format::visible(log.type_name(log.event_type(position)));
    format!(
        "{}, {event_type}, {stream}{version}{time}",
        format::position(u64::from(position.0))
    )
}
