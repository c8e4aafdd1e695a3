//! One HTTP request to the receiver and its outcome.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::address::Method;

/// One HTTP request to the receiver and its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The kind of request.
    pub request: RequestKind,
    /// The delivery that it belongs to: the `seq` of its webhook.
    pub delivery: u64,
    /// 1 for the first attempt of a delivery. A duplicate made by a fault is an attempt of its own.
    pub number: u32,
    /// When it left, in virtual time.
    pub at: Timestamp,
    /// Its method.
    pub method: Method,
    /// Where it went, with the values of the query masked as `***`.
    pub url: String,
    /// The signed URL, if it differs, masked in the same way.
    pub signed_url: Option<String>,
    /// Its headers, with every secret masked as `***`.
    pub headers: Vec<(String, String)>,
    /// Its body as it was sent, with every secret masked as `***`.
    pub body: Bytes,
    /// The faults that struck it, in the words of the story.
    pub fault: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The answer, if one arrived.
    pub answer: Option<Answer>,
    /// From the first byte sent to the end of the answer (real time).
    pub took: Duration,
}

impl Attempt {
    /// Whether the receiver accepted it. The vendor does not know it if a fault took the answer.
    pub fn is_accepted_by_the_receiver(&self) -> bool {
        match self.outcome {
            Outcome::Accepted | Outcome::AcknowledgementLost => true,
            Outcome::ByGateway(_) => self.answer.is_some(),
            _ => false,
        }
    }
}

/// What a request to the receiver is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// It delivers a webhook.
    Webhook,
    /// It requests the token that the webhook will carry.
    Token,
    /// It revokes a token.
    Revocation,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Webhook, Self::Token, Self::Revocation];

    /// Its name in files and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Token => "token request",
            Self::Revocation => "revocation",
        }
    }
}

/// What the receiver answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, if it was sent and can be read.
    pub retry_after: Option<Duration>,
    /// The first bytes of the body (bounded; see `delivery`).
    pub body: Bytes,
    /// What it grants to a sender that asked for leave; None: nobody asked.
    pub granted: Option<Box<Granted>>,
}

/// What an answer grants to a sender that asked for leave (CloudEvents 1.0.2, HTTP 1.1 Web Hooks, section 4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Its `WebHook-Allowed-Origin`.
    pub origin: Option<String>,
    /// Its `WebHook-Allowed-Rate`.
    pub rate: Option<String>,
    /// Its `Allow`.
    pub methods: Option<String>,
}

/// How an attempt ended, as the vendor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer counts as accepted under the vendor's policy.
    Accepted,
    /// The receiver refused it: any 4xx.
    Refused,
    /// It failed in another way.
    Failed(Failure),
    /// A fault kept the request from ever reaching the receiver.
    NeverSent,
    /// The receiver accepted, and a fault kept the answer from the vendor.
    AcknowledgementLost,
    /// A gateway answered with this status (a fault). If the attempt also has an answer from the
    /// receiver, the receiver accepted, and the vendor does not know it.
    ByGateway(u16),
    /// A fault delayed the request until the vendor's time-out.
    TimedOutOnItsWay,
    /// Not sent, because the vendor has deactivated the endpoint. Only deliveries end this way.
    EndpointDeactivated,
}

