//! A header of a request, and whether its value may be shown.

use std::time::Duration;

use crate::model::Secret;
use crate::model::secret::MASK;

/// A header of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value. It is shown as `***` unless it is plain.
    pub value: HeaderValue,
}

/// The value of a header.
#[derive(Clone, Debug, PartialEq)]
pub enum HeaderValue {
    /// It may be shown.
    Plain(String),
    /// It must not be shown.
    Secret(Secret),
}

impl HeaderValue {
    /// The value as it is sent.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.reveal(),
        }
    }

    /// The value as it is shown.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) => MASK,
        }
    }
}

/// How long a value of `Retry-After` asks to wait, if it is a number of seconds.
pub fn retry_after(value: &str) -> Option<Duration> {
    value.trim().parse().ok().map(Duration::from_secs)
}
