//! Requests and replies between their bytes, which the work writes and reads, and hyper's types.

use std::io;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::{Method, Request, Response, Uri, Version};
use standin_wire::Failure;

use crate::config::Protocol;
use crate::connect::Body;
use crate::trouble;

/// The most headers of a request.
const MOST_HEADERS: usize = 64;

/// The request that these bytes are.
pub(crate) fn request(
    bytes: &[u8],
    protocol: Protocol,
    scheme: &str,
) -> Result<Request<Body>, Failure> {
    // The work writes nothing else, so this is a bug of its author.
    let wrong = || Failure::Io(io::ErrorKind::InvalidInput);
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let Ok(httparse::Status::Complete(head)) = parsed.parse(bytes) else { return Err(wrong()) };
    let (Some(method), Some(path)) = (parsed.method, parsed.path) else { return Err(wrong()) };
    let mut request = Request::new(Full::new(Bytes::copy_from_slice(&bytes[head..])));
    *request.method_mut() = Method::from_bytes(method.as_bytes()).map_err(|_| wrong())?;
    let mut host = "";
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| wrong())?;
        if protocol == Protocol::Http2 {
            if name == HOST {
                // HTTP/2 has it in the address.
                host = std::str::from_utf8(header.value).map_err(|_| wrong())?;
                continue;
            }
            if name == CONNECTION || name == TRANSFER_ENCODING {
                continue;
            }
        }
        let value = HeaderValue::from_bytes(header.value).map_err(|_| wrong())?;
        request.headers_mut().append(name, value);
    }
    let uri = match protocol {
        Protocol::Http1 => path.parse(),
        Protocol::Http2 => {
            *request.version_mut() = Version::HTTP_2;
            let parts = Uri::builder().scheme(scheme).authority(host).path_and_query(path);
            *request.uri_mut() = parts.build().map_err(|_| wrong())?;
            return Ok(request);
        }
    };
    *request.uri_mut() = uri.map_err(|_| wrong())?;
    Ok(request)
}

/// The buffers of a reply, used again for the next one.
#[derive(Default)]
pub(crate) struct Buffers {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// What a reply is besides its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) status: u16,
    /// The body is longer than the limit.
    pub(crate) cut: bool,
    /// The connection can carry another request.
    pub(crate) keep: bool,
}

/// Reads a reply to its end, or to the limit.
pub(crate) async fn read(
    response: Response<Incoming>,
    buffers: &mut Buffers,
    largest: usize,
) -> Result<Read, Failure> {
    let status = response.status().as_u16();
    write_head(&response, &mut buffers.head);
    let keep = keeps(&response);
    buffers.body.clear();
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| trouble::of_hyper(&error, Failure::ClosedInReply))?;
        let Some(data) = frame.data_ref() else { continue };
        let room = largest - buffers.body.len();
        buffers.body.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            return Ok(Read { status, cut: true, keep });
        }
    }
    Ok(Read { status, cut: false, keep })
}

fn write_head(response: &Response<Incoming>, head: &mut Vec<u8>) {
    head.clear();
    // HTTP/2 has no reason phrase, and nobody reads that of HTTP/1.1.
    head.extend_from_slice(
        format!("{:?} {}\r\n", response.version(), response.status().as_u16()).as_bytes(),
    );
    for (name, value) in response.headers() {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
}

/// Whether the receiver lets the connection carry another request.
fn keeps(response: &Response<Incoming>) -> bool {
    let says = |what: &str| {
        let values = response.headers().get_all(CONNECTION).iter();
        let mut tokens =
            values.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
        tokens.any(|token| token.trim().eq_ignore_ascii_case(what))
    };
    match response.version() {
        Version::HTTP_10 => says("keep-alive"),
        Version::HTTP_11 => !says("close") && response.status().as_u16() != 101,
        _ => true,
    }
}
