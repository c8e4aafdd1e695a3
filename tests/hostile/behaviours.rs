//! Behaviours of receivers towards a webhook, and the outcome that each must have. One line each.
//!
//! Those that read the request and give a wrong answer are in `answers`.

use super::answers;
use super::receiver::{Script, Step};

/// A behaviour of a receiver, and the outcome that it must have.
pub struct Behaviour {
    /// What it does, as a sentence about it: "it …".
    pub name: String,
    /// How it does it.
    pub script: Script,
    /// The name of the outcome. More than one if it depends on the network.
    pub outcomes: &'static [&'static str],
    /// How large a body it is sent, in bytes.
    pub body: usize,
}

/// The size of a body that any socket takes in one go.
const SMALL: usize = 200;
/// The size of a body that no socket takes in one go.
pub const LARGE: usize = 4 << 20;

pub const REFUSED: &[&str] = &["refused"];
const TIMED_OUT: &[&str] = &["timed-out"];
pub const CLOSED_EARLY: &[&str] = &["closed-early"];
pub const MALFORMED: &[&str] = &["malformed-answer"];
const TOO_LARGE: &[&str] = &["answer-too-large"];

/// The beginning of a good answer.
pub const OK: &str = "HTTP/1.1 200 OK\r\n";

/// Everything that receivers do.
pub fn all() -> Vec<Behaviour> {
    [endings(), laziness(), floods(), interruptions(), answers::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Does this after it has read the request.
pub fn then(
    name: &str,
    steps: impl IntoIterator<Item = Step>,
    outcomes: &'static [&'static str],
) -> Behaviour {
    let script = [Step::ReadHead, Step::ReadRest].into_iter().chain(steps).collect();
    Behaviour { name: name.to_owned(), script, outcomes, body: SMALL }
}

/// Writes these bytes.
pub fn say(bytes: impl AsRef<[u8]>) -> Step {
    Step::Say(bytes.as_ref().to_vec())
}

/// Closes, resets or falls silent at every moment of an exchange.
fn endings() -> Vec<Behaviour> {
    let ways = [
        ("closes", Step::Close, CLOSED_EARLY),
        ("resets", Step::Reset, CLOSED_EARLY),
        ("falls silent", Step::Hang, TIMED_OUT),
    ];
    let mut endings = Vec::new();
    for (way, last, outcomes) in ways {
        for (moment, mut script) in moments() {
            script.push(last.clone());
            let name = format!("{way} {moment}");
            endings.push(Behaviour { name, script, outcomes, body: SMALL });
        }
        for (moment, mut script) in reading() {
            script.push(last.clone());
            let name = format!("{way} {moment} of a large request");
            endings.push(Behaviour { name, script, outcomes, body: LARGE });
        }
    }
    endings
}

/// Every moment of reading a request.
fn reading() -> Vec<(&'static str, Script)> {
    vec![
        ("before reading", vec![]),
        ("after the head", vec![Step::ReadHead]),
        ("in the middle of the body", vec![Step::ReadHead, Step::ReadHalf]),
    ]
}

/// Every moment of an exchange.
fn moments() -> Vec<(&'static str, Script)> {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut moments = reading();
    moments.push(("after reading everything", vec![Step::ReadHead, Step::ReadRest]));
    let writing = [
        ("after a letter", "H".to_owned()),
        ("in the status line", "HTTP/1.1 20".to_owned()),
        ("after the status line", OK.to_owned()),
        ("in a header's name", format!("{OK}content-le")),
        ("in a header's value", format!("{OK}content-length: 1")),
        ("before the empty line", format!("{OK}content-length: 10\r\n")),
        ("in the empty line", format!("{OK}content-length: 10\r\n\r")),
        ("after 100 Continue", "HTTP/1.1 100 Continue\r\n\r\n".to_owned()),
        ("before a body with a length", format!("{OK}content-length: 10\r\n\r\n")),
        ("in a body with a length", format!("{OK}content-length: 10\r\n\r\nhello")),
        ("before the first chunk", chunked.to_owned()),
        ("in a chunk's size", format!("{chunked}5")),
        ("after a chunk's size", format!("{chunked}5\r\n")),
        ("in a chunk", format!("{chunked}5\r\nhe")),
        ("after a chunk", format!("{chunked}5\r\nhello\r\n")),
        ("in the last chunk", format!("{chunked}5\r\nhello\r\n0\r\n")),
        ("in a trailer", format!("{chunked}0\r\nx-checksum: 1")),
    ];
    for (moment, answer) in writing {
        moments.push((moment, vec![Step::ReadHead, Step::ReadRest, say(answer)]));
    }
    moments
}

/// Is slow.
fn laziness() -> Vec<Behaviour> {
    let body = [say(format!("{OK}\r\n")), Step::Dribble(b"x")];
    let header = [say(format!("{OK}x-name: ")), Step::Dribble(b"x")];
    let chunk =
        [say(format!("{OK}transfer-encoding: chunked\r\n\r\n")), Step::Dribble(b"1\r\nx\r\n")];
    vec![
        then("never answers", [Step::Hang], TIMED_OUT),
        then("dribbles a status line", [Step::Dribble(b"HTTP/1.1 200 OK OK OK OK")], TIMED_OUT),
        then("dribbles a header", header, TIMED_OUT),
        then("dribbles a body without an end", body, TIMED_OUT),
        then("dribbles chunks", chunk, TIMED_OUT),
        then("dribbles empty lines", [Step::Dribble(b"\r\n")], TIMED_OUT),
        Behaviour {
            name: "sips a large request".to_owned(),
            script: vec![Step::Sip],
            outcomes: TIMED_OUT,
            body: LARGE,
        },
    ]
}

/// An answer that says that another one comes.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Sends too much.
fn floods() -> Vec<Behaviour> {
    let flood = |name: &str, start: String, over: &'static [u8], outcomes| {
        then(name, [say(start), Step::Flood(over)], outcomes)
    };
    let chunked = format!("{OK}transfer-encoding: chunked\r\n\r\n");
    vec![
        flood("sends a body without an end", format!("{OK}\r\n"), b"x", TOO_LARGE),
        flood(
            "sends a gigabyte",
            format!("{OK}content-length: 1073741824\r\n\r\n"),
            b"x",
            TOO_LARGE,
        ),
        flood("sends a gigabyte with a 500", "HTTP/1.1 500 No\r\n\r\n".to_owned(), b"x", TOO_LARGE),
        flood("sends small chunks without end", chunked.clone(), b"8\r\nxxxxxxxx\r\n", TOO_LARGE),
        flood(
            "sends one chunk of 2^63 bytes",
            format!("{chunked}7fffffffffffffff\r\n"),
            b"x",
            TOO_LARGE,
        ),
        // The head has its own limits. An answer beyond them does not count as HTTP.
        flood("sends headers without end", OK.to_owned(), b"x-name: value\r\n", MALFORMED),
        flood("sends a header of megabytes", format!("{OK}x-name: "), b"x", MALFORMED),
        flood("sends a header's name of megabytes", OK.to_owned(), b"x", MALFORMED),
        flood("sends a reason without end", "HTTP/1.1 200 ".to_owned(), b"very ", MALFORMED),
        flood("sends empty lines without end", "\r\n".to_owned(), b"\r\n", MALFORMED),
        // The chunked encoding belongs to HTTP itself. An answer that abuses it does not count as
        // HTTP.
        flood(
            "sends trailers without end",
            format!("{chunked}0\r\n"),
            b"x-name: value\r\n",
            MALFORMED,
        ),
        flood("sends a chunk extension without end", format!("{chunked}1;"), b"x", MALFORMED),
        // None of these bytes is kept, so they end with the time, or before that with their number.
        flood("sends zeros for a chunk's size", chunked.clone(), b"0", TOO_LARGE),
        flood("sends 100 Continue without end", String::new(), CONTINUE, TOO_LARGE),
        then("pours zeros for a chunk's size", [say(chunked), Step::Pour(b"0")], TIMED_OUT),
        then("pours 100 Continue", [Step::Pour(CONTINUE)], TIMED_OUT),
    ]
}

/// Answers before it has read the whole request.
fn interruptions() -> Vec<Behaviour> {
    let no = || say("HTTP/1.1 413 Too large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let early = |name: &str, script: Script, outcomes, body| Behaviour {
        name: name.to_owned(),
        script,
        outcomes,
        body,
    };
    vec![
        // An answer before the first byte of the request is not an answer to it.
        early(
            "answers before reading",
            vec![no(), Step::Close],
            &["refused", "malformed-answer"],
            SMALL,
        ),
        early(
            "answers before reading a large request",
            vec![no(), Step::Close],
            &["refused", "malformed-answer"],
            LARGE,
        ),
        early(
            "answers after the head and reads no more",
            vec![Step::ReadHead, no(), Step::Hang],
            REFUSED,
            LARGE,
        ),
        // A reset may overtake the answer (RFC 9112, 9.6): both are what a vendor would see.
        early(
            "answers after the head and resets",
            vec![Step::ReadHead, no(), Step::Reset],
            &["refused", "closed-early"],
            LARGE,
        ),
    ]
}
