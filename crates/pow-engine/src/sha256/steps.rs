//! The constants and single steps.

/// The constants of the 64 rounds (section 4.2.2).
#[rustfmt::skip]
pub(crate) static K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// The function σ0 of the message schedule (section 4.1.2).
pub(crate) fn small_sigma0(word: u32) -> u32 {
    word.rotate_right(7) ^ word.rotate_right(18) ^ (word >> 3)
}

/// The function σ1 of the message schedule (section 4.1.2).
pub(crate) fn small_sigma1(word: u32) -> u32 {
    word.rotate_right(17) ^ word.rotate_right(19) ^ (word >> 10)
}

/// The message schedule of a block (section 6.2.2, step 1).
pub(crate) fn expand(block: &[u32; 16]) -> [u32; 64] {
    let mut words = [0_u32; 64];
    words[..16].copy_from_slice(block);
    for t in 16..64 {
        words[t] = small_sigma1(words[t - 2])
            .wrapping_add(words[t - 7])
            .wrapping_add(small_sigma0(words[t - 15]))
            .wrapping_add(words[t - 16]);
    }
    words
}

/// The message schedule of a block with the constants of the rounds added.
pub(crate) fn schedule(block: &[u32; 16]) -> [u32; 64] {
    let mut words = expand(block);
    for (word, k) in words.iter_mut().zip(K) {
        *word = word.wrapping_add(k);
    }
    words
}

/// One round (section 6.2.2, step 3), given the sum of the round's constant and its word of the schedule.
pub(crate) fn round([a, b, c, d, e, f, g, h]: [u32; 8], word: u32) -> [u32; 8] {
    let sigma1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
    let sigma0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
    let choice = (e & f) ^ (!e & g);
    let majority = (a & b) ^ (a & c) ^ (b & c);
    let t1 = h.wrapping_add(word).wrapping_add(sigma1).wrapping_add(choice);
    [t1.wrapping_add(sigma0).wrapping_add(majority), a, b, c, d.wrapping_add(t1), e, f, g]
}
