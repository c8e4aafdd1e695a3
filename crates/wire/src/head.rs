//! The head of a reply: where it ends, and what it says about the body.

use std::mem::MaybeUninit;

use httparse::{Error, Header, ParserConfig, Response, Status};
use memchr::memchr;

use crate::{Failure, Malformed};

/// The most headers of a reply.
const MOST_HEADERS: usize = 128;

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// So many bytes.
    Length(u64),
    /// Chunks with their sizes.
    Chunked,
    /// Everything until the receiver closes.
    UntilClose,
}

/// What a head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) framing: Framing,
    /// The connection can carry another request.
    pub(crate) keep: bool,
}

/// Whether bytes may still become a reply, judged by the first of them.
pub(crate) fn begins_like_http(bytes: &[u8]) -> bool {
    const START: &[u8] = b"HTTP/1.";
    let n = bytes.len().min(START.len());
    bytes[..n] == START[..n]
}

/// The length of the head including the empty line at its end, if that is in `bytes`. Looks at nothing before
/// `from`, which is how far an earlier call has looked.
pub(crate) fn end(bytes: &[u8], from: usize) -> Option<usize> {
    // The last two bytes that were looked at may be the beginning of the empty line.
    let mut at = from.saturating_sub(2);
    while let Some(newline) = memchr(b'\n', bytes.get(at..)?) {
        at += newline + 1;
        match bytes.get(at..) {
            Some([b'\n', ..]) => return Some(at + 1),
            Some([b'\r', b'\n', ..]) => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Reads a head of exactly this length.
pub(crate) fn read(bytes: &[u8]) -> Result<Head, Failure> {
    let mut headers: [MaybeUninit<Header<'_>>; MOST_HEADERS] =
        [const { MaybeUninit::uninit() }; MOST_HEADERS];
    let mut response = Response::new(&mut []);
    let parsed = ParserConfig::default().parse_response_with_uninit_headers(
        &mut response,
        bytes,
        &mut headers,
    );
    match parsed {
        Ok(Status::Complete(length)) if length == bytes.len() => {}
        Err(Error::TooManyHeaders) => return Err(Failure::TooLarge),
        Err(Error::Version) => return Err(Failure::NotHttp(Malformed::Protocol)),
        _ => return Err(Failure::NotHttp(Malformed::Head)),
    }
    let (Some(status), Some(version)) = (response.code, response.version) else {
        return Err(Failure::NotHttp(Malformed::Head));
    };
    if !(100..1000).contains(&status) {
        return Err(Failure::NotHttp(Malformed::Head));
    }
    judge(status, version, response.headers)
}

fn judge(status: u16, version: u8, headers: &[Header<'_>]) -> Result<Head, Failure> {
    let mut length = None;
    let mut coding = None;
    let mut keep = version > 0;
    for header in headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            length = Some(one_length(length, header.value)?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            // Of several encodings, the last one frames the body.
            coding = tokens(header.value).last();
        } else if header.name.eq_ignore_ascii_case("connection") {
            for token in tokens(header.value) {
                if token.eq_ignore_ascii_case(b"close") {
                    keep = false;
                } else if token.eq_ignore_ascii_case(b"keep-alive") && version == 0 {
                    keep = true;
                }
            }
        }
    }
    if coding.is_some() && version == 0 {
        return Err(Failure::NotHttp(Malformed::TransferEncoding));
    }
    let framing = match (coding, length) {
        // Such replies have no body, whatever their headers say (RFC 9112, section 6.3).
        _ if status < 200 || status == 204 || status == 304 => Framing::Length(0),
        (Some(last), _) if last.eq_ignore_ascii_case(b"chunked") => Framing::Chunked,
        (Some(_), _) | (None, None) => Framing::UntilClose,
        (None, Some(length)) => Framing::Length(length),
    };
    // A reply with both headers may be an attempt to smuggle another one in (RFC 9112, section 6.1).
    let doubtful = coding.is_some() && length.is_some();
    // After 101 the connection no longer speaks HTTP.
    let keep = keep && !doubtful && framing != Framing::UntilClose && status != 101;
    Ok(Head { status, framing, keep })
}

/// The length that a header states, if it agrees with `before`. A list of equal numbers counts as one number
/// (RFC 9112, section 6.3).
fn one_length(before: Option<u64>, value: &[u8]) -> Result<u64, Failure> {
    let wrong = Failure::NotHttp(Malformed::ContentLength);
    let mut found = before;
    for part in value.split(|byte| *byte == b',') {
        let digits = part.trim_ascii();
        if digits.is_empty() {
            return Err(wrong);
        }
        let mut number: u64 = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return Err(wrong);
            }
            number = number
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(u64::from(digit - b'0')))
                .ok_or(wrong)?;
        }
        if found.is_some_and(|found| found != number) {
            return Err(wrong);
        }
        found = Some(number);
    }
    found.ok_or(wrong)
}

fn tokens(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty())
}
