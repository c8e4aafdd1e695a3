//! A server that does one thing with every request, and remembers what it got.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What it does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// It answers 200.
    Accepts,
    /// It answers 200 after some 3 ms.
    Slow,
    /// It answers with this status, and the same body the second time with 200.
    RefusesFirst(u16),
    /// It answers its third request with this status, the others with 200.
    RefusesThird(u16),
    /// It closes the connection.
    Closes,
    /// It sends something that is not HTTP.
    Garbage,
    /// It never answers.
    Silent,
    /// It answers in chunks, after an interim answer.
    Chunked,
    /// It issues [`TOKEN`], and answers anything else with the head of the request.
    RepeatsHead,
}

/// The token of a server that repeats heads.
pub const TOKEN: &str = "Token-that-nobody-may-see-7Qx2";

/// A request that it got.
#[derive(Debug)]
pub struct Request {
    /// Its body.
    pub body: String,
    /// When it was read, in steps of the server.
    pub began: u64,
    /// When it was answered.
    pub ended: u64,
}

/// A running server.
pub struct Server {
    /// Its URL.
    pub url: String,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    behaviour: Behaviour,
    requests: Mutex<Vec<Request>>,
    seen: Mutex<BTreeSet<String>>,
    steps: AtomicU64,
    stop: AtomicBool,
}

impl Server {
    /// Starts it on a free port.
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared {
            behaviour,
            requests: Mutex::default(),
            seen: Mutex::default(),
            steps: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.stop.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&of_thread);
                let Ok(stream) = stream else { continue };
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Self { url, shared, thread }
    }

    /// Waits until it has got so many requests.
    pub fn until_asked(&self, times: u64) {
        while self.shared.steps.load(Ordering::Acquire) < times {
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Stops it, and gives back what it got.
    pub fn stop(self) -> Vec<Request> {
        self.shared.stop.store(true, Ordering::Release);
        let address = self.url.trim_start_matches("http://");
        drop(TcpStream::connect(address).expect("it listens"));
        self.thread.join().expect("no panic");
        std::mem::take(&mut self.shared.requests.lock().expect("no panic"))
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        while let Some((head, body)) = read(&mut stream, &mut bytes) {
            let began = self.steps.fetch_add(1, Ordering::AcqRel);
            if !self.answer(&mut stream, (&head, body), began) {
                return;
            }
        }
    }

    /// Answers. False if the connection is closed.
    fn answer(&self, stream: &mut TcpStream, (head, body): (&str, String), began: u64) -> bool {
        const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        let first = self.seen.lock().expect("no panic").insert(body.clone());
        let answer = match self.behaviour {
            Behaviour::Closes => return false,
            Behaviour::Silent => {
                // Until the other side gives up.
                let _ = stream.read(&mut [0]);
                return false;
            }
            Behaviour::Garbage => "NOT HTTP AT ALL\r\n\r\n".to_owned(),
            Behaviour::Chunked => {
                "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\
                 transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                    .to_owned()
            }
            Behaviour::RepeatsHead => {
                let said = match head.contains("/oauth/token") {
                    true => format!(r#"{{"access_token":"{TOKEN}","expires_in":60}}"#),
                    false => head.to_owned(),
                };
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{said}", said.len())
            }
            Behaviour::RefusesThird(status)
                if self.requests.lock().expect("no panic").len() == 2 =>
            {
                format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n")
            }
            Behaviour::RefusesFirst(status) if first => {
                format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n")
            }
            Behaviour::Slow => {
                std::thread::park_timeout(Duration::from_millis(3));
                OK.to_owned()
            }
            Behaviour::Accepts | Behaviour::RefusesFirst(_) | Behaviour::RefusesThird(_) => {
                OK.to_owned()
            }
        };
        let ended = self.steps.fetch_add(1, Ordering::AcqRel);
        self.requests.lock().expect("no panic").push(Request { body, began, ended });
        stream.write_all(answer.as_bytes()).is_ok()
    }
}

/// Reads a request, and gives back its head and its body. None at the end of the connection.
fn read(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<(String, String)> {
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let said = String::from_utf8_lossy(&bytes[..head]).into_owned();
            let text = said.to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length?.trim().parse().ok()?;
            let end = head + 4 + length;
            if bytes.len() >= end {
                let body = String::from_utf8_lossy(&bytes[head + 4..end]).into_owned();
                bytes.drain(..end);
                return Some((said, body));
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
