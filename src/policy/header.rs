//! A header of a request, and whether its value may be shown.

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

/// The value of `Retry-After` in the head of an answer, if it is a number of seconds.
pub fn retry_after(head: &[u8]) -> Option<std::time::Duration> {
    const NAME: &str = "retry-after:";
    let line = head.split(|byte| *byte == b'\n').find(|line| {
        line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME.as_bytes()))
    })?;
    let seconds = std::str::from_utf8(&line[NAME.len()..]).ok()?.trim().parse().ok()?;
    Some(std::time::Duration::from_secs(seconds))
}
