//! CRC-32C, by which a batch says that it is whole.

/// How many bytes are taken at once.
const AT_ONCE: usize = 8;

/// The remainders of all bytes, and of each with so many zeros behind it.
const TABLES: [[u32; 256]; AT_ONCE] = tables();

const fn tables() -> [[u32; 256]; AT_ONCE] {
    let mut tables = [[0; 256]; AT_ONCE];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let mut rest = at as u32;
        let mut bit = 0;
        while bit < 8 * AT_ONCE {
            rest = if rest & 1 == 1 {
                rest >> 1 ^ 0x82f6_3b78
            } else {
                rest >> 1
            };
            bit += 1;
            if bit % 8 == 0 {
                tables[bit / 8 - 1][at] = rest;
            }
        }
        at += 1;
    }
    tables
}

/// The sum of some bytes.
pub(in super::super) fn crc32c(bytes: &[u8]) -> u32 {
    let (blocks, rest) = bytes.as_chunks::<AT_ONCE>();
    let of = |zeros: usize, byte: u8| TABLES[zeros][usize::from(byte)];
    let mut sum = !0_u32;
    for [a, b, c, d, e, f, g, h] in blocks {
        let [i, j, k, l] = (sum ^ u32::from_le_bytes([*a, *b, *c, *d])).to_le_bytes();
        sum = of(7, i) ^ of(6, j) ^ of(5, k) ^ of(4, l);
        sum ^= of(3, *e) ^ of(2, *f) ^ of(1, *g) ^ of(0, *h);
    }
    for byte in rest {
        let [low, ..] = sum.to_le_bytes();
        sum = of(0, low ^ byte) ^ sum >> 8;
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_standard() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        let counting: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&counting), 0x46dd_794e);
    }
}
