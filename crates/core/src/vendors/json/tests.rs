//! What is written is what a general writer writes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::*;

fn written(value: &impl Serialize) -> String {
    let mut text = b"before".to_vec();
    write(value, &mut text);
    String::from_utf8(text).expect("JSON is text").split_off(6)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    some_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<Option<u8>>,
    null: Option<Option<u8>>,
    counts: BTreeMap<u8, i64>,
    list: Vec<Way>,
    empty: [u8; 0],
    pair: (bool, f64),
    #[serde(flatten)]
    more: More,
}

#[derive(Serialize)]
struct More {
    unit: (),
    nothing: BTreeMap<String, u8>,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "settings")]
enum Way {
    Phone(u64),
    Mail { to: char },
    Nothing,
}

#[test]
fn types_are_written_as_serde_describes_them() {
    let body = Body {
        some_text: "a\"b",
        absent: None,
        null: Some(None),
        counts: [(1, -7), (20, i64::MIN)].into(),
        list: vec![Way::Phone(u64::MAX), Way::Mail { to: 'ü' }, Way::Nothing],
        empty: [],
        pair: (true, 0.00055),
        more: More { unit: (), nothing: BTreeMap::new() },
    };
    assert_eq!(written(&body), serde_json::to_string(&body).expect("it is JSON"));
    let any = json!({"a\nb": [1.5, -3, null, {"x": {}}], "": "", "deep": [[[]]]});
    assert_eq!(written(&any), any.to_string());
}

#[test]
fn a_number_that_is_a_text_is_not_quoted() {
    struct Exact;
    impl Serialize for Exact {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_newtype_struct(NUMBER, "9007199254740993.01")
        }
    }
    assert_eq!(written(&[Exact]), "[9007199254740993.01]");
}

#[test]
fn what_is_displayed_is_escaped() {
    struct Shown;
    impl Serialize for Shown {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&format_args!(r#"{{"id":"{}"}}"#, 7))
        }
    }
    assert_eq!(written(&Shown), r#""{\"id\":\"7\"}""#);
}

#[test]
fn every_character_is_escaped_as_json_asks_wherever_it_stands() {
    let all = (0..0x250).chain([0x2028, 0xFEFF, 0xFFFD, 0x1F600]).filter_map(char::from_u32);
    for character in all {
        for before in 0..10 {
            let text = format!("{}{character}{}", "x".repeat(before), "y".repeat(9 - before));
            assert_eq!(written(&text), serde_json::to_string(&text).expect("it is JSON"));
        }
        let alone = character.to_string();
        assert_eq!(written(&alone), serde_json::to_string(&alone).expect("it is JSON"));
    }
}

proptest! {
    #[test]
    fn strings_are_written_as_by_a_general_writer(text in any::<String>()) {
        prop_assert_eq!(written(&text), serde_json::to_string(&text).expect("it is JSON"));
    }

    #[test]
    fn numbers_are_written_as_by_a_general_writer(number in any::<i64>()) {
        prop_assert_eq!(written(&number), number.to_string());
        prop_assert_eq!(written(&number.unsigned_abs()), number.unsigned_abs().to_string());
    }
}
