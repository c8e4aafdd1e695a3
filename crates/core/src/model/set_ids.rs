//! Ids that a user sets for what an account has from the start, by kind and name: a receiver may know
//! only its own.
//!
//! Which kinds there are, and what their ids look like, a vendor declares in its settings. Which names
//! an account has follows from its other settings: the vendor knows.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use crate::suggest::{nearest_name, question};
use crate::text::{names, with_article};

/// The name of the setting.
pub const SET_IDS: &str = "ids";

/// The most names that a message lists.
const MOST_NAMES: usize = 12;

/// The ids that are set: kind → name → id.
pub type SetIds = BTreeMap<String, BTreeMap<String, String>>;

/// A kind of thing whose ids can be set.
#[derive(Debug, PartialEq, Eq)]
pub struct IdKind {
    /// The vendor's word: `location`.
    pub kind: &'static str,
    /// What its ids look like.
    pub form: IdForm,
}

/// What the ids of a kind look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// A UUID in small letters.
    Uuid,
    /// So many letters and digits.
    Alphanumeric(usize),
    /// A number from 1 to 2^31 - 1.
    Number,
}

/// Why ids cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{title}: {help}")]
pub struct WrongIds {
    /// The keys that lead to the mistake: none, a kind, or a kind and a name.
    pub path: Vec<String>,
    /// What is wrong.
    pub title: String,
    /// What would be right.
    pub help: String,
}

/// The name of a part of a holder: `Uptown / Desk 1`.
pub fn part_of(holder: &str, name: &str) -> String {
    format!("{holder} / {name}")
}

impl IdForm {
    /// Whether a text is such an id.
    pub fn has(self, text: &str) -> bool {
        match self {
            Self::Uuid => is_uuid(text),
            Self::Alphanumeric(length) => {
                text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
            Self::Number => {
                let number: Option<u32> = text.parse().ok();
                number.is_some_and(|one| {
                    (1..=i32::MAX.unsigned_abs()).contains(&one) && one.to_string() == text
                })
            }
        }
    }

    /// The id that was probably meant, if there is one.
    fn near(self, text: &str) -> Option<String> {
        let signs: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let meant = match self {
            Self::Uuid if signs.len() == 32 => {
                let small = signs.to_ascii_lowercase();
                let ends = [0, 8, 12, 16, 20, 32];
                let parts = ends.windows(2).map(|pair| &small[pair[0]..pair[1]]);
                parts.collect::<Vec<_>>().join("-")
            }
            Self::Uuid => return None,
            Self::Alphanumeric(_) => signs,
            Self::Number => text.trim().trim_start_matches('0').to_owned(),
        };
        self.has(&meant).then_some(meant)
    }
}

impl fmt::Display for IdForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid => {
                f.write_str("a UUID in small letters such as 26a18ff1-e57e-4325-8772-69b582f5f939")
            }
            Self::Alphanumeric(length) => write!(f, "{length} letters and digits"),
            Self::Number => write!(f, "a whole number from 1 to {}", i32::MAX),
        }
    }
}

/// 8-4-4-4-12 hexadecimal digits in small letters, not all zero.
fn is_uuid(text: &str) -> bool {
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || hexadecimal(byte))
        && text.bytes().any(|byte| byte != b'-' && byte != b'0')
}

/// Reads ids as a user wrote them. Whether there is anything of a name is checked by
/// [`unknown_names`].
///
/// # Errors
/// Each kind that is unknown, each id that could never be one of its kind, and each name with the id of another.
pub fn read(kinds: &[IdKind], written: &Json) -> Result<SetIds, Vec<WrongIds>> {
    let Json::Object(written) = written else {
        let title = format!("`{SET_IDS}` takes a map kind: {{ name: id }}");
        return Err(vec![wrong(&[], title, RIGHT.to_owned())]);
    };
    let (mut ids, mut mistakes) = (SetIds::new(), Vec::new());
    for (word, named) in written {
        let Some(kind) = kinds.iter().find(|kind| kind.kind == word) else {
            let title = format!("ids of the kind `{word}` cannot be set");
            let help = nearest(word, kinds.iter().map(|one| one.kind));
            mistakes.push(wrong(&[word], title, help));
            continue;
        };
        match named {
            Json::Object(named) => {
                _ = ids.insert(word.clone(), of_kind(kind, named, &mut mistakes))
            }
            // The word with nothing behind it.
            Json::Null => {}
            _ => {
                let title = format!("`{word}` takes a map name: id");
                mistakes.push(wrong(&[word], title, RIGHT.to_owned()));
            }
        }
    }
    if mistakes.is_empty() { Ok(ids) } else { Err(mistakes) }
}

