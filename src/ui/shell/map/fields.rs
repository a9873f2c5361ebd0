//! A row for each part of an event: what gives it, how that is read, how sure it is and why.

use egui::{Align, Rangef, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::combo::{Choice, Combo};
use crate::ui::widgets::meter;
use crate::ui::widgets::select::Select;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, EventField, Judgment, MapEdit, MapNote, Mapping, Need};

/// Heights of the head, of a row, and of a note.
const HEAD: f32 = 28.0;
const ROW: f32 = 36.0;
const NOTE: f32 = 26.0;
/// Space above and below the notes.
const AROUND_NOTES: f32 = 8.0;
/// Below this a guess is shown as unsure.
const SURE: f64 = 0.7;

/// Where the columns stand.
struct Columns {
    field: Rangef,
    text: Rangef,
    read_as: Rangef,
    confidence: Rangef,
    why: Rangef,
}

impl Columns {
    fn of(rect: Rect) -> Self {
        // A narrow window gives the reasons less room before it takes from the fields.
        let narrow = rect.width() < 900.0;
        let (text, read_as, confidence) = if narrow {
            (180.0, 120.0, 84.0)
        } else {
            (232.0, 128.0, 97.0)
        };
        let left = rect.left();
        let field = Rangef::new(left + 16.0, left + 128.0);
        let text = Rangef::new(field.max, field.max + text);
        let read_as = Rangef::new(text.max + 12.0, text.max + 12.0 + read_as);
        let confidence = Rangef::new(read_as.max + 12.0, read_as.max + 12.0 + confidence);
        let why = Rangef::new(confidence.max + 16.0, rect.right() - 12.0);
        Self {
            field,
            text,
            read_as,
            confidence,
            why,
        }
    }
}

/// How high all rows are.
pub(super) fn height() -> f32 {
    HEAD + ROW * EventField::ALL.len() as f32
}

/// The name of the combo of a field.
pub(super) fn combo_name(field: EventField) -> String {
    format!("Column for {}", field.label())
}

/// Shows the rows.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
    let rect = ui.max_rect();
    let columns = Columns::of(rect);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD));
    head_ui(ui, head, &columns);
    let list = Rect::from_min_max(head.left_bottom(), rect.max);
    let mut inside = super::part(ui, list, "list");
    inside.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let table = mapping.table();
    let none = Choice {
        text: "",
        label: "No column",
        note: "",
    };
    let columns_of_table = table.map_or(&[][..], |table| &table.columns);
    let choices: Vec<Choice<'_>> = std::iter::once(none)
        .chain(columns_of_table.iter().map(|column| Choice {
            text: &column.written,
            label: "",
            note: &column.declared,
        }))
        .collect();
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(&mut inside, |ui| {
            for field in EventField::ALL {
                let row = Row {
                    field,
                    mapping,
                    columns: &columns,
                    choices: &choices,
                };
                row.show(ui, view);
            }
        });
    let line = Stroke::new(size::STROKE, tokens(ui).line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

fn head_ui(ui: &Ui, rect: Rect, columns: &Columns) {
    let t = tokens(ui);
    let heads = [
        (columns.field, "Event field"),
        (columns.text, "Column or expression"),
        (columns.read_as, "Read as"),
        (columns.confidence, "Confidence"),
        (columns.why, "Why"),
    ];
    for (range, words) in heads {
        let place = Rect::from_x_y_ranges(range, rect.y_range());
        text::line(
            ui.painter(),
            place,
            Align::Min,
            Face::SmallMedium,
            words,
            t.text3,
        );
        let id = ui.scope_id().with(words);
        let response = ui.interact(place, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, words));
    }
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

struct Row<'a> {
    field: EventField,
    mapping: &'a Mapping,
    columns: &'a Columns,
    choices: &'a [Choice<'a>],
}

