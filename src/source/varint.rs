//! Whole numbers in seven bits a byte, the lowest first, as Protobuf, Thrift, Avro, Kafka and Parquet
//! write them.

/// A number without a sign, taken from the front; `None` where the bytes end in it, or it has over ten.
pub(in crate::source) fn varint(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// As [`varint`], with its sign in the lowest bit.
pub(in crate::source) fn zigzag(from: &mut &[u8]) -> Option<i64> {
    let raw = varint(from)?;
    Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
}

/// So many bytes, taken from the front; `None` where there are fewer.
pub(in crate::source) fn take<'a>(from: &mut &'a [u8], n_bytes: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(n_bytes)?;
    *from = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_with_their_sign_and_end_where_the_bytes_do() {
        let mut from = &[0x03, 0xac, 0x02, 0x01][..];
        assert_eq!(
            (zigzag(&mut from), varint(&mut from)),
            (Some(-2), Some(300))
        );
        assert_eq!(take(&mut from, 2), None);
        assert_eq!((take(&mut from, 1), from), (Some(&[1][..]), &[][..]));
        assert_eq!(varint(&mut &[0x80; 9][..]), None);
        assert_eq!(varint(&mut &[0xff; 11][..]), None);
        let mut least = &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1][..];
        assert_eq!(zigzag(&mut least), Some(i64::MIN));
    }
}
