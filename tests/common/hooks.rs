//! A receiver of webhooks that counts what arrives, and can do something before it answers.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A receiver. Its threads live as long as the test's process.
pub struct Hooks {
    /// Where it listens: `http://127.0.0.1:8080`.
    pub url: String,
    seen: Arc<Seen>,
}

/// What has arrived.
#[derive(Default)]
struct Seen {
    bodies: Mutex<HashMap<Vec<u8>, usize>>,
    paths: Mutex<BTreeSet<String>>,
}

impl Hooks {
    /// Starts a receiver that calls this function before it answers.
    pub fn start(before: impl Fn() + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::<Seen>::default();
        let (counts, before) = (Arc::clone(&seen), Arc::new(before));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counts, before) = (Arc::clone(&counts), Arc::clone(&before));
                // The sender may be killed at any moment. A request that is incomplete did not
                // arrive.
                std::thread::spawn(move || visit(&stream, &counts, &*before));
            }
        });
        Self { url, seen }
    }

    /// How often each body has arrived.
    pub fn seen(&self) -> HashMap<Vec<u8>, usize> {
        self.seen.bodies.lock().expect("no visit panics").clone()
    }

    /// The paths that requests have arrived at.
    pub fn paths(&self) -> BTreeSet<String> {
        self.seen.paths.lock().expect("no visit panics").clone()
    }

    /// Forgets at which paths requests have arrived.
    pub fn forget_paths(&self) {
        self.seen.paths.lock().expect("no visit panics").clear();
    }

    /// How many requests have arrived.
    pub fn count(&self) -> usize {
        self.seen.bodies.lock().expect("no visit panics").values().sum()
    }
}

fn visit(stream: &TcpStream, seen: &Seen, before: &dyn Fn()) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some((_, path)) =
                line.strip_suffix(" HTTP/1.1\r\n").and_then(|it| it.split_once(' '))
            {
                seen.paths.lock().expect("no visit panics").insert(path.to_owned());
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        *seen.bodies.lock().expect("no visit panics").entry(body).or_default() += 1;
        before();
        // The answer also has a token, for a vendor that requests one.
        let answer = r#"{"access_token":"token","token_type":"Bearer","expires_in":3600}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
        (&mut &*stream).write_all(answer.as_bytes()).ok()?;
    }
}

/// Some tests do not use all of it.
const _: () = {
    let _ = (Hooks::seen, Hooks::count, Hooks::paths, Hooks::forget_paths);
};
