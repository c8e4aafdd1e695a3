//! Sends one request and classifies its result.
//!
//! Any receiver, however broken, ends in a classified [`Outcome`] within the policy's time-out and
//! in bounded memory. Redirects are never followed, proxies never used, and no host outside
//! loopback is contacted unless it was allowed by name.
//!
//! Which requests are sent, and when, is decided in `run`.

pub mod classify;
pub mod client;
pub mod connection;
pub mod cut;
mod form;
mod limit;
pub mod location;
mod lull;
pub mod pace;
pub mod resolve;
mod secrets;
mod spelling;
pub mod target;
pub mod trust;

use std::borrow::Cow;
use std::io::ErrorKind;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future;
use hyper::header::{HeaderMap, LOCATION, RETRY_AFTER};
use url::Url;
use uuid::Uuid;

pub use client::Client;
pub use limit::ANSWER_LIMIT;
pub use pace::Pace;
pub use secrets::Secrets;
pub use target::{Allowed, TargetProblem};
pub use trust::Trust;

/// The HTTP client cannot be built: the platform's certificates cannot be read.
pub type ClientError = rustls::Error;

use self::client::{Answering, Connections, HeaderCase, LATE_REFUSAL};
use self::lull::Lull;
use self::resolve::Family;
use crate::clock::{self, Stopwatch};
use crate::model::address::Method;
use crate::model::fault::WireForm;
use crate::model::{Answer, Authentication, Failure, Granted, Outcome, Policy, RequestKind};
use crate::policy::assertion::Made;
use crate::policy::judge::judge;
use crate::policy::url::lacking;
use crate::policy::wire::{SendMode, SendResult};
use crate::policy::{Request, header, token};

/// The most bytes of an answer that are kept.
pub const ANSWER_KEPT: usize = 20_000;

/// Why nothing can be sent to a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotListening {
    /// Nothing accepts connections there, perhaps not yet.
    Yet(String),
    /// What is there cannot be spoken to. To wait is of no use.
    Wrong(String),
}

/// Sends requests.
#[derive(Clone, Debug)]
pub struct Sender {
    client: Client,
    connect_within: Duration,
    allowed: Allowed,
    trust: Trust,
    secrets: Secrets,
    pace: Pace,
    lull: Lull,
}

