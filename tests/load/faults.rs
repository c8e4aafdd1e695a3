//! Faults under load: the words of scenarios, and what each fault counts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use standin::receiver::Defect;

use super::server::{Behaviour, Server};
use super::{Loaded, beside, count, folder, load, receiver};

/// The counts of a fault.
fn row(report: &Json, place: usize, name: &str) -> u64 {
    count(report, &format!("/faults/{place}/{name}"))
}

/// How often each body arrived.
fn arrivals(server: Server) -> BTreeMap<String, u64> {
    let mut bodies = BTreeMap::new();
    for request in server.stop() {
        *bodies.entry(request.body).or_default() += 1;
    }
    bodies
}

#[test]
fn a_share_is_delivered_twice_and_the_seed_decides_which_whatever_the_threads() {
    let mut before: Option<BTreeSet<String>> = None;
    for threads in ["--threads 1", "--threads 3 --connections 7"] {
        let server = Server::start(Behaviour::Accepts);
        let folder = folder(&server.url, &[]);
        let arguments = format!(
            "{threads} --rate 2000/s --count 600 --seed 5 --vendor ombori --sample 0 \
             |--faults|'10% of webhooks is delivered twice"
        );
        let loaded = load(&folder, &arguments);
        assert_eq!(loaded.code, 0, "{}", loaded.said);
        let bodies = arrivals(server);
        assert_eq!(bodies.len(), 600);
        let twice: BTreeSet<String> = bodies
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .inspect(|(_, times)| assert_eq!(*times, 2))
            .map(|(body, _)| body)
            .collect();
        assert!((30..=90).contains(&twice.len()), "{}", twice.len());
        let struck = row(&loaded.report, 0, "struck");
        assert_eq!(struck, twice.len() as u64, "{}", loaded.said);
        assert_eq!(row(&loaded.report, 0, "accepted"), 2 * struck, "{}", loaded.said);
        // The copies are no further webhooks.
        assert_eq!(count(&loaded.report, "/webhooks/sent"), 600);
        assert_eq!(count(&loaded.report, "/webhooks/accepted"), 600);
        assert!(before.is_none_or(|before| before == twice), "{threads}");
        before = Some(twice);
    }
}

#[test]
fn what_a_fault_stops_or_spoils_is_counted_in_its_row_and_not_as_the_receivers_failure() {
    const RETRIES: &[(&str, &str)] = &[(
        "    deliver: /webhooks/ombori ",
        "    retries: [50ms]\n    deliver: /webhooks/ombori ",
    )];
    // The fault; what arrives, how many attempts it stops, how many are accepted later, and never.
    let cases = [
        ("every webhook is lost", 0, 200, 0, 200),
        ("attempt 1 of every webhook is lost", 200, 200, 200, 0),
        ("attempt 1 of every webhook is answered 503 by a gateway", 200, 200, 200, 0),
        ("attempt 1 of every webhook arrives but its answer is lost", 400, 0, 200, 0),
        ("every webhook is delivered 3 times", 600, 0, 0, 0),
        ("every webhook is delivered 3 times at the same instant", 600, 0, 0, 0),
        ("every webhook is overtaken by the next one", 200, 0, 0, 0),
        ("every webhook is delayed by 300ms", 200, 0, 0, 0),
        ("every webhook arrives truncated", 200, 0, 0, 0),
    ];
    for (fault, arrive, unsent, recovered, given_up) in cases {
        let server = Server::start(Behaviour::Accepts);
        let folder = folder(&server.url, RETRIES);
        let arguments = format!(
            "--rate 2000/s --count 200 --vendor ombori --sample 0 --seed 1 |--faults|'{fault}"
        );
        let loaded = load(&folder, &arguments);
        let said = &loaded.said;
        assert_eq!(server.stop().len(), arrive, "{said}");
        let report = &loaded.report;
        assert_eq!(row(report, 0, "struck"), 200, "{said}");
        assert_eq!(row(report, 0, "unsent"), unsent, "{said}");
        assert_eq!(row(report, 0, "recovered"), recovered, "{said}");
        assert_eq!(row(report, 0, "given_up"), given_up, "{said}");
        for name in ["refused", "failed", "given_up", "recovered", "unfinished", "shed"] {
            assert_eq!(count(report, &format!("/webhooks/{name}")), 0, "{name}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_the_receiver_refuses_leaves_its_thresholds_alone() {
    let running = receiver(&[]).await;
    let arguments = "--rate 300/s --count 300 --seed 1 --vendor waitwhile --retries off \
                     |--faults|'20% of webhooks arrives with wrong credentials\
                     |--faults|'5% of webhooks is tampered with after signing\
                     |--fail-if|'refused > 0|--fail-if|'failed > 0|--fail-if|'given-up > 0";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 0, "{said}");
    let (wrong, tampered) = (row(&report, 0, "struck"), row(&report, 1, "struck"));
    assert!(wrong > 30 && tampered > 3, "{said}");
    assert_eq!(row(&report, 0, "refused"), wrong, "{said}");
    assert_eq!(row(&report, 1, "refused"), tampered, "{said}");
    let faulted = count(&report, "/webhooks/faulted");
    assert_eq!(count(&report, "/webhooks/accepted") + faulted, 300, "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_verifies_nothing_accepts_what_a_fault_has_forged() {
    let running = receiver(&[Defect::SignatureIgnored]).await;
    let arguments = "--rate 300/s --count 150 --seed 1 --vendor waitwhile --sample 0 \
                     |--faults|'every webhook is tampered with after signing";
    let Loaded { said, report, .. } = beside(&running.url, &[], arguments).await;
    assert_eq!(row(&report, 0, "accepted"), 150, "{said}");
    running.stop().await;
}

#[test]
fn faults_that_a_load_cannot_make_are_refused_before_anything_is_sent() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let cases = [
        ("every webhook is delivered twise", "did you mean `is delivered twice`?"),
        ("twice please", "this is not a fault: begin with `every webhook`"),
        ("staff call Anna", "this is not a fault"),
        ("every positionCaled is lost", "has no trigger `positionCaled`"),
        ("every webhook of Anna is lost", "nobody has a name in a load"),
        ("every token request is lost", "a load damages no token requests"),
        ("every webhook is reset mid-body", "a load cannot break off a request"),
        ("every webhook is sent slowly over 2s", "a load cannot send a body slowly"),
        ("every webhook is tampered with after signing", "signs nothing"),
    ];
    for (fault, said) in cases {
        let loaded = load(&folder, &format!("--count 10 --vendor ombori |--faults|'{fault}"));
        assert_eq!(loaded.code, 2, "{fault}: {}", loaded.said);
        assert!(loaded.said.contains(said), "{fault}: {}", loaded.said);
        assert!(loaded.said.contains(&format!("\n  {fault}\n  ^")), "{}", loaded.said);
    }
    assert!(server.stop().is_empty());
}
