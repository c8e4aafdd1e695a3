//! Tests of the receiver over HTTP, as a vendor and a probe use it, and what these tests share. The
//! texts and people are invented.

mod doo;
mod ombori;
mod waitwhile;

use std::collections::BTreeSet;

use reqwest::{Client, Response};
use serde_json::{Value, json};

use super::{Defect, Options, Running, Signing, defects, start};

/// A receiver and an HTTP client.
struct Host {
    running: Running,
    client: Client,
}

impl Host {
    async fn with(options: Options) -> Self {
        // An error means that another test has installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running: start(options).await.unwrap(), client }
    }

    /// The answer of a probe. `None` for a 404.
    async fn probe(&self, path: &str) -> Option<Value> {
        let url = format!("{}{path}", self.running.url);
        let answer = self.client.get(url).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!([200, 404].contains(&status), "{path}: {status}");
        let json = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        (status == 200).then_some(json)
    }
}

/// Status and text of an answer: `200 applied`.
async fn status_and_text(answer: Response) -> String {
    let status = answer.status().as_u16();
    let json: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let text = json.get("message").or(json.get("error")).unwrap();
    format!("{status} {}", text.as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_an_error_and_a_stopped_receiver_frees_it() {
    let host = Host::with(Options::default()).await;
    assert_eq!(host.probe("/health").await, Some(json!({"message": "ready"})));
    let listen = host.running.url["http://".len()..].parse().unwrap();
    let again = || start(Options { listen, ..Options::default() });
    assert_eq!(again().await.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    host.running.stop().await;
    let running = again().await.unwrap();
    drop(running);
}

#[test]
fn every_defect_has_a_unique_name() {
    let names: BTreeSet<&str> = defects().iter().map(|defect| defect.name()).collect();
    assert_eq!(names.len(), defects().len());
    for defect in defects() {
        assert_eq!(Defect::from_name(defect.name()), Some(*defect));
        assert!(
            defect.name().chars().all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit())
        );
        assert!(["doo", "ombori", "waitwhile"].contains(&defect.vendor()));
        assert!(!defect.about().ends_with('.'));
    }
    assert_eq!(Defect::from_name("perfect"), None);
}
