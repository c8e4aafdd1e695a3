//! Carries out one attempt: bytes on the wire, and what came of them.
//!
//! Any receiver, however broken, ends in a classified [`Outcome`] within the policy's time-out and
//! in bounded memory. Redirects are never followed, proxies never used, and no host outside
//! loopback is spoken to unless it was allowed by name.
//!
//! Which attempts are made, and when, is not decided here but in `engine`.

pub mod classify;
pub mod cut;
pub mod target;
pub mod tokens;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::stream;
use reqwest::header::{CONTENT_LENGTH, RETRY_AFTER};

pub use target::{Allowed, TargetProblem};
pub use tokens::{Denied, Tokens};

/// Why there is no HTTP client: the platform's certificates cannot be read.
pub type ClientError = reqwest::Error;

use crate::clock::Stopwatch;
use crate::model::{Answer, Authentication, Failure, Outcome, Policy};
use crate::policy::Request;
use crate::policy::judge::judge;
use crate::policy::token::{self, Token};

/// How much of an answer's body is read: a vendor looks at the status, a person at the start.
pub const ANSWER_LIMIT: usize = 256 * 1024;

/// How much of it is kept.
pub const ANSWER_KEPT: usize = 20_000;

/// In how many pieces a slow body is sent.
const PIECES: u32 = 20;

/// How the bytes are put on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As any client would.
    Whole,
    /// The body bit by bit over this long a time.
    Slow(Duration),
    /// The connection is reset after half of the body.
    Reset,
}

impl Manner {
    /// How long sending takes on purpose.
    fn takes(self) -> Duration {
        match self {
            Self::Slow(over) => over,
            Self::Whole | Self::Reset => Duration::ZERO,
        }
    }
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// As the vendor sees it.
    pub outcome: Outcome,
    /// The answer, if one arrived.
    pub answer: Option<Answer>,
    /// How long it took.
    pub took: Duration,
}

/// Sends requests.
#[derive(Clone, Debug)]
pub struct Courier {
    client: reqwest::Client,
    connect_within: Duration,
    allowed: Allowed,
}

impl Courier {
    /// A courier that gives up connecting after this long.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn new(connect_within: Duration, allowed: Allowed) -> Result<Self, reqwest::Error> {
        Ok(Self { client: client(connect_within)?, connect_within, allowed })
    }

    /// Sends a request in this manner and waits for what comes of it.
    pub async fn carry(&self, request: &Request, manner: Manner, policy: &Policy) -> Carried {
        let mut carried = self.carry_unmasked(request, manner, policy).await;
        if let (Some(answer), Authentication::Token(_)) =
            (&mut carried.answer, &policy.authentication)
        {
            answer.body = token::masked_prose(&answer.body);
        }
        shown(request, policy, carried)
    }

    /// Asks for a token in this manner: what came of it, and the token if there is one. An answer
    /// that is welcome and gives none is a failure.
    pub async fn ask(
        &self,
        request: &Request,
        manner: Manner,
        policy: &Policy,
    ) -> (Carried, Option<Token>) {
        let mut carried = self.carry_unmasked(request, manner, policy).await;
        let welcome = carried.answer.as_ref().filter(|_| carried.outcome == Outcome::Accepted);
        let token = match welcome.map(|answer| token::read(&answer.body)) {
            Some(Err(why)) => {
                carried.outcome = Outcome::Failed(Failure::NoToken(why));
                None
            }
            Some(Ok(token)) => Some(token),
            None => None,
        };
        if let Some(answer) = &mut carried.answer {
            answer.body = token::masked(&answer.body, &carried.outcome);
        }
        // It may say its token once more, in a text that is shown.
        let mut request = request.clone();
        request.secrets.extend(token.iter().map(|token| token.secret.clone()));
        (shown(&request, policy, carried), token)
    }

    /// What came of a request, with everything that the receiver repeats of the secrets.
    async fn carry_unmasked(&self, request: &Request, manner: Manner, policy: &Policy) -> Carried {
        let watch = Stopwatch::start();
        let (outcome, answer) = match self.allowed.check(&request.address.sent) {
            Err(problem) => (Outcome::Failed(Failure::Unreachable(problem.to_string())), None),
            Ok(url) => {
                let exchange = self.exchange(&url, request, manner, policy);
                tokio::time::timeout(policy.answer_within + manner.takes(), exchange)
                    .await
                    .unwrap_or((Outcome::Failed(Failure::TimedOut), None))
            }
        };
        // How long we took to send is not the receiver's.
        Carried { outcome, answer, took: watch.elapsed().saturating_sub(manner.takes()) }
    }

    async fn exchange(
        &self,
        url: &url::Url,
        request: &Request,
        manner: Manner,
        policy: &Policy,
    ) -> (Outcome, Option<Answer>) {
        if manner == Manner::Reset {
            return (cut::reset(url, request, self.connect_within).await, None);
        }
        let mut builder = self.client.post(url.clone());
        for header in &request.headers {
            builder = builder.header(&header.name, header.value.reveal());
        }
        let builder = match manner {
            Manner::Slow(over) => builder
                .header(CONTENT_LENGTH, request.body.len())
                .body(trickle(request.body.clone(), over)),
            _ => builder.body(request.body.clone()),
        };
        match builder.send().await {
            Err(error) => (Outcome::Failed(classify::failure(&error)), None),
            Ok(response) => read(response, policy).await,
        }
    }
}

/// What may be shown of what came of a request, and no more of it than is kept.
fn shown(request: &Request, policy: &Policy, carried: Carried) -> Carried {
    let answer = carried.answer.map(|answer| {
        let body = request.without_secrets(&policy.authentication, answer.body);
        Answer { body: Bytes::copy_from_slice(&body[..body.len().min(ANSWER_KEPT)]), ..answer }
    });
    Carried { answer, ..carried }
}

/// A client that does nothing on its own: no redirects, no proxy, a new connection for each
/// request, so that a receiver that closes idle connections is not blamed for it.
///
/// # Errors
/// If the platform's certificates cannot be read.
pub fn client(connect_within: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // The first provider wins; that one is there already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("standin/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_within)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
}

/// Reads an answer up to the limit.
async fn read(mut response: reqwest::Response, policy: &Policy) -> (Outcome, Option<Answer>) {
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok())
        .map(Duration::from_secs);
    let mut body = BytesMut::new();
    let answer = |body: BytesMut| Some(Answer { status, retry_after, body: body.freeze() });
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                return (Outcome::Failed(Failure::AnswerTooLarge), answer(body));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (judge(policy.accepted, status), answer(body)),
            Err(error) => return (Outcome::Failed(classify::failure(&error)), answer(body)),
        }
    }
}

/// A body in pieces with pauses between them.
fn trickle(body: Bytes, over: Duration) -> reqwest::Body {
    let size = body.len().div_ceil(PIECES as usize).max(1);
    let pause = over / PIECES;
    let pieces = stream::unfold((body, false), move |(mut rest, begun)| async move {
        if rest.is_empty() {
            return None;
        }
        if begun {
            let mut timer = tokio::time::interval(pause.max(Duration::from_millis(1)));
            timer.tick().await; // The first tick is at once.
            timer.tick().await;
        }
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, std::io::Error>(piece), (rest, true)))
    });
    reqwest::Body::wrap_stream(pieces)
}
