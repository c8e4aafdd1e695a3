//! What a run keeps of a call of the vendor's API: what an account reads, and no secret. A replay gets the
//! same, so it does the same.

use serde_json::Value as Json;

use crate::model::secret::MASK;
use crate::policy::url;

/// Shorter values occur by chance.
const SHORTEST: usize = 3;

/// The path, with each part masked that is one of these secrets.
pub fn path(path: &str, secrets: &[&str]) -> String {
    let parts: Vec<&str> =
        path.split('/').map(|part| if is_any(part, secrets) { MASK } else { part }).collect();
    parts.join("/")
}

/// The query. Only the parameters of these names keep their values, unless one is a secret. Another one
/// without a value may be a key itself.
pub fn query(read: &[&str], given: &[(String, String)], secrets: &[&str]) -> Vec<(String, String)> {
    let kept = |(name, value): &(String, String)| {
        let is_read = read.contains(&name.as_str());
        let name = if is_read || !value.is_empty() { name } else { MASK };
        let value = match value.as_str() {
            "" => "",
            value if is_read && !is_any(value, secrets) => value,
            _ => MASK,
        };
        (name.to_owned(), value.to_owned())
    };
    given.iter().map(kept).collect()
}

/// The body, with each value masked that is one of these secrets.
pub fn body(text: String, secrets: &[&str]) -> String {
    let has_one = secrets.iter().any(|one| one.len() >= SHORTEST && text.contains(one));
    // A value with escapes may be one, too.
    if !has_one && !text.contains('\\') {
        return text;
    }
    let Ok(mut json) = serde_json::from_str(&text) else {
        // Without JSON it is unknown where a value ends, so nothing of the body is kept.
        return if has_one { MASK.to_owned() } else { text };
    };
    if mask(&mut json, secrets) { json.to_string() } else { text }
}

/// The body as a journal keeps it: the URLs at these pointers without the secrets in their queries.
pub fn urls(text: &str, pointers: &[&str]) -> String {
    if pointers.is_empty() || !text.contains('?') && !text.contains('\\') {
        return text.to_owned();
    }
    let Ok(mut json) = serde_json::from_str::<Json>(text) else { return text.to_owned() };
    let before = json.clone();
    for pointer in pointers {
        at(&mut json, pointer.trim_start_matches('/'), &mut without_secrets);
    }
    if json == before { text.to_owned() } else { json.to_string() }
}

/// Does something to the value at a pointer, in which `*` is any item of a list.
fn at(json: &mut Json, pointer: &str, change: &mut impl FnMut(&mut Json)) {
    let (key, rest) = match pointer.split_once('/') {
        Some((key, rest)) => (key, Some(rest)),
        None => (pointer, None),
    };
    let below: Vec<&mut Json> = match json {
        Json::Array(items) if key == "*" => items.iter_mut().collect(),
        Json::Object(keys) => keys.get_mut(key).into_iter().collect(),
        _ => Vec::new(),
    };
    for value in below {
        match rest {
            Some(rest) => at(value, rest, change),
            None => change(value),
        }
    }
}

/// The same value, in which no URL has a secret in its query.
pub fn any_url(mut json: Json) -> Json {
    match &mut json {
        Json::Array(items) => items.iter_mut().for_each(|one| *one = any_url(one.take())),
        Json::Object(keys) => keys.values_mut().for_each(|one| *one = any_url(one.take())),
        value => without_secrets(value),
    }
    json
}

fn without_secrets(value: &mut Json) {
    if let Json::String(text) = value
        && text.contains("://")
        && text.contains('?')
    {
        *text = url::without_secrets(text);
    }
}

/// Masks each value that is one of these secrets. Returns whether there was one.
fn mask(json: &mut Json, secrets: &[&str]) -> bool {
    match json {
        Json::String(text) if is_any(text, secrets) => {
            MASK.clone_into(text);
            true
        }
        Json::Array(items) => items.iter_mut().fold(false, |any, one| mask(one, secrets) | any),
        Json::Object(keys) => keys.values_mut().fold(false, |any, one| mask(one, secrets) | any),
        _ => false,
    }
}

fn is_any(text: &str, secrets: &[&str]) -> bool {
    text.len() >= SHORTEST && secrets.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRETS: &[&str] = &["k3y-1234", "", "ab"];

    #[test]
    fn only_what_is_read_of_a_query_is_kept() {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let given = [
            ("q", "Anna"),
            ("q", "k3y-1234"),
            ("apikey", "other"),
            ("s3cr3t", ""),
            ("q", ""),
            ("", "x"),
        ];
        let wanted =
            [("q", "Anna"), ("q", MASK), ("apikey", MASK), (MASK, ""), ("q", ""), ("", MASK)];
        assert_eq!(query(&["q"], &given.map(pair), SECRETS), wanted.map(pair));
    }

    #[test]
    fn a_journal_keeps_no_secret_of_a_url_that_is_registered() {
        let said = r#"{"hooks":[{"to":"http://h/?key=a1"},{"to":"http://h/?n=1"},{"to":7}],"to":"http://h/?key=a"}"#;
        let kept = said.replace("=a1", "=**");
        assert_eq!(urls(said, &["/hooks/*/to", "/none"]), kept);
        assert_eq!(urls(&kept, &["/hooks/*/to"]), kept);
        for untouched in [r#"{ "to": "http://h/?n=1" }"#, "to=http://h/?key=a", "[\"?\"]", ""] {
            assert_eq!(urls(untouched, &["/to"]), untouched);
        }
        let all = any_url(serde_json::from_str(said).expect("JSON")).to_string();
        assert_eq!(all, kept.replace("=a\"", "=*\""));
    }

    #[test]
    fn no_part_of_a_path_and_no_value_of_a_body_is_a_secret() {
        assert_eq!(path("/visits/k3y-1234/ab/", SECRETS), "/visits/***/ab/");
        for (text, wanted) in [
            (r#"{"a":["k3y-1234",1.50]}"#, r#"{"a":["***",1.5]}"#),
            (r#"{"a":"k3y\u002d1234"}"#, r#"{"a":"***"}"#),
            (r#"{ "a": "ab \n k3y-12345" }"#, r#"{ "a": "ab \n k3y-12345" }"#),
            ("client_secret=k3y-1234&x=1", MASK),
            ("{\\", "{\\"),
            ("", ""),
        ] {
            assert_eq!(body(text.to_owned(), SECRETS), wanted, "{text}");
        }
    }
}
