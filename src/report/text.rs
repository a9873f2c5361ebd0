//! Numbers and times as a report writes them.

use crate::event::{Timestamp, Zone};

/// A count in comma groups: `1,204,417`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun, which takes an `s` where there is not exactly one.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let end = match (number, noun) {
        (1, _) => noun.to_owned(),
        (_, "category") => "categories".to_owned(),
        _ => format!("{noun}s"),
    };
    format!("{} {end}", count(number))
}

/// Date and time on the zone's wall clock, to the second.
pub(super) fn moment(time: Timestamp, zone: Zone) -> String {
    let text = zone.wall(time).date_time(' ', 0);
    match zone {
        Zone::Utc => text,
        Zone::Local | Zone::Named(_) => format!("{text} {}", zone.label(time)),
    }
}
