//! Which standin.yaml a command uses, and that it says so where that may surprise.

use super::{folder, receiver, run, text, write};

const CHECK: [&str; 3] = ["check", "--tags", "@ombori and @credentials"];

#[test]
fn a_run_in_a_folder_below_uses_the_settings_above_and_says_so() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let below = folder.path().join("tests/hooks");
    std::fs::create_dir_all(&below).expect("new folders");
    let settings = format!(
        "receiver:\n  url: {}\nvendors:\n  ombori:\n    deliver: /webhooks/ombori\n    \
         headers: {{ X-Api-Key: standin-demo-key }}\ncheck:\n  features: [own]\n",
        receiver.url
    );
    write(folder.path(), "standin.yaml", &settings);
    let own = "Feature: own\n  Scenario: a ticket\n    Given an Ombori account\n    \
               When Anna takes a walk-in ticket\n    Then every webhook is accepted\n";
    std::fs::create_dir(folder.path().join("own")).expect("a new folder");
    write(folder.path(), "own/a.feature", own);
    let output = run(&below, &["check", "--vendor", "ombori", "--all"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stderr).starts_with("using ../../standin.yaml\n"));
    let shown = text(&output.stdout);
    assert!(shown.contains("../../own/a.feature"), "its paths are relative to it: {shown}");
    let here = run(folder.path(), &CHECK);
    assert_eq!(here.status.code(), Some(0), "{}", text(&here.stdout));
    assert!(!text(&here.stderr).contains("using"), "{}", text(&here.stderr));
    let named = run(&below, &[&CHECK[..], &["--config", "../../standin.yaml"]].concat());
    assert!(!text(&named.stderr).contains("using"), "{}", text(&named.stderr));
}

#[test]
fn a_file_beyond_the_root_of_the_repository_is_not_used() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(folder.path(), "standin.yaml", "this is: [no settings file");
    let repository = folder.path().join("repository");
    std::fs::create_dir_all(repository.join(".git")).expect("new folders");
    let output = run(&repository, &[&CHECK[..], &["--target", &receiver.url]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.starts_with("using the built-in settings: there is no standin.yaml"), "{said}");
    assert_eq!(said.matches("built-in").count(), 1, "{said}");
}
