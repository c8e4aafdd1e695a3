//! Claims about the decoder: what each kind of reply gives, and that pieces never change it.

use proptest::prelude::*;

use super::*;
use crate::fuzz::{self, Outcome};

const LARGEST: usize = 64;
/// More than the limit; Miri is too slow for much more.
const MANY: usize = if cfg!(miri) { 100 } else { 4096 };

/// Feeds the pieces one after the other, then the end of the stream.
fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    fuzz::decode(&mut Decoder::new(LARGEST), pieces)
}

fn whole(bytes: &[u8]) -> Outcome {
    decode([bytes])
}

fn body_of(text: &str) -> String {
    let reply = whole(text.as_bytes()).result.expect("a reply");
    String::from_utf8(reply.body).expect("text")
}

fn failure_of(text: &str) -> Failure {
    whole(text.as_bytes()).result.expect_err("a failure")
}

/// Replies of every kind, and bytes that are none.
const SAMPLES: &[&str] = &[
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200\r\ncontent-length:2\r\n\r\nok",
    "HTTP/1.1 200 OK\ncontent-length: 2\n\nok",
    "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\na\r\n0\r\nEtag: \"1\"\r\nX: y\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000002 \r\nab\r\n00\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\na\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nuntil the end",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes of x",
    "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\neverything until the end",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n0123456789012345678901234567890123456789012345678901234567890123456789",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
    "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n",
    "HTTP/1.1 2x0 OK\r\n\r\n",
    "HTTP/1.1 000 OK\r\n\r\n",
    "HTTP/1.7 200 OK\r\n\r\n",
    "HTTP/2.0 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConte",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "\u{15}\u{3}\u{1}",
    "H",
    "",
];

#[test]
fn a_body_is_read_as_its_head_says() {
    assert_eq!(body_of(SAMPLES[0]), "hello");
    assert_eq!(body_of(SAMPLES[4]), "");
    assert_eq!(body_of(SAMPLES[6]), "hello world");
    assert_eq!(body_of(SAMPLES[7]), "a");
    assert_eq!(body_of(SAMPLES[14]), "until the end");
    assert_eq!(body_of(SAMPLES[21]), "everything until the end");
    assert_eq!(body_of(SAMPLES[22]), "hello");
}

#[test]
fn a_connection_is_kept_only_if_its_next_bytes_can_be_trusted() {
    let keep = |index: usize| whole(SAMPLES[index].as_bytes()).result.expect("a reply").keep;
    let kept: Vec<usize> =
        [0, 4, 6, 13, 14, 16, 17, 18, 19, 21, 27].into_iter().filter(|i| keep(*i)).collect();
    assert_eq!(kept, [0, 4, 6, 19]);
}

#[test]
fn interim_replies_are_skipped_up_to_a_limit() {
    let reply = whole(SAMPLES[15].as_bytes()).result.expect("a reply");
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"a"[..]));
    assert!(reply.head.starts_with(b"HTTP/1.1 200"));
    let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
    assert_eq!(failure_of(&many), Failure::NotHttp(Malformed::Interim));
    // They are no reply: one that ends after them is missing.
    assert_eq!(failure_of("HTTP/1.1 100 Continue\r\n\r\n"), Failure::ClosedInReply);
}

#[test]
fn what_is_no_reply_says_why() {
    let failures: Vec<Failure> = [9, 10, 11, 20, 23, 24, 25, 29, 30, 31, 32, 34, 35, 36, 37]
        .into_iter()
        .map(|index: usize| failure_of(SAMPLES[index]))
        .collect();
    let not_http = Failure::NotHttp;
    assert_eq!(
        failures,
        [
            not_http(Malformed::Chunk),
            not_http(Malformed::Chunk),
            not_http(Malformed::Chunk),
            not_http(Malformed::TransferEncoding),
            not_http(Malformed::ContentLength),
            not_http(Malformed::ContentLength),
            not_http(Malformed::ContentLength),
            Failure::ClosedInReply,
            not_http(Malformed::Head),
            not_http(Malformed::Head),
            not_http(Malformed::Head),
            not_http(Malformed::Protocol),
            Failure::ClosedInReply,
            not_http(Malformed::Protocol),
            not_http(Malformed::Protocol),
        ]
    );
    assert_eq!(failure_of(""), Failure::ClosedBeforeReply);
}

