//! How a run speaks to its server: the engine, the version of HTTP, TLS. Decided once, before anything is sent.

use std::time::Duration;

use rustls::pki_types::ServerName;
use standin_wire::{Failure, Tls, Wanted};
use standin_wire_hyper::{Config, Engine, Protocol, Security as HyperSecurity, negotiate};

use super::server::{Security, Server};
use crate::delivery::Trust;

/// How long connecting may take, with the TLS handshake.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// What the user asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The engine.
    pub engine: AskedEngine,
    /// The version of HTTP.
    pub http: AskedHttp,
    /// How many requests a connection carries at a time.
    pub streams: usize,
}

/// Which engine the user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedEngine {
    /// Any that can do what is needed, the fastest first.
    Any,
    /// Our own loop, of this kind.
    Own(Wanted),
    /// hyper.
    Hyper,
}

/// Which version of HTTP the user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedHttp {
    /// What the receiver chooses.
    Any,
    /// HTTP/1.1.
    One,
    /// HTTP/2, over plain TCP too.
    Two,
}

/// How a run speaks to its server.
#[derive(Clone, Debug)]
pub enum Wire {
    /// With our own loop: plain HTTP/1.1.
    Own(Wanted),
    /// With hyper.
    Hyper(Hyper),
}

/// What hyper needs to know.
#[derive(Clone, Debug)]
pub struct Hyper {
    pub(super) protocol: Protocol,
    pub(super) streams: usize,
    pub(super) security: Option<HyperSecurity>,
    /// Why hyper, and what it speaks.
    pub(super) reason: String,
}

/// Why there is no way to speak to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireProblem {
    /// What was asked for does not fit together. The text says what would be right.
    Asked(String),
    /// The server cannot be spoken to.
    Unreachable(String),
}

impl Wire {
    /// Decides. Over TLS the server is asked which version of HTTP it chooses, so it must be called where
    /// blocking is fine.
    ///
    /// # Errors
    /// If what was asked for does not fit together, or there is no TLS connection.
    pub fn decide(server: &Server, asked: Asked, trust: &Trust) -> Result<Self, WireProblem> {
        let plain = server.security == Security::Plain;
        if let AskedEngine::Own(_) = asked.engine {
            let cannot = match (plain, asked.http) {
                (false, _) => format!("and {} needs TLS", server.url),
                (true, AskedHttp::Two) => "and not HTTP/2".to_owned(),
                (true, _) => String::new(),
            };
            if !cannot.is_empty() {
                return Err(WireProblem::Asked(format!(
                    "io_uring and epoll speak plain HTTP/1.1, {cannot}: give --engine hyper, or none"
                )));
            }
        }
        let wire = match asked.engine {
            AskedEngine::Own(wanted) => Self::Own(wanted),
            AskedEngine::Any if plain && asked.http != AskedHttp::Two => Self::Own(Wanted::Auto),
            AskedEngine::Any | AskedEngine::Hyper => Self::Hyper(hyper(server, asked, trust)?),
        };
        if asked.streams > Engine::MOST_SLOTS {
            let most = Engine::MOST_SLOTS;
            return Err(WireProblem::Asked(format!("a thread has at most {most} streams")));
        }
        let carries_one = match &wire {
            Self::Own(_) => true,
            Self::Hyper(hyper) => hyper.protocol == Protocol::Http1,
        };
        if carries_one && asked.streams > 1 {
            return Err(WireProblem::Asked(format!(
                "--streams {} needs HTTP/2, and this is HTTP/1.1: add --http 2, or leave it out",
                asked.streams
            )));
        }
        Ok(wire)
    }

    /// The version of HTTP: `1.1` or `2`.
    pub fn http(&self) -> &'static str {
        match self {
            Self::Hyper(hyper) if hyper.protocol == Protocol::Http2 => "2",
            _ => "1.1",
        }
    }

    /// How many requests a connection carries at a time.
    pub fn streams(&self) -> usize {
        match self {
            Self::Own(_) => 1,
            Self::Hyper(hyper) => hyper.streams,
        }
    }

    /// The most connections of one thread.
    pub fn most_connections(&self) -> usize {
        match self {
            Self::Own(_) => standin_wire::Config::MOST_CONNECTIONS,
            Self::Hyper(hyper) => Engine::MOST_SLOTS / hyper.streams.max(1),
        }
    }
}

fn hyper(server: &Server, asked: Asked, trust: &Trust) -> Result<Hyper, WireProblem> {
    let streams = asked.streams;
    let shown = |protocol| match protocol {
        Protocol::Http1 => "HTTP/1.1",
        Protocol::Http2 => "HTTP/2",
    };
    if server.security == Security::Plain {
        let (protocol, why) = match asked.http {
            AskedHttp::Two => (Protocol::Http2, "--http 2"),
            AskedHttp::Any | AskedHttp::One => (Protocol::Http1, "--engine hyper"),
        };
        let reason = format!("{} without TLS, asked for with {why}", shown(protocol));
        return Ok(Hyper { protocol, streams, security: None, reason });
    }
    let offered: &[Protocol] = match asked.http {
        AskedHttp::Any => &[Protocol::Http2, Protocol::Http1],
        AskedHttp::One => &[Protocol::Http1],
        AskedHttp::Two => &[Protocol::Http2],
    };
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| WireProblem::Asked(format!("`{}` cannot be in a certificate", server.host)))?;
    let tls = trust
        .tls()
        .map_err(|error| WireProblem::Asked(format!("the certificates cannot be read: {error}")))?;
    let security = Some(HyperSecurity { name, config: tls });
    let config = Config {
        security: security.clone(),
        connect_timeout: CONNECT_WITHIN,
        ..Config::new(server.address)
    };
    let protocol = negotiate(&config, offered).map_err(|failure| {
        WireProblem::Unreachable(match mend(failure) {
            Some(mend) => format!("{failure}; {mend}"),
            None => failure.to_string(),
        })
    })?;
    let why = match asked.http {
        AskedHttp::Any => "the receiver's choice",
        AskedHttp::One => "asked for with --http 1",
        AskedHttp::Two => "asked for with --http 2",
    };
    let reason = format!("{} over TLS, {why}", shown(protocol));
    Ok(Hyper { protocol, streams, security, reason })
}

/// What would mend a failure to connect.
fn mend(failure: Failure) -> Option<&'static str> {
    let Failure::Tls(why) = failure else { return None };
    Some(match why {
        Tls::UnknownIssuer | Tls::Certificate => {
            "name the authority that issued it: `ca_file: FILE` under `receiver` in standin.yaml"
        }
        Tls::WrongName => "write the name that it is for into `receiver.url`",
        Tls::Expired => "renew it, or set the clock",
        Tls::NotTls => "write http:// instead of https://",
        Tls::NoProtocol => "leave --http out, so that the receiver chooses",
        Tls::Refused => "it may want a certificate of the client, or another version of TLS",
        Tls::Closed | Tls::Stalled | Tls::Broken => return None,
    })
}
