//! Beside the finding: the history held against another copy of it, and against receipts.

use egui::{Align, Color32, Key, Label, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use super::audit_checks::icon_of;
use super::audit_receipt::receipt_ui;
use super::shared::{counted, place, pressed, walked};
use super::tile;
use crate::audit::{Audit, Comparison, Difference, Status};
use crate::event::Position;
use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::progress::Progress;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::workbench::{Action, AuditEdit, CopyAnswer, Freshness, InspectorTab, ViewKind};

/// What the tile shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Compare,
    Receipt,
}

/// What is listed of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Listed {
    #[default]
    Nothing,
    Differences,
    Streams,
}

/// The tile, which of its tabs is shown, and where its list stands.
#[derive(Default)]
pub(super) struct CopyPanel {
    tab: Tab,
    listed: Listed,
    rows: VirtualRows,
    chosen: Option<u64>,
    seen: Option<std::path::PathBuf>,
}

/// Asks for something of the Audit view.
pub(super) fn ask(view: &View<'_>, edit: AuditEdit) {
    view.send(Action::Audit(Box::new(edit)));
}

impl CopyPanel {
    /// Shows the tile in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, audit: &Audit) {
        let copy = &view.workbench.auditing.copy;
        if self.seen != *copy {
            self.seen.clone_from(copy);
            self.listed = Listed::Nothing;
            self.chosen = None;
            if copy.is_some() {
                self.tab = Tab::Compare;
            }
        }
        let has_copy = copy.is_some();
        let tab = self.tab;
        let (clicked, ()) = tile::tabs_with(
            ui,
            &["Compare", "Receipt"],
            usize::from(tab == Tab::Receipt),
            false,
            |ui| {
                if tab == Tab::Compare {
                    copy_tools(ui, view, has_copy);
                }
            },
        );
        match clicked {
            Some(0) => self.tab = Tab::Compare,
            Some(_) => self.tab = Tab::Receipt,
            None => {}
        }
        match self.tab {
            Tab::Compare => self.compare_ui(ui, view, audit),
            Tab::Receipt => receipt_ui(ui, view, audit),
        }
    }

    fn compare_ui(&mut self, ui: &mut Ui, view: &View<'_>, audit: &Audit) {
        let auditing = &view.workbench.auditing;
        let Some(key) = auditing.copy_key(view.workbench.generation) else {
            let choose = button::normal("Choose copy").small().icon(icons::OPEN);
            let shown = Empty::new("No other copy")
                .why("Drop a backup or an export of the same events here: every event is compared.")
                .button(choose);
            if shown.show(ui) == Some(0) {
                ask(view, AuditEdit::AskCopy);
            }
            return;
        };
        let name = key.path.file_name().map(|name| name.to_string_lossy());
        let name = name.unwrap_or_default().into_owned();
        match auditing.compared.for_key(&key) {
            Freshness::Fresh(Ok(answer)) => self.answer_ui(ui, view, audit, answer),
            Freshness::Fresh(Err(why)) => {
                let what = format!("{} could not be compared", format::visible(&name));
                let again = button::normal("Choose another").small();
                let shown = Empty::new(&what).why(why).failed().button(again);
                if shown.show(ui) == Some(0) {
                    ask(view, AuditEdit::AskCopy);
                }
            }
            Freshness::Stale(_) | Freshness::Missing => running_ui(ui, view, &name),
        }
    }

    fn answer_ui(&mut self, ui: &mut Ui, view: &View<'_>, audit: &Audit, answer: &CopyAnswer) {
        if self.listed != Listed::Nothing {
            self.list_ui(ui, view, answer);
            return;
        }
        let own = audit.evidence.files.first();
        ui.add_space(8.0);
        file_ui(
            ui,
            "1",
            own.map_or("", |file| &file.name),
            own.map_or("", |file| &file.sha256),
        );
        file_ui(ui, "2", &answer.file.name, &answer.file.sha256);
        ui.add_space(6.0);
        tile::hairline(ui);
        ui.add_space(4.0);
        let found = &answer.found;
        for (n, words, status) in counts(found) {
            count_ui(ui, n, words, status);
        }
        ui.add_space(4.0);
        tile::hairline(ui);
        ui.add_space(8.0);
        let t = tokens(ui);
        let words = match &found.first_divergence {
            None => format!(
                "Both have the same events, by {}.",
                found.compared.join(", ")
            ),
            Some(first) => format!("First difference: {}.", in_words(first)),
        };
        ui.horizontal(|ui| {
            ui.add_space(size::SIDE);
            ui.vertical(|ui| {
                ui.set_max_width(ui.available_width() - size::SIDE);
                ui.add(Label::new(text::row(format::visible(&words)).color(t.text2)).wrap());
            });
        });
        ui.add_space(8.0);
        if found.is_same() {
            return;
        }
        let n = found.n_differences();
        let show = format!("Show {}", counted(n, "difference", "differences"));
        let streams = counted(found.streams.len() as u64, "stream", "streams");
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            if ui.add(button::normal(&show)).clicked() {
                self.listed = Listed::Differences;
            }
            if ui.add(button::quiet(&streams)).clicked() {
                self.listed = Listed::Streams;
            }
        });
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &CopyAnswer) {
        let found = &answer.found;
        ui.horizontal(|ui| {
            ui.set_height(size::TAB_BAR);
            ui.add_space(size::TOOL_SIDE);
            if ui
                .add(button::quiet("Back").small().icon(icons::BACK))
                .clicked()
            {
                self.listed = Listed::Nothing;
            }
            let shown = match self.listed {
                Listed::Streams => found.streams.len(),
                _ => found.items.len(),
            };
            let words = format!(
                "{} of {}",
                format::count(shown as u64),
                match self.listed {
                    Listed::Streams => counted(found.streams.len() as u64, "stream", "streams"),
                    _ => counted(found.n_differences(), "difference", "differences"),
                }
            );
            ui.label(text::small(words).color(tokens(ui).text3));
        });
        tile::hairline(ui);
        match self.listed {
            Listed::Streams => self.streams_ui(ui, view, found),
            _ => self.differences_ui(ui, view, found),
        }
    }

    fn differences_ui(&mut self, ui: &mut Ui, view: &View<'_>, found: &Comparison) {
        let find = |row: u64| found.items.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, in_words);
        let n_rows = found.items.len() as u64;
        let list = RowList::new("Differences", n_rows)
            .selected(self.chosen)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(item) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let painter = row.ui.painter();
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let at = item.position_a.map_or_else(
                || format::NOT_APPLICABLE.to_owned(),
                |at| place(Position(at)),
            );
            let taken = text::line(painter, inside, Align::Max, Face::Data, at, t.accent);
            let words = inside.with_max_x(taken.left() - 8.0);
            let said = format::visible(&in_words(item)).into_owned();
            text::line(painter, words, Align::Min, Face::Row, said, t.text);
        });
        let mut wanted = output.clicked.map(|click| click.row);
        let mut opened = output.double_clicked;
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.chosen, n_rows, self.rows.page()) {
                wanted = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                opened = self.chosen;
            }
        }
        let there = |row: u64| Some(Position(find(row)?.position_a?));
        if let Some(row) = wanted {
            self.chosen = Some(row);
            if let Some(at) = there(row) {
                view.send(Action::SelectEvent(at));
            }
        }
        if let Some(at) = opened.and_then(there) {
            view.send(Action::SelectEvent(at));
            view.send(Action::ShowView(ViewKind::Explore));
            view.send(Action::ShowInspector(InspectorTab::Event));
        }
    }

    fn streams_ui(&mut self, ui: &mut Ui, view: &View<'_>, found: &Comparison) {
        let find = |row: u64| found.streams.get(usize::try_from(row).ok()?);
        let said = |row: u64| {
            find(row).map_or_else(String::new, |stream| {
                let parts = [
                    (stream.only_a, "only here"),
                    (stream.only_b, "only there"),
                    (stream.different, "different"),
                    (stream.reordered, "elsewhere"),
                ];
                let parts = parts.into_iter().filter(|(n, _)| *n > 0);
                let parts: Vec<String> = parts
                    .map(|(n, words)| format!("{} {words}", format::count(n)))
                    .collect();
                parts.join(", ")
            })
        };
        let label = |row: u64, _: RowState| {
            let name = find(row).map_or("", |stream| &stream.stream);
            format!("{name}, {}", said(row))
        };
        let n_rows = found.streams.len() as u64;
        let list = RowList::new("Streams that differ", n_rows).label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(stream) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let painter = row.ui.painter();
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let taken = text::line(
                painter,
                inside,
                Align::Max,
                Face::Row,
                said(row.nr),
                t.text2,
            );
            let words = inside.with_max_x(taken.left() - 8.0);
            let name = format::visible(&stream.stream).into_owned();
            text::line(painter, words, Align::Min, Face::Data, name, t.text);
        });
        let clicked = output.clicked.and_then(|click| find(click.row));
        let stream = clicked.and_then(|stream| {
            let log = view.log()?;
            log.streams_named(&stream.stream).first().copied()
        });
        if let Some(stream) = stream {
            view.send(Action::SelectStream(Some(stream)));
        }
    }
}

