//! Numbers, durations, sizes and identifiers as the screen shows them.
//!
//! Exports use plain numbers and full identifiers; nothing here is meant for files.
//! Points in time are formatted where the time zone is known, not here.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// The minus sign of the screen, U+2212: as wide as a plus, unlike a hyphen.
pub const MINUS: char = '\u{2212}';
/// What stands for "does not apply".
pub const NOT_APPLICABLE: &str = "—";

/// A count with commas: `1,204,417`.
#[must_use]
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A count for narrow places: `9,806`, `391 k`, `1.2 M`, `31 G`.
#[must_use]
pub fn compact(n: u64) -> String {
    if n < 10_000 {
        return count(n);
    }
    for (unit, name) in [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G")] {
        if rounded(n, unit) < 1_000 {
            return format!("{} {name}", two_digits(n, unit));
        }
    }
    format!("{} G", count(rounded(n, 1_000_000_000)))
}

/// A position in running text: `#861,204`.
#[must_use]
pub fn position(n: u64) -> String {
    format!("#{}", count(n))
}

/// A version in running text: `v7`.
#[must_use]
pub fn version(n: u64) -> String {
    format!("v{}", count(n))
}

/// A length of time: one unit under a minute, else two: `27 ms`, `3.5 s`, `1 m 38 s`, `9 d 14 h`.
#[must_use]
pub fn duration(nanos: i64) -> String {
    signed(nanos, |n| match n {
        _ if rounded(n, SECOND) < 60 => under_a_minute(n),
        _ if rounded(n, SECOND) < 3_600 => two_units(rounded(n, SECOND), 60, "m", "s"),
        _ if rounded(n, MINUTE) < 24 * 60 => two_units(rounded(n, MINUTE), 60, "h", "m"),
        _ if rounded(n, HOUR) < 100 * 24 => two_units(rounded(n, HOUR), 24, "d", "h"),
        _ => format!("{} d", count(rounded(n, DAY))),
    })
}

/// A length of time in one unit, for rulers and other tight places: `36 s`, `1.6 m`, `22.4 h`.
#[must_use]
pub fn duration_short(nanos: i64) -> String {
    signed(nanos, |n| match n {
        _ if rounded(n, SECOND) < 60 => under_a_minute(n),
        _ if rounded(n, MINUTE) < 60 => format!("{} m", tenths(n, MINUTE)),
        _ if rounded(n, HOUR) < 48 => format!("{} h", tenths(n, HOUR)),
        _ if rounded(n, DAY) < 100 => format!("{} d", tenths(n, DAY)),
        _ => format!("{} d", count(rounded(n, DAY))),
    })
}

/// A size for evidence, to the byte: `612,483,072 B`.
#[must_use]
pub fn bytes_exact(n: u64) -> String {
    format!("{} B", count(n))
}

/// A size in two digits: `214 B`, `4.1 kB`, `41 MB`.
#[must_use]
pub fn bytes(n: u64) -> String {
    if n < 1_000 {
        return format!("{n} B");
    }
    let units = [
        (1_000, "kB"),
        (1_000_000, "MB"),
        (1_000_000_000, "GB"),
        (1_000_000_000_000, "TB"),
    ];
    for (unit, name) in units {
        if rounded(n, unit) < 1_000 {
            return format!("{} {name}", two_digits(n, unit));
        }
    }
    format!("{} TB", count(rounded(n, 1_000_000_000_000)))
}

/// A part of a whole: `63%`, under one percent `0.4%`. Only the whole is `100%`, only nothing `0%`.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0%".to_owned();
    }
    let per_mille = u128::from(part) * 1_000 / u128::from(whole);
    match per_mille {
        0 => "<0.1%".to_owned(),
        1..10 => format!("0.{per_mille}%"),
        _ => {
            let percent = (u128::from(part) * 200 / u128::from(whole)).div_ceil(2);
            let percent = if part < whole {
                percent.min(99)
            } else {
                percent
            };
            format!("{percent}%")
        }
    }
}

/// An identifier, shortened in the middle: `8c41e0b7…d29f`. Copy the whole one.
#[must_use]
pub fn id(text: &str) -> Cow<'_, str> {
    shortened(text, 8, 4)
}

