//! What stands in a journal.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Attempt, Login, Outcome, PolicyChange, Release, RequestKind, Webhook};

/// The place of an entry in its journal, from 0.
pub type EntryId = u64;

/// The place of a delivery in its run, from 0. A webhook that is repeated has several deliveries.
pub type DeliveryId = u64;

/// The place of a ticket among those that a run has handed out, from 0.
pub type TicketId = u64;

/// An input of a run, a result, or an effect.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the journal.
    pub id: EntryId,
    /// The entry that caused it; none for what came from outside.
    pub cause: Option<EntryId>,
    /// Virtual time.
    pub at: Timestamp,
    /// What it belongs to.
    pub context: Context,
    /// What happened.
    pub kind: EntryKind,
}

/// What an entry belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The name of the account.
    pub account: Option<Arc<str>>,
    /// The entry of the action.
    pub action: Option<EntryId>,
    /// The delivery.
    pub delivery: Option<DeliveryId>,
    /// The number of its attempt, from 1.
    pub attempt: Option<u32>,
}

/// Names and texts of settings, as they were given.
pub type GivenSettings = Vec<(String, String)>;

/// What happened. The first group are the inputs of the run. With the results of tickets they are
/// enough to make it again. The second group are their effects, for people to read, and to compare
/// with when the run is made again.
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
    /// A population acts on the account from now on, under these settings of the traffic.
    Populated(GivenSettings),
    /// Somebody did something at the vendor; the text of the step.
    Acted(String),
    /// Time passed until now.
    Passed,
    /// A fault was set up; the text of the step.
    Armed(String),
    /// No fault that was set up before strikes any more.
    Disarmed,
    /// Webhooks are held back from now on.
    HeldBack,
    /// What was held back is delivered in this order.
    Released(Release),
    /// The webhook of this delivery is sent again.
    Repeated(DeliveryId),
    /// The webhook of this delivery is sent again with another body.
    Edited {
        /// The delivery.
        delivery: DeliveryId,
        /// The body.
        body: String,
        /// The text of the fault that strikes it, if one does.
        fault: Option<String>,
    },
    /// The population of the account is gone.
    TrafficStopped,
    /// The fault with this text does not strike any more.
    FaultRemoved(String),
    /// Nothing comes any more that could overtake what waits for it.
    NothingOvertakes,
    /// The vendor sends to the endpoint of the account again.
    Reactivated,
    /// The delivery policy of the account was changed.
    PolicyChanged(PolicyChange),
    /// The dead letters of the account are sent again: all, or those of a name.
    DeadLettersSent(Option<String>),
    /// Somebody asked the vendor's API for a subject.
    Asked {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
    /// An action was done that is named and not said in a phrase.
    Called(NamedCall),
    /// The vendor's API was called.
    Requested(RequestedCall),
    /// Attempts were asked for that are due by this moment.
    Polled(Timestamp),
    /// The run went on from its journal.
    Resumed,

    /// The vendor's API answered.
    Answered {
        /// The status.
        status: u16,
        /// The body, its secrets masked.
        body: String,
    },
    /// A webhook was caused.
    Caused(Webhook),
    /// A ticket was handed out: a request is going to be sent.
    Intended {
        /// Which.
        ticket: TicketId,
        /// What it asks for.
        request: RequestKind,
        /// How often it is sent, all at the same instant.
        copies: u32,
    },
    /// One HTTP request of an attempt was made. With a ticket it is a result.
    Attempted {
        /// The ticket; none if a fault kept the request from being sent.
        ticket: Option<TicketId>,
        /// The token that its answer gave, without the token itself.
        issued_token: Option<IssuedToken>,
        /// The request and its answer.
        attempt: Attempt,
    },
    /// The vendor sends nothing more to the endpoint of the account.
    Deactivated {
        /// When the first attempt failed after the last success.
        failing_since: Timestamp,
    },
    /// Every attempt has failed, and the vendor keeps the webhook.
    DeadLettered {
        /// The `seq` of the webhook.
        seq: u64,
    },
    /// A delivery came to an end.
    Ended {
        /// The `seq` of the webhook.
        seq: u64,
        /// How.
        outcome: Outcome,
        /// After how many attempts.
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
    /// A name for what the action makes.
    New(String),
    /// A subject that is there.
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
    /// The operation; none if no operation of the API has this method and path.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path below the mount.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body, its secrets masked.
    pub body: String,
    /// What the caller has proved.
    pub login: Login,
    /// When it arrived, in real time.
    pub received: Timestamp,
}

/// That an answer gave a token. The token is a secret, and never gets into a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// How long it lives, if the answer said so.
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
            Self::DeadLettersSent(_) => "dead-letters-sent",
            Self::Asked { .. } => "asked",
            Self::Called(_) => "called",
            Self::Requested(_) => "requested",
            Self::Answered { .. } => "answered",
            Self::Polled(_) => "polled",
            Self::Resumed => "resumed",
            Self::Caused(_) => "caused",
            Self::Intended { .. } => "intended",
            Self::Attempted { .. } => "attempted",
            Self::Deactivated { .. } => "deactivated",
            Self::DeadLettered { .. } => "dead-lettered",
            Self::Ended { .. } => "ended",
        }
    }
}
