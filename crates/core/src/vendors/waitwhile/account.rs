//! A Waitwhile account: its locations with their lines and calendars, its customers and their
//! visits, and how each change is emitted.
//!
//! What each action changes is in `actions`. What happens by itself is in `automatic`.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::api::state::ApiState;
use super::calendar::Slots;
use super::catalogue::CATALOGUE;
use super::cause::Cause;
use super::due::Due;
use super::envelope::Envelopes;
use super::location::{Count, Location};
use super::message::{Kind, Message, MessageNumber};
use super::opening;
use super::payload::{self, Around, Office, Version};
use super::spare::Spare;
use super::state::{SubjectKind, VisitState};
use super::visit::{By, Customer, Visit, VisitNumber};
use crate::chance::Chance;
use crate::clock::{after, between};
use crate::model::{
    Call, Catalogue, KindId, Settings, SparseList, StateId, Subject, SubjectIndex, Subjects,
};
use crate::vendors::agenda::Agenda;
use crate::vendors::api::{ApiAnswer, ApiCall, Subscription};
use crate::vendors::{Account, Outbox, Refusal, Setup, Touched, unless_sound};

/// The largest time by which actions may be later than their calls. Beyond it, the shift is reset.
/// This is more than any story needs, and too little to add up under load.
const LONGEST_SHIFT: Duration = Duration::from_millis(100);

/// One business.
pub struct WaitwhileAccount {
    pub(super) office: Office,
    pub(super) rules: Rules,
    pub(super) locations: Vec<Location>,
    pub(super) visits: SparseList<Visit>,
    pub(super) messages: SparseList<Message>,
    pub(super) customers: SparseList<Customer>,
    /// The object behind each subject index.
    pub(super) subjects: SparseList<Known, Subject>,
    /// What happens by itself.
    pub(super) due: Agenda<Due>,
    pub(super) people: Chance,
    pub(super) ids: Chance,
    /// The id of the next visit, if it differs from that of the last one in case alone.
    pub(super) twin: Option<String>,
    pub(super) desk: Chance,
    pub(super) networks: Chance,
    pub(super) envelopes: Envelopes,
    /// When something last happened.
    last: Timestamp,
    /// How much later actions are than their calls.
    later_by: Duration,
    /// Empty buffers for what is rendered.
    pub(super) spare: Spare,
    /// The data that only the REST API has.
    pub(super) api: ApiState,
}

/// The subject behind a subject index.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// One of the locations.
    Location(u16),
    /// One of the visits.
    Visit(VisitNumber),
    /// One of the messages.
    Message(MessageNumber),
}

impl Known {
    /// Its kind.
    fn kind(self) -> SubjectKind {
        match self {
            Self::Location(_) => SubjectKind::Location,
            Self::Visit(_) => SubjectKind::Visit,
            Self::Message(_) => SubjectKind::Message,
        }
    }
}

/// The settings that decide what happens.
pub struct Rules {
    pub(super) resource_capacity: u16,
    pub(super) estimates_always: bool,
    pub(super) hold: Option<Duration>,
    pub(super) hold_fires: bool,
    pub(super) hold_expiry_fires: bool,
    pub(super) waitlist_sync: Option<Duration>,
    pub(super) expires_after: Option<Duration>,
    pub(super) auto_complete: Option<Duration>,
    pub(super) no_show_tag: &'static str,
    pub(super) ids_differ_in_case: bool,
    pub(super) messages: Vec<String>,
    pub(super) reminder: Option<Duration>,
    pub(super) follow_up_after: Option<Duration>,
    pub(super) message_takes: Option<Duration>,
    pub(super) undelivered: f64,
}

impl Rules {
    fn of(settings: &Settings) -> Self {
        Self {
            resource_capacity: settings.integer("resource_capacity") as u16,
            estimates_always: settings.text("estimates_fire") == "always",
            hold: settings.duration("hold"),
            hold_fires: settings.text("hold_fires") != "nothing",
            hold_expiry_fires: settings.text("hold_expiry_fires") != "nothing",
            waitlist_sync: settings.duration("waitlist_sync"),
            expires_after: settings.duration("expires_after"),
            auto_complete: settings.duration("auto_complete"),
            no_show_tag: if settings.text("no_show_tag") == "NOSHOW" {
                "NOSHOW"
            } else {
                "NO-SHOW"
            },
            ids_differ_in_case: settings.text("visit_ids") == "differ-in-case",
            messages: settings.list("messages").to_vec(),
            reminder: settings.duration("reminder"),
            follow_up_after: settings.duration("follow_up_after"),
            message_takes: settings.duration("message_takes"),
            undelivered: settings.share("undelivered"),
        }
    }

