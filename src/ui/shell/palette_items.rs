//! What the palette finds: places, streams, types and commands that fit a text, in fixed groups.

use crate::event::json::JsonPath;
use crate::event::{StreamId, Timestamp, TypeId};
use crate::history::EventLog;
use crate::query::{Filter, Question};
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::theme::icons::{self, Icon};
use crate::workbench::{ACTIONS, Action, CategoryFields, ProjectEdit, ScriptText, StateField};

/// So many of a group are shown.
const MOST: usize = 6;

/// A row of the palette.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The group it stands in.
    pub(super) group: &'static str,
    /// Its icon.
    pub(super) icon: Icon,
    /// What it is.
    pub(super) words: String,
    /// More about it.
    pub(super) note: String,
    /// The key that does the same.
    pub(super) key: String,
    /// What it does.
    pub(super) action: Action,
}

/// Everything that fits `text`: questions and plots first, then places, streams, fields, types,
/// projections, commands. Returns how many there are in all, those not shown included.
pub(super) fn find(text: &str, view: &View<'_>, wall: Timestamp) -> (Vec<Item>, usize) {
    let to_compare = compared(text.trim_start());
    let text = text.trim();
    let (only, needle) = match text.chars().next() {
        Some('>') => (Only::Commands, text[1..].trim()),
        Some('#' | '@') => (Only::Places, text),
        Some('?') => (Only::Questions, text[1..].trim()),
        Some(':') => (Only::Filters, text[1..].trim()),
        _ => match to_compare {
            Some(needle) => (Only::Compared, needle),
            None => (Only::All, text),
        },
    };
    let mut items = Vec::new();
    let mut total = 0;
    if matches!(only, Only::Questions | Only::Filters) {
        let total = asked(needle, view, only, &mut items);
        return (items, total);
    }
    if only == Only::Compared {
        let total = streams(needle, view, only, &mut items);
        return (items, total);
    }
    if only == Only::All {
        total += asked(needle, view, Only::Questions, &mut items);
        total += questions(needle, view, &mut items);
    }
    if only != Only::Commands {
        total += place(needle, view, wall, &mut items);
    }
    if only == Only::All {
        total += plots(needle, view, &mut items);
        total += streams(needle, view, only, &mut items);
        total += fields(needle, view, &mut items);
        total += types(needle, view, &mut items);
        total += projections(needle, view, &mut items);
        total += bookmarks(needle, view, &mut items);
        total += findings(needle, view, &mut items);
    }
    if only != Only::Places {
        total += commands(needle, view, only == Only::Commands, &mut items);
    }
    in_order(&mut items, needle);
    (items, total)
}

/// Puts the groups in their order: exact places and streams first, then always the same.
fn in_order(items: &mut [Item], needle: &str) {
    let is_exact = |item: &&Item| item.group == "Streams" && item.words == needle;
    let has_exact = items.iter().find(is_exact).is_some();
    let place = |group: &str| match group {
        "Places" => 0,
        "Streams" if has_exact => 1,
        "Ask" => 2,
        "Streams" => 3,
        "Fields" => 4,
        "Types" => 5,
        "Projections" => 6,
        "Commands" => 7,
        _ => 8,
    };
    items.sort_by_key(|item| place(item.group));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Commands,
    Places,
    Questions,
    Filters,
    Compared,
}

/// What follows `compare`: the stream with which the state shown is to be compared.
fn compared(text: &str) -> Option<&str> {
    let (word, rest) = text.split_once(' ')?;
    word.eq_ignore_ascii_case("compare").then(|| rest.trim())
}

/// The question or the filter that the text is, where it can be read as one.
fn asked(needle: &str, view: &View<'_>, only: Only, items: &mut Vec<Item>) -> usize {
    if view.log().is_none() || needle.is_empty() {
        return 0;
    }
    let (group, icon, action, note) = match only {
        Only::Filters if Filter::parse(needle).is_ok() => {
            let action = Action::SetFilter(needle.to_owned());
            ("Filter", icons::FILTER, action, "Show only these events")
        }
        Only::Questions if Question::parse(needle).is_ok() => {
            let action = Action::Ask(needle.to_owned());
            ("Ask", icons::TIME_TRAVEL, action, "When did it become so")
        }
        _ => return 0,
    };
    items.push(Item {
        group,
        icon,
        words: format::visible(needle).into_owned(),
        note: note.to_owned(),
        key: String::new(),
        action,
    });
    1
}

