//! Effects while a load runs: how late the receiver shows them, of how many subjects it is behind, and
//! whether it applies a webhook twice.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::Value as Json;
use standin::receiver::{self, Defect, Running};

use super::server::{Behaviour, Server};
use super::{Loaded, beside, count, folder, load};

/// A receiver that processes each webhook this long after its answer.
async fn late(delay: Duration) -> Running {
    let mut options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), [].into());
    options.queues = Some(delay);
    receiver::start(options).await.expect("a free port")
}

fn milliseconds(report: &Json, at: &str) -> f64 {
    report.pointer(at).and_then(Json::as_f64).unwrap_or_else(|| panic!("{at}: {report}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_of_a_late_receiver_are_timed_from_the_answer() {
    let running = late(Duration::from_millis(500)).await;
    let arguments = "--rate 200/s --for 4s --seed 1 --vendor ombori --probe-rate 100/s --html a.html |--fail-if|'effect.p50 < 500ms\
                     |--fail-if|'effect.p50 > 2s|--fail-if|'lost > 0|--fail-if|'behind > 0";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 0, "{said}");
    let followed = &report["followed"];
    assert!(count(&report, "/followed/subjects") > 25, "not only the first ones: {followed}");
    assert!(count(&report, "/followed/latency/count") >= 20, "{followed}");
    let unsure = milliseconds(&report, "/followed/unsure_ms");
    assert!(unsure > 0.0, "{followed}");
    assert_eq!((count(&report, "/followed/unseen"), count(&report, "/followed/behind")), (0, 0));
    assert!(count(&report, "/followed/most_behind") > 3, "{followed}");
    let seconds = followed["seconds"].as_array().expect("seconds");
    assert!(seconds.len() >= 4, "{followed}");
    assert!(seconds[1]["behind"].as_u64() > Some(0), "{followed}");
    let took = milliseconds(&report, "/took_s");
    let probes = count(&report, "/followed/probes") as f64;
    assert!(probes <= 101.0 * (took + 10.0), "at most 100 a second: {followed}");
    assert!(said.contains("answer→effect ms p50"), "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_of_a_prompt_receiver_are_shown_by_the_first_probe() {
    let running =
        receiver::start(standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), [].into()));
    let running = running.await.expect("a free port");
    let arguments = "--rate 300/s --for 3s --seed 1 --probe-rate 200/s |--fail-if|'behind > 0";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 0, "{said}");
    assert!(count(&report, "/followed/latency/count") >= 20, "{said}");
    assert_eq!(count(&report, "/followed/most_behind"), 0, "{}", report["followed"]);
    assert_eq!(count(&report, "/followed/unseen"), 0, "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_ended_if_its_effects_are_late() {
    let running = late(Duration::from_millis(700)).await;
    let arguments =
        "--rate 100/s --for 5m --seed 1 --vendor ombori |--abort-if|'effect.p50 > 600ms";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 1, "{said}");
    assert_eq!(report["aborted"]["text"], "effect.p50 > 600ms", "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_forgets_stays_behind() {
    let options = [Defect::AcknowledgedAndForgotten].into();
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), options);
    let running = receiver::start(options).await.expect("a free port");
    const SOON: &[(&str, &str)] = &[("believes_within: 5s", "believes_within: 1s")];
    let arguments = "--rate 300/s --for 2s --seed 1 --vendor ombori |--fail-if|'behind > 0";
    let Loaded { code, said, report } = beside(&running.url, SOON, arguments).await;
    assert_eq!(code, 1, "{said}");
    assert!(count(&report, "/followed/behind") > 0, "{said}");
    assert!(count(&report, "/followed/unseen") > 0, "{said}");
    running.stop().await;
}

#[test]
fn probes_that_fail_are_counted_and_keep_nothing_waiting() {
    // It never accepts a connection, so it never answers.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let hangs = format!("get: http://{}/p/{{id}}", listener.local_addr().expect("an address"));
    for (probe, why) in [(hangs.as_str(), "no answer within"), ("get: /positions/{id}", "closed")] {
        let server = Server::start(Behaviour::Accepts);
        let parts = [
            ("ack_within: 5s", "ack_within: 400ms"),
            ("believes_within: 5s", "believes_within: 500ms"),
            ("get: /positions/{id}", probe),
        ];
        let folder = folder(&server.url, &parts);
        let arguments = "--rate 200/s --count 400 --vendor ombori |--fail-if|'effect.p99 > 60m";
        let loaded = load(&folder, arguments);
        assert_eq!(loaded.code, 1, "what is not known does not pass: {}", loaded.said);
        assert!(loaded.said.contains("not known"), "{}", loaded.said);
        assert_eq!(count(&loaded.report, "/webhooks/accepted"), 400, "{}", loaded.said);
        let lag = milliseconds(&loaded.report, "/lag/p95");
        assert!(lag < 200.0, "the load waited for a probe: {lag} ms");
        let errors = loaded.report["followed"]["errors"].as_object().expect("errors");
        assert!(errors.keys().any(|one| one.contains(why)), "{errors:?}");
        assert!(loaded.said.contains("probes failed: "), "{}", loaded.said);
        server.stop();
    }
}

#[test]
fn without_probes_nothing_is_followed() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    for arguments in ["--sample 0", "--probe-rate 0/s"] {
        let arguments = format!("--rate 500/s --count 100 --vendor ombori {arguments}");
        let loaded = load(&folder, &arguments);
        assert_eq!(loaded.report["followed"], Json::Null, "{}", loaded.said);
    }
    let loaded = load(&folder, "--probe-rate 5000/s");
    assert_eq!(loaded.code, 2);
    assert!(loaded.said.contains("at most 1000/s"), "{}", loaded.said);
    server.stop();
}

/// Few types of webhooks in each history, so that many subjects are alike.
const TWICE: &str = "--rate 400/s --for 3s --seed 1 --vendor ombori --sample 300 --accounts 128 \
                     |--faults|'20% of webhooks is delivered twice|--fail-if|'applied-twice > 0";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_applied_twice_is_found_where_it_can_be_known() {
    for (defects, code) in [(vec![], 0), (vec![Defect::DuplicatesAppliedTwice], 1)] {
        let options = defects.into_iter().collect();
        let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), options);
        let running = receiver::start(options).await.expect("a free port");
        let Loaded { code: ended, said, report } = beside(&running.url, &[], TWICE).await;
        assert_eq!(ended, code, "{said}");
        assert!(count(&report, "/effects/twice_judged") > 5, "{said}");
        assert_eq!(count(&report, "/effects/twice") > 0, code == 1, "{said}");
        assert!(said.contains("applied twice: "), "{said}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_something_is_applied_twice_is_not_known_if_nothing_is_sent_twice() {
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), [].into());
    let running = receiver::start(options).await.expect("a free port");
    let arguments =
        "--rate 300/s --count 300 --seed 1 --vendor ombori |--fail-if|'applied-twice > 0";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 1, "{said}");
    assert_eq!(report["effects"]["twice"], Json::Null);
    assert!(said.contains("✗ fails if applied-twice > 0  not known"), "{said}");
    running.stop().await;
}
