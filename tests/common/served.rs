//! `standin serve` as a process of its own, and a small client for it.
//!
//! The client is made of the standard library alone, so that what it sends and reads is nobody's
//! but the test's. It opens a connection for each request.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use standin::clock::Stopwatch;

use serde_json::Value as Json;
use tempfile::TempDir;

/// How long a server may take to be ready, on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a client waits for bytes.
const BYTES_WITHIN: Duration = Duration::from_secs(60);

/// A server that runs, with a journal in a folder of its own. It is killed when it is dropped.
pub struct Served {
    /// Where it is: `http://127.0.0.1:4010`.
    pub url: String,
    arguments: Vec<String>,
    folder: TempDir,
    child: Child,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// Its data.
    pub data: Json,
}

/// A stream of events. It ends with the stream.
pub struct Events(BufReader<TcpStream>);

impl Served {
    /// Starts a server on a free port with these arguments after `serve`.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        let (child, url) = launch(&folder, &arguments);
        Self { url, arguments, folder, child }
    }

    /// Its journal.
    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal.db")
    }

    /// What it has written to stderr, since it was first started.
    pub fn stderr(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default()
    }

    /// The id of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its host and port.
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").expect("an HTTP server")
    }

    /// Kills it, as `kill -9` does.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait().expect("its status");
    }

    /// Starts it again with the same arguments and journal. It must have ended.
    pub fn restart(&mut self) {
        (self.child, self.url) = launch(&self.folder, &self.arguments);
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let pid = self.pid().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("`kill` runs");
        assert!(asked.success(), "it runs");
        self.child.wait().expect("its status")
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None)
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.call("POST", path, Some(body))
    }

    /// Carries out a method, with JSON if there is some.
    pub fn call(&self, method: &str, path: &str, body: Option<Json>) -> Answer {
        let body = body.map(|body| body.to_string());
        let kind: &[(&str, &str)] =
            if body.is_some() { &[("content-type", "application/json")] } else { &[] };
        let body = body.unwrap_or_default();
        request(self.authority(), method, path, kind, body.as_bytes())
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Opens a stream of events, behind this one if it is given.
    pub fn events(&self, path: &str, last: Option<i64>) -> Events {
        let last = last.map(|id| id.to_string());
        let headers: Vec<_> = last.iter().map(|id| ("last-event-id", id.as_str())).collect();
        let sent = send(self.authority(), ("GET", path, "1.0"), &headers, b"");
        let mut stream = BufReader::new(sent.expect("it is sent"));
        let head = head(&mut stream).expect("a head");
        assert_eq!(head.status, 200, "{head:?}");
        Events(stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Answer {
    /// Its body as JSON.
    pub fn json(&self) -> Json {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The same answer, if it has this status.
    pub fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        self
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|one| one.0 == name).map(|one| one.1.as_str())
    }
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let mut event = Event { id: 0, kind: String::new(), data: Json::Null };
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("the stream goes on, or ends") == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("id", id)) => event.id = id.parse().expect("a number"),
                Some(("event", kind)) => event.kind = kind.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).expect("JSON"),
                None if !event.kind.is_empty() => return Some(event),
                // A comment, and the empty line behind it.
                _ => {}
            }
        }
    }
}

/// Sends a request, and reads the answer to its end.
///
/// # Errors
/// If the server does not take it, or closes the connection early.
pub fn request(
    authority: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut stream = BufReader::new(send(authority, (method, path, "1.1"), headers, body)?);
    let mut answer = head(&mut stream)?;
    match answer.header("content-length").and_then(|length| length.parse().ok()) {
        Some(length) => {
            answer.body.resize(length, 0);
            stream.read_exact(&mut answer.body)?;
        }
        None if answer.header("transfer-encoding") == Some("chunked") => {
            answer.body = chunks(&mut stream)?;
        }
        None => {
            stream.read_to_end(&mut answer.body)?;
        }
    }
    Ok(answer)
}

/// A body in chunks.
fn chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim_end(), 16).map_err(io::Error::other)?;
        let begin = body.len();
        // Behind each chunk is the end of a line.
        body.resize(begin + length + 2, 0);
        stream.read_exact(&mut body[begin..])?;
        body.truncate(begin + length);
        if length == 0 {
            return Ok(body);
        }
    }
}

fn send(
    authority: &str,
    (method, path, version): (&str, &str, &str),
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(BYTES_WITHIN))?;
    stream.set_nodelay(true)?;
    let mut head = format!("{method} {path} HTTP/{version}\r\nhost: {authority}\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("connection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat())?;
    Ok(stream)
}

fn head(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let wrong = |line: &str| io::Error::new(io::ErrorKind::InvalidData, line.to_owned());
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| wrong(&line))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Answer { status, headers, body: Vec::new() })
}

fn launch(folder: &TempDir, arguments: &[String]) -> (Child, String) {
    let ready = folder.path().join("url");
    // It is from the last start, or not there.
    let _ = std::fs::remove_file(&ready);
    let said = folder.path().join("stderr");
    let stderr = File::options().create(true).append(true).open(&said).expect("a writable file");
    let mut child = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["serve", "--port", "0", "--ready-file"])
        .arg(&ready)
        .arg("--journal")
        .arg(folder.path().join("journal.db"))
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("STANDIN_ADMIN_TOKEN")
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .expect("it starts");
    let started = Stopwatch::start();
    loop {
        let url = std::fs::read_to_string(&ready).unwrap_or_default();
        if let Some(url) = url.strip_suffix('\n') {
            return (child, url.to_owned());
        }
        let said = || std::fs::read_to_string(&said).unwrap_or_default();
        let ended = child.try_wait().expect("its status");
        assert!(ended.is_none(), "it ended early: {ended:?}: {}", said());
        assert!(started.elapsed() < READY_WITHIN, "it is not ready: {}", said());
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Not every test uses all of it.
const _: () = {
    let _ = (Served::start, Served::journal, Served::stderr, Served::pid, Served::authority);
    let _ = (Served::kill, Served::restart, Served::stop, Served::get, Served::post);
    let _ = (Served::call, Served::events, Answer::json, Answer::expect, Answer::header);
    let _ = |answer: Answer| (answer.status, answer.headers, answer.body);
    let _ = |event: Event| (event.id, event.kind, event.data);
    let _ = request;
};
