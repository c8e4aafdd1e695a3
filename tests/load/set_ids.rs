//! A load on a receiver that knows only its own location.

use std::collections::BTreeSet;

use super::{Loaded, beside, count, folder, load, receiver, standin};

/// The receiver's own location, for all accounts.
const OWN: &str = "aB3dE6gH9jK2mN5pQ8sT";
const SETTINGS: &[(&str, &str)] = &[(
    "    deliver: /webhooks/waitwhile",
    "    locations: Downtown\n    ids: { location: { Downtown: aB3dE6gH9jK2mN5pQ8sT } }\n    deliver: /webhooks/waitwhile",
)];

#[tokio::test(flavor = "multi_thread")]
async fn what_all_accounts_tell_of_is_neither_compared_nor_followed() {
    let running = receiver(&[]).await;
    let arguments = "--rate 300/s --for 3s --seed 1 --vendor waitwhile --accounts 8 --probe-rate 200/s \
                     |--fail-if|'lost > 0|--fail-if|'wrong > 0|--fail-if|'behind > 0";
    let Loaded { code, said, report } = beside(&running.url, SETTINGS, arguments).await;
    assert_eq!(code, 0, "{said}");
    assert!(count(&report, "/effects/compared") > 10, "{said}");
    assert!(count(&report, "/followed/subjects") > 10, "{said}");
    let settings = report["settings"].to_string();
    assert!(settings.contains(OWN), "{settings}");
    running.stop().await;
}

#[test]
fn the_journal_of_a_load_has_the_set_ids() {
    let server = super::Server::start(super::Behaviour::Accepts);
    let folder = folder(&server.url, SETTINGS);
    let run = "--rate 2000/s --count 400 --seed 3 --sample 0 --vendor waitwhile --accounts 4";
    let loaded = load(&folder, &format!("{run} --journal load.db"));
    assert_eq!(loaded.code, 0, "{}", loaded.said);
    let exported = standin(&folder, "journal export load.db");
    let rows = String::from_utf8(exported.stdout).expect("UTF-8");
    let rows = rows.lines().map(serde_json::from_str::<serde_json::Value>);
    let rows: Vec<_> = rows.map(|row| row.expect("JSON")).collect();
    let of_locations = rows
        .iter()
        .filter(|row| row["entry"] == "caused" && row["trigger"] == "location-status.updated");
    let ids: BTreeSet<&str> =
        of_locations.filter_map(|row| row["subject"]["id"].as_str()).collect();
    assert_eq!(ids, BTreeSet::from([OWN]), "one location for all accounts");
    // Read back without standin.yaml's ids, the journal gives the same webhooks.
    let without = super::built_in(&[("http://127.0.0.1:8080", &server.url)]);
    std::fs::write(folder.path().join("standin.yaml"), without).expect("a file");
    let checked = standin(&folder, &format!("journal replay load.db --target {}", server.url));
    let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
    assert_eq!(checked.status.code(), Some(0), "{said}");
    server.stop();
}

#[test]
fn a_load_with_ids_of_a_part_of_the_account_says_which_are_lacking() {
    let said = |settings| {
        let folder = folder("http://127.0.0.1:9", settings);
        let run = "load --dry-run --rate 100/s --count 20 --vendor waitwhile --seed 1";
        let output = standin(&folder, run);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let part = [(
        "    deliver: /webhooks/waitwhile",
        "    locations: Downtown, Harbour\n    ids: { location: { Downtown: aB3dE6gH9jK2mN5pQ8sT } }\n    deliver: /webhooks/waitwhile",
    )];
    let warning = "warning: `vendors.waitwhile.ids.location` has no id for Harbour. If the receiver keeps only its own";
    let lacking = said(&part);
    assert!(lacking.contains(warning), "{lacking}");
    let whole = said(SETTINGS);
    assert!(!whole.contains("has no id for"), "{whole}");
}
