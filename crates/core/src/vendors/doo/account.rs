//! A doo account: one organization with its events and their orders.
//!
//! Actions on orders are in `booking` and `actions`, actions on events in `organizing`, the webhooks
//! that follow in `emit`, and what becomes of that which is over in `forgetting`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::api::state::ApiState;
use super::catalogue::CATALOGUE;
use super::dates::Dates;
use super::event::{Event, EventNumber};
use super::given_ids::{GivenIds, QuestionIds};
use super::money::{Cents, Pricing};
use super::named::EVENTS;
use super::numbers::{Events, Orders};
use super::order::{Order, OrderNumber};
use super::payload::{Ids, Kept, Office};
use super::state::{EventState, OrderState, SubjectKind};
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::model::{
    Call, Catalogue, KindId, Settings, SparseList, StateId, Subject, SubjectIndex, Subjects,
};
use crate::vendors::agenda::Agenda;
use crate::vendors::api::{ApiAnswer, ApiCall, IssuedToken, Subscription};
use crate::vendors::{Account, Outbox, Refusal, Setup, Touched, unless_sound};

/// A subject of the account.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// An event.
    Event(EventNumber),
    /// An order.
    Order(OrderNumber),
    /// An attendee, by its index in its order.
    Attendee(OrderNumber, u8),
    /// The ticket of the attendee with this index in its order.
    Ticket(OrderNumber, u8),
}

impl Known {
    /// Its kind.
    fn kind(self) -> SubjectKind {
        match self {
            Self::Event(_) => SubjectKind::Event,
            Self::Order(_) => SubjectKind::Order,
            Self::Attendee(..) => SubjectKind::Attendee,
            Self::Ticket(..) => SubjectKind::Ticket,
        }
    }
}

/// One organization.
pub struct DooAccount {
    pub(super) office: Office,
    pub(super) rules: Rules,
    /// The ids that the user has set.
    pub(super) given_ids: GivenIds,
    pub(super) events: SparseList<Event, Events>,
    pub(super) orders: SparseList<Order, Orders>,
    pub(super) subjects: SparseList<Known, Subject>,
    /// How many events existed from the start.
    pub(super) given: usize,
    /// How many attendees there have been.
    pub(super) attendees: u32,
    /// The events, each at its end.
    pub(super) ends: Agenda<EventNumber>,
    /// The chance stream for the people of orders.
    pub(super) people: Chance,
    /// The chance stream for what bookers choose.
    pub(super) choices: Chance,
    /// The chance stream for what the organizer sets.
    pub(super) desk: Chance,
    /// The data that only the REST API has.
    pub(super) api: ApiState,
}

/// The settings that decide how events are and which webhooks are emitted.
pub struct Rules {
    pub(super) starts_in: std::time::Duration,
    pub(super) lasts: std::time::Duration,
    pub(super) pricing: Vec<Pricing>,
    pub(super) event_types: Vec<String>,
    pub(super) image_shapes: Vec<String>,
    pub(super) approval: Vec<bool>,
    pub(super) booker_alone: Vec<bool>,
    pub(super) categories: Vec<String>,
    pub(super) capacity: u64,
    pub(super) coupon_euros: u64,
    pub(super) attendee_triggers: Vec<Trigger>,
    pub(super) cancellation_fires: Vec<Trigger>,
    pub(super) checkin_fires: bool,
    pub(super) done_fires: bool,
}

