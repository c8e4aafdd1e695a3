//! A run with one account, and a program of the receiver that calls the vendor's API.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::cli::settings::{self, Overrides};
use standin::clock::{after, default_start};
use standin::journal::line;
use standin::model::{Profile, Secret, Settings, Webhook};
use standin::run::replay::ReplaySetup;
use standin::run::{Route, Run};
use standin::sim::Opening;
use standin::vendors::api::{ApiAnswer, ApiBody, ApiRequest, Method};
use standin::vendors::{Vendor, registry};

/// Whether to test everything, as CI does.
pub fn full() -> bool {
    std::env::var_os("FULL").is_some_and(|value| value == "1")
}

/// The vendor.
pub fn vendor() -> &'static dyn Vendor {
    registry::shipped().find("waitwhile").expect("the vendor")
}

/// A run with one account.
pub struct Desk {
    /// The run.
    pub run: Run,
    /// Its journal so far.
    pub lines: Vec<String>,
    /// When calls arrive, in real time.
    pub received: Timestamp,
    /// The headers of each call.
    pub headers: Vec<(String, Secret)>,
    route: Route,
    seed: u64,
    heard: usize,
}

impl Desk {
    /// A run whose account has these settings.
    pub fn open(given: &[(&str, &str)]) -> Self {
        Self::of(vendor().catalogue().default_profile(), given, 7)
    }

    /// A run with this version of the payloads and this seed.
    pub fn of(profile: &'static Profile, given: &[(&str, &str)], seed: u64) -> Self {
        let overrides =
            Overrides { target: Some("http://127.0.0.1:9".into()), ..Default::default() };
        let read =
            settings::read(registry::shipped(), "standin.yaml", settings::BUILT_IN, &overrides);
        let read = read.unwrap_or_else(|_| panic!("the built-in settings are right"));
        let route = read.target.vendors["waitwhile"].route();
        let mut run = fresh(seed);
        let settings =
            Settings::check(vendor().catalogue().settings, given.iter().copied()).expect("right");
        let opening = Opening { name: "alone".to_owned(), profile, settings };
        run.open(vendor(), opening, route.clone());
        let key = run.api_keys(0).key.clone();
        let headers = vec![("apikey".to_owned(), key)];
        let received = "2030-01-01T00:00:00Z".parse().expect("a time");
        Self { run, lines: Vec::new(), received, headers, route, seed, heard: 0 }
    }

    /// Starts the traffic.
    pub fn populate(&mut self) {
        let traffic = Settings::check(vendor().catalogue().traffic, []).expect("defaults");
        self.run.populate(0, &traffic);
    }

    /// Lets time pass.
    pub fn pass(&mut self, length: Duration) {
        let to = after(self.run.sim().now(), length);
        self.run.advance(to);
    }

