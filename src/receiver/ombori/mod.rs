//! Ombori: the routes, and the handling of a request from its headers to its answer. `webhook` reads
//! the body, `ledger` decides what to apply.

mod corrupt;
mod ledger;
mod position;
mod webhook;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::header::LOCATION;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use uuid::Uuid;

use self::ledger::Ledger;
use self::webhook::Webhook;
use super::defects::Defect;
use super::defects::pause;
use super::probe;
use super::queue::Queue;
use super::refusal::Refusal;
use super::unfinished::Unfinished;
use super::variation::Defects;
use super::verdict::Verdict;
use super::{credentials, intake};
use crate::model::Secret;

const PATH: &str = "/webhooks/ombori";
/// Longer than the time-out of any vendor.
const SLOW: Duration = Duration::from_secs(30);

/// The receiver of Ombori's webhooks.
pub(super) struct Ombori {
    headers: BTreeMap<String, Secret>,
    defects: Defects,
    ledger: Ledger,
    queue: Option<Queue<Bytes>>,
    unfinished: Unfinished,
}

/// Processes the queue, if there is one.
pub(super) async fn process_queue(ombori: web::Data<Ombori>) {
    let Some(queue) = &ombori.queue else { return };
    // The sender has its answer already, so nobody can be told about an invalid body.
    queue.process_all(async |body| drop(ombori.process(&body).await)).await;
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
    let verdict = match (ombori.admit(&request, body).await, &ombori.queue) {
        (Ok(body), Some(queue)) => queue.put(body),
        (Ok(body), None) => ombori.process(&body).await,
        (Err(refusal), _) => Err(refusal),
    };
    if ombori.has(Defect::SlowAcknowledgement) {
        pause(SLOW).await;
    }
    match verdict {
        Ok(verdict) => verdict.answer(),
        Err(refusal) => refusal.answer(&ombori.defects),
    }
}

/// The probe: one stored position.
async fn position(id: web::Path<String>, ombori: web::Data<Ombori>) -> HttpResponse {
    probe::answer("position", id.parse::<Uuid>().ok().and_then(|id| ombori.ledger.get(id)))
}

impl Ombori {
    /// A receiver. With a delay in `queues` it acknowledges first and processes later.
    pub(super) fn new(
        headers: BTreeMap<String, Secret>,
        defects: Defects,
        queues: Option<Duration>,
    ) -> Self {
        let ledger = Ledger::new(defects.clone());
        let (queue, unfinished) = (queues.map(Queue::new), Unfinished::default());
        Self { headers, ledger, defects, queue, unfinished }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// Checks the request before the body is parsed, and returns the body.
    async fn admit(&self, request: &HttpRequest, body: web::Payload) -> Result<Bytes, Refusal> {
        // Check credentials first, so that strangers cannot make us read a body.
        credentials::check(request.headers(), &self.headers, &self.defects)?;
        intake::check_content_type(request)?;
        intake::read(body).await
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
        if self.unfinished.is_noted(body) {
            return Ok(Verdict::Duplicate);
        }
        if self.has(Defect::HangUpLosesPosition) {
            self.unfinished.note(body).await;
        }
        self.ledger.apply(&webhook).await
    }
}
