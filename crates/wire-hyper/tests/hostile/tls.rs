//! Handshakes that fail, and what the receiver chooses.

use std::sync::Arc;
use std::time::Duration;

use standin_wire::{Failure, Tls};
use standin_wire_hyper::{Config, Protocol, Security, negotiate};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::certificates::{Authority, certificate, expired};
use crate::server::{Server, answer_all, drain};
use crate::work::{Requests, config, results, run, speaking};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// Every request fails like this, and so does the look at what the receiver chooses.
fn assert_fails(server: &Server, security: &Security, expected: Tls) {
    let config = speaking(Protocol::Http1, Some(security.clone()), server.address);
    let found = negotiate(&config, &[Protocol::Http2, Protocol::Http1]);
    assert_eq!(found, Err(Failure::Tls(expected)));
    let (engine, work) = run(config, Requests::new(3));
    assert_eq!(work.results(), vec![Err(Failure::Tls(expected)); 3]);
    assert_eq!(engine.counters().connects, 0);
    assert!(engine.counters().failed_connects >= 3);
}

#[test]
fn a_certificate_that_cannot_be_trusted_says_why() {
    let (ours, other) = (Authority::new(), Authority::named("another"));
    let namesake = Authority::new();
    for (params, authority, name, expected) in [
        (certificate("127.0.0.1"), &other, "127.0.0.1", Tls::UnknownIssuer),
        (certificate("127.0.0.1"), &namesake, "127.0.0.1", Tls::UnknownIssuer),
        (certificate("127.0.0.1"), &ours, "localhost", Tls::WrongName),
        (certificate("a.example.test"), &ours, "127.0.0.1", Tls::WrongName),
        (expired("127.0.0.1"), &ours, "127.0.0.1", Tls::Expired),
    ] {
        let server = authority.server_with(params, &["http/1.1"]);
        let server = Server::over_tls(server, |_, stream| answer_all(stream, OK));
        assert_fails(&server, &ours.trusted(name), expected);
    }
}

#[test]
fn a_port_without_tls_is_named() {
    let authority = Authority::new();
    let server = Server::start(|_, mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        drain(&mut stream).await;
    });
    assert_fails(&server, &authority.trusted("127.0.0.1"), Tls::NotTls);
}

#[test]
fn a_close_in_the_handshake_is_named() {
    let authority = Authority::new();
    let server = Server::start(|_, mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.shutdown().await;
        drain(&mut stream).await;
    });
    assert_fails(&server, &authority.trusted("127.0.0.1"), Tls::Closed);
}

#[test]
fn a_handshake_that_stalls_ends_in_time() {
    let authority = Authority::new();
    let server = Server::start(|_, mut stream| async move { drain(&mut stream).await });
    let security = Some(authority.trusted("127.0.0.1"));
    let connect_timeout = Duration::from_millis(40);
    let config = Config { connect_timeout, ..speaking(Protocol::Http1, security, server.address) };
    assert_eq!(negotiate(&config, &[Protocol::Http1]), Err(Failure::Tls(Tls::Stalled)));
    assert_eq!(results(config, 3), vec![Err(Failure::Tls(Tls::Stalled)); 3]);
}

#[test]
fn a_close_after_the_handshake_is_a_failed_request_and_no_tight_loop() {
    let authority = Authority::new();
    let server = Server::over_tls(authority.server(&["h2", "http/1.1"]), |_, stream| async move {
        drop(stream);
    });
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let security = Some(authority.trusted("127.0.0.1"));
        let results = results(speaking(protocol, security, server.address), 8);
        assert!(results.iter().all(Result::is_err), "{results:?}");
    }
    assert!(server.connections() < 80, "{} connections", server.connections());
}

#[test]
fn a_client_certificate_that_is_wanted_and_missing_is_a_refusal() {
    let authority = Authority::new();
    let mut roots = rustls::RootCertStore::empty();
    let trusted = authority.trusted("127.0.0.1");
    roots.add(authority.root()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("a verifier");
    let server = authority.server_asking(verifier);
    let server = Server::over_tls(server, |_, stream| answer_all(stream, OK));
    let results = results(speaking(Protocol::Http1, Some(trusted), server.address), 3);
    // In TLS 1.3 the refusal comes after the client has begun to speak, so a reset may hide it.
    let refused = |one: &_| {
        let failures = [Failure::Tls(Tls::Refused), Failure::Reset, Failure::ClosedBeforeReply];
        failures.iter().any(|failure| *one == Err(*failure))
    };
    assert!(results.iter().all(refused), "{results:?}");
}

#[test]
fn the_receiver_chooses_the_version_of_http() {
    let authority = Authority::new();
    let both = [Protocol::Http2, Protocol::Http1];
    for (takes, offered, expected) in [
        (&["h2", "http/1.1"][..], &both[..], Ok(Protocol::Http2)),
        (&["http/1.1"], &both, Ok(Protocol::Http1)),
        (&[], &both, Ok(Protocol::Http1)),
        (&["h2", "http/1.1"], &[Protocol::Http1], Ok(Protocol::Http1)),
        (&["http/1.1"], &[Protocol::Http2], Err(Failure::Tls(Tls::NoProtocol))),
        (&[], &[Protocol::Http2], Err(Failure::Tls(Tls::NoProtocol))),
    ] {
        let server = Server::over_tls(authority.server(takes), |_, mut stream| async move {
            drain(&mut stream).await;
        });
        let security = Some(authority.trusted("127.0.0.1"));
        let config = Config { security, ..config(server.address) };
        assert_eq!(negotiate(&config, offered), expected, "{takes:?} {offered:?}");
    }
}