    /// Carries out a phrase.
    pub fn say(&mut self, text: &str) {
        let parsed = standin::phrase::read(vendor().catalogue(), text).expect("a phrase");
        self.run.act(0, &parsed, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }

    /// Calls the API.
    pub fn request(&mut self, method: Method, target: &str, body: &[u8]) -> ApiAnswer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let request = ApiRequest {
            method,
            path: path.to_owned(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers: self.headers.clone(),
            body: body.to_vec().into(),
            received: self.received,
        };
        let answer = self.run.request(0, &request);
        self.lines.extend(self.run.take_entries().iter().map(line));
        answer
    }

    /// Calls the API with a body, unless it is null. Returns the status and the JSON of the answer.
    pub fn call(&mut self, method: Method, target: &str, body: &Json) -> (u16, Json) {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = self.request(method, target, &bytes);
        match answer.body {
            ApiBody::Json(json) => (answer.status, json),
            ApiBody::Empty => (answer.status, Json::Null),
            ApiBody::Other(_, text) => (answer.status, text.into()),
        }
    }

    /// The answer to a call that must succeed.
    #[track_caller]
    pub fn right(&mut self, method: Method, target: &str, body: &Json) -> Json {
        let (status, answer) = self.call(method, target, body);
        assert_eq!(status, 200, "{} {target} {body}: {answer}", method.name());
        answer
    }

    /// Reads from this path.
    #[track_caller]
    pub fn get(&mut self, target: &str) -> Json {
        self.right(Method::Get, target, &Json::Null)
    }

    /// Writes to this path. Returns the answer.
    #[track_caller]
    pub fn post(&mut self, target: &str, body: Json) -> Json {
        self.right(Method::Post, target, &body)
    }

    /// Deletes the object at this path.
    #[track_caller]
    pub fn delete(&mut self, target: &str) {
        assert_eq!(self.right(Method::Delete, target, &Json::Null), json!({}), "{target}");
    }

    /// Makes a call that must be refused with this status, in the vendor's form, and change
    /// nothing.
    #[track_caller]
    pub fn refused(&mut self, status: u16, method: Method, target: &str, body: &Json) {
        let before = self.state();
        let (found, answer) = self.call(method, target, body);
        assert_eq!(found, status, "{} {target} {body}: {answer}", method.name());
        let object = answer.as_object().expect("an object");
        assert_eq!(object.keys().collect::<Vec<_>>(), ["type", "code", "message"], "{answer}");
        assert_eq!(answer["code"], status);
        assert!(answer["type"].is_string() && answer["message"].is_string(), "{answer}");
        assert_eq!(self.state(), before, "{} {target} {body} changed something", method.name());
    }

    /// The whole visible state of the account.
    pub fn state(&self) -> String {
        let sim = self.run.sim();
        let subjects = sim.subjects(0).map(|subject| {
            format!("{:?} {} {:?}\n", subject, sim.truth(0, subject), sim.api_object(0, subject))
        });
        let subjects: String = subjects.collect();
        format!("{subjects}{}{:?}", self.run.deliveries().len(), sim.subscriptions(0))
    }

    /// The webhooks since the last call of this function.
    pub fn news(&mut self) -> Vec<Webhook> {
        let all = self.run.deliveries().iter().skip(self.heard);
        let news: Vec<Webhook> = all.map(|delivery| delivery.webhook.clone()).collect();
        self.heard = self.run.deliveries().len();
        news
    }

    /// The types of the webhooks since the last call of `news`.
    pub fn triggers(&mut self) -> Vec<&'static str> {
        self.news().iter().map(|webhook| webhook.trigger).collect()
    }

    /// The id of a location.
    pub fn location(&mut self, place: usize) -> String {
        text(&self.get("/locations")["results"][place]["id"])
    }

    /// Adds somebody to the waitlist of the first location. Returns the id.
    pub fn waiting(&mut self, name: &str) -> String {
        let location = self.location(0);
        text(&self.post("/visits", json!({"locationId": location, "name": name}))["id"])
    }

    /// Creates a booking at the first location, this many days from the start, at ten o'clock.
    pub fn booked(&mut self, name: &str, day: u32) -> String {
        let location = self.location(0);
        let date = format!("2031-03-{:02}T10:00", 4 + day);
        text(
            &self.post("/visits", json!({"locationId": location, "name": name, "date": date}))["id"],
        )
    }

    /// The run that its journal gives when it is replayed.
    pub fn again(&self) -> Run {
        let route = self.route.clone();
        let route = move |_: &str, _: &str| Some(route.clone());
        let reopen = ReplaySetup { vendor: &|name| registry::shipped().find(name), route: &route };
        let lines = self.lines.iter().map(String::as_str);
        fresh(self.seed).replay(lines, &reopen).unwrap_or_else(|error| panic!("{error}"))
    }
}

fn fresh(seed: u64) -> Run {
    Run::new(&Chance::from_seed(seed).child("run"), default_start())
}

/// The text in a JSON value.
#[track_caller]
pub fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text")).to_owned()
}

/// The body of a webhook.
pub fn body(webhook: &Webhook) -> Json {
    serde_json::from_slice(&webhook.body).expect("a body is JSON")
}
