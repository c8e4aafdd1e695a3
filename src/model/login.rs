//! What the caller of a vendor's API has proved.

use serde::{Deserialize, Serialize};

/// What a caller has proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// With the key of the account.
    pub key: Shown,
    /// With an access token; the number is its place among those that were issued.
    pub token: Shown,
    /// With a client's id and secret in the body.
    pub client: Shown,
}

/// A credential that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// None was.
    Nothing,
    /// It is not a right one.
    Wrong,
    /// It is right; which of them, from 0, if there are several.
    Right(u32),
}

impl Shown {
    /// Whether it is right.
    pub fn is_right(self) -> bool {
        matches!(self, Self::Right(_))
    }
}