/// How ids are written.
const RIGHT: &str = "write for example `KIND: { NAME: ID }`";

/// The ids of a kind by name. Each mistake joins the others.
fn of_kind(
    kind: &IdKind,
    written: &serde_json::Map<String, Json>,
    mistakes: &mut Vec<WrongIds>,
) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for (name, id) in written {
        match id_of(kind, name, id) {
            Err(mistake) => mistakes.push(mistake),
            Ok(id) => {
                if let Some((other, _)) = ids.iter().find(|(_, known)| **known == id) {
                    let title = format!("`{other}` and `{name}` have the same id");
                    let help = format!("give each {} an id of its own", kind.kind);
                    mistakes.push(wrong(&[kind.kind, name], title, help));
                }
                ids.insert(name.clone(), id);
            }
        }
    }
    ids
}

fn id_of(kind: &IdKind, name: &str, written: &Json) -> Result<String, WrongIds> {
    let text = match written {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if kind.form.has(&text) {
        return Ok(text);
    }
    let (word, form) = (kind.kind, kind.form);
    let title = match written {
        Json::String(_) | Json::Number(_) => format!("no {word} can have the id `{text}`"),
        _ => format!("`{name}` takes an id"),
    };
    let near = form.near(&text).map(|near| format!("; {}", question(&near))).unwrap_or_default();
    let quotes = if written.is_number() && form != IdForm::Number { ", in quotes" } else { "" };
    Err(wrong(
        &[word, name],
        title,
        format!("the id of {} is {form}{quotes}{near}", with_article(word)),
    ))
}

/// The names of which an account has nothing, and those that are given twice. `names` gives everything
/// of a kind that the account has, each with all names that it can be called by.
pub fn unknown_names(ids: &SetIds, names: impl Fn(&str) -> Vec<Vec<String>>) -> Vec<WrongIds> {
    let mut mistakes = Vec::new();
    for (kind, given) in ids {
        let things = names(kind);
        let is_known = |name: &String| things.iter().any(|called| called.contains(name));
        for name in given.keys().filter(|name| !is_known(name)) {
            let usual = things.iter().filter_map(|called| called.first().map(String::as_str));
            let title = format!("there is no {kind} `{name}`");
            mistakes.push(wrong(&[kind, name], title, nearest(name, usual)));
        }
        for called in &things {
            let mut same = called.iter().filter(|name| given.contains_key(*name));
            let (Some(one), Some(other)) = (same.next(), same.next()) else { continue };
            let title = format!("`{one}` and `{other}` are the same {kind}");
            mistakes.push(wrong(&[kind, other], title, "leave one of them out".to_owned()));
        }
    }
    mistakes
}

/// The names of the parts of these holders, such as the desks of locations: with the holder's name,
/// and for the first holder also without it.
pub fn names_of_parts(holders: &[&String], names: &[String]) -> Vec<Vec<String>> {
    let places = holders.iter().enumerate();
    let parts = places.flat_map(|(place, holder)| {
        names.iter().map(move |name| {
            let part = part_of(holder, name);
            if place == 0 { vec![name.clone(), part] } else { vec![part] }
        })
    });
    parts.collect()
}

/// The name that was probably meant, or the names that there are.
fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    if let Some(near) = nearest_name(typed, known.iter().copied()) {
        return question(near);
    }
    let listed = names(known.iter().take(MOST_NAMES).copied());
    let more = if known.len() > MOST_NAMES { " and so on" } else { "" };
    format!("there are {listed}{more}")
}

