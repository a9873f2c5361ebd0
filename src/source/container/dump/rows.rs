//! The lines of a COPY in PostgreSQL's text form: columns between tabs, `\N` for nothing.

/// The values of a line; `None` for nothing. As many as there are.
pub(super) fn values(line: &[u8]) -> Vec<Option<Vec<u8>>> {
    line.split(|byte| *byte == b'\t').map(value).collect()
}

fn value(field: &[u8]) -> Option<Vec<u8>> {
    if field == b"\\N" {
        return None;
    }
    if memchr::memchr(b'\\', field).is_none() {
        return Some(field.to_vec());
    }
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let [escaped, tail @ ..] = rest else {
            out.push(b'\\');
            break;
        };
        let mut used = 0;
        match escaped {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let (byte, count) = number(rest, 8, 3);
                out.push(byte);
                used = count - 1;
            }
            b'x' if tail.first().is_some_and(u8::is_ascii_hexdigit) => {
                let (byte, count) = number(tail, 16, 2);
                out.push(byte);
                used = count;
            }
            other => out.push(*other),
        }
        rest = tail.get(used..).unwrap_or_default();
    }
    Some(out)
}

/// The byte that some digits at the front make, and how many there are.
fn number(digits: &[u8], radix: u32, most: usize) -> (u8, usize) {
    let values = digits
        .iter()
        .map_while(|digit| char::from(*digit).to_digit(radix));
    let (mut sum, mut count) = (0_u32, 0);
    for value in values.take(most) {
        sum = sum * radix + value;
        count += 1;
    }
    (u8::try_from(sum & 0xff).unwrap_or_default(), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_what_stood_in_the_table() {
        let line = br"a\tb	\N	\\x7b7d		\101\x42\.";
        let found = values(line);
        let expected: [Option<&[u8]>; 5] = [
            Some(b"a\tb"),
            None,
            Some(br"\x7b7d"),
            Some(b""),
            Some(b"AB."),
        ];
        assert_eq!(found, expected.map(|one| one.map(<[u8]>::to_vec)));
        assert_eq!(values(b"\\"), [Some(b"\\".to_vec())]);
    }
}
