//! `standin serve` as a process: the control API, the vendors' own APIs, the stream, and the state
//! after a crash.

#[path = "serve/clients.rs"]
mod clients;
#[path = "serve/command.rs"]
mod command;
#[path = "serve/served.rs"]
mod served;

use serde_json::{Value as Json, json};
use served::Served;
use standin::receiver;

/// The reference receiver.
async fn receiver() -> receiver::Running {
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), Default::default());
    receiver::start(options).await.expect("a free port")
}

/// Lets time pass, and waits until it has passed.
async fn advance(served: &Served, account: &str, by: &str) {
    let path = format!("/accounts/{account}/clock");
    let body = Some(json!({ "by": by }));
    let mut clock = served.expect(200, "POST", &format!("{path}/advance"), body).await;
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
    while !clock["passing_to"].is_null() {
        ticks.tick().await;
        clock = served.expect(200, "GET", &path, None).await;
    }
}

async fn say(served: &Served, account: &str, phrase: &str) -> Json {
    let path = format!("/accounts/{account}/actions?wait=delivered");
    served.expect(200, "POST", &path, Some(json!({ "phrase": phrase }))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_played_delivered_looked_at_and_sent_again() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "5"]);
    let made = say(&served, "ombori", "Anna takes a walk-in ticket").await;
    assert_eq!(made["subject"]["state"], "pending");
    let path = "/accounts/ombori/actions/call?wait=delivered";
    let called = served.expect(200, "POST", path, Some(json!({ "arguments": { "who": "Anna" } })));
    assert_eq!(called.await["deliveries"], json!([1]));
    let list = served.expect(200, "GET", "/accounts/ombori/deliveries?limit=1", None).await;
    assert_eq!(list["items"][0]["outcome"], "accepted");
    let next =
        format!("/accounts/ombori/deliveries?cursor={}", list["next"].as_str().expect("more"));
    let rest = served.expect(200, "GET", &next, None).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest["next"], Json::Null);
    let details = served.expect(200, "GET", "/accounts/ombori/deliveries/1", None).await;
    assert_eq!(details["attempts"][0]["status"], 200);
    assert!(!details.to_string().contains("standin-demo-key"), "the key is masked");
    served.expect(202, "POST", "/accounts/ombori/deliveries/1/repeat", None).await;
    let body = json!({ "body": "{", "fault": null });
    let edited =
        served.expect(202, "POST", "/accounts/ombori/deliveries/1/edited", Some(body)).await;
    served.expect(200, "POST", "/accounts/ombori/clock/settle", None).await;
    let path = format!("/accounts/ombori/deliveries/{}", edited["delivery"]);
    let details = served.expect(200, "GET", &path, None).await;
    assert_eq!(
        (&details["attempts"][0]["body"], &details["ended"]["outcome"]),
        (&json!("{"), &json!("refused"))
    );
    let subject = served.expect(200, "GET", "/accounts/ombori/subjects/position/Anna", None).await;
    assert_eq!(
        (&subject["state"], subject["history"].as_array().map(Vec::len)),
        (&json!("notified"), Some(4))
    );
    let path = "/accounts/ombori/subjects/position/Anna/belief";
    let belief = served.expect(200, "GET", path, None).await;
    assert_eq!(
        (&belief["reading"], &belief["fields"]["status"]["same"]),
        (&json!("known"), &json!(true))
    );
    let name = &belief["fields"]["registrationData.name"];
    assert_eq!((&name["same"], name["truth"].is_string()), (&json!(true), true), "{name}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receiver_reads_and_writes_through_the_vendors_own_apis() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "6"]);
    let keys = served.expect(200, "GET", "/accounts/waitwhile/credentials", None).await;
    let key = [("apikey", keys["key"].as_str().expect("a key"))];
    let made = say(&served, "waitwhile", "Anna joins the waitlist").await;
    let id = made["subject"]["id"].as_str().expect("an id");
    let path = format!("/waitwhile/v2/visits/{id}");
    let (status, visit) = served.call("GET", &path, None, &key).await;
    assert_eq!((status, visit["id"].as_str()), (200, Some(id)));
    assert_eq!(served.call("GET", &path, None, &[("apikey", "wrong")]).await.0, 401);
    assert_eq!(served.call("GET", &path, None, &[]).await.0, 401);
    let fault = json!({ "phrase": "the next read from the API is answered 429" });
    served.expect(201, "POST", "/accounts/waitwhile/faults", Some(fault)).await;
    assert_eq!(served.call("GET", &path, None, &key).await.0, 429);
    assert_eq!(served.call("GET", &path, None, &key).await.0, 200);
    let stale = json!({ "phrase": "every read from the API is one version behind" });
    served.expect(201, "POST", "/accounts/waitwhile/faults", Some(stale)).await;
    say(&served, "waitwhile", "staff serve Anna").await;
    let (_, behind) = served.call("GET", &path, None, &key).await;
    assert_eq!(behind["state"], visit["state"], "it is one version behind");
    served.expect(204, "DELETE", "/accounts/waitwhile/faults/1", None).await;
    let (_, now) = served.call("GET", &path, None, &key).await;
    assert_eq!(now["state"], "SERVING");
    let coverage = served.expect(200, "GET", "/accounts/waitwhile/coverage", None).await;
    let called = coverage["items"].as_array().expect("operations").iter();
    assert!(called.filter(|one| one["calls"].as_u64() > Some(0)).count() >= 1, "{coverage}");
    let calls = served.expect(200, "GET", "/accounts/waitwhile/calls?limit=500", None).await;
    assert!(calls["items"].as_array().map(Vec::len) >= Some(12), "{calls}");
    let key = keys["key"].as_str().expect("a key");
    assert!(!calls.to_string().contains(key), "the key is in no journal");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_delivers_each_trigger_to_a_url_of_its_own() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "5"]);
    let deliver = format!("{}/in/{{trigger}}", running.url);
    let account = json!({ "name": "shop", "vendor": "waitwhile", "deliver": deliver });
    served.expect(201, "POST", "/accounts", Some(account)).await;
    say(&served, "shop", "Anna joins the waitlist").await;
    let details = served.expect(200, "GET", "/accounts/shop/deliveries/0", None).await;
    assert_eq!(details["attempts"][0]["url"], format!("{}/in/visit.created", running.url));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_crash() {
    let running = receiver().await;
    let mut served = Served::start(&running.url, &["--seed", "7"]);
    let mut told = 0;
    for life in 0..5 {
        let path = "/accounts/ombori/subjects?limit=500";
        let subjects = served.expect(200, "GET", path, None).await;
        assert_eq!(subjects["items"].as_array().map(Vec::len), Some(told), "in life {life}");
        for _ in 0..=life {
            let phrase = json!({ "phrase": format!("Guest{told} takes a walk-in ticket") });
            served.expect(200, "POST", "/accounts/ombori/actions", Some(phrase)).await;
            told += 1;
        }
        served.kill();
        served.restart();
    }
    served.expect(200, "POST", "/accounts/ombori/clock/settle", None).await;
    let list = served.expect(200, "GET", "/accounts/ombori/deliveries?limit=500", None).await;
    let items = list["items"].as_array().expect("deliveries");
    assert_eq!(items.len(), told);
    assert!(items.iter().all(|one| one["outcome"] == "accepted"), "{list}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_goes_back_to_its_snapshot_and_traffic_comes_and_goes() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--no-accounts"]);
    let new = json!({ "name": "desk", "vendor": "ombori", "seed": 1 });
    served.expect(201, "POST", "/accounts", Some(new.clone())).await;
    assert_eq!(
        served.expect(409, "POST", "/accounts", Some(new)).await["type"],
        "/problems/conflict"
    );
    say(&served, "desk", "Anna takes a walk-in ticket").await;
    let snapshot = served.expect(200, "GET", "/accounts/desk/snapshot", None).await;
    say(&served, "desk", "staff call Anna").await;
    served.expect(200, "PUT", "/accounts/desk/snapshot", Some(snapshot)).await;
    let subject = served.expect(200, "GET", "/accounts/desk/subjects/position/Anna", None).await;
    assert_eq!(subject["state"], "pending");
    served.expect(200, "PUT", "/accounts/desk/traffic", Some(json!({ "per_hour": 60 }))).await;
    served.expect(409, "PUT", "/accounts/desk/traffic", Some(json!({}))).await;
    advance(&served, "desk", "1h").await;
    let before = served.expect(200, "GET", "/accounts/desk", None).await["subjects"].clone();
    assert!(before.as_u64() > Some(20), "{before} subjects");
    served.expect(204, "DELETE", "/accounts/desk/traffic", None).await;
    advance(&served, "desk", "1h").await;
    let after = served.expect(200, "GET", "/accounts/desk", None).await["subjects"].clone();
    assert_eq!(before, after, "nobody comes any more");
    served.expect(204, "DELETE", "/accounts/desk", None).await;
    served.expect(404, "GET", "/accounts/desk", None).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_lets_the_webhooks_of_a_call_leave_before_its_answer() {
    let running = receiver().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("standin.yaml");
    let settings = format!(
        "receiver: {{ url: {} }}\nvendors:\n  waitwhile: {{ deliver: /webhooks/waitwhile, secret: \
         standin-demo-secret, api_race: before }}\n",
        running.url
    );
    std::fs::write(&file, settings).expect("a file");
    let path = file.to_str().expect("UTF-8");
    let served = Served::start(&running.url, &["--seed", "8", "--config", path]);
    let keys = served.expect(200, "GET", "/accounts/waitwhile/credentials", None).await;
    let key = [("apikey", keys["key"].as_str().expect("a key"))];
    let (_, locations) = served.call("GET", "/waitwhile/v2/locations", None, &key).await;
    let visit = json!({ "name": "Anna", "locationId": locations["results"][0]["id"] });
    let (status, made) = served.call("POST", "/waitwhile/v2/visits", Some(visit), &key).await;
    assert_eq!(status, 200, "{made}");
    let path = "/accounts/waitwhile/deliveries?trigger=visit.created";
    let deliveries = served.expect(200, "GET", path, None).await;
    assert_eq!(deliveries["items"][0]["state"], "over", "{deliveries}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_is_played_step_by_step_and_a_step_that_cannot_be_ends_it() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "4"]);
    let shipped = served.expect(200, "GET", "/scenarios", None).await;
    let names = shipped["items"].as_array().expect("scenarios").iter();
    let names: Vec<&str> = names.filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"ombori/walk-in.yaml"), "{names:?}");
    let path = "/accounts/ombori/scenario";
    served.expect(404, "GET", path, None).await;
    served.expect(204, "DELETE", path, None).await;
    served.expect(404, "GET", path, None).await;
    let walk_in = json!({ "name": "ombori/walk-in.yaml" });
    let begun = served.expect(202, "POST", path, Some(walk_in)).await;
    let ended = ended(&served, path).await;
    assert_eq!((&ended["state"], &ended["done"]), (&json!("done"), &begun["steps"]), "{ended}");
    let wrong =
        "vendor: ombori\nabout: a\nsteps:\n  - Bo takes a walk-in ticket\n  - staff check out Bo\n";
    served.expect(202, "POST", path, Some(json!({ "text": wrong }))).await;
    let ended = self::ended(&served, path).await;
    assert_eq!((&ended["state"], &ended["step"]), (&json!("failed"), &json!("staff check out Bo")));
    let other = json!({ "text": "vendor: ombori\nsteps:\n  - Bo flies\n" });
    let problem = served.expect(422, "POST", path, Some(other)).await;
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains(":3:")), "{problem}");
    served.expect(422, "POST", "/accounts/doo/scenario", Some(json!({ "text": wrong }))).await;
    running.stop().await;
}

