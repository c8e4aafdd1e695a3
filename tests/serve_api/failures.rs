//! What fails on purpose: dead letters, deactivated endpoints, faults; and what cannot be done now.

use serde_json::{Value as Json, json};
use standin::receiver;

use super::hooks::Hooks;
use super::{Served, ask, read, request, say, tell};

const GATEWAY: &str = "every webhook is answered 503 by a gateway";

fn server(receiver: &str) -> Served {
    Served::start(&["--seed", "2", "--target", receiver])
}

/// Sets up a fault.
fn arm(server: &Served, account: &str, phrase: &str) -> Json {
    let path = format!("{account}/faults");
    tell(server, 201, ("POST", &path), Some(json!({ "phrase": phrase }))).json()
}

/// The items of a list below an account.
fn items(server: &Served, path: &str) -> Vec<Json> {
    read(server, path)["items"].as_array().expect("a list").clone()
}

#[test]
fn a_dead_letter_is_listed_read_sent_again_by_name_and_accepted() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    arm(&server, "doo", GATEWAY);
    for event in ["Gala", "Expo"] {
        say(&server, "doo", &format!("the organizer creates the event {event}"));
    }
    assert_eq!(items(&server, "doo/dead-letters"), [] as [Json; 0], "nine attempts are to come");
    tell(&server, 200, ("POST", "doo/clock/settle"), None);
    let dead = items(&server, "doo/dead-letters");
    assert_eq!(dead, items(&server, "doo/deliveries?state=dead"));
    let names: Vec<&Json> = dead.iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Gala", "Expo"]);
    assert!(dead.iter().all(|one| one["attempts"] == 10 && one["outcome"] == "by-gateway"));
    let first = read(&server, "doo/dead-letters?limit=1");
    let next = format!("doo/dead-letters?limit=1&cursor={}", first["next"].as_str().expect("more"));
    let second = read(&server, &next);
    assert_eq!([&first["items"][0], &second["items"][0]], [&dead[0], &dead[1]]);
    assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(1), &Json::Null));
    let details = read(&server, &format!("doo/deliveries/{}", dead[0]["id"]));
    let attempts = details["attempts"].as_array().expect("attempts").iter();
    assert_eq!(attempts.filter(|one| one["request"] == "webhook").count(), 10);
    assert_eq!(
        hooks.count(),
        10 * 2,
        "each attempt has asked for a token, and no more came through"
    );

    tell(&server, 204, ("DELETE", "doo/faults"), None);
    let send = ("POST", "doo/dead-letters/send");
    let sent =
        |name: Json| tell(&server, 200, send, Some(json!({ "name": name }))).json()["sent"].clone();
    assert_eq!((sent(json!("Nobody")), sent(json!("Expo"))), (json!(0), json!(1)));
    assert_eq!(items(&server, "doo/dead-letters").len(), 1);
    assert_eq!((sent(Json::Null), sent(Json::Null)), (json!(1), json!(0)));
    tell(&server, 200, ("POST", "doo/clock/settle"), None);
    assert_eq!(items(&server, "doo/dead-letters"), [] as [Json; 0]);
    let accepted = items(&server, "doo/deliveries?outcome=accepted");
    let names: Vec<&Json> = accepted.iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Expo", "Gala"]);
}

#[test]
fn an_endpoint_that_fails_for_days_is_deactivated_until_it_is_reactivated() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    arm(&server, "waitwhile", GATEWAY);
    say(&server, "waitwhile", "Anna joins the waitlist");
    let later = Some(json!({ "by": "96h" }));
    tell(&server, 200, ("POST", "waitwhile/clock/advance"), later);
    assert_eq!(read(&server, "waitwhile/endpoint")["deactivated"], false);
    say(&server, "waitwhile", "staff flag Anna");
    assert_eq!(read(&server, "waitwhile/endpoint")["deactivated"], true);
    tell(&server, 204, ("DELETE", "waitwhile/faults"), None);
    say(&server, "waitwhile", "staff serve Anna");
    let last = |outcome: &str| {
        let all = items(&server, "waitwhile/deliveries");
        assert_eq!(all.last().expect("a delivery")["outcome"], outcome);
    };
    last("endpoint-deactivated");
    assert_eq!(hooks.count(), 0);
    let again = tell(&server, 200, ("POST", "waitwhile/endpoint/reactivate"), None).json();
    assert_eq!(again["deactivated"], false);
    say(&server, "waitwhile", "staff complete Anna");
    last("accepted");
    assert!(hooks.count() > 0);
}

