//! Counts as people read them.

/// A count with commas between its groups of three digits: `1,204,417`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (nr, digit) in digits.chars().enumerate() {
        if nr > 0 && (digits.len() - nr).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_are_told_apart() {
        let said: Vec<String> = [0, 999, 1000, 1_204_417].map(grouped).into();
        assert_eq!(said, ["0", "999", "1,000", "1,204,417"]);
    }
}