    /// Whether a message of this kind is sent.
    pub(super) fn sends(&self, kind: Kind) -> bool {
        kind == Kind::Alert || self.messages.iter().any(|name| name == kind.setting())
    }
}

impl WaitwhileAccount {
    /// Opens the business.
    pub fn open(setup: Setup) -> Self {
        let settings = &setup.settings;
        let mut ids = setup.ids("ids");
        let mut office = office(&setup, &mut ids);
        let locations = opening::locations(settings, setup.start, &mut ids);
        let mut api = ApiState::new(&setup, office.staff.len(), locations.len());
        office.key_user = api.id(28);
        let given = (0..locations.len() as u16).map(Known::Location).collect();
        Self {
            envelopes: Envelopes::new(office.account.clone(), setup.chance.child("envelopes"))
                .with_ids(setup.fresh_ids("envelopes")),
            office,
            rules: Rules::of(settings),
            locations,
            visits: SparseList::default(),
            messages: SparseList::default(),
            customers: SparseList::default(),
            subjects: given,
            due: Agenda::default(),
            people: setup.chance.child("people"),
            desk: setup.chance.child("desk"),
            networks: setup.chance.child("networks"),
            ids,
            twin: None,
            last: Timestamp::MIN,
            later_by: Duration::ZERO,
            spare: Spare::default(),
            api,
        }
    }

    pub(super) fn visit(&self, number: VisitNumber) -> &Visit {
        &self.visits[number]
    }

    pub(super) fn visit_mut(&mut self, number: VisitNumber) -> &mut Visit {
        &mut self.visits[number]
    }

    pub(super) fn location_of(&mut self, number: VisitNumber) -> &mut Location {
        let location = self.visit(number).location;
        &mut self.locations[usize::from(location)]
    }

    /// Adds a subject.
    pub(super) fn know(&mut self, known: Known) -> SubjectIndex {
        self.subjects.push(known)
    }

    /// Begins an action: picks the member of staff who does it, and the time of its changes. No two
    /// actions have the same millisecond, since `updated` must tell which came later.
    pub(super) fn begin(&mut self, cause: &mut Cause<'_>) {
        // While a guest waits or is served, the shift stays the same, so that a wait of ten minutes
        // is never a millisecond shorter.
        let nobody = |location: &Location| location.status.waiting + location.status.serving == 0;
        if self.later_by > LONGEST_SHIFT || self.locations.iter().all(nobody) {
            self.later_by = Duration::ZERO;
        }
        let next = after(self.last, Duration::from_millis(1));
        cause.now = after(cause.emitter.at, self.later_by).max(next);
        self.later_by = between(cause.emitter.at, cause.now);
        self.last = cause.now;
        if let By::Staff(number) = &mut cause.by {
            *number = self.desk.below(self.office.staff.len() as u64) as u16;
        }
        self.envelopes.begin(cause.now);
    }

    pub(super) fn around(&self, visit: &Visit) -> Around<'_> {
        Around {
            office: &self.office,
            location: &self.locations[usize::from(visit.location)],
            customer: &self.customers[visit.customer],
            customers: &self.customers,
        }
    }

    /// Takes a visit out of the line, or away from the desk. Returns the index in line that is now
    /// free.
    pub(super) fn leave(&mut self, number: VisitNumber) -> Option<usize> {
        let visit = self.visit(number);
        let (state, party, resource) = (visit.state, visit.party, visit.resource);
        let position = visit.position;
        let here = self.location_of(number);
        match state {
            VisitState::Waiting => {
                let position = position.unwrap_or_else(|| panic!("a waiting visit has a position"));
                here.line.leave(position);
                here.count_waiting(party, Count::Down);
                Some(position as usize - 1)
            }
            VisitState::Serving => {
                here.count_serving(party, resource, Count::Down);
                None
            }
            VisitState::Pending
            | VisitState::Draft
            | VisitState::Booked
            | VisitState::Complete
            | VisitState::Removed => None,
        }
    }

    /// Gives back a visit's slot, if it has one. Visits on the waitlist and at the desk keep
    /// theirs.
    pub(super) fn release_slot(&mut self, number: VisitNumber) {
        if let Some(booking) = self.visit(number).booking {
            self.location_of(number).calendar.release(booking.start, number);
        }
    }
}

