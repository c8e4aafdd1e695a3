//! The one server that a load is put on.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use url::Url;

use super::{LoadProblem, VendorTraffic};
use crate::delivery::resolve::{Family, addresses_now};
use crate::policy;

/// How long an address may take to show that it listens.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its scheme, host and port, as a URL.
    pub url: String,
    /// Its name, or its address as text.
    pub host: String,
    /// Where it is.
    pub address: SocketAddr,
    /// What is spoken before HTTP.
    pub security: Security,
}

/// What is spoken before HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing.
    Plain,
    /// TLS.
    Tls,
}

impl Server {
    /// The server that all these vendors send to, at an address of this family.
    ///
    /// # Errors
    /// If they send to several, or it has no address.
    pub fn of(vendors: &[VendorTraffic<'_>], family: Family) -> Result<Self, LoadProblem> {
        let mut found: Option<(Url, String)> = None;
        for address in vendors.iter().flat_map(|one| one.target.addresses()) {
            let url = url(&address.sent)?;
            match &found {
                Some((one, _)) if url.origin() == one.origin() => {}
                Some((_, one)) => {
                    let [one, other] = [one, &address.sent].map(|url| policy::url::shown(url, &[]));
                    return Err(LoadProblem::TwoServers { one, other });
                }
                None => found = Some((url, address.sent.clone())),
            }
        }
        let (url, text) = found.ok_or(LoadProblem::NoVendor)?;
        let not_http = || LoadProblem::NotHttp(text.clone());
        let host = url.host_str().ok_or_else(not_http)?.trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().ok_or_else(not_http)?;
        let security = match url.scheme() {
            "https" => Security::Tls,
            _ => Security::Plain,
        };
        let address = address(&host, port, family)?;
        Ok(Self { url: url[..url::Position::BeforePath].to_owned(), host, address, security })
    }
}

/// Reads a URL of HTTP.
pub fn url(text: &str) -> Result<Url, LoadProblem> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| LoadProblem::NotHttp(text.to_owned()))
}

/// The address of a host. A name can have several, such as `localhost` in IPv6 and IPv4: the first that listens
/// counts.
fn address(host: &str, port: u16, family: Family) -> Result<SocketAddr, LoadProblem> {
    let none = |why: String| LoadProblem::NoAddress { host: host.to_owned(), why };
    let found = addresses_now(host, port, family).map_err(|error| none(error.to_string()))?;
    let listens = |one: &&SocketAddr| TcpStream::connect_timeout(one, CONNECT_WITHIN).is_ok();
    let one = found.iter().find(listens).or(found.first()).copied();
    one.ok_or_else(|| none("the name has none".to_owned()))
}
