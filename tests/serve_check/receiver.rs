//! A small receiver of Waitwhile's webhooks, one thread per connection. Some of its kinds call
//! Waitwhile's API from inside the webhook handler.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};

/// The key of Waitwhile's API.
pub const KEY: &str = "the-key-of-the-api";

/// How a receiver handles a webhook about a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It believes the webhook, and never calls.
    Believes,
    /// It reads the visit, and believes the answer. If the read fails, it answers 503.
    ReadsBack,
    /// It reads the visit only when the visit is new.
    ReadsOnce,
    /// It registers itself when it gets the first webhook.
    Subscribes,
    /// It adds another visit when it gets the first webhook.
    Writes,
}

/// A receiver that runs until the test ends.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    kind: Kind,
    /// Its own URL.
    url: String,
    /// The file with the URL of the vendors' APIs.
    apis: PathBuf,
    /// The visits that it knows, by their ids.
    visits: Mutex<BTreeMap<String, Json>>,
    /// What happened, in order.
    events: Mutex<Vec<String>>,
    /// Whether it has registered itself or added a visit.
    acted: Mutex<bool>,
}

impl Receiver {
    pub fn start(kind: Kind, apis: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let shared = Arc::new(Shared {
            kind,
            url: url.clone(),
            apis,
            visits: Mutex::default(),
            events: Mutex::default(),
            acted: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                std::thread::spawn(move || served.connection(stream));
            }
        });
        Self { url, shared }
    }

    /// What happened so far, in order.
    pub fn events(&self) -> Vec<String> {
        self.shared.events.lock().expect("no poison").clone()
    }
}

impl Shared {
    fn connection(&self, mut stream: TcpStream) {
        // A connection without a request only checks that the port is open.
        let Some((head, body)) = message(&stream) else { return };
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let (status, answer) = match (method, path.strip_prefix("/visits/")) {
            ("GET", Some(id)) => {
                let visits = self.visits.lock().expect("no poison");
                visits.get(id).map_or((404, Json::Null), |visit| (200, visit.clone()))
            }
            _ => (self.webhook(path, &body), json!({})),
        };
        let text = answer.to_string();
        let length = text.len();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        // The client may have left.
        let _ = stream.write_all((head + &text).as_bytes());
    }

    fn webhook(&self, path: &str, body: &str) -> u16 {
        let webhook: Json = serde_json::from_str(body).expect("webhooks are JSON");
        let trigger = webhook["type"].as_str().unwrap_or_default();
        let told = if webhook["data"].is_object() { &webhook["data"] } else { &webhook["after"] };
        let Some(id) = told["id"].as_str().filter(|_| trigger.starts_with("visit.")) else {
            return 200;
        };
        self.note(format!("{path} {trigger}"));
        let is_new = trigger == "visit.created";
        match self.kind {
            Kind::ReadsBack => return self.read_back(id),
            Kind::ReadsOnce if is_new => return self.read_back(id),
            Kind::Subscribes if self.is_first() => {
                let hook = json!({
                    "url": format!("{}/subscribed", self.url),
                    "eventTypes": ["visit.updated"],
                });
                self.write("/webhooks", &hook);
            }
            Kind::Writes if self.is_first() => {
                self.write("/visits", &json!({ "locationId": told["locationId"] }));
            }
            _ => {}
        }
        self.believe(id, told.clone());
        200
    }

    fn read_back(&self, id: &str) -> u16 {
        let (status, visit) = self.call("GET", &format!("/visits/{id}"), "");
        if status != 200 {
            return 503;
        }
        self.believe(id, visit);
        200
    }

    fn write(&self, path: &str, body: &Json) {
        let (status, answer) = self.call("POST", path, &body.to_string());
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        self.note("answer".to_owned());
    }

    fn believe(&self, id: &str, visit: Json) {
        self.visits.lock().expect("no poison").insert(id.to_owned(), visit);
    }

    fn note(&self, event: String) {
        self.events.lock().expect("no poison").push(event);
    }

    fn is_first(&self) -> bool {
        let mut acted = self.acted.lock().expect("no poison");
        !std::mem::replace(&mut *acted, true)
    }

    fn call(&self, method: &str, path: &str, body: &str) -> (u16, Json) {
        let url = std::fs::read_to_string(&self.apis).unwrap_or_default();
        let Some(host) = url.trim().strip_prefix("http://") else { return (0, Json::Null) };
        let mut stream = TcpStream::connect(host).expect("the APIs are up");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        let length = body.len();
        let request = format!(
            "{method} /waitwhile/v2{path} HTTP/1.1\r\nhost: {host}\r\napikey: {KEY}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("a request can be sent");
        let (head, body) = message(&stream).expect("the API answers");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), serde_json::from_str(&body).unwrap_or(Json::Null))
    }
}

/// The first line and the body of a message. `None` if nothing came.
fn message(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first.trim_end().to_owned(), String::from_utf8(body).expect("UTF-8")))
}
