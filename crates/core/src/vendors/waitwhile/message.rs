//! Messages to guests: their kinds and states.
//!
//! Kinds: H5. On the wire, only `WAITLIST-ALERT` with the template `guest-alert` is documented
//! (seed 002). The other types follow its pattern and are assumed.

use std::ops::Range;

use jiff::Timestamp;

use super::guest::Channel;
use super::state::MessageState;
use super::visit::{By, VisitNumber};
use crate::model::Number;
use crate::model::SubjectIndex;

/// Identifies a message of an account.
pub type MessageNumber = Number<Message>;

/// What a message is for (H5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The visit or booking was created, or approved.
    Confirmation,
    /// A booking was requested (VS). Its confirmation comes when it is approved (H5).
    Request,
    /// Staff pressed the bell.
    Alert,
    /// The guest is first in line now.
    NextInLine,
    /// The booked slot begins soon.
    Reminder,
    /// It is the guest's turn.
    Serving,
    /// The visit is over.
    Completed,
    /// Some time after the visit.
    FollowUp,
    /// The visit was cancelled.
    Cancelled,
    /// The guest did not show up.
    NoShow,
}

impl Kind {
    /// Its name in the setting `messages`.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Request => "request",
            Self::Alert => "alert",
            Self::NextInLine => "next-in-line",
            Self::Reminder => "reminder",
            Self::Serving => "serving",
            Self::Completed => "completed",
            Self::FollowUp => "follow-up",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no-show",
        }
    }

    /// `templateId` on the wire: `guest-alert` is documented.
    pub fn template(self) -> &'static str {
        match self {
            Self::Confirmation => "guest-confirmation",
            Self::Request => "guest-request",
            Self::Alert => "guest-alert",
            Self::NextInLine => "guest-next-in-line",
            Self::Reminder => "guest-reminder",
            Self::Serving => "guest-serving",
            Self::Completed => "guest-completed",
            Self::FollowUp => "guest-follow-up",
            Self::Cancelled => "guest-cancelled",
            Self::NoShow => "guest-no-show",
        }
    }

    /// Whether there is nothing to cancel any more.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Serving | Self::Completed | Self::FollowUp | Self::Cancelled | Self::NoShow
        )
    }
}

/// One message.
#[derive(Debug)]
pub struct Message {
    /// Its index among the account's subjects.
    pub index: SubjectIndex,
    /// 20 characters.
    pub id: String,
    /// The visit that it is about.
    pub visit: VisitNumber,
    /// What it is for.
    pub kind: Kind,
    /// Whether the visit was a booking when the message was written.
    pub booking: bool,
    /// How it is sent.
    pub channel: Channel,
    /// Its state.
    pub state: MessageState,
    /// The name of the recipient.
    pub recipient_name: String,
    /// The number or address that it was sent to.
    pub recipient: String,
    /// `body`: HTML in an e-mail.
    pub body: String,
    /// `numSegments`
    pub segments: u32,
    /// `subject`
    pub subject: String,
    /// When it was created.
    pub created: Timestamp,
    /// Who created it.
    pub created_by: By,
    /// When its state last changed.
    pub updated: Timestamp,
    /// The message as rendered last, until its state is final.
    pub rendered: Rendered,
}

/// A rendered message.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The whole object.
    pub text: Vec<u8>,
    /// The place of what changes.
    pub standing: Range<usize>,
}

impl Message {
    /// `type` on the wire. It tells whether the visit was a booking.
    pub fn wire(&self) -> &'static str {
        match (self.kind, self.booking) {
            (Kind::Confirmation, false) => "WAITLIST-CONFIRMATION",
            (Kind::Confirmation, true) => "BOOKING-CONFIRMATION",
            (Kind::Request, _) => "BOOKING-REQUEST",
            (Kind::Alert, false) => "WAITLIST-ALERT",
            (Kind::Alert, true) => "BOOKING-ALERT",
            (Kind::NextInLine, _) => "WAITLIST-NEXT-IN-LINE",
            (Kind::Reminder, _) => "BOOKING-REMINDER",
            (Kind::Serving, false) => "WAITLIST-SERVING",
            (Kind::Serving, true) => "BOOKING-SERVING",
            (Kind::Completed, false) => "WAITLIST-COMPLETED",
            (Kind::Completed, true) => "BOOKING-COMPLETED",
            (Kind::FollowUp, false) => "WAITLIST-FOLLOW-UP",
            (Kind::FollowUp, true) => "BOOKING-FOLLOW-UP",
            (Kind::Cancelled, false) => "WAITLIST-CANCELLED",
            (Kind::Cancelled, true) => "BOOKING-CANCELLED",
            (Kind::NoShow, false) => "WAITLIST-NO-SHOW",
            (Kind::NoShow, true) => "BOOKING-NO-SHOW",
        }
    }
}
