//! Waitwhile: the routes, and the handling of a request from its headers to its answer. `signature`
//! checks the signature, `assertion` issues and checks the tokens of the other login, `webhook` reads the body, `ledger` decides what to apply.
//!
//! Left out on purpose: the contact details of guests, since Waitwhile itself sends the messages,
//! and calls to Waitwhile's API.

mod assertion;
mod ledger;
mod location;
mod message;
mod signature;
mod visit;
mod webhook;

use std::time::Duration;

use actix_web::web::{Bytes, Data, Path, Payload, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};

use self::assertion::AssertionEndpoint;
pub use self::assertion::Assertions;
use self::ledger::Ledger;
pub use self::signature::Signing;
use self::webhook::Webhook;
use super::defects::Defect;
use super::intake;
use super::probe;
use super::queue::Queue;
use super::refusal::Refusal;
use super::unfinished::Unfinished;
use super::variation::Defects;
use super::verdict::Verdict;

const PATH: &str = "/webhooks/waitwhile";
/// Where webhooks arrive with a token instead of a signature.
const PATH_WITH_TOKEN: &str = "/webhooks/waitwhile-with-token";

/// The receiver of Waitwhile's webhooks.
pub(super) struct Waitwhile {
    signing: Signing,
    assertions: Option<AssertionEndpoint>,
    defects: Defects,
    ledger: Ledger,
    queue: Option<Queue<Bytes>>,
    unfinished: Unfinished,
}

/// Processes the queue, if there is one.
pub(super) async fn process_queue(waitwhile: Data<Waitwhile>) {
    let Some(queue) = &waitwhile.queue else { return };
    // The sender has its answer already, so nobody can be told about an invalid body.
    queue.process_all(async |body| drop(waitwhile.process(&body).await)).await;
}

/// Adds the webhook's and the probes' routes.
pub(super) fn routes(routes: &mut ServiceConfig, waitwhile: Data<Waitwhile>) {
    if waitwhile.assertions.is_some() {
        routes
            .route(PATH_WITH_TOKEN, post().to(webhook_with_token))
            .route("/waitwhile/oauth/token", post().to(token));
    }
    routes
        .app_data(waitwhile)
        .route(PATH, post().to(webhook))
        .route("/visits/{id}", get().to(visit))
        .route("/messages/{id}", get().to(message))
        .route("/locations/{id}", get().to(location));
}

async fn webhook(request: HttpRequest, body: Payload, waitwhile: Data<Waitwhile>) -> HttpResponse {
    let admitted = waitwhile.admit(&request, body).await;
    waitwhile.answer(admitted).await
}

async fn webhook_with_token(
    request: HttpRequest,
    body: Payload,
    waitwhile: Data<Waitwhile>,
) -> HttpResponse {
    let admitted = waitwhile.admit_with_token(&request, body).await;
    waitwhile.answer(admitted).await
}

async fn token(request: HttpRequest, body: Payload, waitwhile: Data<Waitwhile>) -> HttpResponse {
    match &waitwhile.assertions {
        Some(assertions) => assertions.token(&request, body).await,
        None => HttpResponse::NotFound().finish(),
    }
}

async fn visit(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    probe::answer("visit", waitwhile.ledger.visit(&id))
}

async fn message(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    probe::answer("message", waitwhile.ledger.message(&id))
}

async fn location(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    probe::answer("location", waitwhile.ledger.location(&id))
}

impl Waitwhile {
    /// A receiver. With a delay in `queues` it acknowledges first and processes later.
    pub(super) fn new(
        signing: Signing,
        assertions: Option<Assertions>,
        defects: Defects,
        queues: Option<Duration>,
    ) -> Self {
        let ledger = Ledger::new(defects.clone());
        let assertions = assertions.map(|wanted| AssertionEndpoint::new(wanted, defects.clone()));
        let (queue, unfinished) = (queues.map(Queue::new), Unfinished::default());
        Self { signing, assertions, ledger, defects, queue, unfinished }
    }

    /// The answer to a webhook: its body was admitted, or not.
    async fn answer(&self, admitted: Result<Bytes, Refusal>) -> HttpResponse {
        let verdict = match (admitted, &self.queue) {
            (Ok(body), Some(queue)) => queue.put(body),
            (Ok(body), None) => self.process(&body).await,
            (Err(refusal), _) => Err(refusal),
        };
        match verdict {
            Ok(verdict) => verdict.answer(),
            Err(refusal) => refusal.answer(&self.defects),
        }
    }

    /// As [`admit`](Self::admit), for the other login.
    async fn admit_with_token(
        &self,
        request: &HttpRequest,
        body: Payload,
    ) -> Result<Bytes, Refusal> {
        if let Some(assertions) = &self.assertions {
            assertions.admit(request)?;
        }
        let body = intake::read(body).await?;
        intake::check_content_type(request)?;
        Ok(body)
    }

    /// Checks the request before the body is parsed, and returns the body. A receiver that queues
    /// does all of this before it acknowledges. Otherwise anybody could fill the queue, and a vendor
    /// with a wrong secret would never notice.
    async fn admit(&self, request: &HttpRequest, body: Payload) -> Result<Bytes, Refusal> {
        // Check the header first, so that strangers cannot make us read a body.
        let signature = signature::sent_signature(request.headers(), &self.defects)?;
        let body = intake::read(body).await?;
        if let Some(signature) = signature {
            let url = self.signed_url(request);
            signature::check(&signature, &self.signing.secret, &url, &body, &self.defects)?;
        }
        intake::check_content_type(request)?;
        Ok(body)
    }

    /// The URL as the vendor knows it. It is never taken from the request's Host header, which the
    /// sender can choose.
    fn signed_url(&self, request: &HttpRequest) -> String {
        let here = || format!("http://{}{PATH}", request.app_config().local_addr());
        self.signing.url.clone().unwrap_or_else(here)
    }

    async fn process(&self, body: &Bytes) -> Result<Verdict, Refusal> {
        let Some(webhook) = Webhook::read(body, &self.defects)? else {
            return Ok(Verdict::Ignored);
        };
        if self.unfinished.is_noted(body) {
            return Ok(Verdict::Duplicate);
        }
        if self.defects.contains(&Defect::HangUpLosesVisit) {
            self.unfinished.note(body).await;
        }
        self.ledger.apply(webhook).await
    }
}
