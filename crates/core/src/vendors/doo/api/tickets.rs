//! Tickets by the hash in their QR code (SW): read, check in, reset.
//!
//! The form of the hash is ours: eight digits identify the ticket, then a secret of its order
//! follows.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use super::events::to_number;
use super::link::{answer, json};
use super::wrong::{Status, Wrong};
use crate::chance::Chance;
use crate::model::{Call, Value};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::act::Act;
use crate::vendors::doo::order::OrderNumber;
use crate::vendors::doo::places::ticket_at;
use crate::vendors::{Account, Outbox};

#[derive(Serialize)]
struct Read {
    #[serde(flatten)]
    status: Status,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    status: Json,
    r#type: &'static str,
    item: Json,
}

/// The type of a hash. Its values are not documented.
const TYPE: &str = "ticket";
/// How many digits of a hash identify the ticket.
const FINDS: usize = 8;

impl DooAccount {
    /// Reads a ticket.
    pub(super) fn read_ticket(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let (number, place) = self.ticket_called(call.parameter("hash"))?;
        let index = ticket_at(self.order(number).index, place);
        Ok(self.ticket_answer(number, place).about(index))
    }

    /// The answer to a read of a ticket.
    pub(super) fn ticket_answer(&self, number: OrderNumber, place: u8) -> ApiAnswer {
        let mut body = self.order_json(number);
        let attendee = &mut body["order_details"]["attendees"][usize::from(place)];
        let mut item = attendee["ticket"].take();
        to_number(&mut item, "id");
        // Here it is a text, in orders a boolean (SW). No ticket has a price of its own.
        if let Some(members) = item.as_object_mut() {
            members.shift_remove("custom_price");
        }
        let data = Data { status: item["status"].clone(), r#type: TYPE, item };
        answer(&Read { status: Status::SUCCESS, data })
    }

    /// Checks a ticket in, or undoes that.
    pub(super) fn use_ticket(
        &mut self,
        call: &ApiCall,
        act: Act,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Wrong> {
        let (number, place) = self.ticket_called(call.parameter("hash"))?;
        let index = ticket_at(self.order(number).index, place);
        let action = Call { action: act.action(), values: vec![Value::Subject(index)] };
        self.act(&action, now, outbox).map_err(|refusal| Wrong::illegal(refusal.reason))?;
        Ok(ApiAnswer::json(200, json(&Status::SUCCESS)))
    }

    /// The hash of a ticket.
    pub(super) fn ticket_hash(&self, number: OrderNumber, place: u8) -> String {
        let order = self.order(number);
        let ticket = order.first_attendee + u32::from(place);
        let mut chance = Chance::from_seed(order.seed ^ u64::from(place)).child("ticket hash");
        let mut draw = || chance.bits();
        format!("{:08x}{:016x}{:016x}", self.office.ids.ticket + ticket, draw(), draw())
    }

    /// The ticket with this hash: its order, and its index there.
    fn ticket_called(&self, hash: &str) -> Result<(OrderNumber, u8), Wrong> {
        let id = hash.get(..FINDS).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let ticket = id.and_then(|id| id.checked_sub(self.office.ids.ticket));
        let found = ticket.and_then(|ticket| {
            let order = self.orders.last_that(|order| order.first_attendee <= ticket)?;
            let place = (ticket - order.first_attendee) as usize;
            (place < order.tickets.len()).then_some((order.number, place as u8))
        });
        let right = found.filter(|(number, place)| self.ticket_hash(*number, *place) == hash);
        right.ok_or_else(|| Wrong::unknown("ticket"))
    }
}
