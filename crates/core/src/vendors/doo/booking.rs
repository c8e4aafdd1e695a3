//! How orders are placed: somebody books tickets, perhaps for others too.

use super::account::{DooAccount, Known};
use super::act::Act;
use super::catalogue::CATALOGUE;
use super::event::{Category, Event, EventNumber};
use super::form::Form;
use super::money::{Cents, discount};
use super::order::{Names, Order, OrderNumber, Payment, Ticket};
use super::places::followers_of;
use super::state::{EventState, OrderState, TicketState};
use super::triggers::Trigger;
use super::unknown;
use crate::model::{Action, Call, Value};
use crate::vendors::RefusalKind::{Full, Illegal, Invalid};
use crate::vendors::emitter::Emitter;
use crate::vendors::{Refusal, Touched};

/// The share of immediate payments that are by credit card. The others are by PayPal.
const BY_CARD: f64 = 0.7;

impl DooAccount {
    /// Places an order.
    pub(super) fn book(
        &mut self,
        call: &Call,
        emitter: &mut Emitter<'_>,
    ) -> Result<Touched, Refusal> {
        let action = call.action;
        let number = self.event_said(call);
        let tickets = match Act::of(action) {
            Act::BookWith => 2,
            _ => call.integer("tickets").unwrap_or(1).unsigned_abs(),
        };
        self.may_book(call, self.event(number), tickets)?;
        let transfer = Act::of(action) == Act::BookByTransfer;
        let payment = if transfer { Payment::Later } else { Payment::Made };
        let order = self.new_order(number, tickets, payment, call, emitter);
        self.take_places(order);
        if self.event(number).approval {
            self.order_mut(order).status = OrderState::PendingApproval;
            self.event_mut(number).tally.waiting += 1;
        } else {
            self.activate(order, payment, emitter.at);
        }
        self.emit_order(order, Trigger::OrderCreated, emitter);
        let admitted = self.order(order).is_admitted();
        let trigger = if admitted { Trigger::AttendeeValidated } else { Trigger::AttendeePending };
        self.emit_attendees(order, trigger, emitter);
        let index = self.order(order).index;
        let made = followers_of(index, tickets).collect();
        Ok(Touched { subject: index, made })
    }

    /// The event of a call. Without a name it is the first one.
    fn event_said(&self, call: &Call) -> EventNumber {
        match call.value("event") {
            Some(Value::Subject(index)) => match self.subjects[*index] {
                Known::Event(number) => number,
                _ => EventNumber::FIRST,
            },
            _ => EventNumber::FIRST,
        }
    }

    /// Refuses a booking that is not possible.
    fn may_book(&self, call: &Call, event: &Event, tickets: u64) -> Result<(), Refusal> {
        let action = call.action;
        let refuse = |kind, reason: String, legal| Err(Refusal { kind, reason, legal });
        if event.state != EventState::Live {
            let reason = format!(
                "`{}` is not possible for an event that is {} (it must be {})",
                action.call,
                event.state,
                EventState::Live,
            );
            let legal = CATALOGUE.legal(event.state.into());
            let legal = if legal.is_empty() { phrases(Act::CreateEvent) } else { legal };
            return refuse(Illegal, reason, legal);
        }
        if Act::of(action) == Act::BookByTransfer && event.is_free() {
            let reason = format!("{} is free: there is nothing to transfer", event.title);
            return refuse(Illegal, reason, phrases(Act::Book));
        }
        if tickets > event.available() {
            let left = event.available();
            let reason = format!("{} has {left} ticket(s) left, not {tickets}", event.title);
            return refuse(Full, reason, phrases(Act::CreateEvent));
        }
        if call.text("coupon").is_some_and(|coupon| coupon.trim().is_empty()) {
            return refuse(Invalid, "a coupon needs a code".to_owned(), other_ways(action));
        }
        let nameless = |name| call.new_name(name).is_some_and(|name| name.trim().is_empty());
        if nameless("who") || nameless("guest") {
            return refuse(Invalid, "a guest needs a name".to_owned(), other_ways(action));
        }
        Ok(())
    }

    fn new_order(
        &mut self,
        event: EventNumber,
        tickets: u64,
        payment: Payment,
        call: &Call,
        emitter: &Emitter<'_>,
    ) -> OrderNumber {
        let number = self.orders.next_number();
        let index = self.know(Known::Order(number));
        for place in 0..tickets as u8 {
            self.know(Known::Attendee(number, place));
            self.know(Known::Ticket(number, place));
        }
        let first_attendee = self.attendees;
        self.attendees += tickets as u32;
        let tickets = self.choose_tickets(event, tickets);
        let method = self.choose_method(event, payment);
        let categories = &self.event(event).categories;
        let sum: Cents = tickets
            .iter()
            .map(|ticket| categories[usize::from(ticket.category)].price.buyer_price)
            .sum();
        let coupon = call.text("coupon").map(Box::from);
        let discount = if coupon.is_some() { discount(self.rules.coupon_euros, sum) } else { 0 };
        let order = Order {
            index,
            number,
            event,
            first_attendee,
            seed: self.people.bits(),
            names: names(call),
            status: OrderState::Active,
            tickets,
            method,
            amount: sum - Cents::euros(discount),
            discount,
            coupon,
            booked: emitter.at,
            approved: None,
            paid: None,
            cancelled: None,
            removed: None,
            corrected: None,
            comment: None,
            invoiced: false,
            form: Form::default(),
        };
        self.orders.push(order);
        self.event_mut(event).orders.push(number);
        number
    }

    /// Chooses a category for each ticket, at random among the places that are left.
    fn choose_tickets(&mut self, event: EventNumber, tickets: u64) -> Box<[Ticket]> {
        let categories = &self.events[event].categories;
        let mut left: Vec<u64> = categories.iter().map(Category::available).collect();
        let mut all: u64 = left.iter().sum();
        let choose = |_| {
            let mut draw = self.choices.below(all);
            let free = left.iter_mut().enumerate().find(|(_, left)| {
                let here = draw < **left;
                draw = draw.saturating_sub(**left);
                here
            });
            let (category, places) = free.unwrap_or_else(|| panic!("places were counted"));
            *places -= 1;
            all -= 1;
            Ticket { category: category as u16, status: TicketState::Pending }
        };
        (0..tickets).map(choose).collect()
    }

    fn choose_method(&mut self, event: EventNumber, payment: Payment) -> &'static str {
        if self.event(event).is_free() {
            unknown::FREE
        } else if payment == Payment::Later {
            unknown::BANK_TRANSFER
        } else if self.choices.happens(BY_CARD) {
            unknown::CREDIT_CARD
        } else {
            unknown::PAYPAL
        }
    }
}

fn names(call: &Call) -> Option<Box<Names>> {
    let name = |argument| call.new_name(argument).map(str::to_owned);
    let (booker, guest) = (name("who"), name("guest"));
    let said = booker.is_some() || guest.is_some();
    said.then(|| Box::new(Names { booker, guest, corrected: None }))
}

fn phrases(act: Act) -> Vec<&'static str> {
    act.action().phrases.to_vec()
}

/// The other actions by which somebody can book.
fn other_ways(action: &'static Action) -> Vec<&'static str> {
    let ways = [Act::Book, Act::BookByTransfer, Act::BookWith];
    ways.into_iter().filter(|way| *way != Act::of(action)).flat_map(phrases).collect()
}
