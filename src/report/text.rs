//! Times as a report writes them.

use crate::event::{Timestamp, Zone};

/// Date and time on the zone's wall clock, to the second.
pub(super) fn moment(time: Timestamp, zone: Zone) -> String {
    let text = zone.wall(time).date_time(' ', 0);
    match zone {
        Zone::Utc => text,
        Zone::Local | Zone::Named(_) => format!("{text} {}", zone.label(time)),
    }
}