impl Rules {
    fn of(settings: &Settings) -> Self {
        let list = |name| settings.list(name).iter();
        let triggers = |name| {
            let named = |trigger: &Trigger| list(name).any(|one| one == trigger.name());
            Trigger::ALL.iter().copied().filter(named).collect()
        };
        Self {
            starts_in: settings.duration("starts_in").unwrap_or_default(),
            lasts: settings.duration("lasts").unwrap_or_default(),
            pricing: list("prices").map(|name| Pricing::of(name)).collect(),
            event_types: settings.list("event_types").to_vec(),
            image_shapes: settings.list("image_shapes").to_vec(),
            approval: list("approval").map(|name| name == "on").collect(),
            booker_alone: list("questions").map(|name| name == "booker").collect(),
            categories: settings.list("categories").to_vec(),
            capacity: settings.integer("capacity").unsigned_abs(),
            coupon_euros: settings.integer("coupon_euros").unsigned_abs(),
            attendee_triggers: triggers("attendee_triggers"),
            cancellation_fires: triggers("cancellation_fires"),
            checkin_fires: settings.text("checkin_fires") != "nothing",
            done_fires: settings.text("done_fires") != "nothing",
        }
    }
}

impl DooAccount {
    /// Opens the organization. Its first events are on sale at once, without a webhook.
    pub fn open(setup: Setup) -> Self {
        let settings = &setup.settings;
        let mut account = Self {
            office: office(settings, &mut setup.ids("ids")),
            rules: Rules::of(settings),
            given_ids: GivenIds::of(settings),
            events: SparseList::default(),
            orders: SparseList::default(),
            subjects: SparseList::default(),
            given: 0,
            attendees: 0,
            ends: Agenda::default(),
            people: setup.chance.child("people"),
            choices: setup.chance.child("choices"),
            desk: setup.chance.child("desk"),
            api: ApiState::new(&setup),
        };
        for title in settings.distinct(EVENTS) {
            let number = account.new_event(Some(title), setup.start);
            account.put_on_sale(number, setup.start);
            account.given += 1;
        }
        account
    }

    pub(super) fn event(&self, number: EventNumber) -> &Event {
        &self.events[number]
    }

    pub(super) fn event_mut(&mut self, number: EventNumber) -> &mut Event {
        &mut self.events[number]
    }

    pub(super) fn order(&self, number: OrderNumber) -> &Order {
        &self.orders[number]
    }

    pub(super) fn order_mut(&mut self, number: OrderNumber) -> &mut Order {
        &mut self.orders[number]
    }

    /// Adds a subject.
    pub(super) fn know(&mut self, known: Known) -> SubjectIndex {
        self.subjects.push(known)
    }

    /// The body of an order in its current state.
    pub(super) fn order_json(&self, number: OrderNumber) -> Json {
        let mut body = Vec::new();
        self.write_order(number, &mut body);
        parsed(&body)
    }
}

