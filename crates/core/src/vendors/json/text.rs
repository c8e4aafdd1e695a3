//! Strings and whole numbers as JSON.

/// A string, in quotes.
#[inline]
pub(super) fn string(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    escaped(text.as_bytes(), into);
    into.push(b'"');
}

/// The text of a string, without quotes. Most have nothing to escape.
#[inline]
fn escaped(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    if !is_plain(text) {
        while let Some(place) = rest.iter().position(|byte| !byte_is_plain(*byte)) {
            into.extend_from_slice(&rest[..place]);
            escape(rest[place], into);
            rest = &rest[place + 1..];
        }
    }
    into.extend_from_slice(rest);
}

/// Whether nothing in a text is escaped. It looks at eight bytes at once.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        return text.iter().all(|byte| byte_is_plain(*byte));
    };
    let (words, _) = text.as_chunks::<8>();
    words.iter().chain([last]).all(|word| word_is_plain(u64::from_le_bytes(*word)))
}

const fn byte_is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// A byte's highest bit is set in `below`, if it is less than what is subtracted and has no such bit
/// itself. (A borrow may set the bit of a byte above one that is found, which changes nothing.)
#[inline]
const fn word_is_plain(word: u64) -> bool {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const fn below(word: u64, least: u64) -> u64 {
        word.wrapping_sub(EACH * least) & !word
    }
    let quotes = below(word ^ (EACH * b'"' as u64), 1);
    let backslashes = below(word ^ (EACH * b'\\' as u64), 1);
    (below(word, 0x20) | quotes | backslashes) & (EACH << 7) == 0
}

fn escape(byte: u8, into: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0C => b'f',
        b'\r' => b'r',
        0..0x20 => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            into.extend_from_slice(b"\\u00");
            into.push(HEX[usize::from(byte >> 4)]);
            into.push(HEX[usize::from(byte & 15)]);
            return;
        }
        _ => return into.push(byte),
    };
    into.push(b'\\');
    into.push(short);
}

/// The digits of a number.
#[inline]
pub fn digits(number: u64, into: &mut Vec<u8>) {
    into.extend_from_slice(decimal(number, &mut [0; 20]));
}

/// The digits of a number, in this buffer.
#[inline]
pub fn decimal(number: u64, text: &mut [u8; 20]) -> &[u8] {
    let (mut rest, mut start) = (number, text.len());
    loop {
        start -= 1;
        text[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    &text[start..]
}
