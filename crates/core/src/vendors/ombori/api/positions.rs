//! What programs can do to an existing ticket, booking or reservation.

use jiff::Timestamp;

use super::bodies::{Change, people, read};
use super::refused::Refused;
use crate::model::{Call, SubjectIndex, Value};
use crate::vendors::api::ApiCall;
use crate::vendors::ombori::account::OmboriAccount;
use crate::vendors::ombori::act::Act;
use crate::vendors::ombori::position::Slot;
use crate::vendors::ombori::state::State;
use crate::vendors::{Account, Outbox};

impl OmboriAccount {
    pub(super) fn unless_no_reservation(&self, index: SubjectIndex) -> Result<(), Refused> {
        if self.positions[index].state == State::Reserved {
            return Ok(());
        }
        Err(Refused::illegal("this is no longer a reservation"))
    }

    pub(super) fn patch(
        &mut self,
        call: &ApiCall,
        index: SubjectIndex,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<SubjectIndex, Refused> {
        let change: Change = read(call)?;
        self.update(index, change, now, outbox)?;
        Ok(index)
    }

    /// Changes a position. A booking whose slot has not begun sends a webhook. For other positions
    /// no webhook is documented.
    pub(super) fn update(
        &mut self,
        index: SubjectIndex,
        change: Change,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<(), Refused> {
        let state = self.positions[index].state;
        if matches!(state, State::Completed | State::Rejected) {
            return Err(Refused::illegal(format!("the position is {}", state.name())));
        }
        let notice = change.notification.map(|sent| sent.notice()).transpose()?;
        let people = change.number_of_people.map(people).transpose()?;
        let slot = match &change.booking {
            Some(sent) => {
                let before = self.slot_to_change(index)?;
                Some(self.slot_sent(sent, Some(before), people.unwrap_or(before.people), now)?)
            }
            None => None,
        };
        let changes = notice.is_some()
            || people.is_some()
            || slot.is_some()
            || change.customer_info.is_some()
            || change.tags.is_some()
            || change.custom_data.is_some();
        let position = &mut self.positions[index];
        if let Some(people) = people {
            match &mut position.slot {
                Some(slot) => slot.people = people,
                None => position.given_mut().people = Some(people),
            }
        }
        position.slot = slot.or(position.slot);
        let given = position.given_mut();
        given.notification = notice.or(given.notification.take());
        given.customer_info = change.customer_info.or(given.customer_info.take());
        given.tags = change.tags.or(given.tags.take());
        given.custom_data = change.custom_data.or(given.custom_data.take());
        if let Some(sent) = change.booking {
            let flag = sent.virtual_appointment();
            given.virtual_appointment = flag.or(given.virtual_appointment);
            if sent.start.is_some() || sent.end.is_some() {
                given.times = sent.start.zip(sent.end);
            }
        }
        if state == State::Draft && changes {
            if let Some(slot) = slot {
                self.due.put(slot.start, index);
            }
            self.emit(Act::Reschedule.action(), index, now, outbox);
        }
        Ok(())
    }

    /// The slot of a position, if it can still change.
    fn slot_to_change(&self, index: SubjectIndex) -> Result<Slot, Refused> {
        let position = &self.positions[index];
        let Some(slot) = position.slot else {
            return Err(Refused::bad("booking: a ticket has no slot"));
        };
        match position.state {
            State::Reserved | State::Draft => Ok(slot),
            State::Pending
            | State::Notified
            | State::Fulfilled
            | State::Completed
            | State::Rejected => Err(Refused::illegal("booking: the slot has begun")),
        }
    }

    pub(super) fn cancel(
        &mut self,
        index: SubjectIndex,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<SubjectIndex, Refused> {
        let upcoming = self.positions[index].state == State::Draft;
        let by_staff = upcoming && self.rules.staff_cancel;
        let act = if by_staff { Act::CancelBooking } else { Act::Cancel };
        let call = Call { action: act.action(), values: vec![Value::Subject(index)] };
        self.act(&call, now, outbox)?;
        Ok(index)
    }
}
