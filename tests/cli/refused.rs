//! Values that cannot be meant as they are written are mistakes, and nothing is sent.

use super::built_in::built_in;
use super::hooks::Hooks;
use super::{folder, run, text, write};

/// What a command says of these settings.
fn said(settings: &str, environment: Option<(&str, &str)>) -> String {
    let folder = folder();
    let hooks = Hooks::start(|| ());
    write(folder.path(), "standin.yaml", &settings.replace("URL", &hooks.url));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_standin"));
    command.current_dir(folder.path()).env("NO_COLOR", "1").args(["check", "--vendor", "ombori"]);
    command.envs(environment);
    let output = command.output().expect("the binary runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{settings}: {errors}");
    assert_eq!(hooks.count(), 0, "{settings}");
    errors
}

#[test]
fn an_empty_header_is_a_mistake_at_its_place() {
    let of = |headers: &str| {
        format!(
            "receiver:\n  url: URL\nvendors:\n  ombori:\n    deliver: /in\n    headers: {headers}\n"
        )
    };
    let empty = said(&of("{ X-Api-Key: \"\" }"), None);
    assert!(empty.contains("the header `X-Api-Key` is empty"), "{empty}");
    assert!(empty.contains("standin.yaml:6:"), "{empty}");
    let filled = said(&of("{ X-Api-Key: \"${EMPTY_KEY}\" }"), Some(("EMPTY_KEY", "")));
    assert!(filled.contains("EMPTY_KEY") || filled.contains("is empty"), "{filled}");
    let probe = "receiver:\n  url: URL\nvendors:\n  ombori:\n    deliver: /in\nprobes:\n  ombori.position:\n    \
                 get: /p/{id}\n    headers: { Authorization: \" \" }\n    fields: { status: $.s }\n";
    assert!(said(probe, None).contains("the header `Authorization` is empty"));
}

#[test]
fn what_is_neither_a_path_nor_a_url_is_a_mistake() {
    for given in ["http:/evil.test/x", "http:evil", "//evil.test/x", "https:///x"] {
        let deliver =
            format!("receiver:\n  url: URL\nvendors:\n  ombori:\n    deliver: {given:?}\n");
        let deliver = said(&deliver, None);
        assert!(deliver.contains("is neither a path"), "{given}: {deliver}");
        let probe = format!(
            "receiver:\n  url: URL\nvendors:\n  ombori:\n    deliver: /in\nprobes:\n  ombori.position:\n    \
             get: \"{given}/{{id}}\"\n    fields: {{ status: $.s }}\n"
        );
        let probe = said(&probe, None);
        assert!(probe.contains("is neither a path"), "{given}: {probe}");
        let target = run(folder().path(), &["check", "--target", given]);
        assert_eq!(target.status.code(), Some(2), "{given}: {}", text(&target.stderr));
    }
}

