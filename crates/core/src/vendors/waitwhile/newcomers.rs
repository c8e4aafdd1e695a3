//! New visits: guests join, are added or counted in, come back, or book a slot.

use jiff::Timestamp;

use super::account::{Known, WaitwhileAccount};
use super::act::Act;
use super::calendar::Wanted;
use super::catalogue::CATALOGUE;
use super::cause::Cause;
use super::due::Due;
use super::guest::Guest;
use super::message::Kind;
use super::people;
use super::state::VisitState;
use super::visit::{
    Answers, Booking, By, Card, Customer, CustomerNumber, Rendered, Visit, VisitNumber,
};
use crate::clock::after;
use crate::model::{Action, Call};
use crate::vendors::{Refusal, RefusalKind, Touched};

/// The customer of a new visit.
pub enum Whose<'a> {
    /// A new customer, with this name if one is given.
    New(Option<&'a str>),
    /// A customer who has been here before.
    Known(CustomerNumber),
}

/// A new visit, before it has a position or a slot.
pub struct NewVisit {
    /// 20 characters.
    pub id: String,
    /// The location.
    pub location: u16,
    /// The customer.
    pub customer: CustomerNumber,
    /// The number of people.
    pub party: u8,
    /// The service.
    pub service: Option<u16>,
    /// The answers on the form.
    pub answers: Vec<Answers>,
}

impl WaitwhileAccount {
    pub(super) fn make(&mut self, call: &Call, cause: &mut Cause<'_>) -> Result<Touched, Refusal> {
        let location = self.location_said(call).unwrap_or(0);
        let whose = Whose::New(call.new_name("who"));
        let made = match Act::of(call.action) {
            Act::Join => {
                self.must_take_guests(call.action, location)?;
                self.join(whose, location, call, cause)
            }
            Act::Add => self.join(whose, location, call, cause),
            Act::CountIn => self.count_in(whose, location, cause),
            Act::Return => {
                let before = self.visit_said(call, "who");
                if let Some(reason) = cannot_return(before) {
                    let legal = CATALOGUE.legal(before.state.into());
                    return Err(Refusal { kind: RefusalKind::Illegal, reason, legal });
                }
                let (customer, location) = (before.customer, before.location);
                self.must_take_guests(call.action, location)?;
                self.join(Whose::Known(customer), location, call, cause)
            }
            Act::Book => self.book(VisitState::Booked, whose, location, call, cause)?,
            Act::Request => self.book(VisitState::Draft, whose, location, call, cause)?,
            Act::Hold => self.book(VisitState::Pending, whose, location, call, cause)?,
            Act::Submit
            | Act::HoldExpires
            | Act::Approve
            | Act::Reject
            | Act::Reschedule
            | Act::Sync
            | Act::SyncByItself
            | Act::Serve
            | Act::Complete
            | Act::CompleteByItself
            | Act::Cancel
            | Act::NoShow
            | Act::Remove
            | Act::Expire
            | Act::Restore
            | Act::RestoreBooking
            | Act::Move
            | Act::Transfer
            | Act::Alert
            | Act::Arrive
            | Act::Confirm
            | Act::Delay
            | Act::Flag
            | Act::Prioritize
            | Act::Resize
            | Act::Rename
            | Act::Delete
            | Act::DeleteCustomer
            | Act::Close
            | Act::Open
            | Act::Remind
            | Act::FollowUp
            | Act::DeliverMessage
            | Act::FailMessage => panic!("`{}` does not create a visit", call.action.call),
        };
        Ok(Touched::only(self.visit(made).index))
    }

    /// Fails if guests cannot join here by themselves.
    fn must_take_guests(&self, action: &'static Action, location: u16) -> Result<(), Refusal> {
        let here = &self.locations[usize::from(location)];
        let (why, instead) = if here.status.closed {
            (format!("{} is {}", here.name, here.state()), Act::Open)
        } else if here.is_full() {
            (format!("the waitlist of {} is full (`waitlist_limit`)", here.name), Act::Add)
        } else {
            return Ok(());
        };
        let reason = format!("`{}` is not possible: {why}", action.call);
        let legal = instead.action().phrases.to_vec();
        Err(Refusal { kind: RefusalKind::Illegal, reason, legal })
    }

