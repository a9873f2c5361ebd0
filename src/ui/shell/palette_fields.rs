//! The fields of states and payloads in the palette: to be plotted, to be asked about.

use crate::event::json::JsonPath;
use crate::ui::View;
use crate::ui::theme::{format, icons};
use crate::workbench::{Action, CategoryFields, StateField};

use super::palette_items::{Item, MOST};
use super::palette_rank::rank;

/// A field with the category that has it, and how well it fits.
type FoundField<'a> = (u8, &'a CategoryFields, &'a JsonPath);

/// Which fields of a category are meant: of its states, or of its payloads.
type FieldsOf = fn(&CategoryFields) -> &[StateField];

const OF_STATES: FieldsOf = |of| &of.fields;
const OF_PAYLOADS: FieldsOf = |of| &of.of_payloads;

/// The fields of states or payloads that fit, best first; numbers before others where only those can be plotted.
fn fitting<'a>(
    needle: &str,
    view: &View<'a>,
    only_numbers: bool,
    fields_of: FieldsOf,
) -> Vec<FoundField<'a>> {
    let Some(known) = view.workbench.answers.fields.latest() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for category in known {
        let fields = fields_of(category).iter();
        let fields = fields.filter(|field| field.is_number || !only_numbers);
        found.extend(fields.filter_map(|field| {
            let name = field.path.to_string();
            Some((rank(&name, needle)?, category, &field.path))
        }));
    }
    found.sort_by_key(|(rank, category, path)| {
        (*rank, path.0.len(), std::cmp::Reverse(category.n_events))
    });
    found
}

/// Lists what was found, each as `item` says by the field and the names of field and category; returns how much it was.
fn list(
    found: &[FoundField<'_>],
    view: &View<'_>,
    items: &mut Vec<Item>,
    item: impl Fn(&FoundField<'_>, &str, &str) -> Item,
) -> usize {
    let Some(log) = view.log() else { return 0 };
    let total = found.len();
    items.extend(found.iter().take(MOST).map(|one| {
        let category = log.category_names().get(one.1.category.index());
        let category = format::visible(category.map_or("", |name| name));
        item(one, &format::visible(&one.2.to_string()), &category)
    }));
    total
}

/// What `plot FIELD` plots: the field of all streams of a category, as a sum of changes a day. With `data.`
/// before it: the field of all payloads of a category, their sum by day.
pub(super) fn plots(text: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some(needle) = text.strip_prefix("plot ").map(str::trim) else {
        return 0;
    };
    let item = |words, note, action| Item {
        group: "Ask",
        icon: icons::PROJECTIONS,
        words,
        note,
        key: String::new(),
        action,
    };
    if let Some(needle) = needle.strip_prefix("data.") {
        let found = fitting(needle, view, true, OF_PAYLOADS);
        return list(&found, view, items, |(_, of, path), field, category| {
            item(
                format!("plot data.{field}"),
                format!("payloads of {category}, sum by day"),
                Action::PlotPayloads(of.category, (*path).clone()),
            )
        });
    }
    if needle.is_empty() {
        return 0;
    }
    let found = fitting(needle, view, true, OF_STATES);
    list(&found, view, items, |(_, of, path), field, category| {
        item(
            format!("plot {field}"),
            format!("{category}, sum of changes by day"),
            Action::PlotStates(of.category, (*path).clone()),
        )
    })
}

/// The fields of states whose name fits, to be plotted.
pub(super) fn fields(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    if needle.len() < 2 {
        return 0;
    }
    let found = fitting(needle, view, false, OF_STATES);
    list(&found, view, items, |(_, of, path), field, category| Item {
        group: "Fields",
        icon: icons::STEP_PLOT,
        words: format!("{category}.{field}"),
        note: "plot it over time".to_owned(),
        key: String::new(),
        action: Action::PlotStates(of.category, (*path).clone()),
    })
}

/// The field of the stream shown that fits best.
fn field_here<'a>(needle: &str, view: &View<'a>) -> Option<&'a JsonPath> {
    let here = view.workbench.category_shown().filter(|_| needle.len() > 1);
    let found = fitting(needle, view, false, OF_STATES).into_iter();
    let mut found = found.filter(|(_, of, _)| Some(of.category) == here);
    found.next().map(|(_, _, path)| path)
}

/// What can be done with a field: that of the stream shown gets a lane, events whose payload has it are shown
/// alone.
pub(super) fn deeds(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let before = items.len();
    if let Some(path) = field_here(needle, view) {
        let pin = Action::PinField(path.clone());
        items.push(Item {
            group: "Commands",
            icon: icons::PIN,
            words: format!("Pin {} as a lane", format::visible(&path.to_string())),
            note: String::new(),
            key: String::new(),
            action: pin,
        });
    }
    let of_payloads = fitting(needle, view, false, OF_PAYLOADS);
    if let Some((_, of, path)) = of_payloads.first().filter(|_| needle.len() > 1) {
        let name = path.to_string();
        let category = view.log().and_then(|log| {
            let name = log.category_names().get(of.category.index())?;
            Some(format::visible(name).into_owned())
        });
        items.push(Item {
            group: "Events",
            icon: icons::LANES,
            words: format!("Events with {} in data", format::visible(&name)),
            note: category.unwrap_or_default(),
            key: String::new(),
            action: Action::SetFilter(format!("has:data.{name}")),
        });
    }
    items.len() - before
}

/// What can be asked about the field of the stream shown that fits best.
pub(super) fn questions(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some((stream, log)) = view.workbench.stream_shown().zip(view.log()) else {
        return 0;
    };
    let Some(path) = field_here(needle, view) else {
        return 0;
    };
    let name = path.to_string();
    let asked = [
        (
            format!("When did {name} become\u{2026}"),
            Action::AskQuestionAbout(format!("{name} ")),
        ),
        (
            format!("When did {name} change"),
            Action::Ask(format!("{name} changes")),
        ),
        (
            format!("Which event set {name}"),
            Action::GoToSetter(path.clone()),
        ),
    ];
    let n_asked = asked.len();
    items.extend(asked.into_iter().map(|(words, action)| Item {
        group: "Ask",
        icon: icons::HELP,
        words: format::visible(&words).into_owned(),
        note: format::visible(log.stream_name(stream)).into_owned(),
        key: String::new(),
        action,
    }));
    n_asked
}
