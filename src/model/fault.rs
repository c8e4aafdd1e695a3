//! Something wrong done on purpose to a delivery, as data. How it is said and what it does to a
//! request is in the room `policy`.

use std::time::Duration;

use super::RequestKind;

/// A rule: which webhooks, and what happens to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which webhooks it strikes.
    pub which: Which,
    /// What it does to them.
    pub effect: Effect,
    /// The rule as it was said.
    pub said: String,
}

/// Which webhooks a fault strikes. All of the given conditions must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Which {
    /// Which of the vendor's requests.
    pub request: RequestKind,
    /// How many of those that match.
    pub amount: Amount,
    /// Only webhooks of this trigger.
    pub trigger: Option<String>,
    /// Only webhooks about the subject of this name.
    pub name: Option<String>,
    /// Only this attempt of a delivery, counted from 1.
    pub attempt: Option<u32>,
}

/// How many of the webhooks that match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// All of them.
    Every,
    /// Only the next one.
    Next,
    /// This share of them, by the seed.
    Share(f64),
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Delivered this often, one after the other.
    Repeat(u32),
    /// Delivered this often, all at the same instant on connections of their own.
    Simultaneous(u32),
    /// Held back until this many later webhooks have been delivered.
    Overtaken(u32),
    /// Delivered later by this much virtual time.
    Delayed(Duration),
    /// Never sent.
    Lost,
    /// Delivered, but the vendor never sees the answer.
    AnswerLost,
    /// Never delivered: a gateway on the way answers in place of the receiver.
    Gateway {
        /// With this status.
        status: u16,
        /// And this `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Delivered, but the vendor sees this status of a gateway in place of the answer.
    AnswerReplaced(u16),
    /// Never delivered: a gateway answers 200 with this body in place of the receiver.
    AnswerBody(String),
    /// Never delivered: the vendor waits in vain for an answer.
    TimedOut,
    /// Connection reset in the middle of the body.
    Reset,
    /// Body sent bit by bit over this long a time (real time).
    Slow(Duration),
    /// Body changed before it is signed: the vendor itself sends it so.
    Body(BodyDamage),
    /// Body changed after it was signed: somebody on the way did it.
    AfterSigning(BodyDamage),
    /// Another content type.
    ContentType(String),
    /// Credentials changed.
    Credentials(CredentialDamage),
}

/// What is done to a body.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyDamage {
    /// Cut off after two thirds.
    Truncated,
    /// Not JSON any more.
    InvalidJson,
    /// Not UTF-8 any more.
    BrokenUtf8,
    /// Grown to this many bytes by a field of padding.
    Grown(usize),
    /// Named after another trigger.
    Trigger(String),
    /// The field at this dotted path taken out.
    Without(String),
    /// The field at this dotted path set to this JSON value.
    With(String, serde_json::Value),
    /// Another value, and still JSON with every field that was there.
    Tampered,
    /// The same JSON, spaced in another way: what a proxy makes of it that reads and writes it.
    Spaced,
    /// The same JSON in another form: spaced, its keys in another order, other characters than
    /// ASCII escaped. Nothing is wrong with it.
    OtherForm,
}

/// What is done to credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialDamage {
    /// Left out.
    Missing,
    /// There, and empty.
    Empty,
    /// Not even of the right form, and not empty.
    Malformed,
    /// Well-formed and not right: made with another secret, where they are a signature.
    Wrong,
    /// A signature made for another URL.
    OtherUrl,
    /// Two signatures, each in a header line of its own: a wrong one, then the right one.
    Doubled,
    /// A token of the receiver's own that has expired.
    Expired,
    /// A token that the receiver has revoked.
    Revoked,
    /// A token that the receiver gave to another client.
    OtherClient,
}
