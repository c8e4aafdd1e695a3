//! HTTP/2, over TLS and without it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use hyper::{Request, Response};
use standin_wire::{Failure, Http2};
use standin_wire_hyper::{Config, Protocol};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::certificates::Authority;
use crate::server::{Server, drain};
use crate::work::{Requests, config, results, run, speaking};

type Heard = Request<RecvStream>;
type Answers = SendResponse<Bytes>;

/// Serves a connection: `answer` gets each request and its number.
async fn serve<F>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl Fn(usize, Heard, Answers) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let mut number = 0;
    while let Some(Ok((request, respond))) = connection.accept().await {
        number += 1;
        tokio::spawn(answer(number, request, respond));
    }
}

/// Reads the body and answers 200 with two bytes.
async fn accept(request: Heard, mut respond: Answers) {
    let mut body = request.into_body();
    while let Some(Ok(data)) = body.data().await {
        let _ = body.flow_control().release_capacity(data.len());
    }
    let response = Response::builder().header("retry-after", "7").body(()).expect("a response");
    if let Ok(mut stream) = respond.send_response(response, false) {
        let _ = stream.send_data(Bytes::from_static(b"{}"), true);
    }
}

/// One connection of HTTP/2 without TLS.
fn h2c(server: &Server) -> Config {
    speaking(Protocol::Http2, None, server.address)
}

#[test]
fn a_connection_carries_all_requests_with_tls_and_without() {
    let authority = Authority::new();
    let plain =
        Server::start(|_, stream| serve(stream, |_, heard, answers| accept(heard, answers)));
    let tls = Server::over_tls(authority.server(&["h2"]), |_, stream| {
        serve(stream, |_, heard, answers| accept(heard, answers))
    });
    for (server, security) in [(&plain, None), (&tls, Some(authority.trusted("127.0.0.1")))] {
        for streams in [1, 8] {
            let before = server.connections();
            let config = speaking(Protocol::Http2, security.clone(), server.address);
            let config = Config { streams, connections: 2, ..config };
            let (engine, work) = run(config, Requests::new(60));
            for result in work.results() {
                let answer = result.expect("a reply");
                assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
                assert!(answer.head.contains("retry-after: 7\r\n"), "{}", answer.head);
            }
            assert_eq!(server.connections() - before, 2);
            assert_eq!(engine.counters().connects, 2);
        }
    }
}

#[test]
fn the_request_has_the_pseudo_headers_of_its_address() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let server = Server::start(move |_, stream| {
        let sees = Arc::clone(&sees);
        serve(stream, move |_, heard, answers| {
            let names: Vec<String> = heard.headers().keys().map(ToString::to_string).collect();
            let line = format!("{} {} {names:?}", heard.method(), heard.uri());
            sees.lock().expect("no panic").push(line);
            accept(heard, answers)
        })
    });
    results(h2c(&server), 1).remove(0).expect("a reply");
    assert_eq!(*seen.lock().expect("no panic"), ["POST http://x/ [\"content-length\"]"]);
}

#[test]
fn streams_share_a_connection_at_the_same_time() {
    let (most, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (server_most, server_now) = (Arc::clone(&most), Arc::clone(&now));
    let server = Server::start(move |_, stream| {
        let (most, now) = (Arc::clone(&server_most), Arc::clone(&server_now));
        serve(stream, move |_, heard, answers| {
            let (most, now) = (Arc::clone(&most), Arc::clone(&now));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::timeout(Duration::from_millis(5), std::future::pending::<()>())
                    .await
                    .expect_err("it waits");
                now.fetch_sub(1, Ordering::SeqCst);
                accept(heard, answers).await;
            }
        })
    });
    let results = results(Config { streams: 8, ..h2c(&server) }, 64);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.connections(), 1);
    let most = most.load(Ordering::SeqCst);
    assert!((2..=8).contains(&most), "{most} at a time");
}

