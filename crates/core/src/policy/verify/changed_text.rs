//! Texts that are often signed in place of the right one: of a body that was changed on its way, of
//! another URL, of fewer parts.

use serde::Serialize as _;
use serde_json::Value as Json;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::model::signature::SignedPart;
use crate::policy::signed::Message;

/// A text, and what is changed in it. The right text is the first, and nothing is changed in it.
type Text = (Option<String>, Vec<u8>);

/// The right text, and those that a mistake would make of it.
pub fn texts(over: &[SignedPart], message: &Message<'_>) -> Vec<Text> {
    let mut texts: Vec<Text> = vec![(None, message.text(over))];
    let mut add = |change: &str, text: Vec<u8>| {
        if texts.iter().all(|(_, known)| *known != text) {
            texts.push((Some(change.to_owned()), text));
        }
    };
    for (change, body) in bodies(message.body) {
        add(change, Message { body: &body, ..*message }.text(over));
    }
    for (change, url) in urls(message.url) {
        add(change, Message { url: &url, ..*message }.text(over));
    }
    use SignedPart::{Body, Id, Literal, Timestamp, Url};
    let dot = || Literal(".".to_owned());
    for (change, parts) in [
        ("for the body alone", vec![Body]),
        ("for the time and the body alone", vec![Timestamp, dot(), Body]),
        ("for the id and the body alone", vec![Id, dot(), Body]),
        ("for the URL alone", vec![Url]),
        ("for the URL and the body", vec![Url, Body]),
        ("for the parts joined without anything between them", without_literals(over)),
    ] {
        let is_known = parts.iter().all(|part| match part {
            Id | Timestamp => over.contains(part),
            Url => !message.url.is_empty(),
            _ => true,
        });
        if is_known {
            add(change, message.text(&parts));
        }
    }
    texts
}

fn without_literals(over: &[SignedPart]) -> Vec<SignedPart> {
    over.iter().filter(|part| !matches!(part, SignedPart::Literal(_))).cloned().collect()
}

/// What a body is often changed to on its way, each with its words.
fn bodies(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut bodies = vec![
        ("for the body with a line break at its end", [body, b"\n"].concat()),
        ("for the body with a line break (CR LF) at its end", [body, b"\r\n"].concat()),
        ("for an empty body", Vec::new()),
    ];
    let trimmed = body.trim_ascii_end();
    bodies.push(("for the body without the white space at its end", trimmed.to_vec()));
    let text = String::from_utf8_lossy(body);
    let lf = text.replace("\r\n", "\n");
    bodies.push(("for the body with LF in place of CR LF", lf.clone().into_bytes()));
    bodies.push(("for the body with CR LF in place of LF", lf.replace('\n', "\r\n").into_bytes()));
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return bodies };
    let compact = written(&json, CompactFormatter);
    let with_spaces = spaced(&compact);
    let ascii = |text: &[u8]| ascii(&String::from_utf8_lossy(text)).into_bytes();
    let sorted = written(&sorted(&json), CompactFormatter);
    bodies.extend([
        ("for the body re-serialised as compact JSON", compact.clone()),
        ("for the body re-serialised as JSON with a space after `,` and `:`", with_spaces.clone()),
        (
            "for the body re-serialised as JSON indented by two spaces",
            written(&json, PrettyFormatter::new()),
        ),
        (
            "for the body re-serialised as JSON indented by four spaces",
            written(&json, PrettyFormatter::with_indent(b"    ")),
        ),
        ("for the body re-serialised as compact JSON in ASCII", ascii(&compact)),
        (
            "for the body re-serialised as JSON in ASCII with a space after `,` and `:`",
            ascii(&with_spaces),
        ),
        ("for the body re-serialised as compact JSON with sorted keys", sorted.clone()),
        (
            "for the body re-serialised as JSON with sorted keys and a space after `,` and `:`",
            spaced(&sorted),
        ),
    ]);
    bodies
}

/// JSON with a space after each comma and colon, as Python writes it, from compact JSON.
fn spaced(compact: &[u8]) -> Vec<u8> {
    let mut spaced = Vec::with_capacity(compact.len() * 2);
    let (mut in_text, mut escaped) = (false, false);
    for byte in compact {
        spaced.push(*byte);
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b':' if !in_text => spaced.push(b' '),
            _ => {}
        }
    }
    spaced
}

fn written(json: &Json, formatter: impl Formatter) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Writing into memory cannot fail.
    let _ = json.serialize(&mut serializer);
    bytes
}

/// The text with everything beyond ASCII as `\u…`.
fn ascii(text: &str) -> String {
    let mut written = String::new();
    for letter in text.chars() {
        if letter.is_ascii() {
            written.push(letter);
        } else {
            let mut units = [0; 2];
            let units = letter.encode_utf16(&mut units).iter();
            written.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    written
}

/// The same JSON with the keys of each object in order.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Json::Array(values) => values.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// What a URL often is behind a proxy, each with its words.
fn urls(url: &str) -> Vec<(&'static str, String)> {
    let Some((scheme, rest)) = url.split_once("://") else { return Vec::new() };
    let other = if scheme == "https" { "http" } else { "https" };
    let mut urls =
        vec![("for the URL with the other of http and https", format!("{other}://{rest}"))];
    let (path, query) =
        url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let again = |path: &str| query.map_or(path.to_owned(), |query| format!("{path}?{query}"));
    urls.push(("for the URL with a slash at the end of its path", again(&format!("{path}/"))));
    let bare = path.strip_suffix('/').unwrap_or(path);
    urls.push(("for the URL without the slash at the end of its path", again(bare)));
    urls.push(("for the URL without its query", path.to_owned()));
    if let Ok(mut parsed) = url::Url::parse(url) {
        let port = parsed.port();
        if port.is_some() && parsed.set_port(None).is_ok() {
            urls.push(("for the URL without its port", parsed.to_string()));
        }
        if port.is_none() {
            let host = rest.find(['/', '?']).map_or(rest, |end| &rest[..end]);
            let usual = if scheme == "https" { 443 } else { 80 };
            let with = url.replacen(host, &format!("{host}:{usual}"), 1);
            urls.push(("for the URL with its port", with));
        }
    }
    urls
}
