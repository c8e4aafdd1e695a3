//! A sender of webhooks without a model of its own: each event has the body that the user gives, and can have its
//! own id in it. It is in no shipped registry. `check --as` plays it with the signature of a well-known
//! sender.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::{Account, Caused, Outbox, Refusal, Setup, Touched, Vendor, unless_sound};
use crate::chance::Chance;
use crate::model::{
    Action, ActionId, Argument, ArgumentKind, Call, Catalogue, KindId, List, Policy, Profile,
    Provenance, Settings, StateId, Subject, SubjectIndex, SubjectKind, Subjects, Trigger,
    TriggerId,
};

/// The place of the challenge in the body of a handshake.
const CHALLENGE: &str = "/challenge";
/// The only kind of subject.
const EVENT: &str = "event";
/// The trigger of events.
const WEBHOOK: &str = "webhook";
/// The trigger of the request with which some senders try a receiver first.
pub const HANDSHAKE: &str = "handshake";
/// Its name in journals and reports.
pub const NAME: &str = "sender";
/// Its name in features.
pub const TITLE: &str = "Sender";
/// The only state of an event.
const SENT: &str = "sent";
/// The only profile.
const PROFILE: &str = "given";
/// How many characters the id of an event has.
const ID_LENGTH: usize = 16;

const GIVEN: Provenance = Provenance::Assumed("the body is the user's own");

static CATALOGUE: Catalogue = Catalogue {
    vendor: NAME,
    title: TITLE,
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
    triggers: &[
        trigger(0, WEBHOOK, "something happens at the sender"),
        trigger(1, HANDSHAKE, "the sender tries the receiver before it sends events"),
    ],
    actions: &[
        action(0, "happen", &["event {who} happens"], &[WEBHOOK]),
        action(1, "try", &["handshake {who} happens"], &[HANDSHAKE]),
    ],
    settings: &[],
    traffic: &[],
    trigger_pointer: None,
    delivery: Provenance::Assumed("each sender has its own rules, see `standin senders`"),
    facts: &[],
};

const fn trigger(place: usize, name: &'static str, about: &'static str) -> Trigger {
    Trigger {
        id: TriggerId::at(place),
        name,
        about,
        subject: EVENT,
        id_pointer: "",
        profiles: &[PROFILE],
        provenance: GIVEN,
    }
}

const fn action(
    place: usize,
    call: &'static str,
    phrases: &'static [&'static str],
    causes: &'static [&'static str],
) -> Action {
    Action {
        id: ActionId::at(place),
        call,
        phrases,
        arguments: &[Argument { name: "who", kind: ArgumentKind::New(EVENT) }],
        from: &[],
        to: &[SENT],
        causes,
        provenance: GIVEN,
    }
}

/// What events say.
#[derive(Clone, Debug)]
pub struct EventBody {
    before: Bytes,
    id: Option<EventId>,
    after: Bytes,
}

/// The id of an event in its body, in the form of the one that the user gives.
#[derive(Clone, Debug)]
enum EventId {
    Uuid,
    /// A number of this many digits.
    Number(usize),
    /// This beginning, and this many letters and digits.
    Text(String, usize),
}

/// Fewer characters than these would not tell events apart.
const SHORTEST_ID: usize = 12;

impl EventBody {
    /// All events have these bytes.
    pub fn same(body: Bytes) -> Self {
        Self { before: body, id: None, after: Bytes::new() }
    }

