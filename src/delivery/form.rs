//! The form in which a request is sent.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, StreamExt as _, stream};
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{
    ACCEPT, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue,
    USER_AGENT,
};
use hyper::http::Error;
use hyper::{StatusCode, Version};
use tokio::sync::Notify;

use super::connection::Body;
use super::spelling::Spelling;
use crate::model::address::Method;
use crate::model::fault::WireForm;
use crate::policy::Request;
use crate::policy::wire::{ASKED_WITHIN, SendMode};

/// The header that each request has.
const OWN: &str = "content-type";

/// The headers that a request may get from its form and from its connection.
const ADDED: [HeaderName; 5] = [HOST, CONTENT_LENGTH, CONNECTION, ACCEPT, USER_AGENT];

/// In how many pieces a slow body is sent.
const PIECES: u32 = 20;

/// A request as it is sent.
pub fn make(request: &Request, mode: SendMode) -> Result<hyper::Request<Body>, Error> {
    let method = request.address.form.method;
    let mut builder = hyper::Request::builder().method(method.name()).uri("/");
    let body = match mode {
        SendMode::As(WireForm::Gzip) => {
            builder = builder.header(CONTENT_ENCODING, "gzip");
            compressed(&request.body)
        }
        _ => request.body.clone(),
    };
    for header in &request.headers {
        builder = builder.header(&header.name, header.value.reveal());
    }
    // A POST without a body says so, too (RFC 9110, section 8.6).
    if mode != SendMode::As(WireForm::Chunked) && method == Method::Post {
        builder = builder.header(CONTENT_LENGTH, body.len());
    }
    builder = builder.extension(spelling(request, mode));
    match mode {
        SendMode::Slow(over) => builder.body(streamed(slowly(body, over))),
        SendMode::As(WireForm::Chunked) => builder.body(streamed(stream::iter(halves(body)))),
        SendMode::As(WireForm::Expecting) => {
            let asked = Arc::new(Notify::new());
            let mut request = builder.body(streamed(once_asked(body, Arc::clone(&asked))))?;
            request.headers_mut().insert(EXPECT, HeaderValue::from_static("100-continue"));
            hyper::ext::on_informational(&mut request, move |interim| {
                if interim.status() == StatusCode::CONTINUE {
                    asked.notify_one();
                }
            });
            Ok(request)
        }
        SendMode::As(WireForm::Http10) => {
            builder.version(Version::HTTP_10).body(Full::new(body).boxed_unsync())
        }
        _ => builder.body(Full::new(body).boxed_unsync()),
    }
}

/// How the names of the headers are written.
fn spelling(request: &Request, mode: SendMode) -> Spelling {
    let names = request.headers.iter().map(|header| &*header.name);
    Spelling(match mode {
        // Those that the client writes itself, too.
        SendMode::As(WireForm::UpperCase) => {
            names.chain(ADDED.iter().map(HeaderName::as_str)).map(str::to_ascii_uppercase).collect()
        }
        SendMode::As(WireForm::LowerCase) => Vec::new(),
        // Ours is not documented by anybody.
        _ => names.filter(|name| *name != OWN).map(str::to_owned).collect(),
    })
}

fn streamed(pieces: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    StreamBody::new(pieces.map(|piece| Ok::<_, Infallible>(Frame::data(piece)))).boxed_unsync()
}

/// A body, compressed with gzip.
fn compressed(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.unwrap_or_default().into()
}

/// A body in two pieces, or in one if it is too short.
fn halves(mut body: Bytes) -> Vec<Bytes> {
    let first = body.split_to(body.len() / 2);
    [first, body].into_iter().filter(|half| !half.is_empty()).collect()
}

/// A body that comes when it is asked for, or after some time.
fn once_asked(body: Bytes, asked: Arc<Notify>) -> impl Stream<Item = Bytes> {
    stream::once(async move {
        // Nobody asks for a body that is not wanted, or that a receiver takes without asking.
        let _ = tokio::time::timeout(ASKED_WITHIN, asked.notified()).await;
        body
    })
}

/// A body in pieces with pauses between them.
fn slowly(body: Bytes, over: Duration) -> impl Stream<Item = Bytes> {
    let size = body.len().div_ceil(PIECES as usize).max(1);
    let pause = over / PIECES;
    stream::unfold((body, false), move |(mut rest, begun)| async move {
        if rest.is_empty() {
            return None;
        }
        if begun {
            let mut timer = tokio::time::interval(pause.max(Duration::from_millis(1)));
            timer.tick().await; // The first tick is immediate.
            timer.tick().await;
        }
        let piece = rest.split_to(size.min(rest.len()));
        Some((piece, (rest, true)))
    })
}
