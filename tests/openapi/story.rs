//! The examples of the OpenAPI document: what a server answers when this story is told to it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value as Json, json};

use super::process::{Answer, Served};

/// A request of the story, by the name of its operation.
struct Step {
    id: &'static str,
    path: Vec<(&'static str, &'static str)>,
    query: Vec<(&'static str, &'static str)>,
    body: Option<Json>,
}

const SHOP: (&str, &str) = ("account", "shop");
/// An account whose webhooks reach nobody.
const LOST: (&str, &str) = ("account", "lost");
const ANNA: [(&str, &str); 3] = [SHOP, ("kind", "position"), ("id", "Anna")];

/// One of every operation, in an order in which each has something to show.
fn story(receiver: &str) -> Vec<Step> {
    let delivered = [("wait", "delivered")];
    let shop = |id| step(id, &[SHOP]);
    let lost = |id| step(id, &[LOST]);
    vec![
        step("getHealth", &[]),
        step("getReady", &[]),
        step("listVendors", &[]),
        step("createAccount", &[])
            .body(json!({ "name": "shop", "vendor": "ombori", "profile": "2021-02", "seed": 1 })),
        shop("getSnapshot"),
        step("streamEvents", &[]).query(&[("until", "now"), ("account", "shop")]),
        shop("getAccount"),
        shop("getCredentials"),
        shop("getClock"),
        shop("listActions"),
        shop("say").query(&delivered).body(json!({ "phrase": "Anna takes a walk-in ticket" })),
        step("performAction", &[SHOP, ("action", "call")])
            .query(&delivered)
            .body(json!({ "arguments": { "who": "Anna" } })),
        shop("listSubjects"),
        step("getSubject", &ANNA),
        step("getBelief", &ANNA),
        shop("listDeliveries").query(&[("trigger", "positionCalled"), ("limit", "10")]),
        step("getDelivery", &[SHOP, ("delivery", "1")]),
        step("createAccount", &[])
            .body(json!({ "name": "lost", "vendor": "doo", "seed": 2, "deliver": format!("{receiver}/nowhere") })),
        lost("say").query(&delivered).body(json!({ "phrase": "Vera books a ticket" })),
        lost("listTokenRequests"),
        shop("listCalls"),
        shop("getCoverage"),
        step("repeatDelivery", &[SHOP, ("delivery", "1")]),
        shop("settleDeliveries"),
        step("editDelivery", &[SHOP, ("delivery", "1")])
            .body(json!({ "body": "{\"message\":null}", "fault": "arrives with wrong credentials" })),
        shop("settleDeliveries"),
        shop("addFault").body(json!({ "phrase": "the next 3 reads from the API are answered 429" })),
        shop("listFaults"),
        step("removeFault", &[SHOP, ("fault", "1")]),
        shop("removeFaults"),
        shop("advanceClock").body(json!({ "by": "10m" })),
        shop("startTraffic").body(json!({ "per_hour": 60 })),
        shop("getTraffic"),
        shop("stopTraffic"),
        shop("setSpeed").body(json!({ "speed": null })),
        step("listScenarios", &[]),
        shop("playScenario").body(json!({ "name": "ombori/booking.yaml" })),
        shop("getScenario"),
        shop("stopScenario"),
        shop("restoreSnapshot"),
        lost("advanceClock").body(json!({ "by": "7d" })),
        lost("listDeadLetters"),
        lost("sendDeadLetters").body(json!({})),
        lost("settleDeliveries"),
        lost("getEndpoint"),
        lost("reactivateEndpoint"),
        step("listAccounts", &[]),
        lost("deleteAccount"),
    ]
}

fn step(id: &'static str, path: &[(&'static str, &'static str)]) -> Step {
    Step { id, path: path.to_vec(), query: Vec::new(), body: None }
}

impl Step {
    fn query(self, query: &[(&'static str, &'static str)]) -> Self {
        Self { query: query.to_vec(), ..self }
    }

    fn body(self, body: Json) -> Self {
        Self { body: Some(body), ..self }
    }
}

