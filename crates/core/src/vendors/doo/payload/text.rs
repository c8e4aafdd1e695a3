//! Writes numbers and objects as JSON text.

use serde::{Serialize, Serializer};

use crate::vendors::json;

/// A number as a JSON text: `"70412"`.
#[derive(Clone, Copy, Debug)]
pub struct Digits(pub u64);

impl Digits {
    /// The digits, written into this buffer.
    pub(super) fn bytes(self, text: &mut [u8; 20]) -> &[u8] {
        json::text::decimal(self.0, text)
    }

    /// The digits as text, written into this buffer.
    pub(super) fn write(self, text: &mut [u8; 20]) -> &str {
        std::str::from_utf8(self.bytes(text)).unwrap_or_else(|_| panic!("digits are ASCII"))
    }
}

impl From<u32> for Digits {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0; 20]))
    }
}

/// Writes a value.
pub(super) fn object(value: &impl Serialize, into: &mut Vec<u8>) {
    json::write(value, into);
}

/// Writes the beginning of an object with these members. The object stays open.
pub(super) fn opening(value: &impl Serialize, into: &mut Vec<u8>) {
    object(value, into);
    into.pop();
}

/// Adds members to an object that has some already. The object stays open.
pub(super) fn further(value: &impl Serialize, into: &mut Vec<u8>) {
    let start = into.len();
    opening(value, into);
    if into.len() == start + 1 {
        into.truncate(start);
    } else {
        into[start] = b',';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_among_others() {
        #[derive(Serialize)]
        struct Pair {
            one: Digits,
            #[serde(skip_serializing_if = "Option::is_none")]
            two: Option<u8>,
        }
        #[derive(Serialize)]
        struct Nothing {}
        let mut text = Vec::new();
        opening(&Pair { one: Digits(7), two: Some(2) }, &mut text);
        further(&Nothing {}, &mut text);
        further(&Pair { one: Digits(8), two: None }, &mut text);
        text.push(b'}');
        assert_eq!(text, br#"{"one":"7","two":2,"one":"8"}"#);
    }

    #[test]
    fn digits_have_no_zeros_before_them() {
        for number in [0, 7, 10, 4_294_967_295] {
            assert_eq!(Digits(number).write(&mut [0; 20]), number.to_string());
        }
    }
}
