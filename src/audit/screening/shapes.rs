//! What a value looks like to those who look for personal data: patterns with their check digits.

/// What a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// Something that opens doors.
    Secret,
    /// A mail address.
    Mail,
    /// An account number whose check digits are right.
    Iban,
    /// A card number whose check digit is right.
    Card,
    /// A telephone number.
    Phone,
    /// A network address.
    Address,
    /// A date of birth, by its name.
    Birth,
    /// A person's name, by its name.
    Name,
}

impl Shape {
    /// Its name, in the plural.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secrets",
            Self::Mail => "mail addresses",
            Self::Iban => "IBANs",
            Self::Card => "card numbers",
            Self::Phone => "telephone numbers",
            Self::Address => "network addresses",
            Self::Birth => "dates of birth",
            Self::Name => "names of people",
        }
    }

    /// What a text is, by what it says and by its key in lower case.
    pub(super) fn of(key: &str, text: &str) -> Option<Self> {
        if text.len() < 3 || text.len() > 4096 {
            return None;
        }
        if is_secret(key, text) {
            return Some(Self::Secret);
        }
        let starts = |names: &[&str]| names.iter().any(|name| key.contains(name));
        if is_mail(text) {
            return Some(Self::Mail);
        }
        if is_iban(text) {
            return Some(Self::Iban);
        }
        if is_card(key, text) {
            return Some(Self::Card);
        }
        if starts(&["phone", "mobile", "telefon", "fax"]) && digits(text) >= 6 {
            return Some(Self::Phone);
        }
        if text.starts_with('+') && (8..=15).contains(&digits(text)) && is_phone(text) {
            return Some(Self::Phone);
        }
        if is_address(text) {
            return Some(Self::Address);
        }
        if starts(&["birth", "dob", "geburt"]) && digits(text) >= 6 {
            return Some(Self::Birth);
        }
        let names = [
            "firstname",
            "lastname",
            "surname",
            "fullname",
            "givenname",
            "familyname",
        ];
        names.contains(&key).then_some(Self::Name)
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn is_phone(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || b"+ -/().".contains(&byte))
}

/// An address of either version of the protocol, as it is written.
fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_part = |part: &&str| !part.is_empty() && part.len() <= 3 && part.parse::<u8>().is_ok();
    if parts.len() == 4 && parts.iter().all(is_part) {
        return true;
    }
    let n_colons = text.bytes().filter(|byte| *byte == b':').count();
    let is_form = text
        .bytes()
        .all(|byte| byte == b':' || byte.is_ascii_hexdigit());
    is_form && (n_colons == 7 || (text.contains("::") && n_colons < 8))
}

fn is_mail(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let is_part = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let tail = host.rsplit_once('.').map_or("", |(_, tail)| tail);
    !name.is_empty()
        && name.chars().all(is_part)
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || ".-".contains(c))
        && tail.len() >= 2
        && tail.chars().all(char::is_alphabetic)
}

/// ISO 13616: the text turned round, letters as numbers, leaves 1 of 97.
fn is_iban(text: &str) -> bool {
    let plain: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let is_form = (15..=34).contains(&plain.len())
        && plain.iter().take(2).all(u8::is_ascii_uppercase)
        && plain.iter().skip(2).take(2).all(u8::is_ascii_digit)
        && plain.iter().all(u8::is_ascii_alphanumeric);
    if !is_form {
        return false;
    }
    let turned = plain.iter().skip(4).chain(plain.iter().take(4));
    let rest = turned.fold(0_u32, |rest, byte| {
        let value = u32::from(byte.to_ascii_uppercase());
        if byte.is_ascii_digit() {
            (rest * 10 + value - 48) % 97
        } else {
            (rest * 100 + value - 55) % 97
        }
    });
    rest == 1
}

/// A number of 13 to 19 digits whose last one is right, and that is grouped or named so.
fn is_card(key: &str, text: &str) -> bool {
    let plain: Vec<u8> = text.bytes().filter(|byte| !b" -".contains(byte)).collect();
    let is_form = (13..=19).contains(&plain.len()) && plain.iter().all(u8::is_ascii_digit);
    let is_named = key.contains("card") || key == "pan" || text.len() > plain.len();
    if !is_form || !is_named || !plain.first().is_some_and(|first| b"3456".contains(first)) {
        return false;
    }
    let sum = plain
        .iter()
        .rev()
        .enumerate()
        .fold(0_u32, |sum, (nr, byte)| {
            let digit = u32::from(*byte - b'0');
            let digit = if nr % 2 == 1 { digit * 2 } else { digit };
            sum + digit / 10 + digit % 10
        });
    sum % 10 == 0
}

fn is_secret(key: &str, text: &str) -> bool {
    let is_token = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        text.split('.').count() == 3 && text.split('.').all(|part| part.chars().all(is_part))
    };
    let named = [
        "password",
        "passwd",
        "secret",
        "apikey",
        "privatekey",
        "accesskey",
    ];
    (text.starts_with("eyJ") && is_token(text))
        || (text.starts_with("AKIA") && text.len() == 20)
        || text.contains("PRIVATE KEY-----")
        || (named.iter().any(|name| key == *name || key.ends_with(name)) && text.len() >= 4)
}

/// A text of which only a few characters are to be seen.
pub(super) fn masked(text: &str) -> String {
    let n = text.chars().count();
    let shown = if n > 8 { 2 } else { 1 };
    let is_kept = |c: char| "@.-+ /".contains(c);
    let masked = text.chars().take(40).enumerate().map(|(nr, c)| {
        if nr < shown || (n > 4 && nr + 1 >= n) || is_kept(c) {
            c
        } else {
            '\u{2022}'
        }
    });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_their_check_digits_and_their_names() {
        let of = Shape::of;
        assert_eq!(of("to", "anna@example.org"), Some(Shape::Mail));
        assert_eq!(of("to", "anna at example.org"), None);
        assert_eq!(
            of("account", "DE89 3704 0044 0532 0130 00"),
            Some(Shape::Iban)
        );
        assert_eq!(of("account", "DE88 3704 0044 0532 0130 00"), None);
        assert_eq!(of("x", "4111 1111 1111 1111"), Some(Shape::Card));
        assert_eq!(of("x", "4111111111111111"), None);
        assert_eq!(of("cardnumber", "4111111111111111"), Some(Shape::Card));
        assert_eq!(of("x", "4111 1111 1111 1112"), None);
        assert_eq!(of("x", "+49 170 1234567"), Some(Shape::Phone));
        assert_eq!(of("ip", "192.168.0.17"), Some(Shape::Address));
        assert_eq!(of("dateofbirth", "1980-02-03"), Some(Shape::Birth));
        assert_eq!(of("password", "hunter22"), Some(Shape::Secret));
        assert_eq!(of("status", "Paid"), None);
        assert_eq!(of("id", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"), None);
    }

    #[test]
    fn a_masked_text_does_not_tell_what_it_was() {
        assert_eq!(masked("anna@example.org"), "an••@•••••••.••g");
        assert_eq!(masked("1234"), "1•••");
        assert!(!masked("4111 1111 1111 1111").contains("111"));
    }
}