fn copy_tools(ui: &mut Ui, view: &View<'_>, has_copy: bool) {
    let choose = button::quiet("Choose copy").small().icon(icons::OPEN);
    if ui.add(choose).clicked() {
        ask(view, AuditEdit::AskCopy);
    }
    if has_copy {
        let close = button::icon_button(icons::CLOSE, "Forget the copy", "").small();
        if ui.add(close).clicked() {
            ask(view, AuditEdit::ForgetCopy);
        }
    }
}

/// How many events are how, in words for people.
fn counts(found: &Comparison) -> [(u64, &'static str, Status); 5] {
    let bad = |n: u64, status: Status| if n == 0 { Status::Passed } else { status };
    [
        (found.same, "Same in both", Status::Passed),
        (
            found.only_a,
            "Only in 1",
            bad(found.only_a, Status::Warning),
        ),
        (found.only_b, "Only in 2", bad(found.only_b, Status::Failed)),
        (
            found.different,
            "Different content",
            bad(found.different, Status::Failed),
        ),
        (
            found.reordered,
            "In another place",
            bad(found.reordered, Status::Warning),
        ),
    ]
}

fn in_words(item: &Difference) -> String {
    item.sentence()
        .replace("in the first", "in 1")
        .replace("in the second", "in 2")
}

/// A file with the beginning and the end of its hash.
fn file_ui(ui: &mut Ui, nr: &str, name: &str, sha256: &str) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let said = format!("{nr}: {name}, SHA-256 {sha256}");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, said.as_str()));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let painter = ui.painter();
    let sign = Rect::from_center_size(
        pos2(inside.left() + 8.0, inside.center().y),
        vec2(16.0, 16.0),
    );
    painter.rect_filled(sign, size::CORNER_TAG, t.tag);
    text::line(painter, sign, Align::Center, Face::SmallMedium, nr, t.text2);
    let short = |at: usize| sha256.get(at..at + 4).unwrap_or_default();
    let hash = format!("{} {}", short(0), short(4));
    let taken = text::line(painter, inside, Align::Max, Face::Data, hash, t.text3);
    let words = Rect::from_min_max(
        pos2(inside.left() + 26.0, inside.top()),
        pos2(taken.left() - 8.0, inside.bottom()),
    );
    let name = format::visible(name);
    text::line(painter, words, Align::Min, Face::Row, name, t.text);
    response.on_hover_text(format!("SHA-256 {sha256}"));
}