#[test]
fn a_story_without_steps_is_none_even_beside_traffic() {
    let folder = folder();
    write(folder.path(), "s.yaml", "vendor: doo\nsteps: []\ntraffic: { new_event_every: 7d }\n");
    let output = run(folder.path(), &["generate", "--vendor", "doo", "--count", "3", "s.yaml"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("either `steps` (a story) or `traffic`"), "{errors}");
}

#[test]
fn a_value_below_the_least_is_a_mistake_and_not_raised() {
    let folder = folder();
    write(folder.path(), "s.yaml", "vendor: doo\ntraffic: { new_event_every: 10s }\n");
    let output = run(folder.path(), &["generate", "--vendor", "doo", "--count", "3", "s.yaml"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("at least 60 seconds"), "{errors}");
}

#[test]
#[cfg(target_os = "linux")]
fn our_own_limit_of_open_files_is_never_the_receivers_failure() {
    let folder = folder();
    let hooks = Hooks::start(|| ());
    write(
        folder.path(),
        "standin.yaml",
        &format!("receiver:\n  url: {}\nvendors:\n  ombori:\n    deliver: /in\n", hooks.url),
    );
    let line = "ulimit -n 64; \"$S\" check --vendor ombori --jobs 64 --json r.json";
    let mut shell = std::process::Command::new("bash");
    shell.current_dir(folder.path()).env("S", env!("CARGO_BIN_EXE_standin")).args(["-c", line]);
    let output = shell.output().expect("bash runs");
    let errors = text(&output.stderr);
    assert!(errors.contains("64 open files"), "{errors}");
    let report = std::fs::read_to_string(folder.path().join("r.json")).expect("a report");
    assert!(!report.contains("Too many open files"), "the jobs fit the limit");
}

#[test]
fn a_length_that_would_be_rounded_or_has_no_off_is_a_mistake() {
    for (keys, wanted) in [
        (
            "account: { slot: 90s }\nsteps: [Anna joins the waitlist]",
            "in whole minutes, from 1 to 1440",
        ),
        (
            "account: { slot: 25h }\nsteps: [Anna joins the waitlist]",
            "in whole minutes, from 1 to 1440",
        ),
        ("traffic: { service: off }", "`service` cannot be `off`"),
    ] {
        let folder = folder();
        write(folder.path(), "s.yaml", &format!("vendor: waitwhile\n{keys}\n"));
        let arguments = ["generate", "--vendor", "waitwhile", "--count", "1", "s.yaml"];
        let output = run(folder.path(), &arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{keys}: {errors}");
        assert!(errors.contains(wanted), "{keys}: {errors}");
    }
    let output = run(folder().path(), &["load", "--probe-rate", "1/h", "--dry-run"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("at least 0.001/s, or 0 for none"), "{errors}");
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let folder = folder();
    let hooks = Hooks::start(|| ());
    let file = std::fs::File::create(folder.path().join("big.json")).expect("a file");
    file.set_len(1 << 40).expect("a file with holes");
    let send = ["send", "--vendor", "ombori", "--body", "big.json", "--target", &hooks.url];
    let output = run(folder.path(), &send);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("big.json has more than 8388608 bytes"), "{errors}");
    assert_eq!(hooks.count(), 0);
}

#[test]
fn json_that_cannot_be_held_is_not_called_something_else() {
    for (body, wanted) in [
        ("{\"type\": 1e999}", "the body has a number too large to hold"),
        ("{\"type\": \"\\ud800\"}", "the body has half a surrogate pair, which no text can have"),
    ] {
        let folder = folder();
        write(folder.path(), "body.json", body);
        let send = ["send", "--vendor", "ombori", "--body", "body.json", "--dry-run"];
        let output = run(folder.path(), &send);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(wanted) && !errors.contains("not JSON"), "{errors}");
    }
    let step =
        "vendor: ombori\nsteps:\n  - 'fault: every webhook arrives with field \"a\" as 1e999'\n";
    let folder = folder();
    write(folder.path(), "s.yaml", &step.replace("'fault: ", "fault: '"));
    let errors = text(&run(folder.path(), &["play", "s.yaml"]).stderr);
    assert!(errors.contains("`1e999` has a number too large to hold"), "{errors}");
}

#[test]
fn a_secret_in_the_wrong_place_is_masked_before_a_message_is_cut() {
    let long = format!("k3y with blanks {}", "x".repeat(200));
    for (value, begins) in [(long.as_str(), "k3y with"), ("k y", "k y")] {
        let folder = folder();
        write(
            folder.path(),
            "standin.yaml",
            &built_in(&[("# header: Authorization", "header: \"${NAME}\"")]),
        );
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_standin"));
        command.current_dir(folder.path()).env("NO_COLOR", "1").env("NAME", value);
        let output = command.args(["check", "--vendor", "doo"]).output().expect("the binary runs");
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("the header `***` cannot be sent"), "{errors}");
        assert!(!errors.contains(begins), "{errors}");
    }
}
