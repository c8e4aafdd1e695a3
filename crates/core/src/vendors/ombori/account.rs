//! An Ombori account: one store with its queues, desks and staff, and every position in it.
//!
//! The catalogue says which transitions are legal. What each of them changes is in `actions`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use uuid::Uuid;

use super::act::Act;
use super::api::Rules;
use super::catalogue::CATALOGUE;
use super::opening::{fired, queues, staff, stations};
use super::payload::{self, Place, Staff, Station, Version};
use super::people::{self, Locale};
use super::position::{Channel, Guest, Kind, Position};
use super::state::{State, SubjectKind};
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::clock::{END, after};
use crate::model::{
    Action, ActionId, Call, Catalogue, KindId, SparseList, StateId, Subject, SubjectIndex, Subjects,
};
use crate::vendors::agenda::Agenda;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::emitter::Emitter;
use crate::vendors::people::{Home, email, family_name, name, phone};
use crate::vendors::{Account, Outbox, Refusal, RefusalKind, Setup, Touched, unless_sound};

/// Share of guests who leave no phone number.
const NO_NUMBER: f64 = 0.06;

/// One store.
pub struct OmboriAccount {
    version: Version,
    /// The trigger that each action fires in this version.
    fired: BTreeMap<ActionId, Trigger>,
    pub(super) organization: String,
    organization_title: String,
    location: String,
    pub(super) zone: TimeZone,
    registration: Vec<String>,
    pub(super) locales: Vec<Locale>,
    channels: Vec<Channel>,
    pub(super) slot: Duration,
    pub(super) reminder: Duration,
    pub(super) auto_checkout: Option<Duration>,
    reset_fires: bool,
    /// `priority` of a ticket of high priority.
    pub(super) high_priority: u32,
    pub(super) queues: Vec<Uuid>,
    pub(super) stations: Vec<Station>,
    /// How many guests are called to each of them, or served there.
    pub(super) guests: Vec<u32>,
    staff: Vec<Staff>,
    /// The next number for each letter, and the local day that it counts on.
    counters: Counters,
    pub(super) positions: SparseList<Position, Subject>,
    /// The positions to which something will happen by itself.
    pub(super) due: Agenda<SubjectIndex>,
    pub(super) people: Chance,
    ids: Chance,
    pub(super) desks: Chance,
    /// The settings that the API obeys.
    pub(super) rules: Rules,
    /// The ids of positions that the API creates.
    pub(super) api_ids: Chance,
}

#[derive(Default)]
struct Counters {
    /// The next local midnight, at which the numbers start again.
    until: Option<Timestamp>,
    walk_ins: u32,
    bookings: u32,
}

impl OmboriAccount {
    /// Opens the store.
    pub fn open(setup: Setup) -> Self {
        let settings = &setup.settings;
        let chance = &setup.chance;
        let mut ids = setup.ids("ids");
        let zone = settings.text("time_zone");
        let off = Duration::ZERO;
        let queues = queues(settings, &mut ids);
        let stations = stations(settings, &mut ids);
        let staff = staff(&setup, stations.len());
        Self {
            version: Version::of(setup.profile.name),
            fired: fired(setup.profile),
            organization: settings.text("organization").to_owned(),
            organization_title: settings.text("organization_title").to_owned(),
            location: settings.text("location").to_owned(),
            zone: TimeZone::get(zone).unwrap_or_else(|_| panic!("{zone} was checked")),
            registration: settings.list("registration").to_vec(),
            locales: settings.list("locales").iter().map(|code| Locale::from_code(code)).collect(),
            channels: settings
                .list("notifications")
                .iter()
                .map(|name| Channel::from_name(name))
                .collect(),
            slot: settings.duration("slot").unwrap_or(off),
            reminder: settings.duration("reminder").unwrap_or(off),
            auto_checkout: settings.duration("auto_checkout"),
            reset_fires: settings.text("reset_fires") != "nothing",
            high_priority: settings.integer("high_priority") as u32,
            queues,
            guests: vec![0; stations.len()],
            stations,
            staff,
            counters: Counters::default(),
            positions: SparseList::default(),
            due: Agenda::default(),
            people: chance.child("people"),
            desks: chance.child("desks"),
            ids,
            rules: Rules::of(&setup),
            api_ids: setup.ids("api"),
        }
    }

