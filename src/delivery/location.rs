//! Where a redirect leads, as it may be shown. Requests never follow it.

use super::secrets::Secrets;

/// The most characters of a `Location` that are kept.
const LONGEST: usize = 500;

/// The `Location` of an answer without what may be a secret: user and password, query and fragment.
pub fn shown(value: &[u8], secrets: &Secrets) -> String {
    let masked = secrets.text(&String::from_utf8_lossy(value));
    let (place, rest) = match masked.find(['?', '#']) {
        Some(at) if masked[at..].starts_with('?') => (&masked[..at], "?…"),
        Some(at) => (&masked[..at], "#…"),
        None => (&*masked, ""),
    };
    without_user(place).chars().take(LONGEST).collect::<String>() + rest
}

/// The URL without user and password. Clients read `\` like `/`.
fn without_user(url: &str) -> String {
    let is_slash = |sign: char| matches!(sign, '/' | '\\');
    let of_scheme = |sign: char| sign.is_ascii_alphanumeric() || "+-.".contains(sign);
    let scheme = url.find(|sign| !of_scheme(sign)).filter(|end| url[*end..].starts_with(':'));
    let scheme = scheme.map_or(0, |end| end + 1);
    let slashes = url[scheme..].chars().take_while(|sign| is_slash(*sign)).count();
    if scheme == 0 && slashes < 2 {
        return url.to_owned();
    }
    let (before, after) = url.split_at(scheme + slashes);
    let (authority, path) = after.split_at(after.find(is_slash).unwrap_or(after.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = host.rsplit_once(']').map_or(host, |(_, behind)| behind).split_once(':');
    // What is no port is a password with a `/` or a `?` in it, and the host stands behind that.
    if port.is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return format!("{before}…");
    }
    format!("{before}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

    fn of(value: &str) -> String {
        shown(value.as_bytes(), &Secrets::default())
    }

    #[test]
    fn a_location_is_shown_without_user_query_and_fragment() {
        for (value, wanted) in [
            ("/login", "/login"),
            ("/users/@me", "/users/@me"),
            ("", ""),
            ("https://example.test:8443/a", "https://example.test:8443/a"),
            ("https://[::1]:8443/a", "https://[::1]:8443/a"),
            ("https://u:s3cr3t@example.test/a", "https://example.test/a"),
            ("https://u:s3cr3t@a@example.test/a@b", "https://example.test/a@b"),
            ("//u:s3cr3t@example.test", "//example.test"),
            ("https:u:s3cr3t@example.test", "https:example.test"),
            (r"https:\\u:s3cr3t@example.test\a", r"https:\\example.test\a"),
            ("https://u:s3cr3t/x@example.test/", "https://…"),
            ("https://u:s3cr3t?x@example.test/", "https://…?…"),
            ("/a?token=s3cr3t#b", "/a?…"),
            ("/a#token=s3cr3t?b", "/a#…"),
            ("#s3cr3t", "#…"),
        ] {
            assert_eq!(of(value), wanted, "{value}");
        }
    }

    #[test]
    fn a_long_location_is_cut_after_its_secrets_are_masked() {
        let long = of(&format!("/{}?x", "é".repeat(2000)));
        assert_eq!(long.chars().count(), LONGEST + 2);
        let secrets = Secrets::new([Secret::new("s3cr3t-that-is-long")]);
        let value = format!("/{}/s3cr3t-that-is-long", "a".repeat(LONGEST - 10));
        let shown = shown(value.as_bytes(), &secrets);
        assert!(shown.ends_with("/***"), "{shown}");
    }
}
