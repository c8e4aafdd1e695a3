//! The vendors, and the seam behind which each of them stands.
//!
//! A vendor is one folder here and one line in [`registry::shipped`]. It says what it is made of (its
//! catalogue), opens accounts, and gives the JSON Schemas of its bodies. An [`Account`] is a pure
//! state machine: it is handed the moment, draws from a seeded stream, and pushes the webhooks
//! that follow into an outbox. Nothing in this room does I/O or knows how webhooks are delivered.

mod agenda;
mod arrivals;
mod desk;
pub mod doo;
pub mod ombori;
mod people;
pub mod phrase;
pub mod registry;
mod schema;
pub mod waitwhile;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::chance::Chance;
use crate::model::{Action, Call, Catalogue, Policy, Profile, Settings, Subject, SubjectIndex};

pub use registry::Registry;

/// A vendor that Standin plays.
pub trait Vendor: Sync {
    /// Its vocabulary.
    fn catalogue(&self) -> &'static Catalogue;

    /// Its delivery policy, before the user's settings. Credentials are filled in by the user.
    fn policy(&self) -> Policy;

    /// The name of an account with these settings, as the vendor would call the tenant.
    fn account_name(&self, settings: &Settings) -> String;

    /// Opens an account: one isolated tenant with its own seed, ids, staff and places.
    fn open(&self, setup: Setup) -> Box<dyn Account>;

    /// A population that keeps an account busy as a real day would. It is given the settings of
    /// the account that it will act on, and its own.
    fn traffic(
        &self,
        account: &Settings,
        traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic>;

    /// The JSON Schema of a trigger's body in a profile that has it.
    fn body_schema(&self, profile: &Profile, trigger: &'static str) -> Json;

    /// The JSON Schema of a trigger's body in a profile. None if the profile lacks the trigger.
    fn schema(&self, profile: &Profile, trigger: &str) -> Option<Json> {
        let declared = self.catalogue().trigger(trigger)?;
        let has = declared.profiles.contains(&profile.name);
        has.then(|| self.body_schema(profile, declared.name))
    }
}

/// What an account is opened with.
#[derive(Debug)]
pub struct Setup {
    /// Its name.
    pub name: Arc<str>,
    /// The version of the payloads.
    pub profile: &'static Profile,
    /// Checked values of the catalogue's settings.
    pub settings: Settings,
    /// Its stream of chance.
    pub chance: Chance,
    /// When it opens, in virtual time.
    pub start: Timestamp,
}

/// One isolated tenant of a vendor: the unit of state.
///
/// An implementation promises: the same setup and the same calls at the same moments give the
/// same webhooks, byte for byte; a call that is refused changes nothing and draws nothing from
/// the stream; an action of one subject may cause webhooks about any number of others.
pub trait Account: Send {
    /// Does what is asked at this moment and pushes the webhooks that follow. Gives back the
    /// subjects that were made or changed.
    ///
    /// # Errors
    /// If the action is not legal in the subject's state, or in that of one it refers to.
    fn act(&mut self, call: &Call, now: Timestamp, outbox: &mut Outbox)
    -> Result<Touched, Refusal>;

    /// The subjects that are there from the start, such as a location: kind, name, index.
    fn given(&self) -> Vec<(&'static str, String, SubjectIndex)> {
        Vec::new()
    }

    /// The next moment at which something happens here by itself.
    fn due(&self) -> Option<Timestamp>;

    /// Lets everything happen that is due by now, in order.
    fn elapse(&mut self, now: Timestamp, outbox: &mut Outbox);

    /// A subject by its index.
    fn subject(&self, index: SubjectIndex) -> Subject;

    /// The state that a subject is in, by its name in the catalogue.
    fn state(&self, index: SubjectIndex) -> &'static str;

    /// What the vendor knows about a subject, as a JSON object in the vendor's words.
    fn truth(&self, index: SubjectIndex) -> Json;
}

/// A population that keeps an account busy.
pub trait Traffic: Send {
    /// When it acts next; none once it has come to its end.
    fn next(&self) -> Option<Timestamp>;

    /// Acts on the account at that moment.
    fn act(&mut self, account: &mut dyn Account, outbox: &mut Outbox);
}

/// The subjects that an action made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The one that it acted on.
    pub subject: SubjectIndex,
    /// What it made beside that one: first what its arguments name, in their order.
    pub made: Vec<SubjectIndex>,
}

impl Touched {
    /// One subject alone.
    pub fn only(subject: SubjectIndex) -> Self {
        Self { subject, made: Vec::new() }
    }
}

/// Why an account did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What stands against it, in one sentence without a full stop.
    pub reason: String,
    /// The phrases that are legal for the subject now.
    pub legal: Vec<&'static str>,
}

impl Refusal {
    /// Refuses an action whose subject is not in one of the states from which it is legal.
    ///
    /// # Errors
    /// If it is in another one.
    pub fn unless_legal(
        catalogue: &'static Catalogue,
        action: &'static Action,
        state: &'static str,
    ) -> Result<(), Self> {
        if action.from.contains(&state) {
            return Ok(());
        }
        let kind = action.subject_kind().unwrap_or_default();
        let reason = format!(
            "`{}` is not possible for a {kind} that is {state} (it must be {})",
            action.call,
            action.from.join(" or "),
        );
        Err(Self { reason, legal: catalogue.legal(kind, state) })
    }

    /// Refuses an action for another reason than the state of its subject, which is legal.
    pub fn beside(
        catalogue: &'static Catalogue,
        action: &'static Action,
        state: &'static str,
        reason: String,
    ) -> Self {
        let mut legal = catalogue.legal(action.subject_kind().unwrap_or_default(), state);
        legal.retain(|phrase| !action.phrases.contains(phrase));
        Self { reason, legal }
    }
}

/// Where accounts push the webhooks that they cause.
#[derive(Debug, Default)]
pub struct Outbox {
    /// In the order in which they were caused.
    pub caused: Vec<Caused>,
}

/// A webhook as an account pushes it; the simulation adds where and why.
#[derive(Debug)]
pub struct Caused {
    /// When it leaves, in virtual time.
    pub at: Timestamp,
    /// The vendor's name of the type.
    pub trigger: &'static str,
    /// What it is about.
    pub subject: SubjectIndex,
    /// The subject that this one belongs to, such as the visit of a message. Faults and reports
    /// say its name where what the webhook is about has none.
    pub belongs_to: Option<SubjectIndex>,
    /// Which action caused it.
    pub action: &'static str,
    /// The finished body.
    pub body: Bytes,
}
