//! The decoder against hyper's, on the same bytes: where both read a reply, they read the same one. Where they
//! disagree on whether it is one, the difference is in a list, with its reason.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

/// How many replies are compared: half a second.
const CASES: usize = 20_000;

/// What hyper makes of these bytes and an end of the stream: status and body, or nothing.
async fn hyper_reads(bytes: &[u8]) -> Option<(u16, Vec<u8>)> {
    let (client, mut server) = tokio::io::duplex(64 * 1024);
    let connection = hyper::client::conn::http1::handshake(TokioIo::new(client));
    let (mut sender, driver) = connection.await.ok()?;
    let serves = async {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(server.read_u8().await.ok()?);
        }
        server.write_all(bytes).await.ok()?;
        server.shutdown().await.ok()
    };
    let asks = async {
        let request = hyper::Request::post("/").header("host", "x").body(Empty::<Bytes>::new());
        let response = sender.send_request(request.ok()?).await.ok()?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.ok()?;
        Some((status, body.to_bytes().to_vec()))
    };
    let drives = async {
        // How the connection ends is not the question.
        let _ = driver.await;
        std::future::pending().await
    };
    tokio::select! {
        biased;
        (_, found) = async { tokio::join!(serves, asks) } => found,
        () = drives => None,
    }
}

/// What the decoder makes of them.
fn we_read(bytes: &[u8]) -> Result<(u16, Vec<u8>), Failure> {
    let mut decoder = Decoder::new(usize::MAX / 2);
    match decoder.feed(bytes) {
        Ok(Fed::Whole { reply, .. }) => return Ok((reply.status, reply.body.to_vec())),
        Err(failure) => return Err(failure),
        Ok(Fed::More) => {}
    }
    decoder.end().map(|reply| (reply.status, reply.body.to_vec()))
}

/// A reply in parts.
#[derive(Debug, Clone)]
struct Reply {
    line: &'static str,
    headers: Vec<&'static str>,
    body: Vec<&'static str>,
}

impl Reply {
    fn bytes(&self) -> Vec<u8> {
        format!("{}{}\r\n{}", self.line, self.headers.concat(), self.body.concat()).into_bytes()
    }
}

fn reply() -> impl Strategy<Value = Reply> {
    let line = proptest::sample::select(vec![
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200\r\n",
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 204 No Content\r\n",
        "HTTP/1.1 304 Not Modified\r\n",
        "HTTP/1.1 503 No\r\n",
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 404 No\r\n",
        "HTTP/2.0 200 OK\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1  200 OK\r\n",
        "HTTQ/1.1 200 OK\r\n",
    ]);
    let header = proptest::sample::select(vec![
        "content-length: 3\r\n",
        "Content-Length: 3\n",
        "content-length: 5\r\n",
        "content-length: 0\r\n",
        "content-length: 3, 3\r\n",
        "content-length: +3\r\n",
        "content-length: 3x\r\n",
        "content-length:\r\n",
        "content-length: 99999999999999999999\r\n",
        "transfer-encoding: chunked\r\n",
        "Transfer-Encoding: Chunked\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "transfer-encoding: gzip\r\n",
        "connection: close\r\n",
        "connection: keep-alive\r\n",
        "x: y\r\n",
        "x: \u{e4}\r\n",
        "x : y\r\n",
        " folded\r\n",
        "no colon\r\n",
    ]);
    let body = proptest::sample::select(vec![
        "abc",
        "ab",
        "",
        "3\r\nabc\r\n",
        "3;a=b\r\nabc\r\n",
        "3 \r\nabc\r\n",
        "03\r\nabc\r\n",
        "A\r\n0123456789\r\n",
        "0\r\n\r\n",
        "0\r\nx: y\r\n\r\n",
        "0;a\r\n\r\n",
        "3\r\nabcd\r\n",
        "g\r\n",
        "\r\n",
        "3\nabc\n",
        "ffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ]);
    let headers = proptest::collection::vec(header, 0..4);
    let body = proptest::collection::vec(body, 0..4);
    (line, headers, body).prop_map(|(line, headers, body)| Reply { line, headers, body })
}

/// Why the two may disagree on whether this is a reply.
fn known(ours: &Result<(u16, Vec<u8>), Failure>) -> Option<&'static str> {
    match ours {
        Err(Failure::NotHttp(Malformed::ContentLength)) => {
            Some("a length that cannot be read is refused, also where another rule ends the body")
        }
        _ => None,
    }
}

#[test]
fn what_both_decoders_read_is_the_same_reply() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut both, mut neither) = (0, 0);
    let mut different = Vec::new();
    for _ in 0..CASES {
        let reply = reply().new_tree(&mut runner).expect("a reply").current();
        let bytes = reply.bytes();
        let (ours, theirs) = (we_read(&bytes), runtime.block_on(hyper_reads(&bytes)));
        match (&ours, &theirs) {
            (Ok(ours), Some(theirs)) if ours == theirs => both += 1,
            (Err(_), None) => neither += 1,
            (Ok(_), Some(_)) => different.push(format!("{ours:?} {theirs:?} {reply:?}")),
            _ if known(&ours).is_some() => {}
            _ => different.push(format!("{ours:?} {theirs:?} {reply:?}")),
        }
    }
    assert!(
        different.is_empty(),
        "{}: {:#?}",
        different.len(),
        &different[..different.len().min(30)]
    );
    // Otherwise nothing would have been compared.
    assert!(both > CASES / 5 && neither > CASES / 5, "{both} {neither}");
}
