//! Which credentials the caller of a vendor's API has presented, and which of them are right.

use serde::{Deserialize, Serialize};

/// The credentials that a caller has presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The key of the account.
    pub key: Shown,
    /// An access token. The number is its index among the tokens that were issued.
    pub token: Shown,
    /// A client's id and secret in the body.
    pub client: Shown,
}

/// Whether one credential was presented, and whether it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The caller presented none.
    Nothing,
    /// It is wrong.
    Wrong,
    /// It is right. The number says which one it is, from 0, if there are several.
    Right(u32),
}

impl Shown {
    /// Whether it is right.
    pub fn is_right(self) -> bool {
        matches!(self, Self::Right(_))
    }
}
