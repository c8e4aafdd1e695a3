//! Standin survives any receiver: every attempt ends with the right outcome, in time, in bounded
//! memory, and with one connection that is closed afterwards.
//!
//! The receivers are raw sockets that follow a script, on loopback. The lists of what they do are
//! in `hostile/`. They all run at the same time. A failure names the behaviour.

mod hostile;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use futures::future::join_all;
use hostile::behaviours::{self, Behaviour, LARGE};
use hostile::looks::{self, Glimpse};
use hostile::receiver::{Receiver, Seen, Step};
use serde_json_path::JsonPath;
use standin::clock::Stopwatch;
use standin::delivery::client::Connections;
use standin::delivery::resolve::Family;
use standin::delivery::{ANSWER_LIMIT, Allowed, Sender};
use standin::model::fault::WireForm;
use standin::model::signature::Moment;
use standin::model::{Accepted, Authentication, Ordering, Policy, RequestKind, Retries, Secret};
use standin::policy::wire::{SendMode, SendResult};
use standin::policy::{Header, HeaderValue, Request};
use standin::probe::{Probe, Prober};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The time-out of cases that end by time-out.
const SHORT: Duration = Duration::from_millis(300);
/// The time-out of cases that must end earlier, for another reason. It is long, so that a busy
/// machine does not cause a time-out. Nothing waits for it.
const LONG: Duration = Duration::from_secs(8);
/// How much longer than its time-out an attempt may take on a busy machine.
const MARGIN: Duration = Duration::from_secs(4);
/// What a receiver can still write after the client has stopped reading: the system's buffers.
const BUFFERS: usize = 16 << 20;

/// The text that bodies are cut from. It is made once, and all parts of it differ.
static BODY: LazyLock<Bytes> =
    LazyLock::new(|| b"abcdefghijklmnopqrstuvwxyz".repeat(LARGE / 26 + 1).into());

/// The least number of behaviours. A shorter list has lost some.
const BEHAVIOURS: usize = 150;
/// The least number of ways to answer a probe.
const LOOKS: usize = 25;

const KEY: &str = "k-3141592653";

fn policy(answer_within: Duration) -> Policy {
    Policy {
        authentication: Authentication::None,
        accepted: Accepted::Any2xx,
        connect_within: SHORT,
        answer_within,
        retries: Retries::default(),
        ordering: Ordering::None,
        disable_after: None,
        dead_letters: false,
    }
}

fn sender() -> Sender {
    Sender::new(SHORT, Allowed::default()).expect("a client")
}

fn request(url: String, body: usize) -> Request {
    let header = |name: &str, value| Header { name: name.to_owned(), value };
    Request {
        address: url.into(),
        signed_url: None,
        headers: vec![
            header("content-type", HeaderValue::Plain("application/json".to_owned())),
            header("x-api-key", HeaderValue::Secret(Secret::new(KEY))),
            header("X-GitHub-Event", HeaderValue::Plain("ping".to_owned())),
        ],
        body: BODY.slice(..body),
        shown_body: None,
        secrets: Vec::new(),
        moment: Moment::default(),
        form: None,
    }
}

