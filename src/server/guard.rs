//! Protects the control API: refuses requests of foreign web pages, and requests without the
//! administrator's token if one is set.

use std::net::{IpAddr, SocketAddr};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::problem::{Problem, ProblemType};
use crate::model::Secret;

/// Decides which requests may use the control API.
#[derive(Clone, Debug)]
pub struct Guard {
    token: Option<Secret>,
    /// The host names that a request may use, without a port.
    hosts: Vec<String>,
}

/// The headers that the guard checks.
#[derive(Clone, Copy, Debug, Default)]
pub struct GuardedHeaders<'a> {
    /// Its `Host`.
    pub host: Option<&'a str>,
    /// Its `Origin`.
    pub origin: Option<&'a str>,
    /// Its `Sec-Fetch-Site`.
    pub fetch_site: Option<&'a str>,
    /// Its `Authorization`.
    pub authorization: Option<&'a str>,
}

impl Guard {
    /// A guard for a server that listens at this address.
    pub fn new(listen: SocketAddr, token: Option<Secret>, hosts: &[String]) -> Self {
        let own = match listen.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => None,
            IpAddr::V4(ip) => Some(ip.to_string()),
            IpAddr::V6(ip) => Some(format!("[{ip}]")),
        };
        let usual = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let hosts = usual.into_iter().chain(own).chain(hosts.iter().cloned()).collect();
        Self { token, hosts }
    }

    /// Refuses a request that a foreign web page may have made, that names a host which is not
    /// ours, or that lacks the administrator's token.
    ///
    /// # Errors
    /// If the request is refused. The problem says why.
    pub fn check(&self, headers: GuardedHeaders<'_>) -> Result<(), Problem> {
        let forbidden = |detail: String| Err(Problem::new(ProblemType::Forbidden, detail));
        let host = headers.host.unwrap_or_default();
        if !self.is_ours(host) {
            return forbidden(format!(
                "`{}` is not a host name of this server (`--host-name` adds one)",
                host.chars().take(80).collect::<String>()
            ));
        }
        let same = |origin: &str| {
            let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
            authority.eq_ignore_ascii_case(host)
        };
        if headers.origin.is_some_and(|origin| !same(origin)) {
            return forbidden("a web page from another origin must not use this API".to_owned());
        }
        if headers.fetch_site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return forbidden("a web page from another site must not use this API".to_owned());
        }
        self.check_token(headers.authorization)
    }

    fn check_token(&self, authorization: Option<&str>) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let shown = authorization.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        // All digests have the same length, so the comparison does not reveal the length of the
        // token.
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        let right = shown.is_some_and(|shown| {
            digest(shown).as_slice().ct_eq(digest(token.reveal()).as_slice()).into()
        });
        if right {
            return Ok(());
        }
        let detail = "send `Authorization: Bearer` with the administrator's token";
        Err(Problem::new(ProblemType::Unauthorized, detail))
    }

    fn is_ours(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(token: Option<&str>) -> Guard {
        Guard::new(([127, 0, 0, 1], 4000).into(), token.map(Secret::new), &[])
    }

    fn status(guard: &Guard, headers: GuardedHeaders<'_>) -> u16 {
        guard.check(headers).map_or_else(|problem| problem.status, |()| 200)
    }

    #[test]
    fn a_page_elsewhere_is_refused_by_host_origin_and_site() {
        let guard = guard(None);
        let ours = GuardedHeaders { host: Some("localhost:4000"), ..GuardedHeaders::default() };
        assert_eq!(status(&guard, ours), 200);
        assert_eq!(status(&guard, GuardedHeaders { host: Some("[::1]:4000"), ..ours }), 200);
        assert_eq!(
            status(&guard, GuardedHeaders { host: Some("evil.example.test:4000"), ..ours }),
            403
        );
        assert_eq!(status(&guard, GuardedHeaders { host: None, ..ours }), 403);
        let page = |origin| GuardedHeaders { origin: Some(origin), ..ours };
        assert_eq!(status(&guard, page("http://localhost:4000")), 200);
        assert_eq!(status(&guard, page("http://localhost:9999")), 403);
        assert_eq!(status(&guard, page("null")), 403);
        assert_eq!(status(&guard, GuardedHeaders { fetch_site: Some("cross-site"), ..ours }), 403);
    }

    #[test]
    fn a_token_that_is_set_is_required() {
        let guard = guard(Some("s3cret"));
        let with = |authorization| GuardedHeaders {
            host: Some("localhost"),
            authorization,
            ..GuardedHeaders::default()
        };
        assert_eq!(status(&guard, with(None)), 401);
        assert_eq!(status(&guard, with(Some("Bearer s3cre"))), 401);
        assert_eq!(status(&guard, with(Some("Basic s3cret"))), 401);
        assert_eq!(status(&guard, with(Some("bearer s3cret"))), 200);
    }
}
