//! A client of the API of one account, and the run that answers it.

use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::clock::{after, default_start};
use standin::journal::{Entry, EntryKind, JournalError, line};
use standin::model::api_fault::Race;
use standin::model::{Secret, Settings};
use standin::phrase;
use standin::run::replay::ReplaySetup;
use standin::run::{Route, Run};
use standin::sim::Opening;
use standin::vendors::api::{ApiAnswer, ApiBody, ApiRequest, GivenApiKeys, Method};
use standin::vendors::{Vendor, registry};

/// A client with its key.
pub struct Client {
    pub run: Run,
    pub entries: Vec<Entry>,
    /// The id of the first queue.
    pub queue: String,
}

/// A webhook: its trigger and the position in it.
pub type Caused = (&'static str, Json);

pub fn ombori() -> &'static dyn Vendor {
    registry::shipped().find("ombori").expect("it is registered")
}

/// Nothing listens there.
fn route() -> Route {
    let triggers = ombori().catalogue().triggers.iter();
    let url = |name: &str| format!("http://127.0.0.1:9/{name}").into();
    Route {
        policy: ombori().policy(),
        urls: triggers.map(|one| (one.name.to_owned(), url(one.name))).collect(),
        trigger_pointer: None,
        api_keys: GivenApiKeys::default(),
        race: Race::default(),
    }
}

fn fresh() -> Run {
    Run::new(&Chance::from_seed(7), default_start())
}

impl Client {
    /// A client of an account with these settings.
    pub fn new(settings: &[(&str, &str)]) -> Self {
        Self::in_profile("2021-02", settings)
    }

    pub fn in_profile(profile: &str, settings: &[(&str, &str)]) -> Self {
        let catalogue = ombori().catalogue();
        let settings = Settings::check(catalogue.settings, settings.iter().copied());
        let opening = Opening {
            name: "alone".to_owned(),
            profile: catalogue.profile(profile).expect("a profile"),
            settings: settings.expect("right settings"),
        };
        let mut run = fresh();
        run.open(ombori(), opening, route());
        let mut client = Self { run, entries: Vec::new(), queue: String::new() };
        // The answer about an unknown queue lists the queues.
        let answer = client.call(Method::Get, "/positions/x", "");
        let message = json_of(&answer)["message"].as_str().expect("a message").to_owned();
        let (_, named) = message.split_once("the queues are ").expect("queues");
        client.queue = named.split(' ').next().expect("an id").to_owned();
        client
    }

    pub fn key(&self) -> String {
        self.run.api_keys(0).key.reveal().to_owned()
    }

    /// The path of an operation. `rest` is the part after the queue.
    pub fn path(&self, rest: &str) -> String {
        let queue = if self.queue.is_empty() { "unknown" } else { &self.queue };
        format!("/regions/eu/queues/v1/organizations/demo-retail/queues/{queue}{rest}")
    }

    /// Sends a request unchanged, with or without a key.
    pub fn send(
        &mut self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: impl Into<bytes::Bytes>,
    ) -> ApiAnswer {
        let headers = key.map(|key| ("apikey".to_owned(), Secret::new(key)));
        let request = ApiRequest {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: headers.into_iter().collect(),
            body: body.into(),
            received: "2026-03-04T08:00:00Z".parse().expect("a time"),
        };
        let answer = self.run.request(0, &request);
        self.write();
        answer
    }

    /// Sends a request about the first queue, with the key.
    pub fn call(&mut self, method: Method, rest: &str, body: &str) -> ApiAnswer {
        let (path, key) = (self.path(rest), self.key());
        self.send(method, &path, Some(&key), body.to_owned())
    }

    /// The same request. It must be answered 200. Also returns the webhooks that it causes.
    pub fn good(&mut self, method: Method, rest: &str, body: &Json) -> (Json, Vec<Caused>) {
        let before = self.entries.len();
        let answer = self.call(method, rest, &body.to_string());
        assert_eq!(answer.status, 200, "{rest}: {:?}", answer.body);
        (json_of(&answer), self.caused_since(before))
    }