impl Sender {
    /// A sender that gives up connecting after this long, and trusts the platform's authorities.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn new(connect_within: Duration, allowed: Allowed) -> Result<Self, ClientError> {
        Self::trusting(Trust::default(), connect_within, allowed)
    }

    /// The same, with authorities of the user.
    ///
    /// # Errors
    /// If the certificates cannot be used.
    pub fn trusting(
        trust: Trust,
        connect_within: Duration,
        allowed: Allowed,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            client: Client::new(&trust, connect_within)?,
            connect_within,
            allowed,
            trust,
            secrets: Secrets::default(),
            pace: Pace::default(),
            lull: Lull::default(),
        })
    }

    /// The same, and no answer shows one of these secrets.
    #[must_use]
    pub fn keeping(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// The same, at this pace.
    #[must_use]
    pub fn pacing(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same, over connections of this kind, to addresses of this family.
    #[must_use]
    pub fn connecting(self, connections: Connections, family: Family) -> Self {
        Self { client: self.client.connecting(connections, family), ..self }
    }

    /// The same, with none of the connections that were kept so far. The pace is shared.
    #[must_use]
    pub fn with_own_connections(self) -> Self {
        Self { client: self.client.with_own_connections(), ..self }
    }

    /// Whether its requests wait for each other.
    pub fn is_paced(&self) -> bool {
        self.pace.has_limits()
    }

    /// The addresses that it uses.
    pub fn family(&self) -> Family {
        self.client.family()
    }

    /// What no answer may show.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Whom it trusts.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Where it may send requests.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Checks that something accepts connections at a URL, with TLS if it has that. Sends no request.
    ///
    /// # Errors
    /// Why not, within this time.
    pub async fn listens(&self, url: &str, within: Duration) -> Result<(), NotListening> {
        let url = Url::parse(url).map_err(|error| NotListening::Wrong(error.to_string()))?;
        let late = || format!("no connection within {within:?}");
        let stream = match tokio::time::timeout(within, self.client.tcp(&url)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) if error.kind() == ErrorKind::AddrNotAvailable => {
                return Err(NotListening::Wrong(error.to_string()));
            }
            Ok(Err(error)) => return Err(NotListening::Yet(error.to_string())),
            Err(_) => return Err(NotListening::Yet(late())),
        };
        match tokio::time::timeout(within + LATE_REFUSAL, self.client.greet(&url, stream)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Failure::Unreachable(why) | Failure::ClosedEarly(why))) => {
                Err(NotListening::Wrong(why))
            }
            Ok(Err(other)) => Err(NotListening::Wrong(other.to_string())),
            Err(_) => Err(NotListening::Yet(late())),
        }
    }

    /// Sends a request of this kind and waits for its result. An accepted answer to a token request
    /// is a failure if it has no token. Secrets that an answer repeats are masked.
    pub async fn send(
        &self,
        kind: RequestKind,
        request: &Request,
        mode: SendMode,
        policy: &Policy,
    ) -> SendResult {
        let request = &*request.made(made_now);
        if mode == SendMode::Again {
            // What counts is the answer to the same request when it comes again.
            self.send_unmasked(kind, request, mode, policy).await;
        }
        let result = self.send_unmasked(kind, request, mode, policy).await;
        masked(kind, request, policy, &self.secrets, result)
    }

    /// Sends a request. The result is not masked: it may repeat secrets.
    async fn send_unmasked(
        &self,
        kind: RequestKind,
        request: &Request,
        mode: SendMode,
        policy: &Policy,
    ) -> SendResult {
        let turn = self.pace.turn().await;
        let watch = Stopwatch::start();
        let (outcome, answer) = match self.target(request) {
            Err(failure) => (Outcome::Failed(failure), None),
            Ok(url) => {
                let exchange = self.exchange(&url, request, mode, policy);
                tokio::time::timeout(policy.answer_within + mode.longer(), exchange)
                    .await
                    .unwrap_or((Outcome::Failed(Failure::TimedOut), None))
            }
        };
        let took = mode.latency(watch.elapsed()).as_micros();
        let took = Duration::from_micros(u64::try_from(took).unwrap_or(u64::MAX));
        if kind == RequestKind::Webhook && outcome == Outcome::Accepted {
            self.lull.note(took);
        }
        if let SendMode::HangUp(_) = mode {
            let _ = tokio::time::timeout(self.lull.length(), future::pending::<()>()).await;
        }
        drop(turn);
        if let Some(answer) = &answer {
            self.pace.heed(answer.status, answer.retry_after);
        }
        SendResult { outcome, answer, took, token: None }
    }

    /// Where a request goes, if it may and its URL is whole.
    fn target(&self, request: &Request) -> Result<Url, Failure> {
        let url = self.allowed.check(&request.address.sent);
        let url = url.map_err(|problem| Failure::Unreachable(problem.to_string()))?;
        match lacking(url.as_str()) {
            None => Ok(url),
            Some(name) => Err(Failure::Local(format!(
                "a journal keeps no secret, so the value of `{name}` in its URL is lost: register \
                 the URL again, or write one with `{name}` into `deliver` in standin.yaml"
            ))),
        }
    }

    async fn exchange(
        &self,
        url: &Url,
        request: &Request,
        mode: SendMode,
        policy: &Policy,
    ) -> (Outcome, Option<Answer>) {
        if mode == SendMode::Reset {
            return (cut::reset(&self.client, url, request, self.connect_within).await, None);
        }
        let make = || form::make(request, mode).map_err(|error| Failure::Local(error.to_string()));
        let sent = match mode {
            SendMode::HangUp(after) => {
                let cut = match make() {
                    Ok(asked) => self.client.hang_up(url, asked, after).await,
                    Err(failure) => Err(failure),
                };
                let cut = cut.map(|()| Failure::CutOff);
                return (Outcome::Failed(cut.unwrap_or_else(|failure| failure)), None);
            }
            SendMode::As(WireForm::LowerCase) => match make() {
                Ok(asked) => self.client.send_with(HeaderCase::Lower, url, asked).await,
                Err(failure) => Err(failure),
            },
            SendMode::As(WireForm::Persistent) => {
                self.client.send_over(Connections::Persistent, url, make).await
            }
            SendMode::Whole | SendMode::Again => self.client.send(url, make).await,
            _ => self.client.send_over(Connections::New, url, make).await,
        };
        match sent {
            Err(failure) => (Outcome::Failed(failure), None),
            Ok(answering) => {
                let asks = request.address.form.method == Method::Options;
                let granted = asks.then(|| Box::new(granted(&answering.headers)));
                let (outcome, answer) = read(answering, policy, &self.secrets).await;
                (outcome, answer.map(|answer| Answer { granted, ..answer }))
            }
        }
    }
}

/// What an assertion says of now.
#[expect(clippy::disallowed_methods, reason = "a receiver may remember ids longer than a run")]
pub fn made_now() -> Made {
    Made { at: clock::real_time(), id: Uuid::new_v4().to_string() }
}

