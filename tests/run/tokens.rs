//! A vendor that requests tokens: when it does so, how it uses the answer, and that it sends no
//! webhook without a token. Also dead letters.

use std::sync::atomic::{AtomicUsize, Ordering as Atomic};
use std::time::Duration;

use standin::clock::{between, default_start};
use standin::model::policy::{Client, InvalidTokens, TOKEN_PLACE, TokenUse};
use standin::model::{Accepted, Attempt, Authentication, OAuth, Ordering, RequestKind, Secret};
use standin::policy::token::Token;

use super::Run;
use super::heard::{Heard, Listener};

const SECRET: &str = "s3cr3t &";
const PER_ATTEMPT: TokenUse = TokenUse::PerAttempt;
const CACHED: TokenUse = TokenUse::Cached { margin: Duration::from_secs(30) };

/// A run of a vendor that requests tokens from this receiver, with this many retries, a minute apart.
fn asking(listener: &Listener, retries: usize, token_use: TokenUse) -> Run {
    let mut run = Run::new(&listener.url, retries, Ordering::None);
    let at = |path: &str| Some(format!("{}{path}", listener.url).into());
    let client = |id: &str| Client { id: id.to_owned(), secret: Secret::new(SECRET) };
    let policy = &mut run.route.policy;
    policy.accepted = Accepted::Exactly200;
    policy.dead_letters = true;
    policy.authentication = Authentication::Token(Box::new(OAuth {
        endpoint: at("/token"),
        client: client("doo"),
        header: "Oauth-Token".to_owned(),
        header_value: format!("T {TOKEN_PLACE}"),
        token_use,
        invalid: InvalidTokens {
            expired: Some(Secret::new("3xpired")),
            revocation: at("/revoke"),
            other_client: Some(client("partner")),
            ..InvalidTokens::default()
        },
        ..OAuth::of("doo")
    }));
    run.set(|_| {});
    run
}

