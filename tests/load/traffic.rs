//! The traffic of scenario files as a load.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::server::{Behaviour, Server};
use super::{Loaded, folder, load, standin};

/// A store to which nobody comes without an appointment.
const BOOKED: &str = "vendor: ombori\nprofile: 2021-01\naccount: { time_zone: Europe/Stockholm }\n\
                      traffic: { bookings: 100%, no_show: 0% }\n";

fn with(parts: &[(&str, &str)]) -> (Server, tempfile::TempDir) {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    for (name, text) in parts {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    (server, folder)
}

fn vendors(report: &Json) -> BTreeSet<&str> {
    let triggers = report["triggers"].as_array().expect("triggers").iter();
    triggers.filter_map(|one| one["vendor"].as_str()).collect()
}

#[test]
fn a_file_decides_what_its_vendor_does_and_others_have_their_default_day() {
    let (server, folder) = with(&[("booked.yaml", BOOKED)]);
    let run = "--scenario booked.yaml --rate 2000/s --count 600 --seed 3 --sample 0";
    let alone = load(&folder, &format!("{run} --journal load.db"));
    assert_eq!(alone.code, 0, "{}", alone.said);
    assert_eq!(vendors(&alone.report), BTreeSet::from(["ombori"]));
    let settings = &alone.report["settings"];
    assert_eq!(settings.as_array().map(Vec::len), Some(1), "{settings}");
    for part in ["bookings 100%", "no_show 0%"] {
        assert!(settings[0].as_str().expect("text").contains(part), "{settings}");
        assert!(alone.said.contains(part), "{}", alone.said);
    }
    // The journal has the traffic too: each account can be repeated from it.
    let checked = standin(&folder, &format!("journal replay load.db --target {}", server.url));
    let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
    assert_eq!(checked.status.code(), Some(0), "{said}");
    let both = load(&folder, &format!("{run} --vendor doo"));
    assert_eq!(both.code, 0, "{}", both.said);
    assert_eq!(vendors(&both.report), BTreeSet::from(["doo", "ombori"]));
    server.stop();
}

#[test]
fn runs_with_other_traffic_are_neither_merged_nor_compared() {
    let (server, folder) = with(&[("booked.yaml", BOOKED)]);
    const RUN: &str = "--vendor ombori --rate 2000/s --count 400 --seed 3 --sample 0";
    let part = |shard: &str, more: &str| {
        let loaded = load(&folder, &format!("{RUN} --shard {shard} {more}"));
        assert_eq!(loaded.code, 0, "{}", loaded.said);
        let file = format!("{}.json", &shard[..1]);
        std::fs::write(folder.path().join(file), loaded.report.to_string()).expect("a file");
    };
    part("0/2", "");
    part("1/2", "--scenario booked.yaml");
    let merged = standin(&folder, "load merge 0.json 1.json");
    let said = String::from_utf8_lossy(&merged.stderr).into_owned();
    assert_eq!(merged.status.code(), Some(2), "{said}");
    assert!(said.contains("settings all by default") && said.contains("bookings 100%"), "{said}");
    let Loaded { code, said, .. } =
        load(&folder, &format!("{RUN} --shard 0/2 --scenario booked.yaml --baseline 0.json"));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("settings: `all by default` there"), "{said}");
    server.stop();
}

#[test]
fn a_file_that_is_no_traffic_of_one_vendor_each_sends_nothing() {
    let (server, folder) = with(&[
        ("booked.yaml", BOOKED),
        ("other.yaml", "vendor: ombori\ntraffic: {}\n"),
        ("typo.yaml", "vendor: ombori\ntraffic: { bokings: 3% }\n"),
    ]);
    for (files, why) in [
        (
            "--scenario scenarios/ombori/walk-in.yaml",
            "is a story: a load needs a file with `traffic`",
        ),
        ("--scenario booked.yaml --scenario other.yaml", "are both about ombori"),
        ("--scenario typo.yaml", "did you mean `bookings`?"),
        ("--scenario none.yaml", "none.yaml"),
    ] {
        let loaded = load(&folder, &format!("--rate 100/s --count 5 {files}"));
        assert_eq!(loaded.code, 2, "{}", loaded.said);
        assert!(loaded.said.contains(why), "{}", loaded.said);
        assert_eq!(loaded.report, Json::Null);
    }
    let dry = standin(&folder, "load --scenario booked.yaml --rate 100/s --count 50 --dry-run");
    assert_eq!(dry.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&dry.stdout).contains("50 webhooks"));
    server.stop();
}