    /// A guest joins the waitlist.
    fn join(
        &mut self,
        whose: Whose<'_>,
        location: u16,
        call: &Call,
        cause: &mut Cause<'_>,
    ) -> VisitNumber {
        self.begin(cause);
        let number = self.new_visit(whose, location, call.integer("people"), cause);
        self.visit_mut(number).resource = self.wish(location);
        if Act::of(call.action) == Act::Add {
            self.visit_mut(number).notes = people::note(&mut self.people).to_owned();
        }
        self.settle_in_line(number, cause);
        number
    }

    /// Puts a new visit on the waitlist.
    pub(super) fn settle_in_line(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        self.enter_line(number, cause.now);
        self.emit_created(number, cause);
        self.send(Kind::Confirmation, number, cause);
        self.emit_status(self.visit(number).location, cause);
    }

    /// A resource that the guest prefers. Some guests have such a wish.
    fn wish(&mut self, location: u16) -> Option<u16> {
        let resources = self.locations[usize::from(location)].resources.len() as u64;
        self.people.happens(0.4).then(|| self.people.below(resources) as u16)
    }

    /// A guest is only counted in, and is served at once.
    fn count_in(&mut self, whose: Whose<'_>, location: u16, cause: &mut Cause<'_>) -> VisitNumber {
        self.begin(cause);
        let number = self.new_visit(whose, location, Some(1), cause);
        let visit = self.visit_mut(number);
        visit.anonymous = true;
        (visit.first_name, visit.last_name) = (String::new(), String::new());
        visit.answers.iter_mut().for_each(Answers::clear);
        visit.tags.push("CAPACITY");
        let customer = visit.customer;
        self.customers[customer].card.listed = false;
        self.start_serving(number, cause.now);
        self.emit_created(number, cause);
        self.emit_status(location, cause);
        number
    }

    fn book(
        &mut self,
        state: VisitState,
        whose: Whose<'_>,
        location: u16,
        call: &Call,
        cause: &mut Cause<'_>,
    ) -> Result<VisitNumber, Refusal> {
        let start = self.slot(call, cause.now);
        let here = &self.locations[usize::from(location)];
        let resources = here.resources.len() as u16;
        let any = Wanted { service: None, preferred: None, resources };
        if here.calendar.free(&self.office.slots, start, any).is_none() {
            let legal = Act::Join.action().phrases.to_vec();
            let date = self.office.slots.date(start);
            let reason = format!("every resource at {} is taken at {date}", here.name);
            return Err(Refusal { kind: RefusalKind::Full, reason, legal });
        }
        self.begin(cause);
        let number = self.new_visit(whose, location, call.integer("people"), cause);
        // If a service is full, the guest takes another one, or none.
        let services = self.locations[usize::from(location)].services.len() as u16;
        let others = (0..services).map(Some).chain([None]);
        for other in others {
            if self.free(self.visit(number), start).is_some() {
                break;
            }
            self.visit_mut(number).service = other;
        }
        self.settle_in_slot(number, state, start, cause);
        Ok(number)
    }

    /// Gives a new visit a slot that is known to be free.
    pub(super) fn settle_in_slot(
        &mut self,
        number: VisitNumber,
        state: VisitState,
        start: Timestamp,
        cause: &mut Cause<'_>,
    ) {
        self.visit_mut(number).state = state;
        self.take_slot(number, start, cause.now);
        if state == VisitState::Booked {
            self.schedule_booking(number, cause.now);
        }
        if state != VisitState::Pending {
            self.emit_created(number, cause);
            let asks = state == VisitState::Draft;
            self.send(if asks { Kind::Request } else { Kind::Confirmation }, number, cause);
            return;
        }
        if let Some(hold) = self.rules.hold {
            let expires = after(cause.now, hold);
            self.visit_mut(number).hold_expires = Some(expires);
            self.due.put(expires, Due::HoldExpires(number));
        }
        if self.rules.hold_fires {
            self.emit_created(number, cause);
        }
    }

    /// The slot for a call: the first one this far ahead.
    pub(super) fn slot(&self, call: &Call, now: Timestamp) -> Timestamp {
        self.office.slots.at_or_after(after(now, call.duration("ahead").unwrap_or_default()))
    }

    /// A resource that is free for a visit's booking at this time.
    pub(super) fn free(&self, visit: &Visit, start: Timestamp) -> Option<u16> {
        let here = &self.locations[usize::from(visit.location)];
        here.calendar.free(&self.office.slots, start, wanted(visit, here.resources.len()))
    }

