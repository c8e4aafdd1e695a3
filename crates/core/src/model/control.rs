//! How deliveries are controlled while a run goes on, as plain data.

use std::time::Duration;

/// In which order deliveries that are held back are released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// In the order in which they were caused.
    InOrder,
    /// The last one first.
    Reversed,
    /// In any order, by the seed.
    Shuffled,
    /// In the order in which they were caused, and all their tokens are requested first.
    TokensFirst,
}

impl Release {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::InOrder, Self::Reversed, Self::Shuffled, Self::TokensFirst];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::InOrder => "in-order",
            Self::Reversed => "reversed",
            Self::Shuffled => "shuffled",
            Self::TokensFirst => "tokens-first",
        }
    }
}

/// A change of an account's delivery policy while a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// This many retries, this far apart.
    Retries {
        /// How many.
        times: u32,
        /// How far apart.
        apart: Duration,
    },
    /// How long tokens are used. No effect on a vendor that does not use tokens.
    TokenUse(super::policy::TokenUse),
}
