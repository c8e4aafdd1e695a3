//! The query of a URL that the user gave: how it may be shown, and what in it is a secret.

use std::collections::BTreeSet;
use std::convert::Infallible;

use percent_encoding::percent_decode_str;

use crate::model::Secret;
use crate::model::secret::MASK;

/// Words in the name of a parameter whose value is a secret.
const SECRET_NAMES: &[&str] = &["auth", "code", "key", "pass", "pwd", "secret", "sig", "token"];

/// What may stand in a URL for a value that is known to be harmless.
pub const PLACEHOLDERS: &[&str] = &["{id}", "{trigger}"];

/// The URL with the values of its query masked. A query often has a key in it, and only these values are
/// known to be harmless.
pub fn shown(url: &str, known: &[&str]) -> String {
    let Some((place, query)) = url.split_once('?') else { return url.to_owned() };
    let is_harmless = |value: &str| value.is_empty() || known.contains(&value);
    let pair = |pair: &str| match pair.split_once('=') {
        Some((_, value)) if is_harmless(value) => pair.to_owned(),
        Some((name, _)) => format!("{name}={MASK}"),
        // A parameter without a name may be the key itself.
        None if is_harmless(pair) => pair.to_owned(),
        None => MASK.to_owned(),
    };
    let pairs: Vec<String> = query.split('&').map(pair).collect();
    format!("{place}?{}", pairs.join("&"))
}

/// The values in the query of a URL that are secrets by their names, as they are written and as they are
/// meant. A value with a placeholder is not a secret.
pub fn secrets(template: &str) -> Vec<Secret> {
    let query = template.split_once('?').map_or("", |(_, query)| query);
    let written = query.split('&').filter_map(|pair| pair.split_once('='));
    let written = written.filter(|(name, _)| is_secret(name)).map(|(_, value)| value.to_owned());
    let meant = ::url::form_urlencoded::parse(query.as_bytes());
    let meant = meant.filter(|(name, _)| is_secret(name)).map(|(_, value)| value.into_owned());
    written.chain(meant).filter(|value| !value.contains('{')).map(Secret::new).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|word| name.contains(word))
}

/// The URL as a journal keeps it: a star stands for each byte of a secret in its query. So it is as long as it
/// was, and a replay that reads it refuses or takes it as before. A parameter without a name counts as a secret.
pub fn without_secrets(url: &str) -> String {
    let stars = |value: &str| "*".repeat(value.len());
    with_pairs(url, |name, value| {
        Ok::<_, Infallible>(is_kept_out(name, value).then(|| stars(value)))
    })
    .unwrap_or_else(|never| match never {})
}

/// The URL with the secrets that [`without_secrets`] took out, from one of these URLs.
///
/// # Errors
/// If they lack one, or differ in it. Gives its name, which may be empty.
pub fn with_secrets_of<'a>(
    url: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<String, String> {
    with_pairs(url, |name, value| {
        if !is_taken_out(name, value) {
            return Ok(None);
        }
        let of =
            |known: &'a str| pairs(known).find(|(one, _)| *one == name).map(|(_, value)| value);
        let here = known.clone().filter(|known| place(known) == place(url));
        let here: BTreeSet<&str> = here.filter_map(of).collect();
        let values = if here.is_empty() { known.clone().filter_map(of).collect() } else { here };
        match (values.first(), values.len()) {
            (Some(one), 1) => Ok(Some((*one).to_owned())),
            _ => Err(name.unwrap_or_default().to_owned()),
        }
    })
}

/// What stands before the query of a URL.
pub fn place(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// The name of a parameter whose value a journal did not keep, if there is one.
pub fn lacking(url: &str) -> Option<&str> {
    let taken_out = pairs(url).find(|(name, value)| is_taken_out(*name, value));
    taken_out.map(|(name, _)| name.unwrap_or_default())
}

fn is_kept_out(name: Option<&str>, value: &str) -> bool {
    let decoded = name.map(|name| percent_decode_str(name).decode_utf8_lossy());
    !value.is_empty() && !value.contains('{') && decoded.is_none_or(|name| is_secret(&name))
}

fn is_taken_out(name: Option<&str>, value: &str) -> bool {
    is_kept_out(name, value) && value.bytes().all(|byte| byte == b'*')
}

/// The parameters of a URL's query as they are written: their names, if they have one, and their values.
fn pairs(url: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let url = url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) => (Some(name), value),
        None => (None, pair),
    })
}

