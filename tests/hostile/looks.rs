//! Behaviours of receivers towards a probe, and the reading that each must give. One line each.

use super::receiver::{Script, Step};

/// A behaviour of a receiver when a probe reads from it.
pub struct Glimpse {
    /// What it does, as a sentence about it: "it …".
    pub name: &'static str,
    /// How it does it.
    pub script: Script,
    /// The beginning of the reading's text.
    pub begins: &'static str,
}

/// A depth of nesting that would overflow a stack.
const DEEP: usize = 100_000;

const NOT_JSON: &str = "the probe's answer is not JSON: ";
const TOO_DEEP: &str = "the probe's answer is nested too deeply to be read";

/// Everything that receivers do.
pub fn all() -> Vec<Glimpse> {
    [transport(), statuses(), bodies()].into_iter().flatten().collect()
}

fn then(
    name: &'static str,
    steps: impl IntoIterator<Item = Step>,
    begins: &'static str,
) -> Glimpse {
    Glimpse { name, script: [Step::ReadHead].into_iter().chain(steps).collect(), begins }
}

fn answers(name: &'static str, answer: impl AsRef<[u8]>, begins: &'static str) -> Glimpse {
    then(name, [say(answer), Step::Close], begins)
}

fn body(name: &'static str, body: impl AsRef<[u8]>, begins: &'static str) -> Glimpse {
    answers(name, [b"HTTP/1.1 200 OK\r\n\r\n", body.as_ref()].concat(), begins)
}

fn say(bytes: impl AsRef<[u8]>) -> Step {
    Step::Say(bytes.as_ref().to_vec())
}

fn transport() -> Vec<Glimpse> {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"status\":";
    let gigabyte = [say("HTTP/1.1 200 OK\r\n\r\n\""), Step::Flood(b"x")];
    let dribble = [say("HTTP/1.1 200 OK\r\n\r\n"), Step::Dribble(b" ")];
    let headers = [say("HTTP/1.1 200 OK\r\n"), Step::Flood(b"x-name: value\r\n")];
    vec![
        then("never answers", [Step::Hang], "no answer within 300ms"),
        then("dribbles", dribble, "no answer within 300ms"),
        then("sends a gigabyte", gigabyte, "the probe's answer is too large"),
        then("sends headers without end", headers, "malformed answer: message head is too large"),
        then("closes without an answer", [Step::Close], "closed early"),
        then("resets without an answer", [Step::Reset], "closed early"),
        then("closes in the body", [say(half), Step::Close], "closed early"),
        then("resets in the body", [say(half), Step::Reset], "closed early"),
        then("falls silent in the body", [say(half), Step::Hang], "no answer within 300ms"),
        answers("answers in binary", [0xff; 64], "malformed answer"),
    ]
}

fn statuses() -> Vec<Glimpse> {
    let itself = "HTTP/1.1 302 Found\r\nlocation: /hostile/receiver/1\r\ncontent-length: 0\r\n\r\n";
    let unknown = [say("HTTP/1.1 404 Not Found\r\n\r\n"), Step::Flood(b"x")];
    vec![
        answers(
            "answers 500",
            "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n",
            "the probe answered 500",
        ),
        answers(
            "answers 999",
            "HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n",
            "the probe answered 999",
        ),
        answers("redirects to itself", itself, "the probe answered 302"),
        // The status is enough, so the rest is not read.
        then("answers 404 with a gigabyte", unknown, "404, not known"),
    ]
}

fn bodies() -> Vec<Glimpse> {
    let nested = [vec![b'['; DEEP], vec![b']'; DEEP]].concat();
    vec![
        body("answers JSON", r#"{"status": "called"}"#, r#"status "called""#),
        body("answers JSON of another shape", "[1, 2]", "status null"),
        body("answers HTML", "<html>ok</html>", NOT_JSON),
        body("answers nothing", "", NOT_JSON),
        body("answers half of its JSON", r#"{"status": "ca"#, NOT_JSON),
        body("answers JSON and more", r#"{"status": "called"} {}"#, NOT_JSON),
        body("answers JSON that is not UTF-8", b"{\"status\": \"\xff\"}", NOT_JSON),
        body(
            "answers a number beyond all numbers",
            r#"{"status": 1e999}"#,
            "the probe's answer has a number too large to hold",
        ),
        body(
            "answers half a surrogate pair",
            r#"{"status": "\ud83d"}"#,
            "the probe's answer has half a surrogate pair",
        ),
        body("opens 100,000 lists", vec![b'['; DEEP], TOO_DEEP),
        body("opens and closes 100,000 lists", nested, TOO_DEEP),
        body("opens objects without end", r#"{"a":"#.repeat(DEEP / 2), TOO_DEEP),
    ]
}