    /// The same request. It must be refused with this status and change nothing.
    #[track_caller]
    pub fn bad(&mut self, method: Method, rest: &str, body: &str, status: u16) {
        let (before, state) = (self.entries.len(), self.state());
        let answer = self.call(method, rest, body);
        assert_error(&answer, status);
        assert_eq!(self.caused_since(before), [], "{rest} {body}");
        assert_eq!(self.state(), state, "{rest} {body}");
    }

    pub fn read(&mut self, id: &Json) -> Json {
        let answer = self.call(Method::Get, &format!("/positions/{}", text(id)), "");
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        json_of(&answer)
    }

    /// Carries out a phrase.
    pub fn say(&mut self, text: &str) {
        let spoken = phrase::read(ombori().catalogue(), text).expect("a phrase");
        self.run.act(0, &spoken, text).expect("it is legal");
        self.write();
    }

    /// Lets virtual time pass.
    pub fn pass(&mut self, length: Duration) {
        let to = after(self.run.sim().now(), length);
        self.run.advance(to);
        self.write();
    }

    fn write(&mut self) {
        self.entries.extend(self.run.take_entries());
    }

    /// The webhooks that were caused after this many entries.
    pub fn caused_since(&self, entries: usize) -> Vec<Caused> {
        let caused = self.entries[entries..].iter().filter_map(|entry| match &entry.kind {
            EntryKind::Caused(webhook) => {
                let body: Json = serde_json::from_slice(&webhook.body).expect("a body is JSON");
                let schema = ombori().schema(self.profile(), webhook.trigger).expect("a schema");
                assert!(jsonschema::is_valid(&schema, &body), "{body:#}");
                Some((webhook.trigger, body["data"]["position"].clone()))
            }
            _ => None,
        });
        caused.collect()
    }

    fn profile(&self) -> &'static standin::model::Profile {
        let opened = self.entries.iter().find_map(|entry| match &entry.kind {
            EntryKind::Opened { profile, .. } => Some(profile.as_str()),
            _ => None,
        });
        ombori().catalogue().profile(opened.expect("it was opened")).expect("a profile")
    }

    pub fn lines(&self) -> Vec<String> {
        self.entries.iter().map(line).collect()
    }

    /// The run that the journal gives when it is replayed.
    pub fn again(&self) -> Result<Run, JournalError> {
        let reopen = ReplaySetup { vendor: &|_| Some(ombori()), route: &|_, _| Some(route()) };
        let lines = self.lines();
        fresh().replay(lines.iter().map(String::as_str), &reopen)
    }

    pub fn state(&self) -> String {
        state(&self.run)
    }
}

/// The state of all positions of a run.
pub fn state(run: &Run) -> String {
    let sim = run.sim();
    let objects = sim.subjects(0).map(|one| (sim.api_object(0, one), sim.truth(0, one)));
    format!("{:?} {:?} {:?}", sim.now(), sim.next(), objects.collect::<Vec<_>>())
}

/// A valid request for a booking, this many minutes after the start of virtual time.
pub fn booking(minutes: u64) -> Json {
    let start = after(default_start(), Duration::from_secs(minutes * 60));
    let end = after(start, Duration::from_secs(300));
    json!({
        "locale": "en",
        "notification": {"type": "phoneNumber", "settings": {"to": "+46701740605"}},
        "numberOfPeople": 3,
        "booking": {"start": format!("{start:.3}"), "end": format!("{end:.3}")},
    })
}

/// The body of an answer.
pub fn json_of(answer: &ApiAnswer) -> Json {
    match &answer.body {
        ApiBody::Json(json) => json.clone(),
        other => panic!("no JSON: {other:?}"),
    }
}

pub fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Checks that an answer is this error.
#[track_caller]
pub fn assert_error(answer: &ApiAnswer, status: u16) {
    let body = json_of(answer);
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["statusCode"], status);
    assert!(!text(&body["message"]).is_empty(), "{body}");
}
