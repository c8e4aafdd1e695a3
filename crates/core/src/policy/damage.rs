//! What faults do to a body.
//!
//! If a path does not exist, or the body is neither JSON nor a form, the body does not change.

pub mod form;

use bytes::Bytes;
use serde::Serialize as _;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::lone;
use crate::model::fault::BodyDamage;

/// The body with this damage.
pub fn damage(body: &Bytes, damage: &BodyDamage, trigger_pointer: Option<&str>) -> Bytes {
    if form::is_form(body)
        && let Some(damaged) = damaged_form(body, damage)
    {
        return damaged;
    }
    match damage {
        BodyDamage::Truncated => body.slice(..body.len() * 2 / 3),
        BodyDamage::InvalidJson => [b"{,".as_slice(), body].concat().into(),
        BodyDamage::BrokenUtf8 => broken_utf8(body),
        BodyDamage::ByteOrderMark => [b"\xEF\xBB\xBF".as_slice(), body].concat().into(),
        BodyDamage::Grown(size) => {
            let padding = "x".repeat(size.saturating_sub(body.len()));
            edited(body, |json| add(json, "padding", Json::String(padding)))
        }
        BodyDamage::Trigger(name) => edited(body, |json| {
            if let Some(found) = trigger_pointer.and_then(|pointer| json.pointer_mut(pointer)) {
                *found = Json::String(name.clone());
            }
        }),
        BodyDamage::Without(path) => edited(body, |json| {
            let (parents, last) = split(path);
            match parents.iter().try_fold(json, |json, key| step_into(json, key)) {
                Some(Json::Object(object)) => drop(object.shift_remove(last)),
                Some(Json::Array(list)) => {
                    if let Some(place) = last.parse().ok().filter(|place| *place < list.len()) {
                        list.remove(place);
                    }
                }
                _ => {}
            }
        }),
        BodyDamage::With(path, value) => edited(body, |json| {
            let keys: Vec<&str> = path.split('.').collect();
            set(json, &keys, value.clone());
        }),
        BodyDamage::Tampered => edited(body, |json| {
            // The body stays valid, so only a receiver that checks the signature notices.
            let value = json.get("tampered") != Some(&Json::Bool(true));
            add(json, "tampered", Json::Bool(value));
        }),
        BodyDamage::Spaced => spaced(body),
        BodyDamage::OtherForm => other_form(body),
    }
}

/// The form with this damage; None if the damage is the same for every body.
fn damaged_form(body: &Bytes, damage: &BodyDamage) -> Option<Bytes> {
    Some(match damage {
        BodyDamage::Grown(size) => {
            form::with_another(body, "padding", &"x".repeat(size.saturating_sub(body.len())))
        }
        BodyDamage::Without(name) => form::without(body, name),
        BodyDamage::With(name, value) => form::with(body, name, value),
        BodyDamage::Tampered => form::tampered(body),
        BodyDamage::Spaced => form::respelt(body),
        BodyDamage::OtherForm => form::reformatted(body),
        BodyDamage::Truncated
        | BodyDamage::InvalidJson
        | BodyDamage::BrokenUtf8
        | BodyDamage::ByteOrderMark
        | BodyDamage::Trigger(_) => return None,
    })
}

fn split(path: &str) -> (Vec<&str>, &str) {
    let mut keys: Vec<&str> = path.split('.').collect();
    let last = keys.pop().unwrap_or_default();
    (keys, last)
}

/// The member of an object with this name, or the item of a list with this index.
fn step_into<'a>(json: &'a mut Json, key: &str) -> Option<&'a mut Json> {
    match json {
        Json::Array(list) => list.get_mut(key.parse::<usize>().ok()?),
        other => other.get_mut(key),
    }
}

fn edited(body: &Bytes, edit: impl FnOnce(&mut Json)) -> Bytes {
    let Ok(mut json) = read(body) else { return body.clone() };
    edit(&mut json);
    lone::restored(json.to_string()).into()
}

