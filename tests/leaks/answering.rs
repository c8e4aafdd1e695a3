//! A receiver that answers whatever a test says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Token,
    Probe,
    Webhook,
}

/// A receiver with these answers, as whole answers of HTTP, until the test's process ends. Returns its URL.
pub fn answering(answer: impl Fn(Asked) -> Vec<u8> + Send + Sync + 'static) -> String {
    answering_to(move |asked, _| answer(asked))
}

/// The same, with answers that may depend on the first line of the request.
pub fn answering_to(answer: impl Fn(Asked, &str) -> Vec<u8> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            // A client that leaves early is no concern of the receiver's.
            std::thread::spawn(move || visit(&stream, &*answer));
        }
    });
    url
}

/// An answer with this status line, these headers and this body.
pub fn whole(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn visit(stream: &TcpStream, answer: &dyn Fn(Asked, &str) -> Vec<u8>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut asked, mut length, mut first) = (Asked::Webhook, 0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if first.is_empty() {
            first.clone_from(&line);
        }
        if line.starts_with("GET ") {
            asked = Asked::Probe;
        } else if line.starts_with("POST /oauth/") {
            asked = Asked::Token;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink()).ok()?;
    (&mut &*stream).write_all(&answer(asked, &first)).ok()
}
