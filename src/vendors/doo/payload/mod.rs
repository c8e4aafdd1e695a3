//! The bodies: the vendor's models EventsIdEditGetResponse and OrdersIdGetResponse (SW), with what
//! seed 003 has beside them. There is no envelope: the body is the entity.
//!
//! An order's body is a form with gaps (`form`): what never changes is written once.

mod event;
mod event_model;
mod kept;
mod order;
mod order_model;

use serde::{Serialize, Serializer};

use super::dates::Dates;
use super::money::Cents;

pub use event::{in_orders, whole};
pub use kept::Kept;
pub use order::{COMMENTS, attendee, fill, form};

/// What bodies take from their account.
#[derive(Debug)]
pub struct Office {
    pub organizer: String,
    pub host: String,
    pub dates: Dates,
    pub fee: Cents,
    /// None: the doo user is bound to nobody.
    pub external_user: Option<String>,
    /// The share of bookers who come prefilled.
    pub prefilled: f64,
    pub ids: Ids,
    pub kept: Kept,
}

/// Where the ids of an account begin, for each kind: numbers below 2^31.
#[derive(Debug)]
pub struct Ids {
    pub event: u32,
    pub order: u32,
    pub attendee: u32,
    pub ticket: u32,
    pub category: u32,
    pub question: u32,
    pub image: u32,
    pub member: u32,
    pub user: u32,
}

/// A number that is a text in JSON: `"70412"`.
#[derive(Clone, Copy, Debug)]
pub struct Digits(pub u64);

impl Digits {
    fn bytes(self, text: &mut [u8; 20]) -> &[u8] {
        let mut rest = self.0;
        let mut start = text.len();
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

    fn write(self, text: &mut [u8; 20]) -> &str {
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

/// A link to something of the account: `https://doo.example.test/tickets/660120.pdf`.
struct Link<'a> {
    office: &'a Office,
    before: &'static str,
    id: u64,
    after: &'static str,
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 20];
        let id = Digits(self.id).write(&mut digits);
        let parts = ["https://", &self.office.host, self.before, id, self.after];
        serializer.serialize_str(&parts.concat())
    }
}

/// A link to where the entity itself is.
#[derive(Serialize)]
struct Links<'a> {
    #[serde(rename = "self")]
    own: Href<'a>,
}

#[derive(Serialize)]
struct Href<'a> {
    href: Link<'a>,
}

impl<'a> Links<'a> {
    fn to(href: Link<'a>) -> Self {
        Self { own: Href { href } }
    }
}

/// Writes a value.
fn object(value: &impl Serialize, into: &mut Vec<u8>) {
    sonic_rs::to_writer(into, value)
        .unwrap_or_else(|error| panic!("an object cannot be rendered: {error}"));
}

/// Begins an object with these members, and leaves it open.
fn opening(value: &impl Serialize, into: &mut Vec<u8>) {
    object(value, into);
    into.pop();
}

/// Goes on in an object that has members, with these, if there are any, and leaves it open.
fn further(value: &impl Serialize, into: &mut Vec<u8>) {
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
