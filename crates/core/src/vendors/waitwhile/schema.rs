//! JSON Schemas per trigger and profile.
//!
//! The base comes from the payload types. The keys of a trigger come from the bodies of a few short
//! days on which everything possible happens: see [`everything`].

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::account::WaitwhileAccount;
use super::act::Act;
use super::catalogue::CATALOGUE;
use super::opening::location_at;
use super::payload::{MessageBody, Pair, Single, StatusBody, Version, VisitBody};
use super::settings::SETTINGS;
use super::state::SubjectKind;
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::clock::{after, default_start};
use crate::model::{ArgumentKind, Call, Settings, SubjectIndex, Value};
use crate::vendors::{Account, Outbox, Setup, schema};

/// Enough days for every random choice to go both ways.
const DAYS: u64 = 12;

/// The schema of a trigger's body in a version.
pub fn schema(version: Version, trigger: Trigger) -> Json {
    let samples: Vec<Json> =
        (0..DAYS).flat_map(|day| bodies(&everything(version, day), trigger)).collect();
    let mut schema = match trigger {
        Trigger::Updated => schema::narrowed::<Pair<VisitBody<'_>>>(&samples),
        Trigger::MessageCreated => schema::narrowed::<Single<MessageBody<'_>>>(&samples),
        Trigger::MessageUpdated => schema::narrowed::<Pair<MessageBody<'_>>>(&samples),
        Trigger::StatusUpdated => schema::narrowed::<Pair<StatusBody<'_>>>(&samples),
        Trigger::Created | Trigger::Removed => schema::narrowed::<Single<VisitBody<'_>>>(&samples),
    };
    schema["title"] = json!(format!("Waitwhile {}", trigger.name()));
    schema["properties"]["type"] = json!({ "const": trigger.name() });
    schema
}

fn bodies(day: &Outbox, trigger: Trigger) -> Vec<Json> {
    let wanted = day.from(0).filter(|(caused, _)| caused.trigger == trigger.id());
    let read = wanted.map(|(_, body)| {
        serde_json::from_slice(body).unwrap_or_else(|error| panic!("a body is JSON: {error}"))
    });
    read.collect()
}

/// A short day with every kind of visit in every state, and a deletion in each state.
fn everything(version: Version, seed: u64) -> Outbox {
    let mut day = Day::new(version, seed);
    let [first, second] = [Act::Join, Act::Add].map(|call| day.make(call));
    let counted = day.make(Act::CountIn);
    let [booked, asked, held] = [Act::Book, Act::Request, Act::Hold].map(|call| day.make(call));
    // A hold that expires, and a slot that is given up.
    let [_, unwanted, dropped] = [Act::Hold, Act::Hold, Act::Book].map(|call| day.make(call));
    let kept = day.make(Act::Book);
    for (call, who) in [
        (Act::Alert, first),
        (Act::Alert, booked),
        (Act::Move, second),
        (Act::Resize, first),
        (Act::Rename, unwanted),
        (Act::Flag, counted),
        (Act::Arrive, second),
        (Act::Serve, first),
        (Act::Complete, first),
        (Act::Submit, held),
        (Act::Approve, asked),
        (Act::Reschedule, asked),
        (Act::Sync, asked),
        (Act::Sync, booked),
        (Act::Flag, booked),
        (Act::Serve, booked),
        (Act::Serve, held),
        (Act::Complete, held),
        (Act::Complete, booked),
        (Act::Restore, held),
        (Act::Cancel, second),
        (Act::Restore, first),
        (Act::NoShow, asked),
        (Act::Delete, unwanted),
        (Act::Delete, dropped),
        (Act::Delete, counted),
        (Act::Delete, asked),
    ] {
        day.act(call, who);
    }
    let again = day.make(Act::Return);
    let draft = day.make(Act::Request);
    let moved = day.act(Act::Transfer, first);
    day.act(Act::Close, location_at(0));
    day.pass(Duration::from_secs(30 * 3600));
    day.act(Act::Serve, moved);
    for who in [again, draft, moved, booked, held, kept] {
        day.act(Act::Delete, who);
    }
    day.outbox
}

struct Day {
    account: WaitwhileAccount,
    now: jiff::Timestamp,
    outbox: Outbox,
    /// The earlier visit of the guest who comes back.
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
        Self { account, now: start, outbox: Outbox::default(), before: location_at(0) }
    }

    fn make(&mut self, call: Act) -> SubjectIndex {
        self.act(call, location_at(0))
    }

    /// Does an action a minute later. Returns the visit that it created, if there is one.
    fn act(&mut self, call: Act, who: SubjectIndex) -> SubjectIndex {
        self.pass(Duration::from_secs(60));
        let action = call.action();
        let values = action.arguments.iter().map(|argument| match argument.kind {
            ArgumentKind::Subject(_) => Value::Subject(who),
            // The guest who comes back has an earlier visit. A transfer goes to the second
            // location.
            ArgumentKind::Other(kind, _) if kind == SubjectKind::Visit.name() => {
                Value::Subject(self.before)
            }
            ArgumentKind::Other(..) if call == Act::Transfer => Value::Subject(location_at(1)),
            ArgumentKind::Integer(least, _) => Value::Integer(least),
            ArgumentKind::Duration => Value::Duration(Duration::from_secs(24 * 3600)),
            _ => Value::Absent,
        });
        let call = Call { action, values: values.collect() };
        let touched = self.account.act(&call, self.now, &mut self.outbox);
        let touched = touched.unwrap_or_else(|refusal| panic!("{}: {refusal}", action.call));
        if Act::of(action) == Act::Complete {
            self.before = touched.subject;
        }
        touched.made.first().copied().unwrap_or(touched.subject)
    }

    fn pass(&mut self, length: Duration) {
        self.now = after(self.now, length);
        self.account.elapse(self.now, &mut self.outbox);
    }
}
