//! The places that a text typed into the palette means: in the history, or in a file that was open before.

use crate::event::Timestamp;
use crate::ui::View;
use crate::ui::theme::{format, icons};
use crate::workbench::Action;

use super::palette_items::Item;

/// The place that the text means, where it means one.
pub(super) fn place(text: &str, view: &View<'_>, wall: Timestamp, items: &mut Vec<Item>) -> usize {
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
