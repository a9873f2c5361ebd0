//! Times and sentences as a report writes them.

use crate::event::{Timestamp, Zone};

/// Date and time on the zone's wall clock, to the second.
pub(super) fn moment(time: Timestamp, zone: Zone) -> String {
    let text = zone.wall(time).date_time(' ', 0);
    match zone {
        Zone::Utc => text,
        Zone::Local | Zone::Named(_) => format!("{text} {}", zone.label(time)),
    }
}

/// The text with a capital at its head.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}
