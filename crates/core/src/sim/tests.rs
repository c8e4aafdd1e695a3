//! What the simulation does for any vendor. The tests use an invented front desk: a guest joins and
//! is sent a message. The desk itself exists from the start.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::*;
use crate::model::{
    Action, ActionId, Argument, ArgumentKind, KindId, List, Policy, Provenance, StateId,
    SubjectKind, Trigger, TriggerId,
};
use crate::phrase::Word;

const JOIN: Action = Action {
    id: ActionId::at(0),
    call: "join",
    phrases: &["{who} joins at {desk}"],
    arguments: &[
        Argument { name: "who", kind: ArgumentKind::New("visit") },
        Argument { name: "desk", kind: ArgumentKind::Other("desk", &["open"]) },
    ],
    from: &[],
    to: &["waiting"],
    causes: &["visit.created", "message.created"],
    provenance: Provenance::Assumed("a test"),
};

static CATALOGUE: Catalogue = Catalogue {
    vendor: "front",
    title: "Front",
    about: "a front desk",
    subjects: &[
        kind(0, "desk", &["open"]),
        kind(1, "visit", &["waiting"]),
        kind(2, "message", &["sent"]),
    ],
    profiles: &[Profile { name: "one", about: "the only one", default: true, unordered: false }],
    triggers: &[trigger(0, "visit.created", "visit"), trigger(1, "message.created", "message")],
    actions: &[JOIN],
    settings: &[],
    traffic: &[],
    trigger_pointer: None,
    delivery: crate::model::Provenance::Assumed("a test"),
    facts: &[],
};

const fn kind(place: usize, kind: &'static str, states: &'static [&'static str]) -> SubjectKind {
    let id = KindId::at(place);
    SubjectKind { id, kind, about: "it is made up", reported_by: kind, states }
}

const fn trigger(place: usize, name: &'static str, subject: &'static str) -> Trigger {
    Trigger {
        id: TriggerId::at(place),
        name,
        about: "it is made up",
        subject,
        id_pointer: "/id",
        profiles: &["one"],
        provenance: Provenance::Assumed("a test"),
    }
}

struct Front;

impl Vendor for Front {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn policy(&self) -> Policy {
        panic!("nothing is delivered here")
    }

    fn account_name(&self, _: &Settings) -> String {
        "front".to_owned()
    }

    fn open(&self, _: Setup) -> Box<dyn Account> {
        Box::new(Desk { subjects: List::from_iter([KindId::at(0)]) })
    }

    fn traffic(&self, _: &Settings, _: &Settings, _: Chance, start: Timestamp) -> Box<dyn Traffic> {
        Box::new(Once(Some(start)))
    }

    fn body_schema(&self, _: &Profile, _: TriggerId) -> Json {
        Json::Null
    }
}

/// The kind of each subject.
struct Desk {
    subjects: List<KindId, Subject>,
}

impl Account for Desk {
    fn catalogue(&self) -> &'static Catalogue {
        &CATALOGUE
    }

    fn act(&mut self, _: &Call, now: Timestamp, outbox: &mut Outbox) -> Result<Touched, Refusal> {
        let visit = self.subjects.push(KindId::at(1));
        let message = self.subjects.push(KindId::at(2));
        for (trigger, subject, belongs_to) in [(0, visit, None), (1, message, Some(visit))] {
            let trigger = TriggerId::at(trigger);
            outbox.body().extend_from_slice(b"{}");
            outbox.put(Caused { at: now, trigger, subject, belongs_to, action: &JOIN });
        }
        Ok(Touched { subject: visit, made: vec![message] })
    }

    fn given(&self) -> Vec<(KindId, String, SubjectIndex)> {
        vec![(KindId::at(0), "Main".to_owned(), SubjectIndex::FIRST)]
    }

    fn subjects(&self) -> Subjects {
        self.subjects.numbers()
    }

    fn kind(&self, index: SubjectIndex) -> Option<KindId> {
        self.subjects.get(index).copied()
    }

    fn subject(&self, index: SubjectIndex) -> Subject {
        Subject { kind: CATALOGUE.kind(self.subjects[index]).kind, id: index.to_string() }
    }

    fn state(&self, index: SubjectIndex) -> StateId {
        StateId::of(self.subjects[index], 0)
    }

    fn truth(&self, _: SubjectIndex) -> Json {
        Json::Null
    }
}

struct Once(Option<Timestamp>);

impl Traffic for Once {
    fn next(&self) -> Option<Timestamp> {
        self.0
    }

    fn act(&mut self, scene: &mut Scene<'_>) {
        let call = Call { action: &JOIN, values: Vec::new() };
        assert_eq!(self.0.take(), Some(scene.now()), "it is due");
        scene.call(call).expect("nothing is refused");
    }
}

fn open(sim: &mut Simulation, name: &str) -> AccountIndex {
    let settings = Settings::default();
    let opening = Opening { name: name.to_owned(), profile: CATALOGUE.default_profile(), settings };
    sim.open(&Front, opening)
}

fn simulation() -> Simulation {
    let start = "2031-03-04T08:00:00.0009Z".parse().expect("a time");
    Simulation::new(Chance::from_seed(1), start)
}

fn join(who: &str, desk: &str) -> ParsedCall {
    let words = [who, desk].map(|name| Some(Word::Name(name.to_owned())));
    ParsedCall { vendor: "front", action: "join", words: words.into() }
}

#[test]
fn a_webhook_has_the_name_of_its_subject_or_of_the_one_it_belongs_to() {
    let mut sim = simulation();
    let account = open(&mut sim, "north");
    let mut webhooks = Vec::new();
    let visit = sim.say(account, &join("Anna", "Main"), &mut webhooks).expect("it is legal");
    assert_eq!(sim.named(account, "visit", "Anna"), Some(visit));
    assert_eq!(webhooks.len(), 2);
    for webhook in &webhooks {
        assert_eq!(webhook.name.as_deref(), Some("Anna"), "{}", webhook.trigger);
    }
}

#[test]
fn what_is_there_from_the_start_can_be_named_at_once() {
    let mut sim = simulation();
    let account = open(&mut sim, "north");
    assert_eq!(sim.named(account, "desk", "Main"), Some(SubjectIndex::FIRST));
    let unknown = sim.say(account, &join("Anna", "Side"), &mut Vec::new());
    let told = unknown.expect_err("no such desk").to_string();
    assert_eq!(told, "Side has no desk yet; there are `Main`");
}

#[test]
fn a_step_tells_in_which_account_it_was() {
    let mut sim = simulation();
    let (_, south) = (open(&mut sim, "north"), open(&mut sim, "south"));
    sim.populate(south, &Settings::default(), &Settings::default());
    let mut webhooks = Vec::new();
    assert_eq!(sim.step(&mut webhooks), Some(south));
    assert_eq!(webhooks[0].name, None);
    assert_eq!(sim.step(&mut webhooks), None, "nothing will happen any more");
}

#[test]
fn virtual_time_begins_on_a_whole_millisecond() {
    assert_eq!(simulation().now().to_string(), "2031-03-04T08:00:00Z");
}