/// A scenario after it has ended.
async fn ended(served: &Served, path: &str) -> Json {
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(20));
    for _ in 0..1500 {
        ticks.tick().await;
        let progress = served.expect(200, "GET", path, None).await;
        if progress["state"] != "playing" {
            return progress;
        }
    }
    panic!("the scenario does not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_advance_is_answered_and_goes_on_until_it_is_stopped() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "3"]);
    let busy = Some(json!({ "per_hour": 100_000 }));
    served.expect(200, "PUT", "/accounts/ombori/traffic", busy).await;
    let far = Some(json!({ "by": "900h" }));
    let clock = served.expect(200, "POST", "/accounts/ombori/clock/advance", far).await;
    assert!(clock["passing_to"].is_string(), "{clock}");
    let later = served.expect(200, "GET", "/accounts/ombori/clock", None).await;
    assert_eq!(later["passing_to"], clock["passing_to"], "it goes on");
    let near = Some(json!({ "by": "1m" }));
    served.expect(409, "POST", "/accounts/ombori/clock/advance", near).await;
    let stop = Some(json!({ "speed": null }));
    let stopped = served.expect(200, "PUT", "/accounts/ombori/clock", stop).await;
    assert_eq!(stopped["passing_to"], Json::Null);
    assert!(stopped["now"].as_str() < clock["passing_to"].as_str(), "{stopped}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_lags_behind_a_speed_that_nothing_can_keep_and_requests_are_answered() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "3"]);
    let busy = Some(json!({ "per_hour": 100_000 }));
    served.expect(200, "PUT", "/accounts/ombori/traffic", busy).await;
    let fast = Some(json!({ "speed": 1e9 }));
    served.expect(200, "PUT", "/accounts/ombori/clock", fast).await;
    for name in ["Anna", "Bo", "Cleo"] {
        let phrase = Some(json!({ "phrase": format!("{name} takes a walk-in ticket") }));
        served.expect(200, "POST", "/accounts/ombori/actions", phrase).await;
    }
    let stop = Some(json!({ "speed": null }));
    let clock = served.expect(200, "PUT", "/accounts/ombori/clock", stop).await;
    // At this speed, a second would be 31 years.
    assert!(clock["now"].as_str() < Some("2031-03-05"), "{clock}");
    let account = served.expect(200, "GET", "/accounts/ombori", None).await;
    assert!(account["subjects"].as_u64() < Some(50_000), "{account}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_ends_now_goes_on_where_it_was_and_says_what_is_missing() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "8"]);
    for name in ["Anna", "Bo", "Cleo"] {
        say(&served, "ombori", &format!("{name} takes a walk-in ticket")).await;
    }
    let ids = |text: &Json| -> Vec<u64> {
        let lines =
            text.as_str().expect("a stream").lines().filter_map(|line| line.strip_prefix("id: "));
        lines.map(|id| id.parse().expect("a number")).collect()
    };
    let all = ids(&served.expect(200, "GET", "/events?until=now", None).await);
    assert!(all.len() > 15 && all.is_sorted(), "{all:?}");
    let last = all[all.len() / 2].to_string();
    let headers = [("last-event-id", last.as_str())];
    let (_, rest) = served.ask_with("GET", "/events?until=now", None, &headers).await;
    assert_eq!(ids(&rest), all[all.len() / 2 + 1..], "nothing twice, nothing missing");
    let (_, beyond) = served.ask("GET", "/events?until=now&after=999999", None).await;
    assert!(beyond.as_str().is_some_and(|text| text.contains("event: gap")), "{beyond}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_elsewhere_and_callers_without_the_token_are_refused_and_a_key_makes_a_write_once() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--admin-token", "s3cret"]);
    assert_eq!(served.ask("GET", "/health", None).await.0, 200);
    assert_eq!(served.ask("GET", "/accounts", None).await.0, 401);
    let right = ("authorization", "Bearer s3cret");
    assert_eq!(served.ask_with("GET", "/accounts", None, &[right]).await.0, 200);
    let page = ("origin", "http://evil.example.test");
    assert_eq!(served.ask_with("GET", "/accounts", None, &[right, page]).await.0, 403);
    let host = ("host", "evil.example.test");
    assert_eq!(served.ask_with("GET", "/accounts", None, &[right, host]).await.0, 403);
    let once = ("idempotency-key", "k1");
    let phrase = Some(json!({ "phrase": "Anna takes a walk-in ticket" }));
    let path = "/accounts/ombori/actions";
    let first = served.ask_with("POST", path, phrase.clone(), &[right, once]).await;
    let again = served.ask_with("POST", path, phrase, &[right, once]).await;
    assert_eq!((first.0, &first), (200, &again));
    let other = Some(json!({ "phrase": "Bo takes a walk-in ticket" }));
    assert_eq!(served.ask_with("POST", path, other, &[right, once]).await.0, 422);
    let (_, subjects) = served.ask_with("GET", "/accounts/ombori/subjects", None, &[right]).await;
    assert_eq!(subjects["items"].as_array().map(Vec::len), Some(1));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_say_what_was_wrong_where_and_what_is_legal() {
    let running = receiver().await;
    let served = Served::start(&running.url, &["--seed", "9"]);
    say(&served, "ombori", "Anna takes a walk-in ticket").await;
    let path = "/accounts/ombori/actions";
    let illegal = Some(json!({ "phrase": "staff check out Anna" }));
    let problem = served.expect(409, "POST", path, illegal).await;
    assert_eq!(problem["type"], "/problems/not-legal-now");
    assert!(
        problem["legal"].as_array().is_some_and(|legal| legal.contains(&json!("staff call {who}")))
    );
    let problem = served.expect(422, "POST", path, Some(json!({ "phrase": "Anna flies" }))).await;
    assert_eq!(problem["pointer"], "/phrase");
    served.expect(404, "POST", "/accounts/ombori/actions/fly", Some(json!({}))).await;
    served.expect(400, "POST", path, Some(json!({ "phrase": 1 }))).await;
    served.expect(400, "POST", path, None).await;
    served.expect(400, "GET", "/accounts?colour=blue", None).await;
    served.expect(404, "GET", "/accounts/nowhere", None).await;
    served.expect(404, "GET", "/nothing", None).await;
    served.expect(405, "DELETE", "/vendors", None).await;
    let large = json!({ "phrase": "x".repeat(2 << 20) });
    served.expect(413, "POST", path, Some(large)).await;
    let fault = json!({ "phrase": "every webhook is blue" });
    served.expect(422, "POST", "/accounts/ombori/faults", Some(fault)).await;
    served.expect(404, "GET", "/accounts/ombori/deliveries/99", None).await;
    running.stop().await;
}
