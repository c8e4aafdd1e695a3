//! The query of a URL that the user gave: how it may be shown, and what in it is a secret.

use crate::model::Secret;
use crate::model::secret::MASK;

/// Words in the name of a parameter whose value is a secret.
const SECRET_NAMES: &[&str] = &["auth", "code", "key", "pass", "pwd", "secret", "sig", "token"];

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
    let is_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        SECRET_NAMES.iter().any(|word| name.contains(word))
    };
    let written = query.split('&').filter_map(|pair| pair.split_once('='));
    let written = written.filter(|(name, _)| is_secret(name)).map(|(_, value)| value.to_owned());
    let meant = ::url::form_urlencoded::parse(query.as_bytes());
    let meant = meant.filter(|(name, _)| is_secret(name)).map(|(_, value)| value.into_owned());
    written.chain(meant).filter(|value| !value.contains('{')).map(Secret::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
