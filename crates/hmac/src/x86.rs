//! SHA-256 with the SHA instructions of x86-64, several messages side by side.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
    _mm_shuffle_epi32,
};

use crate::BLOCK;
use crate::blocks::Blocks;

/// The constants of SHA-256, four to a step.
const ROUNDS: [[u32; 4]; 16] = [
    [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
    [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
    [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
    [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
    [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
    [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
    [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
    [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
    [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
    [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
    [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
    [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
    [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
];

/// Whether this processor has the instructions.
pub(crate) fn supported() -> bool {
    is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("ssse3")
        && is_x86_feature_detected!("sse4.1")
}

/// The states after these blocks.
pub(crate) fn hash<const N: usize>(
    states: [[u32; 8]; N],
    blocks: [&Blocks<'_>; N],
) -> [[u32; 8]; N] {
    assert!(supported(), "a key exists only where the processor has the instructions");
    // SAFETY: the processor has all features that `hash_all` is compiled for, as was just asserted.
    unsafe { hash_all(states, blocks) }
}

/// The state of one hash as the instructions take it: `abef` and `cdgh`.
#[derive(Clone, Copy)]
struct State {
    abef: __m128i,
    cdgh: __m128i,
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn hash_all<const N: usize>(states: [[u32; 8]; N], blocks: [&Blocks<'_>; N]) -> [[u32; 8]; N] {
    let mut packed = [State { abef: _mm_set_epi64x(0, 0), cdgh: _mm_set_epi64x(0, 0) }; N];
    for (packed, state) in packed.iter_mut().zip(states) {
        let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
        *packed = State { abef: _mm_set_epi32(a, b, e, f), cdgh: _mm_set_epi32(c, d, g, h) };
    }
    let together = blocks.iter().map(|it| it.len()).min().unwrap_or_default();
    for place in 0..together {
        compress(&mut packed, blocks.map(|it| it.get(place)));
    }
    for (packed, blocks) in packed.iter_mut().zip(blocks) {
        for place in together..blocks.len() {
            let mut alone = [*packed];
            compress(&mut alone, [blocks.get(place)]);
            [*packed] = alone;
        }
    }
    let mut states = states;
    for (state, State { abef, cdgh }) in states.iter_mut().zip(packed) {
        let [a, b, e, f] = words(abef);
        let [c, d, g, h] = words(cdgh);
        *state = [a, b, c, d, e, f, g, h];
    }
    states
}

/// The words of a register, the highest first.
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn words(register: __m128i) -> [u32; 4] {
    [
        _mm_extract_epi32::<3>(register).cast_unsigned(),
        _mm_extract_epi32::<2>(register).cast_unsigned(),
        _mm_extract_epi32::<1>(register).cast_unsigned(),
        _mm_extract_epi32::<0>(register).cast_unsigned(),
    ]
}

/// Four rounds with the words of the schedule at this place.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn rounds(state: &mut State, words: __m128i, step: usize) {
    let [a, b, c, d] = ROUNDS[step].map(u32::cast_signed);
    let words = _mm_add_epi32(words, _mm_set_epi32(d, c, b, a));
    state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, words);
    let words = _mm_shuffle_epi32::<0x0E>(words);
    state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, words);
}

/// The next four words of the schedule, from the last sixteen.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn following([w0, w1, w2, w3]: [__m128i; 4]) -> __m128i {
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8::<4>(w3, w2));
    _mm_sha256msg2_epu32(sum, w3)
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn compress<const N: usize>(states: &mut [State; N], blocks: [&[u8; BLOCK]; N]) {
    let before = *states;
    let mut words = [[_mm_set_epi64x(0, 0); 4]; N];
    for (words, block) in words.iter_mut().zip(blocks) {
        *words = read(block);
    }
    for step in (0..12).step_by(4) {
        for part in 0..4 {
            for (state, words) in states.iter_mut().zip(&mut words) {
                rounds(state, words[part], step + part);
                let last = [0, 1, 2, 3].map(|place| words[(part + place) % 4]);
                words[part] = following(last);
            }
        }
    }
    for part in 0..4 {
        for (state, words) in states.iter_mut().zip(&words) {
            rounds(state, words[part], 12 + part);
        }
    }
    for (state, before) in states.iter_mut().zip(before) {
        state.abef = _mm_add_epi32(state.abef, before.abef);
        state.cdgh = _mm_add_epi32(state.cdgh, before.cdgh);
    }
}

/// The words of a block, which are written with the highest byte first.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn read(block: &[u8; BLOCK]) -> [__m128i; 4] {
    let turn = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let halves = block.as_chunks::<8>().0;
    let half = |place: usize| i64::from_le_bytes(halves[place]);
    [0, 2, 4, 6].map(|place| _mm_shuffle_epi8(_mm_set_epi64x(half(place + 1), half(place)), turn))
}
