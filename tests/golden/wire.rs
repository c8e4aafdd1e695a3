//! A receiver that records what arrives, and either forwards it or answers by itself.
//!
//! One request a connection, as `delivery` sends them. Requests of probes are answered and not
//! recorded, since their number depends on real time.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// How long a connection may be silent.
const SILENCE: Duration = Duration::from_secs(20);

/// A receiver in a thread of its own. It ends with the process.
pub struct Wire {
    /// Its base URL.
    pub url: String,
    written: Arc<Mutex<Vec<String>>>,
}

/// Where answers come from.
#[derive(Clone)]
pub enum Answers {
    /// The receiver at this address.
    Of(String),
    /// The answer follows from the bytes of the request and how often they came.
    Moody,
}

impl Wire {
    /// Listens on a free port.
    pub fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let written = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::new(Mutex::new(HashMap::new()));
        let shared = Arc::clone(&written);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, written, seen) =
                    (answers.clone(), Arc::clone(&shared), Arc::clone(&seen));
                thread::spawn(move || converse(stream, &answers, &written, &seen));
            }
        });
        Self { url, written }
    }

    /// What arrived since the last call, in order of arrival.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.written.lock().expect("no thread panicked"))
    }
}

/// A request that arrived whole.
struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// `None` if the connection ended early.
    fn read(stream: &mut TcpStream) -> Option<Self> {
        let (mut bytes, mut buffer) = (Vec::new(), [0; 16 * 1024]);
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length: usize =
            header(&head, "content-length").map_or(0, |text| text.parse().expect("a length"));
        let is_chunked = header(&head, "transfer-encoding").is_some();
        let mut body = bytes.split_off(end);
        while is_chunked && !body.ends_with(b"0\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => body.extend_from_slice(&buffer[..count]),
            }
        }
        while body.len() < length {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => body.extend_from_slice(&buffer[..count]),
            }
        }
        Some(Self { head, body })
    }

    fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default().trim_end()
    }

    /// The recorded form: without the port, and without the receiver's random tokens.
    fn written(&self) -> String {
        let mut headers: Vec<&str> = self
            .head
            .lines()
            .skip(1)
            .map(|line| {
                let chance = line.to_lowercase().starts_with("authorization: bearer");
                if chance { "authorization: bearer …" } else { line }
            })
            .filter(|line| !line.is_empty() && !line.to_lowercase().starts_with("host:"))
            .collect();
        headers.sort_unstable();
        let body = match self.line().contains("/oauth/revoke") {
            true => "…".into(),
            false => String::from_utf8_lossy(&self.body),
        };
        format!("{}\n{}\n\n{body}", self.line(), headers.join("\n"))
    }
}

/// The value of a header.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

type Seen = Mutex<HashMap<Vec<u8>, u8>>;

fn converse(mut stream: TcpStream, answers: &Answers, written: &Mutex<Vec<String>>, seen: &Seen) {
    let _ = stream.set_read_timeout(Some(SILENCE));
    let Some(request) = Request::read(&mut stream) else { return };
    if !request.line().starts_with("GET ") {
        written.lock().expect("no thread panicked").push(request.written());
    }
    let answer = match answers {
        Answers::Of(receiver) => passed_on(&request, receiver),
        Answers::Moody => moody(&request, seen),
    };
    let _ = stream.write_all(&answer);
    let _ = stream.shutdown(Shutdown::Write);
}

/// The answer of the receiver behind it.
fn passed_on(request: &Request, receiver: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(receiver).expect("the receiver listens");
    let head = request.head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(head.as_bytes()).expect("it reads");
    stream.write_all(&request.body).expect("it reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// Accepts some requests, refuses some, and fails in several ways for others. It stores nothing.
fn moody(request: &Request, seen: &Seen) -> Vec<u8> {
    if request.line().starts_with("GET ") {
        return answer("404 Not Found", "", "");
    }
    if request.line().contains("/oauth/token") {
        let token = r#"{"access_token":"moody-token-0001","token_type":"Bearer","expires_in":600}"#;
        return answer("200 OK", "content-type: application/json\r\n", token);
    }
    // All scenarios revoke the same token, side by side.
    if request.line().contains("/oauth/") {
        return answer("200 OK", "", "");
    }
    let times = {
        let mut seen = seen.lock().expect("no thread panicked");
        let times = seen.entry(request.body.clone()).or_insert(0);
        *times += 1;
        *times
    };
    let digest = Sha256::new().chain_update(&request.body).chain_update([times]).finalize();
    match digest[0] % 16 {
        0..=8 => answer("200 OK", "", ""),
        9 => answer("201 Created", "", ""),
        10 => answer("401 Unauthorized", "", ""),
        11 => answer("409 Conflict", "", ""),
        12 => answer("302 Found", "location: /elsewhere\r\n", ""),
        13 => answer("503 Service Unavailable", "retry-after: 7\r\n", ""),
        _ => answer("500 Internal Server Error", "", ""),
    }
}

fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