/// The result of a request of this kind without the secrets that its answer repeats. An accepted answer
/// to a token request is a failure if it has no token.
pub fn masked(
    kind: RequestKind,
    request: &Request,
    policy: &Policy,
    secrets: &Secrets,
    mut result: SendResult,
) -> SendResult {
    if kind == RequestKind::Token {
        return asked(request, policy, secrets, result);
    }
    if let (Some(answer), Authentication::Token(_)) = (&mut result.answer, &policy.authentication) {
        answer.body = token::masked_prose(&answer.body);
    }
    shown(request, policy, secrets, result)
}

/// The result of a token request, with the token in its answer.
fn asked(
    request: &Request,
    policy: &Policy,
    secrets: &Secrets,
    mut result: SendResult,
) -> SendResult {
    let accepted = result.answer.as_ref().filter(|_| result.outcome == Outcome::Accepted);
    let token = match accepted.map(|answer| token::read(&answer.body)) {
        Some(Err(why)) => {
            result.outcome = Outcome::Failed(Failure::NoToken(why));
            None
        }
        Some(Ok(token)) => Some(token),
        None => None,
    };
    if let Some(token) = &token {
        secrets.issued(&token.secret);
    }
    if let Some(answer) = &mut result.answer {
        answer.body = token::masked(&answer.body, &result.outcome);
    }
    // The answer may repeat the token in a text that is shown.
    let mut request = request.clone();
    request.secrets.extend(token.iter().map(|token| token.secret.clone()));
    SendResult { token, ..shown(&request, policy, secrets, result) }
}

/// The result of a request with its secrets masked, and its body cut to what is kept.
fn shown(request: &Request, policy: &Policy, secrets: &Secrets, result: SendResult) -> SendResult {
    let own = request.needles(&policy.authentication);
    let answer = result.answer.map(|answer| {
        let body = secrets.without(answer.body, &own);
        let without = |text: String| {
            String::from_utf8_lossy(&secrets.without(text.into(), &own)).into_owned()
        };
        let granted = answer.granted.map(|granted| {
            let Granted { origin, rate, methods } = *granted;
            let [origin, rate, methods] = [origin, rate, methods].map(|one| one.map(without));
            Box::new(Granted { origin, rate, methods })
        });
        let body = Bytes::copy_from_slice(&body[..body.len().min(ANSWER_KEPT)]);
        Answer { body, granted, ..answer }
    });
    // What says why something failed may quote the answer.
    let mut outcome = result.outcome;
    if let Outcome::Failed(
        Failure::Redirected(Some(said))
        | Failure::Unreachable(said)
        | Failure::ClosedEarly(said)
        | Failure::Malformed(said)
        | Failure::NoToken(said),
    ) = &mut outcome
    {
        let masked = secrets.without(std::mem::take(said).into(), &own);
        *said = String::from_utf8_lossy(&masked).into_owned();
    }
    SendResult { answer, outcome, ..result }
}

/// Reads an answer up to the limit.
async fn read(
    mut answering: Answering,
    policy: &Policy,
    secrets: &Secrets,
) -> (Outcome, Option<Answer>) {
    let status = answering.status;
    let retry_after = answering
        .headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(header::retry_after);
    let mut body = BytesMut::new();
    let answer =
        |body: BytesMut| Some(Answer { status, retry_after, body: body.freeze(), granted: None });
    loop {
        match answering.piece().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                return (Outcome::Failed(Failure::AnswerTooLarge), answer(body));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => {
                let outcome = match judge(policy.accepted, status) {
                    Outcome::Failed(Failure::Redirected(_)) => redirected(&answering, secrets),
                    outcome => outcome,
                };
                return (outcome, answer(body));
            }
            Err(failure) => return (Outcome::Failed(failure), answer(body)),
        }
    }
}

/// What the headers of an answer grant.
fn granted(headers: &HeaderMap) -> Granted {
    // A header that comes in several lines is a list.
    let of = |name: &str| {
        let values = headers.get_all(name).iter();
        let texts: Vec<Cow<'_, str>> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    Granted {
        origin: of("webhook-allowed-origin"),
        rate: of("webhook-allowed-rate"),
        methods: of("allow"),
    }
}

/// The outcome of an answer that leads elsewhere.
fn redirected(answering: &Answering, secrets: &Secrets) -> Outcome {
    let location = answering.headers.get(LOCATION);
    let location = location.map(|value| location::shown(value.as_bytes(), secrets));
    Outcome::Failed(Failure::Redirected(location))
}