/// The place that the text means, where it means one.
fn place(text: &str, view: &View<'_>, wall: Timestamp, items: &mut Vec<Item>) -> usize {
    if text.is_empty() {
        return 0;
    }
    let found = view.workbench.find(text, wall);
    super::go_to::look_for_id(view, text, &found);
    let (Ok(target), Some(log)) = (found, view.log()) else {
        return elsewhere(text, view, items);
    };
    // A mere name is found among the streams.
    if target
        .stream
        .is_some_and(|stream| log.stream_name(stream).starts_with(text))
    {
        return 0;
    }
    let stream = log.stream_name(log.stream(target.position));
    let time = log.time(target.position).map_or_else(String::new, |time| {
        let zone = view.look().zone;
        format!(
            ", {} {}",
            zone.wall(time).date_time(' ', 0),
            zone.label(time)
        )
    });
    items.push(Item {
        group: "Places",
        icon: if text.starts_with('#') {
            icons::LANES
        } else {
            icons::TIME_TRAVEL
        },
        words: format::position(u64::from(target.position.0)),
        note: format!(
            "{}, {}{time}",
            log.type_name(log.event_type(target.position)),
            format::visible(stream)
        ),
        key: String::new(),
        action: Action::GoTo(text.to_owned()),
    });
    1
}

/// The place in another file that a reference such as `shop-events.db#861204` means, where that was
/// opened before.
fn elsewhere(text: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some((name, position)) = text.rsplit_once('#') else {
        return 0;
    };
    let is_named = |path: &std::path::Path| path.file_name().is_some_and(|known| *known == *name);
    let file = view.recent.iter().find(|file| is_named(&file.path));
    let Some((file, at)) = file.zip(position.replace(',', "").parse::<u32>().ok()) else {
        return 0;
    };
    let mut reference = file.path.clone().into_os_string();
    reference.push(format!("#{at}"));
    items.push(Item {
        group: "Places",
        icon: icons::OPEN,
        words: format!(
            "{} in {}",
            format::position(u64::from(at)),
            format::visible(name)
        ),
        note: "Opens this file there".to_owned(),
        key: String::new(),
        action: Action::OpenPath(reference.into()),
    });
    1
}

fn streams(needle: &str, view: &View<'_>, only: Only, items: &mut Vec<Item>) -> usize {
    let Some(log) = view.log() else { return 0 };
    if needle.is_empty() && only != Only::Compared {
        return 0;
    }
    let shown = view.workbench.stream_shown();
    let category = view.workbench.category_shown();
    let fits = |stream: &StreamId| match only {
        // Those alike are offered before anything is typed.
        Only::Compared if needle.is_empty() => {
            Some(*stream) != shown && Some(log.stream_info(*stream).category) == category
        }
        Only::Compared if Some(*stream) == shown => false,
        _ => rank(log.stream_name(*stream), needle).is_some(),
    };
    let mut found: Vec<StreamId> = log.streams().filter(fits).collect();
    let total = found.len();
    let order = |stream: &StreamId| {
        let name = log.stream_name(*stream);
        (rank(name, needle), name.len(), name.to_owned())
    };
    if found.len() > MOST {
        found.select_nth_unstable_by_key(MOST - 1, order);
        found.truncate(MOST);
    }
    found.sort_by_key(order);
    items.extend(found.into_iter().map(|stream| {
        let n_events = log.events_of(stream).len();
        let noun = if n_events == 1 { "event" } else { "events" };
        Item {
            group: if only == Only::Compared {
                "Compare with"
            } else {
                "Streams"
            },
            icon: icons::STORE,
            words: format::visible(log.stream_name(stream)).into_owned(),
            note: format!(
                "{}, {} {noun}",
                log.category_of(stream),
                format::count(n_events as u64)
            ),
            key: String::new(),
            action: if only == Only::Compared {
                Action::CompareWith(stream)
            } else {
                Action::GoTo(log.stream_name(stream).to_owned())
            },
        }
    }));
    total
}

/// A field with the category that has it, and how well it fits.
type FoundField<'a> = (u8, &'a CategoryFields, &'a JsonPath);

/// The fields of states or payloads that fit, best first; numbers before others where only those can be plotted.
fn fitting<'a>(
    needle: &str,
    view: &View<'a>,
    only_numbers: bool,
    fields_of: fn(&CategoryFields) -> &[StateField],
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

