//! How requests reach a receiver behind a proxy or a limiter.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value as Json;
use standin::clock::Stopwatch;

use super::{folder, run, text, write};

/// A receiver that notes the heads of requests, in lower case.
struct Noting {
    url: String,
    notes: Arc<Notes>,
}

#[derive(Default)]
struct Notes {
    heads: Mutex<Vec<String>>,
    now: AtomicUsize,
    /// The most requests at the same time.
    most: AtomicUsize,
}

impl Noting {
    /// Starts it. It answers after this long, and this instead of a 200 to its first webhooks.
    fn start(after: Duration, first: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let notes = Arc::<Notes>::default();
        let kept = Arc::clone(&notes);
        // The threads end with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let notes = Arc::clone(&kept);
                std::thread::spawn(move || answer(stream, &notes, after, first));
            }
        });
        Self { url, notes }
    }

    fn heads(&self) -> Vec<String> {
        self.notes.heads.lock().expect("no thread panics").clone()
    }
}

/// The head of a request in lower case, and its body. None if there is no whole request: connecting alone, as
/// for the reachability test, is none.
fn request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap_or("0").trim().parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn answer(stream: TcpStream, notes: &Notes, after: Duration, first: &[&str]) -> Option<()> {
    let (head, _) = request(&stream)?;
    let number = {
        let mut heads = notes.heads.lock().expect("no thread panics");
        heads.push(head);
        heads.len() - 1
    };
    let now = notes.now.fetch_add(1, Ordering::AcqRel) + 1;
    notes.most.fetch_max(now, Ordering::AcqRel);
    if !after.is_zero() {
        // Nothing more comes: this is a pause.
        stream.set_read_timeout(Some(after)).ok()?;
        _ = (&stream).read(&mut [0; 1]);
    }
    notes.now.fetch_sub(1, Ordering::AcqRel);
    let token = r#"{"access_token":"a-token-of-the-test","token_type":"Bearer","expires_in":3600}"#;
    let accepted = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{token}", token.len());
    (&stream).write_all(first.get(number).unwrap_or(&accepted.as_str()).as_bytes()).ok()
}

/// Plays a short story against it, and returns how long that took and what was said.
fn play(receiver: &Noting, keys: &str) -> (Duration, String) {
    let folder = folder();
    let settings = format!(
        "receiver:\n  url: {}\n{keys}vendors:\n  ombori:\n    deliver: /in\n    retries: [1s]\n",
        receiver.url
    );
    write(folder.path(), "standin.yaml", &settings);
    let watch = Stopwatch::start();
    let output =
        run(folder.path(), &["play", "scenarios/ombori/walk-in.yaml", "--instant", "--seed", "1"]);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    (watch.elapsed(), said)
}

#[test]
fn every_request_has_the_headers_of_the_proxy_and_of_the_user() {
    let receiver = Noting::start(Duration::ZERO, &[]);
    let folder = folder();
    let own =
        "    request_headers: { User-Agent: Sender/2, X-Via: a-gateway, Forwarded: for=unknown }\n";
    let settings = format!(
        "receiver:\n  url: {}\n  public_url: https://hooks.example.test:8443/base\nvendors:\n  ombori:\n    \
         deliver: /in\n    headers: {{ X-Api-Key: a-key-of-the-test }}\n{own}  waitwhile:\n    deliver: /in\n    \
         secret: a-secret-of-the-test\n{own}  doo:\n    deliver: /in\n    oauth: {{ endpoint: /token, \
         client_secret: another-secret }}\n{own}",
        receiver.url
    );
    write(folder.path(), "standin.yaml", &settings);
    write(folder.path(), "b.json", "{}");
    for (vendor, trigger) in
        [("ombori", "positionCalled"), ("waitwhile", "visit.created"), ("doo", "order_created")]
    {
        let send = format!("send --vendor {vendor} --trigger {trigger} --body b.json");
        let load = format!("load --vendor {vendor} --seed 1 --count 5 --rate 500/s --sample 0");
        // There is `load` only on Linux.
        for line in [Some(send), cfg!(target_os = "linux").then_some(load)].into_iter().flatten() {
            let before = receiver.heads().len();
            let arguments: Vec<&str> = line.split(' ').collect();
            let output = run(folder.path(), &arguments);
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{line}: {said}");
            let heads = receiver.heads().split_off(before);
            assert!(!heads.is_empty(), "{line}: {said}");
            for head in heads {
                for wanted in [
                    "user-agent: sender/2",
                    "x-via: a-gateway",
                    "x-forwarded-for: 192.0.2.1",
                    "x-forwarded-host: hooks.example.test:8443",
                    "x-forwarded-proto: https",
                    "forwarded: for=unknown",
                ] {
                    let name = wanted.split_once(' ').expect("a header").0;
                    let lines: Vec<&str> =
                        head.lines().filter(|one| one.starts_with(name)).collect();
                    assert_eq!(lines, [wanted], "{line}: {head}");
                }
            }
        }
    }
}

