//! Any request at all is answered with a documented status. Nothing panics, and the journal gives
//! the same run.

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::journal::line;
use standin::vendors::api::{ApiBody, Method};

use super::desk::{Desk, full, vendor};

const STATUSES: &[u16] = &[200, 400, 401, 404, 405, 429, 501];

const KEYS: &[&str] = &[
    "id",
    "locationId",
    "customerId",
    "externalCustomerId",
    "name",
    "firstName",
    "lastName",
    "phone",
    "email",
    "notes",
    "serviceIds",
    "resourceIds",
    "dataFields",
    "partySize",
    "position",
    "state",
    "tags",
    "date",
    "duration",
    "url",
    "eventTypes",
    "isActive",
    "content",
    "visitId",
    "isForceClosed",
    "isForceOpen",
    "locationIds",
    "roles",
    "resourceId",
    "addTag",
    "removeTag",
    "externalId",
    "locale",
    "secret",
    "x",
];

const TEXTS: &[&str] = &[
    "",
    " ",
    "WAITING",
    "SERVING",
    "COMPLETE",
    "BOOKED",
    "DRAFT",
    "PENDING",
    "CANCELLED",
    "ALERTED",
    "NOSHOW",
    "2031-03-05T10:00",
    "2031-03-05T10:30",
    "9999-12-31T23:59",
    "-009999-01-01T00:00",
    "2031-11-02T01:30",
    "2031-03-05T10:00:00Z",
    "Kim Berg",
    "\u{0}\u{7f}\u{1f600}",
    "ß%2F../..",
    "+12025550123",
    "kim@example.test",
    "https://receiver.example.test/",
    "visit.created",
    "visit.updated",
    "100",
    "0",
    "-1",
    "18446744073709551616",
    "true",
    "null",
    "NaN",
    "CSV",
    "JSON",
];

const NAMES: &[&str] = &[
    "limit",
    "startAfter",
    "desc",
    "locationId",
    "state",
    "customerId",
    "fromDate",
    "toDate",
    "fromTime",
    "toTime",
    "dateRangeField",
    "format",
    "q",
    "tag",
    "page",
    "maxNumSlots",
    "serviceDuration",
    "partySize",
    "serviceIds",
    "resourceIds",
    "visitId",
    "externalId",
    "",
];

/// Known ids of any kind, and texts.
struct Words(Vec<String>);

impl Words {
    fn pick(&self, chance: &mut Chance) -> String {
        if chance.happens(0.7) && !self.0.is_empty() {
            return chance.pick(&self.0).clone();
        }
        (*chance.pick(TEXTS)).to_owned()
    }

    fn value(&self, chance: &mut Chance, depth: u32) -> Json {
        match chance.below(if depth > 2 { 7 } else { 10 }) {
            0 => Json::Null,
            1 => chance.happens(0.5).into(),
            2 => chance.between(0, 12).into(),
            3 => json!(chance.bits() as i64),
            4 => json!(-1.5e300),
            5 | 6 => self.pick(chance).into(),
            7 | 8 => (0..chance.below(4)).map(|_| self.value(chance, depth + 1)).collect(),
            _ => self.object(chance, depth + 1),
        }
    }

    fn object(&self, chance: &mut Chance, depth: u32) -> Json {
        let mut object = serde_json::Map::new();
        for _ in 0..chance.below(6) {
            let key = if depth > 0 && chance.happens(0.5) { "values" } else { chance.pick(KEYS) };
            let value = self.value(chance, depth);
            object.insert(key.to_owned(), value);
        }
        Json::Object(object)
    }

