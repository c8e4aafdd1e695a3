//! Masks secrets in a text that may repeat them, in any usual encoding.
//!
//! It decodes the text in every usual way, and what comes out again, and searches all of it for the
//! secrets: escapes may be nested and mixed, and to undo all of them at once may undo part of a secret.

mod escapes;
mod needles;
mod reading;

use std::ops::Range;

use bytes::Bytes;

use crate::model::secret::MASK;
pub use needles::Needles;
use reading::{DECODERS, Reading};

/// How many encodings on top of each other are undone.
const DEPTH: usize = 3;
/// The most decoded forms of a text.
const MOST_READINGS: usize = 32;
/// The most bytes in all of them, as a multiple of the text, and besides.
const MOST_BYTES: (usize, usize) = (12, 64 * 1024);

/// The text with these secrets masked, and the beginning of one where the text breaks off. Upper and
/// lower case count as the same.
pub fn masked<'a>(text: Bytes, secrets: impl Iterator<Item = &'a str>) -> Bytes {
    masked_by(text, &[&Needles::new(secrets)])
}

/// The same with secrets that are prepared.
pub fn masked_by(text: Bytes, needles: &[&Needles]) -> Bytes {
    if needles.iter().all(|one| one.is_empty()) || text.is_empty() {
        return text;
    }
    let shortest = needles.iter().filter_map(|one| one.shortest()).min().unwrap_or_default();
    let readings = readings(&text, shortest);
    let mut found: Vec<Range<usize>> =
        readings.iter().flat_map(|one| one.find(needles, text.len())).collect();
    if found.is_empty() {
        return text;
    }
    found.sort_unstable_by_key(|range| range.start);
    let mut shown = Vec::with_capacity(text.len());
    let mut end = 0;
    for range in found {
        // Overlapping matches become one mask.
        if range.start >= end {
            shown.extend_from_slice(&text[end..range.start]);
            shown.extend_from_slice(MASK.as_bytes());
        }
        end = end.max(range.end);
    }
    shown.extend_from_slice(&text[end..]);
    shown.into()
}

/// The text and its decoded forms, within limits of time and memory. They have what may be a secret of this length or
/// a longer one.
fn readings(text: &[u8], shortest: usize) -> Vec<Reading> {
    let mut readings = vec![Reading::plain(text)];
    let mut left = text.len() * MOST_BYTES.0 + MOST_BYTES.1;
    let mut begin = 0;
    for _ in 0..DEPTH {
        let end = readings.len();
        for place in begin..end {
            // What would be thrown away is not decoded either.
            if readings.len() == MOST_READINGS || left < readings[place].bytes().len() {
                return readings;
            }
            for decode in DECODERS {
                let Some(read) = decode(&readings[place], shortest) else { continue };
                let is_new = readings.iter().all(|one| one.bytes() != read.bytes());
                if is_new && readings.len() < MOST_READINGS && read.bytes().len() <= left {
                    left -= read.bytes().len();
                    readings.push(read);
                }
            }
        }
        begin = end;
    }
    readings
}

/// The fewest signs of a private key in base64, and how many of them are capital letters and digits at least. No
/// ordinary path has as many in a row.
const LEAST_OF_KEY: usize = 41;
const LEAST_CAPITALS: usize = 8;
const LEAST_DIGITS: usize = 4;

