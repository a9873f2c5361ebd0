//! What is chosen of a report: its name and form, what stands at its head, sections, masking.

use egui::{Id, Rect, ScrollArea, Ui, UiBuilder, vec2};

use super::super::shared::counted;
use super::super::tile;
use crate::report::{Form, ReportSection};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::field::{Field, FieldOutput};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::select::checkbox;
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, ReportEdit, Reporting};

/// So many categories are offered as tables.
const MAX_CATEGORIES: usize = 12;
/// So many numbers of a category are offered to be rolled forward.
const MAX_NUMBERS: usize = 12;
/// The height of their menu.
const MENU: f32 = 360.0;

/// The choices; all of them are kept in the workbench.
#[derive(Default)]
pub(super) struct Compose {
    wants_name: bool,
}

impl Compose {
    /// Gives the keyboard to the name, when it is drawn next.
    pub(super) fn ask_name(&mut self) {
        self.wants_name = true;
    }

    /// Shows the choices in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        tile::head(ui, "Report", "", true, |_| {});
        let area = ui.available_rect_before_wrap();
        ScrollArea::vertical()
            .id_salt("report choices")
            .auto_shrink(false)
            .show(ui, |ui| {
                let inside = Rect::from_min_size(
                    ui.cursor().min + vec2(size::SIDE, size::SIDE),
                    vec2(area.width() - 2.0 * size::SIDE, f32::INFINITY),
                );
                let mut column = ui.new_child(UiBuilder::new().max_rect(inside));
                column.spacing_mut().item_spacing.y = 6.0;
                self.choices(&mut column, view);
                ui.advance_cursor_after_rect(column.min_rect().expand(size::SIDE));
            });
    }

    fn choices(&mut self, ui: &mut Ui, view: &View<'_>) {
        let reporting = &view.workbench.reporting;
        self.save_ui(ui, view, reporting);
        head_ui(ui, view, reporting);
        period_ui(ui, view, reporting);
        mask_ui(ui, view, reporting);
        sections_ui(ui, view, reporting);
        tables_ui(ui, view, reporting);
        rolled_ui(ui, view, reporting);
    }

    /// Name, form, and the buttons that save.
    fn save_ui(&mut self, ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
        caption(ui, "Save as");
        let mut name = reporting.name.clone();
        let proposed = view.workbench.name_for_file("annals-report");
        let field = Field::new("Name of the report")
            .hint(&proposed)
            .id(Id::unique("annals_report_name"));
        let output = field.show(ui, &mut name);
        if std::mem::take(&mut self.wants_name) {
            output.response.request_focus();
        }
        if output.changed {
            edit(view, ReportEdit::Name(name));
        }
        if output.submitted {
            view.send(Action::WriteReport);
        }
        let mut form = reporting.form;
        let forms = Form::ALL.map(|(form, _, name)| (form, name));
        if segments(ui, "Form", &mut form, &forms) {
            edit(view, ReportEdit::Form(form));
        }
        let t = tokens(ui);
        let folder = reporting.folder.display().to_string();
        if !folder.is_empty() {
            let said = format!("In {folder}, its SHA-256 beside it");
            ui.label(text::small(said).color(t.text3));
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let save = button::primary("Save").icon(icons::REPORT).key_cap("Enter");
            if ui.add(save).clicked() {
                view.send(Action::WriteReport);
            }
            if ui.add(button::normal("Save in \u{2026}")).clicked() {
                view.send(Action::AskReportPlace);
            }
        });
    }
}

fn edit(view: &View<'_>, edit: ReportEdit) {
    view.send(Action::EditReport(Box::new(edit)));
}

fn heading(ui: &mut Ui, words: &str) {
    let t = tokens(ui);
    ui.label(text::rich(words, Face::Section).color(t.text2));
}

fn caption(ui: &mut Ui, words: &str) {
    let t = tokens(ui);
    ui.label(text::rich(words, Face::Small).color(t.text3));
}

/// A captioned field.
fn field(ui: &mut Ui, name: &str, hint: &str, value: &str) -> (FieldOutput, String) {
    caption(ui, name);
    let mut typed = value.to_owned();
    let output = Field::new(name).hint(hint).show(ui, &mut typed);
    (output, typed)
}

fn head_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    ui.add_space(8.0);
    heading(ui, "Head");
    let settings = &reporting.settings;
    let file = view.history().map_or("", |history| history.about.name());
    type Make = fn(String) -> ReportEdit;
    let fields: [(&str, &str, &str, Make); 4] = [
        ("Title", file, &settings.title, ReportEdit::Title),
        ("Prepared by", "", &reporting.author, ReportEdit::Author),
        ("Case", "", &settings.case, ReportEdit::Case),
        ("Note", "", &settings.note, ReportEdit::Note),
    ];
    for (name, hint, value, make) in fields {
        let (output, typed) = field(ui, name, hint, value);
        if output.changed {
            edit(view, make(typed));
        }
    }
}