    /// An object whose values fit their keys more often than at random.
    fn likely(&self, chance: &mut Chance, location: &str) -> Json {
        let mut object = self.object(chance, 0);
        if chance.happens(0.8) {
            object["locationId"] = location.into();
        }
        if chance.happens(0.5) {
            object["state"] = (*chance.pick(&TEXTS[2..8])).into();
        }
        if chance.happens(0.3) {
            object["date"] = (*chance.pick(&TEXTS[11..13])).into();
        }
        if chance.happens(0.2) {
            object["tags"] = json!([*chance.pick(&TEXTS[8..11])]);
        }
        if chance.happens(0.3) {
            object["url"] = "https://receiver.example.test/".into();
            for key in ["eventTypes", "locationIds", "isActive"] {
                object.as_object_mut().expect("an object").remove(key);
            }
        }
        for key in ["customerId", "phone", "email", "serviceIds", "resourceIds", "position", "id"] {
            if chance.happens(0.8) {
                object.as_object_mut().expect("an object").remove(key);
            }
        }
        object
    }
}

#[test]
fn anything_is_answered_and_the_journal_gives_the_same_run() {
    let api = vendor().api().expect("an API");
    let (mut calls, mut right) = (0, 0);
    for seed in 0..if full() { 12 } else { 2 } {
        let mut desk = Desk::of(vendor().catalogue().default_profile(), &[], seed);
        desk.populate();
        let mut chance = Chance::from_seed(seed).child("any");
        let location = desk.location(0);
        let mut words = Words(vec![location.clone()]);
        let mut secrets: Vec<String> = Vec::new();
        for _ in 0..900 {
            let operation = chance.pick(api.operations);
            let method =
                if chance.happens(0.9) { operation.method } else { *chance.pick(&Method::ALL) };
            let mut path = String::new();
            for part in operation.path.split('/').skip(1) {
                path.push('/');
                path.push_str(&if part.starts_with('{') || chance.happens(0.02) {
                    words.pick(&mut chance).replace('?', "")
                } else {
                    part.to_owned()
                });
            }
            let mut query = String::new();
            for _ in 0..chance.below(3) {
                let value = words.pick(&mut chance);
                query += &format!("&{}={value}", chance.pick(NAMES));
            }
            let body = match chance.below(8) {
                0 => Vec::new(),
                1 => words.value(&mut chance, 0).to_string().into_bytes(),
                2 => (0..chance.below(40)).map(|_| chance.bits() as u8).collect(),
                3 => "[".repeat(5000).into_bytes(),
                _ => words.likely(&mut chance, &location).to_string().into_bytes(),
            };
            if chance.happens(0.1) {
                desk.pass(std::time::Duration::from_secs(chance.between(1, 1200)));
            }
            let target = format!("{path}?{query}");
            let answer = desk.request(method, &target, &body);
            calls += 1;
            right += usize::from(answer.status == 200);
            assert!(
                STATUSES.contains(&answer.status),
                "{} {target}: {}",
                method.name(),
                answer.status
            );
            secrets.extend(answer.secrets.iter().map(|secret| secret.reveal().to_owned()));
            if let ApiBody::Json(json) = &answer.body {
                assert_eq!(answer.status == 200, json["code"].is_null(), "{target}: {json}");
                let id = json["id"].as_str().or(json["results"][0]["id"].as_str());
                words.0.extend(id.map(str::to_owned));
            }
        }
        desk.lines.extend(desk.run.take_entries().iter().map(line));
        let again = desk.again();
        let sims = (desk.run.sim(), again.sim());
        assert_eq!(sims.0.subjects(0).len(), sims.1.subjects(0).len());
        for subject in sims.0.subjects(0) {
            assert_eq!(sims.0.truth(0, subject), sims.1.truth(0, subject));
        }
        assert_eq!(sims.0.subscriptions(0), sims.1.subscriptions(0));
        let key = desk.run.api_keys(0).key.reveal();
        assert!(!secrets.is_empty());
        for line in &desk.lines {
            assert!(!line.contains(key), "{line}");
            assert!(secrets.iter().all(|secret| !line.contains(secret.as_str())), "{line}");
        }
    }
    assert!(calls >= 1_800 && right > 400, "{calls} calls, {right} right");
}
