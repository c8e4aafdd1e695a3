//! Faults as data: what goes wrong with a delivery on purpose. The room `policy` has their phrases
//! and what they do to a request.

use std::time::Duration;

use super::RequestKind;

/// A rule: which webhooks, and what happens to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which webhooks it strikes.
    pub which: Which,
    /// What it does to them.
    pub effect: Effect,
    /// The rule in the words of the story.
    pub text: String,
}

/// Which webhooks a fault strikes: those that meet all of these conditions.
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
        /// With this `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Delivered, but the vendor sees this status of a gateway in place of the answer.
    AnswerReplaced(u16),
    /// Never delivered: a gateway answers 200 with this body in place of the receiver.
    AnswerBody(String),
    /// Never delivered: the vendor waits for an answer until it times out.
    TimedOut,
    /// Connection reset in the middle of the body.
    Reset,
    /// Body sent slowly, over this long (real time).
    Slow(Duration),
    /// Delivered, and the vendor closes the connection this long afterwards (real time).
    HangUp(Duration),
    /// Sent in another form that means the same.
    Form(WireForm),
    /// Body changed before it is signed, as if the vendor had made it so.
    Body(BodyDamage),
    /// Body changed after it was signed, as if somebody on the way had done it.
    AfterSigning(BodyDamage),
    /// Another content type.
    ContentType(String),
    /// Credentials changed.
    Credentials(CredentialDamage),
}

/// A form of a request that means the same as the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireForm {
    /// In HTTP/1.0.
    Http10,
    /// With a body in chunks instead of a length (RFC 9112, section 7.1).
    Chunked,
    /// With the names of headers in lower case.
    LowerCase,
    /// With the names of headers in upper case.
    UpperCase,
    /// With a body that is compressed (`Content-Encoding: gzip`, RFC 9110, section 8.4.1.3). A receiver may refuse
    /// it.
    Gzip,
    /// The body follows when the receiver asks for it (`Expect: 100-continue`, RFC 9110, section 10.1.1), or
    /// after a second.
    Expecting,
    /// On a connection that other requests have used before it (RFC 9112, section 9.3), if one is open.
    Persistent,
}

/// What is done to a body.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyDamage {
    /// Cut off after two thirds.
    Truncated,
    /// No longer JSON.
    InvalidJson,
    /// No longer UTF-8.
    BrokenUtf8,
    /// With a byte order mark before it, which JSON must not have (RFC 8259, section 8.1).
    ByteOrderMark,
    /// Padded to this many bytes with an extra field.
    Grown(usize),
    /// With the name of another trigger.
    Trigger(String),
    /// The field at this dotted path taken out.
    Without(String),
    /// The field at this dotted path set to this JSON value.
    With(String, serde_json::Value),
    /// One value changed. It is still JSON with the same fields.
    Tampered,
    /// The same JSON with other white space, as a proxy that parses and rewrites it would send.
    Spaced,
    /// The same JSON with other white space, another order of keys and escaped non-ASCII characters.
    /// It is as valid as before.
    OtherForm,
}

/// What is done to credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialDamage {
    /// Left out.
    Missing,
    /// Present and empty.
    Empty,
    /// Not empty and not of the right form.
    Malformed,
    /// Well-formed and wrong. A signature is made with another secret.
    Wrong,
    /// A signature made for another URL.
    OtherUrl,
    /// Two signatures, each in a header line of its own: a wrong one, then the right one.
    Doubled,
    /// An expired token that the receiver issued.
    Expired,
    /// A token that the receiver has revoked.
    Revoked,
    /// A token that the receiver issued to another client.
    OtherClient,
    /// The right credentials but for something small.
    Nearly(Near),
    /// The right signature of another body.
    OtherBody,
    /// A token request for another grant type.
    OtherGrant,
    /// A token request with the id of a client that does not exist.
    UnknownClient,
    /// A token request whose secret is in another field of the form.
    OtherField,
    /// The right signature for a time of sending that is this many seconds later, or earlier if negative.
    Moved(i64),
    /// A token request with an assertion that is rightly signed, and wrong.
    Assertion(AssertionDamage),
    /// A time of sending that is newer than the signed one.
    OtherTime,
    /// Another id than the signed one.
    OtherId,
    /// No time of sending.
    NoTime,
    /// No id.
    NoId,
    /// Behind the right signature, in the same header, one that is made with another key.
    WithOlderKey,
    /// Before the right signature, in the same header, one that is made with another key.
    WithNewerKey,
    /// Of several fixed headers only the first one, by name, is wrong.
    FirstWrong,
    /// Of several fixed headers only the last one, by name, is wrong.
    LastWrong,
}

/// What is wrong with an assertion (RFC 7523, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionDamage {
    /// It has expired.
    Expired,
    /// It never expires.
    Endless,
    /// It is for somebody else.
    Audience,
    /// Somebody else issued it.
    Issuer,
    /// It is about somebody else.
    Subject,
    /// It is not signed: the algorithm is `none`.
    Unsigned,
    /// It was used before: the same request is sent again.
    Used,
}

/// What distinguishes credentials from the right ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// The first character.
    First,
    /// A character in the middle.
    Middle,
    /// The last character.
    Last,
    /// The case of a letter.
    Case,
    /// An equals sign more at the end, as base64 is padded.
    Padded,
    /// The second half is missing.
    Shorter,
    /// A character more at the end.
    Longer,
}

impl Near {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::First,
        Self::Middle,
        Self::Last,
        Self::Case,
        Self::Padded,
        Self::Shorter,
        Self::Longer,
    ];
}
