//! What faults do to a body that is a form (`application/x-www-form-urlencoded`).

use bytes::Bytes;
use serde_json::Value as Json;
use url::form_urlencoded::{self, Serializer};

/// Bytes that a form has only in escapes.
const ESCAPED: &[u8] = b"\"<>\\^`{|}";

/// Whether a body is written as a form: fields `name=value`, with `&` between them and with escapes. No JSON object,
/// list or text is.
pub fn is_form(body: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !ESCAPED.contains(byte);
    !body.starts_with(b"[") && body.iter().all(is_plain) && body.contains(&b'=')
}

/// The names and the values of a form, in order.
pub fn fields(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The form with one more field, which no sender has sent.
pub fn tampered(body: &[u8]) -> Bytes {
    let is_there = fields(body).contains(&("tampered".to_owned(), "true".to_owned()));
    with_another(body, "tampered", if is_there { "false" } else { "true" })
}

/// The form with a field behind the others.
pub fn with_another(body: &[u8], name: &str, value: &str) -> Bytes {
    let field = Serializer::new(String::new()).append_pair(name, value).finish();
    [body, b"&", field.as_bytes()].concat().into()
}

/// The form without the fields of this name.
pub fn without(body: &[u8], name: &str) -> Bytes {
    joined(pieces(body).filter(|piece| !is_named(piece, name)))
}

/// The form with this value in the first field of this name, or in a new one.
pub fn with(body: &[u8], name: &str, value: &Json) -> Bytes {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let field = Serializer::new(String::new()).append_pair(name, &value).finish();
    let mut pieces: Vec<&[u8]> = pieces(body).collect();
    match pieces.iter().position(|piece| is_named(piece, name)) {
        Some(place) => pieces[place] = field.as_bytes(),
        None => pieces.push(field.as_bytes()),
    }
    joined(pieces.into_iter())
}

/// The fields as they are written: `name=value`. Their bytes need not be UTF-8.
fn pieces(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty())
}

fn is_named(piece: &[u8], name: &str) -> bool {
    form_urlencoded::parse(piece).next().is_some_and(|(one, _)| one == name)
}

fn joined<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Bytes {
    pieces.collect::<Vec<_>>().join(&b'&').into()
}

/// The same fields in other bytes: a letter or a digit is escaped that need not be.
pub fn respelt(body: &[u8]) -> Bytes {
    let value = body.iter().position(|byte| *byte == b'=').map_or(0, |place| place + 1);
    let is_plain = |place: &usize| {
        let in_escape = (1..=2).any(|back| *place >= back && body[place - back] == b'%');
        body[*place].is_ascii_alphanumeric() && !in_escape
    };
    let place = (value..body.len()).find(is_plain).or_else(|| (0..value).find(is_plain));
    let Some(place) = place else { return Bytes::copy_from_slice(body) };
    let escaped = format!("%{:02X}", body[place]);
    [&body[..place], escaped.as_bytes(), &body[place + 1..]].concat().into()
}

/// The same fields in other bytes, and in reverse order if each has a name of its own.
pub fn reformatted(body: &[u8]) -> Bytes {
    let fields = fields(body);
    let is_known = |place: usize| fields[..place].iter().any(|one| one.0 == fields[place].0);
    if (0..fields.len()).any(is_known) {
        return respelt(body);
    }
    let pieces: Vec<&[u8]> = pieces(body).collect();
    respelt(&joined(pieces.into_iter().rev()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"From=%2B491&Body=a+b%C3%A9&Empty=";

    #[test]
    fn a_form_is_told_from_json_and_from_text() {
        assert!(is_form(FORM) && is_form(b"a[0]=1&b=") && is_form(b"payload=%7B%7D"));
        for other in [r#"{"a":"b=c"}"#, "[1]", r#""a=b""#, "a b=c", "a", "", "a=1\n", "ä=1"] {
            assert!(!is_form(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn the_same_form_can_be_spelt_otherwise() {
        for form in [FORM, b"a=", b"a=%20&b=1", b"a=1&a=2", b"%3D=%26"] {
            for other in [respelt(form), reformatted(form)] {
                let sorted = |form: &[u8]| {
                    let mut fields = fields(form);
                    fields.sort();
                    fields
                };
                assert_eq!(sorted(&other), sorted(form));
                assert!(is_form(&other));
            }
        }
        assert_eq!(respelt(FORM), "From=%2B%3491&Body=a+b%C3%A9&Empty=");
        assert_eq!(reformatted(b"a=1&b=2"), "b=%32&a=1");
        assert_eq!(reformatted(b"a=1&a=2"), "a=%31&a=2");
    }

    #[test]
    fn a_field_is_added_changed_and_removed() {
        assert_eq!(tampered(b"a=1"), "a=1&tampered=true");
        assert_eq!(tampered(b"tampered=true"), "tampered=true&tampered=false");
        assert_eq!(with(b"a=1&b=2", "a", &Json::from("x y")), "a=x+y&b=2");
        assert_eq!(with(b"a=1", "b", &Json::from(2)), "a=1&b=2");
        assert_eq!(without(b"a=1&b=2&a=3", "a"), "b=2");
    }

    #[test]
    fn bytes_that_are_not_utf_8_stay_as_they_are() {
        assert_eq!(with(b"a=%E9&b=2", "b", &Json::from("3")), "a=%E9&b=3");
        assert_eq!(without(b"a=%E9&b=2", "b"), "a=%E9");
        assert_eq!(reformatted(b"a=%E9&b=2"), "b=%32&a=%E9");
    }
}
