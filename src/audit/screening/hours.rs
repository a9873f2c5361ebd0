//! Events come in business hours (A1), by who recorded them.

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted};
use super::options::ScreeningOptions;
use crate::event::{EventDetail, Position, Severity, Timestamp, Want, Zone};

/// How many users are told apart; further ones count together.
const MAX_USERS: usize = 10_000;
/// How many of them are listed.
const LISTED: usize = 20;

/// Counts events outside business hours.
pub(super) struct Hours {
    open: (u8, u8),
    zone: Zone,
    n_timed: u64,
    /// For each user how many events there are, how many outside, and the first of these.
    users: BTreeMap<Box<str>, (u64, u64, Option<Position>)>,
}

impl Hours {
    pub(super) fn new(options: &ScreeningOptions) -> Self {
        Self {
            open: options.hours,
            zone: options.zone,
            n_timed: 0,
            users: BTreeMap::new(),
        }
    }

    fn is_outside(&self, time: Timestamp) -> bool {
        const HOUR: i64 = 3_600_000_000_000;
        let wall = self.zone.wall(time).0;
        // 1970-01-01 was a Thursday, the fourth day of its week.
        let day = (wall.div_euclid(24 * HOUR) + 3).rem_euclid(7);
        let hour = wall.rem_euclid(24 * HOUR) / HOUR;
        day >= 5 || hour < i64::from(self.open.0) || hour >= i64::from(self.open.1)
    }
}

impl Check for Hours {
    fn id(&self) -> &'static str {
        "screening-hours"
    }

    fn title(&self) -> &'static str {
        "Screening: events come in business hours"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let Some(time) = scene.history.log.time(position) else {
            return;
        };
        self.n_timed += 1;
        let is_outside = self.is_outside(time);
        let user = detail.user.as_deref().unwrap_or_default();
        let is_full = self.users.len() >= MAX_USERS && !self.users.contains_key(user);
        let user = if is_full { "" } else { user };
        if !self.users.contains_key(user) {
            self.users.insert(user.into(), (0, 0, None));
        }
        if let Some((n, n_outside, first)) = self.users.get_mut(user) {
            *n += 1;
            if is_outside {
                *n_outside += 1;
                first.get_or_insert(position);
            }
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let (from, to) = self.open;
        found.parameter("hours", format!("Monday to Friday, {from}:00 to {to}:00"));
        let zone = match self.zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => "local time".to_owned(),
            Zone::Named(zone) => zone.to_string(),
        };
        found.parameter("zone", zone);
        if self.n_timed == 0 {
            found.skip("no event has a time");
            return;
        }
        let n_outside: u64 = self.users.values().map(|user| user.1).sum();
        let group = format!(
            "{} of {} outside business hours",
            count(n_outside),
            counted(self.n_timed, "event")
        );
        let mut users: Vec<_> = std::mem::take(&mut self.users).into_iter().collect();
        users.sort_by_key(|(_, user)| std::cmp::Reverse(user.1));
        let outside = users.into_iter().filter(|(_, user)| user.1 > 0);
        let outside: Vec<_> = outside.collect();
        for (user, (n, n_outside, first)) in outside.iter().take(LISTED) {
            let Some(first) = first else { continue };
            found.add(Severity::Info, |finding| {
                let who = if user.is_empty() {
                    "Nobody in particular".to_owned()
                } else {
                    user.to_string()
                };
                let said = format!("{who}: {} of {}", count(*n_outside), counted(*n, "event"));
                finding
                    .at(scene, *first)
                    .says(said)
                    .counts(*n_outside)
                    .grouped(group.clone())
            });
        }
        let n_more = outside.len().saturating_sub(LISTED) as u64;
        found.add_uncounted(Severity::Info, n_more);
        found.covered(counted(self.n_timed, "time"));
    }
}
