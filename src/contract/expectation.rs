//! Expectations as data. This file knows nothing of Gherkin, phrases or judging.

use std::time::Duration;

use crate::model::Webhook;

/// An expectation.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// Every webhook so far was accepted.
    EveryAccepted,
    /// A webhook was answered like this.
    Answer(Which, ExpectedAnswer),
    /// The answer to the last webhook repeats the challenge in it.
    ChallengeRepeated,
    /// The answer to the last request for leave to send is like this.
    Leave(ExpectedLeave),
    /// No answer so far was a 5xx.
    NoServerError,
    /// Every answer so far came in time.
    InTime,
    /// The last webhook took this many attempts.
    Attempts(u32),
    /// The receiver believes that a subject is in this state.
    State {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// The state, in the vendor's words.
        state: String,
        /// For how long, and whether a 404 is right too.
        belief: Belief,
    },
    /// The receiver believes these fields.
    Fields {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// Field and value.
        fields: Vec<(String, String)>,
    },
    /// The receiver believes what the vendor knows.
    Truth {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The receiver does not know a subject, or no longer.
    NotKnown {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// The count of effects is remembered.
    NoteEffects(String),
    /// The count of effects has not changed since it was remembered.
    EffectsUnchanged(String),
    /// Two subjects have had the same effects.
    EffectsEqual(String, String),
    /// The endpoint is in this state.
    Endpoint(EndpointState),
    /// An expectation about token requests.
    Tokens(TokenExpectation),
    /// No request with a webhook was sent.
    NoWebhookSent,
    /// The last webhook is a dead letter.
    LastIsDeadLetter,
    /// This many webhooks are dead letters.
    DeadLetters(usize),
    /// An expectation about calls of the vendor's API.
    Api(ApiExpectation),
}

/// What the answer to a request for leave to send is like (CloudEvents 1.0.2, HTTP 1.1 Web Hooks, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedLeave {
    /// It allows the origin that asks, by its name or with all others.
    Given,
    /// It gives no leave; or it allows the origin that asks, and says how many requests.
    GivenWholeOrNot,
    /// It says that POST is allowed.
    OfPost,
}

impl Expectation {
    /// Whether the receiver must refuse a request.
    pub fn is_of_refusal(&self) -> bool {
        matches!(
            self,
            Self::Answer(_, ExpectedAnswer::Refused)
                | Self::Tokens(TokenExpectation::Last(ExpectedAnswer::Refused))
        )
    }
}

/// Which webhook an expectation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The last one, of any trigger.
    Last,
    /// The last one of a trigger about a subject.
    Of {
        /// The vendor's name for the trigger.
        trigger: String,
        /// The subject's name.
        who: String,
    },
}

impl Which {
    /// Whether it can be this webhook.
    pub fn is(&self, webhook: &Webhook) -> bool {
        match self {
            Self::Last => true,
            Self::Of { trigger, who } => {
                webhook.trigger == *trigger && webhook.name.as_deref() == Some(who)
            }
        }
    }
}

/// An expectation about token requests.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenExpectation {
    /// This many were made.
    Count(usize),
    /// At most this many were made.
    AtMost(usize),
    /// Each was accepted.
    EveryAccepted,
    /// The last one was answered like this.
    Last(ExpectedAnswer),
    /// Each has these fields.
    EveryHas(Vec<(String, String)>),
    /// The last two are this far apart, in virtual time.
    Apart(Duration),
    /// Each webhook carried a token from an earlier token request.
    NoneWithout,
}

/// An expectation about calls of the vendor's API.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiExpectation {
    /// The receiver has read a subject.
    Read {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
        /// The title of the vendor.
        vendor: String,
    },
    /// It has read it since the last webhook about it began to be sent.
    ReadAfterLast {
        /// The subject's name.
        who: String,
        /// Which kind of subject.
        kind: String,
    },
    /// It has registered an endpoint for this trigger.
    Subscribed(String),
    /// It has made this many calls.
    Calls(usize),
    /// It has made at most this many.
    CallsAtMost(usize),
}

/// When and for how long a receiver must believe something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// At some point before the deadline.
    Eventually,
    /// The same, and it must keep believing it.
    Still,
    /// The same, but it may also no longer know the subject.
    OrUnknown,
}

/// Whether the vendor sends to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointState {
    /// The vendor sends to it.
    Active,
    /// The vendor no longer sends to it.
    Deactivated,
}

/// How the last request should have been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedAnswer {
    /// Accepted.
    Accepted,
    /// Refused with a 4xx.
    Refused,
    /// Either of them: no server error, redirect, time-out or broken connection.
    Either,
}