/// An answer with this status and this body.
fn answer(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// A receiver that issues `tok1`, `tok2` … and accepts every webhook.
async fn generous() -> Listener {
    strict(|_, _| 200).await
}

/// The same, but its answer to a webhook depends on the token and on how many tokens were issued.
async fn strict(judge: impl Fn(&str, usize) -> u16 + Send + Sync + 'static) -> Listener {
    let given = AtomicUsize::new(0);
    Listener::answering(move |heard| match heard.path() {
        "/token" => {
            let number = given.fetch_add(1, Atomic::Relaxed) + 1;
            answer(200, &format!(r#"{{"access_token":"tok{number}","expires_in":3600}}"#))
        }
        "/revoke" => answer(200, "{}"),
        _ => {
            let token = heard.header("oauth-token").first().copied().unwrap_or_default().to_owned();
            answer(judge(&token, given.load(Atomic::Relaxed)), &format!("you said {token}"))
        }
    })
    .await
}

/// A receiver whose token endpoint gives this answer.
async fn saying(status: u16, body: &'static str) -> Listener {
    Listener::answering(move |heard| match heard.path() {
        "/token" => answer(status, body),
        _ => answer(200, ""),
    })
    .await
}

/// The requests in order: `token`, or the token that a webhook carried.
fn asked(listener: &Listener) -> Vec<String> {
    let said = |heard: &Heard| match heard.path() {
        "/token" => "token".to_owned(),
        "/revoke" => format!("revoke {}", String::from_utf8_lossy(&heard.body)),
        _ => heard.header("oauth-token").first().copied().unwrap_or("nothing").to_owned(),
    };
    listener.heard().iter().map(said).collect()
}

fn attempts(run: &Run) -> Vec<Attempt> {
    run.driver.journal().attempts().cloned().collect()
}

fn outcomes(run: &Run) -> Vec<(&'static str, &'static str)> {
    attempts(run).iter().map(|one| (one.request.name(), one.outcome.name())).collect()
}

const ANNA: &str = "Anna takes a walk-in ticket";
const BO: &str = "Bo takes a walk-in ticket";

#[tokio::test]
async fn each_attempt_asks_for_a_token_of_its_own() {
    let listener = generous().await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.story(&[ANNA, BO]).await;
    assert_eq!(asked(&listener), ["token", "T tok1", "token", "T tok2"]);
    let form = &listener.heard()[0];
    let wanted = "client_id=doo&client_secret=s3cr3t+%26&grant_type=client_credentials";
    assert_eq!(String::from_utf8_lossy(&form.body), wanted);
    assert_eq!(form.header("content-type"), ["application/x-www-form-urlencoded"]);
}

#[tokio::test]
async fn no_secret_and_no_token_is_in_the_journal() {
    let listener = strict(|_, _| 403).await;
    let mut run = asking(&listener, 1, PER_ATTEMPT);
    run.say("attempt 2 of every webhook arrives with a revoked token").await;
    run.story(&[ANNA]).await;
    run.settle().await;
    let journal = run.driver.journal().to_json_lines();
    for secret in ["s3cr3t", "tok1", "tok2"] {
        assert!(!journal.contains(secret), "{secret} is in\n{journal}");
    }
    assert!(journal.contains("client_secret=***") && journal.contains("you said ***"), "{journal}");
}

#[tokio::test]
async fn a_cached_token_is_used_until_shortly_before_it_expires() {
    let listener = generous().await;
    let mut run = asking(&listener, 0, CACHED);
    run.story(&[ANNA, BO]).await;
    run.pass(Duration::from_secs(3569)).await;
    run.say("Cleo takes a walk-in ticket").await;
    run.pass(Duration::from_secs(1)).await;
    run.say("Dan takes a walk-in ticket").await;
    assert_eq!(asked(&listener), ["token", "T tok1", "T tok1", "T tok1", "token", "T tok2"]);
}

#[tokio::test]
async fn a_token_that_is_held_from_elsewhere_is_used_like_one_that_was_asked_for() {
    let held = || Token { secret: Secret::new("h3ld"), lives: Some(Duration::from_secs(600)) };
    let refuses = |refused: bool| {
        strict(move |token, _| if refused && token == "T h3ld" { 401 } else { 200 })
    };
    for (token_use, refused, wanted) in [
        (CACHED, false, vec!["T h3ld", "T h3ld", "token", "T tok1"]),
        (CACHED, true, vec!["T h3ld", "token", "T tok1", "T tok1", "T tok1"]),
        (PER_ATTEMPT, false, vec!["token", "T tok1", "token", "T tok2", "token", "T tok3"]),
    ] {
        let listener = refuses(refused).await;
        let mut run = asking(&listener, 0, token_use);
        run.story(&[]).await;
        run.driver.hold_token(0, &held()).expect("a journal in memory");
        run.say(ANNA).await;
        run.say(BO).await;
        run.pass(Duration::from_secs(570)).await;
        run.say("Cleo takes a walk-in ticket").await;
        assert_eq!(asked(&listener), wanted, "{token_use:?}, refused: {refused}");
        let journal = run.driver.journal().to_json_lines();
        assert!(journal.contains(r#""entry":"token-held""#), "{journal}");
        assert!(!journal.contains("h3ld"), "{journal}");
    }
}

#[tokio::test]
async fn a_cached_token_that_is_refused_is_replaced_once_in_the_same_attempt() {
    // Once a second token is issued, the first one is refused.
    let listener =
        strict(|token, given| if token == "T tok1" && given == 1 { 401 } else { 200 }).await;
    let mut run = asking(&listener, 0, CACHED);
    run.say("the next webhook is lost").await;
    run.say(ANNA).await;
    run.say(BO).await;
    assert_eq!(
        asked(&listener),
        ["token", "T tok1"],
        "a token that has just been given out is not asked for again"
    );
    run.say("Cleo takes a walk-in ticket").await;
    assert_eq!(asked(&listener)[2..], ["T tok1", "token", "T tok2"]);
    assert_eq!(outcomes(&run).last(), Some(&("webhook", "accepted")));
    let deliveries = run.driver.deliveries();
    let cleo = deliveries.last().expect("hers");
    assert_eq!((cleo.attempts, cleo.is_over()), (1, true));
}

#[tokio::test]
async fn a_fresh_token_is_requested_once_even_if_it_is_refused_again() {
    let listener = strict(|_, _| 401).await;
    let mut run = asking(&listener, 0, CACHED);
    run.story(&[ANNA, BO]).await;
    let wanted = ["token", "T tok1", "T tok1", "token", "T tok2"];
    assert_eq!(asked(&listener), wanted);
    assert_eq!(outcomes(&run).last(), Some(&("webhook", "refused")));
}

#[tokio::test]
async fn per_attempt_a_401_is_a_failed_attempt_like_any_other() {
    let listener = strict(|_, given| if given == 1 { 401 } else { 200 }).await;
    let mut run = asking(&listener, 1, PER_ATTEMPT);
    run.say(ANNA).await;
    run.settle().await;
    assert_eq!(asked(&listener), ["token", "T tok1", "token", "T tok2"]);
    let minute = Duration::from_secs(60);
    let times: Vec<_> = attempts(&run).iter().map(|one| between(default_start(), one.at)).collect();
    assert_eq!(times, [Duration::ZERO, Duration::ZERO, minute, minute]);
}

#[tokio::test]
async fn without_a_token_no_webhook_is_sent() {
    for (status, body, outcome) in [
        (401, r#"{"message":"wrong secret"}"#, "refused"),
        (500, "", "server-error"),
        (302, "", "redirected"),
        (201, r#"{"access_token":"tok"}"#, "unexpected-status"),
        (204, "", "unexpected-status"),
        (200, "not JSON", "no-token"),
        (200, "{}", "no-token"),
        (200, "", "no-token"),
        (200, r#"{"access_token":""}"#, "no-token"),
        (200, r#"{"access_token":5}"#, "no-token"),
        (200, "{\"access_token\":\"a\\r\\nb: c\"}", "no-token"),
    ] {
        for token_use in [PER_ATTEMPT, CACHED] {
            let listener = saying(status, body).await;
            let mut run = asking(&listener, 2, token_use);
            run.say(ANNA).await;
            run.settle().await;
            assert_eq!(asked(&listener), ["token"; 3], "{status} {body}");
            assert_eq!(outcomes(&run), [("token request", outcome); 3], "{status} {body}");
            let anna = run.delivery(0);
            assert_eq!(anna.outcome().map(standin::model::Outcome::name), Some(outcome));
            assert!(anna.is_dead_letter());
        }
    }
}

#[tokio::test]
async fn faults_of_token_requests_are_failed_attempts() {
    for (effect, outcome, heard) in [
        ("is lost", "never-sent", 0),
        ("is answered 503 by a gateway", "by-gateway", 0),
        ("times out on its way", "timed-out-on-its-way", 0),
        (r#"is answered with "not JSON" by a gateway"#, "by-gateway", 0),
        ("arrives but its answer is lost", "acknowledgement-lost", 1),
        ("arrives but is answered 502 by a gateway", "by-gateway", 1),
        ("is reset mid-body", "cut-off", 0),
    ] {
        let listener = generous().await;
        let mut run = asking(&listener, 1, PER_ATTEMPT);
        run.say(&format!("attempt 1 of every token request {effect}")).await;
        run.say(ANNA).await;
        run.settle().await;
        let came = outcomes(&run);
        assert_eq!(came[0], ("token request", outcome), "{effect}");
        assert_eq!(came[1..], [("token request", "accepted"), ("webhook", "accepted")], "{effect}");
        assert_eq!(asked(&listener).len(), heard + 2, "{effect}");
    }
}

#[tokio::test]
async fn the_vendor_uses_a_token_that_a_gateway_made_up() {
    let listener = generous().await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.say(
        r#"the next token request is answered with "{\"access_token\":\"made-up\"}" by a gateway"#,
    )
    .await;
    run.say(ANNA).await;
    assert_eq!(asked(&listener), ["T made-up"]);
}

#[tokio::test]
async fn the_secret_is_damaged_as_the_fault_says() {
    for (effect, field) in [
        ("arrives without credentials", "client_id=doo&grant_type=client_credentials"),
        (
            "arrives with empty credentials",
            "client_id=doo&client_secret=&grant_type=client_credentials",
        ),
    ] {
        let listener = generous().await;
        let mut run = asking(&listener, 0, PER_ATTEMPT);
        run.say(&format!("the next token request {effect}")).await;
        run.say(ANNA).await;
        assert_eq!(String::from_utf8_lossy(&listener.heard()[0].body), field);
    }
}

#[tokio::test]
async fn tokens_that_must_be_refused_are_real_ones() {
    for (effect, wanted) in [
        ("arrives without credentials", &["nothing"][..]),
        ("arrives with empty credentials", &[""]),
        ("arrives with malformed credentials", &["!neither token nor base64!"]),
        ("arrives with an expired token", &["T 3xpired"]),
        ("arrives with the token of another client", &["token", "T tok1"]),
        (
            "arrives with a revoked token",
            &["token", "revoke token=tok1&client_id=doo&client_secret=s3cr3t+%26", "T tok1"],
        ),
    ] {
        let listener = generous().await;
        let mut run = asking(&listener, 0, PER_ATTEMPT);
        run.say(&format!("the next webhook {effect}")).await;
        run.say(ANNA).await;
        assert_eq!(asked(&listener), wanted, "{effect}");
    }
    let listener = generous().await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.say("the next webhook arrives with wrong credentials").await;
    run.say(ANNA).await;
    let said = asked(&listener);
    assert!(said[1].starts_with("T ") && said[1] != "T tok1" && said[1].len() == 6, "{said:?}");
}

#[tokio::test]
async fn another_client_differs_from_the_vendors_own() {
    let listener = generous().await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.say("the next webhook arrives with the token of another client").await;
    run.say(ANNA).await;
    assert!(listener.heard()[0].body.starts_with(b"client_id=partner&"));
}

#[tokio::test]
async fn a_token_that_the_receiver_does_not_revoke_is_not_sent() {
    let listener = Listener::answering(|heard| match heard.path() {
        "/token" => answer(200, r#"{"access_token":"tok1"}"#),
        "/revoke" => answer(403, ""),
        _ => answer(200, ""),
    })
    .await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.say("the next webhook arrives with a revoked token").await;
    run.say(ANNA).await;
    assert_eq!(asked(&listener).len(), 2);
    let outcome = run.delivery(0).outcome().expect("one").to_string();
    assert_eq!(outcome, "no token: the receiver did not revoke it (refused)");
    assert!(attempts(&run).iter().any(|one| one.request == RequestKind::Revocation));
}

#[tokio::test]
async fn duplicates_of_an_attempt_share_its_token() {
    for effect in ["is delivered 3 times", "is delivered 3 times at the same instant"] {
        let listener = generous().await;
        let mut run = asking(&listener, 0, PER_ATTEMPT);
        run.say(&format!("the next webhook {effect}")).await;
        run.say(ANNA).await;
        assert_eq!(asked(&listener), ["token", "T tok1", "T tok1", "T tok1"], "{effect}");
    }
}

#[tokio::test]
async fn a_webhook_that_is_never_sent_requests_no_token() {
    let listener = generous().await;
    let mut run = asking(&listener, 0, PER_ATTEMPT);
    run.say("the next webhook is lost").await;
    run.say(ANNA).await;
    assert_eq!(asked(&listener), [""; 0]);
}

#[tokio::test]
async fn anything_but_200_is_a_failure_and_is_tried_again_ten_times_in_all() {
    for status in [201, 202, 204, 302, 404, 500] {
        let listener = strict(move |_, _| status).await;
        let mut run = asking(&listener, 9, PER_ATTEMPT);
        run.say(ANNA).await;
        run.settle().await;
        let anna = run.delivery(0);
        assert_eq!((anna.attempts, anna.is_dead_letter()), (10, true), "{status}");
        assert_eq!(listener.heard().len(), 20, "{status}: a token and a webhook each time");
    }
}

#[tokio::test]
async fn dead_letters_are_sent_again_in_order_and_once() {
    let listener = generous().await;
    let mut run = asking(&listener, 9, PER_ATTEMPT);
    run.say("every webhook is answered 500 by a gateway").await;
    run.story(&[ANNA, BO]).await;
    run.settle().await;
    let dead =
        |run: &Run| run.driver.deliveries().iter().filter(|one| one.is_dead_letter()).count();
    assert_eq!((dead(&run), listener.heard().len()), (2, 20), "ten token requests each");
    assert!(run.driver.journal().to_json_lines().contains(r#""entry":"dead-lettered""#));
    run.disarm();
    run.send_dead_letters(Some("Bo")).await;
    assert_eq!((dead(&run), run.driver.deliveries().len()), (1, 3));
    run.send_dead_letters(None).await;
    run.send_dead_letters(None).await;
    assert_eq!((dead(&run), run.driver.deliveries().len()), (0, 4));
    let again: Vec<std::sync::Arc<str>> =
        run.driver.deliveries().iter().skip(2).filter_map(|one| one.webhook.name.clone()).collect();
    assert_eq!(again, ["Bo".into(), "Anna".into()]);
    let last = attempts(&run).last().map(|one| between(default_start(), one.at));
    assert_eq!(last, Some(Duration::from_secs(540)), "not before the last of the ten attempts");
}

#[tokio::test]
async fn a_dead_letter_that_fails_again_is_a_dead_letter_again() {
    let listener = saying(500, "").await;
    let mut run = asking(&listener, 1, PER_ATTEMPT);
    run.say(ANNA).await;
    run.send_dead_letters(None).await;
    let dead: Vec<bool> =
        run.driver.deliveries().iter().map(standin::run::Delivery::is_dead_letter).collect();
    assert_eq!(dead, [false, true]);
    assert_eq!(asked(&listener), ["token"; 4]);
}
