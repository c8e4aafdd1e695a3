//! The user data of operations: their kind, their connection, and their result.

use std::os::fd::RawFd;

/// How the ring runs its completions, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    /// When we enter, and by one thread only (Linux 6.1).
    Deferred,
    /// When the thread enters the kernel for any reason (Linux 5.19).
    Cooperative,
    /// Whenever the kernel likes.
    Plain,
}

impl Setup {
    pub(crate) const ALL: [Setup; 3] = [Setup::Deferred, Setup::Cooperative, Setup::Plain];

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Setup::Deferred => "io_uring with deferred task work",
            Setup::Cooperative => "io_uring with cooperative task work",
            Setup::Plain => "io_uring",
        }
    }
}

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Receive = 1,
    Send = 2,
    Connect = 3,
    Writable = 4,
    Cancel = 5,
}

/// The user data of an operation: its kind (4 bits), the generation of the link (28) and its slot (32).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u64);

impl Mark {
    const GENERATIONS: u32 = 1 << 28;

    pub(crate) fn new(kind: Kind, generation: u32, slot: usize) -> Self {
        Mark((kind as u64) << 60 | u64::from(generation) << 32 | slot as u64)
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Mark(bits)
    }

    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn generation_after(generation: u32) -> u32 {
        (generation + 1) % Self::GENERATIONS
    }

    pub(crate) fn kind(self) -> Option<Kind> {
        match self.0 >> 60 {
            1 => Some(Kind::Receive),
            2 => Some(Kind::Send),
            3 => Some(Kind::Connect),
            4 => Some(Kind::Writable),
            5 => Some(Kind::Cancel),
            _ => None,
        }
    }

    pub(crate) fn generation(self) -> u32 {
        (self.0 >> 32) as u32 & (Self::GENERATIONS - 1)
    }

    pub(crate) fn slot(self) -> usize {
        self.0 as u32 as usize
    }
}

/// A socket as operations name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Registered with the ring, which saves a look-up for each operation.
    Slot(u32),
    Descriptor(RawFd),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Completion {
    pub(crate) mark: Mark,
    pub(crate) result: i32,
    /// The buffer that was filled.
    pub(crate) buffer: Option<u16>,
    /// The operation will not complete again.
    pub(crate) last: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_keep_what_they_are_made_of() {
        for kind in [Kind::Receive, Kind::Send, Kind::Connect, Kind::Writable, Kind::Cancel] {
            let last = Mark::generation_after(u32::MAX >> 4).wrapping_sub(1) & (u32::MAX >> 4);
            for generation in [0, 1, last] {
                let mark = Mark::new(kind, generation, 8191);
                assert_eq!(
                    (mark.kind(), mark.generation(), mark.slot()),
                    (Some(kind), generation, 8191)
                );
            }
        }
    }
}
