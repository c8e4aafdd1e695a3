//! Credentials that are nearly right: they differ from the right ones in something small. A receiver
//! that compares only a part of them accepts such credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::key;
use crate::model::fault::Near;
use crate::model::signature::Encoding;

/// A text that is nearly this one. It always differs.
pub fn text(right: &str, near: Near) -> String {
    let letters = right.chars().count();
    let last = letters.saturating_sub(1);
    let changed = match near {
        Near::First => with_other(right, 0),
        Near::Middle => with_other(right, letters / 2),
        Near::Last => with_other(right, last),
        Near::Case => in_other_case(right),
        Near::Padded => format!("{right}="),
        Near::Shorter => right.chars().take(letters / 2).collect(),
        Near::Longer => format!("{right}x"),
    };
    // A text without letters has no other case.
    if changed == right { with_other(right, last) } else { changed }
}

/// A signature that is nearly this one. The bytes differ, too: some of the last bits of base64 say
/// nothing, some decoders stop at the padding, and the case of hexadecimal digits means nothing.
pub fn signature(right: &[u8], encoding: Encoding, near: Near) -> String {
    let bit = |place: usize, bit: u8| {
        let mut bytes = right.to_vec();
        *bytes.get_mut(place)? ^= bit;
        Some(bytes)
    };
    let changed = match near {
        Near::First => bit(0, 0x80),
        Near::Middle => bit(right.len() / 2, 1),
        Near::Last => bit(right.len().saturating_sub(1), 1),
        Near::Case if encoding == Encoding::Hex => bit(0, 1),
        // Whole groups, so that it can be decoded and the text is the beginning of the right one, too.
        Near::Shorter => Some(right[..right.len() / 6 * 3].to_vec()),
        Near::Longer => Some([right, &[0]].concat()),
        _ => None,
    };
    match changed {
        Some(bytes) => key::encode(encoding, &bytes),
        None => text(&key::encode(encoding, right), near),
    }
}

/// The value of the header of HTTP Basic that is nearly this one: its password is.
pub fn basic(right: &str, near: Near) -> String {
    let decoded = BASE64.decode(right).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded.as_deref().and_then(|both| both.split_once(':'));
    let near = |(user, password)| BASE64.encode(format!("{user}:{}", text(password, near)));
    parts.map_or_else(|| text(right, Near::First), near)
}

/// The digits of base64, in order; the last two as in its form for URLs.
const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text with another character at this place. As a digit of base64 it differs in its highest bit:
/// the lower ones of a last digit say nothing.
fn with_other(text: &str, place: usize) -> String {
    if text.is_empty() {
        return "x".to_owned();
    }
    let other = |letter: char| {
        let digit = DIGITS.iter().position(|digit| char::from(*digit) == letter);
        digit.map_or('x', |digit| char::from(DIGITS[digit ^ 32]))
    };
    let letters = text.chars().enumerate();
    letters.map(|(at, letter)| if at == place { other(letter) } else { letter }).collect()
}

/// The text with its first letter in the other case.
fn in_other_case(text: &str) -> String {
    let first = text.find(|letter: char| letter.is_ascii_alphabetic());
    let letters = text.char_indices().map(|(at, letter)| match letter {
        _ if Some(at) != first => letter,
        'a'..='z' => letter.to_ascii_uppercase(),
        _ => letter.to_ascii_lowercase(),
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_what_its_name_says() {
        for (near, wanted) in [
            (Near::First, "E3y-Za9"),
            (Near::Middle, "k3yeZa9"),
            (Near::Last, "k3y-Zad"),
            (Near::Case, "K3y-Za9"),
            (Near::Padded, "k3y-Za9="),
            (Near::Shorter, "k3y"),
            (Near::Longer, "k3y-Za9x"),
        ] {
            assert_eq!(text("k3y-Za9", near), wanted, "{near:?}");
        }
    }

    #[test]
    fn they_are_never_right() {
        for near in Near::ALL {
            for right in ["", "x", "9", "--", "123", "zzz", "é", "Z"] {
                assert_ne!(text(right, near), right, "{near:?}");
            }
        }
    }

    #[test]
    fn a_token_of_json_differs_in_the_bytes_of_its_signature() {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
        // A decoder that ignores the bits that say nothing.
        let lenient = GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let lenient = GeneralPurpose::new(&base64::alphabet::URL_SAFE, lenient);
        for byte in 0..=255_u8 {
            for length in [32, 64, 256] {
                let right = URL_SAFE_NO_PAD.encode(vec![byte; length]);
                let other = text(&right, Near::Last);
                let other = lenient.decode(&other).expect("base64");
                assert_ne!(other, vec![byte; length], "{byte} {length}");
            }
        }
    }

    #[test]
    fn the_first_half_of_a_signature_is_a_beginning_as_text_and_as_bytes() {
        let bytes: Vec<u8> = (0..32).collect();
        let right = BASE64.encode(&bytes);
        let shorter = signature(&bytes, Encoding::Base64, Near::Shorter);
        assert!(right.starts_with(&shorter));
        assert_eq!(BASE64.decode(&shorter).expect("base64"), bytes[..15]);
    }

    #[test]
    fn a_signature_that_goes_on_has_more_bytes() {
        let longer = signature(&[7; 32], Encoding::Base64, Near::Longer);
        let longer = BASE64.decode(longer).expect("base64");
        assert_eq!(longer.len(), 33);
    }

    #[test]
    fn of_http_basic_the_password_is_nearly_right() {
        let right = BASE64.encode("user:pass");
        for (near, wanted) in [(Near::Case, "user:Pass"), (Near::Longer, "user:passx")] {
            assert_eq!(basic(&right, near), BASE64.encode(wanted));
        }
        for near in Near::ALL {
            assert_ne!(basic(&right, near), right);
            assert_ne!(basic("no base64!", near), "no base64!");
        }
    }

    #[test]
    fn signatures_differ_in_one_character_and_in_their_bytes() {
        for byte in 0..=255 {
            let right = BASE64.encode([byte; 32]);
            for near in [Near::First, Near::Middle, Near::Last, Near::Case] {
                let other = signature(&[byte; 32], Encoding::Base64, near);
                let differ = right.chars().zip(other.chars()).filter(|(one, other)| one != other);
                assert_eq!((differ.count(), other.len()), (1, right.len()), "{near:?} {byte}");
                assert_ne!(BASE64.decode(&other).expect("base64"), [byte; 32], "{near:?} {byte}");
            }
        }
    }

    #[test]
    fn in_every_encoding_the_bytes_differ() {
        for encoding in Encoding::ALL {
            for near in Near::ALL {
                let other = signature(&[0xab; 32], encoding, near);
                let bytes = key::decode(encoding, &other.to_lowercase());
                let bytes =
                    if encoding == Encoding::Hex { bytes } else { key::decode(encoding, &other) };
                assert_ne!(bytes, Some(vec![0xab; 32]), "{encoding:?} {near:?}");
            }
        }
    }
}
