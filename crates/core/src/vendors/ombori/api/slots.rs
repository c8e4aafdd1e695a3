//! Bookings and reservations, and the slots that programs request.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::bodies::{BookingSent, Order, locale, people, read};
use super::calls::QueueIndex;
use super::refused::Refused;
use crate::clock::{END, whole_milliseconds};
use crate::model::{Call, SubjectIndex, Value};
use crate::vendors::api::ApiCall;
use crate::vendors::ombori::account::OmboriAccount;
use crate::vendors::ombori::act::Act;
use crate::vendors::ombori::position::{Kind, Slot};
use crate::vendors::ombori::state::State;
use crate::vendors::{Account, Outbox};

impl OmboriAccount {
    /// Creates a booking (in state draft) or a reservation.
    pub(super) fn order(
        &mut self,
        call: &ApiCall,
        queue: QueueIndex,
        state: State,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<SubjectIndex, Refused> {
        let order: Order = read(call)?;
        let act = if state == State::Draft { Act::Book } else { Act::Reserve };
        let people = match order.number_of_people {
            Some(sent) => people(sent)?,
            None if act == Act::Reserve => 1,
            None => return Err(Refused::bad("numberOfPeople is missing")),
        };
        let locale = locale(&order.locale)?;
        let notice = order.notification.notice()?;
        let slot = self.slot_sent(&order.booking, None, people, now)?;
        let index = self.make_through_api(queue, Kind::Booking, state, locale, now);
        let position = &mut self.positions[index];
        position.slot = Some(slot);
        let given = position.given_mut();
        given.notification = Some(notice);
        given.virtual_appointment = order.booking.virtual_appointment();
        given.times = order.booking.start.zip(order.booking.end);
        // The page on bookings has neither.
        if act == Act::Reserve {
            (given.customer_info, given.custom_data) = (order.customer_info, order.custom_data);
        }
        if state == State::Draft {
            self.due.put(slot.start, index);
        }
        self.emit(act.action(), index, now, outbox);
        Ok(index)
    }

    pub(super) fn confirm(
        &mut self,
        index: SubjectIndex,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<SubjectIndex, Refused> {
        let call = Call { action: Act::Confirm.action(), values: vec![Value::Subject(index)] };
        self.act(&call, now, outbox)?;
        Ok(index)
    }

    /// The slot in the body. A missing part keeps its old value.
    pub(super) fn slot_sent(
        &self,
        sent: &BookingSent,
        before: Option<Slot>,
        people: u8,
        now: Timestamp,
    ) -> Result<Slot, Refused> {
        let moment = |name: &str, text: &Option<String>, before: Option<Timestamp>| match text {
            Some(text) => self.moment(text).ok_or_else(|| {
                Refused::bad(format!("booking.{name} must be a time such as 2031-03-05T09:30:00Z"))
            }),
            None => before.ok_or_else(|| Refused::bad(format!("booking.{name} is missing"))),
        };
        let start = moment("start", &sent.start, before.map(|slot| slot.start))?;
        let end = moment("end", &sent.end, before.map(|slot| slot.end))?;
        if end <= start {
            return Err(Refused::bad("booking.end must be later than booking.start"));
        }
        let moved = before.is_none_or(|slot| slot.start != start);
        if moved && start < now {
            return Err(Refused::bad(format!(
                "booking.start must not be in the past: it is {now}"
            )));
        }
        Ok(self.slot_of(start, end, people))
    }

    /// Reads a moment: with an offset, or in the local time of the store (position model).
    fn moment(&self, text: &str) -> Option<Timestamp> {
        let local = || {
            let local: DateTime = text.parse().ok()?;
            Some(local.to_zoned(self.zone.clone()).ok()?.timestamp())
        };
        let moment = text.parse().ok().or_else(local)?;
        Some(whole_milliseconds(moment)).filter(|moment| *moment < END)
    }
}