#[test]
fn requests_follow_each_other_no_faster_than_the_receiver_may_be_asked() {
    let receiver = Noting::start(Duration::ZERO, &[]);
    let (took, said) = play(&receiver, "  rate: 10/s\n");
    let requests = receiver.heads().len() as u32;
    assert!(requests >= 5, "{said}");
    let least = Duration::from_millis(100) * (requests - 1);
    assert!(took >= least, "{requests} requests took {took:?}");
}

#[test]
fn no_more_requests_are_under_way_than_the_receiver_takes() {
    for (keys, right) in [("  concurrency: 2\n", 1..=2), ("", 3..=64)] {
        let receiver = Noting::start(Duration::from_millis(50), &[]);
        let folder = folder();
        let settings = format!(
            "receiver:\n  url: {}\n{keys}vendors:\n  ombori:\n    deliver: /in\n",
            receiver.url
        );
        write(folder.path(), "standin.yaml", &settings);
        let arguments =
            ["check", "--vendor", "ombori", "--tags", "@rule:duplicates", "-q", "--no-early-stop"];
        let output = run(folder.path(), &arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(receiver.heads().len() > 20, "{said}");
        let most = receiver.notes.most.load(Ordering::Acquire);
        assert!(right.contains(&most), "{keys:?}: {most} at the same time");
    }
}

#[test]
fn a_limiter_is_waited_for_if_it_does_not_ask_for_too_long() {
    const LIMITED: &str = "HTTP/1.1 429 No\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n";
    let receiver = Noting::start(Duration::ZERO, &[LIMITED]);
    let (took, said) = play(&receiver, "  await_retry_after: 10s\n");
    assert!(said.contains("429") && receiver.heads().len() >= 6, "{said}");
    assert!(took >= Duration::from_millis(1990), "it took {took:?}");
}

#[test]
fn a_limiter_that_refuses_some_webhooks_is_the_cause() {
    const LIMITED: &str = "HTTP/1.1 429 No\r\ncontent-length: 0\r\n\r\n";
    let receiver = Noting::start(Duration::ZERO, &[LIMITED; 60]);
    let folder = folder();
    let settings = format!(
        "receiver:\n  url: {}\nvendors:\n  ombori: {{ deliver: /in, headers: {{ X-Api-Key: k3y-0042 }} }}\n",
        receiver.url
    );
    write(folder.path(), "standin.yaml", &settings);
    let arguments = ["check", "--vendor", "ombori", "--jobs", "1", "--no-early-stop", "--no-retry"];
    let said = text(&run(folder.path(), &arguments).stdout);
    let hint = said.lines().find(|line| line.contains("  Ombori: "));
    let hint = hint.unwrap_or_else(|| panic!("{said}"));
    assert!(
        hint.contains(" requests with honest webhooks were answered with 429")
            && hint.contains("receiver.rate: 100/m"),
        "{hint}"
    );
}

/// What a receiver does first with a webhook.
#[derive(Clone, Copy)]
enum First {
    /// It notes that the webhook is done, and stops when the vendor hangs up.
    Note,
    /// It does the work.
    Work,
}

/// The tickets of a receiver: the status, and how often a ticket was changed.
#[derive(Default)]
struct Tickets {
    done: Mutex<BTreeSet<Vec<u8>>>,
    known: Mutex<BTreeMap<String, (String, u64)>>,
}

impl Tickets {
    /// Starts a receiver of Ombori's webhooks whose work takes 200 ms.
    fn start(first: First) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let tickets = Arc::<Self>::default();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tickets = Arc::clone(&tickets);
                std::thread::spawn(move || tickets.serve(&stream, first));
            }
        });
        url
    }

    fn serve(&self, mut stream: &TcpStream, first: First) -> Option<()> {
        let (head, body) = request(stream)?;
        if let Some(path) = head.strip_prefix("get /tickets/") {
            let known = self.known.lock().expect("no thread panics");
            let answer = known.get(path.split(' ').next()?).map_or_else(
                || (404, "{}".to_owned()),
                |(status, changes)| (200, format!("{{\"status\":\"{status}\",\"n\":{changes}}}")),
            );
            return answer_with(stream, answer.0, &answer.1);
        }
        let is_new = self.done.lock().expect("no thread panics").insert(body.clone());
        if is_new {
            let position = serde_json::from_slice::<Json>(&body).ok()?["data"]["position"].take();
            if matches!(first, First::Note) {
                stream.set_read_timeout(Some(Duration::from_millis(200))).ok()?;
                if matches!(stream.read(&mut [0; 1]), Ok(0)) {
                    return None;
                }
            }
            let id = position["id"].as_str()?.to_ascii_lowercase();
            let mut known = self.known.lock().expect("no thread panics");
            let ticket = known.entry(id).or_default();
            *ticket = (position["status"].as_str()?.to_owned(), ticket.1 + 1);
        }
        answer_with(stream, 200, "{}")
    }
}

