//! A client of the API of one account, and the run that answers it.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::clock::{after, default_start};
use standin::journal::{Entry, EntryKind, JournalError, line};
use standin::model::api_fault::Race;
use standin::model::{Secret, Settings, Webhook};
use standin::phrase;
use standin::run::replay::ReplaySetup;
use standin::run::{Route, Run};
use standin::sim::Opening;
use standin::vendors::api::{ApiAnswer, ApiBody, ApiRequest, GivenApiKeys, Method};
use standin::vendors::{Vendor, registry};

/// A client with its key and, after a login, its token.
pub struct Client {
    pub run: Run,
    pub entries: Vec<Entry>,
    /// Real time. Each call comes a second and a half after the one before.
    pub clock: Timestamp,
    pub token: Option<String>,
}

pub fn doo() -> &'static dyn Vendor {
    registry::shipped().find("doo").expect("it is registered")
}

/// Nothing listens there.
pub fn route() -> Route {
    let triggers = doo().catalogue().triggers.iter();
    let url = |name: &str| format!("http://127.0.0.1:9/{name}").into();
    Route {
        policy: doo().policy(),
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
    /// A client of an account with these settings. It has no token yet.
    pub fn new(settings: &[(&str, &str)]) -> Self {
        let catalogue = doo().catalogue();
        let settings = Settings::check(catalogue.settings, settings.iter().copied());
        let opening = Opening {
            name: "alone".to_owned(),
            profile: catalogue.default_profile(),
            settings: settings.expect("right settings"),
        };
        let mut run = fresh();
        run.open(doo(), opening, route());
        let clock = "2026-03-04T08:00:00Z".parse().expect("a time");
        Self { run, entries: Vec::new(), clock, token: None }
    }

    /// The same client with a token.
    pub fn with_token(settings: &[(&str, &str)]) -> Self {
        let mut client = Self::new(settings);
        client.log_in();
        client
    }

    /// A client with a token, without limits on the number of calls.
    pub fn unlimited() -> Self {
        Self::with_token(&[("api_limits", "off"), ("api_token_lifetime", "off")])
    }

    /// Requests a token.
    pub fn log_in(&mut self) {
        let body = self.grant();
        let answer = self.post("/oauth", &body);
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        self.token = Some(text(&json_of(&answer)["data"]["access_token"]));
    }

    /// The valid body of a token request.
    pub fn grant(&self) -> Json {
        let client = &self.run.api_keys(0).client;
        json!({
            "client_id": client.id,
            "client_secret": client.secret.reveal(),
            "grant_type": "client_credentials",
        })
    }

    pub fn key(&self) -> String {
        self.run.api_keys(0).key.reveal().to_owned()
    }

    /// Sends a request unchanged.
    pub fn send(
        &mut self,
        (method, path): (Method, &str),
        headers: &[(&str, String)],
        body: impl Into<bytes::Bytes>,
    ) -> ApiAnswer {
        self.clock = after(self.clock, Duration::from_millis(1_500));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let request = ApiRequest {
            method,
            path: path.to_owned(),
            query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Secret::new(value.as_str())))
                .collect(),
            body: body.into(),
            received: self.clock,
        };
        let answer = self.run.request(0, &request);
        self.write();
        answer
    }

    /// Sends a request with the key and the token.
    pub fn call(&mut self, method: Method, path: &str, body: &str) -> ApiAnswer {
        let mut headers = vec![("x-api-key", self.key())];
        headers.extend(self.token.iter().map(|one| ("Authorization", format!("Bearer {one}"))));
        self.send((method, path), &headers, body.to_owned())
    }

    pub fn get(&mut self, path: &str) -> ApiAnswer {
        self.call(Method::Get, path, "")
    }

    pub fn post(&mut self, path: &str, body: &Json) -> ApiAnswer {
        self.call(Method::Post, path, &body.to_string())
    }

    /// Reads something that must exist.
    pub fn read(&mut self, path: &str) -> Json {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {:?}", answer.body);
        json_of(&answer)
    }

    /// Carries out a phrase.
    pub fn say(&mut self, text: &str) {
        let spoken = phrase::read(doo().catalogue(), text).expect("a phrase");
        self.run.act(0, &spoken, text).expect("it is legal");
        self.write();
    }

    /// Lets virtual time pass.
    pub fn pass(&mut self, length: Duration) {
        let to = after(self.run.sim().now(), length);
        self.run.advance(to);
        self.write();
    }

    /// Takes the entries that the run has written.
    pub fn write(&mut self) {
        self.entries.extend(self.run.take_entries());
    }

    /// The webhooks that were caused after this many entries.
    pub fn caused_since(&self, entries: usize) -> Vec<&Webhook> {
        let caused = self.entries[entries..].iter().filter_map(|entry| match &entry.kind {
            EntryKind::Caused(webhook) => Some(webhook),
            _ => None,
        });
        caused.collect()
    }

    /// The webhooks that a call causes.
    pub fn caused_by(&mut self, method: Method, path: &str, body: &str) -> (u16, Vec<Webhook>) {
        let before = self.entries.len();
        let status = self.call(method, path, body).status;
        (status, self.caused_since(before).into_iter().cloned().collect())
    }

    pub fn lines(&self) -> Vec<String> {
        self.entries.iter().map(line).collect()
    }

    /// The run that the journal gives when it is replayed.
    pub fn again(&self) -> Result<Run, JournalError> {
        let reopen = ReplaySetup { vendor: &|_| Some(doo()), route: &|_, _| Some(route()) };
        let lines = self.lines();
        fresh().replay(lines.iter().map(String::as_str), &reopen)
    }

    /// The id of the team.
    pub fn team(&mut self) -> u64 {
        number(&self.read("/organizers/current/organizations")["active_team"]["id"])
    }

    /// The id of the first event.
    pub fn event(&mut self) -> u64 {
        number(&self.read("/events")["_embedded"]["events"][0]["id"])
    }

    /// The hash of the first ticket of the first event.
    pub fn hash(&mut self) -> String {
        let event = self.event();
        let attendees = self.read(&format!("/events/{event}/attendees"));
        text(&attendees["_embedded"]["attendees"][0]["ticket_hash"])
    }
}

/// The body of an answer.
pub fn json_of(answer: &ApiAnswer) -> Json {
    match &answer.body {
        ApiBody::Json(json) => json.clone(),
        other => panic!("no JSON: {other:?}"),
    }
}

pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn number(value: &Json) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Checks that an answer is this error in the vendor's form.
#[track_caller]
pub fn assert_error(answer: &ApiAnswer, status: u16) {
    let body = json_of(answer);
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["response_status"], status);
    for message in ["developer_message", "user_message"] {
        assert!(body[message].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    }
}
