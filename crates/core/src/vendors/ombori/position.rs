//! A position: one ticket or booking. Its transitions are in the catalogue.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::given::Given;
use super::people::Locale;
use super::state::State;
use crate::clock::between;

/// How a position came about (`position.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A walk-in.
    Anonymous,
    /// Issued by staff.
    Manual,
    /// A booked slot.
    Booking,
}

impl Kind {
    /// Its name in the payload (position model).
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Manual => "manual",
            Self::Booking => "booking",
        }
    }

    /// 0 for walk-ins, 100 for bookings (seed 000). Staff-issued tickets are assumed to be like
    /// walk-ins, unless they have a high priority.
    pub fn priority(self) -> u32 {
        match self {
            Self::Booking => 100,
            Self::Anonymous | Self::Manual => 0,
        }
    }
}

/// How the guest is notified (`notification.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A text message.
    PhoneNumber,
    /// An e-mail.
    Email,
    /// A pass in the phone's wallet.
    ApplePass,
    /// No way: the guest wants none (webhook page v9), or a ticket was created through the API
    /// without any data about its guest.
    Nothing,
}

impl Channel {
    /// The channel with this name in the payload. A text message if the name is unknown.
    pub fn from_name(name: &str) -> Self {
        match name {
            "email" => Self::Email,
            "applePass" => Self::ApplePass,
            "none" => Self::Nothing,
            _ => Self::PhoneNumber,
        }
    }
}

/// The guest.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Given and family name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// An address that ends in example.test.
    pub email: String,
    /// The guest's language.
    pub locale: Locale,
    /// How the guest is notified.
    pub channel: Channel,
    /// Whether the guest filled in the registration form. Programs that use the API do not.
    pub registered: bool,
}

/// A booked slot.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// When the guest is reminded.
    pub reminder: Timestamp,
    /// How many people come.
    pub people: u8,
}

/// One ticket or booking.
#[derive(Clone, Debug)]
pub struct Position {
    /// Its id.
    pub id: Uuid,
    /// How it came about.
    pub kind: Kind,
    /// `priority`.
    pub priority: u32,
    /// Its state.
    pub state: State,
    /// The index of its queue in the account.
    pub queue: u16,
    /// `A12`. Empty for a booking that is not active yet.
    pub label: String,
    /// Its guest.
    pub guest: Guest,
    /// The end of its short link.
    pub link: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The slot, for a booking.
    pub slot: Option<Slot>,
    /// When the slot began.
    pub activated_at: Option<Timestamp>,
    /// When it was last called. Kept when it goes back in the queue (webhook page v9).
    pub called_at: Option<Timestamp>,
    /// How often it went back in the queue.
    pub retry_count: u32,
    /// When it was checked in.
    pub fulfilled_at: Option<Timestamp>,
    /// When it was checked out.
    pub completed_at: Option<Timestamp>,
    /// When it was rejected or cancelled.
    pub rejected_at: Option<Timestamp>,
    /// The desk, after it was called or checked in. `None` when it is back in the queue (webhook
    /// page v9).
    pub station: Option<u16>,
    /// The member of staff who serves it, after it was checked in.
    pub served_by: Option<u16>,
    /// The feedback that the guest gave.
    pub feedback: Option<Feedback>,
    /// What a program has set through the API.
    pub given: Option<Box<Given>>,
}

impl Position {
    /// The desk that the guest is called to, or served at, now.
    pub fn desk(&self) -> Option<u16> {
        self.station.filter(|_| matches!(self.state, State::Notified | State::Fulfilled))
    }

    /// How long the guest waited until being checked in: for a booking, since its slot began.
    /// `None` until then.
    pub fn waited(&self) -> Option<Duration> {
        let since = self.activated_at.unwrap_or(self.created_at);
        self.fulfilled_at.map(|until| between(since, until))
    }

    /// The values that a program has set through the API, for changes.
    pub fn given_mut(&mut self) -> &mut Given {
        self.given.get_or_insert_default()
    }
}

/// The feedback of a guest.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// From 1 to 5.
    pub rating: u8,
    /// The guest's own words. May be empty.
    pub message: String,
}
