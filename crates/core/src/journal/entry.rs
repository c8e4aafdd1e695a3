//! The entries of a journal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::forgotten::Ranges;
use crate::model::{Attempt, Login, Outcome, PolicyChange, Release, RequestKind, Webhook};

/// The number of an entry in its run, from 0.
pub type EntryId = u64;

/// The number of a delivery in its run, from 0. A webhook that is repeated has several deliveries.
pub type DeliveryId = u64;

/// The number of a ticket in its run, from 0.
pub type TicketId = u64;

/// An input of a run, a result of a ticket, or an effect.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number in the run.
    pub id: EntryId,
    /// The entry that caused it; `None` for an input.
    pub cause: Option<EntryId>,
    /// Virtual time.
    pub at: Timestamp,
    /// What it is about.
    pub context: Context,
    /// What happened.
    pub kind: EntryKind,
}

/// What an entry is about: the account, the action, the delivery and the attempt, as far as it has
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The name of the account.
    pub account: Option<Arc<str>>,
    /// The entry of the action that caused it.
    pub action: Option<EntryId>,
    /// The delivery.
    pub delivery: Option<DeliveryId>,
    /// The number of the attempt, from 1.
    pub attempt: Option<u32>,
}

/// The names and the values of settings, as the user wrote them.
pub type GivenSettings = Vec<(String, String)>;

/// What happened. The first group has the inputs of the run. Together with the results of tickets,
/// they are enough to replay it. The second group has the effects. They are for people to read, and
/// a replay is compared with them.
#[derive(Clone, Debug)]
pub enum EntryKind {
    /// An account was opened.
    Opened {
        /// The vendor.
        vendor: String,
        /// The version of its payloads.
        profile: String,
        /// Its settings.
        settings: GivenSettings,
    },
    /// The traffic of the account started, with these settings.
    Populated(GivenSettings),
    /// An action was done; the text of the step.
    Acted(String),
    /// Virtual time passed until now.
    Passed,
    /// A fault was set up; the text of the step.
    Armed(String),
    /// Every fault was removed.
    Disarmed,
    /// Future webhooks are held back.
    HeldBack,
    /// The webhooks that were held back are delivered in this order.
    Released(Release),
    /// The webhook of this delivery is sent again.
    Repeated(DeliveryId),
    /// The webhook of this delivery is sent again with another body.
    Edited {
        /// The delivery.
        delivery: DeliveryId,
        /// The body.
        body: String,
        /// The text of the fault that strikes it, if there is one.
        fault: Option<String>,
    },
    /// The traffic of the account stopped.
    TrafficStopped,
    /// The fault with this text was removed.
    FaultRemoved(String),
    /// The webhooks that wait to be overtaken are sent: no later webhook will come.
    NothingOvertakes,
    /// The endpoint of the account was activated again.
    Reactivated,
    /// The delivery policy of the account was changed.
    PolicyChanged(PolicyChange),
    /// The vendor has a token from elsewhere, and uses it for the account.
    TokenHeld(IssuedToken),
    /// The dead letters of the account are sent again: all of them, or those of the subject with
    /// this name.
    DeadLettersSent(Option<String>),
    /// The vendor was asked for a subject.
    Asked {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
    /// An action was done by its name, without a phrase.
    Called(NamedCall),
    /// The vendor's API was called.
    Requested(RequestedCall),
    /// The run was polled for attempts that are due by this moment.
    Polled(Timestamp),
    /// The run was told the real time: signatures from now on tell it.
    ToldTime(Timestamp),
    /// The run was resumed from its journal.
    Resumed,
    /// The subjects that are over were forgotten, except those of deliveries that are kept.
    Forgot {
        /// How many deliveries that are over were kept.
        deliveries: usize,
        /// Which subjects were forgotten, by account. None: an older version does not say.
        subjects: Option<BTreeMap<String, Ranges>>,
    },

    /// The vendor's API answered.
    Answered {
        /// The status.
        status: u16,
        /// The body, with its secrets masked.
        body: String,
    },
    /// A webhook was caused.
    Caused(Webhook),
    /// A ticket was polled: its request is about to be sent.
    Intended {
        /// The ticket.
        ticket: TicketId,
        /// What kind of request it is.
        request: RequestKind,
        /// How many copies are sent, all at the same instant.
        copies: u32,
    },
    /// One HTTP request of an attempt was made. With a ticket, this entry is its result.
    Attempted {
        /// The ticket; `None` if a fault kept the request from being sent.
        ticket: Option<TicketId>,
        /// Says that the answer issued a token. The token itself is not recorded.
        issued_token: Option<IssuedToken>,
        /// The request and its answer.
        attempt: Attempt,
    },
    /// The vendor deactivated the endpoint of the account.
    Deactivated {
        /// When the first attempt after the last success failed.
        failing_since: Timestamp,
    },
    /// Every attempt has failed, and the vendor keeps the webhook as a dead letter.
    DeadLettered {
        /// The `seq` of the webhook.
        seq: u64,
    },
    /// A delivery has ended.
    Ended {
        /// The `seq` of the webhook.
        seq: u64,
        /// Its outcome.
        outcome: Outcome,
        /// How many attempts were made.
        attempts: u32,
    },
}

/// An action by its name, with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCall {
    /// Its name in the vendor's catalogue.
    pub action: String,
    /// A value for each of its arguments.
    pub values: Vec<NamedValue>,
}

/// A value of a named call.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedValue {
    /// Not given.
    Absent,
    /// A name for the subject that the action creates.
    New(String),
    /// An existing subject.
    Subject {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A length of time.
    Duration(Duration),
}

/// A call of the vendor's API, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedCall {
    /// The operation; `None` if no operation of the API has this method and path.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path below the mount.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body, with its secrets masked.
    pub body: String,
    /// Which credentials of the caller are right.
    pub login: Login,
    /// When it arrived, in real time.
    pub received: Timestamp,
}

/// A token that an answer issued, without the token itself: that is a secret, and never gets into a
/// journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// Its lifetime, if the answer said so.
    pub lives: Option<Duration>,
}

impl EntryKind {
    /// Its name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Populated(_) => "populated",
            Self::Acted(_) => "acted",
            Self::Passed => "passed",
            Self::Armed(_) => "armed",
            Self::Disarmed => "disarmed",
            Self::HeldBack => "held-back",
            Self::Released(_) => "released",
            Self::Repeated(_) => "repeated",
            Self::Edited { .. } => "edited",
            Self::TrafficStopped => "traffic-stopped",
            Self::FaultRemoved(_) => "fault-removed",
            Self::NothingOvertakes => "nothing-overtakes",
            Self::Reactivated => "reactivated",
            Self::PolicyChanged(_) => "policy-changed",
            Self::TokenHeld(_) => "token-held",
            Self::DeadLettersSent(_) => "dead-letters-sent",
            Self::Asked { .. } => "asked",
            Self::Called(_) => "called",
            Self::Requested(_) => "requested",
            Self::Answered { .. } => "answered",
            Self::Polled(_) => "polled",
            Self::ToldTime(_) => "told-time",
            Self::Resumed => "resumed",
            Self::Forgot { .. } => "forgot",
            Self::Caused(_) => "caused",
            Self::Intended { .. } => "intended",
            Self::Attempted { .. } => "attempted",
            Self::Deactivated { .. } => "deactivated",
            Self::DeadLettered { .. } => "dead-lettered",
            Self::Ended { .. } => "ended",
        }
    }
}
