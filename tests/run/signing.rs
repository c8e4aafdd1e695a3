//! The requests of a vendor that signs, with and without faults.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;
use standin::chance::Chance;
use standin::clock::default_start;
use standin::journal::line;
use standin::model::policy::{Signature, SignedPart};
use standin::model::signature::Retried;
use standin::model::{Authentication, Ordering, Secret};
use standin::policy::senders;
use standin::policy::verify::{Patience, Received, verify};
use standin::run::replay::ReplaySetup;
use standin::vendors::registry;

use super::Run;
use super::heard::{Heard, Listener};

const HEADER: &str = "X-Signature";
const SECRET: &str = "s3cr3t";

/// A run of a vendor that signs URL and body with this secret.
fn signing(url: &str, secret: Option<&str>) -> Run {
    let mut run = Run::new(url, 0, Ordering::None);
    run.set(|route| {
        route.policy.authentication = Authentication::Signature(Signature {
            header: HEADER.to_owned(),
            secret: secret.map(Secret::new),
            over: vec![SignedPart::Url, SignedPart::Body],
            ..Signature::default()
        })
    });
    run
}

fn signature(url: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key will do");
    mac.update(url.as_bytes());
    mac.update(body);
    BASE64.encode(mac.finalize().into_bytes())
}

/// The request that a receiver gets under this fault, the body without the fault, and the URL.
async fn struck(effect: &str) -> (Heard, Vec<u8>, String) {
    let listener = Listener::start("").await;
    let mut run = signing(&listener.url, Some(SECRET));
    run.say(&format!("the next webhook {effect}")).await;
    run.say("Åsa takes a walk-in ticket").await;
    let honest = run.delivery(0).webhook.body.to_vec();
    for attempt in run.driver.journal().attempts() {
        let shown = attempt.headers.iter().filter(|(name, _)| name == HEADER);
        assert!(shown.clone().all(|(_, value)| value == "***"), "{:?}", attempt.headers);
    }
    let heard = listener.heard().remove(0);
    (heard, honest, format!("{}/webhooks/ombori", listener.url))
}

fn json(body: &[u8]) -> Json {
    serde_json::from_slice(body).expect("JSON")
}

#[tokio::test]
async fn a_request_without_faults_is_signed_over_url_and_body() {
    let (heard, honest, url) = struck("is delivered twice").await;
    assert_eq!(heard.body, honest);
    assert_eq!(heard.header(HEADER), [signature(&url, &honest)]);
}

#[tokio::test]
async fn a_body_changed_after_signing_keeps_the_old_signature() {
    let (heard, honest, url) = struck("is tampered with after signing").await;
    assert_eq!(heard.header(HEADER), [signature(&url, &honest)]);
    assert_ne!(json(&heard.body), json(&honest));
    let (heard, honest, url) = struck("is re-serialised after signing").await;
    assert_eq!(heard.header(HEADER), [signature(&url, &honest)]);
    assert_ne!(heard.body, honest);
    assert_eq!(json(&heard.body), json(&honest));
}

#[tokio::test]
async fn reformatted_json_is_signed_as_it_is_sent() {
    let (heard, honest, url) = struck("arrives as reformatted JSON").await;
    assert_ne!(heard.body, honest);
    assert_eq!(json(&heard.body), json(&honest));
    assert_eq!(heard.header(HEADER), [signature(&url, &heard.body)]);
}

#[tokio::test]
async fn damaged_signatures_arrive_as_the_fault_says() {
    let none: [&str; 0] = [];
    assert_eq!(struck("arrives without credentials").await.0.header(HEADER), none);
    assert_eq!(struck("arrives with empty credentials").await.0.header(HEADER), [""]);
    let (heard, ..) = struck("arrives with malformed credentials").await;
    let malformed = heard.header(HEADER)[0];
    assert!(!malformed.is_empty() && BASE64.decode(malformed).is_err());
    let (heard, honest, url) = struck("arrives with wrong credentials").await;
    let wrong = heard.header(HEADER)[0];
    assert!(wrong != signature(&url, &honest) && wrong.len() == signature("", b"").len());
    let (heard, honest, url) = struck("arrives signed for another URL").await;
    let root = url.replace("/webhooks/ombori", "/");
    assert_eq!(heard.header(HEADER), [signature(&root, &honest)]);
}

#[tokio::test]
async fn two_signatures_are_two_header_lines_and_the_second_is_right() {
    let (heard, honest, url) = struck("arrives with two signatures").await;
    let values = heard.header(HEADER);
    assert_eq!(values.len(), 2);
    assert_ne!(values[0], values[1]);
    assert_eq!(values[1], signature(&url, &honest));
}

#[tokio::test]
async fn a_retry_has_the_same_id_and_a_new_time_and_signature() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 1, Ordering::None);
    let sender = senders::find("standard-webhooks").expect("a sender");
    let secret = Some(Secret::new("whsec_c3RhbmRpbg=="));
    let signature = Signature { secret, ..sender.signature().expect("it signs") };
    run.set(|route| route.policy.authentication = Authentication::Signature(signature.clone()));
    run.say("attempt 1 of the next webhook arrives but its answer is lost").await;
    run.say("Anna takes a walk-in ticket").await;
    run.settle().await;
    let heard = listener.heard();
    let both: Vec<&Heard> = heard.iter().filter(|one| one.body == heard[0].body).collect();
    assert_eq!(both.len(), 2);
    let told = |name: &str| [both[0].header(name).concat(), both[1].header(name).concat()];
    let [first, second] = told("webhook-id");
    assert!(first == second && !first.is_empty(), "{first} {second}");
    let [first, second] =
        told("webhook-timestamp").map(|time| time.parse::<i64>().expect("seconds"));
    // A receiver compares the time with its own clock, so it is real; virtual time has no share in it.
    let now = standin::clock::real_time().as_second();
    assert!(second > first && first <= now && now - first < 60, "{first} {second} {now}");
    let [one, other] = told("webhook-signature");
    assert_ne!(one, other);
    for (heard, now_s) in [(both[0], first), (both[1], second)] {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let headers = names.map(|name| (name.to_owned(), heard.header(name).concat()));
        let received = Received { method: "POST", url: None, headers: &headers, body: &heard.body };
        let verdict = verify(&signature, &received, Patience { now_s, tolerance_s: Some(0) });
        assert_eq!(verdict.expect("a key").wrong, [""; 0]);
    }
}

