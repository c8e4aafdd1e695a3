//! The rules of the contract on the command line: from the binary alone, in an empty folder.

use snapbox::{assert_data_eq, str};
use standin::receiver::Defect;

use crate::{folder, receiver, run, standin, text, write};

/// A user's own feature with a rule. No receiver keeps its second scenario.
const OWN: &str = include_str!("features/own-rule.feature");

#[test]
fn a_rule_is_explained() {
    let folder = folder();
    let output = run(folder.path(), &["explain", "money"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_data_eq!(
        text(&output.stdout),
        str![[r#"
rule money (must): An amount is right to the cent

features/doo/changes.feature:[..]  1 scenario
features/doo/money.feature:5  [..] scenarios
features/doo/nasty.feature:[..]  [..] scenarios
  Why: An amount that is off by one cent spoils the bookkeeping of a whole
    month.
  Documented: payment.amount is a string with a number, [..]
...
    https://github.com/viovendi/doo-api-gateway/blob/[..]/doo-swagger.json
  Assumed: [..]
...

Check it alone: standin check --tags @rule:money

"#]]
    );
    let listed = text(&run(folder.path(), &["explain"]).stdout);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let money = "money must An amount is right to the cent";
    assert!(listed.lines().any(|line| words(line) == money), "{listed}");
    let of_vendors = text(&run(folder.path(), &["check", "--list"]).stdout);
    write(folder.path(), "body.json", "{}");
    let of_sender = |sender: &str, variable: &str, tags: &str| {
        let list = ["check", "--as", sender, "--body", "body.json", "--deliver", "/", "--list"];
        let command = standin(folder.path(), &list);
        let output = command.args(["--tags", tags]).env(variable, "whsec_c3RhbmRpbg==").output();
        text(&output.expect("the binary runs").stdout)
    };
    let of_senders = [
        of_sender("standard-webhooks", "WEBHOOK_SECRET", "@sender"),
        of_sender("slack", "SLACK_SIGNING_SECRET", "@challenges"),
        of_sender("github", "GITHUB_WEBHOOK_SECRET", "@pings"),
        of_sender(
            "cloudevents",
            "CLOUDEVENTS_TOKEN",
            "@asks-leave or @sends-token or @content-cloudevents",
        ),
    ];
    // Waitwhile documents two logins, and standin.yaml chooses one of them.
    let other = super::folder();
    write(other.path(), "standin.yaml", OTHER_LOGIN);
    let of_the_other_login = text(
        &run(other.path(), &["check", "--list", "--vendor", "waitwhile", "--tags", "@login-token"])
            .stdout,
    );
    // Any vendor can sign. This signature covers all that a scenario can be about.
    let own = super::folder();
    write(own.path(), "standin.yaml", &own_logins());
    let tags = "@login-signature and not (@waitwhile and @rule:credentials)";
    let of_own_logins = text(&run(own.path(), &["check", "--list", "--tags", tags]).stdout);
    // A gateway can add fixed headers or ask for tokens, for any vendor.
    let gateway = super::folder();
    write(gateway.path(), "standin.yaml", BEHIND_GATEWAYS);
    let tags = "@login-token or (@login-headers and not @ombori)";
    let of_gateways = text(&run(gateway.path(), &["check", "--list", "--tags", tags]).stdout);
    // And a client with a secret can ask for tokens where the vendor documents an assertion.
    let client = super::folder();
    write(client.path(), "standin.yaml", OF_A_CLIENT);
    let list = ["check", "--list", "--tags", "@login-client"];
    let of_a_client = text(&run(client.path(), &list).stdout);
    // Any vendor can have a client that signs assertions.
    let signing = super::folder();
    write(signing.path(), "standin.yaml", &of_signing_clients());
    let list = ["check", "--list", "--tags", "@login-private-key"];
    let of_signing_clients = text(&run(signing.path(), &list).stdout);
    let count = |listed: &str| -> usize {
        let totals = listed.lines().rev().find(|line| line.contains(" scenarios")).expect("totals");
        let before = totals.split(" scenarios").next().expect("a number");
        before.rsplit(' ').next().expect("a number").parse().expect("a number")
    };
    // Standard Webhooks signs no URL, and its body is no form: so many scenarios are about that. Ombori has one header.
    let of_others = 1 + 1 + 3 + 2;
    let of_senders: usize = of_senders.iter().map(|listed| count(listed)).sum();
    let of_logins =
        [of_the_other_login, of_own_logins, of_gateways, of_a_client, of_signing_clients];
    let of_logins: usize = of_logins.iter().map(|listed| count(listed)).sum();
    assert_eq!(count(&listed), count(&of_vendors) + of_senders + of_logins + of_others);
}

/// Settings in which each vendor signs.
fn own_logins() -> String {
    let section = |name: &str| {
        format!(
            "  {name}:\n    deliver: /hooks/{{trigger}}\n    secret: whsec_c3RhbmRpbg==\n    signature:\n      \
             like: standard-webhooks\n      over: \"{{id}}.{{timestamp}}.{{url}}.{{body}}\"\n"
        )
    };
    let sections: String = ["ombori", "waitwhile", "doo"].map(section).concat();
    format!("receiver:\n  url: http://127.0.0.1:1\nvendors:\n{sections}")
}

/// Settings in which each vendor has a client that signs assertions.
fn of_signing_clients() -> String {
    let (_, key) = OTHER_LOGIN.split_once("private_key: ").expect("a key");
    let (key, _) = key.split_once('\n').expect("a line");
    let section = |name: &str, deliver: &str| {
        format!(
            "  {name}:\n    deliver: {deliver}\n    oauth:\n      endpoint: /token\n      request_with: private_key_jwt\n      \
             assertion: {{ private_key: {key} }}\n"
        )
    };
    let sections = [("ombori", "/o"), ("waitwhile", "/w"), ("doo", "'/doo/{trigger}'")];
    let sections: String = sections.into_iter().map(|(name, url)| section(name, url)).collect();
    format!("receiver:\n  url: http://127.0.0.1:1\nvendors:\n{sections}")
}

const OF_A_CLIENT: &str = "receiver: { url: 'http://127.0.0.1:1' }
vendors:
  waitwhile: { deliver: /w, oauth: { endpoint: /token, client_secret: s3cr3t-of-a-client } }
";

const BEHIND_GATEWAYS: &str = "receiver:
  url: http://127.0.0.1:1
vendors:
  ombori: { deliver: /ombori, oauth: { endpoint: /token, client_secret: s3cr3t } }
  waitwhile: { deliver: /waitwhile, headers: { X-Key: s3cr3t, X-Tenant: s3cr3t } }
  doo: { deliver: '/doo/{trigger}', headers: { X-Key: s3cr3t, X-Tenant: s3cr3t } }
";

/// The key is made up: it is one of RFC 8037, appendix A.1.
const OTHER_LOGIN: &str = "receiver:
  url: http://127.0.0.1:1
vendors:
  waitwhile:
    deliver: /hooks
    oauth:
      endpoint: /token
      assertion:
        private_key: \"-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\\n-----END PRIVATE KEY-----\"
        iss: waitwhile
        sub: someone
        aud: hooks
";

#[test]
fn a_rule_that_is_not_known_is_suggested() {
    let folder = folder();
    let output = run(folder.path(), &["explain", "duplicate"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: there is no rule `duplicate`, `standin explain` lists them: did you mean `duplicates`?\n"
    );
}

#[test]
fn a_scenario_is_shown_with_its_rule_and_its_background() {
    let folder = folder();
    write(folder.path(), "own.feature", OWN);
    let output = run(folder.path(), &["show", "own.feature:15"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_data_eq!(
        text(&output.stdout),
        str![[r#"
own.feature:12

rule welcome (should): Guests are welcome
  Why: A guest who is not welcome goes elsewhere.
  Assumed: guests come.

Background:
  Given an Ombori account

@slow
Scenario: a ticket
  When Anna takes a walk-in ticket
  And staff call Anna
  Then every webhook is accepted

"#]]
    );
    let shipped = run(folder.path(), &["show", "features/ombori/text.feature:25"]);
    assert!(text(&shipped.stdout).contains("\nrule text (must): "), "{}", text(&shipped.stdout));
    for (place, why) in [
        ("own.feature:2", "no scenario is on line 2 of own.feature; the nearest begins on line 12"),
        ("own.feature", "names no line"),
        ("none.feature:1", "there is no feature file at none.feature"),
    ] {
        let output = run(folder.path(), &["show", place]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
    }
}

#[test]
fn what_would_be_run_is_listed_and_nothing_is_sent() {
    let folder = folder();
    write(folder.path(), "own.feature", OWN);
    // Nothing listens there.
    let target = ["--target", "http://127.0.0.1:9"];
    let output = run(folder.path(), &[&["check", "own.feature", "--list"], &target[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_data_eq!(
        text(&output.stdout),
        str![[r#"
Our own  own.feature
  welcome (should): Guests are welcome
     12  a ticket  @slow
     18  a refusal
  no rule
     25  without a rule

3 scenarios, 1 rule, 1 feature
tags: @should 2, @slow 1

"#]]
    );
    let tags = ["check", "own.feature", "--list", "--tags", "@slow"];
    assert!(text(&run(folder.path(), &tags).stdout).contains("1 scenario, 1 rule, 1 feature\n"));
}

#[test]
fn a_malformed_rule_is_shown_at_its_place() {
    let folder = folder();
    write(folder.path(), "own.feature", &OWN.replace("Assumed", "Documented"));
    for command in [&["check", "own.feature"][..], &["explain", "welcome", "own.feature"]] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains("--> own.feature:6:"), "{said}");
        assert!(said.contains("what is documented has a `Source:`"), "{said}");
    }
}

#[test]
fn the_reason_stands_under_a_failure_in_every_report() {
    let (folder, running) = (folder(), crate::broken(Defect::DuplicatesAppliedTwice));
    let arguments = [
        "check",
        "--tags",
        "@ombori and @rule:duplicates",
        "--target",
        &running.1.url,
        "--junit",
        "j.xml",
        "--json",
        "j.json",
        "--html",
        "h.html",
    ];
    let command = crate::standin(folder.path(), &arguments).env("GITHUB_ACTIONS", "true");
    let output = command.output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let brief = "  rule:    duplicates (must): A webhook that arrives twice must not send two\n           text messages or count a guest twice.\n           more: standin explain duplicates\n";
    assert!(shown.contains(brief), "{shown}");
    assert!(
        shown.contains("%0Arule duplicates (must): A webhook that arrives twice must"),
        "{shown}"
    );
    let report = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    for name in ["j.xml", "h.html"] {
        let report = report(name);
        for part in ["Documented: ", "no event id and no event time", "Assumed: ", "atlassian.net"]
        {
            assert!(report.contains(part), "{name} lacks {part}");
        }
    }
    let json: serde_json::Value = serde_json::from_str(&report("j.json")).expect("JSON");
    let rule = &json["features"][0]["rules"][0];
    assert_eq!((&rule["id"], &rule["level"]), (&"duplicates".into(), &"must".into()));
    assert_eq!(rule["evidence"][0]["kind"], "documented");
    assert!(rule["evidence"][0]["source"].as_str().is_some_and(|one| one.contains("https://")));
    assert_eq!(json["features"][0]["scenarios"][0]["tags"][1], "rule:duplicates");
}

#[test]
fn what_is_nearly_right_is_understood_or_named() {
    let folder = folder();
    let right = text(&run(folder.path(), &["explain", "duplicates"]).stdout);
    for tag in ["rule:duplicates", "@rule:duplicates"] {
        assert_eq!(text(&run(folder.path(), &["explain", tag]).stdout), right, "{tag}");
    }
    let shown = run(folder.path(), &["show", "./features/ombori/text.feature:25"]);
    assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
    for (arguments, said) in [
        (["explain", "features/doo/money.feature"], "the rule comes first"),
        (["show", "features/ombori:40"], "features/ombori is a folder"),
        (["show", "ombori/text.feature:25"], "did you mean `features/ombori/text.feature`?"),
        (
            ["show", "features/ombori/texts.feature:25"],
            "did you mean `features/ombori/text.feature`?",
        ),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn commands_to_copy_quote_names_with_spaces() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("sp ace")).expect("made");
    let file = "sp ace/it's mine.feature";
    let rule = "  @rule:welcome @must\n  Rule: Guests are welcome\n    Why: They pay.\n    Assumed: they do.\n";
    write(
        folder.path(),
        file,
        &format!(
            "Feature: f\n{rule}  Scenario: s\n    Given an Ombori account\n    When Anna takes a walk-in ticket\n    Then the positionCreated of Anna is refused\n"
        ),
    );
    let quoted = r"'sp ace/it'\''s mine.feature'";
    let explained = text(&run(folder.path(), &["explain", "welcome", file]).stdout);
    assert!(explained.contains(&format!("standin check {quoted} --tags")), "{explained}");
    let (_runtime, receiver) = receiver();
    let arguments = ["check", file, "--target", &receiver.url, "--seed", "1"];
    let failed = text(&run(folder.path(), &arguments).stdout);
    assert!(failed.contains(&format!("standin explain welcome {quoted}")), "{failed}");
    assert!(
        failed.contains(r"repeat with: standin check 'sp ace/it'\''s mine.feature:6'"),
        "{failed}"
    );
}
