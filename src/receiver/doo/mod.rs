//! doo: the routes, and what is done with a request from its first header to its answer. Giving out
//! tokens is `oauth`'s part, reading the token `bearer`'s, reading the body `webhook`'s, and deciding
//! what is news `events`' and `orders`'.
//!
//! Left out on purpose: answers to questions, invoices and links to tickets, since nothing here
//! would read them, and questions back to doo's API.

mod bearer;
mod event;
mod events;
mod oauth;
mod order;
mod orders;
mod progress;
mod reading;
mod storage;
mod tokens;
mod webhook;

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, WWW_AUTHENTICATE};
use actix_web::web::{Bytes, Data, Path, Payload, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use self::bearer::Form;
use self::events::Events;
use self::oauth::TokenEndpoint;
pub use self::oauth::{Client, OAuth};
use self::orders::Orders;
use self::webhook::{News, TRIGGERS, Trigger};
use super::defects::Defect;
use super::intake;
use super::probe::shown;
use super::queue::Queue;
use super::refusal::Refusal;
use super::verdict::Verdict;

const PATH: &str = "/webhooks/doo";

/// The receiver of doo's webhooks, and the authorization server that doo asks for tokens.
pub(super) struct Doo {
    form: Form,
    endpoint: TokenEndpoint,
    defects: BTreeSet<Defect>,
    events: Events,
    orders: Orders,
    queue: Option<Queue<(Trigger, Bytes)>>,
}

/// Works off the queue, if there is one.
pub(super) async fn work(doo: Data<Doo>) {
    let Some(queue) = &doo.queue else { return };
    // Whoever sent a body that cannot be used is not there any more to be told.
    queue.work_off(async |(trigger, body)| drop(doo.process(trigger, &body).await)).await;
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
    shown("event", doo.events.get(&id))
}

async fn order(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    shown("order", doo.orders.get(&id))
}

async fn attendee(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    shown("attendee", doo.orders.attendee(&id))
}

async fn ticket(id: Path<String>, doo: Data<Doo>) -> HttpResponse {
    shown("ticket", doo.orders.ticket(&id))
}

impl Doo {
    /// A receiver; one that queues acknowledges first, and works so long after it.
    pub(super) fn new(oauth: OAuth, defects: BTreeSet<Defect>, queues: Option<Duration>) -> Self {
        Self {
            form: Form::new(oauth.header.clone(), &oauth.header_value),
            endpoint: TokenEndpoint::new(oauth, defects.clone()),
            events: Events::new(defects.clone()),
            orders: Orders::new(defects.clone()),
            defects,
            queue: queues.map(Queue::new),
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// What can be said before the body is understood.
    async fn admit(&self, request: &HttpRequest, body: Payload) -> Result<Bytes, Refusal> {
        // Nothing of the body is read for somebody who may not send one.
        if let Some(token) = self.form.sent(request.headers(), &self.defects)? {
            self.endpoint.check(&token)?;
        }
        intake::check_content_type(request)?;
        intake::read(body).await
    }

    async fn process(&self, trigger: Trigger, body: &[u8]) -> Result<Verdict, Refusal> {
        match News::read(trigger, body, &self.defects)? {
            News::Event(event) => self.events.apply(trigger, *event),
            News::Order(order) => {
                let unheard = self.events.get(&order.event.id).is_none();
                if unheard && self.has(Defect::UnheardEventRefusesOrders) {
                    return Err(Refusal::NotKnown("event"));
                }
                self.orders.apply(trigger, *order).await
            }
            News::Attendee(stray) => self.orders.apply_attendee(*stray),
        }
    }

    /// Exactly 200, whatever came of it: doo takes every other answer for a failure and tries again
    /// (How to respond to webhook requests, 9077132).
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
            // Only a token that was sent can be wrong (RFC 6750, section 3.1).
            let challenge = match refusal {
                Refusal::CredentialsMissing { .. } => r#"Bearer realm="webhooks""#,
                _ => r#"Bearer realm="webhooks", error="invalid_token""#,
            };
            answer.insert_header((WWW_AUTHENTICATE, challenge));
        }
        answer.json(json!({"message": "refused", "description": refusal.to_string()}))
    }
}
