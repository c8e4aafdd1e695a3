//! What scenarios of the contract of a sender need of it.

use crate::model::signature::{Signature, SignedPart};
use crate::policy::handshake::HandshakeAnswer;
use crate::policy::header::{FORM, JSON, is_of_type};
use crate::policy::verify::signs_url;

/// What a sender is like, as far as scenarios depend on it.
pub struct Traits<'a> {
    /// How it signs, if it signs.
    pub signature: Option<&'a Signature>,
    /// Whether it sends a token.
    pub token: bool,
    /// What it wants as the answer to its handshake, if it has one.
    pub handshake: Option<HandshakeAnswer>,
    /// The content type of its events.
    pub content_type: &'a str,
}

impl Traits<'_> {
    /// Whether it signs, and its signature has this.
    fn signs(&self, has: impl Fn(&Signature) -> bool) -> bool {
        self.signature.is_some_and(has)
    }

    /// Whether it signs the bytes of its bodies. The hash of a form is not in its URL.
    fn signs_body(&self) -> bool {
        self.signs(|one| covers(one, SignedPart::Body))
            || !self.sends_form() && self.signs(|one| one.body_hash.is_some())
    }

    fn sends_form(&self) -> bool {
        self.sends(FORM)
    }

    fn sends(&self, media_type: &str) -> bool {
        is_of_type(self.content_type, media_type)
    }
}

/// The tag of scenarios that need something of a sender, and whether a sender has it.
pub type Need = (&'static str, fn(&Traits<'_>) -> bool);

/// All that scenarios need.
pub const NEEDS: &[Need] = &[
    ("signs-url", |one| one.signs(signs_url)),
    ("signs-body", |one| one.signs_body()),
    ("signs-content", |one| {
        one.signs_body() || one.sends_form() && one.signs(|it| covers(it, SignedPart::Form))
    }),
    ("signs-time", |one| one.signs(|it| covers(it, SignedPart::Timestamp))),
    ("signs-id", |one| one.signs(|it| covers(it, SignedPart::Id))),
    ("tolerates", |one| one.signs(|it| it.tolerance_s.is_some())),
    ("two-keys", |one| one.signs(|it| it.joined_by.is_some())),
    ("sends-token", |one| one.token),
    ("content-json", |one| one.sends(JSON)),
    ("content-form", |one| one.sends_form()),
    ("form-body", |one| one.sends_form()),
    ("json-body", |one| !one.sends_form()),
    ("content-cloudevents", |one| one.sends("application/cloudevents+json")),
    // GitHub's ping would be a form, too, and Standin has it in JSON only.
    ("pings", |one| one.handshake == Some(HandshakeAnswer::Accepted) && !one.sends_form()),
    ("challenges", |one| one.handshake == Some(HandshakeAnswer::Challenge)),
    ("asks-leave", |one| one.handshake == Some(HandshakeAnswer::Leave)),
];

fn covers(signature: &Signature, part: SignedPart) -> bool {
    signature.over.contains(&part)
}
