//! A position: one ticket or booking. Its transitions are in the catalogue.

use jiff::Timestamp;
use uuid::Uuid;

use super::given::Given;
use super::people::Locale;
use super::state::State;

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
    /// As the payload spells it (position model).
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Manual => "manual",
            Self::Booking => "booking",
        }
    }

    /// 0 for walk-ins, 100 for bookings (seed 000). Staff-issued tickets are assumed to be like walk-ins.
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
    /// In no way: a ticket made through the API, without anything about its guest.
    Nothing,
}

impl Channel {
    /// From the payload's spelling; text messages if it is none of ours.
    pub fn from_name(name: &str) -> Self {
        match name {
            "email" => Self::Email,
            "applePass" => Self::ApplePass,
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
    /// At example.test.
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
    /// For how many people.
    pub people: u8,
}

/// One ticket or booking.
#[derive(Clone, Debug)]
pub struct Position {
    /// Its id.
    pub id: Uuid,
    /// How it came about.
    pub kind: Kind,
    /// Its state.
    pub state: State,
    /// Which of the account's queues it is in.
    pub queue: u16,
    /// `A12`; nothing for a booking that is not active yet.
    pub label: String,
    /// Whose it is.
    pub guest: Guest,
    /// The end of its short link.
    pub link: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The slot, for a booking.
    pub slot: Option<Slot>,
    /// When the slot began.
    pub activated_at: Option<Timestamp>,
    /// When it was last called; kept when it goes back in the queue (webhook page v9).
    pub called_at: Option<Timestamp>,
    /// How often it went back in the queue.
    pub retry_count: u32,
    /// When it was checked in.
    pub fulfilled_at: Option<Timestamp>,
    /// When it was checked out.
    pub completed_at: Option<Timestamp>,
    /// When it was rejected or cancelled.
    pub rejected_at: Option<Timestamp>,
    /// The desk, once called or checked in.
    pub station: Option<u16>,
    /// Who serves it, once checked in.
    pub served_by: Option<u16>,
    /// The feedback that the guest gave.
    pub feedback: Option<Feedback>,
    /// What a program has set through the API.
    pub given: Option<Box<Given>>,
}

impl Position {
    /// What a program has set through the API, to change it.
    pub fn given_mut(&mut self) -> &mut Given {
        self.given.get_or_insert_default()
    }
}

/// The feedback of a guest.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// From 1 to 5.
    pub rating: u8,
    /// In the guest's own words; may be empty.
    pub message: String,
}
