//! A message as the blocks that SHA-256 takes, with nothing copied but its ends.

use super::BLOCK;

/// A hash that has begun.
#[derive(Clone)]
pub(crate) struct Begun {
    pub(crate) state: [u32; 8],
    /// How many bytes are in the state.
    hashed: usize,
    /// What follows them, less than a block.
    rest: [u8; BLOCK],
    left: usize,
}

impl Begun {
    /// After this many bytes, and with these that are less than a block.
    pub(crate) fn after(state: [u32; 8], hashed: usize, rest: &[u8]) -> Self {
        let mut begun = Self { state, hashed, rest: [0; BLOCK], left: rest.len() };
        begun.rest[..rest.len()].copy_from_slice(rest);
        begun
    }

    /// The blocks that end the hash after this message.
    pub(crate) fn blocks<'a>(&self, message: &'a [u8]) -> Blocks<'a> {
        let mut first = self.rest;
        let fills = (BLOCK - self.left) % BLOCK;
        let (begin, further) = message.split_at(fills.min(message.len()));
        first[self.left..self.left + begin.len()].copy_from_slice(begin);
        let is_full = self.left > 0 && begin.len() == fills;
        let (whole, rest) = further.as_chunks::<BLOCK>();
        let rest = if self.left > 0 && !is_full { &first[..self.left + begin.len()] } else { rest };
        // After the message come a bit that is set, zeros, and the length in bits.
        let mut last = [0; 2 * BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        last[rest.len()] = 0x80;
        let ends = if rest.len() + 9 <= BLOCK { 1 } else { 2 };
        let bits = (self.hashed + self.left + message.len()) as u64 * 8;
        last[ends * BLOCK - 8..ends * BLOCK].copy_from_slice(&bits.to_be_bytes());
        Blocks { first, firsts: usize::from(is_full), whole, last, ends }
    }
}

/// Blocks: perhaps a first one, some of the message itself, perhaps last ones.
pub(crate) struct Blocks<'a> {
    first: [u8; BLOCK],
    firsts: usize,
    whole: &'a [[u8; BLOCK]],
    last: [u8; 2 * BLOCK],
    ends: usize,
}

impl<'a> Blocks<'a> {
    /// These blocks alone.
    pub(crate) fn whole(whole: &'a [[u8; BLOCK]]) -> Self {
        Self { first: [0; BLOCK], firsts: 0, whole, last: [0; 2 * BLOCK], ends: 0 }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.firsts + self.whole.len() + self.ends
    }

    /// The block at this place, which is less than their number.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> &[u8; BLOCK] {
        if place < self.firsts {
            return &self.first;
        }
        let place = place - self.firsts;
        match self.whole.get(place) {
            Some(block) => block,
            None => &self.last.as_chunks::<BLOCK>().0[place - self.whole.len()],
        }
    }
}