impl Account for DooAccount {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn act(
        &mut self,
        call: &Call,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<Touched, Refusal> {
        unless_sound(self, call)?;
        self.carry_out(call, now, outbox)
    }

    fn given(&self) -> Vec<(KindId, String, SubjectIndex)> {
        let (kind, events) = (SubjectKind::Event.id(), self.given_events());
        events.map(|event| (kind, event.title.clone(), event.index)).collect()
    }

    fn due(&self) -> Option<Timestamp> {
        [self.ends.next(), self.api.due()].into_iter().flatten().min()
    }

    fn elapse(&mut self, now: Timestamp, outbox: &mut Outbox) {
        while let Some((at, number)) = self.ends.pop_by(now) {
            self.tell_due(at, outbox);
            self.end(number, at, outbox);
        }
        self.tell_due(now, outbox);
    }

    fn subjects(&self) -> Subjects {
        self.subjects.numbers()
    }

    fn forget_ended(&mut self, except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        self.forget_over(except)
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        let known = self.subjects.get(index)?;
        Some(known.kind().id())
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        let ids = &self.office.ids;
        let known = self.subjects[index];
        let id = match known {
            Known::Event(number) => self.event(number).id,
            Known::Order(number) => number.id(ids.order, 1),
            Known::Attendee(order, place) => {
                ids.attendee + self.order(order).first_attendee + u32::from(place)
            }
            Known::Ticket(order, place) => {
                ids.ticket + self.order(order).first_attendee + u32::from(place)
            }
        };
        Subject { kind: known.kind().name(), id: id.to_string() }
    }

    fn state(&self, index: SubjectIndex) -> StateId {
        match self.subjects[index] {
            Known::Event(number) => self.event(number).state.into(),
            Known::Order(number) => self.order(number).status.into(),
            Known::Attendee(order, _) => self.order(order).attendee_status().into(),
            Known::Ticket(order, place) => {
                self.order(order).tickets[usize::from(place)].status.into()
            }
        }
    }

    fn answer(&mut self, call: &ApiCall, now: Timestamp, outbox: &mut Outbox) -> ApiAnswer {
        self.answer_call(call, now, outbox)
    }

    fn api_object(&self, index: SubjectIndex) -> Option<Json> {
        self.read_subject(index)
    }

    fn api_tokens(&self) -> &[IssuedToken] {
        self.api.tokens()
    }

    fn subscriptions(&self) -> &[Subscription] {
        self.api.subscriptions()
    }

    fn is_deleted(&self, index: SubjectIndex) -> bool {
        match self.subjects[index] {
            Known::Event(number) => self.event(number).state == EventState::Deleted,
            Known::Order(number) | Known::Attendee(number, _) | Known::Ticket(number, _) => {
                self.order(number).status == OrderState::Removed
            }
        }
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        match self.subjects[index] {
            Known::Event(number) => {
                let mut body = Vec::new();
                super::payload::whole(self.event(number), &self.office, &mut body);
                parsed(&body)
            }
            Known::Order(number) => order_truth(self.order_json(number)),
            Known::Attendee(number, place) => {
                let mut order = self.order_json(number);
                let belongs = [
                    ("order_id", order["order_details"]["id"].take()),
                    ("event_id", order["event"]["id"].take()),
                ];
                let attendee = order["order_details"]["attendees"][usize::from(place)].take();
                beside(attendee, belongs)
            }
            Known::Ticket(number, place) => {
                let mut order = self.order_json(number);
                let order_id = order["order_details"]["id"].take();
                let mut attendee = order["order_details"]["attendees"][usize::from(place)].take();
                let belongs = [("attendee_id", attendee["id"].take()), ("order_id", order_id)];
                beside(attendee["ticket"].take(), belongs)
            }
        }
    }
}

/// The truth about an order: the members of its details, and the members beside them in its body.
fn order_truth(mut body: Json) -> Json {
    let details = body["order_details"].take();
    let others = ["event", "external_customer_id", "contact_center"];
    let others = others.into_iter().filter_map(|name| Some((name, body.get_mut(name)?.take())));
    beside(details, others)
}

/// An object with these further members.
fn beside(object: Json, others: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let mut members: Map<String, Json> = match object {
        Json::Object(members) => members,
        other => panic!("not an object: {other}"),
    };
    members.extend(others.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Json::Object(members)
}

fn parsed(body: &[u8]) -> Json {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("a body is JSON: {error}"))
}

fn office(settings: &Settings, ids: &mut Chance) -> Office {
    // Each kind has room for a hundred million ids below 2^31. The ranges are so far apart that the
    // accounts of a run hardly ever share an id.
    let mut base = || ids.between(1_000_000, 2_000_000_000) as u32;
    let ids = Ids {
        event: base(),
        order: base(),
        attendee: base(),
        ticket: base(),
        category: base(),
        question: base(),
        image: base(),
        member: base(),
        user: base(),
    };
    let questions = QuestionIds::of(settings, ids.question);
    let host = settings.text("host");
    let external_user = settings.text("external_user_id");
    Office {
        organizer: settings.text("organizer").to_owned(),
        host: host.to_owned(),
        dates: Dates::of(settings),
        fee: Cents(settings.integer("fee_cents").unsigned_abs()),
        external_user: (external_user != "none").then(|| external_user.to_owned()),
        prefilled: settings.share("prefilled"),
        kept: Kept::of(host, &questions),
        questions,
        ids,
    }
}
