//! Where requests may go: loopback always, any other host only if it was allowed by name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

use ::url::{Host, Url};

use crate::policy::url;

/// The hosts that were allowed by name, besides loopback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    hosts: BTreeSet<String>,
}

/// Why nothing is sent to an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// It is not a URL.
    #[error("`{url}` is not a URL: {why}; write it like http://127.0.0.1:8080/webhooks")]
    NotAUrl {
        /// The text.
        url: String,
        /// The parser's message.
        why: String,
    },
    /// Webhooks cannot be sent to this URL.
    #[error(
        "webhooks cannot be sent to `{0}`: it must begin with http:// or https:// and name a host"
    )]
    NotHttp(String),
    /// It is neither a path nor a URL.
    #[error(
        "`{0}` is neither a path, which begins with one `/`, nor a URL, which begins with http:// or \
         https:// and a host"
    )]
    Neither(String),
    /// It has a user or a password in it, which would be shown with the URL.
    #[error(
        "a URL is shown wherever requests are, so it must not hold a user or a password: \
         send them in a header, `Authorization: \"${{NAME}}\"`"
    )]
    Credentials,
    /// It has a fragment.
    #[error(
        "`{0}` has a fragment (`#…`), which is never sent, and so not signed: leave it out, or \
         write `%23`"
    )]
    Fragment(String),
    /// Its host is neither loopback nor allowed.
    #[error(
        "{host} is not on this machine, and nothing is sent elsewhere unless it is allowed: \
         set `allow_host: {host}` under `receiver` in standin.yaml, or give --allow-host {host}"
    )]
    NotAllowed {
        /// The host.
        host: String,
    },
}

/// The name or the address of a host as URLs have it.
///
/// # Errors
/// If it is neither: a URL, a host with its port, or a pattern would allow nothing.
pub fn host_name(text: &str) -> Result<String, String> {
    let bare: Result<Host, _> = match text.parse::<Ipv6Addr>() {
        Ok(address) => Ok(Host::Ipv6(address)),
        Err(_) => Host::parse(text),
    };
    match bare {
        Ok(host) if !text.contains(['*', '%']) => Ok(host.to_string()),
        _ => Err("a host is only a name or an address: `staging.example.test`".to_owned()),
    }
}

impl Allowed {
    /// Allows these hosts besides loopback. Upper and lower case are the same.
    pub fn hosts(hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { hosts: hosts.into_iter().map(|host| host.as_ref().to_lowercase()).collect() }
    }

    /// Reads a URL and checks that requests may go to its host.
    ///
    /// # Errors
    /// If it is not an HTTP URL, or its host is neither loopback nor allowed.
    pub fn check(&self, text: &str) -> Result<Url, TargetProblem> {
        let url = http_url(text)?;
        match url.host() {
            Some(host) if loopback(&host) || self.hosts.contains(&host.to_string()) => Ok(url),
            Some(host) => Err(TargetProblem::NotAllowed { host: host.to_string() }),
            None => Err(TargetProblem::NotHttp(shown(text))),
        }
    }
}

/// Reads the URL of any host, even one that requests may not go to.
///
/// # Errors
/// If it is not an HTTP URL, or has a user or a password in it.
pub fn http_url(text: &str) -> Result<Url, TargetProblem> {
    // An `@` before the path may follow a password, so neither the text nor the parser's message
    // is shown.
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    if authority.split(['/', '?', '#', '\\']).next().is_some_and(|part| part.contains('@')) {
        return Err(TargetProblem::Credentials);
    }
    let url = Url::parse(text)
        .map_err(|error| TargetProblem::NotAUrl { url: shown(text), why: error.to_string() })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetProblem::Credentials);
    }
    if url.has_host() && matches!(url.scheme(), "http" | "https") && names_a_host(text) {
        return Ok(url);
    }
    Err(TargetProblem::NotHttp(shown(text)))
}

/// A URL as a message repeats it.
fn shown(text: &str) -> String {
    url::shown(text, url::PLACEHOLDERS)
}

/// Whether a host follows the scheme of a URL. The parser also takes `http:/host`, which is easily a
/// mistyped path.
fn names_a_host(text: &str) -> bool {
    let rest = text.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', ':']));
    rest.is_some_and(|(_, rest)| !rest.starts_with(['/', '\\']))
}

