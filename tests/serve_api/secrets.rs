//! A journal holds no secret of a query: neither of a call of a vendor's API, nor of a URL to deliver to. A
//! restart from it does the same all the same.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::hooks::Hooks;
use super::{Served, ask, read, request, say};

/// What begins each secret of this test.
const SECRET: &str = "s3cr3t";

/// Settings with a secret in each query, except that of this vendor.
fn settings(receiver: &str, but: &str) -> String {
    let settings = format!(
        "receiver: {{ url: '{receiver}' }}
vendors:
  ombori: {{ deliver: '/in/ombori?token={SECRET}-ombori', headers: {{ X-Api-Key: a-key }} }}
  waitwhile: {{ deliver: '/in/waitwhile?token={SECRET}-waitwhile', secret: a-signing-key }}
  doo:
    deliver: '/in/doo/{{trigger}}?key={SECRET}-doo'
    oauth: {{ endpoint: '/oauth?code={SECRET}-tokens', client_secret: of-the-client }}
"
    );
    settings.replace(&format!("={SECRET}-{but}"), "=other")
}

/// A server with these settings.
fn start(folder: &Path, settings: &str) -> Served {
    let file = folder.join("standin.yaml");
    std::fs::write(&file, settings).expect("a writable folder");
    Served::start(&["--seed", "13", "--config", file.to_str().expect("UTF-8")])
}

/// The texts that the journal must not hold: the keys of the accounts.
fn keys(server: &Served) -> Vec<String> {
    let of = |account: &str| {
        let keys = read(server, &format!("{account}/credentials"));
        ["key", "client_secret"].map(|name| keys[name].as_str().expect("a text").to_owned())
    };
    ["ombori", "waitwhile", "doo"].iter().flat_map(|account| of(account)).collect()
}

/// A call of a vendor's API with the key of its account.
fn call(server: &Served, vendor: &str, (method, path): (&str, &str), body: &Json) -> (u16, Json) {
    let keys = read(server, &format!("{vendor}/credentials"));
    let key = keys["key"].as_str().expect("a key");
    let headers = [("content-type", "application/json"), ("apikey", key), ("x-api-key", key)];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = request(server.authority(), method, path, &headers, body.as_bytes());
    let answer = answer.expect("an answer");
    let text = String::from_utf8_lossy(&answer.body);
    (answer.status, serde_json::from_str(&text).unwrap_or(Json::Null))
}

/// Puts secrets where a caller may put them.
fn careless(server: &Served, key: &str) {
    let visits = "/waitwhile/v2/visits";
    for (vendor, path) in [
        ("waitwhile", format!("{visits}?apikey={SECRET}-1&limit=1&client_secret={SECRET}-2")),
        ("waitwhile", format!("{visits}?{SECRET}-3&API%4bey={SECRET}%2d4&=s3cr3t-5")),
        ("waitwhile", format!("{visits}/{key}?q={key}")),
        ("waitwhile", format!("/waitwhile/v2/nothing/{key}?token={SECRET}-6")),
        ("waitwhile", format!("/waitwhile/v2/customers/search?q={key}")),
        ("ombori", format!("/ombori/nothing?ApiKey={SECRET}-7&limit={SECRET}-8")),
        ("doo", format!("/doo/v1/events?access_token={SECRET}-9&page_size=1")),
    ] {
        call(server, vendor, ("GET", &path), &Json::Null);
    }
    for body in [json!({ "notes": key }), json!([key, { "clientSecret": key }]), json!(key)] {
        call(server, "waitwhile", ("POST", visits), &body);
    }
    let form = format!("client_secret={key}&apikey={key}");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("apikey", key)];
    request(server.authority(), "POST", visits, &headers, form.as_bytes()).expect("an answer");
}

/// Registers endpoints through the vendors' APIs. The second one's secret is known nowhere else.
fn register(server: &Served, receiver: &str) {
    let hooks = "/waitwhile/v2/webhooks";
    for url in ["in/waitwhile?b=1&token=s3cr3t-waitwhile", "lost?token=s3cr3t-lost"] {
        let body = json!({ "url": format!("{receiver}/{url}"), "eventTypes": ["visit.created"] });
        let (status, made) = call(server, "waitwhile", ("POST", hooks), &body);
        assert_eq!((status, &made["url"]), (200, &body["url"]), "its caller is shown what it said");
    }
    call(server, "waitwhile", ("GET", hooks), &Json::Null);
}

fn entries(server: &Served, account: &str) -> Vec<Json> {
    let snapshot = read(server, &format!("{account}/snapshot"));
    snapshot["entries"].as_array().expect("entries").clone()
}