/// Why an attempt is neither accepted nor refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A 5xx.
    ServerError,
    /// A 3xx; redirects are never followed. Has the `Location`, if there was one.
    Redirected(Option<String>),
    /// A status that this vendor does not count as accepted (a 204 where only 200 counts, a 1xx).
    UnexpectedStatus,
    /// Not sent, because this machine lacks what that takes: open files, ports, memory. Says which.
    Local(String),
    /// No connection: refused, unreachable, or not made in time.
    Unreachable(String),
    /// No complete answer in time.
    TimedOut,
    /// The connection ended before the answer did.
    ClosedEarly(String),
    /// What came back is not HTTP.
    Malformed(String),
    /// The answer is larger than Standin's limit.
    AnswerTooLarge,
    /// A fault cut the request off on purpose.
    CutOff,
    /// The answer to a token request was accepted but has no token. Says why.
    NoToken(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Refused => f.write_str("refused"),
            Self::Failed(failure) => failure.fmt(f),
            Self::NeverSent => f.write_str("never sent (a fault)"),
            Self::AcknowledgementLost => f.write_str("answer lost on its way back (a fault)"),
            Self::ByGateway(status) => write!(f, "answered {status} by a gateway (a fault)"),
            Self::TimedOutOnItsWay => f.write_str("timed out on its way (a fault)"),
            Self::EndpointDeactivated => f.write_str("not sent: the endpoint is deactivated"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerError => f.write_str("server error"),
            Self::Redirected(None) => f.write_str("redirect, not followed"),
            Self::Redirected(Some(location)) => write!(f, "redirect to {location}, not followed"),
            Self::UnexpectedStatus => f.write_str("a status that this vendor does not accept"),
            Self::Local(why) => write!(f, "not sent, by a fault of this machine: {why}"),
            Self::Unreachable(why) => write!(f, "unreachable: {why}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::ClosedEarly(why) => write!(f, "closed early: {why}"),
            Self::Malformed(why) => write!(f, "malformed answer: {why}"),
            Self::AnswerTooLarge => f.write_str("answer too large"),
            Self::CutOff => f.write_str("cut off on purpose (a fault)"),
            Self::NoToken(why) => write!(f, "no token: {why}"),
        }
    }
}

impl Outcome {
    /// The [`name`](Self::name) of every outcome.
    pub const NAMES: &[&str] = &[
        "accepted",
        "refused",
        "server-error",
        "redirected",
        "unexpected-status",
        "local-error",
        "unreachable",
        "timed-out",
        "closed-early",
        "malformed-answer",
        "answer-too-large",
        "cut-off",
        "no-token",
        "never-sent",
        "acknowledgement-lost",
        "by-gateway",
        "timed-out-on-its-way",
        "endpoint-deactivated",
    ];

    /// Reads an outcome back from its [`name`](Self::name) and [`detail`](Self::detail).
    pub fn read(name: &str, detail: Option<&str>) -> Option<Self> {
        let text = || detail.unwrap_or_default().to_owned();
        Some(match name {
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            "server-error" => Self::Failed(Failure::ServerError),
            "redirected" => Self::Failed(Failure::Redirected(detail.map(str::to_owned))),
            "unexpected-status" => Self::Failed(Failure::UnexpectedStatus),
            "local-error" => Self::Failed(Failure::Local(text())),
            "unreachable" => Self::Failed(Failure::Unreachable(text())),
            "timed-out" => Self::Failed(Failure::TimedOut),
            "closed-early" => Self::Failed(Failure::ClosedEarly(text())),
            "malformed-answer" => Self::Failed(Failure::Malformed(text())),
            "answer-too-large" => Self::Failed(Failure::AnswerTooLarge),
            "cut-off" => Self::Failed(Failure::CutOff),
            "no-token" => Self::Failed(Failure::NoToken(text())),
            "never-sent" => Self::NeverSent,
            "acknowledgement-lost" => Self::AcknowledgementLost,
            "by-gateway" => Self::ByGateway(detail?.parse().ok()?),
            "timed-out-on-its-way" => Self::TimedOutOnItsWay,
            "endpoint-deactivated" => Self::EndpointDeactivated,
            _ => return None,
        })
    }

