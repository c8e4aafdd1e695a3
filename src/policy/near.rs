//! Credentials that are nearly right: they differ from the right ones in something small. A receiver
//! that compares only a part of them accepts such credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::model::fault::Near;

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

/// A signature in base64 that is nearly this one. The bytes differ, too: the last character of 32
/// bytes has bits that say nothing.
pub fn signature(right: &str, near: Near) -> String {
    let bit = |place: usize, bit: u8| {
        let mut bytes = BASE64.decode(right).ok()?;
        *bytes.get_mut(place)? ^= bit;
        Some(BASE64.encode(bytes))
    };
    let length = BASE64.decode(right).map_or(0, |bytes| bytes.len());
    let changed = match near {
        Near::First => bit(0, 0x80),
        Near::Middle => bit(length / 2, 1),
        Near::Last => bit(length.saturating_sub(1), 1),
        _ => None,
    };
    changed.unwrap_or_else(|| text(right, near))
}

/// The text with another character at this place.
fn with_other(text: &str, place: usize) -> String {
    if text.is_empty() {
        return "x".to_owned();
    }
    let other = |letter| match letter {
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(letter) + 1).unwrap_or('x'),
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        _ => 'x',
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
            (Near::First, "l3y-Za9"),
            (Near::Middle, "k3yxZa9"),
            (Near::Last, "k3y-Za0"),
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
    fn signatures_differ_in_one_character_and_in_their_bytes() {
        for byte in 0..=255 {
            let right = BASE64.encode([byte; 32]);
            for near in [Near::First, Near::Middle, Near::Last, Near::Case] {
                let other = signature(&right, near);
                let differ = right.chars().zip(other.chars()).filter(|(one, other)| one != other);
                assert_eq!((differ.count(), other.len()), (1, right.len()), "{near:?} {byte}");
                assert_ne!(BASE64.decode(&other).expect("base64"), [byte; 32], "{near:?} {byte}");
            }
        }
    }
}
