//! Receivers behind TLS: whom they trust, who trusts them, and what is said if nobody does.

use std::process::Output;
use std::sync::atomic::Ordering;

use tempfile::TempDir;

use super::{folder, run, text, write};
use crate::tls_server::{Serves, TlsServer};

/// A folder whose standin.yaml names this receiver, with these keys.
fn settings(url: &str, keys: &str) -> TempDir {
    let folder = folder();
    let vendors = "vendors:\n  ombori:\n    deliver: /in\n";
    write(folder.path(), "standin.yaml", &format!("receiver:\n  url: {url}\n{keys}{vendors}"));
    write(folder.path(), "b.json", "{\"type\":\"positionCalled\"}");
    folder
}

fn trusting(server: &TlsServer, keys: &str) -> TempDir {
    let keys = format!("  ca_file: ca.pem\n{keys}");
    let folder = settings(&format!("https://localhost:{}", server.port), &keys);
    write(folder.path(), "ca.pem", &server.authority);
    folder
}

fn send(folder: &TempDir) -> (Option<i32>, String) {
    let arguments =
        ["send", "--vendor", "ombori", "--trigger", "positionCalled", "--body", "b.json"];
    let Output { status, stdout, stderr } = run(folder.path(), &arguments);
    (status.code(), text(&stdout) + &text(&stderr))
}

fn requests(server: &TlsServer) -> usize {
    server.got[0].load(Ordering::Acquire)
}

#[test]
fn a_certificate_that_nobody_vouches_for_ends_a_command_before_anything_is_sent() {
    let server = TlsServer::start(Serves::Http1);
    let url = format!("https://localhost:{}", server.port);
    let folder = settings(&url, "");
    for arguments in [
        &["check"][..],
        &["play", "scenarios/ombori/walk-in.yaml"],
        &["send", "--vendor", "ombori", "--trigger", "positionCalled", "--body", "b.json"],
        &["load", "--vendor", "ombori", "--count", "5", "--rate", "10/s"],
        &["send", "--as", "github", "--body", "b.json", "--key-file", "b.json", "--url", &url],
    ] {
        // There is `load` only on Linux.
        if arguments[0] == "load" && !cfg!(target_os = "linux") {
            continue;
        }
        let output = run(folder.path(), arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {said}");
        assert!(said.contains("its TLS certificate is issued by nobody who is trusted"), "{said}");
        assert!(said.contains("ca_file: FILE") && said.contains("insecure: true"), "{said}");
        assert_eq!(said.matches("certificate").count(), 1, "it is said once: {said}");
        assert!(!said.contains("start it") && !said.contains('\u{1b}'), "{said}");
    }
    assert_eq!(requests(&server), 0);
}

#[test]
fn on_loopback_any_certificate_can_be_taken_and_that_is_said() {
    let server = TlsServer::start(Serves::Http1);
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}", server.port);
        let (code, said) = send(&settings(&url, "  insecure: true\n"));
        assert_eq!(code, Some(0), "{said}");
        let warning =
            "warning: `receiver.insecure`: the certificate of the receiver is not checked";
        assert!(said.contains(warning), "{said}");
    }
    assert_eq!(requests(&server), 2);
    let elsewhere = "  insecure: true\n  allow_host: staging.example.test\n";
    let (code, said) = send(&settings("https://staging.example.test", elsewhere));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("`insecure` is only for a receiver on loopback"), "{said}");
    assert!(said.contains("standin.yaml:3"), "{said}");
}

#[test]
fn a_receiver_can_ask_for_a_client_certificate() {
    let server = TlsServer::start(Serves::Known);
    let (code, said) = send(&trusting(&server, ""));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("client_cert_file: FILE"), "{said}");
    let output = run(trusting(&server, "").path(), &["check"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("client_cert_file: FILE") && text(&output.stdout).is_empty(), "{said}");
    assert_eq!(requests(&server), 0);
    let [certificate, key] = &server.client;
    let files = "  client_cert_file: own.pem\n  client_key_file: own.key\n";
    let folder = trusting(&server, files);
    write(folder.path(), "own.pem", certificate);
    write(folder.path(), "own.key", key);
    let (code, said) = send(&folder);
    assert_eq!(code, Some(0), "{said}");
    let folder = trusting(&server, "  client_cert_file: both.pem\n");
    write(folder.path(), "both.pem", &format!("{certificate}{key}"));
    let (code, said) = send(&folder);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(requests(&server), 2);
    // There is `load` only on Linux.
    if cfg!(target_os = "linux") {
        let load =
            ["load", "--vendor", "ombori", "--count", "5", "--rate", "50/s", "--sample", "0"];
        let output = run(folder.path(), &load);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(requests(&server), 7);
    }
}

#[test]
fn a_client_certificate_that_cannot_be_used_is_a_mistake_at_its_place() {
    let server = TlsServer::start(Serves::Known);
    let other = TlsServer::start(Serves::Known);
    let files = "  client_cert_file: own.pem\n  client_key_file: own.key\n";
    let [certificate, key] = &server.client;
    let middle: String = key.lines().skip(1).take(1).collect();
    let in_bytes = format!("{:?}", &middle.as_bytes()[..6]);
    let in_bytes = in_bytes.trim_matches(['[', ']']);
    // A line break is lost, as when a file is put together.
    let torn = format!("{certificate}{}", key.replacen('\n', "", 1));
    for (certificate, key, line, why) in [
        (certificate.as_str(), other.client[1].as_str(), 5, "it is not the key of the certificate"),
        (certificate, certificate, 5, "it holds no private key"),
        (certificate, &key[..key.len() / 2], 5, "its private key is not PEM"),
        (key, key, 4, "it holds no certificate"),
        (&torn, &torn, 4, "it is not PEM"),
    ] {
        let folder = trusting(&server, files);
        write(folder.path(), "own.pem", certificate);
        write(folder.path(), "own.key", key);
        let (code, said) = send(&folder);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why) && said.contains(&format!("standin.yaml:{line}")), "{said}");
        let shown = said.contains(&middle[..12]) || said.contains(in_bytes);
        assert!(!shown, "a part of the key is shown: {said}");
    }
    let (code, said) = send(&trusting(&server, "  client_key_file: own.key\n"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("`client_key_file` needs `client_cert_file`"), "{said}");
}

#[test]
fn tls_to_a_plain_port_and_the_reverse_say_so() {
    let plain = TlsServer::start(Serves::NoTls);
    let (code, said) = send(&settings(&format!("https://localhost:{}", plain.port), ""));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("it does not speak TLS; write http:// instead of https://"), "{said}");
    let secure = TlsServer::start(Serves::Http1);
    let folder = settings(&format!("http://localhost:{}", secure.port), "");
    let output = run(folder.path(), &["check", "--vendor", "ombori"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Check whether http://localhost"), "{said}");
    assert!(said.contains("served with TLS (https://)"), "{said}");
}
