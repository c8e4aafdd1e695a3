//! Waitwhile: the routes, and what is done with a request from its first header to its answer.
//! Checking the signature is `signature`'s part, reading the body `webhook`'s, and deciding what is
//! news is `ledger`'s.
//!
//! Left out on purpose: the contact details of guests, since Waitwhile itself writes to them, and
//! questions back to Waitwhile's API.

mod ledger;
mod location;
mod message;
mod signature;
mod visit;
mod webhook;

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::web::{Bytes, Data, Path, Payload, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};

use self::ledger::Ledger;
pub use self::signature::Signing;
use self::webhook::Webhook;
use super::defects::Defect;
use super::intake;
use super::probe::shown;
use super::queue::Queue;
use super::refusal::Refusal;
use super::verdict::Verdict;

const PATH: &str = "/webhooks/waitwhile";

/// The receiver of Waitwhile's webhooks.
pub(super) struct Waitwhile {
    signing: Signing,
    defects: BTreeSet<Defect>,
    ledger: Ledger,
    queue: Option<Queue<Bytes>>,
}

/// Works off the queue, if there is one.
pub(super) async fn work(waitwhile: Data<Waitwhile>) {
    let Some(queue) = &waitwhile.queue else { return };
    // Whoever sent a body that cannot be used is not there any more to be told.
    queue.work_off(async |body| drop(waitwhile.process(&body).await)).await;
}

/// Adds the webhook's and the probes' routes.
pub(super) fn routes(routes: &mut ServiceConfig, waitwhile: Data<Waitwhile>) {
    routes
        .app_data(waitwhile)
        .route(PATH, post().to(webhook))
        .route("/visits/{id}", get().to(visit))
        .route("/messages/{id}", get().to(message))
        .route("/locations/{id}", get().to(location));
}

async fn webhook(request: HttpRequest, body: Payload, waitwhile: Data<Waitwhile>) -> HttpResponse {
    let verdict = match (waitwhile.admit(&request, body).await, &waitwhile.queue) {
        (Ok(body), Some(queue)) => queue.put(body),
        (Ok(body), None) => waitwhile.process(&body).await,
        (Err(refusal), _) => Err(refusal),
    };
    match verdict {
        Ok(verdict) => verdict.answer(),
        Err(refusal) => refusal.answer(&waitwhile.defects),
    }
}

async fn visit(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    shown("visit", waitwhile.ledger.visit(&id))
}

async fn message(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    shown("message", waitwhile.ledger.message(&id))
}

async fn location(id: Path<String>, waitwhile: Data<Waitwhile>) -> HttpResponse {
    shown("location", waitwhile.ledger.location(&id))
}

impl Waitwhile {
    /// A receiver; one that queues acknowledges first, and works so long after it.
    pub(super) fn new(
        signing: Signing,
        defects: BTreeSet<Defect>,
        queues: Option<Duration>,
    ) -> Self {
        let ledger = Ledger::new(defects.clone());
        Self { signing, ledger, defects, queue: queues.map(Queue::new) }
    }

    /// What can be said before the body is understood. A receiver that queues asks all of it
    /// before it acknowledges: otherwise anybody could fill the queue, and a vendor whose secret is
    /// wrong would never be told.
    async fn admit(&self, request: &HttpRequest, body: Payload) -> Result<Bytes, Refusal> {
        // Nothing of the body is read for somebody who cannot have signed it.
        let signature = signature::sent(request.headers(), &self.defects)?;
        let body = intake::read(body).await?;
        if let Some(signature) = signature {
            let url = self.signed_url(request);
            signature::check(&signature, &self.signing.secret, &url, &body, &self.defects)?;
        }
        intake::check_content_type(request)?;
        Ok(body)
    }

    /// The URL as the vendor knows it. It is never taken from the request's Host, which is the
    /// sender's to choose.
    fn signed_url(&self, request: &HttpRequest) -> String {
        let here = || format!("http://{}{PATH}", request.app_config().local_addr());
        self.signing.url.clone().unwrap_or_else(here)
    }

    async fn process(&self, body: &Bytes) -> Result<Verdict, Refusal> {
        match Webhook::read(body, &self.defects)? {
            Some(webhook) => self.ledger.apply(webhook).await,
            None => Ok(Verdict::Ignored),
        }
    }
}
