//! `--abort-if`: a load that ends early.

use serde_json::Value as Json;

use super::server::{Behaviour, Server};
use super::{count, folder, load};

#[test]
fn a_load_ends_early_if_an_expression_holds_and_says_why() {
    let server = Server::start(Behaviour::Garbage);
    let folder = folder(&server.url, &[]);
    let arguments = "--rate 100/s --for 10m --retries off --vendor ombori --sample 0 --threads 2 \
                     --html a.html --junit a.xml |--abort-if|'p99 > 10m|--abort-if|'failed > 20%";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 1, "{}", loaded.said);
    assert!(loaded.said.contains("✗ ended early after "), "{}", loaded.said);
    assert!(loaded.said.contains(" s, because failed > 20%: it was "), "{}", loaded.said);
    let aborted = &loaded.report["aborted"];
    assert_eq!(aborted["text"], "failed > 20%", "{aborted}");
    let after = aborted["after_s"].as_f64().expect("a time");
    assert!((1.0..300.0).contains(&after), "{aborted}");
    let sent = count(&loaded.report, "/webhooks/sent");
    assert!((20..30_000).contains(&sent), "{}", loaded.said);
    assert_eq!(server.stop().len() as u64, sent, "what was under way was waited for");
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    assert!(read("a.html").contains("Ended early"));
    let junit = read("a.xml");
    assert!(junit.contains("the load was not ended early") && junit.contains("failures=\"1\""));
}

#[test]
fn what_is_not_known_or_does_not_hold_ends_nothing() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let arguments = "--rate 100/s --count 250 --vendor ombori --sample 0 |--abort-if|'lost > 0\
                     |--abort-if|'drained > 1s|--abort-if|'refused > 0|--abort-if|'rate < 50/s";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 0, "{}", loaded.said);
    assert_eq!(loaded.report["aborted"], Json::Null);
    assert_eq!(count(&loaded.report, "/webhooks/accepted"), 250, "{}", loaded.said);
    assert_eq!(server.stop().len(), 250);
}

#[test]
fn a_load_that_cannot_keep_its_rate_is_ended() {
    let server = Server::start(Behaviour::Slow);
    let folder = folder(&server.url, &[]);
    let arguments = "--rate 3000/s --for 10m --connections 2 --vendor ombori --sample 0 --backlog 50 \
                     |--abort-if|'rate < 2500/s";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 1, "{}", loaded.said);
    assert!(loaded.said.contains("because rate < 2500/s: it was "), "{}", loaded.said);
    server.stop();
}

#[test]
fn a_wrong_expression_is_said_with_its_place() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let loaded = load(&folder, "--vendor ombori |--abort-if|'p98 > 2ms");
    assert_eq!(loaded.code, 2, "{}", loaded.said);
    let wanted = "--abort-if is wrong\n  p98 > 2ms\n  ^^^ this is not known";
    assert!(loaded.said.contains(wanted), "{}", loaded.said);
    assert!(server.stop().is_empty());
}
