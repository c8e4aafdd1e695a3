//! The addresses of a host. `localhost` counts as this machine, so it must lead to this machine.

use std::io;
use std::net::SocketAddr;

/// The addresses of a host name, or of an address as text, with this port. `localhost` has only those of
/// loopback.
///
/// # Errors
/// If the name has no address, or `localhost` none of loopback.
pub async fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    local(host, tokio::net::lookup_host((host, port)).await?)
}

/// The same, and the thread waits for it.
///
/// # Errors
/// As there.
pub fn addresses_now(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    local(host, std::net::ToSocketAddrs::to_socket_addrs(&(host, port))?)
}

/// The addresses that requests to this host may go to, of those that were found.
fn local(host: &str, found: impl Iterator<Item = SocketAddr>) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    if !host.trim_end_matches('.').eq_ignore_ascii_case("localhost") {
        return Ok(found);
    }
    let is_loopback = |one: &SocketAddr| one.ip().to_canonical().is_loopback();
    let kept: Vec<SocketAddr> = found.iter().copied().filter(is_loopback).collect();
    match (found.first(), kept.is_empty()) {
        (Some(elsewhere), true) => Err(io::Error::other(format!(
            "localhost leads to {}, which is not this machine: mend the hosts file, or write that address \
             and allow it",
            elsewhere.ip()
        ))),
        _ => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn localhost_leads_only_to_this_machine() {
        let both = addresses(&["10.0.0.1:8", "127.0.0.1:8", "[::1]:8", "[::ffff:10.0.0.1]:8"]);
        for host in ["localhost", "LocalHost", "localhost."] {
            let kept = local(host, both.iter().copied()).expect("loopback");
            assert_eq!(kept, addresses(&["127.0.0.1:8", "[::1]:8"]), "{host}");
            let elsewhere = local(host, addresses(&["10.0.0.1:8"]).into_iter());
            let said = elsewhere.expect_err("not this machine").to_string();
            assert!(said.contains("localhost leads to 10.0.0.1"), "{host}: {said}");
        }
        let other = local("staging.example.test", both.iter().copied());
        assert_eq!(other.expect("as found"), both, "it was allowed by name");
    }

    #[tokio::test]
    async fn this_machines_localhost_is_found() {
        assert!(addresses_now("localhost", 80).is_ok_and(|found| !found.is_empty()));
        assert!(super::addresses("127.0.0.1", 80).await.is_ok_and(|found| found.len() == 1));
    }
}
