//! Load over TLS and HTTP/2, and what is said when there is no TLS connection.

use std::sync::atomic::Ordering;

use super::{Loaded, count, folder, load, standin};
use crate::tls_server::{Serves, TlsServer};

/// A folder whose standin.yaml names this receiver, and trusts its authority.
fn trusting(server: &TlsServer, host: &str) -> tempfile::TempDir {
    let url = format!("https://{host}:{}", server.port);
    let folder = folder(&url, &[("  ack_within:", "  ca_file: own/ca.pem\n  ack_within:")]);
    std::fs::create_dir(folder.path().join("own")).expect("a folder");
    std::fs::write(folder.path().join("own/ca.pem"), &server.authority).expect("a file");
    folder
}

/// Loads with a hundred webhooks of one vendor.
fn hundred(folder: &tempfile::TempDir, arguments: &str) -> Loaded {
    let usual = "--rate 500/s --count 100 --vendor ombori --sample 0 --connections 4";
    load(folder, &format!("{usual} {arguments}"))
}

#[test]
fn over_tls_the_receiver_chooses_the_version_of_http() {
    for (serves, arguments, reason, got) in [
        (Serves::Both, "", "HTTP/2 over TLS, the receiver's choice", [0, 100]),
        (Serves::Both, "--streams 8", "HTTP/2 over TLS, the receiver's choice", [0, 100]),
        (Serves::Both, "--http 1", "HTTP/1.1 over TLS, asked for with --http 1", [100, 0]),
        (Serves::Http1, "", "HTTP/1.1 over TLS, the receiver's choice", [100, 0]),
    ] {
        let server = TlsServer::start(serves);
        let folder = trusting(&server, "localhost");
        let Loaded { code, said, report } = hundred(&folder, arguments);
        assert_eq!(code, 0, "{arguments}: {said}");
        assert_eq!(count(&report, "/webhooks/accepted"), 100, "{said}");
        assert_eq!(
            (&report["engine"], &report["engine_reason"]),
            (&"hyper".into(), &reason.into())
        );
        assert!(said.contains(&format!("4 connections, hyper ({reason})")), "{said}");
        assert_eq!(count(&report, "/connects"), 4, "{said}");
        assert_eq!([0, 1].map(|http: usize| server.got[http].load(Ordering::Acquire)), got);
    }
}

#[test]
fn without_tls_http2_is_spoken_when_it_is_asked_for() {
    let server = TlsServer::start(Serves::PlainHttp2);
    let folder = folder(&format!("http://127.0.0.1:{}", server.port), &[]);
    let Loaded { code, said, report } = hundred(&folder, "--http 2 --streams 3");
    assert_eq!(code, 0, "{said}");
    assert_eq!(count(&report, "/webhooks/accepted"), 100, "{said}");
    assert!(said.contains("hyper (HTTP/2 without TLS, asked for with --http 2)"), "{said}");
}

#[test]
fn without_a_tls_connection_nothing_is_sent_and_the_mend_is_named() {
    let (both, none) = (TlsServer::start(Serves::Both), TlsServer::start(Serves::NoTls));
    let one = TlsServer::start(Serves::Http1);
    let untrusting = folder(&format!("https://localhost:{}", both.port), &[]);
    for (folder, arguments, why) in [
        (
            untrusting,
            "",
            "its TLS certificate is issued by nobody who is trusted; name the authority",
        ),
        (
            trusting(&both, "127.0.0.1"),
            "",
            "its TLS certificate is for another name; write the name",
        ),
        (
            trusting(&none, "localhost"),
            "",
            "it does not speak TLS; write http:// instead of https://",
        ),
        (trusting(&one, "localhost"), "--http 2", "it does not take the offered version of HTTP"),
    ] {
        let Loaded { code, said, .. } = hundred(&folder, arguments);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains(why), "{why}: {said}");
    }
    assert_eq!(both.got[0].load(Ordering::Acquire) + both.got[1].load(Ordering::Acquire), 0);
}

#[test]
fn our_own_loop_is_refused_where_tls_is_needed() {
    let server = TlsServer::start(Serves::Both);
    let loaded = hundred(&trusting(&server, "localhost"), "--engine epoll");
    assert_eq!(loaded.code, 2, "{}", loaded.said);
    assert!(loaded.said.contains("needs TLS: give --engine hyper, or none"), "{}", loaded.said);
}

#[test]
fn single_webhooks_and_probes_trust_the_same_authority() {
    let server = TlsServer::start(Serves::Http1);
    let trusting = trusting(&server, "localhost");
    let arguments = "send --vendor ombori --trigger positionCalled --body body.json";
    std::fs::write(trusting.path().join("body.json"), "{\"type\":\"positionCalled\"}")
        .expect("a file");
    let output = standin(&trusting, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let untrusting = folder(&format!("https://localhost:{}", server.port), &[]);
    std::fs::write(untrusting.path().join("body.json"), "{\"type\":\"positionCalled\"}")
        .expect("a file");
    let output = standin(&untrusting, arguments);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_ne!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("certificate"), "{said}");
    // With a sample, a probe of each subject goes the same way.
    let load = load(&trusting, "--seed 4 --rate 100/s --count 20 --vendor ombori --sample 5");
    assert_eq!(count(&load.report, "/effects/unreadable"), 0, "{}", load.said);
}

#[test]
fn a_file_of_authorities_that_is_none_is_a_mistake_at_its_place() {
    let server = TlsServer::start(Serves::Both);
    for (text, why) in [
        (None, "No such file"),
        (Some("hello"), "it holds no certificate"),
        (
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "a certificate in it",
        ),
    ] {
        let folder = trusting(&server, "localhost");
        let path = folder.path().join("own/ca.pem");
        match text {
            Some(text) => std::fs::write(path, text).expect("a file"),
            None => std::fs::remove_file(path).expect("a file"),
        }
        let loaded = hundred(&folder, "");
        assert_eq!(loaded.code, 2, "{}", loaded.said);
        assert!(loaded.said.contains(why) && loaded.said.contains("ca_file"), "{}", loaded.said);
    }
}