#[test]
fn what_comes_after_a_reply_is_counted() {
    assert_eq!(whole(SAMPLES[28].as_bytes()).after, 39);
    assert_eq!(whole(SAMPLES[16].as_bytes()).after, 10);
}

#[test]
fn a_body_over_the_limit_is_cut() {
    let reply = whole(SAMPLES[27].as_bytes()).result.expect("a reply");
    assert!(reply.cut && !reply.keep);
    assert_eq!(reply.body.len(), LARGEST);
    let exact =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {LARGEST}\r\n\r\n{}", "x".repeat(LARGEST));
    let reply = whole(exact.as_bytes()).result.expect("a reply");
    assert!(!reply.cut && reply.keep);
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(LARGEST + 1));
    assert!(whole(endless.as_bytes()).result.expect("a reply").cut);
}

#[test]
fn heads_and_trailers_and_chunk_lines_have_limits() {
    let filler = "x".repeat(LARGEST_HEAD);
    assert_eq!(failure_of(&format!("HTTP/1.1 200 OK\r\nX: {filler}")), Failure::TooLarge);
    assert_eq!(failure_of(&format!("HTTP/1.1 200 OK\r\nX: {filler}\r\n\r\n")), Failure::TooLarge);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(failure_of(&format!("{chunked}0\r\nX: {filler}")), Failure::TooLarge);
    let short = "x".repeat(LONGEST_CHUNK_LINE);
    assert_eq!(failure_of(&format!("{chunked}1;{short}")), Failure::TooLarge);
    let headers = "a: b\r\n".repeat(200);
    assert_eq!(failure_of(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n")), Failure::TooLarge);
}

#[test]
fn no_split_changes_the_result() {
    for sample in SAMPLES {
        let bytes = sample.as_bytes();
        let expected = whole(bytes);
        for at in 0..=bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(decode([first, second]), expected, "{sample:?} split at {at}");
        }
        assert_eq!(decode(bytes.chunks(1)), expected, "{sample:?} byte by byte");
    }
}

#[test]
fn a_decoder_forgets_a_reply_when_it_is_reset() {
    let mut decoder = Decoder::new(LARGEST);
    for sample in SAMPLES {
        for piece in sample.as_bytes().chunks(3) {
            if !matches!(decoder.feed(piece), Ok(Fed::More)) {
                break;
            }
        }
        decoder.reset();
        let reply = decoder.feed(SAMPLES[0].as_bytes());
        assert!(matches!(reply, Ok(Fed::Whole { reply, rest: 0 }) if reply.body == b"hello"));
        decoder.reset();
    }
}

/// Bytes that are near enough to HTTP to come far, and some that are not.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => proptest::sample::select(vec![
            "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 204 No\r\n", "Content-Length: 3\r\n", "Content-Length: 4\n", "Content-Length:",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x\r\n", "Connection: close\r\n",
            "\r\n", "\n", "\r", "0\r\n", "0\r\n\r\n", "3\r\nabc\r\n", "3;a=b\r\n", "ffffffffffffffff\r\n",
            "abc", " ", ":", "\t",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

fn with_start() -> impl Strategy<Value = Vec<u8>> {
    (any::<bool>(), bytes()).prop_map(|(start, rest)| {
        let mut all = if start { b"HTTP/1.1 200 OK\r\n".to_vec() } else { Vec::new() };
        all.extend(rest);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 20 } else { 4096 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_split_of_any_bytes_gives_the_same_result(
        bytes in with_start(),
        sizes in proptest::collection::vec(1_usize..20, 1..64),
    ) {
        let expected = whole(&bytes);
        let mut rest = bytes.as_slice();
        let mut pieces = Vec::new();
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        prop_assert_eq!(decode(pieces), expected);
    }

    #[test]
    fn what_is_kept_is_bounded(bytes in proptest::collection::vec(any::<u8>(), 0..MANY)) {
        let mut all = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        all.extend(bytes);
        let reply = whole(&all).result.expect("until the end");
        prop_assert!(reply.body.len() <= LARGEST);
    }
}
