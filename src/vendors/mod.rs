//! The vendors, and the seam behind which each of them stands.
//!
//! A vendor is one folder here and one line in [`registry::shipped`]. It says what it is made of (its
//! catalogue), opens accounts, and gives the JSON Schemas of its bodies. An [`Account`] is a pure
//! state machine: it is handed the moment, draws from a seeded stream, and pushes the webhooks
//! that follow into an outbox. Nothing in this room does I/O or knows how webhooks are delivered.

mod acts;
mod agenda;
mod arrivals;
pub mod doo;
mod emitter;
pub mod ombori;
mod people;
mod refusal;
pub mod registry;
mod scene;
mod schema;
pub mod waitwhile;
mod walk;
mod wire;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::chance::Chance;
use crate::model::{
    Action, ArgumentKind, Call, Catalogue, Policy, Profile, Settings, Subject, SubjectIndex,
};

pub use refusal::{Refusal, RefusalKind};
pub use registry::Registry;
pub use scene::{Deed, Scene};
pub use walk::Walk;

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
    /// the account that it will act on, and its own. A vendor that has none of its own gets people
    /// who do whatever is legal.
    fn traffic(
        &self,
        _account: &Settings,
        _traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic> {
        Box::new(Walk::new(chance, start))
    }

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
    /// Its stream of ids, if that is another one: the same story is told with fresh ids then.
    pub ids: Option<Chance>,
    /// When it opens, in virtual time.
    pub start: Timestamp,
}

impl Setup {
    /// The child stream for a purpose for which nothing but ids is drawn.
    pub fn ids(&self, purpose: &str) -> Chance {
        self.ids.as_ref().unwrap_or(&self.chance).child(purpose)
    }

    /// The child stream for ids that are drawn in turn with other things, if ids have a stream of
    /// their own. They must be drawn from the other stream too: what follows there is the same then.
    pub fn fresh_ids(&self, purpose: &str) -> Option<Chance> {
        self.ids.as_ref().map(|ids| ids.child(purpose))
    }
}

/// One isolated tenant of a vendor: the unit of state.
///
/// An implementation promises: the same setup and the same calls at the same moments give the
/// same webhooks, byte for byte; a call that is refused changes nothing and draws nothing from
/// the stream; an action of one subject may cause webhooks about any number of others.
pub trait Account: Send {
    /// The vocabulary of the vendor whose account it is.
    fn catalogue(&self) -> &'static Catalogue;

    /// Does what is asked at this moment and pushes the webhooks that follow. Gives back the
    /// subjects that were made or changed.
    ///
    /// # Errors
    /// If the call does not fit its action, if a subject is not there, if the action is not legal in
    /// the subject's state or in that of one it refers to, or if there is no room.
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

    /// Every subject that there is or has been, in the order in which they were made.
    fn subjects(&self) -> Range<SubjectIndex>;

    /// The kind of a subject, by its name in the catalogue; none if there is no such subject.
    fn kind(&self, index: SubjectIndex) -> Option<&'static str>;

    /// The actions that somebody can do to a subject now, by its state. One of them may be refused
    /// all the same for what it is asked with, or because there is no room.
    fn legal(&self, index: SubjectIndex) -> Vec<&'static Action> {
        let Some(kind) = self.kind(index) else { return Vec::new() };
        self.catalogue().legal_actions(kind, self.state(index)).collect()
    }

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

    /// Acts in the scene, which is at that moment.
    fn act(&mut self, scene: &mut Scene<'_>);
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

    /// What an action has made, in the order of the arguments that name it.
    pub fn made_by(&self, action: &Action) -> impl Iterator<Item = SubjectIndex> {
        let changes =
            action.arguments.iter().any(|one| matches!(one.kind, ArgumentKind::Subject(_)));
        // The subject that is acted on is the first of those made, unless it was there before.
        let first = std::iter::once(self.subject).filter(move |_| !changes);
        first.chain(self.made.iter().copied())
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
    pub action: &'static Action,
    /// The finished body.
    pub body: Bytes,
}