/// Checks that this is a path or a URL, and nothing that could be taken for both: `http:/host`, `//host`.
///
/// # Errors
/// If it is neither.
pub fn path_or_url(given: &str) -> Result<(), TargetProblem> {
    let first = given.split(['/', '?', '#']).next().unwrap_or_default();
    let has_scheme = first.contains(':');
    if given.starts_with("//") || given.starts_with('\\') || (has_scheme && !names_a_host(given)) {
        return Err(TargetProblem::Neither(shown(given)));
    }
    Ok(())
}

fn loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical().is_loopback(),
    }
}

/// The origin of a URL: `http://127.0.0.1:8080`.
pub fn place(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(url[..::url::Position::BeforePath].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_always_allowed_and_nothing_else_is() {
        let allowed = Allowed::default();
        for url in
            ["http://127.0.0.1:1/", "http://127.9.9.9/", "http://localhost/x", "http://[::1]:8/"]
        {
            assert!(allowed.check(url).is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://example.test/",
            "http://localhost.example.test/",
            "http://127.0.0.1.example.test/",
            "http://[::ffff:10.0.0.1]/",
        ] {
            let refused = allowed.check(url);
            assert!(matches!(refused, Err(TargetProblem::NotAllowed { .. })), "{url}: {refused:?}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_repeated() {
        for url in [
            "http://user:s3cr3t@127.0.0.1/",
            "http://user:s3cr3t@127.0.0.1:99999/",
            "http://user@example.test:80@evil.test/",
            "http:s3cr3t@127.0.0.1",
            "ftp://u:s3cr3t@h/",
            "http://s3cr3t@127.0.0.1/{id}",
        ] {
            let refused = Allowed::default().check(url);
            assert_eq!(refused, Err(TargetProblem::Credentials), "{url}");
        }
        assert!(Allowed::default().check("http://127.0.0.1/@a?b=c@d").is_ok());
    }

    #[test]
    fn a_host_is_allowed_by_name() {
        let allowed = Allowed::hosts(["Staging.Example.test", "10.0.0.1"]);
        assert!(allowed.check("https://staging.example.test/hooks").is_ok());
        assert!(allowed.check("http://10.0.0.1:8080/").is_ok());
        assert!(allowed.check("http://10.0.0.2:8080/").is_err());
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for (text, wanted) in [
            ("Staging.Example.test", "staging.example.test"),
            ("10.0.0.1", "10.0.0.1"),
            ("2001:DB8::1", "[2001:db8::1]"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("bücher.example.test", "xn--bcher-kva.example.test"),
        ] {
            let host = host_name(text);
            assert_eq!(host.as_deref(), Ok(wanted));
            let url = format!("http://{wanted}/");
            assert!(Allowed::hosts(host).check(&url).is_ok(), "{url}");
        }
        for text in [
            "",
            " ",
            "http://h",
            "h:80",
            "h/x",
            "*.example.test",
            "a b",
            "u@h",
            "h?x",
            "%68",
            "::1::",
        ] {
            assert!(host_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_message_shows_no_secret_of_a_query() {
        for text in [
            "http:/evil?token=s3cr3t",
            "nowhere?token=s3cr3t",
            "ftp://h/?k=s3cr3t",
            "http//h?s3cr3t",
        ] {
            let problems = [http_url(text).err(), path_or_url(text).err()];
            for said in problems.into_iter().flatten().map(|one| one.to_string()) {
                assert!(said.contains("***") && !said.contains("s3cr3t"), "{said}");
            }
        }
    }

    #[test]
    fn a_text_that_is_not_an_http_url_is_refused() {
        let allowed = Allowed::default();
        for url in
            ["http:/127.0.0.1/", "http:127.0.0.1", "http:///127.0.0.1/", "https:\\\\127.0.0.1"]
        {
            assert!(allowed.check(url).is_err(), "{url}");
            assert!(path_or_url(url).is_err(), "{url}");
        }
        for given in ["//127.0.0.1/x", "\\\\127.0.0.1", "mailto:a", "127.0.0.1:8080/x"] {
            assert!(path_or_url(given).is_err(), "{given}");
        }
        for given in ["/in", "in/x", "./a:b", "/{trigger}?a=b:c", "http://127.0.0.1/x", "?a:b", ""]
        {
            assert!(path_or_url(given).is_ok(), "{given}");
        }
        for url in ["", "/webhooks", "127.0.0.1:8080", "ftp://127.0.0.1/", "http://", "mailto:a@b"]
        {
            assert!(allowed.check(url).is_err(), "{url}");
        }
    }
}
