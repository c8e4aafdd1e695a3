//! Tickets: a program joins a queue for its customer, or changes an existing ticket.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::bodies::{Change, Join, read};
use super::calls::QueueIndex;
use super::refused::Refused;
use crate::model::SubjectIndex;
use crate::vendors::Outbox;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::ombori::account::OmboriAccount;
use crate::vendors::ombori::act::Act;
use crate::vendors::ombori::people::Locale;
use crate::vendors::ombori::position::{Channel, Guest, Kind, Position};
use crate::vendors::ombori::state::State;

/// The keys of the position in the documented answer, without its place in the queue.
const SHOWN: [&str; 10] = [
    "status",
    "priority",
    "location",
    "label",
    "customerInfo",
    "tags",
    "id",
    "type",
    "queue",
    "createdAt",
];

impl OmboriAccount {
    pub(super) fn join(
        &mut self,
        call: &ApiCall,
        queue: QueueIndex,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Refused> {
        let join: Join = read(call)?;
        if join.session.is_empty() {
            return Err(Refused::bad("session must not be empty"));
        }
        let position = join.position.unwrap_or_default();
        let (customer_info, tags) = (position.customer_info, position.tags);
        let index = if let Some(id) = position.id {
            let index = self.position_in(queue, &id)?;
            let change = Change { customer_info, tags, ..Change::default() };
            self.update(index, change, now, outbox)?;
            index
        } else {
            let locale = self.locales[0];
            let index = self.make_through_api(queue, Kind::Anonymous, State::Pending, locale, now);
            let given = self.positions[index].given_mut();
            (given.customer_info, given.tags) = (customer_info, tags);
            self.emit(Act::TakeTicket.action(), index, now, outbox);
            index
        };
        let url = if self.rules.position_url { self.page_of(call, index) } else { String::new() };
        let body = json!({ "positionUrl": url, "position": self.joined(index) });
        Ok(ApiAnswer::json(200, body))
    }

    /// Creates a position of which only the language is known. Its ids come from a stream of their
    /// own, so that guests of a story or of traffic stay the same.
    pub(super) fn make_through_api(
        &mut self,
        queue: QueueIndex,
        kind: Kind,
        state: State,
        locale: Locale,
        now: Timestamp,
    ) -> SubjectIndex {
        let text = String::new;
        let label = if kind == Kind::Booking { text() } else { self.next_label('A', now) };
        self.positions.push(Position {
            id: self.api_ids.uuid(),
            kind,
            priority: kind.priority(),
            state,
            queue,
            label,
            guest: Guest {
                name: text(),
                phone: text(),
                email: text(),
                locale,
                channel: Channel::Nothing,
                registered: false,
            },
            link: self.api_ids.alphanumeric(6),
            created_at: now,
            slot: None,
            activated_at: None,
            called_at: None,
            retry_count: 0,
            fulfilled_at: None,
            completed_at: None,
            rejected_at: None,
            station: None,
            served_by: None,
            feedback: None,
            given: None,
        })
    }

    /// The position in the form of the answer to a join.
    fn joined(&self, index: SubjectIndex) -> Json {
        let Json::Object(mut all) = self.object(index) else { panic!("a position is an object") };
        let shown = SHOWN.iter().filter_map(|key| all.shift_remove_entry(*key));
        let mut shown: Map<String, Json> = shown.collect();
        shown.insert("numberInTheQueue".to_owned(), json!(self.number_in_the_queue(index)));
        Json::Object(shown)
    }

    /// Its place among those who wait in the same queue, from 1. Bookings come first, then who came
    /// earlier. 0 if it does not wait.
    fn number_in_the_queue(&self, index: SubjectIndex) -> usize {
        let own = &self.positions[index];
        if own.state != State::Pending {
            return 0;
        }
        let place = |position: &Position| {
            let since = position.activated_at.unwrap_or(position.created_at);
            (std::cmp::Reverse(position.priority), since)
        };
        let waiting = self
            .positions
            .numbered()
            .filter(|(_, other)| other.state == State::Pending && other.queue == own.queue);
        let before =
            waiting.filter(|(other, position)| (place(position), *other) < (place(own), index));
        before.count() + 1
    }

    /// The page of a ticket, on a host that cannot exist.
    fn page_of(&self, call: &ApiCall, index: SubjectIndex) -> String {
        let (region, organization) = (call.parameter("region"), &self.organization);
        let (queue, id) = (call.parameter("queueId"), self.positions[index].id);
        format!("https://queue.{region}.example.test/{organization}/queues/{queue}/positions/{id}")
    }
}