/// The JSON of a body, with marks for half surrogate pairs.
///
/// # Errors
/// If it cannot be read, so that no fault can change it.
pub fn read(body: &[u8]) -> Result<Json, serde_json::Error> {
    let text = String::from_utf8_lossy(body);
    serde_json::from_str(&lone::marked(&text))
}

/// Adds a member to an object, or an object with it to a list.
fn add(json: &mut Json, key: &str, value: Json) {
    match json {
        Json::Array(list) => list.push(serde_json::json!({ key: value })),
        other => set(other, &[key], value),
    }
}

/// Sets a value. Only the last key may be new; a path that leads nowhere changes nothing.
fn set(json: &mut Json, keys: &[&str], value: Json) {
    match (keys, json) {
        ([], place) => *place = value,
        ([last], Json::Object(object)) => drop(object.insert((*last).to_owned(), value)),
        ([key, rest @ ..], inside) => {
            let Some(place) = step_into(inside, key) else { return };
            // What is deeper replaces a value.
            if !rest.is_empty() && !place.is_object() && !place.is_array() {
                *place = Json::Object(serde_json::Map::new());
            }
            set(place, rest, value);
        }
    }
}

/// Inserts a byte that is not valid UTF-8 after the first quote of a value.
fn broken_utf8(body: &Bytes) -> Bytes {
    let place =
        body.windows(2).position(|pair| pair == b":\"").map_or(body.len() / 2, |found| found + 2);
    [&body[..place], &[0xC3, 0x28][..], &body[place..]].concat().into()
}

/// The same JSON tokens, with a space after each colon and comma and a line break at the end. A
/// receiver that parses and re-serialises it may get the signed bytes back.
fn spaced(body: &Bytes) -> Bytes {
    if serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return body.clone();
    }
    let mut spaced = Vec::with_capacity(body.len() + body.len() / 4);
    let (mut in_text, mut escaped) = (false, false);
    for byte in body {
        spaced.push(*byte);
        match byte {
            b'"' if !escaped => in_text = !in_text,
            b':' | b',' if !in_text => spaced.push(b' '),
            _ => {}
        }
        escaped = in_text && *byte == b'\\' && !escaped;
    }
    spaced.push(b'\n');
    spaced.into()
}

/// The same JSON on several lines, with its keys in reverse order, in ASCII only.
fn other_form(body: &Bytes) -> Bytes {
    let Ok(mut json) = read(body) else { return body.clone() };
    reverse(&mut json);
    let mut written = Vec::with_capacity(2 * body.len());
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    let mut serializer = serde_json::Serializer::with_formatter(&mut written, formatter);
    if json.serialize(&mut serializer).is_err() {
        return body.clone();
    }
    written.push(b'\n');
    ascii(&String::from_utf8_lossy(&written)).into()
}

fn reverse(json: &mut Json) {
    match json {
        Json::Object(object) => {
            let members: Vec<_> = std::mem::take(object).into_iter().rev().collect();
            object.extend(members);
            object.values_mut().for_each(reverse);
        }
        Json::Array(list) => list.iter_mut().for_each(reverse),
        _ => {}
    }
}

