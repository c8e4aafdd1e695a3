//! The escapes of JSON and programming languages, of URLs and forms, of HTML, and of quoted-printable.

/// The character or byte that an escape stands for.
pub(super) enum Escaped {
    /// A character.
    Letter(char),
    /// A byte.
    Byte(u8),
    /// Nothing: a line that is continued.
    Nothing,
}

/// The escape of any of the kinds that are mixed at the beginning of a text, and its length.
pub(super) fn mixed(text: &[u8]) -> Option<(Escaped, usize)> {
    backslash(text).or_else(|| percent(text)).or_else(|| entity(text))
}

/// An escape of a URL or a form, or of JavaScript's `escape`.
pub(super) fn percent(text: &[u8]) -> Option<(Escaped, usize)> {
    match text {
        [b'%', b'u' | b'U', rest @ ..] => unit(rest, b"%u"),
        [b'%', high, low, ..] => Some((Escaped::Byte(hex_byte(*high, *low)?), 3)),
        _ => None,
    }
}

/// An escape of quoted-printable (RFC 2045, section 6.7).
pub(super) fn quoted_printable(text: &[u8]) -> Option<(Escaped, usize)> {
    match text {
        [b'=', b'\r', b'\n', ..] => Some((Escaped::Nothing, 3)),
        [b'=', b'\n', ..] => Some((Escaped::Nothing, 2)),
        [b'=', high, low, ..] => Some((Escaped::Byte(hex_byte(*high, *low)?), 3)),
        _ => None,
    }
}

/// An escape of JSON or a programming language.
pub(super) fn backslash(text: &[u8]) -> Option<(Escaped, usize)> {
    match text {
        [b'\\', b'x', high, low, ..] => Some((Escaped::Byte(hex_byte(*high, *low)?), 4)),
        [b'\\', b'u', b'{', rest @ ..] => {
            let length = rest.iter().take(8).position(|byte| *byte == b'}')?;
            let letter = char::from_u32(number(&rest[..length], 16)?)?;
            Some((Escaped::Letter(letter), length + 4))
        }
        [b'\\', b'u', rest @ ..] => unit(rest, b"\\u"),
        [b'\\', high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7', ..] => {
            let byte = (high - b'0') << 6 | (middle - b'0') << 3 | (low - b'0');
            Some((Escaped::Byte(byte), 4))
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
        _ => None,
    }
}

/// What stands behind `\u` or another mark: a unit of UTF-16, or two.
fn unit(rest: &[u8], mark: &[u8]) -> Option<(Escaped, usize)> {
    let unit = |text: &[u8]| number(text.get(..4)?, 16);
    let first = unit(rest)?;
    let second = rest.get(4..).and_then(|rest| unit(rest.strip_prefix(mark)?));
    let pair = second.and_then(|second| {
        let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        char::decode_utf16(units).next()?.ok().filter(|one| one.len_utf16() == 2)
    });
    match pair {
        Some(letter) => Some((Escaped::Letter(letter), 12)),
        None => Some((Escaped::Letter(char::from_u32(first)?), 6)),
    }
}

/// A character reference of HTML or XML.
pub(super) fn entity(text: &[u8]) -> Option<(Escaped, usize)> {
    let [b'&', rest @ ..] = text else { return None };
    if let [b'#', rest @ ..] = rest {
        return numeric(rest);
    }
    let length = rest.iter().take(10).position(|byte| *byte == b';')?;
    let letter = match &rest[..length] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"plus" => '+',
        b"sol" => '/',
        b"bsol" => '\\',
        b"equals" => '=',
        b"colon" => ':',
        b"semi" => ';',
        b"period" => '.',
        b"comma" => ',',
        b"lowbar" => '_',
        b"dash" | b"hyphen" => '-',
        b"num" => '#',
        b"excl" => '!',
        b"dollar" => '$',
        b"percnt" => '%',
        b"commat" => '@',
        b"ast" => '*',
        b"quest" => '?',
        b"nbsp" => ' ',
        _ => return None,
    };
    Some((Escaped::Letter(letter), length + 2))
}

/// What stands behind `&#`. HTML also reads a number that does not end in a semicolon. One at the end of a
/// text may be the beginning of another.
fn numeric(rest: &[u8]) -> Option<(Escaped, usize)> {
    let (digits, radix, before) = match rest {
        [b'x' | b'X', digits @ ..] => (digits, 16, 3),
        digits => (digits, 10, 2),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = digits.iter().take(8).take_while(is_digit).count();
    let letter = char::from_u32(number(&digits[..length], radix)?)?;
    let end = usize::from(*digits.get(length)? == b';');
    Some((Escaped::Letter(letter), before + length + end))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    Some(hex_digit(high)? << 4 | hex_digit(low)?)
}

/// The value of a hexadecimal digit.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
