//! `deliver: /in/{trigger}`: a receiver that routes by path gets each trigger at a path of its own.

use std::collections::BTreeSet;

use standin::vendors::registry;

use super::hooks::Hooks;
use super::{folder, run, text, write};

const SETTINGS: &str = "receiver:
  url: http://127.0.0.1:1
vendors:
  ombori:
    deliver: /in/ombori/{trigger}
  waitwhile:
    deliver: /in/waitwhile/{trigger}
    secret: s
  doo:
    deliver: /in/doo/{trigger}
    oauth: { endpoint: /token, client_secret: s }
";

/// A story of each vendor.
const STORIES: &[(&str, &str)] =
    &[("ombori", "walk-in"), ("waitwhile", "waitlist"), ("doo", "approval")];

/// The paths of all triggers of a vendor, as they are written in `deliver`.
fn possible(vendor: &str) -> BTreeSet<String> {
    let vendor = registry::shipped().find(vendor).expect("a vendor").catalogue();
    let triggers = vendor.triggers.iter();
    triggers.map(|one| format!("/in/{}/{}", vendor.vendor, one.name)).collect()
}

/// Runs a command against a receiver that accepts everything, and returns the paths of webhooks.
fn reached(folder: &std::path::Path, arguments: &[&str]) -> BTreeSet<String> {
    let hooks = Hooks::start(|| ());
    let output = run(folder, &[arguments, &["--target", &hooks.url]].concat());
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {said}");
    hooks.paths().into_iter().filter(|path| path.starts_with("/in/")).collect()
}

#[test]
fn every_command_delivers_each_trigger_to_a_path_of_its_own() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    for (vendor, story) in STORIES {
        let story = format!("scenarios/{vendor}/{story}.yaml");
        let known = possible(vendor);
        let play = ["play", &story, "--instant", "--seed", "1", "--journal", "j"];
        let played = reached(folder.path(), &play);
        assert!(played.len() >= 2 && played.is_subset(&known), "{vendor}: {played:?}");
        let replayed = reached(folder.path(), &["journal", "replay", "j"]);
        assert_eq!(replayed, played, "{vendor}");
        std::fs::remove_file(folder.path().join("j")).expect("the journal");
        let only = ["--vendor", vendor];
        let check = [&["check", "--no-early-stop"][..], &only].concat();
        let checked = reached(folder.path(), &check);
        assert!(checked.len() >= played.len() && checked.is_subset(&known), "{checked:?}");
        let trigger = &registry::shipped().find(vendor).expect("a vendor").catalogue().triggers[0];
        write(folder.path(), "b.json", "{}");
        let send = ["send", "--vendor", vendor, "--body", "b.json", "--trigger", trigger.name];
        let sent = reached(folder.path(), &send);
        assert_eq!(sent, BTreeSet::from([format!("/in/{vendor}/{}", trigger.name)]));
        if cfg!(target_os = "linux") {
            let load = ["load", "--rate", "100/s", "--for", "500ms", "--sample", "0"];
            let loaded = reached(folder.path(), &[&load, &only[..]].concat());
            assert!(!loaded.is_empty() && loaded.is_subset(&known), "{vendor}: {loaded:?}");
        }
    }
}