/// Whether a text that should be a name may be a private key: PEM, or a long row of base64.
pub fn may_be_a_key(text: &str) -> bool {
    let is_of_base64 = |sign: char| sign.is_ascii_alphanumeric() || "+/=".contains(sign);
    let count = |row: &str, is: fn(&char) -> bool| row.chars().filter(is).count();
    let mut rows = text.split(|sign| !is_of_base64(sign));
    text.contains("-----BEGIN")
        || rows.any(|row| {
            row.len() >= LEAST_OF_KEY
                && count(row, char::is_ascii_uppercase) >= LEAST_CAPITALS
                && count(row, char::is_ascii_digit) >= LEAST_DIGITS
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_place_of_a_path_is_told_from_paths() {
        let key = "MC4CAQAwBQYDK2VwBCIEIGcOrr8a/VUAAkWxj98OEhOq7KGE4jX7/H0Jh5EfwxrX";
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----");
        assert!([key, &pem, &format!("/home/ci/{key}")].into_iter().all(may_be_a_key));
        for path in [
            "/home/somebody/projects/receiver/certificates/authority.pem",
            "/Users/Somebody/Documents/Receiver2/Certificates/Authority2031",
            "26a18ff1-e57e-4325-8772-69b582f5f939/key.pem",
        ] {
            assert!(!may_be_a_key(path), "{path}");
        }
    }

    /// The text with this secret masked.
    fn shown(text: &str, secret: &str) -> String {
        let shown = masked(Bytes::copy_from_slice(text.as_bytes()), [secret].into_iter());
        String::from_utf8_lossy(&shown).into_owned()
    }

    #[test]
    fn a_secret_is_masked_in_every_usual_encoding() {
        // Encoded with other programs: Python's json, urllib, base64 and html, PHP's json_encode.
        let secret = "A \"b\" /%C+é&";
        for said in [
            r#"A "b" /%C+é&"#,
            r#"a "B" /%c+é&"#,
            r#"A \"b\" /%C+é&"#,
            r#"A \"b\" \/%C+\u00e9&"#,
            r#"A \"b\" /%C\u002B\u00E9\u0026"#,
            r#"\u0041\u0020\u0022\u0062\u0022\u0020\u002f\u0025\u0043\u002b\u00e9\u0026"#,
            r#"A \\\"b\\\" /%C+\\u00e9&"#,
            "A+%22b%22+%2F%25C%2B%C3%A9%26",
            "A%20%22b%22%20/%25C%2b%c3%a9%26",
            "%41%20%22%62%22%20%2f%25%43%2b%c3%a9%26",
            "A%2520%2522b%2522%2520%252F%2525C%252B%25C3%25A9%2526",
            "A &quot;b&quot; /%C+&#233;&amp;",
            "A &#34;b&#x22; /%C&#43;&#xE9;&#38;",
            "QSAiYiIgLyVDK8OpJg==",
            "QSAiYiIgLyVDK8OpJg",
            "QSAiYiIgLyVDK8OpJg%3D%3D",
            "4120226222202f25432bc3a926",
            "4120226222202F25432BC3A926",
        ] {
            for said in [said.to_owned(), format!("got: {said}, {said}!")] {
                let shown = shown(&said, secret);
                let wanted = shown.replace(['=', ' ', '!', ',', ':'], "").replace("%3D", "");
                assert!(["***", "got******"].contains(&wanted.as_str()), "{said}: {shown}");
            }
        }
    }

    #[test]
    fn a_secret_inside_a_longer_encoded_text_is_masked() {
        // base64 of "Bearer tok-31f2/x", of "id:tok-31f2/x" and of "ab tok-31f2/x; and more".
        for said in
            ["QmVhcmVyIHRvay0zMWYyL3g=", "aWQ6dG9rLTMxZjIveA", "YWIgdG9rLTMxZjIveDsgYW5kIG1vcmU="]
        {
            let shown = shown(said, "tok-31f2/x");
            assert!(shown.contains("***") && shown.len() < said.len() - 8, "{said}: {shown}");
        }
        // Hexadecimal of "Bearer k3y-for-it", after one more digit.
        assert!(shown("f4265617265722 06b33792d666f722d6974", "k3y-for-it").ends_with(" 0***"));
    }

    #[test]
    fn escapes_are_undone_singly_and_mixed() {
        let secret = "x\"y%42z";
        for said in [
            r#"x\"y%42z"#,
            r#"x"y%42z"#,
            "x%22y%2542z",
            "x&quot;y%42z",
            r#"x\u0022y\u002542z"#,
            r#"x\u{22}y\x2542z"#,
            r#"x\042y%42z"#,
            "x=22y%42z",
            "x=22y=2542z",
            "x%5C%22y%2542z",
            r#"x\\\"y%42z"#,
            "x&amp;quot;y%42z",
        ] {
            assert_eq!(shown(said, secret), "***", "{said}");
            assert_eq!(shown(&format!("got {said}, no"), secret), "got ***, no");
        }
    }

    #[test]
    fn a_secret_is_masked_as_digits_of_any_kind() {
        // Encoded with Python: base64, binascii, str.encode, quopri.
        let secret = "s3cr3t-key-0042";
        for said in [
            "czNjcjN0LWtleS0wMDQy",
            "czNjcjN0\r\nLWtleS0w\r\nMDQy",
            "Y3pOamNqTjBMV3RsZVMwd01EUXk=",
            "73:33:63:72:33:74:2d:6b:65:79:2d:30:30:34:32",
            "73 33 63 72 33 74 2D 6B 65 79 2D 30 30 34 32",
            "0x73, 0x33, 0x63, 0x72, 0x33, 0x74, 0x2d, 0x6b, 0x65, 0x79, 0x2d, 0x30, 0x30, 0x34, 0x32",
            "[115, 51, 99, 114, 51, 116, 45, 107, 101, 121, 45, 48, 48, 52, 50]",
            "115,51,99,114,51,116,45,107,101,121,45,48,48,52,50",
            "s\x003\x00c\x00r\x003\x00t\x00-\x00k\x00e\x00y\x00-\x000\x000\x004\x002\x00",
            r"\u0073\u0033\u0063\u0072\u0033\u0074-key-0042",
            "cwAzAGMAcgAzAHQALQBrAGUAeQAtADAAMAA0ADIA",
            "3733333336333732333337343264366236353739326433303330333433320a",
        ] {
            let shown = shown(&format!("key {said} end"), secret);
            let rest = shown.replace(['[', ']', '=', '\u{0}'], "");
            let kept = rest.len() - "key *** end".len();
            assert!(shown.contains("***") && kept <= 4, "{said}: {shown}");
        }
    }

    #[test]
    fn a_secret_of_three_bytes_is_masked() {
        for said in ["k3y", "azN5", "6b3379", "6b:33:79", "[107, 51, 121]", "k%33y"] {
            assert!(shown(said, "k3y").contains("***"), "{said}");
        }
    }

    #[test]
    fn a_secret_that_is_removed_is_shown_unless_it_was_added_again() {
        let mut needles = Needles::new(["abcd", "ABCD", "xyz"].into_iter());
        let shown = |needles: &Needles| masked_by(Bytes::from_static(b"Abcd xyz"), &[needles]);
        assert_eq!(shown(&needles), "*** ***");
        needles.remove("abcD");
        needles.remove("other");
        assert_eq!(shown(&needles), "*** ***");
        needles.remove("abcd");
        assert_eq!(shown(&needles), "Abcd ***");
        needles.remove("xyz");
        assert!(needles.is_empty());
    }

    #[test]
    fn short_runs_of_digits_count_if_a_secret_is_short_or_the_text_breaks_off() {
        let both = |text: &'static str| {
            let secrets = ["a-very-long-secret-indeed", "k3y!"];
            masked(Bytes::from_static(text.as_bytes()), secrets.into_iter())
        };
        // base64 and hexadecimal digits of the short one, and of the beginning of the long one.
        assert_eq!(both("<azN5IQ>, then more of the text"), "<***>, then more of the text");
        assert_eq!(both("<6b337921>, then more of the text"), "<***>, then more of the text");
        assert_eq!(both("then YS12ZXI"), "then ***");
        assert_eq!(both("then 612d7665"), "then ***");
        assert_eq!(both("then [97, 45, 118, 101"), "then [***");
        let long = "YS12ZXJ5LWxvbmctc2VjcmV0LWluZGVlZA";
        assert_eq!(
            shown(&format!("<{long}>, then more"), "a-very-long-secret-indeed"),
            "<***>, then more"
        );
        let nested = "WVMxMlpYSjVMV3h2Ym1jdGMyVmpjbVYwTFdsdVpHVmxaQQ";
        assert_eq!(
            shown(&format!("<{nested}>, then more"), "a-very-long-secret-indeed"),
            "<***>, then more"
        );
    }

    #[test]
    fn the_beginning_of_a_secret_is_masked_where_a_text_breaks_off() {
        let secret = "abcd-efgh/ijkl mnop_qrst&uv";
        for said in
            ["abcd-efgh/ijkl mnop_qrst&u", "abcd", "abcd-efgh%2Fijkl%20mnop%5", "abcd-efgh\\u002"]
        {
            assert_eq!(shown(&format!("got {said}"), secret), "got ***", "{said}");
        }
        // base64 of its first 20 characters, broken off.
        assert_eq!(shown("YWJjZC1lZmdoL2lqa2wgbW5vcA", secret), "***");
        assert_eq!(shown("abc", secret), "abc");
        assert_eq!(shown("abcd-efgh, no", secret), "abcd-efgh, no");
    }

    #[test]
    fn the_work_on_a_hostile_text_is_bounded() {
        for piece in ["\\", "%25", "&amp;", "=3D", "QQ", "ff ", "1,", "\0a"] {
            let text = piece.repeat(20_000);
            assert_eq!(shown(&text, "s3cr3t"), text, "{piece}");
        }
    }

    #[test]
    fn everything_else_is_shown_unchanged() {
        for said in ["", "%", "100 %zz \\u12 \\ud800 &#; &nbsp; &#xffffffff;", "nothing of it"] {
            assert_eq!(shown(said, "s3cr3t"), said);
        }
        let broken = Bytes::from_static(b"\xff\xfe k3y \xc3");
        assert_eq!(masked(broken, ["k3y"].into_iter()), &b"\xff\xfe *** \xc3"[..]);
        assert_eq!(shown("one and two", ""), "one and two");
        let both = masked(Bytes::from_static(b"abcdef abcd"), ["abcd", "cdef"].into_iter());
        assert_eq!(both, "*** ***");
    }
}
