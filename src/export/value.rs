//! What stands in a column of a table that leaves: its name, what kind of values it has, and a value.

use std::borrow::Cow;

use crate::event::{Timestamp, Zone};

/// What kind of values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Whole,
    /// Exact decimals of up to 38 digits, with so many of them behind the point.
    Decimal(i8),
    /// Texts.
    Text,
    /// Texts of which there are few different ones.
    Names,
    /// Texts of JSON, as written.
    Json,
    /// Moments.
    Time,
    /// Yes or no.
    Flag,
}

/// A column: its name and what kind of values it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: Cow<'static, str>,
    /// The kind of its values; one that does not fit it is left out of a typed form.
    pub kind: Kind,
}

impl Column {
    /// A column of that name.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
        }
    }
}

/// A value in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// There is none.
    Missing,
    /// A whole number.
    Whole(i64),
    /// A number with the digits with which it was written.
    Number(Cow<'a, str>),
    /// A text, or JSON in a column of JSON.
    Text(Cow<'a, str>),
    /// A moment, with the number of fraction digits that its source has.
    Time(Timestamp, u8),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Value<'a> {
    /// A text, where there is one.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, |text| Self::Text(text.into()))
    }

    /// A whole number, where there is one.
    pub fn whole(number: Option<i64>) -> Self {
        number.map_or(Self::Missing, Self::Whole)
    }

    /// A moment, where there is one.
    pub fn time(time: Option<(Timestamp, u8)>) -> Self {
        time.map_or(Self::Missing, |(time, digits)| Self::Time(time, digits))
    }

    /// The value as it is written into text; `None` where there is none. Times stand in `zone`.
    pub fn written(&self, zone: Zone) -> Option<Cow<'_, str>> {
        match self {
            Self::Missing => None,
            Self::Whole(number) => Some(number.to_string().into()),
            Self::Number(text) | Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Time(time, digits) => Some(moment(*time, *digits, zone).into()),
            Self::Flag(is_so) => Some(if *is_so { "true" } else { "false" }.into()),
        }
    }
}

/// A moment as RFC 3339 on the clock of a zone; in UTC where the zone was off by odd seconds, as zones
/// were before 1900, for which RFC 3339 has no words.
fn moment(time: Timestamp, digits: u8, zone: Zone) -> String {
    if zone == Zone::Utc || zone.offset_secs(time) % 60 != 0 {
        return time.rfc3339(digits);
    }
    let mut text = zone.wall(time).date_time('T', digits);
    text.push_str(&zone.label(time));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_in_a_zone_is_the_same_moment() {
        let read = Timestamp::parse("2024-03-01T08:00:00.10Z").unwrap();
        let value = Value::Time(read.time, read.digits);
        assert_eq!(value.written(Zone::Utc).unwrap(), "2024-03-01T08:00:00.10Z");
        let paris = Zone::parse("Europe/Paris").unwrap();
        let text = value.written(paris).unwrap();
        assert_eq!(text, "2024-03-01T09:00:00.10+01:00");
        let again = Timestamp::parse(&text).unwrap();
        assert_eq!((again.time, again.digits), (read.time, read.digits));
    }
}
