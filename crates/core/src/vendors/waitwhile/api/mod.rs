//! Waitwhile's REST API v2: checks the caller, and passes the call to the resource at the beginning
//! of its path.
//!
//! A call makes its changes through `actions`, so it causes the same webhooks. Left out: see the
//! operations that are not played.

mod availability;
mod body;
mod csv;
mod customer_write;
mod customers;
mod find;
mod invites;
mod locations;
mod messages;
mod moment;
mod notes;
mod operations;
mod page;
mod places;
pub mod state;
mod visit_body;
mod visit_change;
mod visit_create;
mod visits;
mod webhooks;
mod wrong;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account::{Known, WaitwhileAccount};
use super::state::VisitState;
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Shown, SubjectIndex};
use crate::vendors::Outbox;
use crate::vendors::api::{Api, ApiAnswer, ApiCall, CredentialKind, CredentialPlace};
use wrong::Wrong;

/// The API.
pub const API: Api = Api {
    mount: "/waitwhile/v2",
    credentials: &[
        CredentialPlace {
            kind: CredentialKind::Key,
            header: "apikey",
            scheme: "",
            provenance: Documented("V1; AP, CL, EXP and LS use it"),
        },
        CredentialPlace {
            kind: CredentialKind::Key,
            header: "authorization",
            scheme: "Bearer",
            provenance: Assumed("two public programs send the key like this"),
        },
    ],
    oauth: None,
    tenant: None,
    operations: operations::OPERATIONS,
    queries: &[
        "customerId",
        "dateRangeField",
        "desc",
        "externalId",
        "format",
        "fromDate",
        "fromTime",
        "limit",
        "locationId",
        "maxNumSlots",
        "page",
        "partySize",
        "q",
        "resourceIds",
        "serviceDuration",
        "serviceIds",
        "startAfter",
        "state",
        "tag",
        "toDate",
        "toTime",
        "visitId",
    ],
    error: wrong::error,
    provenance: Assumed(
        "VC, VR and VU describe visits; most operations are known by name or from clients; the shape of errors is that of version 1",
    ),
};

/// A call that is being answered.
struct Asked<'a> {
    call: &'a ApiCall,
    now: Timestamp,
    outbox: &'a mut Outbox,
}

impl WaitwhileAccount {
    /// Answers a call.
    pub(super) fn answer_call(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> ApiAnswer {
        let answered = self.judge(call).and_then(|()| self.resource(Asked { call, now, outbox }));
        answered.unwrap_or_else(Wrong::answer)
    }

    /// Refuses a call without the right key, or beyond the limits.
    fn judge(&mut self, call: &ApiCall) -> Result<(), Wrong> {
        if call.operation.path.starts_with("/public/") {
            return Ok(());
        }
        match call.login.key {
            Shown::Nothing => Err(Wrong::stranger("an API key is needed (header `apikey`)")),
            Shown::Wrong => Err(Wrong::stranger("the API key is wrong")),
            Shown::Right(_) => self.api.count(call.received).map_err(Wrong::too_often),
        }
    }

    fn resource(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let path = asked.call.operation.path;
        let mut parts = path.split('/').skip(1);
        match (parts.next(), path.contains("/notes")) {
            (Some("visits"), _) => self.answer_visits(asked),
            (Some("customers"), true) => self.answer_notes(asked),
            (Some("customers"), false) => self.answer_customers(asked),
            (Some("invites"), _) => self.answer_invites(asked),
            (Some("locations" | "location-status"), _) => self.answer_locations(asked),
            (Some("services" | "resources" | "users"), _) => self.answer_places(asked),
            (Some("webhooks"), _) => self.answer_webhooks(asked),
            (Some("messages"), _) => self.answer_messages(asked),
            (Some("public"), _) => self.answer_public(asked),
            _ => panic!("{path} is declared as played, but is not"),
        }
    }

    /// The object that the API returns for a subject. `None` if the subject was deleted.
    pub(super) fn read_subject(&self, index: SubjectIndex) -> Option<Json> {
        match self.subjects.get(index)? {
            Known::Location(number) => Some(self.status_read(*number)),
            Known::Visit(number) => {
                let there = self.visit(*number).state != VisitState::Removed;
                there.then(|| self.visit_read(*number))
            }
            Known::Message(number) => Some(self.message_read(*number)),
        }
    }
}

/// Panics: an operation is declared as played, but its resource does not answer it.
fn unplayed(call: &ApiCall) -> ! {
    panic!("`{}` is declared as played, but is not", call.operation.id)
}
