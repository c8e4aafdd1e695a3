//! How much `check` shows, and requests that can be sent again.

use std::path::Path;

use crate::built_in::built_in;
use crate::{folder, receiver, run, standin, text, write};

/// A scenario of Waitwhile that fails: the receiver believes something else.
const WRONG: &str = r#"Feature: visits

  Scenario: Anna joins
    Given a Waitwhile account
    And every webhook is delivered twice
    When Anna joins the waitlist
    Then the receiver still has Anna's visit as "COMPLETE"
"#;

fn checked(folder: &Path, url: &str, more: &[&str]) -> String {
    let settings = built_in(&[
        ("http://127.0.0.1:8080", url),
        ("believes_within: 5s", "believes_within: 50ms"),
    ]);
    write(folder, "standin.yaml", &settings);
    write(folder, "wrong.feature", WRONG);
    let output = run(folder, &[&["check"], more].concat());
    text(&output.stdout)
}

#[test]
fn a_run_shows_as_much_as_is_asked_for() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let check = |more: &[&str]| checked(folder.path(), &receiver.url, more);
    let quiet = check(&["features/ombori/acknowledgement.feature", "--quiet"]);
    assert!(!quiet.contains("Standin 0.1.0 checks"), "{quiet}");
    let usual = check(&["wrong.feature", "--seed", "7"]);
    assert!(!usual.contains("content-type: application/json\n"), "{usual}");
    let requests = check(&["wrong.feature", "--seed", "8", "-v"]);
    let line = "      08:00:00  visit.created            Anna";
    assert!(requests.contains(line), "{requests}");
    // They are in columns.
    let rows = requests.lines().filter(|row| row.starts_with("      08:00:0"));
    let arrows: Vec<_> = rows.map(|row| row.split('→').next().map(|part| part.len())).collect();
    assert!(arrows.len() > 3 && arrows.iter().all(|place| *place == arrows[0]), "{requests}");
    assert!(!requests.contains("POST http"), "{requests}");
    let wire = check(&["wrong.feature", "--seed", "9", "-vv"]);
    for part in
        [line, "POST http://", "X-Waitwhile-Signature: ***", "content-type: application/json"]
    {
        assert!(wire.contains(part), "{part} is not in {wire}");
    }
    assert!(!wire.contains("standin-demo-secret"), "{wire}");
    // What probes read is shown of scenarios that pass, too.
    let right =
        WRONG.replace("still has Anna's visit as \"COMPLETE\"", "has Anna's visit as \"WAITING\"");
    write(folder.path(), "right.feature", &right);
    for (more, shown) in [("-v", false), ("-vv", true)] {
        let passed = check(&["right.feature", "--seed", "10", more]);
        assert!(passed.contains("1 passed"), "{passed}");
        let asked = format!("GET {}/visits/", receiver.url);
        for part in ["probe waitwhile.visit  →  200 OK", &asked, "← {\""] {
            assert_eq!(passed.contains(part), shown, "{more}: {part} in {passed}");
        }
    }
}

#[test]
fn the_request_of_a_failure_can_be_sent_again() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let said = checked(
        folder.path(),
        &receiver.url,
        &["wrong.feature", "--seed", "7", "--json", "j.json"],
    );
    assert!(
        said.contains("(whole in the JSON and HTML reports, and from the JSON by `standin curl`)"),
        "{said}"
    );
    let listed = run(folder.path(), &["curl", "--report", "j.json"]);
    assert!(text(&listed.stdout).starts_with("   1  "), "{}", text(&listed.stdout));
    let curl = run(folder.path(), &["curl", "1", "--report", "j.json"]);
    let line = text(&curl.stdout);
    assert!(line.contains("| standin sign --vendor waitwhile --url 'http://"), "{line}");
    assert!(line.ends_with(" --data-binary \"$body\"\n"), "{line}");
    let missing = run(folder.path(), &["curl", "2", "--report", "j.json"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("there is no failure 2: the report has 1"));
}

#[test]
fn a_shell_sends_a_signed_request_again_with_the_same_settings() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let _ = checked(folder.path(), &receiver.url, &["--list"]);
    std::fs::rename(folder.path().join("standin.yaml"), folder.path().join("it's mine.yaml"))
        .expect("renamed");
    let named = ["--config", "it's mine.yaml"];
    let check = ["check", "wrong.feature", "--seed", "11", "--json", "j.json"];
    let _ = run(folder.path(), &[&check[..], &named].concat());
    let curl = run(folder.path(), &["curl", "1", "--report", "j.json"]);
    let line = text(&curl.stdout);
    let binary = Path::new(env!("CARGO_BIN_EXE_standin")).parent().expect("a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").expect("a path"));
    let sent = std::process::Command::new("sh")
        .current_dir(folder.path())
        .env("PATH", path)
        .args(["-c", &line])
        .output()
        .expect("sh runs");
    let said = text(&sent.stdout);
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{line}\n{said}{}", text(&sent.stderr));
}

#[test]
fn quiet_and_verbose_contradict_each_other() {
    let folder = folder();
    for more in ["-v", "-vv"] {
        let output = run(folder.path(), &["check", "-q", more]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("cannot be used with"), "{}", text(&output.stderr));
    }
}

#[test]
fn a_signature_is_that_of_the_vendor_and_no_secret_is_printed() {
    let folder = folder();
    write(folder.path(), "standin.yaml", &built_in(&[]));
    write(folder.path(), "body.json", "{}");
    let arguments = ["sign", "--vendor", "waitwhile", "--body", "body.json", "--url"];
    let signed = |url| {
        let output = standin(folder.path(), &[&arguments[..], &[url]].concat()).output();
        text(&output.expect("the binary runs").stdout)
    };
    let (here, there) = (signed("http://127.0.0.1:1/hook"), signed("http://127.0.0.1:2/hook"));
    // Base64 of the 32 bytes of HMAC-SHA-256.
    assert!(here.len() == 45 && here.ends_with("=\n"), "{here}");
    assert_ne!(here, there, "the signature covers the URL");
    for vendor in ["ombori", "doo"] {
        let refused = run(folder.path(), &["sign", "--vendor", vendor, "--body", "body.json"]);
        assert_eq!(refused.status.code(), Some(2));
        assert_eq!(text(&refused.stdout), "");
        assert!(text(&refused.stderr).contains("signs nothing"), "{}", text(&refused.stderr));
    }
}

#[test]
fn a_vendor_that_is_not_set_up_is_one_line() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let settings = format!(
        "receiver: {{ url: {} }}\nvendors: {{ ombori: {{ deliver: /webhooks/ombori, headers: {{ X-Api-Key: standin-demo-key }} }} }}\n",
        receiver.url
    );
    write(folder.path(), "standin.yaml", &settings);
    let arguments = ["check", "--seed", "7", "--junit", "j.xml", "--html", "h.html"];
    let said = text(&run(folder.path(), &arguments).stdout);
    assert!(!said.contains("doo: "), "{said}");
    let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
    assert_eq!(junit.matches("vendors that are not set up").count(), 1);
    assert!(!junit.contains("features/doo/"), "a scenario of doo is a case");
    let html = std::fs::read_to_string(folder.path().join("h.html")).expect("a report");
    assert!(!html.contains("features/doo/") && html.contains(" scenarios skipped: "));
}
