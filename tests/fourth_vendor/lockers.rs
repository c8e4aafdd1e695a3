//! A tiny vendor: parcels in lockers. One kind of subject, three states, no traffic of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::model::{
    Accepted, Action, ActionId, Argument, ArgumentKind, Authentication, Call, Catalogue, KindId,
    List, Ordering, Policy, Profile, Provenance, Retries, Settings, StateId, Subject, SubjectIndex,
    SubjectKind, Subjects, Trigger, TriggerId,
};
use standin::vendors::{Account, Caused, Outbox, Refusal, Setup, Touched, Vendor};

const PARCEL: KindId = KindId::at(0);
const STORED: &str = "stored";
const COLLECTED: &str = "collected";
const RETURNED: &str = "returned";
const STATES: &[&str] = &[STORED, COLLECTED, RETURNED];

const ASSUMED: Provenance = Provenance::Assumed("it is made up for a test");
const WHO: &[Argument] = &[Argument { name: "who", kind: ArgumentKind::Subject("parcel") }];

static CATALOGUE: Catalogue = Catalogue {
    vendor: "lockers",
    title: "Lockers",
    about: "parcels that wait in lockers",
    subjects: &[SubjectKind {
        id: PARCEL,
        kind: "parcel",
        about: "a parcel for somebody",
        reported_by: "parcel",
        states: STATES,
    }],
    profiles: &[Profile { name: "1", about: "the only one", default: true, unordered: true }],
    triggers: &[
        trigger(0, "parcel_stored", "a parcel is put into a locker"),
        trigger(1, "parcel_collected", "somebody takes it"),
        trigger(2, "parcel_returned", "nobody did"),
    ],
    actions: &[
        Action {
            id: ActionId::at(0),
            call: "store",
            phrases: &["a parcel for {who} is stored"],
            arguments: &[Argument { name: "who", kind: ArgumentKind::New("parcel") }],
            from: &[],
            to: &[STORED],
            causes: &["parcel_stored"],
            provenance: ASSUMED,
        },
        Action {
            id: ActionId::at(1),
            call: "collect",
            phrases: &["{who} collects the parcel"],
            arguments: WHO,
            from: &[STORED],
            to: &[COLLECTED],
            causes: &["parcel_collected"],
            provenance: ASSUMED,
        },
        Action {
            id: ActionId::at(2),
            call: "send-back",
            phrases: &["staff send back the parcel of {who}"],
            arguments: WHO,
            from: &[STORED],
            to: &[RETURNED],
            causes: &["parcel_returned"],
            provenance: ASSUMED,
        },
    ],
    settings: &[],
    traffic: &[],
    trigger_pointer: Some("/type"),
    delivery: ASSUMED,
    facts: &[],
};

const fn trigger(place: usize, name: &'static str, about: &'static str) -> Trigger {
    Trigger {
        id: TriggerId::at(place),
        name,
        about,
        subject: "parcel",
        id_pointer: "/parcel/id",
        profiles: &["1"],
        provenance: ASSUMED,
    }
}

/// The vendor.
pub struct Lockers;

impl Vendor for Lockers {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn policy(&self) -> Policy {
        Policy {
            authentication: Authentication::Headers(BTreeMap::new()),
            accepted: Accepted::Any2xx,
            connect_within: Duration::from_secs(2),
            answer_within: Duration::from_secs(5),
            retries: Retries::default(),
            ordering: Ordering::None,
            disable_after: None,
            dead_letters: false,
        }
    }

    fn account_name(&self, _: &Settings) -> String {
        "corner-shop".to_owned()
    }

    fn open(&self, setup: Setup) -> Box<dyn Account> {
        Box::new(Shop { ids: setup.ids("ids"), parcels: List::default() })
    }

    fn body_schema(&self, _: &Profile, _: TriggerId) -> Json {
        json!({ "type": "object", "required": ["type", "parcel"] })
    }
}

/// A shop with lockers.
struct Shop {
    ids: Chance,
    parcels: List<(String, &'static str), Subject>,
}

impl Account for Shop {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn act(
        &mut self,
        call: &Call,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<Touched, Refusal> {
        standin::vendors::unless_sound(self, call)?;
        let action = call.action;
        let subject = match call.subject() {
            Some(subject) => {
                self.parcels[subject].1 = action.to[0];
                subject
            }
            None => self.parcels.push((self.ids.alphanumeric(12), STORED)),
        };
        let trigger = CATALOGUE.trigger(action.causes[0]).expect("it is declared");
        let body = json!({ "type": trigger.name, "parcel": self.truth(subject) });
        outbox.body().extend_from_slice(body.to_string().as_bytes());
        outbox.put(Caused { at: now, trigger: trigger.id, subject, belongs_to: None, action });
        Ok(Touched::only(subject))
    }

    fn subjects(&self) -> Subjects {
        self.parcels.numbers()
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        self.parcels.get(index).map(|_| PARCEL)
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        Subject { kind: "parcel", id: self.parcels[index].0.clone() }
    }

    fn state(&self, index: SubjectIndex) -> StateId {
        let state = self.parcels[index].1;
        let place = STATES.iter().position(|known| *known == state);
        StateId::of(PARCEL, place.expect("it is declared"))
    }

    fn truth(&self, index: SubjectIndex) -> Json {
        let (id, status) = &self.parcels[index];
        json!({ "id": id, "status": status })
    }
}
