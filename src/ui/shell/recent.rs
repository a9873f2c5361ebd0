//! The files opened before: name, format, where they lie, their shape over time, how many events.

use egui::{
    Align, CornerRadius, Key, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::keys;
use crate::event::{Timestamp, Zone};
use crate::settings::RecentFile;
use crate::ui::View;
use crate::ui::panels::typed_slash;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::tag::{self, Tone};
use crate::ui::widgets::{focus_ring, sparkline};
use crate::ui::window::Facts;
use crate::workbench::Action;

/// Height of a row.
const ROW: f32 = 56.0;
/// So many rows are shown.
const MOST: usize = 6;

/// The list's own state.
#[derive(Default)]
pub(super) struct Recent {
    filter: String,
    at: usize,
}

impl Recent {
    /// Shows the list, with a filter over it where there are several.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
        let t = tokens(ui);
        let top = ui.cursor().left_top();
        let width = ui.available_width();
        let title = Rect::from_min_size(pos2(top.x, top.y + 4.0), vec2(200.0, 24.0));
        text::line(
            ui.painter(),
            title,
            Align::Min,
            Face::Heading,
            "Recent",
            t.text,
        );
        if view.recent.len() > 1 {
            let place = Rect::from_min_size(
                pos2(top.x + width - 220.0, top.y + 2.0),
                vec2(220.0, size::BUTTON),
            );
            let mut right = ui.new_child(egui::UiBuilder::new().id_salt("filter").max_rect(place));
            let wants_filter = typed_slash(ui.ctx());
            let field = Field::filter("Filter recent files")
                .hint("Filter")
                .key_cap("/")
                .width(220.0)
                .show(&mut right, &mut self.filter);
            if wants_filter {
                field.response.request_focus();
            }
        }
        let needle = self.filter.to_lowercase();
        let fits =
            |file: &&RecentFile| file.path.to_string_lossy().to_lowercase().contains(&needle);
        let files: Vec<&RecentFile> = view.recent.iter().filter(fits).take(MOST).collect();
        let list = Rect::from_min_size(
            pos2(top.x, top.y + 46.0),
            vec2(width, ROW * files.len().max(1) as f32),
        );
        let corner = CornerRadius::same(size::CORNER_MENU);
        if files.is_empty() {
            let words = if view.recent.is_empty() {
                "Files that you open are listed here"
            } else {
                "No recent file matches this filter"
            };
            text::line(ui.painter(), list, Align::Center, Face::Row, words, t.text3);
        }
        self.keys(ui, view, &files);
        for (nr, file) in files.iter().enumerate() {
            let row = Rect::from_min_size(
                pos2(list.left(), list.top() + ROW * nr as f32),
                vec2(width, ROW),
            );
            let is_gone = facts.gone.contains(&file.path);
            let response = row_ui(ui, row, file, (nr == self.at, is_gone), facts.wall);
            if nr > 0 {
                ui.painter()
                    .hline(row.x_range(), row.top(), Stroke::new(size::STROKE, t.line));
            }
            if response.clicked() {
                self.at = nr;
                view.send(Action::OpenPath(file.path.clone()));
            }
            let remove = |ui: &mut Ui| {
                if crate::ui::widgets::menu::item(ui, None, "Remove from the list", "").clicked() {
                    view.send(Action::ForgetRecent(file.path.clone()));
                }
            };
            response.context_menu(remove);
        }
        ui.painter().rect_stroke(
            list,
            corner,
            Stroke::new(size::STROKE, t.line),
            StrokeKind::Inside,
        );
        ui.advance_cursor_after_rect(list);
    }

    /// Arrow keys choose a row and Enter opens it, with Shift in a window of its own, while no text is being
    /// typed and no dialog is open; the key of reports audits it.
    fn keys(&mut self, ui: &Ui, view: &View<'_>, files: &[&RecentFile]) {
        self.at = self.at.min(files.len().saturating_sub(1));
        // What the key of reports is about is known here alone.
        let report = view.key_of(&Action::SaveReport);
        if let Some(file) = files.get(self.at)
            && view.workbench.opening.is_none()
            && ui.ctx().memory(|memory| memory.top_modal_layer().is_none())
            && keys::is_pressed(ui.ctx(), report)
        {
            view.send(Action::OpenForReport(file.path.clone()));
            return;
        }
        if ui
            .ctx()
            .memory(|memory| memory.focused().is_some() || memory.top_modal_layer().is_some())
        {
            return;
        }
        let pressed = |key| ui.input(|input| input.key_pressed(key) && input.modifiers.is_none());
        if pressed(Key::ArrowDown) && self.at + 1 < files.len() {
            self.at += 1;
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.saturating_sub(1);
        }
        let Some(file) = files.get(self.at) else {
            return;
        };
        if pressed(Key::Enter) {
            view.send(Action::OpenPath(file.path.clone()));
        }
        let shift = egui::Modifiers::SHIFT;
        if ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers.matches_exact(shift)) {
            view.send(Action::OpenBeside(vec![file.path.clone()]));
        }
    }
}