/// What `plot FIELD` plots: the field of all streams of a category, as a sum of changes a day.
fn plots(text: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some(needle) = text.strip_prefix("plot ").map(str::trim) else {
        return 0;
    };
    let Some(log) = view.log().filter(|_| !needle.is_empty()) else {
        return 0;
    };
    let (needle, is_payload) = match needle.strip_prefix("data.") {
        Some(needle) => (needle, true),
        None => (needle, false),
    };
    if is_payload {
        return payload_plots(needle, view, log, items);
    }
    let found = fitting(needle, view, true, |of| &of.fields);
    let total = found.len();
    items.extend(found.into_iter().take(MOST).map(|(_, of, path)| {
        let category = log.category_names().get(of.category.index());
        Item {
            group: "Ask",
            icon: icons::PROJECTIONS,
            words: format!("plot {}", format::visible(&path.to_string())),
            note: format!(
                "{}, sum of changes by day",
                format::visible(category.map_or("", |name| name))
            ),
            key: String::new(),
            action: Action::PlotStates(of.category, path.clone()),
        }
    }));
    total
}

/// What `plot data.FIELD` plots: the field of all payloads of a category, their sum by day.
fn payload_plots(needle: &str, view: &View<'_>, log: &EventLog, items: &mut Vec<Item>) -> usize {
    let found = fitting(needle, view, true, |of| &of.of_payloads);
    let total = found.len();
    items.extend(found.into_iter().take(MOST).map(|(_, of, path)| {
        let category = log.category_names().get(of.category.index());
        let category = format::visible(category.map_or("", |name| name)).into_owned();
        Item {
            group: "Ask",
            icon: icons::PROJECTIONS,
            words: format!("plot data.{}", format::visible(&path.to_string())),
            note: format!("payloads of {category}, sum by day"),
            key: String::new(),
            action: Action::PlotPayloads(of.category, path.clone()),
        }
    }));
    total
}

