//! Messages (W15), as in webhooks.

use serde_json::Value as Json;

use super::page::Page;
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::message::MessageNumber;
use crate::vendors::waitwhile::payload;

impl WaitwhileAccount {
    pub(super) fn answer_messages(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getMessages" => self.list_messages(call),
            "getMessagesMessageid" => {
                let id = call.parameter("messageId");
                let found = self.all_messages().find(|(known, _)| *known == id);
                let (_, number) = found.ok_or_else(|| Wrong::unknown("message"))?;
                let index = self.message(number).index;
                Ok(ApiAnswer::json(200, self.message_read(number)).about(index))
            }
            _ => unplayed(call),
        }
    }

    fn list_messages(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let location = self.location_asked(call)?;
        let visit = call.query("visitId").filter(|id| !id.is_empty());
        let customer = call.query("customerId").filter(|id| !id.is_empty());
        let keep = |number| {
            let about = self.visit(self.message(number).visit);
            location.is_none_or(|location| location == about.location)
                && visit.is_none_or(|id| id == about.id)
                && customer.is_none_or(|id| id == self.customer(about.customer).id)
        };
        Page::of(call)?.of_all(self.all_messages(), keep, |number| self.message_read(number))
    }

    /// A message, as in a webhook.
    pub(super) fn message_read(&self, number: MessageNumber) -> Json {
        let message = self.message(number);
        let visit = self.visit(message.visit);
        payload::message_truth(message, visit, self.around(visit))
    }
}
