//! A decoded form of a text, which knows the place of each byte in the text.

use std::ops::Range;

use super::escapes::{self, Escaped, hex_digit};
use super::needles::{Needles, folded};

/// Separates decoded runs, so that no match spans two of them. It occurs in no UTF-8 text.
const SEPARATOR: u8 = 0xff;
/// How many bytes behind the last whole character a broken encoding may leave, with what separates it.
const LEFT_OVER: usize = 8;
/// The fewest bytes that are looked for in digits.
const FEWEST_BYTES: usize = 3;

/// A decoded form of a text. For each byte it has the range in the text that the byte comes from.
#[derive(Default)]
pub(super) struct Reading {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
}

/// Undoes one encoding. `None` if nothing is encoded in this way that is as long as the shortest secret.
type Decoder = fn(&Reading, usize) -> Option<Reading>;

/// What is undone, the usual first.
pub(super) const DECODERS: &[Decoder] = &[
    |read, _| read.unescaped(b"\\", escapes::backslash),
    |read, _| read.unescaped(b"%", escapes::percent),
    |read, _| read.unescaped(b"\\%&", escapes::mixed),
    |read, _| read.unescaped(b"&", escapes::entity),
    |read, shortest| read.digits(6, shortest, base64),
    |read, shortest| read.digits(4, shortest, hex),
    Reading::numbers,
    |read, _| read.narrow(),
    |read, _| read.unescaped(b"=", escapes::quoted_printable),
];

/// A piece of a text in which digits are looked for, with its length.
enum Piece {
    Digit(u8),
    /// It may stand between digits.
    Between(usize),
    Other,
}

impl Reading {
    /// The text as it is.
    pub(super) fn plain(text: &[u8]) -> Self {
        let places = (0..text.len()).map(|place| (place, place + 1)).collect();
        Self { bytes: text.to_vec(), places }
    }

    /// What was decoded.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends bytes that were decoded from this range of another reading.
    fn push(&mut self, bytes: &[u8], of: &Self, at: Range<usize>) {
        let place = (of.places[at.start].0, of.places[at.end - 1].1);
        self.bytes.extend_from_slice(bytes);
        self.places.extend(bytes.iter().map(|_| place));
    }

