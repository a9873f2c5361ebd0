//! How well a name fits what was typed.

/// How well a name fits, best first: exactly, at its beginning, at the beginning of a word, anywhere.
pub(super) fn rank(name: &str, needle: &str) -> Option<u8> {
    if needle.is_empty() {
        return Some(0);
    }
    if name.len() < needle.len() {
        return None;
    }
    let at = find_ignoring_case(name, needle)?;
    let before = name[..at].chars().next_back();
    Some(match before {
        None if name.len() == needle.len() => 0,
        None => 1,
        Some(before) if !before.is_alphanumeric() => 2,
        Some(_) => 3,
    })
}

/// Where `needle` stands in `name`, ASCII letters compared without case.
pub(super) fn find_ignoring_case(name: &str, needle: &str) -> Option<usize> {
    let (name_bytes, needle_bytes) = (name.as_bytes(), needle.as_bytes());
    (0..=name_bytes.len().checked_sub(needle_bytes.len())?).find(|at| {
        name.is_char_boundary(*at)
            && name_bytes[*at..*at + needle_bytes.len()].eq_ignore_ascii_case(needle_bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_come_first_and_case_does_not_matter() {
        assert_eq!(rank("order-1220", "order-1220"), Some(0));
        assert_eq!(rank("order-12201", "ORDER-1220"), Some(1));
        assert_eq!(rank("order-1220", "1220"), Some(2));
        assert_eq!(rank("reorder", "order"), Some(3));
        assert_eq!(rank("cart", "order"), None);
        assert_eq!(
            find_ignoring_case("Zoë-Ä", "ä"),
            None,
            "only ASCII letters are folded"
        );
    }
}