/// The JSON with non-ASCII characters escaped. In JSON they occur only in strings.
fn ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            let units = &mut [0; 2];
            for unit in letter.encode_utf16(units) {
                ascii += &format!("\\u{unit:04x}");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_changes_only_the_given_field() {
        let body = Bytes::from_static(br#"{"a":{"b":1},"type":"x"}"#);
        let damaged =
            |what| String::from_utf8_lossy(&damage(&body, &what, Some("/type"))).into_owned();
        assert_eq!(damaged(BodyDamage::Without("a.b".into())), r#"{"a":{},"type":"x"}"#);
        assert_eq!(damaged(BodyDamage::Trigger("y".into())), r#"{"a":{"b":1},"type":"y"}"#);
        assert_eq!(
            damaged(BodyDamage::With("a.c".into(), Json::Null)),
            r#"{"a":{"b":1,"c":null},"type":"x"}"#
        );
        for nowhere in ["no.where", "a.no.where"] {
            for damage in
                [BodyDamage::Without(nowhere.into()), BodyDamage::With(nowhere.into(), Json::Null)]
            {
                assert_eq!(damaged(damage), r#"{"a":{"b":1},"type":"x"}"#);
            }
        }
        assert_eq!(
            damage(&body, &BodyDamage::Grown(300), None).len(),
            300 + r#","padding":"""#.len()
        );
        assert!(std::str::from_utf8(&damage(&body, &BodyDamage::BrokenUtf8, None)).is_err());
        assert!(
            serde_json::from_slice::<Json>(&damage(&body, &BodyDamage::Truncated, None)).is_err()
        );
    }

    #[test]
    fn paths_go_through_lists() {
        let body = Bytes::from_static(br#"{"a":[{"b":1},{"b":{"c":2}}]}"#);
        let with = |path: &str| {
            let damage =
                super::damage(&body, &BodyDamage::With(path.into(), Json::from("x")), None);
            String::from_utf8_lossy(&damage).into_owned()
        };
        assert_eq!(with("a.0.b"), r#"{"a":[{"b":"x"},{"b":{"c":2}}]}"#);
        assert_eq!(with("a.1.b.c"), r#"{"a":[{"b":1},{"b":{"c":"x"}}]}"#);
        assert_eq!(with("a.1.new"), r#"{"a":[{"b":1},{"b":{"c":2},"new":"x"}]}"#);
        assert_eq!(with("a.0"), r#"{"a":["x",{"b":{"c":2}}]}"#);
        for nowhere in ["a.2.b", "a.x.b", "a.2", "a.x"] {
            assert_eq!(with(nowhere), String::from_utf8_lossy(&body), "{nowhere}");
        }
        let without = super::damage(&body, &BodyDamage::Without("a.0.b".into()), None);
        assert_eq!(without, r#"{"a":[{},{"b":{"c":2}}]}"#);
    }

    #[test]
    fn a_tampered_body_is_different_json() {
        for body in ["{}", r#"{"a":1}"#, r#"{"tampered":true}"#, r#"{"tampered":false}"#] {
            let body = Bytes::from_static(body.as_bytes());
            let tampered = damage(&body, &BodyDamage::Tampered, None);
            let read = |body| serde_json::from_slice::<Json>(body).expect("JSON");
            assert_ne!(read(&tampered), read(&body));
        }
    }

    #[test]
    fn reformatted_json_has_the_same_value_in_other_bytes() {
        let bodies = [
            "{}",
            "[]",
            r#"{"a":1}"#,
            r#"{"name":"Åsa \"Ö\" 🎟, b: \\","list":[1.50,{"x":null,"y":[]}],"n":-1e-7}"#,
        ];
        for body in bodies {
            let body = Bytes::from_static(body.as_bytes());
            let read = |body: &Bytes| serde_json::from_slice::<Json>(body).expect("JSON");
            for form in [BodyDamage::Spaced, BodyDamage::OtherForm] {
                let other = damage(&body, &form, None);
                assert_ne!(other, body, "{form:?}");
                assert_eq!(read(&other), read(&body), "{form:?}");
                assert_eq!(other.is_ascii(), form == BodyDamage::OtherForm || body.is_ascii());
            }
        }
        let spaced =
            damage(&Bytes::from_static(br#"{"a":"b:c,d","e":[1,2]}"#), &BodyDamage::Spaced, None);
        assert_eq!(spaced, "{\"a\": \"b:c,d\", \"e\": [1, 2]}\n");
        let broken = Bytes::from_static(b"{,");
        assert_eq!(damage(&broken, &BodyDamage::Spaced, None), broken);
        assert_eq!(damage(&broken, &BodyDamage::OtherForm, None), broken);
    }
}
