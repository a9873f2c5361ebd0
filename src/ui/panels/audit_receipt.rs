//! Receipts: what the history was on the last visit, one to take along, and one to be held against it.

use egui::{Label, Ui};

use super::audit_checks::icon_of;
use super::audit_copy::{ask, row_ui};
use super::shared::counted;
use super::tile;
use crate::audit::{Audit, CheckResult, Status};
use crate::ui::View;
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::section::section;
use crate::workbench::{AuditEdit, Freshness};

/// Shows the tab in all the space there is.
pub(super) fn receipt_ui(ui: &mut Ui, view: &View<'_>, audit: &Audit) {
    section(ui, "Since the last visit");
    let kept = audit.checks.iter().find(|check| check.id == "receipt");
    match kept {
        Some(check) if check.status != Status::Skipped => verdict_ui(ui, check),
        _ => prose_ui(
            ui,
            "This is the first audit of this file here. What it is now is kept with your data, and \
             held against it next time.",
        ),
    }
    ui.add_space(8.0);
    tile::hairline(ui);
    section(ui, "A receipt to take along");
    let n = audit.receipt.as_ref().map(crate::audit::Receipt::n_events);
    let words = match n {
        Some(n) => format!(
            "It proves later that these {} are still what they were.",
            counted(n, "event", "events")
        ),
        None => "Events could not be read, so that nothing can be proved.".to_owned(),
    };
    prose_ui(ui, &words);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(size::SIDE);
        let save = button::normal("Save receipt\u{2026}").icon(icons::EXPORT);
        let save = save.enabled(n.is_some(), "There is none to be saved.");
        if ui.add(save).clicked() {
            ask(view, AuditEdit::AskReceiptPlace);
        }
        if ui.add(button::quiet("Check a receipt\u{2026}")).clicked() {
            ask(view, AuditEdit::AskReceipt);
        }
    });
    checked_ui(ui, view);
}

/// What the receipt says that was chosen.
fn checked_ui(ui: &mut Ui, view: &View<'_>) {
    let auditing = &view.workbench.auditing;
    let Some(key) = auditing.receipt_key(view.workbench.generation) else {
        return;
    };
    ui.add_space(8.0);
    tile::hairline(ui);
    let name = key.path.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default().into_owned();
    section(ui, &format::visible(&name));
    match auditing.held.for_key(&key) {
        Freshness::Fresh(Ok(answer)) => verdict_ui(ui, &answer.result),
        Freshness::Fresh(Err(why)) => prose_ui(ui, &format!("It could not be used: {why}")),
        Freshness::Stale(_) | Freshness::Missing => prose_ui(ui, "Reading all events\u{2026}"),
    }
}

/// `unchanged`, `appended 12`, `rewritten from #41` and what the receipt covers.
fn verdict_ui(ui: &mut Ui, check: &CheckResult) {
    let t = tokens(ui);
    let (verdict, rest) = check.why.split_once("; ").unwrap_or((&check.why, ""));
    let mut chars = verdict.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    let words = format!("{}{}", first.unwrap_or_default(), chars.as_str());
    let made = check.parameters.iter().find(|(name, _)| name == "made");
    let made = made.map_or("", |(_, made)| made.as_str());
    row_ui(ui, icon_of(t, check.status), &words, (made, t.text3));
    if !rest.is_empty() {
        prose_ui(ui, rest);
    }
}

fn prose_ui(ui: &mut Ui, words: &str) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - size::SIDE);
            ui.add(Label::new(text::row(format::visible(words)).color(t.text2)).wrap());
        });
    });
}
