//! JSON Schemas per trigger and profile.
//!
//! The base comes from the payload types. What a trigger carries is then read off the bodies of a
//! few short days at which everything happens that can: see [`everything`].

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::account::WaitwhileAccount;
use super::catalogue::{CATALOGUE, STATUS_UPDATED};
use super::payload::{MessageBody, Pair, Single, StatusBody, Version, VisitBody};
use super::settings::SETTINGS;
use crate::chance::Chance;
use crate::clock::{after, default_start};
use crate::model::{ArgumentKind, Call, Settings, SubjectIndex, Value};
use crate::vendors::{Account, Outbox, Setup, schema};

/// Enough days for what is left to chance to have gone both ways.
const DAYS: u64 = 12;

/// The schema of a trigger's body in a version.
pub fn schema(version: Version, trigger: &'static str) -> Json {
    let samples: Vec<Json> = (0..DAYS)
        .flat_map(|day| everything(version, day).caused)
        .filter(|caused| caused.trigger == trigger)
        .map(|caused| {
            let body = serde_json::from_slice(&caused.body);
            body.unwrap_or_else(|error| panic!("a body is JSON: {error}"))
        })
        .collect();
    let mut schema = match trigger {
        "visit.updated" => schema::narrowed::<Pair<VisitBody<'_>>>(&samples),
        "message.created" => schema::narrowed::<Single<MessageBody<'_>>>(&samples),
        "message.updated" => schema::narrowed::<Pair<MessageBody<'_>>>(&samples),
        STATUS_UPDATED => schema::narrowed::<Pair<StatusBody<'_>>>(&samples),
        _ => schema::narrowed::<Single<VisitBody<'_>>>(&samples),
    };
    schema["title"] = json!(format!("Waitwhile {trigger}"));
    schema["properties"]["type"] = json!({ "const": trigger });
    schema
}

/// A day in short: every kind of visit in every state, deleted from each of them too.
fn everything(version: Version, seed: u64) -> Outbox {
    let mut day = Day::new(version, seed);
    let [first, second] = ["join", "add"].map(|call| day.make(call));
    let counted = day.make("count-in");
    let [booked, asked, held] = ["book", "request", "hold"].map(|call| day.make(call));
    // A hold that expires, and a slot that nobody needs any more.
    let [_, unwanted, dropped] = ["hold", "hold", "book"].map(|call| day.make(call));
    let kept = day.make("book");
    for (call, who) in [
        ("alert", first),
        ("alert", booked),
        ("move", second),
        ("resize", first),
        ("rename", unwanted),
        ("flag", counted),
        ("arrive", second),
        ("serve", first),
        ("complete", first),
        ("submit", held),
        ("approve", asked),
        ("reschedule", asked),
        ("sync", asked),
        ("sync", booked),
        ("flag", booked),
        ("serve", booked),
        ("serve", held),
        ("complete", held),
        ("complete", booked),
        ("restore", held),
        ("cancel", second),
        ("restore", first),
        ("no-show", asked),
        ("delete", unwanted),
        ("delete", dropped),
        ("delete", counted),
        ("delete", asked),
    ] {
        day.act(call, who);
    }
    let again = day.make("return");
    let draft = day.make("request");
    let moved = day.act("transfer", first);
    day.act("close", 0);
    day.pass(Duration::from_secs(30 * 3600));
    day.act("serve", moved);
    for who in [again, draft, moved, booked, held, kept] {
        day.act("delete", who);
    }
    day.outbox
}

struct Day {
    account: WaitwhileAccount,
    now: jiff::Timestamp,
    outbox: Outbox,
    /// The visit that comes back.
    before: SubjectIndex,
}

impl Day {
    fn new(version: Version, seed: u64) -> Self {
        let name = if version == Version::Full { "2022" } else { "2024" };
        let profile = CATALOGUE.profile(name).unwrap_or_else(|| panic!("no profile {name}"));
        let settings = Settings::check(
            SETTINGS,
            [
                ("messages", "confirmation, next-in-line, reminder, follow-up, cancelled"),
                ("undelivered", "50%"),
                ("hold", "1h"),
                ("resource_capacity", "9"),
                ("service_capacity", "9"),
                ("data_fields", "2"),
            ],
        );
        let settings = settings.unwrap_or_else(|problem| panic!("{problem}"));
        let (chance, start) = (Chance::from_seed(seed), default_start());
        let account = WaitwhileAccount::open(Setup {
            name: "schema".into(),
            profile,
            settings,
            chance,
            ids: None,
            start,
        });
        Self { account, now: start, outbox: Outbox::default(), before: 0 }
    }

    fn make(&mut self, call: &str) -> SubjectIndex {
        self.act(call, 0)
    }

    /// Does it a minute later. Gives back the visit that it made, if it made one.
    fn act(&mut self, call: &str, who: SubjectIndex) -> SubjectIndex {
        self.pass(Duration::from_secs(60));
        let action = CATALOGUE.action(call).unwrap_or_else(|| panic!("no action {call}"));
        let values = action.arguments.iter().map(|argument| match argument.kind {
            ArgumentKind::Subject(_) => Value::Subject(who),
            // Who comes back was there before; where to go is the second location.
            ArgumentKind::Other("visit", _) => Value::Subject(self.before),
            ArgumentKind::Other(..) if call == "transfer" => Value::Subject(1),
            ArgumentKind::Integer(least, _) => Value::Integer(least),
            ArgumentKind::Duration => Value::Duration(Duration::from_secs(24 * 3600)),
            _ => Value::Absent,
        });
        let call = Call { action, values: values.collect() };
        let touched = self.account.act(&call, self.now, &mut self.outbox);
        let touched = touched.unwrap_or_else(|refusal| panic!("{}: {refusal}", action.call));
        if action.call == "complete" {
            self.before = touched.subject;
        }
        touched.made.first().copied().unwrap_or(touched.subject)
    }

    fn pass(&mut self, length: Duration) {
        self.now = after(self.now, length);
        self.account.elapse(self.now, &mut self.outbox);
    }
}