    /// All events have these bytes, but for an id of their own at this place (a JSON pointer, RFC 6901).
    ///
    /// # Errors
    /// If there is nothing that can be an id, or it cannot be found in the bytes.
    pub fn with_ids(body: Bytes, pointer: &str) -> Result<Self, String> {
        let json: Json =
            serde_json::from_slice(&body).map_err(|error| format!("the body: {error}"))?;
        let found = json.pointer(pointer).ok_or_else(|| {
            "the body has nothing there; a pointer is written like /id or /data/id".to_owned()
        })?;
        let (id, quote) = match found {
            Json::String(text) => (EventId::like(text), 1),
            Json::Number(number) if number.is_u64() => {
                (EventId::Number(number.to_string().len().max(SHORTEST_ID)), 0)
            }
            _ => return Err("only a text or a whole number can be an id".to_owned()),
        };
        let written = found.to_string();
        let text = String::from_utf8_lossy(&body);
        let mut places = text.match_indices(&written).map(|(place, _)| place);
        let (Some(place), None) = (places.next(), places.next()) else {
            return Err(
                "the value there must be in the body once, and written without escapes".to_owned()
            );
        };
        let (first, last) = (place + quote, place + written.len() - quote);
        Ok(Self { before: body.slice(..first), id: Some(id), after: body.slice(last..) })
    }

    /// All events have the bytes of this form, but for an id of their own in the field of this name.
    ///
    /// # Errors
    /// If there is no such field, or its value can be no id.
    pub fn with_ids_in_field(body: Bytes, name: &str) -> Result<Self, String> {
        let mut begins = 0;
        let mut found = None;
        for field in body.split(|byte| *byte == b'&') {
            let read = form_urlencoded::parse(field).next();
            if read.as_ref().is_some_and(|(one, _)| one == name) {
                if found.is_some() {
                    return Err("the body has several fields of this name".to_owned());
                }
                let value =
                    field.iter().position(|byte| *byte == b'=').map_or(field.len(), |at| at + 1);
                found = Some((begins + value, begins + field.len()));
            }
            begins += field.len() + 1;
        }
        let (first, last) = found.ok_or_else(|| {
            "the body has no such field; in a form the id has the name of a field".to_owned()
        })?;
        let value = String::from_utf8_lossy(&body[first..last]).into_owned();
        if value.is_empty() || value.contains(['%', '+']) {
            return Err("the value there must be written without escapes".to_owned());
        }
        let id = match value.bytes().all(|byte| byte.is_ascii_digit()) {
            true => EventId::Number(value.len().max(SHORTEST_ID)),
            false => EventId::like(&value),
        };
        Ok(Self { before: body.slice(..first), id: Some(id), after: body.slice(last..) })
    }

    fn write(&self, chance: &mut Chance, body: &mut Vec<u8>) {
        body.extend_from_slice(&self.before);
        if let Some(id) = &self.id {
            body.extend_from_slice(id.draw(chance).as_bytes());
        }
        body.extend_from_slice(&self.after);
    }
}

impl EventId {
    /// Ids like this one.
    fn like(text: &str) -> Self {
        if uuid::Uuid::parse_str(text).is_ok() {
            return Self::Uuid;
        }
        let begins = text.rfind(['_', '-', '.', ':', '/']).map_or(0, |place| place + 1);
        let (before, rest) = text.split_at(begins);
        Self::Text(before.to_owned(), rest.chars().count().max(SHORTEST_ID))
    }

    fn draw(&self, chance: &mut Chance) -> String {
        match self {
            Self::Uuid => chance.uuid().to_string(),
            Self::Number(digits) => {
                let digit =
                    |place: usize| char::from(b'0' + chance.between((place == 0).into(), 9) as u8);
                (0..*digits).map(digit).collect()
            }
            Self::Text(before, length) => format!("{before}{}", chance.alphanumeric(*length)),
        }
    }
}

/// A sender with these bodies.
#[derive(Debug)]
pub struct Sender {
    policy: Policy,
    body: EventBody,
    handshake: EventBody,
}

impl Sender {
    /// A sender that delivers like this, and whose events have this body.
    pub fn new(policy: Policy, body: EventBody) -> Self {
        Self { policy, handshake: body.clone(), body }
    }