/// Asserts that there were enough cases and that none of them was wrong.
fn assert_none(at_least: usize, cases: impl IntoIterator<Item = Option<String>>) {
    let cases: Vec<Option<String>> = cases.into_iter().collect();
    assert!(cases.len() >= at_least, "only {} cases", cases.len());
    let failures: Vec<String> = cases.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{} wrong:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_behaviour_of_a_receiver_has_its_outcome() {
    for over in [Connections::New, Connections::Persistent] {
        let sender = sender().connecting(over, Family::Any);
        let failures = join_all(behaviours::all().into_iter().map(|behaviour| {
            let sender = sender.clone();
            tokio::spawn(async move { suffer(&sender, behaviour, RequestKind::Webhook).await })
        }));
        let failures = failures.await.into_iter().map(|failure| failure.expect("no panic"));
        assert_none(BEHAVIOURS, failures);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_behaviour_of_a_token_endpoint_has_its_outcome() {
    let sender = sender();
    let failures = join_all(behaviours::all().into_iter().map(|mut behaviour| {
        let sender = sender.clone();
        if behaviour.outcomes.contains(&"accepted") {
            behaviour.outcomes = &["no-token"];
        }
        tokio::spawn(async move { suffer(&sender, behaviour, RequestKind::Token).await })
    }));
    assert_none(BEHAVIOURS, failures.await.into_iter().map(|failure| failure.expect("no panic")));
}

/// Runs this behaviour, and returns what is wrong with the result.
async fn suffer(sender: &Sender, behaviour: Behaviour, kind: RequestKind) -> Option<String> {
    let within = if behaviour.outcomes == ["timed-out"] { SHORT } else { LONG };
    let receiver = Receiver::start(behaviour.script.clone()).await;
    let request = request(receiver.url(), behaviour.body);
    let policy = policy(within);
    let result = sender.send(kind, &request, SendMode::Whole, &policy).await;
    if result.token.is_some() {
        return Some(format!("it {}: that was taken for a token", behaviour.name));
    }
    let wrong = match receiver.finish().await {
        Ok(seen) => wrong(&behaviour, &result, &seen, within),
        Err(open) => Some(open),
    };
    wrong.map(|wrong| format!("it {}: {wrong}", behaviour.name))
}

fn wrong(
    behaviour: &Behaviour,
    result: &SendResult,
    seen: &Seen,
    within: Duration,
) -> Option<String> {
    let (outcome, took) = (result.outcome.name(), result.took);
    let kept = result.answer.as_ref().map_or(0, |answer| answer.body.len());
    let timed_out = outcome == "timed-out";
    if !behaviour.outcomes.contains(&outcome) {
        Some(format!("ended as {outcome} ({}), not as {:?}", result.outcome, behaviour.outcomes))
    } else if timed_out && !(within..within + MARGIN).contains(&took) {
        Some(format!("timed out after {took:?}, not after {within:?}"))
    } else if seen.connections != 1 {
        Some(format!("{} connections were made, not one", seen.connections))
    } else if !timed_out && seen.written > BUFFERS {
        Some(format!("{} bytes were taken from it", seen.written))
    } else if kept > ANSWER_LIMIT {
        Some(format!("{kept} bytes of its answer were kept"))
    } else {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failed_probe_says_why() {
    let failures = join_all(looks::all().into_iter().map(|glimpse| tokio::spawn(look(glimpse))));
    assert_none(LOOKS, failures.await.into_iter().map(|failure| failure.expect("no panic")));
}

async fn look(glimpse: Glimpse) -> Option<String> {
    let within = if glimpse.begins.starts_with("no answer") { SHORT } else { LONG };
    let prober = Prober::new(Allowed::default(), within).expect("a prober");
    let receiver = Receiver::start(glimpse.script.clone()).await;
    let look = prober.look(&probe(receiver.url()), "1").await.to_string();
    let wrong = match receiver.finish().await {
        Err(open) => Some(open),
        Ok(_) if !look.starts_with(glimpse.begins) => {
            Some(format!("saw {look}, not {}", glimpse.begins))
        }
        Ok(seen) if seen.connections != 1 => {
            Some(format!("{} connections were made", seen.connections))
        }
        Ok(seen) if seen.written > BUFFERS => {
            Some(format!("{} bytes were taken from it", seen.written))
        }
        Ok(_) => None,
    };
    wrong.map(|wrong| format!("it {}: {wrong}", glimpse.name))
}

fn probe(url: String) -> Probe {
    let status = JsonPath::parse("$.status").expect("a JSONPath");
    Probe {
        url: format!("{url}/{{id}}"),
        headers: BTreeMap::new(),
        fields: [("status".to_owned(), status)].into(),
        effects: None,
        gone: None,
        absent: standin::probe::AbsenceRule::default(),
        comparisons: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_refused_connection_is_unreachable_at_once() {
    // Bound but not listening: connections are refused, and no other program gets the port.
    let socket = bound_socket();
    let url = format!("http://{}/", socket.local_addr().expect("an address"));
    for mode in [SendMode::Whole, SendMode::Slow(SHORT), SendMode::Reset] {
        let result = sender()
            .send(RequestKind::Webhook, &request(url.clone(), 20), mode, &policy(LONG))
            .await;
        assert_eq!(result.outcome.name(), "unreachable", "{mode:?}: {}", result.outcome);
        let why = result.outcome.to_string();
        assert!(why.contains("refused"), "{mode:?}: {why}");
    }
    let prober = Prober::new(Allowed::default(), LONG).expect("a prober");
    let look = prober.look(&probe(url), "1").await.to_string();
    assert!(look.starts_with("unreachable"), "{look}");
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_unreachable() {
    let (listener, waiting) = full_listener().await;
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let sender = sender();
    let carry = |mode| {
        let (sender, request) = (sender.clone(), request(url.clone(), 20));
        async move { sender.send(RequestKind::Webhook, &request, mode, &policy(LONG)).await }
    };
    for result in join_all([SendMode::Whole, SendMode::Reset].map(carry)).await {
        assert_eq!(result.outcome.to_string(), "unreachable: no connection in time");
        assert!((SHORT..SHORT + MARGIN).contains(&result.took), "{:?}", result.took);
    }
    drop(waiting);
}

fn bound_socket() -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    socket
}

/// A listener that accepts no connection and whose queue is full, and the connections in it.
async fn full_listener() -> (TcpListener, Vec<TcpStream>) {
    let listener = bound_socket().listen(1).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    while let Ok(joined) = tokio::time::timeout(SHORT / 3, TcpStream::connect(address)).await {
        waiting.push(joined.expect("a connection"));
        assert!(waiting.len() < 100, "the queue has no end");
    }
    (listener, waiting)
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_that_was_not_allowed() {
    // A request to this URL would reach this receiver, which would count it.
    let receiver = Receiver::start(vec![Step::ReadHead, Step::ReadRest]).await;
    let wildcard = format!("http://0.0.0.0:{}/", receiver.address.port());
    let sender = sender();
    for url in ["http://10.0.0.1/", "http://example.test/", "https://[2001:db8::1]/", &wildcard] {
        for mode in [SendMode::Whole, SendMode::Slow(SHORT), SendMode::Reset] {
            let watch = Stopwatch::start();
            let result = sender
                .send(RequestKind::Webhook, &request(url.to_owned(), 20), mode, &policy(LONG))
                .await;
            assert_eq!(result.outcome.name(), "unreachable", "{url}");
            let why = result.outcome.to_string();
            assert!(why.contains("--allow-host"), "{url}: {why}");
            assert!(watch.elapsed() < SHORT, "{url}: {:?}", watch.elapsed());
        }
        let prober = Prober::new(Allowed::default(), LONG).expect("a prober");
        let look = prober.look(&probe(url.to_owned()), "1").await.to_string();
        assert!(look.contains("--allow-host"), "{url}: {look}");
    }
    let seen = receiver.finish().await.expect("no connection");
    assert_eq!(seen.connections, 0);
}

#[tokio::test]
async fn a_receiver_without_tls_behind_https_is_unreachable() {
    let answer = Step::Say(b"HTTP/1.1 400 Speak plainly\r\n\r\n".to_vec());
    for (step, why) in
        [(answer, "it does not speak TLS; write http://"), (Step::Hang, "no connection in time")]
    {
        let receiver = Receiver::start(vec![step]).await;
        let url = receiver.url().replace("http:", "https:");
        let result = sender()
            .send(RequestKind::Webhook, &request(url, 20), SendMode::Whole, &policy(LONG))
            .await;
        assert_eq!(result.outcome.name(), "unreachable", "{}", result.outcome);
        assert!(result.outcome.to_string().contains(why), "{}", result.outcome);
        let seen = receiver.finish().await.expect("the client closes");
        assert_eq!(seen.connections, 1, "{why}");
    }
}

#[tokio::test]
async fn a_reset_breaks_the_connection_in_the_middle_of_the_body() {
    let receiver = Receiver::start(vec![Step::ReadHead, Step::ReadRest]).await;
    let request = request(receiver.url(), 1000);
    let result =
        sender().send(RequestKind::Webhook, &request, SendMode::Reset, &policy(LONG)).await;
    assert_eq!(result.outcome.name(), "cut-off");
    let seen = receiver.finish().await.expect("the client closes");
    assert_eq!(seen.broken, Some(ErrorKind::ConnectionReset));
    let text = String::from_utf8(seen.read).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and half a body");
    assert!(head.starts_with("POST /hostile/receiver HTTP/1.1\r\n"), "{head}");
    assert!(head.contains(KEY) && head.ends_with("content-length: 1000"), "{head}");
    assert_eq!(body.as_bytes(), &request.body[..500]);
}

#[tokio::test]
async fn a_reset_over_tls_sends_no_secret_unencrypted() {
    let receiver = Receiver::start(vec![]).await;
    let request = request(receiver.url().replace("http:", "https:"), 1000);
    let result =
        sender().send(RequestKind::Webhook, &request, SendMode::Reset, &policy(LONG)).await;
    assert_eq!(result.outcome.name(), "cut-off");
    let seen = receiver.finish().await.expect("the client closes");
    assert_eq!(seen.connections, 1);
    assert!(!String::from_utf8_lossy(&seen.read).contains(KEY), "the key was sent unencrypted");
}

#[tokio::test]
async fn a_slow_body_arrives_whole() {
    let ok = Step::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec());
    for size in [0, 1, 19, 1000, 100_000] {
        let receiver = Receiver::start(vec![Step::ReadHead, Step::ReadRest, ok.clone()]).await;
        let request = request(receiver.url(), size);
        let result = sender()
            .send(RequestKind::Webhook, &request, SendMode::Slow(SHORT / 3), &policy(LONG))
            .await;
        assert_eq!(result.outcome.name(), "accepted", "{size}: {}", result.outcome);
        let seen = receiver.finish().await.expect("the client closes");
        let text = String::from_utf8(seen.read).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.lines().any(|line| line == format!("Content-Length: {size}")), "{head}");
        assert!(!head.contains("Transfer-Encoding"), "{head}");
        assert_eq!(body.as_bytes(), &request.body[..], "{size}");
    }
}

/// What a receiver reads until the client has gone, if it answers with these bytes at the end of the head, and
/// with a 200 once it has this end.
async fn read(mode: SendMode, at_head: &'static [u8], end: &'static [u8]) -> (String, SendResult) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("an address"));
    let receiving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let (mut read, mut piece, mut asked) = (Vec::new(), [0; 4096], false);
        while let Ok(count @ 1..) = stream.read(&mut piece).await {
            read.extend_from_slice(&piece[..count]);
            let has = |end: &[u8]| read.windows(end.len()).any(|part| part == end);
            if !asked && has(b"\r\n\r\n") {
                asked = true;
                let _ = stream.write_all(at_head).await;
            }
            if read.ends_with(end) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
            }
        }
        String::from_utf8(read).expect("text")
    });
    let result = sender().send(RequestKind::Webhook, &request(url, 26), mode, &policy(LONG)).await;
    (receiving.await.expect("no panic"), result)
}

#[tokio::test]
async fn a_request_has_the_form_that_a_fault_gives_it() {
    let body = "abcdefghijklmnopqrstuvwxyz";
    let (usual, result) = read(SendMode::Whole, b"", b"xyz").await;
    assert_eq!(result.outcome.name(), "accepted");
    assert!(usual.starts_with("POST /in HTTP/1.1\r\n") && usual.ends_with(body), "{usual}");
    assert!(usual.contains("\r\nContent-Type: application/json\r\n"), "{usual}");
    for (form, wanted, end) in [
        (WireForm::Http10, "POST /in HTTP/1.0\r\n", "\r\n\r\nabcdefghijklmnopqrstuvwxyz"),
        (
            WireForm::Chunked,
            "\r\nTransfer-Encoding: chunked\r\n",
            "\r\nD\r\nabcdefghijklm\r\nD\r\nnopqrstuvwxyz\r\n0\r\n\r\n",
        ),
        (WireForm::LowerCase, "\r\ncontent-length: 26\r\n", body),
        (WireForm::Expecting, "\r\nExpect: 100-continue\r\n", body),
    ] {
        let last: &[u8] = if form == WireForm::Chunked { b"0\r\n\r\n" } else { b"xyz" };
        let at_head: &[u8] = match form {
            WireForm::Expecting => b"HTTP/1.1 100 Continue\r\n\r\n",
            _ => b"",
        };
        let (text, result) = read(SendMode::As(form), at_head, last).await;
        assert_eq!(result.outcome.name(), "accepted", "{form:?}: {}", result.outcome);
        assert!(text.contains(wanted) && text.ends_with(end), "{form:?}: {text}");
    }
    let (text, _) = read(SendMode::As(WireForm::UpperCase), b"", b"xyz").await;
    let names = text.lines().skip(1).map_while(|line| line.split_once(": ")).map(|(name, _)| name);
    let names: Vec<&str> = names.collect();
    assert!(names.len() >= 6 && names.contains(&"X-GITHUB-EVENT"), "{text}");
    assert!(names.iter().all(|name| *name == name.to_uppercase()), "{text}");
    // Names are as they are documented.
    let (text, result) = read(SendMode::Whole, b"", b"xyz").await;
    assert_eq!(result.outcome.name(), "accepted");
    for name in ["x-api-key", "X-GitHub-Event", "Content-Type", "Content-Length"] {
        assert!(text.contains(&format!("\r\n{name}: ")), "{name}: {text}");
    }
    // Nobody asks for the body: it comes all the same.
    let watch = Stopwatch::start();
    let (text, result) = read(SendMode::As(WireForm::Expecting), b"", b"xyz").await;
    assert_eq!(result.outcome.name(), "accepted");
    assert!(text.ends_with(body) && watch.elapsed() >= Duration::from_millis(990), "{text}");
    assert!(result.took < watch.elapsed(), "the wait is ours: {:?}", result.took);
    // It is refused before it is sent.
    let no = b"HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (text, result) = read(SendMode::As(WireForm::Expecting), no, b"xyz").await;
    assert_eq!(result.outcome.name(), "refused");
    assert!(text.ends_with("\r\n\r\n"), "{text}");
}

#[tokio::test]
async fn a_vendor_that_hangs_up_has_sent_everything_and_sees_no_answer() {
    for after in [Duration::ZERO, Duration::from_millis(30)] {
        let (text, result) = read(SendMode::HangUp(after), b"", b"nothing ends like this").await;
        assert_eq!(result.outcome.name(), "cut-off", "{}", result.outcome);
        assert!(text.ends_with("xyz") && result.answer.is_none(), "{text}");
        assert!(result.took >= after, "it hung up after {:?}", result.took);
    }
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr();
    let url = format!("http://{}/in", gone.expect("an address"));
    let mode = SendMode::HangUp(LONG);
    let result = sender().send(RequestKind::Webhook, &request(url, 26), mode, &policy(LONG)).await;
    assert_eq!(result.outcome.name(), "unreachable", "{}", result.outcome);
}

#[tokio::test]
async fn a_slow_body_ends_with_the_time_out_or_with_the_receiver() {
    let cases = [
        (vec![Step::ReadHead, Step::ReadRest], SHORT, "timed-out"),
        (vec![Step::ReadHead, Step::Hang], SHORT, "timed-out"),
        (vec![Step::ReadHead, Step::Close], LONG, "closed-early"),
        (vec![Step::ReadHead, Step::ReadHalf, Step::Reset], LONG, "closed-early"),
        (
            vec![
                Step::ReadHead,
                Step::Say(b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n".to_vec()),
            ],
            LONG,
            "refused",
        ),
    ];
    let sender = &sender();
    join_all(cases.map(|(script, within, outcome)| async move {
        let receiver = Receiver::start(script.clone()).await;
        let request = request(receiver.url(), 1000);
        let over = if within == SHORT { SHORT * 10 } else { SHORT };
        let result = sender
            .send(RequestKind::Webhook, &request, SendMode::Slow(over), &policy(within))
            .await;
        assert_eq!(result.outcome.name(), outcome, "{script:?}: {}", result.outcome);
        receiver.finish().await.unwrap_or_else(|open| panic!("{script:?}: {open}"));
    }))
    .await;
}
