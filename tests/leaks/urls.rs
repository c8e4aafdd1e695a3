//! A key in the query of a URL that requests go to is sent, and shown nowhere.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::answering::{answering_to, whole};
use super::built_in::built_in;
use super::outputs::{printed, written};
use super::{folder, write};

/// What stands in the queries.
const KEYS: [&str; 4] = ["k3y-of-ombori", "k3y-of-waitwhile", "k3y-of-doo", "k3y-of-tokens"];

const FEATURE: &str = "Feature: mine

  Scenario: Ombori
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is accepted

  Scenario: Waitwhile
    Given a Waitwhile account
    When Anna joins the waitlist
    Then every webhook is accepted

  Scenario: doo
    Given a doo account
    When Anna books a ticket
    Then every webhook is accepted
";

fn settings(url: &str) -> String {
    let [ombori, waitwhile, doo, tokens] = KEYS;
    let settings = built_in(&[
        ("http://127.0.0.1:8080", url),
        (
            "deliver: /webhooks/ombori ",
            &format!("deliver: \"/in/ombori?event={{trigger}}&n={ombori}\" "),
        ),
        ("deliver: /webhooks/waitwhile ", &format!("deliver: \"/in/waitwhile?{waitwhile}\" ")),
        ("/webhooks/doo/order-created", &format!("/in/doo?n={doo}")),
        ("endpoint: /oauth/token", &format!("endpoint: /oauth/token?n={tokens}")),
    ]);
    settings.replace("receiver:\n", "receiver:\n  public_url: https://hooks.example.test\n")
}

#[test]
fn no_output_has_a_key_of_a_url_that_requests_go_to() {
    static GOT: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];
    let got = || GOT.each_ref().map(|one| one.load(Ordering::Relaxed));
    let url = answering_to(|_, line| {
        let asked = (0..KEYS.len()).filter(|place| line.contains(KEYS[*place]));
        asked.for_each(|place| _ = GOT[place].fetch_add(1, Ordering::Relaxed));
        match line.contains("/oauth/") {
            true => whole("200 OK", "", "{\"access_token\":\"tok-123\"}"),
            // Not accepted, so that requests are shown.
            false => whole("400 No", "", "no"),
        }
    });
    let folder = folder();
    write(folder.path(), "standin.yaml", &settings(&url));
    write(folder.path(), "own.feature", FEATURE);
    write(folder.path(), "body.json", "{}");
    let mut outputs = printed(
        folder.path(),
        &[
            "check own.feature --no-early-stop --seed 1 -vv --all --json j.json --junit j.xml --html h.html --journal c.journal",
            "doctor",
            "play scenarios/ombori/walk-in.yaml --instant --seed 1 --journal p.journal",
            "send --vendor ombori --trigger positionCreated --body body.json",
            "send --vendor waitwhile --trigger visit.created --body body.json",
            "send --vendor doo --trigger order_created --body body.json --dry-run",
            "curl 1 --report j.json",
            "curl 2 --report j.json",
            "curl 3 --report j.json",
            "journal show c.journal",
            "journal export c.journal",
            "journal export c.journal --format har",
            "journal export c.journal --format curl",
            #[cfg(target_os = "linux")]
            "load --rate 50/s --for 300ms --seed 1 --journal l.journal --html l.html --json l.json --junit l.xml",
        ],
    );
    let before = got();
    assert!(before.iter().all(|count| *count > 0), "each URL was sent as it is: {before:?}");
    outputs.extend(printed(folder.path(), &["journal replay c.journal"]));
    let again = got().into_iter().zip(before).all(|(after, before)| after > before);
    assert!(again, "a replay has the keys again: {outputs:?}");
    outputs.extend(written(folder.path()));
    for (output, said) in &outputs {
        let shown = KEYS.iter().find(|key| said.contains(**key));
        assert!(shown.is_none(), "{output} shows {shown:?}:\n{said}");
    }
    let all: String = outputs.into_iter().map(|(_, said)| said).collect();
    let shown = "/in/ombori?event=positionCreated&n=***";
    assert!(all.contains(shown), "the trigger is shown, and that there is a key");
}