/// Whether the journal has this text anywhere in its files.
fn holds(server: &Served, text: &str) -> bool {
    let journal = server.journal();
    let wal = journal.with_extension("db-wal");
    let read = |path: &Path| std::fs::read(path).unwrap_or_default();
    [read(&journal), read(&wal)]
        .iter()
        .any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[test]
fn a_journal_has_no_secret_of_a_query_and_a_restart_does_the_same() {
    let (hooks, folder) = (Hooks::start(|| {}), tempfile::tempdir().expect("a folder"));
    let mut server = start(folder.path(), &settings(&hooks.url, "nobody"));
    let new = json!({
        "name": "shop", "vendor": "ombori", "deliver": format!("{}/shop?n=1&token=s3cr3t-ombori", hooks.url),
    });
    let made = ask(&server, "POST", "/accounts", Some(new)).expect(201).json();
    assert!(!made.to_string().contains(SECRET), "{made}");
    register(&server, &hooks.url);
    let secrets = keys(&server);
    careless(&server, &secrets[2]);
    let act = |server: &Served, who: &str| {
        say(server, "shop", &format!("{who} takes a walk-in ticket"));
        say(server, "waitwhile", &format!("staff add {who} to the waitlist"));
        say(server, "doo", &format!("the organizer creates the event {who}"));
    };
    act(&server, "Anna");
    let all = [
        "/in/doo/event_created?key=s3cr3t-doo",
        "/oauth?code=s3cr3t-tokens",
        "/in/waitwhile?b=1&token=s3cr3t-waitwhile",
        "/shop?n=1&token=s3cr3t-ombori",
    ];
    let lost = "/lost?token=s3cr3t-lost";
    let arrived = |with: &[&str]| {
        let mut wanted: Vec<&str> = [&all[..], with].concat();
        wanted.sort_unstable();
        assert_eq!(hooks.paths().into_iter().collect::<Vec<_>>(), wanted);
    };
    arrived(&[lost]);
    let before = ["shop", "waitwhile", "doo"].map(|account| entries(&server, account));
    assert!(holds(&server, "/in/waitwhile?b=1"), "the journal is searched");
    for secret in secrets.iter().map(String::as_str).chain([SECRET]) {
        assert!(!holds(&server, secret), "{secret} is in the journal");
    }
    server.kill();
    hooks.forget_paths();
    server.restart();
    for (account, before) in ["shop", "waitwhile", "doo"].into_iter().zip(before) {
        let after = entries(&server, account);
        assert_eq!(after[..before.len()], before, "{account}");
    }
    act(&server, "Ben");
    arrived(&[]);
    let last = read(&server, "waitwhile/deliveries?limit=500");
    let last = last["items"].as_array().and_then(|all| all.last()).expect("a delivery").clone();
    let details = read(&server, &format!("waitwhile/deliveries/{}", last["id"]));
    let why = "so the value of `token` in its URL is lost";
    assert!(details.to_string().contains(why), "{details}");
    assert!(!holds(&server, SECRET), "nor afterwards");
}

#[test]
fn a_secret_that_a_restart_could_not_get_back_is_refused_and_said() {
    let (hooks, folder) = (Hooks::start(|| {}), tempfile::tempdir().expect("a folder"));
    let mut server = start(folder.path(), &settings(&hooks.url, "nobody"));
    let account = |url: &str| {
        let deliver = json!({ "positionCreated": format!("{}/{url}", hooks.url) });
        json!({ "name": "shop", "vendor": "ombori", "deliver": deliver })
    };
    for (url, why) in [
        ("in?pass=s3cr3t-x", "needs the same `pass`"),
        ("in?s3cr3t-x", "needs the same ``"),
        ("in?token=s3cr3t-x", "has another one there"),
    ] {
        let refused = ask(&server, "POST", "/accounts", Some(account(url))).expect(422).json();
        assert_eq!(refused["pointer"], "/deliver");
        let detail = refused["detail"].as_str().expect("why");
        assert!(detail.contains(why) && !detail.contains(SECRET), "{detail}");
    }
    ask(&server, "POST", "/accounts", Some(account("in?n=1&token=s3cr3t-ombori"))).expect(201);
    server.kill();
    let other = settings(&hooks.url, "ombori").replace("token=other", "n=2");
    std::fs::write(folder.path().join("standin.yaml"), other).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["serve", "--port", "0", "--journal"])
        .arg(server.journal())
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`shop` cannot be restored") && said.contains("`token`"), "{said}");
}
