//! The partition of an event, as `partitionBy` names it.

use std::fmt::Write as _;

/// What `partitionBy` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The event belongs to this partition.
    Partition(String),
    /// The event belongs to none and is passed by.
    Nowhere,
}

/// A number as the name of a partition, as .NET writes it: fifteen digits before the point, then with
/// an exponent of at least two digits.
pub(super) fn number_key(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5 < exponent && exponent < 15) || number == 0.0 {
        return number.to_string();
    }
    let mut out = digits.to_owned();
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "E{sign}{:02}", exponent.abs()).ok();
    out
}

#[cfg(test)]
mod tests {
    use super::number_key;

    #[test]
    fn numbers_name_partitions_as_dotnet_writes_them() {
        for (number, name) in [
            (42.0, "42"),
            (1.5, "1.5"),
            (-7.0, "-7"),
            (0.0, "0"),
            (-0.0, "-0"),
            (f64::NAN, "NaN"),
            (1e-5, "1E-05"),
            (0.000_12, "0.00012"),
            (1e20, "1E+20"),
            (1.25e-7, "1.25E-07"),
            (123_456_789_012_345.0, "123456789012345"),
        ] {
            assert_eq!(number_key(number), name);
        }
    }
}