fn answer_with(mut stream: &TcpStream, status: u16, body: &str) -> Option<()> {
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).ok()
}

#[test]
fn a_receiver_that_notes_a_webhook_before_its_work_is_done_is_found() {
    for (first, code) in [(First::Note, 1), (First::Work, 0)] {
        let folder = folder();
        let settings = format!(
            "receiver:\n  url: {}\nvendors:\n  ombori:\n    deliver: /in\nprobes:\n  ombori.position:\n    \
             get: /tickets/{{id}}\n    effects: $.n\n    fields: {{ status: $.status }}\n",
            Tickets::start(first)
        );
        write(folder.path(), "standin.yaml", &settings);
        let arguments =
            ["check", "--vendor", "ombori", "--tags", "@rule:hang-up", "--no-retry", "--seed", "1"];
        let output = run(folder.path(), &arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert_eq!(said.contains("hangs up on every first attempt after 1ms"), code == 1, "{said}");
    }
}

/// What becomes of a token when another one is issued.
#[derive(Clone, Copy)]
enum Older {
    Stays,
    IsVoid,
}

/// Starts a receiver of doo's webhooks that issues tokens.
fn issuing(older: Older) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let mut issued = 0;
        for stream in listener.incoming().flatten() {
            serve_doo(&stream, older, &mut issued);
        }
    });
    url
}

fn serve_doo(stream: &TcpStream, older: Older, issued: &mut u32) -> Option<()> {
    let (head, _) = request(stream)?;
    if head.starts_with("post /token ") {
        *issued += 1;
        let token =
            r#"{"token_type":"Bearer","expires_in":3600,"access_token":"a-token-of-the-test-"#;
        return answer_with(stream, 200, &format!("{token}{issued}\"}}"));
    }
    let shown = head.lines().find_map(|line| line.strip_prefix("authorization: bearer "))?;
    let number: u32 = shown.strip_prefix("a-token-of-the-test-")?.trim().parse().ok()?;
    let is_valid = match older {
        Older::Stays => number <= *issued,
        Older::IsVoid => number == *issued,
    };
    answer_with(stream, if is_valid { 200 } else { 401 }, "{}")
}

#[test]
fn a_receiver_whose_tokens_void_each_other_is_found() {
    for (older, code) in [(Older::Stays, 0), (Older::IsVoid, 1)] {
        let folder = folder();
        let settings = format!(
            "receiver:\n  url: {}\nvendors:\n  doo:\n    deliver: /in\n    oauth: {{ endpoint: /token, \
             client_secret: a-secret-of-the-test }}\n",
            issuing(older)
        );
        write(folder.path(), "standin.yaml", &settings);
        let arguments =
            ["check", "--vendor", "doo", "--tags", "@rule:tokens", "--jobs", "1", "--no-retry"];
        let output = run(folder.path(), &arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        let scenario = "a new token does not invalidate the token of another webhook in progress";
        assert_eq!(said.contains(scenario), code == 1, "{said}");
    }
}
