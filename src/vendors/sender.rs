//! A sender of webhooks that nobody has described: every event has the same body, which the user gives. It is
//! no vendor of the registry. `check --as` plays it with the signature of a well-known sender.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{Account, Caused, Outbox, Refusal, Setup, Touched, Vendor, unless_sound};
use crate::chance::Chance;
use crate::model::{
    Action, ActionId, Argument, ArgumentKind, Call, Catalogue, KindId, List, Policy, Profile,
    Provenance, Settings, StateId, Subject, SubjectIndex, SubjectKind, Subjects, Trigger,
    TriggerId,
};

/// The only kind of subject.
const EVENT: &str = "event";
/// The only state of an event.
const SENT: &str = "sent";
/// The only profile.
const PROFILE: &str = "given";
/// How many characters the id of an event has.
const ID_LENGTH: usize = 16;

const GIVEN: Provenance = Provenance::Assumed("the body is the user's own");

static CATALOGUE: Catalogue = Catalogue {
    vendor: "sender",
    title: "Sender",
    about: "a sender whose events have a body that the user gives",
    subjects: &[SubjectKind {
        id: KindId::at(0),
        kind: EVENT,
        about: "something that happens at the sender",
        reported_by: EVENT,
        states: &[SENT],
    }],
    profiles: &[Profile {
        name: PROFILE,
        about: "the body that the user gives",
        default: true,
        unordered: true,
    }],
    triggers: &[Trigger {
        id: TriggerId::at(0),
        name: EVENT,
        about: "something happens at the sender",
        subject: EVENT,
        id_pointer: "",
        profiles: &[PROFILE],
        provenance: GIVEN,
    }],
    actions: &[Action {
        id: ActionId::at(0),
        call: "happen",
        phrases: &["event {who} happens"],
        arguments: &[Argument { name: "who", kind: ArgumentKind::New(EVENT) }],
        from: &[],
        to: &[SENT],
        causes: &[EVENT],
        provenance: GIVEN,
    }],
    settings: &[],
    traffic: &[],
    trigger_pointer: None,
    delivery: Provenance::Assumed("each sender has its own rules, see `standin senders`"),
    left_out: &[],
};

/// A sender with this body.
#[derive(Debug)]
pub struct Sender {
    policy: Policy,
    body: Bytes,
}

impl Sender {
    /// A sender that delivers like this, and whose events all have this body.
    pub fn new(policy: Policy, body: Bytes) -> Self {
        Self { policy, body }
    }
}

impl Vendor for Sender {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn policy(&self) -> Policy {
        self.policy.clone()
    }

    fn account_name(&self, _: &Settings) -> String {
        CATALOGUE.vendor.to_owned()
    }

    fn open(&self, setup: Setup) -> Box<dyn Account> {
        let (ids, body) = (setup.ids("events"), self.body.clone());
        Box::new(Events { ids, body, events: List::default() })
    }

    fn has_section(&self) -> bool {
        false
    }

    fn body_schema(&self, _: &Profile, _: TriggerId) -> Json {
        json!({})
    }
}

/// The events of one account.
struct Events {
    ids: Chance,
    body: Bytes,
    /// Their ids.
    events: List<String, Subject>,
}

impl Account for Events {
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
        let subject = self.events.push(self.ids.alphanumeric(ID_LENGTH));
        outbox.body().extend_from_slice(&self.body);
        let (trigger, action) = (CATALOGUE.triggers[0].id, call.action);
        outbox.put(Caused { at: now, trigger, subject, belongs_to: None, action });
        Ok(Touched::only(subject))
    }

    fn due(&self) -> Option<Timestamp> {
        None
    }

    fn elapse(&mut self, _: Timestamp, _: &mut Outbox) {}

    fn subjects(&self) -> Subjects {
        self.events.numbers()
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        self.events.get(index).map(|_| KindId::at(0))
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        Subject { kind: EVENT, id: self.events[index].clone() }
    }

    fn state(&self, _: SubjectIndex) -> StateId {
        StateId::of(KindId::at(0), 0)
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        json!({ "id": self.events[index], "status": SENT })
    }
}