/// A count with its sign, in the color of how it ended.
pub(super) fn count_ui(ui: &mut Ui, n: u64, words: &str, status: Status) {
    let t = tokens(ui);
    let (icon, color) = if n == 0 && status == Status::Passed {
        (icons::PASSED, t.text3)
    } else {
        icon_of(t, status)
    };
    let number = if status == Status::Passed {
        t.text
    } else {
        color
    };
    row_ui(ui, (icon, color), words, (&format::count(n), number));
}

/// A row with a sign, words, and a value at the right.
pub(super) fn row_ui(ui: &mut Ui, sign: (Icon, Color32), words: &str, value: (&str, Color32)) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let said = format!("{words}: {}", value.0);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, said.as_str()));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let painter = ui.painter();
    icons::paint_left(painter, inside, sign.0, size::ICON, sign.1);
    let taken = text::line(painter, inside, Align::Max, Face::Data, value.0, value.1);
    let left = Rect::from_min_max(
        pos2(inside.left() + 26.0, inside.top()),
        pos2(taken.left() - 8.0, inside.bottom()),
    );
    text::line(painter, left, Align::Min, Face::Row, words, t.text);
}

fn running_ui(ui: &mut Ui, view: &View<'_>, name: &str) {
    let running = view
        .running
        .iter()
        .find(|running| running.what.starts_with("Comparing"));
    let what = format!("Comparing with {}", format::visible(name));
    ui.add_space(16.0);
    let (count, share) =
        running.map_or(("", None), |running| (running.done.as_str(), running.share));
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - size::SIDE);
            let progress = Progress {
                what: &what,
                count,
                share,
                caption: "Everything else can be used meanwhile.",
                can_stop: true,
            };
            if progress.show(ui) {
                ask(view, AuditEdit::ForgetCopy);
            }
        });
    });
}