fn period_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    ui.add_space(8.0);
    heading(ui, "Period");
    let mut is_period = reporting.is_period;
    let choices = [(false, "Everything"), (true, "A to B")];
    if segments(ui, "Period", &mut is_period, &choices) {
        edit(view, ReportEdit::Period(is_period));
    }
    let t = tokens(ui);
    let said = match (reporting.is_period, view.workbench.report_period()) {
        (true, None) => "Set markers A and B first; until then it is everything".to_owned(),
        (true, Some((from, until))) => format!(
            "#{from} to #{until}, {}",
            counted(u64::from(until - from) + 1, "event", "events")
        ),
        (false, _) => return,
    };
    ui.label(text::small(said).color(t.text3));
}

fn mask_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    ui.add_space(8.0);
    heading(ui, "Personal data");
    let (output, typed) = field(ui, "Masked fields", "email, *name*, user", &reporting.mask);
    if output.changed {
        edit(view, ReportEdit::Mask(typed));
    }
    let Some(composed) = view.workbench.report() else {
        return;
    };
    let t = tokens(ui);
    for masked in &composed.report.masked {
        let values = counted(masked.values, "value", "values");
        let said = format!("{}: {values} masked", masked.pattern);
        ui.label(text::small(said).color(t.text3));
    }
}

fn sections_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    ui.add_space(8.0);
    heading(ui, "Sections");
    ui.spacing_mut().item_spacing.y = 0.0;
    for section in ReportSection::ALL {
        if section.is_fixed() {
            continue;
        }
        let is_in = reporting.settings.has(section);
        if checkbox(ui, is_in, section.title()).clicked() {
            edit(view, ReportEdit::Section(section, !is_in));
        }
    }
    ui.spacing_mut().item_spacing.y = 6.0;
}

fn tables_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    let Some(log) = view.log() else { return };
    let named = log.category_names().iter().filter(|name| !name.is_empty());
    let names: Vec<&str> = named.map(|name| &**name).take(MAX_CATEGORIES).collect();
    if names.is_empty() {
        return;
    }
    ui.add_space(8.0);
    heading(ui, "Tables of states");
    ui.spacing_mut().item_spacing.y = 0.0;
    for name in names {
        let tables = &reporting.settings.tables;
        let is_in = tables.iter().any(|table| table.category == name);
        if checkbox(ui, is_in, name).clicked() {
            edit(view, ReportEdit::Table(name.to_owned(), !is_in));
        }
    }
}

/// The numbers that are rolled forward over the period, and a menu of those that can be.
fn rolled_ui(ui: &mut Ui, view: &View<'_>, reporting: &Reporting) {
    let Some(log) = view.log() else { return };
    let known = view.workbench.answers.fields.latest();
    let known = known.map_or(&[][..], Vec::as_slice);
    let rolled = &reporting.settings.rolled;
    if known.is_empty() && rolled.is_empty() {
        return;
    }
    ui.add_space(8.0);
    heading(ui, "Roll-forwards");
    let change = |category: &str, field: &str, is_in: bool| {
        let change = ReportEdit::Rolled(category.to_owned(), field.to_owned(), is_in);
        edit(view, change);
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    for one in rolled {
        let field = one.columns.first().map_or("", String::as_str);
        let name = format!("{field} of {}", one.category);
        if checkbox(ui, true, &format::visible(&name)).clicked() {
            change(&one.category, field, false);
        }
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    let add = button::normal("Add roll-forward")
        .small()
        .icon(icons::ADD)
        .caret();
    menu::menu_button(ui, add, |ui| {
        ScrollArea::vertical().max_height(MENU).show(ui, |ui| {
            for of in known {
                let Some(category) = log.category_names().get(of.category.index()) else {
                    continue;
                };
                let numbers = of.fields.iter().filter(|field| field.is_number);
                for number in numbers.take(MAX_NUMBERS) {
                    let field = number.path.to_string();
                    let is_in = rolled
                        .iter()
                        .any(|one| one.category == **category && one.columns == [field.as_str()]);
                    let name = format!("{field} of {category}");
                    if menu::choice_item(ui, is_in, &format::visible(&name)).clicked() {
                        change(category, &field, !is_in);
                    }
                }
            }
        });
    });
}