    /// The same, and this is the body of its handshake. A challenge in it is drawn.
    #[must_use]
    pub fn shaking_hands(self, body: &'static str) -> Self {
        let body = Bytes::from_static(body.as_bytes());
        let drawn = EventBody::with_ids(body.clone(), CHALLENGE);
        Self { handshake: drawn.unwrap_or_else(|_| EventBody::same(body)), ..self }
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
        // Receivers remember ids, and a run begins at its own time.
        let ids = setup.ids(&format!("events from {}", setup.start));
        let bodies = [self.body.clone(), self.handshake.clone()];
        Box::new(Events { ids, bodies, events: List::default() })
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
    /// By the place of the action, which is that of the trigger too.
    bodies: [EventBody; 2],
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
        let (place, action) = (call.action.id.place(), call.action);
        self.bodies[place].write(&mut self.ids, outbox.body());
        let trigger = CATALOGUE.triggers[place].id;
        outbox.put(Caused { at: now, trigger, subject, belongs_to: None, action });
        Ok(Touched::only(subject))
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(body: &str, pointer: &str) -> [String; 2] {
        let body = EventBody::with_ids(body.to_owned().into(), pointer).expect("an id");
        let mut chance = Chance::from_seed(1);
        [(); 2].map(|()| {
            let mut written = Vec::new();
            body.write(&mut chance, &mut written);
            String::from_utf8(written).expect("text")
        })
    }

    #[test]
    fn each_event_has_an_id_in_the_form_of_the_given_one() {
        for (body, pointer, pattern) in [
            (
                r#"{ "id": "evt_1NG8Du2eZvKYlo2CUI79vXWy", "a": 1.50 }"#,
                "/id",
                r#"^\{ "id": "evt_[a-zA-Z0-9]{24}", "a": 1.50 \}$"#,
            ),
            (
                r#"[{"sg_event_id":"x"}]"#,
                "/0/sg_event_id",
                r#"^\[\{"sg_event_id":"[a-zA-Z0-9]{12}"\}\]$"#,
            ),
            (r#"{"n": 17}"#, "/n", r#"^\{"n": [1-9][0-9]{11}\}$"#),
            (
                r#"{"a":{"id":"26a18ff1-e57e-4325-8772-69b582f5f939"}}"#,
                "/a/id",
                r#"^\{"a":\{"id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"\}\}$"#,
            ),
        ] {
            let pattern = regex::Regex::new(pattern).expect("a pattern");
            let [one, other] = bodies(body, pointer);
            assert!(pattern.is_match(&one) && pattern.is_match(&other), "{one}");
            assert_ne!(one, other);
        }
    }

    #[test]
    fn each_form_has_an_id_of_its_own_in_a_field() {
        let with = |form: &'static str, name: &str| {
            let body = EventBody::with_ids_in_field(Bytes::from_static(form.as_bytes()), name)?;
            let mut written = Vec::new();
            body.write(&mut Chance::from_seed(7), &mut written);
            Ok::<_, String>(String::from_utf8(written).expect("text"))
        };
        let pattern =
            regex::Regex::new("^A=1&MessageSid=[a-zA-Z0-9]{12}&B=SM1$").expect("a pattern");
        let form = with("A=1&MessageSid=SM1&B=SM1", "MessageSid").expect("it has one");
        assert!(pattern.is_match(&form), "{form}");
        let form = with("%49d=17", "Id").expect("its name is escaped");
        assert!(regex::Regex::new("^%49d=[1-9][0-9]{11}$").expect("a pattern").is_match(&form));
        for (form, why) in [
            ("A=1", "no such field"),
            ("Id=1&Id=2", "several fields"),
            ("Id=a%20b", "without escapes"),
            ("Id=", "without escapes"),
        ] {
            let wrong = with(form, "Id").expect_err(form);
            assert!(wrong.contains(why), "{form}: {wrong}");
        }
    }

    #[test]
    fn what_can_be_no_id_is_said() {
        for (body, pointer, why) in [
            ("{}", "/id", "has nothing there"),
            ("{\"id\": [1]}", "/id", "only a text or a whole number"),
            ("{\"id\": \"a\", \"b\": \"a\"}", "/id", "must be in the body once"),
            ("{\"id\": \"\\u0061bc\"}", "/id", "must be in the body once"),
        ] {
            let wrong = EventBody::with_ids(body.to_owned().into(), pointer).expect_err(body);
            assert!(wrong.contains(why), "{body}: {wrong}");
        }
    }
}
