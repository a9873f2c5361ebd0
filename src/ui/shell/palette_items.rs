//! What the palette finds: places, streams, types and commands that fit a text, in fixed groups.

use crate::event::{StreamId, Timestamp, TypeId};
use crate::query::{Filter, Question};
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::theme::icons::{self, Icon};
use crate::workbench::{ACTIONS, Action, ProjectEdit, ScriptText};

use super::palette_fields::{deeds, fields, plots, questions};
use super::palette_places::place;
use super::palette_rank::rank;

/// So many of a group are shown.
pub(super) const MOST: usize = 6;

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
        total += deeds(needle, view, &mut items);
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
