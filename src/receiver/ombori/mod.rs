//! Ombori: the routes, and what is done with a request from its first header to its answer.
//! Reading the body is `webhook`'s part, deciding what is news is `ledger`'s.

mod corrupt;
mod ledger;
mod position;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use self::ledger::{Ledger, Verdict};
use self::webhook::Webhook;
use super::Defect;
use super::credentials;
use super::defects::pause;
use super::refusal::Refusal;
use crate::clock::Stopwatch;
use crate::model::Secret;

/// Larger than any position by far; what is larger still is not a webhook.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// How many bodies may wait in the queue.
const QUEUE_MAX: usize = 10_000;
const PATH: &str = "/webhooks/ombori";
/// Longer than any vendor waits.
const SLOW: Duration = Duration::from_secs(30);

/// The receiver of Ombori's webhooks.
pub(super) struct Ombori {
    headers: BTreeMap<String, Secret>,
    defects: BTreeSet<Defect>,
    ledger: Ledger,
    queue: Option<Queue>,
}

/// Bodies that were acknowledged and not yet looked at.
struct Queue {
    sender: mpsc::Sender<(Stopwatch, Bytes)>,
    delay: Duration,
    waiting: Mutex<Option<mpsc::Receiver<(Stopwatch, Bytes)>>>,
}

/// Works off the queue, if there is one, in the order of arrival.
pub(super) async fn work(ombori: web::Data<Ombori>) {
    let Some(queue) = &ombori.queue else { return };
    let waiting = queue.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut waiting) = waiting else { return };
    while let Some((arrived, body)) = waiting.recv().await {
        pause(queue.delay.saturating_sub(arrived.elapsed())).await;
        // Whoever sent a body that cannot be used is not there any more to be told.
        let _ = ombori.process(&body).await;
    }
}

/// Adds the webhook's and the probe's routes.
pub(super) fn routes(routes: &mut web::ServiceConfig, ombori: web::Data<Ombori>) {
    routes
        .app_data(ombori)
        .route(PATH, web::post().to(webhook))
        .route("/positions/{id}", web::get().to(position));
}

async fn webhook(
    request: HttpRequest,
    body: web::Payload,
    ombori: web::Data<Ombori>,
) -> HttpResponse {
    if ombori.has(Defect::Redirects) {
        let elsewhere = (LOCATION, format!("{PATH}/"));
        return HttpResponse::PermanentRedirect().insert_header(elsewhere).finish();
    }
    let verdict = match ombori.admit(&request, body).await {
        Ok(body) if ombori.queue.is_some() => ombori.enqueue(body),
        Ok(body) => ombori.process(&body).await,
        Err(refusal) => Err(refusal),
    };
    if ombori.has(Defect::SlowAcknowledgement) {
        pause(SLOW).await;
    }
    match verdict {
        Ok(verdict @ (Verdict::Ignored | Verdict::Queued)) => {
            HttpResponse::Accepted().json(json!({"message": verdict.text()}))
        }
        Ok(verdict) => HttpResponse::Ok().json(json!({"message": verdict.text()})),
        Err(refusal) => refusal.answer(&ombori.defects),
    }
}

/// The probe: what the receiver believes about one position.
async fn position(id: web::Path<String>, ombori: web::Data<Ombori>) -> HttpResponse {
    match id.parse::<Uuid>().ok().and_then(|id| ombori.ledger.get(id)) {
        Some(entry) => HttpResponse::Ok().json(entry),
        None => HttpResponse::NotFound().json(json!({"error": "the position is not known here"})),
    }
}

impl Ombori {
    /// A receiver; one that queues acknowledges first, and works so long after it.
    pub(super) fn new(
        headers: BTreeMap<String, Secret>,
        defects: BTreeSet<Defect>,
        queues: Option<Duration>,
    ) -> Self {
        let queue = queues.map(|delay| {
            let (sender, receiver) = mpsc::channel(QUEUE_MAX);
            Queue { sender, delay, waiting: Mutex::new(Some(receiver)) }
        });
        Self { headers, ledger: Ledger::new(defects.clone()), defects, queue }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// What can be said before the body is understood.
    async fn admit(&self, request: &HttpRequest, body: web::Payload) -> Result<Bytes, Refusal> {
        // Nothing of the body is read for somebody who may not send one.
        credentials::check(request.headers(), &self.headers, &self.defects)?;
        check_content_type(request)?;
        read(body).await
    }

    /// Puts a body behind those that wait; what is wrong with it will be found out later.
    fn enqueue(&self, body: Bytes) -> Result<Verdict, Refusal> {
        let sender = self.queue.as_ref().map(|queue| &queue.sender);
        let sent = sender.map(|sender| sender.try_send((Stopwatch::start(), body)));
        if matches!(sent, Some(Ok(()))) { Ok(Verdict::Queued) } else { Err(Refusal::QueueFull) }
    }

    async fn process(&self, body: &Bytes) -> Result<Verdict, Refusal> {
        let read = match Webhook::read(body, &self.defects) {
            Err(Refusal::NotJson(_)) if self.has(Defect::CorruptBodyAcknowledged) => {
                return Ok(Verdict::Applied);
            }
            Err(Refusal::NotJson(error)) if self.has(Defect::CorruptBodyApplied) => {
                Some(corrupt::guess(body).ok_or(error)?)
            }
            read => read?,
        };
        let Some(webhook) = read else {
            return Ok(Verdict::Ignored);
        };
        if self.has(Defect::AcknowledgedAndForgotten) && webhook.trigger == "positionCompleted" {
            return Ok(Verdict::Applied);
        }
        self.ledger.apply(&webhook).await
    }
}

/// The documents name no content type; JSON is UTF-8 (RFC 8259, section 8.1).
fn check_content_type(request: &HttpRequest) -> Result<(), Refusal> {
    if let Ok(Some(mime)) = request.mime_type() {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        if mime.essence_str() == "application/json" && utf8 {
            return Ok(());
        }
    }
    let found = request.headers().get(CONTENT_TYPE);
    let found = found.map_or("absent".into(), |value| format!("{value:?}"));
    Err(Refusal::ContentType { found })
}

async fn read(body: web::Payload) -> Result<Bytes, Refusal> {
    body.to_bytes_limited(BODY_BYTES_MAX)
        .await
        .map_err(|_| Refusal::TooLarge { limit_bytes: BODY_BYTES_MAX })?
        .map_err(|error| Refusal::Unread { cause: error.to_string() })
}