impl Account for WaitwhileAccount {
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
        let kind = SubjectKind::Location.id();
        let named = |location: &Location| (kind, location.name.clone(), location.index);
        self.locations.iter().map(named).collect()
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.next()
    }

    fn elapse(&mut self, now: Timestamp, outbox: &mut Outbox) {
        while let Some((at, due)) = self.due.pop_by(now) {
            self.happen(due, at, outbox);
        }
    }

    fn subjects(&self) -> Subjects {
        self.subjects.numbers()
    }

    fn forget_ended(&mut self, except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        self.forget_guests(except)
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        let known = self.subjects.get(index)?;
        Some(known.kind().id())
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        let known = self.subjects[index];
        let id = match known {
            Known::Location(number) => &self.locations[usize::from(number)].id,
            Known::Visit(number) => &self.visit(number).id,
            Known::Message(number) => &self.messages[number].id,
        };
        Subject { kind: known.kind().name(), id: id.clone() }
    }

    fn state(&self, index: SubjectIndex) -> StateId {
        match self.subjects[index] {
            Known::Location(number) => self.locations[usize::from(number)].state().into(),
            Known::Visit(number) => self.visit(number).state.into(),
            Known::Message(number) => self.messages[number].state.into(),
        }
    }

    fn is_deleted(&self, index: SubjectIndex) -> bool {
        let visit = match self.subjects[index] {
            Known::Location(_) => return false,
            Known::Visit(number) => number,
            Known::Message(number) => self.messages[number].visit,
        };
        self.visit(visit).state == VisitState::Removed
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        match self.subjects[index] {
            Known::Location(number) => payload::status_truth(&self.locations[usize::from(number)]),
            Known::Visit(number) => {
                let visit = self.visit(number);
                payload::visit_truth(visit, self.around(visit))
            }
            Known::Message(number) => {
                let message = &self.messages[number];
                let visit = self.visit(message.visit);
                payload::message_truth(message, visit, self.around(visit))
            }
        }
    }

    fn answer(&mut self, call: &ApiCall, now: Timestamp, outbox: &mut Outbox) -> ApiAnswer {
        self.answer_call(call, now, outbox)
    }

    fn api_object(&self, index: SubjectIndex) -> Option<Json> {
        self.read_subject(index)
    }

    fn subscriptions(&self) -> &[Subscription] {
        self.api.subscriptions()
    }
}

fn office(setup: &Setup, ids: &mut Chance) -> Office {
    let settings = &setup.settings;
    let zone = settings.text("time_zone");
    let zone = TimeZone::get(zone).unwrap_or_else(|_| panic!("{zone} was checked"));
    let capacity = |name| settings.integer(name) as usize;
    let desks = settings.list("resources").len();
    let host = settings.text("host");
    let sending_domain = format!("v2-email.{host}");
    Office {
        version: Version::of(setup.profile.name),
        account: ids.alphanumeric(20),
        business: settings.text("business").to_owned(),
        desk: format!("desk@{sending_domain}"),
        sending_domain,
        host: host.to_owned(),
        failed_state: settings.text("failed_state").to_owned(),
        questions: opening::questions(settings, ids),
        sources: settings.list("sources").to_vec(),
        locales: settings.list("locales").to_vec(),
        staff: (0..desks + 1).map(|_| ids.alphanumeric(28)).collect(),
        system: ids.alphanumeric(28),
        key_user: String::new(),
        slots: Slots::new(
            zone,
            settings.duration("slot").unwrap_or_default(),
            (capacity("resource_capacity"), capacity("service_capacity")),
        ),
    }
}