impl Row<'_> {
    fn show(&self, ui: &mut Ui, view: &View<'_>) {
        let t = tokens(ui);
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let is_given = self.mapping.draft.has(self.field);
        let lacks = self.mapping.draft.lacks(self.field);
        let judged = self.mapping.judgment(self.field);
        let is_wrong = judged.problem.is_some() || lacks && self.field.need() == Need::Required;
        let ground = match (is_wrong, is_given) {
            (true, _) => Some(t.err_soft),
            (false, false) => Some(t.warn_soft),
            (false, true) => None,
        };
        if let Some(ground) = ground {
            ui.painter().rect_filled(rect, 0.0, ground);
        }
        let line = Stroke::new(size::STROKE, t.line);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
        let why = self.why(&judged, is_given);
        self.name_ui(ui, rect, lacks);
        self.text_ui(ui, rect, view, is_wrong);
        if is_given {
            self.read_as_ui(ui, rect, view);
        }
        self.confidence_ui(ui, rect, judged.confidence.filter(|_| is_given));
        self.why_ui(ui, rect, &why, is_wrong);
        let text = self.mapping.draft.field(self.field).text.as_str();
        let given = if is_given { text } else { "no column" };
        let said = format!("{}, {given}. {why}", self.field.label());
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, said.clone()));
    }

    fn name_ui(&self, ui: &Ui, rect: Rect, lacks: bool) {
        let t = tokens(ui);
        let place = place_in(rect, self.columns.field, ROW);
        let mut job = text::job(self.field.label(), Face::Button, t.text);
        let need = match self.field.need() {
            Need::Required => "required",
            Need::OneOfThese if lacks => "one of 3",
            Need::OneOfThese | Need::Optional => "",
        };
        if !need.is_empty() {
            job.append(need, 4.0, text::format(Face::Row, t.text3));
        }
        text::line_job(ui.painter(), place, Align::Min, job);
    }

    fn text_ui(&self, ui: &mut Ui, rect: Rect, view: &View<'_>, is_wrong: bool) {
        let place = place_in(rect, self.columns.text, size::BUTTON_SMALL);
        let name = combo_name(self.field);
        let mut text = self.mapping.draft.field(self.field).text.clone();
        let changed = Combo::new(&name, self.choices)
            .hint("No column")
            .wrong(is_wrong)
            .show(ui, place, &mut text);
        let field = ui.ctx().read_response(Combo::id(&name));
        if field.is_some_and(|field| field.gained_focus()) {
            ui.scroll_to_rect(rect, None);
        }
        if changed {
            view.send(Action::EditMapping(MapEdit::Text(self.field, text)));
        }
    }

    fn read_as_ui(&self, ui: &Ui, rect: Rect, view: &View<'_>) {
        let Some(found) = self.mapping.found() else {
            return;
        };
        let ways = &found.ways[self.field.index()];
        let labels: Vec<&str> = ways.iter().map(|way| way.label).collect();
        let now = self.mapping.read_as(self.field);
        let at = ways.iter().position(|way| Some(*way) == now).unwrap_or(0);
        let place = place_in(rect, self.columns.read_as, size::BUTTON_SMALL);
        let name = format!("{} read as", self.field.label());
        let chosen = Select::new(&name, &labels).show(ui, place, at);
        if let Some(way) = chosen.and_then(|nr| ways.get(nr)) {
            view.send(Action::EditMapping(MapEdit::ReadAs(self.field, *way)));
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a share, from 0 to 1")]
    fn confidence_ui(&self, ui: &Ui, rect: Rect, confidence: Option<f64>) {
        let t = tokens(ui);
        let place = place_in(rect, self.columns.confidence, ROW);
        let Some(confidence) = confidence else {
            text::line(ui.painter(), place, Align::Min, Face::Row, "—", t.text3);
            return;
        };
        let color = if confidence >= SURE { t.ok } else { t.warn };
        let bar = Rect::from_min_max(place.min, pos2(place.right() - 41.0, place.bottom()));
        meter::paint(ui.painter(), bar, confidence as f32, color);
        let percent = format!("{:.0}%", (confidence * 100.0).floor());
        text::line(ui.painter(), place, Align::Max, Face::Row, percent, t.text);
    }

    fn why(&self, judged: &Judgment, is_given: bool) -> String {
        match (&judged.problem, is_given) {
            (Some(problem), _) => problem.clone(),
            (None, true) => judged.why.clone(),
            (None, false) => self.field.cost().to_owned(),
        }
    }

    fn why_ui(&self, ui: &Ui, rect: Rect, why: &str, is_wrong: bool) {
        let t = tokens(ui);
        let place = place_in(rect, self.columns.why, ROW);
        let color = if is_wrong { t.err } else { t.text2 };
        let words = format::visible(why).into_owned();
        let wanted = text::width(ui.painter(), Face::Row, &words);
        text::line(
            ui.painter(),
            place,
            Align::Min,
            Face::Row,
            words.as_str(),
            color,
        );
        if wanted > place.width() {
            let id = ui.scope_id().with(("why", self.field));
            Tip::default()
                .sentence(&words)
                .on(ui.interact(place, id, Sense::hover()));
        }
    }
}

/// The part of a row that a column takes, so high, in the middle.
fn place_in(rect: Rect, range: Rangef, height: f32) -> Rect {
    let row = Rect::from_x_y_ranges(range, rect.y_range());
    Rect::from_center_size(row.center(), vec2(row.width(), height))
}

/// What is to be known about the mapping as it stands.
pub(super) fn notes(mapping: &Mapping) -> Vec<MapNote> {
    if let Some(why) = mapping.refusal() {
        return vec![MapNote {
            is_warning: true,
            text: why.to_owned(),
        }];
    }
    let notes = mapping
        .preview
        .latest()
        .and_then(|preview| preview.as_ref().ok());
    notes.map_or_else(Vec::new, |preview| {
        preview.notes.iter().take(3).cloned().collect()
    })
}

/// How high the notes are.
pub(super) fn notes_height(notes: &[MapNote]) -> f32 {
    NOTE * notes.len().max(1) as f32 + 2.0 * AROUND_NOTES
}

/// Shows the notes.
pub(super) fn notes_ui(ui: &Ui, notes: &[MapNote]) {
    let t = tokens(ui);
    let rect = ui.max_rect();
    for (nr, note) in notes.iter().enumerate() {
        let row = Rect::from_min_size(
            pos2(rect.left(), rect.top() + AROUND_NOTES + NOTE * nr as f32),
            vec2(rect.width(), NOTE),
        );
        let (icon, color) = if note.is_warning {
            (icons::WARNING, t.warn)
        } else {
            (icons::NOTE, t.accent)
        };
        let at = pos2(row.left() + 24.0, row.center().y);
        icons::paint(ui.painter(), at, icon, size::ICON, color);
        let words = Rect::from_min_max(
            pos2(row.left() + 40.0, row.top()),
            pos2(row.right() - 16.0, row.bottom()),
        );
        let said = format::visible(&note.text).into_owned();
        text::line(
            ui.painter(),
            words,
            Align::Min,
            Face::Row,
            said.as_str(),
            t.text,
        );
        let response = ui.interact(row, ui.scope_id().with(("note", nr)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, said.clone()));
        if text::width(ui.painter(), Face::Row, &said) > words.width() {
            Tip::default().sentence(&said).on(response);
        }
    }
}