    /// This reading with one layer of escapes removed, which begin with these signs.
    fn unescaped(
        &self,
        signs: &[u8],
        escape: fn(&[u8]) -> Option<(Escaped, usize)>,
    ) -> Option<Self> {
        let mut at = 0;
        loop {
            at += next_sign(signs, &self.bytes[at..])?;
            if escape(&self.bytes[at..]).is_some() {
                break;
            }
            at += 1;
        }
        let mut read =
            Self { bytes: self.bytes[..at].to_vec(), places: self.places[..at].to_vec() };
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
                Some((Escaped::Nothing, length)) => (&utf_8[..0], length),
                None => (&rest[..1], 1),
            };
            read.push(bytes, self, at..at + length);
            at += length;
        }
        Some(read)
    }

    /// Its runs of digits of so many bits, decoded. What is encoded may begin at any of the first few
    /// digits of a run, so each of them is tried.
    fn digits(&self, bits: usize, shortest: usize, piece: fn(&[u8]) -> Piece) -> Option<Self> {
        let mut read = Self::default();
        let encodes = |digits: usize, bytes: usize| digits * bits >= bytes.max(FEWEST_BYTES) * 8;
        let mut run: Vec<(u8, usize)> = Vec::new();
        let mut at = 0;
        while at <= self.bytes.len() {
            match piece(&self.bytes[at..]) {
                Piece::Digit(digit) => {
                    run.push((digit, at));
                    at += 1;
                }
                Piece::Between(length) => at += length,
                Piece::Other => {
                    if encodes(run.len(), shortest)
                        || encodes(run.len(), 0) && self.may_break_off(at)
                    {
                        read.decode(self, bits, &run);
                    }
                    run.clear();
                    at += 1;
                }
            }
        }
        (!read.bytes.is_empty()).then_some(read)
    }

    /// Appends a run of digits of another reading, decoded from each place at which a byte may begin.
    fn decode(&mut self, of: &Self, bits: usize, run: &[(u8, usize)]) {
        let offsets = if bits == 4 { 2 } else { 4 };
        for skipped in 0..offsets.min(run.len()) {
            let (mut bits_read, mut count, mut begin) = (0_usize, 0, run[skipped].1);
            for (index, (digit, place)) in run.iter().enumerate().skip(skipped) {
                bits_read = (bits_read << bits | usize::from(*digit)) & 0xffff;
                count += bits;
                if count >= 8 {
                    count -= 8;
                    let [byte, ..] = (bits_read >> count).to_le_bytes();
                    self.push(&[byte], of, begin..place + 1);
                    let next = run.get(index + 1).map_or(*place, |(_, next)| *next);
                    begin = if count == 0 { next } else { *place };
                }
            }
            self.push(&[SEPARATOR], of, run[0].1..run[0].1 + 1);
        }
    }

    /// Whether the text may break off here, so that what stands before it is the beginning of something.
    fn may_break_off(&self, at: usize) -> bool {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        rest.len() < LEFT_OVER || rest[..LEFT_OVER].contains(&SEPARATOR)
    }

    /// Its lists of numbers below 256 as bytes: `[115, 51]`.
    fn numbers(&self, shortest: usize) -> Option<Self> {
        let mut read = Self::default();
        let mut run: Vec<(u8, Range<usize>)> = Vec::new();
        let mut at = 0;
        while at <= self.bytes.len() {
            let rest = &self.bytes[at..];
            if run.is_empty() && !rest.first().is_some_and(u8::is_ascii_digit) {
                at += 1;
                continue;
            }
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let digits = std::str::from_utf8(&rest[..length]).unwrap_or_default();
            if let Ok(number) = digits.parse::<u8>() {
                run.push((number, at..at + length));
            } else if !rest.first().is_some_and(|byte| b", ;:\"'\r\n\t".contains(byte)) {
                let is_last = run.last().is_some_and(|(_, last)| last.end == self.bytes.len());
                // The last number may be broken off.
                for fewer in 0..=usize::from(is_last) {
                    let run = &run[..run.len() - fewer];
                    let breaks_off = run.len() >= FEWEST_BYTES && self.may_break_off(at);
                    if run.len() >= shortest.max(FEWEST_BYTES) || breaks_off {
                        run.iter().for_each(|(byte, at)| read.push(&[*byte], self, at.clone()));
                        read.push(&[SEPARATOR], self, run[0].1.clone());
                    }
                }
                run.clear();
            }
            at += length.max(1);
        }
        (!read.bytes.is_empty()).then_some(read)
    }

    /// Text in UTF-16 or UTF-32 as ASCII.
    fn narrow(&self) -> Option<Self> {
        memchr::memchr(0, &self.bytes)?;
        let mut read = Self::default();
        for (place, byte) in self.bytes.iter().enumerate().filter(|(_, byte)| **byte != 0) {
            read.push(&[*byte], self, place..place + 1);
        }
        Some(read)
    }

    /// The ranges at which the secrets occur in the text of this length.
    pub(super) fn find(&self, needles: &[&Needles], length: usize) -> Vec<Range<usize>> {
        let bytes = folded(&self.bytes);
        let ends: Vec<usize> = self.ends(length);
        let place = |at: Range<usize>| self.places[at.start].0..self.places[at.end - 1].1;
        let mut found = Vec::new();
        for needles in needles {
            needles.find(&bytes, |at| found.push(place(at)));
            let begins = |end: &usize| needles.beginning(&bytes[..*end]);
            let starts = ends.iter().filter_map(begins);
            found.extend(starts.map(|start| self.places[start].0..length));
        }
        found
    }

    /// Where this reading ends at the end of the text, with or without an escape that is broken off.
    fn ends(&self, length: usize) -> Vec<usize> {
        let is_end = |end: &usize| {
            *end > 0
                && self.bytes[end - 1] != SEPARATOR
                && self.places[end - 1].1 + LEFT_OVER > length
        };
        let mut ends: Vec<usize> = memchr::memchr_iter(SEPARATOR, &self.bytes).collect();
        ends.push(self.bytes.len());
        ends.retain(is_end);
        let broken = ends.iter().filter_map(|end| {
            let tail = end.saturating_sub(LEFT_OVER);
            let sign = self.bytes[tail..*end].iter().position(|byte| b"\\%&=".contains(byte))?;
            Some(tail + sign).filter(|end| *end > 0)
        });
        let broken: Vec<usize> = broken.collect();
        ends.extend(broken);
        ends
    }
}

/// Where one of these signs stands first.
fn next_sign(signs: &[u8], text: &[u8]) -> Option<usize> {
    match signs {
        [sign] => memchr::memchr(*sign, text),
        [first, second, third] => memchr::memchr3(*first, *second, *third, text),
        _ => text.iter().position(|byte| signs.contains(byte)),
    }
}

/// A digit of either base64 alphabet (RFC 4648, sections 4 and 5). Lines may be broken (RFC 2045).
fn base64(text: &[u8]) -> Piece {
    Piece::Digit(match text.first() {
        Some(byte @ b'A'..=b'Z') => byte - b'A',
        Some(byte @ b'a'..=b'z') => byte - b'a' + 26,
        Some(byte @ b'0'..=b'9') => byte - b'0' + 52,
        Some(b'+' | b'-') => 62,
        Some(b'/' | b'_') => 63,
        Some(b'\r' | b'\n') => return Piece::Between(1),
        _ => return Piece::Other,
    })
}

/// A hexadecimal digit: `4f42`, `4f:42`, `4F 42`, `0x4f, 0x42`, `"4f", "42"`.
fn hex(text: &[u8]) -> Piece {
    match text {
        [b'0', b'x' | b'X', ..] => Piece::Between(2),
        [b':' | b'-' | b',' | b' ' | b'.' | b'_' | b'"' | b'\'' | b'\r' | b'\n' | b'\t', ..] => {
            Piece::Between(1)
        }
        [byte, ..] => hex_digit(*byte).map_or(Piece::Other, Piece::Digit),
        [] => Piece::Other,
    }
}
