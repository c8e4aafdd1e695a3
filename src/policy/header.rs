//! A header of a request, and whether its value may be shown.

use crate::model::Secret;
use crate::model::secret::MASK;

/// A header of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value; shown as `***` unless it is plain.
    pub value: HeaderValue,
}

/// The value of a header: something that anybody may see, or not.
#[derive(Clone, Debug, PartialEq)]
pub enum HeaderValue {
    /// Anybody may see it.
    Plain(String),
    /// Nobody may.
    Secret(Secret),
}

impl HeaderValue {
    /// The value for the wire.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }

    /// The value for everything else.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) => MASK,
        }
    }
}
