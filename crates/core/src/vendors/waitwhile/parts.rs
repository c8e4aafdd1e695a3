//! How many parts a message is sent in (`numSegments`), and what it costs (`cost`).
//!
//! Only one `cost` is documented: 0.00055 for a message with HTML to an e-mail address (seed 002).
//! What a text message costs is assumed.

use super::guest::Channel;

/// The characters of GSM 03.38 that are not ASCII. Each takes one septet.
const GSM: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/// Septets of a message that fits into one part, and of each part of a longer one.
const SEPTETS: Limits = Limits { whole: 160, part: 153 };
/// The same for UTF-16 code units.
const UTF16_UNITS: Limits = Limits { whole: 70, part: 67 };

/// What an e-mail costs (seed 002).
const EMAIL_COST: f64 = 0.00055;
/// What a part of a text message costs, in ten-thousandths (assumed).
const PART_COST: u32 = 79;

/// How much fits into a part.
struct Limits {
    whole: usize,
    part: usize,
}

/// `numSegments`: a text message is coded in GSM-7 if it can be, else in UCS-2. An e-mail is always
/// one segment, as in the example.
pub fn segments(channel: Channel, body: &str) -> u32 {
    match channel {
        Channel::Email => 1,
        Channel::Sms if body.chars().all(|letter| septets(letter) > 0) => {
            parts(body, septets, &SEPTETS)
        }
        Channel::Sms => parts(body, char::len_utf16, &UTF16_UNITS),
    }
}

/// `cost` of a message with this many segments.
pub fn cost(channel: Channel, segments: u32) -> f64 {
    match channel {
        Channel::Email => EMAIL_COST,
        Channel::Sms => f64::from(segments * PART_COST) / 10_000.0,
    }
}

/// How many septets a character takes in GSM-7; 0 if GSM-7 lacks it.
fn septets(letter: char) -> usize {
    match letter {
        '`' => 0,
        // The extension table: an escape and the character.
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => 2,
        '\n' | '\r' | ' '..='~' => 1,
        letter if GSM.contains(letter) => 1,
        _ => 0,
    }
}

/// The number of parts. No character is split between two of them.
fn parts(body: &str, width: impl Fn(char) -> usize, limits: &Limits) -> u32 {
    if body.chars().map(&width).sum::<usize>() <= limits.whole {
        return 1;
    }
    let (mut parts, mut used) = (1, 0);
    for letter in body.chars() {
        let width = width(letter);
        if used + width > limits.part {
            (parts, used) = (parts + 1, 0);
        }
        used += width;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn of_text(body: &str) -> u32 {
        segments(Channel::Sms, body)
    }

    #[test]
    fn the_limits_are_those_of_the_two_codings() {
        // A text, how often it is repeated, and its parts.
        let cases = [
            ("x", 160, 1),
            ("x", 161, 2),
            ("x", 306, 2),
            ("x", 307, 3),
            ("é", 160, 1),
            ("ñ", 161, 2),
            ("ü", 160, 1),
            ("€", 80, 1),
            ("€", 81, 2),
            // 76 pairs fill 152 septets, and the next pair is not split.
            ("€", 152, 2),
            ("€", 153, 3),
            ("[", 81, 2),
            ("}", 80, 1),
            ("ç", 70, 1),
            ("ç", 71, 2),
            ("`", 71, 2),
            ("ł", 134, 2),
            ("ł", 135, 3),
            // A character beyond the basic plane takes two units.
            ("🙂", 35, 1),
            ("🙂", 36, 2),
            ("🙂", 66, 2),
            ("🙂", 67, 3),
        ];
        for (text, times, parts) in cases {
            assert_eq!(of_text(&text.repeat(times)), parts, "{times} times {text:?}");
        }
        assert_eq!(of_text(""), 1);
        assert_eq!(segments(Channel::Email, &"ł".repeat(1000)), 1);
    }

    /// Compares with a count by hand: a septet or two for each character of GSM-7 if all are in it,
    /// else UTF-16 code units. The texts have no character of two units, so none can be split.
    #[test]
    fn any_text_has_as_many_parts_as_its_coding_needs() {
        const GSM_ONLY: &[char] = &['a', 'Z', '7', '@', '$', '_', 'é', 'Ñ', 'Ω', '\n', '¿'];
        const BEYOND: &[char] = &['ç', 'á', 'ł', '子', '’', '`'];
        let (mut one, mut more, mut wide) = (0, 0, 0);
        for seed in 0..2_000 {
            let mut chance = Chance::from_seed(seed);
            let mut text: String = (0..chance.below(500)).map(|_| *chance.pick(GSM_ONLY)).collect();
            let beyond = chance.happens(0.5);
            if beyond {
                text.push(*chance.pick(BEYOND));
            }
            let (whole, part) = if beyond { (70, 67) } else { (160, 153) };
            let length = text.chars().count();
            let wanted = if length <= whole { 1 } else { length.div_ceil(part) as u32 };
            assert_eq!(of_text(&text), wanted, "seed {seed}: {text:?}");
            one += u32::from(wanted == 1);
            more += u32::from(wanted > 1);
            wide += u32::from(beyond);
        }
        assert!(one > 300 && more > 1_000 && wide > 800, "{one}, {more} and {wide} cases");
    }

    #[test]
    fn each_part_of_a_text_message_costs_the_same_and_an_email_something_else() {
        assert_eq!([1, 2, 3].map(|parts| cost(Channel::Sms, parts)), [0.0079, 0.0158, 0.0237]);
        assert_eq!(cost(Channel::Email, 1), 0.00055);
    }
}
