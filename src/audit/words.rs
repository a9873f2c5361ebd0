//! Numbers and lengths of time as findings and reports write them.

/// A count in comma groups: `1,204,417`.
pub fn count(number: u64) -> String {
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

/// A count with its noun, in the plural where there is not exactly one.
pub fn counted(number: u64, noun: &str) -> String {
    match (number, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "hash") => format!("{} hashes", count(number)),
        (_, "category") => format!("{} categories", count(number)),
        _ => format!("{} {noun}s", count(number)),
    }
}

/// A length of time for people: one unit below 10 s, else two.
pub(super) fn duration(nanos: i64) -> String {
    let (micros, secs) = (nanos / 1000, nanos / 1_000_000_000);
    match secs {
        _ if nanos < 1000 => format!("{nanos} ns"),
        0 if micros < 1000 => format!("{micros} µs"),
        0 => format!("{} ms", micros / 1000),
        1..10 if micros / 100_000 % 10 > 0 => format!("{secs}.{} s", micros / 100_000 % 10),
        1..60 => format!("{secs} s"),
        60..3600 => format!("{} m {} s", secs / 60, secs % 60),
        3600..86_400 => format!("{} h {:02} m", secs / 3600, secs / 60 % 60),
        _ => format!("{} d {} h", secs / 86_400, secs / 3600 % 24),
    }
}
