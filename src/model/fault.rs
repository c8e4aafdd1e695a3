//! Something wrong done on purpose to a delivery, as data. How it is said and what it does to a
//! request is in the room `policy`.

use std::time::Duration;

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
    /// Connection reset in the middle of the body.
    Reset,
    /// Body sent bit by bit over this long a time (real time).
    Slow(Duration),
    /// Body changed.
    Body(BodyDamage),
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
}

/// What is done to credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialDamage {
    /// Left out.
    Missing,
    /// Well-formed and not right.
    Wrong,
    /// Not even well-formed.
    Malformed,
}