/// What a server answers to the story: for each operation the request and the answer.
pub fn examples(receiver: &str) -> Json {
    let mut served = Served::start(&["--no-accounts", "--seed", "1", "--target", receiver]);
    let paths = &standin::server::document(standin::vendors::registry::shipped())["paths"];
    let mut examples: Map<String, Json> = Map::new();
    for mut step in story(receiver) {
        if step.id == "restoreSnapshot" {
            step.body = Some(examples["getSnapshot"]["answer"].clone());
        }
        if step.id == "listCalls" {
            read_as_a_receiver(&served);
        }
        let answer = ask(&served, paths, &step);
        let text = settled(&String::from_utf8_lossy(&answer.body), receiver);
        assert!(answer.status < 300, "{}: {} {text}", step.id, answer.status);
        let mut example = Map::new();
        if !step.path.is_empty() {
            example.insert("path".to_owned(), step.path.iter().copied().collect());
        }
        if !step.query.is_empty() {
            let number =
                |value: &str| value.parse::<u64>().map_or_else(|_| json!(value), Json::from);
            let query = step.query.iter().map(|(name, value)| (*name, number(value)));
            example.insert("query".to_owned(), query.collect());
        }
        example.extend(step.body.map(|body| ("body".to_owned(), body)));
        if !text.is_empty() {
            let answer = serde_json::from_str(&text).unwrap_or_else(|_| Json::String(text));
            example.insert("answer".to_owned(), answer);
        }
        examples.entry(step.id).or_insert(Json::Object(example));
    }
    assert!(served.stop().success(), "{}", served.stderr());
    Json::Object(examples)
}

fn ask(served: &Served, paths: &Json, step: &Step) -> Answer {
    let (mut path, method) = operation(paths, step.id);
    for (name, value) in &step.path {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    let query: Vec<String> =
        step.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let path = format!("/api/v1{path}{mark}{}", query.join("&"));
    let mut answer = served.call(&method, &path, step.body.clone());
    // A scenario is played while the story goes on.
    while step.id == "getScenario" && answer.json()["state"] == "playing" {
        answer = served.call(&method, &path, None);
    }
    answer
}

/// The path and the method of an operation.
fn operation(paths: &Json, id: &str) -> (String, String) {
    let paths = paths.as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods");
        methods.iter().map(move |(method, operation)| (path, method, operation))
    });
    let found = operations.into_iter().find(|(.., operation)| operation["operationId"] == id);
    let (path, method, _) = found.unwrap_or_else(|| panic!("there is no operation {id}"));
    (path.clone(), method.to_uppercase())
}

/// Reads the ticket from the vendor's own API, as a receiver would.
fn read_as_a_receiver(served: &Served) {
    let keys = served.get("/api/v1/accounts/shop/credentials").json();
    let called = served.get("/api/v1/accounts/shop/deliveries/1").json();
    let position = &called["webhook"]["body"]["data"]["position"];
    let queue = position["queue"].as_str().expect("a queue");
    let id = position["id"].as_str().expect("an id");
    let base = keys["base"].as_str().expect("a path");
    let tenant = format!("{base}/regions/eu/queues/v1/organizations/demo-retail");
    let path = format!("{tenant}/queues/{queue}/positions/{id}");
    let key = [("ApiKey", keys["key"].as_str().expect("a key"))];
    let read = super::process::request(served.authority(), "GET", &path, &key, b"");
    read.expect("an answer").expect(200);
}

/// A text without what differs from run to run, and without keys.
fn settled(text: &str, receiver: &str) -> String {
    static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (r#""milliseconds":[0-9.]+"#, r#""milliseconds":1.5"#),
            (r#""received":"[^"]+""#, r#""received":"2026-11-28T08:00:00.000Z""#),
            (r#""(key|client_secret)":"[^"]+""#, r#""$1":"***""#),
        ]
        .map(|(pattern, instead)| (Regex::new(pattern).expect("a pattern"), instead))
        .into()
    });
    let text = text.trim_end().replace(receiver, "http://127.0.0.1:8080");
    VARYING
        .iter()
        .fold(text, |text, (pattern, instead)| pattern.replace_all(&text, *instead).into_owned())
}