/// What can be asked about the field of the stream shown that fits best.
fn questions(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let here = view.workbench.category_shown();
    let Some((stream, log)) = view.workbench.stream_shown().zip(view.log()) else {
        return 0;
    };
    if needle.len() < 2 {
        return 0;
    }
    let found = fitting(needle, view, false, |of| &of.fields).into_iter();
    let mut found = found.filter(|(_, of, _)| Some(of.category) == here);
    let Some((_, _, path)) = found.next() else {
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

fn fields(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some(log) = view.log().filter(|_| needle.len() > 1) else {
        return 0;
    };
    let found = fitting(needle, view, false, |of| &of.fields);
    let total = found.len();
    items.extend(found.into_iter().take(MOST).map(|(_, of, path)| {
        let category = log.category_names().get(of.category.index());
        Item {
            group: "Fields",
            icon: icons::STEP_PLOT,
            words: format::visible(&path.to_string()).into_owned(),
            note: format!(
                "{}, plot it over time",
                format::visible(category.map_or("", |name| name))
            ),
            key: String::new(),
            action: Action::PlotStates(of.category, path.clone()),
        }
    }));
    total
}

/// The scripts of the workspace.
fn projections(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    if needle.is_empty() || view.log().is_none() {
        return 0;
    }
    let scripts = view.workbench.projecting.scripts.iter();
    let mut found: Vec<(u8, &ScriptText)> = scripts
        .filter_map(|script| Some((rank(&script.name, needle)?, script)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let total = found.len();
    items.extend(found.into_iter().take(MOST).map(|(_, script)| Item {
        group: "Projections",
        icon: icons::PROJECTIONS,
        words: format::visible(&script.name).into_owned(),
        note: "show this script".to_owned(),
        key: String::new(),
        action: Action::Project(Box::new(ProjectEdit::Show(script.id))),
    }));
    total
}

/// The places that are kept under a name, and the notes.
fn bookmarks(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    if needle.is_empty() || view.log().is_none() {
        return 0;
    }
    let look = view.look();
    let bookmarks = look.bookmarks.iter().enumerate();
    let bookmarks = bookmarks.filter_map(|(nr, one)| {
        let item = (one.name.as_str(), one.position, Action::GoToBookmark(nr));
        Some((rank(&one.name, needle)?, item))
    });
    let notes = look.notes.iter().filter_map(|note| {
        let item = (
            note.text.as_str(),
            note.position,
            Action::SelectEvent(note.position),
        );
        Some((rank(&note.text, needle)?, item))
    });
    let mut found: Vec<_> = bookmarks.chain(notes).collect();
    found.sort_by_key(|(rank, _)| *rank);
    let total = found.len();
    let found = found.into_iter().take(MOST);
    items.extend(found.map(|(_, (words, position, action))| Item {
        group: "Bookmarks and notes",
        icon: icons::BOOKMARK,
        words: format::visible(words).into_owned(),
        note: format::position(u64::from(position.0)),
        key: String::new(),
        action,
    }));
    total
}

/// What the audit found.
fn findings(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let audit = view.workbench.answers.audit.latest();
    let (Some(Ok(audit)), false) = (audit, needle.is_empty()) else {
        return 0;
    };
    let all = audit.findings.iter().enumerate();
    let mut found: Vec<(u8, usize)> = all
        .filter_map(|(nr, one)| Some((rank(&one.message, needle)?, nr)))
        .collect();
    found.sort_unstable();
    let total = found.len();
    items.extend(found.into_iter().take(MOST).filter_map(|(_, nr)| {
        let one = audit.findings.get(nr)?;
        let at = one.position.map(|at| format::position(u64::from(at)));
        Some(Item {
            group: "Findings",
            icon: icons::WARNING,
            words: format::visible(&one.message).into_owned(),
            note: at.unwrap_or_default(),
            key: String::new(),
            action: Action::GoToFinding(nr),
        })
    }));
    total
}

fn types(needle: &str, view: &View<'_>, items: &mut Vec<Item>) -> usize {
    let Some(log) = view.log() else { return 0 };
    if needle.is_empty() {
        return 0;
    }
    let names = log.type_names().iter().enumerate();
    let mut found: Vec<(u8, &str, usize)> = names
        .filter_map(|(id, name)| Some((rank(name, needle)?, name.as_ref(), id)))
        .collect();
    found.sort_unstable();
    let total = found.len();
    items.extend(found.into_iter().take(MOST).filter_map(|(_, name, id)| {
        Some(Item {
            group: "Types",
            icon: icons::LANES,
            words: format::visible(name).into_owned(),
            note: format!(
                "{} events",
                format::count(log.type_counts().get(id).copied().unwrap_or(0))
            ),
            key: String::new(),
            action: Action::SelectType(Some(TypeId(u32::try_from(id).ok()?))),
        })
    }));
    total
}

fn commands(needle: &str, view: &View<'_>, all: bool, items: &mut Vec<Item>) -> usize {
    let is_open = view.history().is_some();
    let most = if all || needle.is_empty() {
        ACTIONS.len()
    } else {
        MOST
    };
    let mut found: Vec<(u8, usize)> = ACTIONS
        .iter()
        .enumerate()
        .filter(|(_, row)| is_open || works_closed(&row.action))
        .filter(|(_, row)| row.action != Action::TogglePalette)
        .filter_map(|(nr, row)| {
            let by_name = rank(row.name, needle);
            let by_help = rank(row.help, needle).map(|rank| rank + 10);
            Some((by_name.or(by_help)?, nr))
        })
        .collect();
    found.sort_unstable();
    let total = found.len();
    items.extend(found.into_iter().take(most).filter_map(|(_, nr)| {
        let row = ACTIONS.get(nr)?;
        Some(Item {
            group: "Commands",
            icon: icons::FOLDED,
            words: row.name.to_owned(),
            note: row.help.to_owned(),
            key: view.key_of(&row.action).to_owned(),
            action: row.action.clone(),
        })
    }));
    total
}

/// Whether an action makes sense while nothing is open.
fn works_closed(action: &Action) -> bool {
    matches!(
        action,
        Action::OpenDialog
            | Action::OpenSample
            | Action::CancelOpening
            | Action::StopWork
            | Action::Quit
            | Action::CycleTheme
            | Action::ToggleShortcuts
    )
}

/// How well a name fits, best first: exactly, at its beginning, at the beginning of a word, anywhere.
fn rank(name: &str, needle: &str) -> Option<u8> {
    if needle.is_empty() {
        return Some(0);
    }
    if name.len() < needle.len() {
        return None;
    }
    let at = find_ignoring_case(name, needle)?;
    let before = name[..at].chars().next_back();
    Some(match before {
        None if name.len() == needle.len() => 0,
        None => 1,
        Some(before) if !before.is_alphanumeric() => 2,
        Some(_) => 3,
    })
}

/// Where `needle` stands in `name`, ASCII letters compared without case.
pub(super) fn find_ignoring_case(name: &str, needle: &str) -> Option<usize> {
    let (name_bytes, needle_bytes) = (name.as_bytes(), needle.as_bytes());
    (0..=name_bytes.len().checked_sub(needle_bytes.len())?).find(|at| {
        name.is_char_boundary(*at)
            && name_bytes[*at..*at + needle_bytes.len()].eq_ignore_ascii_case(needle_bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_come_first_and_case_does_not_matter() {
        assert_eq!(rank("order-1220", "order-1220"), Some(0));
        assert_eq!(rank("order-12201", "ORDER-1220"), Some(1));
        assert_eq!(rank("order-1220", "1220"), Some(2));
        assert_eq!(rank("reorder", "order"), Some(3));
        assert_eq!(rank("cart", "order"), None);
        assert_eq!(
            find_ignoring_case("Zoë-Ä", "ä"),
            None,
            "only ASCII letters are folded"
        );
    }
}
