//! Answers of receivers to a webhook, and the outcome that each must have. One line per answer.

use std::io::Write as _;

use super::behaviours::{Behaviour, CLOSED_EARLY, MALFORMED, OK, REFUSED, say, then};
use super::receiver::Step;

const ACCEPTED: &[&str] = &["accepted"];
const REDIRECTED: &[&str] = &["redirected"];
const UNEXPECTED: &[&str] = &["unexpected-status"];
const SERVER_ERROR: &[&str] = &["server-error"];

/// Every wrong answer, and those that only look wrong.
pub fn all() -> Vec<Behaviour> {
    [nonsense(), lengths(), chunks(), statuses()].into_iter().flatten().collect()
}

/// Answers with these bytes and closes.
fn answers(name: &str, answer: impl AsRef<[u8]>, outcomes: &'static [&'static str]) -> Behaviour {
    then(name, [say(answer), Step::Close], outcomes)
}

/// Answers that are not HTTP, or almost.
fn nonsense() -> Vec<Behaviour> {
    let every_byte: Vec<u8> = (0..=255).rev().collect();
    vec![
        answers("answers in binary", every_byte, MALFORMED),
        answers("answers zeros", [0; 64], MALFORMED),
        answers("answers HTML alone, as HTTP/0.9 did", "<html>hello</html>\r\n", MALFORMED),
        answers("answers JSON alone", "{\"status\": \"ok\"}\r\n\r\n", MALFORMED),
        answers("speaks SSH", "SSH-2.0-OpenSSH_9.9\r\n", MALFORMED),
        answers("speaks SMTP", "220 mail.example.test ESMTP\r\n", MALFORMED),
        answers("speaks TLS", b"\x15\x03\x01\x00\x02\x02\x46", MALFORMED),
        answers("speaks HTTP/2", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00", MALFORMED),
        answers("claims HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", MALFORMED),
        answers("claims HTTP/3.7", "HTTP/3.7 200 OK\r\n\r\n", MALFORMED),
        answers("sends the request back", "POST /webhooks HTTP/1.1\r\n\r\n", MALFORMED),
        answers("leaves the status out", "HTTP/1.1 OK\r\n\r\n", MALFORMED),
        answers("has a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", MALFORMED),
        answers("has a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", MALFORMED),
        answers("has a negative status", "HTTP/1.1 -20 OK\r\n\r\n", MALFORMED),
        answers("has a header without a colon", format!("{OK}content-length\r\n\r\n"), MALFORMED),
        answers("has a header without a name", format!("{OK}: value\r\n\r\n"), MALFORMED),
        answers("has a zero byte in a header", format!("{OK}x-name: a\0b\r\n\r\n"), MALFORMED),
        answers("folds a header", format!("{OK}x-name: a\r\n b\r\n\r\n"), MALFORMED),
        // Old servers send these, every client accepts them, and they are unambiguous.
        answers("ends its lines without a return", "HTTP/1.1 200 OK\n\nok", ACCEPTED),
        answers("has no reason", "HTTP/1.1 200\r\n\r\n", ACCEPTED),
        answers("has a reason in Latin-1", b"HTTP/1.1 200 Gr\xfc\xdfe\r\n\r\n", ACCEPTED),
        answers(
            "has a header in Latin-1",
            b"HTTP/1.1 200 OK\r\nx-name: Gr\xfc\xdfe\r\n\r\n",
            ACCEPTED,
        ),
        answers(
            "answers in UTF-16",
            b"\xff\xfeH\0T\0T\0P\0/\x001\0.\x001\0 \x002\x000\x000\0",
            MALFORMED,
        ),
        answers("has a body in UTF-16", b"HTTP/1.1 200 OK\r\n\r\n\xff\xfeo\0k\0", ACCEPTED),
        // Bodies are not unpacked.
        answers(
            "has a body that is no gzip",
            format!("{OK}content-encoding: gzip\r\n\r\nnot packed"),
            ACCEPTED,
        ),
        answers("has a body that unpacks to 64 MiB", bomb(), ACCEPTED),
        answers("has an empty line in front", format!("\r\n{OK}\r\n"), ACCEPTED),
        answers("speaks HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nok", ACCEPTED),
    ]
}

/// A small answer with a body that is very large when it is unpacked.
fn bomb() -> Vec<u8> {
    let mut answer = format!("{OK}content-encoding: gzip\r\n\r\n").into_bytes();
    let mut packer = flate2::write::GzEncoder::new(&mut answer, flate2::Compression::best());
    (0..64).for_each(|_| packer.write_all(&[b'x'; 1 << 20]).expect("memory takes it"));
    packer.finish().expect("memory takes it");
    assert!(answer.len() < 100_000, "{}", answer.len());
    answer
}

/// Lengths that differ from the body's.
fn lengths() -> Vec<Behaviour> {
    let length = |name: &str, headers: &str, outcomes| {
        answers(name, format!("{OK}{headers}\r\n\r\nhello"), outcomes)
    };
    vec![
        length("announces more than it sends", "content-length: 6", CLOSED_EARLY),
        length("announces 9 exabytes", "content-length: 9223372036854775807", CLOSED_EARLY),
        length("announces less than it sends", "content-length: 4", ACCEPTED),
        length("announces nothing and closes", "x-name: value", ACCEPTED),
        length(
            "announces the same length twice",
            "content-length: 5\r\ncontent-length: 5",
            ACCEPTED,
        ),
        length("announces two lengths", "content-length: 5\r\ncontent-length: 4", MALFORMED),
        length("announces two lengths in one header", "content-length: 5, 4", MALFORMED),
        length("announces a negative length", "content-length: -5", MALFORMED),
        length("announces a length with a sign", "content-length: +5", MALFORMED),
        length("announces a length in hex", "content-length: 0x5", MALFORMED),
        length("announces no number", "content-length: five", MALFORMED),
        length("announces an empty length", "content-length:", MALFORMED),
        length("announces 2^64 bytes", "content-length: 18446744073709551616", MALFORMED),
        length("announces 2^64 - 1 bytes", "content-length: 18446744073709551615", MALFORMED),
        // A client must not refuse this (RFC 9112, 6.3): without `chunked`, the body ends with the
        // connection.
        length("has an unknown transfer coding", "transfer-encoding: tea", ACCEPTED),
    ]
}

/// Invalid chunks.
fn chunks() -> Vec<Behaviour> {
    let chunks = |name: &str, body: &str, outcomes| {
        answers(name, format!("{OK}transfer-encoding: chunked\r\n\r\n{body}"), outcomes)
    };
    vec![
        chunks("sends a proper chunk", "5\r\nhello\r\n0\r\n\r\n", ACCEPTED),
        chunks("has a chunk size that is no number", "five\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has a negative chunk size", "-5\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has no chunk size", "\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has a chunk size of 2^68", "100000000000000000\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has a chunk shorter than its size", "6\r\nhello\r\n0\r\n\r\n", MALFORMED),
        chunks("has a trailer without a colon", "0\r\nnonsense\r\n\r\n", MALFORMED),
        chunks("goes on behind the last chunk", "0\r\n\r\nHTTP/1.1 500 No\r\n\r\n", ACCEPTED),
    ]
}

/// Answers a status that makes no sense here, or one that must not have a body, with a body.
fn statuses() -> Vec<Behaviour> {
    let status = |status: &str, outcomes| {
        answers(
            &format!("answers {status}"),
            format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"),
            outcomes,
        )
    };
    let itself = "HTTP/1.1 302 Found\r\nlocation: /hostile/receiver\r\ncontent-length: 0\r\n\r\n";
    let elsewhere = "HTTP/1.1 307 Go\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n";
    let body = "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello";
    let continued = format!("{}{OK}\r\n", "HTTP/1.1 100 Continue\r\n\r\n".repeat(50));
    vec![
        status("000 Zero", MALFORMED),
        status("099 Too low", MALFORMED),
        status("101 Switching Protocols", UNEXPECTED),
        status("304 Not Modified", REDIRECTED),
        status("418 Teapot", REFUSED),
        status("599 No", SERVER_ERROR),
        status("600 Beyond", UNEXPECTED),
        status("999 Beyond", UNEXPECTED),
        answers("redirects to itself", itself, REDIRECTED),
        answers("redirects to another host", elsewhere, REDIRECTED),
        answers("answers 204 with a body", body, ACCEPTED),
        answers("answers 100 fifty times, then 200", continued, ACCEPTED),
        answers(
            "answers 200, then 500",
            format!("{OK}content-length: 0\r\n\r\nHTTP/1.1 500 No\r\n\r\n"),
            ACCEPTED,
        ),
    ]
}