/// The values of a header of a webhook and of its retry, as this sender signs them with this change.
async fn retried(
    sender: &str,
    header: &str,
    change: impl Fn(Signature) -> Signature,
) -> [String; 2] {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 1, Ordering::None);
    let signature = senders::find(sender).expect("a sender").signature().expect("it signs");
    let secret = Some(Secret::new("whsec_c3RhbmRpbi10ZXN0LWtleQ=="));
    let signature = change(Signature { secret, ..signature });
    run.set(|route| route.policy.authentication = Authentication::Signature(signature.clone()));
    run.say("attempt 1 of the next webhook arrives but its answer is lost").await;
    run.say("Anna takes a walk-in ticket").await;
    run.settle().await;
    let heard = listener.heard();
    let both: Vec<&Heard> = heard.iter().filter(|one| one.body == heard[0].body).collect();
    assert_eq!(both.len(), 2);
    [both[0], both[1]].map(|one| one.header(header).concat())
}

#[tokio::test]
async fn a_retry_can_have_the_time_of_the_first_attempt_and_so_its_signature() {
    let same = |signature| Signature { retry_time: Retried::Same, ..signature };
    let [first, second] = retried("stripe", "stripe-signature", same).await;
    assert!(first == second && first.starts_with("t="), "{first} {second}");
}

#[tokio::test]
async fn a_retry_can_have_an_id_of_its_own() {
    let [first, second] = retried("svix", "svix-id", |signature| signature).await;
    assert!(first == second && !first.is_empty(), "{first} {second}");
    let new = |signature| Signature { retry_id: Retried::New, ..signature };
    let [same, other] = retried("svix", "svix-id", new).await;
    assert!(same == first && other != first && other.len() == first.len(), "{same} {other}");
}

#[tokio::test]
async fn without_a_secret_nothing_is_signed() {
    let listener = Listener::start("").await;
    let mut run = signing(&listener.url, None);
    run.say("Anna takes a walk-in ticket").await;
    assert!(listener.heard()[0].header(HEADER).is_empty());
}

#[tokio::test]
async fn the_signature_covers_the_url_that_the_vendor_knows() {
    let public = "https://hooks.example.test/in?of=one";
    for (effect, url) in [
        ("is delivered twice", public),
        ("arrives with two signatures", public),
        ("arrives signed for another URL", "https://hooks.example.test/"),
    ] {
        let listener = Listener::start("").await;
        let mut run = signing(&listener.url, Some(SECRET));
        run.set(|route| {
            route.urls.values_mut().for_each(|address| address.known = public.to_owned());
        });
        run.say(&format!("the next webhook {effect}")).await;
        run.say("Anna takes a walk-in ticket").await;
        let heard = listener.heard().remove(0);
        let right = signature(url, &heard.body);
        assert_eq!(heard.header(HEADER).last(), Some(&right.as_str()), "{effect}");
        for attempt in run.driver.journal().attempts() {
            assert!(attempt.url.starts_with(&listener.url), "{}", attempt.url);
            // What is signed is the whole URL, and shown is what is harmless of it.
            let shown = url.replace("of=one", "of=***");
            assert_eq!(attempt.signed_url, Some(shown));
        }
    }
}

#[tokio::test]
async fn a_replay_signs_for_the_times_that_the_run_was_told() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 0, Ordering::None);
    let sender = senders::find("slack").expect("a sender");
    let secret = Some(Secret::new("k3y"));
    let signature = Signature { secret, ..sender.signature().expect("it signs") };
    run.set(|route| route.policy.authentication = Authentication::Signature(signature.clone()));
    run.say("Anna takes a walk-in ticket").await;
    let lines: Vec<String> = run.driver.journal().entries().map(line).collect();
    let told = r#""entry":"told-time""#;
    assert!(lines.iter().any(|line| line.contains(told)), "{lines:#?}");
    let setup = ReplaySetup {
        vendor: &|name| registry::shipped().find(name),
        route: &|_, _| Some(run.route.clone()),
    };
    // The journal ends before the first answer, as after a crash: the request is to be sent again.
    let is_answered = |line: &&String| !line.contains(r#""entry":"attempted""#);
    let begun = lines.iter().take_while(is_answered).map(String::as_str);
    let fresh = standin::run::Run::new(&Chance::from_seed(1), default_start());
    let replayed = fresh.replay(begun, &setup).expect("it is whole");
    let ticket = replayed.outstanding().next().expect("a request without an answer");
    let heard = listener.heard();
    for name in ["X-Slack-Request-Timestamp", "X-Slack-Signature"] {
        let again = ticket.request.headers.iter().find(|header| header.name == name);
        let again = again.map(|header| header.value.reveal().to_owned());
        assert_eq!(again, Some(heard[0].header(name).concat()), "{name}");
    }
}
