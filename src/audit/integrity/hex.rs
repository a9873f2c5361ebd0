//! Bytes as hexadecimal digits and back.

/// The bytes as hexadecimal digits in lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or('0');
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

/// The bytes that pairs of hexadecimal digits of either case stand for; `None` where it is anything
/// else, or more than 1 MiB of text.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 1 << 20 {
        return None;
    }
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let pairs = pairs.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_their_digits() {
        assert_eq!(hex(&[0, 15, 171, 255]), "000fabff");
        assert_eq!(from_hex("000fABff"), Some(vec![0, 15, 171, 255]));
        for bad in ["0", "0g", "0é"] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }
}
