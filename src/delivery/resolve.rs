//! The addresses of a host. `localhost` counts as this machine, so it must lead to this machine.

use std::io;
use std::net::SocketAddr;

/// Which addresses of a host are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// All.
    #[default]
    Any,
    /// Those of IPv4.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
}

impl Family {
    /// Those of this family.
    ///
    /// # Errors
    /// If no address is of this family.
    fn of(self, mut addresses: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        let name = match self {
            Self::Any => return Ok(addresses),
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        };
        addresses.retain(|one| one.is_ipv4() == (self == Self::Ipv4));
        if addresses.is_empty() {
            let why = format!("the host has no address of {name}, and `address_family` wants one");
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, why));
        }
        Ok(addresses)
    }
}

/// The addresses of a host name, or of an address as text, with this port, of this family. `localhost` has only
/// those of loopback.
///
/// # Errors
/// If the name has no such address, or `localhost` none of loopback.
pub async fn addresses(host: &str, port: u16, family: Family) -> io::Result<Vec<SocketAddr>> {
    family.of(local(host, tokio::net::lookup_host((host, port)).await?)?)
}

/// The same, and the thread waits for it.
///
/// # Errors
/// As there.
pub fn addresses_now(host: &str, port: u16, family: Family) -> io::Result<Vec<SocketAddr>> {
    family.of(local(host, std::net::ToSocketAddrs::to_socket_addrs(&(host, port))?)?)
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
        assert!(addresses_now("localhost", 80, Family::Any).is_ok_and(|found| !found.is_empty()));
        let one = super::addresses("127.0.0.1", 80, Family::Any).await;
        assert!(one.is_ok_and(|found| found.len() == 1));
    }

    #[test]
    fn a_family_has_its_own_addresses() {
        let both = addresses(&["127.0.0.1:8", "[::1]:8"]);
        for (family, left) in
            [(Family::Any, &both[..]), (Family::Ipv4, &both[..1]), (Family::Ipv6, &both[1..])]
        {
            assert_eq!(family.of(both.clone()).expect("an address"), left, "{family:?}");
        }
        let said = Family::Ipv6.of(both[..1].to_vec()).expect_err("only IPv4").to_string();
        assert!(said.contains("no address of IPv6"), "{said}");
    }
}
