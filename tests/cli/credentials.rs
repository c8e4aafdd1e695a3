//! Messages about credentials: the URL, the secret, and what is wrong.

use std::path::Path;

use ::standin::cli::receiver::options;
use ::standin::receiver::{Options, Running, start};

use super::built_in::built_in;
use super::{folder, run, standin, text, write};

const PUBLIC: &str = "https://hooks.example.test/in";
const ONE: &str = "features/waitwhile/signatures.feature";

/// The reference receiver behind a proxy: vendors know another URL.
fn behind_a_proxy() -> (tokio::runtime::Runtime, Running) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Options { mut waitwhile, .. } = options(([127, 0, 0, 1], 0).into(), Default::default());
    if let Some(signing) = &mut waitwhile {
        signing.url = Some(format!("{PUBLIC}/webhooks/waitwhile"));
    }
    let options = options(([127, 0, 0, 1], 0).into(), Default::default());
    let running = runtime.block_on(start(Options { waitwhile, ..options })).expect("a free port");
    (runtime, running)
}

/// standin.yaml for a receiver at this URL, with these lines under `receiver` and `waitwhile`.
fn settings(folder: &Path, url: &str, receiver: &str, waitwhile: &str) {
    let text = built_in(&[
        ("url: http://127.0.0.1:8080", &format!("url: {url}\n{receiver}")),
        ("    secret: ", &format!("{waitwhile}    # ")),
    ]);
    write(folder, "standin.yaml", &text);
}

const SECRET: &str = "    secret: standin-demo-secret\n";

#[test]
fn the_public_url_is_signed() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    // 2024 is a number in YAML, and still names a profile.
    let waitwhile = format!("{SECRET}    profile: 2024\n");
    settings(folder.path(), &receiver.url, &format!("  public_url: {PUBLIC}/"), &waitwhile);
    let checked = run(folder.path(), &["check", ONE, "--seed", "1"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    assert!(!text(&checked.stdout).contains("hint:"), "{}", text(&checked.stdout));
    write(folder.path(), "body.json", "{\"type\":\"visit.removed\"}");
    let shown =
        run(folder.path(), &["send", "--vendor", "waitwhile", "--body", "body.json", "--dry-run"]);
    let shown = text(&shown.stderr);
    assert!(shown.contains(&format!("POST {}/webhooks/waitwhile", receiver.url)), "{shown}");
    assert!(shown.contains(&format!("(signed for {PUBLIC}/webhooks/waitwhile)")), "{shown}");
}

/// The first cause in the list of failures.
fn cause(shown: &str) -> &str {
    let (_, list) = shown.split_once("\nFailed\n").unwrap_or_else(|| panic!("{shown}"));
    let line = list.lines().next().unwrap_or_default();
    line.trim_start_matches(|sign: char| sign == ' ' || sign.is_ascii_digit())
}

#[test]
fn a_vendor_whose_credentials_are_always_refused_gets_a_hint() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    settings(folder.path(), &receiver.url, "", SECRET);
    let arguments = ["check", "features/waitwhile/lifecycles-waitlist.feature", "--seed", "1"];
    let checked = run(folder.path(), &arguments);
    assert_eq!(checked.status.code(), Some(1));
    let shown = text(&checked.stdout);
    let last = cause(&shown);
    assert!(last.starts_with("Waitwhile: all "), "{shown}");
    let url = &receiver.url;
    let end = format!(
        "requests with the right credentials were refused with 401. Is the secret the same? \
         It signs {url}/webhooks/waitwhile followed by the raw body."
    );
    assert!(last.ends_with(&end), "{last}");
    assert!(!shown.contains("standin-demo-secret") && text(&checked.stderr).is_empty());
}

#[test]
fn a_missing_secret_gives_a_warning_about_unsigned_webhooks() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    settings(folder.path(), &receiver.url, "", "");
    let said = "warning: waitwhile has no `secret` in standin.yaml: its webhooks are sent unsigned";
    let checked = run(
        folder.path(),
        &["check", "features/waitwhile/lifecycles-waitlist.feature", "--seed", "1"],
    );
    assert_eq!(text(&checked.stderr).matches(said).count(), 1, "{}", text(&checked.stderr));
    let hint = "and none had any credentials. Give `vendors.waitwhile` a `secret` in standin.yaml";
    assert!(text(&checked.stdout).contains(hint), "{}", text(&checked.stdout));
    let played = run(folder.path(), &["play", "scenarios/waitwhile/waitlist.yaml", "--instant"]);
    assert_eq!(text(&played.stderr).matches(said).count(), 1, "{}", text(&played.stderr));
    let other = run(folder.path(), &["check", "features/ombori/duplicates.feature", "--seed", "1"]);
    assert!(!text(&other.stderr).contains(said), "{}", text(&other.stderr));
}

#[test]
fn the_hint_names_the_header_and_not_its_value() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    settings(folder.path(), &receiver.url, "", SECRET);
    let arguments = ["check", "features/ombori/lifecycles.feature", "--seed", "1"];
    let command = standin(folder.path(), &arguments).env("OMBORI_API_KEY", "an0ther");
    let shown = text(&command.output().expect("the binary runs").stdout);
    let last = cause(&shown);
    assert!(last.starts_with("Ombori: all "), "{shown}");
    assert!(last.ends_with("refused with 401. Is the value of `X-Api-Key` the same?"), "{last}");
    assert!(!shown.contains("an0ther"));
}

#[test]
fn a_receiver_that_issues_no_token_gets_a_hint_about_the_secret() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    let settings = built_in(&[
        ("url: http://127.0.0.1:8080", &format!("url: {}", receiver.url)),
        ("${DOO_CLIENT_SECRET:-standin-demo-client-secret}", "an0ther"),
    ]);
    write(folder.path(), "standin.yaml", &settings);
    let checked = run(folder.path(), &["check", "features/doo/tokens.feature", "--seed", "1"]);
    let shown = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(1), "{shown}");
    assert!(shown.contains("Is the secret of the client `doo` the same?"), "{shown}");
    assert!(!shown.contains("an0ther"), "{shown}");
}

#[test]
fn send_requests_a_token_first_and_does_not_show_it() {
    let (_runtime, receiver) = behind_a_proxy();
    let folder = folder();
    let target = ["--target", &receiver.url];
    let generated = run(folder.path(), &["generate", "--vendor", "doo", "--count", "1"]);
    let line: serde_json::Value = serde_json::from_slice(&generated.stdout).expect("a line");
    write(folder.path(), "body.json", &line["body"].to_string());
    let send = ["send", "--vendor", "doo", "--trigger", "order_created", "--body", "body.json"];
    let sent = run(folder.path(), &[&send[..], &target].concat());
    let (said, shown) = (text(&sent.stdout), text(&sent.stderr));
    assert_eq!(sent.status.code(), Some(0), "{said}{shown}");
    assert!(said.contains("\"access_token\":\"***\"") && said.contains("applied"), "{said}");
    for wanted in ["/oauth/token", "client_secret=***", "Authorization: ***"] {
        assert!(shown.contains(wanted), "{shown}");
    }
    let dry = run(folder.path(), &[&send[..], &target, &["--dry-run"]].concat());
    assert!(text(&dry.stderr).contains("Authorization: ***"), "{}", text(&dry.stderr));
}