fn wrong(path: &[&str], title: String, help: String) -> WrongIds {
    WrongIds { path: path.iter().map(|key| (*key).to_owned()).collect(), title, help }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KINDS: &[IdKind] = &[
        IdKind { kind: "queue", form: IdForm::Uuid },
        IdKind { kind: "desk", form: IdForm::Alphanumeric(3) },
        IdKind { kind: "event", form: IdForm::Number },
    ];

    fn title_and_help(written: &Json) -> (String, String) {
        let wrong = read(KINDS, written).expect_err("it is wrong").swap_remove(0);
        (wrong.title, wrong.help)
    }

    #[test]
    fn each_form_takes_what_the_vendor_could_give_and_nothing_else() {
        for (form, text, is_right) in [
            (IdForm::Uuid, "26a18ff1-e57e-4325-8772-69b582f5f939", true),
            (IdForm::Uuid, "26A18FF1-e57e-4325-8772-69b582f5f939", false),
            (IdForm::Uuid, "26a18ff1e57e4325877269b582f5f939", false),
            (IdForm::Uuid, "00000000-0000-0000-0000-000000000000", false),
            (IdForm::Uuid, "26a18ff1-e57e-4325-8772-69b582f5f93g", false),
            (IdForm::Alphanumeric(3), "aB3", true),
            (IdForm::Alphanumeric(3), "aB", false),
            (IdForm::Alphanumeric(3), "a-3", false),
            (IdForm::Alphanumeric(3), "aé", false),
            (IdForm::Number, "1", true),
            (IdForm::Number, "2147483647", true),
            (IdForm::Number, "2147483648", false),
            (IdForm::Number, "0", false),
            (IdForm::Number, "017", false),
            (IdForm::Number, "+17", false),
            (IdForm::Number, "1.5", false),
        ] {
            assert_eq!(form.has(text), is_right, "{form:?}: {text}");
        }
    }

    #[test]
    fn a_wrong_id_says_what_would_be_right() {
        let upper = "26A18FF1-E57E-4325-8772-69B582F5F939";
        let (title, help) = title_and_help(&json!({ "queue": { "Desk": upper } }));
        assert_eq!(title, format!("no queue can have the id `{upper}`"));
        assert!(help.contains("did you mean `26a18ff1-e57e-4325-8772-69b582f5f939`?"), "{help}");
        let (_, help) = title_and_help(&json!({ "event": { "Summit": "0017" } }));
        assert_eq!(
            help,
            "the id of an event is a whole number from 1 to 2147483647; did you mean `17`?"
        );
        let (_, help) = title_and_help(&json!({ "desk": { "A": 12 } }));
        assert_eq!(help, "the id of a desk is 3 letters and digits, in quotes");
        let (title, _) = title_and_help(&json!({ "desk": { "A": ["abc"] } }));
        assert_eq!(title, "`A` takes an id");
    }

    #[test]
    fn kinds_are_known_and_ids_differ() {
        let (title, help) = title_and_help(&json!({ "evnt": {} }));
        assert_eq!(title, "ids of the kind `evnt` cannot be set");
        assert_eq!(help, "did you mean `event`?");
        let wrong = read(KINDS, &json!({ "event": { "A": 7, "B": "7" } })).expect_err("the same");
        let wrong = wrong.first().expect("a mistake");
        assert_eq!(wrong.title, "`A` and `B` have the same id");
        assert_eq!(wrong.path, ["event", "B"]);
        let several = json!({ "event": { "A": 0, "B": 7 }, "evnt": {}, "desk": { "C": 7 } });
        let mut paths: Vec<Vec<String>> =
            read(KINDS, &several).expect_err("wrong").into_iter().map(|one| one.path).collect();
        paths.sort();
        assert_eq!(paths, [vec!["desk", "C"], vec!["event", "A"], vec!["evnt"]]);
        for none in [json!([]), json!({ "event": 7 })] {
            assert!(title_and_help(&none).0.contains("takes a map"), "{none}");
        }
        let both = json!({ "event": { "A": 7 }, "desk": { "A": "007" } });
        assert_eq!(read(KINDS, &both).map(|ids| ids["event"]["A"].clone()), Ok("7".to_owned()));
    }

    #[test]
    fn a_name_of_nothing_is_found_and_one_thing_is_named_once() {
        let holders = ["North".to_owned(), "South".to_owned()];
        let desks = ["Desk 1".to_owned()];
        let names = |_: &str| names_of_parts(&holders.each_ref(), &desks);
        let check = |named: Json| {
            let ids = read(KINDS, &json!({ "desk": named })).expect("right ids");
            let wrong = unknown_names(&ids, names).into_iter();
            wrong.map(|wrong| (wrong.title, wrong.help)).next()
        };
        assert_eq!(check(json!({ "Desk 1": "aaa", "South / Desk 1": "bbb" })), None);
        assert_eq!(check(json!({ "North / Desk 1": "aaa" })), None);
        let (title, help) = check(json!({ "Dsk 1": "aaa" })).expect("unknown");
        assert_eq!((&*title, &*help), ("there is no desk `Dsk 1`", "did you mean `Desk 1`?"));
        let (_, help) = check(json!({ "x": "aaa" })).expect("unknown");
        assert_eq!(help, "there are `Desk 1` and `South / Desk 1`");
        let (title, _) = check(json!({ "Desk 1": "aaa", "North / Desk 1": "bbb" })).expect("twice");
        assert_eq!(title, "`Desk 1` and `North / Desk 1` are the same desk");
    }
}
