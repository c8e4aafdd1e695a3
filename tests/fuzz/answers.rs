//! A receiver that answers with any bytes, and what is said about its answer.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use serde_json_path::JsonPath;
use standin::delivery::{Allowed, Secrets, Sender};
use standin::model::signature::Moment;
use standin::model::{Accepted, Authentication, Ordering, Policy, RequestKind, Retries, Secret};
use standin::policy::wire::SendMode;
use standin::policy::{Header, HeaderValue, Request};
use standin::probe::{AbsenceRule, Probe};
use standin::report::printable;
use tokio::runtime::Runtime;

/// A secret that answers may repeat.
const SECRET: &str = "s3cr3t/T+k3y=for";

const BODY: &str = "{}";

/// A receiver, and what sends it a request.
pub struct Exchanges {
    answers: mpsc::Sender<Vec<u8>>,
    url: String,
    runtime: Runtime,
    sender: Sender,
    policy: Policy,
}

impl Exchanges {
    /// A receiver that listens, and closes each connection behind its answer.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let (answers, said) = mpsc::channel::<Vec<u8>>();
        std::thread::spawn(move || {
            for answer in said {
                let (mut stream, _) = listener.accept().expect("a connection");
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n{}") && stream.read(&mut byte).is_ok_and(|n| n > 0)
                {
                    head.push(byte[0]);
                }
                // Its reader may have had enough.
                let _ = stream.write_all(&answer);
            }
        });
        let within = Duration::from_secs(5);
        let sender = Sender::new(within, Allowed::default()).expect("a client");
        let policy = Policy {
            authentication: Authentication::None,
            accepted: Accepted::Any2xx,
            connect_within: within,
            answer_within: within,
            retries: Retries::default(),
            ordering: Ordering::None,
            disable_after: None,
            dead_letters: false,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            answers,
            url,
            runtime: runtime.expect("a runtime"),
            sender: sender.keeping(Secrets::new([Secret::new(SECRET)])),
            policy,
        }
    }

    /// Lets the receiver answer a request of this kind with this, and judges what is said about it.
    pub fn judge(&self, kind: RequestKind, answer: &str) -> Result<(), String> {
        self.answers.send(answer.as_bytes().to_vec()).expect("the receiver listens");
        let request = self.request();
        let sent = self.sender.send(kind, &request, SendMode::Whole, &self.policy);
        let result = self.runtime.block_on(sent);
        let body = result.answer.map(|answer| answer.body).unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        let outcome = result.outcome.to_string();
        if outcome.starts_with("timed out") {
            return Err("it closed, and that was not seen".to_owned());
        }
        for said in [&outcome, &body, &believed(&body)] {
            // A tab steers nothing.
            let shown = printable(said).replace('\t', " ");
            if said.contains(SECRET) || !super::can_be_shown(&shown) {
                return Err(format!("not to be shown: {said:?}"));
            }
        }
        Ok(())
    }

    fn request(&self) -> Request {
        let json = HeaderValue::Plain("application/json".to_owned());
        Request {
            address: self.url.clone().into(),
            signed_url: None,
            headers: vec![Header { name: "content-type".to_owned(), value: json }],
            body: BODY.as_bytes().into(),
            shown_body: None,
            secrets: Vec::new(),
            moment: Moment::default(),
            form: None,
        }
    }
}

/// What a probe reads in an answer, as text.
fn believed(body: &str) -> String {
    let status = JsonPath::parse("$.status").expect("a JSONPath");
    let probe = Probe {
        url: "http://127.0.0.1:1/{id}".to_owned(),
        headers: BTreeMap::new(),
        fields: [("status".to_owned(), status)].into(),
        effects: None,
        gone: None,
        absent: AbsenceRule::default(),
        comparisons: BTreeMap::new(),
    };
    let read = serde_json::from_str(body).map(|json| probe.understand(&json).to_string());
    read.unwrap_or_default()
}