fn row_ui(
    ui: &Ui,
    row: Rect,
    file: &RecentFile,
    (is_chosen, is_gone): (bool, bool),
    wall: Timestamp,
) -> Response {
    let t = tokens(ui);
    let response = ui.interact(row, ui.scope_id().with(&file.path), Sense::click());
    let painter = ui.painter();
    if is_chosen {
        // Within the frame, whose corners are round.
        let inside = row.shrink2(vec2(1.0, 0.0));
        let bar = Rect::from_min_size(inside.min, vec2(2.0, row.height()));
        painter.rect_filled(inside.with_min_y(row.top() + 1.0), 3.0, t.accent_soft);
        painter.rect_filled(bar.shrink2(vec2(0.0, 2.0)), 1.0, t.accent);
    } else if response.hovered() {
        painter.rect_filled(row, 0.0, t.raised);
    }
    let said = names_ui(ui, row, file, is_gone);
    let numbers = numbers_ui(ui, row, file, is_gone, wall);
    let said = format!("{said}, {numbers}");
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, said.clone()));
    if focus_ring::is_shown(&response) {
        focus_ring::inside(ui, row);
    }
    response
}

/// Icon, name, format and folder; says what it shows.
fn names_ui(ui: &Ui, row: Rect, file: &RecentFile, is_gone: bool) -> String {
    let t = tokens(ui);
    let painter = ui.painter();
    let (strong, color) = if is_gone {
        (t.text3, t.text3)
    } else {
        (t.text, t.text2)
    };
    let ending = file.path.extension().and_then(|ending| ending.to_str());
    let icon = match ending {
        _ if is_gone => icons::MISSING_FILE,
        Some("db" | "sqlite" | "sqlite3") => icons::STORE,
        _ => icons::LOG_FILE,
    };
    let middle = pos2(row.left() + 27.0, row.center().y);
    icons::paint(painter, middle, icon, size::ICON_FILE, color);
    let (left, right) = (
        row.left() + 53.0,
        (row.right() - 326.0).max(row.left() + 160.0),
    );
    let line = |top: f32, right: f32| {
        Rect::from_min_max(
            pos2(left, row.top() + top),
            pos2(right, row.top() + top + 18.0),
        )
    };
    let name = file
        .path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let name = format::visible(&name).into_owned();
    let upper = line(12.0, right - 90.0);
    let taken = text::line(
        painter,
        upper,
        Align::Min,
        Face::BodyMedium,
        name.as_str(),
        strong,
    );
    if !file.format.is_empty() {
        let place = pos2(taken.right() + 8.0, upper.center().y);
        tag::paint(painter, place, Tone::Neutral, &file.format);
    }
    let place = if is_gone {
        "Not found, it may be on a drive that is not connected".to_owned()
    } else {
        folder(file)
    };
    text::line(
        painter,
        line(29.0, right),
        Align::Min,
        Face::Row,
        place.as_str(),
        t.text3,
    );
    format!("{name}, {place}")
}

/// The shape over time, how many events, and when it was opened; says what it shows.
fn numbers_ui(ui: &Ui, row: Rect, file: &RecentFile, is_gone: bool, wall: Timestamp) -> String {
    let t = tokens(ui);
    let painter = ui.painter();
    let right = row.right() - 16.0;
    let column = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(right - from, row.top()),
            pos2(right - to, row.bottom()),
        )
    };
    let shape = column(296.0, 200.0).shrink2(vec2(0.0, 18.0));
    if is_gone || file.shape.is_empty() {
        let line = [shape.left_bottom(), shape.right_bottom()];
        let stroke = Stroke::new(size::STROKE, t.line_strong);
        painter.extend(egui::Shape::dashed_line(
            &line,
            stroke,
            size::DASH[0],
            size::DASH[1],
        ));
    } else {
        let values: Vec<u64> = file.shape.iter().copied().map(u64::from).collect();
        sparkline::paint(painter, shape, &values, t.text3);
    }
    let count = format::count(file.events);
    let color = if is_gone { t.text3 } else { t.text2 };
    text::line(
        painter,
        column(190.0, 100.0),
        Align::Max,
        Face::Data,
        count.as_str(),
        color,
    );
    let when = when(file.opened_secs, wall);
    text::line(
        painter,
        column(96.0, 0.0),
        Align::Max,
        Face::Row,
        when.as_str(),
        t.text3,
    );
    format!("{count} events, opened {when}")
}

/// The folder, with the user's own one shortened.
fn folder(file: &RecentFile) -> String {
    let folder = file
        .path
        .parent()
        .map_or_else(String::new, |folder| folder.display().to_string());
    match std::env::home_dir().map(|home| home.display().to_string()) {
        Some(home) if !home.is_empty() && folder.starts_with(&home) => {
            format!("~{}", &folder[home.len()..])
        }
        _ => folder,
    }
}

/// `Today 13:51`, `Yesterday`, `Mar 9`, `2023-03-09`.
fn when(secs: i64, wall: Timestamp) -> String {
    const DAY: i64 = 86_400_000_000_000;
    let (then, now) = (
        Zone::Local.wall(Timestamp(secs.saturating_mul(1_000_000_000))),
        Zone::Local.wall(wall),
    );
    let text = then.date_time(' ', 0);
    let (year, month, day, _) = then.civil();
    match now.0.div_euclid(DAY) - then.0.div_euclid(DAY) {
        0 => format!("Today {}", text.get(11..16).unwrap_or_default()),
        1 => "Yesterday".to_owned(),
        _ if year == now.civil().0 => {
            const MONTHS: [&str; 12] = [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ];
            let name = MONTHS
                .get((month as usize).saturating_sub(1))
                .unwrap_or(&"");
            format!("{name} {day}")
        }
        _ => text.get(..10).unwrap_or_default().to_owned(),
    }
}
