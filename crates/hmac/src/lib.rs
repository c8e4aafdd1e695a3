//! HMAC-SHA256 of two messages at once, on x86-64 processors with SHA instructions.
//!
//! Each of these instructions waits for the one before it, and the processor could begin two in that
//! time. So two messages side by side take little longer than one. What cannot be made faster (other
//! processors) is left to the general implementation: there is no [`Key`] then.

mod blocks;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(not(target_arch = "x86_64"))]
mod x86 {
    //! Another processor: nothing is signed here.

    pub(crate) fn supported() -> bool {
        false
    }

    pub(crate) fn hash<const N: usize>(
        _: [[u32; 8]; N],
        _: [&crate::blocks::Blocks<'_>; N],
    ) -> [[u32; 8]; N] {
        unreachable!("there is no key")
    }
}

use blocks::{Begun, Blocks};

/// The state of SHA-256 before the first block.
const FRESH: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The size of a block.
const BLOCK: usize = 64;

/// A signature.
pub type Tag = [u8; 32];

/// A key, and the beginning that all messages have in common: both are hashed once.
#[derive(Clone)]
pub struct Key {
    inner: Begun,
    outer: Begun,
}

impl Key {
    /// A key for messages that begin like this. None if this processor has no SHA instructions.
    pub fn new(key: &[u8], beginning: &[u8]) -> Option<Self> {
        if !x86::supported() {
            return None;
        }
        let mut block = [0; BLOCK];
        if key.len() > BLOCK {
            let fresh = Begun::after(FRESH, 0, &[]);
            block[..32].copy_from_slice(&tag(hash([&fresh], [key])[0]));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let begun = |pad: u8, more: &[u8]| {
            let padded = block.map(|byte| byte ^ pad);
            let [state] = x86::hash([FRESH], [&Blocks::whole(&[padded])]);
            let (whole, rest) = more.as_chunks::<BLOCK>();
            let [state] = x86::hash([state], [&Blocks::whole(whole)]);
            Begun::after(state, (1 + whole.len()) * BLOCK, rest)
        };
        Some(Self { inner: begun(0x36, beginning), outer: begun(0x5c, &[]) })
    }

    /// The signatures of messages, side by side. `messages` are what follows the beginnings of their
    /// keys.
    pub fn sign<const N: usize>(keys: [&Self; N], messages: [&[u8]; N]) -> [Tag; N] {
        let inner = hash(keys.map(|key| &key.inner), messages).map(tag);
        hash(keys.map(|key| &key.outer), inner.each_ref().map(|tag| &tag[..])).map(tag)
    }
}

/// Hashes what follows.
fn hash<const N: usize>(begun: [&Begun; N], messages: [&[u8]; N]) -> [[u32; 8]; N] {
    let mut messages = messages.into_iter();
    let blocks = begun.map(|begun| begun.blocks(messages.next().unwrap_or_default()));
    x86::hash(begun.map(|begun| begun.state), blocks.each_ref())
}

fn tag(state: [u32; 8]) -> Tag {
    let mut tag = [0; 32];
    for (bytes, word) in tag.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    tag
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;

    fn general(key: &[u8], parts: [&[u8]; 2]) -> Tag {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    #[test]
    fn signatures_are_those_of_the_standard() {
        // RFC 4231, test case 2.
        let Some(key) = Key::new(b"Jefe", b"what do ya want ") else { return };
        let [tag] = Key::sign([&key], [b"for nothing?"]);
        let begin: [u8; 8] = [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e];
        assert_eq!(tag[..8], begin);
    }

    #[test]
    fn every_length_is_signed_like_by_the_general_implementation() {
        let text: Vec<u8> = (0..=255).cycle().take(400).collect();
        for begin in [0, 1, 21, 55, 56, 63, 64, 65, 130] {
            let Some(key) = Key::new(b"s3cr3t", &text[..begin]) else { return };
            for length in 0..260 {
                let (one, other) = (&text[..length], &text[..259 - length]);
                let tags = Key::sign([&key, &key], [one, other]);
                let wanted = [one, other].map(|it| general(b"s3cr3t", [&text[..begin], it]));
                assert_eq!(tags, wanted, "{begin} and {length}");
                assert_eq!(Key::sign([&key], [one]), [wanted[0]]);
            }
        }
    }

    proptest! {
        #[test]
        fn keys_of_any_length_sign_like_by_the_general_implementation(
            keys: [Vec<u8>; 2],
            begin: Vec<u8>,
            messages: [Vec<u8>; 2],
        ) {
            let [Some(one), Some(other)] = keys.each_ref().map(|key| Key::new(key, &begin)) else {
                return Ok(());
            };
            let tags = Key::sign([&one, &other], messages.each_ref().map(|it| &it[..]));
            let wanted = [0, 1].map(|at| general(&keys[at], [&begin, &messages[at]]));
            prop_assert_eq!(tags, wanted);
        }
    }
}
