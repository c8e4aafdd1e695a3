//! doo's REST API: checks the caller, and passes the call to the file of its resource.
//!
//! Reads return what webhooks contain. Calls that change tickets use the account's actions, so they
//! cause the same webhooks. Left out: see the operations that are not played.

mod body;
mod configuration;
mod configurations;
mod details;
mod events;
mod limits;
mod link;
mod oauth;
mod operations;
mod orders;
mod organizers;
mod page;
mod retell;
mod retold;
pub mod state;
mod tickets;
mod wrong;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account::{DooAccount, Known};
use super::act::Act;
use crate::model::Provenance::Documented;
use crate::model::{Shown, SubjectIndex};
use crate::vendors::api::{
    Api, ApiAnswer, ApiBody, ApiCall, CredentialKind, CredentialPlace, Method, OAuthServer,
};
use crate::vendors::{Account, Outbox};
use wrong::Wrong;

/// The API.
pub const API: Api = Api {
    mount: "/doo/v1",
    credentials: &[
        CredentialPlace {
            kind: CredentialKind::Key,
            header: "x-api-key",
            scheme: "",
            provenance: Documented("SW, AZ: with every request"),
        },
        CredentialPlace {
            kind: CredentialKind::Token,
            header: "authorization",
            scheme: "Bearer",
            provenance: Documented("SW, AZ: with every request but that for a token and DELETE"),
        },
    ],
    oauth: Some(OAuthServer { operations: oauth::OPERATIONS, client: oauth::client }),
    tenant: None,
    operations: operations::OPERATIONS,
    queries: &["date_from", "date_to", "page", "page_size", "status"],
    error: wrong::error,
    provenance: Documented(
        "SW, and the wiki for tokens and webhook configurations; most statuses of errors are assumed",
    ),
};

/// CORS headers that allow every browser.
const FOR_BROWSERS: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET,POST,DELETE,OPTIONS"),
    ("access-control-allow-headers", "Content-Type,Accept,Authorization,x-api-key"),
];

impl DooAccount {
    /// Answers a call.
    pub(super) fn answer_call(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> ApiAnswer {
        let answered = self.judge(call).and_then(|()| self.operate(call, now, outbox));
        answered.unwrap_or_else(Wrong::answer)
    }

    /// Refuses a call without a valid key, beyond the limits, or without a valid token, in this
    /// order.
    fn judge(&mut self, call: &ApiCall) -> Result<(), Wrong> {
        if call.operation.method == Method::Options {
            return Ok(());
        }
        match call.login.key {
            Shown::Nothing => return Err(Wrong::key("an API key is needed (header `x-api-key`)")),
            Shown::Wrong => return Err(Wrong::key("the API key is wrong")),
            Shown::Right(_) => {}
        }
        if let Some(limits) = &mut self.api.limits {
            limits.count(call.received).map_err(Wrong::too_often)?;
        }
        if ["createToken", "deleteWebhooks"].contains(&call.operation.id) {
            return Ok(());
        }
        let against = self.api.against(call.login.token, call.received);
        against.map_or(Ok(()), |why| Err(Wrong::token(why)))
    }

    fn operate(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        if call.operation.method == Method::Options {
            let headers = FOR_BROWSERS.iter().map(|(name, value)| (*name, (*value).to_owned()));
            return Ok(ApiAnswer { headers: headers.collect(), ..ApiAnswer::empty(200) });
        }
        if call.operation.path.contains("{teamId}") {
            self.unless_other_team(call)?;
        }
        match call.operation.id {
            "createToken" => self.grant(call),
            "getOrganizer" => Ok(self.organizer()),
            "getOrganizations" => Ok(self.organizations()),
            "listEvents" => self.list_events(call),
            "getEvent" => self.read_event(call),
            "getEventEdit" => self.read_event_edit(call),
            "getEventDetails" => self.read_event_details(call),
            "listEventOrders" => self.list_event_orders(call),
            "listEventAttendees" => self.list_event_attendees(call),
            "getOrder" => self.read_order(call),
            "getQrcode" => self.read_ticket(call),
            "checkIn" => self.use_ticket(call, Act::CheckIn, now, outbox),
            "resetCheckIn" => self.use_ticket(call, Act::UndoCheckIn, now, outbox),
            "createWebhooks" | "createWebhooksOfUser" => self.create_configuration(call),
            "listWebhooks" => self.list_configurations(call),
            "deleteWebhooks" => Ok(self.delete_configuration(call)),
            "initEvents" => self.init_events(call, now, outbox),
            "initOrders" => self.init_orders(call, now, outbox),
            "initAttendees" => self.init_attendees(call, now, outbox),
            "notifyEvents" | "notifyEventsOfUser" => self.notify_events(call, now, outbox),
            "notifyOrders" => self.notify_orders(call, now, outbox),
            id => panic!("`{id}` is declared as played, but is not"),
        }
    }

    /// The object that the API returns for a subject.
    pub(super) fn read_subject(&self, index: SubjectIndex) -> Option<Json> {
        match *self.subjects.get(index)? {
            Known::Event(_) => Some(self.truth(index)),
            Known::Order(number) => Some(self.order_json(number)),
            Known::Attendee(number, place) => {
                self.attendee_items(number).into_iter().nth(place.into())
            }
            Known::Ticket(number, place) => match self.ticket_answer(number, place).body {
                ApiBody::Json(body) => Some(body),
                ApiBody::Empty | ApiBody::Other(..) => None,
            },
        }
    }
}