#[test]
fn a_stream_that_is_reset_fails_one_request_and_no_connection() {
    let server = Server::start(|_, stream| {
        serve(stream, |number, heard, mut answers| async move {
            match number % 2 {
                0 => answers.send_reset(Reason::INTERNAL_ERROR),
                _ => accept(heard, answers).await,
            }
        })
    });
    let results = results(h2c(&server), 6);
    for (n, result) in results.iter().enumerate() {
        match n % 2 {
            0 => assert!(result.is_ok(), "{results:?}"),
            _ => assert_eq!(*result, Err(Failure::Http2(Http2::Reset))),
        }
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_reset_in_the_middle_of_a_reply_fails_it() {
    let server = Server::start(|_, stream| {
        serve(stream, |_, _, mut answers| async move {
            let mut stream = answers.send_response(Response::new(()), false).expect("a head");
            let _ = stream.send_data(Bytes::from_static(b"{"), false);
            // The data goes out first only if the connection runs before the reset is queued.
            tokio::task::yield_now().await;
            stream.send_reset(Reason::CANCEL);
        })
    });
    let expected = Err(Failure::Http2(Http2::Reset));
    assert_eq!(results(h2c(&server), 3), vec![expected; 3]);
}

#[test]
fn a_connection_that_is_ended_in_order_is_made_again_and_loses_nothing() {
    let server = Server::start(|_, stream| async move {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((heard, answers))) = connection.accept().await {
            tokio::spawn(accept(heard, answers));
            // GOAWAY; the request under way is still answered.
            connection.graceful_shutdown();
        }
    });
    let results = results(h2c(&server), 5);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert!((2..=6).contains(&server.connections()), "{}", server.connections());
}

#[test]
fn a_connection_that_is_ended_with_goaway_fails_what_was_under_way() {
    // SETTINGS; then GOAWAY: no stream was processed, ENHANCE_YOUR_CALM.
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    const GOAWAY: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];
    let server = Server::start(|_, mut stream| async move {
        let _ = stream.write_all(SETTINGS).await;
        let mut read = 0;
        // More than the preface and the settings: the request has begun.
        while read < 100 {
            let count = stream.read(&mut [0; 1024]).await.unwrap_or_default();
            if count == 0 {
                return;
            }
            read += count;
        }
        let _ = stream.write_all(GOAWAY).await;
        drain(&mut stream).await;
    });
    let results = results(Config { streams: 2, ..h2c(&server) }, 6);
    assert_eq!(results, vec![Err(Failure::Http2(Http2::GoAway)); 6]);
}

#[test]
fn who_does_not_speak_http2_is_named() {
    let server = Server::start(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 505 HTTP Version Not Supported\r\n\r\n").await;
        drain(&mut stream).await;
    });
    let expected = Err(Failure::Http2(Http2::Protocol));
    assert_eq!(results(h2c(&server), 3), vec![expected; 3]);
}

#[test]
fn silence_ends_in_a_time_out_and_the_other_streams_go_on() {
    let server = Server::start(|_, stream| {
        serve(stream, |number, heard, answers| async move {
            match number {
                1 => std::future::pending().await,
                _ => accept(heard, answers).await,
            }
        })
    });
    let config = Config { streams: 2, request_timeout: Duration::from_millis(200), ..h2c(&server) };
    let results = results(config, 40);
    let late = results.iter().filter(|one| **one == Err(Failure::TimedOut)).count();
    assert_eq!((late, results.iter().filter(|one| one.is_ok()).count()), (1, 39));
}

#[test]
fn a_silent_connection_is_replaced_after_a_time_out() {
    let server = Server::start(|number, mut stream| async move {
        match number {
            0 => drain(&mut stream).await,
            _ => serve(stream, |_, heard, answers| accept(heard, answers)).await,
        }
    });
    let request_timeout = Duration::from_millis(50);
    let results = results(Config { request_timeout, ..h2c(&server) }, 3);
    assert_eq!(results[0], Err(Failure::TimedOut));
    assert!(results[1..].iter().all(Result::is_ok), "{results:?}");
}

#[test]
fn a_long_reply_is_cut_and_the_connection_stays() {
    let server = Server::start(|_, stream| {
        serve(stream, |_, _, mut answers| async move {
            let mut stream = answers.send_response(Response::new(()), false).expect("a head");
            let _ = stream.send_data(Bytes::from_static(&[b'x'; 5000]), true);
        })
    });
    for result in results(h2c(&server), 3) {
        let answer = result.expect("a reply");
        assert_eq!((answer.cut, answer.body.len()), (true, 1000));
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn mistakes_are_said_when_the_engine_is_made() {
    let address = ([127, 0, 0, 1], 1).into();
    for (wrong, says) in [
        (Config { connections: 0, ..config(address) }, "not 0"),
        (Config { streams: 2, ..config(address) }, "one request at a time"),
        (
            Config { connections: 100, streams: 100, protocol: Protocol::Http2, ..config(address) },
            "not 10000",
        ),
    ] {
        let error = standin_wire_hyper::Engine::new(wrong).expect_err("a mistake").to_string();
        assert!(error.contains(says), "{error}");
    }
}
