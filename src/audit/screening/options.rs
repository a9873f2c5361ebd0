//! What a screening takes for usual.

use crate::event::{Decimal, Zone};

/// The parameters of a screening; all of them stand in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreeningOptions {
    /// The hours of business on Monday to Friday: from the first, up to and without the second.
    pub hours: (u8, u8),
    /// The zone of their clock.
    pub zone: Zone,
    /// A limit just under which amounts may have been kept; without one that is not looked at.
    pub limit: Option<Decimal>,
}

impl Default for ScreeningOptions {
    fn default() -> Self {
        Self {
            hours: (7, 19),
            zone: Zone::Utc,
            limit: None,
        }
    }
}

impl ScreeningOptions {
    /// Reads hours as `7-19`; the error says how to write them.
    pub fn read_hours(text: &str) -> Result<(u8, u8), String> {
        let hours = text.split_once('-').and_then(|(from, to)| {
            let hour = |text: &str| text.trim().parse::<u8>().ok().filter(|hour| *hour <= 24);
            Some((hour(from)?, hour(to)?))
        });
        let hours = hours.filter(|(from, to)| from < to);
        hours.ok_or_else(|| "write hours as 7-19".to_owned())
    }
}
