//! Masks secrets in a text that may repeat them, in any usual encoding.
//!
//! It decodes the text in every usual way and searches the results for the secret, since escapes of
//! JSON, URLs, forms and HTML may be mixed and nested.

use std::ops::Range;

use bytes::Bytes;
use memchr::memmem;

use crate::model::secret::MASK;

/// Shorter runs of base64 or hexadecimal digits are not decoded.
const SHORTEST_RUN: usize = 6;
/// Separates decoded runs, so that no match spans two of them. It occurs in no UTF-8 text.
const SEPARATOR: u8 = 0xff;

/// The text with these secrets masked. Upper and lower case count as the same.
pub fn masked<'a>(text: Bytes, secrets: impl Iterator<Item = &'a str>) -> Bytes {
    let mut secrets: Vec<Vec<u8>> = secrets
        .filter(|secret| !secret.is_empty())
        .map(|secret| folded(secret.as_bytes()))
        .collect();
    secrets.sort_unstable();
    secrets.dedup();
    if secrets.is_empty() || text.is_empty() {
        return text;
    }
    let plain = Reading::plain(&text);
    let once = plain.unescaped();
    let twice = once.unescaped();
    let from_base64 = once.decoded(6, 4, base64_digit);
    let from_hex = plain.decoded(4, 2, hex_digit);
    let mut found: Vec<Range<usize>> = [plain, once, twice, from_base64, from_hex]
        .iter()
        .flat_map(|one| one.find(&secrets))
        .collect();
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

/// A decoded form of a text. For each byte it has the range in the text that the byte comes from.
struct Reading {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
}

impl Reading {
    fn plain(text: &[u8]) -> Self {
        let places = (0..text.len()).map(|place| (place, place + 1)).collect();
        Self { bytes: text.to_vec(), places }
    }

    fn empty() -> Self {
        Self { bytes: Vec::new(), places: Vec::new() }
    }

    /// Appends bytes that were decoded from this range of another reading.
    fn push(&mut self, bytes: &[u8], of: &Self, at: Range<usize>) {
        let place = (of.places[at.start].0, of.places[at.end - 1].1);
        self.bytes.extend_from_slice(bytes);
        self.places.extend(bytes.iter().map(|_| place));
    }

    /// This reading with one layer of escapes removed.
    fn unescaped(&self) -> Self {
        let mut read = Self::empty();
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let mut utf_8 = [0; 4];
            let (bytes, length) = match escape(rest) {
                Some((Escaped::Letter(letter), length)) => {
                    (letter.encode_utf8(&mut utf_8).as_bytes(), length)
                }
                Some((Escaped::Byte(byte), length)) => {
                    utf_8[0] = byte;
                    (&utf_8[..1], length)
                }
                None => (&rest[..1], 1),
            };
            read.push(bytes, self, at..at + length);
            at += length;
        }
        read
    }

    /// Its runs of these digits, decoded. Each digit has this many bits. The encoded text may begin
    /// at any of the first few digits of a run, so each of them is tried.
    fn decoded(&self, bits: usize, first: usize, digit: fn(u8) -> Option<u8>) -> Self {
        let mut read = Self::empty();
        let mut start = 0;
        for run in self.bytes.split(|byte| digit(*byte).is_none()) {
            let offsets = if run.len() < SHORTEST_RUN { 0 } else { first };
            for skipped in 0..offsets {
                let (mut bits_read, mut count, mut begin) = (0_usize, 0, skipped);
                for (place, byte) in run.iter().enumerate().skip(skipped) {
                    bits_read = bits_read << bits | usize::from(digit(*byte).unwrap_or_default());
                    count += bits;
                    if count >= 8 {
                        count -= 8;
                        let [byte, ..] = (bits_read >> count).to_le_bytes();
                        read.push(&[byte], self, start + begin..start + place + 1);
                        begin = if count == 0 { place + 1 } else { place };
                    }
                }
                read.push(&[SEPARATOR], self, start..start + 1);
            }
            start += run.len() + 1;
        }
        read
    }

    /// The ranges in the text at which the secrets occur.
    fn find(&self, secrets: &[Vec<u8>]) -> Vec<Range<usize>> {
        let bytes = folded(&self.bytes);
        let one = |secret: &Vec<u8>| -> Vec<Range<usize>> {
            let starts = memmem::find_iter(&bytes, secret);
            let place =
                |start: usize| self.places[start].0..self.places[start + secret.len() - 1].1;
            starts.map(place).collect()
        };
        secrets.iter().flat_map(one).collect()
    }
}

/// In lower case, with `+` for spaces, as forms write them.
fn folded(text: &[u8]) -> Vec<u8> {
    let fold = |byte: &u8| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() };
    text.iter().map(fold).collect()
}

/// The character or byte that an escape stands for.
enum Escaped {
    Letter(char),
    Byte(u8),
}

/// The escape at the beginning of a text, and its length.
fn escape(text: &[u8]) -> Option<(Escaped, usize)> {
    match text {
        [b'%', high, low, ..] => Some((Escaped::Byte(hex_byte(*high, *low)?), 3)),
        [b'\\', b'x', high, low, ..] => Some((Escaped::Byte(hex_byte(*high, *low)?), 4)),
        [b'\\', b'u', rest @ ..] => {
            let unit = |text: &[u8]| number(text.get(..4)?, 16);
            let first = unit(rest)?;
            let second = rest.get(4..).and_then(|rest| unit(rest.strip_prefix(b"\\u")?));
            let pair = second.and_then(|second| {
                let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
                char::decode_utf16(units).next()?.ok().filter(|one| one.len_utf16() == 2)
            });
            match pair {
                Some(letter) => Some((Escaped::Letter(letter), 12)),
                None => Some((Escaped::Letter(char::from_u32(first)?), 6)),
            }
        }
        [b'\\', sign, ..] => {
            let byte = match sign {
                b'"' | b'\'' | b'\\' | b'/' => *sign,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                _ => return None,
            };
            Some((Escaped::Byte(byte), 2))
        }
        [b'&', rest @ ..] => {
            let length = rest.iter().take(10).position(|byte| *byte == b';')?;
            let letter = match &rest[..length] {
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                _ => return None,
            };
            Some((Escaped::Letter(letter), length + 2))
        }
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    Some(hex_digit(high)? << 4 | hex_digit(low)?)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The value of a digit of either base64 alphabet (RFC 4648, sections 4 and 5).
fn base64_digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
