//! An Ombori account: one store with its queues, desks and staff, and every position in it.
//!
//! The transitions that it allows are the catalogue's; here is what each of them changes and
//! which webhook follows.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use uuid::Uuid;

use super::act::Act;
use super::catalogue::{CATALOGUE, DRAFT, FULFILLED, PENDING, RESERVED};
use super::opening::{fired, staff_member, station_label};
use super::payload::{self, Place, Staff, Station, Version};
use super::people::{self, Locale};
use super::position::{Channel, Feedback, Guest, Kind, Position, Slot};
use crate::chance::Chance;
use crate::clock::{END, after, whole_milliseconds};
use crate::model::{Action, ActionId, Call, Catalogue, Subject, SubjectIndex, Subjects};
use crate::vendors::agenda::Agenda;
use crate::vendors::emitter::Emitter;
use crate::vendors::people::email;
use crate::vendors::{Account, Outbox, Refusal, RefusalKind, Setup, Touched, unless_sound};

/// Share of guests who leave no phone number.
const NO_NUMBER: f64 = 0.06;

/// One store.
pub struct OmboriAccount {
    version: Version,
    /// The trigger that each action fires in this version.
    fired: BTreeMap<ActionId, &'static str>,
    organization: String,
    organization_title: String,
    location: String,
    zone: TimeZone,
    registration: Vec<String>,
    locales: Vec<Locale>,
    channels: Vec<Channel>,
    slot: Duration,
    reminder: Duration,
    auto_checkout: Option<Duration>,
    reset_fires: bool,
    queues: Vec<Uuid>,
    stations: Vec<Station>,
    staff: Vec<Staff>,
    /// The next number of each label's letter, and the local day that it counts on.
    counters: Counters,
    positions: Vec<Position>,
    /// Positions to which something will happen by itself.
    due: Agenda<SubjectIndex>,
    people: Chance,
    ids: Chance,
    desks: Chance,
    scratch: Vec<u8>,
}