    /// Creates a position for a guest of this name, or of an invented one.
    pub(super) fn make(
        &mut self,
        kind: Kind,
        state: State,
        name: Option<&str>,
        now: Timestamp,
    ) -> SubjectIndex {
        let guest = self.guest(kind, name);
        let label = if kind == Kind::Booking { String::new() } else { self.next_label('A', now) };
        self.positions.push(Position {
            id: self.ids.uuid(),
            kind,
            priority: kind.priority(),
            state,
            queue: self.people.below(self.queues.len() as u64) as u16,
            label,
            guest,
            link: self.ids.alphanumeric(6),
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

    fn guest(&mut self, kind: Kind, wanted: Option<&str>) -> Guest {
        let people = &mut self.people;
        let locale = *people::leaning(people, &self.locales);
        let channel = match *people::leaning(people, &self.channels) {
            Channel::Nothing if kind == Kind::Booking => Channel::PhoneNumber,
            channel => channel,
        };
        let tongue = locale.tongue();
        let name = match wanted {
            // A full name is kept. A given name alone gets a family name.
            Some(full) if full.contains(char::is_whitespace) => full.to_owned(),
            Some(given) => format!("{given} {}", family_name(people, tongue, given)),
            None => {
                let (first, last) = name(people, tongue);
                format!("{first} {last}")
            }
        };
        // A missing number is empty in the form and in the notification (webhook page v10).
        let no_number = people.happens(NO_NUMBER);
        Guest {
            phone: if no_number { String::new() } else { phone(people, Home::Sweden, tongue) },
            email: email(people, tongue, &name),
            name,
            locale,
            channel,
            registered: true,
        }
    }

    /// `A1`, `A2`, … It starts at 1 again each local day.
    pub(super) fn next_label(&mut self, letter: char, now: Timestamp) -> String {
        if self.counters.until.is_none_or(|until| now >= until) {
            let today = now.to_zoned(self.zone.clone()).date();
            let tomorrow = today.tomorrow().and_then(|day| day.to_zoned(self.zone.clone()));
            self.counters = Counters {
                until: Some(tomorrow.map_or(END, |midnight| midnight.timestamp())),
                ..Counters::default()
            };
        }
        let counter =
            if letter == 'B' { &mut self.counters.bookings } else { &mut self.counters.walk_ins };
        *counter += 1;
        format!("{letter}{counter}")
    }

    /// Whether it is time for a checked-in position to be checked out by itself. The due entry may
    /// be outdated, for example if the slot has moved since.
    fn checks_out(&self, position: &Position, by: Timestamp) -> bool {
        let since = position.fulfilled_at.zip(self.auto_checkout);
        since.is_some_and(|(since, wait)| after(since, wait) <= by)
    }

    /// Emits the webhook that an action on this subject causes in this profile, if any.
    pub(super) fn emit(
        &mut self,
        action: &'static Action,
        index: SubjectIndex,
        now: Timestamp,
        outbox: &mut Outbox,
    ) {
        if Act::of(action) == Act::Reset && !self.reset_fires {
            return;
        }
        let Some(trigger) = self.fired.get(&action.id).copied() else { return };
        let mut emitter = Emitter { action, at: now, outbox };
        let position = &self.positions[index];
        payload::render(
            trigger,
            position,
            &self.place(),
            self.queues[usize::from(position.queue)],
            self.station_of(position),
            self.staff_of(position),
            emitter.body(),
        );
        emitter.emit(trigger, index, None);
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place {
            version: self.version,
            organization: &self.organization,
            organization_title: &self.organization_title,
            location: &self.location,
            registration: &self.registration,
            zone: &self.zone,
        }
    }

    pub(super) fn station_of(&self, position: &Position) -> Option<&Station> {
        position.station.and_then(|desk| self.stations.get(usize::from(desk)))
    }

    pub(super) fn staff_of(&self, position: &Position) -> Option<&Staff> {
        position.served_by.and_then(|staff| self.staff.get(usize::from(staff)))
    }

    fn check(&self, action: &'static Action, index: SubjectIndex) -> Result<(), Refusal> {
        let position = &self.positions[index];
        let (kind, reason) = (RefusalKind::Illegal, "only bookings carry a check-in QR code");
        let refuse = || Refusal::beside(kind, &CATALOGUE, action, position.state, reason);
        if can_be_done(action, position) { Ok(()) } else { Err(refuse()) }
    }
}

impl Account for OmboriAccount {
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
        let index = match call.subject() {
            Some(index) => {
                self.check(call.action, index)?;
                self.change(call, index, now);
                index
            }
            None => self.make_new(call, now),
        };
        self.emit(call.action, index, now, outbox);
        Ok(Touched::only(index))
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.next()
    }

    fn elapse(&mut self, now: Timestamp, outbox: &mut Outbox) {
        while let Some((at, index)) = self.due.pop_by(now) {
            let position = &self.positions[index];
            // The position may have been cancelled, rescheduled or checked out since.
            let act = match position.state {
                State::Draft if position.slot.is_some_and(|slot| slot.start <= at) => Act::Activate,
                State::Fulfilled if self.checks_out(position, at) => Act::CheckOutByItself,
                State::Reserved
                | State::Draft
                | State::Pending
                | State::Notified
                | State::Fulfilled
                | State::Completed
                | State::Rejected => continue,
            };
            let action = act.action();
            self.change(&Call { action, values: Vec::new() }, index, at);
            self.emit(action, index, at, outbox);
        }
    }

    fn subjects(&self) -> Subjects {
        self.positions.numbers()
    }

    fn forget_ended(&mut self, except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        let over = |(index, position): (SubjectIndex, &Position)| {
            let over = matches!(position.state, State::Completed | State::Rejected);
            (over && !except.contains(&index)).then_some(index)
        };
        let forgotten: Vec<_> = self.positions.numbered().filter_map(over).collect();
        for index in &forgotten {
            self.positions.forget(*index);
        }
        // What is due for a position that is over no longer applies.
        let Self { due, positions, .. } = self;
        due.retain(|index| positions.get(*index).is_some());
        forgotten
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        self.positions.get(index).map(|_| SubjectKind::Position.id())
    }

    fn legal(&self, index: SubjectIndex) -> Vec<&'static Action> {
        let Some(position) = self.positions.get(index) else { return Vec::new() };
        let legal = CATALOGUE.legal_actions(position.state.into());
        legal.filter(|action| can_be_done(action, position)).collect()
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        let id = self.positions[index].id.to_string();
        Subject { kind: SubjectKind::Position.name(), id }
    }

    fn state(&self, index: SubjectIndex) -> StateId {
        self.positions[index].state.into()
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        let position = &self.positions[index];
        payload::truth(
            position,
            &self.place(),
            self.queues[usize::from(position.queue)],
            self.station_of(position),
            self.staff_of(position),
        )
    }

    fn answer(&mut self, call: &ApiCall, now: Timestamp, outbox: &mut Outbox) -> ApiAnswer {
        self.answer_call(call, now, outbox)
    }

    fn api_object(&self, index: SubjectIndex) -> Option<Json> {
        Some(self.object(index))
    }
}

/// Whether an action that is legal in a position's state fits this position: a walk-in has no QR
/// code to scan.
fn can_be_done(action: &Action, position: &Position) -> bool {
    Act::of(action) != Act::ScanCode || position.kind == Kind::Booking
}