    /// What the name leaves out: the reason, the status of a gateway, or where a redirect leads.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::ByGateway(status) => Some(status.to_string()),
            Self::Failed(
                Failure::Local(why)
                | Failure::Unreachable(why)
                | Failure::ClosedEarly(why)
                | Failure::Malformed(why)
                | Failure::NoToken(why),
            ) => Some(why.clone()),
            Self::Failed(Failure::Redirected(location)) => location.clone(),
            _ => None,
        }
    }

    /// Whether the receiver is responsible for it. The effect of a fault says nothing about the
    /// receiver, nor does what this machine lacks.
    pub fn is_the_receivers(&self) -> bool {
        match self {
            Self::Accepted | Self::Refused => true,
            Self::Failed(Failure::CutOff | Failure::Local(_)) => false,
            Self::Failed(_) => true,
            Self::NeverSent
            | Self::AcknowledgementLost
            | Self::ByGateway(_)
            | Self::TimedOutOnItsWay
            | Self::EndpointDeactivated => false,
        }
    }

    /// A short stable name, for files that other programs read.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Failed(Failure::ServerError) => "server-error",
            Self::Failed(Failure::Redirected(_)) => "redirected",
            Self::Failed(Failure::UnexpectedStatus) => "unexpected-status",
            Self::Failed(Failure::Local(_)) => "local-error",
            Self::Failed(Failure::Unreachable(_)) => "unreachable",
            Self::Failed(Failure::TimedOut) => "timed-out",
            Self::Failed(Failure::ClosedEarly(_)) => "closed-early",
            Self::Failed(Failure::Malformed(_)) => "malformed-answer",
            Self::Failed(Failure::AnswerTooLarge) => "answer-too-large",
            Self::Failed(Failure::CutOff) => "cut-off",
            Self::Failed(Failure::NoToken(_)) => "no-token",
            Self::NeverSent => "never-sent",
            Self::AcknowledgementLost => "acknowledgement-lost",
            Self::ByGateway(_) => "by-gateway",
            Self::TimedOutOnItsWay => "timed-out-on-its-way",
            Self::EndpointDeactivated => "endpoint-deactivated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outcome behind this one, so that none can be left out; none behind the last.
    fn next(outcome: &Outcome) -> Option<Outcome> {
        let why = String::new;
        let failed = |failure| Some(Outcome::Failed(failure));
        match outcome {
            Outcome::Accepted => Some(Outcome::Refused),
            Outcome::Refused => failed(Failure::ServerError),
            Outcome::Failed(failure) => match failure {
                Failure::ServerError => failed(Failure::Redirected(Some(why()))),
                Failure::Redirected(_) => failed(Failure::UnexpectedStatus),
                Failure::UnexpectedStatus => failed(Failure::Local(why())),
                Failure::Local(_) => failed(Failure::Unreachable(why())),
                Failure::Unreachable(_) => failed(Failure::TimedOut),
                Failure::TimedOut => failed(Failure::ClosedEarly(why())),
                Failure::ClosedEarly(_) => failed(Failure::Malformed(why())),
                Failure::Malformed(_) => failed(Failure::AnswerTooLarge),
                Failure::AnswerTooLarge => failed(Failure::CutOff),
                Failure::CutOff => failed(Failure::NoToken(why())),
                Failure::NoToken(_) => Some(Outcome::NeverSent),
            },
            Outcome::NeverSent => Some(Outcome::AcknowledgementLost),
            Outcome::AcknowledgementLost => Some(Outcome::ByGateway(502)),
            Outcome::ByGateway(_) => Some(Outcome::TimedOutOnItsWay),
            Outcome::TimedOutOnItsWay => Some(Outcome::EndpointDeactivated),
            Outcome::EndpointDeactivated => None,
        }
    }

    #[test]
    fn every_outcome_is_among_the_names_and_is_read_back() {
        let all = std::iter::successors(Some(Outcome::Accepted), next);
        let names: Vec<&str> = all
            .map(|outcome| {
                let name = outcome.name();
                assert_eq!(Outcome::read(name, outcome.detail().as_deref()), Some(outcome));
                name
            })
            .collect();
        assert_eq!(names, Outcome::NAMES);
    }
}
