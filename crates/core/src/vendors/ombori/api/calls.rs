//! Answers a call. It checks the caller, finds what the path names, and then carries out the
//! operation.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::operations as id;
use super::refused::Refused;
use crate::model::{Shown, SubjectIndex};
use crate::vendors::Outbox;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::ombori::account::OmboriAccount;
use crate::vendors::ombori::payload;
use crate::vendors::ombori::state::State;

/// The regions of the documented base URL.
const REGIONS: [&str; 5] = ["eu", "us", "in", "au", "uae"];

/// The index of a queue in its account.
pub type QueueIndex = u16;

impl OmboriAccount {
    /// Answers a call of the API.
    pub(in crate::vendors::ombori) fn answer_call(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> ApiAnswer {
        self.answered(call, now, outbox).unwrap_or_else(Refused::answer)
    }

    fn answered(
        &mut self,
        call: &ApiCall,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<ApiAnswer, Refused> {
        self.unless_unproved(call)?;
        self.unless_elsewhere(call)?;
        let queue = self.queue_of(call)?;
        let position = |name| self.position_in(queue, call.parameter(name));
        let index = match call.operation.id {
            id::JOIN => return self.join(call, queue, now, outbox),
            id::CREATE_BOOKING => self.order(call, queue, State::Draft, now, outbox)?,
            id::CREATE_RESERVATION => self.order(call, queue, State::Reserved, now, outbox)?,
            id::CONFIRM_RESERVATION => {
                let index = position("reservationId")?;
                self.confirm(index, now, outbox)?
            }
            id::GET_POSITION => {
                let index = position("positionId")?;
                return Ok(self.shown(index).about(index));
            }
            id::UPDATE_POSITION => {
                let index = position("positionId")?;
                self.patch(call, index, now, outbox)?
            }
            id::UPDATE_RESERVATION => {
                let index = position("reservationId")?;
                self.unless_no_reservation(index)?;
                self.patch(call, index, now, outbox)?
            }
            id::CANCEL_POSITION => {
                let index = position("positionId")?;
                self.cancel(index, now, outbox)?
            }
            other => panic!("`{other}` is declared as played, but is not"),
        };
        Ok(self.shown(index))
    }

    /// Refuses a caller without the right key. A wrong key is refused even where no key is needed.
    fn unless_unproved(&self, call: &ApiCall) -> Result<(), Refused> {
        let keyless = call.operation.id == id::CREATE_BOOKING && self.rules.keyless_bookings;
        match call.login.key {
            Shown::Right(_) => Ok(()),
            Shown::Nothing if keyless => Ok(()),
            Shown::Nothing => Err(Refused::unproved("the header ApiKey is missing")),
            Shown::Wrong => Err(Refused::unproved("the ApiKey is not that of the organization")),
        }
    }

    fn unless_elsewhere(&self, call: &ApiCall) -> Result<(), Refused> {
        if !REGIONS.contains(&call.parameter("region")) {
            let regions = REGIONS.join(", ");
            return Err(Refused::unknown(format!("the regions are {regions}")));
        }
        let tenant = call.parameter("tenantId");
        if tenant != self.organization && tenant != &*self.rules.account {
            let own = &self.organization;
            return Err(Refused::unknown(format!("the organization of this key is {own}")));
        }
        Ok(())
    }

    fn queue_of(&self, call: &ApiCall) -> Result<QueueIndex, Refused> {
        let wanted = call.parameter("queueId");
        let mut queues = self.queues.iter();
        let found = queues.position(|id| id.to_string().eq_ignore_ascii_case(wanted));
        found.map(|place| place as QueueIndex).ok_or_else(|| {
            let named = self.queues.iter().zip(&self.rules.queues);
            let named: Vec<_> = named.map(|(id, name)| format!("{id} ({name})")).collect();
            Refused::unknown(format!("there is no such queue; the queues are {}", named.join(", ")))
        })
    }

    /// The position with this id in a queue.
    pub(super) fn position_in(&self, queue: QueueIndex, id: &str) -> Result<SubjectIndex, Refused> {
        let wanted = uuid::Uuid::parse_str(id).ok();
        let mut positions = self.positions.numbered();
        let found = positions.rfind(|(_, one)| Some(one.id) == wanted && one.queue == queue);
        found
            .map(|(index, _)| index)
            .ok_or_else(|| Refused::unknown("there is no such position in this queue"))
    }

    /// An answer that consists of a position.
    fn shown(&self, index: SubjectIndex) -> ApiAnswer {
        ApiAnswer::json(200, self.object(index))
    }

    /// A position as the API shows it.
    pub(in crate::vendors::ombori) fn object(&self, index: SubjectIndex) -> Json {
        let position = &self.positions[index];
        let mut object = payload::object(
            position,
            &self.place(),
            self.queues[usize::from(position.queue)],
            self.station_of(position),
            self.staff_of(position),
        );
        // Neither a document nor the list of statuses says which status a reservation has.
        if position.state == State::Reserved {
            object.insert("status".to_owned(), json!(self.rules.reservation_status));
        }
        Json::Object(object)
    }
}