#[derive(Default)]
struct Counters {
    /// The next local midnight: until then the numbers go on.
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
        let mut staff_chance = chance.child("staff");
        let mut staff_ids = setup.fresh_ids("staff");
        let zone = settings.text("time_zone");
        let off = Duration::ZERO;
        let queues = settings.list("queues").iter().map(|_| ids.uuid()).collect();
        let stations: Vec<Station> = (0..settings.integer("stations"))
            .map(|number| Station { id: ids.uuid(), label: station_label(number) })
            .collect();
        let staff = (0..stations.len() + 1)
            .map(|_| staff_member(&mut staff_chance, staff_ids.as_mut()))
            .collect();
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
            queues,
            stations,
            staff,
            counters: Counters::default(),
            positions: Vec::new(),
            due: Agenda::default(),
            people: chance.child("people"),
            desks: chance.child("desks"),
            ids,
            scratch: Vec::with_capacity(2048),
        }
    }

    /// Makes a position for a guest of this name, or of any name.
    fn make(
        &mut self,
        kind: Kind,
        state: &'static str,
        name: Option<&str>,
        now: Timestamp,
    ) -> SubjectIndex {
        let guest = self.guest(name);
        let label = if kind == Kind::Booking { String::new() } else { self.next_label('A', now) };
        self.positions.push(Position {
            id: self.ids.uuid(),
            kind,
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
        });
        SubjectIndex::at(self.positions.len() - 1)
    }

    fn guest(&mut self, name: Option<&str>) -> Guest {
        let locale = *people::leaning(&mut self.people, &self.locales);
        let channel = *people::leaning(&mut self.people, &self.channels);
        let (first, last) = people::name(&mut self.people, locale);
        let name = match name {
            // A full name is taken as it is; a given name gets a family name.
            Some(full) if full.contains(char::is_whitespace) => full.to_owned(),
            Some(given) => format!("{given} {last}"),
            None => format!("{first} {last}"),
        };
        // A missing number is empty in the form and in the notification (webhook page v10).
        let no_number = self.people.happens(NO_NUMBER);
        Guest {
            phone: if no_number { String::new() } else { people::phone(&mut self.people) },
            email: email(&mut self.people, &name),
            name,
            locale,
            channel,
        }
    }

    /// `A1`, `A2`, … and from 1 again each local day.
    fn next_label(&mut self, letter: char, now: Timestamp) -> String {
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

    /// The slot that begins this long from now, or at the next whole minute after that.
    fn slot_in(&self, ahead: Duration, now: Timestamp, people: u8) -> Slot {
        let start = after(now, ahead).as_millisecond();
        let to_the_minute = (-start).rem_euclid(60_000);
        let start = Timestamp::from_millisecond(start + to_the_minute).unwrap_or(END);
        let reminder = start
            .checked_sub(jiff::SignedDuration::try_from(self.reminder).unwrap_or_default())
            .map_or(start, whole_milliseconds);
        Slot { start, end: after(start, self.slot), reminder, people }
    }

    fn booked(&mut self, state: &'static str, call: &Call, now: Timestamp) -> SubjectIndex {
        let index = self.make(Kind::Booking, state, call.new_name("who"), now);
        let people = call.integer("people").map_or(1, |people| people as u8);
        self.place_slot(index, call, now, people);
        index
    }

    fn place_slot(&mut self, index: SubjectIndex, call: &Call, now: Timestamp, people: u8) {
        let slot = self.slot_in(call.duration("ahead").unwrap_or_default(), now, people);
        let position = &mut self.positions[index.place()];
        position.slot = Some(slot);
        if position.state == DRAFT {
            self.due.put(slot.start, index);
        }
    }

    fn make_new(&mut self, call: &Call, now: Timestamp) -> SubjectIndex {
        let name = call.new_name("who");
        match Act::of(call.action) {
            Act::TakeTicket => self.make(Kind::Anonymous, PENDING, name, now),
            Act::IssueTicket => self.make(Kind::Manual, PENDING, name, now),
            Act::Book => self.booked(DRAFT, call, now),
            Act::Reserve => self.booked(RESERVED, call, now),
            Act::Confirm
            | Act::Reschedule
            | Act::Activate
            | Act::Call
            | Act::Retry
            | Act::Reject
            | Act::CheckIn
            | Act::ScanCode
            | Act::CheckOut
            | Act::CheckOutByItself
            | Act::Cancel
            | Act::CancelBooking
            | Act::Reset
            | Act::GiveFeedback => panic!("`{}` makes no position", call.action.call),
        }
    }

    /// Changes a position that is there. Its state has been checked.
    fn change(&mut self, call: &Call, index: SubjectIndex, now: Timestamp) {
        let action = call.action;
        match Act::of(action) {
            Act::Confirm => {
                self.positions[index.place()].state = DRAFT;
                let slot = self.positions[index.place()].slot;
                // A reservation that is confirmed too late begins at once.
                let start = slot.map_or(now, |slot| slot.start.max(now));
                self.due.put(start, index);
            }
            Act::Reschedule => {
                let people = self.positions[index.place()].slot.map_or(1, |slot| slot.people);
                self.place_slot(index, call, now, people);
            }
            Act::Activate => {
                let label = self.next_label('B', now);
                let position = &mut self.positions[index.place()];
                position.label = label;
                position.activated_at = Some(now);
            }
            Act::Call => {
                let desk = self.desks.below(self.stations.len() as u64) as u16;
                let position = &mut self.positions[index.place()];
                position.called_at = Some(now);
                position.station = Some(desk);
            }
            Act::Retry => self.positions[index.place()].retry_count += 1,
            Act::CheckIn | Act::ScanCode => self.check_in(index, now),
            Act::CheckOut | Act::CheckOutByItself => {
                self.positions[index.place()].completed_at = Some(now);
            }
            Act::GiveFeedback => {
                let feedback = self.feedback(index, call);
                self.positions[index.place()].feedback = Some(feedback);
            }
            Act::Reject | Act::Cancel | Act::CancelBooking | Act::Reset => {
                self.positions[index.place()].rejected_at = Some(now);
            }
            Act::TakeTicket | Act::IssueTicket | Act::Book | Act::Reserve => {
                panic!("`{}` changes no position", action.call)
            }
        }
        let [to] = action.to else { panic!("`{}` leads to one state", action.call) };
        self.positions[index.place()].state = to;
    }

    fn check_in(&mut self, index: SubjectIndex, now: Timestamp) {
        let desks = self.stations.len() as u64;
        let (draw, auto) = (self.desks.below(desks) as u16, self.auto_checkout);
        let position = &mut self.positions[index.place()];
        let desk = *position.station.get_or_insert(draw);
        position.fulfilled_at = Some(now);
        position.served_by = Some(desk + 1);
        if let Some(wait) = auto {
            self.due.put(after(now, wait), index);
        }
    }

    /// Whether a position has been checked in for so long that it is checked out by itself. The
    /// entry that is due may belong to something else, such as a slot that has moved since.
    fn checks_out(&self, position: &Position, by: Timestamp) -> bool {
        let since = position.fulfilled_at.zip(self.auto_checkout);
        since.is_some_and(|(since, wait)| after(since, wait) <= by)
    }

    /// The feedback in the call, or words that such a guest would use if the call has none.
    fn feedback(&mut self, index: SubjectIndex, call: &Call) -> Feedback {
        let rating = call.integer("rating").map_or(5, |rating| rating as u8);
        let locale = self.positions[index.place()].guest.locale;
        let message = match call.text("text") {
            Some(message) => message,
            None => people::comment(&mut self.people, locale, rating),
        };
        Feedback { rating, message: message.to_owned() }
    }

    /// Emits the webhook that an action of this subject causes in this profile, if any.
    fn emit(
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
        let mut scratch = std::mem::take(&mut self.scratch);
        let position = &self.positions[index.place()];
        let body = payload::render(
            trigger,
            position,
            &self.place(),
            self.queues[usize::from(position.queue)],
            self.station_of(position),
            self.staff_of(position),
            &mut scratch,
        );
        self.scratch = scratch;
        Emitter { action, at: now, outbox }.emit(trigger, index, None, body);
    }

    fn place(&self) -> Place<'_> {
        Place {
            version: self.version,
            organization: &self.organization,
            organization_title: &self.organization_title,
            location: &self.location,
            registration: &self.registration,
            zone: &self.zone,
        }
    }

    fn station_of(&self, position: &Position) -> Option<&Station> {
        position.station.and_then(|desk| self.stations.get(usize::from(desk)))
    }

    fn staff_of(&self, position: &Position) -> Option<&Staff> {
        position.served_by.and_then(|staff| self.staff.get(usize::from(staff)))
    }

    fn check(&self, action: &'static Action, index: SubjectIndex) -> Result<(), Refusal> {
        let position = &self.positions[index.place()];
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
            let position = &self.positions[index.place()];
            // The position may have been cancelled, rescheduled or checked out since.
            let act = match position.state {
                DRAFT if position.slot.is_some_and(|slot| slot.start <= at) => Act::Activate,
                FULFILLED if self.checks_out(position, at) => Act::CheckOutByItself,
                _ => continue,
            };
            let action = act.action();
            self.change(&Call { action, values: Vec::new() }, index, at);
            self.emit(action, index, at, outbox);
        }
    }

    fn subjects(&self) -> Subjects {
        Subjects::first(self.positions.len())
    }

    fn kind(&self, index: SubjectIndex) -> Option<&'static str> {
        self.positions.get(index.place()).map(|_| "position")
    }

    fn legal(&self, index: SubjectIndex) -> Vec<&'static Action> {
        let Some(position) = self.positions.get(index.place()) else { return Vec::new() };
        let legal = CATALOGUE.legal_actions("position", position.state);
        legal.filter(|action| can_be_done(action, position)).collect()
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        Subject { kind: "position", id: self.positions[index.place()].id.to_string() }
    }

    fn state(&self, index: SubjectIndex) -> &'static str {
        self.positions[index.place()].state
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        let position = &self.positions[index.place()];
        payload::truth(
            position,
            &self.place(),
            self.queues[usize::from(position.queue)],
            self.station_of(position),
            self.staff_of(position),
        )
    }
}

/// Whether an action that a position's state allows can be done to it: a walk-in has no code to scan.
fn can_be_done(action: &Action, position: &Position) -> bool {
    Act::of(action) != Act::ScanCode || position.kind == Kind::Booking
}
