//! MD5, which some stores write beside their files: it tells a damaged copy from a whole one. It proves
//! nothing against somebody who wants to deceive.

/// The sine table of the algorithm, by its own rule.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
/// How far each step turns, four steps of each round.
const TURNS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// A digest in the making.
pub(super) struct Md5 {
    state: [u32; 4],
    waiting: Vec<u8>,
    n_bytes: u64,
}

impl Md5 {
    pub(super) fn new() -> Self {
        Self {
            state: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            waiting: Vec::new(),
            n_bytes: 0,
        }
    }

    /// Takes further bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.n_bytes = self.n_bytes.wrapping_add(bytes.len() as u64);
        self.waiting.extend_from_slice(bytes);
        let waiting = std::mem::take(&mut self.waiting);
        let (blocks, rest) = waiting.as_chunks::<64>();
        for block in blocks {
            self.block(block);
        }
        self.waiting = rest.to_vec();
    }

    /// The digest of all that was taken.
    pub(super) fn finish(mut self) -> [u8; 16] {
        let n_bits = self.n_bytes.wrapping_mul(8);
        let n_zeros = (119 - self.n_bytes % 64) % 64;
        let mut tail = vec![0x80];
        tail.resize(1 + usize::try_from(n_zeros).unwrap_or(0), 0);
        tail.extend(n_bits.to_le_bytes());
        self.update(&tail);
        let mut digest = [0; 16];
        for (to, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *to = word.to_le_bytes();
        }
        digest
    }

    fn block(&mut self, block: &[u8; 64]) {
        let words: [u32; 16] = std::array::from_fn(|n| {
            let word = block
                .get(n * 4..n * 4 + 4)
                .and_then(|word| word.try_into().ok());
            u32::from_le_bytes(word.unwrap_or_default())
        });
        let [mut a, mut b, mut c, mut d] = self.state;
        for (step, sine) in SINES.iter().enumerate() {
            let (mixed, word) = match step / 16 {
                0 => (b & c | !b & d, step),
                1 => (d & b | !d & c, 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let sum = a
                .wrapping_add(mixed)
                .wrapping_add(*sine)
                .wrapping_add(words[word % 16]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        }
        for (state, value) in self.state.iter_mut().zip([a, b, c, d]) {
            *state = state.wrapping_add(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::evidence::hex;

    fn digest(bytes: &[u8]) -> String {
        let mut md5 = Md5::new();
        for piece in bytes.chunks(7) {
            md5.update(piece);
        }
        hex(&md5.finish())
    }

    #[test]
    fn digests_are_those_of_the_rfc() {
        for (text, expected) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ] {
            assert_eq!(digest(text.as_bytes()), expected);
        }
    }
}