    /// Takes a slot that is known to be free.
    pub(super) fn take_slot(&mut self, number: VisitNumber, start: Timestamp, now: Timestamp) {
        let visit = &self.visits[number];
        let here = &mut self.locations[usize::from(visit.location)];
        let wanted = wanted(visit, here.resources.len());
        let taken = here.calendar.take(&self.office.slots, start, number, wanted);
        let visit = self.visit_mut(number);
        visit.resource = Some(taken.unwrap_or_else(|| panic!("the slot was free")));
        let made = visit.booking.map_or(now, |booking| booking.made);
        visit.booking = Some(Booking { made, start, reminded: None });
    }

    pub(super) fn new_visit(
        &mut self,
        whose: Whose<'_>,
        location: u16,
        party: Option<i64>,
        cause: &Cause<'_>,
    ) -> VisitNumber {
        let customer = match whose {
            Whose::Known(customer) => customer,
            Whose::New(name) => {
                // Whom staff add, no browser names a language (seed 002: null beside an empty
                // `remoteIp`).
                let added = matches!(cause.by, By::Staff(_));
                let locales = if added { &[] } else { self.office.locales.as_slice() };
                let guest = people::guest(&mut self.people, name, locales);
                let (id, user) = (self.ids.alphanumeric(22), self.ids.alphanumeric(28));
                self.new_customer(id, user, guest, Card::new(cause.now, cause.by))
            }
        };
        let services = self.locations[usize::from(location)].services.len() as u64;
        let party = party.map_or_else(|| people::party(&mut self.people), |people| people as u8);
        let id = self.visit_id();
        let service = self.people.happens(0.8).then(|| self.people.below(services) as u16);
        let answers = people::answers(&mut self.people, self.office.questions.len());
        let source = self.people.below(self.office.sources.len() as u64) as u16;
        let new = NewVisit { id, location, customer, party, service, answers };
        let number = self.put_visit(new, cause);
        self.visit_mut(number).source = source;
        number
    }

    fn visit_id(&mut self) -> String {
        let drawn = self.ids.alphanumeric(20);
        if !self.rules.ids_differ_in_case {
            return drawn;
        }
        let twin = self.twin.take();
        if twin.is_none() {
            self.twin = Some(drawn.chars().map(in_the_other_case).collect());
        }
        twin.unwrap_or(drawn)
    }

    /// Adds somebody to the customer database.
    pub(super) fn new_customer(
        &mut self,
        id: String,
        user: String,
        guest: Guest,
        card: Card,
    ) -> CustomerNumber {
        self.customers.push(Customer { id, user, guest, visits: Vec::new(), number: 0, card })
    }

    /// Adds a visit of which everything is known.
    pub(super) fn put_visit(&mut self, new: NewVisit, cause: &Cause<'_>) -> VisitNumber {
        let NewVisit { id, location, customer, party, service, answers } = new;
        let number = self.visits.next_number();
        let index = self.know(Known::Visit(number));
        let ticket = self.locations[usize::from(location)].next_ticket();
        let owner = &mut self.customers[customer];
        owner.visits.push(number);
        owner.number += 1;
        self.visits.push(Visit {
            index,
            id,
            location,
            customer,
            state: VisitState::Waiting,
            waiting_since: cause.now,
            first_name: owner.guest.first_name.clone(),
            last_name: owner.guest.last_name.clone(),
            anonymous: false,
            party,
            resource: None,
            service,
            answers,
            notes: String::new(),
            source: 0,
            external_customer_id: owner.card.external_id.clone(),
            tags: Vec::new(),
            created: cause.now,
            created_by: cause.by,
            updated: cause.now,
            updated_by: cause.by,
            hold_expires: None,
            booking: None,
            waitlist_time: None,
            serve_time: None,
            completed_time: None,
            position: None,
            last_waiting_position: 0,
            estimate: None,
            original: None,
            ticket,
            number: owner.number,
            followed_up: None,
            rendered: Rendered::default(),
        });
        number
    }
}

/// Why the customer of an earlier visit cannot come back, if there is a reason.
fn cannot_return(before: &Visit) -> Option<String> {
    let state = before.state;
    if state != VisitState::Complete {
        return Some(format!("the earlier visit is {state} (it must be {})", VisitState::Complete));
    }
    before.anonymous.then(|| "the customer of the earlier visit is not known".to_owned())
}

fn wanted(visit: &Visit, resources: usize) -> Wanted {
    Wanted { service: visit.service, preferred: visit.resource, resources: resources as u16 }
}

fn in_the_other_case(letter: char) -> char {
    if letter.is_ascii_uppercase() {
        letter.to_ascii_lowercase()
    } else {
        letter.to_ascii_uppercase()
    }
}