#[test]
fn an_edited_delivery_is_sent_with_its_body_and_its_fault() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), Default::default());
    let running = runtime.block_on(receiver::start(options)).expect("a free port");
    let server = server(&running.url);
    say(&server, "waitwhile", "Anna joins the waitlist");
    let first = read(&server, "waitwhile/deliveries/0");
    let body = first["attempts"][0]["body"].clone();
    let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    let body = body.replace("Anna", "Hanna");
    let mut outcomes = Vec::new();
    for fault in [Json::Null, json!("arrives with wrong credentials"), json!("is lost")] {
        let edited = Some(json!({ "body": body, "fault": fault }));
        let made = tell(&server, 202, ("POST", "waitwhile/deliveries/0/edited"), edited).json();
        tell(&server, 200, ("POST", "waitwhile/clock/settle"), None);
        let details = read(&server, &format!("waitwhile/deliveries/{}", made["delivery"]));
        outcomes.push(details["ended"]["outcome"].clone());
    }
    assert_eq!(outcomes, ["accepted", "refused", "never-sent"]);
    assert_eq!(items(&server, "waitwhile/faults"), [] as [Json; 0], "they strike nothing else");
    runtime.block_on(running.stop());
}

#[test]
fn faults_are_counted_down_and_removed_one_by_one() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    arm(&server, "waitwhile", "every webhook is delivered twice");
    arm(&server, "waitwhile", "the next webhook is lost");
    let all = arm(&server, "waitwhile", "the next 2 reads from the API are answered 429");
    let left = |list: &Json| -> Vec<(Json, Json)> {
        let items = list["items"].as_array().expect("faults").iter();
        items.map(|one| (one["strikes"].clone(), one["left"].clone())).collect()
    };
    let webhooks = |left: Json| (json!("webhooks"), left);
    let api = |left: u32| (json!("api"), json!(left));
    assert_eq!(left(&all), [webhooks(Json::Null), webhooks(json!(1)), api(2)]);
    let key = read(&server, "waitwhile/credentials")["key"].as_str().expect("a key").to_owned();
    let call = || {
        let headers = [("apikey", key.as_str())];
        let answer = request(server.authority(), "GET", "/waitwhile/v2/visits", &headers, b"");
        answer.expect("an answer").status
    };
    assert_eq!(call(), 429);
    assert_eq!(left(&read(&server, "waitwhile/faults"))[2], api(1));
    assert_eq!([call(), call()], [429, 200]);
    say(&server, "waitwhile", "Anna joins the waitlist");
    assert_eq!(
        left(&read(&server, "waitwhile/faults")),
        [webhooks(Json::Null)],
        "the others are spent"
    );
    assert_eq!(items(&server, "waitwhile/deliveries?outcome=never-sent").len(), 1);
    let all_twice = || hooks.seen().values().all(|count| *count == 2);
    assert!(all_twice());
    arm(&server, "waitwhile", "every read from the API is answered 500");
    tell(&server, 204, ("DELETE", "waitwhile/faults/2"), None);
    assert_eq!(call(), 200);
    tell(&server, 404, ("DELETE", "waitwhile/faults/2"), None);
    say(&server, "waitwhile", "staff serve Anna");
    assert!(all_twice() && !hooks.seen().is_empty(), "the first fault is still there");
    tell(&server, 204, ("DELETE", "waitwhile/faults"), None);
    say(&server, "waitwhile", "staff complete Anna");
    assert!(hooks.seen().values().any(|count| *count == 1), "it is gone");
}

