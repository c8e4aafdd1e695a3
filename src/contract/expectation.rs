//! What can be expected, as data. It knows nothing of Gherkin, phrases or how it is judged.

use std::time::Duration;

/// Something that is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// Every webhook so far was accepted.
    EveryAccepted,
    /// The last webhook was answered so.
    Last(ExpectedAnswer),
    /// No answer so far was a 5xx.
    NoServerError,
    /// Every answer so far came in time.
    InTime,
    /// The last webhook took so many attempts.
    Attempts(u32),
    /// The receiver believes that a subject is in this state.
    State {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// The state, in the vendor's words.
        state: String,
        /// For how long, and what else is right.
        belief: Belief,
    },
    /// The receiver believes these fields.
    Fields {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// Field and value.
        fields: Vec<(String, String)>,
    },
    /// The receiver believes what the vendor knows.
    Truth {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The receiver does not know a subject, or not any more.
    NotKnown {
        /// Whose.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The count of effects is remembered.
    NoteEffects(String),
    /// The count of effects is as it was remembered.
    EffectsUnchanged(String),
    /// Two subjects have had the same effects.
    EffectsEqual(String, String),
    /// The endpoint is in this state.
    Endpoint(EndpointState),
    /// Something about the requests for tokens.
    Tokens(TokenExpectation),
    /// No request with a webhook was sent.
    NoWebhookSent,
    /// The last webhook is a dead letter.
    LastIsDeadLetter,
    /// So many webhooks are dead letters.
    DeadLetters(usize),
}

/// What is expected of the requests for tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenExpectation {
    /// So many were made.
    Count(usize),
    /// So many at the most.
    AtMost(usize),
    /// Each was accepted.
    EveryAccepted,
    /// The last one was answered so.
    Last(ExpectedAnswer),
    /// Each has these fields.
    EveryHas(Vec<(String, String)>),
    /// The last one was made so long after the one before it, in virtual time.
    Apart(Duration),
    /// Each webhook carried a token that had been asked for.
    NoneWithout,
}

/// When and for how long a receiver must believe something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// At some time before the deadline.
    Eventually,
    /// It must also go on believing it.
    Still,
    /// The same, but it may also not know the subject any more.
    OrUnknown,
}

/// Whether the vendor sends to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointState {
    /// The vendor sends to it.
    Active,
    /// The vendor sends nothing more to it.
    Deactivated,
}

/// How the last request should have been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedAnswer {
    /// Accepted.
    Accepted,
    /// Refused with a 4xx.
    Refused,
    /// Either: anything but a server error, a redirect, a time-out or a broken connection.
    Either,
}
