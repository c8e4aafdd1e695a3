//! How a vendor delivers, as data. What follows from it is decided in the room `policy`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Secret;

/// A vendor's delivery policy. Every value can be overridden in standin.yaml.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How a request proves that it comes from the vendor.
    pub authentication: Authentication,
    /// Which answers count as accepted.
    pub accepted: Accepted,
    /// How long the vendor waits for a connection (real time).
    pub connect_within: Duration,
    /// How long the vendor waits for the whole answer (real time).
    pub answer_within: Duration,
    /// What happens after an attempt that was not accepted.
    pub retries: Retries,
    /// Whether one webhook may overtake another.
    pub ordering: Ordering,
    /// An endpoint whose attempts have failed for longer than this (virtual time, from the first
    /// failed attempt since the last success) is deactivated: nothing is sent to it any more. An
    /// endpoint is here all the URLs of one account together. None: it never is.
    pub disable_after: Option<Duration>,
}

/// How a request proves that it comes from the vendor.
#[derive(Clone, Debug, PartialEq)]
pub enum Authentication {
    /// Not at all.
    None,
    /// Fixed request headers, by name.
    Headers(BTreeMap<String, Secret>),
    /// A keyed hash over parts of the request, made at the moment of sending.
    Signature(Signature),
}

/// A keyed hash (HMAC-SHA256, base64) in a request header.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Name of the header that carries it.
    pub header: String,
    /// The key; none until the user gives it: then nothing is signed.
    pub secret: Option<Secret>,
    /// What is signed, joined without a separator.
    pub over: Vec<SignedPart>,
}

/// A part of the text that a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPart {
    /// The URL under which the vendor knows the receiver, to the letter.
    Url,
    /// The raw body.
    Body,
}

/// Which answers count as accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Any status from 200 to 299.
    Any2xx,
    /// Only status 200.
    Exactly200,
}

/// What happens after an attempt that was not accepted.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Retries {
    /// The wait before the second attempt, the third, and so on: attempts in all = waits + 1.
    pub waits: Vec<Duration>,
    /// Each wait is moved by up to this share of itself, either way, from the seed. 0 to 1.
    pub jitter: f64,
    /// Whether a `Retry-After` in the answer takes the place of a shorter wait.
    pub honour_retry_after: bool,
}

impl Retries {
    /// How many attempts a webhook gets at the most, the first included.
    pub fn attempts(&self) -> u32 {
        self.waits.len() as u32 + 1
    }
}

/// Whether one webhook may overtake another.
///
/// First attempts of one subject always leave in order; this is about what a retry holds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// A webhook that waits for its retry holds up nothing.
    None,
    /// It holds up the later webhooks of its subject.
    PerSubject,
    /// It holds up every later webhook of the account.
    Global,
}