#[test]
fn faults_are_removed_by_their_phrase() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    let phrases = [
        "every webhook is lost",
        "every read from the API is answered 500",
        GATEWAY,
        "every webhook is lost",
    ];
    for phrase in phrases {
        arm(&server, "ombori", phrase);
    }
    let remove = |status, phrase: &str| {
        let path = format!("ombori/faults?phrase={}", phrase.replace(' ', "%20"));
        tell(&server, status, ("DELETE", &path), None)
    };
    let left = || {
        let items = items(&server, "ombori/faults");
        items
            .iter()
            .map(|one| one["phrase"].as_str().expect("a phrase").to_owned())
            .collect::<Vec<_>>()
    };
    remove(204, phrases[0]);
    assert_eq!(left(), [GATEWAY, phrases[1]], "both are gone, and no other");
    let problem = remove(404, "every webhook is answered 503 by a gatway").json();
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains(&format!("did you mean `{GATEWAY}`?")), "{detail}");
    remove(204, phrases[1]);
    assert_eq!(left(), [GATEWAY]);
    remove(204, GATEWAY);
    say(&server, "ombori", "Anna takes a walk-in ticket");
    assert_eq!(hooks.count(), 1, "nothing strikes it");
}

#[test]
fn what_is_under_way_is_not_begun_twice() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    let busy = || Some(json!({ "per_hour": 100_000 }));
    tell(&server, 200, ("PUT", "ombori/traffic"), busy());
    tell(&server, 409, ("PUT", "ombori/traffic"), busy());
    let long = "vendor: ombori\nsteps:\n  - wait: 900h\n";
    let scenario = || Some(json!({ "text": long }));
    tell(&server, 202, ("POST", "ombori/scenario"), scenario());
    while read(&server, "ombori/clock")["passing_to"].is_null() {
        std::thread::yield_now();
    }
    tell(&server, 409, ("POST", "ombori/scenario"), scenario());
    tell(&server, 409, ("POST", "ombori/clock/advance"), Some(json!({ "by": "1m" })));
    tell(&server, 409, ("POST", "ombori/clock/settle"), None);
    tell(&server, 200, ("PUT", "ombori/clock"), Some(json!({ "speed": null })));
    while read(&server, "ombori/scenario")["state"] == "playing" {
        std::thread::yield_now();
    }
    tell(&server, 200, ("POST", "ombori/clock/settle"), None);
    tell(&server, 204, ("DELETE", "ombori/traffic"), None);
    tell(&server, 200, ("PUT", "ombori/traffic"), Some(json!({})));
}

#[test]
fn a_belief_needs_a_probe() {
    let hooks = Hooks::start(|| {});
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("standin.yaml");
    let settings =
        format!("receiver:\n  url: {}\nvendors:\n  ombori:\n    deliver: /hooks\n", hooks.url);
    std::fs::write(&file, settings).expect("a writable file");
    let server = Served::start(&["--config", file.to_str().expect("a path in UTF-8")]);
    say(&server, "ombori", "Anna takes a walk-in ticket");
    let path = "/accounts/ombori/subjects/position/Anna/belief";
    let problem = ask(&server, "GET", path, None).expect(409).json();
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("ombori.position") && detail.contains("probes"), "{detail}");
}

#[test]
fn a_filter_that_nothing_can_fit_is_refused_with_what_is_known_and_near() {
    let hooks = Hooks::start(|| {});
    let server = server(&hooks.url);
    let cases = [
        ("ombori/deliveries?outcome=acepted", 400, "server-error", "did you mean `accepted`?"),
        ("ombori/deliveries?trigger=positionCaled", 422, "positionCreated", "`positionCalled`?"),
        ("ombori/deliveries?state=ovr", 400, "dead", "did you mean `over`?"),
        ("ombori/deliveries?trigr=x", 400, "outcome", "did you mean `trigger`?"),
        ("ombori/subjects?kind=positon", 422, "position", "did you mean `position`?"),
        ("ombori/subjects?state=pendin", 422, "notified", "did you mean `pending`?"),
        ("waitwhile/subjects?kind=message&state=SERVING", 422, "DELIVERED", "there is no state"),
    ];
    for (path, status, known, near) in cases {
        let problem = tell(&server, status, ("GET", path), None).json();
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(known) && detail.contains(near), "{path}: {detail}");
    }
    for path in
        ["deliveries?outcome=no-token", "deliveries?trigger=order_created", "deliveries?name=Bo"]
    {
        assert_eq!(items(&server, &format!("doo/{path}")), [] as [Json; 0]);
    }
}
