//! What a fuzzer calls: it reads any bytes as a reply, in one piece and in many, and panics if that makes a
//! difference or a limit does not hold. Compiled for fuzzers only (`--cfg fuzzing`), and for the tests.

use crate::Failure;
use crate::decoder::{Decoder, Fed, LARGEST_HEAD, Parsed};

/// The most bytes of a body that are kept here.
const LARGEST_BODY: usize = 256;

/// What became of one reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) result: Result<Owned, Failure>,
    /// The bytes after it. Those after a cut reply are not counted.
    pub(crate) after: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) status: u16,
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) cut: bool,
    pub(crate) keep: bool,
}

/// Reads the bytes whole, and in pieces of these sizes (in turn, each one larger than it says).
pub fn read(sizes: &[u8], bytes: &[u8]) {
    let whole = decode(&mut Decoder::new(LARGEST_BODY), [bytes]);
    let mut decoder = Decoder::new(LARGEST_BODY);
    assert_eq!(decode(&mut decoder, pieces(sizes, bytes)), whole, "pieces change the reply");
    // A connection uses its decoder again.
    decoder.reset();
    assert_eq!(decode(&mut decoder, pieces(sizes, bytes)), whole, "the last reply leaves a trace");
    let Ok(reply) = &whole.result else { return };
    assert!(reply.body.len() <= LARGEST_BODY && reply.head.len() <= LARGEST_HEAD);
    assert!((100..1000).contains(&reply.status), "{}", reply.status);
    assert!(reply.status >= 200 || reply.status == 101, "an interim reply is none");
    assert!(reply.head.starts_with(b"HTTP/1.") && reply.head.ends_with(b"\n"));
    assert!(!(reply.cut && reply.keep), "what was cut ends its connection");
    assert!(reply.head.len() + reply.body.len() + whole.after <= bytes.len());
}

fn pieces<'a>(sizes: &'a [u8], bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = bytes;
    let sizes = if sizes.is_empty() { &[0] } else { sizes };
    let mut sizes = sizes.iter().cycle();
    std::iter::from_fn(move || {
        let size = usize::from(*sizes.next()?) + 1;
        let (piece, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Feeds the pieces one after the other, then the end of the stream.
pub(crate) fn decode<'a>(
    decoder: &mut Decoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Outcome {
    let mut pieces = pieces.into_iter();
    while let Some(piece) = pieces.next() {
        match decoder.feed(piece) {
            Ok(Fed::More) => {}
            Ok(Fed::Whole { reply, rest }) => {
                let reply = owned(reply);
                let later = || pieces.map(<[u8]>::len).sum::<usize>();
                let after = if reply.cut { 0 } else { rest + later() };
                return Outcome { result: Ok(reply), after };
            }
            Err(failure) => return Outcome { result: Err(failure), after: 0 },
        }
    }
    Outcome { result: decoder.end().map(owned), after: 0 }
}

fn owned(parsed: Parsed<'_>) -> Owned {
    Owned {
        status: parsed.status,
        head: parsed.head.to_vec(),
        body: parsed.body.to_vec(),
        cut: parsed.cut,
        keep: parsed.keep,
    }
}
