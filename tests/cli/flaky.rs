//! Failures are tried again: alone, and beside others. What does not come again is still a failure, and
//! says so.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::Value as Json;

use crate::built_in::built_in;
use crate::{folder, run, text, write};

/// The receiver's state: which bodies came, and how many requests it holds now.
#[derive(Default)]
struct State {
    bodies: Vec<String>,
    now: usize,
}

/// A receiver that answers each webhook with the status that this function decides.
struct Receiver {
    url: String,
    state: Arc<(Mutex<State>, Condvar)>,
}

type Decide = fn(&Mutex<State>, &Condvar) -> u16;

impl Receiver {
    /// Listens until the test process ends.
    fn start(decide: Decide) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let state = Arc::<(Mutex<State>, Condvar)>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &shared, decide));
            }
        });
        Self { url, state }
    }

    fn bodies(&self) -> Vec<String> {
        self.state.0.lock().expect("no request panics").bodies.clone()
    }
}

fn serve(
    stream: &TcpStream,
    (state, changed): &(Mutex<State>, Condvar),
    decide: Decide,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        // A connection that only tries whether somebody listens sends nothing.
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body).ok()?;
    // Probes find nothing.
    let status = if length == 0 {
        404
    } else {
        state.lock().ok()?.bodies.push(body);
        decide(state, changed)
    };
    let head = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n");
    (&mut &*stream).write_all(format!("{head}content-length: 0\r\n\r\n").as_bytes()).ok()
}

/// Fails once.
fn fails_once(state: &Mutex<State>, _: &Condvar) -> u16 {
    if state.lock().expect("no request panics").bodies.len() == 1 { 500 } else { 200 }
}

/// Fails what comes while another request is under way.
fn fails_beside_others(state: &Mutex<State>, changed: &Condvar) -> u16 {
    let mut now = state.lock().expect("no request panics");
    now.now += 1;
    changed.notify_all();
    let alone = |now: &mut State| now.now == 1;
    let patience = Duration::from_millis(400);
    let (mut now, waited) =
        changed.wait_timeout_while(now, patience, alone).expect("no request panics");
    if waited.timed_out() {
        now.now -= 1;
        return 200;
    }
    // It stays: whoever waits for a neighbour must see it. The last of them leaves.
    if now.now == 2 {
        now.now = 0;
    }
    500
}

fn always_fails(_: &Mutex<State>, _: &Condvar) -> u16 {
    500
}

/// Two people, of whom each causes one webhook.
const OWN: &str = r#"Feature: tickets

  Scenario: Anna waits
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is accepted

  Scenario: Ben waits
    Given an Ombori account
    When Ben takes a walk-in ticket
    Then every webhook is accepted
"#;

/// The run against a receiver: what was printed, and how each scenario ended.
struct Played {
    code: Option<i32>,
    out: String,
    junit: String,
    html: String,
    ended: Vec<(String, Option<String>)>,
}

fn play(receiver: &Receiver, more: &[&str]) -> Played {
    let folder = folder();
    write(folder.path(), "standin.yaml", &built_in(&[("http://127.0.0.1:8080", &receiver.url)]));
    write(folder.path(), "own.feature", OWN);
    let reports = ["--json", "run.json", "--junit", "run.xml", "--html", "run.html"];
    let arguments = [&["check", "own.feature"][..], &reports, more].concat();
    let output = run(folder.path(), &arguments);
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    let json: Json = serde_json::from_str(&read("run.json")).expect("JSON");
    let scenarios = json["features"][0]["scenarios"].as_array().expect("scenarios");
    let ended = scenarios.iter().map(|one| {
        let verdict = one["verdict"].as_str().expect("a verdict").to_owned();
        (verdict, one["failure"]["recurrence"].as_str().map(str::to_owned))
    });
    Played {
        code: output.status.code(),
        out: text(&output.stdout) + &text(&output.stderr),
        junit: read("run.xml"),
        html: read("run.html"),
        ended: ended.collect(),
    }
}

fn ended(played: &Played) -> Vec<(&str, Option<&str>)> {
    played.ended.iter().map(|(verdict, again)| (verdict.as_str(), again.as_deref())).collect()
}

#[test]
fn a_failure_that_does_not_come_again_is_flaky_and_still_a_failure() {
    for jobs in ["1", "16"] {
        let receiver = Receiver::start(fails_once);
        let played = play(&receiver, &["--jobs", jobs]);
        let Played { out, junit, html, .. } = &played;
        let mut ends = ended(&played);
        ends.sort_unstable();
        assert_eq!(ends, [("failed", Some("flaky")), ("passed", None)], "{out}");
        assert_eq!(played.code, Some(1), "{out}");
        assert!(out.contains("  flaky: tried again, it passed"), "{out}");
        assert!(out.contains(", flaky)"), "{out}");
        assert!(junit.contains(r#"<property name="tried again" value="flaky"/>"#), "{junit}");
        assert!(junit.contains("<failure ") && !junit.contains("flakyFailure"), "{junit}");
        assert!(html.contains("<strong>flaky</strong>: tried again, it passed"), "{html}");
        // Other ids, or the receiver would have met the subjects.
        let bodies = receiver.bodies();
        let different: BTreeSet<&String> = bodies.iter().collect();
        assert_eq!(different.len(), bodies.len(), "{bodies:?}");
        assert_eq!(bodies.len(), if jobs == "1" { 3 } else { 5 }, "alone, and beside the other");
    }
}

#[test]
fn a_failure_that_needs_company_says_so() {
    let receiver = Receiver::start(fails_beside_others);
    let played = play(&receiver, &[]);
    let out = &played.out;
    assert_eq!(ended(&played), [("failed", Some("only-beside-others")); 2], "{out}");
    assert_eq!(played.code, Some(1), "{out}");
    assert!(
        out.contains("  only beside others: it passed alone, and failed again while others ran"),
        "{out}"
    );
    assert!(out.contains("     1  only beside others: "), "{out}");
}

#[test]
fn a_failure_that_comes_again_needs_no_word() {
    let receiver = Receiver::start(always_fails);
    let played = play(&receiver, &[]);
    let out = &played.out;
    assert_eq!(ended(&played), [("failed", Some("failed-again")); 2], "{out}");
    assert!(!out.contains("flaky") && !out.contains("tried again"), "{out}");
    assert_eq!(receiver.bodies().len(), 4, "each once more");
}

#[test]
fn failures_are_not_tried_again_where_nobody_wants_it_or_the_run_has_ended_early() {
    for arguments in [&["--no-retry"][..], &["--fail-fast", "--jobs", "1"]] {
        let receiver = Receiver::start(always_fails);
        let played = play(&receiver, arguments);
        let is_tried = |(_, again): &(&str, Option<&str>)| again.is_some();
        assert!(!ended(&played).iter().any(is_tried), "{}", played.out);
        assert!(receiver.bodies().len() <= 2, "{:?}", receiver.bodies());
    }
}
