//! Requests a second over HTTP, compared with a plain actix-web handler that answers a static body.
//!
//! `cargo bench --bench serve`. It starts `standin serve` as a process, and the plain handler in
//! this one. The same clients call them in turn, so that a busy machine slows all of them alike. It
//! prints each rate, and its ratio to that of the plain handler: for a read of an account, for an
//! action that is in the journal before it is answered, and for the webhooks of such actions until
//! the last of them has arrived at a receiver.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use standin::clock::Stopwatch;

use actix_web::{App, HttpResponse, HttpServer, web};

const CLIENTS: u64 = 8;
const ACCOUNT: &str = "/api/v1/accounts/ombori";
const PLAIN: &str = r#"{"status":"ok","version":"0.1.0","and":"as long as an account is, about"}"#;

/// How long each kind of request is measured.
fn length() -> Duration {
    let tried = std::env::args().any(|argument| argument == "--test");
    if tried { Duration::from_millis(200) } else { Duration::from_secs(5) }
}

fn main() {
    let (receiver, arrived) = receiver();
    let folder = tempfile::tempdir().expect("a folder");
    let ready = folder.path().join("url");
    let mut server = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["serve", "--listen", "127.0.0.1:0", "--target", &receiver, "--ready-file"])
        .arg(&ready)
        .arg("--journal")
        .arg(folder.path().join("journal.db"))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let standin = loop {
        let url = std::fs::read_to_string(&ready).unwrap_or_default();
        if let Some(authority) = url.strip_prefix("http://").and_then(|url| url.strip_suffix('\n'))
        {
            break authority.to_owned();
        }
        std::thread::park_timeout(Duration::from_millis(5));
    };
    let plain = plain();
    let base = rate(&plain, |_| ("GET", "/".to_owned(), String::new()));
    println!("a plain actix-web handler   {base:>9.0} requests a second");
    let say = |what: &str, rate: f64| {
        println!("{what:<27} {rate:>9.0} a second, {:.2} of the plain handler", rate / base);
    };
    say("a read of an account", rate(&standin, |_| ("GET", ACCOUNT.to_owned(), String::new())));
    arrived.store(0, Ordering::SeqCst);
    let begun = Stopwatch::start();
    let actions = rate(&standin, |number| {
        let body = format!(r#"{{"phrase":"Guest{number} takes a walk-in ticket"}}"#);
        ("POST", format!("{ACCOUNT}/actions"), body)
    });
    say("an action", actions);
    let settle = ("POST", format!("{ACCOUNT}/clock/settle"), String::new());
    call(&mut connect(&standin), &standin, &settle);
    let webhooks = arrived.load(Ordering::SeqCst) as f64 / begun.elapsed().as_secs_f64();
    say("webhooks, with the journal", webhooks);
    server.kill().expect("it runs");
    server.wait().expect("its status");
}

type Request = (&'static str, String, String);

/// The number of requests a second that several clients make.
fn rate(authority: &str, request: impl Fn(u64) -> Request + Sync) -> f64 {
    let (number, begun) = (AtomicU64::new(0), Stopwatch::start());
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut stream = connect(authority);
                while begun.elapsed() < length() {
                    let number = number.fetch_add(1, Ordering::SeqCst);
                    call(&mut stream, authority, &request(number));
                }
            });
        }
    });
    number.load(Ordering::SeqCst) as f64 / begun.elapsed().as_secs_f64()
}

fn connect(authority: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(authority).expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    BufReader::new(stream)
}

fn call(stream: &mut BufReader<TcpStream>, authority: &str, (method, path, body): &Request) {
    let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {authority}\r\n{kind}content-length: {length}\r\n\r\n{body}"
    );
    stream.get_mut().write_all(request.as_bytes()).expect("it is sent");
    let (line, _) = read(stream).expect("an answer");
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
}

/// The first line and the body of a message.
fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    stream.read_line(&mut first).ok().filter(|count| *count > 0)?;
    while line.trim() != "" || line.is_empty() {
        line.clear();
        stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((first, body))
}

/// A receiver that counts webhooks and accepts all of them.
fn receiver() -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let arrived = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let count = Arc::clone(&count);
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                while read(&mut stream).is_some() {
                    count.fetch_add(1, Ordering::SeqCst);
                    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
                    if stream.get_mut().write_all(answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, arrived)
}

/// The plain handler, with as many workers as the server has.
fn plain() -> String {
    let (sender, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let answer =
                || async { HttpResponse::Ok().content_type("application/json").body(PLAIN) };
            let server = HttpServer::new(move || App::new().default_service(web::to(answer)))
                .workers(2)
                .bind("127.0.0.1:0")
                .expect("a free port");
            sender.send(server.addrs()[0].to_string()).expect("somebody waits");
            server.run().await.expect("it serves");
        });
    });
    address.recv().expect("an address")
}