/// A hash, shortened in the middle: `9f2c61ab04d7e3b8…5e92f03b`. Reports print it in full.
#[must_use]
pub fn hash(text: &str) -> Cow<'_, str> {
    shortened(text, 16, 8)
}

/// A number exactly as it is stored, only with the screen's minus sign.
#[must_use]
pub fn amount(stored: &str) -> Cow<'_, str> {
    match stored.strip_prefix('-') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            Cow::Owned(format!("{MINUS}{rest}"))
        }
        _ => Cow::Borrowed(stored),
    }
}

/// Text with everything made visible that would hide, move or reorder other text:
/// control, zero-width and bidirectional characters become escapes such as `\n` and `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hides(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// How egui's own number fields print: with commas and the screen's minus sign.
#[must_use]
pub(super) fn number(value: f64, decimals: RangeInclusive<usize>) -> String {
    let plain = egui::emath::format_with_decimals_in_range(value, decimals);
    let (sign, digits) = match plain.strip_prefix(['-', MINUS]) {
        Some(digits) => ("\u{2212}", digits),
        None => ("", plain.as_str()),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return plain;
    }
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    format!("{sign}{}{rest}", grouped(whole))
}

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

fn signed(nanos: i64, print: impl Fn(u64) -> String) -> String {
    let printed = print(nanos.unsigned_abs());
    if nanos < 0 {
        format!("{MINUS}{printed}")
    } else {
        printed
    }
}

fn under_a_minute(nanos: u64) -> String {
    match nanos {
        0 => "0 ms".to_owned(),
        1..1_000 => format!("{nanos} ns"),
        _ if rounded(nanos, 1_000) < 1_000 => format!("{} µs", rounded(nanos, 1_000)),
        _ if rounded(nanos, 1_000_000) < 1_000 => format!("{} ms", rounded(nanos, 1_000_000)),
        _ => format!("{} s", two_digits(nanos, SECOND)),
    }
}

/// `n` small units as one large and one small unit; a small part of 0 is left out.
fn two_units(n: u64, per_large: u64, large: &str, small: &str) -> String {
    match n % per_large {
        0 => format!("{} {large}", n / per_large),
        rest => format!("{} {large} {rest} {small}", n / per_large),
    }
}

/// `n` in units, with one decimal under ten.
fn two_digits(n: u64, unit: u64) -> String {
    if rounded(n, unit / 10) < 100 {
        tenths(n, unit)
    } else {
        rounded(n, unit).to_string()
    }
}

