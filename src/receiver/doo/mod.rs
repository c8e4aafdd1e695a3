//! doo: the routes, and the handling of a request from its headers to its answer. `oauth` issues
//! tokens, `webhook` reads the body, `events` and
//! `orders` decide what to apply.
//!
//! Left out on purpose: answers to questions, invoices and links to tickets, since nothing here
//! would read them, and calls to doo's API.

mod event;
mod events;
mod oauth;
mod order;
mod orders;
mod progress;
mod reading;
mod storage;
mod webhook;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, WWW_AUTHENTICATE};
use actix_web::web::{Bytes, Data, Path, Payload, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use self::events::Events;
use self::oauth::TokenEndpoint;
pub use self::oauth::{Client, OAuth};
use self::orders::Orders;
use self::webhook::{Content, TRIGGERS, Trigger};
use super::defects::Defect;
use super::intake;
use super::probe;
use super::queue::Queue;
use super::refusal::Refusal;
use super::token_header::TokenHeader;
use super::unfinished::Unfinished;
use super::variation::Defects;
use super::verdict::Verdict;

const PATH: &str = "/webhooks/doo";

/// The receiver of doo's webhooks, and the authorization server that doo asks for tokens.
pub(super) struct Doo {
    token_header: TokenHeader,
    endpoint: TokenEndpoint,
    defects: Defects,
    events: Events,
    orders: Orders,
    queue: Option<Queue<(Trigger, Bytes)>>,
    unfinished: Unfinished,
}

/// Processes the queue, if there is one.
pub(super) async fn process_queue(doo: Data<Doo>) {
    let Some(queue) = &doo.queue else { return };
    // The sender has its answer already, so nobody can be told about an invalid body.
    queue.process_all(async |(trigger, body)| drop(doo.process(trigger, &body).await)).await;
}

/// Adds the routes of webhooks, tokens and probes.
pub(super) fn routes(routes: &mut ServiceConfig, doo: Data<Doo>) {
    routes
        .app_data(doo)
        .route("/oauth/token", post().to(token))
        .route("/oauth/revoke", post().to(revoke))
        .route("/events/{id}", get().to(event))
        .route("/orders/{id}", get().to(order))
        .route("/attendees/{id}", get().to(attendee))
        .route("/tickets/{id}", get().to(ticket));
    for (name, trigger) in TRIGGERS {
        let path = format!("{PATH}/{name}");
        routes.route(
            &path,
            post().to(move |request, body, doo| webhook(trigger, request, body, doo)),
        );
    }
}

async fn webhook(
    trigger: Trigger,
    request: HttpRequest,
    body: Payload,
    doo: Data<Doo>,
) -> HttpResponse {
    let verdict = match (doo.admit(&request, body).await, &doo.queue) {
        (Ok(body), Some(queue)) => queue.put((trigger, body)),
        (Ok(body), None) => doo.process(trigger, &body).await,
        (Err(refusal), _) => Err(refusal),
    };
    match verdict {
        Ok(verdict) => doo.accepted(trigger, verdict),
        Err(refusal) => doo.refused(&refusal),
    }
}

async fn token(request: HttpRequest, body: Payload, doo: Data<Doo>) -> HttpResponse {
    doo.endpoint.token(&request, body).await
}

async fn revoke(request: HttpRequest, body: Payload, doo: Data<Doo>) -> HttpResponse {
    doo.endpoint.revoke(&request, body).await
}

async fn event(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    probe::answer("event", doo.events.get(&id))
}

async fn order(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    probe::answer("order", doo.orders.get(&id))
}

async fn attendee(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    probe::answer("attendee", doo.orders.attendee(&id))
}

async fn ticket(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    probe::answer("ticket", doo.orders.ticket(&id))
}

impl Doo {
    /// A receiver. With a delay in `queues` it acknowledges first and processes later.
    pub(super) fn new(oauth: OAuth, defects: Defects, queues: Option<Duration>) -> Self {
        Self {
            token_header: TokenHeader::new(oauth.header.clone(), &oauth.header_value),
            endpoint: TokenEndpoint::new(oauth, defects.clone()),
            events: Events::new(defects.clone()),
            orders: Orders::new(defects.clone()),
            defects,
            queue: queues.map(Queue::new),
            unfinished: Unfinished::default(),
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// Checks the request before the body is parsed, and returns the body.
    async fn admit(&self, request: &HttpRequest, body: Payload) -> Result<Bytes, Refusal> {
        // Check the token first, so that strangers cannot make us read a body.
        if let Some(token) = self.token_header.token(request.headers(), &self.defects)? {
            self.endpoint.check(&token)?;
        }
        intake::check_content_type(request)?;
        intake::read(body).await
    }

    async fn process(&self, trigger: Trigger, body: &[u8]) -> Result<Verdict, Refusal> {
        let content = Content::read(trigger, body, &self.defects)?;
        if self.unfinished.is_noted(&(trigger, body)) {
            return Ok(Verdict::Duplicate);
        }
        if self.has(Defect::HangUpLosesOrder) {
            self.unfinished.note(&(trigger, body)).await;
        }
        match content {
            Content::Event(event) => self.events.apply(trigger, *event),
            Content::Order(order) => {
                let unknown = self.events.get(&order.event.id).is_none();
                if unknown && self.has(Defect::UnheardEventRefusesOrders) {
                    return Err(Refusal::NotKnown("event"));
                }
                self.orders.apply(trigger, *order).await
            }
            Content::Attendee(attendee) => self.orders.apply_attendee(*attendee),
        }
    }

    /// Always exactly 200: doo treats every other answer as a failure and retries (How to respond to
    /// webhook requests, 9077132).
    fn accepted(&self, trigger: Trigger, verdict: Verdict) -> HttpResponse {
        let mut answer = match trigger {
            Trigger::OrderCreated if self.has(Defect::Created201) => HttpResponse::Created(),
            _ if self.has(Defect::Accepted202) => HttpResponse::Accepted(),
            Trigger::OrderUpdated if self.has(Defect::NoContent204) => {
                return HttpResponse::NoContent().finish();
            }
            _ => HttpResponse::Ok(),
        };
        let description = verdict.about();
        answer.json(json!({"message": verdict.text(), "description": description}))
    }

    fn refused(&self, refusal: &Refusal) -> HttpResponse {
        let status = refusal.status(&self.defects);
        let mut answer = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            if self.has(Defect::LoginRedirect) {
                return HttpResponse::Found().insert_header((LOCATION, "/login")).finish();
            }
            // Without a token there is no error code (RFC 6750, section 3.1).
            let challenge = match refusal {
                Refusal::CredentialsMissing { .. } => r#"Bearer realm="webhooks""#,
                _ => r#"Bearer realm="webhooks", error="invalid_token""#,
            };
            answer.insert_header((WWW_AUTHENTICATE, challenge));
        }
        answer.json(json!({"message": "refused", "description": refusal.to_string()}))
    }
}
