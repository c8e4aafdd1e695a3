//! A read of a subject returns the values of its last webhook: over random walks with traffic, in
//! both versions of the payloads, and with writes in between.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::vendors::api::Method;

use super::desk::{Desk, body, full, text, vendor};

/// The keys that only a created visit has, or that differ there (seed 002).
const AT_FIRST: &[&str] =
    &["phone", "prevEstWaitDuration", "ngrams", "waitlistTime", "serveTime", "completedTime"];

/// The keys that only a read visit has (VC).
const READ_ALONE: &[&str] = &["phone", "email"];

fn without(object: &Json, keys: &[&str]) -> Json {
    let mut object = object.as_object().expect("an object").clone();
    object.retain(|key, _| !keys.contains(&key.as_str()));
    Json::Object(object)
}

/// The last webhook of each subject, by kind and id. `None` if the subject was deleted.
type Told = BTreeMap<(&'static str, String), Option<(Json, &'static [&'static str])>>;

fn hear(desk: &mut Desk, told: &mut Told) {
    for webhook in desk.news() {
        let body = body(&webhook);
        let what = match webhook.trigger {
            "visit.removed" => None,
            "visit.created" => Some((body["data"].clone(), AT_FIRST)),
            "message.created" => Some((body["data"].clone(), &[][..])),
            _ => Some((body["after"].clone(), &[][..])),
        };
        told.insert((webhook.subject.kind, webhook.subject.id), what);
    }
}

/// Compares everything that can be read with the last webhooks. Returns how many objects it
/// compared.
fn hold(desk: &mut Desk, told: &Told) -> usize {
    let sim = desk.run.sim();
    let subjects: BTreeMap<(&str, String), _> = sim
        .subjects(0)
        .map(|index| (sim.subject(0, index), index))
        .map(|(subject, index)| ((subject.kind, subject.id), index))
        .collect();
    for ((kind, id), what) in told {
        let path = match *kind {
            "visit" => format!("/visits/{id}"),
            "message" => format!("/messages/{id}"),
            _ => format!("/location-status/{id}"),
        };
        let (status, read) = desk.call(Method::Get, &path, &Json::Null);
        let Some((wanted, beside)) = what else {
            assert_eq!(status, 404, "{path} was deleted");
            continue;
        };
        assert_eq!(status, 200, "{path}: {read}");
        let beside: Vec<&str> = beside.iter().chain(READ_ALONE).copied().collect();
        assert_eq!(without(&read, &beside), without(wanted, &beside), "{path}");
        let object = desk.run.sim().api_object(0, subjects[&(*kind, id.clone())]);
        assert_eq!(object, Some(read), "{path}");
    }
    told.len()
}

/// Checks that lines, counters and desks agree with the visits, whatever was written.
fn agree(desk: &Desk) -> usize {
    let sim = desk.run.sim();
    let all: Vec<Json> = sim.subjects(0).filter_map(|index| sim.api_object(0, index)).collect();
    let mut checked = 0;
    for status in all.iter().filter(|object| object.get("numWaiting").is_some()) {
        let here =
            |visit: &&Json| visit["locationId"] == status["id"] && visit["ticket"].is_string();
        let of = |state: &str| -> Vec<&Json> {
            all.iter().filter(here).filter(|visit| visit["state"] == state).collect()
        };
        let people = |visits: &[&Json]| -> u64 {
            visits.iter().filter_map(|visit| visit["partySize"].as_u64()).sum()
        };
        let (waiting, serving) = (of("WAITING"), of("SERVING"));
        let counted = json!([waiting.len(), people(&waiting), serving.len(), people(&serving)]);
        let shown = ["numWaiting", "numWaitingGuests", "numServing", "numServingGuests"]
            .map(|key| status[key].clone());
        assert_eq!(json!(shown), counted, "{status}");
        let mut line: Vec<u64> =
            waiting.iter().filter_map(|visit| visit["position"].as_u64()).collect();
        line.sort_unstable();
        assert_eq!(line, (1..=waiting.len() as u64).collect::<Vec<_>>());
        checked += 1;
    }
    checked
}

/// Writes something to an existing visit. The call may be refused.
fn write(desk: &mut Desk, chance: &mut Chance) -> bool {
    let visits = desk.get("/visits?limit=30&desc=true")["results"].clone();
    let visits = visits.as_array().expect("visits");
    if visits.is_empty() {
        return false;
    }
    let visit = chance.pick(visits);
    let (id, customer) = (text(&visit["id"]), text(&visit["customerId"]));
    let location = desk.get("/locations")["results"][chance.below(3) as usize]["id"].clone();
    let state = *chance.pick(&["WAITING", "SERVING", "COMPLETE", "BOOKED"]);
    let tag = *chance.pick(&["CANCELLED", "NOSHOW", "FLAGGED", "ALERTED", "EXPIRED", "REMOVED"]);
    let writes = [
        (format!("/visits/{id}"), json!({ "state": state })),
        (format!("/visits/{id}"), json!({ "tags": [tag] })),
        (format!("/visits/{id}"), json!({"partySize": chance.between(1, 9), "notes": "n"})),
        (format!("/visits/{id}"), json!({"position": chance.between(1, 5)})),
        (format!("/visits/{id}"), json!({ "locationId": location })),
        (format!("/visits/{id}"), json!({"name": "Kim Berg", "phone": "+12025550177"})),
        (format!("/visits/{id}"), json!({"serviceIds": [], "resourceIds": []})),
        (format!("/visits/{id}"), json!({"date": "2031-03-06T12:00"})),
        (format!("/customers/{customer}"), json!({"lastName": "Dahl", "externalId": "e"})),
        ("/visits".to_owned(), json!({"locationId": location, "customerId": customer})),
        ("/visits".to_owned(), json!({"locationId": location, "date": "2031-03-06T11:00"})),
        ("/visits".to_owned(), json!({"locationId": location, "state": "SERVING"})),
    ];
    let (path, body) = chance.pick(&writes);
    let (status, answer) = desk.call(Method::Post, path, body);
    assert!([200, 400, 404].contains(&status), "{path} {body}: {answer}");
    status == 200
}

#[test]
fn a_read_is_what_the_last_webhook_told() {
    let (mut held, mut written) = (0, 0);
    for profile in vendor().catalogue().profiles {
        for (seed, settings) in [
            &[][..],
            &[("hold_fires", "nothing"), ("estimates_fire", "always"), ("expires_after", "45m")],
            &[
                ("messages", "confirmation, next-in-line, reminder, serving, follow-up, no-show"),
                ("resource_capacity", "3"),
                ("auto_complete", "10m"),
                ("waitlist_sync", "30m"),
            ],
        ]
        .into_iter()
        .enumerate()
        {
            let mut desk = Desk::of(profile, settings, seed as u64);
            desk.populate();
            let mut chance = Chance::from_seed(seed as u64).child("writes");
            let mut told = Told::new();
            desk.pass(Duration::from_secs(5 * 3600));
            for _ in 0..if full() { 120 } else { 20 } {
                desk.pass(Duration::from_secs(chance.between(60, 900)));
                for _ in 0..3 {
                    written += usize::from(write(&mut desk, &mut chance));
                }
                hear(&mut desk, &mut told);
                assert_eq!(agree(&desk), 3);
                if chance.happens(0.1) {
                    held += hold(&mut desk, &told);
                }
            }
            held += hold(&mut desk, &told);
            let (again, now) = (desk.again(), desk.state());
            let state = again.sim().subjects(0).map(|subject| again.sim().truth(0, subject));
            for (subject, truth) in again.sim().subjects(0).zip(state) {
                assert_eq!(truth, desk.run.sim().truth(0, subject));
            }
            assert_eq!(desk.state(), now);
        }
    }
    assert!(held > 2_000 && written > 150, "{held} reads held, {written} writes");
}