/// `n` in units with one decimal.
fn tenths(n: u64, unit: u64) -> String {
    let tenths = rounded(n, unit / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `n` in units, to the nearest one.
fn rounded(n: u64, unit: u64) -> u64 {
    n / unit + u64::from(n % unit >= unit - unit / 2)
}

/// Digits with a comma before every third from the right.
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn shortened(text: &str, head: usize, tail: usize) -> Cow<'_, str> {
    let n_chars = text.chars().count();
    if n_chars <= head + tail + 1 {
        return visible(text);
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(n_chars - tail).collect();
    Cow::Owned(format!("{}…{}", visible(&start), visible(&end)))
}

/// Does this character hide itself, or move or reorder what stands beside it?
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;
    const S: i64 = 1_000 * MS;
    const M: i64 = 60 * S;
    const H: i64 = 60 * M;

    #[test]
    fn counts_have_commas() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_204_417), "1,204,417");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(position(861_204), "#861,204");
        assert_eq!(version(7), "v7");
    }

    #[test]
    fn compact_counts_keep_two_digits_and_carry() {
        for (n, text) in [
            (0, "0"),
            (9_806, "9,806"),
            (9_999, "9,999"),
            (10_000, "10 k"),
            (13_305, "13 k"),
            (391_204, "391 k"),
            (999_499, "999 k"),
            (999_500, "1.0 M"),
            (1_204_417, "1.2 M"),
            (9_949_999, "9.9 M"),
            (9_950_000, "10 M"),
            (31_000_000_000, "31 G"),
            (7_000_000_000_000, "7,000 G"),
        ] {
            assert_eq!(compact(n), text);
        }
    }

    #[test]
    fn durations_have_one_unit_under_a_minute_and_two_above() {
        for (nanos, text) in [
            (0, "0 ms"),
            (640, "640 ns"),
            (12_300, "12 µs"),
            (27 * MS, "27 ms"),
            (842 * MS, "842 ms"),
            (999 * MS + 600_000, "1.0 s"),
            (3_500 * MS, "3.5 s"),
            (9_949 * MS, "9.9 s"),
            (9_950 * MS, "10 s"),
            (36 * S, "36 s"),
            (59_600 * MS, "1 m"),
            (98 * S, "1 m 38 s"),
            (22 * H + 23 * M, "22 h 23 m"),
            (26 * H, "1 d 2 h"),
            (9 * 24 * H + 14 * H, "9 d 14 h"),
            (545 * 24 * H, "545 d"),
            (-98 * S, "−1 m 38 s"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }

    #[test]
    fn short_durations_have_one_unit() {
        for (nanos, text) in [
            (479 * MS, "479 ms"),
            (36 * S, "36 s"),
            (98 * S, "1.6 m"),
            (22 * H + 23 * M, "22.4 h"),
            (26 * H + 24 * M, "26.4 h"),
            (70 * H, "2.9 d"),
            (9 * 24 * H + 14 * H, "9.6 d"),
            (i64::MIN, "−106,752 d"),
        ] {
            assert_eq!(duration_short(nanos), text);
        }
    }

    #[test]
    fn sizes_have_two_digits_unless_they_are_evidence() {
        assert_eq!(bytes_exact(612_483_072), "612,483,072 B");
        assert_eq!(bytes(214), "214 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(4_096), "4.1 kB");
        assert_eq!(bytes(41_000_000), "41 MB");
        assert_eq!(bytes(612_483_072), "612 MB");
        assert_eq!(bytes(9_999_999_999), "10 GB");
    }

    #[test]
    fn only_the_whole_is_a_hundred_percent() {
        assert_eq!(share(63, 100), "63%");
        assert_eq!(share(0, 100), "0%");
        assert_eq!(share(1, 3), "33%");
        assert_eq!(share(2, 3), "67%");
        assert_eq!(share(4, 1_000), "0.4%");
        assert_eq!(share(1, 100_000), "<0.1%");
        assert_eq!(share(999, 1_000), "99%");
        assert_eq!(share(1_000, 1_000), "100%");
        assert_eq!(share(5, 0), "0%");
        assert_eq!(share(u64::MAX, u64::MAX), "100%");
    }

    #[test]
    fn identifiers_are_shortened_in_the_middle() {
        assert_eq!(id("8c41e0b7-5a77-4c0e-b1f8-00000000d29f"), "8c41e0b7…d29f");
        assert_eq!(id("order-41911"), "order-41911");
        assert_eq!(
            hash("9f2c61ab04d7e3b8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa5e92f03b"),
            "9f2c61ab04d7e3b8…5e92f03b"
        );
        assert_eq!(id("äöüßäöüßäöüßäöüß"), "äöüßäöüß…äöüß");
    }

    #[test]
    fn amounts_are_never_rounded() {
        assert_eq!(amount("-50.00"), "−50.00");
        assert_eq!(amount("149.00"), "149.00");
        assert_eq!(amount("-"), "-");
        assert_eq!(amount("-x"), "-x");
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("plain, ünïcode, 日本"), "plain, ünïcode, 日本");
        assert_eq!(visible("a\nb\tc\0"), "a\\nb\\tc\\u{0}");
        assert_eq!(visible("abc\u{202e}fdp.exe"), "abc\\u{202e}fdp.exe");
        assert_eq!(
            visible("zero\u{200b}width\u{feff}"),
            "zero\\u{200b}width\\u{feff}"
        );
        assert_eq!(visible("\u{2067}x\u{2069}"), "\\u{2067}x\\u{2069}");
    }

    #[test]
    fn number_fields_have_commas_and_a_minus_sign() {
        assert_eq!(number(1_204_417.0, 0..=0), "1,204,417");
        assert_eq!(number(-1_234.5, 1..=3), "−1,234.5");
        assert_eq!(number(0.25, 0..=2), "0.25");
    }
}