/// The URL with other values in its query, where there is another one.
fn with_pairs<E>(
    url: &str,
    mut other: impl FnMut(Option<&str>, &str) -> Result<Option<String>, E>,
) -> Result<String, E> {
    let mut made = url.to_owned();
    let start = |part: &str| part.as_ptr() as usize - url.as_ptr() as usize;
    // From the end, so that the places before it stay where they are.
    for (name, value) in pairs(url).collect::<Vec<_>>().into_iter().rev() {
        if let Some(other) = other(name, value)? {
            made.replace_range(start(value)..start(value) + value.len(), &other);
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_keeps_no_secret_of_a_query_and_gets_it_back_from_the_settings() {
        let settings = ["http://h/in?key=abc&v=1", "http://h/other?key=zz&token=t-1&bare"];
        let back = |url: &str| with_secrets_of(url, settings.into_iter());
        for (url, kept) in [
            ("http://h/in?key=abc&n=1", "http://h/in?key=***&n=1"),
            ("http://h/other?a=1&key=zz&token=t-1", "http://h/other?a=1&key=**&token=***"),
            (
                "http://h/new?token=t-1&trigger={trigger}",
                "http://h/new?token=***&trigger={trigger}",
            ),
            ("http://h/new?bare", "http://h/new?****"),
            ("http://h/new?n=1&key=&x", "http://h/new?n=1&key=&*"),
            ("http://h/new?%6bey=a{trigger}", "http://h/new?%6bey=a{trigger}"),
            ("http://h/key=x", "http://h/key=x"),
        ] {
            assert_eq!(without_secrets(url), kept);
            assert_eq!(without_secrets(kept), kept, "a second time");
            if !url.ends_with("&x") {
                assert_eq!(back(kept).as_deref(), Ok(url));
            }
            assert_eq!(lacking(url), None, "{url}");
        }
        assert_eq!(without_secrets("http://h/?%6Bey=a%20b#c"), "http://h/?%6Bey=*****#c");
        assert_eq!(back("http://h/new?key=***"), Err("key".to_owned()), "two differ");
        assert_eq!(back("http://h/new?pass=*"), Err("pass".to_owned()), "no setting has it");
        assert_eq!(lacking("http://h/new?a=**&key=***"), Some("key"));
    }

    #[test]
    fn only_what_is_harmless_is_shown_of_a_query() {
        for (template, wanted) in [
            ("http://h/visits/{id}", "http://h/visits/{id}"),
            ("http://h/v?id={id}&key=s3cr3t", "http://h/v?id={id}&key=***"),
            ("http://h/v/{id}?s3cr3t", "http://h/v/{id}?***"),
            ("http://h/v?{id}", "http://h/v?{id}"),
            ("http://h/v?a=s3cr3t?b=c&id={id}&empty=", "http://h/v?a=***&id={id}&empty="),
            ("http://h/v?q=s3cr3t-{id}", "http://h/v?q=***"),
        ] {
            assert_eq!(shown(template, &["{id}"]), wanted);
        }
    }

    #[test]
    fn keys_in_a_query_are_secrets() {
        let of = |url| -> Vec<String> {
            secrets(url).iter().map(|secret| secret.reveal().to_owned()).collect()
        };
        assert_eq!(of("http://h/v/{id}?expand=true&api_Key=a%20b"), ["a%20b", "a b"]);
        assert_eq!(of("http://h/v?token={id}"), [""; 0]);
        assert_eq!(of("http://h/v/{id}"), [""; 0]);
    }
}
