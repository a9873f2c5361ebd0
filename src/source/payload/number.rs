//! Numbers beyond what the processor counts in, digit for digit.

/// The most bytes of one whole number that are made digits: that takes a time that grows with the
/// square of their number.
const MAX_WHOLE_BYTES: usize = 256;
/// The most zeros that an exponent is written out to.
const MAX_ZEROS: u64 = 1000;

/// The digits of a whole number of which the most significant byte comes first.
pub(super) fn digits_of(big_endian: &[u8]) -> Option<String> {
    use std::fmt::Write as _;
    if big_endian.len() > MAX_WHOLE_BYTES {
        return None;
    }
    // Nine digits each, the least significant first.
    let mut groups: Vec<u64> = Vec::new();
    for byte in big_endian {
        let mut carry = u64::from(*byte);
        for group in &mut groups {
            let sum = *group * 256 + carry;
            *group = sum % 1_000_000_000;
            carry = sum / 1_000_000_000;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut digits = groups.pop().unwrap_or_default().to_string();
    for group in groups.iter().rev() {
        write!(digits, "{group:09}").ok()?;
    }
    Some(digits)
}

/// The digits of -1 - n, n given by its bytes.
pub(super) fn digits_below_zero(big_endian: &[u8]) -> Option<String> {
    let mut magnitude = vec![0];
    magnitude.extend_from_slice(big_endian);
    for byte in magnitude.iter_mut().rev() {
        let (sum, overflows) = byte.overflowing_add(1);
        *byte = sum;
        if !overflows {
            break;
        }
    }
    Some(format!("-{}", digits_of(&magnitude)?))
}

/// The digits of a hexadecimal number.
pub(super) fn digits_of_hex(hex: &str) -> Option<String> {
    let odd = if hex.len() % 2 == 1 { "0" } else { "" };
    (!hex.is_empty()).then_some(())?;
    digits_of(&bytes_of_hex(&format!("{odd}{hex}"))?)
}

/// The bytes that pairs of hexadecimal digits stand for.
pub(super) fn bytes_of_hex(hex: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(nibble(*high)? * 16 + nibble(*low)?).ok(),
        _ => None,
    };
    hex.as_bytes().chunks(2).map(pair).collect()
}

/// `digits` times a power of ten, written without an exponent; digits after the point stay.
pub(super) fn scaled(digits: &str, exponent: i64) -> Option<String> {
    if exponent.unsigned_abs() > MAX_ZEROS {
        return None;
    }
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let places = usize::try_from(exponent.unsigned_abs()).ok()?;
    let mut number = digits.to_owned();
    if exponent < 0 {
        let lacking = (places + 1).saturating_sub(number.len());
        number.insert_str(0, &"0".repeat(lacking));
        number.insert(number.len() - places, '.');
    } else {
        number.push_str(&"0".repeat(places));
    }
    let n_zeros = number.bytes().take_while(|c| *c == b'0').count();
    let whole = number.bytes().take_while(|c| *c != b'.').count();
    let superfluous = n_zeros.min(whole.saturating_sub(1));
    Some(format!("{sign}{}", number.get(superfluous..)?))
}

/// A decimal number with an exponent, written without; `None` where it is none or too long.
pub(super) fn without_exponent(text: &str) -> Option<String> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{decimals}");
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let places = i64::try_from(decimals.len()).ok()?;
    scaled(&format!("{sign}{digits}"), exponent.checked_sub(places)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_of_any_length_keep_all_digits() {
        assert_eq!(digits_of(&[]).as_deref(), Some("0"));
        assert_eq!(
            digits_of(&[1, 0, 0, 0, 0, 0, 0, 0, 0]).as_deref(),
            Some("18446744073709551616")
        );
        assert_eq!(
            digits_below_zero(&[0xff; 8]).as_deref(),
            Some("-18446744073709551616")
        );
        assert_eq!(
            digits_of_hex("3B9ACA00").as_deref(),
            Some("1000000000"),
            "groups of digits keep their zeros"
        );
        assert_eq!(digits_of(&[1; 257]), None);
    }

    #[test]
    fn exponents_are_written_out() {
        for (text, expected) in [
            ("0.3469e2", "34.69"),
            ("-0.5e-2", "-0.005"),
            ("0.3e3", "300"),
            ("0.0", "0.0"),
            ("12", "12"),
            ("0.10e1", "1.0"),
        ] {
            assert_eq!(without_exponent(text).as_deref(), Some(expected), "{text}");
        }
        for bad in ["", "e5", "1e", "0x1", "1.2.3", "0.1e999999999", "NaN"] {
            assert_eq!(without_exponent(bad), None, "{bad}");
        }
    }
}
